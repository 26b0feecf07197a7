"""Runs Node's test runner as a Bazel test, with generated libraries installed where the tests find them."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from xml.sax.saxutils import quoteattr

from python.runfiles import runfiles
from replay.asterisk import REQUIRED_VARIABLE, Asterisk, asterisk_command

#: The environment's names with this before them are places among the runfiles.
_RUNFILE = "RUNFILE_"


def located(path: str) -> Path:
    """Return the file or folder at a runfiles path."""
    files = runfiles.Create()
    found = files.Rlocation(path) if files else None
    if not found:
        raise FileNotFoundError(path)
    return Path(found)


def node() -> str:
    """Return the program: of the npm package that the test names, else of the toolchain."""
    package = os.environ["NODE_PACKAGE"]
    if not package:
        return os.environ["NODE"]
    program = located(os.environ["NODE_MODULES"]) / package / "bin" / "node"
    # npm leaves it out where it does not run.
    return str(program) if program.exists() else os.environ["NODE"]


def prepared(folder: Path, tests: list[str]) -> list[str]:
    """Lay out a program of a user: the tests, and node_modules with what they import."""
    names = []
    for test in tests:
        source = Path(test)
        shutil.copyfile(source, folder / source.name)
        if source.name.endswith((".test.mjs", ".test.cjs")):
            names.append(source.name)
    modules = folder / "node_modules"
    for place in os.environ["LIBRARIES"].split():
        library = located(place)
        package = json.loads((library / "package.json").read_text("utf-8"))
        # A copy, not a link: it must find other packages beside it, as an installed one does.
        shutil.copytree(library, modules / package["name"])
    installed = located(os.environ["NODE_MODULES"])
    for name in os.environ["MODULES"].split():
        target = modules / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.symlink_to(installed / name)
    return names


@contextlib.contextmanager
def asterisk() -> Iterator[dict[str, str]]:
    """Start a real Asterisk, and say where it is."""
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
    outcome = "failure" if required else "skipped"
    report = os.environ.get("XML_OUTPUT_FILE")
    if report:
        name = os.environ.get("TEST_TARGET", "node")
        Path(report).write_text(
            f"<testsuites><testsuite name={quoteattr(name)}><testcase name={quoteattr(name)}>"
            f"<{outcome} message={quoteattr(reason)}/></testcase></testsuite></testsuites>\n"
        )
    print(f"{outcome}: {reason}")
    return int(required)


def main(tests: list[str]) -> int:
    """Run the tests, and return Node's exit status."""
    wants_asterisk = bool(os.environ.get("START_ASTERISK"))
    if wants_asterisk and asterisk_command() is None:
        return skipped("no Asterisk is installed")
    folder = Path(os.environ["TEST_TMPDIR"]) / "program"
    folder.mkdir()
    names = prepared(folder, tests)
    if not names:
        print("no file is called *.test.mjs or *.test.cjs", file=sys.stderr)
        return 1
    command = [node(), "--test", "--test-reporter=spec"]
    command += ["--test-reporter-destination=stdout"]
    report = os.environ.get("XML_OUTPUT_FILE")
    if report:
        command += ["--test-reporter=junit", f"--test-reporter-destination={report}"]
    wanted = os.environ.get("TESTBRIDGE_TEST_ONLY")
    if wanted:
        command.append(f"--test-name-pattern={wanted}")
    environment = {**os.environ, "HOME": os.environ["TEST_TMPDIR"], "PYTHON": sys.executable}
    for name, path in os.environ.items():
        if name.startswith(_RUNFILE):
            environment[name.removeprefix(_RUNFILE)] = str(located(path))
    # What the tests start in turn is Python of the same packages.
    environment["PYTHONPATH"] = os.pathsep.join(path for path in sys.path if path)
    with contextlib.ExitStack() as stack:
        if wants_asterisk:
            environment |= stack.enter_context(asterisk())
        return subprocess.run(
            [*command, *names], cwd=folder, env=environment, check=False
        ).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
