"""A server in its own process: killed between two requests, and used by several clients at once."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from tests.realm.support import Process

GROUPS = "/client/@me/extension_group/"


@pytest.fixture
def process(tmp_path: Path) -> Iterator[Process]:
    made = Process(tmp_path / "realm.sqlite")
    yield made
    made.kill()


def test_nothing_is_lost_when_it_is_killed_between_two_requests(tmp_path: Path) -> None:
    database = tmp_path / "realm.sqlite"
    expected: list[Any] = []
    for turn in range(3):
        process = Process(database)
        with process.session() as session:
            kept = session.get(process.url + GROUPS).json()
            assert kept[2:] == expected
            made = session.post(process.url + GROUPS, json={"name": f"Shift {turn}"})
            assert made.status_code == 201
            expected.append(made.json())
            # Connection and process end with all they hold, unasked.
            process.kill()
    process = Process(database)
    with process.session() as session:
        assert session.get(process.url + GROUPS).json()[2:] == expected
    assert process.stop() == 0


def test_several_clients_at_once_get_what_is_theirs(process: Process) -> None:
    def work(number: int) -> list[int]:
        ids = []
        with process.session() as session:
            for turn in range(10):
                body = {"match_exp": f"^{number}$", "repl_exp": str(turn)}
                url = f"{process.url}/client/@me/dial_rule/"
                answer = session.post(url, json={"dial_rules": [body]})
                if answer.status_code == 400:  # there are as many as there may be
                    continue
                assert answer.status_code == 201, answer.text
                made = answer.json()
                assert made["dial_rules"] == [body]
                assert session.get(f"{url}{made['id']}").json() == made
                assert made in session.get(url).json()
                ids.append(made["id"])
        return ids

    with ThreadPoolExecutor(6) as pool:
        made = [one for ids in pool.map(work, range(6)) for one in ids]
    # One is there from the beginning; the limit of twenty holds however many ask at once.
    assert len(made) == len(set(made)) == 19


def test_one_number_is_given_to_one_client_only(process: Process) -> None:
    def add(number: int) -> int:
        with process.session() as session:
            body = {"name": "150", "type": "phone"}
            answer = session.post(f"{process.url}/client/@me/extension/", json=body)
            return int(answer.status_code)

    with ThreadPoolExecutor(6) as pool:
        assert sorted(pool.map(add, range(6))) == [201, 400, 400, 400, 400, 400]
