"""Runs Perl's tests as a Bazel test, with generated libraries in @INC."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from perl_programs import missing_modules, with_include
from testing import foreign


def main(files: list[str]) -> int:
    """Run the tests, and return the exit status of what reads them."""
    places = [Path(file).absolute() for file in files]
    tests = [place for place in places if place.suffix == ".t"]
    if not tests:
        print("no file is called *.t", file=sys.stderr)
        return 1
    wanted = os.environ.get("TESTBRIDGE_TEST_ONLY")
    if wanted:
        tests = [test for test in tests if wanted in test.name]
        if not tests:
            return 0
    include = [foreign.located(name) / "lib" for name in os.environ["LIBRARIES"].split()]
    folders = [test.parent / "lib" for test in tests]
    folders += [place.parent for place in places if place.parent.name == "lib"]
    include += dict.fromkeys(folders)
    include += map(foreign.located, filter(None, os.environ["PERL_INCLUDE"].split(":")))
    command = with_include(foreign.located(os.environ["PERL"]), include)
    missing = missing_modules(command, os.environ["MODULES"].split())
    if missing:
        return foreign.failed("; ".join(missing))

    def run(folder: Path, environment: dict[str, str]) -> int:
        # What the tests start in turn is Perl with the same folders.
        environment["PERL"] = command[0]
        environment["PERL5LIB"] = os.pathsep.join(map(str, include))
        return subprocess.run(
            [command[0], foreign.located(os.environ["REPORT"]), *tests],
            cwd=folder,
            env=environment,
            check=False,
        ).returncode

    return foreign.run(run)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
