"""The parameters of an operation, as data for the runtime and as text for people."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from codegen.model import Operation, Parameter, Type
from codegen.text import Code

from .escapes import clean, literal
from .layout import fit

#: How a body travels -> the function of the runtime that writes it.
BODIES = {"form": "form", "multipart": "multipart", "binary": "content"}

#: Function -> its file.
BODY_FILES = {"form": "form", "multipart": "multipart", "content": "content"}

#: The same for the styles of parameters.
STYLES = {style: style for style in ("comma", "repeat", "space", "pipe", "deep", "json")}

_IN_BODY = ("field", "body")

#: The types of a list's items that the runtime must know: all others are texts.
_ITEMS = frozenset(
    ("integer", "number", "boolean", "datetime", "base64", "binary", "any", "object", "list")
)


def parameter_list(
    head: str,
    operation: Operation,
    names: Sequence[str],
    indent: int,
    objects: Collection[str] = (),
) -> Code:
    """``head``, and the list (with its comma) that tells the runtime of the operation's parameters,
    with the options' names of them; ``objects`` are the models whose instances have operations."""
    entries = []
    for parameter, name in zip(operation.parameters, names, strict=True):
        members = _members(operation, parameter, name, indent + 4, objects)
        # The comma behind it counts.
        entries.append(Code(fit("{", members, "},", indent + 2, room=" ")[:-1]))
    # Formatters put lists of several objects over several lines.
    return fit(f"{head}[", entries, "],", indent, split=len(entries) > 1)


def runtime_names(operation: Operation) -> set[str]:
    """What of the runtime the description of an operation names."""
    names = {style_of(operation, parameter) for parameter in operation.parameters} - {""}
    if operation.body in BODIES:
        names.add(BODIES[operation.body])
    return names


def moves_files(operation: Operation) -> bool:
    """Whether an operation moves what takes its time: a binary result, or a file that is sent."""
    return operation.result.kind == "binary" or any(
        operation.body == "multipart"
        and parameter.location == "field"
        and (parameter.type.item or parameter.type).kind == "binary"
        for parameter in operation.parameters
    )


def options_base(operation: Operation) -> str:
    """The options that an operation has beside its own."""
    return "TransferOptions" if moves_files(operation) else "CallOptions"


def takes_null(operation: Operation, parameter: Parameter) -> bool:
    """Whether a null can be told from nothing: JSON has one."""
    return operation.body == "json" and parameter.location in _IN_BODY and parameter.type.nullable


def style_of(operation: Operation, parameter: Parameter) -> str:
    """What of the runtime writes a list or a map outside of JSON; empty for the usual."""
    if parameter.type.kind not in ("list", "map", "model", "object", "any"):
        return ""
    in_json = operation.body == "json" and parameter.location == "field"
    return "" if in_json or parameter.location == "body" else STYLES.get(parameter.style, "")


def _kind(operation: Operation, parameter: Parameter, type_: Type) -> str:
    """What the runtime calls a type."""
    if type_.kind == "model" or (type_.kind == "object" and parameter.location != "body"):
        return "map"
    if type_.kind == "binary":
        as_it_is = operation.body in ("multipart", "binary") and parameter.location in _IN_BODY
        return "binary" if as_it_is else "base64"
    return "base64" if type_.format == "base64" else type_.kind


def _item(operation: Operation, parameter: Parameter, objects: Collection[str]) -> str:
    """What the runtime must know of a list's items; empty for nothing."""
    type_ = parameter.type.item
    if type_ is None or parameter.type.kind != "list":
        return ""
    kind = _kind(operation, parameter, type_)
    if kind == "map":
        # An object stands for its id, but where it is itself what is wanted.
        whole = "map" if type_.name in objects else ""
        return "any" if type_.nullable else whole
    if type_.nullable or kind in ("object", "list"):
        return "any"
    return kind if kind in _ITEMS else ""


def _is_whole(type_: Type, objects: Collection[str]) -> bool:
    """Whether an object may itself be what is wanted, among other types."""
    inner = type_.item or type_
    types = inner.one_of.types if inner.one_of is not None else ()
    return any(each.name in objects for each in types)


def _members(
    operation: Operation, parameter: Parameter, name: str, indent: int, objects: Collection[str]
) -> list[Code]:
    """The members of an entry of the list of parameters."""
    kind = _kind(operation, parameter, parameter.type)
    items = [f"name: {literal(str(parameter.name))}"]
    if name != parameter.name:
        items.append(f"as: {literal(name)}")
    items.append(f"in: {literal(parameter.location)}")
    if kind != "string":
        items.append(f"type: {literal(kind)}")
    item = _item(operation, parameter, objects)
    if item:
        items.append(f"item: {literal(item)}")
    if parameter.location != "body" and _is_whole(parameter.type, objects):
        items.append("whole: true")
    if parameter.required or parameter.location == "path":
        items.append("required: true")
    if parameter.choices:
        choices = [literal(choice) for choice in parameter.choices]
        # The comma behind it counts.
        items.append(str(fit("choices: [", choices, "],", indent))[:-1])
    if parameter.minimum is not None:
        items.append(f"minimum: {literal(parameter.minimum)}")
    if parameter.maximum is not None:
        items.append(f"maximum: {literal(parameter.maximum)}")
    if parameter.text_values:
        items.append("textValues: true")
    if parameter.send_default and parameter.default is not None:
        items.append(f"default: {literal(parameter.default)}")
    if takes_null(operation, parameter):
        items.append("nullable: true")
    if parameter.pattern and kind == "string":
        items.append(f"pattern: {literal(str(parameter.pattern))}")
    if parameter.own:
        items.append(f"own: {literal(parameter.own)}")
    style = style_of(operation, parameter)
    if style:
        items.append(f"style: {style}")
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
