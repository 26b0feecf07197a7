"""What sets the documents of real Asterisk versions, 12 to 23, apart; each trait in a small document.

The versions are those whose documents have the trait.  All of them must be accepted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from codegen.model import Type
from codegen.text import DocText

from tests.codegen.helpers import (
    Json,
    apply,
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


def test_remarks_about_the_file(tmp_path: Path) -> None:
    """12 to 23: copyright, author and revision, and a note at a parameter."""
    remarks: Json = {"_copyright": "©", "_author": "A", "_svn_revision": "$Revision$"}
    described = document(("/a", operation(parameters=[parameter(__note="Later.")])), **remarks)
    write(tmp_path, {"things": described}, **remarks)
    assert read(tmp_path)[1] == []


def test_no_since_and_no_modules(tmp_path: Path) -> None:
    """12 to 19."""
    assert only_operation(good(tmp_path, document(("/a", operation())))).since == ()


def test_since_and_modules(tmp_path: Path) -> None:
    """20 to 23: an operation may have come to several branches."""
    made = good(
        tmp_path,
        document(
            ("/a", operation(since=["20.20.0", "22.10.0"])),
            since=["12.0.0"],
            requiresModules=["res_stasis_answer"],
        ),
    )
    assert only_operation(made).since == ("20.20.0", "22.10.0")


def test_a_misspelt_default(tmp_path: Path) -> None:
    """12 to 16, at the reason of a hang-up."""
    made, problems = read_one(
        tmp_path, document(("/a", operation(parameters=[parameter(defalutValue="normal")])))
    )
    assert only_parameter(made).default == "normal"
    assert len(warnings(problems)) == len(problems) == 1


def test_a_misspelt_description(tmp_path: Path) -> None:
    """12 to 23, at the variables of a text message."""
    given = parameter(descriptioni="Headers.", paramType="body", dataType="containers")
    made, problems = read_one(tmp_path, document(("/a", operation(parameters=[given]))))
    assert only_parameter(made).description == "Headers."
    assert len(warnings(problems)) == len(problems) == 1


def test_a_property_given_twice(tmp_path: Path) -> None:
    """12.0 to 12.4: the model of a live recording has its state and its format twice."""
    import json

    live = {"LiveRecording": model("LiveRecording", {"state": "string"})}
    text = json.dumps(document(("/a", operation()), models=live))
    text = text.replace('"properties": {', '"properties": {"state": {"type": "int"}, ')
    made, problems = read_one(tmp_path, text)
    assert [(p.name, p.type) for p in models(made)["LiveRecording"].properties] == [
        ("state", Type("string"))
    ]
    assert warnings(problems) == [
        "/models/LiveRecording/properties/state: "
        "the object has this key already; the last one counts"
    ]


@pytest.mark.parametrize("code", [404, "404"])
def test_codes_as_numbers_and_as_texts(tmp_path: Path, code: int | str) -> None:
    """13, 16 to 23 have both."""
    made = good(
        tmp_path,
        document(("/a", operation(errorResponses=[{"code": code, "reason": "Not found."}]))),
    )
    assert [error.code for error in only_operation(made).errors] == [404]


def test_neither_required_nor_allow_multiple(tmp_path: Path) -> None:
    """12 to 23, at parameters of paths and of queries."""
    parameters = [
        parameter("id", paramType="path", required=None, allowMultiple=None),
        parameter("reason", required=None, allowMultiple=None),
    ]
    made = good(tmp_path, document(("/a/{id}", operation(parameters=parameters))))
    assert [(p.required, p.type.kind) for p in only_operation(made).parameters] == [
        (True, "string"),
        (False, "string"),
    ]


def test_the_same_nicknames_in_several_documents(tmp_path: Path) -> None:
    """12 to 23: each resource has its own list and get."""
    description, problems = read(
        write(
            tmp_path,
            {n: document((f"/{n}", operation("list"))) for n in ("channels", "bridges")},
        )
    )
    assert problems == []
    assert description is not None
    assert [[str(o.name) for o in r.operations] for r in description.resources] == [["list"]] * 2


def test_several_methods_on_one_path(tmp_path: Path) -> None:
    """12 to 23: and several entries with the same path."""
    described = document(("/a", operation("get")), ("/a", operation("put", httpMethod="PUT")))
    described["apis"][0]["operations"].append(operation("delete", httpMethod="DELETE"))
    made = good(tmp_path, described)
    assert [str(o.method) for o in made.resources[0].operations] == ["GET", "DELETE", "PUT"]


@pytest.mark.parametrize(
    ("given", "location", "kind"),
    [("containers", "field", Type("object")), ("object", "body", Type("object"))],
)
def test_bodies(tmp_path: Path, given: str, location: str, kind: Type) -> None:
    """12 to 23 have containers; an object as the whole body came with 13 and 16."""
    described = document(
        ("/a", operation(parameters=[parameter(paramType="body", dataType=given)]))
    )
    found = only_parameter(good(tmp_path, described))
    assert (found.location, found.type) == (location, kind)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("binary", Type("binary")),
        ("Date", Type("datetime")),
        ("long", Type("integer")),
        ("double", Type("number")),
        ("List[string]", Type("list", item=Type("string"))),
        ("List[object]", Type("list", item=Type("object"))),
        ("object", Type("object")),
        ("void", Type("void")),
    ],
)
def test_types(tmp_path: Path, name: str, kind: Type) -> None:
    """12 to 23; binary came with 14."""
    assert (
        only_operation(good(tmp_path, document(("/a", operation(responseClass=name))))).result
        == kind
    )


def test_a_model_without_properties(tmp_path: Path) -> None:
    """12 to 23."""
    made = good(tmp_path, document(("/a", operation()), models={"Dialed": model("Dialed")}))
    assert models(made)["Dialed"].properties == ()


def test_the_websocket(tmp_path: Path) -> None:
    """12 to 23: its result is the base of all events, which are subtypes over two levels."""
    given: Json = {
        "upgrade": "websocket",
        "websocketProtocol": "ari",
        "responseClass": "Message",
        "parameters": [parameter("app", required=True, allowMultiple=True)],
    }
    made = good(
        tmp_path,
        document(
            ("/events", operation("eventWebsocket", **given)),
            models={
                "Message": model(
                    "Message", {"type": "string"}, discriminator="type", subTypes=["Event", "Lost"]
                ),
                "Event": model("Event", {"application": "string"}, subTypes=["Ringing"]),
                "Ringing": model("Ringing"),
                "Lost": model("Lost"),
            },
        ),
    )
    assert only_operation(made).websocket
    assert only_operation(made).result == Type("model", DocText("Message"))


def test_settings_of_a_newer_version(tmp_path: Path) -> None:
    """12 to 21 lack operations that the settings for 22 name."""
    description = good(tmp_path / "ari", document(("/channels", operation("list"))))
    api, problems = apply(
        description, '[shortcuts]\ngetChannels = "things.list"\nclaim = "things.claim"\n', tmp_path
    )
    assert errors(problems) == []
    assert len(warnings(problems)) == 1
    assert api is not None
    assert [str(shortcut.name) for shortcut in api.shortcuts] == ["getChannels"]
