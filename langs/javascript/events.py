"""The tables by which the runtime tells events apart and knows what they mean."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from codegen.index import required_first
from codegen.model import Events, Model
from codegen.text import Code

from .escapes import key, literal
from .layout import Doc, fit, union
from .names import option_names
from .parameters import described, parameter_list

if TYPE_CHECKING:
    from .library import Library


class StreamOptionView(NamedTuple):
    """An argument of the WebSocket operation, as an option of the main class."""

    doc: Code
    declaration: Code


class EventsView:
    """What templates see as ``library.events``."""

    def __init__(self, library: Library, events: Events) -> None:
        self._library = library
        self._events = events
        self._index = library.index
        resource, self._operation = self._index.operation(events.operation)
        self._names = option_names(item.name for item in self._operation.parameters)
        self.operation_name = literal(f"{resource.name}.{self._operation.name}")
        self.path = literal(str(self._operation.path))
        self.discriminator = literal(str(self._index.model(events.model).discriminator))
        self.replaced = literal(events.replaced)
        self.timestamp = literal(self._index.timestamp(events))
        self.base = literal(library.names.models[str(self._index.unknown_message(events).name)])
        self.base_class = Code(library.names.models[str(self._index.unknown_message(events).name)])

    @property
    def application_option(self) -> Code | None:
        """The option that takes the program's own names."""
        for parameter, name in zip(self._operation.parameters, self._names, strict=True):
            if parameter.name == self._events.application:
                return Code(name)
        return None

    @property
    def application(self) -> Code:
        """The same as a literal."""
        return literal(self.application_option)

    @property
    def parameters(self) -> Code:
        """The list of the WebSocket operation's parameters, as a member of an object."""
        return parameter_list("parameters: ", self._operation, self._names, 4)

    @property
    def option_names(self) -> list[Code]:
        """The options of the main class that the WebSocket operation takes."""
        return [Code(name) for name in self._names]

    @property
    def stream_options(self) -> list[StreamOptionView]:
        """The same, declared."""
        return [
            StreamOptionView(
                Doc(described(parameter)).code(2),
                union(
                    f"{name}?:", self._library.types_of.argument(self._operation, parameter), ";", 2
                ),
            )
            for parameter, name in zip(self._operation.parameters, self._names, strict=True)
        ]

    @cached_property
    def _types(self) -> list[Model]:
        return self._index.messages(self._events)

    @property
    def types(self) -> list[tuple[Code, Code]]:
        """(event type, its class) of every message there is."""
        return [
            (key(model.name), Code(self._library.names.models[str(model.name)]))
            for model in self._types
        ]

    @property
    def models(self) -> list[Code]:
        """Entries ``event type: class``."""
        return [
            Code(name if name == class_name else f"{name}: {class_name}")
            for name, class_name in self.types
        ]

    @property
    def imports(self) -> list[Code]:
        """The imports of the classes."""
        return self._library.model_imports([str(model.name) for model in self._types], "./models/")

    @property
    def parents(self) -> list[Code]:
        """Entries ``event type: [base types]``."""
        return [
            Code(f"{key(model.name)}: {literal(self._index.bases(model))},")
            for model in self._types
        ]

    @property
    def ids(self) -> list[Code]:
        """Entries ``model of objects: [id members]``, in the order of queues."""
        return [
            Code(
                f"{key(self._library.names.models[str(entity.model)])}: "
                f"{literal([str(item.property) for item in entity.ids])},"
            )
            for entity in self._library.api.objects
        ]

    @property
    def objects(self) -> list[Code]:
        """Entries ``event type: [[property, model], …]``, in the order of queues, where there are any."""
        rows = []
        for model in self._types:
            found = self._index.named_objects(model)
            if found:
                items = [literal([path, self._library.names.models[name]]) for path, name in found]
                # Formatters put lists of several lists over several lines.
                head = f"{key(model.name)}: ["
                rows.append(fit(head, items, "],", 4, split=len(items) > 1))
        return rows

    @property
    def ends(self) -> list[Code]:
        """Entries ``event type: [[property, grace in seconds], …]``."""
        return [
            fit(
                f"{key(event)}: [",
                [literal([str(end.property), end.grace]) for end in ends],
                "],",
                4,
                split=len(ends) > 1,
            )
            for event, ends in self._index.ends(self._events).items()
        ]

    @property
    def reads(self) -> list[Code]:
        """Entries ``model of objects: [resource, method, options of its ids]``."""
        rows = []
        names = self._library.names
        for entity in self._library.api.objects:
            found = self._index.reader(entity)
            if found:
                resource, operation = found
                ids = option_names(p.name for p in required_first(operation.parameters)[0])
                way = [
                    names.resources[resource.name],
                    names.operations[(resource.name, operation.name)],
                    ids,
                ]
                rows.append(Code(f"{key(names.models[str(entity.model)])}: {literal(way)},"))
        return rows
