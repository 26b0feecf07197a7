"""``value``: a frozen dataclass that costs next to nothing to define.

``dataclass(frozen=True)`` writes and compiles six methods for each class, whenever its module is
imported: for the classes of the model and of a language that takes longer than reading all
documents.  Here the methods are shared.  For everything else such a class is a frozen dataclass:
``fields``, ``replace`` and type checkers take it for one.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any, TypeVar

_T = TypeVar("_T")

if TYPE_CHECKING:
    from typing_extensions import dataclass_transform
else:

    def dataclass_transform(**_):
        """Mean nothing: type checkers alone read it."""
        return lambda function: function


@dataclass_transform(frozen_default=True)
def value(cls: type[_T]) -> type[_T]:
    """Make ``cls`` a frozen dataclass whose instances compare by their fields."""
    made: Any = dataclasses.dataclass(init=False, repr=False, eq=False)(cls)
    fields = dataclasses.fields(made)
    names = tuple(field.name for field in fields)
    keys = frozenset(names)
    defaults = {
        field.name: field.default for field in fields if field.default is not dataclasses.MISSING
    }

    def initialise(self: Any, *args: Any, **kwargs: Any) -> None:
        held = self.__dict__
        held.update(defaults)
        if args:
            given = dict(zip(names, args, strict=False))
            held.update(given)
            if len(args) > len(names) or not given.keys().isdisjoint(kwargs):
                raise TypeError(_complaint(cls, names, defaults, args, kwargs))
        held.update(kwargs)
        if held.keys() != keys:
            raise TypeError(_complaint(cls, names, defaults, args, kwargs))

    made.__init__ = initialise
    made.__repr__ = _repr
    made.__eq__ = _eq
    made.__hash__ = _hash
    made.__setattr__ = made.__delattr__ = _refuse
    made.__match_args__ = names  # type: ignore[misc]
    result: type[_T] = made
    return result


def _complaint(
    cls: type, names: tuple[str, ...], defaults: Any, args: tuple[Any, ...], kwargs: Any
) -> str:
    given = {*names[: len(args)], *kwargs}
    missing = [name for name in names if name not in given and name not in defaults]
    unknown = [name for name in kwargs if name not in names]
    return f"{cls.__name__}: missing {missing}, unknown {unknown}, {len(args)} by position"


def _repr(self: Any) -> str:
    names = type(self).__dataclass_fields__
    inner = ", ".join(f"{name}={self.__dict__[name]!r}" for name in names)
    return f"{type(self).__qualname__}({inner})"


def _eq(self: Any, other: object) -> Any:
    if type(other) is not type(self):
        return NotImplemented
    return bool(self.__dict__ == other.__dict__)


def _hash(self: Any) -> int:
    return hash(tuple(self.__dict__[name] for name in type(self).__dataclass_fields__))


def _refuse(self: Any, name: str, *_: Any) -> None:
    raise dataclasses.FrozenInstanceError(f"cannot assign to or delete {name!r}")
