"""Compare the structure of two API documents in Swagger 1.1, and finds the prose in them.

Structure is everything but prose.  A difference is reported by the JSON pointer of its place, so
that a report can be worked through from top to bottom.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

#: Keys whose values are for people.  ``descriptioni`` is a slip in Asterisk's own documents,
#: and ``basePath`` is the address of whichever server the document was written for.
PROSE = frozenset(
    {
        "description",
        "descriptioni",
        "summary",
        "notes",
        "reason",
        "_copyright",
        "_author",
        "_svn_revision",
        "__note",
        "basePath",
    }
)

#: Keys that mean ``false`` where they are absent.
FALSE_IF_ABSENT = frozenset({"required", "allowMultiple"})

#: Keys whose value maps names, which the author chose, to objects.  A name is never a keyword:
#: the model Module, for one, has a property called ``description``.
NAMED = frozenset({"models", "properties"})

#: What identifies an element of a list of objects, by the list's key.
IDENTITY = {
    "apis": ("path",),
    "operations": ("httpMethod", "nickname"),
    "parameters": ("name",),
    "errorResponses": ("code",),
}


@dataclass(frozen=True)
class Difference:
    """A place where two documents differ, and how."""

    pointer: str
    what: str

    def __str__(self) -> str:
        return f"{self.pointer or '(document)'}: {self.what}"


@dataclass(frozen=True)
class Text:
    """A piece of prose and where it stands."""

    pointer: str
    key: str
    text: Any


def read(path: Path) -> Any:
    """Return the JSON value in a file; a member that is given twice is an error."""

    def members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        result = dict(pairs)
        if len(result) != len(pairs):
            names = [name for name, _ in pairs]
            twice = sorted({name for name in names if names.count(name) > 1})
            raise ValueError(f"{path.name}: given twice: {', '.join(twice)}")
        return result

    return json.loads(path.read_text(encoding="utf-8"), object_pairs_hook=members)


def differences(ours: Any, theirs: Any) -> list[Difference]:
    """Return every difference in structure.

    Pointers lead into ``ours``, or, where something is missing there, to where it should be.
    """
    return list(_compare(ours, theirs, "", ""))


def texts(document: Any) -> list[Text]:
    """Return all prose in a document, with the pointer of each piece."""
    return list(_texts(document, "", ""))


def gaps(document: Any) -> list[str]:
    """Return the pointers of the texts that a document should have and lacks."""
    result: list[str] = []

    def need(holder: Any, key: str, pointer: str) -> None:
        text = holder.get(key)
        if not isinstance(text, str) or not text.strip():
            result.append(_child(pointer, key))

    for a, api in enumerate(document.get("apis", [])):
        at_api = f"/apis/{a}"
        need(api, "description", at_api)
        for o, operation in enumerate(api.get("operations", [])):
            at_operation = f"{at_api}/operations/{o}"
            need(operation, "summary", at_operation)
            for p, parameter in enumerate(operation.get("parameters", [])):
                need(parameter, "description", f"{at_operation}/parameters/{p}")
            for e, error in enumerate(operation.get("errorResponses", [])):
                need(error, "reason", f"{at_operation}/errorResponses/{e}")
    for name, model in document.get("models", {}).items():
        at_model = _child("/models", name)
        need(model, "description", at_model)
        for property_name, value in model["properties"].items():
            need(value, "description", _child(at_model + "/properties", property_name))
    return result


def words(text: str) -> list[str]:
    """Return the words of a text in lower case, so that punctuation makes no difference."""
    return re.findall(r"[a-z0-9_']+", text.lower())


def shared_runs(ours: list[Text], theirs: list[Text], length: int) -> list[str]:
    """Return a line for each text of ours that shares ``length`` words in a row with theirs."""
    known = {run for text in theirs for run in _runs(text.text, length)}
    return [
        f"{text.pointer}: {' '.join(run)}"
        for text in ours
        for run in _runs(text.text, length)
        if run in known
    ]


def same_texts(ours: list[Text], theirs: list[Text]) -> list[str]:
    """Return a line for each text of ours that has the very words of one of theirs."""
    known = {tuple(words(text.text)) for text in theirs}
    return [f"{text.pointer}: {text.text}" for text in ours if tuple(words(text.text)) in known]


def _runs(text: str, length: int) -> Iterator[tuple[str, ...]]:
    all_words = words(text)
    for start in range(len(all_words) - length + 1):
        yield tuple(all_words[start : start + length])


def _child(pointer: str, key: str | int) -> str:
    return f"{pointer}/{str(key).replace('~', '~0').replace('/', '~1')}"


def _shown(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 100 else text[:97] + "..."


def _compare(ours: Any, theirs: Any, pointer: str, key: str) -> Iterator[Difference]:
    if isinstance(ours, dict) and isinstance(theirs, dict):
        if key in NAMED:
            yield from _compare_named(ours, theirs, pointer)
        else:
            yield from _compare_members(ours, theirs, pointer)
    elif isinstance(ours, list) and isinstance(theirs, list):
        if key in IDENTITY and all(isinstance(item, dict) for item in ours + theirs):
            yield from _compare_identified(ours, theirs, pointer, IDENTITY[key])
        else:
            yield from _compare_positions(ours, theirs, pointer)
    else:
        if key == "code":
            ours, theirs = _code(ours), _code(theirs)
        # True equals 1 in Python, and must not here.
        if type(ours) is not type(theirs) or ours != theirs:
            yield Difference(pointer, f"is {_shown(ours)}, not {_shown(theirs)}")


def _code(value: Any) -> Any:
    """Return an error code as a number, though it may be written as text."""
    return int(value) if isinstance(value, str) and value.isdecimal() else value


def _compare_members(
    ours: dict[str, Any], theirs: dict[str, Any], pointer: str
) -> Iterator[Difference]:
    """Compare two objects whose keys are keywords; the order of keywords means nothing."""
    for key in dict.fromkeys([*ours, *theirs]):
        if key in PROSE:
            continue
        at = _child(pointer, key)
        if key in FALSE_IF_ABSENT:
            yield from _compare(ours.get(key, False), theirs.get(key, False), at, key)
        elif key not in theirs:
            yield Difference(at, f"is {_shown(ours[key])}, where there should be nothing")
        elif key not in ours:
            yield Difference(at, f"is missing: {_shown(theirs[key])}")
        else:
            yield from _compare(ours[key], theirs[key], at, key)


def _compare_named(
    ours: dict[str, Any], theirs: dict[str, Any], pointer: str
) -> Iterator[Difference]:
    """Compare two objects whose keys are names: models and properties have an order."""
    yield from _compare_names(list(ours), list(theirs), pointer, by_name=True)
    for name, value in ours.items():
        if name in theirs:
            yield from _compare(value, theirs[name], _child(pointer, name), "")


def _compare_identified(
    ours: list[Any], theirs: list[Any], pointer: str, identity: tuple[str, ...]
) -> Iterator[Difference]:
    """Compare two lists of objects by what identifies each.

    So one that is missing does not make all that follow differ.
    """

    def name(item: dict[str, Any]) -> str:
        return " ".join(str(_code(item.get(key))) for key in identity)

    our_names, their_names = [name(item) for item in ours], [name(item) for item in theirs]
    if len({*our_names}) < len(our_names) or len({*their_names}) < len(their_names):
        yield from _compare_positions(ours, theirs, pointer)
        return
    yield from _compare_names(our_names, their_names, pointer, by_name=False)
    for place, each in enumerate(our_names):
        if each in their_names:
            at = _child(pointer, place)
            yield from _compare(ours[place], theirs[their_names.index(each)], at, "")


def _compare_names(
    ours: list[str], theirs: list[str], pointer: str, *, by_name: bool
) -> Iterator[Difference]:
    """Compare which names there are and in which order.

    Pointers lead to them by name in an object, by position in a list.
    """

    def at(names: list[str], name: str) -> str:
        return _child(pointer, name if by_name else names.index(name))

    for name in ours:
        if name not in theirs:
            yield Difference(at(ours, name), f"{name} should not be there")
    for name in theirs:
        if name not in ours:
            yield Difference(at(theirs, name), f"{name} is missing")
    our_order = [name for name in ours if name in theirs]
    their_order = [name for name in theirs if name in ours]
    for name, expected in zip(our_order, their_order, strict=True):
        if name != expected:
            # What follows the first one is out of order because of it.
            yield Difference(at(ours, name), f"{name} is out of order: {expected} comes first")
            break


def _compare_positions(ours: list[Any], theirs: list[Any], pointer: str) -> Iterator[Difference]:
    for place in range(max(len(ours), len(theirs))):
        at = _child(pointer, place)
        if place >= len(theirs):
            yield Difference(at, f"is {_shown(ours[place])}, where there should be nothing")
        elif place >= len(ours):
            yield Difference(at, f"is missing: {_shown(theirs[place])}")
        else:
            yield from _compare(ours[place], theirs[place], at, "")


def _texts(value: Any, pointer: str, key: str) -> Iterator[Text]:
    if isinstance(value, dict):
        for name, member in value.items():
            at = _child(pointer, name)
            if key not in NAMED and name in PROSE:
                yield Text(at, name, member)
            else:
                # A name must not be taken for a keyword, nor what stands below it for a map.
                yield from _texts(member, at, "" if key in NAMED else name)
    elif isinstance(value, list):
        for place, item in enumerate(value):
            yield from _texts(item, _child(pointer, place), "")
