"""Lays out a program of a user of a JavaScript library, and finds other Nodes than the toolchain's."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable
from pathlib import Path


def lay_out(
    folder: Path,
    *,
    libraries: Iterable[Path],
    files: Iterable[Path],
    node_modules: Path | None = None,
    modules: Iterable[str] = (),
) -> None:
    """Put a program's files into a folder, and its libraries and further packages into node_modules there."""
    for file in files:
        shutil.copyfile(file, folder / file.name)
    for library in libraries:
        package = json.loads((library / "package.json").read_text("utf-8"))
        # A copy, not a link: it must find other packages beside it, as an installed one does.
        shutil.copytree(library, folder / "node_modules" / package["name"])
    for name in modules:
        assert node_modules is not None, f"nobody says where {name} is"
        target = folder / "node_modules" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.symlink_to(node_modules / name)


def node_of(package: str, node_modules: Path) -> str | None:
    """Return the Node that an npm package holds; None where npm left it out, as it does where it does not run."""
    program = node_modules / package / "bin" / "node"
    return str(program) if program.exists() else None
