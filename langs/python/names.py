"""The names of a library, planned in one place, scope by scope."""

from __future__ import annotations

import builtins
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from codegen.model import Api, Model, Names
from codegen.naming import Scope, kept_class, pascal, reserved_words, snake

RESERVED = reserved_words(Path(__file__).parent / "reserved.txt")

#: Names that generated modules import or use; a model or a type of such a name gets another.
_MODULE_NAMES = frozenset(dir(builtins)) | frozenset(
    """
    Access Any Base64 Callable Client ConnectionLost ConnectionReplaced ConnectionRestored
    ContentSource Destination End Entity EventClient EventFacts EventName FileSource Literal Mapping
    Model NULL Null ObservableEntity OneOf Operation Parameter Progress Resource Sequence TYPE_CHECKING
    Transport TypeAlias annotations builtins cached_property credentials datetime decoding forms get_args os requests
    ssl styles uuid
    """.split()
)

#: The same for libraries whose calls look as the API's paths do.
_PATH_NAMES = frozenset(
    "Iterator Links Paging PathAccess Place RateLimit Windows lists rate_limits settle_user_type".split()
)

#: What every model and every object has already; attributes and operations step aside.
MODEL_MEMBERS = frozenset({"to_dict", "from_json"})
OBJECT_MEMBERS = MODEL_MEMBERS | {
    "add_event_handler",
    "remove_event_handler",
    "once",
    "wait_for",
}
_CLIENT_MEMBERS = OBJECT_MEMBERS | {
    "close",
    "connect",
    "fetch",
    "fetch_to",
    "rate_limit",
    "run",
    "state",
    "stop",
}

#: Parameters that generated methods have beside the document's.
ARGUMENTS = frozenset({"request_timeout", "destination", "progress"})

#: The constructor's parameters beside those that the documents name.
SETTINGS = frozenset(
    """
    api_url ca_file client_id client_secret password self session ssl_context timeout token
    transport user_type username
    """.split()
)

#: Built-in types in annotations: a class with a method of that name must spell them out.
BUILTIN_TYPES = frozenset({"bool", "bytes", "dict", "float", "int", "list", "str"})


def plan(scope: Scope, names: Iterable[str]) -> dict[str, str]:
    """The names of one scope, by the document's."""
    return {str(key): name for key, name in scope.plan((name, name) for name in names).items()}


class NamePlan:
    """The names of everything that can be named from outside its own class."""

    def __init__(self, api: Api, names: Names) -> None:
        prefix = api.client.error_prefix
        #: The base class of objects with operations.
        self.object_base = f"{prefix or 'Api'}Object"
        #: The exceptions whose names begin with the API's prefix.
        self.exceptions = {
            kind: f"{prefix}{kind}" for kind in ("Exception", "ServerException", "UnknownException")
        }
        errors = {*self.exceptions.values(), *_ERRORS}
        own = {names.library_class, self.object_base}
        used = _MODULE_NAMES | (_PATH_NAMES if api.access.shape == "paths" else frozenset())
        classes = Scope(kept_class, RESERVED | used | errors | own)
        self.models = plan(classes, (model.name for model in api.models))
        taken = {*self.models.values(), *errors, *own}
        self._classes, self._given = classes, taken | used
        self.resource_classes = {}
        for resource in api.resources if api.access.shape == "resources" else ():
            # A resource is often called as a model is; its class is the one to step aside.
            name = kept_class(resource.name)
            name = classes.add(f"{name}Resource" if name in taken else name)
            self.resource_classes[str(resource.name)] = name
        resources = Scope(snake, RESERVED | _CLIENT_MEMBERS, fold=True)
        self.resources = plan(resources, (resource.name for resource in api.resources))
        self._plan_model_modules(api)
        #: (resource, operation) -> method, and the method that downloads, for binary results.
        self.operations: dict[tuple[str, str], str] = {}
        self.downloads: dict[tuple[str, str], str] = {}
        for resource in api.resources:
            scope = Scope(snake, RESERVED)
            methods = [operation for operation in resource.operations if not operation.websocket]
            planned = plan(scope, (operation.name for operation in methods))
            for operation in methods:
                self.operations[(resource.name, operation.name)] = planned[operation.name]
            for operation in methods:
                if operation.result.kind == "binary":
                    download = scope.add(f"{planned[operation.name]}_to")
                    self.downloads[(resource.name, operation.name)] = download
        self._plan_types(api)

    def place_class(self, text: str) -> str:
        """A name for the class of a place; the first that asks for one gets it."""
        name = pascal(text)
        name = self._classes.add(f"{name}Resource" if name in self._given else name)
        self._given.add(name)
        return name

    @staticmethod
    def client_scope() -> Scope:
        """The names on the library itself."""
        return Scope(snake, RESERVED | _CLIENT_MEMBERS)

    def _plan_model_modules(self, api: Api) -> None:
        """A module for the models of each resource, and one for those that belong to none.

        A model lives in its base's module, so that no module needs another one to be imported."""
        modules = Scope(snake, RESERVED, fold=True)
        by_resource = plan(modules, (resource.name for resource in api.resources))
        common = modules.add("common")
        models = {model.name: model for model in api.models}

        def home(model: Model) -> str:
            while model.base is not None:
                model = models[model.base]
            return by_resource.get(model.resource or "", common)

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
        used = {*self.models.values(), *self.resource_classes.values(), *_MODULE_NAMES}
        scope = Scope(pascal, RESERVED | used)
        self._types: dict[tuple[str, tuple[Any, ...]], str] = {}
        for name, sets in sorted(owners.items()):
            for choices, owner in sets.items():
                clear = len(sets) == 1 and name not in used
                self._types[(name, choices)] = scope.add(name if clear else f"{owner}{name}")

    def type_of(self, parameter: str, choices: tuple[Any, ...]) -> str:
        """The name of the type of a parameter with these allowed values."""
        return self._types[(pascal(parameter), choices)]

    @property
    def types(self) -> list[tuple[str, tuple[Any, ...]]]:
        """(name, allowed values) of every such type, by name."""
        return sorted((name, choices) for (_, choices), name in self._types.items())


_ERRORS = frozenset(
    """
    ConnectionFailedException IllegalInputException IllegalStateException LibraryException
    NoSuchMethodException NotAuthorizedException NotFoundException RequestRejectedException
    TimeoutException
    """.split()
)

#: The exceptions that every library exports, beside those with its prefix.
PUBLIC_ERRORS = _ERRORS - {"LibraryException"}
