# Copyright The house's owners
# SPDX-License-Identifier: MIT
#
# Written by the generator from the API's documents, version 1.4: change those, not this file.
"""Lamps."""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args

from ..runtime.operation import Operation, Parameter, Resource, split_id
from ..types import Colour

if TYPE_CHECKING:
    from ..models import Lamp, Room

_GET: Operation[Lamp] = Operation(
    "lamps.get",
    "GET /lamps/{roomId}/{lamp}",
    "Lamp",
    Parameter("roomId", "room_id", "path", required=True),
    Parameter("lamp", "lamp", "path", required=True),
)

_SWITCH: Operation[None] = Operation(
    "lamps.switch",
    "PUT /lamps/{roomId}/{lamp}",
    "None",
    Parameter("roomId", "room_id", "path", required=True),
    Parameter("lamp", "lamp", "path", required=True),
    Parameter("on", "on", "query", "boolean", required=True),
    Parameter("colour", "colour", "query", choices=get_args(Colour), default="white"),
    Parameter("X-Reason", "x_reason", "header"),
    Parameter("brightness", "brightness", "query", "number", minimum=0, maximum=100),
)


class Lamps(Resource):
    """Lamps."""

    def get(self, room_id: str | Room, lamp: str, *, request_timeout: float | None = None) -> Lamp:
        """Read a lamp.

        ``GET /lamps/{roomId}/{lamp}`` (``get``; since 1.0, 1.2)

        Args:
            room_id: The room it hangs in.
            lamp: Its name in the room.
            request_timeout: Seconds to wait for the answer, instead of the library's.

        Returns:
            The ``Lamp``.

        Raises:
            NotFoundException: There is no such lamp (404).
        """
        return self._library._call(_GET, (room_id, lamp), request_timeout)

    def switch(
        self,
        room_id: str | Room,
        lamp: str,
        on: bool,
        *,
        colour: Colour | None = None,
        x_reason: str | None = None,
        brightness: float | None = None,
        request_timeout: float | None = None,
    ) -> None:
        """Switch a lamp, or say \"\"\"why\\not\"\"\".

        ``PUT /lamps/{roomId}/{lamp}`` (``switch``)

        Args:
            room_id: The room it hangs in.
            lamp: Its name in the room.
            on: Whether it shall give light.
            colour: Its colour. The server's default: white.
            x_reason: What the house's log shall say.
            brightness: In per cent. From 0 to 100.
            request_timeout: Seconds to wait for the answer, instead of the library's.

        Raises:
            NotFoundException: There is no such lamp (404).
            IllegalStateException: It has no bulb (412).
            RequestRejectedException: It cannot have that colour (422).
        """
        return self._library._call(
            _SWITCH, (room_id, lamp, on, colour, x_reason, brightness), request_timeout
        )

    def get_lamp(self, room_id_lamp: str | Lamp, *, request_timeout: float | None = None) -> Lamp:
        """Read a lamp.

        The same as ``lamps.get``.

        Args:
            room_id_lamp: room_id and lamp in one text, joined by ``:``.
            request_timeout: Seconds to wait for the answer, instead of the library's.

        Returns:
            The ``Lamp``.

        Raises:
            NotFoundException: There is no such lamp (404).
        """
        room_id, lamp = split_id(room_id_lamp, ":", "room_id_lamp")
        return self.get(room_id, lamp, request_timeout=request_timeout)
