"""The connection: coming about, frames, getting lost, coming back, being taken over, and the end."""

from __future__ import annotations

import contextlib
import json
import logging
import os
import signal
import socket
import ssl
import struct
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from events_support import (
    AUTHORIZATION,
    PACKAGE,
    PASSWORD,
    SOON,
    Notes,
    connected,
    connector,
    errors,
    events,
    free_port,
    lamp,
    lamp_key,
    serving,
    stream_to,
    wait_until,
    websocket,
)
from websockets.frames import Frame, Opcode


@pytest.fixture(autouse=True)
def _all_logged(caplog: pytest.LogCaptureFixture) -> Any:
    """No test may leave a credential in the log, not even at the lowest level."""
    caplog.set_level(logging.DEBUG, logger=PACKAGE)
    yield
    records = [record for when in ("setup", "call") for record in caplog.get_records(when)]
    mine = [record for record in records if not record.name.startswith("websockets.server")]
    text = "\n".join(f"{r.getMessage()} {r.exc_text or ''}" for r in mine)
    assert PASSWORD not in text
    assert AUTHORIZATION.partition(" ")[2] not in text


def fails(port: int, **more: Any) -> Any:
    """Connect, which must fail; the error, which holds no credential."""
    with stream_to(port, **more) as stream:
        begun = time.monotonic()
        with pytest.raises(errors.LibraryException) as caught:
            stream.connect()
        assert time.monotonic() - begun < 5
        assert stream.state == "closed"
    error = caught.value
    for text in (str(error), repr(error), str(error.__cause__), str(error.path), str(error.body)):
        assert PASSWORD not in text
        assert AUTHORIZATION.partition(" ")[2] not in text
        assert "\n" not in str(error)
    return error


# --- the first connection -------------------------------------------------------------------


def test_connects_with_credentials_in_a_header() -> None:
    with connected(apps=("home", "garden", "home")) as c:
        assert c.stream.state == "connected"
        c.stream.connect()
        request = c.peer.request
    assert request.path == "/house/events?app=home,garden"
    assert request.headers["Authorization"] == AUTHORIZATION
    assert request.headers["Host"] == f"127.0.0.1:{c.server.port}"
    assert len(c.server.peers) == 1
    assert c.stream.state == "closed"


def test_a_wrong_password_says_so() -> None:
    with serving() as server:
        link = connector(server.port, headers={"Authorization": "Basic d3Jvbmc6d3Jvbmc="})
        error = fails(server.port, connector=link)
    assert isinstance(error, errors.NotAuthorizedException)
    assert error.status == 401
    assert "username and password" in str(error)


@pytest.mark.parametrize(
    ("status", "name", "advice"),
    [
        (403, "NotAuthorizedException", "username and password"),
        (404, "NotFoundException", "path in the URL"),
        (400, "IllegalInputException", "applications"),
        (302, "ConnectionFailedException", "another address"),
        (200, "ConnectionFailedException", "proxy"),
        (503, "LibraryException", "refuses the event WebSocket"),
    ],
)
def test_every_refusal_has_its_class_and_advice(status: int, name: str, advice: str) -> None:
    with serving() as server:
        server.status = status
        error = fails(server.port)
    assert isinstance(error, getattr(errors, name))
    if status == 503:
        assert type(error) is type(errors.error_for_status(503, ""))
    assert error.status == status
    assert error.method == "GET"
    assert error.path == "/events?app=home"
    assert advice in str(error)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 500])
def test_hints_of_the_api_take_the_place_of_general_ones(status: int) -> None:
    with serving() as server:
        server.status = status
        link = connector(server.port, hints={status: "Is the lamp module loaded?"})
        error = fails(server.port, connector=link)
    assert "Is the lamp module loaded?" in str(error)
    assert "Check" not in str(error)


def test_without_an_application_nothing_is_tried() -> None:
    error = fails(free_port(), apps=())
    assert isinstance(error, errors.IllegalInputException)
    assert 'app="my-application"' in str(error)


def test_nobody_listens() -> None:
    error = fails(free_port())
    assert isinstance(error, errors.ConnectionFailedException)
    assert "refused" in str(error)
    assert "Check the URL" in str(error)


def test_an_unknown_host(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: object, **__: object) -> Any:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    error = fails(1)
    assert isinstance(error, errors.ConnectionFailedException)
    assert "host name" in str(error)


@pytest.fixture
def black_hole() -> Iterator[int]:
    """A port whose queue of connections is full: what comes there is not even refused."""
    with contextlib.ExitStack() as stack:
        listener = stack.enter_context(socket.create_server(("127.0.0.1", 0), backlog=0))
        for _ in range(8):
            sock = stack.enter_context(socket.socket())
            sock.settimeout(0.1)
            try:
                sock.connect(listener.getsockname())
            except TimeoutError:
                break
        else:
            pytest.fail("no port of this system can be made to swallow connections")
        yield int(listener.getsockname()[1])


def test_nothing_answers(black_hole: int) -> None:
    error = fails(black_hole, connector=connector(black_hole, timeout=0.3))
    assert isinstance(error, errors.TimeoutException)
    assert "no answer within 0.3 s" in str(error)
    assert "firewall" in str(error)


def test_an_address_that_does_not_answer_leaves_time_for_the_next(
    black_hole: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of a host with several, the first may be refused and the second swallow what it gets."""
    with serving() as server:
        dead = free_port()

        def addresses(host: str, port: int, **_: object) -> Any:
            kind = (socket.AF_INET, socket.SOCK_STREAM, 0, "")
            return [(*kind, ("127.0.0.1", number)) for number in (dead, black_hole, port)]

        monkeypatch.setattr(socket, "getaddrinfo", addresses)
        with stream_to(server.port, connector=connector(server.port, timeout=1.0)) as stream:
            stream.connect()
            assert stream.state == "connected"


def test_a_server_that_accepts_and_says_nothing() -> None:
    with serving() as server:
        server.deaf = True
        error = fails(server.port, connector=connector(server.port, timeout=0.3))
    assert isinstance(error, errors.TimeoutException)
    assert "0.3 s" in str(error)


def test_a_server_that_hangs_up() -> None:
    """As one does that has as many connections as it allows."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def hang_up() -> None:
            sock, _ = listener.accept()
            sock.recv(65536)
            sock.close()

        threading.Thread(target=hang_up, daemon=True).start()
        error = fails(listener.getsockname()[1])
    assert isinstance(error, errors.ConnectionFailedException)
    assert "without an answer" in str(error)


def test_a_server_that_speaks_something_else() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def greet() -> None:
            sock, _ = listener.accept()
            sock.sendall(b"220 mail.example ESMTP\r\n" * 3)
            sock.recv(65536)
            sock.close()

        threading.Thread(target=greet, daemon=True).start()
        error = fails(listener.getsockname()[1])
    assert isinstance(error, errors.ConnectionFailedException)
    assert "does not answer as a WebSocket server" in str(error)


def test_https_to_a_server_without_tls() -> None:
    with serving() as server:
        link = connector(server.port, scheme="https")
        error = fails(server.port, connector=link)
    assert isinstance(error, errors.ConnectionFailedException)
    assert "http URL" in str(error)


def test_stop_ends_connecting() -> None:
    with serving() as server, stream_to(server.port) as stream:
        server.deaf = True
        threading.Timer(0.1, stream.stop).start()
        begun = time.monotonic()
        with pytest.raises(errors.ConnectionFailedException, match="stopped while it connected"):
            stream.connect()
        assert time.monotonic() - begun < 2
        assert stream.state == "closed"


def test_several_threads_connect_at_once() -> None:
    with serving() as server, stream_to(server.port) as stream:
        threads = [threading.Thread(target=stream.connect, daemon=True) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(SOON)
        assert stream.state == "connected"
        assert len(server.peers) == 1


def test_connects_again_after_stop_and_after_failure() -> None:
    port = free_port()
    notes = Notes()
    with stream_to(port) as stream:
        stream.add_event_handler(None, "LampOn", notes)
        with pytest.raises(errors.ConnectionFailedException):
            stream.connect()
        with serving(port) as server:
            for number in range(1, 4):
                stream.connect()
                server.peer(number - 1).send(lamp("a"))
                notes.wait(number)
                stream.stop()
                assert stream.state == "closed"


# --- frames ---------------------------------------------------------------------------------


def test_text_in_fragments_and_frames_in_pieces() -> None:
    """However the bytes are cut: in frames, in packets, in the middle of a letter."""
    notes = Notes()
    with connected() as c:
        c.stream.add_event_handler(None, "LampOn", notes)
        data = json.dumps(lamp("a", text="Lämpchen ✓"), ensure_ascii=False).encode()
        cuts = [data[:20], data[20:43], data[43:44], data[44:]]
        c.peer.do(lambda p: p.send_text(cuts[0], fin=False))
        c.peer.do(lambda p: p.send_ping(b"between"))
        for cut in cuts[1:-1]:
            c.peer.do(lambda p, cut=cut: p.send_continuation(cut, fin=False))
        c.peer.do(lambda p: p.send_continuation(cuts[-1], fin=True))
        whole = Frame(Opcode.TEXT, data).serialize(mask=False)
        for byte in whole[:-1]:
            c.peer.raw(bytes([byte]))
        c.peer.raw(whole[-1:] + whole)
        assert all(event.raw["text"] == "Lämpchen ✓" for event in notes.wait(3))
        wait_until(lambda: c.peer.pongs() == [b"between"])


def test_messages_that_come_with_the_handshake() -> None:
    notes = Notes()
    with serving() as server, stream_to(server.port) as stream:
        server.greetings = [json.dumps(lamp("a", n=n)) for n in range(3)]
        stream.add_event_handler(None, "LampOn", notes)
        stream.connect()
        assert [event.raw["n"] for event in notes.wait(3)] == [0, 1, 2]
        server.peer().cut()
        notes.wait(6)


@pytest.mark.parametrize(
    "count",
    [
        1_000_000,
        len("HTTP/1.1 101 Switching Protocols\r"),
        len("HTTP/1.1 101 Switching Protocols\r\nDate: "),
    ],
)
def test_a_handshake_that_comes_byte_by_byte(count: int) -> None:
    """All of it or its beginning; and so do a first message and a refusal."""
    notes = Notes()
    with serving() as server:
        server.dribbling = count
        server.greetings = [json.dumps(lamp("a"))]
        with stream_to(server.port) as stream:
            stream.add_event_handler(None, "LampOn", notes)
            stream.connect()
            notes.wait()
        server.status, server.greetings = 404, []
        error = fails(server.port)
        assert isinstance(error, errors.NotFoundException)
        assert error.body == "<html>no</html>"


def test_the_reader_pauses_in_a_flood(monkeypatch: pytest.MonkeyPatch) -> None:
    """A message at a time, without end, is taken in portions; a few in a row are taken at once."""
    pauses: list[int] = []
    session = events._Session()
    session.interrupt.close()

    class Connection:
        """Always has the next message."""

        heard = 0.0
        reads = 0

        def receive(self, until: float) -> list[bytes]:
            self.reads += 1
            session.stopping = self.reads == 40
            return [b'{"kind": "Noise"}'] * (events._BATCH if self.reads > 30 else 1)

    connection = Connection()
    monkeypatch.setattr(events, "sleep", lambda _: pauses.append(connection.reads))
    monkeypatch.setattr(events, "FLOOD_SECONDS", 1.0)
    with stream_to(free_port(), ping_interval=None) as stream:
        stream._read(session, connection)
        assert stream.sequence() == 30 + 10 * events._BATCH
    assert pauses == list(range(events.FLOOD_READS, 31))


def test_what_is_no_event_is_skipped(caplog: pytest.LogCaptureFixture) -> None:
    notes = Notes()
    with connected() as c:
        c.stream.add_event_handler(None, "LampOn", notes)
        c.peer.do(lambda p: p.send_binary(b'{"kind": "LampOn"}'))
        c.peer.do(lambda p: p.send_binary(b'{"kind"', fin=False))
        c.peer.do(lambda p: p.send_continuation(b': "LampOn"}', fin=True))
        c.peer.send("{", "", "[]", "5", "null", '"LampOn"', "[" * 100_000)
        c.peer.raw(Frame(Opcode.TEXT, b'{"kind": "LampOn", "n": "\xff"}').serialize(mask=False))
        c.peer.send(lamp("a"))
        notes.wait(2)
        assert c.stream.sequence() == 2
        assert len(c.server.peers) == 1
    assert [event.raw.get("n") for event in notes.events] == ["�", None]
    assert caplog.text.count("it is not JSON") == 3
    assert caplog.text.count("it is no object") == 4


@pytest.mark.parametrize("size", [125, 126, 65535, 65536, 3_000_000])
def test_messages_of_all_sizes(size: int) -> None:
    notes = Notes()
    with connected() as c:
        c.stream.add_event_handler(None, "LampOn", notes)
        empty = len(json.dumps(lamp("a", text="")))
        c.peer.send(lamp("a", text="x" * (size - empty)))
        assert len(notes.wait()[0].raw["text"]) == size - empty


@pytest.mark.parametrize(
    "data",
    [
        b"\x83\x00",
        b"\xf1\x02{}",
        b"\x81\x82\0\0\0\0{}",
        b"\x80\x02{}",
        b"\x81\x7f" + struct.pack("!Q", 1 << 40),
    ],
    ids=["opcode", "reserved bits", "masked", "continuation", "a terabyte"],
)
def test_a_broken_protocol_ends_the_connection_and_not_the_library(
    data: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    lost, notes = Notes(), Notes()
    with connected() as c:
        c.stream.add_event_handler(None, "ConnectionLost", lost)
        c.stream.add_event_handler(None, "LampOn", notes)
        c.peer.raw(data)
        assert "broke the WebSocket protocol" in lost.wait()[0].reason
        c.server.peer(1).send(lamp("a"))
        notes.wait()


def test_all_events_of_a_burst_come() -> None:
    """A hundred thousand, many in each packet, and the reader is never behind for long."""
    count = 100_000
    seen: list[int] = []
    done = threading.Event()
    with connected() as c:

        def handle(event: Any) -> None:
            seen.append(event.raw["n"])
            if len(seen) == count:
                done.set()

        c.stream.add_event_handler(None, "Noise", handle)
        for start in range(0, count, 1000):
            frames = [
                Frame(Opcode.TEXT, b'{"kind": "Noise", "n": %d}' % n).serialize(mask=False)
                for n in range(start, start + 1000)
            ]
            c.peer.raw(b"".join(frames))
        assert done.wait(60)
    assert seen == list(range(count))


def test_the_reader_reads_while_every_handler_blocks() -> None:
    """The server can send far more than any buffer holds."""
    go_on = threading.Event()
    with connected() as c:
        c.stream.add_event_handler(None, "Noise", lambda _: go_on.wait(SOON))
        for _ in range(20):
            c.peer.send(*[{"kind": "Noise", "text": "x" * 1000}] * 1000)
        wait_until(lambda: c.stream.sequence() == 20_000)
        go_on.set()


# --- loss and return ------------------------------------------------------------------------


def farewell(code: int) -> Any:
    """A way to end a connection: closing it with this code."""
    return lambda peer: peer.farewell(code, "so long")


LOSSES = {
    "cut": (lambda peer: peer.cut(), "without a farewell"),
    "reset": (lambda peer: peer.cut(reset=True), "reset"),
    "half a frame": (lambda peer: (peer.raw(b"\x81\x7e\x01"), peer.cut()), "without a farewell"),
    "1000": (farewell(1000), "1000: so long"),
    "1001": (farewell(1001), "1001: so long"),
    "1011": (farewell(1011), "1011: so long"),
    "1013": (farewell(1013), "1013: so long"),
}


@pytest.mark.parametrize("loss", LOSSES)
def test_a_lost_connection_comes_back_and_the_program_is_told(loss: str) -> None:
    cut, reason = LOSSES[loss]
    order: list[Any] = []
    lost, restored, notes = Notes(order.append), Notes(order.append), Notes()
    subscribed: list[str] = []

    def subscribe() -> None:
        assert c.stream.state == "connected"
        order.append("subscribed")

    with connected(on_reconnected=subscribe) as c:
        c.stream.add_event_handler(None, "ConnectionLost", lost)
        c.stream.add_event_handler(None, "ConnectionRestored", restored)
        c.stream.add_event_handler(None, "LampOn", notes)
        c.peer.send(lamp("a"))
        notes.wait()
        cut(c.peer)
        restored.wait()
        c.server.peer(1).send(lamp("a"))
        notes.wait(2)
        assert c.stream.state == "connected"
        assert subscribed == []
    [told] = lost.events
    [gap] = restored.events
    assert order == [told, "subscribed", gap]
    assert reason in told.reason
    assert told.since == gap.missed_from < gap.missed_to
    assert told.since.utcoffset() is not None
    assert "Connection" in repr(told)
    assert "Connection" in repr(gap)


def test_what_came_before_the_cut_is_not_lost() -> None:
    notes = Notes()
    with connected() as c:
        c.stream.add_event_handler(None, "Noise", notes)
        c.peer.send(*[{"kind": "Noise", "n": n} for n in range(5000)])
        c.peer.farewell()
        notes.wait(5000)
    assert [event.raw["n"] for event in notes.events] == list(range(5000))


def test_it_tries_without_limit(caplog: pytest.LogCaptureFixture) -> None:
    """The server is away, then refuses, then says nothing, then hangs up; then it is back."""
    notes, restored = Notes(), Notes()
    with serving() as first:
        port = first.port
        with stream_to(port, connector=connector(port, timeout=0.2)) as stream:
            stream.add_event_handler(None, "ConnectionRestored", restored)
            stream.add_event_handler(None, "LampOn", notes)
            stream.connect()
            first.finish()
            wait_until(lambda: "attempt 8" in caplog.text)
            assert stream.state == "reconnecting"
            with pytest.raises(errors.ConnectionFailedException, match="not back yet"):
                stream.connect()
            with serving(port) as second:
                second.status = 401
                wait_until(lambda: len(second.peers) >= 3)
                second.status = None
                second.deaf = True
                before = len(second.peers)
                wait_until(lambda: len(second.peers) >= before + 2)
                second.deaf = False
                gap = restored.wait()[0]
                second.peer().send(lamp("a"))
                notes.wait()
                assert stream.state == "connected"
    assert len(restored.events) == 1
    assert (gap.missed_to - gap.missed_from).total_seconds() > 0.4
    assert "refuses the user" in caplog.text
    # Attempts 1, 2, 4, 8, … and whatever is new: not a line for each.
    warnings = [r for r in caplog.records if "reconnecting failed" in r.getMessage()]
    loud = [r for r in warnings if r.levelno >= logging.WARNING]
    assert len(loud) < len(warnings)


def test_a_silent_night_costs_nothing() -> None:
    """Delays grow up to the limit, and each is anything below it."""
    delays: list[float] = []
    with stream_to(free_port(), backoff=(0.5, 30.0)) as stream:
        session = events._Session()

        def wait(seconds: float) -> bool:
            delays.append(seconds)
            return len(delays) >= 400

        session.interrupt.wait = wait
        connection = stream._next_connection(session, None, "the test wants it")
        session.interrupt.close()
    assert connection is None
    for number, delay in enumerate(delays):
        assert 0 <= delay <= min(30.0, 0.5 * 2 ** min(number, 30))
    late = sorted(delays[20:])
    assert late[0] < 3
    assert late[-1] > 27
    assert 12 < sum(late) / len(late) < 18


def test_a_server_that_drops_every_connection_is_not_pestered() -> None:
    """A connection that does not hold is no reason to begin with short delays again."""
    with serving() as server, stream_to(server.port, backoff=(0.05, 30.0)) as stream:
        stream.connect()
        until = time.monotonic() + 1.5
        while time.monotonic() < until:
            for peer in list(server.peers):
                if peer.open.is_set():
                    peer.cut()
            time.sleep(0.002)
        assert len(server.peers) < 20


def test_run_serves_though_the_connection_is_lost_at_that_moment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It comes back later than any patience for a first connection lasts."""
    monkeypatch.setattr(events, "MARGIN_SECONDS", 0.0)
    notes = Notes()
    with serving() as first:
        port = first.port
        with stream_to(port, connector=connector(port, timeout=0.5)) as stream:
            stream.add_event_handler(None, "LampOn", notes)
            stream.connect()
            first.finish()
            wait_until(lambda: stream.state == "reconnecting")
            thread = threading.Thread(target=stream.run, daemon=True)
            thread.start()
            thread.join(0.8)
            assert thread.is_alive()
            with serving(port) as second:
                second.peer().send(lamp("a"))
                notes.wait()
                stream.stop()
                thread.join(SOON)
                assert not thread.is_alive()


def test_half_open_connections_are_noticed() -> None:
    """The server is cut off from the network, and nobody has told: no byte comes any more."""
    lost, restored = Notes(), Notes()
    with (
        serving() as server,
        stream_to(
            server.port,
            connector=connector(server.port, timeout=0.5),
            ping_interval=0.1,
            ping_timeout=0.8,
        ) as stream,
    ):
        stream.add_event_handler(None, "ConnectionLost", lost)
        stream.add_event_handler(None, "ConnectionRestored", restored)
        stream.connect()
        peer = server.peer()
        time.sleep(0.6)
        assert lost.events == []
        assert len([f for f in peer.received if f.opcode is Opcode.PING]) >= 3
        server.deaf = True
        silent = time.monotonic()
        assert "no sign of life within 0.8 s" in lost.wait()[0].reason
        assert 0.5 < time.monotonic() - silent < 4
        server.deaf = False
        restored.wait()


def test_no_pings_if_none_are_wanted() -> None:
    with serving() as server, stream_to(server.port, ping_interval=None) as stream:
        stream.connect()
        time.sleep(0.1)
        assert server.peer().received == []


def test_a_connection_with_traffic_needs_no_pings() -> None:
    with serving() as server, stream_to(server.port, ping_interval=1.0) as stream:
        stream.connect()
        peer = server.peer()
        for _ in range(30):
            peer.send({"kind": "Noise"})
            time.sleep(0.05)
        assert peer.received == []


def test_subscriptions_are_put_back_until_it_works(caplog: pytest.LogCaptureFixture) -> None:
    """The server is up again, but its REST is not ready yet."""
    calls: list[int] = []

    def subscribe() -> None:
        calls.append(1)
        if len(calls) == 1:
            raise errors.ConnectionFailedException("refused")
        if len(calls) == 2:
            raise errors.LibraryException("starting", status=503)
        if len(calls) == 3:
            raise BrokenPipeError

    restored = Notes()
    with connected(on_reconnected=subscribe) as c:
        c.stream.add_event_handler(None, "ConnectionRestored", restored)
        c.peer.cut()
        restored.wait()
    assert len(calls) == 4
    assert caplog.text.count("could not be put back; trying again") == 3


@pytest.mark.parametrize(
    "failure", [errors.NotFoundException("no such lamp", status=404), KeyError("no such lamp")]
)
def test_a_subscription_that_cannot_succeed_is_reported_once(
    failure: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    calls: list[int] = []

    def subscribe() -> None:
        calls.append(1)
        raise failure

    restored = Notes()
    with connected(on_reconnected=subscribe) as c:
        c.stream.add_event_handler(None, "ConnectionRestored", restored)
        c.peer.cut()
        restored.wait()
    assert len(calls) == 1
    assert "no such lamp" in caplog.text


def test_further_losses_before_the_subscriptions_are_back() -> None:
    """The program is told of one gap; for connections that are gone again nothing is put back."""
    lost, restored = Notes(), Notes()
    begun, go_on = threading.Event(), threading.Event()
    calls: list[int] = []

    def subscribe() -> None:
        calls.append(1)
        begun.set()
        assert go_on.wait(SOON)

    with connected(on_reconnected=subscribe) as c:
        c.stream.add_event_handler(None, "ConnectionLost", lost)
        c.stream.add_event_handler(None, "ConnectionRestored", restored)
        c.peer.cut()
        assert begun.wait(SOON)
        for number in (1, 2, 3):
            c.server.peer(number).cut()
            lost.wait(number + 1)
        c.server.peer(4)
        wait_until(lambda: c.stream.state == "connected")
        go_on.set()
        restored.wait()
        assert c.stream._dispatcher.drain(SOON)
    assert len(restored.events) == 1
    assert restored.events[0].missed_from == lost.events[0].since
    assert len(calls) == 2


def test_putting_back_waits_for_no_handler() -> None:
    """Not even for one that is told of the loss, nor does reading wait for the putting back."""
    go_on, subscribed = threading.Event(), threading.Event()
    subscribing = threading.Event()
    notes = Notes()

    def subscribe() -> None:
        subscribed.set()
        assert subscribing.wait(SOON)

    with connected(on_reconnected=subscribe) as c:
        c.stream.add_event_handler(None, "ConnectionLost", lambda _: go_on.wait(SOON))
        c.stream.add_event_handler(None, "LampOn", notes)
        c.peer.cut()
        assert subscribed.wait(SOON)
        c.server.peer(1).send(lamp("a"))
        notes.wait()
        subscribing.set()
        go_on.set()


def test_an_unexpected_failure_of_connecting_does_not_end_the_reader(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    restored = Notes()
    with connected() as c:
        c.stream.add_event_handler(None, "ConnectionRestored", restored)
        opened = c.stream._connector.open
        failures = iter([MemoryError(), OSError(24, "Too many open files"), ValueError("odd")])

        def fail(*arguments: Any) -> Any:
            for failure in failures:
                raise failure
            return opened(*arguments)

        monkeypatch.setattr(c.stream._connector, "open", fail)
        c.peer.cut()
        restored.wait()


# --- taken over -----------------------------------------------------------------------------


def test_replaced_is_told_and_final() -> None:
    told, evicted, before = Notes(), Notes(), Notes()
    raised: list[BaseException] = []
    with connected() as c:
        c.stream.add_event_handler(None, "ConnectionReplaced", told)
        c.stream.add_event_handler(None, "Evicted", evicted)
        c.stream.add_event_handler(None, "LampOn", before)

        def serve() -> None:
            try:
                c.stream.run()
            except errors.LibraryException as error:
                raised.append(error)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        c.peer.send(lamp("a"), {"kind": "Evicted", "app": "home"})
        thread.join(SOON)
        assert not thread.is_alive()
        assert isinstance(raised[0], errors.ConnectionFailedException)
        assert "another program has connected for 'home'" in str(raised[0])
        assert c.stream.state == "replaced"
        assert told.wait()[0].applications == ("home",)
        assert len(evicted.wait()) == len(before.wait()) == 1
        with pytest.raises(errors.ConnectionFailedException, match="another program"):
            c.stream.wait_for(lamp_key("a"), "LampOff", SOON, 0, {})
        time.sleep(0.2)
        assert len(c.server.peers) == 1
        c.stream.stop()
        assert c.stream.state == "replaced"
        c.stream.connect()
        assert c.stream.state == "connected"


def test_replaced_for_one_of_two_applications_goes_on_with_the_other() -> None:
    """And does not take the first back when it reconnects."""
    told, notes = Notes(), Notes()
    with connected(apps=("home", "garden")) as c:
        c.stream.add_event_handler(None, "ConnectionReplaced", told)
        c.stream.add_event_handler(None, "LampOn", notes)
        c.peer.send({"kind": "Evicted", "app": "home"}, lamp("a"))
        notes.wait()
        assert c.stream.state == "connected"
        c.peer.cut()
        peer = c.server.peer(1)
        assert peer.request is not None
        assert peer.request.path == "/house/events?app=garden"
        peer.send({"kind": "Evicted", "app": "garden"})
        assert told.wait()[0].applications == ("home", "garden")
        wait_until(lambda: c.stream.state == "replaced")


# --- the end --------------------------------------------------------------------------------


def running(stream: Any) -> threading.Thread:
    """A thread that runs the stream."""
    thread = threading.Thread(target=stream.run, daemon=True)
    thread.start()
    wait_until(lambda: stream.state == "connected")
    return thread


def test_stop_says_farewell() -> None:
    with connected() as c:
        c.stream.stop()
        assert c.peer.gone.wait(SOON)
        assert c.peer.protocol.close_rcvd.code == 1000


def test_stop_from_a_handler() -> None:
    stopped = Notes()
    with serving() as server, stream_to(server.port) as stream:

        def stop(_: object) -> None:
            begun = time.monotonic()
            stream.stop()
            stopped(time.monotonic() - begun)

        stream.add_event_handler(None, "LampOn", stop)
        thread = running(stream)
        server.peer().send(lamp("a"))
        thread.join(SOON)
        assert not thread.is_alive()
        assert stopped.wait()[0] < 1
        assert stream.state == "closed"


def test_stop_from_many_threads_and_twice() -> None:
    with serving() as server, stream_to(server.port) as stream:
        stream.stop()
        thread = running(stream)
        stoppers = [threading.Thread(target=stream.stop, daemon=True) for _ in range(8)]
        for stopper in stoppers:
            stopper.start()
        for stopper in [*stoppers, thread]:
            stopper.join(SOON)
            assert not stopper.is_alive()
        stream.stop()
        assert stream.state == "closed"


@pytest.mark.parametrize("how", ["cut", "reset", "deaf"])
def test_stop_with_a_connection_that_is_down(how: str) -> None:
    with serving() as server, stream_to(server.port, backoff=(5.0, 5.0)) as stream:
        thread = running(stream)
        peer = server.peer()
        if how == "deaf":
            server.deaf = True
        else:
            peer.cut(reset=how == "reset")
            wait_until(lambda: stream.state == "reconnecting")
        begun = time.monotonic()
        stream.stop()
        thread.join(SOON)
        assert time.monotonic() - begun < 1.5
        assert stream.state == "closed"


def test_stop_while_a_name_is_looked_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing can interrupt that; it is left behind, and changes nothing when it ends."""
    go_on = threading.Event()
    resolve = socket.getaddrinfo

    def slow(*arguments: Any, **named: Any) -> Any:
        assert go_on.wait(SOON)
        return resolve(*arguments, **named)

    with serving() as server, stream_to(server.port) as stream:
        monkeypatch.setattr(socket, "getaddrinfo", slow)
        threading.Timer(0.05, stream.stop).start()
        begun = time.monotonic()
        stream.run()
        assert time.monotonic() - begun < 2
        assert stream.state == "closed"
        go_on.set()
        wait_until(lambda: not [t for t in threading.enumerate() if "-events" in t.name])
        assert stream.state == "closed"


def test_stop_drops_what_has_not_begun() -> None:
    """And the objects that would have ended with it are forgotten all the same."""
    begun, go_on = threading.Event(), threading.Event()
    later = Notes()
    with connected(history_seconds=0.01) as c:

        def block(_: object) -> None:
            begun.set()
            assert go_on.wait(SOON)

        c.stream.add_event_handler(lamp_key("a"), "LampOn", block)
        c.stream.add_event_handler(lamp_key("a"), "LampOff", later)
        c.stream.add_event_handler(lamp_key("a"), "LampGone", later)
        c.peer.send(lamp("a"), lamp("a", "LampOff"), lamp("a", "LampGone"))
        assert begun.wait(SOON)
        wait_until(lambda: c.stream.sequence() == 3)
        c.stream.stop()
        go_on.set()
        assert c.stream._dispatcher.drain(SOON)
        assert later.events == []
        assert c.stream._handlers.objects() == []


def test_running_handlers_get_a_moment_to_finish() -> None:
    finished = Notes()
    with serving() as server, stream_to(server.port) as stream:

        def slow(event: Any) -> None:
            stream.stop()
            time.sleep(0.2)
            finished(event)

        stream.add_event_handler(None, "LampOn", slow)
        threading.Thread(target=lambda: server.peer().send(lamp("a")), daemon=True).start()
        stream.run()
        assert len(finished.events) == 1


@pytest.fixture
def _ctrl_c() -> Iterator[None]:
    """Ctrl-C works, as in a terminal; in a job in the background it is ignored."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("_ctrl_c")
def test_ctrl_c_ends_run() -> None:
    """In this very process: run() is on the main thread here."""
    assert threading.current_thread() is threading.main_thread()
    with serving() as server, stream_to(server.port) as stream:

        def interrupt() -> None:
            server.peer()
            os.kill(os.getpid(), signal.SIGINT)

        threading.Thread(target=interrupt, daemon=True).start()
        begun = time.monotonic()
        stream.run()
        assert time.monotonic() - begun < 1
        assert stream.state == "closed"
        assert server.peer().gone.wait(SOON)


@pytest.mark.usefixtures("_ctrl_c")
def test_ctrl_c_ends_run_while_it_connects() -> None:
    with serving() as server, stream_to(server.port) as stream:
        server.deaf = True
        threading.Timer(0.1, os.kill, (os.getpid(), signal.SIGINT)).start()
        begun = time.monotonic()
        stream.run()
        assert time.monotonic() - begun < 1


PROGRAM = """
    import signal, sys, threading
    signal.signal(signal.SIGINT, signal.default_int_handler)
    sys.path[:0] = {path!r}
    from events_support import *

    stream = events.EventStream(
        FACTS, connector({port}), Event, lambda: None, apps=["home"], backoff=(0.1, 1.0)
    )
    stream.add_event_handler(None, "LampOn", lambda event: (print("on", flush=True), time.sleep(60)))
    print("ready", flush=True)
    {action}
    print("end", stream.state, flush=True)
"""


def program(port: int, action: str) -> subprocess.Popen[str]:
    """A process with a stream."""
    path = [str(Path(__file__).resolve().parent), *sys.path]
    text = textwrap.dedent(PROGRAM).format(path=path, port=port, action=action)
    return subprocess.Popen(
        [sys.executable, "-c", text], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def test_ctrl_c_ends_a_program_whose_handlers_are_busy() -> None:
    with serving() as server, program(server.port, "stream.run()") as process:
        assert process.stdout is not None
        server.peer().send(*[lamp(str(number)) for number in range(30)])
        for expected in ("ready\n", "on\n"):
            assert process.stdout.readline() == expected
        begun = time.monotonic()
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=SOON)
        assert time.monotonic() - begun < 2
        assert out.splitlines()[-1] == "end closed"
        assert (process.returncode, err) == (0, "")


def test_a_program_that_just_ends() -> None:
    """Without stop(): no thread keeps it alive, none complains."""
    with serving() as server, program(server.port, "stream.connect()") as process:
        out, err = process.communicate(timeout=SOON)
        assert out.splitlines() == ["ready", "end connected"]
        assert (process.returncode, err) == (0, "")


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork on this system")
@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_a_forked_child_leaves_the_connection_alone() -> None:
    """In the child the library is closed, and can connect for itself."""
    notes = Notes()
    with connected() as c:
        c.stream.add_event_handler(None, "LampOn", notes)
        held, go_on = threading.Event(), threading.Event()
        stream = c.stream
        parts = (stream._handlers, stream._history, stream._dispatcher)
        locks = [stream._lock, stream._numbering, *(lock for part in parts for lock in part._locks)]

        def hold() -> None:
            # A thread that has locks at that moment is not there to release them in the child.
            with contextlib.ExitStack() as stack:
                for lock in locks:
                    stack.enter_context(lock)
                held.set()
                go_on.wait(SOON)

        threading.Thread(target=hold, daemon=True).start()
        assert held.wait(SOON)
        child = os.fork()
        go_on.set()
        if child == 0:
            code = 1
            signal.alarm(10)
            try:
                assert c.stream.state == "closed"
                c.stream.stop()
                c.stream.add_event_handler(None, "LampOff", print)
                c.stream.connect()
                assert c.stream.state == "connected"
                c.stream.stop()
                code = 0
            finally:
                os._exit(code)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
        c.peer.send(lamp("a"))
        notes.wait()
        assert c.stream.state == "connected"
        assert not c.peer.gone.is_set()


SIGNALS = """
    import logging, random, signal, faulthandler
    logging.disable(logging.CRITICAL)
    faulthandler.dump_traceback_later(40, exit=True)
    # A handler of a signal runs in the middle of whatever the main thread is doing.
    def stop(*_):
        stream.stop()
        if running:
            # The first may have come before run() had begun.
            signal.setitimer(signal.ITIMER_REAL, 0.01)
    signal.signal(signal.SIGALRM, stop)
    for number in range(400):
        running = False
        signal.setitimer(signal.ITIMER_REAL, random.uniform(0.00001, 0.01))
        try:
            stream.connect()
            while stream.state == "connected":
                stream.add_event_handler(("Lamp", (str(number),)), "LampOn", print)
                stream.remove_event_handler(("Lamp", (str(number),)), "LampOn", print)
                stream.wait_for(("Lamp", ("x",)), "LampOn", 0.0001, 0, {})
        except errors.LibraryException:
            pass
        running = True
        signal.setitimer(signal.ITIMER_REAL, random.uniform(0.00001, 0.01))
        stream.run()
        running = False
        signal.setitimer(signal.ITIMER_REAL, 0)
        assert stream.state == "closed", stream.state
"""


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="there are no timers on this system")
def test_stop_in_a_signal_handler() -> None:
    """Wherever the signal finds the main thread, nothing waits for ever."""
    with (
        serving() as server,
        program(server.port, textwrap.dedent(SIGNALS)) as process,
    ):
        out, err = process.communicate(timeout=60)
        assert (process.returncode, err) == (0, "")
        assert out.splitlines() == ["ready", "end closed"]


def test_nothing_is_left_behind() -> None:
    """Neither threads nor descriptors, however often it is connected and cut."""
    folder = Path("/proc/self/fd")

    def descriptors() -> int:
        return len(list(folder.iterdir())) if folder.is_dir() else 0

    with serving() as server, stream_to(server.port) as stream:
        for number in range(3):
            stream.connect()
            server.peer(2 * number).cut()
            server.peer(2 * number + 1)
            stream.stop()
        wait_until(lambda: all(peer.gone.is_set() for peer in server.peers))
        before = descriptors()
        for _ in range(20):
            stream.connect()
            stream.stop()
        server.status = 404
        for _ in range(20):
            with pytest.raises(errors.NotFoundException):
                stream.connect()
        wait_until(lambda: all(peer.gone.is_set() for peer in server.peers))
        wait_until(lambda: descriptors() <= before)
        wait_until(lambda: not [t for t in threading.enumerate() if t.name.endswith("-events")])


# --- importing ------------------------------------------------------------------------------


def test_websockets_is_imported_when_it_is_needed() -> None:
    """A program that only makes calls does not pay for it."""
    path = [str(Path(websocket.__file__).resolve().parents[2]), *sys.path]
    text = f"import sys; sys.path[:0] = {path!r}; import {PACKAGE}.runtime.events as events; " + (
        "print([m for m in ('websockets', 'difflib') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", text], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_without_websockets_the_error_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "websockets.client", None)
    with serving() as server:
        error = fails(server.port)
    assert "pip install websockets" in str(error)


# --- TLS ------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for this host, with its key, in one file."""
    path = tmp_path_factory.mktemp("tls") / "both.pem"
    path.write_text((Path(__file__).parent / "events_localhost.pem").read_text())
    return path


def test_tls_with_an_authority_of_ones_own(certificate: Path) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    trust = ssl.create_default_context(cafile=str(certificate))
    notes = Notes()
    with tls_server(context) as server:
        link = connector(server.port, scheme="https", ssl_context=trust)
        with stream_to(server.port, connector=link) as stream:
            stream.add_event_handler(None, "LampOn", notes)
            stream.connect()
            server.peer().send(*[lamp("a", text="x" * 1000)] * 200)
            notes.wait(200)
            server.peer().cut()
            server.peer(1).send(lamp("a"))
            notes.wait(201)


def test_an_untrusted_certificate_says_what_to_do(certificate: Path) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with tls_server(context) as server:
        error = fails(server.port, connector=connector(server.port, scheme="https"))
    assert isinstance(error, errors.ConnectionFailedException)
    assert "ca_file" in str(error)


def tls_server(context: ssl.SSLContext) -> Any:
    """A server behind TLS."""
    return serving(tls=context)
