"""Handlers and the queues they run in.

The reader puts events into queues and goes on reading; worker threads run the handlers.  Events
of one queue run in order, one at a time; each busy queue has a thread of its own, so that a handler may
block for as long as a call lasts and delay nothing but its own queue.
"""

from __future__ import annotations

import contextlib
import itertools
import logging
import threading
from collections import deque
from collections.abc import Callable, Collection, Hashable, Iterable
from typing import Any, Generic, TypeVar

from .history import ObjectKey
from .threads import Bed, Flag

Item = TypeVar("Item")

#: Seconds after which a worker without work ends.
IDLE_SECONDS = 5.0

#: So many locks share what belongs to objects.
_LOCKS = 64


class Registration:
    """One handler, registered for the events of one name."""

    __slots__ = ("handler", "name", "number", "once", "removed")

    def __init__(
        self, name: str, handler: Callable[[Any], object], once: bool, number: int
    ) -> None:
        self.name = name
        self.handler = handler
        self.once = once
        self.number = number
        self.removed = False


class Handlers:
    """The registered handlers: those of the library (key ``None``) and those of each object.

    What is read while an event is handled is never changed, only replaced; so handlers may be
    added and removed at any moment, by handlers too, and reading takes no lock.
    """

    def __init__(self) -> None:
        self._numbers = itertools.count(1)
        self._number = 0
        #: Each table is replaced, never changed; for everybody else to be read only.
        self.tables: dict[ObjectKey | None, tuple[Registration, ...]] = {}
        self._of_library: dict[str, tuple[Registration, ...]] = {}
        self.after_fork()

    def after_fork(self) -> None:
        """Make the locks anew: whoever held one is not in this process."""
        # Several, because threads that queue for one lock pass it on at the pace at which the
        # interpreter changes threads, which is slow when all begin and end calls at once.
        self._locks = tuple(threading.RLock() for _ in range(_LOCKS))

    def _lock(self, key: ObjectKey | None) -> threading.RLock:
        return self._locks[hash(key) % _LOCKS]

    def add(
        self, key: ObjectKey | None, name: str, handler: Callable[[Any], object], once: bool
    ) -> None:
        """Register a handler, after those that are there."""
        number = self._number = next(self._numbers)
        registration = Registration(name, handler, once, number)
        with self._lock(key):
            self._replace(key, (*self.tables.get(key, ()), registration))

    def remove(self, key: ObjectKey | None, name: str, handler: Callable[[Any], object]) -> bool:
        """Take the first registration of the handler away; whether there was one."""
        with self._lock(key):
            table = self.tables.get(key, ())
            for registration in table:
                # Equal, not identical: a bound method is a new object each time it is named.
                if registration.name == name and registration.handler == handler:
                    self._take_out(key, table, registration)
                    return True
        return False

    def claim(self, key: ObjectKey | None, registration: Registration) -> bool:
        """Take a handler that runs once away before it runs; ``False`` if another was faster."""
        with self._lock(key):
            if registration.removed:
                return False
            self._take_out(key, self.tables.get(key, ()), registration)
            return True

    def drop(self, key: ObjectKey, up_to: int | None = None) -> None:
        """Drop the object's handlers: all, or those with a number up to the given one."""
        if key not in self.tables:
            return
        with self._lock(key):
            table = self.tables.get(key, ())
            rest = () if up_to is None else tuple(r for r in table if r.number > up_to)
            self._replace(key, rest)

    @property
    def number(self) -> int:
        """The number of the newest registration."""
        return self._number

    def objects(self) -> list[ObjectKey]:
        """The objects that have handlers."""
        return [key for key in list(self.tables) if key is not None]

    def of_library(self, kind: str, names: Collection[str]) -> tuple[Registration, ...]:
        """The library's handlers for an event of this type, which is also known by ``names``."""
        resolved = self._of_library
        found = resolved.get(kind)
        if found is None:
            table = self.tables.get(None, ())
            found = tuple(r for r in table if r.name in names)
            # A server may invent types without end.
            if len(resolved) < 4096:
                resolved[kind] = found
        return found

    def _take_out(
        self,
        key: ObjectKey | None,
        table: tuple[Registration, ...],
        registration: Registration,
    ) -> None:
        registration.removed = True
        self._replace(key, tuple(r for r in table if r is not registration))

    def _replace(self, key: ObjectKey | None, table: tuple[Registration, ...]) -> None:
        if table:
            self.tables[key] = table
        else:
            self.tables.pop(key, None)
        if key is None:
            # A new dictionary, after the table: a reader that is filling the old one with what
            # it read before leaves no trace.
            self._of_library = {}


class Dispatcher(Generic[Item]):
    """Runs items: those of one key in order, those of different keys side by side.

    At most one worker at a time is on its way to a queue that waits; when it has come, it calls
    the next for what is left.  So short handlers are run by few threads, and a handler that
    blocks never keeps a waiting queue from getting a thread.  Threads are started by a thread of
    its own: a start waits for the new thread to run, and that time belongs to the handlers.

    Many threads meet here, and a lock that many wait for is passed on at the pace at which the
    interpreter changes threads.  So there is none for all: queues are guarded by one of many, chosen by
    their key, and what is common is done by operations of lists and deques that are atomic.

    Args:
        run: runs one item; it must not raise.
        name: of the threads.
        logger: for what cannot be told otherwise.
        idle_seconds: how long a worker without work stays.
    """

    def __init__(
        self,
        run: Callable[[Item], None],
        *,
        name: str,
        logger: logging.Logger,
        idle_seconds: float = IDLE_SECONDS,
    ) -> None:
        self._run = run
        self._name = name
        self._logger = logger
        self._idle_seconds = idle_seconds
        self._locks = tuple(threading.RLock() for _ in range(_LOCKS))
        #: The queues that have items or run one; each is in ``_ready`` or has a worker.
        self._queues: dict[Hashable, deque[Item]] = {}
        self._ready: deque[tuple[Hashable, deque[Item]]] = deque()
        self._workers: set[Bed] = set()
        self._sleeping: list[Bed] = []
        #: Holds the right to call a worker; empty while one is on its way.
        self._call = [True]
        self._starter: Bed | None = None
        self._starter_lock = threading.RLock()
        self._started = 0
        self._drained: list[Flag] = []

    def submit(self, runs: Iterable[tuple[Hashable, list[Item], int | None]]) -> list[Item]:
        """Queue items, those of each run under its key; never waits.

        The number of a run says which of its items is the first that somebody wants, if any
        (``None``).  Those that nobody wants yet are queued only behind others that are still to
        run, since these may add a handler for them.  The items left out are returned.
        """
        left_out: list[Item] = []
        queues, ready, locks = self._queues, self._ready, self._locks
        for key, items, wanted in runs:
            with locks[hash(key) % _LOCKS]:
                queue = queues.get(key)
                if queue is not None:
                    queue.extend(items)
                elif wanted is not None:
                    left_out += items[:wanted]
                    queue = queues[key] = deque(items[wanted:])
                    ready.append((key, queue))
                else:
                    left_out += items
        self._call_worker()
        return left_out

    def clear(self) -> list[Item]:
        """Take all items out that have not begun to run, and return them."""
        items: list[Item] = []
        for queue in list(self._queues.values()):
            with contextlib.suppress(IndexError):
                while True:
                    items.append(queue.popleft())
        return items

    def drain(self, seconds: float) -> bool:
        """Wait until nothing is queued or running, ``seconds`` at most; whether it is so."""
        done = Flag()
        self._drained.append(done)
        if not self._queues:
            done.set()
        in_time = done.wait(seconds)
        self._drained.remove(done)
        return in_time

    @property
    def threads(self) -> int:
        """How many worker threads there are."""
        return len(self._workers)

    def _call_worker(self) -> None:
        """Call a worker, if a queue waits and none is on its way."""
        if not self._ready:
            return
        try:
            self._call.pop()
        except IndexError:
            return
        try:
            # The one that slept last: the others may reach the end of their time.
            bed = self._sleeping.pop()
        except IndexError:
            self._call_starter()
        else:
            bed.wake()

    def _call_starter(self) -> None:
        with self._starter_lock:
            if self._starter is not None:
                self._starter.wake()
                return
            bed = Bed()
            thread = threading.Thread(
                target=self._start_workers, args=(bed,), name=f"{self._name}-starter", daemon=True
            )
            try:
                thread.start()
            except RuntimeError:
                self._go_on_without_thread()
                return
            self._starter = bed
            bed.wake()

    def _start_workers(self, bed: Bed) -> None:
        """Start a worker each time one is called and none sleeps."""
        while True:
            if not bed.sleep(self._idle_seconds):
                with self._starter_lock:
                    if not bed.sleep(0):
                        self._starter = None
                        return
            self._started += 1
            name = f"{self._name}-{self._started}"
            worker = Bed()
            self._workers.add(worker)
            thread = threading.Thread(target=self._work, args=(worker,), name=name, daemon=True)
            try:
                thread.start()
            except RuntimeError:
                self._workers.discard(worker)
                self._go_on_without_thread()

    def _go_on_without_thread(self) -> None:
        """Leave what waits to the worker that comes free next."""
        self._call.append(True)
        self._logger.error(
            "no further thread can be started: events of %d objects wait for one of the %d that run",
            len(self._ready),
            len(self._workers),
        )

    def _work(self, bed: Bed) -> None:
        """Take one queue after the other, and sleep while there is none."""
        called = True
        while True:
            if called:
                # Before it looks for a queue: who puts one there relies on it until now.
                self._call.append(True)
                called = False
            try:
                key, queue = self._ready.popleft()
            except IndexError:
                self._sleeping.append(bed)
                # A queue may have come before the bed was there to be seen.
                self._call_worker()
                if not bed.sleep(self._idle_seconds):
                    try:
                        self._sleeping.remove(bed)
                    except ValueError:
                        # It was called in the very moment in which it woke by itself.
                        bed.sleep()
                    else:
                        self._workers.discard(bed)
                        return
                called = True
            else:
                self._call_worker()
                self._serve(key, queue)

    def _serve(self, key: Hashable, queue: deque[Item]) -> None:
        """Run a queue until it is empty."""
        run = self._run
        while True:
            try:
                item = queue.popleft()
            except IndexError:
                with self._locks[hash(key) % _LOCKS]:
                    if queue:
                        continue
                    del self._queues[key]
                break
            try:
                run(item)
            except BaseException:
                # The thread must live on: its queue would never be served again.
                self._logger.exception("an event could not be handled")
            # Not kept alive until the next one comes.
            del item
        if self._drained and not self._queues:
            for done in list(self._drained):
                done.set()
