"""Long lists, piece by piece: their pages, and windows of time."""

from __future__ import annotations

import calendar
import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from ..errors import IllegalInputException
from .model import Model
from .operation import Operation, Parameter
from .places import PathAccess, Windows

if TYPE_CHECKING:
    from .client import Client

_TIME = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?: ([0-9]{2}:[0-9]{2}:[0-9]{2})(?:[.,][0-9]+)?)?")
_FORMAT = "%Y-%m-%d %H:%M:%S"


def iterate(
    library: Client,
    operation: Operation[Any],
    values: Sequence[Any],
    timeout: float | None,
    items: str = "",
) -> Iterator[Any]:
    """All that a list holds, each item once.

    ``values`` are in the order of the operation's parameters; ``items`` is the attribute of the result that holds the
    list, if that is not the result itself.

    Raises:
        IllegalInputException: the times are none, or the end comes before the beginning.
    """
    access = library._access
    assert isinstance(access, PathAccess)
    places = {parameter.name: place for place, parameter in enumerate(operation.parameters)}
    windows = access.windows
    requests: Iterable[list[Any]] = [list(values)]
    if windows is not None and {windows.start, windows.end} <= places.keys():
        requests = _windows(operation, list(values), windows, places)
    paging = access.paging
    if paging is not None and not {paging.page, paging.size} <= places.keys():
        paging = None

    def pages(arguments: list[Any]) -> Iterator[Sequence[Any]]:
        if paging is None:
            yield _items(library._call(operation, arguments, timeout), items)
            return
        if arguments[places[paging.size]] is None:
            arguments[places[paging.size]] = paging.usual
        # A server may have smaller pages than it was asked for, but hardly than what is usual.
        size = arguments[places[paging.size]]
        whole = min(size, paging.usual) if isinstance(size, int) else paging.usual
        number = 1
        while True:
            arguments[places[paging.page]] = number
            page = _items(library._call(operation, arguments, timeout), items)
            yield page
            if len(page) < whole:
                return
            number += 1

    return _once(map(pages, requests))


def _items(result: Any, name: str) -> Sequence[Any]:
    found = getattr(result, name) if name else result
    return found or ()


def _once(parts: Iterable[Iterable[Sequence[Any]]]) -> Iterator[Any]:
    """The items of all pages of all parts, but none that was there in its part or the part before.

    What happens meanwhile moves items on to the next page, and windows share the second at their border."""
    before: set[bytes] = set()
    for pages in parts:
        seen: set[bytes] = set()
        for page in pages:
            for item in page:
                data = item.to_dict() if isinstance(item, Model) else item
                text = json.dumps(data, sort_keys=True, default=str)
                mark = hashlib.blake2b(text.encode(), digest_size=16).digest()
                if mark not in seen and mark not in before:
                    yield item
                seen.add(mark)
        before = seen


def _windows(
    operation: Operation[Any], values: list[Any], windows: Windows, places: dict[str, int]
) -> Iterable[list[Any]]:
    """The values of one call for each window of time, in the order of the list."""
    start, end = places[windows.start], places[windows.end]
    first = _time(operation.parameters[start], values[start])
    last = _time(operation.parameters[end], values[end])
    if first > last:
        raise IllegalInputException(
            f"{operation.parameters[start].argument} is {values[start]!r}, later than "
            f"{operation.parameters[end].argument}, {values[end]!r}"
        )
    found = []
    begin, begin_text = first, values[start]
    while True:
        over = _end_of_month(begin, windows.months - 1)
        is_last = last <= over
        call = list(values)
        call[start], call[end] = begin_text, values[end] if is_last else over.strftime(_FORMAT)
        found.append(call)
        if is_last:
            break
        # Once more from the same second: what happened within it, after it began, was not in the answer. With
        # windows of one month that would be for ever.
        begin = over + timedelta(seconds=1) if windows.months == 1 else over
        begin_text = begin.strftime(_FORMAT)
    oldest_first = windows.order not in places or values[places[windows.order]] == "asc"
    return found if oldest_first else reversed(found)


def _time(parameter: Parameter, text: Any) -> datetime:
    match = _TIME.fullmatch(text) if isinstance(text, str) else None
    try:
        if match is not None:
            return datetime.strptime(f"{match[1]} {match[2] or '00:00:00'}", _FORMAT)
    except ValueError:
        pass
    raise IllegalInputException(
        f"{parameter.argument} is {text!r}: a time such as '2026-11-22 14:30:00' is wanted"
    )


def _end_of_month(time: datetime, months: int) -> datetime:
    """The last second of the month that comes so many months later."""
    year, month = divmod(time.year * 12 + time.month - 1 + months, 12)
    days = calendar.monthrange(year, month + 1)[1]
    return datetime(year, month + 1, days) + timedelta(hours=23, minutes=59, seconds=59)
