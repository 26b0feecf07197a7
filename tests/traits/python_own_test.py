"""What no scenario can say of the Python libraries: files, sessions, threads."""

from __future__ import annotations

import io
import json
import threading
from collections.abc import Iterator
from datetime import datetime, timezone
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
import traits_bytes
import traits_clients
import traits_files
import traits_nulls
import traits_tokens
from replay.server import ReplayServer
from traits_clients.runtime import credentials
from traits_clients.runtime.transport import Response
from traits_files.runtime import forms
from traits_files.runtime.operation import Parameter

SOUND = {"method": "POST", "target": "/files/sounds"}
CREATED = {"status": 201, "body": {"id": "1"}}


@pytest.fixture(scope="module")
def server() -> Iterator[ReplayServer]:
    with ReplayServer() as running:
        yield running


def play(server: ReplayServer, api: str, *exchanges: Any) -> str:
    """Plays exchanges, and gives the URL to send to."""
    made = [{"request": request, "response": response} for request, response in exchanges]
    scenario: dict[str, Any] = {"id": "own", "api": api, "path": f"/{api}", "operation": ""}
    scenario.update(credentials="none", exchanges=made, result=None)
    return str(server.play(scenario)["url"])


def part(content: str, name: str = "sound") -> dict[str, Any]:
    kind = "application/octet-stream"
    return {"name": "sound", "filename": name, "type": kind, "body": {"$text": content}}


def check(server: ReplayServer) -> None:
    verdict = server.verdict()
    assert verdict["ok"], verdict["differences"]


@pytest.fixture(params=["own", "session"])
def settings(request: pytest.FixtureRequest) -> Iterator[dict[str, Any]]:
    """With the transport of the library, and with a session of the program's."""
    if request.param == "own":
        yield {}
    else:
        with requests.Session() as session:
            yield {"session": session}


# --- files ------------------------------------------------------------------------------------


class Watched(io.BytesIO):
    """A file that notes how it is read."""

    def __init__(self, content: bytes) -> None:
        super().__init__(content)
        self.sizes: list[int] = []

    def read(self, size: int | None = -1, /) -> bytes:
        self.sizes.append(-1 if size is None else size)
        return super().read(size)


def test_file_is_read_while_it_is_sent(server: ReplayServer, settings: dict[str, Any]) -> None:
    file = Watched(b"x" * 30000)
    file.read(10)  # what was read before is not sent
    request = {**SOUND, "body": {"$multipart": [part("x" * 29990)]}}
    url = play(server, "files", (request, CREATED))
    with traits_files.TraitsFiles(url, **settings) as library:
        assert library.sounds.upload(file).id == "1"
    check(server)
    assert len(file.sizes) > 2
    assert all(0 < size <= 65536 for size in file.sizes)
    assert not file.closed


def test_path_is_opened_and_closed(
    server: ReplayServer, settings: dict[str, Any], tmp_path: Path
) -> None:
    path = tmp_path / "ring.wav"
    path.write_text("RIFF")
    request = {**SOUND, "body": {"$multipart": [part("RIFF", "ring.wav")]}}
    url = play(server, "files", (request, CREATED))
    with traits_files.TraitsFiles(url, **settings) as library:
        # A file that stayed open would be complained of, and every complaint is an error here.
        library.sounds.upload(str(path))
    check(server)


def test_length_is_unknown(server: ReplayServer, settings: dict[str, Any]) -> None:
    class Pipe:
        left = 3

        def read(self, size: int, /) -> bytes:
            self.left -= 1
            return b"abc" if self.left >= 0 else b""

    headers = {"transfer-encoding": "chunked"}
    request = {**SOUND, "headers": headers, "body": {"$multipart": [part("abcabcabc")]}}
    url = play(server, "files", (request, CREATED))
    with traits_files.TraitsFiles(url, **settings) as library:
        library.sounds.upload(Pipe())
    check(server)


@pytest.mark.parametrize(
    ("sound", "mentions"),
    [
        ("/no/such/file", "'/no/such/file' cannot be read: No such file"),
        (io.StringIO("x"), "binary mode"),
        (5, "5 is no file"),
        (("a.wav", object()), "is no file"),
    ],
)
def test_what_is_no_file_is_not_sent(server: ReplayServer, sound: Any, mentions: str) -> None:
    url = play(server, "files")
    with (
        traits_files.TraitsFiles(url) as library,
        pytest.raises(traits_files.IllegalInputException, match=mentions),
    ):
        library.sounds.upload(sound)
    check(server)


def test_tuple_of_files_is_no_pair(server: ReplayServer) -> None:
    files = (io.BytesIO(b"1"), b"2", ("c.png", b"3"))
    parts = [part("RIFF"), *(part(text, "pictures") for text in "12"), part("3", "c.png")]
    wanted = [parts[0], *({**each, "name": "pictures"} for each in parts[1:])]
    url = play(server, "files", ({**SOUND, "body": {"$multipart": wanted}}, CREATED))
    with traits_files.TraitsFiles(url) as library:
        library.sounds.upload(b"RIFF", pictures=files)
    check(server)


def test_file_that_changes_while_it_is_sent(tmp_path: Path) -> None:
    path = tmp_path / "growing"
    path.write_bytes(b"abc")
    grown = forms.Piece(str(path))
    shrunk = forms.Piece(str(path))
    path.write_bytes(b"abcdef")
    assert grown.len == 3
    assert grown.read(100) == b"abc"
    assert grown.read(100) == b""
    path.write_bytes(b"a")
    assert shrunk.read(100) == b"a"
    with pytest.raises(traits_files.IllegalInputException, match="shorter"):
        shrunk.read(100)
    grown.close()
    shrunk.close()


def test_names_cannot_leave_their_quotes() -> None:
    body, kind = forms.multipart([(_parameter('a"\r\nX: y'), "v")], None, "")
    boundary = kind.partition("boundary=")[2]
    lines = body.read().decode().split("\r\n")
    assert lines[0] == f"--{boundary}"
    assert lines[1] == 'Content-Disposition: form-data; name="a%22%0D%0AX: y"'
    assert lines[2:] == ["", "v", f"--{boundary}--", ""]


def _parameter(name: str) -> Any:
    return Parameter(name, "argument", "field")


def test_moments_outside_of_json(server: ReplayServer) -> None:
    target = (
        "/bytes/keys?after=2026-11-22T00%3A00%3A00%2B00%3A00"
        "&at=2026-11-22T00%3A00%3A00%2B00%3A00&at=2026-11-23"
    )
    request = {"method": "POST", "target": target, "body": {"key": ""}}
    url = play(server, "bytes", (request, {"status": 200, "body": {"key": ""}}))
    moment = datetime(2026, 11, 22, tzinfo=timezone.utc)
    with traits_bytes.TraitsBytes(url) as library:
        library.keys.add(b"", after=moment, at=[moment, "2026-11-23"])
    check(server)


# --- sessions and redirects -------------------------------------------------------------------

THINGS = {"method": "GET", "target": "/tokens/things"}
FOUND = {"status": 200, "body": ["a"]}


def test_another_host_gets_no_credentials(server: ReplayServer, settings: dict[str, Any]) -> None:
    proof = {"authorization": "Bearer t-1", "x-api-key": "k-1"}
    moved = {"status": 302, "headers": {"Location": "${other}/elsewhere"}}
    back = {"status": 302, "headers": {"Location": "${other}/further"}}
    elsewhere = {
        "method": "GET",
        "origin": "other",
        "headers_absent": ["authorization", "x-api-key"],
    }
    url = play(
        server,
        "tokens",
        ({**THINGS, "headers": proof}, moved),
        ({**elsewhere, "target": "/elsewhere"}, back),
        ({**elsewhere, "target": "/further"}, FOUND),
    )
    with traits_tokens.TraitsTokens(url, token="t-1", x_api_key="k-1", **settings) as library:
        assert library.things.list() == ["a"]
    check(server)


def test_session_fetches_tokens_too(server: ReplayServer, settings: dict[str, Any]) -> None:
    url = play(
        server,
        "clients",
        ({"method": "POST", "target": "/oauth/token", "body": _FORM}, _token("t-1")),
        (_things("t-1"), FOUND),
    )
    with traits_clients.TraitsClients(
        url, client_id="me", client_secret="s&cret", **settings
    ) as library:
        assert library.things.list() == ["a"]
    check(server)


_FORM = {
    "$form": [
        ["grant_type", "client_credentials"],
        ["client_id", "me"],
        ["client_secret", "s&cret"],
        ["scope", "read write"],
    ]
}


def _token(text: str, **more: Any) -> dict[str, Any]:
    return {"status": 200, "body": {"access_token": text, **more}}


def _things(token: str) -> dict[str, Any]:
    headers = {"authorization": f"Bearer {token}"}
    return {"method": "GET", "target": "/clients/things", "headers": headers}


# --- tokens -----------------------------------------------------------------------------------


class Recorder:
    """A transport that answers by itself, slowly enough for threads to meet."""

    def __init__(self, answer: Any) -> None:
        self.answer = answer
        self.requests: list[Any] = []

    def send(self, request: Any, timeout: float, sink: Any = None) -> Any:
        self.requests.append(request)
        threading.Event().wait(0.02)
        return self.answer(request)

    def close(self) -> None:
        pass


def _grants(recorder: Recorder) -> Any:
    grant = credentials.Grant("/oauth/token", (), "me", "secret")
    return credentials.Tokens(grant, urlsplit("https://server.example/api"), lambda _: recorder)


def _answer(**answer: Any) -> Any:
    return Response(200, "OK", "application/json", json.dumps(answer).encode())


def test_threads_share_one_token() -> None:
    recorder = Recorder(lambda _: _answer(access_token="t", expires_in=100))
    tokens = _grants(recorder)
    got: list[str] = []
    threads = [threading.Thread(target=lambda: got.append(tokens.get(5))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert got == ["t"] * 8
    assert len(recorder.requests) == 1


def test_threads_renew_once_what_was_refused() -> None:
    numbers = iter(range(10))
    recorder = Recorder(lambda _: _answer(access_token=f"t-{next(numbers)}"))
    tokens = _grants(recorder)
    old = tokens.get(5)
    got: list[str] = []
    threads = [
        threading.Thread(target=lambda: got.append(tokens.get(5, instead_of=old))) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert got == ["t-1"] * 8


@pytest.mark.parametrize(
    ("life", "second", "fetched"),
    [(3600, 3539, 1), (3600, 3541, 2), (100, 89, 1), (100, 91, 2), ("100", 91, 2), (None, 1e9, 1)],
)
def test_renewal_comes_before_the_end(
    monkeypatch: pytest.MonkeyPatch, life: Any, second: float, fetched: int
) -> None:
    now = [1000.0]
    monkeypatch.setattr("time.monotonic", lambda: now[0])
    recorder = Recorder(lambda _: _answer(access_token="t", expires_in=life))
    tokens = _grants(recorder)
    tokens.get(5)
    now[0] += second
    tokens.get(5)
    assert len(recorder.requests) == fetched


@pytest.mark.parametrize(
    ("settings", "mentions"),
    [
        ({"token": "a\nb"}, "token is not fit"),
        ({"token": ""}, "token is not fit"),
        ({"x_api_key": "schlüssel"}, "x_api_key is not fit"),
        ({"token": "t-1", "username": "a", "password": "b"}, "token and username exclude"),
    ],
)
def test_credentials_that_cannot_be_right(settings: dict[str, Any], mentions: str) -> None:
    with pytest.raises(traits_tokens.IllegalInputException, match=mentions) as caught:
        traits_tokens.TraitsTokens("https://server.example/api", **settings)
    assert "schlüssel" not in str(caught.value)


def test_client_needs_its_secret() -> None:
    with pytest.raises(traits_clients.IllegalInputException, match="client_id and client_secret"):
        traits_clients.TraitsClients("https://server.example/api", client_id="me")
    with pytest.raises(traits_clients.IllegalInputException, match="exclude each other"):
        traits_clients.TraitsClients(
            "https://server.example/api", token="t", client_id="me", client_secret="s"
        )


def test_null_is_one_value() -> None:
    assert repr(traits_nulls.NULL) == "NULL"
