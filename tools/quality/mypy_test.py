"""Our Python is fully typed, and the types fit.

The runtime of a library is none of its own: it is checked where it belongs, in a generated library.
"""

from __future__ import annotations

import os
from pathlib import Path

from quality.checks import copy_sources, is_python, mypy_command, run


def test_mypy(tmp_path: Path) -> None:
    folder = tmp_path / "sources"
    files = [
        path
        for path in copy_sources(folder)
        if is_python(path) and not path.match("langs/*/runtime/*")
    ]
    assert files
    traits = [
        f"traits_{Path(path).name.removeprefix('python_')}" for path in os.environ["TRAITS"].split()
    ]
    run(
        [*mypy_command(tmp_path, "asteriskpy", "realmpy", "lampspy", "my_ari", *traits), *files],
        folder,
    )
