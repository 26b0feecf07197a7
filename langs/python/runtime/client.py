"""The base of a library's main class: settings, calls, results and errors."""

from __future__ import annotations

import base64
import contextlib
import json
import os
import ssl
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar, cast
from urllib.parse import SplitResult, urlsplit

from ..errors import IllegalInputException, LibraryException, error_for_status
from .facts import Access
from .http import HttpTransport, SessionTransport
from .model import Origin, decoder_of
from .operation import Operation, prepare
from .transport import Meter, Progress, Request, Response, Sink, Transport

if TYPE_CHECKING:
    import requests

C = TypeVar("C", bound="Client")
T = TypeVar("T")

#: Where a download may go: a file's path, or anything with ``write``, an open file for instance.
Destination = str | os.PathLike[str] | Sink


class Client:
    """The base of the main class: it opens nothing until the first call."""

    _access: Access
    _models: ClassVar[str]

    def __init__(
        self,
        api_url: str,
        username: str | None = None,
        password: str | None = None,
        *,
        timeout: float = 30.0,
        ca_file: str | os.PathLike[str] | None = None,
        ssl_context: ssl.SSLContext | None = None,
        session: requests.Session | None = None,
        transport: Transport | None = None,
    ) -> None:
        """Settle where the API is and how it is reached; no request is made.

        Args:
            api_url: the API's URL, for instance ``https://server.example/api``.
            username: the user name, if the server asks for one.
            password: the user's password.
            timeout: seconds that a call may wait for the server before it fails.
            ca_file: a file of certificates to trust instead of the system's, for ``https``.
            ssl_context: a complete TLS configuration, instead of ``ca_file``.
            session: a ``requests.Session`` to send with, instead of the built-in transport:
                for proxies, adapters and mocks.
            transport: a transport of the program's own.

        Raises:
            IllegalInputException: the URL is not one, or settings contradict each other.
        """
        self._url = _api_url(api_url)
        self._username = username
        self._timeout = _seconds("timeout", timeout)
        if (username is None) != (password is None):
            raise IllegalInputException("username and password belong together: give both or none")
        if username is not None and ":" in username:
            raise IllegalInputException("username holds a colon, which ends a user name in HTTP")
        self._headers = {"User-Agent": self._access.user_agent}
        if username is not None:
            basic = base64.b64encode(f"{username}:{password}".encode()).decode("ascii")
            self._headers["Authorization"] = f"Basic {basic}"
        if ca_file is not None:
            if ssl_context is not None:
                raise IllegalInputException("ca_file and ssl_context exclude each other")
            try:
                ssl_context = ssl.create_default_context(cafile=os.fspath(ca_file))
            except (OSError, ssl.SSLError) as error:
                raise IllegalInputException(
                    f"ca_file {os.fspath(ca_file)!r} cannot be used: {error}"
                ) from error
        self._ssl_context = ssl_context
        if transport is not None and session is not None:
            raise IllegalInputException("session and transport exclude each other")
        if transport is not None:
            self._transport = transport
        elif session is not None:
            self._transport = SessionTransport(session, self._url, self._headers)
        else:
            self._transport = HttpTransport(self._url, self._headers, ssl_context)

    def close(self) -> None:
        """Let go of the connections.  The library may still be used, and opens new ones."""
        self._transport.close()

    def __enter__(self: C) -> C:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._url.geturl()!r}, username={self._username!r})"

    def _call(
        self, operation: Operation[T], values: Sequence[Any], timeout: float | None = None
    ) -> T:
        """Run an operation.  ``values`` are in the order of its parameters."""
        origin = self._origin()
        request = prepare(operation, values, self._access)
        response = self._send(request, timeout)
        self._check(request, response)
        return cast(T, self._result(operation, request, response, origin))

    def _download(
        self,
        operation: Operation[bytes],
        values: Sequence[Any],
        destination: Destination,
        timeout: float | None = None,
        progress: Progress | None = None,
    ) -> int:
        """Run an operation whose result is binary and write the result to ``destination``."""
        request = prepare(operation, values, self._access)

        def send(sink: Sink) -> None:
            self._check(request, self._send(request, timeout, sink))

        return write_to(destination, progress, send)

    def _origin(self) -> Origin:
        """What the models of a call that begins now come from."""
        return Origin(self)

    def _send(self, request: Request, timeout: float | None, sink: Sink | None = None) -> Response:
        try:
            return self._transport.send(request, self._timeout_of(timeout), sink)
        finally:
            if request.content is not None and not isinstance(request.content, bytes):
                request.content.close()

    def _timeout_of(self, timeout: float | None) -> float:
        return self._timeout if timeout is None else _seconds("request_timeout", timeout)

    def _check(self, request: Request, response: Response) -> None:
        if 200 <= response.status < 300:
            return
        message, code = _told(response)
        # A page instead of JSON comes from something else than the API: the URL is not the API's.
        helps = response.status in (401, 403) or response.content_type == "text/html"
        hint = self._access.hints.get(response.status) if helps else None
        raise error_for_status(
            response.status,
            message or response.reason or f"status {response.status}",
            **_place_of(request, response),
            hint=hint,
            code=code,
        )

    def _result(
        self, operation: Operation[Any], request: Request, response: Response, origin: Origin
    ) -> Any:
        if operation.result == "bytes":
            return response.body
        if operation.read is not None:
            return operation.read(response)
        if operation.result == "None" and response.content_type != "application/json":
            return None
        if not response.body:
            return None
        try:
            value = json.loads(response.body)
        except ValueError as error:
            raise LibraryException(
                f"the answer is not JSON but {response.content_type or 'of no type'}: "
                f"is {self._url.geturl()} the URL of the API?",
                status=response.status,
                **_place_of(request, response),
            ) from error
        if operation.result == "None" or value is None:
            return value
        return decoder_of(operation.result, self._models)(value, origin)


def write_to(
    destination: Destination, progress: Progress | None, send: Callable[[Sink], object]
) -> int:
    """Write what ``send`` receives to ``destination``, and return how many bytes that are."""
    with _opened(destination) as sink:
        meter = Meter(sink, progress)
        send(meter)
        if progress is not None and not meter.count:
            progress(0, 0)
    return meter.count


@contextlib.contextmanager
def _opened(destination: Destination) -> Iterator[Sink]:
    """The sink itself, or a file that takes the path's place only once all has been written."""
    if not isinstance(destination, (str, os.PathLike)):
        yield destination
        return
    path = os.fspath(destination)
    partial = f"{path}.{os.getpid()}-{threading.get_ident()}.part"
    try:
        with open(partial, "xb") as file:
            yield file
        os.replace(partial, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(partial)
        raise


def _api_url(text: str) -> SplitResult:
    if not isinstance(text, str):
        raise IllegalInputException(
            f"api_url is {text!r}: text such as http://host:8088/path is wanted"
        )
    try:
        url = urlsplit(text.strip())
        port = url.port
    except ValueError as error:
        raise IllegalInputException(f"api_url {text!r} is not a URL: {error}") from error
    if url.username is not None or url.password is not None:
        raise IllegalInputException(
            "api_url holds a user name: give username and password as arguments of their own"
        )
    if url.scheme not in ("http", "https") or not url.hostname or port == 0:
        raise IllegalInputException(
            f"api_url {text!r} is not the URL of a server: "
            "it begins with http:// or https://, a host and, if need be, a port"
        )
    if url.query or url.fragment:
        raise IllegalInputException(f"api_url {text!r} ends in a query or fragment: leave that out")
    return url._replace(path=url.path.rstrip("/"))


def _seconds(name: str, value: float) -> float:
    if (
        isinstance(value, bool)
        or not isinstance(value, (int, float))
        or not 0 < value < sys.maxsize
    ):
        raise IllegalInputException(f"{name} is {value!r}: a number of seconds above 0 is wanted")
    return float(value)


def _told(response: Response) -> tuple[str, str | None]:
    """What the server says of its error in a JSON object: for people, and its own word for it."""
    body: Any = None
    if response.content_type == "application/json":
        with contextlib.suppress(ValueError):
            body = json.loads(response.body)
    members = body.items() if isinstance(body, dict) else ()
    texts = {name: text for name, text in members if isinstance(text, str)}
    said = next(filter(texts.__contains__, ("message", "error_description", "error")), "")
    words = (name for name in ("status", "code", "error") if name in texts and name != said)
    return texts.get(said, ""), texts.get(next(words, ""))


def _place_of(request: Request, response: Response) -> dict[str, str]:
    """What an exception tells of the call."""
    body = response.body.decode("utf-8", "replace")
    return {"method": request.method, "path": request.path, "body": body}
