"""The WebSocket side of the replay server: it pushes a scenario's events."""

from __future__ import annotations

import base64
import contextlib
import json
import socket
import threading
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from .compare import Request

if TYPE_CHECKING:
    from .server import Play

#: How long a socket waits for a further exchange that a scenario names (``$after``).
_PATIENCE = 20.0


def serve_websocket(
    connection: socket.socket,
    request: Request,
    script: Mapping[str, Any],
    play: Play | None,
    pending: bytes,
) -> None:
    """Accepts the upgrade, plays the script, then answers pings and the close until the peer ends.

    ``script["push"]`` is a list of things to do, in order: an object that is an event is sent as
    JSON text; ``{"$text": …}`` is sent as it is; ``{"$fragments": […]}`` as one message in several
    frames; ``{"$binary": base64}`` as a binary frame; ``{"$ping": true}`` sends a ping and notes a
    difference if no pong comes; ``{"$wait": seconds}`` waits; ``{"$after": n}`` waits until n
    exchanges of the scenario (this one counted) have come; ``{"$drop": true}`` cuts the connection
    without a word; ``{"$close": code}`` closes it in order; ``{"$repeat": n, "event": {…}}`` sends
    an event n times with ``${n}`` in its texts replaced by the number.
    """
    from websockets.exceptions import InvalidState
    from websockets.frames import Opcode
    from websockets.server import ServerProtocol

    protocol = ServerProtocol()
    # The head was read by the HTTP side already; the protocol reads it again.
    protocol.receive_data(request.head + pending)
    lock = threading.Lock()
    pongs = threading.Semaphore(0)
    ended = threading.Event()

    def flush() -> None:
        for data in protocol.data_to_send():
            if data:
                connection.sendall(data)
            else:
                with contextlib.suppress(OSError):
                    connection.shutdown(socket.SHUT_WR)

    events = protocol.events_received()
    if not events:
        _note(play, "websocket: the upgrade request cannot be understood")
        return
    with lock:
        protocol.send_response(protocol.accept(events[0]))  # type: ignore[arg-type]
        flush()
    if protocol.handshake_exc is not None:
        _note(play, f"websocket: {protocol.handshake_exc}")
        return
    connection.settimeout(None)

    def read() -> None:
        """Takes in what the client sends: pongs are counted, pings and the close are answered."""
        try:
            while True:
                data = connection.recv(65536)
                with lock:
                    if data:
                        protocol.receive_data(data)
                    else:
                        protocol.receive_eof()
                    for frame in protocol.events_received():
                        if getattr(frame, "opcode", None) is Opcode.PONG:
                            pongs.release()
                    flush()
                if not data:
                    return
        except OSError:
            return
        finally:
            ended.set()

    reader = threading.Thread(target=read, daemon=True)
    reader.start()
    for step in script.get("push", ()):
        if ended.is_set():
            return
        if "$wait" in step:
            ended.wait(float(step["$wait"]))
        elif "$after" in step:
            if play is not None and not play.wait_taken(int(step["$after"]), _PATIENCE):
                _note(play, f"websocket: exchange {step['$after']} did not come")
        elif "$drop" in step:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
            return
        else:
            try:
                with lock:
                    for send in _frames(protocol, step):
                        send()
                        flush()
            except (OSError, InvalidState):
                # The client has gone, or is about to.
                return
            if "$ping" in step and not pongs.acquire(timeout=5):
                _note(play, "websocket: a ping was not answered")
    # Stay until the client has closed; a client that forgets to is cut with the next scenario.
    ended.wait()


def _frames(protocol: Any, step: Mapping[str, Any]) -> list[Any]:
    """The sending of a step's frames, one call for each."""
    if "$text" in step:
        text = str(step["$text"]).encode("utf-8")
        return [lambda: protocol.send_text(text)]
    if "$binary" in step:
        data = base64.b64decode(step["$binary"])
        return [lambda: protocol.send_binary(data)]
    if "$ping" in step:
        return [lambda: protocol.send_ping(b"replay")]
    if "$close" in step:
        return [lambda: protocol.send_close(int(step["$close"]), "")]
    if "$fragments" in step:
        parts = [str(part).encode("utf-8") for part in step["$fragments"]]
        last = len(parts) - 1

        def fragment(index: int) -> Any:
            if index == 0:
                return lambda: protocol.send_text(parts[0], fin=last == 0)
            return lambda: protocol.send_continuation(parts[index], fin=index == last)

        return [fragment(index) for index in range(len(parts))]
    if "$repeat" in step:
        template = json.dumps(step["event"], ensure_ascii=False)

        def numbered(number: int) -> Any:
            text = template.replace("${n}", str(number)).encode("utf-8")
            return lambda: protocol.send_text(text)

        return [numbered(number) for number in range(int(step["$repeat"]))]
    text = json.dumps(step, ensure_ascii=False, separators=(",", ":")).encode("utf-8")
    return [lambda: protocol.send_text(text)]


def _note(play: Play | None, text: str) -> None:
    if play is not None:
        play.differences.append(text)
