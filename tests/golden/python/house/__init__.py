# Copyright The house's owners
# SPDX-License-Identifier: MIT
#
# Written by the generator from the API's documents, version 1.4: change those, not this file.
"""House

A house with rooms and lamps.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from . import models
from .client import House
from .errors import (
    ConnectionFailedException,
    HouseException,
    HouseServerException,
    HouseUnknownException,
    IllegalInputException,
    IllegalStateException,
    NoSuchMethodException,
    NotAuthorizedException,
    NotFoundException,
    RequestRejectedException,
    TimeoutException,
)

if TYPE_CHECKING:
    from .models import *
    from .runtime.events import ConnectionLost, ConnectionReplaced, ConnectionRestored

__version__ = "2.0.1"

__all__ = [
    "House",
    "ConnectionFailedException",
    "HouseException",
    "HouseServerException",
    "HouseUnknownException",
    "IllegalInputException",
    "IllegalStateException",
    "NoSuchMethodException",
    "NotAuthorizedException",
    "NotFoundException",
    "RequestRejectedException",
    "TimeoutException",
    "ConnectionLost",
    "ConnectionReplaced",
    "ConnectionRestored",
]
__all__ += models.__all__


def __getattr__(name: str) -> Any:
    # Models are imported when a program first names them: a start pays only for what it uses.
    if name in {"ConnectionLost", "ConnectionReplaced", "ConnectionRestored"}:
        return getattr(importlib.import_module(".runtime.events", __name__), name)
    return getattr(models, name)
