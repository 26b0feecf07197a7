"""Compares what two builds of the same sources made: `python3 -m tests.remote.compare ONE.json OTHER.json`.

Each is a log that --execution_log_json_file wrote of a build from nothing. Prints how many actions each ran where, and how
many files they made; then each file that differs, and each action that only one has. Exits 1 if there is any. Runs of tests
are counted and not compared: their logs say when they ran.
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

from tests.remote.actions import Action, read_log

_TEST = "TestRunner"


def differences(one: list[Action], other: list[Action]) -> list[str]:
    """Say what two builds did otherwise."""
    mine, theirs = _by_output(one), _by_output(other)
    found = []
    for path in sorted(mine.keys() | theirs.keys()):
        if path not in theirs or path not in mine:
            found.append(f"{path}: made by one of them only")
        elif mine[path] != theirs[path]:
            found.append(f"{path}: {mine[path]} and {theirs[path]}")
    return found


def _by_output(actions: list[Action]) -> dict[str, str]:
    return {
        path: digest
        for action in actions
        if action.mnemonic != _TEST
        for path, digest in action.outputs.items()
    }


def summary(actions: list[Action]) -> str:
    """Count actions by what ran them, and the files that they made."""
    runners = Counter(
        f"{action.runner}{', tests' if action.mnemonic == _TEST else ''}" for action in actions
    )
    counts = "; ".join(f"{runner}: {count}" for runner, count in sorted(runners.items()))
    return f"{len(actions)} actions ({counts}), {len(_by_output(actions))} files compared"


def main(arguments: list[str]) -> int:
    """Compare, print, and return the exit status."""
    one, other = (read_log(Path(name)) for name in arguments)
    for name, actions in zip(arguments, (one, other), strict=True):
        sys.stdout.write(f"{name}: {summary(actions)}\n")
    found = differences(one, other)
    sys.stdout.writelines(f"{line}\n" for line in found)
    sys.stdout.write(f"{len(found)} differences\n")
    return 0 if _by_output(one) and not found else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
