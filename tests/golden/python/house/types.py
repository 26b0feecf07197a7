# Copyright The house's owners
# SPDX-License-Identifier: MIT
#
# Written by the generator from the API's documents, version 1.4: change those, not this file.
"""The types of parameters that take one of a closed list of values."""

from __future__ import annotations

from typing import Literal, TypeAlias

Class: TypeAlias = Literal["cellar", "living", "attic"]
"""A value of Class."""

Colour: TypeAlias = Literal[
    "white", "red", "green", "blue", "ultraviolet", "infrared", "rainbow", "candle"
]
"""A value of Colour."""
