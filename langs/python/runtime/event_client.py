"""The main class of a library whose API tells of events, and the base of that API's objects."""

from __future__ import annotations

import importlib
import logging
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar, overload

from ..errors import (
    ConnectionFailedException,
    IllegalInputException,
    LibraryException,
    NotFoundException,
    TimeoutException,
)
from .client import Client
from .facts import EventFacts
from .model import Entity, Model, ObjectKey, Origin
from .operation import REMOVING, Operation, prepare, unsafe_in_list

if TYPE_CHECKING:
    from ..events import EventName
    from .events import EventStream

T = TypeVar("T")
E = TypeVar("E")
C = TypeVar("C", bound="EventClient")

_log = logging.getLogger(__package__.partition(".")[0])


class EventSource:
    """What handlers can be put on: the library itself, and each object."""

    @property
    def _events_of(self) -> tuple[EventStream, ObjectKey | None, int, dict[str, int]]:
        """The stream, the object's identity, the number of the newest event that is older than the
        object, and what ``wait_for`` has returned of each type."""
        raise NotImplementedError

    @overload
    def add_event_handler(self, event: type[E], handler: Callable[[E], object]) -> None: ...
    @overload
    def add_event_handler(self, event: EventName, handler: Callable[[Any], object]) -> None: ...
    def add_event_handler(self, event: Any, handler: Callable[[Any], object]) -> None:
        """Call ``handler(event)`` for every event of that type.

        On an object, only the events that name it are meant.  Handlers run one at a time for each
        object, in the order of the events; one may call operations and may block.  Those of an
        object are dropped when the object ends.

        Args:
            event: The type, by name (``"StasisStart"``) or by class; a base type means all its
                subtypes.
            handler: Takes one argument, the event.
        """
        stream, key, _, _ = self._events_of
        stream.add_event_handler(key, _event_name(event), handler)

    @overload
    def remove_event_handler(self, event: type[E], handler: Callable[[E], object]) -> None: ...
    @overload
    def remove_event_handler(self, event: EventName, handler: Callable[[Any], object]) -> None: ...
    def remove_event_handler(self, event: Any, handler: Callable[[Any], object]) -> None:
        """Take a handler away that ``add_event_handler`` or ``once`` put on.

        Raises:
            IllegalInputException: it is not there.
        """
        stream, key, _, _ = self._events_of
        stream.remove_event_handler(key, _event_name(event), handler)

    @overload
    def once(self, event: type[E], handler: Callable[[E], object]) -> None: ...
    @overload
    def once(self, event: EventName, handler: Callable[[Any], object]) -> None: ...
    def once(self, event: Any, handler: Callable[[Any], object]) -> None:
        """Like ``add_event_handler``, for the first such event only."""
        stream, key, _, _ = self._events_of
        stream.once(key, _event_name(event), handler)

    @overload
    def wait_for(self, event: type[E], timeout: float = 60.0) -> E: ...
    @overload
    def wait_for(self, event: EventName, timeout: float = 60.0) -> Any: ...
    def wait_for(self, event: Any, timeout: float = 60.0) -> Any:
        """Wait for an event and return it.

        It also finds what has come since the call, or the event, that made this object, and each
        event once.  On the library it finds what has come since this thread's latest call
        (``connect`` is one, too), or since the event that it handles.  It may be used inside a
        handler.

        Args:
            event: The type, by name or by class; a base type means all its subtypes.
            timeout: Seconds to wait.

        Raises:
            TimeoutException: no such event came in time.
            ConnectionFailedException: the library was stopped meanwhile.
            IllegalStateException: the object has ended, and the event has not come.
        """
        stream, key, since, seen = self._events_of
        return stream.wait_for(key, _event_name(event), timeout, since, seen)


class EventClient(Client, EventSource):
    """A client that also listens.  Nothing is opened before ``connect`` or ``run``."""

    _events: ClassVar[str]

    def __init__(self, *args: Any, stream_arguments: Mapping[str, Any], **settings: Any) -> None:
        """``stream_arguments`` are those of the WebSocket operation; the rest is ``Client``'s."""
        super().__init__(*args, **settings)
        self._stream_arguments = stream_arguments
        self._making = threading.Lock()
        self._made_stream: EventStream | None = None
        self._subscriptions = Subscriptions()
        self._seen: dict[str, int] = {}
        # The number of the newest event when this thread began its latest operation, or its
        # connecting; in a handler at least that of the event that is handled.
        self._latest = threading.local()

    @property
    def state(self) -> str:
        """How the event connection is: ``closed``, ``connecting``, ``connected``, ``reconnecting`` or
        ``replaced`` (another program has taken its place)."""
        return self._stream.state

    def connect(self) -> None:
        """Open the event connection and return when it is up.

        A connection that is lost later is made again, without limit; what happened to it comes
        as the events ``ConnectionLost`` and ``ConnectionRestored``.

        Raises:
            IllegalInputException: the library was made without the name of an application, or the
                server refuses it.
            NotAuthorizedException: the server refuses user or password.
            NotFoundException: there is no such API at the URL.
            ConnectionFailedException: there is no server, or it refuses the connection.
            TimeoutException: nothing answered in time.
        """
        self._latest.since = self._stream.sequence()
        self._stream.connect()

    def run(self) -> None:
        """Serve events until ``stop`` is called or Ctrl-C is pressed; connect first if need be.

        Raises:
            ConnectionFailedException: another program has taken over this one's applications.
        """
        self._stream.run()

    def stop(self) -> None:
        """Close the event connection and end ``run``; from any thread, from a handler too."""
        if self._made_stream is not None:
            self._made_stream.stop()

    def close(self) -> None:
        """Stop, and let go of the connections."""
        self.stop()
        super().close()

    @cached_property
    def _facts(self) -> EventFacts:
        facts = importlib.import_module(self._events).FACTS
        assert isinstance(facts, EventFacts)
        return facts

    @property
    def _stream(self) -> EventStream:
        # Not a cached property: those have no lock any more, and two threads must not make two.
        if self._made_stream is None:
            with self._making:
                if self._made_stream is None:
                    self._made_stream = self._new_stream()
        return self._made_stream

    def _new_stream(self) -> EventStream:
        from .events import EventStream
        from .websocket import Connector

        connector = Connector(
            self._url,
            self._target,
            self._headers,
            ssl_context=self._ssl_context,
            timeout=self._timeout,
            hints=self._access.hints,
        )
        return EventStream(
            self._facts,
            connector,
            self._event,
            self._resubscribe,
            apps=self._applications(),
            exists=self._exists,
            make_handled=self._handled_event,
            logger=_log,
        )

    def _applications(self) -> list[str]:
        value = self._stream_arguments.get(self._facts.application or "")
        if value is None:
            return []
        return [value] if isinstance(value, str) else list(value)

    def _target(self, applications: Sequence[str]) -> str:
        """Path and query of the WebSocket."""
        operation = self._facts.operation
        values = [
            list(applications)
            if parameter.argument == self._facts.application
            else self._stream_arguments.get(parameter.argument)
            for parameter in operation.parameters
        ]
        request = prepare(operation, values, self._access)
        if request.json is not None:
            # Such names would travel in a body, and a WebSocket is opened without one.
            names = ", ".join(repr(name) for name in applications if unsafe_in_list(str(name)))
            raise IllegalInputException(
                f"no application can be called {names}: a name must not be empty, begin with a "
                "blank, or hold a comma, quote, parenthesis or backslash"
            )
        return request.target

    def _event(self, data: Mapping[str, Any], number: int) -> Model:
        """The event that a message is."""
        name = data.get(self._facts.discriminator)
        known = isinstance(name, str) and name in self._facts.parents
        return self._event_type(name if known else self._facts.base)(data, Origin(self, number))

    @cached_property
    def _event_type(self) -> Callable[[Any], type[Model]]:
        """Gives the model of an event type that the documents know; called for every event."""
        models = importlib.import_module(self._models)
        return lru_cache(maxsize=None)(lambda name: getattr(models, name))

    def _handled_event(self, data: Mapping[str, Any], number: int) -> Model:
        """The event that a message is, to be handled in this thread next."""
        # The thread has handled others before: what it did then says nothing of this one.
        self._latest.since = number
        return self._event(data, number)

    def _exists(self, key: ObjectKey) -> bool:
        """Whether the server still has the object; it is taken to have what cannot be asked for."""
        model, ids = key
        read = self._facts.reads.get(model)
        if read is None:
            return True
        try:
            getattr(getattr(self, read[0]), read[1])(*ids)
        except NotFoundException:
            return False
        return True

    @property
    def _events_of(self) -> tuple[EventStream, ObjectKey | None, int, dict[str, int]]:
        stream = self._stream
        return stream, None, getattr(self._latest, "since", stream.sequence()), self._seen

    def _origin(self) -> Origin:
        since = self._stream.sequence() if self._made_stream is not None else 0
        self._latest.since = since
        return Origin(self, since)

    def _call(
        self, operation: Operation[T], values: Sequence[Any], timeout: float | None = None
    ) -> T:
        try:
            result = super()._call(operation, values, timeout)
        except LibraryException:
            self._note_failure(operation, values)
            raise
        if operation.subscription:
            self._subscriptions.note(operation, values)
        return result

    def _note_failure(self, operation: Operation[Any], values: Sequence[Any]) -> None:
        """What a call should have made may never come into being."""
        if operation.makes is None or self._made_stream is None:
            return
        model, name = operation.makes
        for parameter, value in zip(operation.parameters, values, strict=True):
            if parameter.name == name and value:
                self._made_stream.expect_end((model, (str(_plain(value)),)))

    def _resubscribe(self) -> None:
        """Tell the server again what this program wants to hear of."""
        for operation, values in self._subscriptions.to_repeat():
            try:
                self._repeat(operation, values)
            except (ConnectionFailedException, TimeoutException):
                raise
            except LibraryException as error:
                # What was subscribed to may be gone by now; that ends nothing else.
                _log.warning("a subscription could not be put back: %s", error)
                self._subscriptions.forget(operation, values)

    def _repeat(self, operation: Operation[Any], values: Sequence[Any]) -> None:
        """Subscribe again, but not once more than before.

        A server may have kept the subscription, and may count: one that is made twice outlives the
        program's call that ends it.  So whatever is left of it is taken away first.
        """
        removing = REMOVING.get(operation.path) if operation.subscription == "add" else None
        if removing is not None:
            named = {
                parameter.name: value
                for parameter, value in zip(operation.parameters, values, strict=True)
            }
            try:
                super()._call(removing, [named.get(each.name) for each in removing.parameters])
            except (ConnectionFailedException, TimeoutException):
                raise
            except LibraryException:
                # Nothing was left, as is usual where the server was started anew.
                pass
        super()._call(operation, values)


class ObservableEntity(Entity, EventSource):
    """An object that handlers can be put on."""

    @property
    def _events_of(self) -> tuple[EventStream, ObjectKey | None, int, dict[str, int]]:
        library: EventClient = self._library
        assert self._origin is not None
        seen: dict[str, int] = self.__dict__.setdefault("_seen", {})
        return library._stream, self._key, self._origin.since, seen


class Subscriptions:
    """What the program has asked to hear of, so that it can be asked for again."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._wanted: dict[tuple[Any, ...], tuple[Operation[Any], list[Any]]] = {}

    def note(self, operation: Operation[Any], values: Sequence[Any]) -> None:
        """Take note of a successful call of an operation that subscribes or unsubscribes."""
        with self._lock:
            for key, call in _subscribed(operation, values):
                if operation.subscription == "remove":
                    self._wanted.pop(key, None)
                else:
                    self._wanted[key] = (operation, call)

    def forget(self, operation: Operation[Any], values: Sequence[Any]) -> None:
        """Ask for this no more."""
        with self._lock:
            for key, _ in _subscribed(operation, values):
                self._wanted.pop(key, None)

    def to_repeat(self) -> list[tuple[Operation[Any], list[Any]]]:
        """The calls to make again, in the order in which they were made first."""
        with self._lock:
            return list(self._wanted.values())


def _subscribed(
    operation: Operation[Any], values: Sequence[Any]
) -> Iterator[tuple[tuple[Any, ...], list[Any]]]:
    """A key for each thing subscribed to, with the call's values that subscribe to it alone.

    Subscribing and unsubscribing name the same thing by the same key.  A call that replaces (an
    event filter) has one key for what it replaces, whatever it says of it.
    """
    plain: list[Any] = [
        _plain_list(value) if parameter.type == "list" else _plain(value)
        for parameter, value in zip(operation.parameters, values, strict=True)
    ]
    path = tuple(
        value
        for parameter, value in zip(operation.parameters, plain, strict=True)
        if parameter.location == "path"
    )
    if operation.subscription == "replace":
        yield ("replace", operation.path, *path), plain
        return
    for place, parameter in enumerate(operation.parameters):
        if parameter.type == "list":
            for item in plain[place] or ():
                call = [*plain[:place], [item], *plain[place + 1 :]]
                yield ("add", operation.path, *path, item), call


def _plain(value: Any) -> Any:
    """The value, with its id for an object."""
    return "/".join(value._ids) if isinstance(value, Entity) else value


def _plain_list(value: Any) -> list[Any] | None:
    """A list of plain values from what may also be a single one."""
    if value is None:
        return None
    if isinstance(value, (str, Entity)):
        return [_plain(value)]
    return [_plain(item) for item in value]


def _event_name(event: Any) -> str:
    """The name of an event type that was given by name or by class."""
    if isinstance(event, str) and event:
        return event
    if isinstance(event, type):
        return event.__name__
    raise IllegalInputException(f"{event!r} is no event type: give its name or its class")
