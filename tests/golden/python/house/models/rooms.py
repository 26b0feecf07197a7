# Copyright The house's owners
# SPDX-License-Identifier: MIT
#
# Written by the generator from the API's documents, version 1.4: change those, not this file.
"""The models of rooms."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..entity import HouseObject

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from typing import Any

    from ..runtime.client import Destination
    from ..runtime.transport import Progress
    from .lamps import Lamp


class Room(HouseObject):
    """A room of the house."""

    _renamed = {"class_": "class"}

    id: str
    """Its id."""

    title: str | None
    """What is on the door."""

    lamps: list[Lamp]
    """The lamps in it."""

    size: float | None
    """In square metres."""

    class_: str | None
    """Which kind of room it is."""

    built: datetime | None
    """When it was built."""

    def get(self, *, request_timeout: float | None = None) -> Room:
        """Read a room.

        ``GET /rooms/{roomId}`` (``get``)

        Args:
            request_timeout: Seconds to wait for the answer, instead of the library's.

        Returns:
            The ``Room``.

        Raises:
            NotFoundException: There is no such room (404).
        """
        return self._library.rooms.get(self.id, request_timeout=request_timeout)

    def build(
        self,
        title: str,
        *,
        settings: Mapping[str, Any] | None = None,
        request_timeout: float | None = None,
    ) -> Room:
        """Build a room.

        ``POST /rooms/{roomId}`` (``build``)

        Args:
            title: What is on the door.
            settings: Names and values.
            request_timeout: Seconds to wait for the answer, instead of the library's.

        Returns:
            The ``Room``.

        Raises:
            IllegalInputException: The title is missing (400).
            IllegalStateException: There is such a room already (409).
            HouseServerException: The house is full (500).
        """
        return self._library.rooms.build(
            self.id, title, settings=settings, request_timeout=request_timeout
        )

    def update(self, change: Mapping[str, Any], *, request_timeout: float | None = None) -> None:
        """Change a room.

        ``PUT /rooms/{roomId}`` (``update``)

        Args:
            change: What shall be different.
            request_timeout: Seconds to wait for the answer, instead of the library's.

        Raises:
            NotFoundException: There is no such room (404).
        """
        return self._library.rooms.update(self.id, change, request_timeout=request_timeout)

    def get_picture(
        self, *, from_: str | None = None, request_timeout: float | None = None
    ) -> bytes:
        """Take a picture of a room.

        ``GET /rooms/{roomId}/picture`` (``getPicture``)

        Args:
            from_: The corner to take it from. The server's default: door.
            request_timeout: Seconds to wait for the answer, instead of the library's.

        Returns:
            The content.

        Raises:
            NotFoundException: There is no such room (404).
            HouseUnknownException: It is dark (503).
        """
        return self._library.rooms.get_picture(
            self.id, from_=from_, request_timeout=request_timeout
        )

    def get_picture_to(
        self,
        destination: Destination,
        *,
        from_: str | None = None,
        progress: Progress | None = None,
        request_timeout: float | None = None,
    ) -> int:
        """Take a picture of a room.

        ``GET /rooms/{roomId}/picture`` (``getPicture``)

        Args:
            destination: The path of a file, which appears once its content is complete, or anything
                with ``write``, such as a file open for binary writing.
            from_: The corner to take it from. The server's default: door.
            progress: Is called with the number of bytes so far, and of all of them if that is
                known.
            request_timeout: Seconds to wait for the answer, instead of the library's.

        Returns:
            The number of bytes written.

        Raises:
            NotFoundException: There is no such room (404).
            HouseUnknownException: It is dark (503).
        """
        return self._library.rooms.get_picture_to(
            self.id, destination, from_=from_, progress=progress, request_timeout=request_timeout
        )
