"""The reader of OpenAPI 3.0 and 3.1: everything but schemas."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.codegen.helpers import api_of, apply, errors
from tests.codegen.openapi_helpers import (
    OK,
    Json,
    get,
    giving,
    good,
    models,
    operations,
    parameters,
    read,
    reference,
    shown,
    taking,
    the_operation,
    three,
    warned,
)

if TYPE_CHECKING:
    from pathlib import Path

    from codegen.model import Operation


def q(name: str = "q", location: str = "query", **keys: Any) -> Json:
    """A parameter of the type string; ``keys`` are added."""
    made = {"name": name, "in": location, "schema": {"type": "string"}, **keys}
    return {key: value for key, value in made.items() if value is not None}


def post(**keys: Any) -> Json:
    return three({"/things": {"post": get(**keys)}})


def body(folder: Path, schema: Json, media: str = "application/json", **keys: Any) -> Operation:
    return the_operation(good(folder, post(requestBody=taking(schema, media, **keys))))


def located(operation: Operation) -> dict[str, str]:
    return {
        f"{p.location} {p.name}": shown(p.type) + ("!" if p.required else "")
        for p in operation.parameters
    }


THING = {
    "type": "object",
    "required": ["name"],
    "properties": {
        "id": {"type": "string", "readOnly": True},
        "name": {"type": "string", "description": "What it is called."},
        "size": {"type": "integer", "nullable": True, "minimum": 1, "default": 3},
        "old": {"type": "boolean", "deprecated": True},
    },
}


# --- a whole document


def test_an_operation_with_everything(tmp_path: Path) -> None:
    content = three(
        {
            "/things/{thingId}": {
                "put": get(
                    q("thingId", "path", required=True, description="Which."),
                    q("dry-run", schema={"type": "boolean"}, deprecated=True),
                    q("X-Trace", "header"),
                    operation_id="renameThing",
                    summary="Rename it.",
                    description="At once.\n\nAlways.",
                    deprecated=True,
                    tags=["Things", "Other"],
                    requestBody=taking(THING),
                    responses={**giving(reference("Thing")), "404": {"description": "None."}},
                    **{"x-since": ["1.2"]},
                )
            }
        },
        {"Thing": THING},
        tags=[{"name": "Other"}, {"name": "Things", "description": "All things."}],
    )
    made = good(tmp_path, content)
    (resource,) = made.resources
    assert (resource.name, resource.description) == ("Things", "All things.")
    found = the_operation(made)
    assert (found.name, found.method, found.path) == ("renameThing", "PUT", "/things/{thingId}")
    assert (found.summary, found.notes, found.since) == (
        "Rename it.",
        "At once.\n\nAlways.",
        ("1.2",),
    )
    assert (found.deprecated, found.body, found.body_required) == (True, "json", False)
    assert located(found) == {
        "path thingId": "string!",
        "query dry-run": "boolean",
        "header X-Trace": "string",
        "field name": "string!",
        "field size": "integer?",
        "field old": "boolean",
    }
    by_name = {str(p.name): p for p in found.parameters}
    assert by_name["dry-run"].deprecated
    assert by_name["old"].deprecated
    assert by_name["name"].description == "What it is called."
    assert (by_name["size"].minimum, by_name["size"].default) == (1, 3)
    assert [(e.code, e.reason) for e in found.errors] == [(404, "None.")]
    assert (made.name, made.title, made.version) == ("Things", "Things", "1.0.0")


@pytest.mark.parametrize("version", ["3.0.0", "3.0.4", "3.1.0", "3.1.1", "3.0.0-rc2"])
def test_versions(tmp_path: Path, version: str) -> None:
    good(tmp_path, three(openapi=version))


def test_a_version_that_is_not_known(tmp_path: Path) -> None:
    _, problems = read(tmp_path, three(openapi="3.2.0"))
    assert errors(problems)[0].startswith(': openapi "3.2.0" is not a version that can be read')


def test_yaml(tmp_path: Path) -> None:
    text = """
openapi: 3.0.0
info: {title: Things, version: 1.10}
paths:
  /things:
    get:
      operationId: list
      parameters:
        - {name: country, in: query, schema: {type: string, enum: [NO, SE]}}
      responses:
        200: {description: All.}
        default: {description: Bad.}
"""
    for name in ("openapi.yaml", "openapi.yml", "openapi"):
        made = good(tmp_path, text, name)
        assert made.version == "1.1"
        assert parameters(made)["country"].choices == ("NO", "SE")
        assert [e.code for e in the_operation(made).errors] == [0]
    _, problems = read(tmp_path, text.replace("in: query", "in: nowhere"), "openapi.yaml")
    assert [str(problem) for problem in problems] == [
        f"{tmp_path}/openapi.yaml:9 /paths/~1things/get/parameters/0/in: error: "
        'in must be path, query, header or cookie, not "nowhere"'
    ]
    assert good(tmp_path, json.dumps(three()), "openapi.yaml").title == "Things"


@pytest.mark.parametrize(
    ("change", "cause"),
    [
        ({"info": None}, ": info is missing"),
        ({"info": "Things"}, '/info: info must be an object, not "Things"'),
        ({"paths": None}, ": paths is missing"),
        ({"paths": []}, "/paths: paths must be an object, not []"),
        ({"paths": {}}, ": the description has no operations"),
        ({"paths": {"/a": 5}}, "/paths/~1a: this must be an object, not 5"),
        ({"paths": {"/a": {"get": 5}}}, "/paths/~1a/get: an operation must be an object, not 5"),
        ({"paths": {"/a": {"get": {}}}}, "/paths/~1a/get: responses is missing"),
        ({"paths": {"/a": {"get": {"responses": []}}}}, "/paths/~1a/get/responses: responses must be an object, not []"),
        ({"paths": {"/a": {"get": {"responses": {"2000": {}}}}}}, '/paths/~1a/get/responses/2000: "2000" is not a status'),
        ({"paths": {"/a": {"get": get(parameters={})}}}, "/paths/~1a/get/parameters: parameters must be a list"),
        ({"paths": {"/a": {"get": get({"in": "query"})}}}, "/paths/~1a/get/parameters/0: name is missing"),
        ({"paths": {"/a": {"get": get({"name": "a"})}}}, "/paths/~1a/get/parameters/0: in is missing"),
        ({"paths": {"/a": {"get": get({"name": " ", "in": "query"})}}}, "/paths/~1a/get/parameters/0/name: the parameter's name is blank"),
        ({"paths": {"/a": {"get": get(q("a"), q("a"))}}}, '/paths/~1a/get/parameters/1: the parameter "a" is declared twice'),
        ({"paths": {"/a": {"get": get(requestBody={})}}}, "/paths/~1a/get/requestBody: content is missing"),
        ({"paths": {"/a": {"get": get(requestBody=5)}}}, "/paths/~1a/get/requestBody: requestBody must be an object, not 5"),
        ({"components": []}, "/components: components must be an object, not []"),
        ({"tags": [5]}, "/tags/0: this must be an object, not 5"),
        ({"security": {}}, "/security: security must be a list of objects"),
        ({"paths": {"/a/{}": {"get": get()}}}, "/paths/~1a~1{}/get: the path /a/{} has a parameter without a name"),
    ],
)  # fmt: skip
def test_what_is_wrong(tmp_path: Path, change: Json, cause: str) -> None:
    content = {key: value for key, value in {**three(), **change}.items() if value is not None}
    _, problems = read(tmp_path, content)
    assert errors(problems) == [cause]


def test_all_errors_are_shown_at_once(tmp_path: Path) -> None:
    _, problems = read(
        tmp_path,
        three({"/a": {"get": {}}, "/b": {"get": get(q("a", "nowhere"))}}, {"X": {"type": "x"}}),
    )
    assert len(errors(problems)) == 3
    assert [problem.line for problem in problems] == [34, 9, 22]


def test_misspelt_keys(tmp_path: Path) -> None:
    _, found = warned(
        tmp_path, post(sumary="S", madeUp=1, requestBody={"content": {}, "requird": True})
    )
    assert found == [
        '/paths/~1things/post/sumary: "sumary" is not a key of an operation; it is taken for summary',
        '/paths/~1things/post/madeUp: "madeUp" is not a key of an operation; it is passed over',
        '/paths/~1things/post/requestBody/requird: "requird" is not a key of a body; it is taken for required',
    ]  # fmt: skip


# --- names and resources


def test_operations_without_a_name(tmp_path: Path) -> None:
    made = good(
        tmp_path,
        three(
            {
                "/api/v1/lamps/{lampId}/colours": {
                    "get": get(q("lampId", "path", required=True), operation_id=None)
                },
                "/lamps": {"post": get(operation_id=None), "get": get(operation_id="  ")},
                "/": {"get": get(operation_id=None)},
                "/v2/{any}": {"get": get(q("any", "path", required=True), operation_id=None)},
            }
        ),
    )
    assert list(operations(made)) == [
        "lamps.getLampsByLampIdColours",
        "lamps.postLamps",
        "lamps.getLamps",
        "default.get",
        "default.getByAny",
    ]


def test_operation_ids_of_all_sorts(tmp_path: Path) -> None:
    names = [
        "list all things",
        "repos/list",
        "repos/list",
        "Repos_get",
        "repos.get-one",
        "other/list",
        "delete",
    ]
    paths = {
        f"/{n}": {"get": get(operation_id=name, tags=["repos"])} for n, name in enumerate(names)
    }
    made, found = warned(tmp_path, three(paths))
    assert [name.partition(".")[2] for name in operations(made)] == [
        "list all things", "list", "list2", "get", "get-one", "other/list", "delete",
    ]  # fmt: skip
    assert found == [
        '/paths/~12/get/operationId: the name "list" is used twice in "repos"; this operation is called list2'
    ]


def test_tags_or_none(tmp_path: Path) -> None:
    made = good(
        tmp_path,
        three(
            {
                "/a": {"get": get(tags=["Second"])},
                "/b/c": {"get": get(operation_id="b", tags=[])},
                "/d.json": {"get": get(operation_id="d", tags=["First", "Second"])},
                "/e": {"get": get(operation_id="e", tags=["Late"])},
                "/f.json": {"get": get(operation_id="f")},
            },
            tags=[{"name": "First"}, {"name": "Unused"}, {"name": "Second"}],
        ),
    )
    assert [str(r.name) for r in made.resources] == ["First", "Second", "b", "Late", "f"]


def test_paths_that_differ_only_in_a_parameter(tmp_path: Path) -> None:
    content = three(
        {
            "/t/{id}": {"get": get(q("id", "path", required=True))},
            "/t/{name}": {
                "get": get(q("name", "path", required=True), operation_id="b"),
                "delete": get(q("name", "path", required=True), operation_id="c"),
            },
        }
    )
    made, found = warned(tmp_path, content)
    assert list(operations(made)) == ["t.read", "t.b", "t.c"]
    assert found == [
        '/paths/~1t~1{name}: GET /t/{name} differs from "/t/{id}" only in the names of its parameters: '
        "a server cannot tell them apart"
    ]


def test_odd_paths(tmp_path: Path) -> None:
    made, found = warned(
        tmp_path,
        three(
            {
                "/a/{x}.json": {"get": get(q("x", "path", required=True), operation_id="a")},
                "/a/{x}...{y}": {
                    "get": get(
                        q("x", "path", required=True),
                        q("y", "path", required=True),
                        operation_id="b",
                    )
                },
                "/a#one": {"put": get(operation_id="one")},
                "/a#two": {"put": get(operation_id="two")},
                "/a?beta=true&x": {"put": get(operation_id="beta")},
                "no-slash": {"get": get(operation_id="c")},
                "/<url>": {"get": get(operation_id="d")},
                "/../up": {"get": get(operation_id="e")},
                "/{open": {"get": get(operation_id="f")},
                "/é": {"get": get(operation_id="g")},
                "x-more": {},
                "/trace": {"trace": get(operation_id="h")},
            }
        ),
    )
    found_paths = {str(o.name): str(o.path) for o in operations(made).values()}
    assert found_paths == {
        "a": "/a/{x}.json", "b": "/a/{x}...{y}", "one": "/a", "two": "/a", "beta": "/a", "c": "/no-slash",
    }  # fmt: skip
    beta = operations(made)["a.beta"].parameters
    assert [(p.name, p.default, p.choices, p.send_default) for p in beta] == [
        ("beta", "true", ("true",), True),
        ("x", "", ("",), True),
    ]
    assert [text.rpartition(";")[2] for text in found] == [
        '/paths/no-slash: the path "no-slash" should begin with a slash',
        " it is left out",
        " it is left out",
        " it is left out",
        " it is left out",
        " the operation is left out",
    ]


# --- parameters


def test_parameters_of_one_name_in_two_places(tmp_path: Path) -> None:
    content = three(
        {
            "/things/{id}": {
                "put": get(
                    q("id", "path", required=True),
                    q("id"),
                    q("id", "header"),
                    requestBody=taking(
                        {"type": "object", "properties": {"id": {"type": "integer"}}}
                    ),
                )
            }
        }
    )
    made = good(tmp_path, content)
    assert located(the_operation(made)) == {
        "path id": "string!", "query id": "string", "header id": "string", "field id": "integer",
    }  # fmt: skip


def test_parameters_that_the_path_does_not_have_or_lacks(tmp_path: Path) -> None:
    made, found = warned(
        tmp_path, three({"/t/{thing_id}": {"get": get(q("thingid", "path", required=True))}})
    )
    assert located(the_operation(made)) == {"path thing_id": "string!"}
    assert [text.partition(": ")[2] for text in found] == [
        'the parameter "thingid" is not in the path /t/{thing_id}; it is passed over',
        'the path /t/{thing_id} names the parameter "thing_id", which is not declared '
        "(did you mean thingid?); it is taken for a text",
    ]


def test_headers_of_the_library_s_own(tmp_path: Path) -> None:
    made = good(
        tmp_path, three({"/t": {"get": get(q("Accept", "header"), q("authorization", "header"))}})
    )
    assert located(the_operation(made)) == {}


@pytest.mark.parametrize(
    ("parameter", "cause"),
    [
        (q("c", "cookie"), ": a parameter in a cookie cannot be sent; it is left out"),
        (q(allowReserved=True), "/allowReserved: reserved characters are always encoded"),
        (q(schema=None), ": the parameter has no schema; it is taken for a text"),
        (q(schema={"type": "string", "format": "binary"}), ": a file cannot be sent in the query; it is taken for a text"),
        (q(style="made-up"), '/style: the style "made-up" cannot be sent; form is'),
        (q("X", "header", style="form"), '/style: the style "form" cannot be sent; simple is'),
    ],
)  # fmt: skip
def test_parameters_that_cannot_be_expressed(tmp_path: Path, parameter: Json, cause: str) -> None:
    _, found = warned(tmp_path, three({"/t": {"get": get(parameter)}}))
    assert found == ["/paths/~1t/get/parameters/0" + cause]


def test_styles_of_a_path_that_cannot_be_expressed(tmp_path: Path) -> None:
    for style in ("label", "matrix"):
        _, found = warned(
            tmp_path, three({"/t/{a}": {"get": get(q("a", "path", required=True, style=style))}})
        )
        assert found == [
            f'/paths/~1t~1{{a}}/get/parameters/0/style: the style "{style}" cannot be sent; simple is'
        ]


LIST = {"type": "array", "items": {"type": "string"}}
MAP = {"type": "object", "additionalProperties": {"type": "string"}}


@pytest.mark.parametrize(
    ("keys", "style"),
    [
        ({"schema": LIST}, "repeat"),
        ({"schema": LIST, "explode": False}, "comma"),
        ({"schema": LIST, "style": "spaceDelimited"}, "space"),
        ({"schema": LIST, "style": "spaceDelimited", "explode": True}, "repeat"),
        ({"schema": LIST, "style": "pipeDelimited", "explode": False}, "pipe"),
        ({"schema": LIST, "style": "deepObject"}, "deep"),
        ({"schema": MAP}, "repeat"),
        ({"schema": MAP, "explode": False}, "comma"),
        ({"schema": MAP, "style": "deepObject", "explode": True}, "deep"),
        ({"schema": {"oneOf": [{"type": "string"}, LIST]}}, "repeat"),
        ({"schema": None, "content": {"application/json": {"schema": MAP}}}, "json"),
        ({"schema": {"type": "string"}, "explode": False}, ""),
        ({"in": "header", "schema": LIST}, ""),
        ({"in": "header", "schema": MAP}, ""),
    ],
)
def test_styles(tmp_path: Path, keys: Json, style: str) -> None:
    # Two others keep the usual style from being that of the one looked at.
    others = [q("o1", schema=LIST), q("o2", schema=LIST, explode=False), q("o3", schema=LIST)]
    made = good(tmp_path, three({"/t": {"get": get(q(**keys), *others)}}))
    assert made.lists == "repeat"
    found = parameters(made)
    assert found["q"].style == ("" if style == "repeat" and keys["schema"] is LIST else style)
    assert (found["o1"].style, found["o2"].style) == ("", "comma")


def test_the_style_that_most_lists_have(tmp_path: Path) -> None:
    made = good(tmp_path, three({"/t": {"get": get(q("a", schema=LIST, explode=False))}}))
    assert (made.lists, parameters(made)["a"].style) == ("comma", "")
    assert api_of(made).access.lists == "comma"
    assert api_of(good(tmp_path, three())).access.lists == "repeat"
    api, _ = apply(good(tmp_path, three()), '[access]\nlists = "comma"\n', tmp_path)
    assert api is not None
    assert api.access.lists == "comma"


# --- bodies


def test_a_body_that_is_an_object(tmp_path: Path) -> None:
    assert located(body(tmp_path, THING)) == {
        "field name": "string!", "field size": "integer?", "field old": "boolean",
    }  # fmt: skip
    made = the_operation(good(tmp_path, post(requestBody={"content": taking(THING)["content"]})))
    assert (made.body_required, located(made)["field name"]) == (False, "string")


def test_a_body_that_is_required_while_nothing_in_it_is(tmp_path: Path) -> None:
    schema = {"type": "object", "properties": {"a": {"type": "string"}}}
    assert body(tmp_path, schema).body_required
    assert not body(tmp_path, {**schema, "required": ["a"]}).body_required
    assert not body(tmp_path, schema, required=False).body_required
    assert not body(tmp_path, {}).body_required


def test_a_body_that_is_an_object_of_parts(tmp_path: Path) -> None:
    schemas = {
        "Base": THING,
        "More": {
            "allOf": [
                reference("Base"),
                {
                    "type": "object",
                    "properties": {"more": {"type": "string"}},
                    "required": ["more"],
                },
            ]
        },
    }
    made = good(
        tmp_path, three({"/t": {"post": get(requestBody=taking(reference("More")))}}, schemas)
    )
    assert list(located(the_operation(made))) == [
        "field name",
        "field size",
        "field old",
        "field more",
    ]


@pytest.mark.parametrize(
    ("schema", "kind"),
    [
        ({"type": "array", "items": {"type": "string"}}, "list[string]"),
        (MAP, "map[string]"),
        ({"type": "object"}, "object"),
        ({}, "any"),
        ({"type": "string"}, "string"),
        ({**THING, "additionalProperties": {"type": "string"}}, "ReadBody"),
        ({**THING, "discriminator": {"propertyName": "name"}}, "ReadBody"),
        ({"oneOf": [{"type": "string"}, THING]}, "(string | ReadBodyOption2)"),
    ],
)
def test_a_body_as_a_whole(tmp_path: Path, schema: Json, kind: str) -> None:
    found = body(tmp_path, schema, description="All of it.")
    assert located(found) == {"body body": kind + "!"}
    assert found.parameters[0].description == "All of it."
    assert found.body == "json"


@pytest.mark.parametrize(
    ("media", "kind", "content_type"),
    [
        ("application/json", "json", ""),
        ("application/json; charset=utf-8", "json", ""),
        ("application/vnd.thing+json", "json", "application/vnd.thing+json"),
        ("*/*", "json", ""),
        ("application/x-www-form-urlencoded", "form", ""),
        ("multipart/form-data", "multipart", ""),
        ("multipart/related", "multipart", "multipart/related"),
    ],
)
def test_bodies_of_fields(tmp_path: Path, media: str, kind: str, content_type: str) -> None:
    found = body(tmp_path, THING, media)
    assert (found.body, found.content_type) == (kind, content_type)
    assert list(located(found)) == ["field name", "field size", "field old"]


@pytest.mark.parametrize(
    ("media", "schema", "type_", "content_type"),
    [
        ("application/octet-stream", {"type": "string", "format": "binary"}, "binary", "application/octet-stream"),
        ("image/png", {}, "binary", "image/png"),
        ("image/*", {}, "binary", ""),
        ("text/plain", {"type": "string"}, "string", "text/plain"),
        ("*/*", {"type": "string", "format": "binary"}, "binary", ""),
    ],
)  # fmt: skip
def test_bodies_that_are_sent_as_they_are(
    tmp_path: Path, media: str, schema: Json, type_: str, content_type: str
) -> None:
    found = body(tmp_path, schema, media)
    assert (found.body, found.content_type, located(found)) == (
        "binary", content_type, {"body body": type_ + "!"},
    )  # fmt: skip


def test_files_in_a_multipart_body(tmp_path: Path) -> None:
    schema = {
        "type": "object",
        "properties": {
            "file": {"type": "string", "format": "binary"},
            "files": {"type": "array", "items": {"type": "string", "format": "binary"}},
            "meta": {"type": "object", "properties": {"a": {"type": "string"}}},
            "tags": LIST,
        },
    }
    content = {
        "schema": schema,
        "encoding": {
            "meta": {"contentType": "application/json"},
            "tags": {"style": "form", "explode": False},
            "file": {"contentType": "image/png"},
        },
    }
    made, found = warned(tmp_path, post(requestBody={"content": {"multipart/form-data": content}}))
    assert located(the_operation(made)) == {
        "field file": "binary", "field files": "list[binary]", "field meta": "ReadMeta", "field tags": "list[string]",
    }  # fmt: skip
    assert parameters(made)["tags"].style == "comma"
    assert [text.partition(": ")[2] for text in found] == [
        'a part\'s own type ("image/png") is not sent'
    ]


def test_deep_forms(tmp_path: Path) -> None:
    content = {
        "schema": {"type": "object", "properties": {"a": MAP, "b": LIST}},
        "encoding": {"a": {"style": "deepObject", "explode": True}},
    }
    made = good(
        tmp_path, post(requestBody={"content": {"application/x-www-form-urlencoded": content}})
    )
    assert {name: p.style for name, p in parameters(made).items()} == {"a": "deep", "b": ""}


def test_a_body_in_one_of_several_ways(tmp_path: Path) -> None:
    def sent(*media: str, other: Json | None = None) -> tuple[str, str, list[str]]:
        content: Json = {name: {"schema": THING} for name in media}
        if other is not None:
            content[media[-1]] = {"schema": other}
        made, found = warned(tmp_path, post(requestBody={"content": content}))
        operation = the_operation(made)
        return (
            operation.body,
            str(operation.content_type),
            [text.partition(": ")[2] for text in found],
        )

    assert sent("application/xml", "application/x-www-form-urlencoded", "application/json") == (
        "json",
        "",
        [],
    )
    assert sent("multipart/form-data", "application/x-www-form-urlencoded") == ("multipart", "", [])
    assert sent("application/json", "multipart/form-data", other={"type": "object"}) == (
        "json", "", ['a body of this type ("multipart/form-data") cannot be sent, only "application/json"'],
    )  # fmt: skip
    assert sent("application/json-patch+json", "application/merge-patch+json") == (
        "json",
        "application/merge-patch+json",
        [
            'a body of this type ("application/json-patch+json") cannot be sent, only "application/merge-patch+json"'
        ],
    )


def test_a_file_or_json(tmp_path: Path) -> None:
    file = {"type": "object", "properties": {"file": {"type": "string", "format": "binary"}}}
    other = {"type": "object", "properties": {"url": {"type": "string"}}}
    ways = [("multipart/form-data", file), ("application/json", other)]
    for order, kind in ((ways, "multipart"), (ways[::-1], "json")):
        content = {media: {"schema": schema} for media, schema in order}
        made, found = warned(tmp_path, post(requestBody={"content": content}))
        assert the_operation(made).body == kind
        assert len(found) == 1


def test_bodies_that_cannot_be_expressed(tmp_path: Path) -> None:
    file = {"type": "object", "properties": {"file": {"type": "string", "format": "binary"}}}
    made, found = warned(tmp_path, post(requestBody=taking(file)))
    assert located(the_operation(made)) == {"field file": "string"}
    assert found[0].endswith("a file cannot be a part of such a body; it is taken for a text")
    made, found = warned(
        tmp_path, post(requestBody=taking({"type": "string"}, "multipart/form-data"))
    )
    assert located(the_operation(made)) == {"body body": "object!"}
    assert found[0].endswith("a form must be an object; it is taken for one of unknown members")
    made, found = warned(tmp_path, post(requestBody=taking(THING, "application/xml")))
    assert located(the_operation(made)) == {"body body": "string!"}
    assert found[0].endswith("XML is not written; the program gives its text")


# --- responses


def result(folder: Path, responses: Json, method: str = "get") -> tuple[str, str, list[str]]:
    made, found = warned(
        folder,
        three(
            {"/t": {method: get(responses=responses)}},
            {"T": THING, "U": {"type": "object", "properties": {"u": {"type": "string"}}}},
        ),
    )
    operation = the_operation(made)
    return (
        shown(operation.result),
        str(operation.accept),
        [text.partition(": ")[2] for text in found],
    )


def gives(schema: Json | None, media: str = "application/json") -> Json:
    return {"description": "", "content": {media: {} if schema is None else {"schema": schema}}}


EMPTY: Json = {"description": "Nothing."}
FILE = {"type": "string", "format": "binary"}


@pytest.mark.parametrize(
    ("responses", "expected", "accept"),
    [
        (OK, "void", ""),
        ({"200": gives(reference("T"))}, "T", ""),
        ({"201": gives(reference("T")), "200": gives(reference("T"))}, "T", ""),
        ({"2XX": gives(reference("T"))}, "T", ""),
        ({"200": gives(reference("T")), "204": EMPTY}, "T?", ""),
        ({"200": gives(reference("T")), "202": gives(reference("U"))}, "(T | U)", ""),
        ({"200": gives(None)}, "any", ""),
        ({"default": gives(reference("T"))}, "T", ""),
        ({"200": gives(reference("T")), "default": gives(reference("U"))}, "T", ""),
        ({"302": EMPTY}, "void", ""),
        ({}, "void", ""),
        ({"200": gives(reference("T"), "application/vnd.t+json")}, "T", "application/vnd.t+json"),
        ({"200": gives(reference("T"), "*/*")}, "T", ""),
        ({"200": gives(FILE, "application/octet-stream")}, "binary", "application/octet-stream"),
        ({"200": gives(None, "image/png")}, "binary", "image/png"),
        ({"200": gives(None, "image/*")}, "binary", ""),
        ({"200": gives(FILE, "*/*")}, "binary", ""),
        ({"200": gives({"type": "string"}, "text/plain")}, "string", "text/plain"),
        ({"200": gives({"type": "string"}, "text/csv; header=present")}, "string", "text/csv"),
        ({"200": gives({"type": "string"})}, "string", ""),
        ({"200": {"description": "", "content": {"application/json": {"schema": reference("T")}, "application/xml": {"schema": reference("T")}}}}, "T", ""),
    ],
)  # fmt: skip
def test_results(tmp_path: Path, responses: Json, expected: str, accept: str) -> None:
    assert result(tmp_path, responses) == (expected, accept, [])


def test_answers_that_cannot_be_expressed(tmp_path: Path) -> None:
    both = {
        "description": "",
        "content": {
            **gives(reference("T"))["content"],
            **gives({"type": "string"}, "text/csv")["content"],
        },
    }
    assert result(tmp_path, {"200": both}) == (
        "T", "", ['an answer of this type ("text/csv") is not asked for, only "application/json"'],
    )  # fmt: skip
    assert result(tmp_path, {"200": gives(reference("T"), "application/xml")}) == (
        "string", "application/xml", ["XML is not read; its text is given"],
    )  # fmt: skip
    assert result(tmp_path, {"200": gives(reference("T"), "text/event-stream")}) == (
        "binary",
        "text/event-stream",
        ["a stream of events cannot be expressed; its bytes are read, as they come"],
    )
    mixed = {"200": gives(reference("T")), "202": gives(FILE, "image/png")}
    assert result(tmp_path, mixed) == (
        "T", "", ["an answer of another kind than the first cannot be expressed; it is read as that"],
    )  # fmt: skip


def test_no_answer_to_head(tmp_path: Path) -> None:
    assert result(tmp_path, {"200": gives(reference("T"))}, "head") == ("void", "", [])


def test_errors(tmp_path: Path) -> None:
    responses = {
        "204": EMPTY,
        "404": {"description": "None."},
        "4XX": {"description": "Bad."},
        "5xx": {"description": "Broken."},
        "301": {"description": "Moved."},
        "default": {"description": "Else."},
    }
    made = the_operation(good(tmp_path, three({"/t": {"get": get(responses=responses)}})))
    assert [(e.code, e.reason) for e in made.errors] == [
        (404, "None."), (4, "Bad."), (5, "Broken."), (301, "Moved."), (0, "Else."),
    ]  # fmt: skip


# --- servers and credentials


@pytest.mark.parametrize(
    ("servers", "url"),
    [
        ([], "https://server.example/api"),
        ([{"url": "https://api.example/v1/"}], "https://api.example/v1"),
        ([{"url": "https://a.example"}, {"url": "https://b.example"}], "https://a.example"),
        ([{"url": "/v1"}], "https://server.example/v1"),
        ([{"url": "/"}], "https://server.example"),
        ([{"url": "{scheme}://{host}/v{n}", "variables": {"scheme": {"default": "https"}, "host": {"default": "api.example", "enum": ["api.example"]}, "n": {"default": "2"}}}], "https://api.example/v2"),
        ([{"url": "https://{unknown}.example"}], "https://server.example/api"),
        ([{"url": "javascript:alert(1)"}], "https://server.example/api"),
    ],
)  # fmt: skip
def test_servers(tmp_path: Path, servers: list[Json], url: str) -> None:
    assert api_of(good(tmp_path, three(servers=servers))).client.url == url


def test_the_settings_win(tmp_path: Path) -> None:
    made = good(
        tmp_path,
        three(
            servers=[{"url": "https://api.example"}],
            info={"title": "The  Things\nAPI", "version": "v1", "description": "D"},
        ),
    )
    api = api_of(made)
    assert (api.client.name, api.client.title, api.client.description) == (
        "the-things-api",
        "The Things API",
        "D",
    )
    said, problems = apply(
        made,
        '[client]\nname = "x"\ntitle = "T"\ndescription = "E"\nurl = "https://x.example"\n',
        tmp_path,
    )
    assert problems == []
    assert said is not None
    assert (said.client.name, said.client.title, said.client.description, said.client.url) == (
        "x",
        "T",
        "E",
        "https://x.example",
    )


def test_servers_of_a_path(tmp_path: Path) -> None:
    servers = [{"url": "https://a.example"}]
    content = three({"/t": {"servers": servers, "get": get()}}, servers=servers)
    good(tmp_path, content)
    _, found = warned(tmp_path, {**content, "servers": [{"url": "https://b.example"}]})
    assert found == [
        "/paths/~1t/servers: a server of its own cannot be expressed; the operation goes to the API's"
    ]


SCHEMES = {
    "b": {"type": "http", "scheme": "Basic", "description": "D"},
    "t": {"type": "http", "scheme": "bearer"},
    "k": {"type": "apiKey", "name": "X-Key", "in": "header"},
    "p": {"type": "apiKey", "name": "key", "in": "query"},
    "o": {"type": "oauth2", "flows": {"clientCredentials": {"tokenUrl": "/oauth/token", "scopes": {"all": "All.", "x": ""}}}},
    "r": {"$ref": "#/components/securitySchemes/t"},
}  # fmt: skip


def test_credentials(tmp_path: Path) -> None:
    made = good(tmp_path, three(components={"securitySchemes": SCHEMES}))
    assert [(str(s.name), s.kind, str(s.parameter), s.location) for s in made.security] == [
        ("b", "basic", "", ""),
        ("t", "bearer", "", ""),
        ("k", "api_key", "X-Key", "header"),
        ("p", "api_key", "key", "query"),
        ("o", "oauth2", "", ""),
        ("r", "bearer", "", ""),
    ]
    assert made.security[0].description == "D"
    assert (made.security[4].token_url, made.security[4].scopes) == ("/oauth/token", ("all", "x"))
    assert api_of(made).security == made.security


def test_only_the_credentials_that_are_required(tmp_path: Path) -> None:
    content = three(
        {"/t": {"get": get(security=[{"k": []}, {}]), "put": get(operation_id="p", security=[])}},
        components={"securitySchemes": SCHEMES},
        security=[{"t": [], "b": []}],
    )
    assert [str(s.name) for s in good(tmp_path, content).security] == ["b", "t", "k"]
    _, found = warned(tmp_path, {**content, "security": [{"none": []}]})
    assert found == ['/security: the security scheme "none" is required but not described']


@pytest.mark.parametrize(
    ("scheme", "cause", "kind"),
    [
        ({"type": "http", "scheme": "digest"}, '/scheme: the scheme "digest" cannot be expressed; it is left out', None),
        ({"type": "apiKey", "name": "k", "in": "cookie"}, "/in: a key in the cookie cannot be sent; the scheme is left out", None),
        ({"type": "mutualTLS"}, '/type: credentials of the type "mutualTLS" cannot be sent; they are left out', None),
        ({"type": "openIdConnect", "openIdConnectUrl": "https://x.example"}, "/type: OpenID Connect is the program's part; the library takes a token", "bearer"),
        ({"type": "oauth2", "flows": {"implicit": {}}}, "/flows: these flows of OAuth 2 are the program's part; the library takes a token", "bearer"),
    ],
)  # fmt: skip
def test_credentials_that_cannot_be_expressed(
    tmp_path: Path, scheme: Json, cause: str, kind: str | None
) -> None:
    made, found = warned(tmp_path, three(components={"securitySchemes": {"s": scheme}}))
    assert found == ["/components/securitySchemes/s" + cause]
    assert [s.kind for s in made.security] == ([kind] if kind else [])


# --- the rest


def test_requests_to_the_program(tmp_path: Path) -> None:
    content = three(
        {"/t": {"get": get(callbacks={"done": {}})}}, openapi="3.1.0", webhooks={"a/b": {}}
    )
    _, found = warned(tmp_path, content)
    assert found == [
        "/webhooks/a~1b: requests that the server makes to the program cannot be expressed",
        "/paths/~1t/get/callbacks: requests that the server makes to the program cannot be expressed",
    ]


def test_a_websocket(tmp_path: Path) -> None:
    made = good(tmp_path, three({"/events": {"get": {**get(), "x-websocket": True}}}))
    assert the_operation(made).websocket


def test_a_short_description_is_the_summary(tmp_path: Path) -> None:
    made = the_operation(good(tmp_path, three({"/t": {"get": get(description="Get it.")}})))
    assert (made.summary, made.notes) == ("Get it.", "")
    made = the_operation(good(tmp_path, three({"/t": {"get": get(description="a\nb")}})))
    assert (made.summary, made.notes) == ("", "a\nb")


def test_the_resource_of_a_model(tmp_path: Path) -> None:
    def model(**more: Json) -> Json:
        return {"type": "object", "properties": {"id": {"type": "string"}, **more}}

    schemas = {
        "Lamp": model(colour=reference("Colour"), owner=reference("Owner")),
        "Colour": model(),
        "Owner": model(),
        "Unused": model(),
        "Shared": model(),
    }
    content = three(
        {
            "/lamps": {
                "get": get(
                    tags=["lamps"], responses=giving({"type": "array", "items": reference("Lamp")})
                )
            },
            "/rooms": {
                "get": get(
                    operation_id="r",
                    tags=["rooms"],
                    responses=giving(
                        {
                            "type": "object",
                            "properties": {
                                "lamp": reference("Lamp"),
                                "owner": reference("Owner"),
                                "s": reference("Shared"),
                            },
                        }
                    ),
                )
            },
            "/owners": {
                "get": get(operation_id="o", tags=["owners"], responses=giving(reference("Owner")))
            },
            "/a": {
                "get": get(operation_id="a", tags=["lamps"], responses=giving(reference("Shared")))
            },
            "/b": {
                "get": get(operation_id="b", tags=["owners"], responses=giving(reference("Shared")))
            },
        },
        schemas,
    )
    made = models(good(tmp_path, content))
    assert {name: str(found.resource) for name, found in made.items()} == {
        "Lamp": "lamps", "Colour": "None", "Owner": "owners", "Unused": "None", "Shared": "None", "RResult": "rooms",
    }  # fmt: skip


def test_every_text_of_a_document_is_a_doc_text(tmp_path: Path) -> None:
    pet = {
        "type": "object",
        "properties": {"kind": {"type": "string", "enum": ["d"]}},
        "discriminator": {"propertyName": "kind", "mapping": {"m": "Cat"}},
    }
    cat = {
        "allOf": [
            reference("Pet"),
            {
                "properties": {
                    "x": {
                        "oneOf": [reference("Cat"), {"type": "integer"}],
                        "discriminator": {"propertyName": "kind"},
                    }
                }
            },
        ]
    }
    content = three(
        {
            "/a/{id}?k=v": {
                "parameters": [q("id", "path", required=True)],
                "post": get(
                    q(description="p", schema={"type": "string", "default": "e", "enum": ["e"]}),
                    operation_id="o",
                    summary="s",
                    description="n\nn",
                    tags=["t"],
                    requestBody=taking(
                        {
                            "type": "object",
                            "properties": {"f": {"type": "string", "description": "y"}},
                        },
                        "application/vnd.a+json",
                    ),
                    responses=giving(reference("Pet"), "application/vnd.b+json")
                    | {"404": {"description": "r"}},
                    **{"x-since": "1"},
                ),
            }
        },
        {"Pet": pet, "Cat": cat},
        tags=[{"name": "t", "description": "z"}],
        components={"securitySchemes": {"c": SCHEMES["o"], "k": SCHEMES["k"]}},
    )
    made = good(tmp_path, content)

    def texts(value: Any) -> list[Any]:
        if isinstance(value, str):
            return [value]
        if isinstance(value, tuple):
            return [text for item in value for text in texts(item)]
        if hasattr(value, "__dataclass_fields__"):
            return [t for name in value.__dataclass_fields__ for t in texts(getattr(value, name))]
        return []

    found = texts((made.resources, made.models, made.security, made.version, made.title, made.text))
    # The words of the model itself, and no others.
    own = {
        "",
        "POST",
        "path",
        "query",
        "field",
        "header",
        "string",
        "integer",
        "model",
        "any",
        "json",
        "oauth2",
        "api_key",
    }
    assert {text for text in found if type(text) is str} <= own
    assert {
        "m",
        "e",
        "v",
        "application/vnd.a+json",
        "application/vnd.b+json",
        "/oauth/token",
    } <= set(found)
