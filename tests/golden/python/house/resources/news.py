# Copyright The house's owners
# SPDX-License-Identifier: MIT
#
# Written by the generator from the API's documents, version 1.4: change those, not this file.
"""What happens in the house."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..runtime.operation import Operation, Parameter, Resource

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..models import Room

_WATCH: Operation[None] = Operation(
    "news.watch",
    "POST /news/{reader}/watch",
    "None",
    Parameter("reader", "reader", "path", required=True),
    Parameter("roomId", "room_id", "query", "list", required=True),
    subscription="add",
)

_UNWATCH: Operation[None] = Operation(
    "news.unwatch",
    "DELETE /news/{reader}/watch",
    "None",
    Parameter("reader", "reader", "path", required=True),
    Parameter("roomId", "room_id", "query", "list", required=True),
    subscription="remove",
)


class NewsResource(Resource):
    """What happens in the house."""

    def watch(
        self,
        reader: str,
        room_id: str | Room | Sequence[str | Room],
        *,
        request_timeout: float | None = None,
    ) -> None:
        """Hear of a room.

        ``POST /news/{reader}/watch`` (``watch``)

        Args:
            reader: Who listens.
            room_id: The rooms.
            request_timeout: Seconds to wait for the answer, instead of the library's.
        """
        return self._library._call(_WATCH, (reader, room_id), request_timeout)

    def unwatch(
        self,
        reader: str,
        room_id: str | Room | Sequence[str | Room],
        *,
        request_timeout: float | None = None,
    ) -> None:
        """Hear of a room no more.

        ``DELETE /news/{reader}/watch`` (``unwatch``)

        Args:
            reader: Who listens.
            room_id: The rooms.
            request_timeout: Seconds to wait for the answer, instead of the library's.
        """
        return self._library._call(_UNWATCH, (reader, room_id), request_timeout)
