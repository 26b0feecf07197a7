"""Our BUILD and .bzl files are written as buildifier has them, and documented."""

from __future__ import annotations

from pathlib import Path

from quality.checks import copy_sources, is_bazel, run, unpacked_buildifier


def test_buildifier(tmp_path: Path) -> None:
    folder = tmp_path / "sources"
    files = [path for path in copy_sources(folder) if is_bazel(path)]
    assert files
    run([unpacked_buildifier(), "-mode=diff", "-lint=warn", "-warnings=all", *files], folder)
