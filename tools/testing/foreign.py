"""What tests share that run in another language's interpreter: its files, its environment, a real Asterisk."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from xml.sax.saxutils import quoteattr

from replay.asterisk import REQUIRED_VARIABLE, Asterisk, asterisk_command

#: The environment's names with this before them are places among the runfiles.
_RUNFILE = "RUNFILE_"


def located(path: str) -> Path:
    """Return the file or folder at a runfiles path, or at an absolute one."""
    if os.path.isabs(path):
        return Path(path)
    # Only Bazel puts this module on the path.
    from python.runfiles import runfiles

    files = runfiles.Create()
    found = files.Rlocation(path) if files else None
    if not found:
        raise FileNotFoundError(path)
    return Path(found)


def environment() -> dict[str, str]:
    """Give the environment of the other interpreter: this one's, with places among the runfiles made real.

    What the tests start in turn is Python of the same packages: it is PYTHON.
    """
    made = {**os.environ, "HOME": os.environ["TEST_TMPDIR"], "PYTHON": sys.executable}
    for name, path in os.environ.items():
        if name.startswith(_RUNFILE):
            made[name.removeprefix(_RUNFILE)] = str(located(path))
    made["PYTHONPATH"] = os.pathsep.join(path for path in sys.path if path)
    return made


def run(test: Callable[[Path, dict[str, str]], int]) -> int:
    """Run a test in a folder of its own, with an Asterisk if START_ASTERISK asks for one; its exit status."""
    wants_asterisk = bool(os.environ.get("START_ASTERISK"))
    if wants_asterisk and asterisk_command() is None:
        return skipped("no Asterisk is installed")
    folder = Path(os.environ["TEST_TMPDIR"]) / "program"
    folder.mkdir()
    with contextlib.ExitStack() as stack:
        variables = environment()
        if wants_asterisk:
            variables |= stack.enter_context(_asterisk())
        return test(folder, variables)


@contextlib.contextmanager
def _asterisk() -> Iterator[dict[str, str]]:
    # A program whose pauses are as long as this loses a request now and then: only who asks for it gets it.
    idle_limit = os.environ.get("ASTERISK_IDLE_LIMIT")
    with Asterisk(cors=["*"], session_keep_alive=int(idle_limit) if idle_limit else None) as server:
        yield {
            "ASTERISK_URL": server.url,
            "ASTERISK_USERNAME": server.username,
            "ASTERISK_PASSWORD": server.password,
        }


def skipped(reason: str) -> int:
    """Note that the tests were skipped, where that is allowed."""
    required = os.environ.get(REQUIRED_VARIABLE) == "1"
    return _closed("failure" if required else "skipped", reason)


def failed(reason: str) -> int:
    """Note that the tests could not be run."""
    return _closed("failure", reason)


def _closed(outcome: str, reason: str) -> int:
    """Write a report of one case, and return the exit status."""
    report = os.environ.get("XML_OUTPUT_FILE")
    if report:
        name = os.environ.get("TEST_TARGET", "test")
        Path(report).write_text(
            f"<testsuites><testsuite name={quoteattr(name)}><testcase name={quoteattr(name)}>"
            f"<{outcome} message={quoteattr(reason)}/></testcase></testsuite></testsuites>\n"
        )
    print(f"{outcome}: {reason}")
    return int(outcome == "failure")
