"""The realm library against the reference server: what its users do, from the token to the last page."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from realm_server.audio import silence
from realmpy import (
    NULL,
    IllegalInputException,
    NotAuthorizedException,
    NotFoundException,
    RealmPy,
    RequestRejectedException,
)
from testing.paths import repository_file

from tests.docs import markdown
from tests.realm.support import SECRETS, Process

#: All of the example data's calls.
YEAR = ("2026-01-01 00:00:00", "2026-12-31 23:59:59")


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    server = Process(tmp_path_factory.mktemp("server") / "realm.sqlite")
    yield server.url
    server.stop()


def library(url: str, application: str = "director", **options: Any) -> RealmPy:
    return RealmPy(
        url, client_id=application, client_secret=SECRETS[application], timeout=20, **options
    )


@pytest.fixture
def realm(url: str) -> Iterator[RealmPy]:
    with library(url) as opened:
        yield opened


def test_who_asks(realm: RealmPy) -> None:
    user = realm.user.get()
    assert (user.login, user.client_id, user.extension_id) == ("director", 1, None)
    assert "Europe/Minsk" in realm.timezones.list()


def test_filters_must_all_hold(realm: RealmPy) -> None:
    extensions = realm.client("@me").extensions
    names = [each.name for each in extensions.list(extension_group_id=1, type="phone")]
    assert names == ["1844*101", "1844*102"]
    assert extensions.list(extension_group_id=14, type="queue") == []


@pytest.mark.parametrize("way", ["@1844*101", "@101", "1", 1])
def test_an_extension_by_its_name_and_its_id(realm: RealmPy, way: str | int) -> None:
    assert realm.extension(way).phone.get().label == "Anna"


def test_a_thing_from_its_making_to_its_end(realm: RealmPy) -> None:
    extensions = realm.client("@me").extensions
    made = extensions.add("1844*109", "phone", label="Dora", extension_group_id=14)
    assert (made.label, made.extension_group_id) == ("Dora", 14)
    # What is left out stays, and a null clears.
    changed = extensions.update(made.id, extension_group_id=NULL)
    assert (changed.label, changed.extension_group_id) == ("Dora", None)
    assert extensions.get(made.id).to_dict() == changed.to_dict()
    extensions.delete(made.id)
    with pytest.raises(NotFoundException) as caught:
        extensions.get(made.id)
    assert caught.value.status == 404


def test_what_the_server_calls_an_error(url: str, realm: RealmPy) -> None:
    extensions = realm.client("@me").extensions
    with pytest.raises(IllegalInputException, match="taken") as bad:
        extensions.add("1844*101", "phone")
    assert bad.value.status == 400
    with pytest.raises(IllegalInputException, match="does not match") as unsent:
        extensions.add("not a number", "phone")
    assert unsent.value.status is None
    with library(url, "anna") as anna, pytest.raises(NotAuthorizedException) as denied:
        anna.client(1).extensions.list()
    assert (denied.value.status, denied.value.code) == (403, "access_denied")


def test_ones_own_id_in_another_realm(url: str) -> None:
    told = library(url, user_type="client")
    with told, pytest.raises(IllegalInputException, match="give the id") as refused:
        told.extension("@me").phone.get()
    assert refused.value.status is None
    with library(url) as untold, pytest.raises(IllegalInputException) as answered:
        untold.extension("@me").phone.get()
    assert answered.value.status == 400
    with library(url, "anna", user_type="extension") as anna:
        assert anna.extension("@me").phone.get().label == "Anna"


def test_a_secret_that_is_wrong(url: str) -> None:
    with (
        RealmPy(url, client_id="director", client_secret="?") as realm,
        pytest.raises(NotAuthorizedException) as caught,
    ):
        realm.user.get()
    assert "invalid_client" in str(caught.value)
    assert caught.value.status == 401


def test_tokens_are_renewed(tmp_path: Path) -> None:
    """Each token holds for so short a time that the next call needs another."""
    server = Process(tmp_path / "realm.sqlite", "--token-seconds=1")
    try:
        with library(server.url) as realm:
            for _ in range(3):
                assert realm.user.get().login == "director"
                threading.Event().wait(1.1)
    finally:
        server.stop()


def test_an_upload_and_its_progress(realm: RealmPy, tmp_path: Path) -> None:
    file = tmp_path / "welcome.mp3"
    file.write_bytes(silence(3) * 40)
    told: list[tuple[int, int | None]] = []
    sounds = realm.client("@me").sounds
    sound = sounds.add("Welcome", file, progress=lambda done, total: told.append((done, total)))
    assert sound.title == "Welcome"
    assert [done for done, _ in told] == sorted(done for done, _ in told)
    assert told[-1][0] == told[-1][1]
    assert told[-1][0] > file.stat().st_size
    assert sounds.replace(sound.id, silence(2)).id == sound.id
    found = sounds.list(title=["Welcome", "Calm music"], own_only=False)
    assert {each.title for each in found} == {"Welcome", "Calm music"}
    sounds.delete(sound.id)


def test_a_recording_and_where_it_is_stored(realm: RealmPy, tmp_path: Path) -> None:
    records = realm.client("@me").records
    record = next(records.iterate(*YEAR))
    told: list[tuple[int, int | None]] = []
    file = tmp_path / "record.mp3"

    def note(done: int, total: int | None) -> None:
        told.append((done, total))

    length = records.get_to(record.record_uuid, file, progress=note)
    assert length == file.stat().st_size == told[-1][0] == told[-1][1]
    content = records.get(record.record_uuid)
    assert content == file.read_bytes()
    # The server refuses a token there.
    link = realm.client("@me").record(record.record_uuid).storage_url.get().record_url
    told.clear()
    again = io.BytesIO()
    assert realm.fetch(link) == content
    assert realm.fetch_to(link, again, progress=note) == length
    assert again.getvalue() == content
    assert told[-1][0] == length


def test_a_progress_that_fails_ends_the_download(realm: RealmPy, tmp_path: Path) -> None:
    records = realm.client("@me").records
    record = next(records.iterate(*YEAR))

    def fail(done: int, total: int | None) -> None:
        raise KeyError(done)

    with pytest.raises(KeyError):
        records.get_to(record.record_uuid, tmp_path / "record.mp3", progress=fail)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("order", ["asc", "desc", None])
def test_a_year_in_pages(realm: RealmPy, order: Any) -> None:
    history = realm.client("@me").call_history
    found = [call.init_time_gmt or "" for call in history.iterate(*YEAR, order=order, per_page=2)]
    assert len(found) == 10
    assert found == sorted(found, reverse=order != "asc")
    with pytest.raises(IllegalInputException):
        history.list(*YEAR)


def test_pages_are_asked_for_when_they_are_needed(realm: RealmPy) -> None:
    extensions = realm.client("@me").extensions.iterate(per_page=2)
    assert realm.rate_limit is None
    next(extensions)
    assert realm.rate_limit is not None
    left = realm.rate_limit.remaining
    next(extensions)
    assert realm.rate_limit.remaining == left
    next(extensions)
    assert left is not None
    assert realm.rate_limit.remaining == left - 1


def test_the_hours_requests_are_used_up(tmp_path: Path) -> None:
    server = Process(tmp_path / "realm.sqlite", "--rate-limit=2")
    try:
        with library(server.url) as realm:
            realm.user.get()
            realm.user.get()
            with pytest.raises(RequestRejectedException) as caught:
                realm.user.get()
            assert (caught.value.status, caught.value.code) == (429, "rate_limit_exceeded")
            assert realm.rate_limit is not None
            assert realm.rate_limit[:2] == (2, 0)
            assert 0 < (realm.rate_limit.reset or 0) <= 3600
    finally:
        server.stop()


def test_the_example(url: str, tmp_path: Path) -> None:
    program = repository_file("examples/realm/recordings.py")
    output = subprocess.run(
        [sys.executable, program, url, "director", SECRETS["director"], "2026"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    ).stdout
    assert "1844*101 Anna" in output
    assert len(list(tmp_path.glob("*.mp3"))) == 5


def test_the_guide(url: str, tmp_path: Path) -> None:
    """The program in docs/realm.md."""
    blocks = markdown.read(repository_file("docs/realm.md")).blocks
    program = "\n".join(block.text for block in blocks if block.language == "python")
    assert program.count("http://localhost:8080/api/ver1.0") == 1
    text = program.replace("http://localhost:8080/api/ver1.0", url)
    output = subprocess.run(
        [sys.executable, "-c", text],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert output.returncode == 0, output.stderr
    assert "404 None" in output.stdout
    assert "give the id" in output.stdout
