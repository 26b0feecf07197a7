"""The library of the small API, used: what its settings and its documents say is what is sent."""

from __future__ import annotations

import importlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.golden.libraries import LANGUAGES, write


class Recorder:
    """A transport that notes requests and gives the answers that it was given."""

    def __init__(self, runtime: Any) -> None:
        self._runtime = runtime
        self.requests: list[Any] = []
        self.answers: list[tuple[int, str, bytes]] = []

    def send(self, request: Any, timeout: float, sink: Any = None) -> Any:
        self.requests.append(request)
        status, media_type, body = self.answers.pop(0) if self.answers else (204, "", b"")
        if sink is not None and status == 200:
            sink.write(body)
            body = b""
        return self._runtime.Response(status, "", media_type, body)

    def close(self) -> None:
        pass


@pytest.fixture
def house(tmp_path: Path) -> Iterator[Any]:
    assert "python" in LANGUAGES
    write("python", tmp_path)
    sys.path.insert(0, str(tmp_path / "python"))
    try:
        yield importlib.import_module("house")
    finally:
        sys.path.remove(str(tmp_path / "python"))
        for name in [name for name in sys.modules if name.partition(".")[0] == "house"]:
            del sys.modules[name]


@pytest.fixture
def recorder(house: Any) -> Recorder:
    return Recorder(importlib.import_module("house.runtime.transport"))


@pytest.fixture
def library(house: Any, recorder: Recorder) -> Any:
    return house.House("http://localhost:9000/house", transport=recorder)


def answer(recorder: Recorder, value: Any, status: int = 200) -> None:
    recorder.answers.append((status, "application/json", json.dumps(value).encode()))


def test_values_of_a_list_are_repeated(library: Any, recorder: Recorder) -> None:
    answer(recorder, [{"id": "hall", "lamps": [{"room": "hall", "name": "a", "on": True}]}])

    [room] = library.get_rooms(tags=["warm", "with, comma"], floor=3)

    assert recorder.requests[0].target == "/rooms?floor=3&tags=warm&tags=with%2C%20comma"
    assert room.lamps[0].on is True
    assert (room.title, room.class_) == (None, None)


def test_header_travels_as_one(library: Any, recorder: Recorder, house: Any) -> None:
    library.lamps.switch("hall", "a", True, x_reason="it is dark", brightness=12.5)

    request = recorder.requests[0]
    assert request.target == "/lamps/hall/a?on=true&colour=white&brightness=12.5"
    assert request.headers["X-Reason"] == "it is dark"
    with pytest.raises(house.IllegalInputException, match="x_reason"):
        library.lamps.switch("hall", "a", True, x_reason="dark\r\nCookie: x")
    assert len(recorder.requests) == 1


def test_object_sends_its_ids_and_whole_body(library: Any, recorder: Recorder) -> None:
    room = library.new_room("the hall/1")

    room.update({"title": None, "size": 3})
    room.build("Hall", settings={"warm": 21, "lit": False})

    change, build = recorder.requests
    assert (change.method, change.path) == ("PUT", "/rooms/the%20hall%2F1")
    assert change.json == {"title": None, "size": 3}
    assert build.target == "/rooms/the%20hall%2F1?title=Hall"
    assert build.json == {"settings": {"warm": "21", "lit": "false"}}


def test_text_is_split_at_the_first_separator(library: Any, recorder: Recorder, house: Any) -> None:
    answer(recorder, {"room": "hall", "name": "a:b", "on": False, "new": 1})

    lamp = library.get_lamp("hall:a:b")

    assert recorder.requests[0].path == "/lamps/hall/a%3Ab"
    assert lamp["new"] == 1
    assert lamp == house.Lamp({"room": "hall", "name": "a:b"})
    with pytest.raises(house.IllegalInputException, match="joined by ':'"):
        library.get_lamp("hall")


@pytest.mark.parametrize(
    ("arguments", "mentions"),
    [
        ({"floor": 13}, "the most is 12"),
        ({"floor": True}, "whole number"),
        ({"floor": "3"}, "whole number"),
        ({"class_": "kitchen"}, "cellar, living, attic"),
    ],
)
def test_what_could_not_be_right_is_not_sent(
    library: Any, recorder: Recorder, house: Any, arguments: dict[str, Any], mentions: str
) -> None:
    with pytest.raises(house.IllegalInputException, match=mentions):
        library.rooms.list(**arguments)
    assert not recorder.requests


def test_binary_is_bytes_or_a_file(library: Any, recorder: Recorder, tmp_path: Path) -> None:
    recorder.answers += [(200, "image/png", b"\x89PNG")] * 2
    room = library.new_room("hall")

    assert room.get_picture(from_="window") == b"\x89PNG"
    assert room.get_picture_to(tmp_path / "hall.png") == 4

    assert (tmp_path / "hall.png").read_bytes() == b"\x89PNG"
    assert recorder.requests[0].headers["Accept"] == "*/*"


def test_failed_download_leaves_no_file(
    library: Any, recorder: Recorder, house: Any, tmp_path: Path
) -> None:
    answer(recorder, {"message": "It is dark"}, status=503)

    with pytest.raises(house.HouseUnknownException, match="503 It is dark"):
        library.rooms.get_picture_to("hall", tmp_path / "hall.png")

    assert not list(tmp_path.glob("hall.png*"))


def test_hint_says_what_to_do(library: Any, recorder: Recorder, house: Any) -> None:
    answer(recorder, {"message": "No"}, status=401)

    with pytest.raises(house.NotAuthorizedException, match="Ask the porter"):
        library.get_rooms()
