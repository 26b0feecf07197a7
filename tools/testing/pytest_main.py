"""Runs pytest as a Bazel test; `pytest_test` makes this the main program of every test.

The arguments are pytest's own: the files to run, then whatever `--test_arg` adds.
"""

from __future__ import annotations

import faulthandler
import os
import signal
import sys
from collections.abc import Generator
from pathlib import Path

import pytest

from testing.paths import repository_file


class BazelPlugin:
    """What Bazel asks of a test runner beyond what pytest does by itself."""

    def __init__(self, environment: dict[str, str]) -> None:
        """Read the shard and the rule about skipped tests from the environment."""
        self.collected = 0
        self._shards = int(environment.get("TEST_TOTAL_SHARDS", "1"))
        self._shard = int(environment.get("TEST_SHARD_INDEX", "0"))
        self._skips_fail = environment.get("ASTERISK_REQUIRED") == "1"

    def pytest_itemcollected(self) -> None:
        """Count every test that was found, before any is deselected."""
        self.collected += 1

    def pytest_collection_modifyitems(
        self, config: pytest.Config, items: list[pytest.Item]
    ) -> None:
        """Leave to this shard its share of the tests."""
        if self._shards > 1:
            config.hook.pytest_deselected(
                items=[
                    item
                    for number, item in enumerate(items)
                    if number % self._shards != self._shard
                ]
            )
            items[:] = items[self._shard :: self._shards]

    @pytest.hookimpl(wrapper=True)
    def pytest_make_collect_report(
        self,
    ) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
        """Fail a file that skips itself as a whole where nothing may be skipped."""
        report = yield
        if self._skips_fail and report.outcome == "skipped":
            report.outcome = "failed"
            report.longrepr = _refusal(report.longrepr)
        return report

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Fail a skipped test where nothing may be skipped; an expected failure is not skipped yet."""
        report = yield
        if self._skips_fail and report.outcome == "skipped":
            report.outcome = "failed"
            report.longrepr = _refusal(report.longrepr)
        return report


def _plain(path: str) -> str:
    """Write //a/b as /a/b.

    A remote worker may run a test in the folder /, from where Bazel gives every place two slashes; to pathlib these are
    more than one.
    """
    return "/" + path.lstrip("/") if path.startswith("//") else path


def _refusal(reason: object) -> str:
    # pytest gives a skip as (file, line, reason).
    text = reason[2] if isinstance(reason, tuple) else str(reason)
    return f"skipped where Asterisk is expected (ASTERISK_REQUIRED=1): {text}"


def main(arguments: list[str]) -> int:
    """Run pytest, and return the exit status that Bazel is to see."""
    # Bazel ends a test that takes too long with SIGTERM: say where it was.
    faulthandler.register(signal.SIGTERM, all_threads=True, chain=True)
    # Where it runs in the background, Ctrl-C is ignored, and Python leaves that as it is.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    sys.dont_write_bytecode = True
    for name, value in os.environ.items():
        os.environ[name] = _plain(value)
    # Of the lists of places, the one that this program's own children read.
    if "PYTHONPATH" in os.environ:
        places = os.environ["PYTHONPATH"].split(os.pathsep)
        os.environ["PYTHONPATH"] = os.pathsep.join(map(_plain, places))
    # This file's own folder is on the path as that of the main program; tests must not see it.
    sys.path[:] = [_plain(entry) for entry in sys.path if entry != os.path.dirname(__file__)]

    options = ["-c", str(repository_file("pyproject.toml")), "--rootdir", os.getcwd()]
    options += ["-p", "no:cacheprovider"]
    temporary = os.environ.get("TEST_TMPDIR")
    if temporary:
        options += ["--basetemp", os.path.join(temporary, "pytest")]
        os.environ.setdefault("HOME", temporary)
    report = os.environ.get("XML_OUTPUT_FILE")
    if report:
        name = os.environ.get("TEST_TARGET", "pytest")
        options += ["--junit-xml", report, "-o", f"junit_suite_name={name}"]
    wanted = os.environ.get("TESTBRIDGE_TEST_ONLY")
    if wanted:
        options += ["-k", wanted]
    shard_status = os.environ.get("TEST_SHARD_STATUS_FILE")
    if shard_status:
        Path(shard_status).touch()

    plugin = BazelPlugin(dict(os.environ))
    status = int(pytest.main([*options, *arguments], plugins=[plugin]))
    if status == pytest.ExitCode.NO_TESTS_COLLECTED and plugin.collected:
        # There are tests, only none that the filter or the shard asks for.
        return 0
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
