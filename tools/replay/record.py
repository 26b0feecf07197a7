"""Records a real Asterisk into fixtures for hermetic tests.

    ./bazelw run //tools/replay:record -- --out test_resources/recordings/asterisk-22.10.1.json

starts an Asterisk of its own (or goes to the one at ``--url``), follows the plan and writes each call with
its arguments, the exact request and the real response, in the form of a scenario; also the
stream of events that all this caused.  No generated code takes part.
"""

from __future__ import annotations

import argparse
import contextlib
import getpass
import json
import os
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

if __package__ in (None, ""):  # run as a plain file
    sys.path.insert(0, str(Path(__file__).absolute().parent.parent))
    __package__ = "replay"

from .asterisk import Asterisk, AsteriskFailed, AsteriskMissing
from .documents import DocumentError, Documents, Server
from .plan import APPLICATIONS, Step, steps
from .runner import Listener, error_class, exchange

#: What the scratch folder, the SIP port and what is drawn anew each time are called in a recording.
_STEADY = (
    (re.compile(r"/tmp/asterisk-[A-Za-z0-9_]+"), "/asterisk"),
    (re.compile(r'("protocol_id": ")[^"]+'), r"\1call-1"),
)


class RecordingFailed(Exception):
    """A step did not go as planned."""


def record(documents: Documents, url: str, username: str, password: str) -> dict[str, Any]:
    """Follows the plan at a server and returns the recording."""
    server = Server(url, username, password)
    scenarios: list[dict[str, Any]] = []
    try:
        version = str(server.get_json("/asterisk/info")["system"]["version"])
        with Listener(url, username, password, APPLICATIONS) as listener:
            scenarios += (_recorded(documents, server, listener, step) for step in steps())
            listener.wait({"pause": 0.5})
            events = list(listener.events)
    finally:
        server.close()
    scenarios.append(_stream(server.base + listener.target, events))
    found = re.match(r"[0-9.]+", version)
    return {
        "api": "ari",
        "path": server.base,
        "server": "Asterisk",
        "version": found.group() if found else version,
        "recorded": datetime.now(timezone.utc).date().isoformat(),
        "scenarios": scenarios,
    }


def _recorded(
    documents: Documents, server: Server, listener: Listener, step: Step
) -> dict[str, Any]:
    method, target, body = documents.request(step.operation, step.arguments, server.base)
    made = exchange(server, method, target, body)
    response = made["response"]
    if response["status"] != step.status:
        raise RecordingFailed(
            f"{step.name}: {step.status} was planned, {response['status']} came: "
            f"{method} {target}: {response.get('body')}"
        )
    scenario: dict[str, Any] = {"name": step.name, "operation": step.operation}
    if step.arguments:
        scenario["arguments"] = dict(step.arguments)
    scenario.update(made)
    if step.status < 300:
        result = documents.operations[step.operation].result
        if "body" not in response:
            scenario["result"] = None
        elif result in ("binary", "void"):
            scenario["result"] = {}
        else:
            scenario["result"] = {"type": result}
    else:
        told = response.get("body")
        message = told.get("message") or told.get("error") if isinstance(told, dict) else None
        scenario["error"] = {"class": error_class(step.status), "status": step.status}
        if message:
            scenario["error"]["message"] = message
    if step.wait:
        if not listener.wait(step.wait):
            raise RecordingFailed(f"{step.name}: waited in vain for {dict(step.wait)}")
        scenario["wait"] = dict(step.wait)
    return scenario


def _stream(target: str, events: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The scenario of the events: every one must reach a handler for the base of all events."""
    return {
        "name": "events.eventWebsocket: the whole stream",
        "operation": "events.eventWebsocket",
        "arguments": {"app": list(APPLICATIONS)},
        "request": {"method": "GET", "target": target, "headers": {"upgrade": "websocket"}},
        "response": {"websocket": {"push": list(events)}},
        "handlers": [{"event": "Event", "receives_all": True}],
    }


def written(recording: Mapping[str, Any]) -> str:
    """The text of a recording: a line for each part of a scenario, so that changes can be read."""
    head = {key: value for key, value in recording.items() if key != "scenarios"}
    lines = [f" {json.dumps(key)}: {_line(value)}," for key, value in head.items()]
    parts = []
    for scenario in recording["scenarios"]:
        rows = []
        for key, value in scenario.items():
            if key == "response" and "websocket" in value:
                pushed = ",\n     ".join(_line(event) for event in value["websocket"]["push"])
                rows.append(f'{json.dumps(key)}: {{"websocket": {{"push": [\n     {pushed}]}}}}')
            else:
                rows.append(f"{json.dumps(key)}: {_line(value)}")
        parts.append("  {" + ",\n   ".join(rows) + "}")
    text = "{\n" + "\n".join(lines) + '\n "scenarios": [\n' + ",\n".join(parts) + "\n ]\n}\n"
    for pattern, replacement in _STEADY:
        text = pattern.sub(replacement, text)
    return text


def _line(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


@contextlib.contextmanager
def server_of(options: argparse.Namespace) -> Iterator[tuple[str, str, str]]:
    """URL, user and password of the server that the options name, or of an Asterisk started for it."""
    if options.url:
        password = options.password or os.environ.get("ARI_PASSWORD", "")
        if not password and sys.stdin.isatty():
            password = getpass.getpass("Password: ")
        yield options.url.rstrip("/"), options.username or "", password
        return
    with Asterisk() as asterisk:
        yield asterisk.url, asterisk.username, asterisk.password


def add_server_options(parser: argparse.ArgumentParser) -> None:
    """The options by which a tool is pointed at a server."""
    parser.add_argument("--url", help="the API's URL, for example http://localhost:8088/ari")
    parser.add_argument("--username", help="the user's name")
    parser.add_argument("--password", help="the password (or in the environment: ARI_PASSWORD)")
    parser.add_argument(
        "--dir", type=Path, help="a folder of documents, instead of the server's own"
    )


def documents_of(options: argparse.Namespace, access: tuple[str, str, str]) -> Documents:
    """The documents that the options name, or the server's own."""
    if options.dir:
        return Documents.from_folder(in_callers_folder(options.dir))
    return Documents.from_server(*access)


def in_callers_folder(path: Path) -> Path:
    """A path as the caller meant it: ``bazel run`` starts programs in another folder."""
    return Path(os.environ.get("BUILD_WORKING_DIRECTORY", "."), path)


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line."""
    parser = argparse.ArgumentParser(
        prog="record", description="Records a real Asterisk into fixtures."
    )
    add_server_options(parser)
    parser.add_argument("--out", type=Path, required=True, help="the file to write")
    options = parser.parse_args(arguments)
    try:
        with server_of(options) as access:
            recording = record(documents_of(options, access), *access)
    except (AsteriskMissing, AsteriskFailed, DocumentError, RecordingFailed) as error:
        print(f"record: {error}", file=sys.stderr)
        return 1
    out = in_callers_folder(options.out)
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(written(recording), "utf-8")
    operations = {scenario["operation"] for scenario in recording["scenarios"]}
    good = {one["operation"] for one in recording["scenarios"] if "error" not in one}
    print(
        f"{out}: {len(recording['scenarios'])} exchanges, {len(operations)} operations, "
        f"{len(good)} of them with success, Asterisk {recording['version']}"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
