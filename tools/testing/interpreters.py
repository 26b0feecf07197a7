"""Finds the Pythons of this machine, for tests that must pass on more than one, and makes environments of them."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

#: The oldest that the generator and its libraries run on, and the newest that tests look for.
OLDEST, NEWEST = (3, 10), (3, 16)


def interpreters() -> dict[str, Path]:
    """Every Python on PATH that libraries must run on, by version; the one of this process too."""
    found = {f"{sys.version_info.major}.{sys.version_info.minor}": Path(sys.executable)}
    for minor in range(OLDEST[1], NEWEST[1] + 1):
        program = shutil.which(f"python3.{minor}")
        if program:
            found.setdefault(f"3.{minor}", Path(program))
    return found


class Environment:
    """A virtual environment without anything in it."""

    def __init__(self, interpreter: Path, folder: Path) -> None:
        """Make the environment in a folder of its own."""
        self.folder = folder
        self.python = folder / "bin" / "python"
        subprocess.run([interpreter, "-m", "venv", "--without-pip", folder], check=True)

    def install(self, *wheels: Path) -> None:
        """Install wheels by pip, with nothing else: neither their dependencies nor an index."""
        self._check(
            [
                sys.executable,
                *("-m", "pip", "--isolated", "--quiet", "--disable-pip-version-check"),
                *("--python", str(self.python)),
                *("install", "--no-cache-dir", "--no-index", "--no-deps"),
                *wheels,
            ],
            # pip runs itself again in the environment's Python, which cannot read this one's libraries.
            {"PYTHONPATH": os.pathsep.join(map(str, installed("pip")))},
        )

    def lend(self, folders: Iterable[Path]) -> None:
        """Let the environment import what lies in these folders, as if it were installed."""
        script = "import sysconfig; print(sysconfig.get_path('purelib'))"
        packages = Path(self._check([self.python, "-c", script], {}).strip())
        (packages / "lent.pth").write_text("".join(f"{folder}\n" for folder in folders))

    def run(self, *command: str | Path, **environment: str) -> str:
        """Run a program of the environment, by name, and return what it printed."""
        program, *arguments = command
        return self._check([self.folder / "bin" / program, *arguments], environment)

    @staticmethod
    def _check(command: list[str | Path], environment: Mapping[str, str]) -> str:
        result = subprocess.run(
            command,
            env={"PATH": os.environ["PATH"], "HOME": "/nonexistent", **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        assert result.returncode == 0, (
            f"{command[0]} ended with {result.returncode}:\n{result.stdout}"
        )
        return result.stdout


def installed(*packages: str) -> list[Path]:
    """Where this process imports these packages from."""
    folders: dict[Path, None] = {}
    for name in packages:
        for entry in map(Path, sys.path):
            if (entry / name).exists() or (entry / f"{name}.py").exists():
                folders[entry] = None
                break
    return list(folders)
