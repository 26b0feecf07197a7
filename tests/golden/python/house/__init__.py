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
from .client import House as House
from .errors import ConnectionFailedException as ConnectionFailedException
from .errors import HouseException as HouseException
from .errors import HouseServerException as HouseServerException
from .errors import HouseUnknownException as HouseUnknownException
from .errors import IllegalInputException as IllegalInputException
from .errors import IllegalStateException as IllegalStateException
from .errors import NoSuchMethodException as NoSuchMethodException
from .errors import NotAuthorizedException as NotAuthorizedException
from .errors import NotFoundException as NotFoundException
from .errors import RequestRejectedException as RequestRejectedException
from .errors import TimeoutException as TimeoutException

if TYPE_CHECKING:
    from .models import *  # noqa: F403
    from .runtime.events import ConnectionLost as ConnectionLost
    from .runtime.events import ConnectionReplaced as ConnectionReplaced
    from .runtime.events import ConnectionRestored as ConnectionRestored

__version__ = "2.0.1"

# Hidden from type checkers, which take the names from the imports above: what is made while the
# program runs is nothing to them, and every model would be of any type.
if not TYPE_CHECKING:
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
        *models.__all__,
    ]

    def __getattr__(name: str) -> Any:
        # Models are imported when a program first names them: a start pays only for what it uses.
        if name in {"ConnectionLost", "ConnectionReplaced", "ConnectionRestored"}:
            return getattr(importlib.import_module(".runtime.events", __name__), name)
        return getattr(models, name)
