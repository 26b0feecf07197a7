"""Where descriptions come from: files, folders and live servers."""

from __future__ import annotations

import base64
import json
import os
import sys
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

import pytest
from codegen import readers, source
from codegen.problems import Problems, ProblemsFound

from tests.codegen.helpers import document, operation, read, write

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from codegen.problems import Problem
    from codegen.readers import Description


def load(
    location: str, username: str | None = None, password: str | None = None
) -> tuple[Description | None, list[Problem]]:
    problems = Problems()
    try:
        opened = source.open_source(location, problems, username, password)
        return readers.read(opened, problems), problems.items
    except ProblemsFound:
        return None, problems.items


# --- files


@pytest.mark.parametrize(
    ("content", "line", "cause"),
    [
        (b"", 1, "the document is empty"),
        (b" \n\n", 3, "the document is empty"),
        (b'{\n "a": 1,\n oops}', 3, "this is not JSON: "),
        (b'{"a": 1} x', 1, "this is not JSON: Extra data (column 10)"),
        (b'{"a":\n NaN}', 0, "this is not JSON that can be read: NaN is not a JSON number"),
        (b'{"a": 1e999}', 0, ""),
        (b"\xff\xfe{\x00}\x00", 1, "this is not a UTF-8 text"),
        (b'{\n"a": "\xe9"}', 2, "this is not a UTF-8 text"),
        (
            b'{"a": ' + b"9" * 10_000 + b"}",
            0,
            "this is not JSON that can be read: Exceeds the limit",
        ),
        (b"[" * 200_000, 0, "the document is nested too deeply"),
        (b'{"a":' * 200_000, 0, "the document is nested too deeply"),
        (b"<html></html>", 1, "this is not JSON: "),
    ],
)
def test_what_is_not_json(tmp_path: Path, content: bytes, line: int, cause: str) -> None:
    (tmp_path / "resources.json").write_bytes(content)
    description, problems = read(tmp_path)
    assert description is None
    (problem,) = problems
    assert problem.cause.startswith(cause)
    if cause:
        assert problem.line == line
    assert problem.file == str(tmp_path / "resources.json")


def test_a_byte_order_mark_is_no_matter(tmp_path: Path) -> None:
    write(tmp_path, {"things": document(("/a", operation()))})
    path = tmp_path / "things.json"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    description, problems = read(tmp_path)
    assert (description is not None, problems) == (True, [])


def test_one_bad_document_among_good_ones(tmp_path: Path) -> None:
    good = document(("/a", operation()))
    write(tmp_path, {"a": good, "b": "{", "c": document(("/c", operation(httpMethod="X")))})
    _, problems = read(tmp_path)
    assert [os.path.basename(p.file) for p in problems] == ["b.json", "c.json"]


def test_a_file_that_is_too_large(tmp_path: Path) -> None:
    path = tmp_path / "resources.json"
    with path.open("wb") as file:
        file.truncate(50 * 1024 * 1024 + 1)
    _, problems = read(tmp_path)
    assert [p.cause for p in problems] == ["the document is larger than 50 MB"]


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    _, problems = load(str(tmp_path / "pipe"))
    assert [p.cause for p in problems] == ["this is not a file"]


@pytest.mark.parametrize("location", ["/dev/zero", "/dev/null"])
def test_a_device_is_not_a_document(location: str) -> None:
    _, problems = load(location)
    assert [p.cause for p in problems] == ["this is not a file"]


@pytest.mark.parametrize(
    ("location", "cause"),
    [
        ("{}/nothing.json", "the file cannot be read: No such file or directory"),
        ("{}", "this is a folder, not a document"),
        ("ftp://example.org/a.json", "only http:// and https:// addresses and files can be read"),
        ("file:///etc/passwd", "only http:// and https:// addresses and files can be read"),
        ("a\0b", "this cannot be the name of a file"),
        ("http://", "this is not the URL of a server"),
        ("http://[::1/a", "this is not the URL of a server"),
        ("http://host:port/a", "this is not the URL of a server"),
    ],
)
def test_places_without_a_document(tmp_path: Path, location: str, cause: str) -> None:
    _, problems = load(location.format(tmp_path))
    (problem,) = problems
    assert problem.cause.startswith(cause)


def test_folders_without_a_listing(tmp_path: Path) -> None:
    (_, (problem,)) = read(tmp_path)
    assert problem.cause.startswith("the folder has no such file, which lists its documents")
    (_, (problem,)) = read(tmp_path / "nowhere")
    assert problem.cause == "there is no such folder"


def test_the_name_of_an_api(tmp_path: Path) -> None:
    folder = write(tmp_path / "weather", {"things": document(("/a", operation()))})
    problems = Problems()
    assert source.open_folder(str(folder), problems).name == "weather"
    assert source.open_source(str(folder / "things.json"), problems).name == "things"
    for url, name in {
        "http://h:8088/ari/api-docs/resources.json": "ari",
        "http://h/api-docs": "h",
        "http://h/v1/api-docs": "v1",
        "https://api.example.org/": "api.example.org",
    }.items():
        assert source.open_source(url, problems).name == name


# --- live servers


class Server(ThreadingHTTPServer):
    """A server of documents, which remembers what it was asked."""

    daemon_threads = True
    answers: dict[str, Any]
    seen: list[tuple[str, str | None]]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class Handler(BaseHTTPRequestHandler):
    server: Server
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.server.seen.append((self.path, self.headers.get("Authorization")))
        answer = self.server.answers.get(self.path.partition("?")[0], 404)
        if callable(answer):
            answer(self)
            return
        status, headers, body = 200, {}, answer
        if isinstance(answer, int):
            status, body = answer, {"message": "no"}
        elif isinstance(answer, str):
            status, headers, body = 302, {"Location": answer}, None
        data = json.dumps(body).encode() if body is not None else b""
        self.send_response(status)
        self.send_header("Content-Length", str(len(data)))
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: Any) -> None:
        pass


@contextmanager
def serving(answers: dict[str, Any]) -> Iterator[Server]:
    server = Server(("127.0.0.1", 0), Handler)
    server.answers = answers
    server.seen = []
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def listing(*paths: str, **keys: Any) -> dict[str, Any]:
    return {
        "swaggerVersion": "1.1",
        "apiVersion": "1.0",
        "basePath": "http://192.0.2.1/elsewhere",
        "apis": [{"path": path, "description": ""} for path in paths],
        **keys,
    }


THINGS = document(("/a", operation()), basePath="http://192.0.2.1/elsewhere")


def test_a_live_server() -> None:
    with serving(
        {
            "/ari/api-docs/resources.json": listing("/api-docs/things.{format}"),
            "/ari/api-docs/things.json": THINGS,
        }
    ) as server:
        description, problems = load(f"{server.url}/ari/api-docs/resources.json", "me", "se:cret")
    assert problems == []
    assert description is not None
    assert description.name == "ari"
    expected = "Basic " + base64.b64encode(b"me:se:cret").decode()
    assert server.seen == [
        ("/ari/api-docs/resources.json", expected),
        ("/ari/api-docs/things.json", expected),
    ]


def test_a_live_server_of_swagger_1_2() -> None:
    things = {**THINGS, "swaggerVersion": "1.2"}
    with serving(
        {"/api-docs": listing("/things", swaggerVersion="1.2"), "/api-docs/things": things}
    ) as server:
        description, problems = load(f"{server.url}/api-docs")
    assert (description is not None, problems) == (True, [])


def garden(reference: str) -> dict[str, Any]:
    schema = {"$ref": reference}
    response = {"description": "", "content": {"application/json": {"schema": schema}}}
    return {
        "openapi": "3.0.0",
        "info": {"title": "Garden", "version": "1"},
        "paths": {"/plants": {"get": {"operationId": "list", "responses": {"200": response}}}},
    }


PLANT = {"type": "object", "properties": {"next": {"$ref": "../openapi.json#/x-more"}}}


def test_a_live_server_of_openapi() -> None:
    answers = {
        "/docs/openapi.json": {**garden("models/a%20plant.json"), "x-more": {"type": "string"}},
        "/docs/models/a%20plant.json": PLANT,
    }
    with serving(answers) as server:
        description, problems = load(f"{server.url}/docs/openapi.json", "me", "secret")
    assert [str(problem) for problem in problems] == []
    assert description is not None
    assert [(m.name, m.properties[0].type.kind) for m in description.models] == [
        ("a plant", "string")
    ]
    # Each is fetched once, the root for what refers back to it too, with the same credentials.
    assert [path for path, _ in server.seen] == [
        "/docs/openapi.json",
        "/docs/models/a%20plant.json",
    ]
    assert len({credentials for _, credentials in server.seen}) == 1


@pytest.mark.parametrize(
    "reference",
    ["../secret.json", "/secret.json", "//127.0.0.1:1/x.json", "http://127.0.0.1:1/x.json"],
)
def test_a_live_server_s_other_documents_are_in_its_folder(reference: str) -> None:
    with serving({"/docs/openapi.json": garden(reference), "/secret.json": PLANT}) as server:
        description, problems = load(f"{server.url}/docs/openapi.json", "me", "secret")
    assert description is None
    assert [path for path, _ in server.seen] == ["/docs/openapi.json"]
    assert "nothing is read" in problems[0].cause


def test_credentials_in_the_url_and_a_key_in_the_query() -> None:
    with serving(
        {"/docs/resources.json": listing("/things.json"), "/docs/things.json": 404}
    ) as server:
        url = server.url.replace("http://", "http://us%40er:pass%2Fword@")
        _, problems = load(f"{url}/docs/resources.json?api_key=topsecret")
    expected = "Basic " + base64.b64encode(b"us@er:pass/word").decode()
    assert server.seen == [
        ("/docs/resources.json?api_key=topsecret", expected),
        ("/docs/things.json?api_key=topsecret", expected),
    ]
    shown = " ".join(map(str, problems))
    assert f"{server.url}/docs/things.json: error: the server has no such document" in shown
    for secret in ("topsecret", "pass", "us@er", "us%40er"):
        assert secret not in shown


@pytest.mark.parametrize(
    ("status", "username", "cause"),
    [
        (401, None, "the server wants a user name and a password (HTTP status 401)"),
        (401, "me", "the server refused the user name or the password (HTTP status 401)"),
        (403, "me", "the server refuses this user (HTTP status 403)"),
        (404, None, "the server has no such document: is the address right? (HTTP status 404)"),
        (503, None, "the server does not give it (HTTP status 503)"),
    ],
)
def test_a_live_server_that_refuses(status: int, username: str | None, cause: str) -> None:
    with serving({"/r.json": status}) as server:
        _, problems = load(f"{server.url}/r.json", username, "secret" if username else None)
    assert [p.cause for p in problems] == [cause]


def test_no_server_at_all() -> None:
    with serving({}) as server:
        url = server.url
    _, problems = load(f"{url}/r.json", "me", "secret")
    assert [p.cause for p in problems] == [
        "no connection to the server: is it running, and is the address right?"
    ]


def test_without_requests(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "requests", None)
    _, problems = load("http://127.0.0.1:1/r.json")
    assert [p.cause for p in problems] == [
        "documents of a live server need the Python package requests: install it"
    ]


def test_a_server_that_does_not_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source, "TIMEOUT", (0.2, 0.2))
    release = threading.Event()
    with serving({"/r.json": lambda _: release.wait(10)}) as server:
        _, problems = load(f"{server.url}/r.json")
        release.set()
    assert [p.cause for p in problems] == ["the server did not answer in time"]


def test_a_document_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source, "SIZE_LIMIT", 1024 * 1024)

    def endless(handler: Handler) -> None:
        handler.close_connection = True
        handler.send_response(200)
        handler.end_headers()
        try:
            while True:
                handler.wfile.write(b" " * 65536)
        except OSError:
            pass

    with serving({"/r.json": endless}) as server:
        _, problems = load(f"{server.url}/r.json")
    assert [p.cause for p in problems] == ["the document is larger than 1 MB"]


def test_a_connection_that_is_cut() -> None:
    def cut(handler: Handler) -> None:
        handler.close_connection = True
        handler.send_response(200)
        handler.send_header("Content-Length", "1000")
        handler.end_headers()
        handler.wfile.write(b"{")

    with serving({"/r.json": cut}) as server:
        _, problems = load(f"{server.url}/r.json")
    (problem,) = problems
    assert problem.level == "error"
    assert problem.file == f"{server.url}/r.json"


def test_redirects_on_the_same_server() -> None:
    with serving(
        {"/r.json": "/docs/r.json", "/docs/r.json": {**THINGS, "resourcePath": "/things"}}
    ) as server:
        description, problems = load(f"{server.url}/r.json", "me", "x")
    assert (description is not None, problems) == (True, [])


def test_redirects_without_end() -> None:
    with serving({"/r.json": "/r.json"}) as server:
        _, problems = load(f"{server.url}/r.json")
    assert [p.cause for p in problems] == ["the server redirects without end"]


def test_credentials_go_to_no_other_server() -> None:
    with serving({}) as other, serving({"/r.json": f"{other.url}/r.json"}) as server:
        _, problems = load(f"{server.url}/r.json", "me", "secret")
    assert other.seen == []
    (problem,) = problems
    assert problem.cause.startswith("the server redirects to another host (http://127.0.0.1)")
