"""What every language asks of the model: look-ups, inheritance, and what events mean."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from .model import (
    Api,
    EventEnd,
    Events,
    Model,
    ObjectType,
    OneOf,
    Operation,
    OperationRef,
    Parameter,
    Property,
    Resource,
)


class Index:
    """Answers questions about one API."""

    def __init__(self, api: Api) -> None:
        self.api = api
        self._operations = {
            (resource.name, operation.name): (resource, operation)
            for resource in api.resources
            for operation in resource.operations
        }
        self._models = {model.name: model for model in api.models}
        self._objects = {kind.model: kind for kind in api.objects}
        self._order = {kind.model: place for place, kind in enumerate(api.objects)}

    # Operations.

    def operation(self, ref: OperationRef) -> tuple[Resource, Operation]:
        """The operation at an address, and its resource."""
        return self._operations[(ref.resource, ref.operation)]

    def methods(self, resource: Resource) -> list[Operation]:
        """The operations of a resource that are calls: all but the one that opens the WebSocket."""
        return [operation for operation in resource.operations if not operation.websocket]

    def own_operations(self, kind: ObjectType) -> list[tuple[Resource, Operation]]:
        """The operations that an object has as methods, those that create it last."""
        found = [self.operation(ref) for ref in (*kind.operations, *kind.creators)]
        return [(resource, operation) for resource, operation in found if not operation.websocket]

    def made(self, operation: Operation) -> tuple[ObjectType, Parameter] | None:
        """The object that an operation makes, and the parameter by which a client may give its id."""
        result = operation.result
        if operation.method not in ("POST", "PUT") or result.kind != "model" or not result.name:
            return None
        kind = self._objects.get(result.name)
        if kind is None or not kind.new:
            return None
        outside = [item for item in operation.parameters if item.location != "path"]
        last = [
            item for item in operation.parameters if operation.path.endswith(f"{{{item.name}}}")
        ]
        # An operation may also take other objects of that kind; the id's own name tells them apart.
        named = [item for item in outside if item.name == kind.ids[0].parameter]
        for parameter in (*last, *named, *outside):
            if parameter.reference == kind.model and parameter.type.kind == "string":
                return kind, parameter
        return None

    def items(self, operation: Operation) -> str | None:
        """Where the result of an operation that may be asked for piece by piece has its list.

        The property of the result, empty where the result is the list; ``None`` where the operation can only be
        asked as a whole: the API's settings say what makes pages and windows of time."""
        if operation.method != "GET" or not (self.paged(operation) or self.windowed(operation)):
            return None
        if operation.result.kind == "list":
            return ""
        if operation.result.kind != "model" or operation.result.name is None:
            return None
        lists = [
            item.name
            for item in self.properties(self.model(operation.result.name))
            if item.type.kind == "list"
        ]
        return str(lists[0]) if len(lists) == 1 else None

    def paged(self, operation: Operation) -> bool:
        """Whether a list comes in pages."""
        paging = self.api.access.paging
        if paging is None:
            return False
        query = {each.name for each in operation.parameters if each.location == "query"}
        return {paging.page, paging.size} <= query

    def windowed(self, operation: Operation) -> bool:
        """Whether a list is of what happened between two times, which a request must give."""
        windows = self.api.access.windows
        if windows is None:
            return False
        needed = {p.name for p in operation.parameters if p.location == "query" and p.required}
        return {windows.start, windows.end} <= needed

    def reader(self, kind: ObjectType) -> tuple[Resource, Operation] | None:
        """The operation that reads one object, if there is one."""
        for resource, operation in self.own_operations(kind):
            reads = (operation.method, operation.path) == ("GET", kind.path)
            if reads and operation.result.name == kind.model:
                return resource, operation
        return None

    def object_at(self, path: str) -> ObjectType | None:
        """The kind of object whose path this is."""
        return next((kind for kind in self.api.objects if kind.path == path), None)

    # Models.

    def model(self, name: str) -> Model:
        """The model of that name."""
        return self._models[name]  # type: ignore[index]

    def object(self, model: Model) -> ObjectType | None:
        """What kind of object a model is, if it is one."""
        return self._objects.get(model.name)

    def bases(self, model: Model) -> tuple[str, ...]:
        """The names of the models that a model descends from, nearest first."""
        names: list[str] = []
        while model.base is not None:
            names.append(str(model.base))
            model = self.model(model.base)
        return tuple(names)

    def properties(self, model: Model) -> list[Property]:
        """A model's properties, those of its bases first; its own win over theirs."""
        if model.base is None:
            return list(model.properties)
        own = {item.name for item in model.properties}
        inherited = self.properties(self.model(model.base))
        return [item for item in inherited if item.name not in own] + list(model.properties)

    def new_properties(self, model: Model) -> list[Property]:
        """The properties that none of a model's bases has."""
        if model.base is None:
            return list(model.properties)
        inherited = {item.name for item in self.properties(self.model(model.base))}
        return [item for item in model.properties if item.name not in inherited]

    def discriminated(self, found: Model | OneOf) -> dict[str, str]:
        """Value of the discriminator -> the model that it means; empty without a discriminator.

        Of a model: itself and all that descend from it.  What is not in the table is read as the
        model itself, or, of a ``OneOf``, as the JSON that came."""
        if found.discriminator is None:
            return {}
        if isinstance(found, OneOf):
            names = [str(type_.name) for type_ in found.types if type_.kind == "model"]
        else:
            names = self._descendants(found)
        table = {name: name for name in names}
        # Those that a model further down lists are nearer to what they mean.
        listing = [found] if isinstance(found, OneOf) else [found, *map(self.model, names)]
        for one in listing:
            table.update((str(entry.value), str(entry.model)) for entry in one.mapping)
        return table

    def _descendants(self, model: Model) -> list[str]:
        names = [str(model.name)]
        for name in names:  # grows meanwhile
            names += [str(s) for s in self.model(name).subtypes if s not in names]
        return names

    def bases_first(self, models: Iterable[Model]) -> list[Model]:
        """The models in their order, but none before its base."""
        placed: dict[str, Model] = {}

        def place(model: Model) -> None:
            if model.name not in placed:
                if model.base is not None:
                    place(self.model(model.base))
                placed[model.name] = model

        for model in models:
            place(model)
        return list(placed.values())

    # Events.

    def messages(self, events: Events) -> list[Model]:
        """Every model that a message may be, by name."""
        found = [
            model
            for model in self.api.models
            if model.name == events.model or events.model in self.bases(model)
        ]
        return sorted(found, key=lambda model: str(model.name))

    def unknown_message(self, events: Events) -> Model:
        """The model for a message of an unknown type: the deepest that has subtypes."""
        return max(
            (model for model in self.messages(events) if model.subtypes),
            key=lambda model: len(self.bases(model)),
            default=self.model(events.model),
        )

    def timestamp(self, events: Events) -> str | None:
        """The property that says when an event happened."""
        properties = self.properties(self.unknown_message(events))
        return next((str(p.name) for p in properties if p.type.kind == "datetime"), None)

    def named_objects(self, message: Model) -> list[tuple[str, str]]:
        """(path of the property, model) of the objects that a message names, in the order of queues.

        A path has dots where the object lies in a structure within the message."""
        return sorted(self._named(message, ""), key=lambda pair: self._order[pair[1]])  # type: ignore[index]

    def _named(self, model: Model, prefix: str) -> Iterator[tuple[str, str]]:
        for item in self.properties(model):
            if item.type.kind != "model" or item.type.name is None:
                continue
            if item.type.name in self._objects:
                yield f"{prefix}{item.name}", str(item.type.name)
            elif prefix.count(".") < 2:
                yield from self._named(self.model(item.type.name), f"{prefix}{item.name}.")

    @staticmethod
    def ends(events: Events) -> dict[str, list[EventEnd]]:
        """Event -> the objects that it ends."""
        found: dict[str, list[EventEnd]] = {}
        for end in events.ends:
            found.setdefault(str(end.event), []).append(end)
        return found


def required_first(parameters: Sequence[Parameter]) -> tuple[list[Parameter], list[Parameter]]:
    """The parameters a call needs (those of the path first, then in the document's order), and the
    others."""
    required = [item for item in parameters if item.required or item.location == "path"]
    required.sort(key=lambda item: item.location != "path")
    return required, [item for item in parameters if item not in required]
