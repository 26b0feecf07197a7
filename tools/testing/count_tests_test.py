"""The closing line of a run: what counts as passed, failed and skipped."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from testing.count_tests import Counts, count_events, main

MIXED = (
    "<testsuites><testsuite>"
    '<testcase name="a"/><testcase name="b"/>'
    '<testcase name="c"><failure message="no"/></testcase>'
    '<testcase name="d"><error message="oh"/></testcase>'
    '<testcase name="e"><skipped message="none here"/></testcase>'
    "</testsuite></testsuites>"
)
GOOD = '<testsuites><testsuite><testcase name="a"/></testsuite></testsuites>'


def result(label: str, report: Path | None, shard: int = 1, attempt: int = 1) -> dict[str, Any]:
    """Make the event of one finished test action."""
    outputs = [{"name": "test.log", "uri": "file:///log"}]
    if report:
        outputs.append({"name": "test.xml", "uri": report.as_uri()})
    return {
        "id": {"testResult": {"label": label, "run": 1, "shard": shard, "attempt": attempt}},
        "testResult": {"testActionOutput": outputs},
    }


def summary(label: str, state: str) -> dict[str, Any]:
    """Make the event that closes one test target."""
    return {"id": {"testSummary": {"label": label}}, "testSummary": {"overallStatus": state}}


def built(label: str, success: bool, **facts: str) -> list[dict[str, Any]]:
    """Make the events of one target: its analysis, and the end of its build."""
    return [
        {"id": {"targetConfigured": {"label": label}}, "configured": facts},
        {
            "id": {"targetCompleted": {"label": label}},
            "completed": {"success": True} if success else {},
        },
    ]


def write(path: Path, text: str) -> Path:
    """Write a report, under a name that a URL must escape."""
    path.write_text(text)
    return path


def test_counts_every_case_of_every_shard(tmp_path: Path) -> None:
    mixed, good = write(tmp_path / "a b.xml", MIXED), write(tmp_path / "good.xml", GOOD)
    events = [result("//:t", mixed), result("//:t", good, shard=2), summary("//:t", "FAILED")]
    assert count_events(events) == Counts(3, 2, 1)


def test_only_the_last_attempt_counts(tmp_path: Path) -> None:
    mixed, good = write(tmp_path / "mixed.xml", MIXED), write(tmp_path / "good.xml", GOOD)
    events = [result("//:t", mixed), result("//:t", good, attempt=2), summary("//:t", "FLAKY")]
    assert count_events(events) == Counts(1, 0, 0)


@pytest.mark.parametrize("state", ["FAILED", "TIMEOUT", "FAILED_TO_BUILD", "NO_STATUS"])
def test_target_that_did_not_pass_is_a_failure(tmp_path: Path, state: str) -> None:
    good = write(tmp_path / "good.xml", GOOD)
    assert count_events([result("//:t", good), summary("//:t", state)]) == Counts(1, 1, 0)
    assert count_events([result("//:t", None), summary("//:t", state)]) == Counts(0, 1, 0)


def test_damaged_report_of_a_failed_target_is_a_failure(tmp_path: Path) -> None:
    report = write(tmp_path / "cut.xml", MIXED[:40])
    assert count_events([result("//:t", report), summary("//:t", "FAILED")]) == Counts(0, 1, 0)


def test_test_that_was_not_built_is_a_failure() -> None:
    events = built("//:t", success=False, testSize="SMALL") + built("//:library", success=False)
    assert count_events(events) == Counts(0, 1, 0)


def test_test_that_a_tag_kept_from_running_is_none() -> None:
    assert count_events(built("//:t", success=True, testSize="SMALL")) == Counts(0, 0, 0)


@pytest.mark.parametrize(
    ("reports", "line", "status"),
    [
        ([GOOD, GOOD], "2 passed, 0 failed, 0 skipped", 0),
        ([GOOD, MIXED], "3 passed, 2 failed, 1 skipped", 1),
        ([], "0 passed, 0 failed, 0 skipped", 1),
    ],
)
def test_prints_one_line_over_all_runs(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], reports: list[str], line: str, status: int
) -> None:
    files = []
    for number, text in enumerate(reports):
        report = write(tmp_path / f"{number}.xml", text)
        state = "PASSED" if text == GOOD else "FAILED"
        events = [result("//:t", report), summary("//:t", state)]
        file = tmp_path / f"{number}.json"
        file.write_text("".join(json.dumps(event) + "\n" for event in events))
        files.append(str(file))
    assert main(files) == status
    assert capsys.readouterr().out == line + "\n"
