"""Long lists piece by piece: the windows of time that the scenarios of the realm API do not have."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from realmpy import IllegalInputException, RealmPy
from realmpy.runtime.places import PathAccess, Windows
from realmpy.runtime.transport import Request, Response, Sink


class Empty:
    """A transport whose every answer is an empty list; it notes what was asked for."""

    def __init__(self) -> None:
        self.queries: list[str] = []

    def send(self, request: Request, timeout: float, sink: Sink | None = None) -> Response:
        self.queries.append(request.query.replace("%20", " ").replace("%3A", ":"))
        return Response(200, "OK", "application/json", b"[]")

    def close(self) -> None:
        pass


def asked(months: int, start: str, end: str, **more: Any) -> list[tuple[str, str]]:
    """Beginning and end of every request."""
    transport = Empty()
    realm = RealmPy("http://pbx/api", token="t", transport=transport)
    windows = Windows("start_datetime", "end_datetime", months, "order")
    assert isinstance(realm._access, PathAccess)
    realm._access = replace(realm._access, windows=windows)
    assert list(realm.client(1).voicemail.iterate(start, end, **more)) == []
    found = []
    for query in transport.queries:
        pairs = dict(pair.split("=") for pair in query.split("&"))
        found.append((pairs["start_datetime"], pairs["end_datetime"]))
    return found


def test_windows_of_one_month_come_to_an_end() -> None:
    assert asked(1, "2026-01-15 10:00:00", "2026-03-02 00:00:00", order="asc") == [
        ("2026-01-15 10:00:00", "2026-01-31 23:59:59"),
        ("2026-02-01 00:00:00", "2026-02-28 23:59:59"),
        ("2026-03-01 00:00:00", "2026-03-02 00:00:00"),
    ]


def test_windows_over_the_turn_of_the_year() -> None:
    assert asked(3, "2027-11-30 00:00:00", "2028-02-29 23:59:59") == [
        ("2028-01-31 23:59:59", "2028-02-29 23:59:59"),
        ("2027-11-30 00:00:00", "2028-01-31 23:59:59"),
    ]


@pytest.mark.parametrize(
    "time", ["2026-02-30 00:00:00", "2026-13-01 00:00:00", "tomorrow", None, 5]
)
def test_what_is_no_time(time: Any) -> None:
    realm = RealmPy("http://pbx/api", token="t", transport=Empty())
    with pytest.raises(IllegalInputException, match="start_datetime is"):
        realm.client(1).voicemail.iterate(time, "2026-12-31 00:00:00")
