"""The parameters of an operation, as data for the runtime and as text for people."""

from __future__ import annotations

from collections.abc import Sequence

from codegen.model import Parameter

from .escapes import clean, in_pod, literal, words
from .layout import block, quoted_words
from .names import simple_snake


def parameter_list(parameters: Sequence[Parameter], names: Sequence[str], indent: int) -> str:
    """The list that tells the runtime of the parameters, with the arguments' names of them."""
    entries = []
    for parameter, name in zip(parameters, names, strict=True):
        members = _members(parameter, name, indent + 8)
        value = members[0][1]
        if len(members) > 1:
            value = block("{", members, "}", indent + 4)
        entries.append((parameter.location, value))
    return block("[", entries, "]", indent)


def _members(parameter: Parameter, name: str, indent: int) -> list[tuple[str, str]]:
    """The members of the description of a parameter; the first is its name."""
    kind = parameter.type.kind
    if kind == "model" or (kind == "object" and parameter.location == "field"):
        kind = "map"
    items = [("name", str(literal(str(parameter.name))))]
    if name != simple_snake(parameter.name):
        items.append(("as", str(literal(name))))
    if kind != "string":
        items.append(("type", str(literal(kind))))
    if parameter.required and parameter.location != "path":
        items.append(("required", "1"))
    if parameter.choices:
        found = words(parameter.choices)
        text = quoted_words(found, indent) if found else str(literal(list(parameter.choices)))
        items.append(("choices", text))
    if parameter.minimum is not None:
        items.append(("minimum", str(literal(parameter.minimum))))
    if parameter.maximum is not None:
        items.append(("maximum", str(literal(parameter.maximum))))
    if parameter.text_values:
        items.append(("text_values", "1"))
    if parameter.send_default and parameter.default is not None:
        items.append(("default", str(literal(parameter.default))))
    return items


_KINDS = {
    "string": "text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "a boolean",
    "datetime": "a moment",
    "binary": "bytes",
    "list": "a list",
    "map": "a hash of names and values",
    "model": "a hash of names and values",
    "object": "a hash",
    "any": "anything that JSON can hold",
}


def described(parameter: Parameter, reference: str | None, required: bool) -> str:
    """What an argument is for: its type, bounds and default, as POD."""
    kind = _KINDS[parameter.type.kind]
    if parameter.type.kind == "list" and parameter.type.item is not None:
        item = _KINDS[parameter.type.item.kind].removeprefix("a ").removeprefix("whole ")
        kind = (
            "a list of texts"
            if item == "text"
            else f"a list: {_KINDS[parameter.type.item.kind]} each"
        )
    if reference is not None:
        kind += f", or the L<{reference}> itself"
    if required:
        kind += "; required"
    text = clean(parameter.description)
    if text and text[-1] not in ".!?":
        text += "."
    if parameter.choices:
        text += f" One of: {', '.join(str(choice) for choice in parameter.choices)}."
    if parameter.default not in (None, ""):
        text += f" The server's default: {parameter.default}."
    low, high = parameter.minimum, parameter.maximum
    if low is not None and high is not None:
        text += f" From {literal(low)} to {literal(high)}."
    elif low is not None:
        text += f" At least {literal(low)}."
    elif high is not None:
        text += f" At most {literal(high)}."
    return f"({kind}) {in_pod(text)}".rstrip()
