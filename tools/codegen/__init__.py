"""Generates client libraries from the documents that describe a REST API."""

from __future__ import annotations

#: The generator's own version; the libraries name it in their headers.
__version__ = "0.1.0"
