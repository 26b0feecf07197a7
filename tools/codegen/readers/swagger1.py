"""Reads Swagger 1.1 and 1.2: a listing that names resource documents, or one of those alone.

Real documents are not quite what the specification says, and Asterisk's are a dialect of 1.1
(``containers``, ``binary``, ``Date``, ``websocketProtocol``).  Where the meaning is clear the
reader goes on, with a warning if something is plainly a slip; where it is not, it reports an error.
"""

from __future__ import annotations

import contextlib
import re
from typing import TYPE_CHECKING, Any

from ..model import ErrorResponse, Model, Operation, Parameter, Property, Resource, Type
from ..naming import camel
from ..problems import Problems, did_you_mean, quoted, step
from ..text import DocText
from . import Description
from .place import Place

if TYPE_CHECKING:
    from ..source import Document, Source

VERSIONS = ("1.1", "1.2")

#: The deepest ``List[List[…]]`` and the longest chain of subtypes: far above any real one, and far
#: below what recursion in a language or a template could not bear.
MAX_DEPTH = 32

_METHODS = ("GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS")

_TYPES = {
    "string": "string",
    "byte": "string",
    "int": "integer",
    "integer": "integer",
    "int32": "integer",
    "int64": "integer",
    "long": "integer",
    "short": "integer",
    "float": "number",
    "double": "number",
    "number": "number",
    "boolean": "boolean",
    "bool": "boolean",
    "date": "datetime",
    "datetime": "datetime",
    "date-time": "datetime",
    "binary": "binary",
    "file": "binary",
    "object": "object",
    "containers": "object",
    "void": "void",
    "any": "any",
}

_COLLECTION = re.compile(r"(list|array|set|map)\s*\[(.*)\]\Z", re.IGNORECASE | re.DOTALL)
_PLACEHOLDER = re.compile(r"\{([^{}/]*)\}")
_PATH = re.compile(r"/?[^\s?#\x00-\x1f\x7f\\\"<>]*\Z")
_NUMBER = re.compile(r"-?[0-9]{1,18}\Z")

# The keys of each kind of object.  Others are reported (they may be misspelt) and passed over;
# keys that begin with an underscore are remarks, and those with "x-" extensions.
_KEYS = {
    kind: frozenset(keys.split())
    for kind, keys in {
        "listing": """
            apiVersion swaggerVersion basePath apis info authorizations resourcePath models
            since requiresModules
        """,
        "listed": "path description operations",
        "document": """
            apiVersion swaggerVersion basePath resourcePath apis models description since
            requiresModules produces consumes authorizations info
        """,
        "api": "path description operations since",
        "operation": """
            httpMethod method nickname summary notes responseClass type items format
            uniqueItems enum minimum maximum defaultValue $ref parameters errorResponses
            responseMessages since upgrade websocketProtocol produces consumes
            authorizations deprecated tags supportedContentTypes
        """,
        "parameter": """
            name description paramType dataType type items format $ref required
            allowMultiple allowableValues enum defaultValue minimum maximum uniqueItems
            paramAccess internalDescription since
        """,
        "error": "code reason message responseModel since",
        "model": """
            id description properties required subTypes discriminator since notes extends
            type
        """,
        "property": """
            type dataType description required items format $ref enum allowableValues
            defaultValue minimum maximum uniqueItems since notes id
        """,
    }.items()
}


def recognises(data: Any) -> bool:
    """Whether this is a listing or a resource document of a known Swagger 1 version."""
    return isinstance(data, dict) and str(data.get("swaggerVersion")) in VERSIONS


def read(source: Source, root: Document, problems: Problems) -> Description:
    """Read the listing or the resource document ``root``, and all documents that it lists."""
    return _Reader(source, problems).description(root)


_kind_words = {
    "listing": "a listing",
    "listed": "a listed document",
    "document": "a resource document",
    "api": "a path",
    "operation": "an operation",
    "parameter": "a parameter",
    "error": "an error response",
    "model": "a model",
    "property": "a property",
}


class _Place(Place):
    """An object of a Swagger 1 document."""

    __slots__ = ()

    kinds = {kind: (_kind_words[kind], keys) for kind, keys in _KEYS.items()}


class _Reader:
    def __init__(self, source: Source, problems: Problems) -> None:
        self._source = source
        self._problems = problems
        self._models: dict[str, tuple[Model, _Place]] = {}
        # The types met so far by their text, and the models they name.
        self._types: dict[str, tuple[Type, str]] = {}
        # Each use of a model's name: checked once all models are known.
        self._references: list[tuple[_Place, tuple[str | int, ...], str]] = []
        # Subtypes as their bases list them: (base, subtype, place).
        self._subtypes: list[tuple[str, str, _Place]] = []
        self._routes: dict[tuple[str, str], _Place] = {}
        self._resources: dict[str, Resource] = {}

    def description(self, root: Document) -> Description:
        place = _Place(root, "", root.data, self._problems)
        version = place.text("apiVersion")
        apis = root.data.get("apis")
        if (
            (
                isinstance(apis, list)
                and any(isinstance(api, dict) and "operations" in api for api in apis)
            )
            or "models" in root.data
            or "resourcePath" in root.data
        ):
            self._document(
                root,
                self._resource_name(place.text("resourcePath")) or DocText(self._source.name),
                place.prose("description"),
            )
            alone = True
        else:
            self._listing(place)
            alone = False
        self._check_references(
            "; the listing (resources.json) may name a document that has it" if alone else ""
        )
        models = self._linked_models()
        if not self._problems.errors and not any(r.operations for r in self._resources.values()):
            place.error("the description has no operations")
        resources = tuple(self._resources.values())
        return Description(self._source.name, version, resources, models, partial=alone)

    def _listing(self, place: _Place) -> None:
        place.check_keys("listing")
        if "apis" not in place.data:
            place.error("apis is missing: the list of documents")
        for entry in place.objects("apis", "listed"):
            path = entry.text("path", required=True)
            name = self._resource_name(path)
            if not path:
                continue
            if not name:
                entry.error(f"{quoted(path)} is not the path of a document", "path")
                continue
            if name in self._resources:
                entry.error(f"the resource {quoted(name)} is listed twice", "path")
                continue
            document = self._source.beside(path, place.document, step(entry.pointer, "path"))
            # The name is taken at once, so that resources stay in the listing's order.
            self._resources[name] = Resource(name, DocText(""), ())
            if document is None:
                continue
            if not recognises(document.data):
                if isinstance(document.data, dict) and "swaggerVersion" in document.data:
                    version = quoted(document.data["swaggerVersion"])
                    cause = f"swaggerVersion {version} is not one of {', '.join(VERSIONS)}"
                else:
                    cause = "this is not a Swagger 1 resource document: it has no swaggerVersion"
                self._problems.error(document, "", cause)
                continue
            self._document(document, name, entry.prose("description"))

    @staticmethod
    def _resource_name(path: str) -> DocText:
        """``channels`` of ``/api-docs/channels.{format}``."""
        segment = path.rstrip("/").rpartition("/")[2]
        return DocText(segment.replace(".{format}", "").removesuffix(".json"))

    def _document(self, document: Document, name: DocText, description: DocText) -> None:
        place = _Place(document, "", document.data, self._problems)
        place.check_keys("document")
        models = document.data.get("models")
        if isinstance(models, dict):
            for key, value in models.items():
                if isinstance(value, dict):
                    self._model(
                        _Place(document, step("/models", key), value, self._problems), key, name
                    )
                else:
                    place.error("a model must be an object", "models", key)
        elif isinstance(models, list) and not models:
            pass  # what some writers make of an empty map
        elif models is not None:
            place.error("models must be an object", "models")
        operations: list[Operation] = []
        nicknames: dict[str, _Place] = {}
        for api in place.objects("apis", "api"):
            path = str(api.text("path", required=True))
            if path and not self._path_is_good(path, api):
                continue
            if path and not path.startswith("/"):
                api.warning(f"the path {quoted(path)} should begin with a slash", "path")
                path = "/" + path
            for entry in api.objects("operations", "operation"):
                operation = self._operation(entry, path.replace("{format}", "json"), nicknames)
                if operation is not None:
                    operations.append(operation)
        self._resources[name] = Resource(name, description, tuple(operations))

    @staticmethod
    def _path_is_good(path: str, api: _Place) -> bool:
        rest = _PLACEHOLDER.sub("", path)
        if not _PATH.match(path) or "{" in rest or "}" in rest:
            api.error(f"{quoted(path)} is not a path", "path")
            return False
        if ".." in path.split("/"):
            api.error(f"the path {quoted(path)} leads out of the API", "path")
            return False
        return True

    # Operations

    def _operation(
        self, place: _Place, path: str, nicknames: dict[str, _Place]
    ) -> Operation | None:
        method = place.text("httpMethod", "method", required=True).upper()
        if method and method not in _METHODS:
            place.error(
                f"{quoted(method)} is not an HTTP method",
                "httpMethod" if "httpMethod" in place.data else "method",
            )
            return None
        name = place.text("nickname")
        if not method or not path:
            return None
        if not name:
            # Such as getLampsById for GET /lamps/{id}.
            segments = _PLACEHOLDER.sub(r"by \1", path)
            name = DocText(camel(f"{method.lower()} {segments}"))
            place.warning(f"nickname is missing; the operation is called {name}")
        route = (method, _PLACEHOLDER.sub("{}", path))
        if route in self._routes:
            other = self._routes[route]
            place.error(
                f"{method} {path} is described twice: "
                f"also in {other.document.name} at {other.pointer}"
            )
            return None
        self._routes[route] = place
        if name in nicknames:
            # The model addresses an operation by its nickname, so that it must be a single one; a
            # number is added the same way every time.
            number = 2
            while f"{name}{number}" in nicknames:
                number += 1
            place.warning(
                f"the nickname {quoted(name)} is used twice in this document; "
                f"this operation is called {name}{number}",
                "nickname",
            )
            name = DocText(f"{name}{number}")
        nicknames[name] = place
        parameters = self._parameters(place, path)
        if parameters is None:
            return None
        websocket = (
            place.text("upgrade").lower() == "websocket" or "websocketProtocol" in place.data
        )
        return Operation(
            name=name,
            method=method,
            path=DocText(path),
            summary=place.prose("summary"),
            notes=place.prose("notes"),
            parameters=parameters,
            result=self._result(place),
            errors=self._errors(place),
            since=place.texts("since"),
            websocket=websocket,
        )

    def _result(self, place: _Place) -> Type:
        data = place.data
        if "responseClass" in data:
            result = self._type_text(place, place.text("responseClass"), "responseClass")
        elif "type" in data or "$ref" in data:
            result = self._type(place, "type")
        else:
            result = Type("void")
        return result or Type("void")

    def _errors(self, place: _Place) -> tuple[ErrorResponse, ...]:
        errors = []
        for key in ("errorResponses", "responseMessages"):
            for entry in place.objects(key, "error"):
                code = entry.data.get("code")
                if isinstance(code, str) and _NUMBER.match(code.strip()):
                    code = int(code)
                if isinstance(code, bool) or not isinstance(code, int) or not 100 <= code <= 599:
                    entry.error(
                        f"code must be an HTTP status, not {quoted(code)}"
                        if code is not None
                        else "code is missing",
                        *(["code"] if code is not None else []),
                    )
                    continue
                if code >= 300:
                    errors.append(ErrorResponse(code, entry.text("reason", "message")))
        return tuple(errors)

    def _parameters(self, place: _Place, path: str) -> tuple[Parameter, ...] | None:
        in_path = _PLACEHOLDER.findall(path)
        before = self._problems.errors
        entries = place.objects("parameters", "parameter")
        form = [e for e in entries if e.text("paramType").lower() in ("form", "formdata")]
        if form:
            form[0].warning(
                "parameters of a form cannot be sent; the operation is left out", "paramType"
            )
            return None
        parameters: list[Parameter] = []
        seen: set[str] = set()
        for entry in entries:
            parameter = self._parameter(entry, in_path)
            if parameter is None:
                continue
            if parameter.name in seen:
                entry.error(f"the parameter {quoted(parameter.name)} is declared twice", "name")
                continue
            seen.add(parameter.name)
            parameters.append(parameter)
        for name in in_path:
            if in_path.count(name) > 1:
                place.error(f"the path {path} names the parameter {quoted(name)} twice")
            elif not name:
                place.error(f"the path {path} has a parameter without a name")
            elif (
                not any(p.name == name and p.location == "path" for p in parameters)
                and self._problems.errors == before
            ):
                place.error(
                    f"the path {path} names the parameter {quoted(name)}, which is not declared",
                    *(["parameters"] if "parameters" in place.data else []),
                )
        bodies = [p for p in parameters if p.location == "body"]
        if len(bodies) > 1 or (bodies and any(p.location == "field" for p in parameters)):
            place.error("only one parameter can be the request's body", "parameters")
        return tuple(parameters)

    def _parameter(self, place: _Place, in_path: list[str]) -> Parameter | None:
        name = place.text("name")
        if not name:
            # Swagger lets a body go without a name.
            if place.text("paramType").lower() != "body":
                place.error("name is missing: the parameter's name")
                return None
            name = DocText("body")
        location = place.text("paramType").lower()
        if not location:
            location = "path" if name in in_path else "query"
            place.warning(f"paramType is missing; the parameter is taken for one of the {location}")
        if location not in ("path", "query", "header", "body"):
            place.error(
                f"paramType must be path, query, header or body, not {quoted(location)}",
                "paramType",
            )
            return None
        if location == "path" and name not in in_path:
            place.error(f"the parameter {quoted(name)} is not in the operation's path", "name")
            return None
        declared = str(place.data.get("dataType", place.data.get("type", ""))).lower()
        kind = self._type(place, "dataType" if "dataType" in place.data else "type")
        if kind is None:
            return None
        if kind.kind == "void":
            place.error(
                "a parameter cannot be void", "dataType" if "dataType" in place.data else "type"
            )
            return None
        if place.flag("allowMultiple") and kind.kind != "list":
            if location == "path":
                place.warning(
                    "a parameter of the path has one value only; allowMultiple is passed over",
                    "allowMultiple",
                )
            else:
                kind = Type("list", item=kind)
        if location != "body" and (kind.item or kind).kind in ("model", "object", "map", "binary"):
            place.error(
                f"a value of the type {quoted(declared)} cannot be sent in the {location}",
                "dataType" if "dataType" in place.data else "type",
            )
            return None
        if location == "body" and declared == "containers":
            # Asterisk's word for a member of the JSON object that is the body.
            location = "field"
        required = place.flag("required")
        if location == "path" and not required:
            if "required" in place.data:
                place.warning("a parameter of the path is always required", "required")
            required = True
        choices, minimum, maximum = self._allowed(place, kind)
        return Parameter(
            name=name,
            location=location,
            type=kind,
            required=required,
            description=place.prose("description"),
            default=self._default(place, kind),
            choices=choices,
            minimum=minimum,
            maximum=maximum,
        )

    def _allowed(
        self, place: _Place, kind: Type, binding: bool = True
    ) -> tuple[tuple[Any, ...], float | None, float | None]:
        """Return the allowed values, or the bounds; ones not ``binding`` only inform."""
        value = place.data.get("allowableValues")
        choices: Any = place.data.get("enum")
        minimum, maximum = place.data.get("minimum"), place.data.get("maximum")
        keys: tuple[str, ...] = ("enum",)
        if isinstance(value, dict):
            form = str(value.get("valueType", "LIST")).upper()
            if form == "LIST":
                choices, keys = value.get("values"), ("allowableValues", "values")
                if choices is None:
                    place.error("values is missing: the list of allowed values", "allowableValues")
            elif form == "RANGE":
                minimum, maximum = value.get("min"), value.get("max")
            else:
                place.error(
                    f"valueType must be LIST or RANGE, not {quoted(value.get('valueType'))}",
                    "allowableValues",
                    "valueType",
                )
        elif value is not None:
            place.error("allowableValues must be an object", "allowableValues")
        allowed: list[Any] = []
        if choices is not None and not isinstance(choices, list):
            place.error("this must be the list of allowed values", *keys)
            choices = None
        inner = kind.item if kind.kind == "list" and kind.item is not None else kind
        for index, choice in enumerate(choices or []):
            converted = self._scalar(place, choice, inner, (*keys, index), binding)
            if converted is not None and converted not in allowed:
                allowed.append(converted)
        return (
            tuple(allowed),
            self._bound(place, minimum, "minimum"),
            self._bound(place, maximum, "maximum"),
        )

    @staticmethod
    def _bound(place: _Place, value: Any, key: str) -> float | None:
        if value is None or value == "":
            return None
        if isinstance(value, str):
            with contextlib.suppress(ValueError):
                value = int(value) if _NUMBER.match(value) else float(value)
        if isinstance(value, bool) or not isinstance(value, (int, float)) or value != value:
            place.error(f"the {key} must be a number, not {quoted(value)}")
            return None
        # Some documents write the range without end as infinity.
        if value in (float("inf"), float("-inf")):
            return None
        return value

    def _default(self, place: _Place, kind: Type) -> Any:
        value = place.data.get("defaultValue")
        if value is None or (value == "" and kind.kind != "string"):
            return None
        if kind.kind == "list" and isinstance(value, list):
            place.warning("a default of several values is passed over", "defaultValue")
            return None
        inner = kind.item if kind.kind == "list" and kind.item is not None else kind
        return self._scalar(place, value, inner, ("defaultValue",))

    @staticmethod
    def _scalar(
        place: _Place,
        value: Any,
        kind: Type,
        keys: tuple[str | int, ...],
        binding: bool = True,
    ) -> Any:
        """Return ``value`` as one of ``kind``: documents write numbers and booleans as texts."""
        wanted = kind.kind
        if wanted == "string" or wanted == "datetime":
            if isinstance(value, str):
                return place.doc(value, *keys)
            if isinstance(value, bool):
                return DocText("true" if value else "false")
            if isinstance(value, (int, float)):
                return DocText(value)
        elif wanted == "boolean":
            if isinstance(value, bool):
                return value
            if isinstance(value, str) and value.lower() in ("true", "false"):
                return value.lower() == "true"
        elif wanted == "integer":
            if isinstance(value, int) and not isinstance(value, bool):
                return value
            if isinstance(value, float) and value.is_integer():
                return int(value)
            if isinstance(value, str) and _NUMBER.match(value.strip()):
                return int(value)
        elif wanted == "number":
            number: Any = value
            if isinstance(value, str):
                with contextlib.suppress(ValueError):
                    number = int(value) if _NUMBER.match(value) else float(value)
            # Neither infinite nor NaN: JSON has no such numbers.
            if isinstance(number, (int, float)) and not isinstance(number, bool):
                finite = number - number == 0
                if finite:
                    return number
        else:
            place.warning(f"values of a parameter of this kind ({wanted}) are passed over", *keys)
            return None
        cause = f"{quoted(value)} is not of the type {wanted}"
        if binding:
            place.error(cause, *keys)
        else:
            place.warning(f"{cause}; it is passed over", *keys)
        return None

    # Types

    def _type(self, place: _Place, key: str) -> Type | None:
        """Return the type at ``key``, in either version's notation."""
        data = place.data
        if "$ref" in data and key not in data:
            reference = place.text("$ref")
            return self._model_type(place, reference, ("$ref",)) if reference else None
        name = place.text(key)
        if not name:
            if key in data and not isinstance(data[key], str):
                return None
            place.warning("the type is missing; it is taken for a string")
            return Type("string")
        if name.lower() in ("array", "list", "set"):
            return self._array(place, key)
        declared = data.get("format")
        if declared in ("date", "date-time") and name == "string":
            return Type("datetime")
        return self._type_text(place, name, key)

    def _array(self, place: _Place, key: str) -> Type:
        depth = 1
        items: Any = place.data.get("items")
        keys: list[str] = ["items"]
        while isinstance(items, dict) and str(items.get("type", "")).lower() in (
            "array",
            "list",
            "set",
        ):
            depth += 1
            items = items.get("items")
            keys.append("items")
            if depth > MAX_DEPTH:
                place.error("the type is nested too deeply", key)
                return Type("list", item=Type("any"))
        if isinstance(items, str):
            place.warning(f"items should be an object with the type {quoted(items)}", *keys)
            items = {"type": items}
        if isinstance(items, dict):
            inner = _Place(place.document, step(place.pointer, *keys), items, place.problems)
            item = self._type(inner, "type")
        elif items is None:
            place.warning(
                "the type of the list's elements (items) is missing; it is taken for any", key
            )
            item = Type("any")
        else:
            place.error("items must be an object", *keys)
            item = None
        result = item or Type("any")
        for _ in range(depth):
            result = Type("list", item=result)
        return result

    def _type_text(self, place: _Place, text: str, *keys: str | int) -> Type | None:
        """Return the type that ``List[Channel]`` and the like name."""
        known = self._types.get(text)
        if known is None:
            return self._new_type(place, text, *keys)
        result, model = known
        if model:
            self._references.append((place, keys, model))
        return result

    def _new_type(self, place: _Place, text: str, *keys: str | int) -> Type | None:
        wrappers: list[str] = []  # from the outermost inwards
        name = text.strip()
        while True:
            match = _COLLECTION.match(name)
            if match is None:
                break
            if len(wrappers) == MAX_DEPTH:
                place.error("the type is nested too deeply", *keys)
                return None
            name = match.group(2)
            if match.group(1).lower() == "map":
                name = name.partition(",")[2]
                wrappers.append("map")
            else:
                wrappers.append("list")
            name = name.strip()
        kind = _TYPES.get(name) or _TYPES.get(name.lower())
        result: Type | None
        if name in self._models or kind is None:
            result = self._model_type(place, name, keys)
        else:
            result = Type(kind)
        if result is None or (wrappers and result.kind == "void"):
            if result is not None:
                place.error(f"{quoted(text)} is not a type", *keys)
            return None
        model = str(result.name or "")
        for wrapper in reversed(wrappers):
            result = Type(wrapper, item=result)
        self._types[text] = (result, model)
        return result

    def _model_type(self, place: _Place, name: str, keys: tuple[str | int, ...]) -> Type | None:
        if not name or any(c in name for c in "[]<>{}(),"):
            place.error(f"{quoted(name)} is not a type", *keys)
            return None
        text = place.doc(name, *keys)
        self._references.append((place, keys, name))
        return Type("model", name=text)

    # Models

    def _model(self, place: _Place, key: str, resource: DocText) -> None:
        place.check_keys("model")
        name = place.doc(key)
        identifier = place.text("id")
        if identifier and identifier != key:
            place.warning(
                f"the model's id {quoted(identifier)} is not its key {quoted(key)}; the key counts",
                "id",
            )
        required_names: set[str] = set()
        required = place.data.get("required")
        if isinstance(required, list):  # 1.2 lists the names here, 1.1 marks each property
            required_names.update(place.texts("required"))
        properties = []
        entries = place.data.get("properties")
        if entries is not None and not isinstance(entries, dict):
            place.error("properties must be an object", "properties")
            entries = None
        for property_name, value in (entries or {}).items():
            if not isinstance(value, dict):
                place.error("a property must be an object", "properties", property_name)
                continue
            entry = _Place(
                place.document,
                step(place.pointer, "properties", property_name),
                value,
                self._problems,
            )
            entry.check_keys("property")
            kind = self._type(
                entry, "type" if "type" in value or "dataType" not in value else "dataType"
            )
            if kind is None:
                continue
            if kind.kind == "void":
                entry.error("a property cannot be void", "type")
                continue
            flagged = (
                entry.flag("required") if not isinstance(value.get("required"), list) else False
            )
            choices, _, _ = self._allowed(entry, kind, binding=False)
            properties.append(
                Property(
                    entry.doc(property_name),
                    kind,
                    flagged or property_name in required_names,
                    entry.prose("description"),
                    choices,
                )
            )
        for missing in sorted(required_names - {str(p.name) for p in properties}):
            if not self._problems.errors:
                place.warning(
                    f"required names the property {quoted(missing)}, which the model does not have",
                    "required",
                )
        discriminator = place.text("discriminator") or None
        if discriminator is not None and all(p.name != discriminator for p in properties):
            place.error(
                f"the discriminator {quoted(discriminator)} is not a property of the model",
                "discriminator",
            )
        model = Model(
            name=name,
            description=place.prose("description"),
            properties=tuple(properties),
            subtypes=place.texts("subTypes"),
            discriminator=discriminator,
            resource=resource,
        )
        if name in self._models:
            _other, other_place = self._models[name]
            if place.data != other_place.data:
                place.error(
                    f"the model {quoted(name)} is described differently "
                    f"in {other_place.document.name} at {other_place.pointer}"
                )
            return
        self._models[name] = (model, place)
        for index, subtype in enumerate(model.subtypes):
            self._references.append((place, ("subTypes", index), subtype))
            self._subtypes.append((name, subtype, place))

    def _check_references(self, hint: str) -> None:
        for place, keys, name in self._references:
            if name not in self._models:
                close = did_you_mean(name, self._models)
                place.error(f"there is no model {quoted(name)}{close or hint}", *keys)

    def _linked_models(self) -> tuple[Model, ...]:
        """Return the models, each with its base; cycles and deep chains are errors."""
        from dataclasses import replace

        bases: dict[str, str] = {}
        for base, subtype, place in self._subtypes:
            if subtype in bases and bases[subtype] != base:
                place.error(
                    f"{quoted(subtype)} is a subtype of two models: "
                    f"{quoted(bases[subtype])} and {quoted(base)}",
                    "subTypes",
                )
            bases.setdefault(subtype, base)
        for name, (_, place) in self._models.items():
            seen = {name}
            at = name
            while at in bases:
                at = bases[at]
                if at in seen:
                    if at == name:
                        place.error(
                            f"the model {quoted(name)} is a subtype of itself",
                            *(["subTypes"] if "subTypes" in place.data else []),
                        )
                    break
                seen.add(at)
                if len(seen) > MAX_DEPTH:
                    place.error("the subtypes are nested too deeply")
                    break
        return tuple(
            replace(model, base=DocText(bases[name])) if name in bases else model
            for name, (model, _) in self._models.items()
        )
