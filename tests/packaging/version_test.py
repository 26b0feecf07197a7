"""The version stands in one place, and what must repeat it does; a release changes it everywhere."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest
from codegen import __version__
from distribution import version
from distribution.version import CHANGELOG, MODULE, SOURCE, State, Wrong
from testing.paths import repository_file

DAY = date(2026, 1, 31)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Make a copy of what a version stands in, with a changelog of its own."""
    for place in (SOURCE, MODULE):
        (tmp_path / place).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(repository_file(place), tmp_path / place)
    write(tmp_path, "# Changelog\n\n## [Unreleased]\n\n- Something.\n")
    version._set(tmp_path, "1.2.0")
    return tmp_path


def write(project: Path, changelog: str) -> None:
    (project / CHANGELOG).write_text(changelog, "utf-8")


def test_all_places_agree() -> None:
    root = repository_file("MODULE.bazel").parent
    assert version.state(root).version == __version__


def test_a_release_and_what_comes_after_it(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = f"--root={project}"
    assert version.main([root]) == 0
    assert capsys.readouterr().out == "1.2.0, not released\n"
    assert version.main([root, "--release=1.2.0", "--date=2026-01-31"]) == 0
    assert capsys.readouterr().out == "1.2.0, released on 2026-01-31\n"
    assert version.main([root, "--begin=1.3.0"]) == 0
    assert (
        project / CHANGELOG
    ).read_text() == "# Changelog\n\n## [Unreleased]\n\n## [1.2.0] - 2026-01-31\n\n- Something.\n"
    assert '\n__version__ = "1.3.0"\n' in (project / SOURCE).read_text()
    assert '\n    version = "1.3.0",\n)\n' in (project / MODULE).read_text()
    # The versions of what the module needs are its own.
    assert (project / MODULE).read_text().replace("1.3.0", __version__) == repository_file(
        MODULE
    ).read_text()


def test_a_release_may_be_a_greater_one_than_was_thought(project: Path) -> None:
    version.release(project, "2.0.0", DAY)
    assert version.state(project) == State("2.0.0", DAY)


@pytest.mark.parametrize("place", [SOURCE, MODULE])
def test_places_that_do_not_agree(project: Path, place: str) -> None:
    path = project / place
    path.write_text(path.read_text().replace('"1.2.0"', '"1.2.1"'))
    with pytest.raises(Wrong, match=r"says 1\.2\.[01], .* says 1\.2\.[10]"):
        version.state(project)
    path.write_text("")
    with pytest.raises(Wrong, match="says no version"):
        version.state(project)


@pytest.mark.parametrize(
    ("changelog", "problem"),
    [
        ("", "begins neither with"),
        ("## [1.1.0] - 2026-01-01\n", "begins neither with"),
        ("## [Unreleased]\n## [1.2.0] - 2026-01-01\n", "a later one, not 1.2.0"),
        ("## [Unreleased]\n## [1.10.0] - 2026-01-01\n", "a later one, not 1.2.0"),
        ("## [1.2.0] - 2026-01-01\n## [Unreleased]\n", "comes first"),
        ("## [1.2.0] - 2026-02-30\n", "2026-02-30"),
        ("## [1.2.0]\n", "is not like"),
        ("## [1.2] - 2026-01-01\n## [1.1.0] - 2025-01-01\n", "three numbers"),
        ("## [1.2.0] - 2026-01-01\n## [1.10.0] - 2025-01-01\n", "must come before"),
        ("## [1.2.0] - 2026-01-01\n## [1.1.0] - 2026-01-02\n", "must come before"),
    ],
)
def test_changelogs_that_do_not_agree(project: Path, changelog: str, problem: str) -> None:
    write(project, changelog)
    with pytest.raises(Wrong, match=problem):
        version.state(project)


@pytest.mark.parametrize(
    ("changelog", "option", "problem"),
    [
        ("## [Unreleased]\n- X.\n", "--release=1.2", "three numbers"),
        ("## [Unreleased]\n- X.\n", "--release=1.2.0rc1", "three numbers"),
        ("## [Unreleased]\n- X.\n", "--release=01.2.0", "three numbers"),
        ("## [Unreleased]\n\n", "--release=1.2.0", "says nothing under"),
        ("## [1.2.0] - 2026-01-01\n", "--release=1.2.1", "nothing to release"),
        ("## [Unreleased]\n- X.\n## [1.1.0] - 2026-01-01\n", "--release=1.1.0", "is released"),
        ("## [Unreleased]\n- X.\n", "--begin=1.3.0", "release that first"),
        ("## [1.2.0] - 2026-01-01\n", "--begin=1.1.9", "is released"),
    ],
)
def test_what_is_refused_changes_nothing(
    project: Path, capsys: pytest.CaptureFixture[str], changelog: str, option: str, problem: str
) -> None:
    write(project, changelog)
    before = {place: (project / place).read_text() for place in (SOURCE, MODULE, CHANGELOG)}
    assert version.main([f"--root={project}", option]) == 1
    assert problem in capsys.readouterr().err
    assert {place: (project / place).read_text() for place in before} == before
