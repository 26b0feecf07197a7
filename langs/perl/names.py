"""The names of a library, planned in one place, scope by scope."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from pathlib import Path

from codegen.index import Index
from codegen.model import Api, Names, Operation, Parameter, Resource
from codegen.naming import Scope, kept, kept_class, pascal, reserved_words, snake
from codegen.places import Place, places

RESERVED = reserved_words(Path(__file__).parent / "reserved.txt")

#: Modules of a library beside those of the API, and its exceptions.
_MODULES = frozenset(
    """
    Connection ConnectionFailedException ConnectionLost ConnectionReplaced ConnectionRestored
    EventTable Exceptions IllegalInputException IllegalStateException NoSuchMethodException
    NotAuthorizedException NotFoundException RequestRejectedException Runtime TimeoutException
    """.split()
)

#: What the classes of the runtime call on resources, on places, on models and on the main class.
RESOURCE_MEMBERS = frozenset({"find", "operation", "shortcut"})
PLACE_MEMBERS = RESOURCE_MEMBERS | {"downloads_of", "iterator", "operations_of", "places"}
MODEL_MEMBERS = frozenset({"attributes", "declared", "member"})
_HANDLER_MEMBERS = frozenset(
    {"add_event_handler", "once", "remove_event_handler", "wait_for", "wait_for_p"}
)
ENTITY_MEMBERS = (
    MODEL_MEMBERS
    | _HANDLER_MEMBERS
    | {"downloads_of", "equals", "id_members", "identified_by", "operations_of"}
)
CLIENT_MEMBERS = _HANDLER_MEMBERS | {
    "call",
    "call_p",
    "call_to",
    "call_to_p",
    "close",
    "connect",
    "connect_p",
    "disconnect",
    "last_origin",
    "new_objects",
    "origin",
    "probe_p",
    "resources",
    "run",
    "settings",
    "shortcuts",
    "state",
    "stop",
    "succeeded",
    "turns_loop",
}

#: Of main classes whose calls look as the API's paths do, and of those that fetch links, or show a rate limit.
PATHS_MEMBERS = frozenset({"places", "request_of"})
LINKS_MEMBERS = frozenset({"fetch", "fetch_p", "fetch_to", "fetch_to_p"})
LIMIT_MEMBERS = frozenset({"rate_limit"})

#: The arguments that calls have beside the document's: every one, and those that send or write files.
TIMEOUT = "request_timeout"
PROGRESS = "progress"

_PACKAGE = re.compile(r"[A-Za-z][A-Za-z0-9_]*(?:::[A-Za-z0-9_]+)*\Z")


def plan(scope: Scope, names: Iterable[str]) -> dict[str, str]:
    """The names of one scope, by the document's."""
    return {str(key): name for key, name in scope.plan((name, name) for name in names).items()}


def package_name(text: str) -> str:
    """A package's name: ``Acme::Ari`` stays as it is, ``my_ari`` becomes ``MyAri``."""
    parts = [part for part in re.split(r"::|\.", text) if part]
    kept_parts = (
        part if re.match(r"[A-Z]\w*\Z", part, re.ASCII) else pascal(part) for part in parts
    )
    return "::".join(kept_parts)


def simple_snake(text: str) -> str:
    """The name that the runtime gives to an argument of the document by itself."""
    return re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", text, flags=re.ASCII).lower()


def reports_progress(operation: Operation) -> bool:
    """Whether a call can tell how much it has sent, or written."""
    types = [parameter.type for parameter in operation.parameters]
    types += [type_.item for type_ in types if type_.item is not None]
    uploads = operation.body == "multipart" and any(type_.kind == "binary" for type_ in types)
    return uploads or operation.result.kind == "binary"


def twins(operation: Operation, name: str) -> list[str]:
    """The names of the methods that an operation has beside its own."""
    suffixes = ["_p", "_to", "_to_p"] if operation.result.kind == "binary" else ["_p"]
    return [name + suffix for suffix in suffixes]


class NamePlan:
    """The names of everything that can be named from outside its own class."""

    def __init__(self, api: Api, names: Names) -> None:
        self._index = Index(api)
        self.package = names.library_class
        prefix = api.client.error_prefix
        #: The base class of objects with operations.
        self.object_base = f"{prefix or 'Api'}Object"
        #: The exceptions whose names begin with the API's prefix.
        self.exceptions = {
            kind: f"{prefix}{kind}" for kind in ("Exception", "ServerException", "UnknownException")
        }
        own = {self.object_base, *self.exceptions.values()}
        # Files in one folder, some systems do not tell apart by case.
        classes = Scope(kept_class, RESERVED | _MODULES | own, fold=True)
        self.models = plan(classes, (model.name for model in api.models))
        taken = {name.lower() for name in self.models.values()}
        self.resource_classes: dict[str, str] = {}
        #: The classes of places, by the words of the way there.
        self.places: dict[tuple[str, ...], str] = {}
        self.resources: dict[str, str] = {}
        #: (resource, operation) -> method.
        self.operations: dict[tuple[str, str], str] = {}
        if api.access.shape == "paths":
            for place in (place for root in places(api) for place in root.below()):
                name = pascal(" ".join(place.words))
                name = classes.add(f"{name}Place" if name.lower() in taken else name)
                self.places[place.words] = name
            return
        for resource in api.resources:
            name = kept_class(resource.name)
            name = classes.add(f"{name}Resource" if name.lower() in taken else name)
            self.resource_classes[str(resource.name)] = name
        members = RESERVED | CLIENT_MEMBERS | extra_members(api)
        resources = Scope(snake, members)
        self.resources = plan(resources, (resource.name for resource in api.resources))
        for resource in api.resources:
            self._plan_operations(resource)

    def _plan_operations(self, resource: Resource) -> None:
        methods = self._index.methods(resource)
        # No operation takes the place of another's twin.
        twin = {name for item in methods for name in twins(item, snake(item.name))}
        scope = Scope(snake, RESERVED | RESOURCE_MEMBERS | twin)
        planned = plan(scope, (operation.name for operation in methods))
        for operation in methods:
            self.operations[(resource.name, operation.name)] = planned[operation.name]

    def model(self, name: str) -> str:
        """The class of a model."""
        return f"{self.package}::{self.models[str(name)]}"

    def resource(self, name: str) -> str:
        """The class of a resource."""
        return f"{self.package}::{self.resource_classes[str(name)]}"

    def place(self, place: Place) -> str:
        """The class of a place."""
        return f"{self.package}::{self.places[place.words]}"


def extra_members(api: Api) -> frozenset[str]:
    """What the main class has because of how requests are written."""
    members: frozenset[str] = frozenset()
    if api.access.shape == "paths":
        members |= PATHS_MEMBERS
    if api.access.links:
        members |= LINKS_MEMBERS
    if api.access.rate_limit is not None:
        members |= LIMIT_MEMBERS
    return members


def names_of_arguments(operation: Operation, filled: Collection[Parameter] = ()) -> list[str]:
    """The arguments' names of an operation's parameters, in their order.

    What the object fills in takes no name from those that the program gives."""
    given = [parameter for parameter in operation.parameters if parameter not in filled]
    own = [parameter for parameter in operation.parameters if parameter in filled]
    scope = Scope(snake, {TIMEOUT, PROGRESS} if reports_progress(operation) else {TIMEOUT})
    names = []
    for part in (given, own):
        planned = scope.plan((number, parameter.name) for number, parameter in enumerate(part))
        names += [planned[number] for number in range(len(part))]
    by_parameter = {id(parameter): name for parameter, name in zip(given + own, names, strict=True)}
    return [by_parameter[id(parameter)] for parameter in operation.parameters]


def argument_names(parameters: Iterable[str]) -> list[str]:
    """The arguments' names of parameters, in their order."""
    scope = Scope(snake, {TIMEOUT})
    names = list(parameters)
    planned = scope.plan(enumerate(names))
    return [planned[number] for number in range(len(names))]


def attribute_names(names: Iterable[str], taken: Iterable[str]) -> tuple[dict[str, str], Scope]:
    """The attributes of a model by its properties, and the scope, for its methods."""
    scope = Scope(kept, RESERVED.union(taken))
    return plan(scope, names), scope
