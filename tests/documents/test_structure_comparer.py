"""The comparer finds what is planted, names its place, and lets pass what means the same."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

import pytest

from tests.documents.document_structure import (
    Text,
    differences,
    gaps,
    same_texts,
    shared_runs,
    texts,
)

if TYPE_CHECKING:
    from collections.abc import Callable

DOCUMENT: dict[str, Any] = {
    "_author": "Somebody",
    "apiVersion": "2.0.0",
    "swaggerVersion": "1.1",
    "basePath": "http://localhost:8088/ari",
    "since": ["12.0.0"],
    "apis": [
        {
            "path": "/lamps",
            "description": "Lamps.",
            "operations": [
                {
                    "httpMethod": "GET",
                    "summary": "List the lamps.",
                    "nickname": "list",
                    "responseClass": "List[Lamp]",
                },
                {
                    "httpMethod": "POST",
                    "summary": "Light a lamp.",
                    "notes": "It stays lit.",
                    "nickname": "light",
                    "responseClass": "Lamp",
                    "parameters": [
                        {
                            "name": "lampId",
                            "description": "Id of the lamp.",
                            "paramType": "query",
                            "dataType": "string",
                            "required": True,
                        },
                        {
                            "name": "colour",
                            "description": "Its colour.",
                            "paramType": "query",
                            "dataType": "string",
                            "required": False,
                            "allowMultiple": False,
                            "defaultValue": 1,
                            "allowableValues": {"valueType": "LIST", "values": ["red", "green"]},
                        },
                    ],
                    "errorResponses": [
                        {"code": "404", "reason": "No such lamp."},
                        {"code": 409, "reason": "It is broken."},
                    ],
                },
            ],
        },
        {"path": "/lamps/{lampId}", "description": "One lamp.", "operations": []},
    ],
    "models": {
        "Lamp": {
            "id": "Lamp",
            "description": "A lamp.",
            "properties": {
                "id": {"type": "string", "description": "Its id.", "required": True},
                "description": {"type": "string", "description": "What is written on it."},
            },
        },
        "Lantern": {
            "id": "Lantern",
            "description": "A lamp to carry.",
            "subTypes": ["Lamp"],
            "properties": {"models": {"type": "int", "description": "How many kinds there are."}},
        },
    },
}


def _light(document: Any) -> Any:
    return document["apis"][0]["operations"][1]


def _swap(items: list[Any]) -> None:
    items[0], items[1] = items[1], items[0]


def _reorder(mapping: dict[str, Any]) -> None:
    first = next(iter(mapping))
    mapping[first] = mapping.pop(first)


PLANTED: list[tuple[str, Callable[[Any], Any], list[str]]] = [
    ("version", lambda d: d.update(apiVersion="2.0.1"), ["/apiVersion"]),
    ("since", lambda d: d["since"].append("13.0.0"), ["/since/1"]),
    ("since gone", lambda d: d.pop("since"), ["/since"]),
    ("extra key", lambda d: _light(d).update(upgrade="x"), ["/apis/0/operations/1/upgrade"]),
    ("path", lambda d: d["apis"][1].update(path="/x"), ["/apis/1", "/apis/1"]),
    ("path gone", lambda d: d["apis"].pop(0), ["/apis/0"]),
    ("path order", lambda d: _swap(d["apis"]), ["/apis/0"]),
    ("operation gone", lambda d: d["apis"][0]["operations"].pop(0), ["/apis/0/operations/0"]),
    ("operation order", lambda d: _swap(d["apis"][0]["operations"]), ["/apis/0/operations/0"]),
    ("method", lambda d: _light(d).update(httpMethod="PUT"), ["/apis/0/operations/1"] * 2),
    ("result", lambda d: _light(d).update(responseClass="void"), ["…/responseClass"]),
    ("parameter gone", lambda d: _light(d)["parameters"].pop(), ["…/parameters/1"]),
    ("parameter order", lambda d: _swap(_light(d)["parameters"]), ["…/parameters/0"]),
    (
        "type",
        lambda d: _light(d)["parameters"][0].update(dataType="int"),
        ["…/parameters/0/dataType"],
    ),
    (
        "required gone",
        lambda d: _light(d)["parameters"][0].pop("required"),
        ["…/parameters/0/required"],
    ),
    (
        "allowMultiple",
        lambda d: _light(d)["parameters"][0].update(allowMultiple=True),
        ["…/parameters/0/allowMultiple"],
    ),
    (
        "default of another type",
        lambda d: _light(d)["parameters"][1].update(defaultValue=True),
        ["…/parameters/1/defaultValue"],
    ),
    (
        "default as text",
        lambda d: _light(d)["parameters"][1].update(defaultValue="1"),
        ["…/parameters/1/defaultValue"],
    ),
    (
        "allowed value",
        lambda d: _light(d)["parameters"][1]["allowableValues"]["values"].pop(),
        ["…/parameters/1/allowableValues/values/1"],
    ),
    (
        "order of allowed values",
        lambda d: _swap(_light(d)["parameters"][1]["allowableValues"]["values"]),
        [f"…/parameters/1/allowableValues/values/{place}" for place in (0, 1)],
    ),
    ("code", lambda d: _light(d)["errorResponses"].pop(0), ["…/errorResponses/0"]),
    (
        "code twice",
        lambda d: _light(d)["errorResponses"].insert(1, {"code": 404}),
        ["…/errorResponses/1/code", "…/errorResponses/2"],
    ),
    ("model gone", lambda d: d["models"].pop("Lamp"), ["/models/Lamp"]),
    ("model extra", lambda d: d["models"].update({"A/B~": {}}), ["/models/A~1B~0"]),
    ("model order", lambda d: _reorder(d["models"]), ["/models/Lantern"]),
    (
        "subtype",
        lambda d: d["models"]["Lantern"].update(subTypes=[]),
        ["/models/Lantern/subTypes/0"],
    ),
    (
        "property whose name is that of a prose key",
        lambda d: d["models"]["Lamp"]["properties"].pop("description"),
        ["/models/Lamp/properties/description"],
    ),
    (
        "type of such a property",
        lambda d: d["models"]["Lamp"]["properties"]["description"].update(type="int"),
        ["/models/Lamp/properties/description/type"],
    ),
    (
        "property order",
        lambda d: _reorder(d["models"]["Lamp"]["properties"]),
        ["/models/Lamp/properties/description"],
    ),
    (
        "property required",
        lambda d: d["models"]["Lamp"]["properties"]["id"].update(required=False),
        ["/models/Lamp/properties/id/required"],
    ),
    (
        "two at once",
        lambda d: (d.update(swaggerVersion="1.2"), d["models"]["Lamp"].update(id="L")),
        ["/swaggerVersion", "/models/Lamp/id"],
    ),
    (
        "property whose name is that of a map",
        lambda d: d["models"]["Lantern"]["properties"]["models"].update(type="long"),
        ["/models/Lantern/properties/models/type"],
    ),
    ("another kind of value", lambda d: d.update(models=[]), ["/models"]),
]


@pytest.mark.parametrize(
    ("plant", "pointers"), [p[1:] for p in PLANTED], ids=[p[0] for p in PLANTED]
)
def test_planted_difference_is_found(plant: Callable[[Any], Any], pointers: list[str]) -> None:
    changed = copy.deepcopy(DOCUMENT)
    plant(changed)
    expected = [pointer.replace("…", "/apis/0/operations/1") for pointer in pointers]
    assert [found.pointer for found in differences(changed, DOCUMENT)] == expected
    # Whichever of the two has it, the difference is there.
    assert len(differences(DOCUMENT, changed)) == len(expected)


def test_a_difference_says_what_it_is() -> None:
    changed = copy.deepcopy(DOCUMENT)
    changed["apiVersion"] = "3"
    del changed["models"]["Lamp"]
    assert [str(found) for found in differences(changed, DOCUMENT)] == [
        '/apiVersion: is "3", not "2.0.0"',
        "/models/Lamp: Lamp is missing",
    ]
    assert [str(found) for found in differences([], {})] == ["(document): is [], not {}"]


def test_prose_and_equal_meanings_are_no_difference() -> None:
    changed = copy.deepcopy(DOCUMENT)
    changed.update(_author="Else", _svn_revision="1", basePath="https://example.com/ari")
    light = _light(changed)
    light.update(summary="Switch on.", notes="")
    light["errorResponses"][0] = {"code": 404}
    light["parameters"][0]["allowMultiple"] = False
    del light["parameters"][1]["required"]
    light["parameters"][1]["descriptioni"] = light["parameters"][1].pop("description")
    light["parameters"][1]["__note"] = "To do."
    changed["models"]["Lamp"]["description"] = "Light."
    changed["models"]["Lamp"]["properties"]["id"]["description"] = "Which."
    changed["apis"][0]["operations"][0] = dict(
        reversed(changed["apis"][0]["operations"][0].items())
    )
    assert differences(changed, DOCUMENT) == []


def test_texts_are_found_and_properties_are_not_taken_for_texts() -> None:
    found = {text.pointer: text.text for text in texts(DOCUMENT)}
    assert found["/apis/0/operations/1/errorResponses/0/reason"] == "No such lamp."
    assert found["/models/Lamp/properties/description/description"] == "What is written on it."
    assert "/models/Lamp/properties/description" not in found
    assert found["/models/Lantern/properties/models/description"] == "How many kinds there are."
    assert len(found) == 16


def test_gaps_are_found() -> None:
    assert gaps(DOCUMENT) == []
    changed = copy.deepcopy(DOCUMENT)
    del changed["apis"][1]["description"]
    _light(changed)["summary"] = " "
    _light(changed)["parameters"][1].pop("description")
    _light(changed)["errorResponses"][0]["reason"] = None
    changed["models"]["Lamp"]["description"] = ""
    del changed["models"]["Lamp"]["properties"]["description"]["description"]
    assert gaps(changed) == [
        "/apis/0/operations/1/summary",
        "/apis/0/operations/1/parameters/1/description",
        "/apis/0/operations/1/errorResponses/0/reason",
        "/apis/1/description",
        "/models/Lamp/description",
        "/models/Lamp/properties/description/description",
    ]


def test_copied_texts_are_found() -> None:
    theirs = [
        Text("/x", "summary", "Light a lamp in the hall, and leave it lit."),
        Text("/y", "reason", "No lamp"),
    ]
    ours = [
        Text("/a", "summary", "Now light A LAMP in the hall!"),
        Text("/b", "reason", "no lamp."),
        Text("/c", "notes", "A hall with a lamp."),
    ]
    assert shared_runs(ours, theirs, 6) == ["/a: light a lamp in the hall"]
    assert shared_runs(ours, theirs, 7) == []
    assert same_texts(ours, theirs) == ["/b: no lamp."]
