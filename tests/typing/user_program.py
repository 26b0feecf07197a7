"""A program as a user would write it, with every type written out: mypy must find it in order.

It is never run.  ``assert_type`` holds what the library's annotations promise.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import asteriskpy
from asteriskpy import (
    AsteriskException,
    AsteriskInfo,
    AsteriskPy,
    Bridge,
    CallerID,
    Channel,
    ChannelDestroyed,
    ChannelDtmfReceived,
    ChannelUserevent,
    ConnectionLost,
    ConnectionRestored,
    Event,
    IllegalStateException,
    LiveRecording,
    NotFoundException,
    Playback,
    PlaybackFinished,
    StasisStart,
    StoredRecording,
    TimeoutException,
    Variable,
)
from typing_extensions import assert_type

asterisk = AsteriskPy("http://localhost:8088/ari", "user", "password", app="hello")
several = AsteriskPy("https://pbx/ari", "user", "password", app=["a", "b"], ca_file=Path("ca.pem"))


def attributes(channel: Channel) -> None:
    """Attributes have the documents' types."""
    assert_type(channel.id, str)
    assert_type(channel.creationtime, datetime)
    assert_type(channel.caller, CallerID)
    assert_type(channel.caller.number, str)
    assert_type(channel.channelvars, dict[str, Any] | None)
    assert_type(channel["not_yet_documented"], Any)
    assert_type(channel.to_dict(), dict[str, Any])
    info = asterisk.get_info()
    assert_type(info, AsteriskInfo)
    if info.system is not None:
        assert_type(info.system.version, str)


def operations(channel: Channel) -> None:
    """Operations give their results; where an id is expected an object is taken too."""
    assert_type(asterisk.get_channels(), list[Channel])
    assert_type(asterisk.channels.list(), list[Channel])
    assert_type(asterisk.get_channel("1"), Channel)
    assert_type(asterisk.get_recordings(), list[StoredRecording])
    made = asterisk.channels.originate(
        "PJSIP/alice", app="hello", timeout=30, variables={"A": 1, "B": True, "C": "text"}
    )
    assert_type(made, Channel)
    made.answer()
    asterisk.channels.answer(made)
    asterisk.channels.answer(made.id)
    made.mute(direction="in")
    playback = made.play("sound:hello-world")
    assert_type(playback, Playback)
    assert_type(made.play(["sound:one", "sound:two"], lang="en", request_timeout=2.5), Playback)
    playback.control("pause")
    bridge = asterisk.new_bridge()
    assert_type(bridge, Bridge)
    assert_type(bridge.create(type="mixing"), Bridge)
    bridge.add_channel([channel, made.id])
    bridge.add_channel(channel, mute=True)
    assert_type(channel.get_channel_var("A"), Variable)
    recording = channel.record("name", "wav", if_exists="overwrite")
    assert_type(recording, LiveRecording)
    recording.stop()
    stored = asterisk.get_recording(recording.name)
    assert_type(stored.get_stored_file(), bytes)
    assert_type(stored.get_stored_file_to("file.wav"), int)
    assert_type(stored.get_stored_file_to(io.BytesIO()), int)
    asterisk.asterisk.get_info(only=["build", "system"])


def on_start(event: StasisStart) -> None:
    """A handler that names the event it takes."""
    assert_type(event.args, list[str])
    assert_type(event.channel, Channel)
    assert_type(event.replace_channel, Channel | None)
    assert_type(event.timestamp, datetime)


def on_digit(event: ChannelDtmfReceived) -> bool:
    """What a handler returns does not matter."""
    return event.digit == "#"


class Counter:
    """A handler may be a method, or an object that can be called."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, event: Event) -> None:
        self.count += 1

    def lost(self, event: ConnectionLost) -> None:
        assert_type(event.since, datetime)
        assert_type(event.reason, str)

    def restored(self, event: ConnectionRestored) -> None:
        assert_type(event.missed_to - event.missed_from > event.missed_to - event.missed_from, bool)


def handlers(channel: Channel) -> None:
    """Handlers are put on by class, which is checked, or by name."""
    counter = Counter()
    asterisk.add_event_handler(StasisStart, on_start)
    asterisk.add_event_handler("StasisStart", on_start)
    asterisk.remove_event_handler(StasisStart, on_start)
    channel.add_event_handler(ChannelDtmfReceived, on_digit)
    channel.once(ChannelDtmfReceived, on_digit)
    channel.once("ChannelDestroyed", lambda event: print(event.cause))
    channel.add_event_handler(ChannelDestroyed, lambda event: print(event.cause_txt.upper()))
    asterisk.add_event_handler(Event, counter)
    # A handler of the base type takes every event.
    asterisk.add_event_handler(ChannelUserevent, counter)
    asterisk.add_event_handler(ConnectionLost, counter.lost)
    asterisk.add_event_handler("ConnectionRestored", counter.restored)
    anything: Callable[[Any], None] = print
    asterisk.add_event_handler(Event, anything)


def waiting(channel: Channel, playback: Playback) -> str:
    """Waiting by class gives that class."""
    assert_type(channel.wait_for(ChannelDtmfReceived), ChannelDtmfReceived)
    assert_type(channel.wait_for(ChannelDtmfReceived, timeout=5).digit, str)
    assert_type(playback.wait_for(PlaybackFinished, 10).playback, Playback)
    assert_type(asterisk.wait_for("StasisStart", 0.5), Any)
    try:
        return channel.wait_for(ChannelDtmfReceived, 1).digit
    except TimeoutException as error:
        assert_type(error.status, int | None)
        return error.message


def errors(channel: Channel) -> None:
    """All exceptions are of one base."""
    try:
        channel.hangup()
    except (NotFoundException, IllegalStateException) as error:
        assert_type(error.path, str | None)
    except AsteriskException as error:
        assert_type(str(error), str)
        assert_type(error.body, str | None)
    except asteriskpy.ConnectionFailedException:
        pass


def main() -> None:
    """Serve until Ctrl-C."""
    with asterisk as opened:
        assert_type(opened, AsteriskPy)
        asterisk.connect()
        assert_type(asterisk.state, str)
        asterisk.run()
    asterisk.stop()
    asterisk.close()
