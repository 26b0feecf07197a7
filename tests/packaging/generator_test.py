"""The generator's wheel, installed into an empty environment of every Python at hand."""

from __future__ import annotations

from pathlib import Path

import pytest
from testing.interpreters import Environment, installed, interpreters
from testing.paths import repository_file


@pytest.fixture(scope="module", params=interpreters())
def environment(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Environment:
    """Install the generator where nothing else is but what it needs."""
    (wheel,) = repository_file("tools/codegen/wheel").glob("*.whl")
    made = Environment(interpreters()[request.param], tmp_path_factory.mktemp("environment") / "it")
    made.install(wheel)
    made.lend(installed("jinja2", "markupsafe"))
    return made


def test_brings_its_languages(environment: Environment) -> None:
    brought = environment.run("generate_library", "--list-languages").split()
    assert brought == ["javascript", "perl", "python"]


@pytest.mark.parametrize(
    ("language", "library"),
    [("javascript", "asteriskjs"), ("perl", "AsteriskPl"), ("python", "asteriskpy")],
)
def test_generates_what_bazel_generates(
    environment: Environment, tmp_path: Path, language: str, library: str
) -> None:
    """The same files, byte for byte, whatever the Python and wherever it runs.

    The lock is for those who have no Bazel that knows when to generate again.
    """
    documents = repository_file("test_resources/ari/resources.json").parent
    environment.run(
        *("generate_library", f"--lang={language}", f"--dir={documents}"),
        f"--out={tmp_path / 'library'}",
    )
    made, built = (
        contents(tmp_path / "library"),
        contents(repository_file(f"langs/{language}/{library}")),
    )
    assert made.keys() - built.keys() == {".generated-lock"}
    assert not built.keys() - made.keys()
    assert [name for name in built if made[name] != built[name]] == []
    shown = environment.run("generate_library", "--check", f"--out={tmp_path / 'library'}")
    assert shown == f"{language}: {tmp_path / 'library'} is up to date\n"


def contents(folder: Path) -> dict[str, bytes]:
    """Read all files below a folder, by their path in it."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
