"""The same project gives the same wheel."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from distribution.build_wheel import SOURCE_DATE_EPOCH, main
from testing.paths import repository_file


def the_wheel(folder: Path) -> Path:
    """Give the only file in a folder."""
    (wheel,) = folder.iterdir()
    return wheel


def test_same_wheel_from_other_folders_modes_and_times(tmp_path: Path) -> None:
    project = tmp_path / "somewhere" / "else"
    shutil.copytree(
        repository_file("langs/python/asteriskpy"), project, copy_function=shutil.copyfile
    )
    for path in project.rglob("*.py"):
        path.chmod(0o600)
        os.utime(path, (1_000_000_000, 1_000_000_000))
    out = tmp_path / "out"
    out.mkdir()
    assert main([f"--out={out}", f"--tree={project}"]) == 0
    built = the_wheel(repository_file("langs/python/wheel"))
    assert the_wheel(out).name == built.name
    assert the_wheel(out).read_bytes() == built.read_bytes()


def test_same_wheel_by_the_backend_alone(tmp_path: Path) -> None:
    """What `pip wheel` does with the folder, outside of Bazel."""
    project = tmp_path / "project"
    shutil.copytree(
        repository_file("langs/python/asteriskpy"), project, copy_function=shutil.copyfile
    )
    out = tmp_path / "out"
    out.mkdir()
    subprocess.run(
        [
            sys.executable,
            "-c",
            "import sys; from flit_core.buildapi import build_wheel as b; b(sys.argv[1])",
            out,
        ],
        cwd=project,
        env={
            **os.environ,
            "PYTHONPATH": os.pathsep.join(sys.path),
            "SOURCE_DATE_EPOCH": SOURCE_DATE_EPOCH,
        },
        check=True,
    )
    assert (
        the_wheel(out).read_bytes() == the_wheel(repository_file("langs/python/wheel")).read_bytes()
    )
