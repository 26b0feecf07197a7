"""What a transport is: anything that carries a request to the server and its response back."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeAlias


class Stream(Protocol):
    """A body that is read while it is sent."""

    @property
    def len(self) -> int | None:
        """Its length in bytes; ``None`` where that is not known before its end."""

    def read(self, size: int = -1, /) -> bytes:
        """The next bytes, none at its end."""

    def __iter__(self) -> Iterator[bytes]: ...

    def rewind(self) -> bool:
        """Begin again, where that can be done."""

    def close(self) -> None:
        """Let go of the files that were opened for it."""


@dataclass(frozen=True)
class Request:
    """A request, ready to be sent.

    Attributes:
        method: the HTTP method.
        path: the encoded path below the API's URL, beginning with a slash.
        query: the encoded query, without the question mark; empty for none.
        json: the value of the JSON body; ``None`` for a request without one.
        headers: the headers of this request, beside the library's own.
        content: a body of another kind, in place of the JSON.
        content_type: the media type of the body.
    """

    method: str
    path: str
    query: str = ""
    json: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    content: bytes | Stream | None = None
    content_type: str = "application/json"

    @property
    def target(self) -> str:
        """Path and query."""
        return f"{self.path}?{self.query}" if self.query else self.path

    def encoded(self, headers: Mapping[str, str]) -> tuple[bytes | Stream | None, dict[str, str]]:
        """The body as it travels, and all headers: ``headers``, and those of the request."""
        body = self.content
        if self.json is not None:
            body = json.dumps(self.json, ensure_ascii=False, separators=(",", ":")).encode()
        every = {**headers, **self.headers}
        if body is not None:
            every["Content-Type"] = self.content_type
        return body, every


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


#: Is told how many bytes have been sent or received, and how many there are, or ``None`` where that is not known.
Progress: TypeAlias = Callable[[int, int | None], object]


class Meter:
    """Counts what passes to the sink behind it, and tells of it; a transport that knows ``total`` says it here."""

    def __init__(self, sink: Sink, progress: Progress | None) -> None:
        self._sink, self._progress = sink, progress
        self.count, self.total = 0, None

    total: int | None

    def write(self, data: bytes, /) -> None:
        """Take the next bytes."""
        self._sink.write(data)
        self.count += len(data)
        if self._progress is not None:
            self._progress(self.count, self.total)


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
