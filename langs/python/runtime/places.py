"""The API's paths as a tree: what every place of it has."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from ..errors import IllegalInputException
from .facts import Access
from .operation import Resource

if TYPE_CHECKING:
    from .client import Client


@dataclass(frozen=True)
class Paging:
    """How lists come in pages.

    Attributes:
        page: the parameter for the number of a page, from 1.
        size: the parameter for the size of a page.
        usual: the size to ask for where the program does not say.
    """

    page: str
    size: str
    usual: int


@dataclass(frozen=True)
class Windows:
    """How lists of what happened in some time are limited.

    Attributes:
        start: the parameter for the beginning of the time.
        end: the parameter for its end.
        months: how many calendar months a request may touch.
        order: the parameter that may be ``asc``: the oldest first.
    """

    start: str
    end: str
    months: int
    order: str = ""


@dataclass(frozen=True)
class PathAccess(Access):
    """How requests are written, and what places do beside that.

    Attributes:
        paging: how lists come in pages, if they do.
        windows: how lists of what happened in some time are limited, if they are.
        user_types: the types of users that the library may be told of.
    """

    paging: Paging | None = None
    windows: Windows | None = None
    user_types: tuple[str, ...] = ()


class Place(Resource):
    """A point of the API's paths, with the ids that lead to it."""

    def __init__(self, library: Client, *ids: Any) -> None:
        super().__init__(library)
        self._ids = ids

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(map(repr, self._ids))})"


def settle_user_type(library: Client, user_type: str | None) -> None:
    """Let the library know of what type its user is.

    Raises:
        IllegalInputException: there are no users of that type.
    """
    access = library._access
    assert isinstance(access, PathAccess)
    if user_type is not None and user_type not in access.user_types:
        raise IllegalInputException(
            f"user_type is {user_type!r}: allowed are {', '.join(access.user_types)}"
        )
    library._access = replace(access, user_type=user_type)
