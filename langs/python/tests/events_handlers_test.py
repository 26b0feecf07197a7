"""Handlers: who is called, when, in which order, and what a bad one does to the others."""

from __future__ import annotations

import logging
import threading
import time
import warnings
from typing import Any

import pytest
from events_support import (
    SOON,
    Notes,
    connected,
    dispatch,
    errors,
    free_port,
    lamp,
    lamp_key,
    stream_to,
    wait_until,
)


def swap(first: str, second: str) -> dict[str, Any]:
    """A message that names two lamps."""
    return {"kind": "LampsSwapped", "first": {"id": first}, "second": {"id": second}}


def test_library_before_object_in_order_of_registration() -> None:
    """The library's handlers come first; those of one level in the order they were added."""
    order: list[str] = []
    done = Notes()
    with connected() as c:
        c.stream.add_event_handler(lamp_key("a"), "HouseEvent", lambda _: order.append("object 1"))
        c.stream.add_event_handler(lamp_key("a"), "LampOn", lambda _: order.append("object 2"))
        c.stream.add_event_handler(lamp_key("a"), "LampOn", done)
        c.stream.add_event_handler(None, "Anything", lambda _: order.append("library 1"))
        c.stream.add_event_handler(None, "LampOn", lambda _: order.append("library 2"))
        c.peer.send(lamp("a"))
        done.wait()
    assert order == ["library 1", "library 2", "object 1", "object 2"]


def test_handlers_of_one_event_share_the_event() -> None:
    """An event is made once, whoever looks at it."""
    library, thing = Notes(), Notes()
    with connected() as c:
        for key, notes in ((None, library), (lamp_key("a"), thing)):
            c.stream.add_event_handler(key, "LampOn", notes)
            c.stream.add_event_handler(key, "LampOn", notes)
        c.peer.send(lamp("a"))
        assert len({id(event) for event in thing.wait(2) + library.wait(2)}) == 1


def test_other_objects_and_other_events_are_not_told() -> None:
    """A handler gets what it was registered for and nothing else."""
    mine, other, off, all_of_it = Notes(), Notes(), Notes(), Notes()
    with connected() as c:
        c.stream.add_event_handler(lamp_key("a"), "LampOn", mine)
        c.stream.add_event_handler(lamp_key("b"), "LampOn", other)
        c.stream.add_event_handler(lamp_key("a"), "LampOff", off)
        c.stream.add_event_handler(None, "HouseEvent", all_of_it)
        c.peer.send(lamp("a"), {"kind": "Complaint", "lamp": {"id": "a"}}, lamp("a"))
        mine.wait(2)
        all_of_it.wait(2)
        c.peer.send({"kind": "Noise"})
        all_of_it.wait(3)
    assert (len(mine.events), len(other.events), len(off.events)) == (2, 0, 0)
    assert [event.kind for event in all_of_it.events] == ["LampOn", "LampOn", "Noise"]


def test_every_object_that_is_named_gets_the_event_once() -> None:
    """Two properties with two objects tell both; with the same object they tell it once."""
    a, b = Notes(), Notes()
    with connected() as c:
        c.stream.add_event_handler(lamp_key("a"), "LampsSwapped", a)
        c.stream.add_event_handler(lamp_key("b"), "LampsSwapped", b)
        c.peer.send(swap("a", "b"), swap("b", "b"), swap("a", "b"))
        b.wait(3)
        a.wait(2)
        assert c.stream._dispatcher.drain(SOON)
    assert (len(a.events), len(b.events)) == (2, 3)


def test_objects_with_several_ids_and_with_numbers_as_ids() -> None:
    """Every id counts; a number is the text that a program would write; a half-named object is none."""
    room, number, half = Notes(), Notes(), Notes()
    with connected() as c:
        c.stream.add_event_handler(("Room", ("2", "bath")), "RoomGone", room)
        c.stream.add_event_handler(lamp_key("17"), "LampOn", number)
        c.stream.add_event_handler(None, "RoomGone", half)
        c.peer.send(
            {"kind": "RoomGone", "room": {"floor": "2"}},
            {"kind": "RoomGone", "room": {"floor": "1", "name": "bath"}},
            {"kind": "RoomGone", "room": None},
            {"kind": "RoomGone", "room": {"floor": "2", "name": "bath"}},
            lamp(17),  # type: ignore[arg-type]
        )
        half.wait(4)
        room.wait()
        number.wait()
        assert c.stream._history.last(("Room", ("2", ""))) is None
    assert len(room.events) == len(number.events) == 1


def test_objects_deeper_in_the_event() -> None:
    """Wherever the event names an object, the object is told."""
    sold, old, end = Notes(), Notes(), Notes()
    offer = {"lamp": {"id": "a"}, "instead_of": {"lamp": {"id": "b"}}}
    with connected() as c:
        c.stream.add_event_handler(lamp_key("a"), "LampSold", sold)
        c.stream.add_event_handler(lamp_key("b"), "LampSold", old)
        c.stream.add_event_handler(None, "LampSold", end)
        for odd in (offer, {"instead_of": [], "lamp": "a"}, {}, None, "lamp"):
            c.peer.send({"kind": "LampSold", "offer": odd})
        end.wait(5)
        assert c.stream._dispatcher.drain(SOON)
    assert len(sold.events) == len(old.events) == 1


def test_unknown_types_come_as_the_base_event() -> None:
    """A newer server's events reach the handlers of the base types, and those who know the name."""
    base, any_message, by_name, known = Notes(), Notes(), Notes(), Notes()
    with connected() as c:
        c.stream.add_event_handler(None, "HouseEvent", base)
        c.stream.add_event_handler(None, "Anything", any_message)
        c.stream.add_event_handler(None, "Noise", known)
        with pytest.warns(UserWarning, match="no event is called Earthquake"):
            c.stream.add_event_handler(None, "Earthquake", by_name)
        odd = [{"kind": 5}, {"kind": []}, {"kind": {}}, {"kind": None}, {"nothing": True}]
        c.peer.send({"kind": "Earthquake"}, *odd, {"kind": "Complaint"})
        any_message.wait(7)
        base.wait(6)
        by_name.wait()
        assert c.stream._dispatcher.drain(SOON)
    assert len(by_name.events) == 1
    assert len(base.events) == 6
    assert known.events == []


@pytest.mark.parametrize(
    ("name", "hint"),
    [("LampOnn", "LampOn"), ("noise", "Noise"), ("ConnectionLots", "ConnectionLost")],
)
def test_a_misspelt_name_is_answered_with_the_right_one(name: str, hint: str) -> None:
    """The warning points to the program's own line."""
    with stream_to(free_port()) as stream, pytest.warns(UserWarning, match=name) as caught:
        stream.add_event_handler(None, name, print)
    assert f"Did you mean {hint}?" in str(caught[0].message)
    assert caught[0].filename == __file__


def test_known_names_warn_of_nothing() -> None:
    """Types, their bases and the library's own events are known."""
    with stream_to(free_port()) as stream, warnings.catch_warnings():
        warnings.simplefilter("error")
        for name in ("LampOn", "Complaint", "HouseEvent", "Anything", "ConnectionRestored"):
            stream.add_event_handler(None, name, print)


async def coroutine(event: object) -> None:
    """A handler of the wrong kind."""


class Awaitable:
    """An object with such a handler."""

    async def handle(self, event: object) -> None:
        """Take an event."""


@pytest.mark.parametrize("handler", [None, "print", coroutine, Awaitable().handle])
def test_what_is_no_handler_is_refused(handler: Any) -> None:
    """An async function would never run, and silently so."""
    with stream_to(free_port()) as stream, pytest.raises(errors.IllegalInputException):
        stream.add_event_handler(None, "LampOn", handler)


def test_removed_handlers_are_not_called() -> None:
    """Bound methods are equal without being identical, and are found all the same."""
    a, b = Notes(), Notes()

    class Program:
        def __init__(self) -> None:
            self.seen: list[Any] = []

        def handle(self, event: object) -> None:
            self.seen.append(event)

    program = Program()
    with connected() as c:
        for key in (None, lamp_key("a")):
            c.stream.add_event_handler(key, "LampOn", program.handle)
            c.stream.add_event_handler(key, "LampOn", a)
            c.stream.add_event_handler(key, "LampOn", b)
            c.stream.remove_event_handler(key, "LampOn", program.handle)
            c.stream.remove_event_handler(key, "LampOn", a)
        c.peer.send(lamp("a"))
        b.wait(2)
    assert program.seen == a.events == []


def test_a_handler_added_twice_is_called_twice_and_removed_singly() -> None:
    """Each registration counts for itself."""
    notes, end = Notes(), Notes()
    with connected() as c:
        c.stream.add_event_handler(None, "LampOn", notes)
        c.stream.add_event_handler(None, "LampOn", notes)
        c.stream.add_event_handler(None, "LampOff", end)
        c.peer.send(lamp("a"))
        notes.wait(2)
        c.stream.remove_event_handler(None, "LampOn", notes)
        c.peer.send(lamp("a"), lamp("a", "LampOff"))
        end.wait()
    assert len(notes.events) == 3


def test_removing_what_is_not_registered_says_so() -> None:
    """The message names event, handler and object."""
    with connected() as c:
        c.stream.add_event_handler(lamp_key("a"), "LampOn", print)
        c.peer.send(lamp("a"))
        c.stream.wait_for(lamp_key("a"), "LampOn", SOON, 0, {})
        for key in (None, lamp_key("a")):
            with pytest.raises(errors.IllegalInputException) as caught:
                c.stream.remove_event_handler(key, "LampOff", print)
            assert "print is not registered for LampOff" in str(caught.value)
            assert ("of Lamp 'a'" in str(caught.value)) == (key is not None)


def test_a_handler_may_add_and_remove_handlers() -> None:
    """What an earlier handler of the same event removed is not called; what it added for the object is."""
    removed, added, library_added = Notes(), Notes(), Notes()
    with connected() as c:

        def rearrange(_: object) -> None:
            c.stream.remove_event_handler(None, "LampOn", rearrange)
            c.stream.remove_event_handler(None, "LampOn", removed)
            c.stream.remove_event_handler(lamp_key("a"), "LampOn", removed)
            c.stream.add_event_handler(lamp_key("a"), "LampOn", added)
            c.stream.add_event_handler(None, "LampOn", library_added)

        c.stream.add_event_handler(None, "LampOn", rearrange)
        c.stream.add_event_handler(None, "LampOn", removed)
        c.stream.add_event_handler(lamp_key("a"), "LampOn", removed)
        c.peer.send(lamp("a"))
        added.wait(1)
        c.peer.send(lamp("a"))
        added.wait(2)
        library_added.wait(1)
    assert removed.events == []
    assert (len(added.events), len(library_added.events)) == (2, 1)


@pytest.mark.parametrize("together", [True, False])
def test_a_handler_added_while_its_event_waits_is_called(together: bool) -> None:
    """The usual race: an object's first event adds a handler, the second is there already."""
    digits = Notes()
    begun, read = threading.Event(), threading.Event()
    with connected() as c:

        def begin(event: Any) -> None:
            begun.set()
            assert read.wait(SOON)
            c.stream.add_event_handler(lamp_key("a"), "LampOff", digits)

        c.stream.add_event_handler(None, "LampOn", begin)
        if together:
            c.peer.send(lamp("a"), lamp("a", "LampOff"))
        else:
            c.peer.send(lamp("a"))
            assert begun.wait(SOON)
            c.peer.send(lamp("a", "LampOff"))
        wait_until(lambda: c.stream.sequence() == 2)
        read.set()
        assert digits.wait()[0].kind == "LampOff"


def test_what_nobody_wants_costs_no_thread() -> None:
    """Most events of most programs."""
    notes = Notes()
    with connected() as c:
        c.stream.add_event_handler(lamp_key("a"), "LampOff", notes)
        c.peer.send(*[lamp(str(number)) for number in range(100)], lamp("a"), {"kind": "Noise"})
        wait_until(lambda: c.stream.sequence() == 102)
        assert c.stream._dispatcher._started == 0
        c.peer.send(lamp("a"), lamp("a", "LampOff"), lamp("a"))
        assert notes.wait()[0].kind == "LampOff"
        assert c.stream._dispatcher._started == 1


def test_once_runs_once() -> None:
    """It is taken away before it runs, so that it can register itself anew."""
    first, again = Notes(), Notes()
    with connected() as c:
        key = lamp_key("a")

        def renew(event: Any) -> None:
            again(event)
            if len(again.events) < 2:
                c.stream.once(key, "LampOn", renew)

        c.stream.once(key, "LampOn", first)
        c.stream.once(key, "LampOn", renew)
        c.stream.once(None, "LampOff", first)
        c.stream.remove_event_handler(None, "LampOff", first)
        c.peer.send(*[lamp("a")] * 5, lamp("a", "LampOff"))
        again.wait(2)
        assert c.stream._dispatcher.drain(SOON)
        with pytest.raises(errors.IllegalInputException):
            c.stream.remove_event_handler(key, "LampOn", first)
    assert (len(first.events), len(again.events)) == (1, 2)


def test_once_runs_once_in_many_threads() -> None:
    """Events of different objects are handled at the same time; one of them gets the handler."""
    with connected() as c:
        for _ in range(20):
            notes, others = Notes(), Notes(lambda _: time.sleep(0.001))
            c.stream.add_event_handler(None, "LampOn", others)
            c.stream.once(None, "LampOn", notes)
            c.peer.send(*[lamp(str(number)) for number in range(10)])
            others.wait(10)
            assert c.stream._dispatcher.drain(SOON)
            assert len(notes.events) == 1
            c.stream.remove_event_handler(None, "LampOn", others)


def test_only_one_thread_may_run_what_runs_once() -> None:
    """Both have seen it there before the first takes it."""
    handlers = dispatch.Handlers()
    handlers.add(None, "LampOn", print, True)
    [registration] = handlers.of_library("LampOn", {"LampOn"})
    assert handlers.claim(None, registration)
    assert not handlers.claim(None, registration)


def test_a_handler_that_fails_is_reported_and_hurts_nobody(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The report has event, object, handler and traceback; every other handler runs."""
    library, thing, later = Notes(), Notes(), Notes()

    def breaks(_: object) -> None:
        raise ZeroDivisionError("on purpose")

    def leaves(_: object) -> None:
        raise SystemExit

    with connected() as c, caplog.at_level(logging.ERROR):
        for key, notes in ((None, library), (lamp_key("a"), thing)):
            c.stream.add_event_handler(key, "LampOn", breaks)
            c.stream.add_event_handler(key, "LampOn", leaves)
            c.stream.add_event_handler(key, "LampOn", notes)
        c.stream.add_event_handler(None, "LampOff", later)
        c.peer.send(lamp("a"), lamp("a", "LampOff"))
        later.wait()
    assert len(library.events) == len(thing.events) == 1
    reports = [record for record in caplog.records if record.exc_info]
    assert len(reports) == 4
    texts = [record.getMessage() for record in reports]
    assert "breaks for LampOn failed: ZeroDivisionError" in texts[0]
    assert "breaks for LampOn of Lamp 'a' failed: ZeroDivisionError" in texts[2]
    assert "SystemExit" in texts[1]
    assert "on purpose" in caplog.text


def test_one_object_in_order_one_at_a_time() -> None:
    """Whatever the handlers take, an object's events come in order and never two at once."""
    seen: list[int] = []
    busy = threading.Lock()
    done = threading.Event()
    with connected() as c:

        def handle(event: Any) -> None:
            assert busy.acquire(blocking=False)
            seen.append(event.raw["n"])
            time.sleep(0.002 if event.raw["n"] % 10 == 0 else 0)
            busy.release()
            if len(seen) == 300:
                done.set()

        c.stream.add_event_handler(lamp_key("a"), "LampOn", handle)
        for start in range(0, 300, 50):
            c.peer.send(*[lamp("a", n=n) for n in range(start, start + 50)])
        assert done.wait(SOON)
    assert seen == list(range(300))


def test_a_handler_that_blocks_holds_up_its_own_queue_only() -> None:
    """Hundred calls at once, each blocking its handler, and neither reader nor others wait."""
    barrier = threading.Barrier(101)
    own, free, shared = Notes(), Notes(), Notes()
    with connected() as c:

        def block(event: Any) -> None:
            barrier.wait(SOON)

        for number in range(100):
            c.stream.add_event_handler(lamp_key(f"blocked {number}"), "LampOn", block)
        c.stream.add_event_handler(lamp_key("blocked 0"), "LampOff", own)
        c.stream.add_event_handler(lamp_key("free"), "LampOn", free)
        c.stream.add_event_handler(None, "Noise", shared)
        c.peer.send(*[lamp(f"blocked {number}") for number in range(100)])
        c.peer.send(lamp("blocked 0", "LampOff"), lamp("free"), {"kind": "Noise"})
        free.wait()
        shared.wait()
        assert own.events == []
        barrier.wait(SOON)
        own.wait()
        assert all(thread.daemon for thread in threading.enumerate() if "handler" in thread.name)


def test_an_event_runs_in_the_queue_of_its_first_object() -> None:
    """The order of the facts decides which: a room before its lamp."""
    room_busy, room_free = threading.Event(), threading.Event()
    moved, on = Notes(), Notes()
    room = {"floor": "1", "name": "hall"}
    with connected() as c:

        def block(_: object) -> None:
            room_busy.set()
            assert room_free.wait(SOON)

        c.stream.add_event_handler(("Room", ("1", "hall")), "RoomGone", block)
        c.stream.add_event_handler(lamp_key("a"), "LampMoved", moved)
        c.stream.add_event_handler(lamp_key("a"), "LampOn", on)
        c.peer.send({"kind": "RoomGone", "room": room})
        assert room_busy.wait(SOON)
        c.peer.send({"kind": "LampMoved", "lamp": {"id": "a"}, "room": room}, lamp("a"))
        on.wait()
        assert moved.events == []
        room_free.set()
        moved.wait()


def test_events_without_object_share_a_queue() -> None:
    """They come in order, one at a time."""
    seen: list[int] = []
    notes = Notes()
    with connected() as c:

        def handle(event: Any) -> None:
            time.sleep(0.001)
            seen.append(event.raw["n"])

        c.stream.add_event_handler(None, "Noise", handle)
        c.stream.add_event_handler(None, "Noise", notes)
        c.peer.send(*[{"kind": "Noise", "n": n} for n in range(50)])
        notes.wait(50)
    assert seen == list(range(50))


def test_threads_are_named_and_idle_ones_leave() -> None:
    """A burst does not leave its threads behind."""
    idle = Notes(lambda _: time.sleep(0.05))
    with connected() as c:
        c.stream._dispatcher._idle_seconds = 0.1
        c.stream.add_event_handler(None, "LampOn", idle)
        c.peer.send(*[lamp(str(number)) for number in range(20)])
        idle.wait(20)
        wait_until(lambda: c.stream._dispatcher.threads == 0)
        c.peer.send(lamp("again"))
        idle.wait(21)


def test_without_a_thread_to_be_had_events_wait_for_one(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The reader lives on, and the worker that comes free takes what waits."""
    begun, go_on = threading.Event(), threading.Event()
    notes = Notes()
    with connected() as c:

        def block(_: object) -> None:
            begun.set()
            assert go_on.wait(SOON)

        c.stream.add_event_handler(lamp_key("a"), "LampOn", block)
        c.stream.add_event_handler(lamp_key("b"), "LampOn", notes)
        c.peer.send(lamp("a"))
        assert begun.wait(SOON)

        def refuse(_: object) -> None:
            raise RuntimeError("can't start new thread")

        with monkeypatch.context() as patch:
            patch.setattr(threading.Thread, "start", refuse)
            c.peer.send(lamp("b"), lamp("b"))
            wait_until(lambda: c.stream.sequence() == 3)
            wait_until(lambda: "no further thread" in caplog.text)
            assert notes.events == []
        go_on.set()
        notes.wait(2)
        # Later ones are called for again.
        c.peer.send(lamp("b"))
        notes.wait(3)


def test_an_event_that_cannot_be_made_is_reported(caplog: pytest.LogCaptureFixture) -> None:
    """A defect there costs the event, not the queue."""
    notes = Notes()
    with connected() as c:
        make = c.stream._make_event

        def picky(raw: dict[str, Any], number: int) -> Any:
            if raw.get("bad"):
                raise ValueError("cannot be made")
            return make(raw, number)

        c.stream._make_event = picky
        c.stream.add_event_handler(None, "LampOn", notes)
        c.peer.send(lamp("a", bad=True), lamp("a"))
        notes.wait()
    assert len(notes.events) == 1
    assert "cannot be made" in caplog.text
