"""The replay server answers what it is asked for, and tells every difference."""

from __future__ import annotations

import base64
import http.client
import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from testing.paths import repository_file

from replay.asterisk import basic_credentials
from replay.compare import encode_body, same_json
from replay.documents import Documents
from replay.server import (
    BODY_LIMIT,
    LINE_LIMIT,
    ReplayServer,
    ScenarioError,
    check_scenario,
    exchanges_of,
    load_scenarios,
)

SCENARIOS = load_scenarios([repository_file("test_resources/conformance")])
PLAIN = [
    one
    for one in SCENARIOS
    if "request" in one
    and "status" in one["response"]
    and "delay" not in one["response"]
    and "cut" not in one["response"]
]
PING = {
    "name": "ping",
    "operation": "asterisk.ping",
    "request": {"method": "GET", "target": "/ari/asterisk/ping"},
    "response": {"status": 200, "body": {"ping": "pong"}},
    "result": {},
}
POST = {
    "name": "post",
    "operation": "channels.originate",
    "request": {
        "method": "POST",
        "target": "/ari/channels?a=b",
        "headers": {"x-listed": "1"},
        "body": {"variables": {"A": "1", "N": [1, True]}},
    },
    "response": {"status": 200, "body": {}},
    "result": {},
}


@pytest.fixture(scope="module")
def server() -> Iterator[ReplayServer]:
    with ReplayServer(SCENARIOS) as running:
        yield running


def send(
    server: ReplayServer,
    method: str,
    target: str,
    body: bytes | None = None,
    headers: Mapping[str, str] | None = None,
) -> tuple[int, dict[str, str], bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    try:
        credentials = basic_credentials(server.username, server.password)
        connection.request(method, target, body, {"Authorization": credentials, **(headers or {})})
        answer = connection.getresponse()
        return answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read()
    finally:
        connection.close()


def send_as_expected(
    server: ReplayServer, request: Mapping[str, Any]
) -> tuple[int, dict[str, str], bytes]:
    headers = dict(request.get("headers", {}))
    body = encode_body(request["body"]) if "body" in request else None
    if body is not None:
        headers.setdefault("content-type", "application/json")
    return send(server, request["method"], request["target"], body, headers)


@pytest.mark.parametrize("scenario", PLAIN, ids=[one["id"] for one in PLAIN])
def test_the_expected_request_gets_the_response(
    server: ReplayServer, scenario: dict[str, Any]
) -> None:
    server.play(scenario)
    status, headers, body = send_as_expected(server, scenario["request"])
    assert server.verdict()["differences"] == []
    response = scenario["response"]
    assert status == response["status"]
    assert body == (encode_body(response["body"]) if "body" in response else b"")
    if "body" not in response:
        assert "content-type" not in headers
        assert headers["content-length"] == "0"


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"method": "PUT"}, "method"),
        ({"target": "/ari/channels?a=c"}, "target"),
        ({"target": "/ari/channels?a=%62"}, "target"),
        ({"headers": {"x-listed": "2"}}, "header x-listed"),
        ({"headers": {}}, "header x-listed"),
        ({"headers": {"x-listed": "1", "content-type": "text/plain"}}, "header content-type"),
        ({"headers": {"x-listed": "1", "Authorization": "Basic eDp5"}}, "header authorization"),
        ({"headers": {"x-listed": "1", "Authorization": "Bearer x"}}, "header authorization"),
        ({"body": {"variables": {"A": 1, "N": [1, True]}}}, "body"),
        ({"body": {"variables": {"A": "1", "N": [True, True]}}}, "body"),
        ({"body": {"variables": {"A": "1", "N": [1]}}}, "body"),
        ({"body": {"variables": {"A": "1"}}}, "body"),
        ({"body": {"$text": "no JSON"}}, "body"),
    ],
)
def test_every_difference_is_told(server: ReplayServer, change: dict[str, Any], told: str) -> None:
    server.play(POST)
    send_as_expected(server, {**POST["request"], **change})  # type: ignore[dict-item]
    verdict = server.verdict()
    assert not verdict["ok"]
    assert any(f"request 1: {told}" in text for text in verdict["differences"])
    assert any("did not come" in text for text in verdict["differences"])


def test_a_body_where_none_is_due_is_told(server: ReplayServer) -> None:
    server.play(PING)
    send(server, "GET", "/ari/asterisk/ping", b"{}", {"Content-Type": "application/json"})
    told = " ".join(server.verdict()["differences"])
    assert "body: expected none" in told
    assert "content-type: must not" in told


def test_a_missing_request_and_one_too_many_are_told(server: ReplayServer) -> None:
    server.play(PING)
    assert server.verdict()["differences"] == ["did not come: GET /ari/asterisk/ping"]
    send(server, "GET", "/ari/asterisk/ping")
    assert server.verdict()["ok"]
    send(server, "GET", "/ari/asterisk/ping")
    assert "none was expected" in server.verdict()["differences"][0]


def test_an_optional_exchange_may_come_or_not(server: ReplayServer) -> None:
    def exchange(target: str, **more: Any) -> dict[str, Any]:
        request = {"method": "GET", "target": target}
        return {"request": request, "response": {"status": 204}, **more}

    exchanges = [
        exchange("/ari/a"),
        exchange("/ari/b", optional=True),
        exchange("/ari/c"),
        exchange("/ari/d", optional=True),
    ]
    scenario = {"name": "o", "operation": "a.b", "exchanges": exchanges, "result": None}
    for targets, good in (("abcd", True), ("ac", True), ("abd", False), ("bc", False)):
        server.play(scenario)
        for target in targets:
            send(server, "GET", f"/ari/{target}")
        assert server.verdict()["ok"] == good, targets


def test_a_refused_call_must_send_nothing(server: ReplayServer) -> None:
    server.play({"name": "r", "operation": "x.y", "refused": {"class": "IllegalInputException"}})
    assert server.verdict()["ok"]
    send(server, "GET", "/ari/anything")
    assert not server.verdict()["ok"]


def test_a_header_that_must_be_absent(server: ReplayServer) -> None:
    request = {**PING["request"], "headers_absent": ["Authorization"]}  # type: ignore[dict-item]
    server.play({**PING, "request": request})
    send(server, "GET", "/ari/asterisk/ping")
    assert "authorization: must not be there" in server.verdict()["differences"][0]


def test_whether_a_connection_is_reused(server: ReplayServer) -> None:
    exchange = {"request": PING["request"], "response": PING["response"]}
    reused = {**exchange, "request": {**PING["request"], "connection": "reused"}}  # type: ignore[dict-item]
    scenario = {"name": "r", "operation": "a.b", "exchanges": [exchange, reused], "result": {}}
    server.play(scenario)
    connection = http.client.HTTPConnection("127.0.0.1", server.port)
    headers = {"Authorization": basic_credentials(server.username, server.password)}
    for _ in range(2):
        connection.request("GET", "/ari/asterisk/ping", headers=headers)
        connection.getresponse().read()
    connection.close()
    assert server.verdict()["ok"]
    server.play(scenario)
    send(server, "GET", "/ari/asterisk/ping")
    send(server, "GET", "/ari/asterisk/ping")
    assert "expected a reused one" in server.verdict()["differences"][0]


def test_a_cut_connection_gives_no_byte(server: ReplayServer) -> None:
    for drop in (True, "reset"):
        server.play({**PING, "response": {"drop": drop}})
        with pytest.raises((http.client.RemoteDisconnected, ConnectionResetError)):
            send(server, "GET", "/ari/asterisk/ping")
        assert server.verdict()["ok"]


def test_an_answer_that_is_cut(server: ReplayServer) -> None:
    server.play({**PING, "response": {"status": 200, "cut": 3, "body": {"ping": "pong"}}})
    with pytest.raises(http.client.IncompleteRead):
        send(server, "GET", "/ari/asterisk/ping")


def test_a_delay(server: ReplayServer) -> None:
    server.play({**PING, "response": {"status": 204, "delay": 0.3}})
    start = time.monotonic()
    assert send(server, "GET", "/ari/asterisk/ping")[0] == 204
    assert time.monotonic() - start >= 0.3


def test_a_silent_close(server: ReplayServer) -> None:
    server.play({**PING, "response": {"status": 204, "close": True}})
    with socket.create_connection(("127.0.0.1", server.port)) as connection:
        connection.sendall(_raw(server, "GET /ari/asterisk/ping HTTP/1.1"))
        answer = _until_closed(connection)
    assert answer.startswith(b"HTTP/1.1 204")
    assert b"connection: close" not in answer.lower()


def test_nobody_listens(server: ReplayServer) -> None:
    scenario = {"name": "u", "operation": "a.b", "unreachable": True, "error": {"class": "X"}}
    url = server.play(scenario)["url"]
    port = int(url.split(":")[2].split("/")[0])
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port), timeout=5)


def test_redirects_name_the_two_addresses(server: ReplayServer) -> None:
    location = "${origin}/a ${other}/b"
    server.play({**PING, "response": {"status": 302, "headers": {"Location": location}}})
    headers = send(server, "GET", "/ari/asterisk/ping")[1]
    expected = f"http://127.0.0.1:{server.port}/a http://localhost:{server.other_port}/b"
    assert headers["location"] == expected


def test_the_other_address(server: ReplayServer) -> None:
    request = {**PING["request"], "origin": "other"}  # type: ignore[dict-item]
    server.play({**PING, "request": request})
    send(server, "GET", "/ari/asterisk/ping")
    assert "origin: expected 'other'" in server.verdict()["differences"][0]


# --- Asterisk's manners -------------------------------------------------------------------------


def _raw(server: ReplayServer, line: str, *headers: str) -> bytes:
    credentials = basic_credentials(server.username, server.password)
    lines = [line, "Host: x", f"Authorization: {credentials}", *headers]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def _until_closed(connection: socket.socket) -> bytes:
    connection.settimeout(10)
    parts = []
    while data := connection.recv(65536):
        parts.append(data)
    return b"".join(parts)


def test_a_request_line_that_is_too_long(server: ReplayServer) -> None:
    server.play(PING)
    with socket.create_connection(("127.0.0.1", server.port)) as connection:
        connection.sendall(_raw(server, f"GET /ari/{'x' * LINE_LIMIT} HTTP/1.1"))
        answer = _until_closed(connection)
    assert answer.startswith(b"HTTP/1.1 400")
    assert b"text/html" in answer
    assert not server.verdict()["ok"]


def test_a_body_that_is_too_long(server: ReplayServer) -> None:
    server.play(POST)
    body = json.dumps({"a": "x" * BODY_LIMIT}).encode()
    status, headers, content = send(server, "POST", "/ari/channels", body)
    assert (status, headers["connection"]) == (413, "close")
    assert "message" in json.loads(content)
    assert any("body has" in text for text in server.verdict()["differences"])


def test_head_a_trailing_slash_and_wrong_credentials(server: ReplayServer) -> None:
    server.play(PING)
    assert send(server, "HEAD", "/ari/asterisk/ping")[0] == 405
    status, _, body = send(server, "GET", "/ari/channels/")
    assert (status, "slash" in json.loads(body)["message"]) == (404, True)
    headers = {"Authorization": basic_credentials("user", "wrong")}
    status, told, _ = send(server, "GET", "/ari/channels", None, headers)
    assert status == 401
    assert told["www-authenticate"] == 'Basic realm="Asterisk REST Interface"'
    status, told, _ = send(server, "GET", "/elsewhere")
    assert (status, told["content-type"]) == (404, "text/html")


def test_a_chunked_request_and_a_chunked_answer(server: ReplayServer) -> None:
    response = {"status": 200, "chunked": True, "body": {"text": "longer than seven bytes"}}
    server.play({**POST, "response": response})
    with socket.create_connection(("127.0.0.1", server.port)) as connection:
        head = ("Transfer-Encoding: chunked", "Content-Type: application/json", "X-Listed: 1")
        connection.sendall(_raw(server, "POST /ari/channels?a=b HTTP/1.1", *head))
        for part in (b'{"variables": {"A": "1", ', b'"N": [1, true]}}'):
            connection.sendall(b"%x\r\n%s\r\n" % (len(part), part))
        connection.sendall(b"0\r\n\r\n")
        answer = http.client.HTTPResponse(connection)
        answer.begin()
        assert json.loads(answer.read()) == {"text": "longer than seven bytes"}
    assert server.verdict()["differences"] == []


# --- WebSocket --------------------------------------------------------------------------------


def test_a_websocket_pushes_what_it_is_told(server: ReplayServer) -> None:
    from websockets.sync.client import connect

    push = [
        {"type": "A"},
        {"$text": "plain"},
        {"$fragments": ["one ", "two"]},
        {"$binary": base64.b64encode(b"\0\1").decode()},
        {"$ping": True},
        {"$repeat": 2, "event": {"type": "B", "n": "${n}"}},
        {"$close": 1001},
    ]
    server.play(
        {
            "name": "w",
            "operation": "events.eventWebsocket",
            "request": {"method": "GET", "target": "/ari/events?app=x"},
            "response": {"websocket": {"push": push}},
            "handlers": [],
        }
    )
    credentials = basic_credentials(server.username, server.password)
    with connect(
        f"ws://127.0.0.1:{server.port}/ari/events?app=x",
        additional_headers={"Authorization": credentials},
        proxy=None,
    ) as connection:
        got = list(connection)
        assert connection.close_code == 1001
    numbered = ['{"type": "B", "n": "0"}', '{"type": "B", "n": "1"}']
    assert got == ['{"type":"A"}', "plain", "one two", b"\0\1", *numbered]
    assert server.verdict()["differences"] == []


# --- control, files ---------------------------------------------------------------------------


def test_a_driver_in_another_process() -> None:
    program = "import sys; from replay.server import main; sys.exit(main(sys.argv[1:]))"
    folder = repository_file("test_resources/conformance/applications.json")
    with subprocess.Popen(
        [sys.executable, "-c", program, "--scenarios", str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={"PYTHONPATH": ":".join(path for path in sys.path if path)},
    ) as process:
        assert process.stdout is not None
        assert process.stdin is not None
        told = json.loads(process.stdout.readline())
        connection = http.client.HTTPConnection("127.0.0.1", told["port"], timeout=10)

        def control(method: str, path: str, body: Any = None) -> Any:
            connection.request(method, f"/-replay{path}", json.dumps(body) if body else None)
            answer = connection.getresponse()
            assert answer.status == 200
            return json.loads(answer.read())

        [first, *_] = control("GET", "/scenarios")
        access = control("POST", "/play", {"id": first["id"]})
        assert access["url"] == f"http://127.0.0.1:{told['port']}/ari"
        headers = {"Authorization": basic_credentials(access["username"], access["password"])}
        connection.request("GET", first["request"]["target"], headers=headers)
        assert connection.getresponse().read()
        assert control("GET", "/verdict")["ok"]
        connection.request("POST", "/-replay/play", '{"id": "nothing"}')
        answer = connection.getresponse()
        assert answer.status == 400
        answer.read()
        # It ends with the one who started it.
        process.stdin.close()
        connection.close()
        try:
            assert process.wait(10) == 0
        finally:
            process.kill()


@pytest.mark.parametrize(
    "wrong",
    [
        {"reqest": {}},
        {"result": None, "error": {}},
        {"response": {"status": 200, "boddy": 1}},
        {"response": {}},
        {"request": {"method": "GET"}},
        {"unreachable": True},
        {"client": {"timeuot": 1}},
        {"result": None, "rate_limit": {"limit": 1, "remaining": 1}},
        {"way": ["timezones", "list"]},
        {"before": [{"way": ["list"]}]},
    ],
)
def test_a_misspelt_scenario_is_refused(wrong: dict[str, Any]) -> None:
    check_scenario(PING)
    with pytest.raises(ScenarioError):
        check_scenario({**PING, **wrong})


def test_other_outcomes_may_be_misspelt_too() -> None:
    sent = {key: value for key, value in PING.items() if key != "result"}
    check_scenario({**sent, "error": {"class": "X", "code": None}})
    with pytest.raises(ScenarioError, match="cod"):
        check_scenario({**sent, "error": {"class": "X", "cod": None}})
    with pytest.raises(ScenarioError, match="code"):
        check_scenario({"name": "x", "operation": "a.b", "refused": {"class": "X", "code": "y"}})


@pytest.mark.parametrize(
    ("call", "right"),
    [
        ({"way": ["timezones", "list"]}, True),
        ({"way": [["client", "@me"], ["record", 5], "storage_url", "get"]}, True),
        ({"way": [["client", "@me"], "extensions", "list"], "before": [{"way": "list"}]}, False),
        ({"way": [["client", "@me"], ["extensions", "list"]]}, False),
        ({"way": [["client"], "limit", "get"]}, False),
        ({"way": ["list"]}, False),
        ({"way": "timezones.list"}, False),
        ({"fetch": "/a"}, True),
        ({"fetch": "/a", "way": ["timezones", "list"]}, False),
        ({}, False),
    ],
)
def test_what_is_called(call: dict[str, Any], right: bool) -> None:
    scenario = {key: value for key, value in PING.items() if key != "operation"} | call
    if right:
        check_scenario(scenario)
        return
    with pytest.raises(ScenarioError):
        check_scenario(scenario)


def test_two_scenarios_of_one_name(tmp_path: Path) -> None:
    file = tmp_path / "x.json"
    file.write_text(json.dumps({"api": "ari", "scenarios": [PING, PING]}))
    with pytest.raises(ScenarioError, match="name is taken"):
        load_scenarios([file])


def test_json_is_compared_as_json() -> None:
    assert same_json({"a": [1, 2.0]}, {"a": [1.0, 2]})
    for one, other in ((1, True), (0, False), (None, False), ("1", 1), ([], {}), ({}, {"a": None})):
        assert not same_json(one, other)
        assert not same_json(other, one)


# --- the scenarios themselves -------------------------------------------------------------------


def test_every_operation_of_the_documents_has_a_scenario() -> None:
    documents = Documents.from_folder(repository_file("test_resources/ari/resources.json").parent)
    assert len(documents.operations) == 109
    succeeding = {one["operation"] for one in SCENARIOS if {"result", "handlers"} & one.keys()}
    assert documents.operations.keys() - succeeding == set()
    assert {one["operation"] for one in SCENARIOS} <= documents.operations.keys()


def test_the_documents_agree_with_the_scenarios_requests() -> None:
    """The requests are hand-written, and so is the reading of the documents: neither may err."""
    documents = Documents.from_folder(repository_file("test_resources/ari/resources.json").parent)
    checked = 0
    for one in SCENARIOS:
        if (
            "result" not in one
            or {"on", "exchanges", "shortcut"} & one.keys()
            or one["path"] != "/ari"
        ):
            continue
        arguments = _plain_arguments(one.get("arguments", {}))
        if arguments is None:
            continue
        if one["operation"] in ("channels.mute", "channels.unmute"):
            # The default that the documents give is sent: Asterisk does not take it by itself.
            arguments = {"direction": "both", **arguments}
        made = documents.request(one["operation"], arguments, one["path"])
        request = one["request"]
        expected = (request["method"], request["target"], request.get("body"))
        assert made == expected, one["id"]
        checked += 1
    assert checked > 150


def _plain_arguments(arguments: Mapping[str, Any]) -> dict[str, Any] | None:
    """The arguments as they travel; None if a library's own convenience is in them."""
    if any(
        value is None or (isinstance(value, dict) and name == "variables")
        for name, value in arguments.items()
    ) or "$object" in json.dumps(arguments):
        return None
    return {name: value for name, value in arguments.items() if value != []}


def test_every_row_of_the_table_has_a_scenario() -> None:
    statuses = {
        exchange["response"].get("status") for one in SCENARIOS for exchange in exchanges_of(one)
    }
    rows = {200, 201, 202, 204, 301, 302, 303, 307, 308, 400, 401, 403, 404, 409, 412, 422}
    assert rows | {418, 500, 501, 502, 503} <= statuses
    classes = {one["error"]["class"] for one in SCENARIOS if "error" in one}
    assert classes == {
        "AsteriskException",
        "AsteriskServerException",
        "AsteriskUnknownException",
        "ConnectionFailedException",
        "IllegalInputException",
        "IllegalStateException",
        "NoSuchMethodException",
        "NotAuthorizedException",
        "NotFoundException",
        "RequestRejectedException",
        "TimeoutException",
    }


# --- forms, parts, credentials ----------------------------------------------------------------

FORM = {"content-type": "application/x-www-form-urlencoded"}
PARTS = {"content-type": "multipart/form-data; boundary=XX"}
WANTED = [
    {"name": "a", "body": {"$text": "1"}},
    {
        "name": "b",
        "filename": "x.y",
        "type": "application/octet-stream",
        "body": {"$base64": "AA=="},
    },
    {"name": "c", "type": "application/json", "body": {"d": [1]}},
]


def part(name: str, more: str, body: str, boundary: str = "XX") -> str:
    return f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"{more}\r\n\r\n{body}\r\n'


A = part("a", "", "1")
B = part("b", '; filename="x.y"\r\nContent-Type: application/octet-stream', "\0")
C = part("c", "\r\nContent-Type: application/json", '{ "d": [1] }')


def told(
    server: ReplayServer,
    wanted: Any,
    body: str,
    headers: Mapping[str, str],
    credentials: Any = "basic",
) -> list[str]:
    """What the verdict says of a body."""
    request = {"method": "POST", "target": "/ari/x", "body": wanted}
    scenario = {**PING, "credentials": credentials, "request": request}
    server.play({**scenario, "response": {"status": 204}, "result": None})
    send(server, "POST", "/ari/x", body.encode("latin-1"), headers)
    differences: list[str] = server.verdict()["differences"]
    return differences


@pytest.mark.parametrize("body", ["a=x+y%26&b=", "a=x%20y%26&b="])
def test_a_form(server: ReplayServer, body: str) -> None:
    assert told(server, {"$form": [["a", "x y&"], ["b", ""]]}, body, FORM) == []


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        ("b=&a=x+y%26", FORM),
        ("a=x+y%26", FORM),
        ("a=x y%26&b=", FORM),
        ("a=x+y%26&b=", {"content-type": "text/plain"}),
    ],
)
def test_another_form(server: ReplayServer, body: str, headers: Mapping[str, str]) -> None:
    assert told(server, {"$form": [["a", "x y&"], ["b", ""]]}, body, headers)


@pytest.mark.parametrize("boundary", ["XX", "another'()+_,-./:=?"])
def test_parts_whatever_the_boundary_is(server: ReplayServer, boundary: str) -> None:
    body = f"{A}{B}{C}--XX--\r\n".replace("XX", boundary)
    headers = {"content-type": f'multipart/form-data; boundary="{boundary}"'}
    assert told(server, {"$multipart": WANTED}, body, headers) == []


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (f"{A}{B}--XX--\r\n", PARTS),
        (f"{B}{A}{C}--XX--\r\n", PARTS),
        (f"{A}{B}{C}", PARTS),
        (f"{A}{B}{C}--XX--\r\n", FORM),
        (f"{A.replace('1', '2')}{B}{C}--XX--\r\n", PARTS),
        (f"{A}{B.replace('x.y', 'x')}{C}--XX--\r\n", PARTS),
        (f"{A}{B.replace('octet-stream', 'pdf')}{C}--XX--\r\n", PARTS),
        (f"{A}{B}{C.replace('[1]', '[2]')}--XX--\r\n", PARTS),
        (f"{A}{B}{C.replace('[1]', '[')}--XX--\r\n", PARTS),
        (A.replace('"a"', '"a"\r\nX: 1') + f"{B}{C}--XX--\r\n", PARTS),
    ],
)
def test_other_parts(server: ReplayServer, body: str, headers: Mapping[str, str]) -> None:
    assert told(server, {"$multipart": WANTED}, body, headers)


def test_a_client_without_a_password_brings_none(server: ReplayServer) -> None:
    difference, *_ = told(server, {"$form": [["a", "1"]]}, "a=1", FORM, "none")
    assert difference.endswith("header authorization: must not be there")


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2026-11-22T06:07:09.739Z", "2026-11-22T07:07:09.739000+01:00", True),
        ("2026-11-22T06:07:09Z", "2026-11-22T06:07:09.000Z", True),
        ("2026-11-22T06:07:09.739Z", "2026-11-22T06:07:09.738Z", False),
        ("2026-11-22T06:07:09.739Z", "2026-11-22T06:07:09.739", False),
        ("2026-11-22T06:07:09.739Z", 1, False),
    ],
)
def test_moments(one: str, other: Any, same: bool) -> None:
    assert same_json([{"$date": one}], [other]) is same
