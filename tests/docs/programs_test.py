"""The Python in the documents is right: it compiles, and its types fit the library."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from testing.paths import repository_file

from tests.docs import markdown, programs

PROGRAMS = programs.of_the_library()


@pytest.mark.parametrize("program", PROGRAMS, ids=str)
def test_compiles(program: programs.Program) -> None:
    compile(program.text, program.name, "exec")


def test_types_fit(tmp_path: Path) -> None:
    files = []
    for number, program in enumerate(PROGRAMS):
        file = tmp_path / f"program_{number}.py"
        file.write_text(f"# {program.name}\n{program.text}")
        files.append(file)
    # mypy takes from installed packages only their types, and complains of ours.
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--cache-dir", tmp_path / "cache", *files],
        cwd=tmp_path,
        env={**programs.environment(), "MYPYPATH": _library()},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    names = "\n".join(f"{file.name}: {p.name}" for file, p in zip(files, PROGRAMS, strict=True))
    assert done.returncode == 0, f"{done.stdout}\n{names}"


def _library() -> str:
    import asteriskpy

    assert asteriskpy.__file__
    return str(Path(asteriskpy.__file__).parents[1])


def test_the_rest_of_the_library_document_is_no_python() -> None:
    """What is in a block without a language would be in none of the programs."""
    document = markdown.read(repository_file("docs/python.md"))
    assert {block.language for block in document.blocks} <= {"python", "ini"}
