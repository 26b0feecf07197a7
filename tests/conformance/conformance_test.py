"""The library of one language, LANGUAGE, for one API, API, passes every scenario there is."""

from __future__ import annotations

import os

import pytest
from drivers import DRIVERS, scenarios_of
from replay.drive import Outcome, run_driver

API = os.environ["API"]

SCENARIOS = {scenario["id"]: scenario for scenario in scenarios_of(API)}


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
    driver = DRIVERS[os.environ["LANGUAGE"]](tmp_path_factory.mktemp("driver"), API)
    return run_driver(driver.command, wanted, folder=driver.folder, environment=driver.environment)


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_scenario(outcomes: dict[str, Outcome], scenario: str) -> None:
    problem = outcomes[scenario].problem
    assert problem is None, problem
