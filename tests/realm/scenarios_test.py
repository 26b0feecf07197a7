"""The scenarios of the realm API cover its description, and ask and answer what that allows.

Both are written by hand: neither may err.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
from openapi_schema_validator import OAS31Validator
from replay.server import exchanges_of, load_scenarios
from testing.paths import repository_file

from tests.realm.description import DOCUMENT, ROOT, SUCCESS, resolve

SCENARIOS = load_scenarios([repository_file("test_resources/realm/conformance")])

API_PATH = "/api/ver1.0"

#: What their answers hold goes beyond the description on purpose.
FREE_ANSWERS = ("errors.json", "values.json")


def inlined(file: str, value: Any) -> Any:
    """A part of the description with everything in it that it refers to."""
    if isinstance(value, list):
        return [inlined(file, item) for item in value]
    if not isinstance(value, dict):
        return value
    if "$ref" in value:
        target, found = resolve(file, value["$ref"])
        beside = {name: item for name, item in value.items() if name != "$ref"}
        return {**inlined(target, found), **inlined(file, beside)}
    return {name: inlined(file, item) for name, item in value.items()}


@dataclass(frozen=True)
class Operation:
    """An operation of the description."""

    name: str
    method: str
    path: str
    #: All that is said of it.
    told: Mapping[str, Any]

    def parameters(self, place: str) -> dict[str, Any]:
        return {one["name"]: one for one in self.told["parameters"] if one["in"] == place}

    def ids(self, path: str) -> dict[str, str] | None:
        """The ids in a path, still encoded; None if it is another operation's."""
        pattern = re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>[^/]+)", re.escape(self.path))
        match = re.fullmatch(pattern, path)
        return match.groupdict() if match else None

    @property
    def is_long_list(self) -> bool:
        """Whether it can be asked for piece by piece."""
        query = self.parameters("query")
        windows = [
            query.get(name, {}).get("required") for name in ("start_datetime", "end_datetime")
        ]
        is_list = self.told["operationId"].startswith("list")
        return is_list and ({"page", "per_page"} <= query.keys() or all(windows))


def described() -> Iterator[Operation]:
    for path, reference in DOCUMENT["paths"].items():
        item = inlined(str(ROOT), reference)
        for method in SUCCESS.keys() & item.keys():
            told = item[method]
            told["parameters"] = item.get("parameters", []) + told.get("parameters", [])
            yield Operation(told["operationId"], method.upper(), path, told)


ALL = {one.name: one for one in described()}


def operation_of(request: Mapping[str, Any]) -> Operation | None:
    """Find whose request this is."""
    path = urlsplit(request["target"]).path
    found = [
        one
        for one in ALL.values()
        if one.method == request["method"] and one.ids(path.removeprefix(API_PATH)) is not None
    ]
    # What has a name of its own comes before what any id fits.
    return min(found, key=lambda one: one.path.count("{")) if found else None


def exchanges() -> Iterator[tuple[str, Operation, Mapping[str, Any], Mapping[str, Any]]]:
    """Each request to the API itself: the scenario's id, the operation, the request and its answer."""
    for scenario in SCENARIOS:
        if "way" not in scenario:
            continue
        for exchange in exchanges_of(scenario):
            request = exchange["request"]
            if request["target"] == "/oauth/token":
                continue
            operation = operation_of(request)
            assert operation is not None, scenario["id"]
            yield scenario["id"], operation, request, exchange["response"]


EXCHANGES = list(exchanges())


def test_every_operation_has_a_scenario_that_succeeds() -> None:
    assert len(ALL) == 113
    right = {scenario["id"] for scenario in SCENARIOS if "result" in scenario}
    succeeding = {
        operation.name
        for scenario, operation, _, response in EXCHANGES
        if scenario in right and str(response.get("status")) == SUCCESS[operation.method.lower()]
    }
    assert ALL.keys() - succeeding == set()


def test_every_long_list_has_one_that_goes_through_it() -> None:
    ways = {scenario["id"]: scenario["way"][-1] for scenario in SCENARIOS if "way" in scenario}
    gone_through = {
        operation.name for scenario, operation, *_ in EXCHANGES if ways[scenario] == "iterate"
    }
    assert {name for name, one in ALL.items() if one.is_long_list} == gone_through


def schema_problems(schema: Mapping[str, Any], value: Any) -> list[str]:
    return [
        f"{list(each.absolute_path)}: {each.message}"
        for each in OAS31Validator(schema).iter_errors(value)
    ]


def from_text(schema: Mapping[str, Any], text: str) -> Any:
    """A parameter's value, from how it travels."""
    return json.loads(text) if schema.get("type") in ("integer", "boolean") else text


@pytest.mark.parametrize(
    ("operation", "request_"),
    [pytest.param(operation, request, id=name) for name, operation, request, _ in EXCHANGES],
)
def test_a_request_is_as_described(operation: Operation, request_: Mapping[str, Any]) -> None:
    target = urlsplit(request_["target"])
    ids = operation.ids(target.path.removeprefix(API_PATH))
    assert ids is not None
    assert re.fullmatch(r"([A-Za-z0-9\-._~/?&=]|%[0-9A-F]{2})*", request_["target"])
    for name, parameter in operation.parameters("path").items():
        value = from_text(parameter["schema"], unquote(ids[name]))
        assert schema_problems(parameter["schema"], value) == []
    pairs = [part.split("=") for part in target.query.split("&") if part]
    known = operation.parameters("query")
    names = list(dict.fromkeys(name for name, _ in pairs))
    assert names == [name for name in known if name in names]
    assert {name for name, one in known.items() if one.get("required")} <= set(names)
    for name in names:
        schema = known[name]["schema"]
        texts = [unquote(text) for other, text in pairs if other == name]
        several = schema.get("type") == "array"
        values = [from_text(schema["items"] if several else schema, text) for text in texts]
        assert several or len(values) == 1
        assert schema_problems(schema, values if several else values[0]) == []


def all_of(schema: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """A schema and those that it consists of."""
    yield schema
    for part in schema.get("allOf", ()):
        yield from all_of(part)


def members(schema: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: one for part in all_of(schema) for name, one in part.get("properties", {}).items()
    }


@pytest.mark.parametrize(
    ("operation", "request_", "status"),
    [
        pytest.param(operation, request, response.get("status"), id=name)
        for name, operation, request, response in EXCHANGES
    ],
)
def test_a_body_is_as_described(
    operation: Operation, request_: Mapping[str, Any], status: int | None
) -> None:
    wanted = operation.told.get("requestBody")
    if wanted is None:
        assert "body" not in request_
        return
    body = request_["body"]
    [(kind, content)] = wanted["content"].items()
    known = members(content["schema"])
    if kind == "multipart/form-data":
        names = [part["name"] for part in body["$multipart"]]
        assert names == list(known) == content["schema"]["required"]
        return
    own = {name for name, member in known.items() if member.get("readOnly")}
    assert body.keys() <= known.keys() - own
    required = {name for part in all_of(content["schema"]) for name in part.get("required", ())}
    assert required - own <= body.keys()
    for name, value in body.items():
        # What a server refuses may be wrong in ways that no schema tells, but not in these.
        assert schema_problems(known[name], value) == [], name


def is_answer(name: str, response: Mapping[str, Any]) -> bool:
    return response.get("status", 0) in range(200, 300) and not name.startswith(FREE_ANSWERS)


@pytest.mark.parametrize(
    ("operation", "response"),
    [
        pytest.param(operation, response, id=name)
        for name, operation, _, response in EXCHANGES
        if is_answer(name, response)
    ],
)
def test_an_answer_is_as_described(operation: Operation, response: Mapping[str, Any]) -> None:
    answer = operation.told["responses"][SUCCESS[operation.method.lower()]]
    if "content" not in answer:
        assert "body" not in response
        return
    [(kind, content)] = answer["content"].items()
    if kind != "application/json":
        assert "$base64" in response["body"]
        return
    assert schema_problems(content["schema"], response["body"]) == []
