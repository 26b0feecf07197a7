# Copyright The house's owners
# SPDX-License-Identifier: MIT
#
# Written by the generator from the API's documents, version 1.4: change those, not this file.
"""The models of the API; their modules are imported when they are first used."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .lamps import Lamp as Lamp
    from .news import LampSwitched as LampSwitched
    from .news import News as News
    from .news import ReaderReplaced as ReaderReplaced
    from .news import RoomBuilt as RoomBuilt
    from .news import RoomGone as RoomGone
    from .rooms import Room as Room

_MODULES = {
    "Lamp": "lamps",
    "LampSwitched": "news",
    "News": "news",
    "ReaderReplaced": "news",
    "RoomBuilt": "news",
    "RoomGone": "news",
    "Room": "rooms",
}

# Hidden from type checkers, which take the names from the imports above.
if not TYPE_CHECKING:
    __all__ = list(_MODULES)

    def __getattr__(name: str) -> Any:
        try:
            module = importlib.import_module(f".{_MODULES[name]}", __name__)
        except KeyError:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}") from None
        model = getattr(module, name)
        globals()[name] = model
        return model
