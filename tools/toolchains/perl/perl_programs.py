"""Finds the Perl that was chosen, what it can load, and other Perls of this machine."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path

#: Where Debian's package is not called as others are.
_PACKAGES = {"App::cpanminus": "cpanminus", "Perl::Tidy": "perltidy"}

#: The oldest Perl that libraries run on, and the newest that tests look for by name.
OLDEST, NEWEST = 26, 50


def with_include(perl: Path, include: Iterable[Path]) -> list[str]:
    """Give the command that runs this Perl with further folders in @INC, the first one first."""
    return [str(perl), *(f"-I{folder}" for folder in include)]


def missing_modules(command: list[str], modules: Iterable[str]) -> list[str]:
    """Say of each module that this Perl cannot load what is wrong, and how it is installed."""
    missing = []
    for module in modules:
        done = subprocess.run(
            [*command, f"-M{module}", "-e1"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        if done.returncode == 0:
            continue
        if f"Can't locate {module.replace('::', '/')}.pm in @INC" in done.stdout:
            missing.append(
                f"Perl's module {module} is not installed: on Debian "
                f"`apt-get install {debian_package(module)}`, elsewhere `cpanm {module}`"
            )
        else:
            missing.append(f"Perl's module {module} cannot be loaded: {done.stdout.strip()}")
    return missing


def debian_package(module: str) -> str:
    """Name the package that Debian has a module in."""
    return _PACKAGES.get(module) or f"lib{module.lower().replace('::', '-')}-perl"


def perls(chosen: Path, include: Iterable[Path] = ()) -> dict[str, Path]:
    """Every Perl to try a library on, by version: the chosen one, and others that have what a library needs.

    perl5.36 on PATH is one, as is each program that FURTHER_PERLS names, separated by colons.
    """
    found = {version(chosen): chosen}
    folders = list(include)
    named = [shutil.which(f"perl5.{minor}") for minor in range(OLDEST, NEWEST + 1, 2)]
    for program in [*named, *os.environ.get("FURTHER_PERLS", "").split(os.pathsep)]:
        if program and not missing_modules(with_include(Path(program), folders), ["Mojolicious"]):
            found.setdefault(version(Path(program)), Path(program))
    return found


def oldest(chosen: Path, include: Iterable[Path] = ()) -> Path:
    """Choose the oldest of these."""
    found = perls(chosen, include)
    return found[min(found, key=lambda one: [int(part) for part in one.split(".")])]


def version(perl: Path) -> str:
    """Ask a Perl for its version, such as 5.36.0."""
    said = subprocess.run(
        [perl, "-e", "printf '%vd', $^V"], stdout=subprocess.PIPE, text=True, check=True
    ).stdout
    assert re.fullmatch(r"5(\.\d+){2}", said), f"{perl} says that it is {said!r}"
    return said
