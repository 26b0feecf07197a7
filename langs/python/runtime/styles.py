"""How lists and maps travel outside of JSON, where the documents say more than the usual."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeAlias

from ..errors import IllegalInputException
from .operation import text_of

#: A name, the texts that are its value, and what separates these.
Pair: TypeAlias = tuple[str, Sequence[str], str]


def comma(name: str, value: Any) -> Iterable[Pair]:
    """``name=a,b``; of a map ``name=key,value``."""
    return _joined(name, value, ",")


def space(name: str, value: Any) -> Iterable[Pair]:
    """``name=a%20b``."""
    return _joined(name, value, " ")


def pipe(name: str, value: Any) -> Iterable[Pair]:
    """``name=a%7Cb``."""
    return _joined(name, value, "|")


def _joined(name: str, value: Any, mark: str) -> Iterable[Pair]:
    if isinstance(value, Mapping):
        value = [part for pair in value.items() for part in pair]
    if not isinstance(value, list):
        value = [value]
    return [(name, [_text(name, item) for item in value], mark)] if value else []


def repeat(name: str, value: Any) -> Iterable[Pair]:
    """``name=a&name=b``; of a map ``key=value``, without the parameter's own name."""
    if isinstance(value, Mapping):
        return [(key, [_text(key, item)], "") for key, item in value.items()]
    return [(name, [_text(name, item)], "") for item in _listed(value)]


def deep(name: str, value: Any) -> Iterable[Pair]:
    """``name[0]=a&name[1]=b``; of a map ``name[key]=value``."""
    return _deep(name, value)


def _deep(name: str, value: Any) -> Iterator[Pair]:
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield from _deep(f"{name}[{key}]", item)
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from _deep(f"{name}[{number}]", item)
    else:
        yield name, [_text(name, value)], ""


def as_json(name: str, value: Any) -> Iterable[Pair]:
    """``name=`` the JSON text."""
    return [(name, [text_of(value)], "")]


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _text(name: str, value: Any) -> str:
    if value is None:
        raise IllegalInputException(f"{name} is null, which only JSON can tell")
    return text_of(value)
