"""Runs a driver of scenarios, a program in any language, and tells what came of each scenario.

    python3 -m replay.drive --filter=bridges.json -- ruby -I LIBRARY/lib driver.rb

What a driver is told in test_resources/conformance/README.md. What it reports is not taken on trust: the server
knows what was played and with which verdict.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import queue
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

if __package__ in (None, ""):  # run as a plain file
    sys.path.insert(0, str(Path(__file__).absolute().parent.parent))
    __package__ = "replay"

from testing.paths import repository_file

from .server import ReplayServer, ScenarioError, load_scenarios

#: How many seconds one scenario may take: the slowest waits some seconds on purpose.
PATIENCE = 60.0


class _WatchedServer(ReplayServer):
    """A replay server that remembers what was played, and what the driver was told."""

    def __init__(self, scenarios: Sequence[Mapping[str, Any]]) -> None:
        super().__init__(scenarios)
        self.verdicts: dict[str, dict[str, Any] | None] = {}
        self._playing: str | None = None

    def play(self, scenario: Mapping[str, Any]) -> dict[str, Any]:
        """Select a scenario, and note that it was."""
        access = super().play(scenario)
        self._playing = str(scenario.get("id"))
        self.verdicts[self._playing] = None
        return access

    def verdict(self) -> dict[str, Any]:
        """Give the verdict, and keep it."""
        given = super().verdict()
        if self._playing is not None:
            self.verdicts[self._playing] = given
        return given

    def objection(self, scenario: str) -> str | None:
        """Say why a driver cannot have found that this scenario went well, or nothing."""
        if scenario not in self.verdicts:
            return "reported as right, but it was never played"
        verdict = self.verdicts[scenario]
        if verdict is None:
            return "reported as right, but the verdict was never asked for"
        if not verdict["ok"]:
            return "reported as right against the verdict: " + "; ".join(verdict["differences"])
        return None


@dataclass(frozen=True)
class Outcome:
    """What came of one scenario."""

    scenario: str
    #: What is wrong; None if nothing is.
    problem: str | None
    #: Whether the driver played it at all.
    played: bool = True


def run_driver(
    command: Sequence[str | Path],
    scenarios: Sequence[Mapping[str, Any]],
    *,
    folder: Path | None = None,
    environment: Mapping[str, str] | None = None,
    patience: float = PATIENCE,
    told: Callable[[Outcome], None] = lambda _: None,
) -> dict[str, Outcome]:
    """Have a driver play all the scenarios; an outcome for each of them, by id, in their order.

    :param folder: where the driver runs.
    :param environment: all of its environment; that of this process if there is none.
    :param patience: how many seconds may pass without a report.
    :param told: called with each outcome as it is known.
    """
    wanted = [str(scenario["id"]) for scenario in scenarios]
    outcomes: dict[str, Outcome] = {}
    server = _WatchedServer(scenarios)
    with (
        server,
        subprocess.Popen(
            [*map(str, command), server.control],
            cwd=folder,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            errors="replace",
        ) as process,
    ):
        said: list[str] = []
        aside = threading.Thread(target=_collect, args=(process.stderr, said), daemon=True)
        aside.start()
        end = "it was not reported"
        try:
            assert process.stdin is not None
            with contextlib.suppress(BrokenPipeError), process.stdin:
                json.dump(wanted, process.stdin)
            for line in _lines(process.stdout, patience):
                outcome = _outcome(line, server)
                if outcome.scenario not in wanted or outcome.scenario in outcomes:
                    raise _Confused(f"reported twice, or never asked for: {outcome.scenario}")
                outcomes[outcome.scenario] = outcome
                told(outcome)
        except TimeoutError:
            end = f"the driver said nothing for {patience:g} seconds"
        except _Confused as error:
            end = str(error)
        finally:
            _end(process)
        aside.join(5)
        if process.returncode and end == "it was not reported":
            end = f"the driver ended with {process.returncode}"
    if said:
        end += "; it said:\n" + "".join(said[-20:]).rstrip()
    for scenario in wanted:
        if scenario not in outcomes:
            outcomes[scenario] = Outcome(scenario, f"not played: {end}", played=False)
            told(outcomes[scenario])
    return {scenario: outcomes[scenario] for scenario in wanted}


class _Confused(Exception):
    """What a driver printed is no report."""


def _outcome(line: str, server: _WatchedServer) -> Outcome:
    try:
        report = json.loads(line)
        scenario, problem = report["id"], report["problem"]
        if not isinstance(scenario, str) or not isinstance(problem, str | None):
            raise TypeError
    except (ValueError, TypeError, KeyError):
        raise _Confused(f"the driver printed what is no report: {line.strip()[:200]}") from None
    return Outcome(scenario, server.objection(scenario) if problem is None else problem)


def _lines(stream: IO[str] | None, patience: float) -> Iterator[str]:
    """The lines of a stream as they come; TimeoutError when none comes for long."""
    assert stream is not None
    lines: queue.SimpleQueue[str | None] = queue.SimpleQueue()

    def read() -> None:
        for line in stream:
            lines.put(line)
        lines.put(None)

    threading.Thread(target=read, daemon=True).start()
    while True:
        try:
            line = lines.get(timeout=patience)
        except queue.Empty:
            raise TimeoutError from None
        if line is None:
            return
        yield line


def _collect(stream: IO[str] | None, into: list[str]) -> None:
    if stream is not None:
        into.extend(stream)


def _end(process: subprocess.Popen[str]) -> None:
    """See a driver off: one that has reported all may take a moment for its own end."""
    try:
        process.wait(timeout=5)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _indented(text: str) -> str:
    return text.replace("\n", "\n    ")


def chosen(scenarios: Sequence[dict[str, Any]], text: str | None) -> list[dict[str, Any]]:
    """Those of the scenarios whose id holds a text, in whatever case."""
    return [one for one in scenarios if not text or text.lower() in str(one["id"]).lower()]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line."""
    parser = argparse.ArgumentParser(
        prog="drive", description="Runs a driver of conformance scenarios, in any language."
    )
    parser.add_argument(
        "--scenarios",
        metavar="FILE-OR-FOLDER",
        action="append",
        type=Path,
        help="scenarios to play instead of test_resources/conformance; may be repeated",
    )
    parser.add_argument("--filter", metavar="TEXT", help="only scenarios whose id holds this")
    parser.add_argument("command", nargs="+", help="the driver's command line, after --")
    options = parser.parse_args(arguments)
    try:
        places = options.scenarios or [repository_file("test_resources/conformance")]
        scenarios = chosen(load_scenarios(places), options.filter)
    except (ScenarioError, OSError, ValueError, KeyError) as error:
        print(f"drive: {error}", file=sys.stderr)
        return 2

    def told(outcome: Outcome) -> None:
        if outcome.played and outcome.problem is not None:
            print(_indented(f"{outcome.scenario}\n{outcome.problem}"), flush=True)

    outcomes = run_driver(options.command, scenarios, told=told)
    unplayed = [outcome for outcome in outcomes.values() if not outcome.played]
    if unplayed:
        # All for the one reason for which the driver ended.
        print("\n".join(outcome.scenario for outcome in unplayed))
        print(_indented(f"{len(unplayed)} {unplayed[0].problem}"))
    wrong = sum(outcome.problem is not None for outcome in outcomes.values())
    print(f"{len(outcomes) - wrong} of {len(outcomes)} scenarios are right")
    return 1 if wrong or not outcomes else 0


if __name__ == "__main__":
    sys.exit(main())
