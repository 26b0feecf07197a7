"""Regular expressions that every language reads alike, and those that are not taken."""

from __future__ import annotations

import re

import pytest
from codegen.readers.patterns import portable


@pytest.mark.parametrize(
    ("pattern", "fits", "fits_not"),
    [
        ("^[0-9]+$", "12", "a12"),
        ("^([0-9]{1,18}|@me)$", "@me", "me"),
        ("^([0-9]{1,18}|@me|@([0-9]{1,18}[*])?[0-9]{1,18})$", "@1844*101", "@1844*"),
        (r"^\d{4}-\d{2}$", "2026-11", "2026_11"),
        (r"^a\.b$", "a.b", "axb"),
        (r"^\\d$", r"\d", "5"),
        ("^[^/]+$", "any thing", "a/b"),
        ("^(?:ab)?c$", "c", "abab"),
        ("^[a-z][a-z0-9_-]*$", "a-b_1", "1a"),
    ],
)
def test_taken(pattern: str, fits: str, fits_not: str) -> None:
    inner = portable(pattern)
    assert inner is not None
    assert re.fullmatch(inner, fits)
    assert not re.fullmatch(inner, fits_not)


@pytest.mark.parametrize(
    "pattern",
    [
        "[0-9]+",
        "^[0-9]+",
        "^a|b$",
        "^(a+)+$",
        "^(a|b)*$",
        "^(a){2}$",
        "^(?=a)a$",
        r"^(a)\1$",
        r"^\w+$",
        r"^\p{L}$",
        "^a+?$",
        "^a++$",
        "^.*$",
        "^(a$",
        "^a)$",
        "^[z-a]$",
        "^é$",
        "^a{2,1}$",
        "^" + "a" * 600 + "$",
        r"^a\$",
        "^[]$",
        r"^[\d]$",
    ],
)
def test_not_taken(pattern: str) -> None:
    assert portable(pattern) is None
