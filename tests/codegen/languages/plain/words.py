"""The language's reserved words, in a module beside it."""

from __future__ import annotations

import keyword

RESERVED = frozenset(keyword.kwlist)
