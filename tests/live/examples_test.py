"""The examples and the README's program, run as a user runs them, with calls from the test."""

from __future__ import annotations

import io
import math
import os
import re
import signal
import struct
import subprocess
import sys
import time
import wave
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from asteriskpy import (
    AsteriskPy,
    Channel,
    ChannelDestroyed,
    PlaybackFinished,
    PlaybackStarted,
    StasisStart,
)
from replay.asterisk import Asterisk, live_asterisk
from testing.paths import repository_file

from tests.live.support import library_for, until

# The lines of examples/README.md; nobody is there to be dialled, and a conference takes a name.
_EXTENSIONS = """\
exten => 100,1,Stasis(play-prompt)
exten => 101,1,Stasis(conference,lobby)
exten => 103,1,Stasis(conference)
exten => 102,1,Stasis(ivr)
 same => n(operator),Wait(3600)
"""


@pytest.fixture(scope="module")
def asterisk() -> Iterator[Asterisk]:
    """An Asterisk with the dialplan of the examples."""
    with live_asterisk(files={"extensions.conf+": _EXTENSIONS}) as asterisk:
        yield asterisk


@pytest.fixture
def watcher(asterisk: Asterisk) -> Iterator[AsteriskPy]:
    """A library that makes the calls, and hears what happens on the whole server."""
    with library_for(asterisk, "watcher", subscribe_all=True) as library:
        library.connect()
        library.get_info()
        yield library


class Played:
    """What is played on the server, in order."""

    def __init__(self, watcher: AsteriskPy) -> None:
        self.media: list[str] = []
        watcher.add_event_handler(
            PlaybackStarted, lambda event: self.media.append(event.playback.media_uri)
        )

    def next_is(self, media: str) -> None:
        """Waits for the next one, which must be this."""
        until(lambda: self.media, 15, f"{media} is played")
        assert self.media.pop(0) == media


class Example:
    """A program that runs."""

    def __init__(self, process: subprocess.Popen[str], log: Path) -> None:
        self.process = process
        self._log = log

    def log(self) -> str:
        """What it has said so far."""
        return self._log.read_text("utf-8")

    def says(self, text: str, seconds: float = 10) -> None:
        """Waits until it says so."""
        until(lambda: re.search(text, self.log()), seconds, f"{text!r} in the program's log")


@contextmanager
def running(
    name: str, asterisk: Asterisk, app: str, tmp_path: Path, *arguments: str, **settings: str
) -> Iterator[Example]:
    """An example that serves calls; Ctrl-C ends it without complaint, and it has not complained."""
    log = tmp_path / "log.txt"
    with (
        log.open("w") as output,
        subprocess.Popen(
            [sys.executable, str(repository_file(f"examples/{name}.py")), *arguments],
            stdout=output,
            stderr=subprocess.STDOUT,
            text=True,
            env=_environment(asterisk, **settings),
        ) as process,
    ):
        try:
            with library_for(asterisk) as library:
                until(
                    lambda: app in {each.name for each in library.applications.list()},
                    10,
                    f"{name} is connected",
                )
            example = Example(process, log)
            yield example
            process.send_signal(signal.SIGINT)
            assert process.wait(5) == 0
            assert "Traceback" not in example.log()
        finally:
            process.kill()
            if process.wait():
                print(log.read_text("utf-8"))


def _environment(asterisk: Asterisk, **settings: str) -> dict[str, str]:
    return {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
        "ARI_URL": asterisk.url,
        "ARI_USER": asterisk.username,
        "ARI_PASSWORD": asterisk.password,
        **settings,
    }


def dial(watcher: AsteriskPy, extension: str) -> Channel:
    """A caller: its channel is the phone in the caller's hand."""
    channel = watcher.channels.originate(
        f"Local/{extension}@default", app="watcher", caller_id="<4711>"
    )
    channel.wait_for(StasisStart, 10)
    return channel


def loudness(watcher: AsteriskPy, name: str) -> float:
    """How loud a stored recording is: the root mean square of its samples."""
    with wave.open(io.BytesIO(watcher.recordings.get_stored_file(name))) as sound:
        frames = sound.readframes(sound.getnframes())
    samples = struct.unpack(f"<{len(frames) // 2}h", frames)
    return math.sqrt(sum(sample * sample for sample in samples) / max(len(samples), 1))


# --- a call -----------------------------------------------------------------------------------


def test_make_a_call(watcher: AsteriskPy, asterisk: Asterisk) -> None:
    file = repository_file("examples/make_a_call.py")
    assert len(file.read_text("utf-8").splitlines()) <= 15
    done = subprocess.run(
        [sys.executable, str(file), asterisk.url, "user", "password", "Local/200@default"],
        capture_output=True,
        text=True,
        timeout=60,
        env=_environment(asterisk),
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    played = watcher.wait_for(PlaybackFinished, 10).playback
    assert (played.media_uri, played.state) == ("sound:hello-world", "done")


# --- programs that serve calls ----------------------------------------------------------------


def test_the_examples_are_short() -> None:
    for name in ("play_prompt", "conference", "ivr"):
        lines = repository_file(f"examples/{name}.py").read_text("utf-8").splitlines()
        assert len(lines) <= 80, name


def test_play_prompt(watcher: AsteriskPy, asterisk: Asterisk, tmp_path: Path) -> None:
    media = ("sound:hello-world", "sound:vm-goodbye")
    played = Played(watcher)
    with running("play_prompt", asterisk, "play-prompt", tmp_path, *media) as example:
        caller = dial(watcher, "100")
        heard = caller.record("heard", "wav")
        caller.wait_for(ChannelDestroyed, 20)
        heard.wait_for("RecordingFinished", 10)
        assert loudness(watcher, "heard") > 300
        example.says("the prompt is done")
        assert tuple(played.media) == media

        # A caller who hangs up while the prompt is played disturbs nobody.
        impatient = dial(watcher, "100")
        until(lambda: len(played.media) == 3)
        impatient.hangup()
        patient = dial(watcher, "100")
        patient.wait_for(ChannelDestroyed, 20)
        until(lambda: example.log().count("calls") == 3)


def test_conference(watcher: AsteriskPy, asterisk: Asterisk, tmp_path: Path) -> None:
    played = Played(watcher)
    with running("conference", asterisk, "conference", tmp_path) as example:
        first = dial(watcher, "101")
        example.says("lobby has 1")
        music = first.record("music", "wav", max_duration_seconds=1)
        music.wait_for("RecordingFinished", 10)
        assert loudness(watcher, "music") > 300

        second = dial(watcher, "101")
        example.says("lobby has 2")
        played.next_is("sound:confbridge-join")
        third = dial(watcher, "103")
        example.says("lobby has 3")
        (bridge,) = watcher.get_bridges()
        assert (bridge.name, len(bridge.channels)) == ("lobby", 3)

        third.hangup()
        second.hangup()
        until(lambda: example.log().rstrip().endswith("lobby has 1"))
        again = first.record("again", "wav", max_duration_seconds=2)
        again.wait_for("RecordingFinished", 10)
        assert loudness(watcher, "again") > 300
        first.hangup()
        example.says("lobby has 0")
        until(lambda: watcher.get_bridges() == [])

        # Callers who come and go all at once.
        crowd = [dial(watcher, "101") for _ in range(5)]
        for caller in crowd[::2]:
            caller.hangup()
        until(lambda: example.log().rstrip().endswith("lobby has 2"), 10)
        for caller in crowd[1::2]:
            caller.hangup()
        until(lambda: watcher.get_bridges() == [])


def test_ivr(watcher: AsteriskPy, asterisk: Asterisk, tmp_path: Path) -> None:
    played = Played(watcher)
    with running("ivr", asterisk, "ivr", tmp_path, IVR_PATIENCE="2") as example:
        caller = dial(watcher, "102")
        played.next_is("sound:basic-pbx-ivr-main")
        # In the middle of the prompt, which takes much longer than this.
        started = time.monotonic()
        caller.send_dtmf(dtmf="2")
        played.next_is("sound:telephone-number")
        assert time.monotonic() - started < 2
        caller.send_dtmf(dtmf="4711#", between=150)
        played.next_is("sound:you-entered")
        played.next_is("digits:4711")

        played.next_is("sound:basic-pbx-ivr-main")
        caller.send_dtmf(dtmf="9")
        played.next_is("sound:pbx-invalid")
        played.next_is("sound:basic-pbx-ivr-main")
        caller.send_dtmf(dtmf="1")
        played.next_is("sound:tt-weasels")
        played.next_is("sound:basic-pbx-ivr-main")
        caller.send_dtmf(dtmf="0")
        far = next(each for each in watcher.get_channels() if each.id != caller.id)
        until(lambda: far.get().dialplan.app_name == "Wait", 10)
        caller.hangup()

        # Three times nothing, and the call is over.
        silent = dial(watcher, "102")
        for _ in range(3):
            played.next_is("sound:basic-pbx-ivr-main")
        played.next_is("sound:vm-goodbye")
        silent.wait_for(ChannelDestroyed, 20)

        gone = dial(watcher, "102")
        played.next_is("sound:basic-pbx-ivr-main")
        gone.hangup()
        example.says("is over", 20)
