"""Counts the tests of Bazel runs: `count_tests EVENTS.json…`, each file written by --build_event_json_file.

Prints one line, `N passed, N failed, N skipped`, over the cases in every test.xml. Exits 1 if a test failed or if no
test ran at all.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit
from xml.etree import ElementTree


@dataclass
class Counts:
    """How many tests ended in which way."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0

    def add(self, other: Counts) -> None:
        """Add another count to this one."""
        self.passed += other.passed
        self.failed += other.failed
        self.skipped += other.skipped

    def __str__(self) -> str:
        """Give the closing line."""
        return f"{self.passed} passed, {self.failed} failed, {self.skipped} skipped"


def count_report(report: Path) -> Counts:
    """Count the cases of one test.xml; one that cannot be read counts as nothing."""
    counts = Counts()
    try:
        cases = list(ElementTree.parse(report).iter("testcase"))
    except (OSError, ElementTree.ParseError):
        return counts
    for case in cases:
        outcomes = {child.tag for child in case}
        if outcomes & {"failure", "error"}:
            counts.failed += 1
        elif "skipped" in outcomes:
            counts.skipped += 1
        else:
            counts.passed += 1
    return counts


def count_events(events: Iterable[dict[str, Any]]) -> Counts:
    """Count the tests of one run by its build events.

    A target that did not pass without a failed case to show for it (it was not built, it crashed, it took too long)
    counts as one failed test.
    """
    # The last attempt of each shard's each run is the one that counts.
    reports: dict[str, dict[tuple[int, int], Path]] = {}
    states: dict[str, str] = {}
    tests: set[str] = set()
    for event in events:
        identity = event.get("id", {})
        if "testResult" in identity:
            result = identity["testResult"]
            for output in event.get("testResult", {}).get("testActionOutput", []):
                if output.get("name") == "test.xml":
                    place = (result.get("run", 1), result.get("shard", 1))
                    path = Path(unquote(urlsplit(output["uri"]).path))
                    reports.setdefault(result["label"], {})[place] = path
        elif "testSummary" in identity:
            label = identity["testSummary"]["label"]
            states[label] = event.get("testSummary", {}).get("overallStatus", "NO_STATUS")
        elif "targetConfigured" in identity and "testSize" in event.get("configured", {}):
            tests.add(identity["targetConfigured"]["label"])
        elif "targetCompleted" in identity:
            # A test that was not built has no summary; nor has one that a tag kept from running,
            # which is built all the same.
            label = identity["targetCompleted"]["label"]
            if label in tests and "success" not in event.get("completed", {}):
                states[label] = "FAILED_TO_BUILD"
    total = Counts()
    for label in sorted(states.keys() | reports.keys()):
        counts = Counts()
        for report in reports.get(label, {}).values():
            counts.add(count_report(report))
        if states.get(label) not in ("PASSED", "FLAKY") and not counts.failed:
            counts.failed = 1
        total.add(counts)
    return total


def main(arguments: list[str]) -> int:
    """Count all runs, print the line and return the exit status."""
    total = Counts()
    for name in arguments:
        lines = Path(name).read_text(encoding="utf-8").splitlines()
        total.add(count_events(json.loads(line) for line in lines))
    sys.stdout.write(f"{total}\n")
    return 0 if total.passed and not total.failed else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
