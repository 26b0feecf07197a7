# Copyright The house's owners
# SPDX-License-Identifier: MIT
#
# Written by the generator from the API's documents, version 1.4: change those, not this file.
"""The models of the API; their modules are imported when they are first used."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .lamps import *
    from .news import *
    from .rooms import *

#: Model -> the module that defines it.
_MODULES = {
    name: module
    for module, names in {
        "lamps": "Lamp",
        "news": "LampSwitched News ReaderReplaced RoomBuilt RoomGone",
        "rooms": "Room",
    }.items()
    for name in names.split()
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
