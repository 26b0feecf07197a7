"""The names of a library, planned in one place, scope by scope."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from codegen.index import Index
from codegen.model import Api, Model, Names, Parameter
from codegen.naming import Scope, camel, kebab, kept, kept_class, pascal, reserved_words
from codegen.places import Place, places

RESERVED = reserved_words(Path(__file__).parent / "reserved.txt")

#: Classes and types that modules use or declare beside the API's own.
_GLOBALS = frozenset(
    """
    AbortSignal Array ArrayBuffer ArrayBufferView AsyncIterable BinaryContent Blob Boolean
    CallOptions Client Date Entity Error ErrorHandler EventClient EventMap EventName EventSource
    FileUpload Headers Intervals Map Model Number Object ObservableEntity Origin Promise
    ReadableStream Record Request Response Set String SuccessHandler Symbol TextValues
    TransferOptions Transport TypeError URL Uint8Array WaitOptions WebSocket
    ConnectionLost ConnectionReplaced ConnectionRestored LibraryException
    ConnectionFailedException IllegalInputException IllegalStateException NoSuchMethodException
    NotAuthorizedException NotFoundException RequestRejectedException TimeoutException
    """.split()
)

#: The same for the shape by paths.
_TREE_GLOBALS = frozenset({"Place", "RateLimit"})

#: What every object of JavaScript, every model and every object of the API has already.
_OBJECT_MEMBERS = frozenset(
    {"constructor", "toString", "valueOf", "hasOwnProperty", "isPrototypeOf"}
)
MODEL_MEMBERS = _OBJECT_MEMBERS | {"toJSON"}
ENTITY_MEMBERS = MODEL_MEMBERS | {
    "equals",
    "addEventHandler",
    "removeEventHandler",
    "once",
    "waitFor",
    "events",
}
# "events" is not among them: a resource of that name can be called for the events, too.
_CLIENT_MEMBERS = (ENTITY_MEMBERS - {"events"}) | {
    "answered",
    "call",
    "close",
    "connect",
    "failed",
    "lastOrigin",
    "origin",
    "probe",
    "run",
    "state",
    "stop",
    "stream",
}

#: What it has for the shape by paths.
_TREE_MEMBERS = _CLIENT_MEMBERS | {"fetch", "fetchStream", "rateLimit"}

#: Options that calls have beside the document's.
OPTIONS = frozenset({"progress", "requestTimeout", "signal"})

#: What the main class is made with, beside what the documents name.
SETTINGS = frozenset(
    """
    apiUrl clientId clientSecret intervals password timeout tls token transport username userType
    WebSocket
    """.split()
)


#: What stands behind the options of every call.
HANDLERS = ("onSuccess", "onError")


_CAMEL = re.compile(r"[a-z][A-Za-z0-9]*\Z")


def member(text: str) -> str:
    """A method's, an option's or a resource's name: the document's own where it is in camelCase."""
    return text if _CAMEL.match(text) else camel(text)


def plan(scope: Scope, names: Iterable[str]) -> dict[str, str]:
    """The names of one scope, by the document's."""
    return {str(key): name for key, name in scope.plan((name, name) for name in names).items()}


class NamePlan:
    """The names of everything that can be named from outside its own class."""

    def __init__(self, api: Api, names: Names) -> None:
        self._index = Index(api)
        prefix = api.client.error_prefix
        #: The base class of objects with operations.
        self.object_base = f"{prefix or 'Api'}Object"
        #: The exceptions whose names begin with the API's prefix.
        self.exceptions = {
            kind: f"{prefix}{kind}" for kind in ("Exception", "ServerException", "UnknownException")
        }
        own = {names.library_class, self.object_base, *self.exceptions.values()}
        by_paths = api.access.shape == "paths"
        own |= _TREE_GLOBALS if by_paths else frozenset()
        # The class of that name is seen by the main class alone, which sees models in the other shape only.
        hidden = {"Client"} if by_paths else set()
        self.classes = Scope(kept_class, (RESERVED | _GLOBALS | own) - hidden)
        self.models = plan(self.classes, (model.name for model in api.models))
        taken = {*self.models.values(), *_GLOBALS, *own}
        #: (resource, operation) -> method, and the method that streams, for binary results.
        self.operations: dict[tuple[str, str], str] = {}
        self.streams: dict[tuple[str, str], str] = {}
        #: (resource, operation) -> the interface of its options.
        self.options: dict[tuple[str, str], str] = {}
        self._plan_modules(api)
        self.resource_classes: dict[str, str] = {}
        self.resources: dict[str, str] = {}
        #: For the shape by paths: the first places, and the class of each place, by its identity.
        self.roots = places(api) if by_paths else ()
        self.places: dict[int, str] = {}
        if by_paths:
            self._plan_places(taken)
        else:
            self._plan_resources(api, taken)
        self._plan_types(api)

    def _plan_places(self, taken: set[str]) -> None:
        every = [place for root in self.roots for place in root.below()]
        for place in every:
            name = pascal(" ".join(place.words))
            name = self.classes.add(f"{name}Place" if name in taken else name)
            self.places[id(place)] = name
        for place in every:
            for method in place.methods:
                key = (str(method.resource.name), str(method.operation.name))
                others = any(item.location != "path" for item in method.operation.parameters)
                if others and key not in self.options:
                    name = f"{self.places[id(place)]}{pascal(method.text)}Options"
                    self.options[key] = self.classes.add(name)

    def root_names(self) -> dict[int, str]:
        """What the library calls the first places, by their identity."""
        scope = Scope(member, RESERVED | _TREE_MEMBERS)
        return {
            int(str(key)): name
            for key, name in scope.plan((id(root), root.text) for root in self.roots).items()
        }

    def _plan_resources(self, api: Api, taken: set[str]) -> None:
        for resource in api.resources:
            name = kept_class(resource.name)
            name = self.classes.add(f"{name}Resource" if name in taken else name)
            self.resource_classes[str(resource.name)] = name
        resources = Scope(member, RESERVED | _CLIENT_MEMBERS)
        self.resources = plan(resources, (resource.name for resource in api.resources))
        for resource in api.resources:
            # Reserved words are good names for methods.
            scope = Scope(member, _OBJECT_MEMBERS)
            methods = self._index.methods(resource)
            planned = plan(scope, (operation.name for operation in methods))
            for operation in methods:
                key = (resource.name, operation.name)
                self.operations[key] = planned[operation.name]
                self.options[key] = self.classes.add(
                    f"{self.resource_classes[resource.name]}{pascal(operation.name)}Options"
                )
                if operation.result.kind == "binary":
                    self.streams[key] = scope.add(f"{planned[operation.name]}Stream")

    def _plan_modules(self, api: Api) -> None:
        """A module for each resource, one for its models, and one for models that belong to none.

        A model lives in its base's module, so that no module needs another's classes when it is loaded."""
        modules = Scope(kebab, fold=True)
        self.modules = plan(modules, (resource.name for resource in api.resources))
        common = modules.add("common")

        def home(model: Model) -> str:
            bases = self._index.bases(model)
            root = self._index.model(bases[-1]) if bases else model
            return self.modules.get(root.resource or "", common)

        #: Model -> its module.
        self.model_modules = {str(model.name): home(model) for model in api.models}

    def _plan_types(self, api: Api) -> None:
        """A name for each set of allowed values: its parameter's, with the operation's before it
        where that alone is ambiguous."""
        owners: dict[str, dict[tuple[Any, ...], str]] = {}
        for resource in api.resources:
            for operation in resource.operations:
                for parameter in operation.parameters:
                    if parameter.choices:
                        sets = owners.setdefault(pascal(parameter.name), {})
                        sets.setdefault(parameter.choices, pascal(operation.name))
        self._types: dict[tuple[str, tuple[Any, ...]], str] = {}
        classes = (*self.models.values(), *self.resource_classes.values(), *self.places.values())
        taken = {*classes, *_GLOBALS}
        for name, sets in sorted(owners.items()):
            for choices, owner in sets.items():
                clear = len(sets) == 1 and name not in taken
                self._types[(name, choices)] = self.classes.add(name if clear else f"{owner}{name}")

    def type_of(self, parameter: str, choices: tuple[Any, ...]) -> str:
        """The name of the type of a parameter with these allowed values."""
        return self._types[(pascal(parameter), choices)]

    @property
    def types(self) -> list[tuple[str, tuple[Any, ...], str]]:
        """(name, allowed values, option) of every such type, by name."""
        return sorted(
            (name, choices, camel(parameter)) for (parameter, choices), name in self._types.items()
        )


class Members:
    """The names of what a place's class has."""

    def __init__(self, place: Place, iterates: bool) -> None:
        # Reserved words are good names for methods.
        scope = Scope(member, _OBJECT_MEMBERS)
        methods = scope.plan((number, each.text) for number, each in enumerate(place.methods))
        #: The methods, in the place's order.
        self.methods = list(methods.values())
        #: The number of a method -> the method that streams its result.
        self.streams = {
            number: scope.add(f"{self.methods[number]}Stream")
            for number, each in enumerate(place.methods)
            if each.operation.result.kind == "binary"
        }
        #: The method that goes through all pages; empty if there is none.
        self.iterate = scope.add("iterate") if iterates else ""
        #: The places below it, in its order.
        self.children = [scope.add(child.text) for child in place.children]


def id_names(parameters: Iterable[Parameter]) -> list[str]:
    """The names of ids, as arguments of their own."""
    scope = Scope(member, RESERVED | OPTIONS | {"options", *HANDLERS})
    planned = scope.plan((number, each.name) for number, each in enumerate(parameters))
    return list(planned.values())


def option_names(parameters: Iterable[str]) -> list[str]:
    """The options' names of an operation's parameters, in their order."""
    scope = Scope(member, OPTIONS)
    names = list(parameters)
    planned = scope.plan(enumerate(names))
    return [planned[number] for number in range(len(names))]


def attribute_names(names: Iterable[str], taken: Iterable[str]) -> tuple[dict[str, str], Scope]:
    """The attributes of a model by its properties, and the scope, for its methods."""
    scope = Scope(kept, taken)
    return plan(scope, names), scope
