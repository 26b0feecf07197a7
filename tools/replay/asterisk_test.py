"""The Asterisk that live tests share comes up with every option, and leaves nothing behind."""

from __future__ import annotations

import http.client
import json
import socket
import ssl
import time
import urllib.error
import urllib.request
from urllib.parse import urlsplit

import pytest

from replay import asterisk as module
from replay.asterisk import (
    Asterisk,
    AsteriskFailed,
    AsteriskMissing,
    asterisk_command,
    basic_credentials,
    live_asterisk,
    require_asterisk,
    trusting_context,
)


def test_it_runs_and_leaves_nothing_behind() -> None:
    with live_asterisk() as asterisk:
        folder = asterisk.folder
        assert folder.is_dir()
        assert asterisk.version().startswith("2")
        assert "Asterisk" in asterisk.cli("core show version")
        assert "recording" in {path.name for path in (folder / "spool").iterdir()}
        with pytest.raises(AsteriskFailed, match="tls=True"):
            _ = asterisk.tls_url
    assert not folder.exists()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", asterisk.port), timeout=1)


def test_its_options() -> None:
    with live_asterisk(
        prefix="pbx", tls=True, read_only_user=True, session_keep_alive=500, cors=["http://a.b"]
    ) as asterisk:
        assert asterisk.url.endswith("/pbx/ari")

        def answer(url: str, user: str, method: str, **headers: str) -> tuple[int, str | None]:
            request = urllib.request.Request(f"{url}/bridges", method=method, headers=headers)
            request.add_header("Authorization", basic_credentials(user, asterisk.password))
            secure = trusting_context(asterisk) if url.startswith("https") else None
            try:
                with urllib.request.urlopen(request, timeout=10, context=secure) as response:
                    allowed = response.headers.get("Access-Control-Allow-Origin")
                    return response.status, allowed
            except urllib.error.HTTPError as error:
                error.close()
                return error.code, None

        assert asterisk.reader == "reader"
        for url in (asterisk.url, asterisk.tls_url):
            assert answer(url, asterisk.username, "POST")[0] == 200
            assert answer(url, asterisk.reader, "GET")[0] == 200
            assert answer(url, asterisk.reader, "POST")[0] == 403
        assert answer(asterisk.url, "reader", "GET", Origin="http://a.b")[1] == "http://a.b"
        assert answer(asterisk.url, "reader", "GET", Origin="http://c.d")[1] is None
        with pytest.raises(ssl.SSLError):
            _connect(ssl.create_default_context(), asterisk.tls_port)
        _idle_connection_is_closed(asterisk)


def _connect(context: ssl.SSLContext, port: int | None) -> None:
    connection = http.client.HTTPSConnection("localhost", port, context=context, timeout=10)
    try:
        connection.connect()
    finally:
        connection.close()


def _idle_connection_is_closed(asterisk: Asterisk) -> None:
    split = urlsplit(asterisk.url)
    connection = http.client.HTTPConnection("127.0.0.1", split.port, timeout=10)
    credentials = basic_credentials(asterisk.username, asterisk.password)
    connection.request("GET", f"{split.path}/asterisk/ping", headers={"Authorization": credentials})
    assert json.loads(connection.getresponse().read())["ping"] == "pong"
    start = time.monotonic()
    assert connection.sock.recv(1) == b""
    assert 0.3 < time.monotonic() - start < 5
    connection.close()


def test_it_takes_calls_of_every_kind() -> None:
    with live_asterisk(files={"extensions.conf+": "exten => 999,1,Hangup()\n"}) as asterisk:
        for endpoint in ("Local/200@default", "PJSIP/200@loop"):
            far = {"endpoint": endpoint, "context": "default", "extension": "400", "priority": 1}
            assert asterisk.call("POST", "/channels", far)[0] == 200
        assert "999" in asterisk.cli("dialplan show 999@default")
        end = time.monotonic() + 10
        while time.monotonic() < end:
            if sum(one["state"] == "Up" for one in asterisk.get("/channels")) == 4:
                break
            time.sleep(0.05)
        else:
            pytest.fail(f"the calls did not come up:\n{asterisk.log()}")


def test_it_comes_back_after_a_crash() -> None:
    with live_asterisk() as asterisk:
        port = asterisk.port
        assert asterisk.call("POST", "/bridges/b1")[0] == 200
        asterisk.kill()
        with pytest.raises(ConnectionError):
            asterisk.call("GET", "/bridges")
        asterisk.restart()
        assert asterisk.port == port
        assert asterisk.get("/bridges") == []


def test_one_that_cannot_start_says_why() -> None:
    require_asterisk()
    broken = Asterisk(files={"http.conf": "[general]\nenabled=no\n"}, timeout=1.5)
    with pytest.raises(AsteriskFailed, match=r"did not answer within 1.5 seconds; its last words"):
        broken.start()
    assert not broken.folder.name


def test_where_none_is_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(module.COMMAND_VARIABLE, raising=False)
    monkeypatch.setattr("shutil.which", lambda *_, **__: None)
    assert asterisk_command() is None
    with pytest.raises(AsteriskMissing):
        Asterisk().start()
    monkeypatch.setenv(module.REQUIRED_VARIABLE, "0")
    with pytest.raises(pytest.skip.Exception):
        require_asterisk()
    monkeypatch.setenv(module.REQUIRED_VARIABLE, "1")
    with pytest.raises(pytest.fail.Exception):
        require_asterisk()


def test_a_command_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(module.COMMAND_VARIABLE, "run -x 'a b' asterisk")
    assert asterisk_command() == ["run", "-x", "a b", "asterisk"]
