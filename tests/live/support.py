"""What the live tests share: a library that drives a real Asterisk, and notes of what it did."""

from __future__ import annotations

import contextlib
import json
import re
import socket
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any

from asteriskpy import AsteriskPy
from replay.asterisk import Asterisk
from testing.paths import repository_file

_DOCUMENTS = (
    "applications",
    "asterisk",
    "bridges",
    "channels",
    "deviceStates",
    "endpoints",
    "events",
    "mailboxes",
    "playbacks",
    "recordings",
    "sounds",
)


class Operations:
    """The operations of the documents, and with which statuses the server answered each.

    A name is the resource's and the operation's nickname, as ``channels.originate``.
    """

    def __init__(self) -> None:
        self.statuses: dict[str, set[int]] = defaultdict(set)
        self.names: list[str] = []
        self._patterns: list[tuple[str, re.Pattern[str], str]] = []
        self._lock = threading.Lock()
        for document in _DOCUMENTS:
            content = json.loads(
                repository_file(f"test_resources/ari/{document}.json").read_text("utf-8")
            )
            for api in content["apis"]:
                for operation in api["operations"]:
                    self._add(f"{document}.{operation['nickname']}", operation, api["path"])
        # "/channels/create" is an operation of its own, and not that of the channel "create".
        self._patterns.sort(key=lambda entry: entry[1].pattern.count("[^/]+"))

    def _add(self, name: str, operation: dict[str, Any], path: str) -> None:
        self.names.append(name)
        pattern = re.compile(re.sub(r"\{[^}]*\}", "[^/]+", path))
        self._patterns.append((operation["httpMethod"], pattern, name))

    def note(self, method: str, path: str, status: int) -> None:
        """Takes note of an answer."""
        for known, pattern, name in self._patterns:
            if known == method and pattern.fullmatch(path):
                with self._lock:
                    self.statuses[name].add(status)
                return
        raise AssertionError(f"{method} {path} is no operation of the documents")

    def succeeded(self) -> list[str]:
        """The operations that the server has carried out at least once."""
        return [name for name in self.names if any(200 <= s < 300 for s in self.statuses[name])]


#: What all libraries that ``library_for`` makes have done in this process.
OPERATIONS = Operations()


class _NotingTransport:
    """Passes requests on, and takes note of every answer."""

    def __init__(self, inner: Any) -> None:
        self._inner = inner

    def send(self, request: Any, timeout: float, sink: Any = None) -> Any:
        response = self._inner.send(request, timeout, sink)
        OPERATIONS.note(request.method, request.path, response.status)
        return response

    def close(self) -> None:
        self._inner.close()


def library_for(
    asterisk: Asterisk,
    app: str | Sequence[str] | None = None,
    *,
    port: int | None = None,
    **settings: Any,
) -> AsteriskPy:
    """A library for that server, whose operations are noted; ``port`` is that of a proxy before it."""
    url = asterisk.url.replace(f":{asterisk.port}/", f":{port or asterisk.port}/")
    given = {"username": asterisk.username, "password": asterisk.password, **settings}
    library = AsteriskPy(url, app=app, **given)
    library._transport = _NotingTransport(library._transport)
    return library


def until(condition: Callable[[], Any], seconds: float = 10.0, what: str = "") -> Any:
    """Waits until the condition holds and gives back what it gave."""
    end = time.monotonic() + seconds
    while not (result := condition()):
        assert time.monotonic() < end, f"{what or condition} did not hold within {seconds:g} s"
        time.sleep(0.02)
    return result


class Proxy:
    """A TCP proxy before a server, whose connections a test can cut, stall or refuse."""

    def __init__(self, port: int) -> None:
        self._target = port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._pairs: list[tuple[socket.socket, socket.socket]] = []
        self._lock = threading.Lock()
        #: While this is so, a new connection is closed at once.
        self.refusing = False
        #: How many connections were made, the refused ones too.
        self.accepted = 0
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self) -> Proxy:
        return self

    def __exit__(self, *_: object) -> None:
        self._listener.close()
        self.cut()

    def cut(self) -> None:
        """Ends every connection that there is, as a broken line would."""
        with self._lock:
            pairs, self._pairs = self._pairs, []
        for pair in pairs:
            for end in pair:
                _shut(end)

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            self.accepted += 1
            if self.refusing:
                client.close()
                continue
            try:
                server = socket.create_connection(("127.0.0.1", self._target), timeout=5)
            except OSError:
                client.close()
                continue
            server.settimeout(None)
            with self._lock:
                self._pairs.append((client, server))
            for source, sink in ((client, server), (server, client)):
                threading.Thread(target=self._carry, args=(source, sink), daemon=True).start()

    @staticmethod
    def _carry(source: socket.socket, sink: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                sink.sendall(data)
        _shut(source)
        _shut(sink)


def _shut(end: socket.socket) -> None:
    with contextlib.suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
    end.close()
