"""What happened to each object of late, and when an object is over.

``wait_for`` reads the history, so that it also finds what came before it was called: between the call
that made an object and the line of the program that waits for it.
"""

from __future__ import annotations

import heapq
import threading
from collections.abc import Container
from time import monotonic

#: The identity of an object: its model's name and its ids.
ObjectKey = tuple[str, tuple[str, ...]]

#: Events kept for each object and each type: a burst of one type must not displace the others.
KEPT = 64

#: Objects remembered at most.  A server may tell of objects whose end it never tells.
REMEMBERED = 20_000

#: One event for the history: the object it names (``None`` for the library, which is named by
#: all), its type, its number and its content.  The content of a server's event is the JSON text: it
#: takes a fifth of the parsed value's memory, and most of it is never looked at again.
Record = tuple["ObjectKey | None", str, int, object]


class _Past:
    """The events of one object, by type."""

    __slots__ = ("kinds", "last")

    def __init__(self) -> None:
        self.kinds: dict[str, list[tuple[int, object]]] = {}
        self.last = 0


class _Waiter:
    """One call of ``wait_for`` that has not yet found its event."""

    __slots__ = ("cancelled", "kinds", "woken")

    def __init__(self, kinds: Container[str]) -> None:
        self.kinds = kinds
        self.cancelled: str | None = None
        self.woken = threading.Lock()
        self.woken.acquire()

    def wake(self) -> None:
        # Only ever called with the history's lock held, so that nobody releases it twice.
        if self.woken.locked():
            self.woken.release()


class Cancelled(Exception):
    """The wait cannot end any more; the text says why."""


class History:
    """The late events of living objects.  The reader fills it, ``wait_for`` reads it."""

    def __init__(self, kept: int = KEPT, remembered: int = REMEMBERED) -> None:
        self._kept = kept
        self._remembered = remembered
        self._lock = threading.Lock()
        self._pasts: dict[ObjectKey | None, _Past] = {}
        self._waiters: dict[ObjectKey | None, list[_Waiter]] = {}
        self._closed: str | None = None

    def __len__(self) -> int:
        """How many objects are remembered."""
        return len(self._pasts) - (None in self._pasts)

    def record(self, records: list[Record]) -> None:
        """Take note of events, and wake who waits for one of them."""
        with self._lock:
            pasts, kept, waiters = self._pasts, self._kept, self._waiters
            for key, kind, number, content in records:
                past = pasts.get(key)
                if past is None:
                    past = pasts[key] = _Past()
                past.last = number
                events = past.kinds.get(kind)
                if events is None:
                    past.kinds[kind] = [(number, content)]
                else:
                    events.append((number, content))
                    # Cutting now and then is cheaper than moving the list for each event.
                    if len(events) > 2 * kept:
                        del events[:-kept]
                if waiters and key in waiters:
                    for waiter in waiters[key]:
                        if kind in waiter.kinds:
                            waiter.wake()
            if len(pasts) > self._remembered:
                self._prune()

    def _prune(self) -> None:
        """Forget the quarter of the objects that was silent the longest."""
        keys = sorted((past.last, key) for key, past in self._pasts.items() if key is not None)
        for _, key in keys[: max(1, len(keys) // 4)]:
            del self._pasts[key]

    def last(self, key: ObjectKey) -> int | None:
        """The number of the newest event of the object, if it has one."""
        past = self._pasts.get(key)
        return None if past is None else past.last

    def forget(self, key: ObjectKey) -> None:
        """Drop the object's events."""
        with self._lock:
            self._pasts.pop(key, None)

    def find(
        self,
        key: ObjectKey | None,
        event: str,
        kinds: Container[str],
        since: int,
        cursor: dict[str, int],
    ) -> tuple[int, object] | None:
        """The first event of these types that is newer than ``since`` and than those that were
        found before: ``cursor`` remembers the newest for each name ``event``."""
        with self._lock:
            return self._find(key, event, kinds, since, cursor)

    def wait(
        self,
        key: ObjectKey | None,
        event: str,
        kinds: Container[str],
        since: int,
        cursor: dict[str, int],
        until: float | None,
    ) -> tuple[int, object] | None:
        """As ``find``, waiting for the event; ``None`` if it has not come until that moment.

        Raises:
            Cancelled: it was closed, or is so before the event has come.
        """
        waiter = _Waiter(kinds)
        with self._lock:
            found = self._find(key, event, kinds, since, cursor)
            if found is not None:
                return found
            if self._closed is not None:
                raise Cancelled(self._closed)
            self._waiters.setdefault(key, []).append(waiter)
        try:
            while True:
                left = -1 if until is None else max(0.0, min(until - monotonic(), 1e6))
                in_time = waiter.woken.acquire(timeout=left)
                with self._lock:
                    found = self._find(key, event, kinds, since, cursor)
                if found is not None:
                    return found
                if waiter.cancelled is not None:
                    raise Cancelled(waiter.cancelled)
                if not in_time:
                    return None
        finally:
            with self._lock:
                waiting = self._waiters[key]
                waiting.remove(waiter)
                if not waiting:
                    del self._waiters[key]

    def _find(
        self,
        key: ObjectKey | None,
        event: str,
        kinds: Container[str],
        since: int,
        cursor: dict[str, int],
    ) -> tuple[int, object] | None:
        past = self._pasts.get(key)
        after = max(since, cursor.get(event, 0))
        if past is None or past.last <= after:
            return None
        best: tuple[int, object] | None = None
        for kind, events in past.kinds.items():
            if kind not in kinds or events[-1][0] <= after:
                continue
            for entry in events:
                if entry[0] > after:
                    if best is None or entry[0] < best[0]:
                        best = entry
                    break
        if best is not None:
            cursor[event] = best[0]
        return best

    def open(self) -> None:
        """Events will come: calls of ``wait`` may wait."""
        with self._lock:
            self._closed = None

    def close(self, reason: str) -> None:
        """End every wait, and those to come: no event will come any more."""
        with self._lock:
            self._closed = reason
            for waiting in self._waiters.values():
                for waiter in waiting:
                    waiter.cancelled = reason
                    waiter.wake()


class Lifetimes:
    """The objects that are over, and the moment at which each may be forgotten."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        # key -> (moment, number of the ending event, span); the heap may also hold moments that a
        # later ending of the same object has replaced.
        self._ended: dict[ObjectKey, tuple[float, int, float]] = {}
        self._heap: list[tuple[float, ObjectKey]] = []

    def __len__(self) -> int:
        return len(self._ended)

    def __contains__(self, key: object) -> bool:
        return key in self._ended

    def end(self, key: ObjectKey, number: int, span: float) -> None:
        """The event of that number ended the object, to be forgotten ``span`` seconds from now."""
        moment = monotonic() + span
        with self._lock:
            self._ended[key] = (moment, number, span)
            heapq.heappush(self._heap, (moment, key))

    def revive(self, key: ObjectKey) -> None:
        """The object lives after all."""
        with self._lock:
            self._ended.pop(key, None)

    def due(self) -> list[tuple[ObjectKey, int, float]]:
        """The objects whose moment has come: each with its ending event's number and its span."""
        now = monotonic()
        heap = self._heap
        if not heap or heap[0][0] > now:
            return []
        result = []
        with self._lock:
            while heap and heap[0][0] <= now:
                moment, key = heapq.heappop(heap)
                entry = self._ended.get(key)
                if entry is not None and entry[0] == moment:
                    del self._ended[key]
                    result.append((key, entry[1], entry[2]))
        return result

    def next(self) -> float | None:
        """The moment at which ``due`` has something, if it is known."""
        heap = self._heap
        return heap[0][0] if heap else None
