"""The reader of Swagger 2.0: what it has of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.codegen.helpers import api_of, errors
from tests.codegen.openapi_helpers import (
    Json,
    get,
    good,
    models,
    parameters,
    read,
    shown,
    the_operation,
    two,
    warned,
)

if TYPE_CHECKING:
    from pathlib import Path

THING = {
    "type": "object",
    "required": ["name"],
    "properties": {
        "id": {"type": "string", "readOnly": True},
        "name": {"type": "string"},
        "self": {"$ref": "#/definitions/Thing"},
    },
}


def q(name: str = "q", location: str = "query", **keys: Any) -> Json:
    """A parameter of the type string; ``keys`` are added, and with the value None taken away."""
    made = {"name": name, "in": location, "type": "string", **keys}
    return {key: value for key, value in made.items() if value is not None}


def post(*entries: Json, **keys: Any) -> Json:
    return two({"/things": {"post": get(*entries, **keys)}}, {"Thing": THING})


def test_an_operation_with_everything(tmp_path: Path) -> None:
    content = two(
        {
            "/things/{thingId}": {
                "parameters": [{"$ref": "#/parameters/thingId"}],
                "put": get(
                    q(required=True, description="Q", enum=["a", "b"], default="a"),
                    q("n", type="integer", minimum=1, maximum=5),
                    q("X-Trace", "header"),
                    q("Accept", "header"),
                    {
                        "name": "thing",
                        "in": "body",
                        "required": True,
                        "schema": {"$ref": "#/definitions/Thing"},
                    },
                    operation_id="rename",
                    summary="Rename it.",
                    tags=["things"],
                    deprecated=True,
                    responses={
                        "200": {"description": "Good.", "schema": {"$ref": "#/definitions/Thing"}},
                        "404": {"$ref": "#/responses/None"},
                    },
                ),
            }
        },
        {"Thing": THING},
        host="api.example",
        basePath="/v1/",
        schemes=["http", "https"],
        parameters={"thingId": q("thingId", "path", required=True)},
        responses={"None": {"description": "None."}},
    )
    made = good(tmp_path, content)
    found = the_operation(made)
    assert (found.name, found.method, found.path, found.deprecated) == (
        "rename",
        "PUT",
        "/things/{thingId}",
        True,
    )
    assert [(str(p.name), p.location, shown(p.type), p.required) for p in found.parameters] == [
        ("thingId", "path", "string", True),
        ("q", "query", "string", True),
        ("n", "query", "integer", False),
        ("X-Trace", "header", "string", False),
        ("name", "field", "string", True),
        ("self", "field", "Thing", False),
    ]
    by_name = parameters(made)
    assert (by_name["q"].choices, by_name["q"].default, by_name["q"].description) == (
        ("a", "b"),
        "a",
        "Q",
    )
    assert (by_name["n"].minimum, by_name["n"].maximum) == (1, 5)
    assert (shown(found.result), [(e.code, e.reason) for e in found.errors]) == (
        "Thing",
        [(404, "None.")],
    )
    assert list(models(made)) == ["Thing"]
    assert api_of(made).client.url == "https://api.example/v1"


@pytest.mark.parametrize("version", ["2.0", 2.0, "2"])
def test_versions(tmp_path: Path, version: Any) -> None:
    good(tmp_path, two(swagger=version))


@pytest.mark.parametrize(
    ("keys", "url"),
    [
        ({}, "https://server.example/api"),
        ({"host": "a.example"}, "https://a.example"),
        (
            {"host": "a.example:8080", "basePath": "/x", "schemes": ["http"]},
            "http://a.example:8080/x",
        ),
        ({"basePath": "/x"}, "https://server.example/x"),
        ({"host": "a.example", "schemes": ["wss"]}, "http://a.example"),
        ({"host": "a b"}, "https://server.example/api"),
    ],
)
def test_the_url(tmp_path: Path, keys: Json, url: str) -> None:
    assert api_of(good(tmp_path, two(**keys))).client.url == url


@pytest.mark.parametrize(
    ("collection", "style"),
    [(None, "comma"), ("csv", "comma"), ("ssv", "space"), ("pipes", "pipe"), ("multi", "repeat")],
)
def test_lists(tmp_path: Path, collection: str | None, style: str) -> None:
    items = {"type": "string", "enum": ["a", "b"]}
    parameter = q(type="array", items=items, collectionFormat=collection)
    others = [q(f"o{n}", type="array", items=items, collectionFormat="multi") for n in range(2)]
    made = good(tmp_path, post(parameter, *others))
    assert made.lists == "repeat"
    found = parameters(made)["q"]
    assert (shown(found.type), found.style, found.choices) == (
        "list[string]", "" if style == "repeat" else style, ("a", "b"),
    )  # fmt: skip


def test_lists_that_cannot_be_expressed(tmp_path: Path) -> None:
    made, found = warned(
        tmp_path, post(q(type="array", items={"type": "string"}, collectionFormat="tsv"))
    )
    assert found == [
        '/paths/~1things/post/parameters/0/collectionFormat: a list in this form ("tsv") cannot be sent; '
        "commas separate it"
    ]
    assert made.lists == "comma"


def test_forms(tmp_path: Path) -> None:
    fields = [
        q("a", "formData", required=True),
        q("l", "formData", type="array", items={"type": "integer"}, collectionFormat="multi"),
    ]
    made = the_operation(good(tmp_path, post(*fields)))
    assert (made.body, made.body_required) == ("form", False)
    assert [(str(p.name), p.location, shown(p.type), p.style) for p in made.parameters] == [
        ("a", "field", "string", ""),
        ("l", "field", "list[integer]", "repeat"),
    ]
    multi = the_operation(good(tmp_path, post(*fields, consumes=["multipart/form-data"])))
    assert multi.body == "multipart"


def test_files(tmp_path: Path) -> None:
    made = the_operation(good(tmp_path, post(q("f", "formData", type="file"), q("a", "formData"))))
    assert (made.body, [shown(p.type) for p in made.parameters]) == (
        "multipart",
        ["binary", "string"],
    )


def test_other_bodies(tmp_path: Path) -> None:
    def sent(schema: Json, *consumes: str) -> tuple[str, str, list[str]]:
        entry = {"name": "payload", "in": "body", "schema": schema}
        made = the_operation(good(tmp_path, post(entry, consumes=list(consumes))))
        return (
            made.body,
            str(made.content_type),
            [f"{p.location} {p.name}: {shown(p.type)}" for p in made.parameters],
        )

    assert sent({"type": "array", "items": {"type": "string"}}) == (
        "json",
        "",
        ["body payload: list[string]"],
    )
    assert sent({"type": "string"}, "text/plain") == (
        "binary",
        "text/plain",
        ["body payload: string"],
    )
    assert sent({"type": "string", "format": "binary"}, "application/octet-stream") == (
        "binary", "application/octet-stream", ["body payload: binary"],
    )  # fmt: skip


def test_answers(tmp_path: Path) -> None:
    def given(schema: Json | None, *produces: str) -> tuple[str, str]:
        response: Json = {"description": "", **({"schema": schema} if schema is not None else {})}
        content = two(
            {"/t": {"get": get(responses={"200": response})}},
            {"Thing": THING},
            produces=list(produces),
        )
        made = the_operation(good(tmp_path, content))
        return shown(made.result), str(made.accept)

    thing = {"$ref": "#/definitions/Thing"}
    assert given(None) == ("void", "")
    assert given(thing) == ("Thing", "")
    assert given(thing, "application/xml", "application/json") == ("Thing", "")
    assert given({"type": "file"}) == ("binary", "application/octet-stream")
    assert given({"type": "file"}, "application/json", "audio/mpeg") == ("binary", "audio/mpeg")
    assert given({"type": "string"}, "text/plain") == ("string", "text/plain")


@pytest.mark.parametrize(
    ("scheme", "expected"),
    [
        ({"type": "basic"}, ("basic", "", "", "")),
        ({"type": "apiKey", "name": "k", "in": "query"}, ("api_key", "k", "query", "")),
        ({"type": "oauth2", "flow": "application", "tokenUrl": "https://x.example/t", "scopes": {"a": ""}}, ("oauth2", "", "", "https://x.example/t")),
    ],
)  # fmt: skip
def test_credentials(tmp_path: Path, scheme: Json, expected: tuple[str, ...]) -> None:
    (found,) = good(tmp_path, two(securityDefinitions={"s": scheme})).security
    assert (found.kind, str(found.parameter), found.location, str(found.token_url)) == expected
    assert found.name == "s"


def test_credentials_that_cannot_be_expressed(tmp_path: Path) -> None:
    made, found = warned(
        tmp_path, two(securityDefinitions={"s": {"type": "oauth2", "flow": "implicit"}})
    )
    assert [s.kind for s in made.security] == ["bearer"]
    assert found[0].endswith(
        "this flow of OAuth 2 is the program's part; the library takes a token"
    )


@pytest.mark.parametrize(
    ("entries", "cause"),
    [
        ([q("c", "cookie")], '/0/in: in must be path, query, header, body or formData, not "cookie"'),
        ([{"name": "b", "in": "body"}], "/0: schema is missing"),
        ([{"name": "b", "in": "body", "schema": {}}, {"name": "c", "in": "body", "schema": {}}], "/1: only one parameter can be the request's body"),
        ([{"name": "b", "in": "body", "schema": {}}, q("f", "formData")], ": a body and parameters in a form cannot be sent together"),
    ],
)  # fmt: skip
def test_what_is_wrong(tmp_path: Path, entries: list[Json], cause: str) -> None:
    _, problems = read(tmp_path, post(*entries))
    assert errors(problems) == ["/paths/~1things/post/parameters" + cause]


def test_slips(tmp_path: Path) -> None:
    made, found = warned(
        tmp_path, post(q(type=None), q("s", type=None, schema={"type": "integer"}))
    )
    assert [shown(p.type) for p in the_operation(made).parameters] == ["string", "integer"]
    assert [text.partition(": ")[2] for text in found] == [
        "the type is missing; it is taken for a string",
        "a schema means nothing here; it is read all the same",
    ]
