"""Handlers and the queues they run in.

The reader puts events into queues and goes on reading; worker threads run the handlers.  Events
of one queue run in order, one at a time; each busy queue has a thread of its own, so that a handler may
block for as long as a call lasts and delay nothing but its own queue.
"""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable, Collection, Hashable, Iterable
from typing import Any, Generic, TypeVar

from .history import ObjectKey

Item = TypeVar("Item")

#: Seconds after which a worker without work ends.
IDLE_SECONDS = 5.0


class Registration:
    """One handler, registered for the events of one name."""

    __slots__ = ("handler", "name", "number", "once", "removed")

    def __init__(self, name: str, handler: Callable[[Any], object], once: bool, number: int) -> None:
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
        self._lock = threading.Lock()
        self._number = 0
        self._tables: dict[ObjectKey | None, tuple[Registration, ...]] = {}
        self._of_library: dict[str, tuple[Registration, ...]] = {}

    def add(
        self, key: ObjectKey | None, name: str, handler: Callable[[Any], object], once: bool
    ) -> None:
        """Register a handler, after those that are there."""
        with self._lock:
            self._number += 1
            registration = Registration(name, handler, once, self._number)
            self._replace(key, (*self._tables.get(key, ()), registration))

    def remove(self, key: ObjectKey | None, name: str, handler: Callable[[Any], object]) -> bool:
        """Take the first registration of the handler away; whether there was one."""
        with self._lock:
            table = self._tables.get(key, ())
            for registration in table:
                # Equal, not identical: a bound method is a new object each time it is named.
                if registration.name == name and registration.handler == handler:
                    self._take_out(key, table, registration)
                    return True
        return False

    def claim(self, key: ObjectKey | None, registration: Registration) -> bool:
        """Take a handler that runs once away before it runs; ``False`` if another was faster."""
        with self._lock:
            if registration.removed:
                return False
            self._take_out(key, self._tables.get(key, ()), registration)
            return True

    def drop(self, key: ObjectKey, up_to: int | None = None) -> None:
        """Drop the object's handlers: all, or those with a number up to the given one."""
        with self._lock:
            table = self._tables.get(key)
            if table is not None:
                rest = () if up_to is None else tuple(r for r in table if r.number > up_to)
                self._replace(key, rest)

    def after_fork(self) -> None:
        """Make the lock anew: whoever held it is not in this process."""
        self._lock = threading.Lock()

    @property
    def number(self) -> int:
        """The number of the newest registration."""
        return self._number

    def keys(self) -> list[ObjectKey]:
        """The objects that have handlers."""
        with self._lock:
            return [key for key in self._tables if key is not None]

    def table(self, key: ObjectKey) -> tuple[Registration, ...] | None:
        """All handlers of the object, or ``None``."""
        return self._tables.get(key)

    def of_library(self, kind: str, names: Collection[str]) -> tuple[Registration, ...]:
        """The library's handlers for an event of this type, which is also known by ``names``."""
        resolved = self._of_library
        found = resolved.get(kind)
        if found is None:
            table = self._tables.get(None, ())
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
            self._tables[key] = table
        else:
            self._tables.pop(key, None)
        if key is None:
            # A new dictionary, after the table: a reader that is filling the old one with what
            # it read before leaves no trace.
            self._of_library = {}


class _Worker:
    """A thread that runs queues, and its bed: the lock it sleeps on while there are none."""

    __slots__ = ("bed",)

    def __init__(self) -> None:
        self.bed = threading.Lock()
        self.bed.acquire()


class Dispatcher(Generic[Item]):
    """Runs items: those of one key in order, those of different keys side by side.

    At most one worker at a time is on its way to a queue that waits; when it has taken one, it calls
    the next for what is left.  So short handlers are run by few threads, and a handler that
    blocks never keeps a waiting queue from getting a thread.

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
        self._lock = threading.Lock()
        self._queues: dict[Hashable, deque[Item]] = {}
        self._ready: deque[Hashable] = deque()
        self._sleeping: list[_Worker] = []
        self._coming = False
        self._started = 0
        self._workers = 0
        self._drained: list[threading.Event] = []

    def submit(self, items: Iterable[tuple[Hashable, Item, bool]]) -> list[Item]:
        """Queue items, each under its key; never waits.

        An item that is not wanted by anybody yet (``False``) is queued only behind others that
        are still to run, since they may add a handler for it.  The items left out are returned.
        """
        left_out: list[Item] = []
        with self._lock:
            queues, ready = self._queues, self._ready
            for key, item, wanted in items:
                queue = queues.get(key)
                if queue is not None:
                    queue.append(item)
                elif wanted:
                    queues[key] = deque((item,))
                    ready.append(key)
                else:
                    left_out.append(item)
            if ready and not self._coming:
                self._call_worker()
        return left_out

    def clear(self) -> list[Item]:
        """Take all items out that have not begun to run, and return them."""
        with self._lock:
            items: list[Item] = []
            for queue in self._queues.values():
                while queue:
                    items.append(queue.popleft())
            return items

    def drain(self, seconds: float) -> bool:
        """Wait until nothing is queued or running, ``seconds`` at most; whether it is so."""
        done = threading.Event()
        with self._lock:
            if not self._queues:
                return True
            self._drained.append(done)
        return done.wait(seconds)

    @property
    def threads(self) -> int:
        """How many worker threads there are."""
        return self._workers

    def _call_worker(self) -> None:
        """Wake or start a worker for the first queue that waits; with the lock held."""
        self._coming = True
        if self._sleeping:
            # The one that slept last: the others may reach the end of their time.
            self._sleeping.pop().bed.release()
            return
        self._started += 1
        thread = threading.Thread(
            target=self._work, args=(_Worker(),), name=f"{self._name}-{self._started}", daemon=True
        )
        self._workers += 1
        try:
            thread.start()
        except RuntimeError:
            # No more threads to be had.  A worker that comes free will take the queue.
            self._workers -= 1
            self._coming = False
            self._logger.error(
                "no further thread can be started: events of %d objects wait for one of the "
                "%d that run",
                len(self._ready),
                self._workers,
            )

    def _work(self, worker: _Worker) -> None:
        called = True
        while True:
            with self._lock:
                if called:
                    self._coming = False
                    called = False
                if self._ready:
                    key = self._ready.popleft()
                    queue = self._queues[key]
                    if self._ready and not self._coming:
                        self._call_worker()
                else:
                    self._sleeping.append(worker)
                    queue = None
            if queue is not None:
                self._serve(key, queue)
            elif worker.bed.acquire(timeout=self._idle_seconds):
                called = True
            else:
                with self._lock:
                    if worker in self._sleeping:
                        self._sleeping.remove(worker)
                        self._workers -= 1
                        return
                # It was called in the very moment in which it woke by itself.
                worker.bed.acquire()
                called = True

    def _serve(self, key: Hashable, queue: deque[Item]) -> None:
        """Run a queue until it is empty."""
        run = self._run
        while True:
            try:
                item = queue.popleft()
            except IndexError:
                with self._lock:
                    if queue:
                        continue
                    del self._queues[key]
                    if not self._queues:
                        for done in self._drained:
                            done.set()
                        self._drained.clear()
                    return
            try:
                run(item)
            except BaseException:
                # The thread must live on: its queue would never be served again.
                self._logger.exception("an event could not be handled")
            # Not kept alive until the next one comes.
            del item
