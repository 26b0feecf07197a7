#!/usr/bin/env python3
"""A menu that callers choose from by digits, also while it is still being read.

In the dialplan: exten => 102,1,Stasis(ivr)
                  same => n,Dial(PJSIP/operator)    ; where 0 leads to
"""

import logging
import os
from contextlib import suppress

from asteriskpy import (
    AsteriskException,
    AsteriskPy,
    Channel,
    ChannelDtmfReceived,
    NotFoundException,
    PlaybackFinished,
    StasisStart,
    TimeoutException,
)

log = logging.getLogger("ivr")

asterisk = AsteriskPy(
    os.environ.get("ARI_URL", "http://localhost:8088/ari"),
    os.environ.get("ARI_USER", "user"),
    os.environ.get("ARI_PASSWORD", "password"),
    app="ivr",
)
PATIENCE = float(os.environ.get("IVR_PATIENCE", "10"))  # seconds from the start of a prompt


def say(channel: Channel, *media: str) -> None:
    """Play to the end."""
    channel.play(media).wait_for(PlaybackFinished, timeout=60)


def ask(channel: Channel, *media: str, digits: int = 1) -> str:
    """Play until a digit comes; the digits up to a ``#``, or as many as come in time."""
    playback, typed = channel.play(media), ""
    with suppress(TimeoutException):
        typed = channel.wait_for(ChannelDtmfReceived, timeout=PATIENCE).digit
    with suppress(NotFoundException):  # the prompt has ended already
        playback.stop()
    with suppress(TimeoutException):
        while 0 < len(typed) < digits and not typed.endswith("#"):
            typed += channel.wait_for(ChannelDtmfReceived, timeout=PATIENCE).digit
    return typed.rstrip("#")


def serve(event: StasisStart) -> None:
    """One call. Each has a thread of its own, so that this may take its time."""
    channel, silences = event.channel, 0
    try:
        channel.answer()
        while silences < 3:
            choice = ask(channel, "sound:basic-pbx-ivr-main")
            log.info("%s chose %r", channel.id, choice)
            silences = silences + 1 if not choice else 0
            if choice == "1":
                say(channel, "sound:tt-weasels")
            elif choice == "2":
                number = ask(channel, "sound:telephone-number", digits=15)
                say(channel, "sound:you-entered", f"digits:{number or 0}")
            elif choice == "0":
                return channel.continue_in_dialplan()
            elif choice:
                say(channel, "sound:pbx-invalid")
        say(channel, "sound:vm-goodbye")
        channel.hangup()
    except AsteriskException as error:
        log.info("%s is over: %s", channel.id, error)


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    with asterisk:
        asterisk.add_event_handler(StasisStart, serve)
        asterisk.run()
