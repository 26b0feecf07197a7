"""What the checks share: the sources, and how a tool is run over them."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import venv
import zipfile
from collections.abc import Sequence
from pathlib import Path

from python.runfiles import runfiles
from testing.interpreters import installed
from testing.paths import repository_file

#: What the tools are told, at the repository's root.
_SETTINGS = ("pyproject.toml", ".perlcriticrc", ".perltidyrc")

_BAZEL_FILES = {"BUILD.bazel", "MODULE.bazel", "WORKSPACE", "WORKSPACE.bzlmod"}


def is_python(path: Path) -> bool:
    """Whether ruff and mypy look at a file: not at a golden library, which settings of its own hold for."""
    return path.suffix == ".py" and not path.is_relative_to("tests/golden/python")


def is_perl(path: Path) -> bool:
    """Whether the tools for Perl look at a file: not at a golden library, which is checked as it is generated."""
    return path.suffix in {".pl", ".pm", ".t"} and not path.is_relative_to("tests/golden/perl")


def is_bazel(path: Path) -> bool:
    """Whether buildifier looks at a file."""
    return path.suffix == ".bzl" or path.name in _BAZEL_FILES


def sources_below(root: Path) -> list[Path]:
    """All sources below a folder, relative to it.

    Those in Bazel's own folders are none of ours, nor are those of a generated library.
    """
    found = []
    for folder, folders, files in os.walk(root):
        if ".generated-files" in files:
            folders.clear()
            continue
        here = Path(folder)
        folders[:] = sorted(
            name
            for name in folders
            if not name.startswith((".", "bazel-")) and name != "__pycache__"
        )
        for name in sorted(files):
            path = here / name
            if is_python(path) or is_perl(path) or is_bazel(path):
                found.append(path.relative_to(root))
    return found


def declared_sources() -> list[Path]:
    """All sources that the packages offer, relative to the repository's root."""
    return [Path(name) for name in os.environ["SOURCES"].split()]


def copy_sources(to: Path) -> list[Path]:
    """Copy the declared sources, and the tools' settings, into a folder of ordinary files.

    Among the runfiles they are links, which tools follow to places that have no settings beside them.
    """
    root = repository_file("pyproject.toml").parent
    sources = declared_sources()
    settings = [Path(name) for name in _SETTINGS if (root / name).exists()]
    for path in [*settings, *sources]:
        (to / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(root / path, to / path)
    return sources


def unpacked_ruff(to: Path) -> Path:
    """Unpack ruff from its wheel, as an installer would into the folder bin."""
    wheels = os.environ["RUFF_WHEEL"].split()
    name = next(name for name in wheels if Path(name).name.startswith("ruff-"))
    with zipfile.ZipFile(runfiles.Create().Rlocation(name)) as archive:
        member = next(m for m in archive.namelist() if m.endswith(".data/scripts/ruff"))
        program = to / "ruff"
        program.write_bytes(archive.read(member))
    program.chmod(0o755)
    return program


def unpacked_buildifier() -> Path:
    """Find the buildifier that the target brought."""
    return Path(runfiles.Create().Rlocation(os.environ["BUILDIFIER"]))


def perltidy_command(perl: str | Path, settings: Path) -> list[str | Path]:
    """Make a command that writes files of Perl as they should be."""
    return [perl, "-S", "perltidy", f"-pro={settings}", "-b", "-bext=/", "-se", "-q"]


def mypy_command(to: Path, *libraries: str) -> list[str | Path]:
    """Make a command that runs mypy, and give it what is on this process's path.

    It runs in an environment where all packages, and those of our libraries that are named, are installed: mypy
    complains of what it is asked to check, and takes from installed packages only their types.
    """
    environment = to / "environment"
    venv.create(environment, symlinks=True)
    folders = [entry for entry in map(Path, sys.path) if entry.name == "site-packages"]
    (packages,) = environment.glob("lib/python3*/site-packages")
    lent = [*folders, *installed(*libraries)]
    (packages / "lent.pth").write_text("".join(f"{folder}\n" for folder in lent))
    return [environment / "bin" / "python", "-m", "mypy", "--cache-dir", to / "cache"]


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
