"""What the server does beyond the rules that all resources share."""

from __future__ import annotations

import hashlib
import io
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from realm_server.app import TOKEN_PATH
from realm_server.audio import SIZE_LIMIT, silence
from realm_server.calls import HANDLERS
from realm_server.contract import ContractError
from realm_server.storage import Storage, StorageError

from tests.realm.support import NOW, Server

DIRECTOR = "director"

#: All of the example data's calls.
AUTUMN = {"start_datetime": "2026-10-01 00:00:00", "end_datetime": "2026-11-30 23:59:59"}

WAV = b"RIFF\x24\0\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0"
FLOAT_WAV = WAV.replace(b"\x10\0\0\0\x01\0", b"\x10\0\0\0\x03\0")


# Tokens


def test_a_token_is_had_for_id_and_secret(server: Server) -> None:
    answer = server.get_token(DIRECTOR)
    assert answer.headers["Cache-Control"] == "no-store"
    token = answer.get_json()
    assert (token["token_type"], token["expires_in"]) == ("Bearer", 3600)


def test_a_token_may_be_asked_for_in_the_query_or_with_basic_credentials(server: Server) -> None:
    query = {
        "grant_type": "client_credentials",
        "client_id": "anna",
        "client_secret": "anna-secret",
    }
    assert server.client.post(TOKEN_PATH, query_string=query).status_code == 200
    form = {"grant_type": "client_credentials"}
    credentials = ("anna", "anna-secret")
    assert server.client.post(TOKEN_PATH, data=form, auth=credentials).status_code == 200


@pytest.mark.parametrize(
    ("more", "status", "error"),
    [
        ({"client_secret": "wrong"}, 401, "invalid_client"),
        ({"client_id": "nobody"}, 401, "invalid_client"),
        ({"grant_type": "password"}, 400, "unsupported_grant_type"),
        ({"scope": "more"}, 400, "invalid_scope"),
    ],
)
def test_oauth_tells_its_errors_in_its_own_way(
    server: Server, more: dict[str, str], status: int, error: str
) -> None:
    answer = server.get_token(DIRECTOR, **more)
    assert (answer.status_code, answer.get_json()) == (status, {"error": error})


def test_a_token_expires(server: Server) -> None:
    server.get(DIRECTOR, "/user/")
    server.clock.now += 3599
    server.get(DIRECTOR, "/user/")
    server.clock.now += 1
    assert server.sent(401, DIRECTOR, "GET", "/user/") == {"message": "Unauthorized"}


@pytest.mark.parametrize("header", ["", "Bearer wrong", "Basic YTpi", "Bearer"])
def test_without_a_token_there_is_nothing(server: Server, header: str) -> None:
    answer = server.call("", "GET", "/user/", headers={"Authorization": header})
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_secrets_are_nowhere_in_the_database(server: Server, tmp_path: Path) -> None:
    token = server.token(DIRECTOR)
    server.sent(200, DIRECTOR, "PUT", "/user/reset_password", json={"password": "open sesame"})
    kept = b"".join(file.read_bytes() for file in tmp_path.glob("realm.sqlite*"))
    for secret in (token, "director-secret", "open sesame", "director-password"):
        assert secret.encode() not in kept


# Who may


def test_a_blocked_user_gets_nothing(server: Server) -> None:
    assert server.sent(403, "former", "GET", "/timezone/")["status"] == "user_blocked"


def test_a_user_may_be_one_that_only_reads(server: Server) -> None:
    server.get("auditor", "/client/@me/extension/1")
    error = server.sent(403, "auditor", "DELETE", "/client/@me/extension/1")
    assert error["status"] == "user_access_type_deny"


def test_an_application_may_be_one_that_only_calls(server: Server) -> None:
    body = {"src_num": ["101"], "dst_num": "102"}
    server.sent(201, "dialler", "POST", "/extension/1/callback/", json=body)
    error = server.sent(403, "dialler", "GET", "/client/@me/extension/")
    assert error["status"] == "app_access_type_deny"


def test_the_user_tells_its_type_by_its_narrowest_id(server: Server) -> None:
    def ids(app_id: str) -> tuple[Any, ...]:
        user = server.get(app_id, "/user/")
        return user["client_id"], user["extension_group_id"], user["extension_id"]

    assert [ids(one) for one in (DIRECTOR, "front-desk", "anna")] == [
        (1, None, None),
        (1, 1, None),
        (1, None, 1),
    ]


def test_the_session_tells_when_it_expires(server: Server) -> None:
    session = server.get(DIRECTOR, "/user/oauth/session/")
    assert (session["app_id"], session["expires"]) == (DIRECTOR, "2026-11-22 11:00:00")


# Limits


def test_every_answer_tells_the_limit(server: Server) -> None:
    for app_id, path in ((DIRECTOR, "/user/"), ("", "/user/"), (DIRECTOR, "/nowhere/")):
        headers = server.call(app_id, "GET", path).headers
        assert headers["X-RateLimit-Limit"] == "10000"
        assert headers["X-RateLimit-Reset"] == "3600"
        assert int(headers["X-RateLimit-Remaining"]) >= 9999


def test_the_users_of_a_client_share_an_hourly_limit(tmp_path: Path) -> None:
    server = Server(tmp_path, rate_limit=3)
    answers = [
        server.call(app, "GET", "/timezone/") for app in (DIRECTOR, "anna", DIRECTOR, "anna")
    ]
    assert [one.status_code for one in answers] == [200, 200, 200, 429]
    assert [one.headers["X-RateLimit-Remaining"] for one in answers] == ["2", "1", "0", "0"]
    assert answers[-1].get_json()["status"] == "rate_limit_exceeded"
    assert server.call("books", "GET", "/timezone/").status_code == 200
    server.clock.now += int(answers[-1].headers["X-RateLimit-Reset"])
    assert server.get_token(DIRECTOR).status_code == 200
    server._tokens.clear()
    assert server.call(DIRECTOR, "GET", "/timezone/").status_code == 200
    server.close()


def test_there_may_be_so_many_of_a_kind(server: Server) -> None:
    most = server.get(DIRECTOR, "/client/@me/limit/")["event"]
    body = {"url": "https://crm.example/", "method": "GET", "event_type": "answer"}
    for _ in range(most):
        server.sent(201, DIRECTOR, "POST", "/extension/2/event/", json=body)
    error = server.sent(400, DIRECTOR, "POST", "/extension/2/event/", json=body)
    assert str(most) in error["message"]
    server.sent(204, DIRECTOR, "DELETE", "/extension/2/event/")
    assert server.get(DIRECTOR, "/extension/2/event/") == []


# Paths


@pytest.mark.parametrize("path", ["/timezone", "/client/@me/extension/1/", "//timezone/", "/"])
def test_slashes_are_where_the_documents_have_them(server: Server, path: str) -> None:
    server.sent(404, DIRECTOR, "GET", path)


@pytest.mark.parametrize("given", ["x", "-1", "1.5", "9" * 30])
def test_an_id_that_is_none_is_refused(server: Server, given: str) -> None:
    server.sent(404, DIRECTOR, "GET", f"/client/@me/extension/{given}")
    server.sent(400, DIRECTOR, "GET", f"/extension/{given}/phone/")


@pytest.mark.parametrize(
    "query", ["extension_group_id=x", "page=0", "per_page=-1", "type=cow", "extension_group_id="]
)
def test_a_query_is_checked(server: Server, query: str) -> None:
    name = query.partition("=")[0]
    error = server.sent(400, DIRECTOR, "GET", f"/client/@me/extension/?{query}")
    assert error["message"].startswith(f"{name} must")


# Lists


def test_a_list_comes_in_pages(server: Server) -> None:
    pages = [
        [one["id"] for one in server.get(DIRECTOR, "/client/@me/extension/", page=page, per_page=4)]
        for page in (1, 2, 3, 10**18)
    ]
    assert pages == [[1, 2, 3, 4], [5, 6], [], []]


def test_lists_of_calls_have_an_order_and_tell_their_page(server: Server) -> None:
    found = server.get(DIRECTOR, "/client/@me/calls/", **AUTUMN, per_page=3, order="asc")
    times = [one["init_time_gmt"] for one in found.pop("calls")]
    assert found == {"page": 1, "per_page": 3, "order": "asc"}
    assert times == sorted(times)
    last = server.get(DIRECTOR, "/client/@me/calls/", **AUTUMN, per_page=1)["calls"]
    assert [one["init_time_gmt"] for one in last] == ["2026-11-11 08:30:00.25"]


def test_filters_may_name_several_values(server: Server) -> None:
    path = "/client/@me/call_history/"
    found = server.get(DIRECTOR, path, **AUTUMN, extension_id=[1, 3], flow=["in"])["call_history"]
    assert {(one["extension_id"], one["flow"]) for one in found} == {(1, "in"), (3, "in")}
    assert all(one["cdr"][0]["call_uuid"] == one["call_uuid"] for one in found)


def test_a_call_is_found_by_its_id_in_small_letters_too(server: Server) -> None:
    uuid = f"{10 - 1:032x}"
    call = server.get(DIRECTOR, f"/client/@me/call_history/{uuid}")
    assert call["call_uuid"] == uuid.upper()


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("2026-10-01 00:00:00", "2026-12-01 00:00:00"),
        ("2026-10-02 00:00:00", "2026-10-01 00:00:00"),
        ("2026-10-01", "2026-10-02"),
        ("2026-13-01 00:00:00", "2026-13-02 00:00:00"),
    ],
)
def test_a_window_ends_within_the_month_after_its_first(
    server: Server, start: str, end: str
) -> None:
    for path in ("record", "voicemail", "calls", "call_history", "record/stats"):
        query = {"start_datetime": start, "end_datetime": end}
        server.sent(400, DIRECTOR, "GET", f"/client/@me/{path}/", query_string=query)


def test_a_window_may_be_two_whole_months(server: Server) -> None:
    query = {"start_datetime": "2026-12-01 00:00:00", "end_datetime": "2027-01-31 23:59:59"}
    assert server.get(DIRECTOR, "/client/@me/record/", **query) == []


# Recordings


@pytest.mark.parametrize(
    ("app_id", "realm", "extensions"),
    [
        (DIRECTOR, "/client/@me", {1, 2, 3}),
        ("front-desk", "/extension_group/@me", {1, 2}),
        ("anna", "/extension/@me", {1}),
    ],
)
def test_each_realm_has_its_recordings(
    server: Server, app_id: str, realm: str, extensions: set[int]
) -> None:
    found = server.get(app_id, f"{realm}/record/", **AUTUMN)
    assert {one["extension_id"] for one in found} == extensions
    for one in found:
        answer = server.call(app_id, "GET", f"{realm}/record/{one['record_uuid']}")
        assert answer.content_type == "audio/mpeg"
        assert len(answer.data) == one["record_file_size"]
        assert f'filename="{one["file_name"]}"' in answer.headers["Content-Disposition"]
    stats = server.get(app_id, f"{realm}/record/stats/", **AUTUMN)
    assert stats["call_records_count"] == len(found)
    months = server.get(DIRECTOR, "/client/@me/records_stats/", start_datetime="2026-11")
    assert [one["year_month"] for one in months] == ["2026-11"]


def test_another_s_recording_is_not_found(server: Server) -> None:
    error = server.sent(404, "anna", "GET", f"/extension/@me/record/2-{4:032x}")
    assert error == {"message": "Record not found"}


def test_storage_url_needs_no_token_and_refuses_one(server: Server) -> None:
    path = f"/client/@me/record/1-{6:032x}"
    url = server.get(DIRECTOR, f"{path}/storage_url/")["record_url"]
    assert server.client.get(url).data == server.call(DIRECTOR, "GET", path).data
    token = {"Authorization": f"Bearer {server.token(DIRECTOR)}"}
    assert server.client.get(url, headers=token).status_code == 400
    server.clock.now += 3600
    assert server.client.get(url).status_code == 404


def test_recordings_and_messages_are_deleted_one_by_one_or_by_time(server: Server) -> None:
    one = f"/client/@me/record/1-{6:032x}"
    server.sent(204, DIRECTOR, "DELETE", one)
    server.sent(404, DIRECTOR, "DELETE", one)
    assert len(server.get(DIRECTOR, "/client/@me/record/", **AUTUMN)) == 4
    server.sent(204, DIRECTOR, "DELETE", "/extension_group/14/record/", query_string=AUTUMN)
    found = server.get(DIRECTOR, "/client/@me/record/", **AUTUMN)
    assert {one["extension_id"] for one in found} == {1, 2}
    assert len(server.get(DIRECTOR, "/extension/1/voicemail/", **AUTUMN)) == 1
    server.sent(204, "anna", "DELETE", "/extension/@me/voicemail/", query_string=AUTUMN)
    assert server.get(DIRECTOR, "/client/@me/voicemail/", **AUTUMN) == []
    assert server.get(DIRECTOR, "/client/@me/record/", **AUTUMN) == found


# Sounds


def upload(server: Server, status: int, path: str, content: bytes, **fields: str) -> Any:
    form = {**fields, "file": (io.BytesIO(content), "ring.wav")}
    return server.sent(status, DIRECTOR, "POST", path, data=form)


def test_a_sound_is_uploaded_replaced_renamed_and_deleted(server: Server) -> None:
    made = upload(server, 201, "/client/@me/sound/", WAV, title="Ring")
    path = f"/client/@me/sound/{made['id']}"
    assert (made["title"], made["filename"], made["client_id"]) == ("Ring", "ring.wav", 1)
    assert upload(server, 201, path, silence(1))["id"] == made["id"]
    renamed = server.sent(200, DIRECTOR, "PUT", path, json={"title": "Bell"})
    assert renamed == {**made, "title": "Bell"} == server.get(DIRECTOR, path)
    server.sent(204, DIRECTOR, "DELETE", path)
    server.sent(404, DIRECTOR, "GET", path)


@pytest.mark.parametrize(
    "content", [b"", b"GIF89a", FLOAT_WAV, b"RIFF\0\0\0\0WAVE", b"ID3" + bytes(SIZE_LIMIT)]
)
def test_a_sound_is_a_wav_or_an_mp3_of_at_most_10_mb(server: Server, content: bytes) -> None:
    error = upload(server, 400, "/client/@me/sound/", content, title="Ring")
    assert error["message"].startswith("file ")


def test_an_upload_without_file_or_title_is_refused(server: Server) -> None:
    upload(server, 400, "/client/@me/sound/", WAV)
    server.sent(400, DIRECTOR, "POST", "/client/@me/sound/", data={"title": "Ring"})


def test_sounds_are_the_provider_s_too_but_not_to_be_changed(server: Server) -> None:
    path = "/client/@me/sound/"
    assert len(server.get(DIRECTOR, path)) == 2
    assert [one["id"] for one in server.get(DIRECTOR, path, own_only="true")] == [2]
    assert [one["id"] for one in server.get(DIRECTOR, path, id=[1, 2, 3], title="Calm music")] == [
        1
    ]
    server.get(DIRECTOR, f"{path}1")
    server.sent(404, DIRECTOR, "DELETE", f"{path}1")


# Extensions, and what belongs to them


@pytest.mark.parametrize("name", ["101", "1844*101", "1845*104", "10", "1844*1044", "abc"])
def test_an_extension_s_number_is_free_and_of_the_client(server: Server, name: str) -> None:
    body = {"name": name, "type": "phone"}
    error = server.sent(400, DIRECTOR, "POST", "/client/@me/extension/", json=body)
    assert error["message"].startswith("name ")


@pytest.mark.parametrize("kind", ["phone", "queue", "ivr", "fax"])
def test_each_type_of_extension_has_settings_of_its_own(server: Server, kind: str) -> None:
    number = {"phone": 1, "queue": 4, "ivr": 5, "fax": 6}[kind]
    for other in ("phone", "queue", "ivr", "fax"):
        path = f"/extension/{number}/{other}/"
        server.sent(200 if other == kind else 404, DIRECTOR, "GET", path)


def test_settings_change_in_part_and_keep_what_is_not_described(server: Server) -> None:
    path = "/extension/@me/phone/"
    before = server.get("anna", path)
    assert before["auth_type"] == "digest"
    changes = {"record_enabled": True, "codecs": ["opus"], "label": "Anna B", "password": "s3cret"}
    after = server.sent(200, "anna", "PUT", path, json=changes)
    assert after == server.get("anna", path)
    shown = {"record_enabled": True, "codecs": ["opus"], "label": "Anna B"}
    assert after == {**before, **shown}
    assert server.get(DIRECTOR, "/client/@me/extension/1")["label"] == "Anna B"


@pytest.mark.parametrize(
    "path",
    [
        "/client/@me/extension/1",
        "/client/@me/extension_group/1",
        "/client/@me/user/extension/3",
        "/client/@me/did/1",
        "/client/@me/dial_rule/1",
        "/client/@me/sound/2",
        "/client/client_info/@me/",
        "/extension/1/event/1",
        "/extension/1/incom_rule/1",
        "/extension/1/phone/",
        "/extension/4/queue/",
        "/extension/5/ivr/",
        "/extension/6/fax/",
    ],
)
def test_what_was_got_can_be_sent_back(server: Server, path: str) -> None:
    before = server.get(DIRECTOR, path)
    if "id" in before:  # what only the server sets is passed over
        assert server.sent(200, DIRECTOR, "PUT", path, json={"id": 99}) == before
    assert server.sent(200, DIRECTOR, "PUT", path, json=before) == before


def test_a_queue_that_rings_has_no_sound(server: Server) -> None:
    path = "/extension/@200/queue/"
    body = {"sound_type": "music", "sound": 1}
    assert server.sent(200, DIRECTOR, "PUT", path, json=body)["sound"] == 1
    assert server.sent(200, DIRECTOR, "PUT", path, json={"sound_type": "ring"})["sound"] is None


def test_a_group_that_is_deleted_leaves_its_extensions(server: Server) -> None:
    server.sent(204, DIRECTOR, "DELETE", "/client/@me/extension_group/14")
    assert server.get(DIRECTOR, "/client/@me/extension/3")["extension_group_id"] is None


def test_an_extension_is_deleted_with_all_that_is_its_own(server: Server) -> None:
    server.token("anna")
    server.sent(204, DIRECTOR, "DELETE", "/client/@me/extension/1")
    assert server.get(DIRECTOR, "/client/@me/user/extension/") == []
    server.sent(401, "anna", "GET", "/user/")
    assert server.get(DIRECTOR, "/client/@me/record/", **AUTUMN)


def test_ani_is_one_of_the_client_s_numbers(server: Server) -> None:
    path = "/extension/@me/ani/"
    assert server.get("anna", path) == {"default": None}
    answer = server.sent(200, "anna", "PUT", path, json={"ani_number": "15550101"})
    assert answer == server.get("anna", path) == {"default": "15550101"}
    server.sent(400, "anna", "PUT", path, json={"ani_number": "15550999"})
    assert server.get(DIRECTOR, "/client/@me/extension/1")["ani"] == "15550101"


def test_registrations(server: Server) -> None:
    path = "/extension/registration/"
    found = server.get("front-desk", path, extension_id=[1, 2, 3])
    assert [(one["extension_id"], one["registered"]) for one in found] == [(1, True), (2, False)]
    server.sent(400, "front-desk", "GET", path)
    server.sent(204, "anna", "DELETE", "/extension/@me/registration/uloc-5f0c-1")
    assert server.get("anna", "/extension/@me/registration/")["registrations"] == []


@pytest.mark.parametrize(
    "rule",
    [
        {"type": "cascade"},
        {"type": "playfile"},
        {"type": "transfer", "transfer_dst": ["1"] * 11},
        {"type": "cascade", "cascade_numbers": [{"delay": 5}]},
        {"type": "cascade", "cascade_numbers": [{"delay": "5", "number": "101"}]},
    ],
)
def test_some_rules_need_more_than_others(server: Server, rule: dict[str, Any]) -> None:
    server.sent(400, "anna", "POST", "/extension/@me/incom_rule/", json=rule)


def test_rules_have_an_order(server: Server) -> None:
    path = "/extension/@me/incom_rule/"
    body = {"type": "transfer", "transfer_dst": ["102"]}
    second = server.sent(201, "anna", "POST", path, json=body)["id"]
    assert [one["id"] for one in server.get("anna", path)] == [1, second]
    ordered = server.sent(200, "anna", "PUT", f"{path}order/", json={"order": [second, 1]})
    assert ordered == server.get("anna", path)
    assert [one["id"] for one in ordered] == [second, 1]
    server.sent(400, "anna", "PUT", f"{path}order/", json={"order": [1]})


# Calls


def test_a_callback_is_a_current_call_until_it_is_ended(server: Server) -> None:
    body = {"src_num": ["101"], "dst_num": "+15550123", "variables": {"autoanswer": 1}}
    made = server.sent(201, "anna", "POST", "/extension/@me/callback/", json=body)
    assert set(made) == {"call_api_id", "call_id"}
    [call] = server.get(DIRECTOR, "/client/@me/current_calls/")["call_list"]
    assert (call["call_api_id"], call["called_number"]) == (made["call_api_id"], "+15550123")
    assert call["caller_extension"]["name"] == "1844*101"
    path = f"/extension/1/current_calls/{made['call_api_id']}"
    server.sent(200, DIRECTOR, "PUT", path, json={"action": "transfer", "send_dst": "102"})
    [call] = server.get("anna", "/extension/@me/current_calls/")["call_list"]
    assert call["called_number"] == "102"
    server.sent(204, DIRECTOR, "DELETE", path)
    server.sent(404, DIRECTOR, "DELETE", path)
    assert server.get(DIRECTOR, "/client/@me/current_calls/") == {"call_list": []}


@pytest.mark.parametrize(
    "body",
    [
        {"src_num": [], "dst_num": "102"},
        {"src_num": "101", "dst_num": "102"},
        {"src_num": ["101"]},
        {"src_num": ["101"], "dst_num": "102", "dst_dtmf": "1x"},
    ],
)
def test_a_callback_is_checked(server: Server, body: dict[str, Any]) -> None:
    server.sent(400, DIRECTOR, "POST", "/extension/1/callback/", json=body)


# Users


@pytest.mark.parametrize(
    ("kind", "bound"), [("client", 1), ("extension_group", 14), ("extension", 2)]
)
def test_users_of_each_type(server: Server, kind: str, bound: int) -> None:
    path = f"/client/@me/user/{kind}/"
    body = {"name": "Emil", "login": "emil", "password": "x", "email": "emil@1844.example"}
    server.sent(400, DIRECTOR, "POST", path, json=body)
    server.sent(400, DIRECTOR, "POST", path, json={**body, f"{kind}_id": 99})
    made = server.sent(201, DIRECTOR, "POST", path, json={**body, f"{kind}_id": bound})
    assert (made[f"{kind}_id"], made["status"], made["access"]) == (bound, "active", "full")
    assert "password" not in made
    again = server.sent(400, DIRECTOR, "POST", path, json={**body, f"{kind}_id": bound})
    assert again["message"] == "login is taken already"
    one = f"{path}{made['id']}"
    changed = server.sent(200, DIRECTOR, "PUT", one, json={"comment": "x", "password": "y"})
    assert changed == {**made, "comment": "x"}
    for other in {"client", "extension_group", "extension"} - {kind}:
        server.sent(404, DIRECTOR, "GET", f"/client/@me/user/{other}/{made['id']}")
    server.sent(204, DIRECTOR, "DELETE", one)


# The database


def test_a_database_of_something_else_is_refused(tmp_path: Path) -> None:
    file = str(tmp_path / "other.sqlite")
    connection = sqlite3.connect(file)
    connection.execute("CREATE TABLE something (id)")
    connection.close()
    with pytest.raises(StorageError, match="not one of this server"):
        Storage(file, lambda data: None)


def test_the_example_data_is_the_same_every_time(tmp_path: Path) -> None:
    seen = set()
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        server = Server(tmp_path / name)
        assert server.clock.now == NOW
        answer = server.call(DIRECTOR, "GET", "/client/@me/call_history/", query_string=AUTUMN)
        seen.add(hashlib.sha256(answer.data).hexdigest())
        server.close()
    assert len(seen) == 1


# The description


def test_what_is_described_must_be_served(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(HANDLERS, "getClientDid")
    with pytest.raises(ContractError, match=r"described, but not served: .*getClientDid"):
        Server(tmp_path)
