"""What the tests of events share: the runtime to test, a WebSocket server, and facts of a made-up API.

The runtime lives inside a generated package.  If one is at hand it is taken from there, otherwise a
small package is made around the runtime's files: they need no more of it than its errors.
"""

from __future__ import annotations

import contextlib
import importlib
import importlib.util
import json
import os
import select
import shutil
import socket
import ssl
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

from websockets.frames import CloseCode, Opcode
from websockets.http11 import Request
from websockets.protocol import State
from websockets.server import ServerProtocol

_ERRORS = """
from __future__ import annotations

class LibraryException(Exception):
    def __init__(self, message, *, status=None, method=None, path=None, body=None):
        super().__init__(message)
        self.message = message
        self.status, self.method, self.path, self.body = status, method, path, body

class IllegalInputException(LibraryException): pass
class NotAuthorizedException(LibraryException): pass
class NotFoundException(LibraryException): pass
class IllegalStateException(LibraryException): pass
class RequestRejectedException(LibraryException): pass
class ConnectionFailedException(LibraryException): pass
class TimeoutException(LibraryException): pass

def error_for_status(status, message, **facts):
    return RequestRejectedException(message, status=status, **facts)
"""

_MODULES = ("dispatch", "events", "facts", "history", "threads", "websocket")


def _package() -> str:
    """The name of the package that has the runtime."""
    name = os.environ.get("LIBRARY_PACKAGE", "asteriskpy")
    if importlib.util.find_spec(name) is not None:
        return name
    source = Path(__file__).resolve().parent.parent / "runtime"
    folder = Path(tempfile.mkdtemp(prefix="events_runtime_"))
    package = folder / "standin"
    (package / "runtime").mkdir(parents=True)
    (package / "__init__.py").touch()
    (package / "errors.py").write_text(_ERRORS)
    for module in ("__init__", *_MODULES):
        shutil.copyfile(source / f"{module}.py", package / "runtime" / f"{module}.py")
    sys.path.insert(0, str(folder))
    return "standin"


PACKAGE = _package()
errors: Any = importlib.import_module(f"{PACKAGE}.errors")
dispatch: Any = importlib.import_module(f"{PACKAGE}.runtime.dispatch")
events: Any = importlib.import_module(f"{PACKAGE}.runtime.events")
facts: Any = importlib.import_module(f"{PACKAGE}.runtime.facts")
history: Any = importlib.import_module(f"{PACKAGE}.runtime.history")
websocket: Any = importlib.import_module(f"{PACKAGE}.runtime.websocket")

PASSWORD = "s3cret-Password"
AUTHORIZATION = "Basic cHJvYmU6czNjcmV0LVBhc3N3b3Jk"

#: How long a test waits for what must happen; far longer than it takes.
SOON = 10.0


def _lamp(name: str = "lamp") -> Any:
    return facts.ObjectProperty(name, "Lamp", ("id",))


def _room(name: str = "room") -> Any:
    return facts.ObjectProperty(name, "Room", ("floor", "name"))


#: A house with lamps and rooms: the runtime must not know any API by name, so the tests use none.
FACTS = facts.EventFacts(
    operation=None,
    application="app",
    discriminator="kind",
    timestamp="at",
    base="HouseEvent",
    parents={
        "LampOn": ("HouseEvent", "Anything"),
        "LampOff": ("HouseEvent", "Anything"),
        "LampGone": ("HouseEvent", "Anything"),
        "LampLeft": ("HouseEvent", "Anything"),
        "LampMoved": ("HouseEvent", "Anything"),
        "LampsSwapped": ("HouseEvent", "Anything"),
        "LampSold": ("HouseEvent", "Anything"),
        "RoomGone": ("HouseEvent", "Anything"),
        "Noise": ("HouseEvent", "Anything"),
        "Evicted": ("HouseEvent", "Anything"),
        "Complaint": ("Anything",),
    },
    objects={
        "LampOn": (_lamp(),),
        "LampOff": (_lamp(),),
        "LampGone": (_lamp(),),
        "LampLeft": (_lamp(),),
        "LampMoved": (_room(), _lamp()),
        "LampsSwapped": (_lamp("first"), _lamp("second")),
        "LampSold": (_lamp("offer.lamp"), _lamp("offer.instead_of.lamp")),
        "RoomGone": (_room(),),
    },
    ends={
        "LampGone": (facts.End("lamp"),),
        "LampLeft": (facts.End("lamp", 0.6),),
        "RoomGone": (facts.End("room"),),
    },
    replaced="Evicted",
)


class Event:
    """What ``make_event`` makes here."""

    def __init__(self, raw: dict[str, Any], number: int) -> None:
        self.raw = raw
        self.number = number
        self.kind = raw.get("kind")

    def __repr__(self) -> str:
        return f"Event({self.raw})"


def lamp(name: str, kind: str = "LampOn", **more: Any) -> dict[str, Any]:
    """A message about a lamp."""
    return {"kind": kind, "lamp": {"id": name}, **more}


def lamp_key(name: str) -> tuple[str, tuple[str, ...]]:
    """The key of that lamp."""
    return ("Lamp", (name,))


def wait_until(condition: Callable[[], object], seconds: float = SOON) -> None:
    """Wait until the condition holds, and fail if it does not in time."""
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "it did not happen in time"
        time.sleep(0.005)


class Peer:
    """The server's end of one connection.  A thread reads; the test sends."""

    def __init__(self, sock: socket.socket, server: Server) -> None:
        self.socket = sock
        self.received: list[Any] = []
        self.request: Request | None = None
        self.open = threading.Event()
        self.gone = threading.Event()
        self.protocol = ServerProtocol()
        self._server = server
        self._resetting = False
        self._lock = threading.Lock()
        self._thread = threading.Thread(target=self._read, daemon=True)

    def start(self) -> None:
        """Begin to read, and to answer."""
        self._thread.start()

    def _read(self) -> None:
        try:
            while data := self._receive():
                with self._lock:
                    self.protocol.receive_data(data)
                    happened = self.protocol.events_received()
                    if self._server.deaf:
                        continue
                    for event in happened:
                        if isinstance(event, Request):
                            self.request = event
                            response = self._server.answer(self.protocol, event)
                            self.protocol.send_response(response)
                            for text in self._server.greetings:
                                self.protocol.send_text(text.encode())
                        else:
                            self.received.append(event)
                    self._flush()
                    if self.protocol.state is State.OPEN:
                        self.open.set()
        except OSError:
            pass
        finally:
            self.gone.set()
            self.socket.close()

    def _receive(self) -> bytes:
        # Not for ever in recv(): that would keep the descriptor alive which cut() closes.
        while not self._resetting:
            ready, _, _ = select.select([self.socket], [], [], 0.02)
            if ready:
                return self.socket.recv(65536)
        return b""

    def _flush(self) -> None:
        data = self.protocol.data_to_send()
        # In one piece, so that a response and a first message come together; or quite the reverse.
        text = b"".join(data)
        for place in range(min(self._server.dribbling, len(text))):
            self.socket.sendall(text[place : place + 1])
        if 0 < self._server.dribbling < len(text):
            # Let these be read before the rest comes.
            time.sleep(0.05)
        self.socket.sendall(text[self._server.dribbling :])
        if b"" in data:
            self.socket.shutdown(socket.SHUT_WR)

    def send(self, *messages: Any) -> None:
        """Send messages, in one piece: text as it is, the rest as JSON."""
        with self._lock:
            for message in messages:
                text = message if isinstance(message, str) else json.dumps(message)
                self.protocol.send_text(text.encode())
            self._flush()

    def do(self, action: Callable[[ServerProtocol], object]) -> None:
        """Send what the action makes the protocol send."""
        with self._lock:
            action(self.protocol)
            self._flush()

    def raw(self, data: bytes) -> None:
        """Send bytes as they are."""
        with self._lock:
            self.socket.sendall(data)

    def farewell(self, code: int = CloseCode.NORMAL_CLOSURE, reason: str = "") -> None:
        """Close the WebSocket."""
        self.do(lambda protocol: protocol.send_close(code, reason))

    def cut(self, *, reset: bool = False) -> None:
        """Close the TCP connection without a farewell."""
        if reset:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
            self._resetting = True
            self._thread.join(SOON)
            return
        with contextlib.suppress(OSError):
            self.socket.shutdown(socket.SHUT_RDWR)

    def pongs(self) -> list[bytes]:
        """The data of the pongs that came."""
        return [bytes(f.data) for f in self.received if getattr(f, "opcode", None) is Opcode.PONG]


class Server:
    """A WebSocket server of which a test decides everything."""

    def __init__(self, port: int = 0, tls: ssl.SSLContext | None = None) -> None:
        self._tls = tls
        self.peers: list[Peer] = []
        self.deaf = False
        #: So many bytes of all that is sent go one by one.
        self.dribbling = 0
        #: Sent together with the response to each upgrade.
        self.greetings: list[str] = []
        self.status: int | None = None
        self.answer: Callable[[ServerProtocol, Request], Any] = self._answer
        self._listener = socket.create_server(("127.0.0.1", port))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                sock, _ = self._listener.accept()
                sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                if self._tls is not None:
                    try:
                        sock = self._tls.wrap_socket(sock, server_side=True)
                    except OSError:
                        continue
                # Known before the first answer: when that has come, a test may look for it here.
                self.peers.append(Peer(sock, self))
                self.peers[-1].start()

    def _answer(self, protocol: ServerProtocol, request: Request) -> Any:
        if self.status is not None:
            return protocol.reject(self.status, "<html>no</html>")
        if request.headers.get("Authorization") != AUTHORIZATION:
            return protocol.reject(401, "<html>who?</html>")
        return protocol.accept(request)

    def peer(self, number: int = -1) -> Peer:
        """One of the connections, the newest by default, when its WebSocket is up."""
        wait_until(lambda: len(self.peers) > max(number, 0))
        peer = self.peers[number]
        assert peer.open.wait(SOON)
        return peer

    def close(self) -> None:
        """Accept no more; connections that are open stay."""
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def finish(self) -> None:
        """Accept no more and cut every connection."""
        self.close()
        for peer in self.peers:
            peer.cut()


@contextlib.contextmanager
def serving(port: int = 0, tls: ssl.SSLContext | None = None) -> Iterator[Server]:
    """A server while the test needs it."""
    server = Server(port, tls)
    try:
        yield server
    finally:
        server.finish()


def free_port() -> int:
    """A port on which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def connector(port: int, *, timeout: float = 5.0, scheme: str = "http", **more: Any) -> Any:
    """A connector to a server of ours."""

    def target(apps: Sequence[str]) -> str:
        return f"/events?app={','.join(apps)}"

    headers = more.pop("headers", {"Authorization": AUTHORIZATION})
    url = urlsplit(f"{scheme}://127.0.0.1:{port}/house")
    return websocket.Connector(url, target, headers, timeout=timeout, **more)


@contextlib.contextmanager
def stream_to(port: int, **more: Any) -> Iterator[Any]:
    """A stream of events, not yet connected, that reconnects in no time."""
    settings: dict[str, Any] = {"apps": ("home",), "backoff": (0.01, 0.05)} | more
    link = settings.pop("connector", None) or connector(port)
    on_reconnected = settings.pop("on_reconnected", lambda: None)
    stream = events.EventStream(FACTS, link, Event, on_reconnected, **settings)
    try:
        yield stream
    finally:
        stream.stop()


@contextlib.contextmanager
def connected(**more: Any) -> Iterator[SimpleNamespace]:
    """A server, a stream that is connected to it, and the peer."""
    with serving() as server, stream_to(server.port, **more) as stream:
        stream.connect()
        yield SimpleNamespace(server=server, stream=stream, peer=server.peer())


class Notes:
    """A handler that remembers, and waits for, what it is called with."""

    def __init__(self, then: Callable[[Any], object] | None = None) -> None:
        self.events: list[Any] = []
        self._then = then

    def __call__(self, event: Any) -> None:
        self.events.append(event)
        if self._then is not None:
            self._then(event)

    def wait(self, count: int = 1, seconds: float = SOON) -> list[Any]:
        """Wait for that many events."""
        until = time.monotonic() + seconds
        while len(self.events) < count:
            assert time.monotonic() < until, f"{len(self.events)} of {count} events came"
            time.sleep(0.002)
        return self.events
