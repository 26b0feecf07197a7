"""The data that a new database begins with: two clients, and who may ask for what."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from .audio import silence
from .storage import Transaction
from .tokens import password_hash, secret_hash

_LIMITS = {
    "dial_rule": 20,
    "event": 20,
    "extension": 100,
    "extension_group": 20,
    "incom_rule": 20,
    "sound": 50,
}


@dataclass(frozen=True)
class Application:
    """Who asks for tokens: the application's id and secret, and what its user is."""

    app_id: str
    secret: str
    about: str


#: They are known to everybody: the data is for trying things.
APPLICATIONS = (
    Application("director", "director-secret", "user of type client"),
    Application("front-desk", "front-desk-secret", "user of type extension_group, group 1"),
    Application("anna", "anna-secret", "user of type extension, 1844*101"),
    Application("auditor", "auditor-secret", "user of type client who may only read"),
    Application("dialler", "dialler-secret", "user of type client, application for calls only"),
    Application("former", "former-secret", "user of type client who is blocked"),
    Application("books", "books-secret", "user of type client, of the other client"),
)


def fill(data: Transaction) -> None:
    """Put the data into empty tables."""
    _harbour(data)
    _books(data)
    data.add(
        "sound",
        {"id": 1, "client_id": None, "title": "Calm music", "filename": "calm.mp3"}
        | {"content": silence(1), "dealer_id": 1},
    )
    data.add(
        "sound",
        {"id": 2, "client_id": 1, "title": "Welcome to Harbour Coffee", "filename": "welcome.mp3"}
        | {"content": silence(2), "dealer_id": None},
    )


def _client(data: Transaction, number: int, name: str, prefix: str) -> None:
    data.add(
        "client",
        {
            "id": number,
            "prefix": prefix,
            "name": name,
            "email": f"office@{prefix}.example",
            "type": "J",
            "domain": "sip.example",
            "domain_prefix": "",
            "extension_len": 3,
            "create_date": "2026-01-05 09:00:00",
            "timezone": "Europe/Minsk",
            "language": "en",
            "jur_address": "1 Quay Street",
            "fact_address": "1 Quay Street",
            "contact_phones": "+15550100",
            "ambassadors": "",
            "did_as_transfer_caller_id": None,
            "disk_space_notify_email": f"office@{prefix}.example",
            "disk_space_notify_threshold": 90,
            "geo_list": "*",
            "hold_music": 1,
            "reg_status_log": False,
            "extra_params": None,
            "limits": _LIMITS,
        },
    )


def _extension(
    data: Transaction, number: int, name: str, kind: str, group: int | None, label: str
) -> None:
    data.add(
        "extension",
        {
            "id": number,
            "client_id": 1 if name.startswith("1844*") else 2,
            "extension_group_id": group,
            "name": name,
            "type": kind,
            "status": "active",
            "label": label,
            "caller_id_name": label,
            "ani_rfc3325": False,
            "domain": "sip.example",
            "create_date": "2026-01-05 10:00:00",
        },
    )


#: It takes its time, and a program may fill more than one database.
_hashed = cache(password_hash)


def _user(data: Transaction, number: int, app_id: str, kind: str, **more: Any) -> None:
    access = more.pop("app_access", "all")
    row = {
        "id": number,
        "type": kind,
        "client_id": 1,
        "name": app_id.capitalize(),
        "login": app_id,
        "password_hash": _hashed(f"{app_id}-password"),
        "email": f"{app_id}@1844.example",
        "status": "active",
        "access": "full",
        "timezone": "Europe/Minsk",
        "comment": "",
        "extra_params": None,
    }
    data.add("user", row | more)
    secret = next(one.secret for one in APPLICATIONS if one.app_id == app_id)
    data.add(
        "application",
        {
            "app_id": app_id,
            "secret_hash": secret_hash(secret),
            "user_id": number,
            "access": access,
        },
    )


def _harbour(data: Transaction) -> None:
    _client(data, 1, "Harbour Coffee", "1844")
    data.add("extension_group", {"id": 1, "client_id": 1, "name": "Front desk"})
    data.add("extension_group", {"id": 14, "client_id": 1, "name": "Roastery"})
    _extension(data, 1, "1844*101", "phone", 1, "Anna")
    _extension(data, 2, "1844*102", "phone", 1, "Boris")
    _extension(data, 3, "1844*103", "phone", 14, "Clara")
    _extension(data, 4, "1844*200", "queue", 1, "Orders")
    _extension(data, 5, "1844*300", "ivr", None, "Menu")
    _extension(data, 6, "1844*400", "fax", None, "Fax")
    _user(data, 1, "director", "client")
    _user(data, 2, "front-desk", "extension_group", extension_group_id=1)
    _user(data, 3, "anna", "extension", extension_id=1)
    _user(data, 4, "auditor", "client", access="read_only")
    _user(data, 5, "dialler", "client", app_access="call_api")
    _user(data, 6, "former", "client", status="blocked")
    data.add(
        "dial_rule",
        {"id": 1, "client_id": 1, "dial_rules": [{"match_exp": "^8(\\d{10})$", "repl_exp": "7$1"}]},
    )
    for number, name, extension in ((1, "15550101", 4), (2, "15550102", None)):
        data.add(
            "did",
            {
                "id": number,
                "client_id": 1,
                "name": name,
                "extension_id": extension,
                "message_extension_id": None,
                "domain": "sip.example",
                "allow_message": True,
                "comment": "",
                "create_date": "2026-01-06 09:00:00",
            },
        )
    data.add(
        "event",
        {"id": 1, "extension_id": 1, "url": "https://crm.example/call", "method": "POST"}
        | {"event_type": "dial-in"},
    )
    data.add(
        "incom_rule",
        {"id": 1, "extension_id": 1, "position": 0, "type": "voicemail", "name": "At night"}
        | {"call_status": "no_answer", "allow_public_transfer": True, "caller_id_action": "any"},
    )
    data.add(
        "registration",
        {"registration_id": "uloc-5f0c-1", "extension_id": 1, "device": "Desk phone 3"}
        | {"contact_address": "sip:101@192.0.2.7:5060", "real_address": "192.0.2.7:5060"}
        | {"expires": 699},
    )
    _history(data)


def _history(data: Transaction) -> None:
    # Ten calls of two extensions, in two months; every other one was recorded.
    for number in range(10):
        extension = 1 + number % 3
        group = 14 if extension == 3 else 1
        day = f"2026-{10 + number // 5}-{2 + number:02}"
        uuid = f"{number:032X}"
        record = f"{extension}-{number:032x}" if number % 2 == 0 else None
        call = {
            "call_uuid": uuid,
            "client_owner_id": 1,
            "extension_group_owner_id": group,
            "extension_id": extension,
            "extension_name": f"1844*10{extension}@sip.example",
            "extension_type": "phone",
            "flow": "in" if number % 2 == 0 else "out",
            "init_time_gmt": f"{day} 08:30:00.25",
            "start_time_gmt": f"{day} 08:30:04",
            "hangup_time_gmt": f"{day} 08:32:04",
            "duration": 120,
            "from_username": "15550199",
            "from_domain": "sip.example",
            "from_screen_name": "Guest",
            "to_username": f"1844*10{extension}",
            "to_domain": "sip.example",
            "did_number": "15550101",
            "did_domain": "sip.example",
            "hangup_cause": "NORMAL_CLEARING",
            "hangup_disposition": "caller_bye",
            "result": "answered",
        }
        data.add("call", call)
        content = silence(1)
        cdr = {"record_uuid": record, "record_file_size": len(content) if record else None}
        data.add("cdr", call | cdr)
        if record:
            kept = {"record_uuid": record, "record_file_size": len(content), "content": content}
            file = {"file_name": f"{record}.mp3", "record_transfer": False}
            data.add("record", call | kept | file | {"kind": "record"})
    message = f"1-{99:032x}"
    data.add(
        "record",
        call
        | {"kind": "voicemail", "record_uuid": message, "file_name": f"{message}.mp3"}
        | {"extension_id": 1, "extension_group_owner_id": 1, "result": "voicemail"}
        | {"record_file_size": len(content), "content": content},
    )
    data.add(
        "quality_rate",
        {"id": 1, "client_id": 1, "extension_id": 4, "datetime": "2026-11-08 08:32:10"}
        | {"call_uuid": f"{6:032X}", "rate": 4, "max_rate": 5},
    )


def _books(data: Transaction) -> None:
    _client(data, 2, "Lighthouse Books", "1845")
    data.add("extension_group", {"id": 15, "client_id": 2, "name": "Shop"})
    _extension(data, 7, "1845*101", "phone", 15, "Dora")
    _user(data, 7, "books", "client", client_id=2)
