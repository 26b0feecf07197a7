# Copyright The house's owners
# SPDX-License-Identifier: MIT
#
# Written by the generator from the API's documents, version 1.4: change those, not this file.
"""The events of the API: their names, and what each means for the objects it names."""

from __future__ import annotations

from typing import Literal, TypeAlias, get_args

from .runtime.facts import End, EventFacts, object_properties
from .runtime.operation import Operation, Parameter

EventName: TypeAlias = Literal[
    "LampSwitched",
    "News",
    "ReaderReplaced",
    "RoomBuilt",
    "RoomGone",
    # The library's own:
    "ConnectionLost",
    "ConnectionReplaced",
    "ConnectionRestored",
]
"""The types of events that the documents know; a base type stands for all its subtypes."""

_WEBSOCKET: Operation[None] = Operation(
    "news.listen",
    "GET /news",
    "None",
    Parameter("reader", "reader", "query", "list", required=True),
)

#: Event type -> the types it descends from.
_PARENTS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(get_args(EventName)[:-3], ("News",)),
    "News": (),
}

#: Object -> the members that hold its ids; an event queues by the first it names, in this order.
_IDS: dict[str, tuple[str, ...]] = {
    "Room": ("id",),
    "Lamp": ("room", "name"),
}

#: Event type -> the properties that hold objects.
_OBJECTS: dict[str, dict[str, str]] = {
    "LampSwitched": {"room": "Room", "lamp": "Lamp"},
    "RoomBuilt": {"room": "Room"},
    "RoomGone": {"room": "Room"},
}

FACTS = EventFacts(
    operation=_WEBSOCKET,
    application="reader",
    discriminator="type",
    timestamp="at",
    base="News",
    parents=_PARENTS,
    objects=object_properties(_IDS, _OBJECTS),
    ends={
        "RoomGone": (End("room"),),
    },
    reads={
        "Room": ("rooms", "get"),
        "Lamp": ("lamps", "get"),
    },
    replaced="ReaderReplaced",
    keep=(),
)
