"""Swagger 2 and OpenAPI documents that try to break the reader, or to put code into what is generated."""

from __future__ import annotations

import ast
import json
import time
from typing import TYPE_CHECKING, Any

import pytest
from codegen import languages, model_json, output, renderer
from codegen.naming import Scope, kept, kept_class, snake

from tests.codegen.helpers import api_of, errors, run, tree
from tests.codegen.openapi_helpers import (
    Json,
    get,
    giving,
    good,
    operations,
    read,
    reference,
    taking,
    three,
    two,
    warned,
)
from tests.codegen.test_hostile import PAYLOADS

if TYPE_CHECKING:
    from pathlib import Path

THING: Json = {"type": "object", "properties": {"id": {"type": "string"}}}


def result(schema: Json, schemas: Json | None = None, **keys: Any) -> Json:
    return three({"/things": {"get": get(responses=giving(schema))}}, schemas, **keys)


def quick(folder: Path, content: Json | str, name: str = "openapi.json") -> list[str]:
    """The errors of a document that must be dealt with in a moment."""
    start = time.process_time()
    description, problems = read(folder, content, name)
    if description is not None:
        assert len(model_json.serialize(api_of(description))) < 5_000_000
    assert time.process_time() - start < 5
    return [p.cause for p in problems if p.level == "error"]


# --- documents that grow


def test_types_that_double_at_each_reference(tmp_path: Path) -> None:
    schemas: Json = {"T20": {"type": "string"}}
    for n in range(20):
        below = reference(f"T{n + 1}")
        schemas[f"T{n}"] = {
            "oneOf": [
                {"type": "array", "items": below},
                {"type": "object", "additionalProperties": below},
            ]
        }
    assert quick(tmp_path, result(reference("T0"), schemas)) == []


def test_lists_of_lists_without_end(tmp_path: Path) -> None:
    schemas: Json = {
        f"T{n}": {"type": "array", "items": reference(f"T{n + 1}")} for n in range(500)
    }
    schemas["T500"] = {"type": "string"}
    assert "the schemas are nested too deeply" in quick(tmp_path, result(reference("T0"), schemas))


def test_properties_that_double_at_each_reference(tmp_path: Path) -> None:
    schemas: Json = {
        f"A{n}": {
            "allOf": [
                reference(f"A{n + 1}"),
                {"$ref": f"#/components/schemas/A{n + 1}"},
                reference(f"B{n + 1}"),
            ]
        }
        for n in range(40)
    }
    schemas |= {
        f"B{n}": {"allOf": [reference(f"A{n + 1}"), reference(f"B{n + 1}")]} for n in range(1, 40)
    }
    schemas |= {"A40": THING, "B40": THING}
    assert quick(tmp_path, result(reference("A0"), schemas)) == []


def test_models_that_refer_to_each_other(tmp_path: Path) -> None:
    names = [f"M{n}" for n in range(60)]
    schemas = {
        name: {"type": "object", "properties": {other: reference(other) for other in names}}
        for name in names
    }
    assert quick(tmp_path, result(reference("M0"), schemas)) == []


def test_a_long_chain_of_bases(tmp_path: Path) -> None:
    schemas: Json = {
        f"A{n}": {
            "allOf": [reference(f"A{n + 1}"), {"type": "object", "properties": {f"p{n}": {}}}]
        }
        for n in range(100)
    }
    schemas["A100"] = THING
    assert set(quick(tmp_path, result(reference("A0"), schemas))) == {
        "the schemas are made of each other without end"
    }


def test_schemas_within_each_other(tmp_path: Path) -> None:
    schema: Json = {"type": "string"}
    for n in range(200):
        schema = (
            {"type": "object", "properties": {"p": schema}}
            if n % 2
            else {"type": "array", "items": schema}
        )
    assert quick(tmp_path, result(schema)) in ([], ["the schemas are nested too deeply"])
    schema = {"type": "string"}
    for _ in range(200):
        schema = {"type": "array", "items": schema}
    assert quick(tmp_path, result(schema)) == ["the schemas are nested too deeply"]
    schema = THING
    for _ in range(200):
        schema = {"allOf": [schema]}
    assert len(quick(tmp_path, result(schema))) <= 1


def test_a_document_that_is_nested_without_end(tmp_path: Path) -> None:
    (cause,) = quick(tmp_path, '{"openapi": "3.0.0", "x-a": ' + "[" * 100_000)
    assert cause == "the document is nested too deeply"
    (cause,) = quick(tmp_path, "openapi: 3.0.0\nx-a: " + "[" * 100_000, "openapi.yaml")
    assert cause == "the document is nested too deeply"


def test_aliases_that_grow_without_end(tmp_path: Path) -> None:
    text = "openapi: 3.0.0\na0: &a0 {type: object, properties: {a: {type: string}}}\n"
    for n in range(1, 30):
        text += f"a{n}: &a{n} {{type: object, properties: {{{', '.join(f'p{m}: *a{n - 1}' for m in range(9))}}}}}\n"
    text += "components: {schemas: {A: *a29}}\n"
    assert quick(tmp_path, text, "openapi.yaml") == ["the document's aliases repeat too much of it"]


def test_a_tag_that_would_run_code(tmp_path: Path) -> None:
    marker = tmp_path / "pwned"
    text = f"openapi: 3.0.0\ninfo: !!python/object/apply:os.system ['touch {marker}']\n"
    _, problems = read(tmp_path, text, "openapi.yaml")
    assert [(p.line, p.cause) for p in problems] == [
        (2, "the tag tag:yaml.org,2002:python/object/apply:os.system is not one of JSON's values")
    ]
    assert not marker.exists()


# --- values of odd kinds


ODD: list[Any] = [None, True, 5, 1e400, -0.0, 10**30, "", "x", [], [1], {}, {"a": 1}, [[]], [None]]


def test_odd_values_everywhere(tmp_path: Path) -> None:
    """Wherever a value of another kind stands, the end is a list of problems and never a crash."""
    content = three(
        {
            "/things/{id}": {
                "parameters": [
                    {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}
                ],
                "put": get(
                    {
                        "name": "l",
                        "in": "query",
                        "style": "form",
                        "explode": False,
                        "schema": {
                            "type": "array",
                            "items": {"type": "string", "enum": ["a"]},
                            "default": ["a"],
                        },
                    },
                    {
                        "name": "j",
                        "in": "query",
                        "content": {"application/json": {"schema": {"type": "object"}}},
                    },
                    tags=["t"],
                    summary="S",
                    security=[{"k": []}],
                    requestBody={
                        "content": {
                            "multipart/form-data": {
                                "schema": {
                                    "type": "object",
                                    "properties": {
                                        "f": {"type": "string", "format": "binary"},
                                        "n": {"type": "integer", "minimum": 1, "maximum": 9},
                                    },
                                    "required": ["f"],
                                },
                                "encoding": {"n": {"style": "form"}},
                            }
                        }
                    },
                    responses=giving(reference("Pet")) | {"default": {"description": "D"}},
                ),
            }
        },
        {
            "Pet": {
                "type": "object",
                "properties": {"kind": {"type": "string"}},
                "required": ["kind"],
                "discriminator": {"propertyName": "kind", "mapping": {"c": "Cat"}},
            },
            "Cat": {
                "allOf": [
                    reference("Pet"),
                    {"properties": {"x": {"oneOf": [{"type": "string"}, {"const": 4}]}}},
                ]
            },
            "Map": {
                "type": ["object", "null"],
                "additionalProperties": {"type": "integer", "readOnly": True},
            },
        },
        openapi="3.1.0",
        servers=[{"url": "https://{h}", "variables": {"h": {"default": "x.example"}}}],
        tags=[{"name": "t", "description": "D"}],
        components={
            "securitySchemes": {
                "k": {
                    "type": "oauth2",
                    "flows": {"clientCredentials": {"tokenUrl": "/t", "scopes": {"a": "b"}}},
                }
            }
        },
    )
    good(tmp_path, content)
    tried = 0
    for path in list(places(content)):
        if path == ("openapi",):
            continue
        for value in ODD:
            changed = json.loads(json.dumps(content))
            at = changed
            for key in path[:-1]:
                at = at[key]
            at[path[-1]] = value
            description, _ = read(tmp_path, json.dumps(changed).replace("Infinity", "1e400"))
            if description is not None:
                model_json.serialize(api_of(description))
            tried += 1
    assert tried > 1000


def places(value: Any, path: tuple[str | int, ...] = ()) -> Any:
    """The way to every value within ``value``."""
    items = (
        value.items()
        if isinstance(value, dict)
        else enumerate(value)
        if isinstance(value, list)
        else ()
    )
    for key, below in items:
        yield (*path, key)
        yield from places(below, (*path, key))


def test_odd_values_everywhere_in_2_0(tmp_path: Path) -> None:
    content = two(
        {
            "/things/{id}": {
                "put": get(
                    {"name": "id", "in": "path", "required": True, "type": "string"},
                    {
                        "name": "l",
                        "in": "formData",
                        "type": "array",
                        "items": {"type": "string"},
                        "collectionFormat": "csv",
                    },
                    {"name": "f", "in": "formData", "type": "file"},
                    consumes=["multipart/form-data"],
                    responses={"200": {"description": "", "schema": {"$ref": "#/definitions/Pet"}}},
                ),
                "post": get(
                    {"name": "id", "in": "path", "required": True, "type": "string"},
                    {"name": "b", "in": "body", "schema": {"$ref": "#/definitions/Pet"}},
                    operation_id="p",
                ),
            }
        },
        {
            "Pet": {
                "type": "object",
                "properties": {"k": {"type": "string"}},
                "discriminator": "k",
                "required": ["k"],
            }
        },
        host="x.example",
        basePath="/v1",
        schemes=["https"],
        produces=["application/json"],
        securityDefinitions={
            "o": {"type": "oauth2", "flow": "application", "tokenUrl": "/t", "scopes": {"a": "b"}}
        },
        security=[{"o": ["a"]}],
    )
    good(tmp_path, content)
    for path in list(places(content)):
        if path == ("swagger",):
            continue
        for value in ODD:
            changed = json.loads(json.dumps(content))
            at = changed
            for key in path[:-1]:
                at = at[key]
            at[path[-1]] = value
            description, _ = read(tmp_path, json.dumps(changed).replace("Infinity", "1e400"))
            if description is not None:
                model_json.serialize(api_of(description))


def test_names_that_are_hard_to_be_named(tmp_path: Path) -> None:
    """Whatever can be read can be named by a language."""
    names = [
        "",
        " ",
        "*",
        "$",
        "__proto__",
        "a b",
        "é",
        "日本",
        "\U0001f600",
        "\x00",
        "-",
        "_",
        "1",
        "class",
        "a" * 300,
    ]
    schemas = {
        name: {"type": "object", "properties": {key: {"type": "string"} for key in names}}
        for name in names
    }
    paths = {
        f"/p{n}": {
            "post": get(
                *(
                    {"name": other, "in": "query", "schema": {"type": "string"}}
                    for other in names
                    if other.strip()
                ),
                operation_id=name,
                tags=[name],
                requestBody=taking(
                    {
                        "type": "object",
                        "properties": {
                            key: {"type": "object", "properties": {"a": {}}} for key in names
                        },
                    }
                ),
            )
        }
        for n, name in enumerate(names)
    }
    description, problems = read(tmp_path, three(paths, schemas))
    assert errors(problems) == []
    assert description is not None
    scope = Scope(kept_class)
    for model in description.models:
        scope.add(model.name)
        for item in model.properties:
            kept(item.name)
    for resource in description.resources:
        snake(resource.name)
        for operation in resource.operations:
            snake(operation.name)
            for parameter in operation.parameters:
                snake(parameter.name)


def test_half_a_character(tmp_path: Path) -> None:
    text = json.dumps(three({"/t": {"get": get(summary="\ud800", tags=["\udfff"])}}))
    _, problems = read(tmp_path, text)
    assert {p.cause for p in problems if p.level == "error"} == {"this text is not valid Unicode"}


# --- texts that would like to be code


def hostile(payload: str) -> Json:
    """A document with ``payload`` in every text where any text is possible."""
    schema = {"type": "string", "description": payload, "enum": [payload], "default": payload}
    return three(
        {
            "/things/{id}": {
                "post": get(
                    {
                        "name": "id",
                        "in": "path",
                        "required": True,
                        "description": payload,
                        "schema": schema,
                    },
                    {
                        "name": "q" + payload[:500],
                        "in": "query",
                        "description": payload,
                        "schema": schema,
                    },
                    operation_id="op" + payload[:500],
                    summary=payload,
                    description=payload + ".",
                    tags=["tag" + payload[:500]],
                    requestBody=taking(
                        {"type": "object", "properties": {"f" + payload[:500]: schema}}
                    ),
                    responses=giving({"$ref": "#/components/schemas/Thing"})
                    | {"404": {"description": payload}},
                )
            }
        },
        {
            "Thing": {
                "type": "object",
                "description": payload,
                "properties": {
                    "p" + payload[:500]: schema,
                    "deep": {"type": "object", "properties": {"x" + payload[:500]: schema}},
                },
            }
        },
        info={"title": "T" + payload[:500], "description": payload, "version": payload[:100]},
        tags=[{"name": "tag" + payload[:500], "description": payload}],
        servers=[{"url": "https://x.example/" + payload[:50]}],
        components={
            "securitySchemes": {
                "s" + payload[:500]: {"type": "http", "scheme": "bearer", "description": payload}
            }
        },
    )


@pytest.mark.parametrize("payload", PAYLOADS, ids=lambda payload: ascii(payload)[:20])
def test_texts_stay_texts(tmp_path: Path, payload: str) -> None:
    description, problems = read(tmp_path, hostile(payload))
    assert errors(problems) == []
    assert description is not None
    python = languages.find()["python"]
    files = renderer.render(
        python.load(), api_of(description), "safe", python.templates, python.runtime
    )
    output.Output(str(tmp_path / "out"), files).write()
    for name, content in tree(tmp_path / "out").items():
        if name.endswith(".py"):
            ast.parse(content)
            assert b"\x00" not in content


def test_nothing_is_run_or_read_elsewhere(tmp_path: Path) -> None:
    secret = tmp_path / "secret.yaml"
    secret.write_text("type: object\nproperties: {secret: {type: string}}\n")
    folder = tmp_path / "api"
    folder.mkdir()
    (folder / "openapi.json").write_text(json.dumps(result({"$ref": "../secret.yaml"})))
    done = run("--resource", folder / "openapi.json", "--dump-model")
    assert done.returncode == 1
    assert done.stdout == ""
    assert "leads out of the folder of the root document" in done.stderr


def test_many_operations_of_one_name(tmp_path: Path) -> None:
    paths = {f"/p{n}": {"get": get(operation_id="same", tags=["t"])} for n in range(500)}
    made, found = warned(tmp_path, three(paths))
    assert len(operations(made)) == 500
    assert len(found) == 499


def test_many_references_to_nothing(tmp_path: Path) -> None:
    schemas = {
        f"Schema{n}": {
            "type": "object",
            "properties": {f"p{m}": reference(f"Skema{n}x{m}") for m in range(5)},
        }
        for n in range(500)
    }
    assert len(quick(tmp_path, three(None, schemas))) == 2500
