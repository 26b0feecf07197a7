"""Errors of a real Asterisk, and all the ways of reaching one."""

from __future__ import annotations

import io
import socket
import ssl
import threading
import time
import wave
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests
from asteriskpy import (
    AsteriskException,
    AsteriskPy,
    AsteriskServerException,
    Channel,
    ConnectionFailedException,
    IllegalInputException,
    IllegalStateException,
    NotAuthorizedException,
    NotFoundException,
    RecordingFinished,
    RequestRejectedException,
    StasisStart,
    TimeoutException,
)
from replay.asterisk import Asterisk, live_asterisk, trusting_context

from tests.live.support import OPERATIONS, library_for

# --- errors -----------------------------------------------------------------------------------


def _in_dialplan(library: AsteriskPy) -> Channel:
    """A channel that no application controls."""
    return library.channels.originate("Local/200@default", extension="200", context="default")


@pytest.mark.parametrize(
    ("call", "kind", "status", "message", "method", "path"),
    [
        (
            lambda library: library.get_channel("no such"),
            NotFoundException,
            404,
            "Channel not found",
            "GET",
            "/channels/no%20such",
        ),
        (
            lambda library: library.channels.answer(_in_dialplan(library)),
            IllegalStateException,
            409,
            "Channel not in Stasis application",
            "POST",
            "/channels/",
        ),
        (
            lambda library: library.bridges.create(type="mixing").add_channel(
                _in_dialplan(library)
            ),
            RequestRejectedException,
            422,
            "not in Stasis",
            "POST",
            "/bridges/",
        ),
        (
            lambda library: library.bridges.create(type="mixing").add_channel("no such"),
            IllegalInputException,
            400,
            "Channel not found",
            "POST",
            "/bridges/",
        ),
        (
            lambda library: library.channels.originate("Local/200@default"),
            IllegalInputException,
            400,
            "",
            "POST",
            "/channels",
        ),
        (
            lambda library: library.channels.originate("Nonsense/200", app="x"),
            AsteriskServerException,
            500,
            "Allocation failed",
            "POST",
            "/channels",
        ),
        (
            lambda library: library.applications.subscribe("no such", "endpoint:PJSIP"),
            NotFoundException,
            404,
            "Application not found",
            "POST",
            "/applications/no%20such/subscription",
        ),
        (
            lambda library: library.device_states.update("PJSIP/loop", "INUSE"),
            IllegalStateException,
            409,
            "",
            "PUT",
            "/deviceStates/PJSIP%2Floop",
        ),
    ],
    ids=["404", "409", "422", "400", "400 of two", "500", "404 with a query", "409 of a name"],
)
def test_an_error_is_an_exception_that_says_all(
    library: AsteriskPy,
    call: Callable[[AsteriskPy], Any],
    kind: type[AsteriskException],
    status: int,
    message: str,
    method: str,
    path: str,
) -> None:
    with pytest.raises(kind) as raised:
        call(library)
    error = raised.value
    assert type(error) is kind
    assert error.status == status
    assert message in error.message
    assert error.message
    assert error.method == method
    assert error.path is not None
    assert error.path.startswith(path)
    assert error.body
    # One line for a log, which holds everything but the password.
    assert str(error).splitlines() == [f"{status} {error.message} ({method} {error.path})"]
    assert "password" not in str(error) + repr(error)


def test_a_call_that_could_not_be_right_is_not_sent(library: AsteriskPy) -> None:
    channel = library.new_channel()
    before = {name: set(statuses) for name, statuses in OPERATIONS.statuses.items()}
    for refused in (
        lambda: library.get_channel(""),
        lambda: library.channels.get(".."),
        lambda: library.get_endpoint("PJSIP"),
        lambda: channel.mute(direction="sideways"),  # type: ignore[arg-type]
        lambda: channel.send_dtmf(dtmf="1", between="long"),  # type: ignore[arg-type]
        lambda: channel.play([]),
        lambda: channel.set_channel_vars({"NOTHING": None}),
        lambda: library.asterisk.get_info(only="everything"),  # type: ignore[arg-type]
    ):
        with pytest.raises(IllegalInputException) as raised:
            refused()
        assert raised.value.status is None, raised.value
    with pytest.raises(TypeError):
        channel.play()  # type: ignore[call-arg]
    assert before == {name: set(statuses) for name, statuses in OPERATIONS.statuses.items()}


# --- who may --------------------------------------------------------------------------------


def test_a_wrong_password(asterisk: Asterisk, app: str) -> None:
    with library_for(asterisk, app, password="wrong secret") as library:
        for attempt in (library.get_channels, library.connect, library.run):
            with pytest.raises(NotAuthorizedException) as raised:
                attempt()
            assert raised.value.status == 401
            assert "password" in str(raised.value)
            assert "wrong secret" not in str(raised.value) + repr(raised.value) + repr(library)


def test_a_user_who_may_only_read(asterisk: Asterisk, app: str) -> None:
    with library_for(asterisk, app, username=asterisk.reader) as library:
        assert library.asterisk.ping().ping == "pong"
        with pytest.raises(NotAuthorizedException) as raised:
            library.channels.originate("Local/200@default", app=app)
        assert raised.value.status == 403
        library.connect()


@pytest.mark.parametrize("password", ["pass:word", "pä ss%41+&?#", "'\"\\"])
def test_passwords_of_any_kind(password: str) -> None:
    # ari.conf takes everything after the equals sign, but not a semicolon.
    with (
        live_asterisk(password=password) as asterisk,
        library_for(asterisk, "hello") as library,
    ):
        assert library.asterisk.ping().ping == "pong"
        library.connect()


# --- where it is ------------------------------------------------------------------------------


def _library(url: str, **settings: Any) -> AsteriskPy:
    return AsteriskPy(url, "user", "password", app="hello", timeout=5, **settings)


def test_a_wrong_url(asterisk: Asterisk) -> None:
    host = f"http://127.0.0.1:{asterisk.port}"
    for url in (f"{host}/airy", host):
        with _library(url) as library:
            for attempt in (library.get_channels, library.connect):
                with pytest.raises(NotFoundException, match=r"ari|URL"):
                    attempt()


def test_nobody_is_there() -> None:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    with _library(f"http://127.0.0.1:{port}/ari") as library:
        for attempt in (library.get_channels, library.connect):
            with pytest.raises(ConnectionFailedException, match=str(port)):
                attempt()


def test_somebody_who_never_answers() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/ari"
        with AsteriskPy(url, "user", "password", app="hello", timeout=0.5) as library:
            started = time.monotonic()
            with pytest.raises(TimeoutException):
                library.get_channels()
            with pytest.raises(TimeoutException):
                library.connect()
            with pytest.raises(TimeoutException):
                library.get_channel("1", request_timeout=0.2)
            assert time.monotonic() - started < 8


def test_a_prefix() -> None:
    with live_asterisk(prefix="pbx/one") as asterisk, library_for(asterisk, "hello") as library:
        assert asterisk.url.endswith("/pbx/one/ari")
        library.connect()
        channel = library.channels.originate("Local/204@default", app="hello")
        channel.wait_for(StasisStart, 10)
        recording = channel.record("prefixed", "wav", max_duration_seconds=1)
        recording.wait_for(RecordingFinished, 10)
        assert library.recordings.get_stored_file("prefixed").startswith(b"RIFF")


def test_a_trailing_slash(asterisk: Asterisk) -> None:
    with _library(f"{asterisk.url}/") as library:
        assert library.asterisk.ping().ping == "pong"
        library.connect()


@pytest.fixture(scope="module")
def secure() -> Iterator[Asterisk]:
    """An Asterisk with TLS, whose certificate an authority of its own has signed."""
    with live_asterisk(tls=True) as asterisk:
        yield asterisk


def test_tls_with_an_authority_of_ones_own(secure: Asterisk) -> None:
    with _library(secure.tls_url, ca_file=secure.ca_file) as library:
        library.connect()
        assert library.asterisk.ping().ping == "pong"
        channel = library.channels.originate("Local/200@default", app="hello")
        assert channel.wait_for(StasisStart, 10).channel == channel
    with _library(secure.tls_url, ssl_context=trusting_context(secure)) as library:
        library.connect()
        assert library.asterisk.ping().ping == "pong"


def test_tls_with_an_authority_that_nobody_trusts(secure: Asterisk) -> None:
    with _library(secure.tls_url) as library:
        for attempt in (library.get_channels, library.connect):
            with pytest.raises(ConnectionFailedException, match=r"(?i)certificate"):
                attempt()


def test_tls_checks_the_name(secure: Asterisk) -> None:
    # 127.0.0.2 is the same machine, and no name of the certificate.
    url = secure.tls_url.replace("localhost", "127.0.0.2")
    with socket.create_server(("127.0.0.2", 0)) as listener:
        url = url.replace(f":{secure.tls_port}", f":{listener.getsockname()[1]}")
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(
            secure.folder / "etc" / "server.crt", secure.folder / "etc" / "server.key"
        )

        def serve() -> None:
            try:
                connection, _ = listener.accept()
                with context.wrap_socket(connection, server_side=True):
                    pass
            except OSError:
                pass

        threading.Thread(target=serve, daemon=True).start()
        with (
            _library(url, ca_file=secure.ca_file) as library,
            pytest.raises(ConnectionFailedException, match=r"(?i)certificate"),
        ):
            library.get_channels()


def test_plain_http_to_a_tls_port(secure: Asterisk) -> None:
    url = secure.tls_url.replace("https", "http")
    with _library(url) as library:
        for attempt in (library.get_channels, library.connect):
            with pytest.raises(ConnectionFailedException):
                attempt()


# --- connections that are kept ----------------------------------------------------------------


def test_calls_survive_the_server_closing_idle_connections() -> None:
    with (
        live_asterisk(session_keep_alive=300) as asterisk,
        library_for(asterisk, "hello") as library,
    ):
        library.connect()
        # Shorter than, just at, and longer than the server waits: reading and writing.
        for pause in (0.1, 0.29, 0.3, 0.305, 0.31, 0.6, 0.3, 0.3, 0.3):
            bridge = library.bridges.create(type="mixing")
            time.sleep(pause)
            assert bridge.get() == bridge
            time.sleep(pause)
            library.asterisk.set_global_var("PAUSE", value=str(pause))
            time.sleep(pause)
            bridge.destroy()
        # The WebSocket is not idle in this sense.
        assert library.state == "connected"
        assert library.get_bridges() == []


def test_several_threads_share_a_library(library: AsteriskPy) -> None:
    failures: list[BaseException] = []

    def work(number: int) -> None:
        try:
            for turn in range(50):
                name = f"THREAD_{number}"
                library.asterisk.set_global_var(name, value=f"{number}:{turn}")
                assert library.asterisk.get_global_var(name).value == f"{number}:{turn}"
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert failures == []


def test_several_libraries_in_one_program(asterisk: Asterisk, app: str) -> None:
    with library_for(asterisk, f"{app}-1") as one, library_for(asterisk, f"{app}-2") as two:
        one.connect()
        two.connect()
        first = one.channels.originate("Local/200@default", app=f"{app}-1")
        second = two.channels.originate("Local/200@default", app=f"{app}-2")
        assert first.wait_for(StasisStart, 10).application == f"{app}-1"
        assert second.wait_for(StasisStart, 10).application == f"{app}-2"
        first.hangup()
        second.hangup()


def test_a_session_of_the_programs_own(asterisk: Asterisk, app: str) -> None:
    seen: list[str] = []
    session = requests.Session()
    session.hooks["response"].append(lambda response, **_: seen.append(response.url))
    with session, library_for(asterisk, app, session=session) as library:
        library.connect()
        channel = library.channels.originate(
            "Local/204@default", app=app, variables={"A": 1, "B": "ü, x"}
        )
        channel.wait_for(StasisStart, 10)
        assert channel.get_channel_vars(["A", "B"]).variables == {"A": "1", "B": "ü, x"}
        odd = library.bridges.create_with_id("b/1 +?", type="mixing")
        assert odd.get().id == "b/1 +?"
        odd.destroy()
        recording = channel.record(app, "wav", max_duration_seconds=1)
        recording.wait_for(RecordingFinished, 10)
        sink = io.BytesIO()
        library.recordings.get_stored_file_to(app, sink)
        sink.seek(0)
        with wave.open(sink) as sound:
            assert sound.getnchannels() == 1
        with pytest.raises(NotFoundException):
            library.get_channel("no such")
        channel.hangup()
    assert any("/channels?" in url for url in seen)


def test_a_session_reports_failures_alike(asterisk: Asterisk) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        library = _library(f"http://127.0.0.1:{port}/ari", session=requests.Session())
        with library, pytest.raises(TimeoutException):
            library.get_channel("1", request_timeout=0.2)
    with library, pytest.raises(ConnectionFailedException):
        library.get_channels()
    library = library_for(asterisk, password="wrong", session=requests.Session())
    with library, pytest.raises(NotAuthorizedException):
        library.get_channels()
