"""Schemas of Swagger 2 and OpenAPI 3 as types and models."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.codegen.helpers import errors
from tests.codegen.openapi_helpers import (
    Json,
    get,
    giving,
    good,
    models,
    parameters,
    properties,
    read,
    reference,
    shown,
    the_operation,
    three,
    two,
    warned,
)

if TYPE_CHECKING:
    from pathlib import Path

    from codegen.model import Model, Property


def of(schema: Json, schemas: Json | None = None, version: str = "3.0.3") -> Json:
    """A document with an operation whose result has this schema."""
    return three({"/things": {"get": get(responses=giving(schema))}}, schemas, openapi=version)


def obj(*required: str, **members: Any) -> Json:
    """An object with properties, the value of each a schema or a type's name."""
    made: Json = {
        "type": "object",
        "properties": {k: {"type": v} if isinstance(v, str) else v for k, v in members.items()},
    }
    return {**made, "required": list(required)} if required else made


def shapes(found: dict[str, Model]) -> dict[str, dict[str, str]]:
    return {
        name: {
            str(item.name): shown(item.type) + ("!" if item.required else "")
            for item in model.properties
        }
        for name, model in found.items()
    }


# --- plain types


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        ({}, "any"),
        ({"type": "string"}, "string"),
        ({"type": "string", "format": "uuid"}, "string"),
        ({"type": "string", "format": "date"}, "string"),
        ({"type": "string", "format": "made-up"}, "string"),
        ({"type": "string", "format": "date-time"}, "datetime"),
        ({"type": "string", "format": "byte"}, "string:base64"),
        ({"type": "integer", "format": "int64"}, "integer"),
        ({"type": "number", "format": "double"}, "number"),
        ({"type": "boolean"}, "boolean"),
        ({"type": "object"}, "object"),
        ({"type": "object", "additionalProperties": True}, "object"),
        ({"type": "object", "additionalProperties": False}, "object"),
        ({"type": "object", "additionalProperties": {}}, "object"),
        ({"type": "object", "additionalProperties": {"type": "integer"}}, "map[integer]"),
        ({"additionalProperties": {"type": "integer"}}, "map[integer]"),
        ({"type": "array", "items": {"type": "string"}}, "list[string]"),
        ({"type": "array", "items": {}}, "list[any]"),
        ({"type": "array"}, "list[any]"),
        ({"items": {"type": "array", "items": {"type": "number"}}}, "list[list[number]]"),
        ({"type": "string", "nullable": True}, "string?"),
        ({"type": "array", "items": {"type": "string", "nullable": True}}, "list[string?]"),
        ({"enum": ["a", "b"]}, "string"),
        ({"enum": [1, 2]}, "integer"),
        ({"enum": [1, 2.5]}, "number"),
        ({"enum": [True]}, "boolean"),
        ({"enum": ["a", 1]}, "any"),
        ({"type": "string", "enum": ["a", None]}, "string"),
        ({"format": "date-time"}, "datetime"),
        ({"required": ["a"]}, "object"),
    ],
)
def test_types_of_3_0(tmp_path: Path, schema: Json, expected: str) -> None:
    made = warned(tmp_path, of(schema))[0]
    # That a list holds null says that the value may be null.
    expected += "?" if schema.get("enum") == ["a", None] else ""
    assert shown(the_operation(made).result) == expected


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        ({"type": ["string", "null"]}, "string?"),
        ({"type": ["null"]}, "any?"),
        ({"type": "null"}, "any?"),
        ({"type": ["string", "integer"]}, "(string | integer)"),
        ({"type": ["integer", "number"]}, "number"),
        ({"type": ["string", "integer", "null"]}, "(string | integer)?"),
        ({"type": ["array", "null"], "items": {"type": "string"}}, "list[string]?"),
        ({"type": ["object", "null"], "properties": {"a": {"type": "string"}}}, "ReadResult?"),
        (
            {"type": ["object", "string"], "properties": {"a": {"type": "string"}}},
            "(ReadResult | string)",
        ),
        ({"const": "a"}, "string"),
        ({"const": 3}, "integer"),
        ({"type": "string", "contentEncoding": "base64"}, "string:base64"),
        ({"anyOf": [{"type": "string"}, {"type": "null"}]}, "string?"),
        (
            {"oneOf": [{"type": "null"}, {"type": "integer"}, {"type": "string"}]},
            "(integer | string)?",
        ),
        ({"type": "object", "patternProperties": {"^x": {"type": "integer"}}}, "map[integer]"),
        (True, "any"),
    ],
)
def test_types_of_3_1(tmp_path: Path, schema: Any, expected: str) -> None:
    assert shown(the_operation(good(tmp_path, of(schema, version="3.1.0"))).result) == expected


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        ({"type": "string", "x-nullable": True}, "string?"),
        ({"type": "array", "items": {"type": "integer"}}, "list[integer]"),
        ({"type": "object", "properties": {"a": {"type": "string"}}}, "ReadResult"),
    ],
)
def test_types_of_2_0(tmp_path: Path, schema: Json, expected: str) -> None:
    responses = {"200": {"description": "Good.", "schema": schema}}
    made = good(tmp_path, two({"/things": {"get": get(responses=responses)}}))
    assert shown(the_operation(made).result) == expected


@pytest.mark.parametrize(
    ("schema", "cause"),
    [
        ({"type": "strng"}, '/type: "strng" is not a type (did you mean string?)'),
        ({"type": 5}, "/type: a type must be a text, not 5"),
        ({"type": ["string", {}]}, "/type/1: a type must be a text, not {}"),
        (5, ": a schema must be an object, not 5"),
        ([], ": a schema must be an object, not []"),
        ({"type": "array", "items": 5}, "/items: a schema must be an object, not 5"),
        ({"enum": "a"}, "/enum: enum must be the list of allowed values"),
        ({"properties": []}, ""),
        ({"properties": ["a"]}, "/properties: properties must be an object"),
        ({"allOf": {"type": "string"}}, "/allOf: allOf must be a list of schemas"),
        ({"oneOf": "a"}, "/oneOf: oneOf must be a list of schemas"),
        (
            {"additionalProperties": "yes"},
            "/additionalProperties: additionalProperties must be a schema, true or false",
        ),
        (
            {"properties": {"a": {}}, "required": "a"},
            "/required: required must be a list of names of properties",
        ),
        (
            {"properties": {"a": {}}, "required": [5]},
            "/required/0: required must name properties, not 5",
        ),
        (
            {"type": "integer", "minimum": "low"},
            '/minimum: the minimum must be a number, not "low"',
        ),
        (
            {"oneOf": [obj(a="string"), obj(b="string")], "discriminator": {}},
            "/discriminator: discriminator must name a property (propertyName)",
        ),
    ],
)
def test_what_is_wrong(tmp_path: Path, schema: Any, cause: str) -> None:
    _, problems = read(tmp_path, of(schema))
    at = "/paths/~1things/get/responses/200/content/application~1json/schema"
    assert errors(problems) == ([at + cause] if cause else [])
    assert all(problem.line for problem in problems)


@pytest.mark.parametrize(
    ("schema", "cause"),
    [
        (False, "a schema that no value fits; it is taken for any"),
        ({"type": "any"}, '"any" is not a type; a schema for any value says none'),
        ({"type": "string", "enum": ["a", {}]}, "{} is not of the type string; it is passed over"),
        ({"type": "integer", "enum": ["x"]}, '"x" is not of the type integer; it is passed over'),
        (
            {"type": "string", "contentEncoding": "base64url"},
            "base64url cannot be expressed; it is taken for a text",
        ),
        (
            {"type": "array", "prefixItems": [{}]},
            "a list with a type for each place cannot be expressed; its items are taken for any",
        ),
        (
            {"type": "string", "if": {}, "then": {}},
            "then: conditions on other properties cannot be expressed; they are passed over",
        ),
        (
            {"type": "string", "maxLenght": 5},
            '"maxLenght" is not a key of a schema; it is passed over',
        ),
        (
            {"type": "object", "propertys": {}},
            '"propertys" is not a key of a schema (did you mean properties?); it is passed over',
        ),
        (obj("b", a="string"), 'required names the property "b", which the schema does not have'),
        (
            {"properties": {"a": {}}, "required": True},
            "required must be a list of names of properties; it is passed over",
        ),
        (
            {"allOf": [{"type": "string"}, {"type": "integer"}]},
            "a value that fits several such schemas at once cannot be expressed; it is taken for string",
        ),
    ],
)
def test_what_cannot_be_expressed(tmp_path: Path, schema: Any, cause: str) -> None:
    _, found = warned(tmp_path, of(schema, version="3.1.0"))
    assert [text.partition(": ")[2] for text in found] == [cause]


def test_remarks_and_conditions_that_only_the_server_checks(tmp_path: Path) -> None:
    schema = {
        "type": "string", "title": "T", "example": "a", "examples": ["a"], "pattern": "^a", "minLength": 1,
        "maxLength": 9, "not": {"enum": ["b"]}, "externalDocs": {}, "xml": {}, "x-more": 1, "$comment": "c",
    }  # fmt: skip
    good(tmp_path, of(schema, version="3.1.0"))


# --- models


def test_properties(tmp_path: Path) -> None:
    thing = obj(
        "id",
        id={"type": "string", "description": "Which.", "readOnly": True},
        secret={"type": "string", "writeOnly": True},
        old={"type": "integer", "deprecated": True},
        state={"type": "string", "enum": ["up", "down"]},
        states={"type": "array", "items": {"type": "string", "enum": ["up", "down"]}},
        none={"type": "string", "nullable": True},
        file={"type": "string", "format": "binary"},
    )
    made = models(
        good(tmp_path, of(reference("Thing"), {"Thing": {**thing, "description": "A thing."}}))
    )
    found: dict[str, Property] = properties(made["Thing"])
    assert made["Thing"].description == "A thing."
    assert (found["id"].required, found["id"].read_only, found["id"].description) == (
        True,
        True,
        "Which.",
    )
    assert found["secret"].write_only
    assert found["old"].deprecated
    assert found["state"].choices == found["states"].choices == ("up", "down")
    assert (found["none"].type.nullable, found["none"].required) == (True, False)
    assert found["file"].type.kind == "string"  # JSON holds no bytes


def test_models_within_others_are_named_after_their_place(tmp_path: Path) -> None:
    inner = obj(deep=obj(x="string"), many={"type": "array", "items": obj(y="string")})
    thing = obj(part=inner, by_name={"type": "object", "additionalProperties": obj(z="string")})
    content = of(
        {"type": "array", "items": obj(t=reference("Thing"))},
        {"Thing": thing, "ThingPart": {"type": "string"}},
    )
    made = models(good(tmp_path, content))
    assert shapes(made) == {
        "Thing": {"part": "ThingPart2", "by_name": "map[ThingByNameValue]"},
        "ThingPart2": {"deep": "ThingPart2Deep", "many": "list[ThingPart2ManyItem]"},
        "ThingByNameValue": {"z": "string"},
        "ThingPart2Deep": {"x": "string"},
        "ThingPart2ManyItem": {"y": "string"},
        "ReadResultItem": {"t": "Thing"},
    }


def test_names_that_differ_in_case_only(tmp_path: Path) -> None:
    schemas = {"VLAN": obj(a="string"), "Vlan": obj(b="string"), "vlan": obj(c="string")}
    made = good(tmp_path, three(None, schemas))
    assert list(models(made)) == ["VLAN", "Vlan", "vlan"]


def test_recursive_models(tmp_path: Path) -> None:
    tree = obj(
        left=reference("Tree"),
        children={"type": "array", "items": reference("Tree")},
        by_name={"type": "object", "additionalProperties": reference("Tree")},
    )
    made = good(tmp_path, of(reference("Tree"), {"Tree": tree}))
    assert shapes(models(made)) == {
        "Tree": {"left": "Tree", "children": "list[Tree]", "by_name": "map[Tree]"}
    }


def test_recursive_types_without_models(tmp_path: Path) -> None:
    schemas = {
        "Value": {"oneOf": [{"type": "string"}, {"type": "array", "items": reference("Value")}]},
        "Map": {"type": "object", "additionalProperties": reference("Map")},
    }
    made, found = warned(tmp_path, of(obj(v=reference("Value"), m=reference("Map")), schemas))
    assert shapes(models(made)) == {"ReadResult": {"v": "(string | list[any])", "m": "object"}}
    assert len(found) == 2
    assert all("contains itself in a way that has no name" in text for text in found)


def test_what_stands_beside_a_reference(tmp_path: Path) -> None:
    beside = {
        **reference("State"),
        "description": "D",
        "deprecated": True,
        "nullable": True,
        "readOnly": True,
        "default": "up",
    }
    schemas = {
        "State": {"type": "string", "enum": ["up", "down"], "description": "S"},
        "Thing": obj(a=beside, b=reference("State")),
    }
    found = properties(models(good(tmp_path, three(None, schemas)))["Thing"])
    a, b = found["a"], found["b"]
    assert (a.description, a.deprecated, a.type.nullable, a.read_only) == ("D", True, True, True)
    assert (b.description, b.deprecated, b.type.nullable, b.read_only) == ("S", False, False, False)
    assert a.choices == b.choices == ("up", "down")


def test_a_schema_beside_a_reference(tmp_path: Path) -> None:
    beside = {**reference("Base"), "properties": {"more": {"type": "integer"}}}
    schemas = {"Base": obj(a="string"), "Thing": obj(x=beside)}
    made = models(good(tmp_path, three(None, schemas, openapi="3.1.0")))
    assert shapes(made)["ThingX"] == {"more": "integer"}
    assert made["ThingX"].base == "Base"
    old, found = warned(tmp_path, three(None, schemas))
    assert shapes(models(old))["Thing"] == {"x": "Base"}
    assert found == [
        "/components/schemas/Thing/properties/x/properties: "
        "properties beside $ref has no meaning in this version; it is passed over"
    ]


# --- allOf


def test_one_reference_and_more_is_a_base(tmp_path: Path) -> None:
    schemas = {
        "Pet": obj("name", name="string", age="integer"),
        "Cat": {"allOf": [reference("Pet"), obj("lives", lives="integer")], "description": "C"},
        "Dog": {
            "allOf": [reference("Pet")],
            "properties": {"tricks": {"type": "integer"}},
            "required": ["age"],
        },
        "Fish": {"allOf": [reference("Pet")]},
    }
    made = models(good(tmp_path, three(None, schemas)))
    assert shapes(made) == {
        "Pet": {"name": "string!", "age": "integer"},
        "Cat": {"lives": "integer!"},
        "Dog": {"tricks": "integer", "age": "integer!"},
        "Fish": {},
    }
    assert [made[name].base for name in ("Cat", "Dog", "Fish")] == ["Pet"] * 3
    assert made["Pet"].subtypes == ()
    assert made["Cat"].description == "C"


def test_several_references_are_merged(tmp_path: Path) -> None:
    schemas = {
        "A": obj("a", a="string", both="string"),
        "B": obj(b="integer", both="integer"),
        "AB": {"allOf": [reference("A"), reference("B"), obj(c="boolean")]},
        "More": {"allOf": [reference("AB"), {"allOf": [obj(d="string"), obj(e="string")]}]},
    }
    made = models(good(tmp_path, three(None, schemas)))
    assert shapes(made)["AB"] == {"a": "string!", "both": "integer", "b": "integer", "c": "boolean"}
    assert made["AB"].base is None
    assert shapes(made)["More"] == {"d": "string", "e": "string"}
    assert made["More"].base == "AB"


def test_a_wrapper_is_what_it_wraps(tmp_path: Path) -> None:
    wrapped = {
        "allOf": [reference("Thing")],
        "nullable": True,
        "description": "D",
        "readOnly": True,
    }
    schemas = {
        "Thing": obj(a="string"),
        "State": {"type": "string", "enum": ["up"]},
        "Holder": obj(
            t=wrapped,
            s={"allOf": [reference("State")], "default": "up"},
            e={"allOf": [{"type": "string"}, {"enum": ["x", "y"]}, {"description": "E"}]},
            d={"allOf": [reference("Thing"), {"description": "Inner", "readOnly": True}]},
        ),
    }
    made = models(good(tmp_path, three(None, schemas)))
    found = properties(made["Holder"])
    assert shapes(made)["Holder"] == {"t": "Thing?", "s": "string", "e": "string", "d": "Thing"}
    assert (found["t"].description, found["t"].read_only) == ("D", True)
    assert (found["s"].choices, found["e"].choices, found["e"].description) == (
        ("up",),
        ("x", "y"),
        "E",
    )
    assert (found["d"].description, found["d"].read_only) == ("Inner", True)
    assert list(made) == ["Thing", "Holder"]


def test_that_it_is_an_object_says_nothing_new(tmp_path: Path) -> None:
    schemas = {
        "A": obj(a="string"),
        "B": obj(b="string"),
        "Any": {"oneOf": [reference("A"), reference("B")]},
    }
    for schema in (
        {**reference("Any"), "type": "object", "title": "T"},
        {"allOf": [reference("Any"), {"type": "object"}]},
        {"allOf": [{"type": "object"}, reference("Any")], "description": "D"},
    ):
        made = good(tmp_path, of(schema, schemas, version="3.1.0"))
        assert shown(the_operation(made).result) == "(A | B)"


def test_what_is_made_of_itself(tmp_path: Path) -> None:
    schemas = {
        "A": {"allOf": [reference("B"), obj(a="string")]},
        "B": {"allOf": [reference("A"), obj(b="string")]},
    }
    _, problems = read(tmp_path, three(None, schemas))
    assert errors(problems) == [
        '/components/schemas/A/allOf: the schema "A" is made of itself',
        '/components/schemas/B/allOf: the schema "B" is made of itself',
    ]


# --- discriminators


PETS: Json = {
    "Pet": {**obj("kind", kind="string", name="string"), "discriminator": {"propertyName": "kind", "mapping": {"cat": "#/components/schemas/Cat", "Dog": "Dog", "puppy": "Puppy"}}},
    "Cat": {"allOf": [reference("Pet"), obj(lives="integer")]},
    "Dog": {"allOf": [reference("Pet"), obj(tricks="integer")]},
    "Puppy": {"allOf": [reference("Dog"), reference("Mixin"), obj(age="integer")]},
    "Mixin": obj(more="string"),
}  # fmt: skip


def test_a_base_with_a_discriminator(tmp_path: Path) -> None:
    made = models(good(tmp_path, of(reference("Pet"), PETS)))
    pet = made["Pet"]
    assert (pet.discriminator, pet.subtypes) == ("kind", ("Cat", "Dog"))
    assert [(entry.value, entry.model) for entry in pet.mapping] == [
        ("cat", "Cat"),
        ("puppy", "Puppy"),
    ]
    assert made["Dog"].subtypes == ("Puppy",)
    # Of several parts the one with the discriminator is the base.
    assert (made["Puppy"].base, shapes(made)["Puppy"]) == (
        "Dog",
        {"more": "string", "age": "integer"},
    )


def test_a_discriminator_of_2_0(tmp_path: Path) -> None:
    definitions = {
        "Pet": {**obj("kind", kind="string"), "discriminator": "kind"},
        "Cat": {"allOf": [{"$ref": "#/definitions/Pet"}, obj(lives="integer")]},
    }
    made = models(good(tmp_path, two(None, definitions)))
    assert (made["Pet"].discriminator, made["Pet"].subtypes, made["Cat"].base) == (
        "kind",
        ("Cat",),
        "Pet",
    )


def test_subtypes_that_their_base_lists(tmp_path: Path) -> None:
    pet = {**PETS["Pet"], "oneOf": [reference("Cat"), reference("Dog")]}
    made = models(good(tmp_path, of(reference("Pet"), {**PETS, "Pet": pet})))
    assert made["Pet"].subtypes == ("Cat", "Dog")
    assert shapes(made)["Pet"] == {"kind": "string!", "name": "string"}


def test_one_of_models_with_a_discriminator(tmp_path: Path) -> None:
    schemas = {
        "Cat": obj("kind", kind="string", lives="integer"),
        "Dog": obj("kind", kind="string", tricks="integer"),
        "Pet": {
            "oneOf": [reference("Cat"), reference("Dog")],
            "discriminator": {
                "propertyName": "kind",
                "mapping": {"c": "Cat", "Dog": "#/components/schemas/Dog"},
            },
        },
    }
    made = the_operation(good(tmp_path, of(reference("Pet"), schemas))).result
    assert shown(made) == "(Cat | Dog)"
    assert made.one_of is not None
    assert made.one_of.discriminator == "kind"
    assert [(entry.value, entry.model) for entry in made.one_of.mapping] == [("c", "Cat")]


def test_a_mapping_to_what_is_no_model(tmp_path: Path) -> None:
    pet = {
        **obj(kind="string"),
        "discriminator": {"propertyName": "kind", "mapping": {"a": "Text", "b": "Nothing", "c": 5}},
    }
    _, problems = read(tmp_path, three(None, {"Pet": pet, "Text": {"type": "string"}}))
    at = "/components/schemas/Pet/discriminator/mapping"
    assert [f"{p.pointer}: {p.cause}" for p in problems] == [
        f"{at}/a: this schema is no object with properties; the value is passed over",
        f'{at}/b/$ref: there is no "#/components/schemas/Nothing"',
        f"{at}/c: this must name a schema",
    ]


# --- oneOf and anyOf


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        ({"oneOf": [{"type": "string"}, {"type": "integer"}]}, "(string | integer)"),
        ({"anyOf": [{"type": "string"}, {"type": "string", "format": "uuid"}]}, "string"),
        ({"oneOf": [{"type": "string"}]}, "string"),
        ({"oneOf": [{"type": "string"}, {}]}, "any"),
        ({"oneOf": []}, "any"),
        ({"oneOf": [reference("A"), {"type": "array", "items": reference("A")}]}, "(A | list[A])"),
        ({"oneOf": [{"oneOf": [{"type": "string"}, reference("A")]}, {"type": "boolean"}]}, "(string | A | boolean)"),
        ({"oneOf": [obj(x="string"), obj(y="string")]}, "(ReadResultOption1 | ReadResultOption2)"),
        ({"oneOf": [reference("A"), {"type": "string", "nullable": True}]}, "(A | string)?"),
        ({"anyOf": [{"type": "integer"}, {"type": "number"}]}, "number"),
        ({"type": "string", "anyOf": [{"pattern": "a"}, {"pattern": "b"}]}, "string"),
        ({"type": "object", "oneOf": [{"required": ["a"]}, {"required": ["b"]}]}, "object"),
        ({**obj(a="string", b="string"), "oneOf": [{"required": ["a"]}, {"required": ["b"]}]}, "ReadResult"),
    ],
)  # fmt: skip
def test_one_of(tmp_path: Path, schema: Json, expected: str) -> None:
    made = good(tmp_path, of(schema, {"A": obj(a="string")}))
    assert shown(the_operation(made).result) == expected


def test_values_of_several_lists(tmp_path: Path) -> None:
    one = {"oneOf": [{"type": "string", "enum": ["a", "b"]}, {"const": "c"}, {"enum": ["a"]}]}
    free = {"anyOf": [{"type": "string", "enum": ["a"]}, {"type": "string"}]}
    made = models(good(tmp_path, three(None, {"T": obj(one=one, free=free)}, openapi="3.1.0")))
    found = properties(made["T"])
    assert found["one"].choices == ("a", "b", "c")
    assert found["free"].choices == ()


def test_properties_beside_alternatives(tmp_path: Path) -> None:
    schema = {**obj("a", a="string"), "oneOf": [obj("b", b="string"), reference("C")]}
    made, found = warned(tmp_path, of(schema, {"C": obj(c="integer")}))
    assert shapes(models(made))["ReadResult"] == {"a": "string!", "b": "string", "c": "integer"}
    assert [text.partition(": ")[2] for text in found] == [
        "properties beside one of several schemas: those of all of them are read, and none is required"
    ]


# --- values


def test_choices_defaults_and_bounds_of_parameters(tmp_path: Path) -> None:
    def q(name: str, **schema: Any) -> Json:
        return {"name": name, "in": "query", "schema": schema}

    made = good(
        tmp_path,
        three(
            {
                "/things": {
                    "get": get(
                        q("i", type="integer", enum=[1, 2], default=2),
                        q("s", type="string", enum=[1, True, "x"], default=5),
                        q("n", type="number", minimum=0.5, maximum=9, default="1.5"),
                        q("x", type="integer", minimum=0, exclusiveMinimum=True),
                        q("y", type="integer", minimum=1, maximum=10, default=3.0),
                        q(
                            "l",
                            type="array",
                            items={"type": "string", "enum": ["a"]},
                            default=["a"],
                        ),
                        q("b", type="boolean", default="true"),
                        q("d", type="string", format="date-time", default="2020"),
                        q("none", type="string", default=None),
                    )
                }
            }
        ),
    )
    found = parameters(made)
    assert (found["i"].choices, found["i"].default) == ((1, 2), 2)
    assert (found["s"].choices, found["s"].default) == (("1", "true", "x"), "5")
    assert (found["n"].minimum, found["n"].maximum, found["n"].default) == (0.5, 9, 1.5)
    assert (found["x"].minimum, found["x"].maximum) == (1, None)
    assert (found["y"].minimum, found["y"].maximum, found["y"].default) == (1, 10, 3)
    assert type(found["y"].default) is int
    assert (found["l"].choices, found["l"].default) == (("a",), None)
    assert (found["b"].default, found["d"].default, found["none"].default) == (True, "2020", None)


def test_bounds_of_3_1(tmp_path: Path) -> None:
    def q(name: str, **schema: Any) -> Json:
        return {"name": name, "in": "query", "schema": schema}

    content = three(
        {
            "/t": {
                "get": get(
                    q("i", type="integer", exclusiveMinimum=3, exclusiveMaximum=9),
                    q("n", type="number", exclusiveMinimum=0),
                )
            }
        },
        openapi="3.1.0",
    )
    found = parameters(good(tmp_path, content))
    assert (found["i"].minimum, found["i"].maximum) == (4, 8)
    assert (found["n"].minimum, found["n"].maximum) == (None, None)
