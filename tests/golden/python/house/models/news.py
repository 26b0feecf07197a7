# Copyright The house's owners
# SPDX-License-Identifier: MIT
#
# Written by the generator from the API's documents, version 1.4: change those, not this file.
"""The models of news."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..runtime.model import Model

if TYPE_CHECKING:
    from datetime import datetime

    from .lamps import Lamp
    from .rooms import Room


class News(Model):
    """What every message has."""

    _discriminator = "type"

    type: str
    """What happened."""

    at: datetime
    """When."""


class LampSwitched(News):
    """Somebody switched a lamp."""

    lamp: Lamp
    """The lamp, as it is now."""

    room: Room | None
    """The room it hangs in."""


class RoomBuilt(News):
    """There is a new room."""

    room: Room
    """The room."""


class RoomGone(News):
    """A room was torn down."""

    room: Room
    """The room."""


class ReaderReplaced(News):
    """Another reader has come under the same name."""
