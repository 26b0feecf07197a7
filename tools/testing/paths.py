"""Finds files of this repository, whether a test runs under Bazel or by plain pytest."""

from __future__ import annotations

import os
from pathlib import Path

# The name of the workspace and of the module: the first part of a file's place among the runfiles.
_REPOSITORY = "asterisk_rest_libraries"


def repository_file(path: str) -> Path:
    """Return the file or folder at `path`, relative to the repository's root.

    Under Bazel it must be among the test's `data`; a missing one raises FileNotFoundError.
    """
    bazel = "RUNFILES_DIR" in os.environ or "RUNFILES_MANIFEST_FILE" in os.environ
    found = _in_runfiles(path) if bazel else Path(__file__).parents[2] / path
    if found is None or not found.exists():
        hint = "; is it in the test's data?" if bazel else ""
        raise FileNotFoundError(f"no {path} in the repository{hint}")
    return found


def _in_runfiles(path: str) -> Path | None:
    # Only Bazel puts this module on the path.
    from python.runfiles import runfiles

    files = runfiles.Create()
    location = files.Rlocation(f"{_REPOSITORY}/{path}") if files else None
    if location and os.path.exists(location):
        return Path(location)
    # Where there is a manifest (in `bazel run`), it names files only; this file lies where folders do.
    return Path(__file__).parents[2] / path
