"""Swagger 1.1 documents read plainly: no generator, no model of it, only what they say.

What is checked with this must not depend on the code that it checks; therefore the rules by which a
call becomes a request are written down here a second time.
"""

from __future__ import annotations

import http.client
import json
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote, urljoin, urlsplit

from .asterisk import basic_credentials

#: Asterisk takes a request line of about 4096 bytes; this much of it is left for path and query.
QUERY_LIMIT = 4000

_UNSAFE_IN_LIST = set(",\"'()\\")


class DocumentError(Exception):
    """The documents cannot be had or understood."""


@dataclass(frozen=True)
class Operation:
    """An operation as its document describes it."""

    name: str
    method: str
    path: str
    parameters: tuple[Mapping[str, Any], ...]
    result: str
    errors: frozenset[int]
    websocket: bool

    @property
    def resource(self) -> str:
        """The name of the resource: that of its file."""
        return self.name.partition(".")[0]


class Documents:
    """The operations (by ``resource.nickname``) and models of an API."""

    def __init__(self, files: Mapping[str, Mapping[str, Any]]) -> None:
        """``files`` are the documents by resource name, without the listing."""
        self.operations: dict[str, Operation] = {}
        self.models: dict[str, Mapping[str, Any]] = {}
        for resource, document in files.items():
            self.models.update(document.get("models", {}))
            for api in document["apis"]:
                for described in api["operations"]:
                    operation = _operation(resource, api["path"], described)
                    self.operations[operation.name] = operation
        self._bases = {
            sub: name for name, model in self.models.items() for sub in model.get("subTypes", ())
        }

    @classmethod
    def from_folder(cls, folder: Path) -> Documents:
        """Reads ``resources.json`` and the files that it lists."""
        try:
            listing = json.loads((folder / "resources.json").read_text("utf-8"))
            files = {}
            for api in listing["apis"]:
                name = _resource_name(api["path"])
                files[name] = json.loads((folder / f"{name}.json").read_text("utf-8"))
        except (OSError, ValueError, KeyError) as error:
            raise DocumentError(f"{folder}: {error}") from error
        return cls(files)

    @classmethod
    def from_server(
        cls, url: str, username: str, password: str, context: ssl.SSLContext | None = None
    ) -> Documents:
        """Reads them from a running server: ``URL/api-docs/resources.json``."""
        server = Server(url, username, password, context=context)
        files = {}
        try:
            listing = server.get_json("/api-docs/resources.json")
            for api in listing["apis"]:
                name = _resource_name(api["path"])
                files[name] = server.get_json(f"/api-docs/{name}.json")
        except (KeyError, TypeError) as error:
            raise DocumentError(f"{url}: what came are no Swagger documents ({error})") from error
        finally:
            server.close()
        return cls(files)

    # -- requests ------------------------------------------------------------------------------

    def request(
        self, name: str, arguments: Mapping[str, Any], base: str
    ) -> tuple[str, str, Any | None]:
        """Method, target and JSON body (None for none) of a call; ``base`` is the API's own path."""
        operation = self.operations[name]
        path = base + operation.path
        pairs: list[tuple[str, Any]] = []
        body: Any = None
        left = dict(arguments)
        for parameter in operation.parameters:
            key = parameter["name"]
            if key not in left:
                continue
            value = left.pop(key)
            where = parameter["paramType"]
            if where == "path":
                path = path.replace("{" + key + "}", quote(str(value), safe=""))
            elif where == "query":
                pairs.append((key, value))
            elif parameter["dataType"] == "object":
                body = value
            else:
                body = {**(body or {}), key: value}
        if left:
            raise DocumentError(f"{name} has no parameters {sorted(left)}")
        in_body = {
            key: value for key, value in pairs if isinstance(value, list) and _needs_array(value)
        }
        query = "&".join(f"{key}={_text(value)}" for key, value in pairs if key not in in_body)
        if len(path) + len(query) - len(base) >= QUERY_LIMIT:
            in_body, query = dict(pairs), ""
        if in_body:
            body = {**in_body, **(body or {})}
        return operation.method, f"{path}?{query}" if query else path, body

    # -- answers -------------------------------------------------------------------------------

    def problems(self, kind: str, value: Any, place: str = "result") -> list[str]:
        """Where a JSON value is not of the documented type; members beyond it are no problem."""
        if kind.startswith("List[") and kind.endswith("]"):
            if not isinstance(value, list):
                return [f"{place}: a list was documented, {_kind(value)} came"]
            found = []
            for number, element in enumerate(value):
                found += self.problems(kind[5:-1], element, f"{place}[{number}]")
            return found
        check = _SIMPLE.get(kind)
        if check is not None:
            return [] if check(value) else [f"{place}: {kind} was documented, {_kind(value)} came"]
        if kind not in self.models:
            return [f"{place}: the documents do not define {kind}"]
        if not isinstance(value, dict):
            return [f"{place}: {kind} was documented, {_kind(value)} came"]
        found = []
        for name, described in self.properties(kind, value).items():
            if name in value:
                found += self.problems(described["type"], value[name], f"{place}.{name}")
            elif described.get("required"):
                found.append(f"{place}.{name}: required, and missing")
        return found

    def properties(self, kind: str, value: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
        """The properties of a model, its bases' and those of the subtype that the value names."""
        discriminator = self.models[kind].get("discriminator")
        actual = value.get(discriminator) if discriminator else None
        found: dict[str, Mapping[str, Any]] = {}
        name: str | None = actual if isinstance(actual, str) and actual in self.models else kind
        while name is not None:
            found = {**self.models[name]["properties"], **found}
            name = self._bases.get(name)
        return found


class Server:
    """A plain client: one kept-alive ``http.client`` connection and Basic credentials."""

    def __init__(
        self,
        url: str,
        username: str,
        password: str,
        *,
        timeout: float = 30.0,
        context: ssl.SSLContext | None = None,
    ) -> None:
        split = urlsplit(url)
        if split.scheme not in ("http", "https") or not split.hostname:
            raise DocumentError(f"{url!r} is not the URL of a server")
        self.url = url
        self.base = split.path.rstrip("/")
        self._authorization = basic_credentials(username, password)
        self._connection: http.client.HTTPConnection
        if split.scheme == "https":
            self._connection = http.client.HTTPSConnection(
                split.hostname, split.port, timeout=timeout, context=context
            )
        else:
            self._connection = http.client.HTTPConnection(
                split.hostname, split.port, timeout=timeout
            )

    def send(
        self, method: str, target: str, body: Any | None = None
    ) -> tuple[int, str, dict[str, str], bytes]:
        """Sends a request: status, reason, headers (lower case) and body of the answer."""
        headers = {"Authorization": self._authorization}
        payload = None
        if body is not None:
            payload = json.dumps(body, ensure_ascii=False).encode("utf-8")
            headers["Content-Type"] = "application/json"
        try:
            self._connection.request(method, target, body=payload, headers=headers)
            answer = self._connection.getresponse()
            content = answer.read()
        except (OSError, http.client.HTTPException) as error:
            self._connection.close()
            raise DocumentError(f"{method} {target}: {error or type(error).__name__}") from error
        got = {key.lower(): value for key, value in answer.getheaders()}
        return answer.status, answer.reason, got, content

    def get_json(self, path: str) -> Any:
        """GETs JSON from a path below the API's URL."""
        status, reason, _, content = self.send("GET", self.base + path)
        place = urljoin(self.url, self.base + path)
        if status != 200:
            raise DocumentError(f"{place}: {status} {reason}")
        try:
            return json.loads(content)
        except ValueError as error:
            raise DocumentError(f"{place}: not JSON: {error}") from error

    def close(self) -> None:
        """Closes the connection."""
        self._connection.close()


def _operation(resource: str, path: str, described: Mapping[str, Any]) -> Operation:
    return Operation(
        name=f"{resource}.{described['nickname']}",
        method=described["httpMethod"],
        path=path,
        parameters=tuple(described.get("parameters", ())),
        result=described["responseClass"],
        errors=frozenset(int(error["code"]) for error in described.get("errorResponses", ())),
        websocket=described.get("upgrade") == "websocket",
    )


def _resource_name(path: str) -> str:
    return path.rpartition("/")[2].partition(".")[0]


def _needs_array(values: list[Any]) -> bool:
    return any(
        str(value)[:1] in ("", " ") or not _UNSAFE_IN_LIST.isdisjoint(str(value))
        for value in values
    )


def _text(value: Any) -> str:
    if isinstance(value, list):
        return ",".join(_text(element) for element in value)
    if isinstance(value, bool):
        return "true" if value else "false"
    return quote(str(value), safe="")


def _kind(value: Any) -> str:
    names = {dict: "an object", list: "a list", str: "text", bool: "a truth value"}
    if value is None:
        return "null"
    return names.get(type(value), f"the number {value}")


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


_SIMPLE: dict[str, Callable[[Any], bool]] = {
    "string": lambda value: isinstance(value, str),
    "Date": lambda value: isinstance(value, str),
    "int": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "long": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "double": _is_number,
    "float": _is_number,
    "boolean": lambda value: isinstance(value, bool),
    "object": lambda value: isinstance(value, dict),
    "containers": lambda value: isinstance(value, dict),
}
