"""The tables by which the runtime tells events apart and knows what they mean."""

from __future__ import annotations

from collections import Counter
from functools import cached_property
from typing import TYPE_CHECKING

from codegen.model import Events, Model
from codegen.naming import snake
from codegen.text import Code

from .escapes import literal
from .layout import WIDTH, entries, fit, wrapped
from .signatures import number_text
from .views import ArgumentView, Imports, OperationView, SettingView

if TYPE_CHECKING:
    from .library import Library


class EventsView:
    """What templates see as ``library.events``."""

    def __init__(self, library: Library, events: Events) -> None:
        self._library = library
        self._index = library.index
        self._events = events
        self._imports = Imports()
        resource, operation = library.index.operation(events.operation)
        self._arguments = library.signatures.arguments(operation, self._imports)
        self.operation = OperationView(
            operation,
            Code("_WEBSOCKET"),
            literal(f"{resource.name}.{operation.name}"),
            Code("None"),
            self._arguments,
            (),
        )
        base = library.index.model(events.model)
        self.discriminator = literal(str(base.discriminator))
        name = snake(events.application) if events.application else None
        self.application = literal(name)
        self.application_argument = Code(name) if name else None
        self.replaced = literal(events.replaced)
        self.keep = literal(events.keep)

    # The constructor of the main class takes the arguments of the WebSocket operation.

    @property
    def stream_arguments(self) -> list[SettingView]:
        """Those arguments; a program that only makes calls gives none."""
        return [
            SettingView(view.name, _optional(view), Code("\n            ".join(_lines(view))))
            for view in self._arguments
        ]

    @property
    def stream_mapping(self) -> Code:
        """The same as a mapping, for the runtime."""
        items = [f"{literal(str(view.name))}: {view.name}" for view in self._arguments]
        return fit("{", items, "}", 12)

    @property
    def imports(self) -> Code:
        """What its module takes from the runtime."""
        facts = ["End"] if self._events.ends else []
        operation = ["Operation", "Parameter"] if self._arguments else ["Operation"]
        return Code(
            f"from .runtime.facts import {', '.join([*facts, 'EventFacts, object_properties'])}\n"
            f"from .runtime.operation import {', '.join(operation)}"
        )

    # The types of events.

    @cached_property
    def _types(self) -> list[Model]:
        """Every model that a message may be, by name."""
        return self._index.messages(self._events)

    @property
    def names(self) -> list[Code]:
        """The types that a handler can be put on, as literals."""
        return [literal(str(model.name)) for model in self._types]

    @property
    def base(self) -> Code:
        """What a message of an unknown type is."""
        return literal(str(self._index.unknown_message(self._events).name))

    @cached_property
    def common_parents(self) -> tuple[str, ...]:
        """The bases that most types have."""
        counts = Counter(self._index.bases(model) for model in self._types)
        return counts.most_common(1)[0][0] if counts else ()

    @property
    def parents(self) -> Code:
        """A table: type -> the tuple of its bases."""
        common = literal(self.common_parents)
        rows = [f"**dict.fromkeys(get_args(EventName)[:-3], {common}),"]
        rows += [
            f"{literal(str(model.name))}: {literal(self._index.bases(model))},"
            for model in self._types
            if self._index.bases(model) != self.common_parents
        ]
        return entries(rows, 0)

    @property
    def timestamp(self) -> Code:
        """The member that says when an event happened."""
        return literal(self._index.timestamp(self._events))

    # Objects.

    @property
    def ids(self) -> Code:
        """A table: model of objects -> the tuple of its id members, in the order of queues."""
        rows = []
        for entity in self._library.api.objects:
            members = literal(tuple(str(item.property) for item in entity.ids))
            rows.append(f"{literal(self._library.names.models[entity.model])}: {members},")
        return entries(rows, 0)

    @property
    def objects(self) -> Code:
        """A table: event type -> {property: model}, in the order of queues, where there are any."""
        rows = []
        for model in self._types:
            found = self._index.named_objects(model)
            if found:
                items = [
                    f"{literal(path)}: {literal(self._library.names.models[name])}"
                    for path, name in found
                ]
                rows.append(fit(f"{literal(str(model.name))}: {{", items, "},", 4))
        return entries(rows, 0)

    @property
    def ends(self) -> Code:
        """A table: event type -> the objects that it ends."""
        rows = []
        for event, ends in self._index.ends(self._events).items():
            items = [
                f"End({literal(str(end.property))}"
                f"{f', {number_text(end.grace)}' if end.grace else ''})"
                for end in ends
            ]
            rows.append(f"{literal(event)}: ({', '.join(items)}{',' if len(items) == 1 else ''}),")
        return entries(rows, 4)

    @property
    def reads(self) -> Code:
        """A table: model of objects -> the resource and method that read one."""
        rows = []
        names = self._library.names
        for entity in self._library.api.objects:
            found = self._index.reader(entity)
            if found:
                resource, operation = found
                key = (resource.name, operation.name)
                way = (names.resources[resource.name], names.operations[key])
                rows.append(f"{literal(names.models[entity.model])}: {literal(way)},")
        return entries(rows, 4)


def _optional(view: ArgumentView) -> Code:
    text = str(view.annotation)
    return Code(text if text.endswith("| None") else f"{text} | None")


def _lines(view: ArgumentView) -> list[str]:
    """The argument's entry in the constructor's docstring; its first line is indented already."""
    return wrapped(view.entry, WIDTH - 12, rest=4)
