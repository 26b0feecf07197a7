"""What an object's schema is made of: its own properties, those of its parts, its base.

``allOf`` joins schemas into one.  One that it refers to may be the base of a model, and all others are
merged into it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..problems import quoted, step

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..problems import Problems
    from .place import Place
    from .references import References

#: How deep schemas may lie within each other, and how long a chain of bases may be.
MAX_DEPTH = 48

#: The keys that say what a value is.
STRUCTURE = frozenset(
    """
    type properties items allOf oneOf anyOf enum const additionalProperties prefixItems
    patternProperties discriminator
    """.split()
)


class Members:
    """The properties of an object: of one schema, or of all that it is made of."""

    def __init__(self) -> None:
        self.places: dict[str, Place] = {}
        self.owners: dict[str, tuple[str, ...]] = {}
        self.required: set[str] = set()
        self.base: Place | None = None
        self.discriminator: Place | None = None
        #: Where an object may have further members of a stated type.
        self.open = False
        #: Where its properties are those of one of several schemas.
        self.alternatives = False


class Part:
    """A part of a schema: one that it refers to (``target``, None where that leads nowhere), or inline."""

    __slots__ = ("is_reference", "place", "target")

    def __init__(self, place: Place, *target: Place | None) -> None:
        self.place = place
        self.is_reference = bool(target)
        self.target = target[0] if target else None
        if self.target is not None and not isinstance(self.target.data, dict):
            self.target = None


class Objects:
    """The schemas of one description, as far as they are objects."""

    def __init__(
        self,
        references: References,
        problems: Problems,
        place_class: type[Place],
        *,
        siblings: bool,
        name_of: Callable[[Place, Place], str],
    ) -> None:
        """``siblings``: a schema beside a $ref counts.  ``name_of`` gives the name of the model at a
        place, to which another refers.
        """
        self._references = references
        self._problems = problems
        self._place_class = place_class
        self._siblings = siblings
        self._name_of = name_of
        self._is_object: dict[tuple[int, str], bool] = {}
        self._has_discriminator: dict[tuple[int, str], bool] = {}

    def parts(self, place: Place) -> list[Part]:
        """Return what a schema is made of: what it refers to, inline schemas, and last itself."""
        found: list[Part] = []
        self._gather(place, found, 0)
        return found

    def _gather(self, place: Place, found: list[Part], depth: int) -> None:
        data = place.data
        if "$ref" in data:
            found.append(Part(place, self._references.follow(place)))
        entries = data.get("allOf", [])
        if not isinstance(entries, list):
            place.error("allOf must be a list of schemas", "allOf")
            entries = []
        for index in range(len(entries)):
            part = self._below(place, "allOf", index)
            if not isinstance(part.data, dict):
                if part.data is not True:
                    part.error("a schema must be an object")
                continue
            if "$ref" in part.data:
                more = self._siblings and len(part.data) > 1
            else:
                more = "allOf" in part.data
            if more and depth < MAX_DEPTH:
                self._gather(part, found, depth + 1)
            elif "$ref" in part.data:
                found.append(Part(part, self._references.follow(part)))
            else:
                found.append(Part(part))
        found.append(Part(place))

    def is_object(self, place: Place) -> bool:
        """Whether the schema at ``place`` is an object with properties of its own or of its parts."""
        key = key_of(place)
        known = self._is_object.get(key)
        if known is None:
            self._is_object[key] = False  # for what refers to itself meanwhile
            known = self._is_object[key] = self._has_properties(place, 0)
        return known

    def _has_properties(self, place: Place, depth: int) -> bool:
        data = place.data
        if not isinstance(data, dict):
            return False
        said = data.get("type")
        kinds = [said] if isinstance(said, str) else said if isinstance(said, list) else []
        if any(kind != "object" and kind != "null" for kind in kinds):
            return False
        properties = data.get("properties")
        if properties:
            if not isinstance(properties, dict):
                place.error("properties must be an object", "properties")
                return False
            return True
        if "discriminator" in data and not ("oneOf" in data or "anyOf" in data):
            return True
        entries = data.get("allOf", [])
        if isinstance(entries, list) and depth < MAX_DEPTH:
            for index, entry in enumerate(entries):
                if isinstance(entry, dict) and self._part_has_properties(
                    self._below(place, "allOf", index), depth
                ):
                    return True
        if "$ref" in data and self._siblings and depth < MAX_DEPTH:
            target = self._references.follow(place)
            return target is not None and target is not place and self.is_object(target)
        return False

    def _part_has_properties(self, part: Place, depth: int) -> bool:
        if "$ref" in part.data:
            target = self._references.follow(part)
            return target is not None and isinstance(target.data, dict) and self.is_object(target)
        return self._has_properties(part, depth + 1)

    def members(self, place: Place, name: tuple[str, ...], whole: bool = True) -> Members:
        """Return the properties of a schema: all of them, or, with its base, those besides the base's."""
        found = Members()
        self._collect(place, name, found, whole, {key_of(place)})
        return found

    def _collect(
        self,
        place: Place,
        name: tuple[str, ...],
        found: Members,
        whole: bool,
        seen: set[tuple[int, str]],
    ) -> None:
        parts = self.parts(place)
        base = None if whole else self._base(parts)
        for part in parts:
            if not part.is_reference:
                self._take(part.place, name, found)
                continue
            target = part.target
            if part is base:
                found.base = target
                continue
            if target is None or key_of(target) in seen:
                continue
            seen.add(key_of(target))
            if self.is_object(target):
                self._collect(target, (self._name_of(target, part.place),), found, True, seen)
            else:
                self._merge_in(part.place, target, found)

    def _merge_in(self, part: Place, target: Place, found: Members) -> None:
        """Take a part that has no properties: a map makes the object an open one."""
        data = target.data
        additional = data.get("additionalProperties")
        if isinstance(additional, dict) and additional:
            found.open = True
        elif ("oneOf" in data or "anyOf" in data) and not self._is_condition(target):
            found.alternatives = True
            part.warning(
                "one of several schemas as a part of another cannot be expressed; "
                "its properties are read without their types"
            )

    def _properties(self, place: Place) -> Place | None:
        """Return the object of a schema's properties; some documents have a reference to it."""
        said = place.data.get("properties")
        if said is None:
            return None
        if not isinstance(said, dict):
            place.error("properties must be an object", "properties")
            return None
        below = self._below(place, "properties")
        if isinstance(said.get("$ref"), str):
            found = self._references.follow(below)
            return found if found is not None and isinstance(found.data, dict) else None
        return below

    def _take(self, part: Place, name: tuple[str, ...], found: Members) -> None:
        """Take what a schema itself says of properties."""
        data = part.data
        properties = self._properties(part)
        if properties is not None:
            for key, schema in properties.data.items():
                found.places[key] = self._place_class(
                    properties.document, step(properties.pointer, key), schema, self._problems
                )
                found.owners[key] = name
        required = data.get("required")
        if isinstance(required, list):
            for index, key in enumerate(required):
                if isinstance(key, str):
                    found.required.add(key)
                else:
                    part.error(
                        f"required must name properties, not {quoted(key)}", "required", index
                    )
        elif required is not None:
            cause = "required must be a list of names of properties"
            if isinstance(required, bool):
                part.warning(f"{cause}; it is passed over", "required")
            else:
                part.error(cause, "required")
        additional = data.get("additionalProperties")
        if isinstance(additional, dict) and additional:
            found.open = True
        if "discriminator" in data and found.discriminator is None:
            found.discriminator = part
        if ("oneOf" in data or "anyOf" in data) and not self._is_condition(part):
            self._take_alternatives(part, name, found)

    def _take_alternatives(self, part: Place, name: tuple[str, ...], found: Members) -> None:
        """Take the properties of a schema's alternatives, which it has beside its own: all optional."""
        found.alternatives = True
        if self._names_subtypes(part):
            return
        warned = False
        for key in ("oneOf", "anyOf"):
            entries = part.data.get(key)
            if not isinstance(entries, list):
                if entries is not None:
                    part.error(f"{key} must be a list of schemas", key)
                continue
            for index, entry in enumerate(entries):
                if not isinstance(entry, dict):
                    continue
                target = self._references.follow(self._below(part, key, index))
                if (
                    target is None
                    or not isinstance(target.data, dict)
                    or not self.is_object(target)
                ):
                    continue
                inner = Members()
                at = (*name, f"Option{index + 1}")
                if "$ref" in entry:
                    at = (self._name_of(target, target),)
                self._collect(target, at, inner, True, {key_of(target), key_of(part)})
                for member, below in inner.places.items():
                    if member not in found.places:
                        found.places[member] = below
                        found.owners[member] = inner.owners[member]
                        warned = True
        if warned:
            part.warning(
                "properties beside one of several schemas: those of all of them are read, and none is required"
            )

    def _names_subtypes(self, part: Place) -> bool:
        """Whether the alternatives are models that are made of this one: its subtypes."""
        if "discriminator" not in part.data:
            return False
        for key in ("oneOf", "anyOf"):
            for index, entry in enumerate(part.data.get(key) or []):
                if not isinstance(entry, dict) or "$ref" not in entry:
                    return False
                target = self._references.follow(self._below(part, key, index))
                if target is None or not isinstance(target.data, dict):
                    return False
                if not any(
                    one.target is not None and key_of(one.target) == key_of(part)
                    for one in self.parts(target)
                ):
                    return False
        return True

    @staticmethod
    def _is_condition(place: Place) -> bool:
        """Whether oneOf or anyOf only say which properties are required together."""
        for key in ("oneOf", "anyOf"):
            for entry in place.data.get(key) or []:
                if not isinstance(entry, dict) or entry.keys() & (STRUCTURE | {"$ref"}):
                    return False
        return True

    def _base(self, parts: list[Part]) -> Part | None:
        """Return the part that is the model's base: the only one, or the one with a discriminator."""
        found = [part for part in parts if part.target is not None and self.is_object(part.target)]
        if len({key_of(part.target) for part in found if part.target is not None}) > 1:
            found = [part for part in found if self._discriminated(part.target)]
        return found[0] if len(found) == 1 else None

    def _discriminated(self, place: Place | None) -> bool:
        """Whether a model, or one that it is made of, has a discriminator."""
        if place is None:
            return False
        key = key_of(place)
        if key not in self._has_discriminator:
            self._has_discriminator[key] = False  # for what refers to itself meanwhile
            self._has_discriminator[key] = any(
                self._discriminated(part.target)
                if part.is_reference
                else "discriminator" in part.place.data
                for part in self.parts(place)
            )
        return self._has_discriminator[key]

    def _below(self, place: Place, *keys: str | int) -> Place:
        data: Any = place.data
        for key in keys:
            data = data[key]
        return self._place_class(place.document, step(place.pointer, *keys), data, self._problems)


def key_of(place: Place) -> tuple[int, str]:
    """Return what tells one place from another."""
    return (id(place.document), place.pointer)
