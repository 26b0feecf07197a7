"""A generated Python library is as well written as ours, by the settings that it carries itself."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from testing.paths import repository_file

from quality.checks import mypy_command, run, unpacked_ruff


@pytest.fixture
def library(tmp_path: Path) -> Path:
    """Copy the library, so that tools see ordinary files."""
    folder = tmp_path / "library"
    shutil.copytree(
        repository_file("langs/python/asteriskpy"), folder, copy_function=shutil.copyfile
    )
    return folder


@pytest.mark.parametrize("options", [["check"], ["format", "--diff"]], ids=["lint", "format"])
def test_ruff(library: Path, tmp_path: Path, options: list[str]) -> None:
    run([unpacked_ruff(tmp_path), *options, "--no-cache", "--quiet", "."], library)


@pytest.mark.parametrize("version", ["3.10", "3.14"])
def test_mypy(library: Path, tmp_path: Path, version: str) -> None:
    run([*mypy_command(tmp_path), "--strict", "--python-version", version, "asteriskpy"], library)
