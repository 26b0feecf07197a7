"""The ways to write a body or an answer, and which of several is used."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ..text import DocText

if TYPE_CHECKING:
    from .place import Place

#: What may stand in a header as it is.
_MEDIA_TYPE = re.compile(r"[A-Za-z0-9!#$&^_.+-]+/[A-Za-z0-9!#$&^_.+*-]+\Z")


class MediaType:
    """One way to write a body or an answer: a media type, and the schema of what is written."""

    __slots__ = ("name", "place", "plain", "schema")

    def __init__(self, name: str, schema: Place | None, place: Place) -> None:
        self.name = name
        #: Without parameters such as the character set, in lower case.
        self.plain = name.partition(";")[0].strip().lower()
        self.schema = schema
        self.place = place

    @property
    def is_json(self) -> bool:
        """Whether it is JSON, under whatever name."""
        plain = self.plain
        if plain in ("*/*", "application/*"):
            return not is_file(self.schema)
        return plain.endswith(("+json", "/json"))

    @property
    def is_text(self) -> bool:
        """Whether it is a text for people or for another parser."""
        plain = self.plain
        return (
            plain.startswith("text/")
            or self.is_xml
            or plain in ("application/yaml", "application/x-yaml")
        )

    @property
    def is_xml(self) -> bool:
        """Whether it is XML."""
        return self.plain in ("application/xml", "text/xml") or self.plain.endswith("+xml")

    def header(self) -> DocText:
        """Return the type as a header takes it; empty where it leaves the choice."""
        good = _MEDIA_TYPE.match(self.plain) and "*" not in self.plain
        return DocText(self.plain if good else "")


def for_body(found: list[MediaType]) -> MediaType | None:
    """Return the best of several ways to write a body: JSON, then forms, then any other."""
    plain = [m for m in found if m.plain == "application/json"]
    json = [m for m in found if m.is_json]
    forms = [
        m for m in found if m.plain in ("multipart/form-data", "application/x-www-form-urlencoded")
    ]
    # Of several ways to write a change, the one that is an object.
    merging = [m for m in json if m.plain.endswith("merge-patch+json")]
    texts = [m for m in found if m.is_text and not m.is_xml]
    for group in (plain, merging, json, forms, texts, found):
        if group:
            return group[0]
    return None


def for_answer(found: list[MediaType]) -> MediaType:
    """Return the best of several ways to write an answer: JSON, then texts, then any other."""
    plain = [m for m in found if m.plain == "application/json"]
    json = [m for m in found if m.is_json]
    texts = [m for m in found if m.is_text and not m.is_xml and m.plain != "text/event-stream"]
    for group in (plain, json, texts):
        if group:
            return group[0]
    return found[0]


def is_file(schema: Place | None) -> bool:
    """Whether a schema is that of a file's content."""
    data = schema.data if schema is not None else None
    return isinstance(data, dict) and (data.get("format") == "binary" or data.get("type") == "file")


def covers(one: MediaType, other: MediaType) -> bool:
    """Whether nothing is lost where only ``other`` is sent or asked for."""
    if one.is_xml or one.plain == "text/html":
        return True
    mine = one.schema.data if one.schema is not None else None
    theirs = other.schema.data if other.schema is not None else None
    if one.plain.endswith("patch+json") and other.plain.endswith("patch+json"):
        return False
    return bool(mine == theirs) or mine in (None, {})
