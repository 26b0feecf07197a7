"""The generated Python library makes the recorded requests and reads the recorded answers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from conformance_driver import play
from replay.server import ReplayServer, load_scenarios
from testing.paths import repository_file

SCENARIOS = load_scenarios([repository_file("test_resources/recordings")])


@pytest.fixture(scope="module")
def server() -> Iterator[ReplayServer]:
    with ReplayServer() as running:
        yield running


@pytest.mark.parametrize("scenario", SCENARIOS, ids=[one["id"] for one in SCENARIOS])
def test_exchange(server: ReplayServer, scenario: dict[str, Any]) -> None:
    play(server, scenario)


def test_coverage() -> None:
    """The recordings drive nearly every operation with success; Debian has no mailboxes."""
    succeeded = {one["operation"] for one in SCENARIOS if "error" not in one}
    tried = {one["operation"] for one in SCENARIOS}
    assert len(succeeded) >= 105
    assert {name.split(".")[0] for name in tried - succeeded} <= {"mailboxes"}
