"""Finding languages, and loading them."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest
from codegen import languages
from codegen.problems import GenerationError
from testing.paths import repository_file

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def plain(tmp_path: Path) -> Path:
    """A folder with the tests' own language."""
    source = repository_file("tests/codegen/languages/plain/language.py").parent
    shutil.copytree(source, tmp_path / "langs" / "plain")
    return tmp_path / "langs"


def test_templates_in_the_languages_own_folder(plain: Path) -> None:
    found = languages.find(str(plain))["plain"]
    assert found.templates == plain / "plain" / "templates"
    assert found.runtime == plain / "plain" / "runtime"
    assert found.load().name == "plain"


def test_the_repositorys_own_languages(plain: Path) -> None:
    assert "python" in languages.find()
    assert {"plain", "python"} <= set(languages.find(str(plain)))


def test_templates_beside_the_languages(plain: Path) -> None:
    (plain / "plain" / "templates").rename(plain.parent / "temp")
    (plain.parent / "templates").mkdir()
    (plain.parent / "temp").rename(plain.parent / "templates" / "plain")
    assert languages.find(str(plain))["plain"].templates == plain.parent / "templates" / "plain"


def test_templates_elsewhere(plain: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (plain / "plain" / "templates").rename(tmp_path / "elsewhere" / "plain")
    found = languages.find(f"{plain}:{tmp_path / 'elsewhere'}")
    assert found["plain"].templates == tmp_path / "elsewhere" / "plain"


def test_a_folder_without_templates_is_no_language(plain: Path) -> None:
    shutil.rmtree(plain / "plain" / "templates")
    with pytest.raises(GenerationError, match="holds no languages"):
        languages.find(str(plain))


def test_no_such_folder(tmp_path: Path) -> None:
    with pytest.raises(GenerationError, match="there is no folder"):
        languages.find(str(tmp_path / "nowhere"))


def test_choosing(plain: Path) -> None:
    found = {"plain": languages.find(str(plain))["plain"]}
    assert languages.choose("plain", found) == [found["plain"]]
    assert languages.choose("all", found) == [found["plain"]]
    with pytest.raises(
        GenerationError, match=r'no language "plan" \(did you mean plain\?\); there are: plain'
    ):
        languages.choose("plan", found)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("import nothing_of_this_name", "cannot be loaded: No module named"),
        ("def", "cannot be loaded: invalid syntax"),
        ("LANGUAGE = 5", "has no LANGUAGE"),
        ("", "has no LANGUAGE"),
    ],
)
def test_a_language_that_cannot_be_loaded(plain: Path, content: str, expected: str) -> None:
    (plain / "plain" / "language.py").write_text(content)
    with pytest.raises(GenerationError, match=expected):
        languages.find(str(plain))["plain"].load()
