"""The replay server: it plays scenarios to a library's tests, in any language.

    python3 -m replay.server --scenarios test_resources/conformance

prints one line of JSON (``{"port": …, "control": "http://127.0.0.1:PORT/-replay", …}``) and serves
until its standard input ends (so that it never outlives the test that started it).  What a driver
does with it is told in test_resources/conformance/README.md; in short:

* ``GET /-replay/scenarios`` lists the scenarios;
* ``POST /-replay/play`` with ``{"id": …}`` (or ``{"scenario": {…}}``) selects one and answers with
  the ``url``, ``username`` and ``password`` to give to the library;
* the library makes its calls: each request is compared with the one expected next and answered
  with that one's response;
* ``GET /-replay/verdict`` says whether all was as expected: ``{"ok": …, "differences": […]}``.

Beside the scenario's own answers it has the manners of Asterisk's HTTP server (limits of lengths,
bodies of errors, HEAD, trailing slashes), so that a request outside the scenario meets what it
would meet there, and the difference is told.

With ``POST /-replay/serve`` it plays no single scenario but answers any request that some exchange
of the scenarios fits, in recorded order: a stand-in for a whole server.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import logging
import socket
import sys
import threading
import time
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

if __package__ in (None, ""):  # run as a plain file
    sys.path.insert(0, str(Path(__file__).absolute().parent.parent))
    __package__ = "replay"

from .compare import Request, credentials, differences, encode_body, is_json_body

CONTROL = "/-replay"

#: The credentials that a library is given.  They hold what is easily mangled: a colon and other
#: punctuation (only the first colon separates), a blank and letters outside ASCII.
USERNAME = "user"
PASSWORD = "pass: wörd/@%41"

#: Asterisk's limits: bytes of request line and of a header line, number of headers, bytes of body.
LINE_LIMIT = 4096
HEADER_LIMIT = 100
BODY_LIMIT = 40960

#: Asterisk closes a connection that stays idle for 15 seconds.
IDLE_SECONDS = 15.0

_HTML = (
    '<!DOCTYPE HTML PUBLIC "-//IETF//DTD HTML 2.0//EN">\r\n<html><head>\r\n<title>{status} {reason}'
    "</title>\r\n</head><body>\r\n<h1>{reason}</h1>\r\n<p>{text}</p>\r\n<hr />\r\n"
    "<address>Asterisk/22.10.1</address>\r\n</body></html>\r\n"
)

logger = logging.getLogger(__name__)


class ScenarioError(Exception):
    """A scenario file that cannot be played, with the file's name and the scenario's."""


def load_scenarios(places: Iterable[Path]) -> list[dict[str, Any]]:
    """All scenarios of the given files, or of the ``*.json`` files of the given folders.

    Each gets ``id`` (``FILE#NAME``), and ``api``, ``path`` (the API's path below the server's root)
    and ``credentials`` from the file's header.
    """
    files: list[Path] = []
    for place in places:
        files += sorted(place.glob("*.json")) if place.is_dir() else [place]
    scenarios = []
    seen = set()
    for file in files:
        document = json.loads(file.read_text("utf-8"))
        for scenario in document["scenarios"]:
            scenario_id = f"{file.name}#{scenario['name']}"
            if scenario_id in seen:
                raise ScenarioError(f"{scenario_id}: the name is taken")
            seen.add(scenario_id)
            told = {"credentials": document["credentials"]} if "credentials" in document else {}
            scenario = {
                "id": scenario_id,
                **told,
                "api": document["api"],
                "path": document.get("path", f"/{document['api']}"),
                **scenario,
            }
            check_scenario(scenario)
            scenarios.append(scenario)
    return scenarios


_SCENARIO_KEYS = {
    *("id", "api", "path", "name", "about", "operation", "on", "arguments", "client", "before"),
    *("request", "response", "exchanges", "unreachable", "refused", "result", "error", "handlers"),
    *("calls", "order", "linger", "wait", "shortcut", "positional", "credentials"),
    *("way", "fetch", "rate_limit"),
}
_CLIENT_KEYS = {"timeout", "user_type"}
_ERROR_KEYS = {"class", "status", "message", "code", "mentions", "excludes"}
_RATE_LIMIT_KEYS = {"limit", "remaining", "reset"}
_REQUEST_KEYS = {
    *("method", "target", "headers", "headers_absent", "body", "connection", "origin"),
}
_RESPONSE_KEYS = {
    *("status", "reason", "headers", "body", "delay", "drop", "cut", "close", "chunked"),
    "websocket",
}


def check_scenario(scenario: Mapping[str, Any]) -> None:
    """Refuses a scenario whose form is wrong, so that a misspelt key cannot pass unnoticed."""
    where = scenario.get("id") or scenario.get("name", "?")

    def refuse(text: str) -> None:
        raise ScenarioError(f"{where}: {text}")

    unknown = scenario.keys() - _SCENARIO_KEYS
    if unknown:
        refuse(f"unknown keys {sorted(unknown)}")
    if len({"operation", "way", "fetch"} & scenario.keys()) != 1:
        refuse("needs exactly one of operation, way, fetch")
    for call in (scenario, *scenario.get("before", ())):
        if "way" in call and not _is_way(call["way"]):
            refuse(
                f"{call['way']!r} is no way: names, or lists of a name and ids; the last is a name"
            )
    unknown = scenario.get("client", {}).keys() - _CLIENT_KEYS
    unknown |= (scenario.get("error") or {}).keys() - _ERROR_KEYS
    unknown |= (scenario.get("refused") or {}).keys() - {"class", "mentions"}
    if unknown:
        refuse(f"unknown keys {sorted(unknown)} in client, error or refused")
    limit = scenario.get("rate_limit")
    if limit is not None and limit.keys() != _RATE_LIMIT_KEYS:
        refuse(f"rate_limit is null or has {sorted(_RATE_LIMIT_KEYS)}")
    outcomes = [key for key in ("result", "error", "refused", "handlers") if key in scenario]
    if len(outcomes) != 1:
        refuse("needs exactly one of result, error, refused, handlers")
    if "refused" in scenario or scenario.get("unreachable"):
        if "request" in scenario or "exchanges" in scenario:
            refuse("nothing may be sent, so it cannot have a request")
    elif "request" not in scenario and "exchanges" not in scenario:
        refuse("needs a request or exchanges")
    for exchange in exchanges_of(scenario):
        unknown = exchange.keys() - {"request", "response", "optional"}
        unknown |= exchange["request"].keys() - _REQUEST_KEYS
        unknown |= exchange["response"].keys() - _RESPONSE_KEYS
        if unknown:
            refuse(f"unknown keys {sorted(unknown)} in an exchange")
        if not ({"method", "target"} <= exchange["request"].keys()):
            refuse("a request needs method and target")
        if not ({"status", "drop", "websocket"} & exchange["response"].keys()):
            refuse("a response needs status, drop or websocket")


def _is_way(way: Any) -> bool:
    """Whether this leads through places, those with ids as lists, to a method."""

    def is_step(step: Any) -> bool:
        if isinstance(step, list):
            return len(step) > 1 and isinstance(step[0], str)
        return isinstance(step, str)

    if not isinstance(way, list) or len(way) < 2:
        return False
    return all(map(is_step, way)) and isinstance(way[-1], str)


def asks_password(scenario: Mapping[str, Any]) -> bool:
    """Whether the library is given user name and password, which every request must bring."""
    return bool(scenario.get("credentials", "basic") == "basic")


def exchanges_of(scenario: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The exchanges of a scenario in order: its ``exchanges``, or its one request and response."""
    if "exchanges" in scenario:
        return list(scenario["exchanges"])
    if "request" in scenario:
        return [{"request": scenario["request"], "response": scenario["response"]}]
    return []


class Play:
    """One scenario being played: what is expected next, what came, what differed."""

    def __init__(self, scenario: Mapping[str, Any], username: str, password: str) -> None:
        self.scenario = scenario
        self.exchanges = exchanges_of(scenario)
        self.received: list[Request] = []
        self.differences: list[str] = []
        #: The API's path below the server's root.
        self.path = str(scenario.get("path", "/ari"))
        self._username = username if asks_password(scenario) else None
        self._password = password
        self._next = 0
        self._changed = threading.Condition()

    def take(self, request: Request) -> dict[str, Any] | None:
        """Compares a request with the next expected one: its response, or None if it differs.

        A request that differs does not use the expectation up, except that it is told."""
        with self._changed:
            self.received.append(request)
            number = len(self.received)
            if self._next >= len(self.exchanges):
                self.differences.append(
                    f"request {number}: none was expected, came {request.method} {request.target}"
                )
                return None
            found = self._compared(request)
            # What a library may do, or leave, is passed over if something else comes.
            start = self._next
            while found and self.exchanges[self._next].get("optional"):
                self._next += 1
                if self._next == len(self.exchanges):
                    break
                found = self._compared(request)
            if found:
                self._next = start
                self.differences += [f"request {number}: {text}" for text in found]
                return None
            exchange = self.exchanges[self._next]
            self._next += 1
            self._changed.notify_all()
            response: dict[str, Any] = exchange["response"]
            return response

    def _compared(self, request: Request) -> list[str]:
        expected = self.exchanges[self._next]["request"]
        return differences(expected, request, self._username, self._password)

    def wait_taken(self, count: int, seconds: float) -> bool:
        """Waits until so many of the expected requests came."""
        with self._changed:
            return self._changed.wait_for(lambda: self._next >= count, seconds)

    def verdict(self) -> dict[str, Any]:
        """What a driver is told."""
        with self._changed:
            found = list(self.differences)
            for exchange in self.exchanges[self._next :]:
                if exchange.get("optional"):
                    continue
                request = exchange["request"]
                found.append(f"did not come: {request['method']} {request['target']}")
            return {
                "ok": not found,
                "differences": found,
                "received": [request.as_json() for request in self.received],
            }


class Stand:
    """Any exchange of the given scenarios, to whoever makes its request, in recorded order."""

    def __init__(self, scenarios: Iterable[Mapping[str, Any]], path: str) -> None:
        self.path = path
        self._answers: dict[tuple[str, str, str], list[dict[str, Any]]] = {}
        self._lock = threading.Lock()
        self.received: list[Request] = []
        self.unknown: list[str] = []
        for scenario in scenarios:
            for exchange in exchanges_of(scenario):
                request = exchange["request"]
                body = encode_body(request["body"]) if "body" in request else b""
                key = (request["method"], request["target"], _canonical(body))
                self._answers.setdefault(key, []).append(exchange["response"])

    def take(self, request: Request) -> dict[str, Any] | None:
        """The answer to a request; the last one of several is repeated."""
        key = (request.method, request.target, _canonical(request.body))
        with self._lock:
            self.received.append(request)
            answers = self._answers.get(key)
            if not answers:
                self.unknown.append(f"no exchange has {request.method} {request.target}")
                return None
            return answers.pop(0) if len(answers) > 1 else answers[0]

    def verdict(self) -> dict[str, Any]:
        """What came, and what no exchange fits."""
        with self._lock:
            return {
                "ok": not self.unknown,
                "differences": list(self.unknown),
                "received": [request.as_json() for request in self.received],
            }


def _canonical(body: bytes) -> str:
    try:
        return json.dumps(json.loads(body), sort_keys=True)
    except ValueError:
        return body.decode("latin-1")


class ReplayServer:
    """The server; a context manager.  Two addresses: ``port``, and ``other_port`` as another host.

    :param scenarios: what ``GET /-replay/scenarios`` lists and ``play`` finds by id.
    """

    def __init__(
        self,
        scenarios: Sequence[Mapping[str, Any]] = (),
        *,
        username: str = USERNAME,
        password: str = PASSWORD,
        idle_seconds: float = IDLE_SECONDS,
    ) -> None:
        self.username = username
        self.password = password
        self.scenarios = {str(scenario["id"]): scenario for scenario in scenarios}
        self.port = 0
        self.other_port = 0
        self.stopped = threading.Event()
        self._idle_seconds = idle_seconds
        self._listeners: list[socket.socket] = []
        self._unreachable: socket.socket | None = None
        self._connections: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._current: Play | Stand | None = None

    def __enter__(self) -> ReplayServer:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        """Binds both addresses and serves them from threads of their own."""
        for origin in ("main", "other"):
            listener = socket.create_server(("127.0.0.1", 0))
            self._listeners.append(listener)
            threading.Thread(target=self._accept, args=(listener, origin), daemon=True).start()
        self.port = self._listeners[0].getsockname()[1]
        self.other_port = self._listeners[1].getsockname()[1]
        # Bound and never listening: whoever connects is refused, and nobody else gets the port.
        self._unreachable = socket.socket()
        self._unreachable.bind(("127.0.0.1", 0))

    def stop(self) -> None:
        """Closes everything."""
        self.stopped.set()
        for listener in self._listeners:
            listener.close()
        if self._unreachable is not None:
            self._unreachable.close()
        self._cut_connections()

    @property
    def control(self) -> str:
        """The URL below which drivers talk to the server itself."""
        return f"http://127.0.0.1:{self.port}{CONTROL}"

    @property
    def other_origin(self) -> str:
        """The second address, under another host name too."""
        return f"http://localhost:{self.other_port}"

    # -- for drivers ---------------------------------------------------------------------------

    def play(self, scenario: Mapping[str, Any]) -> dict[str, Any]:
        """Selects a scenario; gives back what the library is to be made with."""
        check_scenario(scenario)
        self._select(Play(scenario, self.username, self.password))
        port = self.port
        if scenario.get("unreachable"):
            assert self._unreachable is not None
            port = self._unreachable.getsockname()[1]
        return self._access(scenario.get("path", "/ari"), port)

    def serve_all(self, path: str = "/ari") -> dict[str, Any]:
        """Answers from now on whatever any of the scenarios answers."""
        self._select(Stand(self.scenarios.values(), path))
        return self._access(path, self.port)

    def verdict(self) -> dict[str, Any]:
        """What came since the last ``play``, and every difference."""
        current = self._current
        return current.verdict() if current else {"ok": True, "differences": [], "received": []}

    def _select(self, play: Play | Stand) -> None:
        # Connections of the scenario before must not speak into this one.
        self._cut_connections()
        self._current = play

    def _access(self, path: str, port: int) -> dict[str, Any]:
        return {
            "url": f"http://127.0.0.1:{port}{path}",
            "username": self.username,
            "password": self.password,
        }

    # -- connections ---------------------------------------------------------------------------

    def _accept(self, listener: socket.socket, origin: str) -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            with self._lock:
                self._connections.add(connection)
            threading.Thread(target=self._serve, args=(connection, origin), daemon=True).start()

    def _cut_connections(self, but: socket.socket | None = None) -> None:
        with self._lock:
            connections = [one for one in self._connections if one is not but]
        for connection in connections:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def _serve(self, connection: socket.socket, origin: str) -> None:
        handler = _Connection(self, connection, origin, self._idle_seconds)
        try:
            handler.run()
        except (OSError, EOFError) as error:
            logger.debug("connection ended: %s", error)
        finally:
            with self._lock:
                self._connections.discard(connection)
            connection.close()

    def current(self) -> Play | Stand | None:
        """What is being played."""
        return self._current

    def substitute(self, text: str) -> str:
        """Fills ``${origin}`` and ``${other}`` (the two addresses) into a response's header."""
        text = text.replace("${origin}", f"http://127.0.0.1:{self.port}")
        return text.replace("${other}", self.other_origin)


class _Connection:
    """One connection: requests are read and answered one after the other."""

    def __init__(
        self, server: ReplayServer, connection: socket.socket, origin: str, idle_seconds: float
    ) -> None:
        self._server = server
        self._socket = connection
        self._origin = origin
        self._idle_seconds = idle_seconds
        self._buffer = b""
        self._count = 0

    def run(self) -> None:
        while True:
            self._socket.settimeout(self._idle_seconds)
            try:
                request = self._read_request()
            except TimeoutError:
                return
            if request is None:
                return
            # A connection that only carried control requests is a new one for the scenario.
            if urlsplit(request.target).path.startswith(CONTROL + "/"):
                again = self._control(request)
            else:
                again = self._answer(request)
                self._count += 1
            if not again:
                return

    # -- reading -------------------------------------------------------------------------------

    def _fill(self) -> None:
        data = self._socket.recv(65536)
        if not data:
            raise EOFError("closed by the client")
        self._buffer += data

    def _read_line(self) -> bytes:
        while b"\n" not in self._buffer:
            if len(self._buffer) > 4 * LINE_LIMIT:
                break
            self._fill()
        line, _, self._buffer = self._buffer.partition(b"\n")
        return line.rstrip(b"\r")

    def _read_request(self) -> Request | None:
        """The next request; None if the connection ended or had to be ended."""
        self._head = b""
        try:
            line = self._read_head_line()
        except EOFError:
            return None
        if line is None:
            self._refuse(400, "Bad Request", "Request line too long", html=True)
            return None
        try:
            method, target, _ = line.decode("latin-1").split(" ", 2)
        except ValueError:
            self._refuse(400, "Bad Request", "Bad request line", html=True)
            return None
        headers: dict[str, str] = {}
        count = 0
        while True:
            line = self._read_head_line()
            if line == b"":
                break
            count += 1
            if line is None or count > HEADER_LIMIT:
                self._refuse(400, "Bad Request", "Header line too long or too many", html=True)
                return None
            name, _, value = line.decode("latin-1").partition(":")
            name, value = name.strip().lower(), value.strip()
            headers[name] = f"{headers[name]}, {value}" if name in headers else value
        body = self._read_body(headers)
        if body is None:
            return None
        return Request(
            method=method,
            target=target,
            headers=headers,
            body=body,
            reused=self._count > 0,
            origin=self._origin,
            head=self._head,
        )

    def _read_head_line(self) -> bytes | None:
        """A line of the head, without its end; None if it is longer than Asterisk takes."""
        line = self._read_line()
        self._head += line + b"\r\n"
        return line if len(line) < LINE_LIMIT else None

    def _read_body(self, headers: Mapping[str, str]) -> bytes | None:
        if headers.get("transfer-encoding", "").lower() == "chunked":
            parts: list[bytes] = []
            while True:
                size = int(self._read_line().split(b";")[0], 16)
                if size == 0:
                    while self._read_line():
                        pass
                    return b"".join(parts)
                parts.append(self._read_exactly(size))
                self._read_line()
        length = int(headers.get("content-length", "0"))
        if length > BODY_LIMIT:
            # It is read all the same, or the client would never see the answer for a reset.
            self._read_exactly(length)
            self._note(f"the body has {length} bytes; Asterisk takes {BODY_LIMIT}")
            self._refuse(413, "Request Entity Too Large", "Request body too large", html=False)
            return None
        return self._read_exactly(length)

    def _read_exactly(self, length: int) -> bytes:
        while len(self._buffer) < length:
            self._fill()
        data, self._buffer = self._buffer[:length], self._buffer[length:]
        return data

    # -- answering -----------------------------------------------------------------------------

    def _note(self, text: str) -> None:
        current = self._server.current()
        if isinstance(current, Play):
            current.differences.append(text)
        elif isinstance(current, Stand):
            current.unknown.append(text)

    def _refuse(self, status: int, reason: str, text: str, *, html: bool) -> None:
        """Answers a request that cannot be read any further; the connection ends after it."""
        if status != 413:
            self._note(f"Asterisk's HTTP server refuses the request: {text}")
        if html:
            body = _HTML.format(status=status, reason=reason, text=text).encode()
            kind = "text/html"
        else:
            body = json.dumps({"message": text}).encode()
            kind = "application/json"
        self._send_head(
            status, reason, {"Content-Type": kind, "Connection": "close"}, length=len(body)
        )
        self._socket.sendall(body)
        self._finish()

    def _finish(self) -> None:
        """Ends the sending side and takes in what still comes, so that the answer is not reset."""
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_WR)
            self._socket.settimeout(1.0)
            while self._socket.recv(65536):
                pass

    def _send_head(
        self, status: int, reason: str, headers: Mapping[str, str], length: int | None
    ) -> None:
        lines = [f"HTTP/1.1 {status} {reason}", "Server: Asterisk/22.10.1"]
        lines += [f"{name}: {self._server.substitute(value)}" for name, value in headers.items()]
        if length is not None and "content-length" not in {name.lower() for name in headers}:
            lines.append(f"Content-Length: {length}")
        self._socket.sendall(("\r\n".join(lines) + "\r\n\r\n").encode("utf-8"))

    def _answer(self, request: Request) -> bool:
        """Answers by the scenario; whether the connection stays open."""
        current = self._server.current()
        response = current.take(request) if current is not None else None
        if response is None:
            response = self._manners(request)
        delay = float(response.get("delay", 0))
        if delay and not self._wait(delay):
            return False
        if "drop" in response:
            if response["drop"] == "reset":
                # A zero linger makes close() send RST instead of FIN.
                self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
            return False
        if "websocket" in response:
            from .websocket import serve_websocket

            play = current if isinstance(current, Play) else None
            serve_websocket(self._socket, request, response["websocket"] or {}, play, self._buffer)
            return False
        return self._send_response(response, request)

    def _wait(self, seconds: float) -> bool:
        """Waits; False if the client went away meanwhile."""
        end = time.monotonic() + seconds
        while True:
            left = end - time.monotonic()
            if left <= 0:
                return True
            self._socket.settimeout(left)
            try:
                data = self._socket.recv(65536)
            except TimeoutError:
                return True
            if not data:
                return False
            self._buffer += data

    def _send_response(self, response: Mapping[str, Any], request: Request) -> bool:
        status = int(response["status"])
        headers = dict(response.get("headers", {}))
        body = encode_body(response["body"]) if "body" in response else b""
        names = {name.lower() for name in headers}
        if "body" in response and "content-type" not in names:
            kind = "application/json" if is_json_body(response["body"]) else "text/html"
            headers["Content-Type"] = kind
        reason = str(response.get("reason", _REASONS.get(status, "Unknown")))
        if response.get("chunked"):
            headers["Transfer-Encoding"] = "chunked"
            self._send_head(status, reason, headers, length=None)
            for start in range(0, len(body), 7):
                part = body[start : start + 7]
                self._socket.sendall(b"%x\r\n%s\r\n" % (len(part), part))
            self._socket.sendall(b"0\r\n\r\n")
        else:
            # Asterisk also sends Content-Length: 0 with a 204.
            self._send_head(status, reason, headers, length=len(body))
            if request.method != "HEAD":
                self._socket.sendall(body[: response["cut"]] if "cut" in response else body)
        closing = response.get("close") or "cut" in response
        closing = closing or headers.get("Connection", "").lower() == "close"
        return not closing

    def _manners(self, request: Request) -> dict[str, Any]:
        """What Asterisk's HTTP server would say to a request that the scenario does not have."""
        path = urlsplit(request.target).path
        current = self._server.current()
        base = "/" if current is None else current.path.rstrip("/") + "/"
        if request.method == "HEAD":
            return {"status": 405, "headers": {"Content-Length": "0"}}
        if not path.startswith(base):
            text = "The requested URL was not found on this server."
            body = _HTML.format(status=404, reason="Not Found", text=text)
            return {
                "status": 404,
                "body": {"$text": body},
                "headers": {"Content-Type": "text/html"},
            }
        asks = not isinstance(current, Play) or asks_password(current.scenario)
        given = credentials(request.headers)
        if asks and given != (self._server.username, self._server.password):
            return {
                "status": 401,
                "headers": {"WWW-Authenticate": 'Basic realm="Asterisk REST Interface"'},
                "body": {"message": "Authentication required"},
            }
        if path.endswith("/"):
            text = f"ARI URLs do not end with a slash. Try {path.rstrip('/')}"
            return {"status": 404, "body": {"message": text}}
        return {
            "status": 418,
            "reason": "Not in the scenario",
            "body": {"message": "the scenario does not have this request"},
        }

    # -- control -------------------------------------------------------------------------------

    def _control(self, request: Request) -> bool:
        path = urlsplit(request.target).path[len(CONTROL) :]
        server = self._server
        try:
            value: Any
            if (request.method, path) == ("GET", "/scenarios"):
                value = list(server.scenarios.values())
            elif (request.method, path) == ("POST", "/play"):
                asked = json.loads(request.body)
                scenario = asked.get("scenario") or server.scenarios.get(asked.get("id"))
                if scenario is None:
                    raise ScenarioError(f"there is no scenario {asked.get('id')!r}")
                value = self._keep(lambda: server.play(scenario))
            elif (request.method, path) == ("POST", "/serve"):
                value = self._keep(server.serve_all)
            elif (request.method, path) == ("GET", "/verdict"):
                value = server.verdict()
            elif (request.method, path) == ("POST", "/stop"):
                value = {}
                server.stopped.set()
            else:
                raise ScenarioError(f"no such control: {request.method} {path}")
            status, reason = 200, "OK"
        except (ScenarioError, ValueError, AttributeError) as error:
            status, reason, value = 400, "Bad Request", {"message": str(error)}
        body = json.dumps(value, ensure_ascii=False).encode("utf-8")
        self._send_head(status, reason, {"Content-Type": "application/json"}, length=len(body))
        self._socket.sendall(body)
        return True

    def _keep(self, select: Any) -> Any:
        """Selects a scenario, which cuts all connections but this one."""
        with self._server._lock:
            self._server._connections.discard(self._socket)
        try:
            return select()
        finally:
            with self._server._lock:
                self._server._connections.add(self._socket)


_REASONS = {
    101: "Switching Protocols",
    200: "OK",
    201: "Created",
    202: "Accepted",
    204: "No Content",
    301: "Moved Permanently",
    302: "Found",
    303: "See Other",
    307: "Temporary Redirect",
    308: "Permanent Redirect",
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    405: "Method Not Allowed",
    409: "Conflict",
    412: "Precondition Failed",
    413: "Request Entity Too Large",
    418: "I'm a teapot",
    422: "Unprocessable Entity",
    500: "Internal Server Error",
    501: "Not Implemented",
    502: "Bad Gateway",
    503: "Service Unavailable",
    504: "Gateway Timeout",
}


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line."""
    parser = argparse.ArgumentParser(
        prog="replay", description="Plays recorded and written exchanges to a library's tests."
    )
    parser.add_argument(
        "--scenarios",
        metavar="FILE-OR-FOLDER",
        action="append",
        default=[],
        type=Path,
        help="scenarios to offer; may be repeated",
    )
    parser.add_argument("--username", default=USERNAME)
    parser.add_argument("--password", default=PASSWORD)
    parser.add_argument(
        "--serve",
        action="store_true",
        help="answer any request that some exchange fits, without waiting for a driver",
    )
    parser.add_argument("--verbose", action="store_true", help="tell every request on stderr")
    options = parser.parse_args(arguments)
    logging.basicConfig(level=logging.DEBUG if options.verbose else logging.WARNING)
    try:
        scenarios = load_scenarios(options.scenarios)
    except (ScenarioError, OSError, ValueError, KeyError) as error:
        print(f"replay: {error}", file=sys.stderr)
        return 1
    with ReplayServer(scenarios, username=options.username, password=options.password) as server:
        told: dict[str, Any] = {"port": server.port, "control": server.control}
        if options.serve:
            told.update(server.serve_all())
        print(json.dumps(told), flush=True)

        def watch() -> None:
            # Whoever started this server holds the other end; when that is gone, so is the reason.
            with contextlib.suppress(OSError, ValueError):
                while sys.stdin.buffer.read(4096):
                    pass
            server.stopped.set()

        threading.Thread(target=watch, daemon=True).start()
        with contextlib.suppress(KeyboardInterrupt):
            server.stopped.wait()
    return 0


if __name__ == "__main__":
    sys.exit(main())
