"""Generated Python libraries are as well written as ours, by the settings that they carry themselves."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from testing.paths import repository_file

from quality.checks import mypy_command, run, unpacked_ruff


@pytest.fixture(params=["asteriskpy", "realmpy"])
def library(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """Copy a library, so that tools see ordinary files."""
    return copied(f"langs/python/{request.param}", tmp_path / request.param)


@pytest.fixture
def traits(tmp_path: Path) -> Path:
    """Copy the libraries of all traits, each into a folder of its own."""
    folder = tmp_path / "traits"
    for path in os.environ["TRAITS"].split():
        copied(path, folder / Path(path).name)
    return folder


def copied(path: str, to: Path) -> Path:
    shutil.copytree(repository_file(path), to, copy_function=shutil.copyfile)
    return to


@pytest.mark.parametrize("options", [["check"], ["format", "--diff"]], ids=["lint", "format"])
def test_ruff(library: Path, tmp_path: Path, options: list[str]) -> None:
    run([unpacked_ruff(tmp_path), *options, "--no-cache", "--quiet", "."], library)


@pytest.mark.parametrize("version", ["3.10", "3.14"])
def test_mypy(library: Path, tmp_path: Path, version: str) -> None:
    run([*mypy_command(tmp_path), "--strict", "--python-version", version, library.name], library)


@pytest.mark.parametrize("options", [["check"], ["format", "--diff"]], ids=["lint", "format"])
def test_ruff_on_traits(traits: Path, tmp_path: Path, options: list[str]) -> None:
    run([unpacked_ruff(tmp_path), *options, "--no-cache", "--quiet", "."], traits)


def test_mypy_on_traits(traits: Path, tmp_path: Path) -> None:
    packages = tmp_path / "packages"
    packages.mkdir()
    for package in traits.glob("*/traits_*"):
        package.rename(packages / package.name)
    names = [package.name for package in packages.iterdir()]
    assert names
    command = mypy_command(tmp_path)
    run([*command, "--strict", "--python-version", "3.10", *sorted(names)], packages)
