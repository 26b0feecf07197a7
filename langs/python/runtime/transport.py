"""What a transport is: anything that carries a request to the server and its response back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol


@dataclass(frozen=True)
class Request:
    """A request, ready to be sent.

    Attributes:
        method: the HTTP method.
        path: the encoded path below the API's URL, beginning with a slash.
        query: the encoded query, without the question mark; empty for none.
        json: the value of the JSON body; ``None`` for a request without body.
        headers: the headers of this request, beside the library's own.
    """

    method: str
    path: str
    query: str = ""
    json: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def target(self) -> str:
        """Path and query."""
        return f"{self.path}?{self.query}" if self.query else self.path


@dataclass(frozen=True)
class Response:
    """A response, read whole.

    Attributes:
        status: the HTTP status.
        reason: the reason phrase, which is for people only.
        content_type: the media type of the body in lower case, without its parameters.
        body: the bytes of the body.
        headers: all headers, names in lower case.
    """

    status: int
    reason: str
    content_type: str
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)


class Sink(Protocol):
    """Where a download goes: an open binary file, for instance."""

    def write(self, data: bytes, /) -> object:
        """Take the next bytes."""


class Transport(Protocol):
    """Carries requests.  An implementation may be used from several threads at once."""

    def send(self, request: Request, timeout: float, sink: Sink | None = None) -> Response:
        """Send the request and return the response, whatever its status.

        The body of a successful response goes to ``sink``, if one is given, as it arrives.

        Raises:
            ConnectionFailedException: no response came.
            TimeoutException: none came within ``timeout`` seconds.
        """

    def close(self) -> None:
        """Let go of every connection; the transport may still be used and opens new ones."""


def chunks(read: Any, size: int = 65536) -> Iterator[bytes]:
    """The blocks that ``read(size)`` gives until it gives none."""
    while block := read(size):
        yield block
