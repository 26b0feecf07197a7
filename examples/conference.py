#!/usr/bin/env python3
"""A conference: music for who is alone, a tone when somebody joins or leaves.

In the dialplan: exten => 101,1,Stasis(conference,lobby)    ; lobby is the room's name
"""

import logging
import os
import threading

from asteriskpy import AsteriskException, AsteriskPy, Channel, StasisEnd, StasisStart

log = logging.getLogger("conference")
asterisk = AsteriskPy(
    os.environ.get("ARI_URL", "http://localhost:8088/ari"),
    os.environ.get("ARI_USER", "user"),
    os.environ.get("ARI_PASSWORD", "password"),
    app="conference",
)


class Room:
    """A bridge and the ids of the callers in it."""

    def __init__(self, name: str) -> None:
        self.bridge = asterisk.bridges.create(type="mixing", name=name)
        self.callers: set[str] = set()

    def join(self, channel: Channel) -> None:
        """Let a caller in; the second one ends the music."""
        channel.answer()
        self.bridge.add_channel(channel)
        self.callers.add(channel.id)
        if len(self.callers) == 1:
            return self.bridge.start_moh()
        if len(self.callers) == 2:
            self.bridge.stop_moh()
        self.bridge.play("sound:confbridge-join")

    def leave(self, channel: Channel) -> None:
        """Tell the others that a caller has left; nobody is left to tell in an empty room."""
        self.callers.discard(channel.id)
        if self.callers:
            self.bridge.play("sound:confbridge-leave")
        if len(self.callers) == 1:
            self.bridge.start_moh()


rooms: dict[str, Room] = {}
lock = threading.Lock()  # callers come and go at the same time, each in a thread of its own


def enter(event: StasisStart) -> None:
    """A caller comes; the dialplan's argument is the room's name."""
    name, channel = (event.args or ["lobby"])[0], event.channel
    channel.add_event_handler(StasisEnd, lambda end: leave(name, channel))
    with lock:
        rooms[name] = room = rooms.get(name) or Room(name)
        try:
            room.join(channel)
        except AsteriskException as error:
            log.info("a caller has gone already: %s", error)
        log.info("%s has %d", name, len(room.callers))


def leave(name: str, channel: Channel) -> None:
    """A caller has hung up; the last one closes the room."""
    with lock:
        rooms[name].leave(channel)
        log.info("%s has %d", name, len(rooms[name].callers))
        if not rooms[name].callers:
            rooms.pop(name).bridge.destroy()


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    with asterisk:
        asterisk.add_event_handler(StasisStart, enter)
        asterisk.run()
