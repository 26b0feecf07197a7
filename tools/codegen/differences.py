"""What changed from one description of an API to another: ``generate_library --diff``.

Two models are compared, not two texts, so that the formats of the documents may differ.  A change is

* ``breaking`` if a program that was right for the old description may fail with the new one: its library
  is generated anew, or it talks to the new server with the library of the old one;
* ``compatible`` if no such program notices: most of these are additions;
* ``documentation`` if nothing changed but what people read.

For a type that decides the direction in which it travels: a server that accepts more than before breaks
nothing, and one that answers with more does; for one that accepts or answers less it is the other way
round.  Programs are taken to name their arguments, except that required ones may be given in their order.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from .index import Index
from .problems import printable
from .values import value

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from .model import (
        Api,
        Events,
        Model,
        OneOf,
        Operation,
        Parameter,
        Property,
        Resource,
        SecurityScheme,
        Type,
    )

BREAKING = "breaking"
COMPATIBLE = "compatible"
DOCUMENTATION = "documentation"

#: The levels of changes, the gravest first.
LEVELS = (BREAKING, COMPATIBLE, DOCUMENTATION)

#: The version of the report in JSON; a change of its form raises it, a further kind of change does not.
REPORT_VERSION = 1

_HEADINGS = {
    BREAKING: "Breaking changes",
    COMPATIBLE: "Compatible changes",
    DOCUMENTATION: "Documentation",
}


@value
class Change:
    """One change.

    ``kind`` is its name for programs (``parameter-removed``), ``where`` says what changed by ``resource``,
    ``operation``, ``method`` and ``path`` or by ``model``, with ``parameter`` or ``property``; ``text`` is the
    change in words, ``old`` and ``new`` what was there before and is there now, where that is short.
    """

    level: str
    kind: str
    where: Mapping[str, str]
    text: str
    old: Any = None
    new: Any = None

    @property
    def place(self) -> str:
        """Where it is, in words."""
        where = self.where
        if "operation" in where:
            return f"{self.name} ({where['method']} {where['path']})"
        return self.name

    @property
    def name(self) -> str:
        """The same in short."""
        where = self.where
        if "operation" in where:
            return f"{where['resource']}.{where['operation']}"
        return f"model {where['model']}" if "model" in where else "the API"


def compare(old: Api, new: Api) -> list[Change]:
    """Return all changes from ``old`` to ``new``, the gravest first."""
    comparison = _Comparison(old, new)
    comparison.run()
    return sorted(comparison.changes, key=lambda change: LEVELS.index(change.level))


def is_breaking(changes: Iterable[Change]) -> bool:
    """Whether a program may fail."""
    return any(change.level == BREAKING for change in changes)


def as_text(changes: Sequence[Change], levels: Sequence[str] = LEVELS) -> str:
    """Return a report for people."""
    lines: list[str] = []
    for level in levels:
        found = [change for change in changes if change.level == level]
        if not found:
            continue
        lines += [*([""] if lines else []), f"{_HEADINGS[level]}: {len(found)}"]
        groups: dict[str, list[str]] = {}
        if level == DOCUMENTATION:  # often the same of many
            for change in found:
                groups.setdefault(change.text, []).append(printable(change.name))
            groups = {text: _wrapped(names) for text, names in groups.items()}
        else:
            for change in found:
                groups.setdefault(change.place, []).append(printable(change.text))
        for heading, entries in groups.items():
            lines += ["", f"  {printable(heading)}", *(f"    {entry}" for entry in entries)]
    if not changes:
        lines.append("No changes")
    return "".join(f"{line}\n" for line in lines)


def as_json(changes: Sequence[Change], levels: Sequence[str] = LEVELS) -> str:
    """Return a report for programs."""
    counts = {level: sum(1 for c in changes if c.level == level) for level in LEVELS}
    entries = []
    for change in changes:
        if change.level in levels:
            entry = {"level": change.level, "kind": change.kind, "where": dict(change.where)}
            told = {"text": change.text, "old": change.old, "new": change.new}
            entries.append({**entry, **{k: v for k, v in told.items() if v is not None}})
    report = {"version": REPORT_VERSION, "counts": counts, "changes": entries}
    return json.dumps(report, indent=1, ensure_ascii=True) + "\n"


@value
class _Use:
    """In which directions a type travels."""

    sent: bool
    received: bool


_SENT = _Use(True, False)
_RECEIVED = _Use(False, True)


class _Comparison:
    def __init__(self, old: Api, new: Api) -> None:
        self.changes: list[Change] = []
        self._old, self._new = Index(old), Index(new)
        self._known = [{model.name for model in api.models} for api in (old, new)]
        self._uses = _uses(self._old, self._new)

    def run(self) -> None:
        old, new = self._old.api, self._new.api
        self._api(old, new)
        self._security(old.security, new.security)
        pairs, removed, added = _matched(_operations(old), _operations(new))
        for resource, operation in removed:
            self._add(
                BREAKING, "operation-removed", _place(resource, operation), "the operation is gone"
            )
        for before, after in pairs:
            self._operation(before, after)
        for resource, operation in added:
            self._add(
                COMPATIBLE, "operation-added", _place(resource, operation), "the operation is new"
            )
        self._resources(old.resources, new.resources)
        self._models()

    def _add(
        self,
        level: str,
        kind: str,
        where: Mapping[str, str],
        text: str,
        old: Any = None,
        new: Any = None,
    ) -> None:
        self.changes.append(Change(level, kind, where, text, old, new))

    # The API as a whole

    def _api(self, old: Api, new: Api) -> None:
        if old.version != new.version:
            versions = (
                f"its version was {old.version or 'not told'}, and is {new.version or 'not told'}"
            )
            self._add(DOCUMENTATION, "api-version", {}, versions, old.version, new.version)
        if old.client.url != new.client.url:
            text = f"its usual address was {old.client.url}, and is {new.client.url}"
            self._add(DOCUMENTATION, "api-address", {}, text, old.client.url, new.client.url)
        self._events(old.events, new.events)

    def _events(self, old: Events | None, new: Events | None) -> None:
        if old is None and new is not None:
            text = f"there are events now, in {new.model}"
            self._add(COMPATIBLE, "events-added", {}, text, new=new.model)
        elif old is not None and new is None:
            self._add(BREAKING, "events-removed", {}, "there are no events any more", old=old.model)
        elif old is not None and new is not None and old.model != new.model:
            text = f"events were of the model {old.model}, and are of {new.model}"
            self._add(BREAKING, "events-model", {}, text, old.model, new.model)

    def _security(self, old: Sequence[SecurityScheme], new: Sequence[SecurityScheme]) -> None:
        before, after = ({scheme.name: scheme for scheme in schemes} for schemes in (old, new))
        for name, scheme in before.items():
            other = after.get(name)
            if other is None:
                # Where the documents say nothing, user name and password are taken.
                told = BREAKING if after or scheme.kind != "basic" else COMPATIBLE
                text = f"one cannot log in by {name} ({scheme.kind}) any more"
                self._add(told, "security-removed", {}, text, old=name)
            elif _told(scheme) != _told(other):
                text = f"how one logs in by {name} is not as it was"
                self._add(BREAKING, "security-changed", {}, text, _told(scheme), _told(other))
        silent = not old and not any(scheme.kind == "basic" for scheme in new)
        for name, scheme in after.items():
            if name not in before:
                text = f"one can log in by {name} ({scheme.kind})"
                self._add(BREAKING if silent else COMPATIBLE, "security-added", {}, text, new=name)

    def _resources(self, old: Sequence[Resource], new: Sequence[Resource]) -> None:
        before = {resource.name: resource for resource in old}
        for resource in new:
            other = before.get(resource.name)
            if other is not None and other.description != resource.description:
                text = f"the resource {resource.name} is described otherwise"
                self._add(DOCUMENTATION, "resource-description", {}, text)

    # Operations

    def _operation(
        self, before: tuple[Resource, Operation], after: tuple[Resource, Operation]
    ) -> None:
        (_, old), (_, new) = before, after
        where = _place(*before)
        was, now = (f"{r.name}.{op.name}" for r, op in (before, after))
        if was != now:
            text = f"the operation is called {now} now"
            self._add(BREAKING, "operation-renamed", where, text, was, now)
        if old.method != new.method:
            text = f"its method was {old.method}, and is {new.method}"
            self._add(BREAKING, "operation-method", where, text, old.method, new.method)
        if _bare(old.path) != _bare(new.path):
            text = f"its path was {old.path}, and is {new.path}"
            self._add(BREAKING, "operation-path", where, text, old.path, new.path)
        if old.websocket != new.websocket:
            text = "it opens a WebSocket now" if new.websocket else "it opens no WebSocket any more"
            self._add(BREAKING, "operation-websocket", where, text)
        self._parameters(where, old, new)
        self._body(where, old, new)
        self._result(where, old, new)
        self._errors(where, old, new)
        self._deprecated(where, "the operation", old.deprecated, new.deprecated)
        for kind, text, differs in (
            ("summary", "its summary reads otherwise", old.summary != new.summary),
            ("notes", "its notes read otherwise", old.notes != new.notes),
            ("versions", "the versions that have it are others", old.since != new.since),
        ):
            if differs:
                self._add(DOCUMENTATION, f"operation-{kind}", where, text)

    def _parameters(self, where: Mapping[str, str], old: Operation, new: Operation) -> None:
        pairs, removed, added = _matched_parameters(old, new)
        for parameter in removed:
            place = {**where, "parameter": str(parameter.name)}
            self._add(BREAKING, "parameter-removed", place, f"{_named(parameter)} is gone")
        order = []
        for before, after in pairs:
            self._parameter(where, old, new, before, after)
            if before.required and after.required:
                order.append((before, after))
        for parameter in added:
            place = {**where, "parameter": str(parameter.name)}
            if parameter.required:
                text = f"{_named(parameter)} is new, and required"
                self._add(BREAKING, "parameter-added", place, text)
            else:
                self._add(COMPATIBLE, "parameter-added", place, f"{_named(parameter)} is new")
        was = sorted(order, key=lambda pair: _rank(old, pair[0]))
        now = sorted(order, key=lambda pair: _rank(new, pair[1]))
        if was != now:
            names = [str(after.name) for _, after in was], [str(after.name) for _, after in now]
            text = f"the order of what is required is {', '.join(names[1])} now"
            self._add(BREAKING, "parameter-order", where, text, *names)

    def _parameter(
        self,
        operation: Mapping[str, str],
        old_operation: Operation,
        new_operation: Operation,
        old: Parameter,
        new: Parameter,
    ) -> None:
        where = {**operation, "parameter": str(old.name)}
        name = _named(old)
        if old.name != new.name:
            text = f"{name} is called {new.name} now"
            self._add(BREAKING, "parameter-renamed", where, text, old.name, new.name)
        if old.location != new.location:
            text = f"{name} travels in the {_PLACES[new.location]} now"
            self._add(BREAKING, "parameter-moved", where, text, old.location, new.location)
        if new.required and not old.required:
            self._add(BREAKING, "parameter-required", where, f"{name} is required now")
        elif old.required and not new.required:
            self._add(COMPATIBLE, "parameter-optional", where, f"{name} is not required any more")
        if old.type != new.type:
            fits = self._fits(old.type, new.type) or _repeatable(old.type, new, new_operation)
            self._type(
                COMPATIBLE if fits else BREAKING, "parameter", where, name, old.type, new.type
            )
        elif self._style(self._old.api, old_operation, old) != self._style(
            self._new.api, new_operation, new
        ):
            text = f"several values of {name} travel otherwise"
            self._add(BREAKING, "parameter-style", where, text, old.style, new.style)
        self._choices("parameter", where, name, old.choices, new.choices, _SENT)
        self._bounds(where, name, old, new)
        if old.pattern != new.pattern:
            was, now = (p.pattern or "free" for p in (old, new))
            text = f"the form of {name} was {was}, and is {now}"
            # Which of two patterns allows more cannot be told.
            level = BREAKING if new.pattern else COMPATIBLE
            self._add(level, "parameter-pattern", where, text, old.pattern, new.pattern)
        if old.default != new.default:
            was, now = (json.dumps(d, ensure_ascii=False) for d in (old.default, new.default))
            known = old.default is not None and new.default is not None
            text = {
                (True, False): f"no default of {name} is told any more; it was {was}",
                (False, True): f"the default of {name} is told: {now}",
            }.get(
                (old.default is not None, new.default is not None),
                f"the default of {name} was {was}, and is {now}",
            )
            level = BREAKING if known else DOCUMENTATION
            self._add(level, "parameter-default", where, text, old.default, new.default)
        self._deprecated(where, name, old.deprecated, new.deprecated)
        if old.description != new.description:
            text = f"{name} is described otherwise"
            self._add(DOCUMENTATION, "parameter-description", where, text)

    @staticmethod
    def _style(api: Api, operation: Operation, parameter: Parameter) -> str:
        """Return how several values travel, where a description leaves that to a default as well."""
        if parameter.location not in ("query", "path", "header", "field"):
            return ""
        if parameter.location == "field" and operation.body not in ("form", "multipart"):
            return ""
        if parameter.style or parameter.type.kind != "list":
            return parameter.style
        return api.access.lists if parameter.location in ("query", "field") else "comma"

    def _bounds(self, where: Mapping[str, str], name: str, old: Parameter, new: Parameter) -> None:
        for what, was, now, sign in (
            ("smallest", old.minimum, new.minimum, 1),
            ("greatest", old.maximum, new.maximum, -1),
        ):
            if was == now:
                continue
            narrower = now is not None and (was is None or now * sign > was * sign)
            text = f"the {what} value of {name} was {_number(was)}, and is {_number(now)}"
            level = BREAKING if narrower else COMPATIBLE
            self._add(level, "parameter-bounds", where, text, was, now)

    def _body(self, where: Mapping[str, str], old: Operation, new: Operation) -> None:
        had, has = (
            any(p.location in ("body", "field") for p in op.parameters) for op in (old, new)
        )
        if not (had and has):
            return  # what came or went is told by its parameters
        if (old.body, old.content_type) != (new.body, new.content_type):
            was, now = (op.content_type or op.body for op in (old, new))
            text = f"its body was written as {was}, and is as {now}"
            self._add(BREAKING, "body-format", where, text, str(was), str(now))
        if old.body_required != new.body_required:
            told = "" if new.body_required else " not"
            level = BREAKING if new.body_required else COMPATIBLE
            self._add(level, "body-required", where, f"a body is{told} required now")

    def _result(self, where: Mapping[str, str], old: Operation, new: Operation) -> None:
        if old.result != new.result:
            fits = old.result.kind == "void" or self._fits(new.result, old.result)
            level = COMPATIBLE if fits else BREAKING
            self._type(level, "result", where, "the result", old.result, new.result)
        elif old.accept != new.accept:
            was, now = (op.accept or "application/json" for op in (old, new))
            text = f"the result was {was}, and is {now}"
            self._add(BREAKING, "result-format", where, text, str(was), str(now))

    def _errors(self, where: Mapping[str, str], old: Operation, new: Operation) -> None:
        before, after = ({error.code: error.reason for error in op.errors} for op in (old, new))
        for code in after.keys() - before.keys():
            text = f"the error {_status(code)} is announced"
            self._add(COMPATIBLE, "error-added", where, text, new=code)
        for code in before.keys() - after.keys():
            text = f"the error {_status(code)} is not announced any more"
            self._add(COMPATIBLE, "error-removed", where, text, old=code)
        for code in before.keys() & after.keys():
            if before[code] != after[code]:
                text = f"the error {_status(code)} is explained otherwise"
                self._add(DOCUMENTATION, "error-description", where, text)

    # Models

    def _models(self) -> None:
        before = {model.name: model for model in self._old.api.models}
        after = {model.name: model for model in self._new.api.models}
        for name in sorted({*before, *after}):
            where = {"model": str(name)}
            old, new = before.get(name), after.get(name)
            if new is None and old is not None:
                word = self._word(self._old, old)
                self._add(BREAKING, "model-removed", where, f"the {word} is gone")
            elif old is None and new is not None:
                word = self._word(self._new, new)
                self._add(COMPATIBLE, "model-added", where, f"the {word} is new")
            elif old is not None and new is not None:
                self._model(where, old, new)

    @staticmethod
    def _word(index: Index, model: Model) -> str:
        events = index.api.events
        return "event" if events is not None and events.model in index.bases(model) else "model"

    def _model(self, where: Mapping[str, str], old: Model, new: Model) -> None:
        if old.base != new.base:
            kept = old.base is None or str(old.base) in self._new.bases(new)
            text = (
                f"it is not based on {old.base} any more"
                if new.base is None
                else f"it is based on {new.base} now"
            )
            level = COMPATIBLE if kept else BREAKING
            self._add(level, "model-base", where, text, old.base, new.base)
        if old.discriminator != new.discriminator and old.discriminator is not None:
            text = f"the property {old.discriminator} does not tell its kinds apart any more"
            was, now = old.discriminator, new.discriminator
            self._add(BREAKING, "model-discriminator", where, text, was, now)
        elif old.discriminator is not None:
            self._mapping(where, self._old.discriminated(old), self._new.discriminated(new))
        befores, afters = _declared(self._old, old), _declared(self._new, new)
        for name, (declared, item) in befores.items():
            other = afters.get(name)
            if other is None:
                # What a common base has lost is told there.
                if declared == old.name or declared not in self._new.bases(new):
                    place = {**where, "property": str(name)}
                    self._add(BREAKING, "property-removed", place, f"the property {name} is gone")
            elif old.name in (declared, other[0]) or declared != other[0]:
                self._property(where, item, other[1])
        for name, (declared, item) in afters.items():
            # So is what a common base has got.
            if name not in befores and declared not in self._old.bases(old):
                self._new_property(where, item)
        if old.description != new.description:
            self._add(DOCUMENTATION, "model-description", where, "it is described otherwise")

    def _mapping(
        self, where: Mapping[str, str], old: Mapping[str, str], new: Mapping[str, str]
    ) -> None:
        for key, model in old.items():
            now = new.get(key)
            # That a model itself is gone is told of it.
            if now != model and not (now is None and key == model):
                text = f'the value "{key}" meant {model}, and means {now or "none of its kinds"}'
                self._add(BREAKING, "model-mapping", where, text, model, now)

    def _new_property(self, where: Mapping[str, str], item: Property) -> None:
        place = {**where, "property": str(item.name)}
        if item.required and not item.read_only and self._use(where["model"]).sent:
            text = f"the property {item.name} is new, and required in requests"
            self._add(BREAKING, "property-added", place, text)
        else:
            self._add(COMPATIBLE, "property-added", place, f"the property {item.name} is new")

    def _property(self, model: Mapping[str, str], old: Property, new: Property) -> None:
        where = {**model, "property": str(old.name)}
        name = f"the property {old.name}"
        use = self._use(model["model"])
        use = _Use(use.sent and not old.read_only, use.received and not old.write_only)
        if old.required != new.required:
            breaks = use.sent if new.required else use.received
            text = f"{name} is {'required' if new.required else 'not always there'} now"
            kind = "property-required" if new.required else "property-optional"
            self._add(BREAKING if breaks else COMPATIBLE, kind, where, text)
        if old.type != new.type:
            fits = (not use.sent or self._fits(old.type, new.type)) and (
                not use.received or self._fits(new.type, old.type)
            )
            self._type(
                COMPATIBLE if fits else BREAKING, "property", where, name, old.type, new.type
            )
        self._choices("property", where, name, old.choices, new.choices, use)
        if old.read_only != new.read_only:
            text = f"{name} can{'not' if new.read_only else ''} be set by programs now"
            level = BREAKING if new.read_only and use.sent else COMPATIBLE
            self._add(level, "property-access", where, text)
        if old.write_only != new.write_only:
            text = f"{name} is {'not ' if new.write_only else ''}in answers now"
            level = BREAKING if new.write_only and use.received else COMPATIBLE
            self._add(level, "property-access", where, text)
        self._deprecated(where, name, old.deprecated, new.deprecated)
        if old.description != new.description:
            text = f"{name} is described otherwise"
            self._add(DOCUMENTATION, "property-description", where, text)

    def _use(self, model: str) -> _Use:
        # One that neither is sent nor comes in an answer is there for programs to know it.
        return self._uses.get(model, _RECEIVED)

    # What parameters, results and properties share

    def _deprecated(self, where: Mapping[str, str], name: str, old: bool, new: bool) -> None:
        if old != new:
            text = f"{name} is {'deprecated' if new else 'not deprecated any more'}"
            self._add(COMPATIBLE, "deprecated" if new else "not-deprecated", where, text)

    def _type(
        self, level: str, of: str, where: Mapping[str, str], name: str, old: Type, new: Type
    ) -> None:
        was, now = _shown(old), _shown(new)
        text = f"the type of {name} was {was}, and is {now}"
        self._add(level, f"{of}-type", where, text, was, now)

    def _choices(
        self,
        of: str,
        where: Mapping[str, str],
        name: str,
        old: Sequence[Any],
        new: Sequence[Any],
        use: _Use,
    ) -> None:
        if not old and not new:
            return
        if not old or not new:
            breaks = bool(new) and use.sent
            text = f"the values of {name} are {'limited to ' + _listed(new) if new else 'free'} now"
            level = BREAKING if breaks else COMPATIBLE
            self._add(level, f"{of}-values", where, text, list(old) or None, list(new) or None)
            return
        gone = [choice for choice in old if choice not in new]
        come = [choice for choice in new if choice not in old]
        if gone:
            # Of an answer, too: whoever waits for such a value waits in vain.
            text = f"{name} cannot be {_listed(gone)} any more"
            self._add(BREAKING, f"{of}-values-removed", where, text, gone)
        if come:
            # Libraries let through what a server answers, listed or not.
            text = f"{name} can be {_listed(come)}"
            self._add(COMPATIBLE, f"{of}-values-added", where, text, new=come)

    def _fits(self, narrow: Type, wide: Type) -> bool:
        """Whether whatever is of the type ``narrow`` is also of the type ``wide``."""
        if narrow.nullable and not wide.nullable and wide.kind != "any":
            return False
        if wide.kind == "any" and wide.one_of is None:
            return True
        if narrow.kind == "any":
            return narrow.one_of is not None and all(
                self._fits(one, wide) for one in narrow.one_of.types
            )
        if wide.kind == "any":
            assert wide.one_of is not None
            return any(self._fits(narrow, one) for one in wide.one_of.types)
        if narrow.kind != wide.kind:
            return (narrow.kind, wide.kind) in (("integer", "number"), ("map", "object"))
        if narrow.item is not None and wide.item is not None:
            return self._fits(narrow.item, wide.item)
        if narrow.kind == "model":
            return narrow.name == wide.name or any(
                str(wide.name) in index.bases(index.model(str(narrow.name)))
                for index, known in zip((self._old, self._new), self._known, strict=True)
                if narrow.name in known
            )
        return narrow.format == wide.format


_PLACES = {
    "path": "path",
    "query": "query",
    "header": "header",
    "body": "body",
    "field": "body",
}


def _place(resource: Resource, operation: Operation) -> dict[str, str]:
    return {
        "resource": str(resource.name),
        "operation": str(operation.name),
        "method": operation.method,
        "path": str(operation.path),
    }


def _operations(api: Api) -> list[tuple[Resource, Operation]]:
    return [(resource, op) for resource in api.resources for op in resource.operations]


def _bare(path: str) -> str:
    """Return a path without the names of its parameters."""
    return re.sub(r"\{[^{}]*\}", "{}", path)


_Pair = tuple[tuple["Resource", "Operation"], tuple["Resource", "Operation"]]


def _matched(
    old: list[tuple[Resource, Operation]], new: list[tuple[Resource, Operation]]
) -> tuple[list[_Pair], list[tuple[Resource, Operation]], list[tuple[Resource, Operation]]]:
    """Return the operations that are the same ones, those that are gone, and those that are new.

    The same are those of one name, method and path; then those of one method and path; then those
    of one name.
    """

    def name(item: tuple[Resource, Operation]) -> tuple[str, ...]:
        return str(item[0].name), str(item[1].name)

    def request(item: tuple[Resource, Operation]) -> tuple[str, ...]:
        return item[1].method, _bare(item[1].path)

    found: dict[int, tuple[Resource, Operation]] = {}
    left = list(new)
    for key in (lambda item: (*name(item), *request(item)), request, name):
        table: dict[tuple[str, ...], list[tuple[Resource, Operation]]] = {}
        for item in left:
            table.setdefault(key(item), []).append(item)
        for at, item in enumerate(old):
            same = table.get(key(item))
            if at not in found and same:
                found[at] = same.pop(0)
        taken = {id(item) for item in found.values()}
        left = [item for item in left if id(item) not in taken]
    pairs = [(item, found[at]) for at, item in enumerate(old) if at in found]
    return pairs, [item for at, item in enumerate(old) if at not in found], left


def _matched_parameters(
    old: Operation, new: Operation
) -> tuple[list[tuple[Parameter, Parameter]], list[Parameter], list[Parameter]]:
    """Return the parameters that are the same ones, those that are gone, and those that are new."""
    pairs: list[tuple[Parameter, Parameter]] = []
    before, after = list(old.parameters), list(new.parameters)
    # Of one path, those in one place of it are the same, whatever they are called.
    places = [
        {name: place for place, name in enumerate(re.findall(r"\{([^{}]*)\}", op.path))}
        if _bare(old.path) == _bare(new.path)
        else {}
        for op in (old, new)
    ]

    def pair(key: Callable[[Parameter, dict[str, int]], Any]) -> None:
        table = {key(parameter, places[1]): parameter for parameter in after}
        table.pop(None, None)
        for parameter in list(before):
            other = table.pop(key(parameter, places[0]), None)
            if other is not None:
                pairs.append((parameter, other))
        ours, theirs = ({id(pair[side]) for pair in pairs} for side in (0, 1))
        before[:] = [parameter for parameter in before if id(parameter) not in ours]
        after[:] = [parameter for parameter in after if id(parameter) not in theirs]

    pair(lambda parameter, _: (parameter.name, parameter.location))
    pair(lambda parameter, path: path.get(parameter.name) if parameter.location == "path" else None)
    pair(lambda parameter, _: parameter.name)
    order = {id(parameter): place for place, parameter in enumerate(old.parameters)}
    pairs.sort(key=lambda pair: order[id(pair[0])])
    return pairs, before, after


def _rank(operation: Operation, parameter: Parameter) -> tuple[bool, int]:
    """Return where a required parameter stands among them: first those in the path."""
    return parameter.location != "path", operation.parameters.index(parameter)


def _repeatable(old: Type, new: Parameter, operation: Operation) -> bool:
    """Whether a single value of the type ``old`` is a list of one for ``new``."""
    in_body = new.location == "body" or (new.location == "field" and operation.body == "json")
    return new.type.kind == "list" and new.type.item == old and not in_body and new.style in _ALIKE


# The styles in which a list of one value is written as the value itself.
_ALIKE = ("", "comma", "repeat", "space", "pipe")


def _declared(index: Index, model: Model) -> dict[str, tuple[str, Property]]:
    """Return all properties of a model by name, each with the model that declares it."""
    found: dict[str, tuple[str, Property]] = {}
    for name in (*reversed(index.bases(model)), str(model.name)):
        for item in index.model(name).properties:
            found[str(item.name)] = (name, item)
    return found


def _uses(*indexes: Index) -> dict[str, _Use]:
    """Return in which directions each model travels, in any of the APIs."""
    sent: set[str] = set()
    received: set[str] = set()
    for index in indexes:
        api = index.api
        for _, operation in _operations(api):
            _reach(index, (p.type for p in operation.parameters), sent)
            _reach(index, (operation.result,), received)
        if api.events is not None:
            _follow(index, str(api.events.model), received)
    return {name: _Use(name in sent, name in received) for name in sent | received}


def _reach(index: Index, types: Iterable[Type], reached: set[str]) -> None:
    for type_ in types:
        for name in _models_of(type_):
            _follow(index, name, reached)


def _follow(index: Index, name: str, reached: set[str]) -> None:
    """Add a model and all that it leads to: its bases, its descendants, and those of its properties."""
    waiting = [name]
    seen: set[str] = set()
    while waiting:
        at = waiting.pop()
        if at in seen:
            continue
        seen.add(at)
        model = index.model(at)
        waiting += index.bases(model)
        waiting += [str(subtype) for subtype in model.subtypes]
        waiting += [str(entry.model) for entry in model.mapping]
        waiting += [found for item in model.properties for found in _models_of(item.type)]
    reached |= seen


def _models_of(type_: Type) -> Iterator[str]:
    if type_.kind == "model":
        yield str(type_.name)
    if type_.item is not None:
        yield from _models_of(type_.item)
    if type_.one_of is not None:
        for one in type_.one_of.types:
            yield from _models_of(one)


# Words


def _wrapped(names: Sequence[str]) -> list[str]:
    """Return names as lines that are not too long."""
    lines = [""]
    for name in names:
        if lines[-1] and len(lines[-1]) + len(name) > 90:
            lines[-1] += ","
            lines.append("")
        lines[-1] += f", {name}" if lines[-1] else name
    return lines


def _named(parameter: Parameter) -> str:
    if parameter.location == "body":
        return "the body"
    return f"the parameter {parameter.name} ({_PLACES[parameter.location]})"


def _shown(type_: Type) -> str:
    text = type_.kind
    if type_.one_of is not None:
        text = _one_of(type_.one_of)
    elif type_.item is not None:
        text = f"{type_.kind.capitalize()}[{_shown(type_.item)}]"
    elif type_.name is not None:
        text = str(type_.name)
    elif type_.format:
        text = f"{type_.kind} ({type_.format})"
    return f"{text} or null" if type_.nullable else text


def _one_of(found: OneOf) -> str:
    return f"one of {', '.join(map(_shown, found.types))}"


def _told(scheme: SecurityScheme) -> str:
    parts = [scheme.kind, scheme.parameter, scheme.location, scheme.token_url, *scheme.scopes]
    return " ".join(str(part) for part in parts if part)


def _status(code: int) -> str:
    if code == 0:
        return "without a status"
    return f"{code}XX" if code < 10 else str(code)


def _number(bound: float | None) -> str:
    return "free" if bound is None else f"{bound:g}"


def _listed(choices: Sequence[Any]) -> str:
    shown = [json.dumps(choice, ensure_ascii=False) for choice in choices[:8]]
    return ", ".join(shown) + (f" and {len(choices) - 8} more" if len(choices) > 8 else "")
