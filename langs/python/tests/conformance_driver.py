"""Plays scenarios against the generated Python library; see test_resources/conformance/README.md."""

from __future__ import annotations

import base64
import contextlib
import importlib
import io
import keyword
import re
import sys
import tempfile
import threading
import time
import unicodedata
import warnings
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from types import ModuleType
from typing import Any, Protocol
from urllib.parse import urljoin

import pytest
from replay.server import PASSWORD

#: How long handlers may take to get their events.
PATIENCE = 15.0


#: Arguments that methods have beside the document's.
_TAKEN = frozenset({"self", "request_timeout"})


def python_name(name: str) -> str:
    """The library's name for a document's operation or parameter."""
    parts = re.findall(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z0-9]+|[A-Z]+", name)
    joined = "_".join(part.lower() for part in parts)
    if joined[:1].isdigit():
        joined = f"n{joined}"
    return joined + "_" if keyword.iskeyword(joined) or joined in _TAKEN else joined


class Server(Protocol):
    """A replay server, in this process or in another."""

    def play(self, scenario: Mapping[str, Any], /) -> dict[str, Any]:
        """Selects a scenario; what the library is to be made with."""

    def verdict(self) -> dict[str, Any]:
        """Says what was wrong with the requests."""


def play(
    server: Server,
    scenario: Mapping[str, Any],
    package: str = "asteriskpy",
    class_name: str = "AsteriskPy",
) -> None:
    """Plays one scenario; an AssertionError says what is wrong."""
    access = server.play(scenario)
    settings = {**scenario.get("client", {}), **_credentials(scenario, access)}
    module = importlib.import_module(package)
    if scenario.get("operation") == "events.eventWebsocket":
        for name, value in scenario.get("arguments", {}).items():
            settings[python_name(name)] = value
    library = getattr(module, class_name)(access["url"], **settings)
    with contextlib.closing(library):
        for call in scenario.get("before", ()):
            with contextlib.suppress(_errors(module).LibraryException):
                _call(library, call)
            time.sleep(call.get("pause", 0))
        if scenario.get("operation") == "events.eventWebsocket":
            with contextlib.ExitStack() as stack:
                stack.callback(library.stop)
                _check_events(library, scenario)
        else:
            _check_call(lambda: _call(library, scenario), scenario, module)
            if "rate_limit" in scenario:
                shown = library.rate_limit
                assert_same(scenario["rate_limit"], shown and shown._asdict(), "rate_limit")
    verdict = server.verdict()
    assert verdict["ok"], "\n".join(verdict["differences"])


def _credentials(scenario: Mapping[str, Any], access: Mapping[str, str]) -> dict[str, Any]:
    """What the library is given to prove who the program is."""
    given = scenario.get("credentials", "basic")
    if given == "basic":
        return {"username": access["username"], "password": access["password"]}
    if given == "none":
        return {}
    settings = {name: value for name, value in given.items() if name != "keys"}
    settings.update({python_name(name): key for name, key in given.get("keys", {}).items()})
    if isinstance(settings.get("token"), dict):
        settings["token"] = iter(settings["token"]["$calls"]).__next__
    return settings


def _package(library: Any) -> ModuleType:
    """The package that a library's class comes from."""
    return sys.modules[type(library).__module__.partition(".")[0]]


def _errors(package: ModuleType) -> ModuleType:
    return importlib.import_module(f"{package.__name__}.errors")


def _call(library: Any, call: Mapping[str, Any]) -> Any:
    if "shortcut" in call:
        return getattr(library, python_name(call["shortcut"]))(*call.get("positional", ()))
    if "fetch" in call:
        url = str(call["fetch"])
        return library.fetch(urljoin(library._url.geturl(), url) if url.startswith("/") else url)
    if "way" in call:
        *way, operation = call["way"]
        target = _place(library, way)
    else:
        resource, _, operation = call["operation"].partition(".")
        target = getattr(library, python_name(resource))
    if "on" in call:
        target = _object(library, call["on"])
    with contextlib.ExitStack() as files:
        arguments = {
            _argument_name(name): _argument(library, value, files)
            for name, value in call.get("arguments", {}).items()
        }
        result = getattr(target, python_name(operation))(**arguments)
        return list(result) if operation == "iterate" else result


def _place(library: Any, way: Sequence[str | Sequence[Any]]) -> Any:
    """The place to which a way of names leads, some of them with ids."""
    target = library
    for step in way:
        name, ids = (step, ()) if isinstance(step, str) else (step[0], step[1:])
        target = getattr(target, python_name(name))
        if ids:
            target = target(*ids)
    return target


def _argument_name(name: str) -> str:
    """The library's name of a parameter; of two of one name the second has a number."""
    text, _, number = name.partition("#")
    return f"{python_name(text)}_{number}" if number else python_name(text)


def _object(library: Any, described: Mapping[str, Any]) -> Any:
    model = getattr(_package(library), described["object"])
    data = dict(zip(model._id_members, described["ids"], strict=True))
    return model(data, library._origin())


def _argument(library: Any, value: Any, files: contextlib.ExitStack) -> Any:
    if isinstance(value, list):
        return [_argument(library, element, files) for element in value]
    if not isinstance(value, dict):
        return value
    if "$object" in value:
        return _object(library, {"object": value["$object"], "ids": value["ids"]})
    if "$model" in value:
        return getattr(_package(library), value["$model"])(value["data"], library._origin())
    if "$file" in value:
        return _file(value, files)
    if "$null" in value:
        return _package(library).NULL
    if "$date" in value:
        return _moment(value["$date"])
    if "$base64" in value or "$text" in value:
        return _bytes(value)
    return {name: _argument(library, element, files) for name, element in value.items()}


def _file(value: Mapping[str, Any], files: contextlib.ExitStack) -> Any:
    """A file in one of the ways in which a program may give it."""
    content = _bytes(value["body"])
    if value["as"] == "pair":
        return value["$file"], content
    if value["as"] == "stream":
        # It can only be read.
        return io.BufferedReader(_Pipe(content))
    path = Path(files.enter_context(tempfile.TemporaryDirectory())) / value["$file"]
    path.write_bytes(content)
    return path if value["as"] == "path" else files.enter_context(path.open("rb"))


class _Pipe(io.RawIOBase):
    """Bytes that come as from a pipe: once, and nobody knows how many."""

    def __init__(self, content: bytes) -> None:
        self._content = io.BytesIO(content)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        return self._content.readinto(buffer)


# --- what comes of a call ---------------------------------------------------------------------


def _check_call(call: Callable[[], Any], scenario: Mapping[str, Any], package: ModuleType) -> None:
    expected = scenario.get("refused") or scenario.get("error")
    if expected is None:
        check_result(call(), scenario)
        return
    try:
        result = call()
    except Exception as error:
        check_error(error, expected, _errors(package), refused="refused" in scenario)
    else:
        raise AssertionError(f"{expected['class']} was expected, {result!r} came")


def check_result(actual: Any, scenario: Mapping[str, Any]) -> None:
    """Compares what a call gave back with the scenario's ``result``."""
    expected = scenario["result"]
    if expected is None:
        assert actual is None, f"nothing was expected, {actual!r} came"
        return
    value = expected["value"] if "value" in expected else _last_body(scenario)
    kind = expected.get("type")
    if kind and kind.startswith("List["):
        assert isinstance(actual, list)
        for element in actual:
            assert type(element).__name__ == kind[5:-1]
    elif kind:
        assert type(actual).__name__ == kind
    assert_same(value, actual, "result")


def _last_body(scenario: Mapping[str, Any]) -> Any:
    exchanges = scenario.get("exchanges") or [scenario]
    return exchanges[-1]["response"].get("body")


def assert_same(expected: Any, actual: Any, place: str) -> None:
    """Compares a value of the library with JSON, as the README says."""
    if isinstance(expected, dict):
        if "$date" in expected:
            assert isinstance(actual, datetime), f"{place}: a date was expected, {actual!r} came"
            assert actual == _moment(expected["$date"]), f"{place}: {actual!r}"
            return
        if "$base64" in expected or "$text" in expected:
            assert actual == _bytes(expected), f"{place}: {actual!r}"
            return
        if "$type" in expected:
            assert type(actual).__name__ == expected["$type"], f"{place}: {actual!r}"
        for name, value in expected.items():
            if name != "$type":
                assert_same(value, _member(actual, name, place), f"{place}.{name}")
    elif isinstance(expected, list):
        assert isinstance(actual, list), f"{place}: a list was expected, {actual!r} came"
        assert len(actual) == len(expected), f"{place}: {actual!r}"
        for number, value in enumerate(expected):
            assert_same(value, actual[number], f"{place}[{number}]")
    elif isinstance(actual, datetime):
        assert actual == _moment(expected), f"{place}: {expected!r} was expected, {actual!r} came"
    else:
        assert actual == expected, f"{place}: {expected!r} was expected, {actual!r} came"
        assert isinstance(actual, bool) == isinstance(expected, bool), f"{place}: {actual!r}"


def _member(value: Any, name: str, place: str) -> Any:
    if isinstance(value, dict):
        assert name in value, f"{place} has no {name}"
        return value[name]
    # What no name can have is an underscore; a name that Python reserves has one behind it.
    name = re.sub(r"\W+", "_", name).strip("_")
    return getattr(value, name if not hasattr(value, name + "_") else name + "_")


def _moment(text: str) -> datetime:
    return datetime.strptime(text.replace("Z", "+0000"), "%Y-%m-%dT%H:%M:%S.%f%z")


def _bytes(value: Mapping[str, Any]) -> bytes:
    if "$text" in value:
        return str(value["$text"]).encode("utf-8")
    return base64.b64decode(value["$base64"])


def check_error(
    error: Exception, expected: Mapping[str, Any], errors: ModuleType, *, refused: bool
) -> None:
    """Compares an exception with the scenario's ``error`` or ``refused``."""
    if refused and isinstance(error, TypeError):
        # Python itself refuses a call that lacks an argument.
        assert "missing" in str(error), repr(error)
        return
    wanted = getattr(errors, expected["class"])
    assert isinstance(error, wanted), f"{expected['class']} was expected, {error!r} came"
    assert isinstance(error, errors.LibraryException)
    shown = str(error)
    assert not any(unicodedata.category(one) == "Cc" for one in shown), f"not one line: {shown!r}"
    for secret in (PASSWORD, base64.b64encode(PASSWORD.encode()).decode()):
        assert secret not in shown + repr(error), "the password is shown"
    plain = _plain(shown)
    for text in expected.get("mentions", ()):
        assert _plain(text) in plain, f"{text!r} is not mentioned in {shown!r}"
    for text in expected.get("excludes", ()):
        assert text not in shown, f"{text!r} is in {shown!r}"
    if refused:
        return
    if "status" in expected:
        assert error.status == expected["status"], f"status {error.status}"
    if "message" in expected:
        assert error.message == expected["message"], f"message {error.message!r}"
    if "code" in expected:
        assert error.code == expected["code"], f"code {error.code!r}"


def _plain(text: str) -> str:
    return text.lower().replace("_", "")


# --- events -----------------------------------------------------------------------------------


class _Recorder:
    """A handler that notes what it gets."""

    def __init__(self, number: int, order: list[int], raises: bool) -> None:
        self.got: list[Any] = []
        self._number = number
        self._order = order
        self._raises = raises

    def __call__(self, event: Any) -> None:
        self.got.append(event)
        self._order.append(self._number)
        if self._raises:
            raise ValueError("a handler that fails on purpose")


def _check_events(library: Any, scenario: Mapping[str, Any]) -> None:
    if "handlers" not in scenario:
        _check_call(library.connect, scenario, _package(library))
        return
    order: list[int] = []
    recorders = []
    waiting = []
    for number, handler in enumerate(scenario["handlers"]):
        recorder = _Recorder(number, order, handler.get("raises", False))
        recorders.append(recorder)
        source = _object(library, handler["on"]) if "on" in handler else library
        if "waits" in handler:
            waiting.append((source, handler, recorder))
            continue
        with warnings.catch_warnings():
            # Some are of types that the documents do not know, on purpose.
            warnings.simplefilter("ignore")
            add = source.once if handler.get("once") else source.add_event_handler
            add(handler["event"], recorder)
            if handler.get("removed"):
                source.remove_event_handler(handler["event"], recorder)
    library.connect()
    for call in scenario.get("calls", ()):
        _call(library, call)
    for source, handler, recorder in waiting:
        _wait(source, handler, recorder)
    pushed = _pushed(scenario)
    wanted = [_count(handler, pushed) for handler in scenario["handlers"]]
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if all(len(one.got) >= count for one, count in zip(recorders, wanted, strict=True)):
            break
        threading.Event().wait(0.02)
    time.sleep(scenario.get("linger", 0.2))
    library.stop()
    for number, (handler, recorder) in enumerate(zip(scenario["handlers"], recorders, strict=True)):
        _check_received(handler, recorder.got, pushed, f"handlers[{number}]")
    if "order" in scenario:
        assert order == scenario["order"], f"the handlers ran in the order {order}"


def _wait(source: Any, handler: Mapping[str, Any], recorder: _Recorder) -> None:
    for _ in handler["receives"]:
        recorder(source.wait_for(handler["event"], handler["waits"]))
    if not handler["receives"]:
        with pytest.raises(_errors(_package(source)).TimeoutException):
            source.wait_for(handler["event"], handler["waits"])


def _pushed(scenario: Mapping[str, Any]) -> list[Any]:
    exchanges = scenario.get("exchanges") or [scenario]
    steps = [
        step
        for exchange in exchanges
        for step in (exchange["response"].get("websocket") or {}).get("push", ())
    ]
    return [step for step in steps if "type" in step]


def _count(handler: Mapping[str, Any], pushed: list[Any]) -> int:
    if "counts" in handler:
        return int(handler["counts"]["to"])
    return len(pushed) if handler.get("receives_all") else len(handler["receives"])


def _check_received(
    handler: Mapping[str, Any], got: list[Any], pushed: list[Any], place: str
) -> None:
    if "counts" in handler:
        numbers = [getattr(event, handler["counts"]["member"]) for event in got]
        assert numbers == [str(number) for number in range(handler["counts"]["to"])], place
        return
    if handler.get("receives_all"):
        # Queues of different objects run side by side: only the whole can be compared.
        expected = sorted(pushed, key=_event_key)
        got = sorted(got, key=lambda event: _event_key(event.to_dict()))
    else:
        expected = handler["receives"]
    assert_same(expected, got, place)
    for event, value in zip(got, expected, strict=True):
        if handler.get("receives_all"):
            assert type(event).__name__ == value["type"]


def _event_key(event: Mapping[str, Any]) -> str:
    return repr(sorted(event.items(), key=lambda item: item[0]))
