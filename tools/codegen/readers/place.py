"""A JSON object of a document, read key by key."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from ..problems import Problems, closest, quoted, step
from ..text import DocText

if TYPE_CHECKING:
    from collections.abc import Mapping

    from typing_extensions import Self

    from ..source import Document


class Place:
    """A JSON object of a document, read key by key; what has the wrong type is reported."""

    __slots__ = ("data", "document", "pointer", "problems")

    #: How messages call each kind of object, and the keys that it may have.
    kinds: ClassVar[Mapping[str, tuple[str, frozenset[str]]]] = {}

    def __init__(
        self, document: Document, pointer: str, data: dict[str, Any], problems: Problems
    ) -> None:
        self.document = document
        self.pointer = pointer
        self.data = data
        self.problems = problems

    def error(self, cause: str, *keys: str | int) -> None:
        """Report an error at what ``keys`` lead to."""
        self.problems.error(self.document, step(self.pointer, *keys), cause)

    def warning(self, cause: str, *keys: str | int) -> None:
        """Report a warning at what ``keys`` lead to."""
        self.problems.warning(self.document, step(self.pointer, *keys), cause)

    def check_keys(self, kind: str) -> None:
        """Report keys that ``kind`` does not have; a misspelt one is taken as it was meant."""
        words, known = self.kinds[kind]
        for key in [k for k in self.data if k not in known]:
            if key.startswith(("_", "x-")):
                continue
            meant = closest(key, known, 0.85)
            if meant and meant not in self.data:
                self.warning(
                    f"{quoted(key)} is not a key of {words}; it is taken for {meant}",
                    key,
                )
                self.data = {**self.data, meant: self.data[key]}
            else:
                self.warning(f"{quoted(key)} is not a key of {words}; it is passed over", key)

    def text(self, *keys: str, required: bool = False) -> DocText:
        """Return the text at the first of ``keys`` that is there."""
        for key in keys:
            value = self.data.get(key)
            if value is None:
                continue
            if isinstance(value, str):
                return self.doc(value, key)
            if isinstance(value, (int, float)) and not isinstance(value, bool):
                return DocText(value)
            self.error(f"{key} must be a text, not {quoted(value)}", key)
            return DocText("")
        if required:
            self.error(f"{keys[0]} is missing")
        return DocText("")

    def prose(self, key: str) -> DocText:
        """Return a description: also a list of lines, as some documents have it."""
        value = self.data.get(key)
        if isinstance(value, list) and all(isinstance(line, str) for line in value):
            return self.doc(" ".join(value), key)
        return self.text(key)

    def doc(self, value: str, *keys: str | int) -> DocText:
        """Return a text of the document as such; one that no file can hold is an error."""
        if not value.isascii():
            try:
                value.encode("utf-8")
            except UnicodeEncodeError:  # half of a surrogate pair, which no file can hold
                self.error("this text is not valid Unicode", *keys)
                return DocText("")
        return DocText(value)

    def flag(self, key: str, default: bool = False) -> bool:
        """Return the boolean at ``key``."""
        value = self.data.get(key)
        if value is None:
            return default
        if isinstance(value, bool):
            return value
        if isinstance(value, str) and value.lower() in ("true", "false"):
            self.warning(f"{key} should be true or false, not a text", key)
            return value.lower() == "true"
        self.error(f"{key} must be true or false, not {quoted(value)}", key)
        return default

    def objects(self, key: str, kind: str) -> list[Self]:
        """Return the objects of the list at ``key``."""
        value = self.data.get(key)
        if value is None:
            return []
        if not isinstance(value, list):
            self.error(f"{key} must be a list", key)
            return []
        places = []
        for index, item in enumerate(value):
            if isinstance(item, dict):
                place = type(self)(
                    self.document, step(self.pointer, key, index), item, self.problems
                )
                place.check_keys(kind)
                places.append(place)
            else:
                self.error(f"this must be an object, not {quoted(item)}", key, index)
        return places

    def texts(self, key: str) -> tuple[DocText, ...]:
        """Return the list of texts at ``key``; one text alone stands for a list of one."""
        value = self.data.get(key)
        if value is None:
            return ()
        if isinstance(value, str):
            return (self.doc(value, key),)
        if isinstance(value, list) and all(isinstance(item, str) for item in value):
            return tuple(self.doc(item, key, index) for index, item in enumerate(value))
        self.error(f"{key} must be a list of texts", key)
        return ()
