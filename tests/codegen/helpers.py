"""What the generator's tests share: small documents of one trait each, and a way to read them."""

from __future__ import annotations

import contextlib
import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest import mock

from codegen import cli, readers, settings, source
from codegen.problems import Problem, Problems, ProblemsFound, Text
from testing.paths import repository_file

if TYPE_CHECKING:
    from codegen.model import Api, Model, Operation, Parameter
    from codegen.readers import Description

Json = dict[str, Any]


def operation(nickname: str | None = "get", **keys: Any) -> Json:
    """An operation of Swagger 1.1; ``keys`` are added, and with the value None taken away."""
    made = {
        "httpMethod": "GET",
        "nickname": nickname,
        "summary": "Do it.",
        "responseClass": "void",
        **keys,
    }
    return {key: value for key, value in made.items() if value is not None}


def parameter(name: str | None = "q", **keys: Any) -> Json:
    """A query parameter; ``keys`` are added, and with the value None taken away."""
    made = {
        "name": name,
        "paramType": "query",
        "dataType": "string",
        "required": False,
        "allowMultiple": False,
        **keys,
    }
    return {key: value for key, value in made.items() if value is not None}


def document(*apis: tuple[str, Json], models: Json | None = None, **keys: Any) -> Json:
    """A resource document with operations, each with its path."""
    made = {
        "apiVersion": "1.0.0",
        "swaggerVersion": "1.1",
        "basePath": "http://localhost:1/nowhere",
        "resourcePath": "/api-docs/things.{format}",
        "apis": [{"path": path, "description": "", "operations": [op]} for path, op in apis],
        "models": models if models is not None else {},
        **keys,
    }
    return {key: value for key, value in made.items() if value is not None}


def model(name: str, properties: Json | None = None, **keys: Any) -> Json:
    """A model whose ``properties`` are types or whole properties."""
    made = {
        key: {"type": value, "required": True} if isinstance(value, str) else value
        for key, value in (properties or {}).items()
    }
    return {"id": name, "properties": made, **keys}


def write(folder: Path, documents: dict[str, Json | str], **keys: Any) -> Path:
    """Write a listing and its documents into ``folder``; a text is written as it is."""
    folder.mkdir(parents=True, exist_ok=True)
    listing = {
        "apiVersion": "1.0.0",
        "swaggerVersion": "1.1",
        "basePath": "http://localhost:1/nowhere",
        "apis": [{"path": f"/api-docs/{name}.{{format}}", "description": ""} for name in documents],
        **keys,
    }
    (folder / "resources.json").write_text(json.dumps(listing, indent=1), "utf-8")
    for name, content in documents.items():
        text = content if isinstance(content, str) else json.dumps(content, indent=1)
        (folder / f"{name}.json").write_text(text, "utf-8")
    return folder


def read(folder: Path) -> tuple[Description | None, list[Problem]]:
    """The description in ``folder`` (None if it cannot be read) and all problems."""
    problems = Problems()
    try:
        description = readers.read(source.open_folder(str(folder), problems), problems)
    except ProblemsFound:
        return None, problems.items
    return description, problems.items


def read_one(folder: Path, content: Json | str) -> tuple[Description | None, list[Problem]]:
    """The description of one resource document, ``things``."""
    return read(write(folder, {"things": content}))


def good(folder: Path, content: Json) -> Description:
    """The description of a document that must be read without any problem."""
    description, problems = read_one(folder, content)
    assert problems == []
    assert description is not None
    return description


def only_operation(description: Description | None) -> Operation:
    """The single operation of a description."""
    assert description is not None
    (found,) = [op for resource in description.resources for op in resource.operations]
    return found


def only_parameter(description: Description | None) -> Parameter:
    """The single parameter of the single operation of a description."""
    (found,) = only_operation(description).parameters
    return found


def models(description: Description | None) -> dict[str, Model]:
    """The models of a description by name."""
    assert description is not None
    return {str(found.name): found for found in description.models}


def apply(description: Description, toml: str, folder: Path) -> tuple[Api | None, list[Problem]]:
    """The model with the settings ``toml`` (None if they are wrong) and all problems."""
    problems = Problems()
    path = folder / "client.toml"
    path.write_text(toml, "utf-8")
    try:
        text, data = settings.load(str(path), problems)
        return settings.apply(description, data, text, problems), problems.items
    except ProblemsFound:
        return None, problems.items


def api_of(description: Description) -> Api:
    """The model without any settings."""
    return settings.apply(description, {}, Text("none"), Problems())


def errors(problems: list[Problem]) -> list[str]:
    """The errors among ``problems``: pointer and cause."""
    return [f"{p.pointer}: {p.cause}" for p in problems if p.level == "error"]


def warnings(problems: list[Problem]) -> list[str]:
    """The warnings among ``problems``: pointer and cause."""
    return [f"{p.pointer}: {p.cause}" for p in problems if p.level == "warning"]


def run(
    *arguments: str | Path, env: dict[str, str] | None = None, cwd: Path | None = None, **more: Any
) -> subprocess.CompletedProcess[str]:
    """Run the command line in a process of its own."""
    tools = repository_file("tools/codegen/cli.py").parent.parent
    path = os.pathsep.join([str(tools), *(p for p in sys.path if p)])
    environment = {**os.environ, "PYTHONPATH": path, **(env or {})}
    return subprocess.run(
        [sys.executable, "-m", "codegen", *map(str, arguments)],
        capture_output=True,
        text=True,
        env=environment,
        cwd=cwd,
        timeout=120,
        check=False,
        **more,
    )


def call(
    *arguments: str | Path, env: dict[str, str] | None = None, cwd: Path | None = None
) -> subprocess.CompletedProcess[str]:
    """Run the command line in this process, which is quicker."""
    out, err = io.StringIO(), io.StringIO()
    here = os.getcwd()
    given = list(map(str, arguments))
    with (
        mock.patch.dict(os.environ, env or {}),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        os.chdir(cwd or here)
        try:
            code = cli.main(given)
        except SystemExit as ended:
            code = ended.code if isinstance(ended.code, int) else 1
        finally:
            os.chdir(here)
    return subprocess.CompletedProcess(given, code, out.getvalue(), err.getvalue())


def tree(folder: Path) -> dict[str, bytes]:
    """All files below ``folder``: path → content."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
