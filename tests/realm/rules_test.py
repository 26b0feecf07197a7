"""The rules of the API's own page on its structure, each as a test that is named after it."""

from __future__ import annotations

import json
from io import BytesIO

import pytest

from tests.realm.support import Server

CLIENT, GROUP, EXTENSION = "director", "front-desk", "anna"

JSON = {"Content-Type": "application/json"}


# Paths: /realm/{realm_id}/resource/ and /realm/{realm_id}/resource/{resource_id}


def test_a_body_must_be_json_with_the_content_type_application_json(server: Server) -> None:
    text = json.dumps({"name": "Night shift"})
    path = "/client/@me/extension_group/"
    server.sent(201, CLIENT, "POST", path, data=text, headers=JSON)
    error = server.sent(
        400, CLIENT, "POST", path, data=text, headers={"Content-Type": "text/plain"}
    )
    assert "application/json" in error["message"]


def test_uploads_of_files_are_the_exception(server: Server) -> None:
    form = {"title": "Ring", "file": (BytesIO(b"ID3 sound"), "ring.mp3")}
    assert server.sent(201, CLIENT, "POST", "/client/@me/sound/", data=form)["title"] == "Ring"


# Realms


@pytest.mark.parametrize(
    ("user", "realm"), [(CLIENT, "client"), (GROUP, "extension_group"), (EXTENSION, "extension")]
)
def test_the_realm_is_that_of_the_user_s_type(server: Server, user: str, realm: str) -> None:
    resource = "event" if realm == "extension" else "extension"
    assert isinstance(server.get(user, f"/{realm}/@me/{resource}/"), list)


@pytest.mark.parametrize(
    ("user", "path"),
    [
        (CLIENT, "/extension_group/1/extension/"),
        (CLIENT, "/extension/1/phone/"),
        (GROUP, "/extension/1/phone/"),
    ],
)
def test_a_user_of_a_higher_level_uses_the_resources_of_lower_ones(
    server: Server, user: str, path: str
) -> None:
    assert server.get(user, path)


@pytest.mark.parametrize(
    ("user", "path"),
    [
        (GROUP, "/client/1/extension/"),
        (GROUP, "/client/@me/extension/"),
        (EXTENSION, "/client/1/extension/"),
        (EXTENSION, "/extension_group/1/extension/"),
    ],
)
def test_a_user_of_a_lower_level_does_not_use_those_of_higher_ones(
    server: Server, user: str, path: str
) -> None:
    assert server.sent(403, user, "GET", path)["status"] == "access_denied"


@pytest.mark.parametrize(
    ("user", "path"),
    [
        (CLIENT, "/client/2/extension/"),
        (CLIENT, "/extension_group/15/extension/"),
        (CLIENT, "/extension/7/phone/"),
        (CLIENT, "/extension/@1845*101/phone/"),
        (GROUP, "/extension_group/14/extension/"),
        (GROUP, "/extension/3/phone/"),
        (GROUP, "/extension/5/ivr/"),
        (EXTENSION, "/extension/2/phone/"),
        (EXTENSION, "/extension/@102/phone/"),
    ],
)
def test_realm_id_is_what_the_user_belongs_to_or_what_belongs_to_that(
    server: Server, user: str, path: str
) -> None:
    assert server.sent(403, user, "GET", path)["status"] == "access_denied"


def test_a_realm_id_that_nothing_has_is_not_found(server: Server) -> None:
    assert server.sent(404, CLIENT, "GET", "/client/99/extension/")["status"] == "client_not_found"
    server.sent(404, CLIENT, "GET", "/extension_group/99/extension/")
    server.sent(404, CLIENT, "GET", "/extension/99/phone/")
    server.sent(404, CLIENT, "GET", "/extension/@999/phone/")


# @me


def test_me_is_the_user_s_own_where_realm_and_type_are_the_same(server: Server) -> None:
    assert server.get(EXTENSION, "/extension/@me/phone/")["label"] == "Anna"
    names = [one["name"] for one in server.get(GROUP, "/extension_group/@me/extension/")]
    assert names == ["1844*101", "1844*102", "1844*200"]


@pytest.mark.parametrize(
    ("user", "path"),
    [
        (CLIENT, "/extension/@me/phone/"),
        (CLIENT, "/extension_group/@me/extension/"),
        (GROUP, "/extension/@me/phone/"),
    ],
)
def test_me_is_incorrect_where_they_are_not(server: Server, user: str, path: str) -> None:
    assert "@me" in server.sent(400, user, "GET", path)["message"]


# Names of extensions


@pytest.mark.parametrize("given", ["@1844*101", "@101", "%401844%2A101", "1"])
def test_an_extension_may_be_named_in_full_or_in_short(server: Server, given: str) -> None:
    for user in (CLIENT, GROUP, EXTENSION):
        assert server.get(user, f"/extension/{given}/phone/")["label"] == "Anna"


@pytest.mark.parametrize("path", ["/client/@101/extension/", "/extension_group/@101/extension/"])
def test_nothing_but_an_extension_has_a_name(server: Server, path: str) -> None:
    server.sent(400, CLIENT, "GET", path)


# Resources without a realm


@pytest.mark.parametrize("user", [CLIENT, GROUP, EXTENSION])
def test_resources_without_a_realm_do_not_depend_on_the_type_of_user(
    server: Server, user: str
) -> None:
    assert "Europe/Minsk" in server.get(user, "/timezone/")


def test_the_set_of_methods_is_not_always_complete(server: Server) -> None:
    answer = server.call(CLIENT, "POST", "/client/@me/did/", json={})
    assert answer.status_code == 405
    assert set(answer.headers["Allow"].split(", ")) == {"GET", "HEAD"}


# Lists


def test_a_list_is_an_array_and_its_code_is_200(server: Server) -> None:
    assert [one["id"] for one in server.get(CLIENT, "/client/@me/extension_group/")] == [1, 14]


def test_a_list_is_empty_where_there_is_nothing(server: Server) -> None:
    assert server.get(CLIENT, "/extension/2/event/") == []


def test_a_list_is_empty_where_nothing_fits(server: Server) -> None:
    assert server.get(CLIENT, "/client/@me/extension/", extension_group_id=14, type="fax") == []


def test_filters_must_all_hold(server: Server) -> None:
    found = server.get(CLIENT, "/client/@me/extension/", extension_group_id=1, type="phone")
    assert [one["name"] for one in found] == ["1844*101", "1844*102"]
    assert len(server.get(CLIENT, "/client/@me/extension/", extension_group_id=1)) == 3
    assert len(server.get(CLIENT, "/client/@me/extension/", type="phone")) == 3


# Adding


def test_what_is_added_is_answered_with_201(server: Server) -> None:
    body = {"name": "104", "type": "phone", "label": "Emil", "status": "active"}
    made = server.sent(201, CLIENT, "POST", "/client/@me/extension/", json=body)
    assert (made["name"], made["client_id"], made["label"]) == ("1844*104", 1, "Emil")
    assert server.get(CLIENT, f"/client/@me/extension/{made['id']}") == made


def test_parameters_that_are_not_given_take_their_defaults(server: Server) -> None:
    body = {"name": "105", "type": "phone"}
    made = server.sent(201, CLIENT, "POST", "/client/@me/extension/", json=body)
    assert (made["status"], made["ani_rfc3325"], made["label"]) == ("blocked", False, None)


def test_required_parameters_are_required(server: Server) -> None:
    error = server.sent(400, CLIENT, "POST", "/client/@me/extension/", json={"name": "106"})
    assert "type" in error["message"]


def test_null_means_that_there_is_no_value_where_it_is_allowed(server: Server) -> None:
    path = "/client/@me/extension/1"
    assert server.sent(200, CLIENT, "PUT", path, json={"label": None})["label"] is None
    error = server.sent(400, CLIENT, "PUT", path, json={"status": None})
    assert "status" in error["message"]


def test_wrong_parameters_are_answered_with_400_and_the_cause_in_message(server: Server) -> None:
    body = {"url": "https://crm.example/", "method": "PATCH", "event_type": "answer"}
    error = server.sent(400, CLIENT, "POST", "/extension/1/event/", json=body)
    assert error["message"].startswith("method must be one of GET, POST")


@pytest.mark.parametrize(
    "text", ["{", "", "{'a': 1}", '{"name": NaN}', '{"name": "\\ud800"}', "[" * 9999]
)
def test_the_message_is_bad_request_where_the_json_is_malformed(server: Server, text: str) -> None:
    for method, path in (("POST", "/client/@me/extension_group/"), ("PUT", "/client/@me/did/1")):
        error = server.sent(400, CLIENT, method, path, data=text, headers=JSON)
        assert error == {"message": "Bad Request"}


# Getting


def test_a_resource_is_got_by_its_id_with_200(server: Server) -> None:
    assert server.get(CLIENT, "/client/@me/extension/2")["name"] == "1844*102"


def test_one_that_is_not_there_is_404(server: Server) -> None:
    assert server.sent(404, CLIENT, "GET", "/client/@me/extension/99") == {"message": "Not found"}


# Changing


def test_a_change_is_answered_with_200_and_the_changed_resource(server: Server) -> None:
    path = "/client/@me/did/2"
    before = server.get(CLIENT, path)
    after = server.sent(200, CLIENT, "PUT", path, json={"extension_id": 1})
    assert after == {**before, "extension_id": 1} == server.get(CLIENT, path)


def test_a_change_of_what_is_not_there_is_404(server: Server) -> None:
    server.sent(404, CLIENT, "PUT", "/client/@me/did/99", json={"extension_id": 1})


def test_a_change_with_wrong_parameters_is_400_and_changes_nothing(server: Server) -> None:
    path = "/client/@me/did/1"
    before = server.get(CLIENT, path)
    body = {"comment": "new", "extension_id": 7}
    error = server.sent(400, CLIENT, "PUT", path, json=body)
    assert error["message"] == "there is no extension_id 7"
    assert server.get(CLIENT, path) == before


# Deleting


def test_a_deletion_is_answered_with_204_and_nothing(server: Server) -> None:
    assert server.sent(204, CLIENT, "DELETE", "/client/@me/extension/2") == b""
    server.sent(404, CLIENT, "GET", "/client/@me/extension/2")


def test_a_deletion_of_what_is_not_there_is_404(server: Server) -> None:
    server.sent(404, CLIENT, "DELETE", "/client/@me/extension/99")
