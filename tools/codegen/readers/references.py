"""``$ref``: from one place of a description to another, in the same document or in one beside it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from ..problems import did_you_mean, quoted, step
from .place import Place

if TYPE_CHECKING:
    from ..source import Document, Source

#: So many references to nothing get an advice; to find one takes a while.
_ADVICES = 50

#: The longest chain of references to references.
_MAX_CHAIN = 50

_INDEX = re.compile(r"0|[1-9][0-9]{0,8}\Z")


class References:
    """Follows references; each way is gone once."""

    def __init__(self, source: Source, place_class: type[Place]) -> None:
        self._source = source
        self._place_class = place_class
        # (document, text of the reference) -> the place, or why there is none (empty: it was said).
        self._found: dict[tuple[int, str], Place | str] = {}
        self._missing = 0

    def follow(self, place: Place) -> Place | None:
        """Return ``place``, or what it refers to, through any number of references; None after a problem."""
        start = place
        seen = {(id(place.document), place.pointer)}
        for _ in range(_MAX_CHAIN):
            reference = place.data.get("$ref") if isinstance(place.data, dict) else None
            if not isinstance(reference, str):
                if reference is not None:
                    place.error(f"$ref must be a text, not {quoted(reference)}", "$ref")
                    return None
                return place
            found = self._target(reference, place)
            if found is None:
                return None
            place = found
            key = (id(place.document), place.pointer)
            if key in seen:
                start.error("the reference leads back to itself", "$ref")
                return None
            seen.add(key)
        start.error("the reference leads to references without end", "$ref")
        return None

    def _target(self, reference: str, place: Place) -> Place | None:
        key = (id(place.document), reference)
        found = self._found.get(key)
        if found is None:
            found = self._found[key] = self._resolved(reference, place)
        if isinstance(found, str):
            if found:
                place.error(found, "$ref")
            return None
        return found

    def _resolved(self, reference: str, place: Place) -> Place | str:
        path, _, fragment = reference.partition("#")
        document: Document | None = place.document
        if path:
            before = self._source.problems.errors
            document = self._source.related(path, place.document, step(place.pointer, "$ref"))
            if document is None:
                return (
                    "" if self._source.problems.errors > before else "the document cannot be read"
                )
        assert document is not None
        pointer = unquote(fragment)
        if pointer and not pointer.startswith("/"):
            return f"{quoted(reference)} is not a JSON pointer: #/ and the way to a part of the document"
        return self._at(document, pointer, reference, place)

    def _at(self, document: Document, pointer: str, reference: str, place: Place) -> Place | str:
        data: Any = document.data
        here = ""
        for token in pointer.split("/")[1:]:
            key = token.replace("~1", "/").replace("~0", "~")
            if isinstance(data, dict) and key not in data and "$ref" in data:
                # A part of what is itself a reference.
                through = self.follow(self._place_class(document, here, data, place.problems))
                if through is None:
                    return "the reference leads through one that leads nowhere"
                document, here, data = through.document, through.pointer, through.data
            if isinstance(data, dict) and key in data:
                data = data[key]
            elif isinstance(data, list) and _INDEX.match(key) and int(key) < len(data):
                data = data[int(key)]
            else:
                self._missing += 1
                advised = isinstance(data, dict) and self._missing <= _ADVICES
                near = did_you_mean(key, data) if advised else ""
                where = f" in {document.name}" if document is not place.document else ""
                return f"there is no {quoted(reference)}{where}{near}"
            here = step(here, key)
        return self._place_class(document, here, data, place.problems)
