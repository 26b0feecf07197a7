"""Plays a sound to everybody whose call is in a Stasis application: announce.py URL USER PASSWORD SOUND"""

from __future__ import annotations

import sys

from asteriskpy import AsteriskPy


def announce(asterisk: AsteriskPy, sound: str) -> list[str]:
    """Play the sound, and return the names of the channels that hear it."""
    heard = []
    for channel in asterisk.channels.list():
        if channel.dialplan.app_name == "Stasis":
            channel.play(sound)
            heard.append(channel.name)
    return heard


if __name__ == "__main__":
    url, user, password, sound = sys.argv[1:]
    with AsteriskPy(url, user, password) as asterisk:
        print("\n".join(announce(asterisk, sound)))
