"""Events of a real Asterisk: handlers, waiting, and connections that are lost and come back."""

from __future__ import annotations

import gc
import logging
import os
import signal
import subprocess
import sys
import threading
import time
import weakref
from collections.abc import Iterator
from datetime import datetime, timezone
from typing import Any

import pytest
from asteriskpy import (
    AsteriskException,
    AsteriskPy,
    BridgeCreated,
    BridgeDestroyed,
    Channel,
    ChannelDestroyed,
    ChannelDtmfReceived,
    ChannelUserevent,
    ConnectionFailedException,
    ConnectionLost,
    ConnectionReplaced,
    ConnectionRestored,
    DeviceStateChanged,
    Event,
    IllegalInputException,
    PlaybackFinished,
    StasisEnd,
    StasisStart,
    TimeoutException,
)
from replay.asterisk import Asterisk, live_asterisk

from tests.live.support import Proxy, library_for, until


def call(library: AsteriskPy, app: str, extension: str = "200") -> Channel:
    """An answered call to an extension, in the application."""
    channel = library.channels.originate(f"Local/{extension}@default", app=app)
    channel.wait_for(StasisStart, 10)
    return channel


def tick(library: AsteriskPy, app: str, channel: Channel | None = None, number: int = 0) -> None:
    """Has the server send a user event, of the channel if one is given."""
    source = [f"channel:{channel.id}"] if channel else None
    library.events.user_event(
        "tick", application=app, source=source, variables={"number": str(number)}
    )


def is_gone(trace: weakref.ref[Any]) -> bool:
    """Whether nothing holds the object any more."""
    gc.collect()
    return trace() is None


# --- handlers ---------------------------------------------------------------------------------


def test_handlers_on_the_library_and_on_objects(library: AsteriskPy, app: str) -> None:
    heard: list[str] = []
    channel = library.new_channel()
    other = library.new_channel()
    channel.add_event_handler("StasisStart", lambda event: heard.append("channel"))
    other.add_event_handler("StasisStart", lambda event: heard.append("other"))
    library.add_event_handler(StasisStart, lambda event: heard.append("library"))
    channel.originate("Local/200@default", app=app)
    channel.wait_for(StasisStart, 10)
    until(lambda: len(heard) >= 2)
    other.originate("Local/200@default", app=app)
    other.wait_for(StasisStart, 10)
    until(lambda: len(heard) >= 4)
    # The library's come first; each object hears of itself alone.
    assert heard == ["library", "channel", "library", "other"]


def test_a_base_type_means_all_its_events(library: AsteriskPy, app: str) -> None:
    types: list[str] = []
    library.add_event_handler(Event, lambda event: types.append(type(event).__name__))
    call(library, app).hangup()
    until(lambda: "ChannelDestroyed" in types)
    assert {"StasisStart", "ChannelStateChange", "Dial", "StasisEnd"} <= set(types)


def test_once_and_remove(library: AsteriskPy, app: str) -> None:
    channel = call(library, app)
    first: list[int] = []
    every: list[int] = []
    removed: list[int] = []

    def note_removed(event: ChannelUserevent) -> None:
        removed.append(1)

    channel.once(ChannelUserevent, lambda event: first.append(1))
    channel.add_event_handler(ChannelUserevent, lambda event: every.append(1))
    channel.add_event_handler(ChannelUserevent, note_removed)
    tick(library, app, channel)
    until(lambda: removed)
    channel.remove_event_handler(ChannelUserevent, note_removed)
    tick(library, app, channel)
    tick(library, app, channel)
    until(lambda: len(every) == 3)
    assert (len(first), len(removed)) == (1, 1)
    with pytest.raises(IllegalInputException, match="not registered"):
        channel.remove_event_handler(ChannelUserevent, note_removed)


def test_events_of_one_object_come_in_order(library: AsteriskPy, app: str) -> None:
    channel = call(library, app)
    numbers: list[int] = []
    busy = threading.Lock()

    def handle(event: ChannelUserevent) -> None:
        assert busy.acquire(blocking=False), "two handlers of one object ran at once"
        numbers.append(int(event.userevent["number"]))
        time.sleep(0.002)
        busy.release()

    channel.add_event_handler(ChannelUserevent, handle)
    for number in range(100):
        tick(library, app, channel, number)
    until(lambda: len(numbers) == 100, 10)
    assert numbers == list(range(100))


def test_a_handler_that_blocks_stops_no_other(library: AsteriskPy, app: str) -> None:
    slow, quick = call(library, app), call(library, app)
    release = threading.Event()
    heard = threading.Event()
    slow.add_event_handler(ChannelUserevent, lambda event: release.wait(20))
    quick.add_event_handler(ChannelUserevent, lambda event: heard.set())
    tick(library, app, slow)
    tick(library, app, quick)
    assert heard.wait(5)
    release.set()


def test_a_handler_that_fails_hurts_no_other(
    library: AsteriskPy, app: str, caplog: pytest.LogCaptureFixture
) -> None:
    channel = call(library, app)
    heard = threading.Event()

    def fail(event: ChannelUserevent) -> None:
        raise ValueError("on purpose")

    channel.add_event_handler(ChannelUserevent, fail)
    channel.add_event_handler(ChannelUserevent, lambda event: heard.set())
    with caplog.at_level(logging.ERROR, logger="asteriskpy"):
        tick(library, app, channel)
        assert heard.wait(5)
    assert "on purpose" in caplog.text


def test_handlers_of_an_object_go_when_it_ends(library: AsteriskPy, app: str) -> None:
    channel = call(library, app)
    ended = threading.Event()

    def handle(event: Event) -> None:
        if isinstance(event, ChannelDestroyed):
            ended.set()

    channel.add_event_handler("Event", handle)
    trace = weakref.ref(handle)
    del handle
    channel.hangup()
    # The last event still reaches its handler.
    assert ended.wait(5)
    until(lambda: is_gone(trace))


def test_an_unknown_event_name_is_pointed_out(library: AsteriskPy) -> None:
    with pytest.warns(UserWarning, match="Did you mean StasisStart"):
        library.add_event_handler("StasisStrat", print)  # type: ignore[call-overload]


def test_many_events_all_arrive_though_a_handler_is_slow(library: AsteriskPy, app: str) -> None:
    """Asterisk cuts a client off that does not read; these events are more than buffers hold."""
    count = 20_000
    library.applications.filter(app, filter={"allowed": [{"type": "ChannelUserevent"}]})
    numbers: list[int] = []

    def handle(event: ChannelUserevent) -> None:
        if not numbers:
            time.sleep(4)
        numbers.append(int(event.userevent["number"]))

    library.add_event_handler(ChannelUserevent, handle)
    library.channels.originate(
        "Local/208@default", app=app, variables={"__COUNT": count, "__TEXT": "x" * 2000}
    )
    until(lambda: len(numbers) >= count, 90)
    assert numbers == list(range(1, count + 1))
    assert library.state == "connected"


# --- waiting ----------------------------------------------------------------------------------


def test_waiting_finds_what_has_come_already(library: AsteriskPy, app: str) -> None:
    channel = call(library, app, "203")
    time.sleep(1.5)
    digits = [channel.wait_for(ChannelDtmfReceived, 10).digit for _ in range(3)]
    assert digits == ["1", "2", "3"]
    # Another object of the same channel, which came about later, hears what comes from then on.
    with pytest.raises(TimeoutException):
        library.get_channel(channel.id).wait_for(StasisStart, 0.3)


def test_waiting_in_a_handler(library: AsteriskPy, app: str) -> None:
    """A handler may do a whole call, one step after the other."""
    done: list[str] = []
    channel = library.new_channel()

    def serve(event: StasisStart) -> None:
        playback = event.channel.play("sound:beep")
        done.append(playback.wait_for(PlaybackFinished, 10).playback.state)
        event.channel.hangup()
        done.append(type(event.channel.wait_for(StasisEnd, 10)).__name__)

    channel.add_event_handler(StasisStart, serve)
    channel.originate("Local/200@default", app=app)
    until(lambda: len(done) == 2, 15)
    assert done == ["done", "StasisEnd"]


def test_waiting_on_the_library_finds_what_came_since_the_latest_call(
    library: AsteriskPy, app: str, asterisk: Asterisk
) -> None:
    with library_for(asterisk) as caller:
        # Nothing was called in this thread but connect.
        tick(caller, app)
        time.sleep(0.5)
        assert library.wait_for(ChannelUserevent, 10).eventname == "tick"
        tick(caller, app)
        time.sleep(0.5)
        library.get_info()
        with pytest.raises(TimeoutException):
            library.wait_for(ChannelUserevent, 0.3)


def test_waiting_on_the_library_in_a_handler_finds_nothing_older(
    library: AsteriskPy, app: str
) -> None:
    found: list[int] = []

    def handle(event: ChannelUserevent) -> None:
        number = int(event.userevent["number"])
        if number == 1:
            library.get_info()
        elif number == 3:
            # This thread made its call before number 2 came, on behalf of another event.
            newer = library.wait_for(ChannelUserevent, 10)
            found.append(int(newer.userevent["number"]))

    library.add_event_handler(ChannelUserevent, handle)
    for number in (1, 2, 3, 4):
        tick(library, app, number=number)
        time.sleep(0.3)
    until(lambda: found)
    assert found == [4]


def test_waiting_in_several_threads(library: AsteriskPy, app: str) -> None:
    states: list[str] = []

    def one_call() -> None:
        channel = library.channels.originate("Local/200@default", app=app)
        channel.wait_for(StasisStart, 20)
        playback = channel.play("sound:beep")
        states.append(playback.wait_for(PlaybackFinished, 20).playback.state)
        channel.hangup()
        channel.wait_for(ChannelDestroyed, 20)

    threads = [threading.Thread(target=one_call) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert states == ["done"] * 8


def test_waiting_ends_when_the_library_stops(library: AsteriskPy, app: str) -> None:
    channel = call(library, app)
    threading.Timer(0.3, library.stop).start()
    started = time.monotonic()
    with pytest.raises(ConnectionFailedException):
        channel.wait_for("ChannelHold", 30)
    assert time.monotonic() - started < 5


# --- connections that are lost ----------------------------------------------------------------


@pytest.fixture
def proxy(asterisk: Asterisk) -> Iterator[Proxy]:
    with Proxy(asterisk.port) as proxy:
        yield proxy


@pytest.fixture
def remote(asterisk: Asterisk, proxy: Proxy, app: str) -> Iterator[AsteriskPy]:
    """A library that reaches the server through the proxy."""
    with library_for(asterisk, app, port=proxy.port) as library:
        library.connect()
        yield library


def test_a_lost_connection_comes_back(
    remote: AsteriskPy, proxy: Proxy, app: str, asterisk: Asterisk
) -> None:
    told: list[ConnectionLost | ConnectionRestored] = []
    remote.add_event_handler(ConnectionLost, told.append)
    remote.add_event_handler(ConnectionRestored, told.append)
    channel = call(remote, app)
    bridge = remote.new_bridge()
    bridge.create(type="mixing")
    bridge.add_channel(channel)
    remote.applications.subscribe(app, event_source=["endpoint:PJSIP/loop", "deviceState:Stasis:x"])
    remote.applications.filter(app, filter={"disallowed": [{"type": "ChannelVarset"}]})
    heard: list[str] = []
    channel.add_event_handler("Event", lambda event: heard.append(type(event).__name__))

    proxy.refusing = True
    proxy.cut()
    until(lambda: remote.state == "reconnecting")
    noticed = datetime.now(timezone.utc)
    time.sleep(0.5)
    proxy.refusing = False
    restored = remote.wait_for(ConnectionRestored, 20)
    assert remote.state == "connected"
    until(lambda: len(told) == 2)
    lost, again = told
    assert isinstance(lost, ConnectionLost)
    assert lost.reason
    assert isinstance(again, ConnectionRestored)
    assert restored.missed_from == again.missed_from == lost.since
    assert lost.since <= noticed < again.missed_to
    assert (again.missed_to - again.missed_from).total_seconds() >= 0.5

    # What was there before the cut is still heard of, on the handlers of that time.
    with library_for(asterisk) as direct:
        direct.channels.get(channel.id).play("sound:beep")
        direct.device_states.update("Stasis:x", "INUSE")
        assert remote.wait_for(DeviceStateChanged, 10).device_state.state == "INUSE"
        application = direct.applications.get(app)
        assert application.endpoint_ids == ["PJSIP/loop"]
        assert application.events_disallowed == [{"type": "ChannelVarset"}]
        channel.hangup()
        channel.wait_for(StasisEnd, 10)
        assert bridge.wait_for("ChannelLeftBridge", 10).channel == channel
        until(lambda: "ChannelDestroyed" in heard)

        # The server counts subscriptions, and those to endpoints it keeps over a cut: they must not
        # be there twice now.
        remote.applications.unsubscribe(app, event_source="endpoint:PJSIP/loop")
        assert direct.applications.get(app).endpoint_ids == []
    bridge.destroy()


def test_a_connection_that_is_lost_again_and_again(
    remote: AsteriskPy, proxy: Proxy, app: str
) -> None:
    # The server forgets this one with the connection.
    remote.applications.subscribe(app, event_source="bridge:")
    for _ in range(3):
        proxy.cut()
        remote.wait_for(ConnectionRestored, 20)
        bridge = remote.bridges.create(type="mixing")
        assert bridge.wait_for(BridgeCreated, 10).bridge == bridge
        bridge.destroy()


def test_what_could_not_be_made_loses_its_handlers(library: AsteriskPy, app: str) -> None:
    library.connect()
    channel = library.new_channel()
    channel.add_event_handler(StasisStart, print)
    with pytest.raises(AsteriskException):
        channel.originate("Nowhere/1", app=app)
    assert channel._key in library._stream._lifetimes


def test_stopping_while_the_connection_is_lost(remote: AsteriskPy, proxy: Proxy) -> None:
    proxy.refusing = True
    proxy.cut()
    until(lambda: remote.state == "reconnecting")
    started = time.monotonic()
    remote.stop()
    remote.stop()
    assert time.monotonic() - started < 2
    assert remote.state == "closed"
    accepted = proxy.accepted
    time.sleep(1.5)
    assert proxy.accepted == accepted


def test_the_server_is_started_anew(app: str) -> None:
    with live_asterisk() as asterisk, library_for(asterisk, app) as library:
        library.connect()
        library.applications.subscribe(app, event_source=["endpoint:PJSIP/loop", "bridge:"])
        channel = call(library, app)

        def handle(event: StasisEnd) -> None:
            raise AssertionError("this channel's end is never told")

        channel.add_event_handler(StasisEnd, handle)
        trace = weakref.ref(handle)
        del handle
        asterisk.restart()
        library.wait_for(ConnectionRestored, 60)
        application = library.applications.get(app)
        assert application.endpoint_ids == ["PJSIP/loop"]
        assert application.bridge_ids == ["__AST_BRIDGE_ALL_TOPIC"]
        # The channel went with the server, and took its handlers along.
        until(lambda: is_gone(trace), 10)
        call(library, app).hangup()


def test_another_program_takes_the_application_over(
    library: AsteriskPy, app: str, asterisk: Asterisk
) -> None:
    told: list[ConnectionReplaced] = []
    library.add_event_handler(ConnectionReplaced, told.append)
    failures: list[Exception] = []

    def run() -> None:
        try:
            library.run()
        except ConnectionFailedException as error:
            failures.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    with library_for(asterisk, app) as other:
        other.connect()
        thread.join(10)
        assert not thread.is_alive()
        assert library.state == "replaced"
        assert "another program" in str(failures[0])
        until(lambda: told)
        assert told[0].applications == (app,)
        time.sleep(1.5)
        # It does not take the application back, and its calls still work.
        assert other.state == "connected"
        assert library.asterisk.ping().ping == "pong"
        call(other, app).hangup()


# --- beginning and end ------------------------------------------------------------------------


def test_an_application_is_needed(asterisk: Asterisk) -> None:
    with library_for(asterisk) as library:
        with pytest.raises(IllegalInputException, match="app"):
            library.connect()
        with pytest.raises(IllegalInputException, match="app"):
            library.run()


@pytest.mark.parametrize("name", ["a,b", "it's", 'a "b"', "x(y)", " lead", "back\\slash", ""])
def test_a_name_that_the_server_would_not_find(asterisk: Asterisk, name: str) -> None:
    library = library_for(asterisk, name)
    with library, pytest.raises(IllegalInputException) as raised:
        library.connect()
    assert f"can be called {name!r}:" in str(raised.value)


@pytest.mark.parametrize("name", ["ü 世", "a&b=c#d", "50%/x?+", "out:Local/3@default-01;2"])
def test_names_of_applications(asterisk: Asterisk, name: str) -> None:
    with library_for(asterisk, name) as library:
        library.connect()
        assert library.applications.get(name).name == name
        channel = call(library, name)
        assert library.applications.get(name).channel_ids
        channel.hangup()


def test_several_applications_in_one_library(asterisk: Asterisk, app: str) -> None:
    with library_for(asterisk, [app, f"{app} and more"]) as library:
        library.connect()
        call(library, app).hangup()
        call(library, f"{app} and more").hangup()


def test_all_events_of_the_server(asterisk: Asterisk, library: AsteriskPy, app: str) -> None:
    with library_for(asterisk, f"{app}-watcher", subscribe_all=True) as watcher:
        watcher.connect()
        watcher.get_info()
        bridge = library.bridges.create(type="mixing")
        watcher.wait_for("BridgeCreated", 10)
        bridge.destroy()
        assert watcher.wait_for(BridgeDestroyed, 10).bridge == bridge


def test_waiting_before_connecting_says_what_to_do(asterisk: Asterisk, app: str) -> None:
    library = library_for(asterisk, app)
    with library, pytest.raises(ConnectionFailedException, match=r"connect\(\)"):
        library.wait_for(StasisStart, 10)


def test_the_library_can_be_used_after_stop(library: AsteriskPy, app: str) -> None:
    library.stop()
    assert library.state == "closed"
    assert library.asterisk.ping().ping == "pong"
    library.connect()
    assert library.state == "connected"
    call(library, app).hangup()
    library.close()
    assert library.asterisk.ping().ping == "pong"


def test_run_ends_by_stop_in_a_handler(library: AsteriskPy, app: str) -> None:
    library.add_event_handler(ChannelUserevent, lambda event: library.stop())
    threading.Timer(0.3, tick, (library, app)).start()
    started = time.monotonic()
    library.run()
    assert time.monotonic() - started < 5
    assert library.state == "closed"


_PROGRAM = """\
import sys
from asteriskpy import AsteriskPy
with AsteriskPy(sys.argv[1], "user", "password", app=sys.argv[2]) as library:
    library.connect()
    library.add_event_handler("ChannelUserevent", lambda event: library.wait_for("Dial", 60))
    library.events.user_event("x", application=sys.argv[2])
    print("ready", flush=True)
    library.run()
print("ended", flush=True)
"""


def test_control_c_ends_a_program(asterisk: Asterisk, app: str) -> None:
    """Even while a handler waits; and within a second."""
    with subprocess.Popen(
        [sys.executable, "-c", _PROGRAM, asterisk.url, app],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
    ) as program:
        assert program.stdout is not None
        assert program.stderr is not None
        assert program.stdout.readline() == "ready\n"
        time.sleep(0.3)
        started = time.monotonic()
        program.send_signal(signal.SIGINT)
        assert program.stdout.readline() == "ended\n"
        code = program.wait(5)
        assert time.monotonic() - started < 1.5
        assert code == 0
        errors = program.stderr.read()
        assert "Traceback" not in errors or "ConnectionFailedException" in errors
