"""A package is the same file whenever, wherever and by whomever it is built: by Bazel, by hand, and by pip."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest
from distribution.build_wheel import SOURCE_DATE_EPOCH
from testing.paths import repository_file

from tests.packaging.programs import NODE, NPM


def the_file(folder: Path) -> Path:
    """Give the only file in a folder."""
    (file,) = folder.iterdir()
    return file


class Packed(NamedTuple):
    """A package that Bazel has built, and how it is built without Bazel."""

    built: str
    #: The folder it is built from: another output of Bazel, or an sdist, which is unpacked.
    source: str
    program: str
    arguments: tuple[str, ...]


def python(folder: str, source: str, prefix: str = "") -> list[Packed]:
    """A Python project's wheel and sdist."""
    return [
        Packed(f"{folder}/{prefix}{kind}", source, "wheel", (f"--kind={kind}", "--tree={}"))
        for kind in ("wheel", "sdist")
    ]


def npm(built: str, source: str) -> Packed:
    """A package for npm."""
    return Packed(built, source, "npm", ("--library={}", f"--node={NODE}", f"--npm={NPM}"))


def cpan(built: str, source: str) -> Packed:
    """A distribution for CPAN."""
    return Packed(built, source, "cpan", ("--library={}",))


PACKAGES = [
    *python("langs/python", "langs/python/asteriskpy"),
    *python("langs/python", "langs/python/realmpy", "realm_"),
    *python("tools/codegen", "tools/codegen/sdist"),
    npm("langs/javascript/npm_package", "langs/javascript/asteriskjs"),
    npm("langs/javascript/realm_npm_package", "langs/javascript/realmjs"),
    cpan("langs/perl/cpan_dist", "langs/perl/AsteriskPl"),
    cpan("langs/perl/realm_cpan_dist", "langs/perl/RealmPl"),
]


class World(NamedTuple):
    """How one computer and one user differ from others."""

    folder: str
    umask: int
    mode: int
    moment: int
    order: Callable[[list[Path]], list[Path]]
    environment: dict[str, str]


WORLDS = {
    "narrow": World(
        "a",
        0o077,
        0o600,
        1_000_000_000,
        lambda paths: paths,
        {"LC_ALL": "C", "TZ": "Pacific/Kiritimati", "PYTHONHASHSEED": "1"},
    ),
    "wide": World(
        "other place/ä b",
        0o000,
        0o777,
        2_000_000_000,
        lambda paths: paths[::-1],
        {
            "LANG": "tr_TR.UTF-8",
            "LC_ALL": "C.UTF-8",
            "TZ": "America/New_York",
            "PYTHONHASHSEED": "2",
            "SOURCE_DATE_EPOCH": "1700000000",
        },
    ),
}


def copied(source: Path, target: Path, world: World) -> Path:
    """Copy a folder, or unpack an sdist, as it would lie in this world."""
    if source.name == "sdist":
        unpacked = target.parent / "unpacked"
        with tarfile.open(the_file(source)) as archive:
            archive.extractall(unpacked, filter="data")
        source = the_file(unpacked)
    files = [path for path in sorted(source.rglob("*")) if path.is_file()]
    for path in world.order(files):
        place = target / path.relative_to(source)
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, place)
        place.chmod(world.mode)
        os.utime(place, (world.moment, world.moment))
    return target


@pytest.mark.parametrize("world", WORLDS.values(), ids=WORLDS)
@pytest.mark.parametrize("package", PACKAGES, ids=[package.built for package in PACKAGES])
def test_same_bytes_in_another_world(package: Packed, world: World, tmp_path: Path) -> None:
    source = copied(repository_file(package.source), tmp_path / world.folder / "project", world)
    out = tmp_path / world.folder / "out"
    out.mkdir()
    subprocess.run(
        [
            *(sys.executable, "-m", f"distribution.build_{package.program}", f"--out={out}"),
            *(argument.format(source) for argument in package.arguments),
        ],
        env={
            "PATH": os.environ["PATH"],
            "PYTHONPATH": os.pathsep.join(sys.path),
            "HOME": str(tmp_path),
            **world.environment,
        },
        umask=world.umask,
        check=True,
    )
    built = the_file(repository_file(package.built))
    assert the_file(out).name == built.name
    assert the_file(out).read_bytes() == built.read_bytes()


@pytest.mark.parametrize("place", ["langs/python/", "langs/python/realm_", "tools/codegen/"])
def test_pip_makes_the_same_wheel_of_the_sdist(place: str, tmp_path: Path) -> None:
    """With nothing of ours but the file."""
    subprocess.run(
        [
            *(sys.executable, "-m", "pip", "--isolated", "--quiet", "--disable-pip-version-check"),
            *("wheel", "--no-cache-dir", "--no-index", "--no-deps", "--no-build-isolation"),
            *("--wheel-dir", tmp_path / "out"),
            the_file(repository_file(f"{place}sdist")).resolve(),
        ],
        cwd=tmp_path,
        env={
            "PATH": os.environ["PATH"],
            "PYTHONPATH": os.pathsep.join(sys.path),
            "HOME": str(tmp_path),
            "SOURCE_DATE_EPOCH": SOURCE_DATE_EPOCH,
        },
        check=True,
    )
    built = the_file(repository_file(f"{place}wheel"))
    assert the_file(tmp_path / "out").name == built.name
    assert the_file(tmp_path / "out").read_bytes() == built.read_bytes()
