"""A server for each test that asks for one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.realm.support import Server


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """A server with the example data."""
    made = Server(tmp_path)
    yield made
    made.close()
