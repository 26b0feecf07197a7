"""What the description of the API promises, as the server uses it: routes, and what may be sent.

It is read through the generator's own model, so that libraries and server follow the same one.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, NoReturn

from codegen import readers, settings, source
from codegen.index import Index
from codegen.model import Operation, Parameter, Type
from codegen.problems import Problems, ProblemsFound
from werkzeug.datastructures import MultiDict
from werkzeug.routing import Map, Rule

from .errors import bad_request

#: Where the API begins.
ROOT = "/api/ver1.0"

_PLACEHOLDER = re.compile(r"\{(\w+)\}")

#: What SQLite and the API's "long" can hold.
_INTEGERS = range(-(2**63), 2**63)


class ContractError(Exception):
    """A description that cannot be served; the problems have been told."""


class Contract:
    """The operations of a description."""

    def __init__(self, description: Path) -> None:
        problems = Problems()
        try:
            found = readers.read(source.open_source(str(description), problems), problems)
            api = settings.without_settings(found, problems)
        except ProblemsFound:
            raise ContractError("\n".join(map(str, problems.items))) from None
        self._index = Index(api)
        self._operations = {
            str(operation.name): operation
            for resource in api.resources
            for operation in resource.operations
        }
        for operation in self._operations.values():
            _check(operation)
        #: The resource of each operation.
        self.resources = {
            str(operation.name): str(resource.name)
            for resource in api.resources
            for operation in resource.operations
        }
        #: The endpoint of each is the name of its operation.
        self.routes = Map(
            [
                Rule(
                    ROOT + _PLACEHOLDER.sub(r"<\1>", operation.path),
                    endpoint=name,
                    methods=[operation.method],
                )
                for name, operation in self._operations.items()
            ],
            merge_slashes=False,
        )

    def operation(self, name: str) -> Operation:
        """The operation of that name."""
        return self._operations[name]

    # What may be sent.

    def query(self, operation: Operation, given: MultiDict[str, str]) -> dict[str, Any]:
        """The values of the query, each of its type, with the defaults of those not given."""
        values: dict[str, Any] = {}
        for parameter in operation.parameters:
            if parameter.location != "query":
                continue
            name = str(parameter.name)
            texts = given.getlist(name)
            if not texts:
                if parameter.required:
                    raise bad_request(f"{name} is required")
                values[name] = parameter.default
            elif parameter.type.kind == "list":
                item = parameter.type.item or Type("string")
                values[name] = [self._from_text(name, item, text) for text in texts]
                for value in values[name]:
                    self._check_value(name, item, value, parameter.choices)
            else:
                values[name] = self._from_text(name, parameter.type, texts[-1])
                self._check_parameter(parameter, values[name])
        return values

    def path_value(self, operation: Operation, name: str, text: str) -> Any:
        """The value in a path, or ``None`` where nothing can have such an id."""
        parameter = next(p for p in operation.parameters if p.name == name)
        if parameter.type.kind == "integer":
            return int(text) if re.match(r"[0-9]{1,18}\Z", text) else None
        return text

    def body(self, operation: Operation, value: Any) -> dict[str, Any]:
        """The members of the body that was sent, checked; those that are not described are kept."""
        if not isinstance(value, dict):
            raise bad_request("the body must be a JSON object")
        for field in self._fields(operation):
            name = str(field.name)
            if name in value:
                value[name] = self._normal(field.type, value[name])
                self._check_parameter(field, value[name])
            elif field.required:
                raise bad_request(f"{name} is required")
        return value

    def form(self, operation: Operation, texts: Mapping[str, str], files: Iterable[str]) -> None:
        """Check a form: everything that is required must be there."""
        given = {*texts, *files}
        for field in self._fields(operation):
            if field.required and field.name not in given:
                raise bad_request(f"{field.name} is required")
            if field.type.kind == "binary" and field.name in texts:
                raise bad_request(f"{field.name} must be a file")

    def names(self, operation: Operation) -> list[str]:
        """The names of what may be sent in the body."""
        return [str(field.name) for field in self._fields(operation)]

    def defaults(self, operation: Operation) -> dict[str, Any]:
        """What members of the body have that are not sent: their defaults, else null where they may."""
        return {
            str(field.name): field.default
            for field in self._fields(operation)
            if field.default is not None or field.type.nullable
        }

    # What is answered.

    def answer(self, operation: Operation, value: Any, extra: bool = False) -> Any:
        """What the server knows as the description promises it: its members alone, or ``extra`` ones too."""
        return self._shown(operation.result, value, extra)

    def _shown(self, kind: Type, value: Any, extra: bool) -> Any:
        if kind.kind == "list" and kind.item is not None and isinstance(value, list):
            return [self._shown(kind.item, item, extra) for item in value]
        if kind.kind == "model" and isinstance(value, dict):
            model = self._index.model(kind.name or "")
            shown = dict(value) if extra else {}
            for one in self._index.properties(model):
                name = str(one.name)
                if one.write_only:
                    shown.pop(name, None)
                elif name in value:
                    shown[name] = self._shown(one.type, value[name], False)
                elif one.type.nullable:
                    shown[name] = None
            return shown
        return value

    # Checks.

    @staticmethod
    def _fields(operation: Operation) -> list[Parameter]:
        return [parameter for parameter in operation.parameters if parameter.location == "field"]

    def _from_text(self, name: str, kind: Type, text: str) -> Any:
        if kind.kind == "integer":
            if re.match(r"-?[0-9]{1,19}\Z", text):
                return int(text)
        elif kind.kind == "boolean":
            if text in ("true", "false"):
                return text == "true"
        else:
            return text
        raise bad_request(f"{name} must be {_WORDS[kind.kind]}, not {_quoted(text)}")

    def _check_parameter(self, parameter: Parameter, value: Any) -> None:
        name = str(parameter.name)
        self._check_value(name, parameter.type, value, parameter.choices)
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            if parameter.minimum is not None and value < parameter.minimum:
                raise bad_request(f"{name} must not be less than {parameter.minimum:g}")
            if parameter.maximum is not None and value > parameter.maximum:
                raise bad_request(f"{name} must not be greater than {parameter.maximum:g}")

    def _normal(self, kind: Type, value: Any) -> Any:
        """A value as its type has it: JSON does not tell 1.0 from 1."""
        if kind.kind == "integer" and isinstance(value, float) and value.is_integer():
            return int(value)
        if kind.kind == "list" and kind.item is not None and isinstance(value, list):
            return [self._normal(kind.item, item) for item in value]
        if kind.kind == "model" and isinstance(value, dict):
            for one in self._index.properties(self._index.model(kind.name or "")):
                if one.name in value:
                    value[str(one.name)] = self._normal(one.type, value[one.name])
        return value

    def _check_value(self, name: str, kind: Type, value: Any, choices: Iterable[Any] = ()) -> None:
        if value is None and kind.nullable:
            return
        if not _CHECKS[kind.kind](value):
            self._refuse(name, kind, value)
        choices = list(choices)
        if choices and value not in choices:
            listed = ", ".join(str(choice) for choice in choices if choice is not None)
            raise bad_request(f"{name} must be one of {listed}, not {_quoted(value)}")
        if kind.kind == "integer" and value not in _INTEGERS:
            raise bad_request(f"{name} is too large")
        if kind.kind == "list" and kind.item is not None:
            for place, item in enumerate(value):
                self._check_value(f"{name}[{place}]", kind.item, item)
        elif kind.kind == "model":
            for one in self._index.properties(self._index.model(kind.name or "")):
                if one.name in value:
                    self._check_value(f"{name}.{one.name}", one.type, value[one.name], one.choices)
                elif one.required:
                    raise bad_request(f"{name}.{one.name} is required")

    @staticmethod
    def _refuse(name: str, kind: Type, value: Any) -> NoReturn:
        null = " or null" if kind.nullable else ""
        raise bad_request(f"{name} must be {_WORDS[kind.kind]}{null}, not {_quoted(value)}")


_CHECKS: dict[str, Callable[[Any], bool]] = {
    "string": lambda value: isinstance(value, str),
    "integer": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "boolean": lambda value: isinstance(value, bool),
    "list": lambda value: isinstance(value, list),
    "object": lambda value: isinstance(value, dict),
    "model": lambda value: isinstance(value, dict),
}

_WORDS = {
    "string": "a text",
    "integer": "a whole number",
    "boolean": "true or false",
    "list": "a list",
    "object": "an object",
    "model": "an object",
}


def _check(operation: Operation) -> None:
    """Refuse a description that asks for what this server does not know how to check."""
    for parameter in operation.parameters:
        kind = parameter.type.kind
        if parameter.location == "body" or (kind not in _CHECKS and kind != "binary"):
            raise ContractError(f"{operation.name}: {parameter.name}: this cannot be checked")


def _quoted(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 80 else text[:77] + "…"
