"""``wait_for``, the history it reads, and what is forgotten when an object ends."""

from __future__ import annotations

import gc
import sys
import threading
import time
import weakref
from types import SimpleNamespace
from typing import Any

import pytest
from events_support import (
    SOON,
    Notes,
    connected,
    errors,
    events,
    free_port,
    history,
    lamp,
    lamp_key,
    stream_to,
    wait_until,
)


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look for objects to forget more often than a program needs it."""
    monkeypatch.setattr(events, "TICK_SECONDS", 0.05)


def later(action: Any, seconds: float = 0.1) -> None:
    """Do it in a while, in another thread."""
    timer = threading.Timer(seconds, action)
    timer.daemon = True
    timer.start()


def read(c: SimpleNamespace, *messages: Any) -> None:
    """Send messages and wait until they have been read."""
    number = c.stream.sequence() + len(messages)
    c.peer.send(*messages)
    wait_until(lambda: c.stream.sequence() >= number)


@pytest.mark.parametrize(("key", "number"), [(lamp_key("a"), 3), (None, 1)])
def test_waits_for_what_has_not_come(key: Any, number: int) -> None:
    with connected() as c:
        later(lambda: c.peer.send(lamp("b"), lamp("a", "LampOff"), lamp("a", n=1)))
        begun = time.monotonic()
        event = c.stream.wait_for(key, "LampOn", SOON, 0, {})
        assert time.monotonic() - begun < SOON / 2
    assert event.raw == (lamp("b") if key is None else lamp("a", n=1))
    assert event.number == number


def test_sees_what_came_since_the_object_was_made() -> None:
    with connected() as c:
        read(c, lamp("a", n=1))
        since = c.stream.sequence()
        read(c, lamp("a", n=2), lamp("a", n=3))
        event = c.stream.wait_for(lamp_key("a"), "LampOn", SOON, since, {})
    assert event.raw["n"] == 2


def test_each_call_returns_the_next_event() -> None:
    """The cursor is the object's own: another Python object of the same lamp begins anew."""
    key = lamp_key("a")
    mine: dict[str, int] = {}
    other: dict[str, int] = {}
    with connected() as c:
        read(c, lamp("a", n=1), lamp("a", "LampOff", n=2), lamp("a", n=3))
        numbers = [c.stream.wait_for(key, "LampOn", SOON, 0, mine).raw["n"] for _ in range(2)]
        assert numbers == [1, 3]
        assert c.stream.wait_for(key, "LampOff", SOON, 0, mine).raw["n"] == 2
        assert c.stream.wait_for(key, "HouseEvent", SOON, 0, mine).raw["n"] == 1
        assert c.stream.wait_for(key, "LampOn", SOON, 0, other).raw["n"] == 1
        with pytest.raises(errors.TimeoutException):
            c.stream.wait_for(key, "LampOn", 0.02, 0, mine)


def test_base_types_come_in_the_order_of_arrival() -> None:
    key = lamp_key("a")
    cursor: dict[str, int] = {}
    messages = [
        lamp("a", "LampOff", n=0),
        lamp("a", n=1),
        {"kind": "LampsSwapped", "first": {"id": "b"}, "second": {"id": "a"}, "n": 2},
        lamp("a", "LampOff", n=3),
    ]
    with connected() as c:
        read(c, *messages)
        got = [c.stream.wait_for(key, "HouseEvent", SOON, 0, cursor).raw["n"] for _ in messages]
    assert got == [0, 1, 2, 3]


def test_the_library_waits_for_any_object_and_for_unknown_types() -> None:
    with connected() as c:
        read(c, {"kind": "Complaint"}, {"kind": "Earthquake", "strength": 9})
        assert c.stream.wait_for(None, "HouseEvent", SOON, 0, {}).raw["strength"] == 9
        assert c.stream.wait_for(None, "Anything", SOON, 0, {}).kind == "Complaint"


def test_says_what_did_not_come_and_when() -> None:
    with connected() as c:
        begun = time.monotonic()
        with pytest.raises(
            errors.TimeoutException, match=r"no LampOn of Lamp 'a' came within 0\.1 s"
        ):
            c.stream.wait_for(lamp_key("a"), "LampOn", 0.1, 0, {})
        assert 0.1 <= time.monotonic() - begun < 1
        assert c.stream._history._waiters == {}


def test_a_misspelt_name_is_warned_of() -> None:
    with (
        connected() as c,
        pytest.warns(UserWarning, match="Did you mean LampOn"),
        pytest.raises(errors.TimeoutException),
    ):
        c.stream.wait_for(lamp_key("a"), "LampsOn", 0.01, 0, {})


def test_may_be_called_in_handlers() -> None:
    """A handler waits for an event of its own object, which is queued behind it."""
    got = Notes()
    with connected() as c:

        def handle(event: Any) -> None:
            got(c.stream.wait_for(lamp_key("a"), "LampOff", SOON, event.number, {}))

        c.stream.add_event_handler(lamp_key("a"), "LampOn", handle)
        read(c, lamp("a", "LampOff", n=0), lamp("a"))
        c.peer.send(lamp("a", "LampOff", n=1))
        assert got.wait()[0].raw["n"] == 1


def test_many_wait_at_once() -> None:
    """Each thread is woken by its own object's event; two with one cursor share the events."""
    got: dict[str, Any] = {}
    cursor: dict[str, int] = {}
    with connected() as c:

        def wait(name: str, cursor: dict[str, int]) -> None:
            key = name.partition(" ")[0]
            got[name] = c.stream.wait_for(lamp_key(key), "LampOn", SOON, 0, cursor).raw["n"]

        names = [f"lamp{number}" for number in range(50)]
        threads = [threading.Thread(target=wait, args=(name, {}), daemon=True) for name in names]
        threads += [
            threading.Thread(target=wait, args=(f"s {n}", cursor), daemon=True) for n in range(2)
        ]
        for thread in threads:
            thread.start()
        c.peer.send(*[lamp(name, n=name) for name in names], lamp("s", n=1), lamp("s", n=2))
        for thread in threads:
            thread.join(SOON)
    assert {name: got[name] for name in names} == {name: name for name in names}
    assert {got["s 0"], got["s 1"]} == {1, 2}


def test_before_connecting_nothing_can_be_waited_for() -> None:
    with (
        stream_to(free_port()) as stream,
        pytest.raises(errors.ConnectionFailedException, match=r"connect\(\) or run\(\)"),
    ):
        stream.wait_for(lamp_key("a"), "LampOn", SOON, 0, {})


def test_stop_ends_the_waiting() -> None:
    """What has come before is found even then."""
    with connected() as c:
        read(c, lamp("b"))
        later(c.stream.stop)
        begun = time.monotonic()
        with pytest.raises(errors.ConnectionFailedException, match=r"LampOn of Lamp 'a'.*stopped"):
            c.stream.wait_for(lamp_key("a"), "LampOn", SOON, 0, {})
        assert time.monotonic() - begun < 2
        assert c.stream.wait_for(lamp_key("b"), "LampOn", SOON, 0, {}).kind == "LampOn"
        with pytest.raises(errors.ConnectionFailedException, match="stopped"):
            c.stream.wait_for(lamp_key("a"), "LampOn", SOON, 0, {})


def test_a_lost_connection_does_not_end_the_waiting() -> None:
    with connected() as c:
        later(lambda: c.peer.cut())
        later(lambda: c.server.peer(1).send(lamp("a")), 0.2)
        assert c.stream.wait_for(lamp_key("a"), "LampOn", SOON, 0, {}).kind == "LampOn"


def test_own_events_can_be_waited_for() -> None:
    with connected() as c:
        since = c.stream.sequence()
        c.peer.cut()
        lost = c.stream.wait_for(None, "ConnectionLost", SOON, since, {})
        restored = c.stream.wait_for(None, "ConnectionRestored", SOON, since, {})
    assert restored.missed_from == lost.since <= restored.missed_to


def test_a_burst_of_one_type_does_not_displace_another() -> None:
    with connected() as c:
        read(c, lamp("a", "LampOff"), *[lamp("a", n=n) for n in range(1000)])
        assert c.stream.wait_for(lamp_key("a"), "LampOff", SOON, 0, {}).kind == "LampOff"
        kept = c.stream._history._pasts[lamp_key("a")].kinds["LampOn"]
        assert history.KEPT <= len(kept) <= 2 * history.KEPT
        first = c.stream.wait_for(lamp_key("a"), "LampOn", SOON, 0, {}).raw["n"]
        assert first >= 1000 - 2 * history.KEPT


def test_the_number_of_remembered_objects_is_limited() -> None:
    """Objects that never end are forgotten when others have been heard of more lately."""
    past = history.History(remembered=100)
    for number in range(1000):
        past.record_of([(lamp_key("kept"), "LampOn", (2 * number, b"{}"))])
        past.record_of([(lamp_key(str(number)), "LampOn", (2 * number + 1, b"{}"))])
    assert len(past) <= 101
    assert past.last(lamp_key("kept")) == 1998
    assert past.last(lamp_key("999")) == 1999
    assert past.last(lamp_key("0")) is None


def test_the_number_of_remembered_types_is_limited() -> None:
    """Even for a server that invents them."""
    past = history.History()
    for number in range(10_000):
        past.record([(f"type {number}", (number, b"{}"))])
    assert len(past._all) <= 1000
    assert "type 9999" in past._all


# --- the end of objects ---------------------------------------------------------------------


def handled(stream: Any) -> set[Any]:
    """The objects that have handlers."""
    return set(stream._handlers.objects())


def test_handlers_are_dropped_at_the_end_after_they_ran() -> None:
    """Those of the ending event run; later ones of the same object do not."""
    gone, on, other = Notes(), Notes(), Notes()
    with connected(history_seconds=0.2) as c:
        c.stream.add_event_handler(lamp_key("a"), "LampGone", gone)
        c.stream.add_event_handler(lamp_key("a"), "LampOn", on)
        c.stream.add_event_handler(lamp_key("b"), "LampOn", other)
        c.peer.send(lamp("a"), lamp("a", "LampGone"))
        gone.wait()
        wait_until(lambda: handled(c.stream) == {lamp_key("b")})
        c.peer.send(lamp("a"), lamp("b"))
        other.wait()
        assert len(on.events) == 1
        wait_until(lambda: c.stream._history.last(lamp_key("a")) is None)
        c.stream.remove_event_handler(lamp_key("a"), "LampOn", on)


def test_an_end_that_nobody_handles_is_an_end() -> None:
    """The end counts even if no handler is there for that very event."""
    on = Notes()
    with connected(history_seconds=0.1) as c:
        c.stream.add_event_handler(lamp_key("a"), "LampOn", on)
        c.peer.send(lamp("a", "LampGone"))
        wait_until(lambda: not handled(c.stream))
        wait_until(lambda: len(c.stream._history) == 0)
        assert len(c.stream._lifetimes) == 0


def test_an_end_that_nobody_handles_before_an_event_that_somebody_does() -> None:
    on = Notes()
    with connected(history_seconds=SOON) as c:
        c.stream.add_event_handler(lamp_key("a"), "LampOn", on)
        c.peer.send(lamp("a", "LampGone"), lamp("a"))
        on.wait()
        wait_until(lambda: not handled(c.stream))


def test_wait_for_finds_the_end_of_an_object_that_is_over() -> None:
    with connected(history_seconds=SOON) as c:
        read(c, lamp("a", "LampGone"))
        wait_until(lambda: not handled(c.stream))
        assert c.stream.wait_for(lamp_key("a"), "LampGone", SOON, 0, {}).kind == "LampGone"


def in_vain(c: SimpleNamespace, name: str, since: int = 0) -> None:
    """Waiting for what does not come any more ends, long before its time."""
    begun = time.monotonic()
    with pytest.raises(errors.IllegalStateException, match="the object has ended"):
        c.stream.wait_for(lamp_key(name), "LampOff", SOON, since, {})
    assert time.monotonic() - begun < SOON / 2


def test_waiting_ends_with_the_object() -> None:
    with connected(history_seconds=SOON) as c:
        later(lambda: c.peer.send(lamp("a"), lamp("a", "LampGone")))
        in_vain(c, "a")
        in_vain(c, "a")
        assert c.stream.wait_for(lamp_key("a"), "LampOn", SOON, 0, {}).kind == "LampOn"
        # What is made now is another lamp with the same id.
        later(lambda: c.peer.send(lamp("a"), lamp("a", "LampOff")))
        assert c.stream.wait_for(lamp_key("a"), "LampOff", SOON, c.stream.sequence(), {})


def test_waiting_ends_after_the_grace_of_an_object_that_stays_silent() -> None:
    with connected(history_seconds=SOON) as c:
        read(c, lamp("a", "LampLeft"), lamp("b", "LampLeft"), lamp("b"))
        later(lambda: c.peer.send(lamp("b", "LampOff")), 1)
        in_vain(c, "a")
        assert c.stream.wait_for(lamp_key("b"), "LampOff", SOON, 0, {})


def test_waiting_in_a_handler_ends_with_the_object() -> None:
    """The ending event waits in the queue that the handler holds up."""
    done = threading.Event()
    with connected(history_seconds=SOON) as c:

        def wait(_: Any) -> None:
            in_vain(c, "a")
            done.set()

        c.stream.add_event_handler(lamp_key("a"), "LampOn", wait)
        c.peer.send(lamp("a"), lamp("a", "LampGone"))
        assert done.wait(SOON)


def test_waiting_ends_with_an_object_that_never_came_into_being() -> None:
    with connected(history_seconds=0.2) as c:
        c.stream.add_event_handler(lamp_key("a"), "LampOn", print)
        c.stream.expect_end(lamp_key("a"))
        in_vain(c, "a")


def test_an_event_held_up_in_another_queue_still_reaches_the_handlers() -> None:
    """The lamp's last event overtakes an earlier one that waits in the queue of a room."""
    room = {"floor": "1", "name": "hall"}
    go_on = threading.Event()
    moved, gone = Notes(), Notes()
    with connected() as c:
        c.stream.add_event_handler(("Room", ("1", "hall")), "LampMoved", lambda _: go_on.wait(SOON))
        c.stream.add_event_handler(lamp_key("a"), "LampMoved", moved)
        c.stream.add_event_handler(lamp_key("a"), "LampGone", gone)
        c.peer.send({"kind": "LampMoved", "room": room, "lamp": {"id": "x"}})
        c.peer.send({"kind": "LampMoved", "room": room, "lamp": {"id": "a"}})
        c.peer.send(lamp("a", "LampGone"))
        gone.wait()
        wait_until(lambda: lamp_key("a") not in handled(c.stream))
        assert moved.events == []
        go_on.set()
        moved.wait()


def test_grace_keeps_handlers_for_a_while() -> None:
    """After an end with grace, what follows soon is still handled."""
    off, gone = Notes(), Notes()
    with connected() as c:
        c.stream.add_event_handler(lamp_key("a"), "LampOff", off)
        c.stream.add_event_handler(lamp_key("a"), "LampGone", gone)
        c.stream.add_event_handler(lamp_key("b"), "LampOff", off)
        c.peer.send(lamp("a", "LampLeft"), lamp("b", "LampLeft"))
        c.peer.send(lamp("a", "LampOff"), lamp("a", "LampGone"))
        off.wait()
        gone.wait()
        assert lamp_key("b") in handled(c.stream)
        wait_until(lambda: not handled(c.stream), 5)


def test_an_object_that_is_heard_of_in_its_grace_is_asked_for() -> None:
    """It may have come back; if the server still has it, its handlers stay."""
    asked: list[Any] = []
    alive = {lamp_key("a")}

    def exists(key: Any) -> bool:
        asked.append(key)
        return key in alive

    on = Notes()
    with connected(exists=exists) as c:
        for name in "ab":
            c.stream.add_event_handler(lamp_key(name), "LampOn", on)
        c.peer.send(*[lamp(name, kind) for kind in ("LampLeft", "LampOn") for name in "ab"])
        wait_until(lambda: handled(c.stream) == {lamp_key("a")})
        c.peer.send(lamp("a"))
        on.wait(3)
    assert sorted(asked) == [lamp_key("a"), lamp_key("b")]


def test_without_asking_an_object_is_dropped_when_it_is_silent() -> None:
    on = Notes()
    with connected() as c:
        c.stream.add_event_handler(lamp_key("a"), "LampOn", on)
        c.peer.send(lamp("a", "LampLeft"))
        for _ in range(6):
            time.sleep(0.2)
            c.peer.send(lamp("a"))
        on.wait(6)
        assert handled(c.stream)
        wait_until(lambda: not handled(c.stream), 5)


def test_handlers_for_a_new_object_of_the_same_id_stay() -> None:
    """Added while the end is handled, they belong to what comes after it."""
    again = Notes()
    with connected(history_seconds=0.3) as c:

        def renew(_: object) -> None:
            c.stream.add_event_handler(lamp_key("a"), "LampOn", again)

        c.stream.add_event_handler(lamp_key("a"), "LampGone", renew)
        c.peer.send(lamp("a", "LampGone"))
        wait_until(lambda: c.stream._handlers.tables.get(lamp_key("a")))
        c.peer.send(lamp("a"))
        again.wait()
        assert handled(c.stream) == {lamp_key("a")}


def test_handlers_added_too_late_go_with_the_history() -> None:
    """A program that has not yet heard of the end adds a handler to a lamp that is no more."""
    go_on = threading.Event()
    with connected(history_seconds=0.2) as c:

        def slow(_: object) -> None:
            assert go_on.wait(SOON)
            c.stream.add_event_handler(lamp_key("a"), "LampOff", print)

        c.stream.add_event_handler(lamp_key("a"), "LampOn", slow)
        c.stream.add_event_handler(lamp_key("a"), "LampGone", lambda _: None)
        read(c, lamp("a"), lamp("a", "LampGone"))
        go_on.set()
        wait_until(lambda: not handled(c.stream))
        assert c.stream._dispatcher.drain(SOON)
        wait_until(lambda: not handled(c.stream))


def test_an_object_that_never_came_into_being() -> None:
    """Its handlers go, unless it comes after all, or was there before."""
    with connected(history_seconds=0.6) as c:
        read(c, lamp("there"))
        for name in ("late", "never", "there"):
            c.stream.add_event_handler(lamp_key(name), "LampOn", print)
            c.stream.expect_end(lamp_key(name))
        c.stream.expect_end(lamp_key("nobody's"))
        assert len(c.stream._lifetimes) == 2
        c.peer.send(lamp("late", "LampOff"))
        wait_until(lambda: handled(c.stream) == {lamp_key("late"), lamp_key("there")}, 5)


def test_objects_that_ended_unheard_are_dropped_after_a_gap() -> None:
    """After a gap the server is asked for them; those not yet begun are left alone."""
    asked: list[Any] = []

    def exists(key: Any) -> bool:
        asked.append(key)
        if key == lamp_key("odd"):
            raise errors.TimeoutException("no answer")
        return bool(key == lamp_key("alive"))

    restored = Notes()
    with connected(exists=exists) as c:
        for name in ("alive", "dead", "odd", "planned"):
            c.stream.add_event_handler(lamp_key(name), "LampOn", lambda _: None)
        c.stream.add_event_handler(None, "ConnectionRestored", restored)
        read(c, lamp("alive"), lamp("dead"), lamp("odd"))
        c.peer.cut()
        restored.wait()
        left = {lamp_key("alive"), lamp_key("odd"), lamp_key("planned")}
        wait_until(lambda: handled(c.stream) == left, 2 * SOON)
    assert sorted(asked) == [lamp_key("alive"), lamp_key("dead"), lamp_key("odd")]


def test_a_long_run_does_not_grow() -> None:
    """20,000 lamps are switched on, handled, waited for and taken away; nothing of them stays."""
    count = 20_000
    ended = Notes()
    handlers: weakref.WeakSet[Any] = weakref.WeakSet()

    class Handler:
        def __call__(self, event: Any) -> None:
            pass

    def begin(event: Any) -> None:
        key = lamp_key(event.raw["lamp"]["id"])
        for name in ("LampOff", "LampGone", "HouseEvent"):
            handler = Handler()
            handlers.add(handler)
            c.stream.add_event_handler(key, name, handler)
        c.stream.once(key, "LampMoved", Handler())

    def end(event: Any) -> None:
        name = event.raw["lamp"]["id"]
        c.stream.wait_for(lamp_key(name), "LampOff", SOON, 0, {})
        ended.events.append(None)

    def live(first: int, last: int) -> None:
        target = len(ended.events) + last - first
        for start in range(first, last, 100):
            names = [f"lamp {number}" for number in range(start, min(start + 100, last))]
            for kind in ("LampOn", "LampOff", "LampGone"):
                c.peer.send(*[lamp(name, kind) for name in names])
        ended.wait(target, 60)
        assert c.stream._dispatcher.drain(SOON)
        wait_until(lambda: len(c.stream._history) == 0)

    with connected(history_seconds=0.05) as c:
        c.stream.add_event_handler(None, "LampOn", begin)
        c.stream.add_event_handler(None, "LampGone", end)
        live(0, 2000)
        c.peer.received.clear()
        gc.collect()
        before = sys.getallocatedblocks()
        live(2000, count)
        gc.collect()
        grown = sys.getallocatedblocks() - before
        assert handled(c.stream) == set()
        assert len(handlers) == 0
        assert len(c.stream._lifetimes) == len(c.stream._lifetimes._heap) == 0
        assert c.stream._dispatcher._queues == {}
        # Short handlers need few threads, however many objects begin at once.
        assert c.stream._dispatcher._started < 300
        # 18,000 objects; a single small thing of each would be seen.
        assert grown < 10_000
