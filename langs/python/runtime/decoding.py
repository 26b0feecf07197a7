"""What annotations do not say of a value: that its text stands for bytes, or which type it has."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, get_origin

from .model import Model, Origin, decoder_for
from .transport import Response

if TYPE_CHECKING:
    from .model import Decoder


def text(response: Response) -> str:
    """The body as text, in the character set that the server names."""
    _, _, charset = response.headers.get("content-type", "").lower().partition("charset=")
    try:
        return response.body.decode(charset.partition(";")[0].strip(' "') or "utf-8", "replace")
    except LookupError:
        return response.body.decode("utf-8", "replace")


class Base64:
    """Bytes, as base64 text."""

    @staticmethod
    def _decode_json(value: Any, origin: Origin | None) -> Any:
        if not isinstance(value, str):
            return value
        try:
            return base64.b64decode(value, validate=True)
        except (binascii.Error, ValueError):
            return value


class OneOf:
    """One of several types.

    An object's type is what the discriminator says; without one it is the only type for objects
    among them, or else the first model that has all it requires.  What fits nowhere stays the
    JSON that came.
    """

    def __init__(
        self, *types: Any, by: str | None = None, models: Mapping[str, type[Model]] | None = None
    ) -> None:
        """``by`` is the discriminator and ``models`` what its values mean."""
        self._by = by
        self._models = models or {}
        self._objects: list[tuple[Any, Decoder]] = []
        self._others: list[tuple[Any, Decoder]] = []
        for each in types:
            self._add(each)

    def _add(self, each: Any) -> None:
        is_object = _is_model(each) or dict in (each, get_origin(each))
        group = self._objects if is_object else self._others
        group.append((each, decoder_for(each)))

    def _decode_json(self, value: Any, origin: Origin | None) -> Any:
        if not isinstance(value, dict):
            for each, decode in self._others:
                if _fits(value, each):
                    return decode(value, origin)
            return value
        if self._by is not None:
            model = self._models.get(str(value.get(self._by)))
            return model.from_json(value, origin) if model is not None else value
        if len(self._objects) == 1:
            return self._objects[0][1](value, origin)
        for each, decode in self._objects:
            if _is_model(each) and all(member in value for member in each._required):
                return decode(value, origin)
        for each, decode in self._others:
            if isinstance(each, OneOf):
                return decode(value, origin)
        return value


def _is_model(each: Any) -> bool:
    return isinstance(each, type) and issubclass(each, Model)


def _fits(value: Any, each: Any) -> bool:
    """Whether a value that is no object is of a type, as JSON has it."""
    if isinstance(each, OneOf):
        return any(_fits(value, one) for one, _ in each._others)
    if each is Any:
        return True
    if isinstance(value, list):
        return list in (each, get_origin(each))
    if isinstance(value, (int, float)):  # and booleans, which are read as they are
        return each in (int, float)
    return each in (str, datetime, Base64)
