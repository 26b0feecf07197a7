# Copyright The house's owners
# SPDX-License-Identifier: MIT
#
# Written by the generator from the API's documents, version 1.4: change those, not this file.
"""The models of lamps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..entity import HouseObject

if TYPE_CHECKING:
    from typing import Any

    from ..types import Colour


class Lamp(HouseObject):
    """A lamp."""

    _id_members = ("room", "name")

    room: str
    """The room it hangs in."""

    name: str
    """Its name in that room."""

    watts: int | None
    """What it takes."""

    on: bool
    """Whether it gives light."""

    options: dict[str, Any] | None
    """Whatever the maker thought of."""

    def get(self, *, request_timeout: float | None = None) -> Lamp:
        """Read a lamp.

        ``GET /lamps/{roomId}/{lamp}`` (``get``; since 1.0, 1.2)

        Args:
            request_timeout: Seconds to wait for the answer, instead of the library's.

        Returns:
            The ``Lamp``.

        Raises:
            NotFoundException: There is no such lamp (404).
        """
        return self._library.lamps.get(self.room, self.name, request_timeout=request_timeout)

    def switch(
        self,
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
        return self._library.lamps.switch(
            self.room,
            self.name,
            on,
            colour=colour,
            x_reason=x_reason,
            brightness=brightness,
            request_timeout=request_timeout,
        )
