"""What the checks share: the sources, and how a tool is run over them."""

from __future__ import annotations

import os
import shutil
import subprocess
import zipfile
from collections.abc import Sequence
from pathlib import Path

from testing.paths import repository_file

_BAZEL_FILES = {"BUILD.bazel", "MODULE.bazel", "WORKSPACE", "WORKSPACE.bzlmod"}


def is_python(path: Path) -> bool:
    """Whether ruff and mypy look at a file."""
    return path.suffix == ".py"


def is_bazel(path: Path) -> bool:
    """Whether buildifier looks at a file."""
    return path.suffix == ".bzl" or path.name in _BAZEL_FILES


def sources_below(root: Path) -> list[Path]:
    """All sources below a folder, relative to it; those of Bazel's own folders are none of ours."""
    found = []
    for folder, folders, files in os.walk(root):
        here = Path(folder)
        folders[:] = sorted(
            name
            for name in folders
            if not name.startswith((".", "bazel-")) and name != "__pycache__"
        )
        for name in sorted(files):
            path = here / name
            if is_python(path) or is_bazel(path):
                found.append(path.relative_to(root))
    return found


def copy_sources(to: Path) -> list[Path]:
    """Copy the declared sources, and the tools' settings, into a folder of ordinary files.

    Among the runfiles they are links, which tools follow to places that have no settings beside them.
    """
    settings = repository_file("pyproject.toml")
    sources = sources_below(settings.parent)
    for path in [Path(settings.name), *sources]:
        (to / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(settings.parent / path, to / path)
    return sources


def program_in_wheel(wheel: Path, name: str, to: Path) -> Path:
    """Unpack a program that a wheel brings, as an installer would into the folder bin."""
    with zipfile.ZipFile(wheel) as archive:
        member = next(m for m in archive.namelist() if m.endswith(f".data/scripts/{name}"))
        program = to / name
        program.write_bytes(archive.read(member))
    program.chmod(0o755)
    return program


def run(command: Sequence[str | Path], folder: Path) -> None:
    """Run a tool; what it complains of is the failure's text."""
    result = subprocess.run(
        command,
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert result.returncode == 0, (
        f"{Path(command[0]).name} ended with {result.returncode}:\n{result.stdout}"
    )
