"""Sends every recorded request to a fresh Asterisk and compares status and shape of the answers.

    ./bazelw run //tools/replay:verify

The shape of JSON is its types and the names of its members; values (times, ids, counts) may differ.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

if __package__ in (None, ""):  # run as a plain file
    sys.path.insert(0, str(Path(__file__).absolute().parent.parent))
    __package__ = "replay"

from .asterisk import AsteriskFailed, AsteriskMissing
from .compare import is_json_body
from .documents import DocumentError, Server
from .plan import APPLICATIONS
from .record import add_server_options, in_callers_folder, server_of
from .runner import Listener, exchange

#: The recording that is verified if none is named.
RECORDING = "test_resources/recordings/asterisk-22.10.1.json"

#: Members that are maps of whatever variables there are at the moment.
_FREE = frozenset({"channelvars", "bridgevars", "variables", "userevent"})


def shape(value: Any) -> Any:
    """The shape of a JSON value: a type's name, a dict of members, or a list of its elements' shape."""
    if isinstance(value, dict):
        return {
            name: "variables" if name in _FREE else shape(member) for name, member in value.items()
        }
    if isinstance(value, list):
        merged: Any = None
        for element in value:
            merged = shape(element) if merged is None else _merged(merged, shape(element))
        return [] if merged is None else [merged]
    if isinstance(value, bool):
        return "boolean"
    # Asterisk writes a whole value of a fraction without a point now and then.
    if isinstance(value, (int, float)):
        return "number"
    return "null" if value is None else "text"


def _merged(one: Any, other: Any) -> Any:
    """The shape of elements of either kind: members of both, the kinds of both."""
    if isinstance(one, dict) and isinstance(other, dict):
        both = {**one, **other}
        return {
            name: _merged(one[name], other[name]) if name in one and name in other else kind
            for name, kind in both.items()
        }
    if isinstance(one, list) and isinstance(other, list):
        return [_merged(one[0], other[0])] if one and other else one or other
    return one if one == other else "mixed"


def shape_differences(recorded: Any, came: Any, place: str = "body") -> list[str]:
    """Where two shapes differ; an empty list fits every list."""
    if isinstance(recorded, dict) and isinstance(came, dict):
        found = []
        for name in sorted(recorded.keys() | came.keys()):
            if name not in came:
                found.append(f"{place}.{name}: was recorded, is missing")
            elif name not in recorded:
                found.append(f"{place}.{name}: came, was not recorded")
            else:
                found += shape_differences(recorded[name], came[name], f"{place}.{name}")
        return found
    if isinstance(recorded, list) and isinstance(came, list):
        if recorded and came:
            return shape_differences(recorded[0], came[0], f"{place}[]")
        return []
    if recorded != came:
        return [f"{place}: {recorded} was recorded, {came} came"]
    return []


def exchange_differences(recorded: Mapping[str, Any], came: Mapping[str, Any]) -> list[str]:
    """How a response differs from the recorded one in status, kind of content and shape."""
    if recorded["status"] != came["status"]:
        return [
            f"status {recorded['status']} was recorded, {came['status']} came: {came.get('body')}"
        ]
    found = []
    kinds = [one.get("headers", {}).get("Content-Type") for one in (recorded, came)]
    if kinds[0] != kinds[1]:
        found.append(f"Content-Type {kinds[0]} was recorded, {kinds[1]} came")
    if ("body" in recorded) != ("body" in came):
        found.append("a body was recorded" if "body" in recorded else "a body came")
    elif "body" in recorded and is_json_body(recorded["body"]):
        found += shape_differences(shape(recorded["body"]), shape(came["body"]))
    return found


def verify(
    recording: Mapping[str, Any], url: str, username: str, password: str
) -> dict[str, list[str]]:
    """Sends all that was recorded: for each scenario's name, its differences (empty if it is as it was)."""
    outcome: dict[str, list[str]] = {}
    streams = [one for one in recording["scenarios"] if "handlers" in one]
    server = Server(url, username, password)
    try:
        with Listener(url, username, password, APPLICATIONS) as listener:
            for scenario in recording["scenarios"]:
                if "handlers" in scenario:
                    continue
                request = scenario["request"]
                target = server.base + request["target"].removeprefix(recording["path"])
                made = exchange(server, request["method"], target, request.get("body"))
                found = exchange_differences(scenario["response"], made["response"])
                if "wait" in scenario and not listener.wait(scenario["wait"]):
                    found.append(f"waited in vain for {scenario['wait']}")
                outcome[scenario["name"]] = found
            listener.wait({"pause": 0.5})
            for scenario in streams:
                pushed = scenario["response"]["websocket"]["push"]
                outcome[scenario["name"]] = _stream_differences(pushed, listener.events)
    finally:
        server.close()
    return outcome


def _stream_differences(
    recorded: Sequence[Mapping[str, Any]], came: Sequence[Mapping[str, Any]]
) -> list[str]:
    """Compares the types of events that there were, and the shape of each type's first one."""
    shapes = [
        {str(event["type"]): shape(event) for event in reversed(events)}
        for events in (recorded, came)
    ]
    found = [f"no {kind} came" for kind in sorted(shapes[0].keys() - shapes[1].keys())]
    found += [f"{kind} was not recorded" for kind in sorted(shapes[1].keys() - shapes[0].keys())]
    for kind in sorted(shapes[0].keys() & shapes[1].keys()):
        found += shape_differences(shapes[0][kind], shapes[1][kind], kind)
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line."""
    parser = argparse.ArgumentParser(
        prog="verify", description="Compares a fresh Asterisk's answers with recorded ones."
    )
    add_server_options(parser)
    parser.add_argument("recording", nargs="?", type=Path, help=f"by default {RECORDING}")
    options = parser.parse_args(arguments)
    try:
        file = in_callers_folder(options.recording) if options.recording else default_recording()
        recording = json.loads(file.read_text("utf-8"))
        with server_of(options) as access:
            outcome = verify(recording, *access)
    except (AsteriskMissing, AsteriskFailed, DocumentError, OSError, ValueError) as error:
        print(f"verify: {error}", file=sys.stderr)
        return 1
    bad = {name: found for name, found in outcome.items() if found}
    for name, found in bad.items():
        print(f"{name}:", *found, sep="\n  ")
    print(f"{len(outcome) - len(bad)} of {len(outcome)} recorded exchanges answered as recorded")
    return 1 if bad else 0


def default_recording() -> Path:
    """The recording in this repository."""
    from testing.paths import repository_file

    return repository_file(RECORDING)


if __name__ == "__main__":
    sys.exit(main())
