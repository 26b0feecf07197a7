"""The table tells what the drivers reported."""

from __future__ import annotations

import pytest
import table
from replay.drive import Outcome

RESULTS = {
    "one": {
        "a.json#x": Outcome("a.json#x", None),
        "a.json#y": Outcome("a.json#y", None),
        "bcd.json#z": Outcome("bcd.json#z", None),
    },
    "another": {
        "a.json#x": Outcome("a.json#x", None),
        "a.json#y": Outcome("a.json#y", "2 was expected,\n3 came"),
        "bcd.json#z": Outcome("bcd.json#z", "not played: it was not reported", played=False),
    },
}

DIFFERENT = """
a.json#y
  one: right
  another: 2 was expected,
    3 came

bcd.json#z
  one: right
  another: not played

another: 1 not played: it was not reported
"""


def test_counts_by_file_and_names_what_differs() -> None:
    counts = """\
file      scenarios  one  another
--------  ---------  ---  -------
a.json            2    2        1
bcd.json          1    1        0
all               3    3        1
"""
    assert "\n".join(table.by_file(RESULTS)) + "\n" == counts + DIFFERENT


def test_all_scenarios() -> None:
    words = """\
scenario      one     another
----------  -----  ----------
a.json#x    right       right
a.json#y    right       wrong
bcd.json#z  right  not played
"""
    assert "\n".join(table.everything(RESULTS)) + "\n" == words + DIFFERENT


def test_ends_with_1_if_anything_is_wrong(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(table, "play", lambda *_: RESULTS)
    assert table.main([]) == 1
    monkeypatch.setattr(table, "play", lambda *_: {"one": RESULTS["one"]})
    assert table.main([]) == 0
    monkeypatch.setattr(table, "play", lambda *_: {"one": {}})
    assert table.main(["--filter=nothing"]) == 2
    capsys.readouterr()


def test_every_language_has_a_column(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[list[str]] = []

    def play(languages: list[str], _: str | None, api: str) -> table.Results:
        asked.append([*languages, api])
        return RESULTS

    monkeypatch.setattr(table, "play", play)
    table.main([])
    table.main(["--language=perl", "--api=realm"])
    assert asked == [["javascript", "perl", "python", "ari"], ["perl", "realm"]]
