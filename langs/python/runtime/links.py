"""URLs that the API's answers name: they are fetched without the library's credentials."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from ..errors import IllegalInputException
from .client import write_to
from .elsewhere import Elsewhere
from .transport import Request, Response, Sink

if TYPE_CHECKING:
    from .client import Client, Destination
    from .transport import Progress


class Links:
    """Fetches from anywhere."""

    def __init__(self, library: Client) -> None:
        """To be made before the library knows who the program is."""
        self._library = library
        self._elsewhere = Elsewhere(
            library._transport, library._access.user_agent, library._ssl_context
        )

    def fetch(self, url: str, timeout: float | None) -> bytes:
        """The content of a URL."""
        return self._send(url, timeout).body

    def fetch_to(
        self,
        url: str,
        destination: Destination,
        timeout: float | None,
        progress: Progress | None,
    ) -> int:
        """Write the content of a URL to ``destination``, and return its length."""
        return write_to(destination, progress, lambda sink: self._send(url, timeout, sink))

    def _send(self, url: str, timeout: float | None, sink: Sink | None = None) -> Response:
        try:
            place = urlsplit(url)
            known = place.scheme in ("http", "https") and place.hostname and place.port != 0
        except (AttributeError, TypeError, ValueError):
            known = False
        if not known or place.username is not None:
            raise IllegalInputException(
                f"url is {url!r}: it begins with http:// or https://, and a host"
            )
        transport = self._elsewhere.connect(place._replace(path="", query="", fragment=""))
        request = Request("GET", place.path or "/", place.query, headers={"Accept": "*/*"})
        try:
            response = transport.send(request, self._library._timeout_of(timeout), sink)
        finally:
            transport.close()
        self._library._check(request, response)
        return response
