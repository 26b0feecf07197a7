"""Our Python is fully typed, and the types fit.

The runtime of a library is none of its own: it is checked where it belongs, in a generated library.
A golden library is one without its runtime.
"""

from __future__ import annotations

import sys
import venv
from pathlib import Path

from quality.checks import copy_sources, is_python, run


def test_mypy(tmp_path: Path) -> None:
    folder = tmp_path / "sources"
    files = [path for path in copy_sources(folder) if is_python(path) and not _is_part(path)]
    assert files
    # An environment in which everything on this test's path is installed: mypy complains of what is
    # ours, and takes from installed packages only their types.
    environment = tmp_path / "environment"
    venv.create(environment, symlinks=True)
    installed = [entry for entry in sys.path if Path(entry).name == "site-packages"]
    (packages,) = environment.glob("lib/python3*/site-packages")
    (packages / "installed.pth").write_text("\n".join(installed) + "\n")
    python = environment / "bin" / "python"
    run([python, "-m", "mypy", "--cache-dir", tmp_path / "cache", *files], folder)


def _is_part(path: Path) -> bool:
    return path.match("langs/*/runtime/*") or path.is_relative_to("tests/golden/python")
