"""A library from the documents that a real Asterisk serves."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from replay.asterisk import Asterisk, require_asterisk
from testing.interpreters import Environment, installed
from testing.paths import repository_file

from tests.codegen.helpers import run, tree

if TYPE_CHECKING:
    from collections.abc import Iterator


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


def test_is_a_running_servers_library_up_to_date(server: Asterisk, tmp_path: Path) -> None:
    out = tmp_path / "served"
    given = arguments(server, out)
    assert run(*given, env=credentials(server)).returncode == 0
    lock = (out / ".generated-lock").read_text("ascii")
    assert json.loads(lock)["documents"]["resource"] == f"{server.url}/api-docs/resources.json"
    assert server.username not in lock
    assert server.password not in lock

    done = run("--check", *given[1:], env=credentials(server))
    assert (done.returncode, done.stdout) == (0, f"python: {out} is up to date\n")
    # By another name, which the server puts into its documents.
    renamed = given[1].replace("127.0.0.1", "localhost")
    assert renamed != given[1]
    assert run("--check", renamed, f"--out={out}", env=credentials(server)).returncode == 0
    # An address that stands in a file gets no password.
    done = run("--check", f"--out={out}", env=credentials(server))
    assert (done.returncode, done.stdout) == (2, "")
    assert "repeat it as --resource" in done.stderr

    folder = repository_file("test_resources/ari/resources.json").parent
    done = run("--check", f"--out={out}", f"--dir={folder}")
    assert done.returncode == 1
    assert f"  the documents changed: {folder}\n" in done.stdout


def test_the_documents_of_this_repository_and_a_running_server(server: Asterisk) -> None:
    folder = repository_file("test_resources/ari/resources.json").parent
    address = f"{server.url}/api-docs/resources.json"
    done = run("--diff", folder, address, "--format=json", env=credentials(server))
    assert done.returncode == 0
    counts = json.loads(done.stdout)["counts"]
    # They are told in other words, and nothing else.
    assert (counts["breaking"], counts["compatible"]) == (0, 0)
    assert counts["documentation"] > 100


@pytest.mark.skipif("RUNFILES_DIR" not in os.environ, reason="the wheel is there under Bazel only")
def test_the_installed_generator_needs_no_bazel(server: Asterisk, tmp_path: Path) -> None:
    (wheel,) = repository_file("tools/codegen/wheel").glob("*.whl")
    environment = Environment(Path(sys.executable), tmp_path / "environment")
    environment.install(wheel)
    environment.lend(installed("jinja2", "markupsafe", "requests", "urllib3", "idna", "certifi"))
    given = arguments(server, tmp_path / "library")
    known = credentials(server)
    assert "python: " in environment.run("generate_library", *given, **known)
    said = environment.run("generate_library", "--check", *given, **known)
    assert said.endswith("library is up to date\n")
