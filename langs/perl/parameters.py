"""The parameters of an operation, as data for the runtime and as text for people."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from codegen.model import Operation, Parameter, Type

from .escapes import clean, in_pod, literal, words
from .layout import block, quoted_words
from .names import simple_snake

#: The bodies that are not JSON.
_BODIES = ("form", "multipart", "binary")


def parameter_list(
    operation: Operation, names: Sequence[str], indent: int, filled: Collection[Parameter] = ()
) -> str:
    """The list that tells the runtime of the parameters, with the arguments' names of them.

    ``filled`` are those that the program does not give itself."""
    entries = []
    for parameter, name in zip(operation.parameters, names, strict=True):
        members = _members(operation, parameter, name, indent + 8)
        plain = simple_snake(parameter.name)
        if parameter in filled and name != plain:
            members.insert(2, ("shown", str(literal(plain))))
        value = members[0][1]
        if len(members) > 1:
            value = block("{", members, "}", indent + 4)
        entries.append((parameter.location, value))
    return block("[", entries, "]", indent)


def has_body(operation: Operation) -> bool:
    """Whether the body is written in another way than JSON."""
    return operation.body in _BODIES


def takes_null(operation: Operation, parameter: Parameter) -> bool:
    """Whether a null can be told from nothing: JSON has one."""
    in_json = not has_body(operation) and parameter.location in ("field", "body")
    return in_json and parameter.type.nullable


def parameter_style(operation: Operation, parameter: Parameter) -> str:
    """How a list, a map or a model travels outside of JSON; empty for the usual way."""
    if parameter.type.kind not in ("list", "map", "model", "object", "any"):
        return ""
    if parameter.location == "body" or (parameter.location == "field" and not has_body(operation)):
        return ""
    return parameter.style


def _travels(operation: Operation, parameter: Parameter, type_: Type) -> str:
    """What the runtime calls a type."""
    kind = type_.kind
    if kind == "model" or (kind == "object" and parameter.location == "field"):
        return "map"
    if kind == "binary":
        as_it_is = operation.body in ("multipart", "binary")
        return "binary" if as_it_is and parameter.location in ("field", "body") else "base64"
    return "base64" if type_.format == "base64" else kind


def _members(
    operation: Operation, parameter: Parameter, name: str, indent: int
) -> list[tuple[str, str]]:
    """The members of the description of a parameter; the first is its name."""
    kind = _travels(operation, parameter, parameter.type)
    items = [("name", str(literal(str(parameter.name))))]
    if name != simple_snake(parameter.name):
        items.append(("as", str(literal(name))))
    if kind != "string":
        items.append(("type", str(literal(kind))))
    if kind == "list" and parameter.type.item is not None:
        item = _travels(operation, parameter, parameter.type.item)
        if item == "list":
            item = "any"
        if item != "string":
            items.append(("item", str(literal(item))))
    style = parameter_style(operation, parameter)
    if style:
        items.append(("style", str(literal(style))))
    if takes_null(operation, parameter):
        items.append(("nullable", "1"))
    if parameter.required and parameter.location != "path":
        items.append(("required", "1"))
    if parameter.choices:
        found = words(parameter.choices)
        text = quoted_words(found, indent) if found else str(literal(list(parameter.choices)))
        items.append(("choices", text))
    if parameter.pattern and kind == "string":
        items.append(("pattern", str(literal(str(parameter.pattern)))))
    if parameter.own:
        items.append(("own", str(literal(parameter.own))))
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


def _kind_words(operation: Operation, parameter: Parameter, type_: Type) -> str:
    kind = _travels(operation, parameter, type_)
    if kind == "base64":
        return "a reference to bytes, or their base64"
    if kind == "binary" and parameter.location == "field":
        return (
            "a file: its path, a handle, a reference to bytes, or an array of name and one of these"
        )
    if kind == "binary":
        return "a text, a handle, or a reference to bytes"
    return _KINDS[type_.kind]


def described(
    operation: Operation, parameter: Parameter, reference: str | None, required: bool
) -> str:
    """What an argument is for: its type, bounds and default, as POD."""
    kind = _kind_words(operation, parameter, parameter.type)
    if parameter.type.kind == "list" and parameter.type.item is not None:
        item = _kind_words(operation, parameter, parameter.type.item)
        kind = "a list of texts" if item == "text" else f"a list: {item} each"
    if reference is not None:
        kind += f", or the L<{reference}> itself"
    if takes_null(operation, parameter):
        kind += ", or C<NULL>"
    if required:
        kind += "; required"
    if parameter.deprecated:
        kind += "; deprecated"
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
