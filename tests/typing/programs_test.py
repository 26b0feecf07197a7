"""mypy finds nothing in a user's program, and every one of the deliberate mistakes."""

from __future__ import annotations

import re
import subprocess
import sys
import venv
from pathlib import Path

import asteriskpy
import pytest
import realmpy
from testing.paths import repository_file

# What mypy must say of some mistakes; of the others their kind is enough.
_SAYS = {
    "NotFoundExeption": 'maybe "NotFoundException"',
    "StasisStrat)": 'maybe "StasisStart"',
    "anwser": 'maybe "answer"',
    "application=": 'Unexpected keyword argument "application"',
    "sideways": "Literal['both', 'in', 'out']",
}


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Python in which both libraries are installed, so that mypy takes their types from py.typed."""
    environment = tmp_path_factory.mktemp("environment")
    venv.create(environment, symlinks=True)
    (packages,) = environment.glob("lib/python3*/site-packages")
    libraries = [str(Path(module.__file__ or "").parents[1]) for module in (asteriskpy, realmpy)]
    installed = [entry for entry in sys.path if Path(entry).name == "site-packages"]
    (packages / "installed.pth").write_text("\n".join([*libraries, *installed]) + "\n")
    return environment / "bin" / "python"


def mypy(python: Path, file: Path) -> list[str]:
    """What ``mypy --strict`` says of a file, without any settings."""
    done = subprocess.run(
        [python, "-m", "mypy", "--strict", "--config-file=", "--no-error-summary", file.name],
        cwd=file.parent,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return [line for line in done.stdout.splitlines() if ": note: " not in line]


@pytest.mark.parametrize("name", ["user_program.py", "realm_program.py"])
def test_a_program_is_in_order(python: Path, tmp_path: Path, name: str) -> None:
    program = tmp_path / name
    program.write_text(repository_file(f"tests/typing/{name}").read_text("utf-8"))
    assert mypy(python, program) == []


def test_every_mistake_is_found(python: Path, tmp_path: Path) -> None:
    lines = repository_file("tests/typing/mistakes.py").read_text("utf-8").splitlines()
    wanted = {}
    for number, line in enumerate(lines, 1):
        if mark := re.search(r"  # type: ignore\[([a-z-]+)\]$", line):
            wanted[number] = mark[1]
            lines[number - 1] = line[: mark.start()]
    assert len(wanted) >= 30
    program = tmp_path / "program.py"
    program.write_text("\n".join(lines) + "\n")
    found: dict[int, str] = {}
    said: dict[int, str] = {}
    for line in mypy(python, program):
        report = re.fullmatch(r"program\.py:(\d+): error: (.*)  \[([a-z-]+)\]", line)
        assert report is not None, line
        number = int(report[1])
        assert number not in found, f"two of line {number}: {lines[number - 1]}"
        said[number], found[number] = report[2], report[3]
    assert found == wanted
    for part, text in _SAYS.items():
        (number,) = [n for n in wanted if part in lines[n - 1] and text in said[n]][:1] or [0]
        assert number, f"nothing said {text!r} of {part!r}"
