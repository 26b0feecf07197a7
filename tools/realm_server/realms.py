"""Realms: who may use which, and what stands for the id in a path."""

from __future__ import annotations

import re
from dataclasses import dataclass

from .errors import ApiError, access_denied, bad_request, not_found
from .storage import Row, Transaction

#: The realms, which are the types of users too; a user may use its own and those after it.
REALMS = ("client", "extension_group", "extension")

ME = "@me"

_ID = re.compile(r"[0-9]{1,18}\Z")
_NAME = re.compile(r"@(?:([0-9]+)\*)?([0-9]+)\Z")


@dataclass(frozen=True)
class Scope:
    """What a path's realm means: the client, group or extension that it names, and whose it is."""

    realm: str
    id: int
    client: Row
    #: The row of the group or extension.
    row: Row

    @property
    def client_id(self) -> int:
        """The client that it belongs to, or is."""
        return int(self.client["id"])


def resolve(data: Transaction, user: Row, realm: str, given: str) -> Scope:
    """What ``given`` means in ``realm``, for a user who may use it; anything else is an error."""
    if REALMS.index(realm) < REALMS.index(user["type"]):
        raise access_denied(f"a user of type {user['type']} cannot use the realm {realm}")
    scope = _scope(data, realm, _row(data, user, realm, given))
    if scope.client_id != user["client_id"]:
        raise access_denied(f"this {realm} belongs to another client")
    if not _within(user, scope):
        raise access_denied(f"this {realm} is not the user's")
    return scope


def within_reach(data: Transaction, user: Row, extension_id: int) -> bool:
    """Whether the user may use that extension."""
    row = data.row("extension", {"id": extension_id})
    if row is None or row["client_id"] != user["client_id"]:
        return False
    return _within(user, _scope(data, "extension", row))


def _row(data: Transaction, user: Row, realm: str, given: str) -> Row:
    if given == ME:
        # The API's makers call it incorrect, and do not say what is answered.
        if user["type"] != realm:
            raise bad_request(f"@me is no {realm}: the user is of type {user['type']}")
        wanted = {"id": user[f"{realm}_id"]}
    elif _ID.match(given):
        wanted = {"id": int(given)}
    elif realm == "extension" and (name := _NAME.match(given)):
        wanted = {"name": f"{name[1] or _prefix(data, user)}*{name[2]}"}
    elif given.startswith("@"):
        raise bad_request(f"{given} is not the name of an extension, and nothing else has one")
    else:
        raise bad_request(f"{given} is not an id")
    row = data.row(realm, wanted)
    if row is None:
        raise _missing(realm)
    return row


def _missing(realm: str) -> ApiError:
    if realm == "client":
        return ApiError(404, "Client not found", "client_not_found")
    return not_found()


def _prefix(data: Transaction, user: Row) -> str:
    client = data.row("client", {"id": user["client_id"]})
    assert client is not None
    return str(client["prefix"])


def _scope(data: Transaction, realm: str, row: Row) -> Scope:
    client = row if realm == "client" else data.row("client", {"id": row["client_id"]})
    assert client is not None
    return Scope(realm, row["id"], client, row)


def _within(user: Row, scope: Scope) -> bool:
    if user["type"] == "client":
        return True
    if user["type"] == scope.realm:
        return bool(scope.id == user[f"{scope.realm}_id"])
    # A group's user, and an extension.
    return bool(scope.row["extension_group_id"] == user["extension_group_id"])
