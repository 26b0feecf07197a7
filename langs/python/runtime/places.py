"""The API's paths as a tree: what every place of it has."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ..errors import IllegalInputException

if TYPE_CHECKING:
    from .client import Client


class Place:
    """A point of the API's paths, with the ids that lead to it."""

    def __init__(self, library: Client, *ids: Any) -> None:
        self._library = library
        self._ids = ids

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(map(repr, self._ids))})"


def settle_user_type(library: Client, user_type: str | None) -> None:
    """Let the library know of what type its user is.

    Raises:
        IllegalInputException: there are no users of that type.
    """
    access = library._access
    if user_type is not None and user_type not in access.user_types:
        raise IllegalInputException(
            f"user_type is {user_type!r}: allowed are {', '.join(access.user_types)}"
        )
    library._access = replace(access, user_type=user_type)
