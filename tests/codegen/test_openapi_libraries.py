"""From files in Swagger 2 and OpenAPI 3 to libraries: the command line, the rules, every language."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

import pytest
from testing.paths import repository_file

from tests.codegen.helpers import run, tree

if TYPE_CHECKING:
    from pathlib import Path

DOCUMENTS = ["garden/openapi.yaml", "garden.json", "bridges.yaml"]


def document(name: str) -> Path:
    return repository_file(f"tests/codegen/documents/{name}")


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_language(tmp_path: Path, name: str) -> None:
    listed = run("--list-languages").stdout.split()
    done = run(
        "--lang=all", f"--resource={document(name)}", f"--out={tmp_path / 'out'}", "--strict"
    )
    assert (done.returncode, done.stderr) == (0, "")
    for language in listed:
        files = tree(tmp_path / "out" / language)
        assert len(files) > 10
        for path, content in files.items():
            if path.endswith(".py"):
                compile(content, path, "exec")


def test_the_folder_of_such_a_document(tmp_path: Path) -> None:
    by_file = run(f"--resource={document('garden/openapi.yaml')}", "--dump-model")
    by_folder = run(f"--dir={document('garden/openapi.yaml').parent}", "--dump-model")
    assert (by_folder.returncode, by_folder.stderr) == (0, "")
    assert by_folder.stdout == by_file.stdout
    (tmp_path / "openapi.json").write_text(document("garden.json").read_text())
    (tmp_path / "swagger.yml").write_text("")
    both = run(f"--dir={tmp_path}", "--dump-model")
    assert both.returncode == 0
    assert "swagger.yml: warning: openapi.json is read, and this is not" in both.stderr


def test_warnings_and_strict(tmp_path: Path) -> None:
    data = json.loads(document("garden.json").read_text())
    data["paths"]["/plants"]["get"]["operationID"] = "x"
    path = tmp_path / "garden.json"
    path.write_text(json.dumps(data, indent=1))
    done = run(f"--resource={path}", "--dump-model=m.json", cwd=tmp_path)
    assert done.returncode == 0
    assert (
        f'{path}:39 /paths/~1plants/get/operationID: warning: "operationID" is not a key'
        in done.stderr
    )
    (tmp_path / "m.json").unlink()
    strict = run(f"--resource={path}", "--dump-model=m.json", "--strict", cwd=tmp_path)
    assert strict.returncode == 1
    assert not (tmp_path / "m.json").exists()


def test_the_same_whatever_the_hash_seed(tmp_path: Path) -> None:
    made = set()
    for seed in ("0", "1", "42"):
        done = run(
            f"--resource={document('garden/openapi.yaml')}",
            "--dump-model",
            env={"PYTHONHASHSEED": seed},
        )
        made.add(done.stdout)
    assert len(made) == 1


@pytest.mark.skipif(
    "RUNFILES_DIR" not in os.environ, reason="what the rule makes is there under Bazel only"
)
def test_the_rule_reads_what_the_command_line_reads() -> None:
    built = repository_file("tests/codegen/garden.model.json").read_text("utf-8")
    said = run(f"--resource={document('garden/openapi.yaml')}", "--dump-model").stdout
    assert built == said
    assert json.loads(built)["api"]["client"]["url"] == "https://garden.example/v1"
