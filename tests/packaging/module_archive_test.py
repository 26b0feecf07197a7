"""What Bazel takes of a release: the files of one commit, always the same, and a registry that leads to them."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import shutil
import subprocess
import tarfile
from datetime import date
from pathlib import Path

import pytest
from distribution import module_archive, version
from testing.paths import repository_file

pytestmark = pytest.mark.skipif(not shutil.which("git"), reason="no git is installed")

#: Nobody's own settings of git are seen but those that a test makes.
ENVIRONMENT = {
    "PATH": os.environ["PATH"],
    "GIT_CONFIG_NOSYSTEM": "1",
    **{f"GIT_{who}_{what}": "x" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")},
    **{f"GIT_{who}_DATE": "2026-01-31T12:00:00+00:00" for who in ("AUTHOR", "COMMITTER")},
}


def git(project: Path, *words: str) -> None:
    subprocess.run(
        ["git", *words], cwd=project, env={**ENVIRONMENT, "HOME": str(project.parent)}, check=True
    )


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make a checkout of what a version stands in, where 1.2.0 is released and has its tag."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    root = tmp_path / "project"
    for place in (version.SOURCE, version.MODULE, version.CHANGELOG):
        (root / place).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(repository_file(place), root / place)
    (root / version.CHANGELOG).write_text("## [Unreleased]\n\n- Something.\n")
    (root / "program").write_text("#!/bin/sh\n")
    (root / "program").chmod(0o755)
    version.release(root, "1.2.0", date(2026, 1, 31))
    git(root, "init", "--quiet")
    git(root, "add", ".")
    git(root, "commit", "--quiet", "--message=Release")
    git(root, "tag", "v1.2.0")
    return root


def pack(project: Path, *arguments: str) -> int:
    return module_archive.main([f"--root={project}", *arguments])


def test_the_files_of_the_tag_whatever_lies_about(project: Path, tmp_path: Path) -> None:
    assert pack(project, "1.2.0", f"--out={tmp_path / 'one'}") == 0
    # Others have other settings, have gone on, and have files of their own.
    git(project, "config", "tar.umask", "0077")
    git(project, "config", "core.autocrlf", "true")
    attributes = tmp_path / "attributes"
    attributes.write_text("program export-ignore\n")
    git(project, "config", "core.attributesFile", str(attributes))
    (project / "own").write_text("")
    version.begin(project, "1.3.0")
    git(project, "commit", "--quiet", "--all", "--message=Later")
    assert pack(project, "1.2.0", f"--out={tmp_path / 'two'}") == 0
    name = "asterisk_rest_libraries-bazel-1.2.0.tar.gz"
    content = (tmp_path / "one" / name).read_bytes()
    assert (tmp_path / "two" / name).read_bytes() == content
    assert content[4:8] == bytes(4), "gzip's header has no time in it"
    assert (
        tmp_path / "one/SHA256SUMS"
    ).read_text() == f"{hashlib.sha256(content).hexdigest()}  {name}\n"
    with tarfile.open(tmp_path / "one" / name) as archive:
        modes = {member.name: member.mode for member in archive if member.isfile()}
    prefix = "asterisk_rest_libraries-1.2.0"
    assert modes == {
        f"{prefix}/CHANGELOG.md": 0o644,
        f"{prefix}/MODULE.bazel": 0o644,
        f"{prefix}/program": 0o755,
        f"{prefix}/tools/codegen/__init__.py": 0o644,
    }


def test_its_entry_in_a_registry(project: Path, tmp_path: Path) -> None:
    registry = tmp_path / "registry"
    module = registry / "modules" / "asterisk_rest_libraries"
    module.mkdir(parents=True)
    earlier = {"versions": ["1.1.0"], "maintainers": [{"github": "x"}], "own": 1}
    (module / "metadata.json").write_text(json.dumps(earlier))
    url = "https://downloads.example/a.tar.gz"
    arguments = ("1.2.0", f"--out={tmp_path / 'out'}", f"--registry={registry}", f"--url={url}")
    for _ in range(2):
        assert pack(project, *arguments) == 0
    (archive,) = (tmp_path / "out").glob("*.tar.gz")
    digest = base64.b64encode(hashlib.sha256(archive.read_bytes()).digest()).decode()
    assert json.loads((module / "1.2.0/source.json").read_text()) == {
        "integrity": f"sha256-{digest}",
        "strip_prefix": "asterisk_rest_libraries-1.2.0",
        "url": url,
    }
    assert (module / "1.2.0/MODULE.bazel").read_bytes() == (project / "MODULE.bazel").read_bytes()
    metadata = json.loads((module / "metadata.json").read_text())
    assert metadata["versions"] == ["1.1.0", "1.2.0"]
    assert metadata["maintainers"] == [{"github": "x"}]
    assert metadata["own"] == 1
    assert metadata["repository"] == ["github:asterisk/asterisk_rest_libraries"]


def test_what_is_no_release_is_refused(
    project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = f"--out={tmp_path / 'out'}"
    assert pack(project, "1.1.0", out) == 1
    assert "v1.1.0" in capsys.readouterr().err
    assert pack(project, "1.1.0", "--commit=v1.2.0", out) == 1
    assert "v1.2.0 is 1.2.0, not 1.1.0" in capsys.readouterr().err
    version.begin(project, "1.3.0")
    git(project, "commit", "--quiet", "--all", "--message=Later")
    assert pack(project, "1.3.0", "--commit=HEAD", out) == 1
    assert "has not released 1.3.0" in capsys.readouterr().err
    git(project, "rm", "--quiet", "CHANGELOG.md")
    git(project, "commit", "--quiet", "--message=Without")
    assert pack(project, "1.3.0", "--commit=HEAD", out) == 1
    assert "the commit has no CHANGELOG.md" in capsys.readouterr().err
    assert not list((tmp_path / "out").iterdir())
