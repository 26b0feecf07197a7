"""The facts of an API that the runtime works by; the generated ``client`` module holds them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .operation import Operation


@dataclass(frozen=True)
class Access:
    """How requests are written.

    Attributes:
        lists: how several values of one query parameter travel: ``comma`` or ``repeat``.
        query_limit: the length of path and query, in bytes, above which the query's parameters
            move into the JSON body; 0 for never.
        user_agent: the value of the ``User-Agent`` header.
        hints: what to check when the server answers with a status, by status code.
        own: the word for the own id of whoever asks; empty if there is none.
        user_type: the type of the user, if the program said it.
    """

    lists: str = "comma"
    query_limit: int = 0
    user_agent: str = ""
    hints: Mapping[int, str] = field(default_factory=dict)
    own: str = ""
    user_type: str | None = None


@dataclass(frozen=True)
class ObjectProperty:
    """A property of an event that holds an object: its name (with dots where the object lies deeper),
    the object's model and its id properties."""

    name: str
    model: str
    ids: tuple[str, ...]


@dataclass(frozen=True)
class End:
    """The object in ``property`` of an event is over ``grace`` seconds after that event came."""

    property: str
    grace: float = 0.0


@dataclass(frozen=True)
class EventFacts:
    """How the API tells of events.

    Attributes:
        operation: the WebSocket operation.
        application: the parameter of that operation that takes the program's own names.
        discriminator: the member of each message that names its type.
        timestamp: the member that says when the event happened, if there is one.
        base: the model of a message whose type the documents do not know.
        parents: event type -> the types it descends from, nearest first.
        objects: event type -> the objects it names, in the order in which they queue.
        ends: event type -> the objects that it ends.
        reads: model of an object -> resource and method, by the library's names, that read one.
        replaced: the event after which the server tells this program nothing more.
        keep: events that an event filter must always let through.
    """

    operation: Operation[Any]
    application: str | None
    discriminator: str
    timestamp: str | None
    base: str
    parents: Mapping[str, tuple[str, ...]]
    objects: Mapping[str, tuple[ObjectProperty, ...]]
    ends: Mapping[str, tuple[End, ...]]
    reads: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    replaced: str | None = None
    keep: tuple[str, ...] = ()


def object_properties(
    ids: Mapping[str, tuple[str, ...]], objects: Mapping[str, Mapping[str, str]]
) -> dict[str, tuple[ObjectProperty, ...]]:
    """The ``objects`` of ``EventFacts`` from two tables: model -> id members, and event type ->
    property -> model."""
    return {
        event: tuple(ObjectProperty(name, model, ids[model]) for name, model in table.items())
        for event, table in objects.items()
    }
