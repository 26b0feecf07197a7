"""JSON Schema, as Swagger 2 and OpenAPI 3 have it, to the model's types and models.

A schema with properties is a model; any other is the type that it describes, written wherever it is
used.  Models that the document names keep their names, those within others are named after their
place.
"""

from __future__ import annotations

import contextlib
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from ..model import DiscriminatorValue, Model, OneOf, Property, Type
from ..naming import pascal
from ..problems import did_you_mean, quoted, step
from ..text import DocText
from .objects import MAX_DEPTH, STRUCTURE, Members, Objects, key_of
from .patterns import portable
from .place import Place

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ..problems import Problems
    from .references import References

#: The largest type that is written out in place, in types within it.
_MAX_WEIGHT = 500

_NO_TEXT = DocText("")

_SCALARS = ("string", "integer", "number", "boolean")

#: The keys that only say what values are good, or describe: the server checks, people read.
_PASSED = frozenset(
    """
    title example examples externalDocs xml minLength maxLength minItems maxItems uniqueItems
    minProperties maxProperties multipleOf exclusiveMinimum exclusiveMaximum not contains minContains
    maxContains propertyNames dependentRequired unevaluatedProperties unevaluatedItems dependencies
    $comment $schema $id $anchor $defs definitions contentSchema contentMediaType if
    """.split()
)

_USED = STRUCTURE | frozenset(
    """
    $ref format pattern nullable required description default minimum maximum readOnly writeOnly deprecated
    contentEncoding
    """.split()
)

#: The keys with a meaning that the model does not have.
_BEYOND = {
    "then": "conditions on other properties",
    "else": "conditions on other properties",
    "dependentSchemas": "conditions on other properties",
    "$dynamicRef": "dynamic references",
    "$recursiveRef": "dynamic references",
}

_KNOWN = _PASSED | _USED


class Value:
    """What a schema says of a value."""

    __slots__ = (
        "choices",
        "default",
        "deprecated",
        "description",
        "maximum",
        "minimum",
        "pattern",
        "read_only",
        "type",
        "write_only",
    )

    def __init__(self, type_: Type, choices: tuple[Any, ...] = ()) -> None:
        self.type = type_
        self.choices = choices
        self.description = _NO_TEXT
        self.default: Any = None
        self.minimum: float | None = None
        self.maximum: float | None = None
        self.pattern = _NO_TEXT
        self.read_only = False
        self.write_only = False
        self.deprecated = False

    def copy(self) -> Value:
        """Return another of the same content."""
        other = Value(self.type, self.choices)
        other.description = self.description
        other.default = self.default
        other.minimum = self.minimum
        other.maximum = self.maximum
        other.pattern = self.pattern
        other.read_only = self.read_only
        other.write_only = self.write_only
        other.deprecated = self.deprecated
        return other


class Schemas:
    """The schemas of one description."""

    def __init__(
        self,
        references: References,
        problems: Problems,
        place_class: type[Place],
        *,
        version: str,
        named_below: str,
    ) -> None:
        self._references = references
        self._problems = problems
        self._place_class = place_class
        # From 3.1 on, what stands beside a $ref counts.
        self._siblings = version == "3.1"
        self._objects = Objects(
            references,
            problems,
            place_class,
            siblings=version == "3.1",
            name_of=self._type_name,
        )
        self._null_by_type = version == "3.1"
        self._nullable_key = "x-nullable" if version == "2.0" else "nullable"
        self._named_below = named_below
        # Schema (document, pointer) -> its model's name, or its value.
        self._names: dict[tuple[int, str], DocText] = {}
        self._values: dict[tuple[int, str], Value] = {}
        self._underway: set[tuple[int, str]] = set()
        self._taken: set[str] = set()
        self._places: dict[str, Place] = {}
        self._waiting: list[str] = []
        self._made: dict[str, Model] = {}
        self._bases: dict[str, str] = {}
        self._checked: set[tuple[int, str]] = set()
        self._depth = 0
        self._scalars: dict[tuple[str, bool, str], Type] = {}
        self._discriminators: dict[str, Place] = {}

    # The document's own schemas

    def declare(self, places: Iterable[tuple[str, Place]]) -> None:
        """Take the schemas that the document names; models among them keep these names."""
        found = list(places)
        for name, place in found:
            # What has no name is named as what stands within others is.
            if name.strip():
                self._names[key_of(place)] = place.doc(name)
                self._taken.add(name)
        for _, place in found:
            self.value(place, ("Schema",))
            self._build()

    def models(self, first: Iterable[str]) -> tuple[Model, ...]:
        """Return all models, those named by ``first`` before others, with bases and subtypes linked."""
        self._build()
        self._link_mappings()
        order = [name for name in first if name in self._made]
        known = set(order)
        order += [name for name in self._made if name not in known]
        subtypes: dict[str, list[str]] = {}
        for name in order:
            base = self._bases.get(name)
            if base is not None:
                self._check_chain(name)
                subtypes.setdefault(base, []).append(name)
        result = []
        for name in order:
            model = self._made[name]
            if name in subtypes and self._told_apart(name):
                model = replace(model, subtypes=tuple(DocText(s) for s in subtypes[name]))
            result.append(model)
        return tuple(result)

    def _told_apart(self, name: str) -> bool:
        """Whether a discriminator tells a model's subtypes apart: its own or one of its bases'."""
        for _ in range(MAX_DEPTH):
            if self._made[name].discriminator is not None:
                return True
            if name not in self._bases:
                return False
            name = self._bases[name]
        return False

    def _check_chain(self, name: str) -> None:
        seen = [name]
        while seen[-1] in self._bases:
            base = self._bases[seen[-1]]
            if base in seen:
                if base == name:
                    self._places[name].error(
                        f"the schema {quoted(name)} is made of itself", "allOf"
                    )
                return
            seen.append(base)
            if len(seen) > MAX_DEPTH:
                self._places[name].error("the schemas are made of each other without end", "allOf")
                return

    # Values

    def value(self, place: Place, name: tuple[str, ...]) -> Value:
        """Return what the schema at ``place`` says; ``name`` is what a model there is called, in parts."""
        data = place.data
        if not isinstance(data, dict):
            if data is not True:
                if data is False:
                    place.warning("a schema that no value fits; it is taken for any")
                else:
                    place.error(f"a schema must be an object, not {quoted(data)}")
            return Value(self._scalar("any"))
        if "$ref" in data:
            return self._referred(place, name)
        key = key_of(place)
        if key in self._names and key not in self._underway:
            return self._named(place, key)
        return self._own(place, name)

    def _referred(self, place: Place, name: tuple[str, ...]) -> Value:
        target = self._references.follow(place)
        if target is None:
            return Value(self._scalar("any"))
        data = place.data
        if len(data) == 1:
            return self._of_target(target, place)
        beside = [key for key in data if key in STRUCTURE]
        if self._siblings and any(key != "type" for key in beside):
            return self._own(place, name)
        value = self._of_target(target, place)
        for key in beside:
            if key != "type":
                place.warning(
                    f"{key} beside $ref has no meaning in this version; it is passed over", key
                )
        return self._with_facets(value.copy(), place)

    def _of_target(self, target: Place, place: Place) -> Value:
        """Return the value of the schema that ``place`` refers to."""
        if not isinstance(target.data, dict):
            return self.value(target, ())
        key = key_of(target)
        if key not in self._names:
            name = self._name_of_place(target)
            self._names[key] = target.doc(self._free(name))
        if key in self._underway and not self._objects.is_object(target):
            place.warning(
                "the schema contains itself in a way that has no name; it is taken for any here"
            )
            return Value(self._scalar("any"))
        return self._named(target, key)

    def _name_of_place(self, place: Place) -> str:
        """Return a name for a schema that is referred to: from its pointer, or its file."""
        tokens = [t.replace("~1", "/").replace("~0", "~") for t in place.pointer.split("/")[1:]]
        if not tokens:
            file = place.document.address.replace("\\", "/").rpartition("/")[2]
            if "://" in place.document.address:
                file = unquote(file)
            return file.rpartition(".")[0] or file
        if tokens[-1].strip() and len(tokens) <= 3 and tokens[-1] not in ("schema", "items"):
            return tokens[-1]
        general = (
            "schema",
            "items",
            "properties",
            "content",
            "components",
            "paths",
            "schemas",
            "definitions",
        )
        parts = [t for t in tokens if t not in general and not t.isdigit()][-3:]
        return _joined(parts) or "Value"

    def _named(self, place: Place, key: tuple[int, str]) -> Value:
        known = self._values.get(key)
        if known is None:
            name = self._names[key]
            self._underway.add(key)
            known = self._own(place, (name,), named=name)
            self._underway.discard(key)
            if _weight(known.type) > _MAX_WEIGHT:
                place.warning(
                    "the type is too large to be written out wherever it is used; it is taken for any"
                )
                known.type = self._scalar("any", known.type.nullable)
            self._values[key] = known
        return known

    def _own(self, place: Place, name: tuple[str, ...], named: DocText | None = None) -> Value:
        """Return the value of a schema that is no mere reference."""
        self._depth += 1
        try:
            if self._depth > MAX_DEPTH:
                place.error("the schemas are nested too deeply")
                return Value(self._scalar("any"))
            return self._read(place, name, named)
        finally:
            self._depth -= 1

    def _read(self, place: Place, name: tuple[str, ...], named: DocText | None) -> Value:
        key = key_of(place)
        if key not in self._checked:
            self._checked.add(key)
            self._check_keys(place)
        data = place.data
        if self._objects.is_object(place):
            if named is None and "allOf" in data:
                wrapped = self._wrapped(place)
                if wrapped is not None:
                    return self._with_facets(wrapped.copy(), place)
            value = self._with_facets(Value(self._model(place, name, named)), place)
            if named is not None:
                value.description = _NO_TEXT  # it is the model's
            return value
        if "allOf" in data or "$ref" in data:
            value = self._merged(place, name)
        elif "oneOf" in data or "anyOf" in data:
            value = self._alternatives(place, name)
        else:
            value = self._simple(place, name)
        return self._with_facets(value, place)

    def _check_keys(self, place: Place) -> None:
        if place.data.keys() <= _KNOWN:
            return
        for key in place.data:
            if key in _KNOWN or key.startswith(("x-", "_")) or key == self._nullable_key:
                continue
            if key in _BEYOND:
                place.warning(
                    f"{key}: {_BEYOND[key]} cannot be expressed; they are passed over", key
                )
            else:
                near = did_you_mean(key, _USED)
                place.warning(
                    f"{quoted(key)} is not a key of a schema{near}; it is passed over", key
                )

    def _with_facets(self, value: Value, place: Place) -> Value:
        data = place.data
        if "description" in data:
            value.description = place.prose("description")
        if "default" in data and data["default"] is not None:
            value.default = self._default(place, value)
        if (
            "minimum" in data
            or "maximum" in data
            or "exclusiveMinimum" in data
            or "exclusiveMaximum" in data
        ):
            value.minimum = _bound(place, "minimum", "exclusiveMinimum", 1, value)
            value.maximum = _bound(place, "maximum", "exclusiveMaximum", -1, value)
        if "pattern" in data and value.type.kind == "string" and not value.type.format:
            value.pattern = DocText(portable(str(place.text("pattern"))) or "")
        if "readOnly" in data:
            value.read_only = place.flag("readOnly")
        if "writeOnly" in data:
            value.write_only = place.flag("writeOnly")
        if "deprecated" in data:
            value.deprecated = place.flag("deprecated")
        if self._nullable_key in data and place.flag(self._nullable_key):
            value.type = self.nullable(value.type)
        return value

    # Types

    def _scalar(self, kind: str, nullable: bool = False, format_: str = "") -> Type:
        key = (kind, nullable, format_)
        found = self._scalars.get(key)
        if found is None:
            found = self._scalars[key] = Type(kind, nullable=nullable, format=format_)
        return found

    def nullable(self, type_: Type) -> Type:
        """Return the type whose values may also be null."""
        return type_ if type_.nullable else replace(type_, nullable=True)

    def _kinds(self, place: Place) -> tuple[list[str], bool]:
        """Return the type or types that a schema states, and whether null is among them."""
        said = place.data.get("type")
        if said is None:
            return [], False
        kinds = said if isinstance(said, list) else [said]
        found = []
        null = False
        for index, kind in enumerate(kinds):
            keys = ("type", index) if isinstance(said, list) else ("type",)
            if not isinstance(kind, str):
                place.error(f"a type must be a text, not {quoted(kind)}", *keys)
            elif kind == "null":
                null = True
            elif kind in (*_SCALARS, "array", "object", "file"):
                if kind not in found:
                    found.append(kind)
            elif kind == "any":
                place.warning('"any" is not a type; a schema for any value says none', *keys)
            else:
                near = did_you_mean(kind, (*_SCALARS, "array", "object"))
                place.error(f"{quoted(kind)} is not a type{near}", *keys)
        if null and not found and not isinstance(said, list):
            return [], True
        return found, null

    def _simple(self, place: Place, name: tuple[str, ...]) -> Value:
        """Return the value of a schema without allOf, oneOf, anyOf and properties."""
        data = place.data
        kinds, null = self._kinds(place)
        if not kinds:
            kinds = self._guessed(data)
        if len(kinds) > 1:
            if "integer" in kinds and "number" in kinds:
                kinds.remove("integer")
            values = [self._of_kind(place, kind, name) for kind in kinds]
            value = self._one_of(place, values) if len(values) > 1 else values[0]
        elif kinds:
            value = self._of_kind(place, kinds[0], name)
        else:
            value = Value(self._scalar("any"))
        if "enum" in data or "const" in data:
            null = self._enumerate(place, value) or null
        if null:
            value.type = self.nullable(value.type)
        return value

    @staticmethod
    def _guessed(data: dict[str, Any]) -> list[str]:
        """Return the type that a schema means which does not state it."""
        if "additionalProperties" in data or "required" in data or "patternProperties" in data:
            return ["object"]
        if "items" in data or "prefixItems" in data:
            return ["array"]
        values = data.get("enum")
        values = [data["const"]] if "const" in data else values if isinstance(values, list) else []
        kinds = {_kind_of(value) for value in values if value is not None}
        if len(kinds) == 1 and "" not in kinds:
            return [kinds.pop()]
        if kinds == {"integer", "number"}:
            return ["number"]
        if isinstance(data.get("format"), str) and data["format"] in (
            "date-time",
            "byte",
            "binary",
        ):
            return ["string"]
        return []

    def _of_kind(self, place: Place, kind: str, name: tuple[str, ...]) -> Value:
        data = place.data
        if kind == "string":
            return Value(self._text(place))
        if kind == "array":
            return self._list(place, name)
        if kind == "object":
            if data.get("properties") and isinstance(data["properties"], dict):
                return Value(self._model(place, name, None))
            return self._object(place, name)
        if kind == "file":
            return Value(self._scalar("binary"))
        return Value(self._scalar(kind))

    def _text(self, place: Place) -> Type:
        data = place.data
        format_ = data.get("format")
        encoding = data.get("contentEncoding")
        if format_ == "date-time":
            return self._scalar("datetime")
        if format_ == "byte" or encoding in ("base64", "base64url"):
            if encoding == "base64url":
                place.warning(
                    "base64url cannot be expressed; it is taken for a text", "contentEncoding"
                )
                return self._scalar("string")
            return self._scalar("string", format_="base64")
        if encoding is not None:
            place.warning(
                f"the encoding {quoted(encoding)} is the program's own; the value is taken for a text",
                "contentEncoding",
            )
        if format_ == "binary":
            return self._scalar("binary")
        if (
            encoding is None
            and isinstance(data.get("contentMediaType"), str)
            and self._null_by_type
        ):
            media = data["contentMediaType"]
            if not media.startswith("text/") and "json" not in media:
                return self._scalar("binary")
        return self._scalar("string")

    def _list(self, place: Place, name: tuple[str, ...]) -> Value:
        items = place.data.get("items")
        if "prefixItems" in place.data or isinstance(items, list):
            key = "prefixItems" if "prefixItems" in place.data else "items"
            place.warning(
                "a list with a type for each place cannot be expressed; its items are taken for any",
                key,
            )
            return Value(Type("list", item=self._scalar("any")))
        if items is None or items is True or items == {}:
            return Value(Type("list", item=self._scalar("any")))
        item = self.value(self._below(place, "items"), (*name, "Item"))
        value = Value(Type("list", item=item.type), item.choices)
        if item.type.kind == "list" and item.choices:
            value.choices = ()
        return value

    def _object(self, place: Place, name: tuple[str, ...]) -> Value:
        data = place.data
        for key in ("additionalProperties", "patternProperties"):
            found = data.get(key)
            if key == "patternProperties" and isinstance(found, dict) and len(found) == 1:
                below = self._below(place, key, next(iter(found)))
            elif key == "additionalProperties" and isinstance(found, dict) and found:
                below = self._below(place, key)
            else:
                if (
                    key == "additionalProperties"
                    and found is not None
                    and not isinstance(found, (dict, bool))
                ):
                    place.error("additionalProperties must be a schema, true or false", key)
                continue
            item = self.value(below, (*name, "Value"))
            if _is_anything(item.type):
                break
            return Value(Type("map", item=item.type))
        return Value(self._scalar("object"))

    def _below(self, place: Place, *keys: str | int) -> Place:
        data: Any = place.data
        for key in keys:
            data = data[key]
        return self._place_class(place.document, step(place.pointer, *keys), data, self._problems)

    # Allowed values and defaults

    def _enumerate(self, place: Place, value: Value) -> bool:
        """Put the values that a schema lists into ``value``; return whether null is among them."""
        data = place.data
        values = [data["const"]] if "const" in data else data["enum"]
        key = "const" if "const" in data else "enum"
        if not isinstance(values, list):
            place.error("enum must be the list of allowed values", key)
            return False
        kind = value.type.kind
        null = any(one is None for one in values)
        if kind not in (*_SCALARS, "datetime", "any"):
            if kind != "object":
                place.warning(
                    f"values of this kind ({kind}) are not checked; the list is passed over", key
                )
            return null
        choices: list[Any] = []
        for index, one in enumerate(values):
            if one is None:
                continue
            keys = (key, index) if key == "enum" else (key,)
            found = self.scalar(place, one, kind, keys)
            if found is not None and not any(
                found is c or (found == c and type(found) is type(c)) for c in choices
            ):
                choices.append(found)
        if kind == "any":
            # Of values of several kinds only their list says what they are.
            return null
        if kind == "datetime":
            value.type = self._scalar("string", value.type.nullable)
        value.choices = tuple(choices)
        return null

    def scalar(self, place: Place, value: Any, kind: str, keys: tuple[str | int, ...]) -> Any:
        """Return ``value`` as one of ``kind``: documents write numbers and booleans as texts."""
        if isinstance(value, float) and value - value != 0:
            place.warning("the number is too large; it is passed over", *keys)
            return None
        if kind in ("string", "datetime"):
            if isinstance(value, str):
                return place.doc(value, *keys)
            if isinstance(value, bool):
                return DocText("true" if value else "false")
            if isinstance(value, (int, float)):
                return DocText(value)
        elif kind == "boolean":
            if isinstance(value, bool):
                return value
            if isinstance(value, str) and value.lower() in ("true", "false"):
                return value.lower() == "true"
        elif kind in ("integer", "number"):
            found = value
            if isinstance(value, str) and len(value) <= 30:
                try:
                    found = int(value)
                except ValueError:
                    try:
                        found = float(value)
                    except ValueError:
                        found = None
            if isinstance(found, float) and found - found == 0:
                if kind == "number":
                    return found
                if found.is_integer():
                    return int(found)
            elif isinstance(found, int) and not isinstance(found, bool):
                return found
        elif kind == "any":
            if isinstance(value, str):
                return place.doc(value, *keys)
            if isinstance(value, (bool, int, float)):
                return value
        place.warning(f"{quoted(value)} is not of the type {kind}; it is passed over", *keys)
        return None

    def _default(self, place: Place, value: Value) -> Any:
        default = place.data["default"]
        kind = value.type.kind
        if kind in ("map", "model", "object", "binary", "void") or isinstance(default, dict):
            return None
        if kind == "list":
            if isinstance(default, list):
                return None
            kind = value.type.item.kind if value.type.item is not None else "any"
            if kind not in (*_SCALARS, "datetime"):
                return None
        if isinstance(default, list) or (default == "" and kind != "string"):
            return None
        return self.scalar(place, default, kind, ("default",))

    # One of several

    def _alternatives(self, place: Place, name: tuple[str, ...]) -> Value:
        """Return the value of a schema with oneOf or anyOf and without properties."""
        data = place.data
        values: list[Value] = []
        places: list[Place] = []
        null = False
        for key in ("oneOf", "anyOf"):
            entries = data.get(key)
            if entries is None:
                continue
            if not isinstance(entries, list):
                place.error(f"{key} must be a list of schemas", key)
                continue
            for index, entry in enumerate(entries):
                if isinstance(entry, dict) and entry.get("type") == "null":
                    null = True
                    continue
                if isinstance(entry, dict) and entry and not entry.keys() & (STRUCTURE | {"$ref"}):
                    continue  # only a condition, such as which properties are required together
                below = self._below(place, key, index)
                suffix = f"Option{len(values) + 1}" if len(entries) > 1 else ""
                values.append(self.value(below, (*name, suffix)))
                places.append(below)
        kinds, said_null = self._kinds(place)
        if not values or (kinds and all(_is_anything(value.type) for value in values)):
            value = self._simple(place, name)
        else:
            value = self._one_of(place, values, places)
        if null or said_null:
            value.type = self.nullable(value.type)
        return value

    def _one_of(
        self, place: Place, values: list[Value], places: list[Place] | None = None
    ) -> Value:
        """Return the value that is one of several."""
        if len(values) == 1:
            return values[0].copy()
        null = any(value.type.nullable for value in values)
        types: list[Type] = []
        choices: list[Any] = []
        listed = True
        seen: set[Type] = set()
        for value in values:
            listed = listed and bool(value.choices)
            choices += [c for c in value.choices if c not in choices]
            inner = value.type.one_of
            flat = (
                inner.types if inner is not None and inner.discriminator is None else (value.type,)
            )
            for type_ in flat:
                plain = replace(type_, nullable=False) if type_.nullable else type_
                if plain not in seen:
                    seen.add(plain)
                    types.append(plain)
        if any(map(_is_anything, types)):
            return Value(self._scalar("any", null))
        kinds = [type_.kind for type_ in types]
        if "integer" in kinds and "number" in kinds:
            types = [type_ for type_ in types if type_.kind != "integer"]
        if len(types) == 1:
            result = Value(replace(types[0], nullable=null), tuple(choices) if listed else ())
            return result
        discriminator, mapping = self._discriminator(place, places)
        one_of = OneOf(tuple(types), discriminator, mapping)
        made = Type("any", nullable=null, one_of=one_of)
        if _weight(made) > _MAX_WEIGHT:
            place.warning("the type has too many parts; it is taken for any")
            made = self._scalar("any", null)
        return Value(made)

    def _discriminator(
        self, place: Place, places: list[Place] | None
    ) -> tuple[DocText | None, tuple[DiscriminatorValue, ...]]:
        said = place.data.get("discriminator")
        if said is None or places is None:
            return None, ()
        return self._discriminator_name(place), self._mapping(place)

    @staticmethod
    def _discriminator_name(place: Place) -> DocText | None:
        said = place.data["discriminator"]
        name = said.get("propertyName") if isinstance(said, dict) else said
        if not isinstance(name, str):
            place.error("discriminator must name a property (propertyName)", "discriminator")
            return None
        return place.doc(name, "discriminator")

    def _mapping(self, place: Place) -> tuple[DiscriminatorValue, ...]:
        return tuple(
            DiscriminatorValue(place.doc(value, "discriminator", "mapping"), model)
            for value, model in self._mapped(place)
            if model != value
        )

    def _mapped(self, place: Place) -> list[tuple[str, DocText]]:
        """Return the values of a discriminator's mapping, each with its model."""
        said = place.data.get("discriminator")
        mapping = said.get("mapping") if isinstance(said, dict) else None
        if mapping is None:
            return []
        if not isinstance(mapping, dict):
            place.error("mapping must be an object", "discriminator", "mapping")
            return []
        found = []
        for value, target in mapping.items():
            below = self._place_class(
                place.document,
                step(place.pointer, "discriminator", "mapping", value),
                {},
                self._problems,
            )
            if not isinstance(target, str):
                below.error("this must name a schema")
                continue
            # A name of a schema, or a reference to one.
            plain = (
                "/" not in target
                and "#" not in target
                and not target.endswith((".json", ".yaml", ".yml"))
            )
            below.data = {"$ref": f"#{self._named_below}/{target}" if plain else target}
            schema = self._references.follow(below)
            if schema is None:
                continue
            type_ = self._of_target(schema, below).type
            if type_.kind != "model" or type_.name is None:
                below.warning("this schema is no object with properties; the value is passed over")
                continue
            found.append((value, type_.name))
        return found

    def one_of(self, place: Place, types: list[Type]) -> Type:
        """Return the type of values that have one of ``types``."""
        return self._one_of(place, [Value(type_) for type_ in types]).type

    def is_object(self, place: Place) -> bool:
        """Whether the schema at ``place`` is an object with properties."""
        return self._objects.is_object(place)

    def members(self, place: Place, name: tuple[str, ...]) -> Members:
        """Return all properties of an object's schema."""
        return self._objects.members(place, name)

    # Several in one

    def _merged(self, place: Place, name: tuple[str, ...]) -> Value:
        """Return the value of a schema with allOf that is no model."""
        values: list[Value] = []
        for part in self._objects.parts(place):
            at = part.place
            if part.is_reference:
                if part.target is not None:
                    values.append(self._of_target(part.target, at))
                continue
            rest = {k: v for k, v in at.data.items() if k not in ("allOf", "$ref")}
            if not rest.keys() & STRUCTURE:
                if at is not place:
                    values.append(self._with_facets(Value(self._scalar("any")), at))
                continue
            own = self._place_class(at.document, at.pointer, rest, self._problems)
            if "oneOf" in rest or "anyOf" in rest:
                values.append(self._with_facets(self._alternatives(own, name), own))
            else:
                values.append(self._with_facets(self._simple(own, name), own))
        telling = [value for value in values if not _is_anything(value.type)]
        if any(value.type.kind in ("any", "map", "model") for value in telling):
            # That it is an object says less than the others do.
            telling = [value for value in telling if value.type.kind != "object"]
        result = (telling or values or [Value(self._scalar("any"))])[0].copy()
        for value in values:
            if value.choices and not result.choices and value.type.kind == result.type.kind:
                result.choices = value.choices
            result.description = result.description or value.description
            if result.default is None:
                result.default = value.default
            if result.minimum is None:
                result.minimum = value.minimum
            if result.maximum is None:
                result.maximum = value.maximum
            result.pattern = result.pattern or value.pattern
            result.read_only = result.read_only or value.read_only
            result.write_only = result.write_only or value.write_only
            result.deprecated = result.deprecated or value.deprecated
        if any(replace(v.type, nullable=result.type.nullable) != result.type for v in telling):
            if {v.type.kind for v in telling} <= {"object", "map", "model"}:
                result = Value(self._scalar("object", result.type.nullable))
            place.warning(
                "a value that fits several such schemas at once cannot be expressed; "
                f"it is taken for {result.type.kind}",
                "allOf",
            )
        return result

    # Models

    def _wrapped(self, place: Place) -> Value | None:
        """Return the value of the one schema that an unnamed ``allOf`` only wraps."""
        parts = self._objects.parts(place)
        telling = [part for part in parts if part.is_reference or self._contributes(part.place)]
        if len(telling) != 1 or telling[0].target is None:
            return None
        value = self._of_target(telling[0].target, telling[0].place).copy()
        for part in parts:
            if not part.is_reference and part.place is not place:
                self._with_facets(value, part.place)
        return value

    @staticmethod
    def _contributes(place: Place) -> bool:
        return bool(
            place.data.keys()
            & {"properties", "required", "additionalProperties", "discriminator", "oneOf", "anyOf"}
        )

    def _model(self, place: Place, name: tuple[str, ...], named: DocText | None) -> Type:
        key = key_of(place)
        if named is None:
            named = self._names.get(key)
            if named is None:
                named = self._names[key] = place.doc(self._free(_joined(name) or "Value"))
        if named not in self._places:
            self._places[named] = place
            self._waiting.append(named)
        said = place.data.get("type")
        null = isinstance(said, list) and "null" in said
        return Type("model", name=named, nullable=null)

    def _free(self, name: str) -> str:
        candidate = name
        number = 2
        while candidate in self._taken:
            candidate = f"{name}{number}"
            number += 1
        self._taken.add(candidate)
        return candidate

    def _build(self) -> None:
        """Make the models that were met; making one may meet others."""
        while self._waiting:
            # In the order in which they were met.
            waiting, self._waiting = self._waiting, []
            for name in waiting:
                self._made[name] = self._build_one(name, self._places[name])

    def _build_one(self, name: str, place: Place) -> Model:
        members = self._objects.members(place, (name,), whole=False)
        base = None
        inherited: dict[str, bool] = {}
        if members.base is not None:
            type_ = self._of_target(members.base, members.base).type
            if type_.kind == "model" and type_.name is not None and type_.name != name:
                base = type_.name
                self._bases[name] = base
            above = self._objects.members(members.base, (str(base),))
            inherited = dict.fromkeys(above.places, False)
            for other in above.required:
                inherited[other] = True
            for other in sorted(members.required - members.places.keys()):
                if other in above.places and other not in above.required:
                    # The same property, which is required here.
                    members.places[other] = above.places[other]
                    members.owners[other] = above.owners[other]
        properties = []
        for member, below in members.places.items():
            if not member.strip():
                below.warning("a property without a name is passed over")
                continue
            value = self.value(below, (*members.owners[member], member))
            properties.append(
                Property(
                    below.doc(member),
                    self.in_json(value.type),
                    member in members.required or inherited.get(member, False),
                    value.description,
                    value.choices,
                    value.read_only,
                    value.write_only,
                    value.deprecated,
                )
            )
        for other in sorted(members.required - members.places.keys() - inherited.keys()):
            place.warning(
                f"required names the property {quoted(other)}, which the schema does not have",
                "required",
            )
        discriminator = None
        if members.discriminator is not None:
            discriminator = self._discriminator_name(members.discriminator)
            self._discriminators[name] = members.discriminator
        description = place.prose("description")
        return Model(
            name=DocText(name),
            description=description,
            properties=tuple(properties),
            base=base,
            discriminator=discriminator,
        )

    def in_json(self, type_: Type) -> Type:
        """Return the type as a part of JSON, which holds no bytes."""
        if type_.kind == "binary":
            return self._scalar("string", type_.nullable)
        if type_.item is not None and type_.item.kind in ("binary", "list", "map"):
            return replace(type_, item=self.in_json(type_.item))
        return type_

    def _link_mappings(self) -> None:
        """Put the discriminators' mappings into the models, now that all have their names."""
        for name in list(self._made):  # grows meanwhile, with models that a mapping alone names
            place = self._discriminators.get(name)
            if place is None:
                continue
            mapping = self._mapping(place)
            self._build()
            if mapping:
                self._made[name] = replace(self._made[name], mapping=mapping)

    def _type_name(self, target: Place, part: Place) -> str:
        return str(self._of_target(target, part).type.name or "")


def _joined(name: Iterable[str]) -> str:
    """Return the name of a model that has none: the names of its place, one after the other."""
    parts = [part for part in name if part and any(c.isalnum() for c in part)]
    if not parts:
        return ""
    first, *rest = parts
    head = first if first.isidentifier() else pascal(first)
    return (head[0].upper() + head[1:] + "".join(map(pascal, rest)))[:100]


def _is_anything(type_: Type) -> bool:
    return type_.kind == "any" and type_.one_of is None


def _weight(type_: Type) -> int:
    """How many types a type is written with."""
    total = 1
    if type_.item is not None:
        total += _weight(type_.item)
    if type_.one_of is not None:
        total += sum(map(_weight, type_.one_of.types))
    return total


def _kind_of(value: Any) -> str:
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int):
        return "integer"
    if isinstance(value, float):
        return "number"
    return "string" if isinstance(value, str) else ""


def _bound(place: Place, key: str, exclusive: str, next_: int, value: Value) -> float | None:
    """Return a bound of numbers: the one that may be reached."""
    bound = place.data.get(key)
    beyond = place.data.get(exclusive)
    if isinstance(beyond, (int, float)) and not isinstance(beyond, bool):
        # From 3.1 on a bound of its own; of whole numbers the next one is the bound.
        if value.type.kind == "integer" and (bound is None or _finite(beyond)):
            return int(beyond) + next_ if _finite(beyond) else None
        return None if bound is None else _number(place, bound, key)
    if bound is None:
        return None
    number = _number(place, bound, key)
    if number is not None and beyond is True:
        return int(number) + next_ if value.type.kind == "integer" else None
    return number


def _finite(value: float) -> bool:
    return value - value == 0


def _number(place: Place, value: Any, key: str) -> float | None:
    if isinstance(value, str):
        with contextlib.suppress(ValueError):
            value = float(value)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        place.error(f"the {key} must be a number, not {quoted(value)}", key)
        return None
    return value if _finite(value) else None
