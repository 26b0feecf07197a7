"""Our Python is written as pyproject.toml says."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from python.runfiles import runfiles

from quality.checks import copy_sources, is_python, program_in_wheel, run


@pytest.fixture
def ruff(tmp_path: Path) -> Path:
    """Unpack ruff."""
    wheels = os.environ["RUFF_WHEEL"].split()
    wheel = next(name for name in wheels if Path(name).name.startswith("ruff-"))
    location = runfiles.Create().Rlocation(wheel)
    return program_in_wheel(Path(location), "ruff", tmp_path)


@pytest.mark.parametrize("options", [["check"], ["format", "--diff"]], ids=["lint", "format"])
def test_ruff(ruff: Path, tmp_path: Path, options: list[str]) -> None:
    folder = tmp_path / "sources"
    files = [path for path in copy_sources(folder) if is_python(path)]
    assert files
    run([ruff, *options, "--no-cache", "--quiet", *files], folder)
