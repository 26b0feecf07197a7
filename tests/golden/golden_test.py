"""The libraries of a small API, compared with those kept here.

A difference that is meant is taken over by `./bazelw run //tests/golden:update`; what it changes is
then read in the commit.
"""

from __future__ import annotations

import difflib
from pathlib import Path

import pytest
from testing.paths import repository_file

from tests.golden.libraries import LANGUAGES, generated


def _text(content: bytes | None) -> list[str]:
    return [] if content is None else content.decode("utf-8").splitlines(keepends=True)


@pytest.mark.parametrize("language", LANGUAGES)
def test_library_is_the_golden_one(language: str, tmp_path: Path) -> None:
    expected = repository_file(f"tests/golden/{language}")
    golden = {
        path.relative_to(expected).as_posix(): path.read_bytes()
        for path in expected.rglob("*")
        # What a tool leaves there begins with a dot.
        if path.is_file()
        and not any(part.startswith(".") for part in path.relative_to(expected).parts)
    }
    new = generated(language, tmp_path)

    difference = [
        line
        for name in sorted(golden.keys() | new.keys())
        for line in difflib.unified_diff(
            _text(golden.get(name)),
            _text(new.get(name)),
            f"golden/{name}",
            f"generated/{name}",
            n=1,
        )
    ]

    assert not difference, "run //tests/golden:update if this is meant:\n" + "".join(difference)


def test_generating_twice_gives_the_same(tmp_path: Path) -> None:
    for language in LANGUAGES:
        assert generated(language, tmp_path / "a") == generated(language, tmp_path / "b")
