"""Our BUILD and .bzl files are written as buildifier has them, and documented."""

from __future__ import annotations

import os
from pathlib import Path

from python.runfiles import runfiles

from quality.checks import copy_sources, is_bazel, run


def test_buildifier(tmp_path: Path) -> None:
    folder = tmp_path / "sources"
    files = [path for path in copy_sources(folder) if is_bazel(path)]
    assert files
    program = runfiles.Create().Rlocation(os.environ["BUILDIFIER"])
    run([program, "-mode=diff", "-lint=warn", "-warnings=all", *files], folder)
