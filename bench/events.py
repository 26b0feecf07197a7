"""Measures events: from a real Asterisk to a handler that does nothing.

    ./bazelw run //bench:events
    ASTERISK_COMMAND="tools/bazel_root/run asterisk" python3 bench/events.py --peer PYTHON

Each receiver is a process of its own, one at a time, and takes turns with the others: the generated
library, a bare WebSocket reader, and aioari if ``--peer`` names a Python that has it installed
(``python3 -m venv peer && peer/bin/pip install aioari``, then ``--peer peer/bin/python``).  The
events are user events, sent as fast as Asterisk takes them; whether all come is seen so.  Asterisk
makes fewer of them than a fast receiver can take, so that the numbers a second are compared with a
server that sends as fast as it can (``flood.py``).
"""

from __future__ import annotations

import argparse
import base64
import itertools
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from functools import partial
from typing import NamedTuple

if __package__ in (None, ""):  # run as a plain file
    sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    sys.path.insert(1, os.path.join(sys.path[0], "tools"))
    __package__ = "bench"

from replay.asterisk import Asterisk, AsteriskFailed, AsteriskMissing

from .flood import Flood
from .measure import REPOSITORY, Bench, ProcessFailed, Row, progress, table

_DOCUMENTS = os.path.join(REPOSITORY, "test_resources", "ari")
_GENERATOR = os.path.join(REPOSITORY, "tools", "codegen", "generate_library.py")
_RECEIVE = os.path.join(REPOSITORY, "bench", "receive.py")

#: Requests that are sent before their answers are read.
_AT_ONCE = 50


class Receipt(NamedTuple):
    """What a receiver said: events that came, and what they took."""

    delivered: int
    seconds: float
    cpu: float


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the benchmark; 0 if every target was met."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--turns", type=int, default=3, help="turns of each (default: 3)")
    parser.add_argument(
        "--events",
        type=int,
        nargs="+",
        default=[2_000, 100_000],
        help="how many events (default: 2000 100000)",
    )
    parser.add_argument("--peer", metavar="PYTHON", help="a Python that has aioari installed")
    options = parser.parse_args(arguments)
    try:
        with tempfile.TemporaryDirectory(prefix="bench-") as folder:
            good = _measure(options, folder)
    except (ProcessFailed, AsteriskMissing, AsteriskFailed) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    return 0 if good else 1


def _measure(options: argparse.Namespace, folder: str) -> bool:
    bench = Bench(folder)
    library = os.path.join(folder, "library")
    given = ("--lang=python", f"--dir={_DOCUMENTS}", f"--out={library}", "--quiet")
    bench.run(sys.executable, _GENERATOR, *given)
    ways = {"library": sys.executable, "reader": sys.executable}
    if options.peer:
        ways["aioari"] = options.peer
    rows = []
    progress("starting Asterisk …")
    with Asterisk() as asterisk:
        numbers = itertools.count()
        for events in options.events:
            receipts: dict[str, list[Receipt]] = {way: [] for way in ways}
            for turn in range(options.turns):
                for way, python in ways.items():
                    progress(f"{events} events, turn {turn + 1} of {options.turns}: {way} …")
                    app = f"bench{next(numbers)}"
                    command = [python, _RECEIVE, way, asterisk.url, asterisk.username]
                    command += [asterisk.password, app, str(events), library]
                    env = bench.environment if python == sys.executable else dict(os.environ)
                    send = partial(_send, asterisk, app, events)
                    receipts[way].append(_receive(command, env, send))
            progress("")
            rows += _rows(f"{events} of Asterisk", events, receipts, None)
    # A few thousand are there before a handler's thread has even begun.
    events = max(options.events)
    receipts = {way: [] for way in ways}
    for turn in range(options.turns):
        for way, python in ways.items():
            progress(f"flood of {events}, turn {turn + 1} of {options.turns}: {way} …")
            with Flood(_DOCUMENTS, events) as flood:
                command = [python, _RECEIVE, way, flood.url, flood.username, flood.password]
                command += ["bench", str(events), library]
                env = bench.environment if python == sys.executable else dict(os.environ)
                receipts[way].append(_receive(command, env, flood.send))
    progress("")
    rows += _rows(f"flood of {events}", events, receipts, 1.0)
    return table("Events to a trivial handler", rows)


def _receive(command: list[str], env: dict[str, str], send: Callable[[], None]) -> Receipt:
    """Start a receiver, send it the events, and give what it said."""
    with subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, env=env, text=True
    ) as process:
        assert process.stdout is not None
        try:
            if process.stdout.readline().strip() != "ready":
                raise ProcessFailed(f"{command[2]} did not start")
            send()
            said = process.stdout.readline()
        finally:
            if process.poll() is None and not process.stdout.closed:
                try:
                    process.wait(10)
                except subprocess.TimeoutExpired:
                    process.kill()
    if not said.strip():
        raise ProcessFailed(f"{command[2]} ended without a word")
    return Receipt(**json.loads(said))


def _send(asterisk: Asterisk, app: str, events: int) -> None:
    """Send user events, several requests at once over one connection."""
    login = base64.b64encode(f"{asterisk.username}:{asterisk.password}".encode()).decode()
    path = asterisk.url.partition(f":{asterisk.port}")[2]
    request = (
        f"POST {path}/events/user/tick?application={app} HTTP/1.1\r\n"
        f"Host: 127.0.0.1\r\nAuthorization: Basic {login}\r\nContent-Length: 0\r\n\r\n"
    ).encode()
    with socket.create_connection(("127.0.0.1", asterisk.port), timeout=60) as connection:
        sent = 0
        while sent < events:
            now = min(_AT_ONCE, events - sent)
            connection.sendall(request * now)
            answers = b""
            while answers.count(b"HTTP/1.1 ") < now or not answers.endswith(b"\r\n\r\n"):
                piece = connection.recv(65536)
                if not piece:
                    raise ProcessFailed("Asterisk closed the connection that sends the events")
                answers += piece
                if b"Application not found" in answers and sent:
                    return  # Asterisk has cut a receiver that was too slow
                if b"HTTP/1.1 4" in answers:
                    raise ProcessFailed(f"Asterisk refused an event: {answers[-200:]!r}")
            sent += now


def _rows(
    name: str, events: int, receipts: dict[str, list[Receipt]], least: float | None
) -> list[Row]:
    """The rows of one kind; ``least`` is how many times as many a second as aioari it must be."""
    ours = receipts["library"]
    lost = sum(events - receipt.delivered for receipt in ours)
    delivered = f"{events - lost / len(ours):g}"
    rows = [
        Row(f"{name}, delivered", delivered, target=f"{events}", met=not lost),
        Row(f"{name}, CPU an event", f"{_cpu(ours):.1f} µs"),
    ]
    for way, others in receipts.items():
        if way == "library":
            continue
        missing = sum(events - receipt.delivered for receipt in others)
        note = f" ({missing} lost)" if missing else ""
        ratio = statistics.median(_rate(a) / _rate(b) for a, b in zip(ours, others, strict=True))
        row = Row(
            f"{name}, a second, beside {way}{note}",
            f"{statistics.median(map(_rate, ours)):,.0f}",
            f"{statistics.median(map(_rate, others)):,.0f}",
            f"{ratio:.2f}",
        )
        if way == "aioari" and least is not None:
            row = row._replace(target=f"≥ {least:g}", met=ratio >= least)
        cpu = Row(
            f"{name}, CPU an event, beside {way}",
            f"{_cpu(ours):.1f} µs",
            f"{_cpu(others):.1f} µs",
            f"{_cpu(ours) / _cpu(others):.2f}",
        )
        rows += [row, cpu]
    if len(rows) > 2:
        del rows[1]
    return rows


def _rate(receipt: Receipt) -> float:
    return receipt.delivered / receipt.seconds if receipt.seconds else 0.0


def _cpu(receipts: list[Receipt]) -> float:
    """Microseconds of CPU for each event."""
    return statistics.median(1e6 * r.cpu / max(1, r.delivered) for r in receipts)


if __name__ == "__main__":
    sys.exit(main())
