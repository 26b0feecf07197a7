"""Who asks, the client's own data, and its users."""

from __future__ import annotations

from datetime import datetime, timezone

from .calls import Call, Standard, answers
from .errors import bad_request
from .realms import REALMS
from .storage import Row
from .times import written
from .tokens import password_hash

_TIME_ZONES = [
    "America/New_York",
    "Asia/Almaty",
    "Asia/Yekaterinburg",
    "Europe/Berlin",
    "Europe/Kaliningrad",
    "Europe/London",
    "Europe/Minsk",
    "Europe/Moscow",
    "UTC",
]


@answers("listTimezones")
def list_timezones(call: Call) -> list[str]:
    """The zones that this server knows."""
    return _TIME_ZONES


@answers("getUser")
def get_user(call: Call) -> Row:
    """The user, whose narrowest id tells its type."""
    return {"admin": False, "dealer_id": None, **call.user}


@answers("getSession")
def get_session(call: Call) -> Row:
    """The token's session."""
    expires = datetime.fromtimestamp(call.session["expires"], timezone.utc).replace(tzinfo=None)
    return {
        "id": call.session["session_id"],
        "app_id": call.session["app_id"],
        "expires": written(expires),
    }


@answers("resetPassword")
def reset_password(call: Call) -> Row:
    """Another password for the user."""
    changes = {"password_hash": password_hash(call.body["password"])}
    call.data.change("user", {"id": call.user["id"]}, changes)
    return {"id": call.user["id"]}


@answers("getClientInfo")
def get_client_info(call: Call) -> Row:
    """The client."""
    return call.scope.client


@answers("updateClientInfo")
def update_client_info(call: Call) -> Row:
    """Change what a client may change."""
    call.must_be_own("dial_rule_id", "dial_rule")
    known = call.contract.names(call.operation)
    row = {name: value for name, value in call.body.items() if name in known}
    call.data.change("client", {"id": call.scope.id}, row)
    return call.found("client", {"id": call.scope.id})


@answers("getClientLimits")
def list_client_limits(call: Call) -> dict[str, int]:
    """How many of everything the client may have."""
    limits: dict[str, int] = call.scope.client["limits"]
    return limits


def _check_user(call: Call, row: Row, old: Row | None) -> None:
    if "password" in row:
        row["password_hash"] = password_hash(row.pop("password"))
    # For the mail that is sent, which this server does not do.
    row.pop("email_notify", None)
    row.pop("email_for_notify", None)
    if old is None:
        if call.body.get("client_id", call.scope.id) != call.scope.id:
            raise bad_request("client_id must be the client's own")
        call.must_be_own("extension_group_id", "extension_group")
        call.must_be_own("extension_id", "extension")


for _type, _name in zip(REALMS, ("Client", "ExtensionGroup", "Extension"), strict=True):
    Standard("user", "user_id", _check_user, (("type", _type),)).register(
        all=f"list{_name}Users",
        add=f"add{_name}User",
        one=f"get{_name}User",
        change=f"update{_name}User",
        delete=f"delete{_name}User",
    )
