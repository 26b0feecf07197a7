"""A library from the documents that a real Asterisk serves."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from replay.asterisk import Asterisk, require_asterisk
from testing.paths import repository_file

from tests.codegen.helpers import run, tree

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(scope="module")
def server() -> Iterator[Asterisk]:
    """An Asterisk whose documents lie below a prefix, as behind a proxy."""
    require_asterisk()
    with Asterisk(prefix="phone", password="a:b c") as started:
        yield started


def arguments(server: Asterisk, out: Path) -> list[str]:
    settings = repository_file("test_resources/ari/client.toml")
    return [
        "--lang=python",
        f"--resource={server.url}/api-docs/resources.json",
        f"--settings={settings}",
        f"--out={out}",
    ]


def credentials(server: Asterisk) -> dict[str, str]:
    return {"API_USERNAME": server.username, "API_PASSWORD": server.password}


def test_the_library_of_a_running_server(server: Asterisk, tmp_path: Path) -> None:
    done = run(*arguments(server, tmp_path / "served"), env=credentials(server))
    assert done.returncode == 0
    # Asterisk misspells a key of its own twice.
    assert {line.rpartition(": ")[2] for line in done.stderr.splitlines()} == {
        '"descriptioni" is not a key of a parameter; it is taken for description'
    }
    # The documents in this repository differ in their texts alone: the same files come out.
    folder = repository_file("test_resources/ari/resources.json").parent
    run("--lang=python", f"--dir={folder}", f"--out={tmp_path / 'stored'}")
    assert set(tree(tmp_path / "served")) == set(tree(tmp_path / "stored"))


def test_a_wrong_password(server: Asterisk, tmp_path: Path) -> None:
    wrong = {**credentials(server), "API_PASSWORD": "topsecret"}
    done = run(*arguments(server, tmp_path / "out"), env=wrong)
    assert done.returncode == 1
    assert "the server refused the user name or the password (HTTP status 401)" in done.stderr
    assert "topsecret" not in done.stderr
    assert not (tmp_path / "out").exists()


def test_a_server_without_ari_at_this_place(server: Asterisk, tmp_path: Path) -> None:
    options = [
        option.replace("/phone/ari/", "/ari/") for option in arguments(server, tmp_path / "out")
    ]
    done = run(*options, env=credentials(server))
    assert done.returncode == 1
    assert "the server has no such document: is the address right?" in done.stderr
