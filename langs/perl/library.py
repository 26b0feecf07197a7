"""A whole library: its resources, its models, its main class, as templates see them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from codegen.index import Index, required_first
from codegen.model import (
    Api,
    Model,
    Names,
    ObjectType,
    OneOf,
    Operation,
    Parameter,
    Property,
    Resource,
    Shortcut,
    Type,
)
from codegen.naming import Scope, snake
from codegen.text import Code

from .credentials import CredentialsView
from .distribution import Distribution
from .escapes import in_comment, in_pod, key, literal, words
from .events import EventsView
from .layout import (
    Pod,
    block,
    call,
    call_lines,
    in_lines,
    long_literal,
    pairs,
    quoted_words,
    qw_call,
)
from .names import (
    ENTITY_MEMBERS,
    MODEL_MEMBERS,
    PROGRESS,
    NamePlan,
    attribute_names,
    names_of_arguments,
    reports_progress,
    twins,
)
from .parameters import described, has_body, parameter_list, parameter_style, takes_null
from .places import OperationView, PlacesView, PlaceView

_ERROR_CLASSES = {
    400: "IllegalInputException",
    401: "NotAuthorizedException",
    403: "NotAuthorizedException",
    404: "NotFoundException",
    409: "IllegalStateException",
    412: "IllegalStateException",
    500: "ServerException",
    501: "NoSuchMethodException",
}

#: The exceptions but their base; those of the API's prefix without it.
_EXCEPTIONS = {
    "IllegalInputException": "The arguments are bad: refused here before a request was sent, or by the server (400).",
    "NotAuthorizedException": "The user name or password is wrong (401), or the user may not do this (403).",
    "NotFoundException": "The object to act upon does not exist (404).",
    "IllegalStateException": "The state of the object forbids it (409, 412).",
    "RequestRejectedException": "The server refused the request for another reason (422 and the other 4XX).",
    "ServerException": "The server failed (500).",
    "NoSuchMethodException": "The server does not implement the operation (501).",
    "UnknownException": "The server failed in another way (the other 5XX).",
    "ConnectionFailedException": "No answer came: the connection was refused, cut, or never made.",
    "TimeoutException": "No answer, or no event, came in time.",
}

#: Hosts that are nobody's, or everybody's own.
_EXAMPLE = re.compile(r"(^|\.)(localhost|example(\.\w+)?|test|invalid)$|^127\.|^$|:", re.IGNORECASE)

#: The files of the runtime that are there for events alone.
_OF_EVENTS = frozenset(
    f"{name}.pm"
    for name in (
        "Connection",
        "ConnectionEvent",
        "Connector",
        "Dispatch",
        "EventClient",
        "Events",
        "Handlers",
        "History",
        "Observable",
        "ObservableEntity",
        "WebSocket",
    )
)

#: What a value reads as in Perl, for people.
_RESULTS = {
    "string": "text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "a boolean",
    "binary": "bytes",
    "datetime": "a moment",
    "any": "whatever the JSON holds",
    "object": "a hash reference",
}


class ShortcutView(NamedTuple):
    """A further name of an operation."""

    name: Code
    resource: Code
    pod: Code
    code: Code


class ResourceView(NamedTuple):
    """A resource as a module."""

    attribute: Code
    module: Code
    class_name: Code
    abstract: Code
    pod: Code
    pod_in_client: Code
    operations: tuple[OperationView, ...]
    shortcuts: tuple[ShortcutView, ...]


class ModelView(NamedTuple):
    """A model as a module: the statements that declare it, and its POD."""

    module: Code
    class_name: Code
    base: Code
    statements: tuple[Code, ...]
    pod: Code


class ExceptionView(NamedTuple):
    """A class of exceptions."""

    class_name: Code
    base: Code
    text: Code


class OptionView(NamedTuple):
    """An option of the main class."""

    name: Code
    pod: Code


class ExampleView(NamedTuple):
    """An object for examples."""

    variable: Code
    read: Code
    action: Code
    class_name: Code


class NewView(NamedTuple):
    """A method that makes an object before it exists."""

    name: Code
    class_name: Code
    pod: Code


class Library:
    """What templates see as ``library``."""

    def __init__(self, api: Api, names: Names) -> None:
        self.api = api
        self.index = Index(api)
        #: Whether calls look as the API's paths do.
        self.by_paths = api.access.shape == "paths"
        self.names = NamePlan(api, names)
        #: The package of the main class, below which all others are.
        self.class_name = self.package = Code(names.library_class)
        self.prefix = Code(api.client.error_prefix)
        self.object_base = Code(f"{names.library_class}::{self.names.object_base}")
        self.user_agent = literal(f"{names.distribution}/{api.client.version}")
        self.url = literal(api.client.url)
        self.instance = Code(snake(api.client.name))
        self.distribution = Distribution(api, names)
        self.version = self.distribution.version

    # Texts.

    @property
    def copyright(self) -> Code:
        """Whose the library is."""
        return Code(f"Copyright {in_comment(', '.join(self.api.client.authors)) or 'its authors'}")

    @property
    def licence(self) -> Code:
        """The licence's SPDX identifier."""
        return Code(in_comment(self.api.client.licence))

    @property
    def api_version(self) -> Code:
        """The version of the API."""
        return Code(in_comment(self.api.version) or "unknown")

    @property
    def abstract(self) -> Code:
        """What the library is, in a few words of POD."""
        title = self.api.client.title or f"a client of the {self.api.client.name} API"
        return Code(in_pod(title))

    @property
    def description(self) -> Code:
        """The library as a whole, as POD."""
        text = self.api.client.description or self.api.client.title or self.api.client.name
        return Pod().text(text).code(end=False)

    @property
    def pod_version(self) -> Code:
        """The version of the API, as POD."""
        return Code(in_pod(self.api.version) or "unknown")

    @property
    def pod_copyright(self) -> Code:
        """Whose the library is, as POD."""
        return Code(in_pod(", ".join(self.api.client.authors)) or "its authors")

    @property
    def pod_licence(self) -> Code:
        """The licence, as POD."""
        return Code(in_pod(self.api.client.licence))

    @property
    def pod_url(self) -> Code:
        """Where the API usually is, as POD."""
        return Code(in_pod(self.api.client.url))

    @property
    def access(self) -> Code:
        """How requests are written, and what to check when the server answers with a status."""
        access = self.api.access
        hints = []
        for hint in self.api.client.hints:
            name = str(hint.status)
            hints.append((name, long_literal(hint.text, 8, len(f"{name} => "))))
        entries = [
            ("lists", literal(access.lists)),
            ("query_limit", literal(access.query_limit)),
            ("user_agent", self.user_agent),
            ("hints", block("{", hints, "}", 4)),
        ]
        entries += self._special_access
        if self.has_url:
            entries.append(("url", self.url))
        if self.credentials.proves:
            entries.append(("proves", self.credentials.data))
        if self.events:
            options = quoted_words(["intervals", "on_error", *self.events.option_names], 4)
            entries += [
                ("events", literal(f"{self.class_name}::EventTable")),
                ("options", options),
            ]
        return Code(block("my %ACCESS = (", entries, ");", 0))

    @property
    def _special_access(self) -> list[tuple[str, str]]:
        """What only some APIs want, as entries of the access."""
        access = self.api.access
        found: list[tuple[str, list[tuple[str, str]]]] = []
        if self.user_types:
            types = quoted_words(self.user_types, 8)
            found.append(("own", [("word", literal(str(access.own))), ("types", types)]))
        if self.by_paths and access.paging is not None:
            paging = access.paging
            names: list[tuple[str, str]] = [
                ("page", literal(str(paging.page))),
                ("size", literal(str(paging.size))),
            ]
            found.append(("paging", [*names, ("usual", literal(paging.usual))]))
        if self.by_paths and access.windows is not None:
            windows = access.windows
            names = [("start", literal(str(windows.start))), ("end", literal(str(windows.end)))]
            names.append(("months", literal(windows.months)))
            if windows.order:
                names.append(("order", literal(str(windows.order))))
            found.append(("windows", names))
        if access.rate_limit is not None:
            limit = access.rate_limit
            headers = (
                ("limit", limit.limit),
                ("remaining", limit.remaining),
                ("reset", limit.reset),
            )
            lower: list[tuple[str, str]] = [
                (name, literal(str(header).lower())) for name, header in headers
            ]
            found.append(("rate_limit", lower))
        return [(name, block("{", entries, "}", 4)) for name, entries in found]

    @cached_property
    def user_types(self) -> list[str]:
        """The types of users that the library may be told of."""
        if not self.api.access.own:
            return []
        found = (p.own for operation in self._operations for p in operation.parameters if p.own)
        return list(dict.fromkeys(found))

    @cached_property
    def places(self) -> PlacesView | None:
        """The tree of places, where calls look as the API's paths do."""
        return PlacesView(self) if self.by_paths else None

    @property
    def place_views(self) -> list[PlaceView]:
        """Every place, those above others first."""
        return self.places.views if self.places else []

    @property
    def bases(self) -> Code:
        """The classes whose methods the main class has."""
        kind = "EventClient" if self.events else "Client"
        names = [f"{self.class_name}::Runtime::{kind}"]
        if self.api.access.links:
            names.append(f"{self.class_name}::Runtime::Links")
        return Code(f"qw({' '.join(names)})") if len(names) > 1 else literal(names[0])

    @property
    def has_url(self) -> bool:
        """Whether it is known where the API is; a server of the program's own is only an example."""
        found = urlsplit(str(self.api.client.url))
        return found.scheme in ("http", "https") and not _EXAMPLE.search(found.hostname or "")

    @cached_property
    def credentials(self) -> CredentialsView:
        """What a program proves who it is with."""
        return CredentialsView(self)

    @property
    def has_null(self) -> bool:
        """Whether there is anything that takes a null, which must be told from nothing."""
        return any(
            takes_null(operation, parameter) or (not has_body(operation) and _holds_null(parameter))
            for operation in self._operations
            for parameter in operation.parameters
        )

    @property
    def sends_bytes(self) -> bool:
        """Whether there is anything that takes bytes."""
        types = [p.type for operation in self._operations for p in operation.parameters]
        types += [type_.item for type_ in types if type_.item is not None]
        return any(type_.kind == "binary" or type_.format == "base64" for type_ in types)

    @cached_property
    def _operations(self) -> list[Operation]:
        return [item for resource in self.api.resources for item in self.index.methods(resource)]

    def _types(self) -> Iterator[Type]:
        """Every type that is read, those within others too."""
        waiting = [item.type for model in self.api.models for item in model.properties]
        waiting += [operation.result for operation in self._operations]
        while waiting:
            type_ = waiting.pop()
            yield type_
            if type_.item is not None:
                waiting.append(type_.item)
            if type_.one_of is not None:
                waiting += type_.one_of.types

    @cached_property
    def _alternatives(self) -> frozenset[str]:
        """The models that are told from others by what they require."""
        return frozenset(
            str(each.name)
            for type_ in self._types()
            if type_.one_of is not None and type_.one_of.discriminator is None
            for each in type_.one_of.types
            if each.kind == "model"
        )

    def carries(self, file: str) -> bool:
        """Whether the API needs a file of the runtime."""
        if file in _OF_EVENTS:
            return self.api.events is not None
        forms = any(has_body(operation) for operation in self._operations)
        styles = forms or any(
            parameter_style(operation, parameter)
            or (parameter.location == "path" and parameter.type.kind == "list")
            for operation in self._operations
            for parameter in operation.parameters
        )
        access = self.api.access
        needs = {
            "Body.pm": forms,
            "Credentials.pm": self.credentials.proves,
            "Decoding.pm": any(type_.one_of is not None for type_ in self._types()),
            "Forms.pm": forms,
            "Iterator.pm": self.places is not None and self.places.iterates,
            "Links.pm": access.links,
            "Null.pm": self.has_null,
            "Place.pm": self.places is not None,
            "RateLimit.pm": access.rate_limit is not None,
            "Styles.pm": styles,
        }
        return needs.get(file, True)

    @cached_property
    def events(self) -> EventsView | None:
        """The tables of events, if there are any."""
        return EventsView(self, self.api.events) if self.api.events else None

    @property
    def shown_options(self) -> list[Code]:
        """The options of the main class in an example, line by line."""
        options = [("api_url", str(self.url)), *self.credentials.shown]
        if self.events and self.events.application_option:
            options.append((self.events.application_option, "'hello'"))
        return [Code(line) for line in pairs(options, 4)]

    @property
    def base_event(self) -> Code:
        """The event that stands for all others."""
        assert self.api.events is not None
        return key(str(self.index.unknown_message(self.api.events).name))

    @property
    def stream_options(self) -> list[OptionView]:
        """The arguments of the WebSocket operation, which are options of the main class."""
        if self.api.events is None or self.events is None:
            return []
        _, operation = self.index.operation(self.api.events.operation)
        return [
            OptionView(
                Code(name),
                Code(in_lines(described(operation, item, self._reference(item), False))),
            )
            for item, name in zip(operation.parameters, self.events.option_names, strict=True)
        ]

    @property
    def first_call(self) -> Code | None:
        """A call that needs no arguments, for examples."""
        if self.places:
            return self.places.first_call
        for shortcut in self.api.shortcuts:
            _, operation = self.index.operation(shortcut.target)
            if operation.method == "GET" and not required_first(operation.parameters)[0]:
                return Code(f"${self.instance}->{snake(shortcut.name)}")
        return None

    @property
    def exceptions(self) -> list[ExceptionView]:
        """The exceptions, their base first."""
        own = self.names.exceptions
        base = f"{self.class_name}::{own['Exception']}"
        root = f"{self.class_name}::Runtime::Exception"
        views = [ExceptionView(Code(base), Code(root), Code("The base of all others."))]
        for name, text in _EXCEPTIONS.items():
            class_name = f"{self.class_name}::{own.get(name, name)}"
            views.append(ExceptionView(Code(class_name), Code(base), Code(text)))
        return views

    @property
    def exception_pairs(self) -> list[Code]:
        """Entries ``status => class``."""
        own = self.names.exceptions
        names = {
            **{str(status): name for status, name in _ERROR_CLASSES.items()},
            "'4XX'": "RequestRejectedException",
            "'5XX'": "UnknownException",
            "other": "Exception",
        }
        entries = [
            (status, f"'{self.class_name}::{own.get(name, name)}'")
            for status, name in names.items()
        ]
        return [Code(line) for line in pairs(entries, 4)]

    # Types.

    def type_text(self, type_: Type) -> str:
        """A type as the runtime reads it: a class, ``list …``, ``map …`` or a word."""
        if type_.kind == "model":
            return self.names.model(str(type_.name))
        if type_.kind in ("list", "map") and type_.item is not None:
            return f"{type_.kind} {self.type_text(type_.item)}"
        return "base64" if type_.format == "base64" else type_.kind

    def type_code(self, type_: Type, indent: int) -> str:
        """A type as Perl, at ``indent``: a text, or a hash for what is one of several."""
        if not _is_chosen(type_):
            return literal(self.type_text(type_))
        if type_.one_of is None:
            assert type_.item is not None
            inner = self.type_code(type_.item, indent + 4)
            return block("{", [(type_.kind, inner)], "}", indent)
        types = [("type", self.type_code(each, indent + 8)) for each in type_.one_of.types]
        entries = [("one_of", block("[", types, "]", indent + 4))]
        if type_.one_of.discriminator is not None:
            entries.append(("by", literal(str(type_.one_of.discriminator))))
            entries.append(("models", self._meant(type_.one_of, indent + 4)))
        return block("{", entries, "}", indent)

    def _meant(self, found: Model | OneOf, indent: int) -> str:
        """Value of a discriminator -> class."""
        table = self.index.discriminated(found)
        rows = [(key(value), literal(self.names.model(name))) for value, name in table.items()]
        return block("{", rows, "}", indent)

    def type_words(self, type_: Type) -> str:
        """A type for people, as POD."""
        if type_.kind == "model":
            return f"L<{self.names.model(str(type_.name))}>"
        if type_.kind in ("list", "map"):
            kind = "an array reference" if type_.kind == "list" else "a hash reference"
            if type_.item is None:
                return kind
            if type_.item.kind == "model":
                return f"{kind} of L<{self.names.model(str(type_.item.name))}> objects"
            return f"{kind}: {self.type_words(type_.item)} each"
        if type_.one_of is not None:
            return ", or ".join(dict.fromkeys(map(self.type_words, type_.one_of.types)))
        if type_.format == "base64":
            return "bytes"
        return _RESULTS[type_.kind]

    # Resources.

    @cached_property
    def resources(self) -> list[ResourceView]:
        """Every resource, in the document's order; none where there are places instead."""
        if self.places:
            return []
        return [self._resource(resource) for resource in self.api.resources]

    def _resource(self, resource: Resource) -> ResourceView:
        methods = self.index.methods(resource)
        taken = {self.names.operations[(resource.name, item.name)] for item in methods}
        shortcuts = tuple(
            self._shortcut(shortcut)
            for shortcut in self.api.shortcuts
            if shortcut.target.resource == resource.name and snake(shortcut.name) not in taken
        )
        description = resource.description or f"The operations of {resource.name}."
        attribute = self.names.resources[resource.name]
        class_name = Code(self.names.resource(resource.name))
        return ResourceView(
            Code(attribute),
            Code(self.names.resource_classes[resource.name]),
            class_name,
            Code(in_pod(f"the resource {resource.name}")),
            Pod().text(description).code(end=False),
            Pod().verbatim(f"{in_pod(description)} See L<{class_name}>.").code(end=False),
            tuple(self._operation(resource, item) for item in methods),
            shortcuts,
        )

    def _operation(self, resource: Resource, operation: Operation) -> OperationView:
        name = self.names.operations[(resource.name, operation.name)]
        target = f"${self.instance}->{self.names.resources[resource.name]}->"
        return self.operation(resource, operation, name, target)

    def operation(
        self,
        resource: Resource,
        operation: Operation,
        name: str,
        target: str,
        filled: Sequence[Parameter] = (),
    ) -> OperationView:
        """An operation under a name; ``filled`` are the parameters that the object fills in."""
        names = names_of_arguments(operation, filled)
        pod = self._operation_pod(operation, name, names, target, filled)
        entries: list[tuple[str, str]] = [
            (name, literal(f"{resource.name}.{operation.name}")),
            ("method", literal(operation.method)),
            ("path", literal(str(operation.path))),
            ("result", self._result_code(operation)),
        ]
        made = self.index.made(operation)
        if made:
            model = self.names.model(str(made[0].model))
            argument = names[operation.parameters.index(made[1])]
            entries.append(("makes", quoted_words([model, argument], 4)))
        if has_body(operation):
            entries.append(("body", literal(operation.body)))
        if operation.body_required:
            entries.append(("body_required", "1"))
        if operation.content_type:
            entries.append(("content_type", literal(str(operation.content_type))))
        if operation.accept:
            entries.append(("accept", literal(str(operation.accept))))
        if operation.subscription:
            entries.append(("subscription", literal(operation.subscription)))
        for other in resource.operations:
            ends = (operation.subscription, other.subscription) == ("add", "remove")
            if ends and other.path == operation.path:
                entries.append(("ended_by", literal(other.method)))
        if operation.parameters:
            entries.append(("parameters", parameter_list(operation, names, 4, filled)))
        return OperationView(Code(name), pod, Code(call("operation", entries)))

    def _result_code(self, operation: Operation) -> str:
        if operation.accept and operation.result.kind == "string":
            return literal("text")
        return self.type_code(operation.result, 4)

    # POD of operations.

    def _operation_pod(
        self,
        operation: Operation,
        name: str,
        names: Sequence[str],
        target: str,
        filled: Sequence[Parameter] = (),
    ) -> Code:
        """The POD of a method; ``filled`` are the parameters that the object fills in."""
        pod = Pod().head(2, name)
        arguments = _by_place(operation, names)
        required, others = required_first(operation.parameters)
        required = [p for p in required if p not in filled]
        others = [p for p in others if p not in filled]
        pod.example(self.usage(operation, name, target, required, bool(others), arguments))
        pod.text(operation.summary or operation.name).text(operation.notes)
        if operation.deprecated:
            pod.verbatim("Deprecated.")
        since = f"; since {in_pod(', '.join(operation.since))}" if operation.since else ""
        place = in_pod(f"{operation.method} {operation.path}")
        pod.verbatim(f"C<{place}> (C<{in_pod(operation.name)}>{since})")
        items = [
            (
                arguments[_place(p)],
                described(operation, p, self._reference(p), p in required),
            )
            for p in (*required, *others)
        ]
        if reports_progress(operation):
            items.append((PROGRESS, _progress(operation)))
        pod.items(items)
        returns = self._returns(operation.result)
        return pod.verbatim(" ".join([*returns, *self._throws(operation)])).code()

    def _reference(self, parameter: Parameter) -> str | None:
        return None if parameter.reference is None else self.names.model(str(parameter.reference))

    def usage(
        self,
        operation: Operation,
        name: str,
        target: str,
        required: Sequence[Parameter],
        more: bool,
        names: Mapping[Any, str],
    ) -> list[str]:
        """A call as an example: what it needs, and ``...`` where there is more."""
        given = [
            f"${names[_place(p)]}"
            if p.location == "path"
            else f"{names[_place(p)]} => ${names[_place(p)]}"
            for p in required
        ]
        if more:
            given.append("...")
        call = f"{target}{name}" + (f"( {', '.join(given)} )" if given else "") + ";"
        kind = operation.result.kind
        if kind == "void":
            return call_lines(f"{target}{name}", given) if self.by_paths else [call]
        item = operation.result.item
        if kind == "model":
            variable = f"my ${snake(str(operation.result.name))}"
        elif kind == "list" and item is not None and item.kind == "model":
            variable = f"my ${snake(str(item.name))}_list"
        else:
            variable = "my $result"
        lines = [f"{variable} = {call}"]
        if self.by_paths:
            lines = call_lines(f"{variable} = {target}{name}", given)
        if kind == "binary":
            to = ["$file", *given]
            if self.by_paths:
                return [*lines, *call_lines(f"{target}{name}_to", to)]
            return [*lines, f"{target}{name}_to( {', '.join(to)} );"]
        return lines

    def _returns(self, type_: Type) -> list[str]:
        if type_.kind == "void":
            return []
        text = self.type_words(type_)
        if type_.kind == "model":
            text = f"an object of {text}"
        if type_.nullable:
            text += ", or C<undef>"
        extra = ""
        if type_.kind == "binary":
            extra = (
                " The method ending in C<_to> writes them into a file, which appears only when it is"
                " complete, or to a handle, and gives their number."
            )
        return [f"Gives {text}.{extra}"]

    def _throws(self, operation: Operation) -> list[str]:
        reasons: dict[str, list[str]] = {}
        for error in operation.errors:
            reason = in_pod(error.reason).rstrip(".")
            code = _FAMILIES.get(error.code, str(error.code))
            text = f"{reason} ({code})" if reason else code
            reasons.setdefault(self._error(error.code), []).append(text)
        if not reasons:
            return []
        texts = [f"C<{name}>: {', '.join(each)}" for name, each in reasons.items()]
        return [f"Dies of {'; '.join(texts)}."]

    def _error(self, code: int) -> str:
        code = {4: 499, 5: 599}.get(code, code)
        name = _ERROR_CLASSES.get(code)
        if name is None and code >= 400:
            name = "UnknownException" if code >= 500 else "RequestRejectedException"
        return self.names.exceptions.get(name or "Exception", str(name))

    # Shortcuts.

    def _shortcut(self, shortcut: Shortcut) -> ShortcutView:
        """A further name of an operation."""
        resource, operation = self.index.operation(shortcut.target)
        name = snake(shortcut.name)
        method = self.names.operations[(resource.name, operation.name)]
        attribute = self.names.resources[resource.name]
        code = f"__PACKAGE__->shortcut( {name} => {literal(method)} );"
        pod = Pod().head(2, name)
        same = f"The same as L<C<{attribute}-E<gt>{method}>|{self.names.resource(resource.name)}/{method}>."
        if shortcut.split:
            split = literal(shortcut.split)
            code = f"__PACKAGE__->shortcut( {name} => {literal(method)}, split => {split} );"
            same += f" Its first argument holds the two ids, which are split at the first C<{in_pod(shortcut.split)}>."
        pod.text(operation.summary or operation.name).verbatim(same)
        return ShortcutView(Code(name), Code(attribute), pod.code(end=False), Code(code))

    @property
    def shortcuts(self) -> list[ShortcutView]:
        """The shortcuts on the library itself."""
        taken = set(self.names.resources.values())
        return [
            self._shortcut(shortcut)
            for shortcut in self.api.shortcuts
            if snake(shortcut.name) not in taken
        ]

    # The main class.

    @property
    def declarations(self) -> list[Code]:
        """The statements that give the main class its methods."""
        if self.places:
            return [self.places.declaration]
        resources = [(view.attribute, literal(view.class_name)) for view in self.resources]
        shortcuts = [(view.name, literal(view.resource)) for view in self.shortcuts]
        new = [(view.name, literal(view.class_name)) for view in self.new_objects]
        calls = (("resources", resources), ("shortcuts", shortcuts), ("new_objects", new))
        return [Code(call(method, entries)) for method, entries in calls if entries]

    @cached_property
    def example(self) -> ExampleView | None:
        """An object for examples: how it is read, and what can be done with it."""
        for entity in self.api.objects:
            found = self.index.reader(entity)
            action = self._action(entity)
            if found and action and len(entity.ids) == 1:
                resource, operation = found
                reads = self.names.operations[(resource.name, operation.name)]
                kind = snake(str(entity.model))
                return ExampleView(
                    Code(f"${kind}"),
                    Code(f"${self.instance}->{self.names.resources[resource.name]}->{reads}"),
                    Code(f"${kind}->{action}"),
                    Code(self.names.model(str(entity.model))),
                )
        return None

    def _action(self, entity: ObjectType) -> str | None:
        """An operation of an object that needs no arguments."""
        ids = {item.parameter for item in entity.ids}
        for resource, operation in self.index.own_operations(entity):
            alone = all(parameter.name in ids for parameter in operation.parameters)
            if operation.method == "POST" and alone and operation.result.kind == "void":
                return self.names.operations[(resource.name, operation.name)]
        return None

    @property
    def new_objects(self) -> list[NewView]:
        """The objects that a program can have before they exist."""
        return [self._new(entity) for entity in self.api.objects if entity.new]

    def _new(self, entity: ObjectType) -> NewView:
        class_name = self.names.model(str(entity.model))
        name = snake(f"new {entity.model}")
        pod = Pod().head(2, name).verbatim(f"A L<{class_name}>.")
        return NewView(Code(name), Code(class_name), pod.code(end=False))

    # Models.

    @cached_property
    def models(self) -> list[ModelView]:
        """Every model, in the document's order."""
        return [self._model(model) for model in self.api.models]

    def _model(self, model: Model) -> ModelView:
        entity = self.index.object(model)
        members = ENTITY_MEMBERS if entity else MODEL_MEMBERS
        names, scope = attribute_names(
            (item.name for item in self.index.properties(model)), members
        )
        statements: list[Code] = []
        entries = []
        for item in self.index.new_properties(model):
            name = names[item.name]
            chosen = _is_chosen(item.type)
            type_text = self.type_code(item.type, 8 if chosen else 4)
            if name != item.name or chosen:
                renamed = [("member", literal(str(item.name))), ("type", type_text)]
                entries.append((name, block("{", renamed, "}", 4)))
            else:
                entries.append((name, type_text))
        if entity:
            ids = [(key(item.parameter), literal(str(item.property))) for item in entity.ids]
            statements.append(Code(call("identified_by", ids)))
        if entries:
            statements.append(Code(call("attributes", entries)))
        declared = self._declared(model)
        if declared:
            statements.append(Code(call("declared", declared)))
        pod = Pod()
        abstract = f"the model {model.name}"
        class_name = self.names.model(model.name)
        pod.head(1, "NAME").verbatim(f"{class_name} - {in_pod(abstract)}")
        pod.head(1, "DESCRIPTION").text(model.description or f"A {model.name}.")
        self._attributes_pod(pod, model, names)
        if entity:
            statements += self._entity(entity, scope, pod)
        bases = []
        if model.base is not None:
            bases.append(self.names.model(model.base))
        if entity and not any(self.index.object(each) for each in self._bases(model)):
            bases.append(self.object_base)
        base = literal((bases or [f"{self.class_name}::Runtime::Model"])[0])
        if len(bases) > 1:
            base = Code(f"qw({' '.join(bases)})")
        return ModelView(
            Code(self.names.models[str(model.name)]),
            Code(class_name),
            base,
            tuple(statements),
            pod.code(),
        )

    def _bases(self, model: Model) -> list[Model]:
        return [self.index.model(name) for name in self.index.bases(model)]

    def _declared(self, model: Model) -> list[tuple[str, str]]:
        """What the runtime is told of a model beside its attributes."""
        entries: list[tuple[str, str]] = []
        if model.discriminator and model.name not in self._messages:
            entries.append(("by", literal(str(model.discriminator))))
            entries.append(("models", self._meant(model, 4)))
        kept_back = [str(p.name) for p in self.index.new_properties(model) if p.read_only]
        if kept_back:
            entries.append(("read_only", _listed(kept_back)))
        needed = [
            str(p.name) for p in self.index.properties(model) if p.required and not p.write_only
        ]
        if needed and model.name in self._alternatives:
            entries.append(("required", _listed(needed)))
        return entries

    @cached_property
    def _messages(self) -> frozenset[str]:
        """The models of events, which are told apart in a table of their own."""
        if self.api.events is None:
            return frozenset()
        found = {str(model.name) for model in self.index.messages(self.api.events)}
        return frozenset(found | {str(self.api.events.model)})

    def _attributes_pod(self, pod: Pod, model: Model, names: dict[str, str]) -> None:
        if model.base is not None:
            pod.verbatim(f"It has also all that a L<{self.names.model(model.base)}> has.")
        properties = self.index.new_properties(model)
        if not properties:
            return
        pod.head(1, "ATTRIBUTES")
        for item in properties:
            pod.head(2, names[item.name])
            text = f"({self.type_words(item.type)}) {in_pod(item.description)}".rstrip()
            if names[item.name] != item.name:
                text += f" In the JSON it is C<{in_pod(item.name)}>."
            if item.choices:
                choices = ", ".join(str(choice) for choice in item.choices)
                text += f" One of: {in_pod(choices)}."
            pod.verbatim(text + _remarks(item))

    def _entity(self, entity: ObjectType, scope: Scope, pod: Pod) -> list[Code]:
        """The statements that give an object its operations, and their POD."""
        own = [str(item.parameter) for item in entity.ids]
        calls: dict[tuple[str, bool], list[str]] = {}
        pod.head(1, "METHODS")
        pod.verbatim(
            "Each of them has the object's own ids filled in, and a twin whose name ends in C<_p>, which gives "
            "a L<Mojo::Promise>."
        )
        if self.events:
            pod.verbatim(
                f"Handlers of events are put on it as L<{self.class_name}::Runtime::Observable> tells."
            )
        for resource, operation in self.index.own_operations(entity):
            name = self.names.operations[(resource.name, operation.name)]
            method = scope.add(name)
            for twin in twins(operation, method):
                scope.add(twin)
            binary = operation.result.kind == "binary"
            entry = name if method == name else f"{method}={name}"
            calls.setdefault((self.names.resource(resource.name), binary), []).append(entry)
            names = names_of_arguments(operation)
            filled = _by_place(operation, names)
            required, others = required_first(operation.parameters)
            required = [p for p in required if p.name not in own]
            more = any(p.name not in own for p in others)
            target = f"${snake(str(entity.model))}->"
            pod.head(2, method).example(
                self.usage(operation, method, target, required, more, filled)
            )
            pod.text(operation.summary or operation.name)
            pod.verbatim(f"See L<{self.names.resource(resource.name)}/{name}>.")
        return [
            Code(qw_call("downloads_of" if binary else "operations_of", resource, entries))
            for (resource, binary), entries in calls.items()
        ]


#: Codes of errors that stand for several.
_FAMILIES = {0: "any other status", 4: "4XX", 5: "5XX"}


def _progress(operation: Operation) -> str:
    """What the argument is for that is told how far a call is, as POD."""
    if operation.result.kind == "binary":
        when = "Where the bytes are written somewhere, it is called as they come"
    else:
        when = "It is called while the files are sent"
    return f"(code) {when}, with the number of bytes so far and that of all, C<undef> if it is not known."


def _place(parameter: Parameter) -> tuple[str, str]:
    """What tells a parameter from all others of an operation."""
    return parameter.location, str(parameter.name)


def _by_place(operation: Operation, names: Sequence[str]) -> dict[tuple[str, str], str]:
    """The arguments' names of an operation's parameters."""
    return {_place(p): name for p, name in zip(operation.parameters, names, strict=True)}


def _is_chosen(type_: Type) -> bool:
    """Whether values are of one of several types, or hold such values."""
    return type_.one_of is not None or (type_.item is not None and _is_chosen(type_.item))


def _holds_null(parameter: Parameter) -> bool:
    """Whether there may be a null within a list of JSON."""
    item = parameter.type.item
    return parameter.location in ("field", "body") and item is not None and item.nullable


def _listed(names: Sequence[str]) -> str:
    found = words(names)
    return quoted_words(found, 4) if found else str(literal(list(names)))


def _remarks(item: Property) -> str:
    """What a program may do with a property, and should not."""
    text = ""
    if item.read_only:
        text += " Only the server sets it."
    if item.write_only:
        text += " It is only sent: no answer has it."
    if item.deprecated:
        text += " Deprecated."
    return text
