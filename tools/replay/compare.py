"""Comparing a request that came with the request that a scenario expects."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Request:
    """A request as it came over the wire."""

    method: str
    #: The target exactly as the request line had it: nothing decoded.
    target: str
    #: Header names are lower-cased; a header that came twice has its values joined by ``", "``.
    headers: dict[str, str]
    body: bytes
    #: True if an earlier request had come over the same connection.
    reused: bool = False
    #: ``main`` or ``other``: at which of the server's two addresses it arrived.
    origin: str = "main"
    #: The bytes of request line and headers, for a WebSocket's handshake.
    head: bytes = field(default=b"", repr=False)

    def as_json(self) -> dict[str, Any]:
        """The form in which a verdict shows it; never with credentials."""
        headers = dict(self.headers)
        if "authorization" in headers:
            headers["authorization"] = "(not shown)"
        shown: dict[str, Any] = {
            "method": self.method,
            "target": self.target,
            "headers": headers,
            "connection": "reused" if self.reused else "new",
            "origin": self.origin,
        }
        if self.body:
            shown["body"] = decode_body(self.body)
        return shown


def decode_body(body: bytes) -> Any:
    """A body as a scenario writes it: a JSON value, ``{"$text": …}`` or ``{"$base64": …}``."""
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        return {"$base64": base64.b64encode(body).decode("ascii")}
    try:
        return json.loads(text)
    except ValueError:
        return {"$text": text}


def encode_body(value: Any) -> bytes:
    """The bytes of a body that a scenario writes."""
    if isinstance(value, Mapping) and len(value) == 1:
        if "$base64" in value:
            return base64.b64decode(value["$base64"])
        if "$text" in value:
            return str(value["$text"]).encode("utf-8")
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8")


def is_json_body(value: Any) -> bool:
    """Whether a scenario's body is a JSON value (and not text or bytes)."""
    return not (
        isinstance(value, Mapping) and len(value) == 1 and ({"$base64", "$text"} & set(value))
    )


def same_json(one: Any, other: Any) -> bool:
    """Whether two JSON values are equal: ``1`` is ``1.0``, but ``true`` is not ``1``."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, Mapping):
        return (
            isinstance(other, Mapping)
            and one.keys() == other.keys()
            and all(same_json(value, other[key]) for key, value in one.items())
        )
    if isinstance(one, list):
        return (
            isinstance(other, list)
            and len(one) == len(other)
            and all(same_json(a, b) for a, b in zip(one, other, strict=True))
        )
    if isinstance(one, (int, float)):
        return isinstance(other, (int, float)) and one == other
    return type(one) is type(other) and bool(one == other)


def credentials(headers: Mapping[str, str]) -> tuple[str, str] | None:
    """User and password of a Basic Authorization header; None if there is none that can be read."""
    kind, _, value = headers.get("authorization", "").partition(" ")
    if kind.lower() != "basic":
        return None
    try:
        text = base64.b64decode(value.strip(), validate=True).decode("utf-8")
    except (binascii.Error, UnicodeDecodeError):
        return None
    user, colon, password = text.partition(":")
    return (user, password) if colon else None


def differences(
    expected: Mapping[str, Any], came: Request, username: str, password: str
) -> list[str]:
    """Every way in which a request differs from the ``request`` of a scenario; none if it fits."""
    found = []
    for name, actual in (("method", came.method), ("target", came.target)):
        if expected[name] != actual:
            found.append(f"{name}: expected {expected[name]!r}, came {actual!r}")
    listed = {name.lower(): value for name, value in expected.get("headers", {}).items()}
    absent = {name.lower() for name in expected.get("headers_absent", ())}
    for name, value in listed.items():
        if name not in came.headers:
            found.append(f"header {name}: expected {value!r}, did not come")
        elif came.headers[name] != value:
            found.append(f"header {name}: expected {value!r}, came {came.headers[name]!r}")
    found += [f"header {name}: must not be there" for name in sorted(absent & came.headers.keys())]
    if "authorization" not in listed and "authorization" not in absent:
        given = credentials(came.headers)
        if given is None:
            found.append("header authorization: no readable Basic credentials")
        elif given != (username, password):
            found.append("header authorization: not the credentials that the client was given")
    found += _body_differences(expected, came)
    connection = "reused" if came.reused else "new"
    if expected.get("connection", connection) != connection:
        found.append(
            f"connection: expected a {expected['connection']} one, came over a {connection} one"
        )
    if expected.get("origin", "main") != came.origin:
        found.append(
            f"origin: expected {expected.get('origin', 'main')!r}, came to {came.origin!r}"
        )
    return found


def _body_differences(expected: Mapping[str, Any], came: Request) -> list[str]:
    if "body" not in expected:
        found = []
        if came.body:
            found.append(f"body: expected none, came {decode_body(came.body)!r}")
        if "content-type" in came.headers:
            found.append("header content-type: must not be there without a body")
        return found
    wanted = expected["body"]
    if not is_json_body(wanted):
        if came.body != encode_body(wanted):
            return [f"body: expected {wanted!r}, came {decode_body(came.body)!r}"]
        return []
    found = []
    kind = came.headers.get("content-type")
    if kind != "application/json" and "content-type" not in expected.get("headers", {}):
        found.append(f"header content-type: expected 'application/json', came {kind!r}")
    try:
        actual = json.loads(came.body.decode("utf-8"))
    except ValueError:
        return [*found, f"body: expected JSON {wanted!r}, came {came.body[:200]!r}"]
    if not same_json(wanted, actual):
        found.append(f"body: expected {wanted!r}, came {actual!r}")
    return found
