"""The client's sounds, which come as uploads."""

from __future__ import annotations

from typing import Any

from .audio import check_upload
from .calls import Call, answers
from .errors import bad_request, not_found
from .storage import Row


@answers("listClientSounds")
def list_sounds(call: Call) -> list[Row]:
    """The client's sounds, and the provider's, which all may use."""
    owners = [call.own] if call.query["own_only"] else [call.own, {"client_id": None}]
    filters = call.filters("sound")
    return [row for owner in owners for row in call.data.rows("sound", {**filters, **owner})]


@answers("getClientSound")
def get_sound(call: Call) -> Row:
    """What a sound is called."""
    row = call.found("sound", {"id": call.ids["sound_id"]})
    if row["client_id"] not in (call.scope.id, None):
        raise not_found()
    return row


@answers("addClientSound")
def add_sound(call: Call) -> Row:
    """A new sound."""
    row = {"title": call.form["title"], **call.own, **_upload(call)}
    most = call.scope.client["limits"]["sound"]
    if call.data.count("sound", call.own) >= most:
        raise bad_request(f"there may be no more than {most} of these")
    return call.found("sound", {"id": call.data.add("sound", row)})


@answers("replaceClientSound")
def replace_sound(call: Call) -> Row:
    """Another file for a sound."""
    where = _own_one(call)
    call.found("sound", where)
    call.data.change("sound", where, _upload(call))
    return call.found("sound", where)


@answers("updateClientSound")
def update_sound(call: Call) -> Row:
    """Another title."""
    where = _own_one(call)
    call.found("sound", where)
    if "title" in call.body:
        call.data.change("sound", where, {"title": call.body["title"]})
    return call.found("sound", where)


@answers("deleteClientSound")
def delete_sound(call: Call) -> None:
    """Remove a sound."""
    where = _own_one(call)
    call.found("sound", where)
    call.data.remove("sound", where)


def _own_one(call: Call) -> dict[str, Any]:
    return {**call.own, "id": call.ids["sound_id"]}


def _upload(call: Call) -> Row:
    file = call.files["file"]
    content = file.read()
    check_upload(content)
    return {"filename": file.filename or "sound", "content": content}
