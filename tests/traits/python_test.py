"""The Python library of each trait passes that trait's scenarios."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from conformance_driver import play
from replay.server import ReplayServer, load_scenarios
from testing.paths import repository_file

SCENARIOS = load_scenarios([repository_file("tests/traits/forms.json").parent])


@pytest.fixture(scope="module")
def server() -> Iterator[ReplayServer]:
    with ReplayServer() as running:
        yield running


@pytest.mark.parametrize("scenario", SCENARIOS, ids=[one["id"] for one in SCENARIOS])
def test_scenario(server: ReplayServer, scenario: dict[str, Any]) -> None:
    api = scenario["api"]
    play(server, scenario, f"traits_{api}", f"Traits{api.capitalize()}")
