"""The generated Ruby library passes the scenarios of every operation that is a method in it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from replay.server import ReplayServer, load_scenarios
from testing.paths import repository_file

from tests.languages.ruby.tests.support import asterisk_library, run_ruby

#: This language has no events: the WebSocket's scenarios are not its own. Each id, with the operation.
SCENARIOS = {
    scenario["id"]: scenario["operation"]
    for scenario in load_scenarios([repository_file("test_resources/conformance")])
    if scenario["operation"] != "events.eventWebsocket"
}


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str | None]:
    """What was wrong with each scenario, by its id: all are played by one run of the driver."""
    scenarios = load_scenarios([repository_file("test_resources/conformance")])
    library = asterisk_library(tmp_path_factory.mktemp("library"))
    driver = repository_file("tests/languages/ruby/tests/conformance.rb")
    with ReplayServer(scenarios) as server:
        lines = run_ruby(
            "-I", library / "lib", driver, server.control, text=json.dumps([*SCENARIOS])
        )
    outcomes: list[dict[str, Any]] = [json.loads(line) for line in lines.splitlines()]
    return {one["id"]: one["problem"] for one in outcomes}


def test_a_whole_resource_is_played() -> None:
    assert sum(operation.startswith("bridges.") for operation in SCENARIOS.values()) >= 36


@pytest.mark.parametrize(
    "scenario", SCENARIOS, ids=[f"{operation} {one}" for one, operation in SCENARIOS.items()]
)
def test_scenario(outcomes: dict[str, str | None], scenario: str) -> None:
    assert scenario in outcomes, "the driver did not play it"
    assert outcomes[scenario] is None, outcomes[scenario]
