"""Every program in the documents does its work on a real Asterisk."""

from __future__ import annotations

import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from replay.asterisk import Asterisk, require_asterisk

from tests.docs import programs
from tests.docs.programs import Program

#: What the documents say, and what stands for it here.
_URL = "http://localhost:8088/ari"
_TLS_URL = "https://pbx.example:8089/ari"
_CA_FILE = "/etc/asterisk/keys/ca.crt"


@pytest.fixture
def asterisk() -> Iterator[Asterisk]:
    """A server for each program: it knows an application for as long as anything of it is left, and
    would seem ready for calls before the next program is."""
    require_asterisk()
    with Asterisk(tls=True) as server:
        yield server


PROGRAMS = [
    program
    for language in programs.LANGUAGES
    for program in [*programs.of_the_guide(language), programs.of_the_readme(language)]
    if program.suffix != ".mts"
]


@pytest.mark.parametrize("program", PROGRAMS, ids=str)
def test_program(program: Program, asterisk: Asterisk, tmp_path: Path) -> None:
    if program.language is programs.PERL and (missing := programs.missing_for_perl()):
        pytest.skip("; ".join(missing))
    command, environment = replace(program, text=_here(program.text, asterisk)).start(tmp_path)
    output, errors = tmp_path / "output", tmp_path / "errors"
    with output.open("wb") as stdout, errors.open("wb") as stderr:
        process = subprocess.Popen(
            command,
            cwd=tmp_path,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=stdout,
            stderr=stderr,
            # Where the tests run in the background, Ctrl-C is ignored, by all that they start too.
            preexec_fn=_heed_interrupts,
        )
        try:
            _happen(program, process, asterisk, output)
            status = process.wait(60)
        finally:
            process.kill()
            process.wait()
    said = errors.read_text()
    assert status == 0, f"it ended with {status}:\n{output.read_text()}{said}"
    # A handler that fails ends no program, but is reported.
    assert "Traceback" not in said
    assert " failed:" not in said
    # What a comment in the program says will be printed is printed.
    for line in program.promised:
        assert line in output.read_text().splitlines()


def _heed_interrupts() -> None:
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def _here(text: str, asterisk: Asterisk) -> str:
    text = text.replace(_URL, asterisk.url).replace(_TLS_URL, asterisk.tls_url)
    return text.replace(_CA_FILE, str(asterisk.ca_file))


def _happen(
    program: Program, process: subprocess.Popen[bytes], asterisk: Asterisk, output: Path
) -> None:
    if not program.manner:
        return

    def until(condition: Callable[[], Any]) -> None:
        end = time.monotonic() + 30
        while process.poll() is None and not condition():
            assert time.monotonic() < end, "it did not come to that"
            time.sleep(0.05)

    until(lambda: asterisk.call("GET", "/applications/hello")[0] == 200)
    if "call" in program.manner:
        # The dialplan sends extension 300 into the application.
        parameters = "endpoint=Local%2F300%40default&context=default&extension=200"
        status, _ = asterisk.call("POST", f"/channels?{parameters}")
        assert status == 200
        until(lambda: asterisk.get("/channels"))
        until(lambda: not asterisk.get("/channels"))
    if "restart" in program.manner:
        asterisk.restart()
        until(lambda: "missed" in output.read_text())
    if "Ctrl-C" in program.manner:
        assert process.poll() is None, "it ended by itself"
        process.send_signal(signal.SIGINT)
