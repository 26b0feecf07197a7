"""Reads Swagger 2.0."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from ..model import Parameter, SecurityScheme
from ..problems import Problems, quoted
from ..text import DocText
from .media_types import MediaType
from .openapi import Body, OpenApiPlace, OpenApiReader
from .place import Place

if TYPE_CHECKING:
    from ..source import Document, Source
    from . import Description

_SIMPLE = """
    type format items collectionFormat default maximum exclusiveMaximum minimum exclusiveMinimum maxLength
    minLength pattern maxItems minItems uniqueItems enum multipleOf
"""

# The keys of each kind of object, and how messages call it; of schemas see ``schemas``.
_KINDS = {
    "document": (
        "a Swagger document",
        "swagger info host basePath schemes consumes produces paths definitions parameters responses "
        "securityDefinitions security tags externalDocs",
    ),
    "info": ("info", "title description termsOfService contact license version"),
    "tag": ("a tag", "name description externalDocs"),
    "path": ("a path", "$ref get put post delete options head patch parameters"),
    "operation": (
        "an operation",
        "$ref tags summary description externalDocs operationId consumes produces parameters responses schemes "
        "deprecated security",
    ),
    "parameter": (
        "a parameter",
        "$ref name in description required schema allowEmptyValue example readOnly " + _SIMPLE,
    ),
    "response": ("a response", "$ref description schema headers examples"),
    "scheme": (
        "a security definition",
        "type description name in flow authorizationUrl tokenUrl scopes",
    ),
}

_COLLECTIONS = {"csv": "comma", "ssv": "space", "pipes": "pipe", "multi": "repeat"}

#: What a parameter says of its value, as a schema does.
_OF_SCHEMA = frozenset(_SIMPLE.split()) - {"collectionFormat"} | {"x-nullable"}


class _Place(OpenApiPlace):
    """An object of a Swagger 2 document."""

    __slots__ = ()

    kinds = {kind: (said, frozenset(keys.split())) for kind, (said, keys) in _KINDS.items()}


def recognises(data: Any) -> bool:
    """Whether this is a document of Swagger 2.0."""
    return isinstance(data, dict) and str(data.get("swagger")) in ("2.0", "2")


def read(source: Source, root: Document, problems: Problems) -> Description:
    """Read the document ``root``, and those that it refers to."""
    return _Reader(source, root, problems).description()


class _Reader(OpenApiReader):
    version = "2.0"
    place_class = _Place
    schemas_at = "/definitions"
    methods: ClassVar[tuple[str, ...]] = (
        "get",
        "put",
        "post",
        "delete",
        "options",
        "head",
        "patch",
    )

    def named_schemas(self) -> list[tuple[str, Place]]:
        found = self.object(self.root, "definitions")
        return [(name, self.below(found, name)) for name in found.data] if found is not None else []

    def url(self) -> str:
        base = str(self.root.text("basePath")).rstrip("/")
        schemes = [str(s) for s in self.root.texts("schemes")]
        scheme = "http" if schemes and "https" not in schemes else "https"
        host = str(self.root.text("host"))
        return f"{scheme}://{host or 'server.example'}{base}" if host or base else ""

    # Parameters

    def parameters_and_body(
        self, place: Place, entries: list[Place], name: str
    ) -> tuple[list[Parameter], Body | None]:
        parameters: list[Parameter] = []
        fields: list[Parameter] = []
        body: Body | None = None
        for entry in entries:
            location = str(entry.text("in"))
            if location == "body":
                if body is not None:
                    entry.error("only one parameter can be the request's body")
                body = self._body(entry, place, name)
            elif location in ("path", "query", "header", "formData"):
                parameter = self._parameter(entry, location, name)
                if parameter is not None:
                    (fields if location == "formData" else parameters).append(parameter)
            else:
                entry.error(
                    f"in must be path, query, header, body or formData, not {quoted(location)}",
                    "in",
                )
        if fields:
            if body is not None:
                place.error("a body and parameters in a form cannot be sent together", "parameters")
            body = self._form(place, fields)
        return parameters, body

    def _parameter(self, place: Place, location: str, operation: str) -> Parameter | None:
        name = place.text("name")
        if location == "header" and name.lower() in ("accept", "content-type"):
            return None
        schema = place
        if "schema" in place.data and "type" not in place.data:
            place.warning("a schema means nothing here; it is read all the same", "schema")
            schema = self.below(place, "schema")
        elif "type" not in place.data:
            place.warning("the type is missing; it is taken for a string")
        said = {
            key: value for key, value in schema.data.items() if key in _OF_SCHEMA or key == "$ref"
        }
        said.setdefault("type", "string")
        value = self.schemas.value(
            _Place(schema.document, schema.pointer, said, self.problems), (operation, str(name))
        )
        type_ = value.type if location == "formData" else self.location_type(place, value, location)
        style = ""
        if type_.kind == "list":
            style = self._style(place, location)
        required = place.flag("required")
        if location == "path" and not required:
            if "required" in place.data:
                place.warning("a parameter of the path is always required", "required")
            required = True
        return Parameter(
            name=name,
            location="field" if location == "formData" else location,
            type=type_,
            required=required,
            description=place.prose("description"),
            default=value.default,
            choices=value.choices,
            minimum=value.minimum,
            maximum=value.maximum,
            pattern=value.pattern,
            style=style,
        )

    @staticmethod
    def _style(place: Place, location: str) -> str:
        said = str(place.text("collectionFormat")) or "csv"
        style = _COLLECTIONS.get(said)
        if style is None or (style == "repeat" and location in ("path", "header")):
            place.warning(
                f"a list in this form ({quoted(said)}) cannot be sent; commas separate it",
                "collectionFormat",
            )
            style = "comma"
        if location in ("path", "header"):
            return "" if style == "comma" else style
        return style

    # Bodies

    def _types(self, place: Place, key: str) -> list[str]:
        """Return the media types of an operation's bodies (consumes) or answers (produces)."""
        at = place if key in place.data else self.root
        return [str(name) for name in at.texts(key)]

    def _form(self, place: Place, fields: list[Parameter]) -> Body:
        types = self._types(place, "consumes")
        files = any((f.type.item or f.type).kind == "binary" for f in fields)
        multipart = files or (
            "multipart/form-data" in types and "application/x-www-form-urlencoded" not in types
        )
        body = Body("multipart" if multipart else "form", required=any(f.required for f in fields))
        body.parameters = fields
        return body

    def _body(self, place: Place, operation: Place, name: str) -> Body | None:
        if not isinstance(place.data.get("schema"), dict):
            place.error("schema is missing")
            return None
        schema = self.below(place, "schema")
        types = [t for t in self._types(operation, "consumes") if "form" not in t] or [
            "application/json"
        ]
        body = self.read_body(
            place,
            [MediaType(type_, schema, place) for type_ in types],
            place.flag("required"),
            name,
        )
        if body is not None and len(body.parameters) == 1 and body.parameters[0].location == "body":
            self._rename(body, place)
        return body

    @staticmethod
    def _rename(body: Body, place: Place) -> None:
        from dataclasses import replace

        body.parameters = [replace(body.parameters[0], name=place.text("name"))]

    # Responses

    def answers(self, place: Place, response: Place) -> list[MediaType]:
        if not isinstance(response.data.get("schema"), dict):
            if "schema" in response.data:
                response.error("schema must be an object", "schema")
            return []
        schema = self.below(response, "schema")
        types = self._types(place, "produces") or ["application/json"]
        if schema.data.get("type") == "file":
            types = [t for t in types if "json" not in t] or ["application/octet-stream"]
        return [MediaType(type_, schema, response) for type_ in types]

    # Security

    def security_schemes(self) -> dict[str, SecurityScheme | None]:
        found: dict[str, SecurityScheme | None] = {}
        for place in self.entries(self.root, "securityDefinitions"):
            name = place.pointer.rpartition("/")[2].replace("~1", "/").replace("~0", "~")
            if not isinstance(place.data, dict):
                place.error("a security definition must be an object")
                continue
            place.check_keys("scheme")
            found[name] = self._scheme(place, place.doc(name))
        return found

    def _scheme(self, place: Place, title: DocText) -> SecurityScheme | None:
        kind = str(place.text("type", required=True))
        text = place.prose("description")
        if kind == "basic":
            return SecurityScheme(title, "basic", text)
        if kind == "apiKey":
            return self.api_key(place, title, text)
        if kind == "oauth2":
            if place.text("flow") == "application":
                scopes = place.data.get("scopes") or {}
                names = (
                    tuple(place.doc(s, "scopes") for s in scopes)
                    if isinstance(scopes, dict)
                    else ()
                )
                url = place.text("tokenUrl", required=True)
                return SecurityScheme(title, "oauth2", text, token_url=url, scopes=names)
            place.warning(
                "this flow of OAuth 2 is the program's part; the library takes a token", "flow"
            )
            return SecurityScheme(title, "bearer", text)
        if kind:
            place.error(f"type must be basic, apiKey or oauth2, not {quoted(kind)}", "type")
        return None
