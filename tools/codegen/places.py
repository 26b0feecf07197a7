"""The shape ``paths``: a tree of places, in which a library's calls look as the API's paths do.

    /city/{city_id}/street/              city(5).streets.list(), .add(…)
    /city/{city_id}/street/{street_id}   city(5).streets.get(7), .update(7, …), .delete(7)
    /city/{city_id}/weather/             city(5).weather.get()
    /city/                               cities.list()

A word of a path that an id follows is a list of things: what is done with the list and what is done with one
of its things, by its id, are methods of one place.  Where more paths begin with a thing, it is a place too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from .model import Api, Operation, Parameter, Resource
from .naming import words

_ID = re.compile(r"\{([^{}]*)\}\Z")

#: What methods are called, by the method of HTTP: of a list, of one thing in it, of anything else.
_LIST = {"GET": "list", "POST": "add", "PUT": "update all", "DELETE": "delete all"}
_ITEM = {"GET": "get", "PUT": "update", "DELETE": "delete", "PATCH": "patch"}
_SINGLE = {"GET": "get", "POST": "add", "PUT": "update", "DELETE": "delete", "PATCH": "patch"}


@dataclass(frozen=True)
class PlaceMethod:
    """An operation as a method: ``text`` is what its name is made of."""

    text: str
    resource: Resource
    operation: Operation


@dataclass(frozen=True)
class Place:
    """A point of the tree.

    ``path`` is that of the API that leads to it, ``text`` what the name of the way to it is made of, ``words`` what its class's name is made of, those of its
    parent first.  ``takes`` are the parameters that the way to it takes: without any it is an attribute of
    its parent.  ``ids`` are all parameters up to here.
    """

    path: str
    text: str
    words: tuple[str, ...]
    takes: tuple[Parameter, ...]
    ids: tuple[Parameter, ...]
    methods: tuple[PlaceMethod, ...]
    children: tuple[Place, ...]

    @property
    def resource(self) -> Resource | None:
        """The resource to which it belongs: that of its first operation."""
        return self.methods[0].resource if self.methods else None

    def filled(self, operation: Operation) -> tuple[Parameter, ...]:
        """The parameters of an operation that the ids up to here are, whatever it calls them."""
        return tuple(_path_parameters(operation)[: len(self.ids)])

    def below(self) -> Iterable[Place]:
        """The place and all below it."""
        yield self
        for child in self.children:
            yield from child.below()


def places(api: Api) -> tuple[Place, ...]:
    """Return the places directly below the root."""
    root = _Node()
    for resource in api.resources:
        for operation in resource.operations:
            if not operation.websocket:
                root.find([part for part in operation.path.split("/") if part]).operations.append(
                    (resource, operation)
                )
    if root.operations or root.item:
        # Paths that begin with an id, or have no word at all.
        group = root.words.setdefault("root", _Node())
        group.operations += root.operations
        group.item = group.item or root.item
    plurals = {str(plural.one): str(plural.several) for plural in api.access.plurals}
    return tuple(_Planner(plurals).children(root, "", (), ()))


def plural(word: str) -> str:
    """Return the plural of an English word, at the end of what may be several; one that ends in s is taken for one."""
    if re.search(r"(s|[^aeiou]ies)\Z", word):
        return word
    if re.search(r"[^aeiou]y\Z", word):
        return f"{word[:-1]}ies"
    return f"{word}es" if re.search(r"(x|z|ch|sh)\Z", word) else f"{word}s"


def singular(word: str) -> str:
    """Return what one thing of a list is called, where the word of the path is a plural already."""
    if re.search(r"[^aeiou]ies\Z", word):
        return f"{word[:-3]}y"
    if re.search(r"(x|z|ch|sh|ss)es\Z", word):
        return word[:-2]
    return word[:-1] if re.search(r"[^su]s\Z", word) else word


@dataclass
class _Node:
    """A segment of paths: what follows it, and the operations whose path ends with it."""

    words: dict[str, _Node] = field(default_factory=dict)
    item: _Node | None = None
    operations: list[tuple[Resource, Operation]] = field(default_factory=list)

    def find(self, segments: list[str]) -> _Node:
        if not segments:
            return self
        first, *rest = segments
        if _ID.match(first):
            if self.item is None:
                self.item = _Node()
            return self.item.find(rest)
        return self.words.setdefault(first, _Node()).find(rest)

    def items(self) -> Iterable[_Node]:
        """What follows after one id, after two, and so on."""
        if self.item is not None:
            yield self.item
            yield from self.item.items()

    def first(self) -> Operation:
        """An operation whose path passes through here."""
        if self.operations:
            return self.operations[0][1]
        after = [*self.words.values(), *([self.item] if self.item else [])]
        return after[0].first()


class _Planner:
    def __init__(self, plurals: dict[str, str]) -> None:
        self._plurals = plurals

    def children(
        self, node: _Node, path: str, above: tuple[str, ...], ids: tuple[Parameter, ...]
    ) -> Iterable[Place]:
        """Return the places for the words below a node, which stand after ``above`` and take ``ids``."""
        for word, child in node.words.items():
            items = list(child.items())
            if child.operations or child.words or any(item.operations for item in items):
                yield self._group(word, child, f"{path}/{word}", above, ids)
            for depth, item in enumerate(items, 1):
                if item.words:
                    yield self._thing(word, item, depth, f"{path}/{word}", above, ids)

    def _group(
        self,
        word: str,
        node: _Node,
        path: str,
        above: tuple[str, ...],
        ids: tuple[Parameter, ...],
    ) -> Place:
        """Return the place of a word without an id: a list of things, or something that there is once."""
        is_list = node.item is not None or any(map(_lists, node.operations))
        text = self._plurals.get(word) or (plural(word) if is_list else word)
        names = (*above, text)
        methods = _methods(node.operations, _LIST if is_list else _SINGLE)
        for item in node.items():
            methods += _methods(item.operations, _ITEM, methods)
        children = tuple(self.children(node, path, names, ids))
        return Place(path, text, names, (), ids, tuple(methods), children)

    def _thing(
        self,
        word: str,
        node: _Node,
        depth: int,
        path: str,
        above: tuple[str, ...],
        ids: tuple[Parameter, ...],
    ) -> Place:
        """Return the place of one thing, by its id, or by ``depth`` of them."""
        every = tuple(_path_parameters(node.first())[: len(ids) + depth])
        text = word if self._plurals.get(word, word) != word else singular(word)
        names = (*above, text)
        methods = _methods(node.operations, _ITEM)
        takes = every[len(ids) :]
        path = "/".join([path, *(f"{{{each.name}}}" for each in takes)])
        children = tuple(self.children(node, path, names, every))
        return Place(path, text, names, takes, every, tuple(methods), children)


def _lists(entry: tuple[Resource, Operation]) -> bool:
    _, operation = entry
    if operation.method != "GET":
        return False
    return operation.result.kind == "list" or words(operation.name)[0] == "list"


def _methods(
    operations: list[tuple[Resource, Operation]],
    verbs: dict[str, str],
    others: Iterable[PlaceMethod] = (),
) -> list[PlaceMethod]:
    """Return the methods; what has no usual verb is called by the first word of its nickname."""
    taken = {method.text for method in others}
    found = []
    for resource, operation in operations:
        text = verbs.get(operation.method) or words(operation.name)[0]
        if text == "patch" and all(each.method != "PUT" for _, each in operations):
            text = "update"
        if text in taken:
            text = str(operation.name)
        taken.add(text)
        found.append(PlaceMethod(text, resource, operation))
    return found


def _path_parameters(operation: Operation) -> list[Parameter]:
    """Return the parameters of an operation's path, in the path's order."""
    by_name = {str(p.name): p for p in operation.parameters if p.location == "path"}
    found = [_ID.match(part) for part in operation.path.split("/")]
    return [by_name[match.group(1)] for match in found if match]
