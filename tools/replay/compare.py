"""Comparing a request that came with the request that a scenario expects."""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import unquote_plus


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
    """Whether two JSON values are equal: ``1`` is ``1.0``, but ``true`` is not ``1``.

    ``{"$date": …}`` is any text in ISO 8601 that means this moment."""
    if isinstance(one, Mapping) and "$date" in one:
        return _moment(other) == _moment(one["$date"])
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


def _moment(text: Any) -> datetime | None:
    """The moment that a text in ISO 8601 with its offset means, to the millisecond."""
    if not isinstance(text, str) or not re.match(
        r"\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:\d\d)\Z", text
    ):
        return None
    whole, dot, rest = text.replace("Z", "+00:00").partition(".")
    digits = re.match(r"\d*", rest)[0] if dot else ""  # type: ignore[index]
    moment = datetime.fromisoformat(whole + rest[len(digits) :] if dot else whole)
    return moment + timedelta(milliseconds=int(f"{digits[:3]:0<3}"))


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
    expected: Mapping[str, Any], came: Request, username: str | None, password: str
) -> list[str]:
    """Every way in which a request differs from the ``request`` of a scenario; none if it fits.

    Without ``username`` only such requests may have the header ``authorization`` that say so."""
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
    if "authorization" not in listed and username is None:
        absent.add("authorization")
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
    for key, compare in _FORMS.items():
        if isinstance(wanted, Mapping) and key in wanted:
            return compare(wanted[key], came)
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


def _form_differences(wanted: list[list[Any]], came: Request) -> list[str]:
    """Compares ``[[name, value], …]`` with a form, in order; a blank may be ``+`` or ``%20``."""
    found = []
    kind = came.headers.get("content-type", "")
    if kind.partition(";")[0] != "application/x-www-form-urlencoded":
        found.append(f"header content-type: a form was expected, came {kind!r}")
    text = came.body.decode("latin-1")
    actual = [
        [unquote_plus(part) for part in pair.partition("=")[::2]]
        for pair in text.split("&")
        if pair
    ]
    if not same_json(wanted, actual):
        found.append(f"body: expected the form {wanted!r}, came {text!r}")
    if not all(letter.isalnum() or letter in "-._~%+&=*," for letter in text):
        found.append(f"body: not encoded: {text!r}")
    return found


def _multipart_differences(wanted: list[dict[str, Any]], came: Request) -> list[str]:
    """Compares parts, in order, whatever the boundary is."""
    kind = came.headers.get("content-type", "")
    media_type, _, boundary = kind.partition("; boundary=")
    if media_type != "multipart/form-data" or not boundary:
        return [f"header content-type: multipart/form-data was expected, came {kind!r}"]
    mark = b"--" + boundary.strip('"').encode("latin-1")
    if not (came.body.startswith(mark) and came.body.rstrip(b"\r\n").endswith(mark + b"--")):
        return [f"body: does not begin and end with its boundary: {came.body[:200]!r}"]
    pieces = (b"\r\n" + came.body).split(b"\r\n" + mark)[1:-1]
    if len(pieces) != len(wanted):
        return [f"body: expected {len(wanted)} parts, came {len(pieces)}"]
    found = []
    for number, (expected, piece) in enumerate(zip(wanted, pieces, strict=True)):
        found += [f"body: part {number}: {text}" for text in _part_differences(expected, piece)]
    return found


def _part_differences(expected: Mapping[str, Any], piece: bytes) -> list[str]:
    head, _, body = piece.removeprefix(b"\r\n").partition(b"\r\n\r\n")
    lines = head.decode("utf-8", "replace").split("\r\n")
    headers = {
        name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)
    }
    told = f'form-data; name="{expected["name"]}"'
    if "filename" in expected:
        told += f'; filename="{expected["filename"]}"'
    wanted = {"content-disposition": told}
    if "type" in expected:
        wanted["content-type"] = expected["type"]
    found = []
    if headers != wanted:
        found.append(f"expected the headers {wanted!r}, came {headers!r}")
    value = expected["body"]
    if is_json_body(value):
        try:
            same = same_json(value, json.loads(body))
        except ValueError:
            same = False
    else:
        same = body == encode_body(value)
    if not same:
        found.append(f"expected {value!r}, came {body[:200]!r}")
    return found


_FORMS: dict[str, Callable[[Any, Request], list[str]]] = {
    "$form": _form_differences,
    "$multipart": _multipart_differences,
}
