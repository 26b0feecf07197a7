# Copyright The house's owners
# SPDX-License-Identifier: MIT
#
# Written by the generator from the API's documents, version 1.4: change those, not this file.
"""Rooms, and the lamps in them."""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args

from ..runtime.operation import Operation, Parameter, Resource
from ..types import Class

if TYPE_CHECKING:
    import builtins
    from collections.abc import Mapping, Sequence
    from typing import Any

    from ..models import Room
    from ..runtime.client import Destination
    from ..runtime.transport import Progress

_LIST: Operation[list[Room]] = Operation(
    "rooms.list",
    "GET /rooms",
    "list[Room]",
    Parameter("floor", "floor", "query", "integer", minimum=0, maximum=12),
    Parameter("class", "class_", "query", choices=get_args(Class)),
    Parameter("tags", "tags", "query", "list"),
)

_GET: Operation[Room] = Operation(
    "rooms.get",
    "GET /rooms/{roomId}",
    "Room",
    Parameter("roomId", "room_id", "path", required=True),
)

_BUILD: Operation[Room] = Operation(
    "rooms.build",
    "POST /rooms/{roomId}",
    "Room",
    Parameter("roomId", "room_id", "path", required=True),
    Parameter("title", "title", "query", required=True),
    Parameter("settings", "settings", "field", "map", text_values=True),
    makes=("Room", "roomId"),
)

_UPDATE: Operation[None] = Operation(
    "rooms.update",
    "PUT /rooms/{roomId}",
    "None",
    Parameter("roomId", "room_id", "path", required=True),
    Parameter("change", "change", "body", "object", required=True),
)

_GET_PICTURE: Operation[bytes] = Operation(
    "rooms.getPicture",
    "GET /rooms/{roomId}/picture",
    "bytes",
    Parameter("roomId", "room_id", "path", required=True),
    Parameter("from", "from_", "query"),
)


class Rooms(Resource):
    """Rooms, and the lamps in them."""

    def list(
        self,
        *,
        floor: int | None = None,
        class_: Class | None = None,
        tags: str | Sequence[str] | None = None,
        request_timeout: float | None = None,
    ) -> builtins.list[Room]:
        """List the rooms.

        The order is that of the doors.

        ``GET /rooms`` (``list``)

        Args:
            floor: Only rooms on these floors. From 0 to 12.
            class_: Only rooms of this class.
            tags: Only rooms with one of these tags.
            request_timeout: Seconds to wait for the answer, instead of the library's.

        Returns:
            A list of ``Room``.
        """
        return self._library._call(_LIST, (floor, class_, tags), request_timeout)

    def get(self, room_id: str | Room, *, request_timeout: float | None = None) -> Room:
        """Read a room.

        ``GET /rooms/{roomId}`` (``get``)

        Args:
            room_id: The room.
            request_timeout: Seconds to wait for the answer, instead of the library's.

        Returns:
            The ``Room``.

        Raises:
            NotFoundException: There is no such room (404).
        """
        return self._library._call(_GET, (room_id,), request_timeout)

    def build(
        self,
        room_id: str | Room,
        title: str,
        *,
        settings: Mapping[str, Any] | None = None,
        request_timeout: float | None = None,
    ) -> Room:
        """Build a room.

        ``POST /rooms/{roomId}`` (``build``)

        Args:
            room_id: The id it shall have.
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
        return self._library._call(_BUILD, (room_id, title, settings), request_timeout)

    def update(
        self,
        room_id: str | Room,
        change: Mapping[str, Any],
        *,
        request_timeout: float | None = None,
    ) -> None:
        """Change a room.

        ``PUT /rooms/{roomId}`` (``update``)

        Args:
            room_id: The room.
            change: What shall be different.
            request_timeout: Seconds to wait for the answer, instead of the library's.

        Raises:
            NotFoundException: There is no such room (404).
        """
        return self._library._call(_UPDATE, (room_id, change), request_timeout)

    def get_picture(
        self, room_id: str | Room, *, from_: str | None = None, request_timeout: float | None = None
    ) -> bytes:
        """Take a picture of a room.

        ``GET /rooms/{roomId}/picture`` (``getPicture``)

        Args:
            room_id: The room.
            from_: The corner to take it from. The server's default: door.
            request_timeout: Seconds to wait for the answer, instead of the library's.

        Returns:
            The content.

        Raises:
            NotFoundException: There is no such room (404).
            HouseUnknownException: It is dark (503).
        """
        return self._library._call(_GET_PICTURE, (room_id, from_), request_timeout)

    def get_picture_to(
        self,
        room_id: str | Room,
        destination: Destination,
        *,
        from_: str | None = None,
        progress: Progress | None = None,
        request_timeout: float | None = None,
    ) -> int:
        """Take a picture of a room.

        ``GET /rooms/{roomId}/picture`` (``getPicture``)

        Args:
            room_id: The room.
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
        return self._library._download(
            _GET_PICTURE, (room_id, from_), destination, request_timeout, progress
        )

    def get_rooms(
        self,
        *,
        floor: int | None = None,
        class_: Class | None = None,
        tags: str | Sequence[str] | None = None,
        request_timeout: float | None = None,
    ) -> builtins.list[Room]:
        """List the rooms.

        The same as ``rooms.list``.

        Args:
            floor: Only rooms on these floors. From 0 to 12.
            class_: Only rooms of this class.
            tags: Only rooms with one of these tags.
            request_timeout: Seconds to wait for the answer, instead of the library's.

        Returns:
            A list of ``Room``.
        """
        return self.list(floor=floor, class_=class_, tags=tags, request_timeout=request_timeout)
