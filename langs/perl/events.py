"""The tables by which the runtime tells events apart and knows what they mean."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

from codegen.index import required_first
from codegen.model import Events, Model
from codegen.text import Code

from .escapes import key, literal, words
from .layout import block, pairs, quoted_words
from .names import argument_names
from .parameters import parameter_list

if TYPE_CHECKING:
    from .library import Library

#: Where the entries of the table stand, and those of the tables in it.
_INDENT = 4
_ROW = 8


class EventsView:
    """What templates see as ``library.events``."""

    def __init__(self, library: Library, events: Events) -> None:
        self._names = library.names
        self._index = library.index
        self._objects = library.api.objects
        self._events = events
        resource, self._operation = self._index.operation(events.operation)
        self._resource = str(resource.name)
        #: The arguments of the WebSocket operation, which are options of the main class.
        self.option_names = argument_names(item.name for item in self._operation.parameters)

    @property
    def application_option(self) -> str | None:
        """The option that takes the program's own names."""
        for parameter, name in zip(self._operation.parameters, self.option_names, strict=True):
            if parameter.name == self._events.application:
                return name
        return None

    @property
    def operation(self) -> Code:
        """The WebSocket operation."""
        parameters = parameter_list(self._operation, self.option_names, _ROW)
        entries = [
            ("name", literal(f"{self._resource}.{self._operation.name}")),
            ("method", literal("GET")),
            ("path", literal(str(self._operation.path))),
            ("result", literal("void")),
            ("parameters", parameters),
        ]
        return Code(block("{", entries, "}", _INDENT))

    @property
    def single(self) -> Code:
        """The entries that are no tables."""
        base = self._index.unknown_message(self._events)
        discriminator = self._index.model(self._events.model).discriminator
        entries = [
            ("application", self.application_option),
            ("discriminator", str(discriminator)),
            ("base", str(base.name)),
            ("replaced", self._events.replaced),
        ]
        return Code("\n".join(pairs([(name, literal(value)) for name, value in entries], _INDENT)))

    @cached_property
    def _types(self) -> list[Model]:
        return self._index.messages(self._events)

    @property
    def models(self) -> Code:
        """Event type -> its class."""
        return _table((model.name, literal(self._class(model.name))) for model in self._types)

    @property
    def parents(self) -> Code:
        """Event type -> the types it descends from, nearest first."""
        return _table((model.name, _list(self._index.bases(model))) for model in self._types)

    @property
    def ids(self) -> Code:
        """Object -> the members that hold its ids."""
        return _table(
            (self._class(entity.model), _list([str(item.property) for item in entity.ids]))
            for entity in self._objects
        )

    @property
    def objects(self) -> Code:
        """Event type -> the properties that hold objects, each with its class, in the order of queues."""
        rows = []
        for model in self._types:
            found = self._index.named_objects(model)
            if found:
                flat = [part for path, name in found for part in (str(path), self._class(name))]
                rows.append((str(model.name), _list(flat)))
        return _table(rows)

    @property
    def ends(self) -> Code:
        """Event type -> the properties whose objects it ends, each with the grace in seconds."""
        return _table(
            (
                str(event),
                _list([part for end in ends for part in (str(end.property), literal(end.grace))]),
            )
            for event, ends in self._index.ends(self._events).items()
        )

    @property
    def reads(self) -> Code:
        """Object -> resource, method and arguments that read one."""
        rows = []
        for entity in self._objects:
            found = self._index.reader(entity)
            if found:
                resource, operation = found
                way = [
                    self._names.resource_classes[str(resource.name)],
                    self._names.operations[(resource.name, operation.name)],
                    *argument_names(p.name for p in required_first(operation.parameters)[0]),
                ]
                rows.append((self._class(entity.model), _list(way)))
        return _table(rows)

    def _class(self, model: Any) -> str:
        return self._names.models[str(model)]


def _list(values: Sequence[Any]) -> str:
    found = words(values)
    return quoted_words(found, _ROW) if found else str(literal(list(values)))


def _table(rows: Iterable[tuple[str, str]]) -> Code:
    return Code(block("{", [(key(str(name)), value) for name, value in rows], "}", _INDENT))
