"""Events: from the WebSocket to the program's handlers.

One thread, the reader, owns the connection: it reads, answers pings, notices silence and reconnects.  It
waits for nothing else, because a server may cut off a client that reads slowly.  What it reads goes
into the history, for ``wait_for``, and into the queues of the dispatcher, for handlers.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import threading
import weakref
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta, timezone
from functools import partial
from time import monotonic, sleep
from typing import Any, TypeAlias

from ..errors import (
    ConnectionFailedException,
    IllegalInputException,
    IllegalStateException,
    LibraryException,
    TimeoutException,
)
from .dispatch import Dispatcher, Handlers, Registration
from .facts import EventFacts, ObjectProperty
from .history import Cancelled, Entry, History, Lifetimes, ObjectKey, Over
from .threads import Flag
from .websocket import Connection, ConnectionLostError, Connector, Interrupt, Interrupted

__all__ = [
    "ConnectionLost",
    "ConnectionReplaced",
    "ConnectionRestored",
    "EventStream",
    "Handler",
    "ObjectKey",
]

#: What a program registers: it takes the event; what it returns is of no interest.
Handler = Callable[[Any], object]

#: Seconds for which the history of an object outlives it, so that ``wait_for`` still finds its end.
HISTORY_SECONDS = 60.0

#: A connection that was up for so long was a good one: the next loss starts with a short delay again.
GOOD_SECONDS = 10.0

#: At least this often the reader looks for objects to forget.
TICK_SECONDS = 5.0

#: How long ``run`` lets running handlers finish after the end.
FINISH_SECONDS = 0.5

#: How much longer than the reader a program waits for a connection: the reader knows better what went wrong.
MARGIN_SECONDS = 2.0

#: After so many reads, none of which had to wait for so long, the reader pauses before the next: to
#: take a flood message by message would cost three times the work.
FLOOD_READS = 8
FLOOD_SECONDS = 0.001
FLOOD_PAUSE = 0.002

#: So many messages are noted and queued at once.
_BATCH = 256

_PACKAGE = __name__.partition(".")[0]

#: Type, JSON value, number, objects named, their handlers when the event came, objects ended (with
#: their grace), and the newest registration when it came.
_Item: TypeAlias = (
    "tuple[_Kind, dict[str, Any], int, tuple[ObjectKey, ...], "
    "tuple[tuple[Registration, ...] | None, ...], tuple[tuple[ObjectKey, float], ...], int]"
)
#: Where an event names an object (member below member), the object's model and its id members.
_Named = tuple[tuple[str, ...], str, tuple[str, ...]]


class ConnectionLost:
    """The connection to the server is gone; the library tries to get it back.

    Attributes:
        since: when the server was last heard; events after that may be missing.
        reason: why the connection is gone, for people.
    """

    def __init__(self, since: datetime, reason: str) -> None:
        self.since = since
        self.reason = reason

    def __repr__(self) -> str:
        return f"ConnectionLost(since={self.since!r}, reason={self.reason!r})"


class ConnectionRestored:
    """The connection is back and everything that was subscribed to is so again.

    Events between the two moments may be missing: a program that keeps state reads it anew.

    Attributes:
        missed_from: when the server was last heard on the connection that was lost.
        missed_to: when the subscriptions were complete again.
    """

    def __init__(self, missed_from: datetime, missed_to: datetime) -> None:
        self.missed_from = missed_from
        self.missed_to = missed_to

    def __repr__(self) -> str:
        return f"ConnectionRestored(missed_from={self.missed_from!r}, missed_to={self.missed_to!r})"


class ConnectionReplaced:
    """Another program has taken this one's place; no event will come any more.

    The library does not reconnect: it would take the place back, and so the two would go on for ever.

    Attributes:
        applications: the applications that were taken over.
    """

    def __init__(self, applications: tuple[str, ...]) -> None:
        self.applications = applications

    def __repr__(self) -> str:
        return f"ConnectionReplaced(applications={self.applications!r})"


_OWN_EVENTS = frozenset({"ConnectionLost", "ConnectionRestored", "ConnectionReplaced"})

#: The queues of what the library itself has to do and to tell; the empty model is nobody's.
_RESTORING: Hashable = ("", ("restoring",))
_TELLING: Hashable = ("", ("telling",))


class _Kind:
    """What the reader has to know of a type of events."""

    __slots__ = ("ends", "name", "names", "objects")

    def __init__(
        self,
        name: str,
        names: frozenset[str],
        objects: tuple[_Named, ...] = (),
        ends: tuple[tuple[_Named, float], ...] = (),
    ) -> None:
        self.name = name
        #: The names under which handlers get it.
        self.names = names
        #: The objects it names, and those it ends.
        self.objects = objects
        self.ends = ends


class _Matching:
    """The types of events that are meant by one name."""

    __slots__ = ("_kind", "_name")

    def __init__(self, name: str, kind: Callable[[str], _Kind]) -> None:
        self._name = name
        self._kind = kind

    def __contains__(self, kind: object) -> bool:
        return isinstance(kind, str) and self._name in self._kind(kind).names


class _Session:
    """What lies between one ``connect`` and its ``stop``."""

    def __init__(self) -> None:
        self.thread: threading.Thread | None = None
        self.interrupt = Interrupt()
        #: Set while it is known how ``connect`` ends: connected, failed or stopped.
        self.settled = Flag()
        self.ended = Flag()
        self.stopping = False
        self.established = False
        self.error: BaseException | None = None
        self.connection: Connection | None = None
        self.attempts = 0
        #: Since when events may be missing that the program has not been told of.
        self.missed_from: datetime | None = None
        self.problem = ""
        self.replaced: set[str] = set()
        self.over = False


class EventStream:
    """The events of one library object.

    Args:
        facts: how the API tells of events.
        connector: opens connections.
        make_event: makes the program's event from a message and its number; the objects in that
            event give the number to ``wait_for`` as their ``since``.
        on_reconnected: puts back what a new connection does not have, subscriptions above all.  It
            is called again, after a pause, while it fails for want of an answer.
        apps: the names under which the program receives events.
        exists: whether the server still has an object, if that can be asked.  It is asked for
            objects that seemed over but were heard of again, and for those with handlers after a
            gap; without it, handlers of an object that ended in a gap stay.
        make_handled: like ``make_event``, for an event whose handlers are run next, in this thread.
        ping_interval: seconds of silence after which the server is asked for a sign of life;
            ``None`` for never.
        ping_timeout: seconds after which a server that gives none is taken for gone.
        backoff: the longest first delay of a reconnection, and the longest of all.
        history_seconds: how long the history of an object outlives it.
        logger: for what the program is not told otherwise.
    """

    def __init__(
        self,
        facts: EventFacts,
        connector: Connector,
        make_event: Callable[[dict[str, Any], int], Any],
        on_reconnected: Callable[[], None],
        *,
        apps: Sequence[str] = (),
        exists: Callable[[ObjectKey], bool] | None = None,
        make_handled: Callable[[dict[str, Any], int], Any] | None = None,
        ping_interval: float | None = 20.0,
        ping_timeout: float = 20.0,
        backoff: tuple[float, float] = (0.5, 30.0),
        history_seconds: float = HISTORY_SECONDS,
        logger: logging.Logger | None = None,
    ) -> None:
        self._facts = facts
        self._connector = connector
        self._make_event = make_event
        self._make_handled = make_handled
        self._on_reconnected = on_reconnected
        self._apps = tuple(dict.fromkeys(apps))
        self._exists = exists
        self._ping_interval = ping_interval
        self._ping_timeout = ping_timeout
        self._backoff = backoff
        self._history_seconds = history_seconds
        self._logger = logger or logging.getLogger(_PACKAGE)

        above_base = next(
            (
                parents[parents.index(facts.base) + 1 :]
                for parents in facts.parents.values()
                if facts.base in parents
            ),
            facts.parents.get(facts.base, ()),
        )
        self._unknown = frozenset((facts.base, *above_base))
        self._kinds = {
            name: _Kind(
                name, frozenset((name, *parents)), _objects(facts, name), _ends(facts, name)
            )
            for name, parents in facts.parents.items()
        }
        self._kinds.setdefault(facts.base, _Kind(facts.base, self._unknown))
        self._kinds.update((name, _Kind(name, frozenset((name,)))) for name in _OWN_EVENTS)
        self._known = frozenset().union(*(kind.names for kind in self._kinds.values()))

        self._sequence = 0
        self._session: _Session | None = None
        self._state = "closed"
        self._handlers = Handlers()
        self._start_afresh()

    def _start_afresh(self) -> None:
        """Make what holds locks and threads."""
        self._lock = threading.RLock()
        self._numbering = threading.Lock()
        self._history = History()
        self._history.close("no events come before connect() or run() is called")
        self._lifetimes = Lifetimes()
        # The same for those who wait, who may be the handlers that hold up the end of the object.
        self._waits = Lifetimes()
        self._dispatcher: Dispatcher[_Item | Callable[[], None]] = Dispatcher(
            self._run, name=f"{_PACKAGE}-handler", logger=self._logger
        )

    # --- the program's side ---------------------------------------------------------------

    @property
    def state(self) -> str:
        """``closed``, ``connecting``, ``connected``, ``reconnecting`` or ``replaced``."""
        return self._state

    def sequence(self) -> int:
        """The number of the newest event read.

        An object remembers, as its ``since``, what this was before the call that made it."""
        return self._sequence

    def add_event_handler(self, key: ObjectKey | None, event: str, handler: Handler) -> None:
        """Call ``handler`` with each such event: of the object, or (``None``) all there are.

        A handler that is added twice is called twice.

        Raises:
            IllegalInputException: the handler is not one.
        """
        self._add(key, event, handler, once=False)

    def once(self, key: ObjectKey | None, event: str, handler: Handler) -> None:
        """Call ``handler`` with the next such event, and never again.

        Raises:
            IllegalInputException: the handler is not one.
        """
        self._add(key, event, handler, once=True)

    def remove_event_handler(self, key: ObjectKey | None, event: str, handler: Handler) -> None:
        """Call the handler no more for this event of this object.

        Raises:
            IllegalInputException: it is not registered.  It is no error if the object is over: the
                library has dropped its handlers then.
        """
        if self._handlers.remove(key, event, handler):
            return
        if key is not None and (self._history.last(key) is None or key in self._lifetimes):
            return
        where = "" if key is None else f" of {_object_text(key)}"
        raise IllegalInputException(
            f"{_handler_text(handler)} is not registered for {event}{where}: it never was, it was "
            "removed before, or it was to run once and did"
        )

    def wait_for(
        self,
        key: ObjectKey | None,
        event: str,
        timeout: float | None,
        since: int,
        cursor: dict[str, int],
    ) -> Any:
        """The first such event of the object, or (``None``) of any, after number ``since``.

        It may have come already.  ``cursor``, which belongs to the caller, remembers what was
        returned, so that the next call returns the next event.  May be called in handlers.

        Raises:
            TimeoutException: none came within ``timeout`` seconds.
            ConnectionFailedException: none can come: the library is not connected, was
                stopped, or another program took its place.
            IllegalStateException: none can come: the object has ended.
        """
        self._check_name(event)
        until = None if timeout is None else monotonic() + timeout
        what = event if key is None else f"{event} of {_object_text(key)}"
        try:
            found = self._history.wait(
                key, event, _Matching(event, self._kind), since, cursor, until
            )
        except Over:
            raise IllegalStateException(
                f"waited for {what} in vain: the object has ended"
            ) from None
        except Cancelled as cancelled:
            raise ConnectionFailedException(f"waited for {what} in vain: {cancelled}") from None
        if found is None:
            raise TimeoutException(f"no {what} came within {timeout:g} s")
        number, content = found
        if isinstance(content, bytes):
            return self._make_event(json.loads(_text(content)), number)
        return content

    def expect_end(self, key: ObjectKey) -> None:
        """Drop the object's handlers in a while, unless an event names it until then.

        For an object that should have come into being and did not.  Not at once, since a program
        may try again, and a call that got no answer may have succeeded."""
        # What was heard of exists, whatever a further attempt to make it came to.
        if key in self._handlers.tables and self._history.last(key) is None:
            self._lifetimes.end(key, self._sequence, self._history_seconds)

    def connect(self) -> None:
        """Connect, and return when events can come.  Without effect if that is so already.

        Raises:
            NotAuthorizedException: the server refuses user or password.
            NotFoundException: there is no WebSocket at the URL.
            IllegalInputException: no application is named, or the server refuses the request.
            ConnectionFailedException: no connection came about, or it was stopped meanwhile.
            TimeoutException: none came about in time.
        """
        self._await(self._session_to_run())

    def _await(self, session: _Session) -> None:
        """Wait until the session is connected, or raise why it is not."""
        try:
            in_time = session.settled.wait(self._connector.timeout + MARGIN_SECONDS)
        except BaseException:
            self.stop()
            raise
        if session.error is not None:
            raise session.error
        if session.stopping or session.over:
            raise ConnectionFailedException("the library was stopped while it connected")
        if not in_time:
            if self._state == "reconnecting":
                raise ConnectionFailedException(
                    f"the connection is lost and not back yet: {session.problem}"
                )
            self.stop()
            raise TimeoutException(f"no connection came about within {self._connector.timeout:g} s")

    def run(self) -> None:
        """Connect if need be, and serve until ``stop()`` is called or Ctrl-C is pressed.

        Raises:
            ConnectionFailedException: another program took this one's place.
            LibraryException: as for ``connect``.
        """
        session: _Session | None = None
        try:
            session = self._session_to_run()
            try:
                self._await(session)
            except LibraryException:
                # Not if it was stopped meanwhile, nor if it has been connected and will be again.
                if not (session.stopping or session.established):
                    raise
            session.ended.wait(float("inf"))
        except KeyboardInterrupt:
            self.stop()
        self._dispatcher.drain(FINISH_SECONDS)
        if session is not None and session.over and session.error is not None:
            raise session.error

    def stop(self) -> None:
        """Close the connection; events that wait in queues are dropped.

        May be called from any thread, from handlers too, at any time and more than once; it
        never raises."""
        with self._lock:
            session = self._session
            if session is None:
                return
            session.stopping = True
        session.interrupt.set()
        self._end_of(self._dispatcher.clear())
        if session.thread is not threading.current_thread():
            session.ended.wait(FINISH_SECONDS)
        if not session.ended.is_set():
            # It hangs in a look-up of the host's name; nothing that it still does is seen.
            self._over(session)

    # --- connecting -----------------------------------------------------------------------

    def _session_to_run(self) -> _Session:
        """The session that runs, or a new one."""
        if self._facts.application is not None and not self._apps:
            raise IllegalInputException(
                "no application is named, so no event would come: give the library the name of one, "
                f'{self._facts.application}="my-application"'
            )
        with self._lock:
            session = self._session
            if session is not None and not session.ended.is_set() and not session.stopping:
                return session
            session = self._session = _Session()
            self._state = "connecting"
            self._history.open()
        _remember_for_forks(self)
        session.thread = threading.Thread(
            target=self._serve, args=(session,), name=f"{_PACKAGE}-events", daemon=True
        )
        try:
            session.thread.start()
        except RuntimeError as error:
            session.error = ConnectionFailedException(f"no thread can be started: {error}")
            self._over(session)
            session.interrupt.close()
        return session

    def _serve(self, session: _Session) -> None:
        """The reader: connects, reads, and connects again."""
        try:
            connection = self._first_connection(session)
            while connection is not None:
                began = monotonic()
                reason = self._read(session, connection)
                session.connection = None
                if reason is None:
                    # Stopped or replaced.  The farewell may take its moment.
                    session.interrupt.clear()
                    connection.close()
                    return
                connection.abandon()
                if monotonic() - began >= GOOD_SECONDS:
                    session.attempts = 0
                since = datetime.now(timezone.utc) - timedelta(
                    seconds=monotonic() - connection.heard
                )
                connection = self._next_connection(session, since, reason)
        except BaseException as error:
            self._logger.exception("the reader of events failed")
            session.error = ConnectionFailedException(f"the reader of events failed: {error!r}")
            session.over = True
        finally:
            self._over(session)
            session.interrupt.close()

    def _over(self, session: _Session) -> None:
        """The session has come to its end."""
        with self._lock:
            if session.ended.is_set():
                return
            if self._session is session:
                self._state = "replaced" if session.over and session.replaced else "closed"
                reason = "the library was stopped" if session.error is None else str(session.error)
                self._history.close(reason)
            session.ended.set()
        session.settled.set()

    def _open(self, session: _Session) -> Connection | None:
        """A new connection, or ``None`` if it is to be stopped."""
        apps = [app for app in self._apps if app not in session.replaced]
        try:
            connection = self._connector.open(apps, session.interrupt, self._logger)
        except Interrupted:
            return None
        with self._lock:
            if not session.stopping:
                session.connection = connection
                session.established = True
                self._state = "connected"
                session.settled.set()
                return connection
        connection.abandon()
        return None

    def _first_connection(self, session: _Session) -> Connection | None:
        try:
            return self._open(session)
        except LibraryException as error:
            session.error = error
        except Exception as error:
            self._logger.exception("connecting failed in an unexpected way")
            session.error = ConnectionFailedException(f"cannot connect: {error!r}")
        return None

    def _next_connection(
        self, session: _Session, since: datetime, reason: str
    ) -> Connection | None:
        """Connect again, for as long as it takes."""
        import random

        with self._lock:
            if session.stopping:
                return None
            self._state = "reconnecting"
            session.settled.clear()
            session.problem = reason
            if session.missed_from is None:
                session.missed_from = since
        self._logger.warning("the connection for events is lost: %s; reconnecting", reason)
        self._tell(ConnectionLost(since, reason))
        first, longest = self._backoff
        tried = 0
        while True:
            # Anything up to the limit: many clients of one server must not come back as one.
            delay = random.uniform(0, min(longest, first * 2 ** min(session.attempts, 30)))
            session.attempts += 1
            if session.interrupt.wait(delay):
                return None
            self._tidy()
            tried += 1
            try:
                connection = self._open(session)
            except Exception as error:
                problem = str(error) if isinstance(error, LibraryException) else repr(error)
                # A server that is down for a night shall not fill a disk.
                news = problem != session.problem or tried & (tried - 1) == 0
                session.problem = problem
                self._logger.log(
                    logging.WARNING if news else logging.DEBUG,
                    "reconnecting failed (attempt %d): %s",
                    tried,
                    problem,
                )
                continue
            if connection is not None:
                self._logger.info("connected again after attempt %d", tried)
                self._submit(_RESTORING, partial(self._restore, session, connection))
            return connection

    def _restore(self, session: _Session, connection: Connection) -> None:
        """Put back what the new connection lacks, then tell the program; off the reader."""
        delay = self._backoff[0]
        while True:
            if session.connection is not connection or session.stopping:
                # Lost again: the next connection has a call of its own.
                return
            try:
                self._on_reconnected()
                break
            except Exception as error:
                # A server that is only just up again may not answer yet.  What it refuses now, and
                # what fails for a defect, would fail the next time too.
                status = getattr(error, "status", None)
                again = isinstance(error, (LibraryException, OSError)) and (
                    status is None or status >= 500
                )
                self._logger.exception(
                    "what was subscribed to could not be put back%s",
                    "; trying again" if again else "",
                )
                if not again:
                    break
            if session.ended.wait(delay):
                return
            delay = min(2 * delay, self._backoff[1])
        self._drop_vanished()
        with self._lock:
            if session.connection is not connection or session.missed_from is None:
                return
            missed_from, session.missed_from = session.missed_from, None
        self._tell(ConnectionRestored(missed_from, datetime.now(timezone.utc)))

    def _drop_vanished(self) -> None:
        """Drop the handlers of objects that ended while nothing was heard."""
        if self._exists is None:
            return
        for key in self._handlers.objects():
            # An object that no event has named may not have begun yet.
            number = self._history.last(key)
            if number is not None and not self._still_exists(key):
                self._lifetimes.end(key, number, 0.0)

    def _still_exists(self, key: ObjectKey) -> bool:
        assert self._exists is not None
        try:
            return self._exists(key)
        except Exception:
            self._logger.warning("cannot ask for %s", _object_text(key), exc_info=True)
            return True

    # --- reading --------------------------------------------------------------------------

    def _read(self, session: _Session, connection: Connection) -> str | None:
        """Read until the connection is lost (the reason), or is to be closed (``None``)."""
        interval = self._ping_interval or float("inf")
        heard = connection.heard
        ping_at = heard + interval
        deadline: float | None = None
        messages: list[bytes] = []
        flood = 0
        try:
            while not session.stopping:
                if flood >= FLOOD_READS and len(messages) < _BATCH:
                    sleep(FLOOD_PAUSE)
                until = min(ping_at if deadline is None else deadline, monotonic() + TICK_SECONDS)
                forget_at = self._lifetimes.next()
                before = monotonic()
                messages = connection.receive(until if forget_at is None else min(until, forget_at))
                flood = flood + 1 if messages and monotonic() - before < FLOOD_SECONDS else 0
                # Handlers need not wait until all of a burst is read.
                for start in range(0, len(messages), _BATCH):
                    self._take(messages[start : start + _BATCH], session)
                if session.over:
                    return None
                if connection.heard != heard:
                    heard = connection.heard
                    ping_at = heard + interval
                    deadline = None
                else:
                    now = monotonic()
                    if deadline is not None:
                        if now >= deadline:
                            return f"no sign of life within {self._ping_timeout:g} s"
                    elif now >= ping_at:
                        connection.ping()
                        deadline = now + self._ping_timeout
                self._tidy()
        except Interrupted:
            pass
        except ConnectionLostError as error:
            return None if session.stopping else str(error)
        return None

    def _take(self, messages: list[bytes], session: _Session) -> None:
        """Note messages in the history and queue them for the handlers."""
        handlers, kinds, table_of = self._handlers, self._kinds, self._handlers.tables.get
        discriminator, replaced = self._facts.discriminator, self._facts.replaced
        runs: list[tuple[Hashable, list[Any], int | None]] = []
        by_name: list[tuple[str, list[Entry]]] = []
        records: list[tuple[ObjectKey, str, Entry]] = []
        ends: list[tuple[int, tuple[tuple[ObjectKey, float], ...]]] = []
        # Events often come in series.  Of the run of one queue: its items, and which is the first
        # that somebody wants.  Of the series of one type: its name, and whether the library wants it.
        items: list[Any] = []
        wanted: int | None = None
        queue: ObjectKey | None = None
        name: Any = None
        kind = self._kind("")
        library_wants = False
        entries: list[Entry] = []
        with self._numbering:
            number = self._sequence
            for raw, message in zip(_parsed(messages, self._logger), messages, strict=True):
                if raw is None:
                    continue
                number += 1
                entry = (number, message)
                if raw.get(discriminator) != name or name is None:
                    name = raw.get(discriminator)
                    if name.__class__ is not str:
                        name = ""
                    kind = kinds.get(name) or self._kind(name)
                    library_wants = bool(handlers.of_library(name, kind.names))
                    entries = []
                    by_name.append((name, entries))
                entries.append(entry)
                first: ObjectKey | None = None
                is_wanted = library_wants
                if kind.objects:
                    keys = _keys(raw, kind.objects)
                    tables = tuple(map(table_of, keys))
                    ended = _ended(raw, kind.ends) if kind.ends else ()
                    if ended:
                        ends.append((number, ended))
                    item = (kind, raw, number, keys, tables, ended, handlers.number if ended else 0)
                    for key in keys:
                        records.append((key, name, entry))
                    if keys:
                        first = keys[0]
                    if not is_wanted and any(tables):
                        is_wanted = _any_wants(tables, kind.names)
                else:
                    item = (kind, raw, number, (), (), (), 0)
                if first != queue:
                    if items:
                        runs.append((queue, items, wanted))
                        items = []
                        wanted = None
                    queue = first
                if is_wanted and wanted is None:
                    wanted = len(items)
                items.append(item)
                if name == replaced and name:
                    self._take_replaced(raw, session)
            if items:
                runs.append((queue, items, wanted))
            self._history.record(by_name)
            self._history.record_of(records)
            for at, ended in ends:
                self._end_waits(at, ended)
            self._sequence = number
        left_out = self._dispatcher.submit(runs)
        if records:
            self._end_of(left_out)
        if session.over:
            self._tell(ConnectionReplaced(self._apps))

    def _take_replaced(self, raw: Mapping[str, Any], session: _Session) -> None:
        """Another program has taken an application over: that which the event names, or all."""
        named = [app for app in self._apps if app in raw.values()]
        session.replaced.update(named or self._apps)
        if session.replaced.issuperset(self._apps):
            apps = ", ".join(map(repr, self._apps))
            session.error = ConnectionFailedException(
                f"another program has connected for {apps or 'the same events'} and gets the "
                "events from now on: only one at a time can. Stop the other one, or give one of the two a "
                "name of its own"
            )
            session.over = True
            self._logger.warning("%s", session.error)
        else:
            self._logger.warning("another program has taken over %s", ", ".join(map(repr, named)))

    def _kind(self, name: str) -> _Kind:
        """What is known of a type, or what holds for those of which nothing is."""
        return self._kinds.get(name) or _Kind(name, self._unknown | {name})

    # --- handling -------------------------------------------------------------------------

    def _submit(self, key: Hashable, work: Callable[[], None]) -> None:
        self._dispatcher.submit([(key, [work], 0)])

    def _tell(self, event: ConnectionLost | ConnectionRestored | ConnectionReplaced) -> None:
        """Bring an event of the library's own to the library's handlers and to ``wait_for``."""
        kind = self._kinds[type(event).__name__]
        with self._numbering:
            number = self._sequence + 1
            self._history.record([(kind.name, [(number, event)])])
            self._sequence = number

        def handle() -> None:
            for registration in self._handlers.of_library(kind.name, kind.names):
                self._call(None, registration, event, kind)

        self._submit(_TELLING, handle)

    def _run(self, item: _Item | Callable[[], None]) -> None:
        """Bring one event to its handlers; in a worker."""
        if not isinstance(item, tuple):
            item()
            return
        kind, raw, number, keys, tables, ended, newest = item
        handlers = self._handlers
        event: Any = None
        for registration in handlers.of_library(kind.name, kind.names):
            if event is None:
                event = (self._make_handled or self._make_event)(raw, number)
            self._call(None, registration, event, kind)
        if not keys:
            return
        for key, table in zip(keys, tables, strict=True):
            # The object may have got handlers since the event came; if it is over, and the
            # event was held up in another object's queue, it has those of that time.
            for registration in handlers.tables.get(key) or table or ():
                if registration.name in kind.names:
                    if event is None:
                        event = (self._make_handled or self._make_event)(raw, number)
                    self._call(key, registration, event, kind)
        if ended:
            self._end(ended, number, newest)

    def _call(
        self, key: ObjectKey | None, registration: Registration, event: Any, kind: _Kind
    ) -> None:
        if registration.removed:
            return
        if registration.once and not self._handlers.claim(key, registration):
            return
        try:
            registration.handler(event)
        except BaseException as error:
            # SystemExit too: raised here it would end a thread and not the program.
            self._logger.error(
                "handler %s for %s%s failed: %s",
                _handler_text(registration.handler),
                kind.name,
                "" if key is None else f" of {_object_text(key)}",
                type(error).__name__,
                exc_info=True,
            )

    # --- the end of objects ---------------------------------------------------------------

    def _end(self, ended: Iterable[tuple[ObjectKey, float]], number: int, newest: int) -> None:
        for key, grace in ended:
            if grace > 0:
                self._lifetimes.end(key, number, grace)
            else:
                # Handlers that were added since may be for a new object with the old one's id;
                # they go when it stays silent.
                self._handlers.drop(key, newest)
                self._lifetimes.end(key, number, self._history_seconds)

    def _end_waits(self, number: int, ended: Iterable[tuple[ObjectKey, float]]) -> None:
        """Nothing more is to be waited for; other than ``_end``, whatever handlers are at."""
        for key, grace in ended:
            if grace > 0:
                self._waits.end(key, number, grace)
            else:
                self._history.end(key, number)

    def _end_of(self, items: Iterable[_Item | Callable[[], None]]) -> None:
        """The objects end even if nobody handles the events that say so."""
        for item in items:
            if isinstance(item, tuple) and item[5]:
                self._end(item[5], item[2], item[6])

    def _tidy(self) -> None:
        """Forget the objects whose time has come."""
        for key, number, _ in self._waits.due():
            self._history.end(key, number)
        for key, number, span in self._lifetimes.due():
            last = self._history.last(key)
            if last is None or last <= number:
                self._handlers.drop(key)
                self._history.forget(key)
            elif self._exists is None:
                self._lifetimes.end(key, last, span)
            else:
                self._submit(_RESTORING, partial(self._settle, key, last))

    def _settle(self, key: ObjectKey, last: int) -> None:
        """Ask for an object that seemed over and was heard of again."""
        if not self._still_exists(key):
            self._lifetimes.end(key, last, 0.0)

    # --- checks ---------------------------------------------------------------------------

    def _add(self, key: ObjectKey | None, event: str, handler: Handler, *, once: bool) -> None:
        if not callable(handler):
            raise IllegalInputException(
                f"the handler for {event} is {handler!r}: a function of one argument is wanted"
            )
        code = getattr(handler, "__code__", None)
        if code is not None and code.co_flags & 0x80:  # inspect.CO_COROUTINE, without the import
            raise IllegalInputException(
                f"{_handler_text(handler)} is an async function, which nothing would await: a "
                "handler is a plain function"
            )
        self._check_name(event)
        self._handlers.add(key, event, handler, once)

    def _check_name(self, event: str) -> None:
        """Warn of an event that the documents do not know: most likely it is misspelt."""
        if not isinstance(event, str):
            raise IllegalInputException(f"the event is {event!r}: its name is wanted")
        known = self._known
        if event in known:
            return
        import difflib
        import warnings

        close = difflib.get_close_matches(event, known, 1)
        if not close:
            lower = {name.lower(): name for name in known}
            close = [lower[event.lower()]] if event.lower() in lower else []
        hint = f" Did you mean {close[0]}?" if close else ""
        warnings.warn(
            f"no event is called {event} in this version of the API.{hint}",
            stacklevel=_frames_inside(),
        )

    # --- forks ----------------------------------------------------------------------------

    def _after_fork_in_child(self) -> None:
        """The parent keeps the connection; here are no threads, and locks nobody will release."""
        session, self._session = self._session, None
        self._state = "closed"
        self._handlers.after_fork()
        self._start_afresh()
        if session is not None:
            session.interrupt.close()
            if session.connection is not None:
                session.connection.leave()


_streams: weakref.WeakSet[EventStream] = weakref.WeakSet()
_watching_forks = False


def _remember_for_forks(stream: EventStream) -> None:
    global _watching_forks
    _streams.add(stream)
    if not _watching_forks and hasattr(os, "register_at_fork"):
        _watching_forks = True
        os.register_at_fork(after_in_child=_after_fork_in_child)


def _after_fork_in_child() -> None:
    for stream in list(_streams):
        stream._after_fork_in_child()


#: What stands for a message that is not JSON.
_NOTHING = object()


def _parsed(messages: list[bytes], logger: logging.Logger) -> list[dict[str, Any] | None]:
    """The JSON objects that messages are; ``None`` for what is none, which is logged."""
    values: list[Any] = []
    if len(messages) > 1:
        # One array of all: a call for each costs the parser as much as what is in it.
        with contextlib.suppress(ValueError, RecursionError):
            values = json.loads(_text(b"[%b]" % b",".join(messages)))
    if len(values) != len(messages):
        values = [_parsed_alone(message, logger) for message in messages]
    for place, value in enumerate(values):
        if value.__class__ is not dict:
            if value is not _NOTHING:
                logger.warning(
                    "a message is skipped, it is no object but of type %s", type(value).__name__
                )
            values[place] = None
    return values


def _parsed_alone(message: bytes, logger: logging.Logger) -> Any:
    try:
        return json.loads(_text(message))
    except (ValueError, RecursionError) as error:
        logger.error("a message is skipped, it is not JSON: %s", error)
        return _NOTHING


def _text(message: bytes) -> str:
    # A letter in a foreign encoding shall not cost the program the event it is in.
    return str(message, "utf-8", "replace")


def _objects(facts: EventFacts, kind: str) -> tuple[_Named, ...]:
    """The objects that such an event names."""
    return tuple((tuple(p.name.split(".")), p.model, p.ids) for p in facts.objects.get(kind, ()))


def _keys(raw: Mapping[str, Any], properties: tuple[_Named, ...]) -> tuple[ObjectKey, ...]:
    """The objects that the event names, each once, in the order in which they queue."""
    if len(properties) == 1:
        [(path, model, ids)] = properties
        key = _key(raw, path, model, ids)
        return () if key is None else (key,)
    keys: list[ObjectKey] = []
    for path, model, ids in properties:
        key = _key(raw, path, model, ids)
        if key is not None and key not in keys:
            keys.append(key)
    return tuple(keys)


def _key(
    raw: Mapping[str, Any], path: tuple[str, ...], model: str, ids: tuple[str, ...]
) -> ObjectKey | None:
    value: Any = raw
    for member in path:
        value = value.get(member)
        if value.__class__ is not dict:
            return None
    if len(ids) == 1:
        one = value.get(ids[0])
        if one.__class__ is str and one:
            return (model, (one,))
    values = tuple(str(value.get(member) or "") for member in ids)
    return (model, values) if all(values) else None


def _any_wants(tables: Iterable[tuple[Registration, ...] | None], names: frozenset[str]) -> bool:
    """Whether one of these handlers is for an event with one of these names."""
    return any(registration.name in names for table in tables for registration in table or ())


def _ends(facts: EventFacts, kind: str) -> tuple[tuple[_Named, float], ...]:
    properties: dict[str, ObjectProperty] = {p.name: p for p in facts.objects.get(kind, ())}
    return tuple(
        ((tuple(p.name.split(".")), p.model, p.ids), end.grace)
        for end in facts.ends.get(kind, ())
        if (p := properties.get(end.property)) is not None
    )


def _ended(
    raw: Mapping[str, Any], ends: tuple[tuple[_Named, float], ...]
) -> tuple[tuple[ObjectKey, float], ...]:
    """The objects that the event ends, each with its grace."""
    found = ((_key(raw, path, model, ids), grace) for (path, model, ids), grace in ends)
    return tuple((key, grace) for key, grace in found if key is not None)


def _object_text(key: ObjectKey) -> str:
    model, ids = key
    return f"{model} {'/'.join(ids)!r}"


def _handler_text(handler: object) -> str:
    return str(getattr(handler, "__qualname__", None) or repr(handler))


def _frames_inside() -> int:
    """The stack level, as ``warnings.warn`` counts, of the program's line that called the library."""
    import sys

    level = 1
    frame = sys._getframe(1)
    while frame.f_back is not None and frame.f_globals.get("__name__", "").startswith(
        f"{_PACKAGE}."
    ):
        frame = frame.f_back
        level += 1
    return level
