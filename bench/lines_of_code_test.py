"""The generated library stays small: the one figure of the benchmarks that no machine changes."""

from __future__ import annotations

import pytest

from bench.lines_of_code import lines_of_code, main


@pytest.mark.parametrize(
    ("source", "count"),
    [
        ("", 0),
        ("# A remark.\n\n", 0),
        ('"""A docstring\n\nof three lines."""\n', 0),
        ('x = 1  # one\n"""What x is."""\n', 1),
        ("f(\n    1,\n\n    # two\n    2,\n)\n", 4),
        ('text = """\nnot a\ndocstring"""\n', 3),
        ('def f() -> None:\n    """Does nothing."""\n', 1),
    ],
)
def test_lines_of_code(source: str, count: int) -> None:
    assert lines_of_code(source) == count


def test_the_library_is_small(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 0, capsys.readouterr()
    assert "109 operations" in capsys.readouterr().out
