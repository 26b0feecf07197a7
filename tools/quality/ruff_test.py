"""Our Python is written as pyproject.toml says."""

from __future__ import annotations

from pathlib import Path

import pytest

from quality.checks import copy_sources, is_python, run, unpacked_ruff


@pytest.mark.parametrize("options", [["check"], ["format", "--diff"]], ids=["lint", "format"])
def test_ruff(tmp_path: Path, options: list[str]) -> None:
    folder = tmp_path / "sources"
    files = [path for path in copy_sources(folder) if is_python(path)]
    assert files
    run([unpacked_ruff(tmp_path), *options, "--no-cache", "--quiet", *files], folder)
