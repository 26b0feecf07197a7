"""Ways to other places than the API, where its credentials have no business."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import SplitResult

from .http import HttpTransport, SessionTransport

if TYPE_CHECKING:
    import ssl

    from .transport import Transport


class Elsewhere:
    """Makes transports like the library's own, but without its credentials."""

    def __init__(
        self, transport: Transport, user_agent: str, ssl_context: ssl.SSLContext | None
    ) -> None:
        """``transport`` is the library's: a session that the program gave is used here too."""
        self._transport = transport
        self._headers = {"User-Agent": user_agent}
        self._ssl_context = ssl_context

    def connect(self, place: SplitResult) -> Transport:
        """A way to a scheme and a host."""
        if isinstance(self._transport, SessionTransport):
            return SessionTransport(self._transport.session, place, self._headers)
        return HttpTransport(place, self._headers, self._ssl_context)
