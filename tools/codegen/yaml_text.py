"""YAML, read as JSON: what a description in YAML means, and the lines of its parts.

Descriptions are meant to have the meaning of JSON (YAML 1.2, core schema): ``no`` and
``2024-01-01`` are texts, keys are texts as they are written.  The parser is PyYAML's with libyaml, whose own
notion of values is YAML 1.1; here only its events are used.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from .problems import step

if TYPE_CHECKING:
    from collections.abc import Iterator

#: The deepest nesting, as of JSON.
_MAX_DEPTH = 900

#: Aliases may repeat so much of a document, at most, before they count as a trap.
_MAX_EXPANSION = 10

_INTEGER = re.compile(r"[-+]?[0-9]+\Z")
_OTHER_INTEGER = re.compile(r"0o[0-7]+\Z|0x[0-9a-fA-F]+\Z")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?\Z")
_WORDS: dict[str, Any] = {
    "": None,
    "~": None,
    "null": None,
    "Null": None,
    "NULL": None,
    "true": True,
    "True": True,
    "TRUE": True,
    "false": False,
    "False": False,
    "FALSE": False,
}
_NOT_IN_JSON = frozenset(
    sign + word
    for word in (".inf", ".Inf", ".INF", ".nan", ".NaN", ".NAN")
    for sign in ("", "-", "+")
)
_FIRST_OF_NUMBER = frozenset("-+.0123456789")

_TAG = "tag:yaml.org,2002:"
_MERGE = "<<"


class YamlError(Exception):
    """The text is not YAML that can be read as JSON; ``line`` is where."""

    def __init__(self, cause: str, line: int) -> None:
        super().__init__(cause)
        self.cause = cause
        self.line = line


class Loaded:
    """A text's value, and the keys that their object has already (pointer and line)."""

    def __init__(self, data: Any, repeated: list[tuple[str, int]]) -> None:
        self.data = data
        self.repeated = repeated


class _Open:
    """A list or object that is being read."""

    __slots__ = ("anchor", "key", "merges", "pointer", "value", "weight")

    def __init__(self, value: Any, anchor: str | None, pointer: str) -> None:
        self.value = value
        self.anchor = anchor
        self.pointer = pointer
        #: The key whose value is next; None: a key is next.
        self.key: str | None = None
        self.merges: list[Any] | None = None
        #: How many values it holds, those that aliases repeat included.
        self.weight = 1


def load(text: str) -> Loaded:
    """Return the value of ``text``; what cannot be read is a ``YamlError``."""
    return _Builder(text, lines=False).run()


def lines(text: str) -> dict[str, int]:
    """Return the line of each JSON pointer in a text that ``load`` has read."""
    builder = _Builder(text, lines=True)
    builder.run()
    return builder.lines


class _Builder:
    def __init__(self, text: str, *, lines: bool) -> None:
        self._text = text
        self._with_lines = lines
        self.lines: dict[str, int] = {}
        self._repeated: list[tuple[str, int]] = []
        # Anchor -> value and weight.
        self._anchors: dict[str, tuple[Any, int]] = {}
        self._plain = 0

    def run(self) -> Loaded:
        import yaml

        # The one in C, but where PyYAML was built without it.
        parser = getattr(yaml, "CSafeLoader", yaml.SafeLoader)(self._text)
        try:
            return Loaded(self._document(_events(parser)), self._repeated)
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            line = mark.line + 1 if mark is not None else 0
            column = f" (column {mark.column + 1})" if mark is not None else ""
            cause = error.problem or error.context or "it cannot be parsed"
            raise YamlError(f"this is not YAML: {cause}{column}", line) from None
        except yaml.YAMLError as error:
            # A character that no YAML may hold.
            position = getattr(error, "position", 0)
            line = self._text.count("\n", 0, position) + 1 if isinstance(position, int) else 0
            reason = getattr(error, "reason", "") or "it cannot be parsed"
            raise YamlError(f"this is not YAML: {reason}", line) from None

    def _document(self, events: Iterator[Any]) -> Any:
        root: Any = None
        documents = 0
        stack: list[_Open] = []
        for event in events:
            kind = type(event).__name__
            if kind == "ScalarEvent":
                if stack and stack[-1].key is None and type(stack[-1].value) is dict:
                    self._key(stack[-1], event)
                    continue
                value: Any = self._scalar(event)
                weight = 1
                if event.anchor is not None:
                    self._anchors[event.anchor] = (value, 1)
            elif kind in ("MappingStartEvent", "SequenceStartEvent"):
                self._no_key_expected(stack, event)
                if len(stack) >= _MAX_DEPTH:
                    raise YamlError("the document is nested too deeply", _line(event))
                self._check_tag(event, "map" if kind == "MappingStartEvent" else "seq")
                pointer = self._pointer(stack, event)
                if event.anchor is not None:
                    # Until it is complete nothing may refer to it.
                    self._anchors.pop(event.anchor, None)
                made: Any = {} if kind == "MappingStartEvent" else []
                stack.append(_Open(made, event.anchor, pointer))
                continue
            elif kind in ("MappingEndEvent", "SequenceEndEvent"):
                done = stack.pop()
                value, weight = done.value, done.weight
                if done.merges:
                    value = _merged(value, done.merges)
                if done.anchor is not None:
                    self._anchors[done.anchor] = (value, weight)
                self._put(stack, value, weight, event, marked=True)
                if not stack:
                    root = value
                continue
            elif kind == "AliasEvent":
                self._no_key_expected(stack, event)
                if event.anchor not in self._anchors:
                    cause = "an alias refers to what it is a part of, or to nothing"
                    raise YamlError(f"{cause} (*{event.anchor})", _line(event))
                value, weight = self._anchors[event.anchor]
            elif kind == "DocumentStartEvent":
                documents += 1
                if documents > 1:
                    raise YamlError("the file holds several YAML documents", _line(event))
                continue
            else:
                continue
            self._put(stack, value, weight, event)
            if not stack:
                root = value
        return root

    def _no_key_expected(self, stack: list[_Open], event: Any) -> None:
        if stack and stack[-1].key is None and type(stack[-1].value) is dict:
            raise YamlError("a key must be a text", _line(event))

    def _key(self, at: _Open, event: Any) -> None:
        key = event.value
        if self._with_lines:
            self.lines[step(at.pointer, key)] = _line(event)
        if key in at.value and not (key == _MERGE and not event.style):
            self._repeated.append((step(at.pointer, key), _line(event)))
        if event.anchor is not None:
            self._anchors[event.anchor] = (key, 1)
        if key == _MERGE and not event.style and at.merges is None:
            at.merges = []
        at.key = key

    def _pointer(self, stack: list[_Open], event: Any) -> str:
        if not stack:
            pointer = ""
        else:
            at = stack[-1]
            pointer = step(at.pointer, at.key if at.key is not None else len(at.value))
        if self._with_lines:
            self.lines.setdefault(pointer, _line(event))
        return pointer

    def _put(
        self, stack: list[_Open], value: Any, weight: int, event: Any, marked: bool = False
    ) -> None:
        self._plain += 1
        if not stack:
            return
        at = stack[-1]
        at.weight += weight
        if weight > 1 and at.weight > 100_000 + _MAX_EXPANSION * self._plain:
            raise YamlError("the document's aliases repeat too much of it", _line(event))
        if type(at.value) is list:
            if self._with_lines and not marked:
                self.lines[step(at.pointer, len(at.value))] = _line(event)
            at.value.append(value)
        elif at.key == _MERGE and at.merges is not None and isinstance(value, (dict, list)):
            at.merges += value if isinstance(value, list) else [value]
            at.key = None
        else:
            at.value[at.key] = value
            at.key = None

    def _scalar(self, event: Any) -> Any:
        text = event.value
        tag = event.tag
        if tag is not None and tag != "!":
            return self._tagged(event, text, tag)
        if event.style or tag == "!":
            return text
        return self._plain_scalar(event, text)

    def _plain_scalar(self, event: Any, text: str) -> Any:
        if text in _WORDS:
            return _WORDS[text]
        if text[0] in _FIRST_OF_NUMBER:
            try:
                if _INTEGER.match(text):
                    return int(text)
                if _FLOAT.match(text):
                    return float(text)
                if _OTHER_INTEGER.match(text):
                    return int(text, 0)
            except ValueError:  # Python's limit on digits
                raise YamlError("the number is too long", _line(event)) from None
            if text in _NOT_IN_JSON:
                raise YamlError(f"{text} is not a JSON number", _line(event))
        return text

    def _tagged(self, event: Any, text: str, tag: str) -> Any:
        name = tag.removeprefix(_TAG) if tag.startswith(_TAG) else ""
        value = text if name == "str" else self._plain_scalar(event, text)
        fits = {
            "str": True,
            "int": type(value) is int,
            "float": type(value) in (int, float),
            "bool": type(value) is bool,
            "null": value is None,
        }
        if not fits.get(name):
            raise YamlError(f"the tag {tag} is not one of JSON's values", _line(event))
        return value

    def _check_tag(self, event: Any, usual: str) -> None:
        if event.tag is not None and event.tag not in ("!", _TAG + usual):
            raise YamlError(f"the tag {event.tag} is not one of JSON's values", _line(event))


def _events(parser: Any) -> Iterator[Any]:
    while True:
        event = parser.get_event()
        if event is None:
            return
        yield event


def _line(event: Any) -> int:
    return int(event.start_mark.line) + 1


def _merged(value: dict[str, Any], merges: list[Any]) -> dict[str, Any]:
    """The object with what it merges in (``<<``): its own keys win, then the earlier."""
    result: dict[str, Any] = {}
    for other in reversed(merges):
        if isinstance(other, dict):
            result.update(other)
    result.update(value)
    return result
