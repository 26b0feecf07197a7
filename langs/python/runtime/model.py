"""Models: typed, lenient views of the JSON that a server sent.

A generated model only declares its attributes, as annotations.  Their values are decoded from the
JSON when they are first asked for, so that an event of which a program reads one attribute
costs one attribute.
"""

from __future__ import annotations

import importlib
import sys
import types
import typing
from collections.abc import Callable, Mapping, Set
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

if TYPE_CHECKING:
    from .client import Client

    Decoder = Callable[[Any, "Origin | None"], Any]

M = TypeVar("M", bound="Model")

#: The identity of an object: its model's name and its ids.
ObjectKey = tuple[str, tuple[str, ...]]


class Origin:
    """Where a model came from: through which library, and after which event.

    Attributes:
        client: the library.
        since: the number of the newest event that was there before the call, or the event, that
            brought the model.
    """

    __slots__ = ("client", "since")

    def __init__(self, client: Client, since: int = 0) -> None:
        self.client = client
        self.since = since


class Model:
    """A structure that came from the server.

    Declared attributes read as ``None`` where the server left them out; members that the
    documents do not know are kept and can be read as ``model["member"]``.
    """

    #: Attribute name -> member name, where the two differ (``from_`` for ``from``).
    _renamed: ClassVar[Mapping[str, str]] = {}

    #: The member that names the actual model, for a model that has subtypes.
    _discriminator: ClassVar[str | None] = None

    #: What that member may say -> the model that it means, where that is not its own name.
    _mapping: ClassVar[Mapping[str, str]] = {}

    #: Attribute name -> how it is decoded, where its annotation does not say.
    _decoding: ClassVar[Mapping[str, str]] = {}

    #: The members that it cannot be without, for a model that is told from others by them.
    _required: ClassVar[Set[str]] = frozenset()

    #: The members that only the server sets.
    _read_only: ClassVar[Set[str]] = frozenset()

    _data: Mapping[str, Any]
    _origin: Origin | None

    def __init__(self, data: Mapping[str, Any], origin: Origin | None = None) -> None:
        self._data = data
        self._origin = origin

    @classmethod
    def from_json(cls: type[M], data: Mapping[str, Any], origin: Origin | None = None) -> M:
        """Make the model, or the subtype of it that the data name, from a JSON object."""
        if cls._discriminator is not None:
            actual = _subtype(cls, data.get(cls._discriminator), cls._mapping)
            return actual(data, origin)
        return cls(data, origin)

    def to_dict(self) -> dict[str, Any]:
        """The JSON object that the server sent, members unknown to the documents included."""
        return dict(self._data)

    def _to_request(self) -> dict[str, Any]:
        """What of it a program may send: all but what only the server sets."""
        data = {name: each for name, each in self._data.items() if name not in self._read_only}
        for name, (member, _) in _attributes(type(self)).items():
            if isinstance(data.get(member), (dict, list)):
                data[member] = getattr(self, name)  # of models within, too
        return data

    def __getitem__(self, member: str) -> Any:
        """The member of that name in the server's JSON, whether the documents know it or not."""
        return self._data[member]

    def __contains__(self, member: object) -> bool:
        return member in self._data

    # Hidden from type checkers, so that a misspelt attribute is found by them.
    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any:
            # Only reached for an attribute that is not yet decoded, or does not exist.
            attribute = None if name.startswith("_") else _attributes(type(self)).get(name)
            if attribute is None:
                if not name.startswith("_") and name in self._data:
                    return self._data[name]
                raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
            member, decode = attribute
            value = self._data.get(member)
            if value is not None:
                value = decode(value, self._origin)
            self.__dict__[name] = value
            return value

    def __dir__(self) -> list[str]:
        return sorted({*super().__dir__(), *_attributes(type(self))})

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Model):
            return NotImplemented
        return type(self) is type(other) and self._data == other._data

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        members = ", ".join(f"{name}={value!r}" for name, value in self._data.items())
        return f"{type(self).__name__}({members})"

    def __getstate__(self) -> dict[str, Any]:
        # A copy that travels to another process carries the data, not the connection.
        return {"_data": self._data, "_origin": None}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)


class Entity(Model):
    """An object with operations of its own: a model whose ids tell one instance from another.

    Two instances are equal if they are of one type and have the same ids, whatever else
    their snapshots say.
    """

    #: The members that hold the ids, in the order of the path's parameters.
    _id_members: ClassVar[tuple[str, ...]] = ("id",)

    @property
    def _ids(self) -> tuple[str, ...]:
        return tuple(str(self._data.get(member) or "") for member in self._id_members)

    def _id(self, member: str, *, number: bool = False) -> Any:
        value = self._data.get(member)
        return int(value) if number and isinstance(value, str) and value.isdecimal() else value

    @property
    def _key(self) -> ObjectKey:
        return (type(self).__name__, self._ids)

    @property
    def _library(self) -> Any:
        """The library that the object came from, and through which its operations run."""
        if self._origin is None:
            raise RuntimeError(
                f"this {type(self).__name__} is not attached to a library: "
                "it was made from data alone, or travelled from another process"
            )
        return self._origin.client

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Entity):
            return NotImplemented
        return type(self) is type(other) and self._ids == other._ids

    def __hash__(self) -> int:  # type: ignore[override]
        return hash(self._key)


# --- decoding -------------------------------------------------------------------------------

_attribute_tables: dict[type[Model], dict[str, tuple[str, Decoder]]] = {}
_decoders: dict[tuple[str, str], Decoder] = {}


class _Names(dict[str, Any]):
    """The names an annotation may use: a few types, and the package's models, imported when used."""

    def __init__(self, package: str) -> None:
        super().__init__(datetime=datetime, Any=Any)
        self._package = package

    def __missing__(self, name: str) -> Any:
        if name in ("Base64", "OneOf"):  # of libraries that need them
            return getattr(importlib.import_module(".decoding", __package__), name)
        models = importlib.import_module(self._package)
        try:
            return getattr(models, name)
        except AttributeError:
            # Not a model: eval goes on to the built-in types.
            raise KeyError(name) from None


def decoder_of(annotation: str, models_package: str) -> Decoder:
    """The function that decodes JSON into the type that the annotation names."""
    key = (annotation, models_package)
    decoder = _decoders.get(key)
    if decoder is None:
        decoder = decoder_for(eval(annotation, {}, _Names(models_package)))
        _decoders[key] = decoder
    return decoder


def _attributes(model: type[Model]) -> dict[str, tuple[str, Decoder]]:
    """The declared attributes of a model: name -> (member, decoder)."""
    table = _attribute_tables.get(model)
    if table is None:
        table = {}
        for cls in reversed(model.__mro__):
            if not issubclass(cls, Model) or cls in (Model, Entity):
                continue
            package = cls.__module__.rpartition(".")[0]
            for name, annotation in cls.__dict__.get("__annotations__", {}).items():
                if not name.startswith("_"):
                    member = cls._renamed.get(name, name)
                    decoding = cls._decoding.get(name, annotation)
                    table[name] = (member, decoder_of(decoding, package))
        _attribute_tables[model] = table
    return table


def _subtype(base: type[M], name: object, mapping: Mapping[str, str]) -> type[M]:
    """The model that the discriminator names, or ``base`` where the documents know none such."""
    if isinstance(name, str):
        models = sys.modules[base.__module__.rpartition(".")[0]]
        actual = getattr(models, mapping.get(name, name), None)
        if isinstance(actual, type) and issubclass(actual, base):
            return actual
    return base


def decoder_for(annotation: Any) -> Decoder:
    """The function that decodes JSON into a type."""
    if hasattr(annotation, "_decode_json"):
        return annotation._decode_json  # type: ignore[no-any-return]
    origin = typing.get_origin(annotation)
    arguments = typing.get_args(annotation)
    if origin in (types.UnionType, typing.Union):
        [one] = [argument for argument in arguments if argument is not type(None)]
        return decoder_for(one)
    if origin is list:
        return _list_decoder(decoder_for(arguments[0]))
    if origin is dict:
        return _map_decoder(decoder_for(arguments[1]))
    if annotation is datetime:
        return _decode_datetime
    if annotation is float:
        return _decode_float
    if isinstance(annotation, type) and issubclass(annotation, Model):
        return _model_decoder(annotation)
    return _as_it_is


def _as_it_is(value: Any, origin: Origin | None) -> Any:
    return value


def _decode_float(value: Any, origin: Origin | None) -> Any:
    # JSON writes whole numbers without a point; a program that declares float wants one.
    return float(value) if type(value) is int else value


def _decode_datetime(value: Any, origin: Origin | None) -> Any:
    return parse_datetime(value)


def parse_datetime(value: Any) -> Any:
    """A ``datetime`` from ISO 8601 text; what cannot be read as one is given back as it came."""
    if not isinstance(value, str):
        return value
    text = value
    # Before 3.11, fromisoformat knows neither "Z" nor an offset without a colon.
    if text.endswith(("Z", "z")):
        text = text[:-1] + "+00:00"
    elif len(text) > 5 and text[-5] in "+-" and text[-4:].isdigit():
        text = f"{text[:-2]}:{text[-2:]}"
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return value


def _list_decoder(item: Decoder) -> Decoder:
    def decode(value: Any, origin: Origin | None) -> Any:
        if not isinstance(value, list):
            return value
        return [None if element is None else item(element, origin) for element in value]

    return decode


def _map_decoder(item: Decoder) -> Decoder:
    def decode(value: Any, origin: Origin | None) -> Any:
        if not isinstance(value, dict):
            return value
        return {
            name: None if element is None else item(element, origin)
            for name, element in value.items()
        }

    return decode


def _model_decoder(model: type[Model]) -> Decoder:
    def decode(value: Any, origin: Origin | None) -> Any:
        # A server that sends something else than the documents say is not an error here: the
        # program can still look at what came.
        return model.from_json(value, origin) if isinstance(value, dict) else value

    return decode
