"""Past calls, and what was recorded of them."""

from __future__ import annotations

import secrets
from collections import defaultdict
from typing import Any

from werkzeug.wrappers import Response

from .calls import Call, answers, download
from .errors import ApiError, not_found
from .storage import Row, Transaction
from .times import months, window

#: Where recordings are had without a token, and for how many seconds.
STORAGE = "/storage/"
STORAGE_SECONDS = 3600

_OWNER = {
    "client": "client_owner_id",
    "extension_group": "extension_group_owner_id",
    "extension": "extension_id",
}


def _own(call: Call) -> dict[str, Any]:
    return {_OWNER[call.scope.realm]: call.scope.id}


def _listed(call: Call, table: str, where: dict[str, Any]) -> list[Row]:
    limit, offset = call.page()
    direction = "ASC" if call.query.get("order") == "asc" else "DESC"
    return call.data.rows(
        table,
        where,
        window=window(call.query),
        order=f"init_time_gmt {direction}, rowid {direction}",
        limit=limit,
        offset=offset,
    )


# Recordings and voice messages


def _recorded(call: Call) -> dict[str, Any]:
    kind = "voicemail" if "/voicemail/" in call.operation.path else "record"
    return {**_own(call), "kind": kind}


def _recorded_one(call: Call) -> dict[str, Any]:
    return {**_recorded(call), "record_uuid": call.ids["record_uuid"]}


def list_recorded(call: Call) -> list[Row]:
    """Those of a time."""
    return _listed(call, "record", _recorded(call))


def delete_all_recorded(call: Call) -> None:
    """Delete those of a time."""
    call.data.remove("record", _recorded(call), window(call.query))


def get_recorded(call: Call) -> Response:
    """The sound itself."""
    row = _found(call)
    return _file(call.data, row)


def delete_recorded(call: Call) -> None:
    """Delete one."""
    _found(call)
    call.data.remove("record", _recorded_one(call))


def _found(call: Call) -> Row:
    row = call.data.row("record", _recorded_one(call))
    if row is None:
        raise not_found("Record not found")
    return row


def _file(data: Transaction, row: Row) -> Response:
    content = data.execute(
        "SELECT content FROM record WHERE record_uuid = ?", [row["record_uuid"]]
    ).fetchone()[0]
    return download(content, "audio/mpeg", row["file_name"])


def record_stats(call: Call) -> Row:
    """Number and size of the recordings of a time."""
    rows = call.data.rows("record", _recorded(call), window=window(call.query))
    return _sizes(rows)


def record_storage_url(call: Call) -> Row:
    """An address that holds for a while, for whoever knows it."""
    row = _found(call)
    key = secrets.token_urlsafe(24)
    call.data.execute("DELETE FROM storage_link WHERE expires <= ?", [call.now])
    expires = call.now + STORAGE_SECONDS
    call.data.add(
        "storage_link", {"key": key, "record_uuid": row["record_uuid"], "expires": expires}
    )
    return {"record_url": f"{call.host_url}{STORAGE}{key}"}


def stored_file(data: Transaction, key: str, authorization: bool, now: float) -> Response:
    """What such an address gives."""
    if authorization:
        # As real stores do: the address is the permission, and the token is none of theirs.
        raise ApiError(400, "this address must not be sent a token")
    link = data.row("storage_link", {"key": key})
    if link is None or link["expires"] <= now:
        raise not_found("Record not found")
    row = data.row("record", {"record_uuid": link["record_uuid"]})
    assert row is not None
    return _file(data, row)


for _realm in ("Client", "ExtensionGroup", "Extension"):
    answers(f"list{_realm}Records", f"list{_realm}Voicemail")(list_recorded)
    answers(f"delete{_realm}Records", f"delete{_realm}Voicemail")(delete_all_recorded)
    answers(f"get{_realm}Record", f"get{_realm}VoicemailMessage")(get_recorded)
    answers(f"delete{_realm}Record", f"delete{_realm}VoicemailMessage")(delete_recorded)
    answers(f"get{_realm}RecordStats")(record_stats)
    answers(f"get{_realm}RecordStorageUrl", writes=True)(record_storage_url)


@answers("listClientRecordsStats")
def months_of_records(call: Call) -> list[Row]:
    """Number and size of the recordings of each month that has some."""
    first, last = months(call.query)
    where = {**_own(call), "kind": "record"}
    by_month: dict[str, list[Row]] = defaultdict(list)
    for row in call.data.rows(
        "record", where, window=("init_time_gmt", first, last), order="init_time_gmt"
    ):
        by_month[row["init_time_gmt"][: len("2026-11")]].append(row)
    return [{"year_month": month, **_sizes(rows)} for month, rows in by_month.items()]


def _sizes(rows: list[Row]) -> Row:
    return {
        "call_records_count": len(rows),
        "call_records_size": sum(row["record_file_size"] for row in rows),
    }


# Calls


@answers("listExtensionCdr")
def list_cdr(call: Call) -> list[Row]:
    """The records of an extension's calls."""
    return _listed(call, "cdr", _own(call))


@answers("listClientCalls")
def list_calls(call: Call) -> Row:
    """Past calls."""
    return {**_page_info(call), "calls": _calls(call)}


@answers("listClientCallHistory")
def list_call_history(call: Call) -> Row:
    """Past calls, with their records."""
    return {**_page_info(call), "call_history": [_with_cdr(call, row) for row in _calls(call)]}


@answers("getClientCallHistory")
def get_call_history(call: Call) -> Row:
    """One past call."""
    where = {**_own(call), "call_uuid": call.ids["call_uuid"].upper()}
    return _with_cdr(call, call.found("call", where))


@answers("listClientQualityRates")
def list_quality_rates(call: Call) -> list[Row]:
    """How callers rated calls."""
    where = {**call.own, **call.filters("quality_rate")}
    return call.data.rows("quality_rate", where, window=window(call.query, "datetime"))


def _calls(call: Call) -> list[Row]:
    return _listed(call, "call", {**_own(call), **call.filters("call")})


def _page_info(call: Call) -> Row:
    return {"page": call.query["page"], "per_page": call.page()[0], "order": call.query["order"]}


def _with_cdr(call: Call, row: Row) -> Row:
    return {**row, "cdr": call.data.rows("cdr", {"call_uuid": row["call_uuid"]})}
