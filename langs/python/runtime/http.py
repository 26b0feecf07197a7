"""HTTP over the standard library: kept-alive connections, TLS, redirects of GET, and little else.

A program that wants proxies, its own adapters or a recording mock hands in a ``requests.Session``
instead, which ``SessionTransport`` drives.
"""

from __future__ import annotations

import http.client
import select
import ssl
import time
from collections import deque
from typing import TYPE_CHECKING, Any
from urllib.parse import SplitResult, urljoin, urlsplit

from ..errors import ConnectionFailedException, TimeoutException
from .transport import Meter, Request, Response, Sink, Stream, chunks

if TYPE_CHECKING:
    import requests

#: Seconds after which an idle connection is not used again.  Servers close idle ones on their own
#: (Asterisk after 15 seconds), and a request that crosses such a close is lost.
IDLE_LIMIT = 10.0

_MAX_REDIRECTS = 5
_REPEATABLE = frozenset({"GET", "HEAD", "PUT", "DELETE"})
_REDIRECTS = frozenset({301, 302, 303, 307, 308})

#: The headers that another host may see: not those that say who the program is.
_HARMLESS = frozenset({"Accept", "User-Agent"})

#: What a server's closing of a kept-alive connection looks like before the first byte of an answer.
_STALE = (http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError)


class HttpTransport:
    """The default transport: a pool of ``http.client`` connections to one server."""

    def __init__(
        self,
        url: SplitResult,
        headers: dict[str, str],
        ssl_context: ssl.SSLContext | None = None,
    ) -> None:
        """``headers`` go with every request, but to another host only the harmless ones."""
        self._url = url
        self._headers = headers
        self._ssl_context = ssl_context
        self._idle: deque[tuple[http.client.HTTPConnection, float]] = deque()

    def send(self, request: Request, timeout: float, sink: Sink | None = None) -> Response:
        """Send the request; see ``Transport.send``."""
        body, headers = request.encoded(self._headers)
        if body is not None and not isinstance(body, bytes) and body.len is not None:
            headers["Content-Length"] = str(body.len)
        target = self._url.path + request.target
        try:
            connection, response = self._exchange(request.method, target, body, headers, timeout)
            answer = self._read(connection, response, sink)
            if answer.status in _REDIRECTS and request.method == "GET":
                answer = self._follow(answer, target, headers, timeout, sink)
            return answer
        except TimeoutError as error:
            raise TimeoutException(
                f"no answer within {timeout:g} seconds", method=request.method, path=request.path
            ) from error
        except (OSError, http.client.HTTPException) as error:
            raise ConnectionFailedException(
                f"{_place(self._url)}: {_cause(error)}", method=request.method, path=request.path
            ) from error

    def close(self) -> None:
        """Close the idle connections."""
        while self._idle:
            self._idle.pop()[0].close()

    def _exchange(
        self,
        method: str,
        target: str,
        body: bytes | Stream | None,
        headers: dict[str, str],
        timeout: float,
    ) -> tuple[http.client.HTTPConnection, http.client.HTTPResponse]:
        connection = self._take(timeout)
        again = connection is not None and method in _REPEATABLE
        while True:
            connection = connection or _open(self._url, timeout, self._ssl_context)
            try:
                connection.request(method, target, body, headers)
                return connection, connection.getresponse()
            except BaseException as error:
                connection.close()
                # The server may have closed the connection while it idled. What may be done twice without
                # harm is sent again, once, on a new one.
                if not (again and isinstance(error, _STALE) and _rewound(body)):
                    raise
            connection, again = None, False

    def _take(self, timeout: float) -> http.client.HTTPConnection | None:
        """An idle connection that is still good, the most recently used first."""
        while self._idle:
            try:
                connection, since = self._idle.pop()
            except IndexError:  # another thread took the last one
                return None
            if time.monotonic() - since < IDLE_LIMIT and not _readable(connection):
                connection.sock.settimeout(timeout)
                return connection
            connection.close()
        return None

    def _read(
        self,
        connection: http.client.HTTPConnection,
        response: http.client.HTTPResponse,
        sink: Sink | None,
    ) -> Response:
        try:
            answer = _response(response, sink)
        except BaseException:
            connection.close()
            raise
        if response.will_close:
            connection.close()
        else:
            self._idle.append((connection, time.monotonic()))
        return answer

    def _follow(
        self,
        answer: Response,
        target: str,
        headers: dict[str, str],
        timeout: float,
        sink: Sink | None,
    ) -> Response:
        url = _place(self._url) + target
        for _ in range(_MAX_REDIRECTS):
            location = answer.headers.get("location")
            if answer.status not in _REDIRECTS or not location:
                return answer
            url = urljoin(url, location)
            place = urlsplit(url)
            if place.scheme not in ("http", "https") or not place.hostname:
                raise ConnectionFailedException(
                    f"redirected to {place.scheme or 'nowhere'}:, which is not HTTP"
                )
            if _host(place) != _host(self._url):
                headers = {name: headers[name] for name in headers if name in _HARMLESS}
            connection = _open(place, timeout, self._ssl_context)
            try:
                path = (place.path or "/") + (f"?{place.query}" if place.query else "")
                connection.request("GET", path, None, headers)
                answer = _response(connection.getresponse(), sink)
            finally:
                connection.close()
        raise ConnectionFailedException(f"redirected more than {_MAX_REDIRECTS} times")


class SessionTransport:
    """A transport over a ``requests.Session`` that the program made and keeps."""

    def __init__(
        self, session: requests.Session, url: SplitResult, headers: dict[str, str]
    ) -> None:
        """``headers`` go with every request."""
        self.session = session
        self._url = url
        self._headers = headers

    def send(self, request: Request, timeout: float, sink: Sink | None = None) -> Response:
        """Send the request; see ``Transport.send``."""
        import requests

        body, headers = request.encoded(self._headers)

        def guard(response: requests.Response, **_: Any) -> None:
            self._guard(response, headers)

        try:
            with self.session.request(
                request.method,
                self._url.geturl() + request.target,
                data=body,
                headers=headers,
                timeout=timeout,
                allow_redirects=request.method == "GET",
                stream=sink is not None,
                # Without it, requests would put a password from ~/.netrc over ours.
                auth=lambda prepared: prepared,
                # Hooks of a request take the place of the session's, which are the program's.
                hooks={"response": [*self.session.hooks["response"], guard]},
            ) as answer:
                if sink is not None and answer.ok:
                    if isinstance(sink, Meter) and "Content-Encoding" not in answer.headers:
                        sink.total = answer.raw.length_remaining
                    for block in answer.iter_content(65536):
                        sink.write(block)
                    content = b""
                else:
                    content = answer.content
                fields = {name.lower(): value for name, value in answer.headers.items()}
                return Response(
                    answer.status_code,
                    answer.reason or "",
                    _media_type(fields.get("content-type", "")),
                    content,
                    fields,
                )
        except requests.Timeout as error:
            raise TimeoutException(
                f"no answer within {timeout:g} seconds", method=request.method, path=request.path
            ) from error
        except requests.RequestException as error:
            raise ConnectionFailedException(
                f"{_place(self._url)}: {_cause(error)}", method=request.method, path=request.path
            ) from error

    def _guard(self, response: requests.Response, headers: dict[str, str]) -> None:
        """Before a redirect to another host is followed: only harmless headers go there."""
        url = urljoin(response.url, response.headers.get("location", ""))
        if response.is_redirect and _host(urlsplit(url)) != _host(self._url):
            for name in headers.keys() - _HARMLESS:
                response.request.headers.pop(name, None)

    def close(self) -> None:
        """Nothing: the session is the program's."""


def _open(
    url: SplitResult, timeout: float, ssl_context: ssl.SSLContext | None
) -> http.client.HTTPConnection:
    host = url.hostname or ""
    if url.scheme == "https":
        context = ssl_context or ssl.create_default_context()
        return http.client.HTTPSConnection(host, url.port, timeout=timeout, context=context)
    return http.client.HTTPConnection(host, url.port, timeout=timeout)


def _rewound(body: bytes | Stream | None) -> bool:
    """Whether the body can be sent once more."""
    return body is None or isinstance(body, bytes) or body.rewind()


def _readable(connection: http.client.HTTPConnection) -> bool:
    """Whether the server has closed the connection, or sent what nobody asked for."""
    try:
        if hasattr(select, "poll"):  # select itself fails for descriptors above 1023
            poll = select.poll()
            poll.register(connection.sock, select.POLLIN)
            return bool(poll.poll(0))
        return bool(select.select([connection.sock], [], [], 0)[0])
    except (OSError, ValueError):
        return True


def _response(response: http.client.HTTPResponse, sink: Sink | None) -> Response:
    if sink is not None and 200 <= response.status < 300:
        if isinstance(sink, Meter):
            sink.total = response.length
        for block in chunks(response.read):
            sink.write(block)
        body = b""
    else:
        body = response.read()
    headers = {name.lower(): value for name, value in response.headers.items()}
    media_type = _media_type(headers.get("content-type", ""))
    return Response(response.status, response.reason, media_type, body, headers)


def _media_type(content_type: str) -> str:
    return content_type.partition(";")[0].strip().lower()


def _host(url: SplitResult) -> tuple[str, str | None, int | None]:
    return (url.scheme, url.hostname, url.port or {"http": 80, "https": 443}.get(url.scheme))


def _place(url: SplitResult) -> str:
    return f"{url.scheme}://{url.netloc}"


def _cause(error: Exception) -> str:
    if isinstance(error, http.client.RemoteDisconnected):
        return "the server closed the connection without an answer"
    if isinstance(error, ConnectionRefusedError):
        return "connection refused: is the server running there?"
    text: Any = getattr(error, "strerror", None) or str(error) or type(error).__name__
    return str(text)
