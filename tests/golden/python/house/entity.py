# Copyright The house's owners
# SPDX-License-Identifier: MIT
#
# Written by the generator from the API's documents, version 1.4: change those, not this file.
"""The base of the API's objects."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .runtime.event_client import ObservableEntity

if TYPE_CHECKING:
    from .client import House


class HouseObject(ObservableEntity):
    """An object of the API: a snapshot of its attributes, and its own operations.

    Two are equal if they are of one type and have the same ids.
    """

    if TYPE_CHECKING:

        @property
        def _library(self) -> House: ...
