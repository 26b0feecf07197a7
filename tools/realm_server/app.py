"""The WSGI application: from a request to its answer, and the order in which it may be refused."""

from __future__ import annotations

import json
import re
import sqlite3
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from codegen.model import Operation
from werkzeug.exceptions import HTTPException, MethodNotAllowed, NotFound
from werkzeug.routing import RequestRedirect
from werkzeug.wrappers import Request, Response

from . import accounts, extensions, history, sounds, telephony  # their handlers register themselves
from .calls import HANDLERS, OPEN, WRITES, Call
from .contract import Contract, ContractError
from .errors import ApiError, bad_request, not_found
from .limits import RateLimits
from .realms import resolve
from .storage import Row, Storage, Transaction
from .tokens import OAuthError, grant, session

__all__ = ["RealmApp", "accounts", "extensions", "history", "sounds", "telephony"]

TOKEN_PATH = "/oauth/token"

#: What applications reach whose access is "Call API"; the documents do not say what that is.
_CALL_API = {"callback", "current_calls", "user"}

#: The largest request, in bytes: an upload and what is around it.
_REQUEST_LIMIT = 12 * 1024 * 1024

_REALM = re.compile(r"/(client|extension_group|extension)/")


@dataclass
class _Asked:
    """A request, and the client whose it is, as soon as that is known."""

    request: Request
    client_id: int | None = None


class RealmApp:
    """The API, over what its description promises and a storage."""

    def __init__(
        self,
        contract: Contract,
        storage: Storage,
        *,
        token_seconds: int = 3600,
        rate_limit: int = 10_000,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.contract = contract
        names = set(self.contract.resources)
        if names != set(HANDLERS):
            raise ContractError(
                f"described, but not served: {sorted(names - set(HANDLERS))};"
                f" served, but not described: {sorted(set(HANDLERS) - names)}"
            )
        self.storage = storage
        self.token_seconds = token_seconds
        self.clock = clock
        self._limits = RateLimits(rate_limit)

    def __call__(self, environ: Any, start_response: Any) -> Iterable[bytes]:
        """Answer a request, as WSGI has it."""
        with Request(environ) as request:
            request.max_content_length = _REQUEST_LIMIT
            asked = _Asked(request)
            response = self._answer(asked)
        for name, value in self._limits.headers(asked.client_id, self.clock()):
            response.headers[name] = value
        return response(environ, start_response)

    def _answer(self, asked: _Asked) -> Response:
        try:
            if asked.request.path == TOKEN_PATH:
                return self._token(asked.request)
            if asked.request.path.startswith(history.STORAGE):
                return self._stored(asked.request)
            return self._api(asked)
        except ApiError as error:
            response = _json(_body(error.message, error.status), error.code)
        except sqlite3.IntegrityError as error:
            response = _json(_body(_constraint(error)), 400)
        except HTTPException as error:
            response = _json(_body(error.description or error.name), error.code or 500)
            if isinstance(error, MethodNotAllowed) and error.valid_methods:
                response.headers["Allow"] = ", ".join(sorted(error.valid_methods))
        if response.status_code == 401:
            response.headers["WWW-Authenticate"] = "Bearer"
        return response

    # Tokens and stored files, which are outside of the API's root.

    def _token(self, request: Request) -> Response:
        if request.method != "POST":
            raise MethodNotAllowed(["POST"])
        # In the body, by the documents; many programs write them into the query.
        form = {**request.args.to_dict(), **request.form.to_dict()}
        basic = request.authorization
        if basic is not None and basic.type == "basic":
            form |= {"client_id": basic.username or "", "client_secret": basic.password or ""}
        try:
            with self.storage.transaction(write=True) as data:
                answer = grant(data, form, self.clock(), self.token_seconds)
        except OAuthError as error:
            return _json({"error": error.error}, error.code)
        response = _json(answer, 200)
        response.headers["Cache-Control"] = "no-store"
        return response

    def _stored(self, request: Request) -> Response:
        if request.method not in ("GET", "HEAD"):
            raise MethodNotAllowed(["GET", "HEAD"])
        key = request.path.removeprefix(history.STORAGE)
        with self.storage.transaction(write=False) as data:
            return history.stored_file(data, key, "Authorization" in request.headers, self.clock())

    # The API itself.

    def _api(self, asked: _Asked) -> Response:
        request = asked.request
        try:
            name, ids = self.contract.routes.bind("", path_info=request.path).match(
                method=request.method
            )
        except RequestRedirect:
            # A slash too few: what is not documented is not there.
            raise NotFound(_NO_PATH) from None
        except NotFound:
            raise NotFound(_NO_PATH) from None
        operation = self.contract.operation(name)
        # Whatever takes long or fails comes first: a transaction that writes keeps others waiting.
        sent = _sent_json(request) if operation.body == "json" and _has_body(operation) else None
        changes = request.method not in ("GET", "HEAD") or name in WRITES
        with self.storage.transaction(write=changes) as data:
            call = self._call(data, asked, operation, dict(ids))
            if sent is not None:
                call.body = self.contract.body(operation, sent.value())
            elif _has_body(operation):
                call.form, call.files = request.form, request.files
                self.contract.form(operation, call.form, call.files)
            result = HANDLERS[name](call)
            if isinstance(result, Response):
                return result
            answer = self.contract.answer(operation, result, name in OPEN)
        if operation.result.kind == "void":
            return Response(status=204)
        return _json(answer, 201 if operation.method == "POST" else 200)

    def _call(
        self,
        data: Transaction,
        asked: _Asked,
        operation: Operation,
        ids: dict[str, Any],
    ) -> Call:
        request = asked.request
        now = self.clock()
        found, application, user = session(data, _bearer(request), now)
        asked.client_id = user["client_id"]
        if not self._limits.take(user["client_id"], now):
            raise ApiError(429, "Rate limit exceeded", "rate_limit_exceeded")
        self._check_access(data, request, operation, application, user)
        scope = None
        realm = _REALM.match(operation.path)
        if realm and f"{realm[1]}_id" in ids:
            scope = resolve(data, user, realm[1], ids.pop(f"{realm[1]}_id"))
        for name, text in ids.items():
            ids[name] = self.contract.path_value(operation, name, text)
            if ids[name] is None:
                raise not_found()
        return Call(
            data=data,
            contract=self.contract,
            operation=operation,
            user=user,
            session=found,
            now=now,
            host_url=request.host_url.rstrip("/"),
            ids=ids,
            query=self.contract.query(operation, request.args),
            realm=scope,
        )

    def _check_access(
        self,
        data: Transaction,
        request: Request,
        operation: Operation,
        application: Row,
        user: Row,
    ) -> None:
        client = data.row("client", {"id": user["client_id"]})
        assert client is not None
        if "blocked" in (user["status"], client["status"]):
            raise ApiError(403, "The user or its client is blocked", "user_blocked")
        resource = self.contract.resources[str(operation.name)]
        if application["access"] == "call_api" and resource not in _CALL_API:
            raise ApiError(403, "The application may not use this", "app_access_type_deny")
        if request.method not in ("GET", "HEAD") and user["access"] == "read_only":
            raise ApiError(403, "The user may only read", "user_access_type_deny")


_NO_PATH = "Not found"


class _Sent:
    """What a body is, or why it is none: an error waits until it is known whether the user may send one."""

    def __init__(self, value: Any = None, error: ApiError | None = None) -> None:
        self._value = value
        self._error = error

    def value(self) -> Any:
        """The JSON value."""
        if self._error is not None:
            raise self._error
        return self._value


def _sent_json(request: Request) -> _Sent:
    if request.mimetype != "application/json":
        return _Sent(error=bad_request("the header Content-Type must be application/json"))
    try:
        value = json.loads(request.get_data(), parse_constant=_no_constant)
        # Half of a character beyond U+FFFF, which no text can hold.
        json.dumps(value, ensure_ascii=False, allow_nan=False).encode()
    except (ValueError, RecursionError):
        return _Sent(error=bad_request("Bad Request"))
    return _Sent(value)


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")


def _has_body(operation: Operation) -> bool:
    return operation.body_required or any(
        parameter.location in ("field", "body") for parameter in operation.parameters
    )


def _bearer(request: Request) -> str | None:
    given = request.authorization
    return given.token if given is not None and given.type == "bearer" else None


def _json(value: Any, status: int) -> Response:
    return Response(json.dumps(value), status, content_type="application/json")


def _body(message: str, status: str = "") -> Row:
    return {"message": message, "status": status} if status else {"message": message}


def _constraint(error: sqlite3.IntegrityError) -> str:
    taken = re.match(r"UNIQUE constraint failed: \w+\.(\w+)", str(error))
    return f"{taken[1]} is taken already" if taken else "the data does not allow this"
