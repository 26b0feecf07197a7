"""try_api tells which operations answered as documented, against the replay of a recording."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from testing.paths import repository_file

from replay.asterisk import free_port
from replay.documents import DocumentError, Documents, Server
from replay.plan import steps
from replay.server import ReplayServer, load_scenarios
from replay.try_api import Progress, adapted_plan, main, report, try_api

DOCUMENTS = repository_file("test_resources/ari/resources.json").parent
RECORDING = repository_file("test_resources/recordings/asterisk-22.10.1.json")

#: Where Asterisk 22.10.1 answers otherwise than it documents: it does not announce these 404s.
UNDOCUMENTED = {"mailboxes.list", "sounds.get", "sounds.list"}

PING = {
    "name": "ping",
    "operation": "asterisk.ping",
    "request": {"method": "GET", "target": "/ari/asterisk/ping"},
    "result": {},
}


@pytest.fixture(scope="module")
def documents() -> Documents:
    return Documents.from_folder(DOCUMENTS)


@pytest.fixture
def recorded() -> list[dict[str, Any]]:
    return load_scenarios([RECORDING])


def tried(documents: Documents, scenarios: list[dict[str, Any]]) -> dict[str, Any]:
    with ReplayServer(scenarios) as server:
        access = server.serve_all()
        outcomes = try_api(documents, access["url"], access["username"], access["password"])
        assert server.verdict()["differences"] == []
        return outcomes


def test_the_recording_answers_as_documented(
    documents: Documents, recorded: list[dict[str, Any]]
) -> None:
    outcomes = tried(documents, recorded)
    assert len(outcomes) == 109
    assert {name for name, one in outcomes.items() if one.problems} == UNDOCUMENTED
    assert sum(one.succeeded for one in outcomes.values()) >= 105
    assert not any(one.untried for one in outcomes.values())


@pytest.mark.parametrize(
    ("operation", "response", "told"),
    [
        ("asterisk.ping", {"status": 200, "body": {"ping": "pong"}}, "asterisk_id: required"),
        ("asterisk.ping", {"status": 200, "body": []}, "AsteriskPing was documented, a list"),
        ("bridges.list", {"status": 200, "body": {}}, "a list was documented, an object"),
        ("bridges.list", {"status": 200}, "nothing came"),
        ("channels.ring", {"status": 200, "body": {}}, "nothing was documented"),
        ("channels.answer", {"status": 418}, "418 is not documented"),
        ("channels.answer", {"drop": True}, "Remote end closed"),
    ],
)
def test_what_is_not_as_documented_is_told(
    documents: Documents,
    recorded: list[dict[str, Any]],
    operation: str,
    response: dict[str, Any],
    told: str,
) -> None:
    for scenario in recorded:
        if scenario["operation"] == operation and "error" not in scenario:
            scenario["response"] = response
    outcome = tried(documents, recorded)[operation]
    assert any(told in problem for problem in outcome.problems), outcome.problems
    out = io.StringIO()
    assert not report([outcome], out)
    assert told in out.getvalue()


def test_an_operation_that_the_plan_lacks_is_told(documents: Documents) -> None:
    with ReplayServer(load_scenarios([RECORDING])) as server:
        access = server.serve_all()
        user = (access["url"], access["username"], access["password"])
        plan = [step for step in steps() if step.operation != "sounds.list"][:3]
        outcomes = try_api(documents, *user, plan=plan)
    assert outcomes["sounds.list"].untried
    out = io.StringIO()
    assert report(outcomes.values(), out, verbose=True)
    assert "GET /asterisk/ping: 200" in out.getvalue()


def test_wrong_credentials_and_no_server(documents: Documents) -> None:
    with ReplayServer(load_scenarios([RECORDING])) as server:
        server.play({**PING, "response": {"status": 401, "body": {"message": "no"}}})
        with pytest.raises(DocumentError, match="401"):
            try_api(documents, f"http://127.0.0.1:{server.port}/ari", "user", "wrong")
    with pytest.raises(DocumentError, match="refused"):
        try_api(documents, f"http://127.0.0.1:{free_port()}/ari", "user", "password")
    with pytest.raises(DocumentError, match="not the URL"):
        Server("localhost/ari", "user", "password")


def test_the_command_line(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("BUILD_WORKING_DIRECTORY", raising=False)
    arguments = ["--replay", str(RECORDING), "--dir", str(DOCUMENTS)]
    assert main(arguments) == 1
    printed = capsys.readouterr()
    assert "106 of 109 operations answered as documented (105 with success)" in printed.out
    assert printed.err == ""
    assert main(["--replay", str(RECORDING), "--dir", str(RECORDING.parent)]) == 1
    assert "resources.json" in capsys.readouterr().err


def test_reading_only_and_another_endpoint(documents: Documents) -> None:
    only = adapted_plan(None, True, documents)
    assert {documents.operations[step.operation].method for step in only} == {"GET"}
    other = adapted_plan("PJSIP/bob", False, documents)
    called = {step.arguments.get("endpoint") for step in other}
    assert "PJSIP/bob" in called
    assert "Local/200@default" not in called


def test_progress_is_for_terminals() -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    for stream, shown in ((io.StringIO(), False), (Terminal(), True)):
        progress = Progress(stream, 2)
        progress.step("x")
        progress.clear()
        assert bool(stream.getvalue()) == shown


def test_shapes(documents: Documents) -> None:
    problems = documents.problems
    assert problems("List[string]", ["a", "b"]) == []
    assert problems("List[string]", ["a", 1]) == [
        "result[1]: string was documented, the number 1 came"
    ]
    assert problems("int", True) == ["result: int was documented, a truth value came"]
    event = {"type": "ChannelVarset", "application": "a", "timestamp": "t", "variable": "A"}
    assert problems("Message", event) == ["result.value: required, and missing"]
    assert problems("Event", {**event, "value": "1", "more": 1}) == []
    assert "do not define" in problems("Nothing", {})[0]


def test_requests_are_built_by_the_rules(documents: Documents) -> None:
    request = documents.request
    assert request("channels.answer", {"channelId": "a/b +"}, "/ari") == (
        "POST",
        "/ari/channels/a%2Fb%20%2B/answer",
        None,
    )
    made = request("channels.play", {"channelId": "c", "media": ["a,b"], "lang": "en"}, "")
    assert made == ("POST", "/channels/c/play?lang=en", {"media": ["a,b"]})
    long = {"endpoint": "x", "app": "y" * 4000, "timeout": 1, "variables": {"A": "1"}}
    method, target, body = request("channels.originate", long, "/ari")
    assert (method, target) == ("POST", "/ari/channels")
    assert body == long
    with pytest.raises(DocumentError, match="no parameters"):
        request("channels.answer", {"chanelId": "c"}, "")


def test_documents_of_a_server(documents: Documents) -> None:
    scenarios = []
    for file in sorted(DOCUMENTS.glob("*.json")):
        target = f"/ari/api-docs/{file.name}"
        exchange = {
            "request": {"method": "GET", "target": target},
            "response": {"status": 200, "body": json.loads(file.read_text("utf-8"))},
        }
        scenarios.append({"id": target, "name": target, **exchange})
    with ReplayServer(scenarios) as server:
        access = server.serve_all()
        user = (access["url"], access["username"], access["password"])
        served = Documents.from_server(*user)
    assert served.operations.keys() == documents.operations.keys()


@pytest.fixture(autouse=True)
def _no_password_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ARI_PASSWORD", raising=False)
