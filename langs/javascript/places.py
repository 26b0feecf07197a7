"""The shape by paths: a class for each place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from codegen.index import required_first
from codegen.model import Operation, Parameter, Resource, Type
from codegen.naming import Scope, upper_snake
from codegen.places import Place, PlaceMethod
from codegen.text import Code

from .escapes import in_comment, literal
from .imports import import_of, runtime_imports
from .layout import WIDTH, Doc, call, fit, laid_out, type_text
from .names import MODEL_MEMBERS, Members, attribute_names, id_names
from .parameters import described, options_base
from .typescript import joined
from .views import MethodView, OperationView, PlaceView

if TYPE_CHECKING:
    from .library import Library

_PIECES = "All that `{}` finds, each item once: more is asked for as the program goes on."

#: The module of the places without operations, beside the folder of the others.
_BARE = "places"


class RowView(NamedTuple):
    """A place for the README: the way to it, and its methods."""

    way: Code
    methods: tuple[Code, ...]


class PlaceTree:
    """The places of an API, with the names of their classes and of all that these have."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._names = library.names
        self._roots = library.names.roots
        self._every = [place for root in self._roots for place in root.below()]
        self._members = {id(each): Members(each, self._iterates(each)) for each in self._every}
        self._ways: dict[int, str] = {}
        root_names = library.names.root_names()
        for root in self._roots:
            self._enter(root, root_names[id(root)], "")
        #: An operation's constant and what messages call it, by its identity.
        self._constants: dict[int, str] = {}
        # Modules import those of others, and classes.
        scope = Scope(str, {*self._names.places.values(), *self._names.models.values()})
        for resource in library.api.resources:
            for operation in library.index.methods(resource):
                self._constants[id(operation)] = scope.add(upper_snake(operation.name))
        self._called: dict[int, str] = {}
        for place in self._every:
            for name, method in zip(self._of(place).methods, place.methods, strict=True):
                self._called.setdefault(id(method.operation), ".".join([*place.words, name]))

    def _enter(self, place: Place, name: str, above: str) -> None:
        ids = f"({', '.join(id_names(place.takes))})" if place.takes else ""
        way = self._ways[id(place)] = f"{above}{name}{ids}"
        for child, child_name in zip(place.children, self._of(place).children, strict=True):
            self._enter(child, child_name, f"{way}.")

    def _of(self, place: Place) -> Members:
        return self._members[id(place)]

    # Modules.

    def operations(self, resource: Resource) -> Iterator[OperationView]:
        """The operations of a resource: constants, and their options."""
        library = self._library
        foreign = {
            id(method.operation)
            for place in self._every
            for method in place.methods
            if place.resource is not method.resource
        }
        for operation in library.index.methods(resource):
            constant = library.constant(
                resource, operation, self._constants[id(operation)], self._called[id(operation)]
            )
            if id(operation) in foreign:
                constant = Code(f"export {constant}")
            nickname = f"{in_comment(resource.name)}.{in_comment(operation.name)}"
            options = self._names.options.get((str(resource.name), str(operation.name)), "")
            yield OperationView(
                constant,
                Code(options),
                Code(options_base(operation)),
                Code(f"/** The options of `{nickname}`. */"),
                tuple(library.options(operation, without_ids=True)),
                (),
            )

    def of(self, resource: Resource) -> tuple[tuple[PlaceView, ...], tuple[Code, ...]]:
        """The places of a resource, and the imports of its module."""
        found = [place for place in self._every if place.resource is resource]
        models: set[str] = set()
        helpers: set[str] = {"Place"} if found else set()
        for operation in self._library.index.methods(resource):
            self._library.needed(operation, models, helpers)
        if any(self._of(place).iterate for place in found):
            helpers.add("iterate")
        imports = self._library.model_imports(models, "../models/")
        imports += self._imports(found, str(self._names.modules[str(resource.name)]), "./")
        imports += runtime_imports(helpers)
        return tuple(map(self._view, found)), tuple(imports)

    @cached_property
    def bare(self) -> tuple[PlaceView, ...]:
        """The places without operations: only others lie below them."""
        return tuple(self._view(place) for place in self._every if place.resource is None)

    @property
    def bare_imports(self) -> list[Code]:
        """The imports of their module."""
        found = [place for place in self._every if place.resource is None]
        place = import_of(["Place"], "./runtime/places.js")
        return [*self._imports(found, "", "./resources/"), place]

    def _imports(self, found: Iterable[Place], own: str, folder: str) -> list[Code]:
        """The imports of the classes and constants that these places need; ``own`` is their module."""
        wanted: dict[str, set[str]] = {}
        for place in found:
            for child in place.children:
                self._want(child, wanted)
            for method in place.methods:
                module = self._names.modules[str(method.resource.name)]
                wanted.setdefault(module, set()).add(self._constants[id(method.operation)])
        imports = [
            import_of(sorted(wanted[module]), f"{folder}{module}.js")
            for module in sorted(wanted)
            if module not in ("", own)
        ]
        if own and "" in wanted:
            imports.insert(0, import_of(sorted(wanted[""]), f"../{_BARE}.js"))
        return imports

    def _want(self, place: Place, wanted: dict[str, set[str]]) -> None:
        """Note the class of a place, by its module; the module of places without operations is empty."""
        resource = place.resource
        module = self._names.modules[str(resource.name)] if resource is not None else ""
        wanted.setdefault(module, set()).add(self._names.places[id(place)])

    # The library itself.

    @property
    def root_imports(self) -> list[Code]:
        """What the main class imports."""
        wanted: dict[str, set[str]] = {}
        for root in self._roots:
            self._want(root, wanted)
        return [
            import_of(
                sorted(wanted[module]),
                f"./resources/{module}.js" if module else f"./{_BARE}.js",
            )
            for module in sorted(wanted)
        ]

    @property
    def attributes(self) -> list[MethodView]:
        """The first places that take no ids."""
        names = self._names.root_names()
        return [self._way(each, names[id(each)]) for each in self._roots if not each.takes]

    @property
    def functions(self) -> list[MethodView]:
        """The first places that take ids."""
        names = self._names.root_names()
        return [self._way(each, names[id(each)]) for each in self._roots if each.takes]

    @property
    def example(self) -> Code:
        """Any method, for the README."""
        for place in self._every:
            for name, method in zip(self._of(place).methods, place.methods, strict=True):
                if len(method.operation.parameters) == len(place.ids):
                    return Code(f"{self._ways[id(place)]}.{name}")
        place = next(place for place in self._every if place.methods)
        return Code(f"{self._ways[id(place)]}.{self._of(place).methods[0]}")

    @property
    def rows(self) -> list[RowView]:
        """The places that have methods, for the README."""
        return [
            RowView(
                Code(self._ways[id(place)]),
                tuple(Code(name) for name in self._all_methods(place)),
            )
            for place in self._every
            if place.methods
        ]

    def _all_methods(self, place: Place) -> Iterator[str]:
        members = self._of(place)
        for number, name in enumerate(members.methods):
            yield name
            if number in members.streams:
                yield members.streams[number]
        if members.iterate:
            yield members.iterate

    @property
    def iterates(self) -> bool:
        """Whether some list comes in pieces."""
        return any(members.iterate for members in self._members.values())

    # Classes.

    def _view(self, place: Place) -> PlaceView:
        members = self._of(place)
        methods: list[MethodView] = []
        for number, method in enumerate(place.methods):
            methods += self._methods(place, number, method)
            if method.text == "list" and members.iterate:
                methods.append(self._iterate(place, number, method))
        for child, name in zip(place.children, members.children, strict=True):
            methods.append(self._way(child, name))
        return PlaceView(
            Code(self._names.places[id(place)]), self._doc(place).code(0), tuple(methods)
        )

    def _doc(self, place: Place) -> Doc:
        way = f"`{self._ways[id(place)]}`"
        if place.resource is None:
            return Doc("").verbatim(f"What lies below {way}.")
        operations = {id(method.operation): method.operation for method in place.methods}
        text = str(place.resource.description)
        if len(operations) == 1 and not place.children:
            (operation,) = operations.values()
            text = str(operation.summary) or text
        return Doc(text or f"The operations of {place.resource.name}.").verbatim(way)

    def _methods(self, place: Place, number: int, method: PlaceMethod) -> Iterator[MethodView]:
        library, operation, members = self._library, method.operation, self._of(place)
        ids = self._further(place, operation)
        first = [(name, self._id_type(operation, parameter)) for parameter, name in ids]
        texts = [(name, _told(parameter)) for parameter, name in ids]
        options = self._options(method)
        arguments = [
            "this",
            self._constants[id(operation)],
            f"[{', '.join(name for _, name in ids)}]",
            "options",
        ]
        run = fit("return Place.run(", [*arguments, "onSuccess", "onError"], ");", 4)
        yield library.method(
            members.methods[number],
            operation,
            options,
            run,
            optional=not _needs(operation),
            first=first,
            doc=library.doc(operation, 2, first=texts),
        )
        if number in members.streams:
            stream = members.streams[number]
            doc = library.doc(operation, 2, stream=True, first=texts)
            mark = "" if _needs(operation) else "?"
            heads = [f"{name}: {type_}" for name, type_ in first]
            yield MethodView(
                Code(stream),
                doc,
                fit(f"{stream}(", [*(name for name, _ in first), "options"], ") {", 2),
                fit("return Place.stream(", arguments, ");", 4),
                doc,
                (
                    fit(
                        f"{stream}(",
                        [*heads, f"options{mark}: {options}"],
                        "): Promise<ReadableStream<Uint8Array>>;",
                        2,
                    ),
                ),
            )

    def _iterate(self, place: Place, number: int, method: PlaceMethod) -> MethodView:
        library, operation, members = self._library, method.operation, self._of(place)
        arguments = ["this", self._constants[id(operation)], "options"]
        item, attribute = self._items(operation)
        if attribute:
            arguments.append(literal(attribute))
        options = self._options(method)
        if library.index.paged(operation):
            paging = library.api.access.paging
            names = library.argument_names(operation)
            for parameter, name in zip(operation.parameters, names, strict=True):
                if paging is not None and parameter.name == paging.page:
                    options = f"Omit<{options}, {literal(name)}>"
        doc = library.doc(
            operation,
            2,
            notes=_PIECES.format(members.methods[number]),
            returns="The items, one after the other.",
        )
        mark = "" if _needs(operation) else "?"
        return MethodView(
            Code(members.iterate),
            doc,
            Code(f"{members.iterate}(options) {{"),
            fit("return iterate(", arguments, ");", 4),
            doc,
            (
                fit(
                    f"{members.iterate}(",
                    [f"options{mark}: {options}"],
                    f"): {type_text(f'AsyncIterableIterator<{item}>', 2, 3, 1)};",
                    2,
                ),
            ),
        )

    def _way(self, place: Place, name: str) -> MethodView:
        """The way to a place from the one above it, or from the library."""
        class_name = self._names.places[id(place)]
        doc = self._doc(place)
        ids = id_names(place.takes)
        # A way's own ids are those of every operation below it.
        operation = next(method.operation for below in place.below() for method in below.methods)
        if not ids:
            made = f"{name} = new {class_name}(this);"
            if len(made) + 2 > WIDTH:
                made = f"{name} =\n    new {class_name}(this);"
            getter = laid_out(call(f"new {class_name}", ["this"]), 4, len("return "))
            declaration = Code(f"readonly {name}: {class_name};")
            return MethodView(
                Code(name),
                doc.code(2),
                Code(f"get {name}() {{"),
                Code(f"return {getter};"),
                doc.code(2),
                (declaration,),
                Code(made),
            )
        doc.tags(
            f"@param {argument} {_told(parameter)}"
            for argument, parameter in zip(ids, place.takes, strict=True)
        )
        heads = [
            f"{argument}: {self._id_type(operation, parameter)}"
            for argument, parameter in zip(ids, place.takes, strict=True)
        ]
        thing = call(f"new {class_name}", ["this", f"[{', '.join(ids)}]"])
        return MethodView(
            Code(name),
            doc.code(2),
            fit(f"{name}(", ids, ") {", 2),
            Code(f"return {laid_out(thing, 4, len('return '))};"),
            doc.code(2),
            (fit(f"{name}(", heads, f"): {class_name};", 2),),
        )

    # Arguments.

    def _options(self, method: PlaceMethod) -> str:
        key = (str(method.resource.name), str(method.operation.name))
        return self._names.options.get(key, options_base(method.operation))

    def _further(self, place: Place, operation: Operation) -> list[tuple[Parameter, str]]:
        """The ids in an operation's path that the place has not, in the path's order."""
        filled = place.filled(operation)
        names = self._library.argument_names(operation)
        by_name = {
            f"{{{parameter.name}}}": (parameter, name)
            for parameter, name in zip(operation.parameters, names, strict=True)
            if parameter.location == "path"
        }
        path = [by_name[part] for part in operation.path.split("/") if part in by_name]
        return path[len(filled) :]

    def _id_type(self, operation: Operation, parameter: Parameter) -> str:
        types = self._library.types_of.argument(operation, parameter)
        # An id that is written in digits may be a number for the program, and the other way round.
        return "string | number" if types in (["string"], ["number"]) else joined(types)

    # Lists that come in pieces.

    def _iterates(self, place: Place) -> bool:
        """Whether the place has a list that comes in pieces."""
        return any(
            method.text == "list" and self._library.index.items(method.operation) is not None
            for method in place.methods
        )

    def _items(self, operation: Operation) -> tuple[str, str]:
        """The type of an item, and the attribute of the result that holds them, if that is not the result
        itself."""
        index, type_, attribute = self._library.index, operation.result, ""
        if name := index.items(operation):
            properties = index.properties(index.model(str(type_.name)))
            names, _ = attribute_names((each.name for each in properties), MODEL_MEMBERS)
            attribute = names[name]
            type_ = next(each.type for each in properties if each.name == name)
        return self._library.types_of.result(type_.item or Type("any")), attribute


def _told(parameter: Parameter) -> str:
    """What an id is for."""
    return in_comment(described(parameter)) if parameter.description else "Which one."


def _needs(operation: Operation) -> bool:
    """Whether an operation cannot be called without options."""
    return any(each.location != "path" for each in required_first(operation.parameters)[0])
