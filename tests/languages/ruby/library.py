"""A library in Ruby, as the templates see it: all that they print is ``Code``."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from codegen.model import (
    Api,
    Model,
    Names,
    ObjectType,
    Operation,
    Parameter,
    Property,
    Resource,
    Type,
)
from codegen.naming import Scope, kept, kept_class, reserved_words, snake
from codegen.text import Code

from .escapes import WIDTH, clean, comment, literal

RESERVED = reserved_words(Path(__file__).parent / "reserved.txt")

_ERRORS = {
    400: "IllegalInputException",
    401: "NotAuthorizedException",
    403: "NotAuthorizedException",
    404: "NotFoundException",
    409: "IllegalStateException",
    412: "IllegalStateException",
    501: "NoSuchMethodException",
}
_OWN_ERRORS = {"RequestRejectedException", "ConnectionFailedException", "TimeoutException"}

_DESCRIBED = {
    "string": "String",
    "integer": "Integer",
    "number": "Numeric",
    "boolean": "Boolean",
    "binary": "String",
    "datetime": "Time",
    "map": "Hash",
    "object": "Hash",
    "void": "nil",
}


@dataclass(frozen=True)
class ArgumentView:
    """A parameter: as it is declared, and the line that puts it into the request."""

    parameter: Parameter
    name: str
    declaration: str
    line: Code


@dataclass(frozen=True)
class OperationView:
    """An operation as a method."""

    name: Code
    doc: Code
    signature: Code
    call: Code
    arguments: tuple[ArgumentView, ...]


@dataclass(frozen=True)
class ShortcutView:
    """A further name of an operation, or the ``same`` one, which the client has too.

    ``split`` is where two ids in one text part.
    """

    name: Code
    target: Code
    split: Code | None
    same: bool


@dataclass(frozen=True)
class ResourceView:
    """A resource as a class, and as an attribute of the client."""

    name: Code
    file: Code
    class_name: Code
    doc: Code
    summary: Code
    operations: tuple[OperationView, ...]
    shortcuts: tuple[ShortcutView, ...]
    delegated: Code


@dataclass(frozen=True)
class AttributeView:
    """A property as a reader."""

    doc: Code
    line: Code


@dataclass(frozen=True)
class ForwardView:
    """An operation on an object, which passes the object's ids to that of its resource."""

    name: Code
    target: Code
    forward: Code


@dataclass(frozen=True)
class ModelView:
    """A model as a class."""

    name: Code
    file: Code
    base: Code
    doc: Code
    ids: Code
    attributes: tuple[AttributeView, ...]
    methods: tuple[ForwardView, ...]


class Library:
    """What templates see as ``library``."""

    def __init__(self, api: Api, names: Names) -> None:
        self._api = api
        self.module = Code(names.library_class)
        self.package = Code(names.package)
        self.gem = Code(names.distribution)
        self.prefix = Code(api.client.error_prefix)
        self.version = literal(api.client.version)
        self.title = api.client.title or f"A client of the {api.client.name} API."
        self.doc = comment(self.title, api.client.description, indent=0)
        self.copyright = comment(f"Copyright {', '.join(api.client.authors) or 'its authors'}")
        self.licence = Code(clean(api.client.licence))
        self.url = Code(clean(api.client.url or "https://server.example/api"))
        self._plan_names()

    def _plan_names(self) -> None:
        """All names, each in the scope in which it must differ from others."""
        api, prefix = self._api, self.prefix
        errors = {*_ERRORS.values(), *_OWN_ERRORS, "LibraryException"}
        errors |= {f"{prefix}{kind}Exception" for kind in ("", "Server", "Unknown")}
        classes = Scope(kept_class, RESERVED | errors)
        self._models = _planned(classes, api.models)
        self._classes = _planned(classes, api.resources)
        self._model_files = _planned(Scope(snake, fold=True), api.models)
        self._resources = _planned(Scope(snake, RESERVED, fold=True), api.resources)
        self._operations = {
            (resource.name, operation): name
            for resource in api.resources
            for operation, name in _planned(Scope(snake, RESERVED), _methods(resource)).items()
        }

    # Resources.

    @cached_property
    def resources(self) -> list[ResourceView]:
        """Every resource, in the document's order."""
        return [self._resource(resource) for resource in self._api.resources]

    def _resource(self, resource: Resource) -> ResourceView:
        description = resource.description or f"The operations of {resource.name}."
        shortcuts = tuple(self._shortcuts(resource))
        return ResourceView(
            Code(self._resources[resource.name]),
            Code(self._resources[resource.name]),
            Code(self._classes[resource.name]),
            comment(description, indent=2),
            comment(description),
            tuple(self._operation(resource, one) for one in _methods(resource)),
            shortcuts,
            Code(", ".join(f":{one.name}" for one in shortcuts)),
        )

    def _shortcuts(self, resource: Resource) -> Iterable[ShortcutView]:
        operations = {self._operations[resource.name, one.name] for one in _methods(resource)}
        # They are also names of the client, and step aside for those that are there already.
        scope = Scope(snake, RESERVED | {*self._resources.values(), *operations})
        for one in self._api.shortcuts:
            operation = self._operations.get((one.target.resource, one.target.operation), "")
            if one.target.resource == resource.name and operation:
                same = snake(one.name) == operation
                name = operation if same else scope.add(one.name)
                split = literal(one.split) if one.split else None
                yield ShortcutView(Code(name), Code(operation), split, same)

    def _operation(self, resource: Resource, operation: Operation) -> OperationView:
        name = self._operations[resource.name, operation.name]
        ordered = _ordered(operation)
        names = _planned(Scope(snake, RESERVED), ordered)
        arguments = [_argument(one, names[one.name]) for one in ordered]
        returns = self._type(operation.result)
        call = f"call {literal(operation.method)}, {literal(operation.path)}"
        return OperationView(
            Code(name),
            self._operation_doc(operation, arguments),
            _signature(name, arguments),
            Code(call if returns is None else f"{call}, returns: {returns}"),
            # In the request, they keep the document's order.
            tuple(sorted(arguments, key=lambda one: operation.parameters.index(one.parameter))),
        )

    def _operation_doc(self, operation: Operation, arguments: Iterable[ArgumentView]) -> Code:
        tags = []
        for view in arguments:
            kind = self._described(view.parameter.type)
            if view.parameter.reference is not None:
                kind += f", {self._models[view.parameter.reference]}"
            tags.append(f"@param {view.name} [{kind}] {view.parameter.description}")
        tags.append(f"@return [{self._described(operation.result)}]")
        for error in operation.errors:
            tags.append(f"@raise [{self._error(error.code)}] {error.code}: {error.reason}")
        place = f"{operation.method} {operation.path} ({operation.name})"
        return comment(operation.summary or operation.name, operation.notes, place, tags)

    def _error(self, status: int) -> str:
        if status >= 500:
            own = f"{self.prefix}{'Server' if status == 500 else 'Unknown'}Exception"
            return _ERRORS.get(status, own)
        return _ERRORS.get(status, "RequestRejectedException")

    @property
    def first_call(self) -> Code | None:
        """A call that needs nothing, for the README."""
        for resource in self._api.resources:
            for one in _methods(resource):
                if one.method == "GET" and not any(map(_is_required, one.parameters)):
                    name = self._operations[resource.name, one.name]
                    return Code(f"{self._resources[resource.name]}.{name}")
        return None

    # Models.

    @cached_property
    def models(self) -> list[ModelView]:
        """Every model, in the document's order."""
        objects = {one.model: one for one in self._api.objects}
        return [self._model(model, objects.get(model.name)) for model in self._api.models]

    def _model(self, model: Model, entity: ObjectType | None) -> ModelView:
        scope = Scope(kept, RESERVED)
        names = self._attributes(model, scope)
        ids = [names[one.property] for one in entity.ids] if entity else []
        methods = []
        for ref in entity.operations if entity else ():
            operation = self._operations.get((ref.resource, ref.operation))
            if operation is not None:  # else it is the WebSocket's
                resource = self._resources[ref.resource]
                given = ", ".join([*ids, "..."])
                methods.append(
                    ForwardView(
                        Code(scope.add(operation)),
                        Code(f"{self._classes[ref.resource]}#{operation}"),
                        Code(f"@library.{resource}.{operation}({given})"),
                    )
                )
        attributes = []
        for one in model.properties:
            name = names[one.name]
            items = [f":{name}", self._type(one.type)]
            items.append(None if name == one.name else f"member: {literal(one.name)}")
            attributes.append(
                AttributeView(
                    comment(one.description or name, [f"@return [{self._described(one.type)}]"]),
                    Code(f"attribute {', '.join(filter(None, items))}"),
                )
            )
        return ModelView(
            Code(self._models[model.name]),
            Code(self._model_files[model.name]),
            Code(self._models[model.base] if model.base else "Model"),
            comment(model.description or model.name, indent=2),
            Code(", ".join(f":{name}" for name in ids)),
            tuple(attributes),
            tuple(methods),
        )

    def _attributes(self, model: Model, scope: Scope) -> dict[str, str]:
        """The attributes' names, those of the bases first: a subclass must not rename them."""
        names = {}
        if model.base is not None:
            base = next(one for one in self._api.models if one.name == model.base)
            names = self._attributes(base, scope)
        own = [one for one in model.properties if one.name not in names]
        return names | _planned(scope, own)

    # Types.

    def _type(self, type_: Type) -> str | None:
        """What the runtime makes of a value; None where that is what JSON has."""
        if type_.kind == "model":
            return self._models[str(type_.name)]
        if type_.kind in ("list", "map") and type_.item is not None:
            item = self._type(type_.item)
            if item is not None:
                return f"[{item}]" if type_.kind == "list" else f"{{ String => {item} }}"
        return {"datetime": "Time", "binary": ":binary"}.get(type_.kind)

    def _described(self, type_: Type) -> str:
        """The type as YARD writes it."""
        if type_.kind == "model":
            return self._models[str(type_.name)]
        if type_.kind == "list" and type_.item is not None:
            return f"Array<{self._described(type_.item)}>"
        if type_.kind == "map" and type_.item is not None:
            return f"Hash{{String => {self._described(type_.item)}}}"
        return _DESCRIBED.get(type_.kind, "Object")


def _planned(
    scope: Scope, items: Iterable[Model | Property | Resource | Operation | Parameter]
) -> dict[str, str]:
    """The names of ``items``, by the document's."""
    planned = scope.plan((one.name, one.name) for one in items)
    return {str(key): name for key, name in planned.items()}


def _methods(resource: Resource) -> list[Operation]:
    """The operations that are methods: not the WebSocket."""
    return [one for one in resource.operations if not one.websocket]


def _is_required(parameter: Parameter) -> bool:
    return parameter.required or parameter.location == "path"


def _ordered(operation: Operation) -> list[Parameter]:
    """The ids as they stand in the path, then the required arguments, then the others."""
    path = [one for one in operation.parameters if one.location == "path"]
    path.sort(key=lambda one: operation.path.find(f"{{{one.name}}}"))
    others = [one for one in operation.parameters if one.location != "path"]
    return path + sorted(others, key=lambda one: not one.required)


def _argument(parameter: Parameter, name: str) -> ArgumentView:
    kind = parameter.type.kind
    if kind == "model" or (kind == "object" and parameter.location == "field"):
        kind = "map"
    options = [literal(parameter.name), name]
    if kind in ("integer", "number", "boolean", "datetime", "list", "map"):
        options.append(f":{kind}")
    elif kind != "string":
        options.append(":any")
    if parameter.location == "path":
        declaration = f"{name} = required(:{name})"
    elif parameter.required:
        options.append("required: true")
        declaration = f"{name}: required(:{name})"
    else:
        declaration = f"{name}: {literal(parameter.default) if parameter.send_default else 'nil'}"
    for limit in ("minimum", "maximum"):
        value = getattr(parameter, limit)
        if value is not None:
            options.append(f"{limit}: {literal(value)}")
    if parameter.choices:
        line: str = literal(parameter.choices)
        if len(line) + 20 > WIDTH:
            line = _broken("[]", map(literal, parameter.choices))
        options.append(f"choices: {line}")
    if parameter.text_values:
        options.append("text_values: true")
    line = f"request.{parameter.location} {', '.join(options)}"
    if len(line) + 8 > WIDTH:
        line = f"request.{parameter.location}{_broken('()', options)}"
    return ArgumentView(parameter, name, declaration, Code(line))


def _signature(name: str, arguments: Iterable[ArgumentView]) -> Code:
    items = [one.declaration for one in arguments]
    line = f"def {name}({', '.join(items)})" if items else f"def {name}"
    return Code(line if len(line) + 4 <= WIDTH else f"def {name}{_broken('()', items)}")


def _broken(brackets: str, items: Iterable[str]) -> str:
    """The items between brackets, each on a line of its own."""
    text = ",\n".join(items).replace("\n", "\n  ")
    return f"{brackets[0]}\n  {text}\n{brackets[1]}"
