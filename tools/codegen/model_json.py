"""The model's canonical JSON form.

Keys are sorted, members that have their default are left out, and the text is the same for the same
model, byte for byte.  Reading checks everything, since people may edit such a file.
"""

from __future__ import annotations

import dataclasses
import json
import types
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Union, get_args, get_origin, get_type_hints

from .model import MODEL_VERSION, Api
from .problems import Problems, ProblemsFound, Text, quoted, step
from .text import DocText

if TYPE_CHECKING:
    from .source import Document


def serialize(api: Api) -> str:
    """Return the model as JSON text, ending in a newline."""
    value = {"model_version": MODEL_VERSION, "api": plain(api)}
    return json.dumps(value, sort_keys=True, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


_fields: dict[type, list[tuple[str, Any]]] = {}


def plain(value: Any) -> Any:
    """Return a value of the model, or of what readers make, as JSON has it: without its defaults."""
    if isinstance(value, str) or value is None or isinstance(value, (bool, int, float)):
        return value
    if isinstance(value, tuple):
        return [plain(item) for item in value]
    cls = type(value)
    fields = _fields.get(cls)
    if fields is None:
        if not dataclasses.is_dataclass(cls):
            return value  # a JSON value
        fields = _fields[cls] = [(field.name, field.default) for field in dataclasses.fields(cls)]
    result = {}
    for name, default in fields:
        item = getattr(value, name)
        if item is not default and not (item == default and type(item) is type(default)):
            result[name] = plain(item)
    return result


def deserialize(document: Document, problems: Problems) -> Api:
    """Return the model in ``document``; what does not fit is a problem, and ends the run."""
    data = document.data
    if not isinstance(data, dict) or "model_version" not in data:
        problems.error(document, "", "this is not a model (it has no model_version)")
        raise ProblemsFound
    if data["model_version"] != MODEL_VERSION:
        problems.error(
            document,
            "/model_version",
            f"the model's version is {quoted(data['model_version'])}; "
            f"this generator reads version {MODEL_VERSION}",
        )
        raise ProblemsFound
    try:
        api: Api = _decoder(Api)(_Context(document, problems), data.get("api"), "/api")
    except RecursionError:
        problems.error(document, "", "the model is nested too deeply")
        raise ProblemsFound from None
    problems.check()
    return api


class _Context:
    def __init__(self, document: Text, problems: Problems) -> None:
        self.document = document
        self.problems = problems

    def refuse(self, pointer: str, wanted: str, value: Any) -> None:
        self.problems.error(self.document, pointer, f"this must be {wanted}, not {quoted(value)}")
        raise ProblemsFound

    def text(self, pointer: str, value: str) -> str:
        if not value.isascii():
            try:
                value.encode("utf-8")
            except UnicodeEncodeError:
                self.refuse(pointer, "valid Unicode", ascii(value))
        return value


# How messages name the scalars of the model, and what they are in JSON.
_SCALARS: dict[Any, tuple[str, tuple[type, ...]]] = {
    DocText: ("a text", (str,)),
    str: ("a text", (str,)),
    bool: ("true or false", (bool,)),
    int: ("a whole number", (int,)),
    float: ("a number", (int, float)),
}

_Decoder = Callable[[_Context, Any, str], Any]
_decoders: dict[Any, _Decoder] = {}


def _decoder(hint: Any) -> _Decoder:
    """Return the function that reads a value of the type ``hint``."""
    found = _decoders.get(hint)
    if found is None:
        # A class may hold itself (Type.item): what is asked for meanwhile is looked up later.
        _decoders[hint] = lambda context, value, pointer: _decoders[hint](context, value, pointer)
        found = _decoders[hint] = _make_decoder(hint)
    return found


def _make_decoder(hint: Any) -> _Decoder:
    if dataclasses.is_dataclass(hint) and isinstance(hint, type):
        return _class_decoder(hint)
    origin = get_origin(hint)
    if origin is Union or origin is types.UnionType:
        inner = _decoder(next(arg for arg in get_args(hint) if arg is not type(None)))
        return lambda context, value, pointer: (
            None if value is None else inner(context, value, pointer)
        )
    if origin is tuple:
        item = _decoder(get_args(hint)[0])

        def decode_tuple(context: _Context, value: Any, pointer: str) -> Any:
            if not isinstance(value, list):
                context.refuse(pointer, "a list", value)
            return tuple(
                item(context, element, step(pointer, index)) for index, element in enumerate(value)
            )

        return decode_tuple
    if hint is Any:
        return _decode_any
    wanted, kinds = _SCALARS[hint]

    def decode_scalar(context: _Context, value: Any, pointer: str) -> Any:
        if not isinstance(value, kinds) or (isinstance(value, bool) and hint is not bool):
            context.refuse(pointer, wanted, value)
        if isinstance(value, str):
            value = context.text(pointer, value)
        return DocText(value) if hint is DocText else value

    return decode_scalar


def _decode_any(context: _Context, value: Any, pointer: str) -> Any:
    """Return a JSON value that a document supplied, its texts ``DocText`` at every depth."""
    if isinstance(value, str):
        return DocText(context.text(pointer, value))
    if isinstance(value, list):
        return [
            _decode_any(context, item, step(pointer, index)) for index, item in enumerate(value)
        ]
    if isinstance(value, dict):
        return {
            DocText(key): _decode_any(context, item, step(pointer, key))
            for key, item in value.items()
        }
    return value


def _class_decoder(cls: type) -> _Decoder:
    hints = get_type_hints(cls)
    fields = {field.name: _decoder(hints[field.name]) for field in dataclasses.fields(cls)}
    required = [
        field.name
        for field in dataclasses.fields(cls)
        if field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING
    ]

    def decode(context: _Context, value: Any, pointer: str) -> Any | None:
        if not isinstance(value, dict):
            context.refuse(pointer, "an object", value)
        arguments = {}
        for key, item in value.items():
            field = fields.get(key)
            if field is None:
                context.refuse(step(pointer, key), f"a member of {cls.__name__}", key)
            else:
                arguments[key] = field(context, item, step(pointer, key))
        for name in required:
            if name not in arguments:
                context.refuse(
                    pointer, f"a {cls.__name__} with the member {name}", sorted(arguments)
                )
        return cls(**arguments)

    return decode
