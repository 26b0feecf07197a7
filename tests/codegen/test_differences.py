"""``--diff``: what changed between two descriptions, and whether that breaks programs."""

from __future__ import annotations

import json
from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any

import pytest
from codegen import differences
from codegen.model import (
    Access,
    Api,
    Client,
    DiscriminatorValue,
    ErrorResponse,
    Events,
    Model,
    OneOf,
    Operation,
    OperationRef,
    Parameter,
    Property,
    Resource,
    SecurityScheme,
    Type,
)
from codegen.text import DocText
from testing.paths import repository_file

from tests.codegen.helpers import Json, call, document, model, operation, parameter, write
from tests.codegen.openapi_helpers import get, giving, reference, three

if TYPE_CHECKING:
    from pathlib import Path

T = DocText
STRING, INTEGER, NUMBER, VOID = (Type(kind) for kind in ("string", "integer", "number", "void"))
ANY, OBJECT = Type("any"), Type("object")
CAT, DOG, PET = (Type("model", T(name)) for name in ("Cat", "Dog", "Pet"))


def list_of(item: Type) -> Type:
    return Type("list", item=item)


def null_or(type_: Type) -> Type:
    return replace(type_, nullable=True)


def one_of(*types: Type) -> Type:
    return Type("any", one_of=OneOf(types))


def argument(
    name: str = "q", type_: Type = STRING, location: str = "query", **keys: Any
) -> Parameter:
    return Parameter(T(name), location, type_, **{"required": False, **keys})


def an_operation(*parameters: Parameter, result: Type = VOID, **keys: Any) -> Operation:
    made: dict[str, Any] = {
        "name": T("read"),
        "method": "GET",
        "path": T("/things"),
        "summary": T(""),
        "notes": T(""),
        "errors": (),
        **keys,
    }
    return Operation(parameters=parameters, result=result, **made)


def a_model(name: str, *properties: Property, **keys: Any) -> Model:
    return Model(T(name), T(""), properties, **keys)


def a_property(name: str = "p", type_: Type = STRING, **keys: Any) -> Property:
    return Property(T(name), type_, **{"required": True, **keys})


PETS = (
    a_model("Pet", a_property("name")),
    a_model("Cat", base=T("Pet")),
    a_model("Dog", base=T("Pet")),
)
CLIENT = Client(
    "x", T("X"), T(""), "0.1.0", "X", "Apache-2.0", "", (), (), url="https://one.example"
)


def an_api(*operations: Operation, models: tuple[Model, ...] = PETS, **keys: Any) -> Api:
    made: dict[str, Any] = {
        "client": CLIENT,
        "version": T("1"),
        "resources": (Resource(T("things"), T(""), operations),),
        "objects": (),
        "shortcuts": (),
        "events": None,
        "access": Access(),
        **keys,
    }
    return Api(models=models, **made)


def found(old: Api, new: Api) -> list[tuple[str, str, str]]:
    """What changed: level, kind, text."""
    return [(c.level, c.kind, c.text) for c in differences.compare(old, new)]


def levels(old: Api, new: Api) -> list[tuple[str, str]]:
    """What changed: level and kind; and back."""
    return [(c.level, c.kind) for c in differences.compare(old, new)]


def both_ways(old: Api, new: Api) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """What changed, and what would the other way round."""
    return levels(old, new), levels(new, old)


# --- nothing


def test_nothing() -> None:
    api = an_api(an_operation(argument()))
    assert differences.compare(api, api) == []
    assert differences.as_text([]) == "No changes\n"
    assert not differences.is_breaking([])


def test_every_field_of_the_model_was_thought_of() -> None:
    # A new field: shall --diff tell of it? It does, or its name stands here.
    told_by_settings = {
        "Parameter.reference",
        "Parameter.text_values",
        "Parameter.send_default",
        "Parameter.own",
        "Operation.subscription",
        "Model.resource",  # where a document declares it: programs need not know
        "Model.subtypes",  # these are based on it
        "SecurityScheme.description",
    }
    source = repository_file("tools/codegen/differences.py").read_text("utf-8")
    forgotten = {
        f"{cls.__name__}.{field.name}"
        for cls in (Resource, Operation, Parameter, Property, Model, SecurityScheme, Type, OneOf)
        for field in fields(cls)
        if f".{field.name}" not in source
    }
    assert forgotten - told_by_settings == set()


# --- operations


def test_operations_come_and_go() -> None:
    one, two = an_operation(), an_operation(name=T("find"), path=T("/others"))
    old, new = an_api(one), an_api(one, two)
    assert found(new, old) == [("breaking", "operation-removed", "the operation is gone")]
    assert found(old, new) == [("compatible", "operation-added", "the operation is new")]
    (change,) = differences.compare(old, new)
    assert change.where == {
        "resource": "things",
        "operation": "find",
        "method": "GET",
        "path": "/others",
    }
    assert change.place == "things.find (GET /others)"


@pytest.mark.parametrize(
    ("keys", "kind", "text"),
    [
        ({"name": T("list")}, "operation-renamed", "the operation is called things.list now"),
        ({"method": "PUT"}, "operation-method", "its method was GET, and is PUT"),
        ({"path": T("/others")}, "operation-path", "its path was /things, and is /others"),
        ({"websocket": True}, "operation-websocket", "it opens a WebSocket now"),
        (
            {"accept": T("text/csv")},
            "result-format",
            "the result was application/json, and is text/csv",
        ),
    ],
)
def test_another_operation(keys: dict[str, Any], kind: str, text: str) -> None:
    assert found(an_api(an_operation()), an_api(an_operation(**keys))) == [("breaking", kind, text)]


def test_an_operation_of_another_resource() -> None:
    old = an_api(an_operation())
    moved = an_api(resources=(Resource(T("others"), T(""), (an_operation(),)),))
    expected = ("breaking", "operation-renamed", "the operation is called others.read now")
    assert found(old, moved) == [expected]


def test_operations_that_change_names() -> None:
    # What a request means counts, not what it is called.
    one, two = an_operation(), an_operation(name=T("find"), path=T("/others"))
    swapped = an_api(replace(one, name=T("find")), replace(two, name=T("read")))
    assert [c.text for c in differences.compare(an_api(one, two), swapped)] == [
        "the operation is called things.find now",
        "the operation is called things.read now",
    ]


def test_words_of_an_operation() -> None:
    new = an_operation(summary=T("Read"), notes=T("It reads"), since=(T("2"),), deprecated=True)
    assert found(an_api(an_operation()), an_api(new)) == [
        ("compatible", "deprecated", "the operation is deprecated"),
        ("documentation", "operation-summary", "its summary reads otherwise"),
        ("documentation", "operation-notes", "its notes read otherwise"),
        ("documentation", "operation-versions", "the versions that have it are others"),
    ]


def test_errors() -> None:
    old = an_operation(errors=(ErrorResponse(404, T("None")), ErrorResponse(409, T("Busy"))))
    new = an_operation(errors=(ErrorResponse(4, T("Bad")), ErrorResponse(409, T("Occupied"))))
    assert found(an_api(old), an_api(new)) == [
        ("compatible", "error-added", "the error 4XX is announced"),
        ("compatible", "error-removed", "the error 404 is not announced any more"),
        ("documentation", "error-description", "the error 409 is explained otherwise"),
    ]


# --- parameters


def parameters(
    old: Parameter | None, new: Parameter | None, **keys: Any
) -> list[tuple[str, str, str]]:
    before, after = (() if p is None else (p,) for p in (old, new))
    return found(an_api(an_operation(*before, **keys)), an_api(an_operation(*after, **keys)))


Q = argument()


@pytest.mark.parametrize(
    ("old", "new", "level", "kind", "text"),
    [
        (Q, None, "breaking", "parameter-removed", "the parameter q (query) is gone"),
        (None, Q, "compatible", "parameter-added", "the parameter q (query) is new"),
        (None, argument(required=True), "breaking", "parameter-added", "the parameter q (query) is new, and required"),
        (Q, argument(required=True), "breaking", "parameter-required", "the parameter q (query) is required now"),
        (argument(required=True), Q, "compatible", "parameter-optional", "the parameter q (query) is not required any more"),
        (Q, argument(location="header"), "breaking", "parameter-moved", "the parameter q (query) travels in the header now"),
        (Q, argument(type_=INTEGER), "breaking", "parameter-type", "the type of the parameter q (query) was string, and is integer"),
        (argument(type_=INTEGER), argument(type_=NUMBER), "compatible", "parameter-type", "the type of the parameter q (query) was integer, and is number"),
        (argument(type_=NUMBER), argument(type_=INTEGER), "breaking", "parameter-type", "the type of the parameter q (query) was number, and is integer"),
        (Q, argument(type_=list_of(STRING)), "compatible", "parameter-type", "the type of the parameter q (query) was string, and is List[string]"),
        (argument(type_=list_of(STRING)), Q, "breaking", "parameter-type", "the type of the parameter q (query) was List[string], and is string"),
        (Q, argument(type_=list_of(STRING), style="json"), "breaking", "parameter-type", "the type of the parameter q (query) was string, and is List[string]"),
        (argument(location="body"), argument(location="body", type_=list_of(STRING)), "breaking", "parameter-type", "the type of the body was string, and is List[string]"),
        (argument(type_=list_of(STRING)), argument(type_=list_of(STRING), style="repeat"), "breaking", "parameter-style", "several values of the parameter q (query) travel otherwise"),
        (argument(choices=("a", "b")), argument(choices=("a",)), "breaking", "parameter-values-removed", 'the parameter q (query) cannot be "b" any more'),
        (argument(choices=("a",)), argument(choices=("a", "b")), "compatible", "parameter-values-added", 'the parameter q (query) can be "b"'),
        (Q, argument(choices=("a",)), "breaking", "parameter-values", 'the values of the parameter q (query) are limited to "a" now'),
        (argument(choices=("a",)), Q, "compatible", "parameter-values", "the values of the parameter q (query) are free now"),
        (Q, argument(minimum=1.0), "breaking", "parameter-bounds", "the smallest value of the parameter q (query) was free, and is 1"),
        (argument(minimum=1.0), argument(minimum=0.5), "compatible", "parameter-bounds", "the smallest value of the parameter q (query) was 1, and is 0.5"),
        (argument(maximum=9.0), argument(maximum=8.0), "breaking", "parameter-bounds", "the greatest value of the parameter q (query) was 9, and is 8"),
        (argument(maximum=9.0), Q, "compatible", "parameter-bounds", "the greatest value of the parameter q (query) was 9, and is free"),
        (Q, argument(pattern=T("[0-9]+")), "breaking", "parameter-pattern", "the form of the parameter q (query) was free, and is [0-9]+"),
        (argument(pattern=T("[a-z]+")), argument(pattern=T("[0-9]+")), "breaking", "parameter-pattern", "the form of the parameter q (query) was [a-z]+, and is [0-9]+"),
        (argument(pattern=T("[a-z]+")), Q, "compatible", "parameter-pattern", "the form of the parameter q (query) was [a-z]+, and is free"),
        (argument(default="a"), argument(default="b"), "breaking", "parameter-default", 'the default of the parameter q (query) was "a", and is "b"'),
        (Q, argument(default="b"), "documentation", "parameter-default", 'the default of the parameter q (query) is told: "b"'),
        (argument(default=0), Q, "documentation", "parameter-default", "no default of the parameter q (query) is told any more; it was 0"),
        (Q, argument(deprecated=True), "compatible", "deprecated", "the parameter q (query) is deprecated"),
        (argument(deprecated=True), Q, "compatible", "not-deprecated", "the parameter q (query) is not deprecated any more"),
        (Q, argument(description=T("x")), "documentation", "parameter-description", "the parameter q (query) is described otherwise"),
    ],
)  # fmt: skip
def test_a_parameter(
    old: Parameter | None, new: Parameter | None, level: str, kind: str, text: str
) -> None:
    assert parameters(old, new) == [(level, kind, text)]


def test_the_style_that_all_parameters_have() -> None:
    listed = an_operation(argument(type_=list_of(STRING)))
    given = an_operation(argument(type_=list_of(STRING), style="repeat"))
    commas, repeated = an_api(listed), an_api(listed, access=Access(lists="repeat"))
    assert levels(commas, repeated) == [("breaking", "parameter-style")]
    assert levels(repeated, an_api(given)) == []
    # In a form it is as in the query, in JSON a list.
    for body, expected in (("form", [("breaking", "parameter-style")]), ("json", [])):
        op = an_operation(argument(type_=list_of(STRING), location="field"), body=body)
        assert levels(an_api(op), an_api(op, access=Access(lists="repeat"))) == expected
    inside = an_operation(argument("a", list_of(STRING), "path", required=True), path=T("/{a}"))
    assert levels(an_api(inside), an_api(inside, access=Access(lists="repeat"))) == []


def test_one_value_is_a_list_of_one_but_in_json() -> None:
    old, new = (argument(type_=t, location="field") for t in (STRING, list_of(STRING)))
    assert parameters(old, new, body="form")[0][0] == "compatible"
    assert parameters(old, new, body="json")[0][0] == "breaking"


def test_the_name_in_a_path() -> None:
    old = an_operation(argument("a", location="path", required=True), path=T("/things/{a}"))
    new = an_operation(argument("b", location="path", required=True), path=T("/things/{b}"))
    assert found(an_api(old), an_api(new)) == [
        ("breaking", "parameter-renamed", "the parameter a (path) is called b now")
    ]


def test_the_order_of_what_is_required() -> None:
    one, two, three = (argument(name, required=True) for name in ("a", "b", "c"))
    inside = argument("d", location="path", required=True)
    free = argument("e")
    path = T("/things/{d}")
    old = an_api(an_operation(one, two, three, inside, free, path=path))
    assert found(old, an_api(an_operation(free, two, inside, one, three, path=path))) == [
        ("breaking", "parameter-order", "the order of what is required is d, b, a, c now")
    ]
    # Those in the path are the first anyway, and what may be left out is named.
    assert found(old, an_api(an_operation(free, inside, one, two, three, path=path))) == []


def test_what_is_required_only_now_has_no_order_yet() -> None:
    a, b = argument("a", required=True), argument("b")
    old = an_api(an_operation(b, a))
    new = an_api(an_operation(a, replace(b, required=True)))
    assert both_ways(old, new) == (
        [("breaking", "parameter-required")],
        [("compatible", "parameter-optional")],
    )


def test_many_values() -> None:
    old, new = argument(choices=(1,)), argument(choices=tuple(range(1, 12)))
    (change,) = differences.compare(an_api(an_operation(old)), an_api(an_operation(new)))
    assert change.text == "the parameter q (query) can be 2, 3, 4, 5, 6, 7, 8, 9 and 2 more"
    assert change.new == list(range(2, 12))


def test_bodies() -> None:
    field = argument(location="field")
    assert parameters(field, argument(location="body")) == [
        ("breaking", "parameter-moved", "the parameter q (body) travels in the body now")
    ]
    old = an_api(an_operation(field))
    form = an_api(an_operation(field, body="form"))
    typed = an_api(an_operation(field, content_type=T("application/vnd.x+json")))
    needed = an_api(an_operation(field, body_required=True))
    assert found(old, form) == [
        ("breaking", "body-format", "its body was written as json, and is as form")
    ]
    assert levels(old, typed) == [("breaking", "body-format")]
    assert both_ways(old, needed) == (
        [("breaking", "body-required")],
        [("compatible", "body-required")],
    )
    # The whole body that comes says it already.
    new = an_api(an_operation(field, body="form"))
    assert levels(an_api(an_operation()), new) == [("compatible", "parameter-added")]


# --- types and their directions


@pytest.mark.parametrize(
    ("narrow", "wide"),
    [
        (INTEGER, NUMBER),
        (STRING, ANY),
        (STRING, null_or(STRING)),
        (null_or(STRING), ANY),
        (CAT, PET),
        (list_of(CAT), list_of(PET)),
        (Type("map", item=STRING), OBJECT),
        (STRING, one_of(STRING, INTEGER)),
        (one_of(STRING, INTEGER), one_of(STRING, NUMBER)),
        (one_of(CAT, DOG), PET),
    ],
)
def test_what_is_accepted_may_widen_and_what_is_answered_narrow(narrow: Type, wide: Type) -> None:
    sent = [an_api(an_operation(argument("b", t, "body"))) for t in (narrow, wide)]
    assert both_ways(*sent) == (
        [("compatible", "parameter-type")],
        [("breaking", "parameter-type")],
    )
    received = [an_api(an_operation(result=t)) for t in (narrow, wide)]
    assert both_ways(*received) == ([("breaking", "result-type")], [("compatible", "result-type")])


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (STRING, INTEGER),
        (STRING, Type("string", format="base64")),
        (STRING, Type("datetime")),
        (CAT, DOG),
        (CAT, OBJECT),
        (list_of(STRING), list_of(INTEGER)),
        (null_or(INTEGER), NUMBER),
        (one_of(STRING, CAT), one_of(STRING, DOG)),
    ],
)
def test_types_that_have_nothing_in_common(one: Type, other: Type) -> None:
    for old, new in ((one, other), (other, one)):
        assert levels(an_api(an_operation(result=old)), an_api(an_operation(result=new))) == [
            ("breaking", "result-type")
        ]
        sent = [an_api(an_operation(argument("b", t, "body"))) for t in (old, new)]
        assert levels(*sent) == [("breaking", "parameter-type")]


def test_a_result_where_none_was() -> None:
    old, new = an_api(an_operation()), an_api(an_operation(result=CAT))
    assert both_ways(old, new) == ([("compatible", "result-type")], [("breaking", "result-type")])


def test_how_types_are_told() -> None:
    old, new = (
        an_api(an_operation(result=null_or(one_of(CAT, list_of(STRING))))),
        an_api(an_operation(result=Type("map", item=Type("string", format="base64")))),
    )
    assert [c.text for c in differences.compare(old, new)] == [
        "the type of the result was one of Cat, List[string] or null, and is Map[string (base64)]"
    ]


# --- models


def models(old: Model | None, new: Model | None, *operations: Operation) -> list[tuple[str, str]]:
    before, after = ((*PETS, *(() if m is None else (m,))) for m in (old, new))
    return levels(an_api(*operations, models=before), an_api(*operations, models=after))


THING = Type("model", T("Thing"))
SENT = an_operation(argument("b", THING, "body"))
RECEIVED = an_operation(result=list_of(THING), name=T("list"), path=T("/list"))
NEITHER = an_operation(name=T("nothing"))


def test_models_come_and_go() -> None:
    thing = a_model("Thing")
    assert models(thing, None) == [("breaking", "model-removed")]
    assert models(None, thing) == [("compatible", "model-added")]


@pytest.mark.parametrize(
    ("old", "new", "kind", "sent", "received"),
    [
        (a_property(), None, "property-removed", "breaking", "breaking"),
        (None, a_property(), "property-added", "breaking", "compatible"),
        (None, a_property(read_only=True), "property-added", "compatible", "compatible"),
        (None, a_property(required=False), "property-added", "compatible", "compatible"),
        (a_property(required=False), a_property(), "property-required", "breaking", "compatible"),
        (a_property(), a_property(required=False), "property-optional", "compatible", "breaking"),
        (a_property(type_=INTEGER), a_property(type_=NUMBER), "property-type", "compatible", "breaking"),
        (a_property(type_=NUMBER), a_property(type_=INTEGER), "property-type", "breaking", "compatible"),
        (a_property(), a_property(type_=CAT), "property-type", "breaking", "breaking"),
        (a_property(choices=("a", "b")), a_property(choices=("a",)), "property-values-removed", "breaking", "breaking"),
        (a_property(choices=("a",)), a_property(choices=("a", "b")), "property-values-added", "compatible", "compatible"),
        (a_property(), a_property(choices=("a",)), "property-values", "breaking", "compatible"),
        (a_property(), a_property(read_only=True), "property-access", "breaking", "compatible"),
        (a_property(read_only=True), a_property(), "property-access", "compatible", "compatible"),
        (a_property(), a_property(write_only=True), "property-access", "compatible", "breaking"),
        (a_property(), a_property(deprecated=True), "deprecated", "compatible", "compatible"),
        (a_property(), a_property(description=T("x")), "property-description", "documentation", "documentation"),
    ],
)  # fmt: skip
def test_a_property(
    old: Property | None, new: Property | None, kind: str, sent: str, received: str
) -> None:
    before, after = (a_model("Thing", *(() if p is None else (p,))) for p in (old, new))
    assert models(before, after, SENT) == [(sent, kind)]
    assert models(before, after, RECEIVED) == [(received, kind)]
    # What no operation names is there for programs to know it.
    assert models(before, after, NEITHER) == [(received, kind)]
    gravest = min((sent, received), key=differences.LEVELS.index)
    assert models(before, after, SENT, RECEIVED) == [(gravest, kind)]


def test_a_property_of_what_another_model_holds() -> None:
    holder = a_model("Thing", a_property("inner", list_of(Type("model", T("Inner")))))
    old, new = (a_model("Inner", a_property(type_=t)) for t in (INTEGER, NUMBER))
    for use, level in ((SENT, "compatible"), (RECEIVED, "breaking")):
        apis = [an_api(use, models=(holder, inner)) for inner in (old, new)]
        assert levels(*apis) == [(level, "property-type")]


def test_what_a_base_lost_is_told_once() -> None:
    bare = (a_model("Pet"), *PETS[1:])
    changes = differences.compare(an_api(), an_api(models=bare))
    assert [(change.where, change.kind) for change in changes] == [
        ({"model": "Pet", "property": "name"}, "property-removed")
    ]
    changes = differences.compare(an_api(models=bare), an_api())
    assert [change.where for change in changes] == [{"model": "Pet", "property": "name"}]
    other = (a_model("Pet", a_property("name", INTEGER)), *PETS[1:])
    changes = differences.compare(an_api(), an_api(models=other))
    assert [change.where for change in changes] == [{"model": "Pet", "property": "name"}]


def test_a_property_that_moves_into_the_base_stays() -> None:
    old = (a_model("Pet"), a_model("Cat", a_property("name"), base=T("Pet")))
    new = (a_model("Pet", a_property("name")), a_model("Cat", base=T("Pet")))
    changes = differences.compare(an_api(models=old), an_api(models=new))
    assert [(change.where["model"], change.kind) for change in changes] == [
        ("Pet", "property-added")
    ]
    changes = differences.compare(an_api(models=new), an_api(models=old))
    assert [(change.where["model"], change.kind) for change in changes] == [
        ("Pet", "property-removed")
    ]


def test_bases() -> None:
    middle = a_model("Middle", base=T("Pet"))
    old = an_api(models=(*PETS, middle))
    new = an_api(models=(PETS[0], replace(PETS[1], base=T("Middle")), PETS[2], middle))
    # A cat is a pet still.
    assert both_ways(old, new) == ([("compatible", "model-base")], [("breaking", "model-base")])
    none = an_api(models=(PETS[0], replace(PETS[1], base=None), PETS[2], middle))
    assert found(old, none) == [
        ("breaking", "model-base", "it is not based on Pet any more"),
        ("breaking", "property-removed", "the property name is gone"),
    ]
    assert found(none, old)[0] == ("compatible", "model-base", "it is based on Pet now")


def test_what_a_new_base_brings() -> None:
    alone, based = a_model("Mouse"), a_model("Mouse", base=T("Pet"))
    old, new = (an_api(models=(*PETS, mouse)) for mouse in (alone, based))
    assert both_ways(old, new) == (
        [("compatible", "model-base"), ("compatible", "property-added")],
        [("breaking", "model-base"), ("breaking", "property-removed")],
    )


def test_what_tells_models_apart() -> None:
    def pets(discriminator: str | None, *mapping: tuple[str, str]) -> Api:
        entries = tuple(DiscriminatorValue(T(v), T(m)) for v, m in mapping)
        told = replace(
            PETS[0],
            discriminator=None if discriminator is None else T(discriminator),
            subtypes=(T("Cat"), T("Dog")),
            mapping=entries,
        )
        return an_api(models=(told, *PETS[1:]))

    old = pets("kind", ("kitten", "Cat"))
    other = "the property kind does not tell its kinds apart any more"
    assert found(old, pets("sort", ("kitten", "Cat"))) == [
        ("breaking", "model-discriminator", other)
    ]
    assert found(old, pets("kind", ("kitten", "Dog"))) == [
        ("breaking", "model-mapping", 'the value "kitten" meant Cat, and means Dog')
    ]
    assert (
        found(old, pets("kind"))[0][2]
        == 'the value "kitten" meant Cat, and means none of its kinds'
    )
    assert both_ways(pets("kind"), old)[0] == []
    # Of a model that is gone nothing else is told.
    told = replace(pets("kind").models[0], subtypes=(T("Cat"),))
    assert levels(pets("kind"), an_api(models=(told, PETS[1]))) == [("breaking", "model-removed")]
    assert levels(pets(None), old) == []


# --- the API as a whole


def test_events() -> None:
    def events(name: str) -> Api:
        ref = OperationRef(T("things"), T("read"))
        return an_api(an_operation(websocket=True), events=Events(ref, T(name)))

    none = an_api(an_operation(websocket=True))
    assert both_ways(none, events("Pet")) == (
        [("compatible", "events-added")],
        [("breaking", "events-removed")],
    )
    assert found(events("Pet"), events("Cat")) == [
        ("breaking", "events-model", "events were of the model Pet, and are of Cat")
    ]
    mouse = a_model("Mouse", base=T("Pet"))
    more = replace(events("Pet"), models=(*PETS, mouse))
    assert found(events("Pet"), more) == [("compatible", "model-added", "the event is new")]
    assert found(more, events("Pet")) == [("breaking", "model-removed", "the event is gone")]
    # What comes with an event is received.
    told = [
        replace(
            events("Pet"), models=(*PETS[:2], a_model("Dog", a_property(type_=t), base=T("Pet")))
        )
        for t in (INTEGER, NUMBER)
    ]
    assert both_ways(told[0], told[1]) == (
        [("breaking", "property-type")],
        [("compatible", "property-type")],
    )


BASIC = SecurityScheme(T("login"), "basic")
KEY = SecurityScheme(T("key"), "api_key", parameter=T("X-Key"), location="header")


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ((BASIC,), (BASIC, KEY), [("compatible", "security-added")]),
        ((BASIC, KEY), (BASIC,), [("breaking", "security-removed")]),
        ((KEY,), (replace(KEY, parameter=T("X-Other")),), [("breaking", "security-changed")]),
        ((KEY,), (replace(KEY, description=T("x")),), []),
        ((), (BASIC,), [("compatible", "security-added")]),
        ((), (KEY,), [("breaking", "security-added")]),
        ((BASIC,), (), [("compatible", "security-removed")]),
        ((KEY,), (), [("breaking", "security-removed")]),
    ],
)
def test_security(
    old: tuple[SecurityScheme, ...], new: tuple[SecurityScheme, ...], expected: list[Any]
) -> None:
    assert levels(an_api(security=old), an_api(security=new)) == expected


def test_words_of_the_api() -> None:
    old = an_api()
    new = an_api(
        version=T("2"),
        client=replace(CLIENT, url="https://other.example"),
        resources=(Resource(T("things"), T("All things"), ()),),
    )
    address = "its usual address was https://one.example, and is https://other.example"
    assert found(old, new) == [
        ("documentation", "api-version", "its version was 1, and is 2"),
        ("documentation", "api-address", address),
        ("documentation", "resource-description", "the resource things is described otherwise"),
    ]
    unknown = replace(old, version=T(""))
    assert found(old, unknown)[0][2] == "its version was 1, and is not told"
    assert found(unknown, old)[0][2] == "its version was not told, and is 1"


# --- the command line, with changes as Asterisk's documents had them from 12 to 16

OLD: dict[str, Json | str] = {
    "channels": document(
        (
            "/channels/{channelId}/play",
            operation(
                "play",
                httpMethod="POST",
                responseClass="Playback",
                parameters=[
                    parameter("channelId", paramType="path", required=True),
                    parameter("media", required=True),
                ],
            ),
        ),
        ("/channels/{channelId}/silence", operation("silence", httpMethod="POST", parameters=[
            parameter("channelId", paramType="path", required=True),
        ])),
        models={
            "Playback": model(
                "Playback",
                {
                    "id": "string",
                    "state": {
                        "type": "string",
                        "allowableValues": {"valueType": "LIST", "values": ["playing", "complete"]},
                    },
                },
            )
        },
    ),
    "bridges": document(
        (
            "/bridges/{bridgeId}",
            operation(
                "create_or_update_with_id",
                httpMethod="POST",
                parameters=[parameter("bridgeId", paramType="path", required=True)],
            ),
        ),
    ),
}  # fmt: skip
NEW: dict[str, Any] = json.loads(
    json.dumps(OLD)
    .replace("create_or_update_with_id", "createWithId")
    .replace('["playing", "complete"]', '["playing", "continuing", "done"]')
    .replace("Do it.", "Do this.")
)
NEW["channels"]["apis"][0]["operations"][0]["parameters"][1]["allowMultiple"] = True
NEW["channels"]["apis"][1]["operations"][0]["parameters"].append(parameter("since"))
TEXT = """\
From old to new

Breaking changes: 2

  bridges.create_or_update_with_id (POST /bridges/{bridgeId})
    the operation is called bridges.createWithId now

  model Playback
    the property state cannot be "complete" any more

Compatible changes: 3

  channels.play (POST /channels/{channelId}/play)
    the type of the parameter media (query) was string, and is List[string]

  channels.silence (POST /channels/{channelId}/silence)
    the parameter since (query) is new

  model Playback
    the property state can be "continuing", "done"

Documentation: 3

  its summary reads otherwise
    channels.play, channels.silence, bridges.create_or_update_with_id
"""


@pytest.fixture
def folders(tmp_path: Path) -> Path:
    """A folder with two descriptions, old and new."""
    write(tmp_path / "old", OLD)
    write(tmp_path / "new", NEW)
    return tmp_path


def test_two_folders(folders: Path) -> None:
    done = call("--diff", "old", "new", cwd=folders)
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout == TEXT
    assert call("--diff", "old", "new", "--format=text", cwd=folders).stdout == TEXT


def test_only_what_breaks(folders: Path) -> None:
    done = call("--diff", "old", "new", "--quiet", cwd=folders)
    assert done.returncode == 1
    assert done.stdout == TEXT.partition("\nCompatible")[0]


def test_the_same_in_all_forms(folders: Path) -> None:
    call("--dir=old", "--dump-model=old.json", cwd=folders)
    for one, other in (("old", "old.json"), ("old.json", "old/resources.json")):
        done = call("--diff", one, other, cwd=folders)
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout == f"From {one} to {other}\n\nNo changes\n"
        assert call("--diff", one, other, "--quiet", cwd=folders).stdout == ""
    assert call("--diff", "old.json", "new", cwd=folders).stdout == TEXT.replace(
        "old", "old.json", 1
    )


def test_compatible_changes_are_no_failure(folders: Path) -> None:
    compatible = json.loads(json.dumps(OLD).replace("Do it.", "Do this."))
    write(folders / "new", compatible)
    done = call("--diff", "old", "new", cwd=folders)
    assert done.returncode == 0
    assert done.stdout.startswith("From old to new\n\nDocumentation: 3\n")


def test_settings_do_not_matter(folders: Path) -> None:
    (folders / "new" / "client.toml").write_text("this is not TOML")
    assert call("--diff", "old", "new", cwd=folders).stdout == TEXT


def test_json(folders: Path) -> None:
    done = call("--diff", "old", "new", "--format=json", cwd=folders)
    assert done.returncode == 1
    report = json.loads(done.stdout)
    assert report["version"] == 1
    assert report["counts"] == {"breaking": 2, "compatible": 3, "documentation": 3}
    assert len(report["changes"]) == 8
    assert report["changes"][0] == {
        "level": "breaking",
        "kind": "operation-renamed",
        "where": {
            "resource": "bridges",
            "operation": "create_or_update_with_id",
            "method": "POST",
            "path": "/bridges/{bridgeId}",
        },
        "text": "the operation is called bridges.createWithId now",
        "old": "bridges.create_or_update_with_id",
        "new": "bridges.createWithId",
    }
    assert report["changes"][1]["where"] == {"model": "Playback", "property": "state"}
    assert report["changes"][1]["old"] == ["complete"]
    quiet = json.loads(call("--diff", "old", "new", "--format=json", "--quiet", cwd=folders).stdout)
    assert quiet["counts"] == report["counts"]
    assert quiet["changes"] == report["changes"][:2]


def test_two_formats(tmp_path: Path) -> None:
    swagger = document(
        ("/things", operation("read", summary="")),
        ("/one", operation("one", summary="", responseClass="Thing")),
        models={"Thing": model("Thing", {"id": "string"})},
    )
    write(tmp_path / "old", {"things": swagger})
    schemas = {
        "Thing": {"type": "object", "required": ["id"], "properties": {"id": {"type": "string"}}}
    }
    paths = {
        "/things": {"get": get(tags=["things"])},
        "/one": {
            "get": get(operation_id="one", tags=["things"], responses=giving(reference("Thing")))
        },
    }
    (tmp_path / "new.json").write_text(json.dumps(three(paths, schemas)))
    done = call("--diff", "old", "new.json", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (0, "From old to new.json\n\nNo changes\n")


def test_texts_of_documents_cannot_write_over_the_terminal(tmp_path: Path) -> None:
    write(tmp_path / "old", {"things": document(("/things", operation("read")))})
    extra = parameter("\x1b[2Jgone")
    write(
        tmp_path / "new", {"things": document(("/things", operation("read", parameters=[extra])))}
    )
    for form in ("text", "json"):
        done = call("--diff", "old", "new", f"--format={form}", cwd=tmp_path)
        assert done.returncode == 0
        assert "2Jgone" in done.stdout
        assert "\x1b" not in done.stdout


@pytest.mark.parametrize(
    ("places", "expected"),
    [
        (["old", "nowhere"], "nowhere: error: the file cannot be read"),
        (["old", "broken.json"], "broken.json:1: error: this is not JSON"),
        (["old", "."], "the folder has no such file"),
        (["gopher://x", "old"], "only http:// and https://"),
        (["http://127.0.0.1:1/r.json", "old"], "no connection to the server"),
    ],
)
def test_what_cannot_be_read(folders: Path, places: list[str], expected: str) -> None:
    (folders / "broken.json").write_text("{")
    done = call("--diff", *places, cwd=folders)
    assert (done.returncode, done.stdout) == (2, "")
    assert expected in done.stderr
    assert "written" not in done.stderr


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["--diff", "one"], "expected 2 arguments"),
        (["--diff", "a", "b", "--out=c"], "--out does not go with --diff"),
        (["--diff", "a", "b", "--check"], "--check does not go with --diff"),
        (["--diff", "a", "b", "--settings=c"], "--settings does not go with --diff"),
        (["--diff", "a", "b", "--format=xml"], "invalid choice"),
        (
            ["--diff", "http://one/a", "http://two/b", "--username=me", "--password=topsecret"],
            "the credentials would go to two servers",
        ),
    ],
)
def test_wrong_options(arguments: list[str], expected: str) -> None:
    done = call(*arguments)
    assert done.returncode == 2
    assert expected in done.stderr
    assert "topsecret" not in done.stderr


def test_an_address_is_shown_without_its_secrets(folders: Path) -> None:
    done = call(
        "--diff", "http://me:topsecret@127.0.0.1:1/r.json?key=topsecret", "old", cwd=folders
    )
    assert done.returncode == 2
    assert "topsecret" not in done.stderr


def test_asterisks_own_documents_against_themselves() -> None:
    folder = repository_file("test_resources/ari/resources.json").parent
    assert call("--diff", folder, folder / "resources.json").stdout.endswith("\n\nNo changes\n")
