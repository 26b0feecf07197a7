"""A fresh Asterisk answers as the recorded one did, and as its documents say."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from testing.paths import repository_file

from replay.asterisk import Asterisk, basic_credentials, live_asterisk
from replay.documents import Documents
from replay.record import record, written
from replay.runner import error_class
from replay.server import check_scenario
from replay.try_api import try_api
from replay.verify import exchange_differences, shape, shape_differences, verify

RECORDING = repository_file("test_resources/recordings/asterisk-22.10.1.json")
DOCUMENTS = repository_file("test_resources/ari/resources.json").parent


@pytest.fixture
def asterisk() -> Iterator[Asterisk]:
    with live_asterisk() as running:
        yield running


def _skip_other_versions(asterisk: Asterisk, recording: dict[str, Any]) -> None:
    """Another branch of Asterisk may answer otherwise; then the recording is made anew for it."""
    came, recorded = asterisk.version(), str(recording["version"])
    assert came.split(".")[0] == recorded.split(".")[0], f"{came} is not of {recorded}'s branch"


def test_a_fresh_asterisk_answers_as_recorded(asterisk: Asterisk) -> None:
    recording = json.loads(RECORDING.read_text("utf-8"))
    _skip_other_versions(asterisk, recording)
    outcome = verify(recording, asterisk.url, asterisk.username, asterisk.password)
    assert {name: found for name, found in outcome.items() if found} == {}
    assert len(outcome) == len(recording["scenarios"])


def test_a_new_recording_is_one(asterisk: Asterisk) -> None:
    documents = Documents.from_server(asterisk.url, asterisk.username, asterisk.password)
    recording = record(documents, asterisk.url, asterisk.username, asterisk.password)
    text = written(recording)
    secret = basic_credentials(asterisk.username, asterisk.password).split()[1]
    assert secret not in text
    assert "authorization" not in text.lower()
    assert str(asterisk.folder) not in text
    again = json.loads(text)
    for scenario in again["scenarios"]:
        check_scenario(scenario)
    assert len({one["name"] for one in again["scenarios"]}) == len(again["scenarios"])
    # What was asked is the same each time; what was answered is another matter.
    kept = json.loads(RECORDING.read_text("utf-8"))
    requests = [
        [(one["name"], one["request"]) for one in made["scenarios"]] for made in (kept, again)
    ]
    assert requests[0] == requests[1]


def test_a_live_asterisk_answers_as_documented(asterisk: Asterisk) -> None:
    documents = Documents.from_folder(DOCUMENTS)
    outcomes = try_api(documents, asterisk.url, asterisk.username, asterisk.password)
    bad = {name: one.problems for name, one in outcomes.items() if one.problems}
    # Asterisk 22 does not announce that these may find nothing.
    assert bad.keys() <= {"mailboxes.list", "sounds.get", "sounds.list"}, bad
    assert sum(one.succeeded for one in outcomes.values()) >= 105


def test_shapes_are_compared() -> None:
    one = shape({"a": [1, 2.5], "b": {"c": None}, "d": [{"x": 1}, {"x": 1, "y": "z"}], "e": True})
    assert one == {
        "a": ["number"],
        "b": {"c": "null"},
        "d": [{"x": "number", "y": "text"}],
        "e": "boolean",
    }
    assert shape_differences(one, one) == []
    assert shape_differences(shape({"a": []}), shape({"a": [1]})) == []
    told = shape_differences(shape({"a": 1, "b": 1}), shape({"a": "1", "c": [{}]}))
    assert told == [
        "body.a: number was recorded, text came",
        "body.b: was recorded, is missing",
        "body.c: came, was not recorded",
    ]


def test_variables_may_come_and_go() -> None:
    one, other = ({"id": "c", "channelvars": {name: "1"}} for name in "AB")
    assert shape_differences(shape(one), shape(other)) == []
    assert shape_differences(shape(one), shape({"id": "c"})) != []


def test_exchanges_are_compared() -> None:
    json_type = {"headers": {"Content-Type": "application/json"}}
    recorded = {"status": 200, **json_type, "body": {"a": 1}}
    assert exchange_differences(recorded, {**recorded, "body": {"a": 2}}) == []
    assert "status 200" in exchange_differences(recorded, {"status": 404})[0]
    assert exchange_differences(recorded, {"status": 200}) == [
        "Content-Type application/json was recorded, None came",
        "a body was recorded",
    ]


def test_the_classes_of_errors() -> None:
    assert error_class(404) == "NotFoundException"
    assert error_class(418) == "RequestRejectedException"
    assert error_class(503) == "AsteriskUnknownException"
