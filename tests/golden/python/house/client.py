# Copyright The house's owners
# SPDX-License-Identifier: MIT
#
# Written by the generator from the API's documents, version 1.4: change those, not this file.
"""The library's main class."""

from __future__ import annotations

import uuid
from functools import cached_property
from typing import TYPE_CHECKING

from .runtime.event_client import EventClient
from .runtime.facts import Access

if TYPE_CHECKING:
    import os
    import ssl
    from collections.abc import Sequence

    import requests

    from .models import Lamp, Room
    from .resources.lamps import Lamps
    from .resources.news import NewsResource
    from .resources.rooms import Rooms
    from .runtime.transport import Transport
    from .types import Class


class House(EventClient):
    """House

    A house with rooms and lamps.
    """

    _access = Access(
        lists="repeat",
        query_limit=0,
        user_agent="house/2.0.1",
        hints={
            401: "Ask the porter.",
        },
    )
    _models = f"{__package__}.models"
    _events = f"{__package__}.events"

    def __init__(
        self,
        api_url: str,
        username: str | None = None,
        password: str | None = None,
        *,
        reader: str | Sequence[str] | None = None,
        timeout: float = 30.0,
        ca_file: str | os.PathLike[str] | None = None,
        ssl_context: ssl.SSLContext | None = None,
        session: requests.Session | None = None,
        transport: Transport | None = None,
    ) -> None:
        """Settle where the API is and how it is reached; nothing is sent yet.

        Args:
            api_url: The API's URL, such as ``http://localhost:9000/house``.
            username: The user name, if the server asks for one.
            password: The user's password.
            reader: Who listens.
            timeout: Seconds that a call waits for the server before it fails.
            ca_file: A file of certificates to trust instead of the system's, for ``https``.
            ssl_context: A complete TLS configuration, instead of ``ca_file``.
            session: A ``requests.Session`` to send with, instead of the built-in transport: for
                proxies, adapters and mocks.
            transport: A transport of the program's own.

        Raises:
            IllegalInputException: The URL is not one, or the settings contradict each other.
        """
        super().__init__(
            api_url,
            username,
            password,
            stream_arguments={"reader": reader},
            timeout=timeout,
            ca_file=ca_file,
            ssl_context=ssl_context,
            session=session,
            transport=transport,
        )

    @cached_property
    def rooms(self) -> Rooms:
        """Rooms, and the lamps in them."""
        from .resources.rooms import Rooms

        return Rooms(self)

    @cached_property
    def lamps(self) -> Lamps:
        """Lamps."""
        from .resources.lamps import Lamps

        return Lamps(self)

    @cached_property
    def news(self) -> NewsResource:
        """What happens in the house."""
        from .resources.news import NewsResource

        return NewsResource(self)

    def get_rooms(
        self,
        *,
        floor: int | None = None,
        class_: Class | None = None,
        tags: str | Sequence[str] | None = None,
        request_timeout: float | None = None,
    ) -> list[Room]:
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
        return self.rooms.get_rooms(
            floor=floor, class_=class_, tags=tags, request_timeout=request_timeout
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
        return self.lamps.get_lamp(room_id_lamp, request_timeout=request_timeout)

    def new_room(self, room_id: str | None = None) -> Room:
        """A Room that does not exist yet.

        Its id is made here, so that handlers can be put on it before the server knows of it, and no
        event is missed; then one of its own operations creates it.

        Args:
            room_id: The id it shall have; made here if left out.
        """
        from .models.rooms import Room

        data = {"id": room_id or str(uuid.uuid4())}
        return Room(data, self._origin())
