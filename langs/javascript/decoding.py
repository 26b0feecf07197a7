"""How JSON from the server becomes values: expressions of the runtime's decoders."""

from __future__ import annotations

from collections.abc import Iterator

from codegen.index import Index
from codegen.model import Api, Model, OneOf, Type

from .escapes import key, literal
from .layout import Expression, array, call, table
from .names import NamePlan

#: Decoder -> the file of the runtime that has it.
FILES = {
    **dict.fromkeys(("asIs", "date", "list", "map", "one", "Model", "Entity"), "model"),
    **dict.fromkeys(("base64", "oneOf", "subtype"), "decoders"),
}

#: What the runtime calls the types among which it chooses; all others are what they are called.
_ALTERNATIVES = {"datetime": "string", "object": "map", "binary": "any", "void": "any"}


class Decoders:
    """Writes the decoders of one API."""

    def __init__(self, api: Api, index: Index, names: NamePlan) -> None:
        self._index = index
        self._names = names
        self._subtypes: dict[str, dict[str, str]] = {}
        #: The models of which a value may be a subtype.
        self.families: set[str] = set()
        for type_ in all_types(api):
            if type_.kind == "model" and self.subtypes(str(type_.name)):
                self.families.add(str(type_.name))

    def subtypes(self, model: str) -> dict[str, str]:
        """Value of the discriminator -> the model that it means, where that is another."""
        if model not in self._subtypes:
            found = self._index.discriminated(self._index.model(model))
            self._subtypes[model] = {v: name for v, name in found.items() if name != model}
        return self._subtypes[model]

    def expression(self, type_: Type) -> Expression | None:
        """The decoder of a type; ``None`` where nothing is to be done."""
        if type_.one_of is not None:
            return self._one_of(type_.one_of)
        if type_.kind == "model":
            name = str(type_.name)
            decoder = "subtype" if name in self.families else "one"
            return call(decoder, [f"() => {self._names.models[name]}"])
        if type_.kind == "datetime":
            return "date"
        if type_.kind in ("list", "map") and type_.item is not None:
            item = self.expression(type_.item)
            return call(type_.kind, [item]) if item else None
        return "base64" if type_.format == "base64" else None

    def note(self, type_: Type, models: set[str], helpers: set[str]) -> None:
        """Note what the decoder of a type names."""
        if self.expression(type_) is None:
            return
        if type_.one_of is not None:
            helpers.add("oneOf")
            for each in self._alternatives(type_.one_of):
                self.note(each, models, helpers)
            for name in self._index.discriminated(type_.one_of).values():
                self.note(Type("model", name), models, helpers)  # type: ignore[arg-type]
        elif type_.kind == "model":
            models.add(str(type_.name))
            helpers.add("subtype" if type_.name in self.families else "one")
        elif type_.kind == "datetime":
            helpers.add("date")
        elif type_.item is not None:
            helpers.add(type_.kind)
            self.note(type_.item, models, helpers)
        else:
            helpers.add("base64")

    def _one_of(self, one_of: OneOf) -> Expression | None:
        types = list(self._alternatives(one_of))
        decoders = [self.expression(each) for each in types]
        if not any(decoders):
            return None
        objects = [each for each in types if each.kind in ("model", "map", "object")]
        required = len(objects) > 1
        items = [
            self._alternative(each, decoder, required)
            for each, decoder in zip(types, decoders, strict=True)
            if not one_of.discriminator or each not in objects
        ]
        arguments: list[Expression] = [array(items)]
        if one_of.discriminator:
            arguments.append(literal(str(one_of.discriminator)))
            entries = [
                (key(value), self.expression(Type("model", name)) or "")  # type: ignore[arg-type]
                for value, name in self._index.discriminated(one_of).items()
            ]
            arguments.append(table(entries))
        return call("oneOf", arguments)

    def _alternative(self, type_: Type, decoder: Expression | None, required: bool) -> Expression:
        kind = "choice" if type_.one_of is not None else type_.kind
        items: list[Expression] = [literal(_ALTERNATIVES.get(kind, kind))]
        items += [decoder] if decoder else []
        if required and type_.kind == "model":
            model = self._index.model(str(type_.name))
            needed = [
                literal(str(item.name))
                for item in self._index.properties(model)
                if item.required and not item.write_only
            ]
            items.append(array(needed))
        return array(items)

    def _alternatives(self, one_of: OneOf) -> Iterator[Type]:
        """The types, those of a choice within the choice too."""
        for each in one_of.types:
            if each.one_of is not None and each.one_of.discriminator is None:
                yield from self._alternatives(each.one_of)
            else:
                yield each


def all_types(api: Api) -> Iterator[Type]:
    """Every type of a value that comes from the server, and every type within these."""
    waiting = [item.type for model in api.models for item in model.properties]
    for resource in api.resources:
        waiting += [item.result for item in resource.operations if not item.websocket]
    while waiting:
        type_ = waiting.pop()
        yield type_
        if type_.item is not None:
            waiting.append(type_.item)
        if type_.one_of is not None:
            waiting += type_.one_of.types


def read_only(index: Index, model: Model) -> list[str]:
    """The properties that only the server sets, those of the bases too."""
    return [str(item.name) for item in index.properties(model) if item.read_only]
