"""Times as the API writes them, and the windows in which lists are asked for."""

from __future__ import annotations

import calendar
import re
from datetime import datetime
from typing import Any

from .errors import bad_request

_FORMAT = "%Y-%m-%d %H:%M:%S"
_TIME = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2})([.,][0-9]+)?\Z")
_PARTS = re.compile(r"[0-9]{4}-[0-9]{2}(-[0-9]{2}( [0-9]{2}:[0-9]{2}:[0-9]{2})?)?\Z")


def window(query: dict[str, Any], column: str = "init_time_gmt") -> tuple[str, str, str]:
    """The window of a query, for a column: at most until the end of the month after its first."""
    start = _time("start_datetime", query["start_datetime"])
    end = _time("end_datetime", query["end_datetime"])
    if end < start:
        raise bad_request("end_datetime is before start_datetime")
    if (end.year * 12 + end.month) - (start.year * 12 + start.month) > 1:
        raise bad_request("end_datetime must not be after the month that follows start_datetime")
    return column, written(start), written(end)


def months(query: dict[str, Any]) -> tuple[str, str]:
    """The first and the last time of a query whose ends may be times, days or months, or missing."""
    start, end = query["start_datetime"], query["end_datetime"]
    for name, text in (("start_datetime", start), ("end_datetime", end)):
        if text is not None and not _PARTS.match(text):
            raise bad_request(f"{name} must be a time, a day or a month")
    first = written(_time("start_datetime", _filled(start, last=False))) if start else ""
    final = written(_time("end_datetime", _filled(end, last=True))) if end else "9"
    return first, final


def written(time: datetime) -> str:
    """A time as the API writes it."""
    # Not strftime, which leaves out the zeros before an early year on some systems.
    return time.isoformat(" ", "seconds")


def _filled(text: str, last: bool) -> str:
    if len(text) == len("2026-11"):
        year, month = int(text[:4]), int(text[5:])
        if not (1 <= month <= 12 and year):
            raise bad_request(f"{text} is no month")
        text += f"-{calendar.monthrange(year, month)[1]:02}" if last else "-01"
    if len(text) == len("2026-11-22"):
        text += " 23:59:59" if last else " 00:00:00"
    return text


def _time(name: str, text: str) -> datetime:
    parts = _TIME.match(text)
    try:
        return datetime.strptime(parts[1] if parts else "", _FORMAT)
    except ValueError:
        raise bad_request(f"{name} must be a time such as 2026-11-22 14:30:00") from None
