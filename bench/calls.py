"""Measures the Python library's calls and its start, against a real Asterisk.

    ./bazelw run //bench:calls
    ASTERISK_COMMAND="tools/bazel_root/run asterisk" python3 bench/calls.py

``get_info()`` takes turns with the same request through a kept-alive ``http.client``, and, for
comparison, through urllib3 and a ``requests.Session`` where they are installed.  The start is the
CPU time of a process that imports the library and makes its first call, less that of a bare Python.
"""

from __future__ import annotations

import argparse
import base64
import http.client
import importlib
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from typing import Any

if __package__ in (None, ""):  # run as a plain file
    sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    sys.path.insert(1, os.path.join(sys.path[0], "tools"))
    __package__ = "bench"

from replay.asterisk import Asterisk, AsteriskFailed, AsteriskMissing

from .measure import (
    REPOSITORY,
    Bench,
    Pair,
    ProcessFailed,
    at_most,
    progress,
    table,
    turns,
)

#: The target: times the same GET through a kept-alive http.client.
CALL = 1.5

#: The target: milliseconds of CPU, more than a bare Python, until the first call has its answer.
START = 120.0

_DOCUMENTS = os.path.join(REPOSITORY, "test_resources", "ari")
_GENERATOR = os.path.join(REPOSITORY, "tools", "codegen", "generate_library.py")
_PATH = "/asterisk/info"

_FIRST_CALL = """\
import sys
sys.path.insert(0, sys.argv[1])
import asteriskpy
asteriskpy.AsteriskPy(*sys.argv[2:5], app="bench").get_info()
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the benchmark; 0 if every target was met."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--blocks", type=int, default=30, help="turns of each (default: 30)")
    parser.add_argument("--calls", type=int, default=50, help="calls in a turn (default: 50)")
    parser.add_argument("--starts", type=int, default=11, help="processes started (default: 11)")
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
    rows = []
    progress("starting Asterisk …")
    with Asterisk() as asterisk:
        ways = _ways(asterisk, library)
        times = _take_turns(ways, options.blocks, options.calls)
        baseline = times["http.client"]
        for name, seconds in times.items():
            if name != "http.client":
                limit = CALL if name == "get_info()" else None
                rows.append(at_most(f"{name}, a call", Pair(seconds, baseline), limit))
        first = ("-c", _FIRST_CALL, library, asterisk.url, asterisk.username, asterisk.password)

        def start() -> Any:
            return bench.run(sys.executable, *first)

        def bare() -> Any:
            return bench.run(sys.executable, "-c", "pass")

        start()  # compiles the library's modules, as an installation does
        ours, plain = turns(options.starts, "first call", start, bare)
    cpu = Pair([r.cpu for r in ours], [r.cpu for r in plain])
    more = cpu.difference * 1000
    row = at_most("import and first call, CPU", cpu, None)
    target = f"+ {START:g} ms"
    rows.append(row._replace(ratio=f"+ {more:.0f} ms", target=target, met=more <= START))
    return table("Calls of the Python library", rows)


def _ways(asterisk: Asterisk, library: str) -> dict[str, Callable[[], Any]]:
    """What takes turns: name -> the function that makes one call."""
    login = f"{asterisk.username}:{asterisk.password}"
    headers = {"Authorization": "Basic " + base64.b64encode(login.encode()).decode()}
    connection = http.client.HTTPConnection("127.0.0.1", asterisk.port)
    target = asterisk.url.partition(f":{asterisk.port}")[2] + _PATH

    def raw() -> Any:
        connection.request("GET", target, headers=headers)
        return json.loads(connection.getresponse().read())

    sys.path.insert(0, library)
    ours = importlib.import_module("asteriskpy").AsteriskPy(
        asterisk.url, asterisk.username, asterisk.password, app="bench"
    )
    ways: dict[str, Callable[[], Any]] = {"http.client": raw, "get_info()": ours.get_info}
    address = asterisk.url + _PATH
    try:
        pool: Any = importlib.import_module("urllib3").PoolManager(headers=headers)
        ways["urllib3"] = lambda: json.loads(pool.request("GET", address).data)
    except ImportError:
        pass
    try:
        session: Any = importlib.import_module("requests").Session()
        session.auth = (asterisk.username, asterisk.password)
        ways["requests.Session"] = lambda: session.get(address).json()
    except ImportError:
        pass
    return ways


def _take_turns(
    ways: dict[str, Callable[[], Any]], blocks: int, calls: int
) -> dict[str, list[float]]:
    """Seconds a call, for each way and each of its turns; the first turn is not counted."""
    times: dict[str, list[float]] = {name: [] for name in ways}
    for block in range(-1, blocks):
        progress(f"calls: {block + 1} of {blocks} …")
        for name, call in ways.items():
            start = time.perf_counter()
            for _ in range(calls):
                call()
            if block >= 0:
                times[name].append((time.perf_counter() - start) / calls)
    progress("")
    return times


if __name__ == "__main__":
    sys.exit(main())
