"""The programs in the documents are right: they compile, and their types fit the library."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.docs import markdown, programs


def _written(language: programs.Language, folder: Path) -> dict[Path, str]:
    """Every program of a language, as a file, with its name."""
    files = {}
    every = [*programs.of_the_guide(language), programs.of_the_readme(language)]
    for number, program in enumerate(every):
        file = folder / f"program_{number}{program.suffix}"
        file.write_text(program.text)
        files[file] = program.name
    return files


def test_types_fit_in_python(tmp_path: Path) -> None:
    files = _written(programs.PYTHON, tmp_path)
    # mypy takes from installed packages only their types, and complains of ours.
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--cache-dir", tmp_path / "cache", *files],
        cwd=tmp_path,
        env={**programs.environment(), "MYPYPATH": str(programs.PYTHON.library)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{done.stdout}\n{_named(files)}"


def test_types_fit_in_javascript(tmp_path: Path) -> None:
    files = _written(programs.JAVASCRIPT, tmp_path)
    programs.install(tmp_path, "typescript")
    # What Node brings, which its own types would tell more of.
    node = tmp_path / "node.d.ts"
    node.write_text("declare const process: any, require: any;\ndeclare module 'node:*';\n")
    options = ["--noEmit", "--strict", "--allowJs", "--checkJs", "--skipLibCheck"]
    # A JavaScript program does not say what its functions take and catch.
    options += ["--noImplicitAny", "false", "--useUnknownInCatchVariables", "false"]
    options += [
        "--target",
        "es2022",
        "--module",
        "nodenext",
        "--lib",
        "es2022,dom,dom.asynciterable",
    ]
    done = subprocess.run(
        [programs.node(), "node_modules/typescript/bin/tsc", *options, node, *files],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{done.stdout}\n{_named(files)}"


def test_programs_compile_in_perl(tmp_path: Path) -> None:
    if missing := programs.missing_for_perl():
        pytest.skip("; ".join(missing))
    for file, name in _written(programs.PERL, tmp_path).items():
        done = subprocess.run(
            [*programs.perl(), "-c", file.name],
            cwd=tmp_path,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        assert done.stdout == f"{file.name} syntax OK\n", name


def _named(files: dict[Path, str]) -> str:
    return "\n".join(f"{file.name}: {name}" for file, name in files.items())


@pytest.mark.parametrize("language", programs.LANGUAGES, ids=lambda language: language.name)
def test_the_rest_of_a_guide_is_no_program(language: programs.Language) -> None:
    """What is in a block without a language would be in none of the programs."""
    document = markdown.read(language.guide)
    assert {block.language for block in document.blocks} <= {*language.blocks, "ini", "html"}
