"""The generated Python library passes the conformance scenarios."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from conformance_driver import play
from replay.server import ReplayServer, load_scenarios
from testing.paths import repository_file

SCENARIOS = load_scenarios([repository_file("test_resources/conformance")])


@pytest.fixture(scope="module")
def server() -> Iterator[ReplayServer]:
    with ReplayServer() as running:
        yield running


@pytest.mark.parametrize("scenario", SCENARIOS, ids=[one["id"] for one in SCENARIOS])
def test_scenario(server: ReplayServer, scenario: dict[str, Any]) -> None:
    play(server, scenario)
