"""What goes on at an extension: registrations, rules and events, and the calls of this moment."""

from __future__ import annotations

import re
import uuid
from datetime import datetime, timezone

from .calls import Call, Standard, answers
from .errors import bad_request, not_found
from .realms import within_reach
from .storage import Row
from .times import written

_DTMF = re.compile(r"[0-9*#Ww]*\Z")

#: The most numbers that a call can be transferred to.
_TRANSFERS = 10


# Registrations


def _registration_info(call: Call, extension_id: int) -> Row:
    rows = call.data.rows("registration", {"extension_id": extension_id})
    current = [row for row in rows if not row["expired"]]
    return {
        "extension_id": extension_id,
        "registered": bool(current),
        "registrations": current or rows,
    }


@answers("getExtensionRegistration")
def get_registration(call: Call) -> Row:
    """The devices of one extension."""
    return _registration_info(call, call.scope.id)


@answers("listRegistrations")
def list_registrations(call: Call) -> list[Row]:
    """The devices of several, as far as the user may see them."""
    wanted = dict.fromkeys(call.query["extension_id"])
    return [_registration_info(call, n) for n in wanted if within_reach(call.data, call.user, n)]


@answers("deleteExtensionRegistration")
def delete_registration(call: Call) -> None:
    """End a registration."""
    where = {**call.own, "registration_id": call.ids["registration_id"]}
    call.found("registration", where)
    call.data.remove("registration", where)


# Rules for incoming calls


def _check_rule(call: Call, row: Row, old: Row | None) -> None:
    rule = {**(old or {}), **row}
    if len(rule.get("transfer_dst") or []) > _TRANSFERS:
        raise bad_request(f"transfer_dst must not have more than {_TRANSFERS} numbers")
    if rule["type"] == "cascade" and not rule.get("cascade_numbers"):
        raise bad_request("cascade_numbers is required for a cascade")
    if rule["type"] == "playfile" and rule.get("playfile_sound") is None:
        raise bad_request("playfile_sound is required for playfile")
    if old is None:
        row["position"] = call.data.count("incom_rule", call.own)


_RULES = Standard("incom_rule", "rule_id", _check_rule, limit="incom_rule")
_RULES.register(
    add="addExtensionIncomRule",
    one="getExtensionIncomRule",
    change="updateExtensionIncomRule",
    delete="deleteExtensionIncomRule",
)


@answers("listExtensionIncomRules")
def list_rules(call: Call) -> list[Row]:
    """The rules, the first to be tried first."""
    return call.data.rows("incom_rule", call.own, order="position, id")


@answers("orderExtensionIncomRules")
def order_rules(call: Call) -> list[Row]:
    """Try the rules in another order."""
    order = call.body["order"]
    if sorted(order) != sorted(row["id"] for row in list_rules(call)):
        raise bad_request("order must name each rule of the extension once")
    for position, rule in enumerate(order):
        call.data.change("incom_rule", {**call.own, "id": rule}, {"position": position})
    return list_rules(call)


# Addresses that are called


Standard("event", "event_id", limit="event").register(
    all="listExtensionEvents",
    add="addExtensionEvent",
    one="getExtensionEvent",
    change="updateExtensionEvent",
    delete="deleteExtensionEvent",
)


@answers("deleteExtensionEvents")
def delete_events(call: Call) -> None:
    """Delete them all."""
    call.data.remove("event", call.own)


# Calls


@answers("addExtensionCallback")
def add_callback(call: Call) -> Row:
    """Begin a call, which then is among the current ones until it is ended."""
    if not call.body["src_num"]:
        raise bad_request("src_num must have a number")
    if not _DTMF.match(call.body.get("dst_dtmf") or ""):
        raise bad_request("dst_dtmf must have nothing but digits, *, #, w and W")
    call_id = uuid.uuid4()
    extension = call.scope.row
    now = written(datetime.fromtimestamp(call.now, timezone.utc).replace(tzinfo=None))
    made: Row = {
        "call_api_id": f"{extension['id']}-{call_id}",
        "call_id": call_id.hex,
        "subcall_id": uuid.uuid4().hex,
        "extension_id": extension["id"],
        "call_flow": "OUT",
        "called_number": call.body["dst_num"],
        "caller_id_number": call.body.get("caller_id_number") or extension["name"],
        "caller_id_name": call.body.get("caller_id_name") or extension.get("label") or "",
        "init_time_gmt": now,
        "real_call": True,
        "caller_extension": extension,
    }
    call.data.add("current_call", made)
    return made


@answers("listClientCurrentCalls", "listExtensionCurrentCalls")
def list_current_calls(call: Call) -> Row:
    """The calls of this moment."""
    where = call.own
    if call.scope.realm == "client":
        extensions = call.data.rows("extension", call.own)
        where = {"extension_id": [extension["id"] for extension in extensions]}
    return {"call_list": call.data.rows("current_call", where)}


@answers("updateExtensionCurrentCall")
def update_current_call(call: Call) -> Row:
    """Do something with a call, of which this server remembers transfers only."""
    where = _current_call(call)
    action, number = call.body["action"], call.body["send_dst"]
    if action in ("transfer", "attended_transfer"):
        if not number:
            raise bad_request("send_dst must be the number to transfer to")
        call.data.change("current_call", where, {"called_number": number})
    return {}


@answers("deleteExtensionCurrentCall")
def delete_current_call(call: Call) -> None:
    """End a call."""
    call.data.remove("current_call", _current_call(call))


def _current_call(call: Call) -> Row:
    where = {**call.own, "call_api_id": call.ids["call_api_id"]}
    if call.scope.row["type"] != "phone":
        raise not_found("the extension is no phone")
    call.found("current_call", where)
    return where
