"""schemathesis sends what the description allows, and what it does not: the server keeps to it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.checks import CHECKS
from schemathesis.core.parameters import ParameterLocation

from tests.realm.support import DESCRIPTION, Server

#: Whose token a request has: in its own realm, so that @me is right.
USERS = {"client": "director", "extension_group": "front-desk", "extension": "anna"}

#: Things that the example data has, for paths that lead somewhere.
THERE = {
    "path.client_id": "@me",
    "path.extension_group_id": "1",
    "path.extension_id": "1",
    "path.user_id": 1,
    "path.did_id": 1,
    "path.dial_rule_id": 1,
    "path.sound_id": 2,
    "path.rule_id": 1,
    "path.event_id": 1,
    "path.registration_id": "uloc-5f0c-1",
    "path.record_uuid": f"1-{6:032x}",
    "path.call_uuid": f"{6:032X}",
}

#: "positive_data_acceptance" wants no 400 for what the schemas allow. These refuse what no schema tells.
MORE_RULES = {
    # An id must be that of something the client has.
    "updateClientInfo",
    "addClientExtension",  # and a number has the client's prefix and length, and nobody else has it
    "updateClientExtension",
    "updateClientDid",
    "updateExtensionAni",
    "addClientUser",  # and nobody else has the login
    "addExtensionGroupUser",
    "addExtensionUser",
    "updateClientUser",
    "updateExtensionGroupUser",
    "updateExtensionUser",
    # A type of rule needs what others do not; an order names all rules.
    "addExtensionIncomRule",
    "updateExtensionIncomRule",
    "orderExtensionIncomRules",
    # An action may need a number.
    "updateExtensionCurrentCall",
    # A file must be a sound.
    "addClientSound",
    "replaceClientSound",
}

#: The same for windows of time, which must not end before they begin, nor be too long.
WINDOW = {"start_datetime", "end_datetime"}

_SETTINGS = settings(
    max_examples=10,
    deadline=None,
    database=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)


def _schema(parameters: dict[str, Any]) -> schemathesis.BaseSchema:
    config = schemathesis.Config.from_dict({"parameters": parameters})
    return schemathesis.openapi.from_path(DESCRIPTION, config=config)


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Server]:
    made = Server(tmp_path, rate_limit=10**9)
    with made.storage.transaction(write=True) as data:
        # As many as are wanted may be added.
        data.change("client", {}, {"limits": {"sound": 10**6}})
    yield made
    made.close()


def _path_was_negated(case: Any) -> bool:
    info = case.meta.components.get(ParameterLocation.PATH)
    return info is not None and info.mode.is_negative


def _check(case: Any, app: Server, known: bool) -> None:
    operation = case.operation
    operation.app = app.app
    excluded = []
    if known and _path_was_negated(case):
        # What should be wrong in the path was replaced, so that all of it is right.
        excluded.append("negative_data_rejection")
    query = {parameter.name for parameter in operation.query}
    if operation.definition.raw["operationId"] in MORE_RULES or query & WINDOW:
        excluded.append("positive_data_acceptance")
    user = USERS.get(operation.path.split("/")[1], "director")
    token = app.token(user if "{" in operation.path else "director")
    case.call_and_validate(
        headers={"Authorization": f"Bearer {token}"}, excluded_checks=CHECKS.get_by_names(excluded)
    )


@_schema({}).parametrize()
@_SETTINGS
def test_whatever_is_sent(case: Any, app: Server) -> None:
    _check(case, app, known=False)


@_schema(THERE).parametrize()
@_SETTINGS
def test_whatever_is_sent_to_what_is_there(case: Any, app: Server) -> None:
    _check(case, app, known=True)
