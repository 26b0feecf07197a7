"""The generated Ruby library passes the scenarios of every operation that is a method in it."""

from __future__ import annotations

import os

import pytest
from replay.drive import Outcome, run_driver
from replay.server import load_scenarios
from testing.paths import repository_file

from tests.languages.ruby.tests.support import asterisk_library, require_ruby

#: This language has no events: the WebSocket's scenarios are not its own.
SCENARIOS = {
    scenario["id"]: scenario
    for scenario in load_scenarios([repository_file("test_resources/conformance")])
    if scenario["operation"] != "events.eventWebsocket"
}


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Outcome]:
    """What came of each scenario, by its id: all are played by one run of the driver."""
    library = asterisk_library(tmp_path_factory.mktemp("library"))
    driver = repository_file("tests/languages/ruby/tests/conformance.rb")
    return run_driver(
        [require_ruby(), "-w", f"-I{library / 'lib'}", driver],
        list(SCENARIOS.values()),
        environment={**os.environ, "LC_ALL": "C.UTF-8", "RUBYOPT": ""},
    )


def test_a_whole_resource_is_played() -> None:
    assert sum(one["operation"].startswith("bridges.") for one in SCENARIOS.values()) >= 36


@pytest.mark.parametrize(
    "scenario", SCENARIOS, ids=[f"{one['operation']} {name}" for name, one in SCENARIOS.items()]
)
def test_scenario(outcomes: dict[str, Outcome], scenario: str) -> None:
    problem = outcomes[scenario].problem
    assert problem is None, problem
