"""The parameters of an operation, as data for the runtime and as text for people."""

from __future__ import annotations

from collections.abc import Sequence

from codegen.model import Parameter
from codegen.text import Code

from .escapes import clean, literal
from .layout import fit


def parameter_list(
    head: str, parameters: Sequence[Parameter], names: Sequence[str], indent: int
) -> Code:
    """``head``, and the list (with its comma) that tells the runtime of the parameters, with the options' names of them."""
    entries = [
        fit("{", _members(parameter, name, indent + 4), "}", indent + 2, room=" ")
        for parameter, name in zip(parameters, names, strict=True)
    ]
    # Formatters put lists of several objects over several lines.
    return fit(f"{head}[", entries, "],", indent, split=len(entries) > 1)


def _members(parameter: Parameter, name: str, indent: int) -> list[Code]:
    """The members of an entry of the list of parameters."""
    kind = parameter.type.kind
    if kind == "model" or (kind == "object" and parameter.location == "field"):
        kind = "map"
    items = [f"name: {literal(str(parameter.name))}"]
    if name != parameter.name:
        items.append(f"as: {literal(name)}")
    items.append(f"in: {literal(parameter.location)}")
    if kind != "string":
        items.append(f"type: {literal(kind)}")
    if parameter.required or parameter.location == "path":
        items.append("required: true")
    if parameter.choices:
        choices = [literal(choice) for choice in parameter.choices]
        items.append(str(fit("choices: [", choices, "]", indent)))
    if parameter.minimum is not None:
        items.append(f"minimum: {literal(parameter.minimum)}")
    if parameter.maximum is not None:
        items.append(f"maximum: {literal(parameter.maximum)}")
    if parameter.text_values:
        items.append("textValues: true")
    if parameter.send_default and parameter.default is not None:
        items.append(f"default: {literal(parameter.default)}")
    return [Code(item) for item in items]


def described(parameter: Parameter) -> str:
    """What an option is for, with its default and its bounds."""
    text = str(parameter.description) or "(no description)"
    if text.rstrip()[-1:] not in ".!?":
        text += "."
    if parameter.default not in (None, ""):
        text += f" The server's default: {parameter.default}."
    low, high = parameter.minimum, parameter.maximum
    if low is not None and high is not None:
        text += f" From {literal(low)} to {literal(high)}."
    elif low is not None:
        text += f" At least {literal(low)}."
    elif high is not None:
        text += f" At most {literal(high)}."
    return clean(text)
