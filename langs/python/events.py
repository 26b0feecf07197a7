"""The tables by which the runtime tells events apart and knows what they mean."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING

from codegen.model import Events, Model
from codegen.naming import snake
from codegen.text import Code

from .escapes import literal
from .layout import WIDTH, entries, fit, wrapped
from .signatures import number_text
from .views import ArgumentView, Imports, OperationView, StreamArgumentView

if TYPE_CHECKING:
    from .library import Library


class EventsView:
    """What templates see as ``library.events``."""

    def __init__(self, library: Library, events: Events) -> None:
        self._library = library
        self._events = events
        self._imports = Imports()
        resource, operation = library.operation(events.operation)
        self._arguments = library.signatures.arguments(operation, self._imports)
        self.operation = OperationView(
            operation,
            Code("_WEBSOCKET"),
            literal(f"{resource.name}.{operation.name}"),
            Code("None"),
            self._arguments,
            (),
        )
        base = library.model(events.model)
        self.discriminator = literal(str(base.discriminator))
        name = snake(events.application) if events.application else None
        self.application = literal(name)
        self.application_argument = Code(name) if name else None
        self.replaced = literal(events.replaced)
        self.keep = literal(events.keep)

    # The constructor of the main class takes the arguments of the WebSocket operation.

    @property
    def stream_arguments(self) -> list[StreamArgumentView]:
        """Those arguments; a program that only makes calls gives none."""
        return [
            StreamArgumentView(
                view.name, _optional(view), Code("\n            ".join(_lines(view)))
            )
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
        models = [model for model in self._library.api.models if self._descends(model)]
        return sorted(models, key=lambda model: str(model.name))

    def _descends(self, model: Model) -> bool:
        return model.name == self._events.model or self._events.model in self._bases(model)

    def _bases(self, model: Model) -> tuple[str, ...]:
        """The types that a type descends from, nearest first."""
        names: list[str] = []
        while model.base is not None:
            names.append(str(model.base))
            model = self._library.model(model.base)
        return tuple(names)

    @property
    def names(self) -> list[Code]:
        """The types that a handler can be put on, as literals."""
        return [literal(str(model.name)) for model in self._types]

    @cached_property
    def _base(self) -> Model:
        """What a message of an unknown type is: the deepest type that has subtypes."""
        return max(
            (model for model in self._types if model.subtypes),
            key=lambda model: len(self._bases(model)),
            default=self._library.model(self._events.model),
        )

    @property
    def base(self) -> Code:
        """The name of that type."""
        return literal(str(self._base.name))

    @cached_property
    def common_parents(self) -> tuple[str, ...]:
        """The bases that most types have."""
        counts = Counter(self._bases(model) for model in self._types)
        return counts.most_common(1)[0][0] if counts else ()

    @property
    def parents(self) -> Code:
        """A table: type -> the tuple of its bases."""
        common = literal(self.common_parents)
        rows = [f"**dict.fromkeys(get_args(EventName)[:-3], {common}),"]
        rows += [
            f"{literal(str(model.name))}: {literal(self._bases(model))},"
            for model in self._types
            if self._bases(model) != self.common_parents
        ]
        return entries(rows, 0)

    @property
    def timestamp(self) -> Code:
        """The member that says when an event happened."""
        properties = self._library.properties(self._base)
        return literal(next((str(p.name) for p in properties if p.type.kind == "datetime"), None))

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
        order = {str(entity.model): place for place, entity in enumerate(self._library.api.objects)}
        rows = []
        for model in self._types:
            found = sorted(self._object_paths(model, ""), key=lambda pair: order[pair[1]])
            if found:
                items = [
                    f"{literal(path)}: {literal(self._library.names.models[name])}"
                    for path, name in found
                ]
                rows.append(fit(f"{literal(str(model.name))}: {{", items, "},", 4))
        return entries(rows, 0)

    def _object_paths(self, model: Model, prefix: str) -> Iterator[tuple[str, str]]:
        """(path of a property, model of the object in it), also in structures within the event."""
        objects = {entity.model for entity in self._library.api.objects}
        for item in self._library.properties(model):
            if item.type.kind != "model" or item.type.name is None:
                continue
            if item.type.name in objects:
                yield f"{prefix}{item.name}", item.type.name
            elif prefix.count(".") < 2:
                inner = self._library.model(item.type.name)
                yield from self._object_paths(inner, f"{prefix}{item.name}.")

    @property
    def ends(self) -> Code:
        """A table: event type -> the objects that it ends."""
        by_event: dict[str, list[str]] = {}
        for end in self._events.ends:
            grace = f", {number_text(end.grace)}" if end.grace else ""
            text = f"End({literal(str(end.property))}{grace})"
            by_event.setdefault(str(end.event), []).append(text)
        rows = [
            f"{literal(event)}: ({', '.join(items)}{',' if len(items) == 1 else ''}),"
            for event, items in by_event.items()
        ]
        return entries(rows, 4)

    @property
    def reads(self) -> Code:
        """A table: model of objects -> the resource and method that read one."""
        rows = []
        names = self._library.names
        for entity in self._library.api.objects:
            for ref in entity.operations:
                _, operation = self._library.operation(ref)
                reads = (operation.method, operation.path) == ("GET", entity.path)
                if reads and operation.result.name == entity.model:
                    key = (ref.resource, ref.operation)
                    way = (names.resources[ref.resource], names.operations[key])
                    rows.append(f"{literal(names.models[entity.model])}: {literal(way)},")
        return entries(rows, 4)


def _optional(view: ArgumentView) -> Code:
    text = str(view.annotation)
    return Code(text if text.endswith("| None") else f"{text} | None")


def _lines(view: ArgumentView) -> list[str]:
    """The argument's entry in the constructor's docstring; its first line is indented already."""
    return wrapped(view.entry, WIDTH - 12, rest=4)
