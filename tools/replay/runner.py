"""Making calls one after the other and hearing the events that they cause."""

from __future__ import annotations

import contextlib
import json
import ssl
import threading
import time
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote, urlsplit

from .asterisk import basic_credentials
from .compare import decode_body, encode_body
from .documents import Server


class Listener:
    """A WebSocket of events, read by a thread of its own; a context manager.

    ``available`` is false if the server has none for us: then nothing is ever waited for.
    """

    def __init__(
        self,
        url: str,
        username: str,
        password: str,
        applications: Sequence[str],
        context: ssl.SSLContext | None = None,
    ) -> None:
        self.target = "/events?app=" + ",".join(quote(name, safe="") for name in applications)
        self.events: list[dict[str, Any]] = []
        self.available = False
        self._url = url.rstrip("/")
        self._authorization = basic_credentials(username, password)
        self._context = context
        self._arrived = threading.Condition()
        self._opened = contextlib.ExitStack()
        self._connection: Any = None

    def __enter__(self) -> Listener:
        from websockets.exceptions import WebSocketException
        from websockets.sync.client import connect

        split = urlsplit(self._url)
        secure = split.scheme == "https"
        try:
            self._connection = self._opened.enter_context(
                connect(
                    f"{'wss' if secure else 'ws'}://{split.netloc}{split.path}{self.target}",
                    additional_headers={"Authorization": self._authorization},
                    ssl=self._context if secure else None,
                    proxy=None,
                    max_size=None,
                )
            )
        except (OSError, WebSocketException):
            return self
        self.available = True
        threading.Thread(target=self._read, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._opened.close()

    def _read(self) -> None:
        from websockets.exceptions import ConnectionClosed

        try:
            for message in self._connection:
                with self._arrived:
                    self.events.append(json.loads(message))
                    self._arrived.notify_all()
        except (ConnectionClosed, ValueError):
            pass

    def wait(self, wanted: Mapping[str, Any], seconds: float = 10.0) -> bool:
        """Waits for what a step's ``wait`` says; false if it did not come in time."""
        if "event" in wanted and self.available:
            with self._arrived:
                if not self._arrived.wait_for(
                    lambda: any(_fits(event, wanted) for event in self.events), seconds
                ):
                    return False
        time.sleep(float(wanted.get("pause", 0)))
        return True


def _fits(event: Mapping[str, Any], wanted: Mapping[str, Any]) -> bool:
    if event.get("type") != wanted["event"]:
        return False
    if wanted.get("application", event.get("application")) != event.get("application"):
        return False
    named = [value for value in event.values() if isinstance(value, dict)]
    return any(wanted["id"] in (one.get("id"), one.get("name")) for one in named)


def exchange(server: Server, method: str, target: str, body: Any | None) -> dict[str, Any]:
    """Makes a request; request and response in the form of a scenario."""
    request: dict[str, Any] = {"method": method, "target": target}
    if body is not None:
        request["headers"] = {"content-type": "application/json"}
        request["body"] = body
    status, reason, headers, content = server.send(method, target, body)
    response: dict[str, Any] = {"status": status, "reason": reason}
    kept = {
        name: headers[name.lower()]
        for name in ("Content-Type", "Location", "Allow", "WWW-Authenticate")
        if name.lower() in headers
    }
    if kept:
        response["headers"] = kept
    if content:
        response["body"] = _body(content, headers.get("content-type", ""))
    return {"request": request, "response": response}


def _body(content: bytes, kind: str) -> Any:
    value = decode_body(content)
    if kind.startswith("application/json") or "$base64" in value:
        return value
    # Sound that happens to be text must come back byte by byte.
    return value if "$text" in value else {"$text": encode_body(content.decode()).decode()}


#: The neutral class of the error that a status means (design: from HTTP to a result or an error).
_ERRORS = {
    400: "IllegalInputException",
    401: "NotAuthorizedException",
    403: "NotAuthorizedException",
    404: "NotFoundException",
    409: "IllegalStateException",
    412: "IllegalStateException",
    422: "RequestRejectedException",
    500: "AsteriskServerException",
    501: "NoSuchMethodException",
}


def error_class(status: int) -> str:
    """The class of error that a status means."""
    general = "RequestRejectedException" if status < 500 else "AsteriskUnknownException"
    return _ERRORS.get(status, general)
