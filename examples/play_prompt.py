#!/usr/bin/env python3
"""Answers every call, plays a prompt and hangs up.

In the dialplan: exten => 100,1,Stasis(play-prompt)
"""

import logging
import os
import sys

from asteriskpy import AsteriskException, AsteriskPy, PlaybackFinished, StasisStart

log = logging.getLogger("play_prompt")

asterisk = AsteriskPy(
    os.environ.get("ARI_URL", "http://localhost:8088/ari"),
    os.environ.get("ARI_USER", "user"),
    os.environ.get("ARI_PASSWORD", "password"),
    app="play-prompt",
)
media = sys.argv[1:] or ["sound:hello-world"]


def serve(event: StasisStart) -> None:
    """One call. Each has a thread of its own, so that this may take its time."""
    channel = event.channel
    log.info("%s calls", channel.caller.number or "somebody")
    try:
        channel.answer()
        playback = channel.play(media)
        end = playback.wait_for(PlaybackFinished, timeout=300)
        log.info("the prompt is %s", end.playback.state)
        channel.hangup()
    except AsteriskException as error:
        # Most often the caller has hung up.
        log.info("the call is over: %s", error)


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    with asterisk:
        asterisk.add_event_handler(StasisStart, serve)
        asterisk.run()
