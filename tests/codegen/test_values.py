"""Frozen classes that cost little to define behave like frozen dataclasses."""

from __future__ import annotations

import dataclasses
from dataclasses import FrozenInstanceError, fields, is_dataclass, replace

import pytest
from codegen.values import value


@value
class Point:
    """A point."""

    x: int
    y: int = 0


@dataclasses.dataclass(frozen=True)
class Model:
    """The same, of dataclasses themselves."""

    x: int
    y: int = 0


def test_making_one() -> None:
    assert (Point(1).x, Point(1).y) == (1, 0)
    assert Point(1, 2) == Point(x=1, y=2) == Point(1, y=2)


@pytest.mark.parametrize(
    ("args", "kwargs"),
    [((), {}), ((1, 2, 3), {}), ((1,), {"x": 1}), ((1,), {"z": 1}), ((), {"y": 1})],
)
def test_wrong_arguments(args: tuple[int, ...], kwargs: dict[str, int]) -> None:
    for cls in (Point, Model):
        with pytest.raises(TypeError):
            cls(*args, **kwargs)


def test_the_complaint_names_what_is_wrong() -> None:
    with pytest.raises(TypeError, match=r"Point: missing \['x'\], unknown \['z'\], 0 by position"):
        Point(z=1)  # type: ignore[call-arg]


def test_comparing() -> None:
    others: list[object] = [Point(2), Model(1), (1, 0), None]
    assert all(Point(1) != other for other in others)
    assert hash(Point(1, 2)) == hash(Point(y=2, x=1))
    assert {Point(1): "a"}[Point(1, 0)] == "a"


def test_it_is_frozen() -> None:
    point = Point(1)
    with pytest.raises(FrozenInstanceError):
        point.x = 2  # type: ignore[misc]
    with pytest.raises(FrozenInstanceError):
        del point.x
    assert point == Point(1)


def test_it_is_a_dataclass() -> None:
    anything: object = Point
    assert is_dataclass(anything)
    assert [field.name for field in fields(Point)] == ["x", "y"]
    assert replace(Point(1), y=5) == Point(1, 5)
    assert repr(Point(1)) == repr(Model(1)).replace("Model", "Point")
    match Point(3, 4):
        case Point(x, y):
            assert (x, y) == (3, 4)
