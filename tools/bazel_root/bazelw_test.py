"""bazelw runs Bazel where it is called: in this repository, or in another one."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from testing.paths import repository_file

#: Stands for bazel, bazelisk and bwrap: tells how it was called.
STUB = """\
#!/bin/sh
echo "$(basename "$0") in $PWD, version ${USE_BAZEL_VERSION:-not said}"
for argument in "$@"; do echo "<$argument>"; done
"""


@pytest.fixture
def bazelw(tmp_path: Path) -> Path:
    """bazelw in a checkout whose path has a blank; beside it, programs that tell how they are called."""
    checkout = tmp_path / "the checkout"
    tools = checkout / "tools/bazel_root"
    tools.mkdir(parents=True)
    for name in ("common.sh", "run", "bazelrc", "empty.lock", "adapt.py", "build"):
        shutil.copy(repository_file(f"tools/bazel_root/{name}"), tools)
    for name in ("packages.txt", "pip_tools.txt"):
        shutil.copy(repository_file(f"tools/bazel_root/{name}"), tools)
    shutil.copy(repository_file("bazelw"), checkout)
    (checkout / ".bazelversion").write_text("7.7.1\n")
    (checkout / "MODULE.bazel").touch()
    programs = tmp_path / "bin"
    programs.mkdir()
    for name in ("bazel", "bazelisk", "bwrap"):
        (programs / name).write_text(STUB)
        (programs / name).chmod(0o755)
    # As if Bazelisk had downloaded a Bazel before: nothing is to be asked of the network.
    downloads = tmp_path / "bazelisk/downloads"
    downloads.mkdir(parents=True)
    (downloads / "bazel").write_bytes(bytes(2 << 20))
    return checkout / "bazelw"


def call(
    bazelw: Path, folder: Path, *arguments: str, way: str = "bazel"
) -> subprocess.CompletedProcess[str]:
    """Call bazelw in a folder."""
    base = bazelw.parents[1]
    environment = {
        "PATH": f"{base / 'bin'}:{os.environ['PATH']}",
        "HOME": str(base / "home"),
        "BAZELISK_HOME": str(base / "bazelisk"),
        "BAZELW_WAY": way,
    }
    return subprocess.run(
        [bazelw, *arguments],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def consumer(tmp_path: Path) -> Path:
    """Another repository, elsewhere."""
    folder = tmp_path / "my programs/announcements"
    (folder / "some package").mkdir(parents=True)
    (folder / "MODULE.bazel").touch()
    return folder


def test_in_another_repository(bazelw: Path, consumer: Path) -> None:
    done = call(bazelw, consumer, "test", "//...", "--config=a b")
    assert done.stdout.splitlines() == [
        f"bazel in {consumer}, version not said",
        *("<test>", "<//...>", "<--config=a b>"),
    ]
    assert (done.returncode, done.stderr) == (0, "")


def test_below_another_repository(bazelw: Path, consumer: Path) -> None:
    done = call(bazelw, consumer / "some package", "test", ":all")
    assert done.stdout.startswith(f"bazel in {consumer}/some package,")


def test_by_a_link(bazelw: Path, consumer: Path, tmp_path: Path) -> None:
    (tmp_path / "bin/bazelw").symlink_to(bazelw)
    done = call(tmp_path / "bin/bazelw", consumer, "test")
    assert done.stdout.startswith(f"bazel in {consumer},"), done.stderr


@pytest.mark.parametrize("file", ["MODULE.bazel", "REPO.bazel", "WORKSPACE", "WORKSPACE.bazel"])
def test_what_makes_a_repository(bazelw: Path, tmp_path: Path, file: str) -> None:
    folder = tmp_path / "own"
    folder.mkdir()
    (folder / "WORKSPACE.d").mkdir()
    assert call(bazelw, folder, "build").returncode == 1
    (folder / file).touch()
    assert call(bazelw, folder, "build").returncode == 0


@pytest.mark.parametrize("arguments", [["test", "//..."], ["--batch", "run", "x"]])
def test_in_no_repository(bazelw: Path, tmp_path: Path, arguments: list[str]) -> None:
    folder = tmp_path / "empty folder"
    folder.mkdir()
    done = call(bazelw, folder, *arguments)
    assert (done.returncode, done.stdout) == (1, "")
    assert f"bazelw: {folder} is in no Bazel repository" in done.stderr
    assert "docs/using-from-bazel.md" in done.stderr


@pytest.mark.parametrize("arguments", [["version"], ["help", "test"], []])
def test_what_needs_no_repository(bazelw: Path, tmp_path: Path, arguments: list[str]) -> None:
    assert call(bazelw, tmp_path, *arguments).stdout.startswith("bazel in")


def test_the_repositorys_own_version(bazelw: Path, consumer: Path) -> None:
    """Bazelisk looks for it itself; where there is none, it would take the newest one."""
    assert "version 7.7.1\n" in call(bazelw, consumer, "test", way="bazelisk").stdout
    (consumer / ".bazelversion").write_text("8.4.2\n")
    below = consumer / "some package"
    assert "version not said\n" in call(bazelw, below, "test", way="bazelisk").stdout


@pytest.fixture
def root(bazelw: Path, tmp_path: Path) -> Path:
    """A root that is there already, with nothing in it."""

    def said(function: str) -> str:
        return subprocess.run(
            [
                "bash",
                "-euc",
                f'source "$0"; {function}',
                bazelw.parent / "tools/bazel_root/common.sh",
            ],
            env={"PATH": os.environ["PATH"], "HOME": str(tmp_path / "home")},
            capture_output=True,
            text=True,
            check=True,
        ).stdout

    root = Path(said("root_path").strip())
    (root / "var/lib").mkdir(parents=True)
    # It has those of this machine already.
    (root / "var/lib/machine-certificates").write_text(said("machine_certificates"))
    return root


def test_in_the_root(bazelw: Path, consumer: Path, root: Path) -> None:
    """Bazel there has one version, and cannot read what another has locked."""
    done = call(bazelw, consumer / "some package", "test", "//...", way="root")
    said = done.stdout.splitlines()
    assert said[0].startswith("bwrap in ")
    assert said[said.index("<--chdir>") + 1] == f"<{consumer}/some package>"
    assert said[-3:] == [
        f"<--bazelrc={bazelw.parent}/tools/bazel_root/bazelrc>",
        "<test>",
        "<//...>",
    ]
    assert not any("MODULE.bazel.lock" in line for line in said)
    assert done.stderr == ""
    (consumer / "MODULE.bazel.lock").write_text('{"lockFileVersion": 13}')
    (consumer / ".bazelversion").write_text("8.4.2\n")
    done = call(bazelw, consumer, "test", way="root")
    said = done.stdout.splitlines()
    place = said.index(f"<{consumer}/MODULE.bazel.lock>")
    lock = f"{bazelw.parent}/tools/bazel_root/empty.lock"
    assert said[place - 2 : place] == ["<--ro-bind>", f"<{lock}>"]
    assert f"{consumer} asks for Bazel 8.4.2 (.bazelversion); here is only 7.7.1" in done.stderr
