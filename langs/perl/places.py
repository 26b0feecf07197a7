"""The API's paths as a tree of classes, as templates see it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

from codegen.index import required_first
from codegen.model import Operation, Parameter
from codegen.naming import Scope, snake
from codegen.places import Place, PlaceMethod, places
from codegen.text import Code

from .escapes import in_pod, literal
from .layout import Pod, call, quoted_words, qw_call
from .names import (
    CLIENT_MEMBERS,
    MODEL_MEMBERS,
    PLACE_MEMBERS,
    RESERVED,
    attribute_names,
    extra_members,
    names_of_arguments,
    twins,
)

if TYPE_CHECKING:
    from .library import Library


class OperationView(NamedTuple):
    """An operation, or what is made of one: its POD and the statement that declares it."""

    name: Code
    pod: Code
    code: Code


class ChildView(NamedTuple):
    """An accessor of a place: its POD, and the entry that declares it."""

    name: str
    entry: str
    pod: Code


class PlaceView(NamedTuple):
    """A place as a module."""

    module: Code
    class_name: Code
    #: How a program comes here.
    way: Code
    abstract: Code
    description: Code
    operations: tuple[OperationView, ...]
    #: The POD of methods that other statements make.
    further: tuple[Code, ...]
    children: tuple[ChildView, ...]
    #: The statements behind those of the operations.
    statements: tuple[Code, ...]
    #: All methods that call, as the README names them.
    methods: tuple[Code, ...]


class _Home(NamedTuple):
    """The class and the method that declare an operation."""

    class_name: str
    method: str
    #: The names of its arguments.
    arguments: list[str]


class PlacesView:
    """What templates see as ``library.places``."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._homes: dict[int, _Home] = {}
        #: Every place, those above others first.
        self.views: list[PlaceView] = []
        #: A call that needs nothing but the ids on the way to it.
        self.first_call: Code | None = None
        #: Whether there are lists that are gone through.
        self.iterates = False
        members = RESERVED | CLIENT_MEMBERS | extra_members(library.api)
        scope = Scope(snake, members)
        self.roots = self._children(places(library.api), scope, f"${library.instance}")

    @property
    def declaration(self) -> Code:
        """The statement that gives the main class its places."""
        return Code(call("places", [(child.name, child.entry) for child in self.roots]))

    def _children(self, found: Iterable[Place], scope: Scope, way: str) -> tuple[ChildView, ...]:
        """The accessors of places, and all that is behind them."""
        names = scope.plan((place.words, place.text) for place in found)
        return tuple(self._child(place, names[place.words], way) for place in found)

    def _child(self, place: Place, name: str, above: str) -> ChildView:
        taken = [_argument(parameter) for parameter in place.takes]
        way = f"{above}->{name}{_in_brackets(taken)}"
        view = self._place(place, way)
        pod = Pod().head(2, name)
        if taken:
            pod.example([f"my ${name} = {way};"])
        text = f"A L<{view.class_name}>"
        if view.methods:
            text += f": {', '.join(f'C<{method}>' for method in view.methods)}"
        pod.verbatim(f"{text}.")
        class_name = str(view.class_name)
        entry = quoted_words([class_name, *taken], 4) if taken else literal(class_name)
        return ChildView(name, str(entry), pod.code(end=False))

    def _place(self, place: Place, way: str) -> PlaceView:
        library = self._library
        number = len(self.views)
        class_name = library.names.place(place)
        twin = {each for item in place.methods for each in twins(item.operation, snake(item.text))}
        scope = Scope(snake, RESERVED | PLACE_MEMBERS | twin)
        names = scope.plan((id(item.operation), item.text) for item in place.methods)
        operations: list[OperationView] = []
        further: list[Code] = []
        methods: list[Code] = []
        others: dict[tuple[str, bool], list[str]] = {}
        for item in place.methods:
            name, operation = names[id(item.operation)], item.operation
            home = self._homes.get(id(operation))
            if home is None:
                filled = place.filled(operation)
                arguments = names_of_arguments(operation, filled)
                self._homes[id(operation)] = _Home(class_name, name, arguments)
                operations.append(
                    library.operation(item.resource, operation, name, f"{way}->", filled)
                )
                methods.append(Code(name))
                if item.text == "list" and library.index.items(operation) is not None:
                    operations.append(
                        self._iterator(place, operation, scope.add("iterate"), name, way)
                    )
                    methods.append(operations[-1].name)
                self._look_for_example(operation, f"{way}->{name}", filled)
            else:
                entry = name if name == home.method else f"{name}={home.method}"
                binary = operation.result.kind == "binary"
                others.setdefault((home.class_name, binary), []).append(entry)
                methods.append(Code(name))
                further.append(self._other_pod(place, item, name, home, way))
        statements = [
            Code(qw_call("downloads_of" if binary else "operations_of", other, entries))
            for (other, binary), entries in others.items()
        ]
        resource = place.resource
        description = (resource.description or "") if resource else ""
        # Its own view comes before those below it.
        view = PlaceView(
            Code(library.names.places[place.words]),
            Code(class_name),
            Code(way),
            Code(way.partition("->")[2]),
            Pod().text(description).code(end=False),
            tuple(operations),
            tuple(further),
            (),
            (),
            tuple(methods),
        )
        self.views.append(view)
        children = self._children(place.children, scope, way)
        if children:
            statements.append(Code(call("places", [(each.name, each.entry) for each in children])))
        self.views[number] = view._replace(children=children, statements=tuple(statements))
        return self.views[number]

    def _look_for_example(
        self, operation: Operation, method: str, filled: tuple[Parameter, ...]
    ) -> None:
        required = [p for p in required_first(operation.parameters)[0] if p not in filled]
        if self.first_call is None and operation.method == "GET" and not required:
            self.first_call = Code(method)

    def _other_pod(self, place: Place, item: PlaceMethod, name: str, home: _Home, way: str) -> Code:
        operation = item.operation
        pod = Pod().head(2, name).example(self._usage(place, operation, name, way))
        pod.text(operation.summary or operation.name)
        return pod.verbatim(f"See L<{home.class_name}/{home.method}>.").code(end=False)

    def _usage(self, place: Place, operation: Operation, name: str, way: str) -> list[str]:
        filled = place.filled(operation)
        names = self._homes[id(operation)].arguments
        by_place = {
            (p.location, str(p.name)): name
            for p, name in zip(operation.parameters, names, strict=True)
        }
        required, others = required_first(operation.parameters)
        required = [p for p in required if p not in filled]
        more = any(p not in filled for p in others)
        return self._library.usage(operation, name, f"{way}->", required, more, by_place)

    # Lists that are gone through.

    def _iterator(
        self, place: Place, operation: Operation, name: str, listing: str, way: str
    ) -> OperationView:
        self.iterates = True
        lines = self._usage(place, operation, name, way)
        lines[0] = f"my $items = {lines[0][lines[0].index(f'{way}->') :]}"
        lines.append("while ( my $item = $items->next ) { ... }")
        pod = Pod().head(2, name).example(lines)
        index, access = self._library.index, self._library.api.access
        text = f"All that C<{listing}> lists, item by item. It takes the same arguments"
        if access.paging is not None and index.paged(operation):
            text += f" but C<{in_pod(access.paging.page)}>; a page is asked for when it is needed"
        pod.verbatim(f"{text}.")
        if access.windows is not None and index.windowed(operation):
            months = access.windows.months
            many = "one calendar month" if months == 1 else f"{months} calendar months"
            pod.verbatim(
                f"The time may be any: a request is for {many} at most, and there are as many as it takes."
            )
        pod.verbatim(f"Gives a L<{self._library.class_name}::Runtime::Iterator>.")
        entries = [(name, str(literal(listing)))]
        items = index.items(operation)
        if items:
            names = (
                each.name for each in index.properties(index.model(str(operation.result.name)))
            )
            attribute = attribute_names(names, MODEL_MEMBERS)[0][items]
            entries.append(("items", str(literal(attribute))))
        return OperationView(Code(name), pod.code(), Code(call("iterator", entries)))


def _argument(parameter: Parameter) -> str:
    return snake(str(parameter.name))


def _in_brackets(names: list[str]) -> str:
    """Variables as the arguments of an accessor, as perltidy has them; nothing where there are none."""
    if len(names) < 2:
        return f"(${names[0]})" if names else ""
    return f"( {', '.join(f'${name}' for name in names)} )"
