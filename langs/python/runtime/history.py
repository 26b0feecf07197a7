"""What happened to each object of late, and when an object is over.

``wait_for`` reads the history, so that it also finds what came before it was called: between the call
that made an object and the line of the program that waits for it.
"""

from __future__ import annotations

import contextlib
import heapq
import threading
from collections import deque
from collections.abc import Collection, Container, Mapping
from time import monotonic

#: The identity of an object: its model's name and its ids.
ObjectKey = tuple[str, tuple[str, ...]]

#: Events kept for each object and each type: a burst of one type must not displace the others.
KEPT = 64

#: Objects remembered at most.  A server may tell of objects whose end it never tells.
REMEMBERED = 20_000

#: Types remembered at most.
_KINDS = 1000

#: So many locks share the objects that somebody waits for.
_LOCKS = 64

#: One event for the history: its number, and its content.  That of a server's event is the JSON text:
#: it takes a fifth of the parsed value's memory, and most of it is never looked at again.
Entry = tuple[int, object]


class _Past:
    """The events of one object, by type."""

    __slots__ = ("kinds", "last", "over")

    def __init__(self) -> None:
        self.kinds: dict[str, list[Entry]] = {}
        self.last = 0
        self.over = False


class _Waiter:
    """One call of ``wait_for`` that has not yet found its event."""

    __slots__ = ("cancelled", "kinds", "over", "woken")

    def __init__(self, kinds: Container[str]) -> None:
        self.kinds = kinds
        self.cancelled: str | None = None
        self.over = False
        self.woken = threading.Lock()
        self.woken.acquire()

    def wake(self) -> None:
        """Let it look again; from any thread, and more than once."""
        with contextlib.suppress(RuntimeError):
            self.woken.release()


class Cancelled(Exception):
    """The wait cannot end any more; the text says why."""


class Over(Exception):
    """The wait cannot end any more: the object is over."""


class History:
    """The late events of living objects.  The reader fills it, ``wait_for`` reads it."""

    def __init__(self, kept: int = KEPT, remembered: int = REMEMBERED) -> None:
        self._kept = kept
        self._remembered = remembered
        # Several, because threads that queue for one lock pass it on at the pace at which the
        # interpreter changes threads.
        self._locks = tuple(threading.RLock() for _ in range(_LOCKS))
        self._all: dict[str, deque[Entry]] = {}
        self._pasts: dict[ObjectKey, _Past] = {}
        self._waiters: dict[ObjectKey | None, list[_Waiter]] = {}
        self._closed: str | None = None

    def __len__(self) -> int:
        """How many objects are remembered."""
        return len(self._pasts)

    def record(self, runs: list[tuple[str, list[Entry]]]) -> None:
        """Take note of events, by type, and wake who waits for one, of whatever object.

        One thread at a time calls this, ``record_of`` and ``forget``.  None of them takes a lock, so
        that no number of waiting threads holds up the reader.
        """
        kinds = self._all
        for kind, entries in runs:
            events = kinds.get(kind)
            if events is None:
                if len(kinds) >= _KINDS:
                    # A server that invents types without end shall not fill the memory.
                    del kinds[next(iter(kinds))]
                events = kinds[kind] = deque(maxlen=self._kept)
            events.extend(entries)
            if self._waiters:
                self._wake(None, kind)

    def record_of(self, records: list[tuple[ObjectKey, str, Entry]]) -> None:
        """Take note that events named objects, and wake who waits for one of those."""
        pasts, kept, waiters = self._pasts, self._kept, self._waiters
        for key, kind, entry in records:
            past = pasts.get(key)
            if past is None:
                past = pasts[key] = _Past()
            past.last = entry[0]
            # Whoever is heard of again is there again.
            past.over = False
            events = past.kinds.get(kind)
            if events is None:
                past.kinds[kind] = [entry]
            else:
                events.append(entry)
                if len(events) > 2 * kept:
                    # Cutting now and then is cheaper than moving the list for each event.  A new
                    # list, since somebody may be looking through the old one.
                    past.kinds[kind] = events[-kept:]
            if waiters:
                self._wake(key, kind)
        if len(pasts) > self._remembered:
            self._prune()

    def _wake(self, key: ObjectKey | None, kind: str) -> None:
        # Who waits has put itself here before it looked through the events.
        for waiter in list(self._waiters.get(key, ())):
            if kind in waiter.kinds:
                waiter.wake()

    def _prune(self) -> None:
        """Forget the quarter of the objects that was silent the longest."""
        keys = sorted((past.last, key) for key, past in list(self._pasts.items()))
        for _, key in keys[: max(1, len(keys) // 4)]:
            self._pasts.pop(key, None)

    def last(self, key: ObjectKey) -> int | None:
        """The number of the newest event of the object, if it has one."""
        past = self._pasts.get(key)
        return None if past is None else past.last

    def end(self, key: ObjectKey, number: int) -> None:
        """The event of that number, if it is the newest, ended the object: end every wait for it.

        Those to come end as well.  Only the thread that calls ``record_of`` calls this."""
        past = self._pasts.get(key)
        if past is not None and past.last == number:
            past.over = True
            for waiter in list(self._waiters.get(key, ())):
                waiter.wake()

    def forget(self, key: ObjectKey) -> None:
        """Drop the events of an object that is over, and end every wait for it."""
        self._pasts.pop(key, None)
        for waiter in list(self._waiters.get(key, ())):
            waiter.over = True
            waiter.wake()

    def wait(
        self,
        key: ObjectKey | None,
        event: str,
        kinds: Container[str],
        since: int,
        cursor: dict[str, int],
        until: float | None,
    ) -> Entry | None:
        """The first event of these types that is newer than ``since`` and than those found before.

        ``cursor`` remembers the newest that was found for each name ``event``.  It waits for the event if
        need be; ``None`` if it has not come until that moment.

        Raises:
            Cancelled: it was closed, or is so before the event has come.
            Over: the object is over, or is so before the event has come.
        """
        lock = self._lock(key)
        with lock:
            found = self._find(key, event, kinds, since, cursor)
        if found is not None:
            return found
        waiter = _Waiter(kinds)
        with lock:
            self._waiters.setdefault(key, []).append(waiter)
        in_time = True
        try:
            while True:
                # Also before the first sleep: what came meanwhile has woken nobody.
                with lock:
                    found = self._find(key, event, kinds, since, cursor)
                if found is not None:
                    return found
                reason = waiter.cancelled or self._closed
                if reason is not None:
                    raise Cancelled(reason)
                if waiter.over or self._is_over(key, since):
                    raise Over
                if not in_time:
                    return None
                left = -1 if until is None else max(0.0, min(until - monotonic(), 1e6))
                in_time = waiter.woken.acquire(timeout=left)
        finally:
            with lock:
                waiting = self._waiters[key]
                waiting.remove(waiter)
                if not waiting:
                    del self._waiters[key]

    def _is_over(self, key: ObjectKey | None, since: int) -> bool:
        """Whether an object that was there at event number ``since`` is over."""
        past = None if key is None else self._pasts.get(key)
        # What was made after the end is a new object with the same id.
        return past is not None and past.over and past.last > since

    def _find(
        self,
        key: ObjectKey | None,
        event: str,
        kinds: Container[str],
        since: int,
        cursor: dict[str, int],
    ) -> Entry | None:
        after = max(since, cursor.get(event, 0))
        past = None if key is None else self._pasts.get(key)
        all_kinds: Mapping[str, Collection[Entry]] = {}
        if past is not None:
            all_kinds = past.kinds
        elif key is None:
            all_kinds = self._all
        best: Entry | None = None
        for kind, events in list(all_kinds.items()):
            if kind not in kinds:
                continue
            for entry in list(events):
                if entry[0] > after:
                    if best is None or entry[0] < best[0]:
                        best = entry
                    break
        if best is not None:
            cursor[event] = best[0]
        return best

    def open(self) -> None:
        """Events will come: calls of ``wait`` may wait."""
        self._closed = None

    def close(self, reason: str) -> None:
        """End every wait, and those to come: no event will come any more."""
        self._closed = reason
        for waiting in list(self._waiters.values()):
            for waiter in list(waiting):
                waiter.cancelled = reason
                waiter.wake()

    def _lock(self, key: ObjectKey | None) -> threading.RLock:
        return self._locks[hash(key) % _LOCKS]


class Lifetimes:
    """The objects that are over, and the moment at which each may be forgotten.

    Any thread may call ``end``, which takes no lock; the rest is the reader's.
    """

    def __init__(self) -> None:
        # key -> (moment, number of the ending event, span).  The heap may also hold moments that a
        # later ending of the same object has replaced.
        self._ended: dict[ObjectKey, tuple[float, int, float]] = {}
        self._new: deque[tuple[float, ObjectKey]] = deque()
        self._heap: list[tuple[float, ObjectKey]] = []

    def __len__(self) -> int:
        """How many objects wait to be forgotten."""
        return len(self._ended)

    def __contains__(self, key: object) -> bool:
        return key in self._ended

    def end(self, key: ObjectKey, number: int, span: float) -> None:
        """The event of that number ended the object, to be forgotten ``span`` seconds from now."""
        moment = monotonic() + span
        self._ended[key] = (moment, number, span)
        self._new.append((moment, key))

    def next(self) -> float | None:
        """The moment at which ``due`` has something, if it is known."""
        heap, new = self._heap, self._new
        while new:
            heapq.heappush(heap, new.popleft())
        return heap[0][0] if heap else None

    def due(self) -> list[tuple[ObjectKey, int, float]]:
        """The objects whose moment has come: each with its ending event's number and its span."""
        first = self.next()
        now = monotonic()
        result: list[tuple[ObjectKey, int, float]] = []
        if first is None or first > now:
            return result
        heap = self._heap
        while heap and heap[0][0] <= now:
            moment, key = heapq.heappop(heap)
            entry = self._ended.pop(key, None)
            if entry is None:
                continue
            if entry[0] == moment:
                result.append((key, entry[1], entry[2]))
            else:
                # It ended once more, and its moment is still to come.
                self._ended.setdefault(key, entry)
        return result
