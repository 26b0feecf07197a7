"""How many more requests the server takes, as its answers say."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, NamedTuple

from .transport import Request, Response, Sink, Transport

if TYPE_CHECKING:
    from .client import Client


class RateLimit(NamedTuple):
    """What the server's last answer said of its limit; ``None`` for what it did not say.

    Attributes:
        limit: How many requests there may be in all.
        remaining: How many of them are left.
        reset: The seconds until they begin anew.
    """

    limit: int | None
    remaining: int | None
    reset: int | None


class WatchingTransport:
    """A transport that remembers what answers say of the limit."""

    def __init__(self, transport: Transport, names: tuple[str, str, str]) -> None:
        """``names`` are those of the headers, in lower case."""
        self._transport = transport
        self._names = names
        self.last: RateLimit | None = None

    def send(self, request: Request, timeout: float, sink: Sink | None = None) -> Response:
        """Send the request; see ``Transport.send``."""
        response = self._transport.send(request, timeout, sink)
        self.last = RateLimit(*(_number(response.headers.get(name)) for name in self._names))
        return response

    def close(self) -> None:
        """Let go of every connection."""
        self._transport.close()


def watch(library: Client, limit: str, remaining: str, reset: str) -> WatchingTransport:
    """Let a library remember what answers say of the limit in these headers."""
    names = (limit.lower(), remaining.lower(), reset.lower())
    watching = WatchingTransport(library._transport, names)
    library._transport = watching
    return watching


def _number(text: str | None) -> int | None:
    with contextlib.suppress(ValueError):
        return None if text is None else int(text)
    return None
