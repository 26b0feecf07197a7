"""The server that the live tests share, and a library for each test."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import suppress

import pytest
from asteriskpy import AsteriskException, AsteriskPy
from replay.asterisk import Asterisk, live_asterisk

from tests.live.support import library_for

_numbers = itertools.count(1)

# Beside the extensions that every test's Asterisk has: a call to app_NAME goes to that application.
_EXTENSIONS = """\
exten => _app_.,1,Stasis(${EXTEN:4},the first,second)
 same => n,Hangup()
exten => 207,1,Answer()
 same => n,Wait(0.5)
 same => n,Transfer(PJSIP/sip:200@127.0.0.1)
 same => n,Wait(3600)
exten => 208,1,Answer()
 same => n,Wait(0.5)
 same => n,Set(NUMBER=0)
 same => n(next),Set(NUMBER=$[${NUMBER} + 1])
 same => n,UserEvent(tick,number: ${NUMBER},text: ${TEXT})
 same => n,GotoIf($[${NUMBER} < ${COUNT}]?next)
 same => n,Wait(3600)
exten => 302,1,StasisBroadcast(5000,,,yes)
 same => n,Hangup()
"""

# Calls the server itself, as the endpoint loop does; holding a call is told to the far end.
_ENDPOINT = """
[holder]
type=endpoint
transport=loopback
context=default
disallow=all
allow=ulaw
aors=loop
direct_media=no
moh_passthrough=yes
"""

#: What the configuration of the tests' Asterisk has in addition.
FILES = {"extensions.conf+": _EXTENSIONS, "pjsip.conf+": _ENDPOINT}


@pytest.fixture(scope="module")
def asterisk() -> Iterator[Asterisk]:
    """A running Asterisk; without one installed the tests are skipped, or fail if they must run."""
    with live_asterisk(read_only_user=True, files=FILES) as asterisk:
        yield asterisk


@pytest.fixture
def app() -> str:
    """The name of an application that no other test uses."""
    return f"live-{next(_numbers)}"


@pytest.fixture
def library(asterisk: Asterisk, app: str) -> Iterator[AsteriskPy]:
    """A connected library; when the test is over, its calls and bridges are ended."""
    with library_for(asterisk, app) as library:
        library.connect()
        yield library
        for channel in library.get_channels():
            with suppress(AsteriskException):
                channel.hangup()
        for bridge in library.get_bridges():
            with suppress(AsteriskException):
                bridge.destroy()
