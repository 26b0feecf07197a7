"""Compiled templates kept from one run to the next."""

from __future__ import annotations

import hashlib
import marshal
import os
import sys
from typing import TYPE_CHECKING

import pytest
from codegen import renderer, template_cache
from codegen.template_cache import TemplateCache
from codegen.text import Code

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(autouse=True)
def _bytecode(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", False)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "a.j2").write_text("one {{ x }}")
    return tmp_path


def lay_out(folder: Path) -> tuple[str, bool]:
    """What the template gives, and whether it had to be compiled."""
    cache = TemplateCache(folder / "cache" / "templates")
    env = renderer.environment(folder / "templates", {}, cache)
    result = env.get_template("a.j2").render(x=Code("x"))
    changed = cache._changed
    cache.save()
    return result, changed


def test_a_template_is_compiled_once(folder: Path) -> None:
    assert lay_out(folder) == ("one x", True)
    assert lay_out(folder) == ("one x", False)
    assert os.listdir(folder / "cache") == ["templates"]


def test_the_command_line_keeps_them(tmp_path: Path) -> None:
    import shutil

    from testing.paths import repository_file

    from tests.codegen.helpers import document, operation, run, write

    plain = repository_file("tests/codegen/languages/plain/language.py").parent
    shutil.copytree(
        plain, tmp_path / "langs" / "plain", ignore=shutil.ignore_patterns("__pycache__")
    )
    api = write(tmp_path / "api", {"things": document(("/things", operation()))})
    done = run(
        f"--languages={tmp_path / 'langs'}",
        "--lang=plain",
        f"--dir={api}",
        f"--out={tmp_path / 'out'}",
        env={"PYTHONDONTWRITEBYTECODE": ""},
    )
    assert done.returncode == 0
    assert list((tmp_path / "langs" / "plain" / "__pycache__").glob("templates.*.cache"))


def test_a_changed_template_is_compiled_again(folder: Path) -> None:
    lay_out(folder)
    (folder / "templates" / "a.j2").write_text("two {{ x }}")
    assert lay_out(folder) == ("two x", True)
    assert lay_out(folder) == ("two x", False)


def test_another_generator_compiles_again(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lay_out(folder)
    monkeypatch.setattr(template_cache, "__version__", "999")
    assert lay_out(folder) == ("one x", True)


@pytest.mark.parametrize("spoil", ["cut", "changed", "emptied", "other"])
def test_a_spoilt_file_is_made_anew(folder: Path, spoil: str) -> None:
    lay_out(folder)
    path = folder / "cache" / "templates"
    content = path.read_bytes()
    other = marshal.dumps(5)
    path.write_bytes(
        {
            "cut": content[:-10],
            "changed": content[:60] + b"\xff" + content[61:],
            "emptied": b"",
            "other": hashlib.sha256(other).digest() + other,
        }[spoil]
    )
    assert lay_out(folder) == ("one x", True)
    assert lay_out(folder) == ("one x", False)


def test_where_nothing_can_be_written(folder: Path) -> None:
    (folder / "cache").write_text("in the way")
    assert lay_out(folder) == ("one x", True)
    assert lay_out(folder) == ("one x", True)


def test_where_python_keeps_no_bytecode(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    lay_out(folder)
    assert not (folder / "cache").exists()


def test_old_templates_do_not_gather(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(template_cache, "_LIMIT", 3)
    kept = []
    for number in range(7):
        (folder / "templates" / f"{number}.j2").write_text(f"{number}")
        cache = TemplateCache(folder / "cache" / "templates")
        renderer.environment(folder / "templates", {}, cache).get_template(f"{number}.j2")
        cache.save()
        kept.append(len(TemplateCache(folder / "cache" / "templates")._codes))
    assert kept == [1, 2, 3, 1, 2, 3, 1]


def test_the_place_is_pythons_own(folder: Path) -> None:
    place = template_cache.place(folder / "language.py")
    assert place.parent == folder / "__pycache__"
