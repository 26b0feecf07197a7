"""The same hostile texts and names, all in one API, through every language of this repository.

Here only what comes out as Python is looked at closely: it must compile, be imported and do nothing else.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from codegen import languages, output, renderer
from codegen.model import (
    DiscriminatorValue,
    Model,
    Names,
    OneOf,
    Parameter,
    Property,
    SecurityScheme,
    Type,
)
from codegen.text import DocText

from tests.codegen.helpers import (
    api_of,
    document,
    errors,
    model,
    operation,
    parameter,
    read_one,
    tree,
)
from tests.codegen.test_hostile import NAMES, PAYLOADS

if TYPE_CHECKING:
    from pathlib import Path

    from codegen.model import Api

_IMPORT_ALL = """
import importlib, pkgutil, sys
sys.path.insert(0, ".")
import pkg
for module in pkgutil.walk_packages(pkg.__path__, "pkg."):
    importlib.import_module(module.name)
for name in pkg.models.__all__:
    dir(getattr(pkg.models, name)({}))  # which decodes what its annotations say
assert not any(name in sys.modules for name in ("pwned", "evil"))
"""


def thing(payload: str, name: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """An operation and a model, named ``name`` and with ``payload`` in all their texts."""
    described = operation(
        f"op{name}",
        summary=payload,
        notes=payload,
        since=[payload],
        parameters=[
            parameter("thingId", paramType="path", required=True, description=payload),
            parameter(
                f"q{name}",
                description=payload,
                defaultValue=payload,
                allowableValues={"valueType": "LIST", "values": [payload, "b"]},
            ),
        ],
        errorResponses=[{"code": 404, "reason": payload}],
    )
    properties = {
        "id": "string",
        f"p{name}": {"type": "string", "description": payload, "enum": [payload]},
    }
    return described, model("Thing", properties, description=payload)


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Api:
    """An API of every payload and every name."""
    cases = [(payload, f"x{number}") for number, payload in enumerate(PAYLOADS)]
    cases += [("text", name[:60]) for name in NAMES]
    operations = []
    models: dict[str, Any] = {}
    for number, (payload, name) in enumerate(cases):
        described, made = thing(payload, name)
        kind = f"Thing{number}"
        described["responseClass"] = kind
        operations.append((f"/thing{number}/{{thingId}}", described))
        models[kind] = {**made, "id": kind}
        models[f"Ev{number}"] = model(f"Ev{number}", {f"t{name}": kind}, description=payload)
    operations.append(
        (
            "/events",
            operation(
                "listen",
                responseClass="Message",
                upgrade="websocket",
                parameters=[parameter("app", required=True, allowMultiple=True)],
            ),
        )
    )
    models["Message"] = model(
        "Message",
        {"type": "string"},
        discriminator="type",
        subTypes=[f"Ev{number}" for number in range(len(cases))],
    )
    description, problems = read_one(
        tmp_path_factory.mktemp("api"), document(*operations, models=models)
    )
    assert errors(problems) == []
    assert description is not None
    return api_of(description)


@pytest.mark.parametrize("language", sorted(languages.find()))
def test_the_library_is_laid_out_and_written(api: Api, tmp_path: Path, language: str) -> None:
    found = languages.find()[language]
    files = renderer.render(found.load(), api, "pkg", found.templates, found.runtime)
    output.Output(str(tmp_path / "out"), files).write()
    assert set(tree(tmp_path / "out")) == {*files, ".generated-files"}


def test_the_python_library_is_harmless(api: Api, tmp_path: Path) -> None:
    check_python(api, tmp_path)


def test_what_openapi_adds_is_harmless(api: Api, tmp_path: Path) -> None:
    texts = [DocText(payload) for payload in PAYLOADS]
    models = [
        replace(made, properties=(*made.properties, *hostile_properties(text, made)))
        for text, made in zip(texts, api.models, strict=False)
    ]
    keys = tuple(
        SecurityScheme(DocText(f"k{number}"), "api_key", text, text, "header")
        for number, text in enumerate(texts)
    )
    grant = SecurityScheme(DocText("grant"), "oauth2", token_url=texts[0], scopes=tuple(texts))
    resource = api.resources[0]
    operations = [
        replace(
            made,
            body=("json", "form", "multipart")[number % 3],
            content_type=texts[number % len(texts)],
            accept=texts[number % len(texts)],
            parameters=(
                *made.parameters,
                Parameter(DocText("a]b"), "field", Type("binary"), False),
            ),
        )
        for number, made in enumerate(resource.operations)
    ]
    check_python(
        replace(
            api,
            models=(*models, *api.models[len(models) :]),
            resources=(replace(resource, operations=tuple(operations)),),
            security=(*keys, grant),
        ),
        tmp_path,
    )


def hostile_properties(text: DocText, model: Model) -> tuple[Property, ...]:
    """Properties whose discriminators and choices are this text."""
    types = (Type("model", model.name), Type("string", format="base64"))
    one_of = OneOf(types, text, (DiscriminatorValue(text, model.name),))
    return (
        Property(DocText("one"), Type("any", one_of=one_of), False, choices=(text,)),
        Property(
            DocText("both"), Type("list", item=Type("any", one_of=one_of)), True, read_only=True
        ),
    )


def check_python(api: Api, tmp_path: Path) -> None:
    found = languages.find()["python"]
    files = renderer.render(found.load(), api, "pkg", found.templates, found.runtime)
    output.Output(str(tmp_path), files).write()
    for path, content in files.items():
        if path.endswith(".py"):
            compile(content, path, "exec")
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", _IMPORT_ALL],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(p for p in sys.path if p)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert not (tmp_path / "pwned").exists()


def readme_with(api: Api, language: str, example: str, package: str = "pkg") -> str:
    """The README of a library whose settings, those of ``pkg``, hold an example."""
    found = languages.find()[language]
    names = Names(language, "pkg", "Pkg", "pkg", DocText(example))
    told = replace(api, client=replace(api.client, names=(names,)))
    files = renderer.render(found.load(), told, package, found.templates, found.runtime)
    content = files["README.md"]
    return content if isinstance(content, str) else content.decode("utf-8")


def first_block(readme: str) -> tuple[list[str], list[str]]:
    """The lines of the first block of code as Markdown sees them, and those after it."""
    lines = re.split(r"\r\n|\n|\r", readme)
    start = next(number for number, line in enumerate(lines) if line.startswith("```"))
    fence = re.match("`+", lines[start])
    assert fence
    closing = re.compile(rf" {{0,3}}`{{{len(fence.group())},}}[ \t]*\Z")
    end = next(n for n, line in enumerate(lines) if n > start and closing.match(line))
    return lines[start + 1 : end], lines[end + 1 :]


@pytest.mark.parametrize("language", sorted(languages.find()))
def test_an_example_stays_in_its_block(api: Api, language: str) -> None:
    plain, rest = first_block(readme_with(api, language, "\nfirst\n\n\tlast\n"))
    assert plain == ["first", "", "\tlast"]
    payloads = [*PAYLOADS, "```", " ``````  ", "~~~", "\ud800"]
    block, after = first_block(readme_with(api, language, "\n".join(payloads)))
    assert after == rest
    assert [line for line in block if not line.replace("\t", "").isprintable()] == []
    assert {'"""', "```", " ``````  ", "~~~", "\\ud800", "{{ 7 * 7 }}"} <= set(block)


@pytest.mark.parametrize("language", sorted(languages.find()))
def test_the_example_is_of_one_package(api: Api, language: str) -> None:
    assert "A B C" in readme_with(api, language, "A B C")
    assert "A B C" not in readme_with(api, language, "A B C", package="other")
