"""Calls a phone, plays a greeting and hangs up: make_a_call.py URL USER PASSWORD PJSIP/alice"""

import sys

from asteriskpy import AsteriskPy, PlaybackFinished, StasisStart

url, user, password, phone = sys.argv[1:]
with AsteriskPy(url, user, password, app="hello") as asterisk:
    asterisk.connect()
    channel = asterisk.channels.originate(phone, app="hello", caller_id="Hello <100>")
    channel.wait_for(StasisStart, timeout=30)  # answered
    playback = channel.play("sound:hello-world")
    playback.wait_for(PlaybackFinished, timeout=20)
    channel.hangup()
