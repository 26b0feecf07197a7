"""A driver's report is checked: what it skips, or only says, has failed."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from replay import drive
from replay.drive import run_driver

#: Two scenarios: one that a bare request satisfies, one that it does not.
SCENARIOS: list[dict[str, Any]] = [
    {
        "id": f"a.json#{name}",
        "api": "ari",
        "path": "/ari",
        "operation": "asterisk.ping",
        "request": {"method": method, "target": "/ari/asterisk/ping"},
        "response": {"status": 204},
        "result": None,
    }
    for name, method in [("good", "GET"), ("bad", "POST")]
]

DRIVER = """
import base64, json, sys, time, urllib.request

def ask(what, body=None):
    with urllib.request.urlopen(f"{sys.argv[1]}/{what}", body) as answer:
        return json.load(answer)

def select(name):
    return ask("play", json.dumps({"id": name}).encode())

def request(access):
    asked = urllib.request.Request(access["url"] + "/asterisk/ping")
    token = base64.b64encode(f"{access['username']}:{access['password']}".encode()).decode()
    asked.add_header("Authorization", "Basic " + token)
    urllib.request.urlopen(asked)

def report(name, problem=None):
    print(json.dumps({"id": name, "problem": problem}), flush=True)

def play(name):
    try:
        request(select(name))
    except OSError:
        pass
    verdict = ask("verdict")
    return None if verdict["ok"] else "; ".join(verdict["differences"])

wanted = json.load(sys.stdin)
good = wanted[0]
"""


def problems(folder: Path, text: str, *, patience: float = 20.0) -> list[str | None]:
    """Run a driver that ends in this text; what is wrong with each of the two scenarios."""
    file = folder / "driver.py"
    file.write_text(DRIVER + text)
    outcomes = run_driver([sys.executable, file], SCENARIOS, patience=patience)
    assert list(outcomes) == [scenario["id"] for scenario in SCENARIOS]
    return [outcome.problem for outcome in outcomes.values()]


def test_honest_driver(tmp_path: Path) -> None:
    good, bad = problems(tmp_path, "for name in wanted: report(name, play(name))")
    assert good is None
    assert bad is not None
    assert "POST" in bad


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("pass", "not played: it was not reported"),
        ("sys.exit('no such library')", "not played: the driver ended with 1"),
        ("report(good, 'all is wrong')", "all is wrong"),
        ("report(good)", "never played"),
        ("request(select(good)); report(good)", "the verdict was never asked for"),
        ("select(good); ask('verdict'); report(good)", "against the verdict: did not come: GET"),
        ("print('hello')", "not played: the driver printed what is no report: hello"),
        ("print('[]')", "not played: the driver printed what is no report: []"),
        ("report('a.json#unknown')", "not played: reported twice, or never asked for"),
        ("time.sleep(60)", "not played: the driver said nothing for 1 seconds"),
    ],
)
def test_good_one_fails_unless_it_was_played_and_reported(
    tmp_path: Path, text: str, reason: str
) -> None:
    good, _ = problems(tmp_path, text, patience=1.0 if "sleep" in text else 20.0)
    assert good is not None
    assert reason in good


def test_what_was_reported_before_a_driver_died_counts(tmp_path: Path) -> None:
    good, bad = problems(tmp_path, "report(good, play(good)); raise ValueError('oh no')")
    assert good is None
    assert bad is not None
    assert bad.startswith("not played: the driver ended with 1")
    assert "ValueError: oh no" in bad


def test_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    scenarios, driver = tmp_path / "a.json", tmp_path / "driver.py"
    bare = [{"name": one["id"].partition("#")[2], **one} for one in SCENARIOS]
    for one in bare:
        del one["id"]
    scenarios.write_text(json.dumps({"api": "ari", "scenarios": bare}))
    driver.write_text(DRIVER + "for name in wanted: report(name, play(name))")
    given = [f"--scenarios={scenarios}", "--", sys.executable, str(driver)]
    assert drive.main(["--filter=GOOD", *given]) == 0
    assert capsys.readouterr().out == "1 of 1 scenarios are right\n"
    assert drive.main(given) == 1
    said = capsys.readouterr().out
    assert said.startswith("a.json#bad\n    ")
    assert said.endswith("1 of 2 scenarios are right\n")
    driver.write_text("raise SystemExit('no such library')")
    assert drive.main(given) == 1
    assert capsys.readouterr().out == (
        "a.json#good\na.json#bad\n2 not played: the driver ended with 1; it said:\n"
        "    no such library\n0 of 2 scenarios are right\n"
    )
