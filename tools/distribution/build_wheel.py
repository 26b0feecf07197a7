"""Builds a Python project's wheel, or its source distribution, by the build backend that its pyproject.toml names.

The project is given as a folder, or file by file; either way the backend sees a fresh copy with ordinary file modes, so
that the same project gives the same file.
"""

from __future__ import annotations

import argparse
import importlib
import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

#: The earliest moment that a ZIP file can name, the first of January 1980.
SOURCE_DATE_EPOCH = "315532800"


def stage(project: Path, tree: Path | None, files: list[tuple[str, Path]]) -> None:
    """Copy the project's files to where the backend will look for them."""
    sources = list(files)
    if tree:
        sources += [
            (path.relative_to(tree).as_posix(), path)
            for path in sorted(tree.rglob("*"))
            if path.is_file()
        ]
    for name, source in sources:
        target = project / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)
        target.chmod(0o644)


def build(project: Path, out: Path, kind: str = "wheel") -> str:
    """Build the wheel (or "sdist") of a staged project into a folder, and return its name."""
    system = tomllib.loads((project / "pyproject.toml").read_text(encoding="utf-8"))["build-system"]
    backend: Any = importlib.import_module(system["build-backend"])
    os.environ["SOURCE_DATE_EPOCH"] = SOURCE_DATE_EPOCH
    before = Path.cwd()
    os.chdir(project)  # A backend's interface is the project as current folder.
    try:
        make = backend.build_sdist if kind == "sdist" else backend.build_wheel
        name: str = make(str(out))
    finally:
        os.chdir(before)
    return name


def _file(argument: str) -> tuple[str, Path]:
    name, _, source = argument.partition("=")
    return name, Path(source)


def main(arguments: list[str] | None = None) -> int:
    """Read the arguments, from a file if given as @FILE, and build."""
    parser = argparse.ArgumentParser(description=__doc__, fromfile_prefix_chars="@")
    parser.add_argument("--kind", choices=["wheel", "sdist"], default="wheel")
    parser.add_argument("--out", type=Path, required=True, help="the folder for what is built")
    parser.add_argument("--tree", type=Path, help="the project's folder")
    parser.add_argument(
        "--file",
        type=_file,
        action="append",
        default=[],
        metavar="NAME=FILE",
        help="one file of the project",
    )
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        project = Path(folder)
        stage(project, options.tree, options.file)
        build(project, options.out.resolve(), options.kind)
    return 0


if __name__ == "__main__":
    sys.exit(main())
