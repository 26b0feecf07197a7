"""Runs Node's test runner as a Bazel test, with a generated library installed where the tests find it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from node_programs import lay_out, node_of
from testing import foreign


def main(tests: list[str]) -> int:
    """Run the tests, and return Node's exit status."""
    files = [Path(test).absolute() for test in tests]
    names = [file.name for file in files if file.name.endswith((".test.mjs", ".test.cjs"))]
    if not names:
        print("no file is called *.test.mjs or *.test.cjs", file=sys.stderr)
        return 1
    place = os.environ["NODE_MODULES"]
    modules = foreign.located(place) if place else None
    package = os.environ["NODE_PACKAGE"]
    node = (modules and package and node_of(package, modules)) or str(
        foreign.located(os.environ["NODE"])
    )
    command = [node, "--test", "--test-reporter=spec"]
    command += ["--test-reporter-destination=stdout"]
    report = os.environ.get("XML_OUTPUT_FILE")
    if report:
        command += ["--test-reporter=junit", f"--test-reporter-destination={report}"]
    wanted = os.environ.get("TESTBRIDGE_TEST_ONLY")
    if wanted:
        command.append(f"--test-name-pattern={wanted}")

    def run(folder: Path, environment: dict[str, str]) -> int:
        lay_out(
            folder,
            libraries=map(foreign.located, os.environ["LIBRARIES"].split()),
            files=files,
            node_modules=modules,
            modules=os.environ["MODULES"].split(),
        )
        return subprocess.run(
            [*command, *names], cwd=folder, env=environment, check=False
        ).returncode

    return foreign.run(run)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
