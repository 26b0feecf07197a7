"""The shape by paths: a class for each place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from codegen.model import Operation, Parameter, Resource
from codegen.naming import Scope, snake, words
from codegen.places import Place, PlaceMethod, places
from codegen.text import Code

from .escapes import in_docstring, literal
from .layout import Doc, fit, import_line
from .names import BUILTIN_TYPES, RESERVED
from .signatures import DESTINATION, DESTINATION_ENTRY, PROGRESS, PROGRESS_ENTRY, entry
from .views import (
    ArgumentView,
    Imports,
    MethodView,
    OperationView,
    PlaceView,
    import_block,
    listed,
)

if TYPE_CHECKING:
    from .library import Library

_BYTES_WRITTEN = "The number of bytes written."
_PAGES = "All that ``list`` finds, each once; a page is asked for when the program comes to it."
_WINDOWS = (
    "All that ``list`` finds, each once, and of as long a time as may be: it is asked for in parts that "
    "the server takes, when the program comes to them."
)

#: What is written for an id: one that has only digits may be a number for the program.
_IDS = {"integer": "int", "number": "float"}

#: Stands for the module of places without operations of their own, which no resource can be called.
_BARE = "/"


class _Names:
    """The names of what a place has: its methods, and the ways to the places below it."""

    def __init__(self, place: Place, library: Library) -> None:
        scope = Scope(snake, RESERVED)
        self.methods = scope.plan((id(method), method.text) for method in place.methods)
        #: By the operation: the method that downloads, and the one that goes through a list.
        self.downloads: dict[int, str] = {}
        self.iterators: dict[int, str] = {}
        for method in place.methods:
            operation = method.operation
            name = self.methods[id(method)]
            if operation.result.kind == "binary":
                self.downloads[id(operation)] = scope.add(f"{name} to")
            if method.text == "list" and library.index.items(operation) is not None:
                self.iterators[id(operation)] = scope.add("iterate")
        self.children = {id(child): scope.add(child.text) for child in place.children}

    def all(self) -> list[str]:
        """The names of all methods."""
        return [*self.methods.values(), *self.downloads.values(), *self.iterators.values()]

    def of(self, method: PlaceMethod) -> list[str]:
        """The names of the methods that run an operation."""
        others = (self.downloads, self.iterators)
        more = [table.get(id(method.operation), "") for table in others]
        return [self.methods[id(method)], *filter(None, more)]


class PlaceTree:
    """The places of an API, as templates and the rest of the library see them."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._roots = places(library.api)
        self._every = [place for root in self._roots for place in root.below()]
        self._classes = {
            id(place): library.names.place_class(" ".join(place.words)) for place in self._every
        }
        self._filled: dict[int, tuple[Parameter, ...]] = {}
        self._full_names: dict[int, str] = {}
        for place in reversed(self._every):  # a list of things comes before one of them
            for method in place.methods:
                name = ".".join([*map(snake, place.words), snake(method.text)])
                self._filled[id(method.operation)] = place.filled(method.operation)
                self._full_names[id(method.operation)] = name
        self._names = {id(place): _Names(place, library) for place in self._every}
        scope = library.names.client_scope()
        self._root_names = {id(root): scope.add(root.text) for root in self._roots}

    def always_filled(self, operation: Operation) -> Sequence[Parameter]:
        """The parameters that are filled in wherever an operation is a method."""
        return self._filled.get(id(operation), ())

    def full_name(self, operation: Operation) -> str:
        """The way to the method that runs an operation."""
        return self._full_names[id(operation)]

    def operations(self, resource: Resource) -> list[tuple[Resource, Operation]]:
        """The operations of the places that belong to a resource."""
        found = {
            id(method.operation): (method.resource, method.operation)
            for place in self._of(resource)
            for method in place.methods
        }
        return list(found.values())

    def views(
        self, resource: Resource, operations: Iterable[OperationView], imports: Imports
    ) -> tuple[PlaceView, ...]:
        """The places that belong to a resource, whose module has these operations."""
        constants = {id(view.operation): str(view.constant) for view in operations}
        module = self._home(resource)
        return tuple(self._view(p, constants, imports, module) for p in self._of(resource))

    @cached_property
    def bare(self) -> list[PlaceView]:
        """The places without operations of their own: only others lie below them."""
        return [self._view(p, {}, self._bare_imports, _BARE) for p in self._of(None)]

    @property
    def bare_imports(self) -> Code:
        """The imports of the module of these."""
        _ = self.bare  # which notes them
        near = self._bare_imports.near_places()
        typing = ["from typing import TYPE_CHECKING"] if near else []
        return import_block([typing, ["from .runtime.places import Place"]], [near])

    @cached_property
    def _bare_imports(self) -> Imports:
        return Imports()

    def _of(self, resource: Resource | None) -> list[Place]:
        wanted = resource and resource.name
        return [p for p in self._every if (p.resource and p.resource.name) == wanted]

    def _home(self, resource: Resource | None) -> str:
        """The module of the places of a resource."""
        return str(self._library.names.resources[resource.name]) if resource else _BARE

    # Classes.

    def _view(
        self, place: Place, constants: dict[int, str], imports: Imports, module: str
    ) -> PlaceView:
        names = self._names[id(place)]
        hidden = frozenset({*names.all(), *names.children.values()} & BUILTIN_TYPES)
        methods: list[MethodView] = []
        for method in place.methods:
            call = _Call(place, method.operation, constants[id(method.operation)])
            methods += self._methods(call, names.methods[id(method)], names, imports, hidden)
        for child in place.children:
            methods.append(self._way(child, names.children[id(child)], module, imports))
        return PlaceView(
            Code(self._classes[id(place)]),
            Doc(self._text(place)).verbatim(f"``{in_docstring(place.path)}``").code(4),
            tuple(methods),
        )

    def _methods(
        self, call: _Call, name: str, names: _Names, imports: Imports, hidden: frozenset[str]
    ) -> Iterator[MethodView]:
        """The methods that run an operation."""
        signatures = self._library.signatures
        operation = call.operation
        every = signatures.arguments(operation, Imports(), hidden)
        free = signatures.arguments(operation, imports, hidden, filled=call.filled)
        result = signatures.result(operation.result, imports, hidden)
        values = call.values(every)
        uploads = self._library.uploads(operation)
        constant = f"forms.reporting({call.constant}, progress)" if uploads else call.constant
        imports.progress |= uploads
        yield MethodView(
            Code(name),
            signatures.signature(name, free, result, named=[PROGRESS] if uploads else []),
            signatures.doc(operation, free, last=[PROGRESS_ENTRY] if uploads else []),
            (fit("return self._library._call(", [constant, values, "request_timeout"], ")", 8),),
        )
        download = names.downloads.get(id(operation))
        if download is not None:
            imports.destination = imports.progress = True
            arguments = [call.constant, values, "destination", "request_timeout", "progress"]
            yield MethodView(
                Code(download),
                signatures.signature(download, free, "int", [DESTINATION], [PROGRESS]),
                signatures.doc(
                    operation,
                    free,
                    extra=[DESTINATION_ENTRY],
                    last=[PROGRESS_ENTRY],
                    returns=_BYTES_WRITTEN,
                ),
                (fit("return self._library._download(", arguments, ")", 8),),
            )
        iterator = names.iterators.get(id(operation))
        if iterator is not None:
            yield self._iterator(call, iterator, every, free, imports, hidden)

    def _iterator(
        self,
        call: _Call,
        name: str,
        every: Sequence[ArgumentView],
        free: Sequence[ArgumentView],
        imports: Imports,
        hidden: frozenset[str],
    ) -> MethodView:
        """The method that goes through a list."""
        library, operation = self._library, call.operation
        paging = library.api.access.paging
        page = str(paging.page) if paging and library.index.paged(operation) else ""
        member = library.index.items(operation)
        type_ = operation.result
        if member:
            properties = library.index.properties(library.index.model(str(type_.name)))
            type_ = next(item.type for item in properties if item.name == member)
        assert type_.item is not None
        item = library.signatures.result(type_.item, imports, hidden)
        imports.collections.add("Iterator")
        imports.runtime_modules.add("lists")
        arguments = ["self._library", call.constant, call.values(every, page), "request_timeout"]
        if member:
            arguments.append(literal(member))
        free = [view for view in free if view.parameter.name != page]
        notes = _WINDOWS if library.index.windowed(operation) else _PAGES
        return MethodView(
            Code(name),
            library.signatures.signature(name, free, f"Iterator[{item}]"),
            library.signatures.doc(operation, free, notes=notes, returns="One after the other."),
            (fit("return lists.iterate(", arguments, ")", 8),),
        )

    # Ways.

    @property
    def ways(self) -> list[MethodView]:
        """The ways from the library to the first places."""
        return [self._way(root, self._root_names[id(root)]) for root in self._roots]

    @property
    def way_imports(self) -> list[str]:
        """The imports that their annotations need."""
        imports = Imports()
        for root in self._roots:
            imports.places.add((self._module(root, ""), self._classes[id(root)]))
        return imports.near_places()

    def _module(self, place: Place, module: str) -> str:
        """Where a place's class is imported from by another module (empty: the library's own)."""
        home = self._home(place.resource)
        within = module in ("", _BARE)
        if home == _BARE:
            return ".places" if within else "..places"
        return f".resources.{home}" if within else f".{home}"

    def _way(
        self, place: Place, name: str, module: str = "", imports: Imports | None = None
    ) -> MethodView:
        """The way to a place from the one above it, or from the library."""
        class_name = self._classes[id(place)]
        ids = _id_names(place)
        above = ["self._library", "*self._ids"] if module else ["self"]
        body = [fit(f"return {class_name}(", [*above, *ids.values()], ")", 8)]
        if self._home(place.resource) != module:
            home = self._module(place, module)
            body.insert(0, Code(f"{import_line(home, [class_name], 8)}\n"))
            if imports is not None:
                imports.places.add((home, class_name))
        doc = Doc(self._text(place))
        doc.section("Args", [entry(each, ids[str(each.name)], False) for each in place.takes])
        arguments = [
            f"{ids[str(each.name)]}: {_IDS.get(each.type.kind, 'int | str')}"
            for each in place.takes
        ]
        if arguments:
            signature = fit(f"def {name}(", ["self", *arguments], f") -> {class_name}:", 4)
        else:
            decorator = "@property" if module else "@cached_property"
            signature = Code(f"{decorator}\n    def {name}(self) -> {class_name}:")
        return MethodView(Code(name), signature, doc.code(8), tuple(body))

    # Texts.

    def _text(self, place: Place) -> str:
        """What a place is."""
        if place.resource is None:
            if place.takes:
                return f"What belongs to one {' '.join(words(place.text))}."
            return f"What lies below {place.path}."
        operations = {id(method.operation): method.operation for method in place.methods}
        if len(operations) == 1 and not place.children:
            (operation,) = operations.values()
            if operation.summary:
                return operation.summary
        return place.resource.description or f"The operations of {place.resource.name}."

    @property
    def first_call(self) -> Code | None:
        """A call that needs no arguments and no ids, for an example."""
        for root in self._roots:
            for method in () if root.takes else root.methods:
                operation = method.operation
                if operation.method == "GET" and not any(p.required for p in operation.parameters):
                    way = f"{self._library.instance}.{self._root_names[id(root)]}"
                    return Code(f"{way}.{self._names[id(root)].methods[id(method)]}()")
        return None

    @property
    def shown(self) -> list[tuple[Code, Code]]:
        """(the way to it, its methods) of every place that has some, for a README."""
        rows: list[tuple[Code, Code]] = []

        def enter(place: Place, name: str) -> None:
            if place.takes:
                name = f"{name}({', '.join(_id_names(place).values())})"
            names = self._names[id(place)]
            if place.methods:
                methods = [each for method in place.methods for each in names.of(method)]
                rows.append((Code(name), listed(methods)))
            for child in place.children:
                enter(child, f"{name}.{names.children[id(child)]}")

        for root in self._roots:
            enter(root, f"{self._library.instance}.{self._root_names[id(root)]}")
        return rows


class _Call:
    """An operation as a place runs it: the first parameters of its path are the place's ids."""

    def __init__(self, place: Place, operation: Operation, constant: str) -> None:
        self.operation = operation
        self.constant = constant
        #: The parameters that the place gives.
        self.filled = place.filled(operation)

    def values(self, arguments: Iterable[ArgumentView], without: str = "") -> str:
        """All values, in the order of the operation's parameters."""
        views = list(arguments)
        items = []
        own = [id(each) for each in self.filled]
        if own and [id(view.parameter) for view in views[: len(own)]] == own:
            items.append("*self._ids")
            views = views[len(own) :]
        for view in views:
            if id(view.parameter) in own:
                items.append(f"self._ids[{own.index(id(view.parameter))}]")
            else:
                items.append("None" if view.parameter.name == without else str(view.name))
        if items == ["*self._ids"]:
            return "self._ids"
        return f"({items[0]},)" if len(items) == 1 else fit("(", items, ")", 12)


def _id_names(place: Place) -> dict[str, str]:
    """What the ids are called that the way to a place takes."""
    scope = Scope(snake, RESERVED)
    return {str(each.name): scope.add(each.name) for each in place.takes}
