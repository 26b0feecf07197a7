"""The library of one language, LANGUAGE, passes every scenario there is."""

from __future__ import annotations

import os

import pytest
from drivers import DRIVERS
from replay.drive import Outcome, run_driver
from replay.server import load_scenarios
from testing.paths import repository_file

SCENARIOS = {
    scenario["id"]: scenario
    for scenario in load_scenarios([repository_file("test_resources/conformance")])
}


@pytest.fixture(scope="session")
def outcomes(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Outcome]:
    """Have the driver play, once, the scenarios whose tests are to be run."""
    wanted = [
        SCENARIOS[item.callspec.params["scenario"]]
        for item in request.session.items
        if isinstance(item, pytest.Function) and hasattr(item, "callspec")
    ]
    driver = DRIVERS[os.environ["LANGUAGE"]](tmp_path_factory.mktemp("driver"))
    return run_driver(driver.command, wanted, folder=driver.folder, environment=driver.environment)


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_scenario(outcomes: dict[str, Outcome], scenario: str) -> None:
    problem = outcomes[scenario].problem
    assert problem is None, problem
