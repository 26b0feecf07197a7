"""Mistakes that a type checker must find in a user's program, each on a line of its own.

The comments name the kind of each.  mypy complains of one that it does not find; and
mypy_test.py looks at what it says of each.
"""

from __future__ import annotations

import asteriskpy
from asteriskpy import (
    AsteriskPy,
    Channel,
    ChannelDtmfReceived,
    PlaybackFinished,
    StasisStart,
)

asterisk = AsteriskPy("http://localhost:8088/ari", "user", "password", app="hello")
AsteriskPy()  # type: ignore[call-arg]
AsteriskPy("http://localhost:8088/ari", application="hello")  # type: ignore[call-arg]
AsteriskPy("http://localhost:8088/ari", timeout="long")  # type: ignore[arg-type]


def on_digit(event: ChannelDtmfReceived) -> None:
    """Takes one kind of event."""


def on_nothing() -> None:
    """Takes none."""


def misspelt(channel: Channel, event: StasisStart) -> None:
    """Names that do not exist."""
    channel.anwser()  # type: ignore[attr-defined]
    print(channel.caller.nubmer)  # type: ignore[attr-defined]
    print(event.chanel)  # type: ignore[attr-defined]
    asterisk.channel.list()  # type: ignore[attr-defined]
    asterisk.get_channnels()  # type: ignore[attr-defined]
    print(asteriskpy.NotFoundExeption)  # type: ignore[attr-defined]
    print(asteriskpy.StasisStrat)  # type: ignore[attr-defined]
    asterisk.add_event_handler("StasisStrat", print)  # type: ignore[call-overload]
    channel.wait_for("ChannelDtmfRecieved")  # type: ignore[call-overload]


def wrong_parameters(channel: Channel) -> None:
    """Parameters that are missing, unknown, or of another type."""
    asterisk.channels.originate()  # type: ignore[call-arg]
    asterisk.channels.originate("PJSIP/alice", application="hello")  # type: ignore[call-arg]
    asterisk.channels.originate("PJSIP/alice", timeout="30")  # type: ignore[arg-type]
    asterisk.channels.originate("PJSIP/alice", variables="A=1")  # type: ignore[arg-type]
    asterisk.get_channel(5)  # type: ignore[arg-type]
    channel.play()  # type: ignore[call-arg]
    channel.play("sound:beep", "en")  # type: ignore[call-arg]
    asterisk.bridges.add_channel("b", [5])  # type: ignore[list-item]
    asterisk.mailboxes.update("1", old_messages="2", new_messages=3)  # type: ignore[arg-type]


def wrong_choices(channel: Channel) -> None:
    """Values that are not among the allowed ones."""
    channel.mute(direction="sideways")  # type: ignore[arg-type]
    channel.hangup(reason="bored")  # type: ignore[arg-type]
    asterisk.asterisk.get_info(only="everything")  # type: ignore[arg-type]
    asterisk.asterisk.get_info(only=["build", "sytem"])  # type: ignore[list-item]
    asterisk.device_states.update("Stasis:a", "RED")  # type: ignore[arg-type]


def wrong_results(channel: Channel) -> None:
    """Results that are taken for something else."""
    number: int = channel.id  # type: ignore[assignment]
    digit: int = channel.wait_for(ChannelDtmfReceived).digit  # type: ignore[assignment]
    event: StasisStart = channel.wait_for(PlaybackFinished)  # type: ignore[assignment]
    print(channel.answer())  # type: ignore[func-returns-value]
    for each in asterisk.get_channels():
        print(each.level)  # type: ignore[attr-defined]
    print(number, digit, event)


def wrong_handlers(channel: Channel) -> None:
    """Handlers of other events, or of none."""
    channel.add_event_handler(StasisStart, on_digit)  # type: ignore[arg-type]
    channel.add_event_handler(ChannelDtmfReceived, on_nothing)  # type: ignore[arg-type]
    channel.once(StasisStart, lambda event: event.digit)  # type: ignore[attr-defined]
    channel.once(StasisStart, 5)  # type: ignore[call-overload]
