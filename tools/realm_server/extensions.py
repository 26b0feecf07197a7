"""Extensions, their groups, the client's public numbers, and the rules for dialling."""

from __future__ import annotations

import re

from .calls import Call, Standard, answers
from .errors import bad_request, not_found
from .storage import Row

_NAME = re.compile(r"(?:([0-9]+)\*)?([0-9]+)\Z")

#: What the settings of each type of extension are called, in the names of operations.
_SETTINGS = {"phone": "Phone", "queue": "Queue", "ivr": "Ivr", "fax": "Fax"}


def _check_extension(call: Call, row: Row, old: Row | None) -> None:
    call.must_be_own("extension_group_id", "extension_group")
    call.must_be_own("dial_rule_id", "dial_rule")
    if old is None:
        row["name"] = _full_name(call, row["name"])
        row["domain"] = call.scope.client["domain"]


def _full_name(call: Call, name: str) -> str:
    client = call.scope.client
    parts = _NAME.match(name)
    if parts is None or parts[1] not in (None, client["prefix"]):
        raise bad_request(f"name must be a number, with or without the prefix {client['prefix']}*")
    if len(parts[2]) != client["extension_len"]:
        raise bad_request(f"name must be a number of {client['extension_len']} digits")
    return f"{client['prefix']}*{parts[2]}"


Standard("extension", "extension_id", _check_extension, limit="extension").register(
    all="listClientExtensions",
    add="addClientExtension",
    one="getClientExtension",
    change="updateClientExtension",
    delete="deleteClientExtension",
)
Standard("extension", "extension_id").register(all="listExtensionGroupExtensions")
Standard("extension_group", "extension_group_id", limit="extension_group").register(
    all="listClientExtensionGroups",
    add="addClientExtensionGroup",
    one="getClientExtensionGroup",
    change="updateClientExtensionGroup",
    delete="deleteClientExtensionGroup",
)
Standard("dial_rule", "dial_rule_id", limit="dial_rule").register(
    all="listClientDialRules",
    add="addClientDialRule",
    one="getClientDialRule",
    change="updateClientDialRule",
    delete="deleteClientDialRule",
)


def _check_did(call: Call, row: Row, old: Row | None) -> None:
    call.must_be_own("extension_id", "extension")
    call.must_be_own("message_extension_id", "extension")


Standard("did", "did_id", _check_did).register(
    all="listClientDids", one="getClientDid", change="updateClientDid"
)


# What an extension's type has: one thing each, which is there without being added.


def _settings_of(call: Call) -> Row:
    kind = call.operation.path.rstrip("/").rsplit("/", 1)[1]
    if call.scope.row["type"] != kind:
        raise not_found(f"the extension is no {kind}")
    stored = call.data.row("settings", {"extension_id": call.scope.id}) or {}
    label = {"label": call.scope.row.get("label")} if kind == "phone" else {}
    change = call.contract.operation(f"updateExtension{_SETTINGS[kind]}")
    return {**call.contract.defaults(change), "extension_id": call.scope.id, **stored, **label}


def _get_settings(call: Call) -> Row:
    return _settings_of(call)


def _update_settings(call: Call) -> Row:
    settings = {**_settings_of(call), **call.body, "extension_id": call.scope.id}
    if settings.get("sound_type") == "ring":
        settings["sound"] = None
    if call.scope.row["type"] == "phone" and "label" in call.body:
        call.data.change("extension", {"id": call.scope.id}, {"label": call.body["label"]})
    call.data.remove("settings", {"extension_id": call.scope.id})
    call.data.add("settings", settings)
    return settings


for _name in _SETTINGS.values():
    answers(f"getExtension{_name}", open_members=True)(_get_settings)
    answers(f"updateExtension{_name}", open_members=True)(_update_settings)


@answers("getExtensionAni")
def get_ani(call: Call) -> Row:
    """The number that the extension shows."""
    return {"default": call.scope.row.get("ani")}


@answers("updateExtensionAni")
def update_ani(call: Call) -> Row:
    """Another number, one of the client's."""
    number = call.body["ani_number"]
    if number is not None:
        where = {"name": number, "client_id": call.scope.client_id}
        if call.data.row("did", where) is None:
            raise bad_request(f"{number} is not a number of the client")
    call.data.change("extension", {"id": call.scope.id}, {"ani": number})
    return {"default": number}
