"""Tries the API of a server: sends each documented operation and tells which answered as documented.

    ./bazelw run //tools/replay:try_api -- --url http://localhost:8088/ari --username user

No generated code takes part: only the documents (the server's own, or those of ``--dir``), the plan of
example calls and ``http.client``.  Without ``--url`` it starts an Asterisk of its own; with ``--replay FILE``
it tries the replay server with a recording.  An operation answers as documented if each of its calls has
a success whose result has the documented shape, or an error that the document announces (or one that any
call may have: 400, 401, 403, 500).

On a server with a dialplan of its own ``--endpoint`` names what shall be called; ``--read-only`` sends
GET alone.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TextIO

if __package__ in (None, ""):  # run as a plain file
    sys.path.insert(0, str(Path(__file__).absolute().parent.parent))
    __package__ = "replay"

from .asterisk import AsteriskFailed, AsteriskMissing
from .documents import DocumentError, Documents, Operation, Server
from .plan import APPLICATIONS, Step, steps
from .record import add_server_options, documents_of, in_callers_folder, server_of
from .runner import Listener, exchange

#: Errors that any operation may answer with, announced or not.
GENERAL_ERRORS = frozenset({400, 401, 403, 500})


@dataclass
class Outcome:
    """What came of an operation's calls."""

    operation: Operation
    #: The statuses that came, in order.
    statuses: list[int] = field(default_factory=list)
    #: Why it is not as documented; empty if it is.
    problems: list[str] = field(default_factory=list)
    #: Why it was not tried, if it was not.
    untried: str = ""

    @property
    def succeeded(self) -> bool:
        """Whether one of its calls was a success."""
        return any(status < 300 for status in self.statuses)


class Progress:
    """A line that shows how far it is: on a terminal only, and gone afterwards."""

    def __init__(self, stream: TextIO, total: int) -> None:
        self._stream = stream if stream.isatty() else None
        self._total = total
        self._done = 0

    def step(self, text: str) -> None:
        """Shows the next step."""
        self._done += 1
        if self._stream:
            self._stream.write(f"\r\033[K[{self._done}/{self._total}] {text}"[:78])
            self._stream.flush()

    def clear(self) -> None:
        """Takes the line away."""
        if self._stream:
            self._stream.write("\r\033[K")
            self._stream.flush()


def try_api(
    documents: Documents,
    url: str,
    username: str,
    password: str,
    *,
    plan: Sequence[Step] | None = None,
    progress: Progress | None = None,
) -> dict[str, Outcome]:
    """Makes the plan's calls; the outcome of every documented operation by its name."""
    plan = steps() if plan is None else plan
    outcomes = {name: Outcome(one) for name, one in documents.operations.items()}
    server = Server(url, username, password)
    # The first request tells a wrong address or password once, and not once for each operation.
    first = "/asterisk/ping" if "asterisk.ping" in outcomes else "/api-docs/resources.json"
    try:
        server.get_json(first)
        with Listener(url, username, password, APPLICATIONS) as listener:
            for name, outcome in outcomes.items():
                if outcome.operation.websocket:
                    _try_websocket(outcome, listener)
                elif not any(step.operation == name for step in plan):
                    outcome.untried = "the plan has no example of it"
            for step in plan:
                if step.operation not in outcomes:
                    continue  # these documents are of another version
                if progress:
                    progress.step(step.name)
                _try(documents, server, step, outcomes[step.operation])
                if step.wait:
                    listener.wait(step.wait, 5.0)
    finally:
        server.close()
        if progress:
            progress.clear()
    return outcomes


def _try_websocket(outcome: Outcome, listener: Listener) -> None:
    if listener.available:
        outcome.statuses.append(101)
    else:
        outcome.problems.append("the WebSocket did not open")


def _try(documents: Documents, server: Server, step: Step, outcome: Outcome) -> None:
    operation = outcome.operation
    try:
        method, target, body = documents.request(step.operation, step.arguments, server.base)
        response = exchange(server, method, target, body)["response"]
    except DocumentError as error:
        outcome.problems.append(f"{step.about}: {error}")
        return
    status = response["status"]
    outcome.statuses.append(status)
    if status < 300:
        found = _result_problems(documents, operation, response)
    elif status in operation.errors or status in GENERAL_ERRORS:
        found = []
    else:
        found = [f"{status} is not documented: {response.get('body')}"]
    outcome.problems += [f"{step.about}: {text}" for text in found]


def _result_problems(
    documents: Documents, operation: Operation, response: dict[str, Any]
) -> list[str]:
    if operation.result == "void":
        return ["nothing was documented, a body came"] if "body" in response else []
    if "body" not in response:
        return [f"{operation.result} was documented, nothing came"]
    if operation.result == "binary":
        return []
    return documents.problems(operation.result, response["body"])


def report(outcomes: Iterable[Outcome], out: TextIO, verbose: bool = False) -> bool:
    """Writes what came of it; true if every operation that was tried answered as documented."""
    outcomes = list(outcomes)
    untried = [one for one in outcomes if one.untried]
    bad = [one for one in outcomes if one.problems]
    good = [one for one in outcomes if not one.problems and not one.untried]
    for title, some in (("not as documented", bad), ("not tried", untried)):
        if some:
            out.write(f"{title}:\n")
        for one in some:
            operation = one.operation
            out.write(f"  {operation.method} {operation.path} ({operation.name})\n")
            out.writelines(f"    {text}\n" for text in one.problems or [one.untried])
    if verbose:
        out.write("as documented:\n")
        for one in good:
            statuses = " ".join(str(status) for status in one.statuses)
            out.write(f"  {one.operation.method} {one.operation.path}: {statuses}\n")
    succeeded = sum(one.succeeded for one in outcomes)
    out.write(
        f"{len(good)} of {len(outcomes)} operations answered as documented "
        f"({succeeded} with success), {len(bad)} did not, {len(untried)} were not tried\n"
    )
    return not bad


def adapted_plan(endpoint: str | None, read_only: bool, documents: Documents) -> list[Step]:
    """The plan with another endpoint to call, or with its GET operations alone."""
    plan = []
    for step in steps():
        operation = documents.operations.get(step.operation)
        if read_only and (operation is None or operation.method != "GET"):
            continue
        arguments = dict(step.arguments)
        if endpoint and str(arguments.get("endpoint", "")).startswith("Local/20"):
            arguments["endpoint"] = endpoint
        plan.append(Step(step.about, step.operation, arguments, step.status, step.wait))
    return plan


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line."""
    parser = argparse.ArgumentParser(
        prog="try_api",
        description="Sends each documented operation to a server and tells which answered as "
        "documented. Without --url an Asterisk is started for it.",
    )
    add_server_options(parser)
    parser.add_argument("--replay", type=Path, metavar="FILE", help="try a recording instead")
    parser.add_argument("--endpoint", help="what to call instead of Local/200@default")
    parser.add_argument("--read-only", action="store_true", help="send GET requests only")
    parser.add_argument("--verbose", action="store_true", help="also tell what went well")
    options = parser.parse_args(arguments)
    try:
        if options.replay:
            outcomes = _try_recording(options)
        else:
            with server_of(options) as access:
                documents = documents_of(options, access)
                outcomes = _try_with_progress(documents, access, options)
    except (AsteriskMissing, AsteriskFailed, DocumentError, OSError, ValueError) as error:
        print(f"try_api: {error}", file=sys.stderr)
        return 1
    return 0 if report(outcomes.values(), sys.stdout, options.verbose) else 1


def _try_recording(options: argparse.Namespace) -> dict[str, Outcome]:
    from .server import ReplayServer, load_scenarios

    if not options.dir:
        raise DocumentError("--replay wants the documents' folder, too: --dir")
    file = in_callers_folder(options.replay)
    path = json.loads(file.read_text("utf-8"))["path"]
    documents = Documents.from_folder(in_callers_folder(options.dir))
    with ReplayServer(load_scenarios([file])) as server:
        access = server.serve_all(path)
        return _try_with_progress(
            documents, (access["url"], access["username"], access["password"]), options
        )


def _try_with_progress(
    documents: Documents, access: tuple[str, str, str], options: argparse.Namespace
) -> dict[str, Outcome]:
    plan = adapted_plan(options.endpoint, options.read_only, documents)
    progress = Progress(sys.stderr, len(plan))
    return try_api(documents, *access, plan=plan, progress=progress)


if __name__ == "__main__":
    sys.exit(main())
