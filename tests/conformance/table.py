"""Prints what came of every scenario in every language: ./bazelw run //tests/conformance:table

Ends with 1 if a scenario is wrong, or was not played, in any of them.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from drivers import APIS, DRIVERS, scenarios_of
from replay.drive import Outcome, chosen, run_driver

#: What came of the scenarios: language -> id -> outcome.
Results = Mapping[str, Mapping[str, Outcome]]


def word(outcome: Outcome) -> str:
    """Say in a word what came of a scenario."""
    if outcome.problem is None:
        return "right"
    return "wrong" if outcome.played else "not played"


def table(rows: Sequence[Sequence[str]]) -> list[str]:
    """Lay out rows in columns: the first is the head, the first column stands left, the others right."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    rule = ["-" * width for width in widths]
    return [
        "  ".join(
            cell.rjust(width) if number else cell.ljust(width)
            for number, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in [rows[0], rule, *rows[1:]]
    ]


def by_file(results: Results) -> list[str]:
    """Count the right ones of each file, and name the scenarios that are not right everywhere."""
    files: dict[str, list[str]] = {}
    for scenario in next(iter(results.values())):
        files.setdefault(scenario.partition("#")[0], []).append(scenario)
    rows = [["file", "scenarios", *results]]
    for file, scenarios in [
        *files.items(),
        ("all", [one for each in files.values() for one in each]),
    ]:
        right = [
            sum(outcomes[scenario].problem is None for scenario in scenarios)
            for outcomes in results.values()
        ]
        rows.append([file, str(len(scenarios)), *map(str, right)])
    return table(rows) + different(results)


def different(results: Results) -> list[str]:
    """Name the scenarios that are not right everywhere, with what is wrong."""
    lines: list[str] = []
    for scenario in next(iter(results.values())):
        outcomes = {language: results[language][scenario] for language in results}
        if all(outcome.problem is None for outcome in outcomes.values()):
            continue
        lines += ["", scenario]
        for language, outcome in outcomes.items():
            said = outcome.problem if outcome.problem and outcome.played else word(outcome)
            lines.append(_indented(f"  {language}: {said}"))
    for language, of_language in results.items():
        unplayed = [outcome for outcome in of_language.values() if not outcome.played]
        if unplayed:
            # All for the one reason for which the driver ended.
            lines += ["", _indented(f"{language}: {len(unplayed)} {unplayed[0].problem}")]
    return lines


def _indented(text: str) -> str:
    return text.replace("\n", "\n    ")


def everything(results: Results) -> list[str]:
    """Give each scenario a line of its own."""
    rows = [["scenario", *results]]
    for scenario in next(iter(results.values())):
        rows.append([scenario, *(word(outcomes[scenario]) for outcomes in results.values())])
    return table(rows) + different(results)


def play(languages: Sequence[str], text: str | None, api: str) -> Results:
    """Run the drivers, one after the other: some scenarios measure time."""
    scenarios = chosen(scenarios_of(api), text)
    results = {}
    for language in languages:
        print(f"{language}: {len(scenarios)} scenarios", file=sys.stderr, flush=True)
        with tempfile.TemporaryDirectory() as folder:
            driver = DRIVERS[language](Path(folder), api)
            results[language] = run_driver(
                driver.command, scenarios, folder=driver.folder, environment=driver.environment
            )
    return results


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line."""
    parser = argparse.ArgumentParser(
        prog="table", description="Prints what came of every scenario in every language."
    )
    parser.add_argument("--api", choices=APIS, default="ari", help="whose libraries: ari")
    parser.add_argument("--all", action="store_true", help="a line for each scenario")
    parser.add_argument("--filter", metavar="TEXT", help="only scenarios whose id holds this")
    parser.add_argument(
        "--language",
        action="append",
        choices=DRIVERS,
        help="only this language; may be repeated",
    )
    options = parser.parse_args(arguments)
    results = play(options.language or list(DRIVERS), options.filter, options.api)
    if not any(results.values()):
        print(f"no scenario's id holds {options.filter}", file=sys.stderr)
        return 2
    print("\n".join(everything(results) if options.all else by_file(results)))
    wrong = any(
        outcome.problem is not None
        for outcomes in results.values()
        for outcome in outcomes.values()
    )
    return int(wrong)


if __name__ == "__main__":
    sys.exit(main())
