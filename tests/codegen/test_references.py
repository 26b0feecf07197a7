"""``$ref`` within a document and between the documents of a folder."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.codegen.helpers import errors
from tests.codegen.openapi_helpers import (
    Json,
    get,
    giving,
    good,
    models,
    operations,
    parameters,
    properties,
    read,
    reference,
    shown,
    the_operation,
    three,
)

if TYPE_CHECKING:
    from pathlib import Path

THING: Json = {"type": "object", "properties": {"id": {"type": "string"}}}


def result(schema: Json, schemas: Json | None = None, **keys: Any) -> Json:
    return three({"/things": {"get": get(responses=giving(schema))}}, schemas, **keys)


def test_to_a_schema(tmp_path: Path) -> None:
    made = good(tmp_path, result(reference("Thing"), {"Thing": THING}))
    assert shown(the_operation(made).result) == "Thing"


def test_to_references(tmp_path: Path) -> None:
    schemas = {"A": reference("B"), "B": reference("C"), "C": THING}
    made = good(tmp_path, result(reference("A"), schemas))
    assert shown(the_operation(made).result) == "C"
    assert list(models(made)) == ["C"]


def test_to_every_kind_of_component(tmp_path: Path) -> None:
    content = three(
        {
            "/things/{id}": {"$ref": "#/components/pathItems/one"},
        },
        {"Thing": THING},
        openapi="3.1.0",
        components={
            "pathItems": {
                "one": {
                    "parameters": [{"$ref": "#/components/parameters/id"}],
                    "post": get(
                        requestBody={"$ref": "#/components/requestBodies/thing"},
                        responses={
                            "200": {"$ref": "#/components/responses/thing"},
                            "404": {"$ref": "#/components/responses/none"},
                        },
                    ),
                }
            },
            "parameters": {
                "id": {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}
            },
            "requestBodies": {
                "thing": {"content": {"application/json": {"schema": reference("Thing")}}}
            },
            "responses": {
                "thing": giving(reference("Thing"))["200"],
                "none": {"description": "None."},
            },
        },
    )
    made = the_operation(good(tmp_path, content))
    assert (made.path, shown(made.result)) == ("/things/{id}", "Thing")
    assert [(p.name, p.location) for p in made.parameters] == [("id", "path"), ("id", "field")]
    assert [(e.code, e.reason) for e in made.errors] == [(404, "None.")]


def test_to_any_place(tmp_path: Path) -> None:
    schemas = {
        "Thing": {
            "type": "object",
            "properties": {
                "part": {"type": "object", "properties": {"of": {"type": "integer"}}},
                "a/b~c d": {"type": "array", "items": {"type": "boolean"}},
            },
        },
        "Other": {
            "type": "object",
            "properties": {
                "part": {"$ref": "#/components/schemas/Thing/properties/part"},
                "list": {"$ref": "#/components/schemas/Thing/properties/a~1b~0c%20d"},
                "item": {"$ref": "#/components/schemas/Thing/properties/a~1b~0c%20d/items"},
                "through": {"$ref": "#/components/schemas/Alias/properties/part/properties/of"},
            },
        },
        "Alias": reference("Thing"),
    }
    made = models(good(tmp_path, three(None, schemas)))
    found = {name: shown(item.type) for name, item in properties(made["Other"]).items()}
    assert found == {
        "part": "ThingPart",
        "list": "list[boolean]",
        "item": "boolean",
        "through": "integer",
    }
    assert shown(properties(made["Thing"])["part"].type) == "ThingPart"


@pytest.mark.parametrize(
    ("target", "cause"),
    [
        (
            "#/components/schemas/Thin",
            'there is no "#/components/schemas/Thin" (did you mean Thing?)',
        ),
        (
            "#/components/schemas/Thing/properties/9",
            'there is no "#/components/schemas/Thing/properties/9"',
        ),
        ("#Thing", '"#Thing" is not a JSON pointer: #/ and the way to a part of the document'),
        ("#/components/schemas/Loop", "the reference leads back to itself"),
        ("#/components/schemas/Round", "the reference leads back to itself"),
        ("other.json", '"other.json" names the file '),
        ("../other.json", '"../other.json" leads out of the folder of the root document'),
        ("a/../../other.json", '"a/../../other.json" leads out of the folder'),
        ("/etc/passwd", '"/etc/passwd" leads out of the folder'),
        ("%2e%2e/other.json", '"%2e%2e/other.json" leads out of the folder'),
        ("..%5Cother.json", '"..%5Cother.json" leads out of the folder'),
        ("C:%5Cother.json", '"C:%5Cother.json" leads out of the folder'),
        ("https://server.example/a.json", '"https://server.example/a.json" names another place'),
        ("//server.example/a.json", '"//server.example/a.json" names another place'),
        ("file:///etc/passwd", '"file:///etc/passwd" names another place'),
        ("a%00b.json", '"a%00b.json" leads out of the folder'),
    ],
)
def test_that_lead_nowhere(tmp_path: Path, target: str, cause: str) -> None:
    schemas = {"Thing": THING, "Loop": reference("Loop"), "Round": reference("Loop")}
    schemas["Loop"] = reference("Loop") if "Loop" in target else reference("Thing")
    schemas["Round"] = reference("Way") if "Round" in target else reference("Thing")
    schemas["Way"] = reference("Round")
    made, problems = read(tmp_path, result({"$ref": target}, schemas))
    assert made is None
    found = errors(problems)
    at = "/paths/~1things/get/responses/200/content/application~1json/schema"
    assert any(text.startswith((f"{at}/$ref: {cause}", f"{at}: {cause}")) for text in found), found
    assert all(problem.line for problem in problems)


def test_that_is_no_text(tmp_path: Path) -> None:
    _, problems = read(tmp_path, result({"$ref": 5}))
    (error,) = errors(problems)
    assert error.endswith("/schema/$ref: $ref must be a text, not 5")


def test_that_is_without_end(tmp_path: Path) -> None:
    schemas = {f"S{n}": reference(f"S{n + 1}") for n in range(100)} | {"S100": THING}
    _, problems = read(tmp_path, result(reference("S0"), schemas))
    assert any("leads to references without end" in text for text in errors(problems))


# --- several files


def test_several_files(tmp_path: Path) -> None:
    folder = tmp_path / "api"
    for name, content in {
        "models/thing.yaml": """
            type: object
            properties:
              id: {type: string}
              parts: {type: array, items: {$ref: part.json}}
              owner: {$ref: "../common.yaml#/Owner"}
            """,
        "models/part.json": json.dumps(
            {
                "type": "object",
                "properties": {"thing": {"$ref": "thing.yaml"}, "n": {"$ref": "#/$defs/n"}},
                "$defs": {"n": {"type": "integer"}},
            }
        ),
        "common.yaml": """
            Owner: {type: object, properties: {name: {type: string}, again: {$ref: "#/Owner"}}}
            page: {name: page, in: query, schema: {type: integer}}
            """,
        "paths/things.yaml": """
            get:
              operationId: list
              parameters: [{$ref: ../common.yaml#/page}]
              responses:
                "200":
                  description: All.
                  content: {application/json: {schema: {type: array, items: {$ref: ../models/thing.yaml}}}}
                "404": {$ref: "../openapi.yaml#/components/responses/None"}
            """,
    }.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content)
    root = """
        openapi: 3.0.0
        info: {title: t, version: "1"}
        paths:
          /things: {$ref: paths/things.yaml}
        components:
          responses: {None: {description: None.}}
        """
    made = good(folder, root, "openapi.yaml")
    found = operations(made)["things.list"]
    assert shown(found.result) == "list[thing]"
    assert [(p.name, shown(p.type)) for p in found.parameters] == [("page", "integer")]
    assert found.errors[0].reason == "None."
    shapes = {
        name: {p.name: shown(p.type) for p in model.properties}
        for name, model in models(made).items()
    }
    assert shapes == {
        "thing": {"id": "string", "parts": "list[part]", "owner": "Owner"},
        "part": {"thing": "thing", "n": "integer"},
        "Owner": {"name": "string", "again": "Owner"},
    }


def test_a_file_in_a_folder_below_may_not_lead_out(tmp_path: Path) -> None:
    folder = tmp_path / "api"
    (folder / "below").mkdir(parents=True)
    (tmp_path / "secret.json").write_text("{}")
    (folder / "below" / "a.json").write_text(json.dumps({"$ref": "../../secret.json"}))
    _, problems = read(folder, result({"$ref": "below/a.json"}))
    assert [p.cause for p in problems if p.level == "error"] == [
        '"../../secret.json" leads out of the folder of the root document; nothing is read there'
    ]
    assert problems[0].file.endswith("a.json")


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("a: [")
    (tmp_path / "b.json").write_text("{")
    _, problems = read(
        tmp_path,
        three(
            {
                "/a": {"get": get(responses=giving({"$ref": "a.yaml#/x"}))},
                "/b": {"get": get(operation_id="b", responses=giving({"$ref": "b.json"}))},
                "/c": {"get": get(operation_id="c", responses=giving({"$ref": "b.json"}))},
            }
        ),
    )
    causes = [p.cause for p in problems if p.level == "error"]
    assert [cause[:16] for cause in causes] == ["this is not YAML", "this is not JSON"]  # once each


def test_parameters_of_a_path(tmp_path: Path) -> None:
    content = three(
        {
            "/things/{id}": {
                "parameters": [
                    {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}},
                    {"name": "q", "in": "query", "schema": {"type": "string"}},
                ],
                "get": get({"name": "q", "in": "query", "schema": {"type": "integer"}}),
            }
        }
    )
    found = parameters(good(tmp_path, content))
    assert {name: shown(p.type) for name, p in found.items()} == {"id": "string", "q": "integer"}
