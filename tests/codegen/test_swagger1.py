"""The reader of Swagger 1.1 and 1.2, on small documents of one trait each."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from codegen.model import ErrorResponse, Type
from codegen.text import DocText

from tests.codegen.helpers import (
    Json,
    document,
    errors,
    good,
    model,
    models,
    only_operation,
    only_parameter,
    operation,
    parameter,
    read,
    read_one,
    warnings,
    write,
)

if TYPE_CHECKING:
    from pathlib import Path


def with_parameter(**keys: Any) -> Json:
    return document(("/things", operation(parameters=[parameter(**keys)])))


def with_path(path: str, *parameters: Json) -> Json:
    return document((path, operation(parameters=list(parameters))))


def with_result(result: str) -> Json:
    return document(
        ("/things", operation(responseClass=result)),
        models={"Thing": model("Thing"), "Date2": model("Date2")},
    )


# --- a whole document


def test_an_operation_with_everything(tmp_path: Path) -> None:
    made = good(
        tmp_path,
        document(
            (
                "/things/{thingId}",
                operation(
                    "rename",
                    httpMethod="POST",
                    summary="Rename it.",
                    notes="At once.",
                    responseClass="Thing",
                    since=["1.0", "0.9.1"],
                    parameters=[
                        parameter("thingId", paramType="path", required=True, description="Which."),
                        parameter("name", required=True),
                        parameter("X-Trace", paramType="header"),
                    ],
                    errorResponses=[
                        {"code": 404, "reason": "None."},
                        {"code": "409", "reason": "Busy."},
                    ],
                ),
            ),
            models={"Thing": model("Thing", {"id": "string"})},
        ),
    )
    found = only_operation(made)
    assert (found.name, found.method, found.path) == ("rename", "POST", "/things/{thingId}")
    assert (found.summary, found.notes) == ("Rename it.", "At once.")
    assert found.result == Type("model", DocText("Thing"))
    assert found.since == ("1.0", "0.9.1")
    assert found.errors == (
        ErrorResponse(404, DocText("None.")),
        ErrorResponse(409, DocText("Busy.")),
    )
    assert [(p.name, p.location, p.required) for p in found.parameters] == [
        ("thingId", "path", True),
        ("name", "query", True),
        ("X-Trace", "header", False),
    ]
    assert not found.websocket


def test_every_text_of_a_document_is_a_doc_text(tmp_path: Path) -> None:
    made = good(
        tmp_path,
        document(
            (
                "/things",
                operation(
                    notes="n",
                    since="1.0",
                    parameters=[
                        parameter(
                            description="d",
                            defaultValue="a",
                            allowableValues={"valueType": "LIST", "values": ["a"]},
                        )
                    ],
                    errorResponses=[{"code": 400, "reason": "r"}],
                ),
            ),
            models={"T": model("T", {"p": {"type": "string", "description": "d"}})},
            description="x",
        ),
    )

    def texts(value: Any) -> list[Any]:
        if isinstance(value, str):
            return [value]
        if isinstance(value, tuple):
            return [text for item in value for text in texts(item)]
        if hasattr(value, "__dataclass_fields__"):
            return [t for name in value.__dataclass_fields__ for t in texts(getattr(value, name))]
        return []

    # The words of the model itself, and no others.
    own = {"GET", "", "query", "string", "void", "add", "json"}
    assert {str(text) for text in texts((made.resources, made.models)) if type(text) is str} <= own


def test_resources_keep_the_order_of_the_listing(tmp_path: Path) -> None:
    folder = write(
        tmp_path, {name: document((f"/{name}", operation())) for name in ("b", "a", "c")}
    )
    description, problems = read(folder)
    assert problems == []
    assert description is not None
    assert [resource.name for resource in description.resources] == ["b", "a", "c"]


def test_one_resource_document_alone(tmp_path: Path) -> None:
    from codegen import readers, source
    from codegen.problems import Problems

    write(tmp_path, {"things": document(("/things", operation()))})
    problems = Problems()
    description = readers.read(
        source.open_source(str(tmp_path / "things.json"), problems), problems
    )
    assert problems.items == []
    assert [resource.name for resource in description.resources] == ["things"]


def test_one_document_alone_that_needs_another(tmp_path: Path) -> None:
    from codegen import readers, source
    from codegen.problems import Problems, ProblemsFound

    write(tmp_path, {"things": document(("/things", operation(responseClass="Playback")))})
    problems = Problems()
    with pytest.raises(ProblemsFound):
        readers.read(source.open_source(str(tmp_path / "things.json"), problems), problems)
    assert errors(problems.items) == [
        '/apis/0/operations/0/responseClass: there is no model "Playback"; '
        "the listing (resources.json) may name a document that has it"
    ]


# --- types


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("string", Type("string")),
        ("byte", Type("string")),
        ("int", Type("integer")),
        ("long", Type("integer")),
        ("float", Type("number")),
        ("double", Type("number")),
        ("boolean", Type("boolean")),
        ("Date", Type("datetime")),
        ("binary", Type("binary")),
        ("object", Type("object")),
        ("void", Type("void")),
        ("Thing", Type("model", DocText("Thing"))),
        ("List[Thing]", Type("list", item=Type("model", DocText("Thing")))),
        ("List[string]", Type("list", item=Type("string"))),
        ("Array[int]", Type("list", item=Type("integer"))),
        ("Set[int]", Type("list", item=Type("integer"))),
        ("Map[string,int]", Type("map", item=Type("integer"))),
        (
            "Map[string, List[Thing]]",
            Type("map", item=Type("list", item=Type("model", DocText("Thing")))),
        ),
        ("List[List[Date]]", Type("list", item=Type("list", item=Type("datetime")))),
        (" List[ string ] ", Type("list", item=Type("string"))),
    ],
)
def test_types(tmp_path: Path, name: str, expected: Type) -> None:
    assert only_operation(good(tmp_path, with_result(name))).result == expected


def test_a_model_may_be_called_like_a_type(tmp_path: Path) -> None:
    made = good(
        tmp_path,
        document(("/a", operation(responseClass="Date")), models={"Date": model("Date")}),
    )
    assert only_operation(made).result == Type("model", DocText("Date"))


def test_no_response_class_means_no_result(tmp_path: Path) -> None:
    made = good(tmp_path, document(("/things", operation(responseClass=None))))
    assert only_operation(made).result == Type("void")


@pytest.mark.parametrize(
    "name", ["List[void]", "List[Thing", "Map[string]", "Map[string,]", "a<b>"]
)
def test_what_is_no_type_is_an_error(tmp_path: Path, name: str) -> None:
    _, problems = read_one(tmp_path, with_result(name))
    (error,) = errors(problems)
    assert error.startswith("/apis/0/operations/0/responseClass: ")
    assert "is not a type" in error


def test_types_nested_too_deeply(tmp_path: Path) -> None:
    _, problems = read_one(tmp_path, with_result("List[" * 50 + "int" + "]" * 50))
    assert errors(problems) == ["/apis/0/operations/0/responseClass: the type is nested too deeply"]


def test_a_model_that_nobody_describes(tmp_path: Path) -> None:
    _, problems = read_one(tmp_path, with_result("Thin"))
    assert errors(problems) == [
        '/apis/0/operations/0/responseClass: there is no model "Thin" (did you mean Thing?)'
    ]
    assert problems[0].line > 1


def test_every_use_of_a_model_that_nobody_describes(tmp_path: Path) -> None:
    _, problems = read_one(
        tmp_path,
        document(*[(f"/a{n}", operation(f"o{n}", responseClass="List[None]")) for n in range(3)]),
    )
    assert [error.partition(":")[0] for error in errors(problems)] == [
        f"/apis/{n}/operations/0/responseClass" for n in range(3)
    ]


# --- parameters


def test_lists_have_choices_and_a_default_of_their_elements_type(tmp_path: Path) -> None:
    allowed = {"valueType": "LIST", "values": ["1", "2"]}
    found = only_parameter(
        good(
            tmp_path,
            with_parameter(
                dataType="int", allowMultiple=True, allowableValues=allowed, defaultValue="1"
            ),
        )
    )
    assert found.type == Type("list", item=Type("integer"))
    assert (found.choices, found.default) == ((1, 2), 1)


def test_several_values_make_a_list(tmp_path: Path) -> None:
    found = only_parameter(good(tmp_path, with_parameter(allowMultiple=True)))
    assert found.type == Type("list", item=Type("string"))


def test_missing_required_and_allow_multiple(tmp_path: Path) -> None:
    found = only_parameter(good(tmp_path, with_parameter(required=None, allowMultiple=None)))
    assert not found.required
    assert found.type == Type("string")


def test_a_path_parameter_is_required_although_nobody_says_so(tmp_path: Path) -> None:
    made = good(tmp_path, with_path("/a/{id}", parameter("id", paramType="path", required=None)))
    assert only_parameter(made).required


def test_a_path_parameter_that_is_called_optional(tmp_path: Path) -> None:
    made, problems = read_one(
        tmp_path, with_path("/a/{id}", parameter("id", paramType="path", required=False))
    )
    assert only_parameter(made).required
    assert warnings(problems) == [
        "/apis/0/operations/0/parameters/0/required: a parameter of the path is always required"
    ]


def test_containers_is_a_member_of_the_body(tmp_path: Path) -> None:
    made = good(tmp_path, with_parameter(paramType="body", dataType="containers"))
    found = only_parameter(made)
    assert (found.location, found.type) == ("field", Type("object"))


def test_object_is_the_whole_body(tmp_path: Path) -> None:
    found = only_parameter(good(tmp_path, with_parameter(paramType="body", dataType="object")))
    assert (found.location, found.type) == ("body", Type("object"))


def test_two_bodies(tmp_path: Path) -> None:
    bodies = [parameter(n, paramType="body", dataType="object") for n in ("a", "b")]
    _, problems = read_one(tmp_path, with_path("/a", *bodies))
    assert errors(problems) == [
        "/apis/0/operations/0/parameters: only one parameter can be the request's body"
    ]


def test_a_body_beside_members_of_the_body(tmp_path: Path) -> None:
    bodies = [
        parameter("a", paramType="body", dataType="object"),
        parameter("b", paramType="body", dataType="containers"),
    ]
    _, problems = read_one(tmp_path, with_path("/a", *bodies))
    assert len(errors(problems)) == 1


@pytest.mark.parametrize(
    ("kind", "values", "expected"),
    [
        ("string", ["a", "b"], ("a", "b")),
        ("string", [1, True], ("1", "true")),
        ("int", [1, "2", 3.0], (1, 2, 3)),
        ("double", [1, "2.5"], (1, 2.5)),
        ("boolean", ["true", False], (True, False)),
        ("string", ["a", "a"], ("a",)),
    ],
)
def test_allowed_values(tmp_path: Path, kind: str, values: list[Any], expected: Any) -> None:
    allowed = {"valueType": "LIST", "values": values}
    made = good(tmp_path, with_parameter(dataType=kind, allowableValues=allowed))
    found = only_parameter(made).choices
    assert found == expected
    assert all(
        type(a) is type(b) or type(a) is DocText for a, b in zip(found, expected, strict=True)
    )


@pytest.mark.parametrize(
    ("allowed", "expected"),
    [
        ({"valueType": "RANGE", "min": 0}, (0, None)),
        ({"valueType": "RANGE", "min": "1", "max": "7"}, (1, 7)),
        ({"valueType": "RANGE", "min": 0.5, "max": 1.5}, (0.5, 1.5)),
        ({"valueType": "RANGE", "min": "-Infinity", "max": "Infinity"}, (None, None)),
    ],
)
def test_allowed_ranges(tmp_path: Path, allowed: Json, expected: tuple[Any, Any]) -> None:
    found = only_parameter(good(tmp_path, with_parameter(dataType="int", allowableValues=allowed)))
    assert (found.minimum, found.maximum) == expected


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [
        ("int", 30, 30),
        ("int", "30", 30),
        ("boolean", "false", False),
        ("boolean", True, True),
        ("string", "fail", "fail"),
        ("string", 5, "5"),
        ("double", "1.5", 1.5),
        ("int", "", None),
    ],
)
def test_defaults(tmp_path: Path, kind: str, value: Any, expected: Any) -> None:
    found = only_parameter(good(tmp_path, with_parameter(dataType=kind, defaultValue=value)))
    assert found.default == expected
    assert isinstance(found.default, bool) == isinstance(expected, bool)


def test_a_form_is_left_out_with_a_warning(tmp_path: Path) -> None:
    made, problems = read_one(
        tmp_path,
        document(
            ("/a", operation("a", parameters=[parameter(paramType="form")])),
            ("/b", operation("b")),
        ),
    )
    assert only_operation(made).name == "b"
    assert warnings(problems) == [
        "/apis/0/operations/0/parameters/0/paramType: "
        "parameters of a form cannot be sent; the operation is left out"
    ]


# --- mistakes in operations: each one gives one error, at its place

HERE = "/apis/0/operations/0"
MISTAKES: list[tuple[str, Json, str]] = [
    ("no method", document(("/a", operation(httpMethod=None))), f"{HERE}: httpMethod is missing"),
    ("a method", document(("/a", operation(httpMethod="STEAL"))), f'{HERE}/httpMethod: "STEAL" is not'),
    ("a path", document(("a b", operation())), '/apis/0/path: "a b" is not a path'),
    ("a path with a query", document(("/a?b", operation())), '/apis/0/path: "/a?b" is not a path'),
    ("braces", document(("/a/{b", operation())), '/apis/0/path: "/a/{b" is not a path'),
    ("out", document(("/../a", operation())), "/apis/0/path: the path"),
    ("undeclared", with_path("/a/{id}"), f"{HERE}/parameters: the path /a/{{id}} names"),
    (
        "undeclared, without a list",
        document(("/a/{id}", operation())),
        f"{HERE}: the path /a/{{id}} names",
    ),
    (
        "declared for nothing",
        with_path("/a", parameter("id", paramType="path")),
        f"{HERE}/parameters/0/name: the parameter",
    ),
    (
        "twice in the path",
        with_path("/{id}/{id}", parameter("id", paramType="path", required=True)),
        f"{HERE}: the path /{{id}}/{{id}} names",
    ),
    ("declared twice", with_path("/a", parameter(), parameter()), f"{HERE}/parameters/1/name: the"),
    ("nameless", with_parameter(name=None), f"{HERE}/parameters/0: name is missing"),
    ("place", with_parameter(paramType="cookie"), f"{HERE}/parameters/0/paramType: paramType must"),
    ("void", with_parameter(dataType="void"), f"{HERE}/parameters/0/dataType: a parameter cannot"),
    ("object in query", with_parameter(dataType="object"), f"{HERE}/parameters/0/dataType: a value"),
    ("flag", with_parameter(required="perhaps"), f"{HERE}/parameters/0/required: required must be"),
    ("list", document(("/a", operation(parameters={}))), f"{HERE}/parameters: parameters must be"),
    ("item", document(("/a", operation(parameters=[5]))), f"{HERE}/parameters/0: this must be"),
    (
        "default",
        with_parameter(dataType="int", defaultValue="x"),
        f'{HERE}/parameters/0/defaultValue: "x" is not of the type integer',
    ),
    (
        "choice",
        with_parameter(dataType="int", allowableValues={"valueType": "LIST", "values": ["x"]}),
        f'{HERE}/parameters/0/allowableValues/values/0: "x" is not of the type integer',
    ),
    (
        "kind of choices",
        with_parameter(allowableValues={"valueType": "SOME"}),
        f"{HERE}/parameters/0/allowableValues/valueType: valueType must be",
    ),
    (
        "choices",
        with_parameter(allowableValues={"valueType": "LIST", "values": "a"}),
        f"{HERE}/parameters/0/allowableValues/values: this must be the list of allowed values",
    ),
    (
        "no choices",
        with_parameter(allowableValues={"valueType": "LIST"}),
        f"{HERE}/parameters/0/allowableValues: values is missing",
    ),
    (
        "no choices at all",
        with_parameter(allowableValues=["a"]),
        f"{HERE}/parameters/0/allowableValues: allowableValues must be an object",
    ),
    (
        "items",
        document(("/a", operation(responseClass=None, type="array", items=5))),
        f"{HERE}/items: items must be an object",
    ),
    (
        "items of items",
        document(
            ("/a", operation(responseClass=None, type="array", items={"type": "array", "items": 5}))
        ),
        f"{HERE}/items/items: items must be an object",
    ),
    (
        "the model of items of items",
        document(
            (
                "/a",
                operation(
                    responseClass=None,
                    type="array",
                    items={"type": "array", "items": {"$ref": "N"}},
                ),
            )
        ),
        f'{HERE}/items/items/$ref: there is no model "N"',
    ),
    (
        "bound",
        with_parameter(dataType="int", allowableValues={"valueType": "RANGE", "min": "low"}),
        f"{HERE}/parameters/0: the minimum must be a number",
    ),
    (
        "code",
        document(("/a", operation(errorResponses=[{"code": "many"}]))),
        f"{HERE}/errorResponses/0/code: code must be an HTTP status",
    ),
    (
        "no code",
        document(("/a", operation(errorResponses=[{"reason": "x"}]))),
        f"{HERE}/errorResponses/0: code is missing",
    ),
    ("text", document(("/a", operation(summary={"a": 1}))), f"{HERE}/summary: summary must be a"),
    ("since", document(("/a", operation(since=[1]))), f"{HERE}/since: since must be a list"),
    ("surrogate", document(("/a", operation(summary="\ud800"))), f"{HERE}/summary: this text is"),
    (
        "the same operation twice",
        document(("/a/{x}", operation("a", parameters=[parameter("x", paramType="path")])),
                 ("/a/{y}", operation("b", parameters=[parameter("y", paramType="path")]))),
        "/apis/1/operations/0: GET /a/{y} is described twice",
    ),
    ("models", document(("/a", operation()), models={"M": 5}), "/models/M: a model must be"),
    ("all models", {**document(("/a", operation())), "models": [1]}, "/models: models must be an object"),
    (
        "properties",
        document(("/a", operation()), models={"M": {"id": "M", "properties": []}}),
        "/models/M/properties: properties must be",
    ),
    (
        "property",
        document(("/a", operation()), models={"M": {"id": "M", "properties": {"a/b": 1}}}),
        "/models/M/properties/a~1b: a property must be",
    ),
    (
        "void property",
        document(("/a", operation()), models={"M": model("M", {"a": "void"})}),
        "/models/M/properties/a/type: a property cannot be void",
    ),
    (
        "property's model",
        document(("/a", operation()), models={"M": model("M", {"a": "List[N]"})}),
        '/models/M/properties/a/type: there is no model "N"',
    ),
    (
        "subtype",
        document(("/a", operation()), models={"M": model("M", subTypes=["N"])}),
        '/models/M/subTypes/0: there is no model "N"',
    ),
    (
        "discriminator",
        document(("/a", operation()), models={"M": model("M", discriminator="type")}),
        '/models/M/discriminator: the discriminator "type" is not a property',
    ),
    (
        "own subtype",
        document(("/a", operation()), models={"M": model("M", subTypes=["M"])}),
        '/models/M/subTypes: the model "M" is a subtype of itself',
    ),
]  # fmt: skip


@pytest.mark.parametrize(
    ("content", "expected"), [m[1:] for m in MISTAKES], ids=[m[0] for m in MISTAKES]
)
def test_mistakes(tmp_path: Path, content: Json, expected: str) -> None:
    made, problems = read_one(tmp_path, content)
    assert made is None
    (error,) = errors(problems)
    assert error.startswith(expected)


def test_all_mistakes_are_shown_at_once(tmp_path: Path) -> None:
    _, problems = read_one(
        tmp_path,
        document(
            ("/a", operation(httpMethod="STEAL")),
            ("/b", operation(responseClass="Nothing")),
            ("/c", operation(parameters=[parameter(name=None)])),
        ),
    )
    assert [error.partition(":")[0] for error in errors(problems)] == [
        "/apis/0/operations/0/httpMethod",
        "/apis/2/operations/0/parameters/0",
        "/apis/1/operations/0/responseClass",
    ]


@pytest.mark.parametrize(
    ("code", "good_one"),
    [
        (99, False),
        (100, True),
        (599, True),
        (600, False),
        (True, False),
        ("4O4", False),
        (4.5, False),
    ],
)
def test_codes(tmp_path: Path, code: Any, good_one: bool) -> None:
    _, problems = read_one(
        tmp_path, document(("/a", operation(errorResponses=[{"code": code, "reason": "x"}])))
    )
    assert (errors(problems) == []) == good_one


def test_only_errors_are_error_responses(tmp_path: Path) -> None:
    codes = [{"code": code, "reason": ""} for code in (200, 204, 299, 300, 404)]
    made = good(tmp_path, document(("/a", operation(errorResponses=codes))))
    assert [error.code for error in only_operation(made).errors] == [300, 404]


@pytest.mark.parametrize(
    ("kind", "value"),
    [("double", True), ("double", "much"), ("int", 1.5), ("boolean", "yes"), ("boolean", 1)],
)
def test_defaults_of_another_type(tmp_path: Path, kind: str, value: Any) -> None:
    _, problems = read_one(tmp_path, with_parameter(dataType=kind, defaultValue=value))
    assert len(errors(problems)) == 1


def test_a_header_does_not_stand_for_a_parameter_of_the_path(tmp_path: Path) -> None:
    _, problems = read_one(tmp_path, with_path("/a/{id}", parameter("id", paramType="header")))
    (error,) = errors(problems)
    assert 'names the parameter "id", which is not declared' in error


# --- slips with a clear meaning: a warning, and on it goes


def test_a_misspelt_key_is_taken_as_it_was_meant(tmp_path: Path) -> None:
    made, problems = read_one(
        tmp_path, with_parameter(descriptioni="What.", defalutValue="x", description=None)
    )
    found = only_parameter(made)
    assert (found.description, found.default) == ("What.", "x")
    assert [warning.rpartition("; ")[2] for warning in warnings(problems)] == [
        "it is taken for description",
        "it is taken for defaultValue",
    ]


def test_an_unknown_key_is_passed_over(tmp_path: Path) -> None:
    made, problems = read_one(tmp_path, with_parameter(colour="red"))
    assert made is not None
    assert warnings(problems) == [
        '/apis/0/operations/0/parameters/0/colour: "colour" is not a key of a parameter; '
        "it is passed over"
    ]


@pytest.mark.parametrize(
    ("place", "pointer", "what"),
    [
        ((), "", "a listing"),
        (("apis", 0), "/apis/0", "a listed document"),
    ],
)
def test_unknown_keys_of_a_listing(
    tmp_path: Path, place: tuple[Any, ...], pointer: str, what: str
) -> None:
    write(tmp_path, {"things": document(("/a", operation()))})
    listing = json.loads((tmp_path / "resources.json").read_text())
    at = listing
    for key in place:
        at = at[key]
    at["colour"] = "red"
    (tmp_path / "resources.json").write_text(json.dumps(listing))
    _, problems = read(tmp_path)
    assert warnings(problems) == [
        f'{pointer}/colour: "colour" is not a key of {what}; it is passed over'
    ]


@pytest.mark.parametrize(
    ("place", "what"),
    [
        ((), "a resource document"),
        (("apis", 0), "a path"),
        (("apis", 0, "operations", 0), "an operation"),
        (("apis", 0, "operations", 0, "parameters", 0), "a parameter"),
        (("apis", 0, "operations", 0, "errorResponses", 0), "an error response"),
        (("models", "M"), "a model"),
        (("models", "M", "properties", "p"), "a property"),
    ],
)
def test_unknown_keys(tmp_path: Path, place: tuple[Any, ...], what: str) -> None:
    content = document(
        (
            "/a",
            operation(parameters=[parameter()], errorResponses=[{"code": 400, "reason": "Bad."}]),
        ),
        models={"M": model("M", {"p": "string"})},
    )
    at: Any = content
    for key in place:
        at = at[key]
    at["colour"] = "red"
    made, problems = read_one(tmp_path, content)
    assert made is not None
    pointer = "".join(f"/{key}" for key in place)
    assert warnings(problems) == [
        f'{pointer}/colour: "colour" is not a key of {what}; it is passed over'
    ]


def test_remarks_are_no_mistakes(tmp_path: Path) -> None:
    good(tmp_path, with_parameter(__note="see there", **{"x-more": 1}))


def test_a_flag_in_words(tmp_path: Path) -> None:
    made, problems = read_one(tmp_path, with_parameter(required="true"))
    assert only_parameter(made).required
    assert len(warnings(problems)) == 1


def test_a_missing_type_is_a_string(tmp_path: Path) -> None:
    made, problems = read_one(tmp_path, with_parameter(dataType=None))
    assert only_parameter(made).type == Type("string")
    assert len(warnings(problems)) == 1


def test_the_same_nickname_twice(tmp_path: Path) -> None:
    made, problems = read_one(
        tmp_path,
        document(("/a", operation("get")), ("/b", operation("get")), ("/c", operation("get"))),
    )
    assert made is not None
    assert [op.name for op in made.resources[0].operations] == ["get", "get2", "get3"]
    assert len(warnings(problems)) == 2


def test_a_key_given_twice(tmp_path: Path) -> None:
    text = json.dumps(document(("/a", operation("b"))), indent=1).replace(
        '"nickname"', '"nickname": "a",\n"nickname"'
    )
    made, problems = read_one(tmp_path, text)
    assert only_operation(made).name == "b"
    assert warnings(problems) == [
        "/apis/0/operations/0/nickname: the object has this key already; the last one counts"
    ]
    assert text.splitlines()[problems[0].line - 1].strip() == '"nickname": "b",'


def test_an_operation_without_a_name(tmp_path: Path) -> None:
    described = document(
        (
            "/lamps/{lampId}/on",
            operation(
                None,
                httpMethod="post",
                parameters=[parameter("lampId", paramType="path", required=True)],
            ),
        )
    )
    made, problems = read_one(tmp_path, described)
    assert only_operation(made).name == "postLampsByLampIdOn"
    assert warnings(problems) == [
        "/apis/0/operations/0: nickname is missing; the operation is called postLampsByLampIdOn"
    ]


def test_a_path_without_its_slash(tmp_path: Path) -> None:
    made, problems = read_one(tmp_path, document(("lamps", operation())))
    assert only_operation(made).path == "/lamps"
    assert warnings(problems) == ['/apis/0/path: the path "lamps" should begin with a slash']


def test_values_of_a_property_that_do_not_fit(tmp_path: Path) -> None:
    status = {"type": "int", "enum": ["1-new", 2]}
    made, problems = read_one(
        tmp_path, document(("/a", operation()), models={"M": model("M", {"status": status})})
    )
    assert models(made)["M"].properties[0].choices == (2,)
    assert warnings(problems) == [
        '/models/M/properties/status/enum/0: "1-new" is not of the type integer; it is passed over'
    ]


def test_a_number_that_json_cannot_hold(tmp_path: Path) -> None:
    text = json.dumps(with_parameter(dataType="double", defaultValue=99)).replace("99", "1e999")
    _, problems = read_one(tmp_path, text)
    assert errors(problems) == [
        "/apis/0/operations/0/parameters/0/defaultValue: inf is not of the type number"
    ]


SLIPS: list[tuple[str, Json, str]] = [
    (
        "paramType",
        with_parameter(paramType=None),
        f"{HERE}/parameters/0: paramType is missing; the parameter is taken for one of the query",
    ),
    (
        "paramType of the path",
        with_path("/a/{id}", parameter("id", paramType=None, required=True)),
        f"{HERE}/parameters/0: paramType is missing; the parameter is taken for one of the path",
    ),
    (
        "several values in the path",
        with_path("/a/{id}", parameter("id", paramType="path", required=True, allowMultiple=True)),
        f"{HERE}/parameters/0/allowMultiple: a parameter of the path has one value only",
    ),
    (
        "several defaults",
        with_parameter(allowMultiple=True, defaultValue=["a", "b"]),
        f"{HERE}/parameters/0/defaultValue: a default of several values is passed over",
    ),
    (
        "no items",
        document(("/a", operation(responseClass=None, type="array"))),
        f"{HERE}/type: the type of the list's elements (items) is missing; it is taken for any",
    ),
    (
        "id",
        document(("/a", operation()), models={"M": {"id": "N", "properties": {}}}),
        '/models/M/id: the model\'s id "N" is not its key "M"; the key counts',
    ),
    (
        "required",
        document(("/a", operation()), models={"M": model("M", required=["a"])}),
        '/models/M/required: required names the property "a", which the model does not have',
    ),
    (
        "default of an object",
        with_parameter(paramType="body", dataType="object", defaultValue="x"),
        f"{HERE}/parameters/0/defaultValue: values of a parameter of this kind (object) are passed",
    ),
]


@pytest.mark.parametrize(("content", "expected"), [s[1:] for s in SLIPS], ids=[s[0] for s in SLIPS])
def test_slips(tmp_path: Path, content: Json, expected: str) -> None:
    made, problems = read_one(tmp_path, content)
    assert made is not None
    (warning,) = warnings(problems)
    assert warning.startswith(expected)
    assert errors(problems) == []


# --- models


def test_subtypes_name_the_base(tmp_path: Path) -> None:
    made = good(
        tmp_path,
        document(
            ("/a", operation()),
            models={
                "Message": model(
                    "Message", {"type": "string"}, subTypes=["Event"], discriminator="type"
                ),
                "Event": model("Event", {"time": "Date"}, subTypes=["Rang"]),
                "Rang": model("Rang"),
            },
        ),
    )
    found = models(made)
    assert found["Message"].base is None
    assert found["Message"].discriminator == "type"
    assert found["Event"].base == "Message"
    assert found["Rang"].base == "Event"
    assert found["Rang"].resource == "things"


def test_required_properties_of_either_version(tmp_path: Path) -> None:
    described = {
        "M": {
            "id": "M",
            "required": ["b"],
            "properties": {
                "a": {"type": "string", "required": True},
                "b": {"type": "string"},
                "c": {"type": "string", "required": ["x"]},
            },
        }
    }
    made = good(tmp_path, document(("/a", operation()), models=described))
    assert [(str(p.name), p.required) for p in models(made)["M"].properties] == [
        ("a", True),
        ("b", True),
        ("c", False),
    ]


def test_a_cycle_of_subtypes(tmp_path: Path) -> None:
    made, problems = read_one(
        tmp_path,
        document(
            ("/a", operation()),
            models={a: model(a, subTypes=[b]) for a, b in (("A", "B"), ("B", "C"), ("C", "A"))},
        ),
    )
    assert made is None
    assert all("is a subtype of itself" in error for error in errors(problems))
    assert len(errors(problems)) == 3


def test_subtypes_nested_too_deeply(tmp_path: Path) -> None:
    chain = {f"M{n}": model(f"M{n}", subTypes=[f"M{n + 1}"]) for n in range(2000)}
    chain["M2000"] = model("M2000")
    _, problems = read_one(tmp_path, document(("/a", operation()), models=chain))
    assert set(errors(problems)) >= {"/models/M2000: the subtypes are nested too deeply"}


def test_a_subtype_of_two(tmp_path: Path) -> None:
    _, problems = read_one(
        tmp_path,
        document(
            ("/a", operation()),
            models={
                "A": model("A", subTypes=["C"]),
                "B": model("B", subTypes=["C"]),
                "C": model("C"),
            },
        ),
    )
    assert errors(problems) == ['/models/B/subTypes: "C" is a subtype of two models: "A" and "B"']


def test_models_may_hold_themselves_and_each_other(tmp_path: Path) -> None:
    made = good(
        tmp_path,
        document(
            ("/a", operation()),
            models={"A": model("A", {"b": "B", "a": "List[A]"}), "B": model("B", {"a": "A"})},
        ),
    )
    assert set(models(made)) == {"A", "B"}


def test_a_model_described_twice_in_the_same_way(tmp_path: Path) -> None:
    same = {"Thing": model("Thing", {"id": "string"})}
    description, problems = read(
        write(
            tmp_path,
            {
                "a": document(("/a", operation()), models=same),
                "b": document(("/b", operation()), models=same),
            },
        )
    )
    assert problems == []
    assert list(models(description)) == ["Thing"]


def test_a_model_described_twice_differently(tmp_path: Path) -> None:
    _, problems = read(
        write(
            tmp_path,
            {
                "a": document(("/a", operation()), models={"T": model("T", {"id": "string"})}),
                "b": document(("/b", operation()), models={"T": model("T", {"id": "int"})}),
            },
        )
    )
    (error,) = errors(problems)
    assert error.startswith('/models/T: the model "T" is described differently in ')
    assert problems[0].file.endswith("b.json")


def test_a_model_of_another_document(tmp_path: Path) -> None:
    description, problems = read(
        write(
            tmp_path,
            {
                "a": document(("/a", operation(responseClass="T"))),
                "b": document(("/b", operation()), models={"T": model("T")}),
            },
        )
    )
    assert problems == []
    assert description is not None


# --- the WebSocket


@pytest.mark.parametrize("keys", [{"upgrade": "websocket"}, {"websocketProtocol": "x"}])
def test_the_websocket_operation(tmp_path: Path, keys: Json) -> None:
    assert only_operation(good(tmp_path, document(("/events", operation(**keys))))).websocket


# --- Swagger 1.2


def test_swagger_1_2(tmp_path: Path) -> None:
    made = good(
        tmp_path,
        document(
            (
                "/pets/{petId}",
                {
                    "method": "PUT",
                    "nickname": "update",
                    "summary": "",
                    "type": "array",
                    "items": {"$ref": "Pet"},
                    "produces": ["application/json"],
                    "parameters": [
                        {"name": "petId", "paramType": "path", "type": "integer", "format": "int64", "required": True},
                        {"name": "status", "paramType": "query", "type": "string", "enum": ["a", "b"], "defaultValue": "a"},
                        {"name": "tags", "paramType": "query", "type": "array", "items": {"type": "string"}},
                        {"name": "limit", "paramType": "query", "type": "integer", "minimum": "1", "maximum": "100.0"},
                        {"paramType": "body", "name": "body", "type": "Pet"},
                    ],
                    "responseMessages": [{"code": 404, "message": "None."}],
                },
            ),
            models={
                "Pet": {
                    "id": "Pet",
                    "required": ["id"],
                    "properties": {
                        "id": {"type": "integer", "format": "int64"},
                        "born": {"type": "string", "format": "date-time"},
                        "parent": {"$ref": "Pet"},
                        "names": {"type": "array", "items": {"type": "string"}},
                        "kind": {"type": "string", "enum": ["cat"]},
                    },
                }
            },
            swaggerVersion="1.2",
        ),
    )  # fmt: skip
    found = only_operation(made)
    assert (found.method, found.result) == ("PUT", Type("list", item=Type("model", DocText("Pet"))))
    pet_id, status, tags, limit, body = found.parameters
    assert pet_id.type == Type("integer")
    assert (status.choices, status.default) == (("a", "b"), "a")
    assert tags.type == Type("list", item=Type("string"))
    assert (limit.minimum, limit.maximum) == (1, 100)
    assert (body.location, body.type) == ("body", Type("model", DocText("Pet")))
    assert found.errors == (ErrorResponse(404, DocText("None.")),)
    properties = {str(p.name): p for p in models(made)["Pet"].properties}
    assert properties["id"].required
    assert not properties["born"].required
    assert properties["born"].type == Type("datetime")
    assert properties["parent"].type == Type("model", DocText("Pet"))
    assert properties["names"].type == Type("list", item=Type("string"))
    assert properties["kind"].choices == ("cat",)


def test_the_type_of_items_alone(tmp_path: Path) -> None:
    made, problems = read_one(
        tmp_path, document(("/a", operation(responseClass=None, type="array", items="string")))
    )
    assert only_operation(made).result == Type("list", item=Type("string"))
    assert warnings(problems) == [
        '/apis/0/operations/0/items: items should be an object with the type "string"'
    ]


def test_arrays_nested_too_deeply(tmp_path: Path) -> None:
    items: Json = {"type": "string"}
    for _ in range(100):
        items = {"type": "array", "items": items}
    _, problems = read_one(
        tmp_path, document(("/a", operation(responseClass=None, type="array", items=items)))
    )
    assert errors(problems) == ["/apis/0/operations/0/type: the type is nested too deeply"]


@pytest.mark.parametrize("depth", [32, 33])
def test_arrays_nested_just_deeply_enough(tmp_path: Path, depth: int) -> None:
    items: Json = {"type": "string"}
    for _ in range(depth - 1):
        items = {"type": "array", "items": items}
    made, problems = read_one(
        tmp_path, document(("/a", operation(responseClass=None, type="array", items=items)))
    )
    assert len(errors(problems)) == depth - 32
    if made is not None:
        result: Type | None = only_operation(made).result
        for _ in range(depth):
            assert result is not None
            result = result.item
        assert result == Type("string")


# --- the listing and the documents together


def test_a_listing_of_nothing(tmp_path: Path) -> None:
    (tmp_path / "resources.json").write_text('{"swaggerVersion": "1.1"}')
    _, problems = read(tmp_path)
    assert errors(problems) == [": apis is missing: the list of documents"]


def test_types_nested_just_deeply_enough(tmp_path: Path) -> None:
    good(tmp_path, with_result("List[" * 32 + "int" + "]" * 32))
    _, problems = read_one(tmp_path, with_result("List[" * 33 + "int" + "]" * 33))
    assert len(errors(problems)) == 1


def test_a_wrong_version(tmp_path: Path) -> None:
    _, problems = read_one(tmp_path, document(("/a", operation()), swaggerVersion="2.0"))
    assert errors(problems) == [': swaggerVersion "2.0" is not one of 1.1, 1.2']
    assert problems[0].file.endswith("things.json")


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ([], "this is not an API description: it is not a JSON object"),
        ({}, "this is not an API description: it has no openapi, swagger or swaggerVersion"),
        ({"swagger": "3.0"}, 'swagger "3.0" is not a version that can be read'),
        ({"openapi": "9.0.0"}, 'openapi "9.0.0" is not a version that can be read'),
        ({"swaggerVersion": "1.0"}, 'swaggerVersion "1.0" is not a version that can be read'),
    ],
)
def test_a_root_that_no_reader_knows(tmp_path: Path, content: Any, expected: str) -> None:
    (tmp_path / "resources.json").write_text(json.dumps(content))
    made, problems = read(tmp_path)
    assert made is None
    (error,) = errors(problems)
    assert error.startswith(f": {expected}")


def test_a_missing_document(tmp_path: Path) -> None:
    write(tmp_path, {"things": document(("/a", operation()))})
    (tmp_path / "things.json").unlink()
    _, problems = read(tmp_path)
    (error,) = errors(problems)
    assert error.startswith('/apis/0/path: "/api-docs/things.{format}" names the file ')
    assert error.endswith("things.json, which does not exist")
    assert problems[0].line == 7


@pytest.mark.parametrize("path", ["/api-docs/../../secret.json", "/a/..", "/a\\b.json", "/", "/.x"])
def test_a_listing_that_leads_elsewhere(tmp_path: Path, path: str) -> None:
    (tmp_path.parent / "secret.json").write_text("{}")
    write(tmp_path, {}, apis=[{"path": path, "description": ""}])
    made, problems = read(tmp_path)
    assert made is None
    assert errors(problems)[0].startswith("/apis/0/path: ")
    assert "is not the path of a document" in errors(problems)[0]


def test_a_document_listed_twice(tmp_path: Path) -> None:
    write(tmp_path, {"a": document(("/a", operation()))}, apis=[{"path": "/a.json"}] * 2)
    _, problems = read(tmp_path)
    assert errors(problems) == ['/apis/1/path: the resource "a" is listed twice']


def test_nothing_at_all(tmp_path: Path) -> None:
    _, problems = read_one(tmp_path, document())
    assert errors(problems) == [": the description has no operations"]


def test_the_base_path_is_never_used(tmp_path: Path) -> None:
    made = good(tmp_path, document(("/a", operation()), basePath="http://192.0.2.1/elsewhere"))
    assert only_operation(made).path == "/a"
