"""Who the program is, where the server asks for more than a user name: tokens and keys."""

from __future__ import annotations

import contextlib
import json
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import SplitResult, quote, urlencode, urljoin, urlsplit

from ..errors import IllegalInputException, LibraryException, NotAuthorizedException
from .elsewhere import Elsewhere
from .transport import Request, Response, Sink, Transport

if TYPE_CHECKING:
    from .client import Client

#: A token is renewed when less than this share of its life is left, or so many seconds.
_SHARE = 0.1
_SECONDS = 60.0

#: Makes the way to another place.
Connect = Callable[[SplitResult], Transport]


class Key(NamedTuple):
    """A key that the program may give: its argument, and where it travels."""

    argument: str
    location: str
    parameter: str
    value: str | None


class Grant(NamedTuple):
    """Where a client gets its tokens (OAuth2, client credentials)."""

    token_url: str
    scopes: tuple[str, ...]
    client_id: str | None
    client_secret: str | None


def prove(
    client: Client,
    token: str | Callable[[], str] | None = None,
    keys: Sequence[Key] = (),
    grant: Grant | None = None,
) -> None:
    """Let a library say who the program is, beside user name and password or in place of them."""
    if grant is not None and grant.client_id is None and grant.client_secret is None:
        grant = None
    if grant is not None and None in grant:
        raise IllegalInputException(
            "client_id and client_secret belong together: give both or none"
        )
    ways = {"token": token, "client_id": grant, "username": client._username}
    given = [name for name, value in ways.items() if value is not None]
    if len(given) > 1:
        raise IllegalInputException(f"{' and '.join(given)} exclude each other: give one")
    headers = client._headers
    transport = client._transport
    connect = Elsewhere(transport, client._access.user_agent, client._ssl_context).connect
    query = []
    for key in keys:
        if key.value is not None and key.location == "header":
            headers[key.parameter] = _fit(key.argument, key.value)
        elif key.value is not None:
            query.append(f"{quote(key.parameter, safe='')}={quote(key.value, safe='')}")
    # What never changes is in the headers of every request; the rest is added to each.
    if isinstance(token, str):
        headers["Authorization"] = f"Bearer {_fit('token', token)}"
        token = None
    tokens = Tokens(grant, client._url, connect) if grant is not None else None
    if tokens is not None or token is not None or query:
        client._transport = ProvingTransport(transport, token, tokens, "&".join(query))


class ProvingTransport:
    """A transport that adds what must be looked up for each request."""

    def __init__(
        self,
        transport: Transport,
        token: Callable[[], str] | None,
        tokens: Tokens | None,
        query: str,
    ) -> None:
        self._transport = transport
        self._token = token
        self._tokens = tokens
        self._query = query

    def send(self, request: Request, timeout: float, sink: Sink | None = None) -> Response:
        """Send the request; see ``Transport.send``."""
        if self._query:
            query = f"{request.query}&{self._query}" if request.query else self._query
            request = replace(request, query=query)
        if self._token is not None:
            return self._transport.send(_bearing(request, self._token()), timeout, sink)
        if self._tokens is None:
            return self._transport.send(request, timeout, sink)
        token = self._tokens.get(timeout)
        response = self._transport.send(_bearing(request, token), timeout, sink)
        if response.status == 401 and _again(request):
            # The server may have forgotten it before its time.
            token = self._tokens.get(timeout, instead_of=token)
            response = self._transport.send(_bearing(request, token), timeout, sink)
        return response

    def close(self) -> None:
        """Let go of every connection."""
        self._transport.close()
        if self._tokens is not None:
            self._tokens.close()


class Tokens:
    """The tokens of a client: fetched when one is needed, and renewed before they end."""

    def __init__(self, grant: Grant, url: SplitResult, connect: Connect) -> None:
        """A relative address of the tokens counts from the library's URL."""
        place = urlsplit(urljoin(url.geturl(), grant.token_url))
        if place.scheme not in ("http", "https") or not place.hostname:
            raise IllegalInputException(f"{grant.token_url!r} is no URL to get tokens from")
        self._grant = grant
        self._path = place.path or "/"
        self._query = place.query
        self._transport = connect(place._replace(path="", query="", fragment=""))
        self._lock = threading.Lock()
        self._token: str | None = None
        self._until: float | None = None

    def get(self, timeout: float, instead_of: str | None = None) -> str:
        """A token that is good, and another than ``instead_of``."""
        with self._lock:
            over = self._until is not None and time.monotonic() >= self._until
            if self._token is None or over or self._token == instead_of:
                self._token = None
                self._fetch(timeout)
            assert self._token is not None
            return self._token

    def close(self) -> None:
        """Let go of every connection."""
        self._transport.close()

    def _fetch(self, timeout: float) -> None:
        grant = self._grant
        fields: dict[str, Any] = {"grant_type": "client_credentials"}
        fields.update(client_id=grant.client_id, client_secret=grant.client_secret)
        if grant.scopes:
            fields["scope"] = " ".join(grant.scopes)
        request = Request(
            "POST",
            self._path,
            self._query,
            headers={"Accept": "application/json"},
            content=urlencode(fields, quote_via=quote).encode("ascii"),
            content_type="application/x-www-form-urlencoded",
        )
        begin = time.monotonic()
        response = self._transport.send(request, timeout)
        answer = _object(response)
        token = answer.get("access_token")
        if response.status == 200 and isinstance(token, str) and _is_fit(token):
            self._token, self._until = token, None
            with contextlib.suppress(TypeError, ValueError):  # not every server says
                life = float(answer.get("expires_in", ""))
                self._until = begin + life - min(_SECONDS, life * _SHARE)
            return
        told = [answer.get(name) for name in ("error_description", "message", "error")]
        why = next((text for text in told if isinstance(text, str)), None)
        refused = 400 <= response.status < 500
        error = NotAuthorizedException if refused else LibraryException
        code = answer.get("error")
        raise error(
            f"no token was given: {why or response.reason or 'the answer holds none'}",
            status=response.status,
            method="POST",
            path=self._path,
            code=code if isinstance(code, str) and code != why else None,
        )


def _bearing(request: Request, token: str) -> Request:
    headers = {**request.headers, "Authorization": f"Bearer {_fit('token', token)}"}
    return replace(request, headers=headers)


def _again(request: Request) -> bool:
    """Whether the request can be sent once more."""
    return request.content is None or isinstance(request.content, bytes) or request.content.rewind()


def _object(response: Response) -> Mapping[str, Any]:
    try:
        value = json.loads(response.body)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


def _fit(argument: str, value: object) -> str:
    """The value, if a header can carry it; what it is, nobody is told."""
    if not isinstance(value, str) or not _is_fit(value):
        raise IllegalInputException(
            f"{argument} is not fit for a header: printable ASCII is wanted"
        )
    return value


def _is_fit(value: str) -> bool:
    return bool(value) and value.isascii() and value.isprintable()
