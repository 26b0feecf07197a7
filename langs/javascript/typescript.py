"""The types of a library, as TypeScript has them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from codegen.index import Index
from codegen.model import Api, Model, Operation, Parameter, Property, Type

from .escapes import literal
from .names import NamePlan

_SCALARS = {
    "string": "string",
    "integer": "number",
    "number": "number",
    "boolean": "boolean",
    "binary": "Uint8Array",
    "datetime": "Date",
    "any": "any",
    "object": "Record<string, any>",
    "void": "void",
}

_IN_BODY = ("field", "body")


class Types:
    """Writes the types of one API.  What a value may be is a list: the members of a union."""

    def __init__(self, api: Api, index: Index, names: NamePlan) -> None:
        self._index = index
        self._names = names
        #: Model -> the interface of such a structure in a request, for those that requests have.
        self.inputs: dict[str, str] = {}
        found = self._in_requests(api)
        for model in api.models:
            if str(model.name) in found:
                name = f"{names.models[str(model.name)]}Input"
                self.inputs[str(model.name)] = names.classes.add(name)

    # Of values that come from the server.

    def result(self, type_: Type) -> str:
        """The type of a value that comes from the server."""
        return joined(self.results(type_))

    def results(self, type_: Type) -> list[str]:
        """What a value that comes from the server may be."""
        if type_.one_of is not None:
            return _members((self.results(each) for each in type_.one_of.types), type_.nullable)
        if type_.kind == "model":
            text = self._names.models[str(type_.name)]
        elif type_.kind == "list" and type_.item is not None:
            item = self.result(type_.item)
            text = f"{item}[]" if item.isidentifier() else f"Array<{item}>"
        elif type_.kind == "map" and type_.item is not None:
            text = f"Record<string, {self.result(type_.item)}>"
        else:
            text = "Uint8Array" if type_.format == "base64" else _SCALARS[type_.kind]
        return _members([[text]], type_.nullable)

    def attribute(self, item: Property) -> list[str]:
        """What a model's property may be."""
        if not item.choices:
            return self.results(item.type)
        return self._chosen(item, self.results)

    # Of values that a program gives.

    def argument(self, operation: Operation, parameter: Parameter) -> list[str]:
        """What an argument may be."""
        in_json = operation.body == "json" and parameter.location in _IN_BODY
        nullable = in_json and parameter.type.nullable
        if parameter.type.kind == "list" and parameter.type.item is not None:
            items = self._items(operation, parameter, parameter.type.item)
            many = many_of(items)
            as_it_is = parameter.location in _IN_BODY
            return _members([[many] if as_it_is else [*items, many]], nullable)
        return _members([self._items(operation, parameter, parameter.type)], nullable)

    def _items(self, operation: Operation, parameter: Parameter, type_: Type) -> list[str]:
        in_json = operation.body == "json" and parameter.location in _IN_BODY
        if parameter.choices:
            found = [self._names.type_of(parameter.name, parameter.choices)]
        elif type_.kind in ("map", "object") and parameter.text_values:
            found = ["TextValues"]
        elif type_.kind == "binary" and parameter.location in _IN_BODY and not in_json:
            found = ["BinaryContent" if parameter.location == "body" else "FileUpload"]
        else:
            found = self.given(type_)
            if not in_json:
                found = [each for each in found if each != "null"]
        if parameter.reference is not None:
            found = [*found, self._names.models[str(parameter.reference)]]
        return _members([found])

    def given(self, type_: Type) -> list[str]:
        """What a value within a request may be."""
        if type_.one_of is not None:
            return _members((self.given(each) for each in type_.one_of.types), type_.nullable)
        if type_.kind == "model":
            found = [self.inputs[name] for name in self._family(str(type_.name))]
        elif type_.kind == "list" and type_.item is not None:
            found = [many_of(self.given(type_.item))]
        elif type_.kind == "map" and type_.item is not None:
            found = [f"Record<string, {joined(self.given(type_.item))}>"]
        elif type_.kind == "datetime":
            found = ["Date", "string"]
        elif type_.kind == "binary" or type_.format == "base64":
            found = ["Uint8Array", "string"]
        else:
            found = [_SCALARS[type_.kind]]
        return _members([found], type_.nullable)

    def member(self, item: Property) -> list[str]:
        """What a property of a structure in a request may be."""
        found = self._chosen(item, self.given) if item.choices else self.given(item.type)
        return found if item.required else _members([found, ["undefined"]])

    def members(self, model: Model) -> list[Property]:
        """The properties of a model that a request may have."""
        return [item for item in self._index.properties(model) if not item.read_only]

    def _chosen(self, item: Property, of: Any) -> list[str]:
        """The listed values and, as a server may have others, any of their type."""
        kind = (item.type.item if item.type.kind == "list" else None) or item.type
        base = [each for each in of(kind) if each != "null"]
        if base not in (["string"], ["number"]):
            return list(of(item.type))
        values = [str(literal(choice)) for choice in item.choices if choice is not None]
        values = list(dict.fromkeys(values))
        found = _members([[*values, f"({base[0]} & {{}})"]], kind.nullable)
        if item.type.kind != "list":
            return found
        many = many_of(found) if of == self.given else f"Array<{joined(found)}>"
        return _members([[many]], item.type.nullable)

    def _family(self, model: str) -> list[str]:
        """A model and those that descend from it, where values say which they are."""
        table = self._index.discriminated(self._index.model(model))
        return list(dict.fromkeys([model, *table.values()]))

    def _in_requests(self, api: Api) -> set[str]:
        """The models of which requests have structures."""
        found: set[str] = set()
        waiting = [
            parameter.type
            for resource in api.resources
            for operation in resource.operations
            for parameter in operation.parameters
        ]
        while waiting:
            type_ = waiting.pop()
            waiting += [type_.item] if type_.item is not None else []
            waiting += type_.one_of.types if type_.one_of is not None else ()
            for name in self._family(str(type_.name)) if type_.kind == "model" else ():
                if name not in found:
                    found.add(name)
                    waiting += [item.type for item in self.members(self._index.model(name))]
        return found


def joined(types: Sequence[str]) -> str:
    """The union of types."""
    return " | ".join(types)


def many_of(types: Sequence[str]) -> str:
    """The type of a list in a request."""
    item = joined(types)
    return f"readonly {item}[]" if _is_name(item) else f"readonly ({item})[]"


def _is_name(text: str) -> bool:
    return text.isidentifier() or (text.endswith(">") and " " not in text.partition("<")[0])


def _members(types: Iterable[Iterable[str]], nullable: bool = False) -> list[str]:
    """The members of a union, each once; ``any`` says it all."""
    found: dict[str, None] = {}
    for each in types:
        found.update(dict.fromkeys(each))
    if "any" in found:
        return ["any"]
    if "null" in found or nullable:
        found.pop("null", None)
        found["null"] = None
    if "undefined" in found:
        found["undefined"] = found.pop("undefined")
    return list(found)


def described(item: Property) -> Iterator[str]:
    """What is to be said of a property beside its description."""
    if item.read_only:
        yield "Only the server sets it."
    if item.write_only:
        yield "Only sent: no answer has it."
