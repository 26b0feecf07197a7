"""A server that sends events as fast as they are taken: a part of ``events.py``.

A real Asterisk is no measure of a fast receiver: it makes fewer events than one can take, and cuts
off one that cannot.  This server speaks as much of its API as a client needs to begin: the
documents, and a WebSocket on which the events come.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import socket
import struct
import threading
from types import TracebackType

#: An event as Asterisk 22 sends it.
_EVENT = {
    "type": "ChannelUserevent",
    "timestamp": "2026-01-01T12:00:00.000+0000",
    "userevent": {"eventname": "tick"},
    "eventname": "tick",
    "asterisk_id": "02:00:00:00:00:01",
    "application": "bench",
}

_GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"


class Flood:
    """Serves ``documents`` and floods each WebSocket with ``events`` once ``send`` is called."""

    def __init__(self, documents: str, events: int) -> None:
        self._documents = documents
        self._events = events
        self._ready = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}/ari"
        self.username, self.password = "user", "password"

    def __enter__(self) -> Flood:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._ready.set()
        self._listener.close()

    def send(self) -> None:
        """Let the events flow."""
        self._ready.set()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        try:
            with connection, connection.makefile("rb") as requests:
                while self._answer(
                    connection, [line.strip() for line in iter(requests.readline, b"\r\n") if line]
                ):
                    pass
        except OSError:
            pass  # the client has gone

    def _answer(self, connection: socket.socket, lines: list[bytes]) -> bool:
        """Answer one request; gives whether another may follow."""
        if not lines:
            return False
        fields = dict(line.lower().split(b":", 1) for line in lines[1:] if b":" in line)
        if fields.get(b"upgrade", b"").strip() == b"websocket":
            # Its value keeps its case.
            key = next(line for line in lines if line.lower().startswith(b"sec-websocket-key:"))
            self._flood(connection, key.partition(b":")[2].strip())
            return False
        path = lines[0].split()[1].decode().partition("?")[0]
        body = self._document(path.rpartition("/")[2])
        status = "200 OK" if body else "404 Not Found"
        head = f"HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {len(body)}"
        connection.sendall(f"{head}\r\n\r\n".encode() + body)
        return True

    def _document(self, name: str) -> bytes:
        path = os.path.join(self._documents, name)
        if not os.path.isfile(path):
            return b""
        with open(path, encoding="utf-8") as file:
            document = json.load(file)
        # As Asterisk has it: clients that read the documents go where these say.
        document["basePath"] = self.url
        return json.dumps(document).encode()

    def _flood(self, connection: socket.socket, key: bytes) -> None:
        accept = base64.b64encode(hashlib.sha1(key + _GUID).digest()).decode()
        connection.sendall(
            b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            + f"Sec-WebSocket-Accept: {accept}\r\n\r\n".encode()
        )
        content = json.dumps(_EVENT).encode()
        frame = struct.pack("!BBH", 0x81, 126, len(content)) + content
        self._ready.wait()
        sent = 0
        while sent < self._events:
            now = min(256, self._events - sent)
            connection.sendall(frame * now)
            sent += now
        while connection.recv(65536):  # until the client closes
            pass
