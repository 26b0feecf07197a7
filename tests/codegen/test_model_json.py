"""The model's JSON form."""

from __future__ import annotations

import dataclasses
import json
from typing import TYPE_CHECKING, Any

import pytest
from codegen import model_json, readers, settings, source
from codegen.model import MODEL_VERSION, Api
from codegen.problems import Problems, ProblemsFound
from codegen.source import Document
from codegen.text import DocText
from testing.paths import repository_file

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def ari() -> Api:
    folder = repository_file("test_resources/ari/resources.json").parent
    problems = Problems()
    description = readers.read(source.open_folder(str(folder), problems), problems)
    text, data = settings.load(str(folder / "client.toml"), problems)
    return settings.apply(description, data, text, problems)


def decoded(value: Any) -> tuple[Api | None, list[str]]:
    problems = Problems()
    text = value if isinstance(value, str) else json.dumps(value)
    try:
        document = Document("model.json", "model.json", text, json.loads(text))
        return model_json.deserialize(document, problems), []
    except ProblemsFound:
        return None, [f"{p.pointer}: {p.cause}" for p in problems.items]


def same(one: Any, other: Any) -> bool:
    """Whether two values are equal, types and all."""
    if type(one) is not type(other):
        return False
    if dataclasses.is_dataclass(one):
        return all(
            same(getattr(one, f.name), getattr(other, f.name)) for f in dataclasses.fields(one)
        )
    if isinstance(one, tuple):
        return len(one) == len(other) and all(map(same, one, other))
    return bool(one == other)


def test_the_round_trip_loses_nothing(ari: Api) -> None:
    back, problems = decoded(model_json.serialize(ari))
    assert problems == []
    assert same(back, ari)


def test_the_text_is_canonical(ari: Api) -> None:
    text = model_json.serialize(ari)
    back, _ = decoded(text)
    assert back is not None
    assert model_json.serialize(back) == text
    assert text.endswith("}\n")
    assert json.dumps(json.loads(text), sort_keys=True, ensure_ascii=False, indent=1) + "\n" == text


def test_people_can_read_it(ari: Api) -> None:
    named = dataclasses.replace(ari, version=DocText("größer"))
    assert '"version": "größer"' in model_json.serialize(named)


def test_no_number_that_json_does_not_have(ari: Api) -> None:
    first = ari.resources[0].operations[0]
    odd = dataclasses.replace(first.parameters[0], default=float("nan"))
    operation = dataclasses.replace(first, parameters=(odd,))
    resource = dataclasses.replace(ari.resources[0], operations=(operation,))
    with pytest.raises(ValueError, match="not JSON compliant"):
        model_json.serialize(dataclasses.replace(ari, resources=(resource,)))


def test_defaults_are_left_out(ari: Api) -> None:
    data = json.loads(model_json.serialize(ari))["api"]
    (ping,) = [
        o for r in data["resources"] for o in r["operations"] if o["name"] == "ping"
    ]  # fmt: skip
    assert "websocket" not in ping
    assert "subscription" not in ping
    assert ping["parameters"] == []  # it has no default


def test_texts_are_doc_texts_again(ari: Api) -> None:
    back, _ = decoded(model_json.serialize(ari))
    assert back is not None
    mute = [p for r in back.resources for o in r.operations for p in o.parameters if p.choices]
    assert mute
    assert all(type(p.name) is DocText for p in mute)
    assert all(type(choice) is DocText for p in mute for choice in p.choices)
    assert type(mute[0].location) is str
    defaults = [
        p.default for r in back.resources for o in r.operations for p in o.parameters if p.default
    ]
    assert {type(default) for default in defaults} == {DocText, int}


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"model_version": 999}, "/model_version: the model's version is 999"),
        ({"model_version": None}, "/model_version: the model's version is None"),
        ({"api": None}, "/api: this must be an object, not None"),
        ({"api": {}}, "/api: this must be a Api with the member client"),
    ],
)
def test_a_model_of_another_form(change: dict[str, Any], expected: str) -> None:
    back, problems = decoded({"model_version": MODEL_VERSION, "api": {}, **change})
    assert back is None
    assert len(problems) == 1
    assert problems[0].startswith(expected)


def test_no_model_at_all() -> None:
    assert decoded({"swaggerVersion": "1.1"})[1] == [
        ": this is not a model (it has no model_version)"
    ]
    assert decoded([])[1] == [": this is not a model (it has no model_version)"]


@pytest.mark.parametrize(
    ("path", "value", "expected"),
    [
        (("version",), 5, "/api/version: this must be a text"),
        (("resources",), {}, "/api/resources: this must be a list"),
        (("resources", 0, "name"), None, "/api/resources/0/name: this must be a text"),
        (("resources", 0, "name"), "\ud800", "/api/resources/0/name: this must be valid Unicode"),
        (("resources", 0, "colour"), "red", "/api/resources/0/colour: this must be a member of"),
        (("access", "query_limit"), True, "/api/access/query_limit: this must be a whole number"),
        (("access", "query_limit"), 1.5, "/api/access/query_limit: this must be a whole number"),
        (("events", "ends", 0, "grace"), "x", "/api/events/ends/0/grace: this must be a number"),
        (("objects", 0, "new"), 1, "/api/objects/0/new: this must be true or false"),
    ],
)
def test_a_model_that_somebody_spoilt(
    ari: Api, path: tuple[Any, ...], value: Any, expected: str
) -> None:
    data = json.loads(model_json.serialize(ari))
    at = data["api"]
    for key in path[:-1]:
        at = at[key]
    at[path[-1]] = value
    back, problems = decoded(data)
    assert back is None
    assert problems[0].startswith(expected)


def test_a_type_nested_without_end(ari: Api) -> None:
    deep = '{"kind":"list","item":' * 600 + '{"kind":"string"}' + "}" * 600
    data = json.loads(model_json.serialize(ari))
    data["api"]["resources"][0]["operations"][0]["result"] = "HERE"
    problems = Problems()
    text = json.dumps(data).replace('"HERE"', deep)
    with pytest.raises(ProblemsFound):
        model_json.deserialize(Document("m", "m", text, json.loads(text)), problems)
    assert [p.cause for p in problems.items] == ["the model is nested too deeply"]


def test_writing_it_to_a_file_and_reading_it(ari: Api, tmp_path: Path) -> None:
    path = tmp_path / "model.json"
    path.write_text(model_json.serialize(ari), "utf-8")
    problems = Problems()
    document = source.open_source(str(path), problems).root()
    assert model_json.deserialize(document, problems) == ari
