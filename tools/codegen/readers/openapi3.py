"""Reads OpenAPI 3.0 and 3.1."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, ClassVar

from ..model import Parameter, SecurityScheme, Type
from ..problems import Problems, quoted
from ..text import DocText
from .media_types import MediaType
from .openapi import Body, OpenApiPlace, OpenApiReader, style_of
from .place import Place

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..source import Document, Source
    from . import Description

_VERSION = re.compile(r"3\.([01])(?:\.[0-9]+)?(?:-[A-Za-z0-9.-]+)?\Z")

# The keys of each kind of object, and how messages call it; of schemas see ``schemas``.
_KINDS = {
    "document": (
        "an OpenAPI document",
        "openapi info servers paths components security tags externalDocs webhooks jsonSchemaDialect",
    ),
    "info": ("info", "title summary description termsOfService contact license version"),
    "tag": ("a tag", "name description externalDocs summary parent kind"),
    "path": (
        "a path",
        "$ref summary description get put post delete options head patch trace servers parameters",
    ),
    "operation": (
        "an operation",
        "$ref tags summary description externalDocs operationId parameters requestBody responses callbacks "
        "deprecated security servers",
    ),
    "parameter": (
        "a parameter",
        "$ref name in description required deprecated allowEmptyValue style explode allowReserved schema "
        "example examples content",
    ),
    "body": ("a body", "$ref description content required"),
    "media type": ("a media type", "schema example examples encoding"),
    "response": ("a response", "$ref description headers content links summary"),
    "components": (
        "components",
        "schemas responses parameters examples requestBodies headers securitySchemes links callbacks pathItems",
    ),
    "server": ("a server", "url description variables"),
    "scheme": (
        "a security scheme",
        "$ref type description name in scheme bearerFormat flows openIdConnectUrl",
    ),
}

#: Headers that the library itself sends; parameters of these names mean nothing.
_OWN_HEADERS = frozenset({"accept", "content-type", "authorization"})

_STYLES = {
    "query": ("form", "spaceDelimited", "pipeDelimited", "deepObject"),
    "path": ("simple",),
    "header": ("simple",),
}


class _Place(OpenApiPlace):
    """An object of an OpenAPI 3 document."""

    __slots__ = ()

    kinds = {kind: (said, frozenset(keys.split())) for kind, (said, keys) in _KINDS.items()}


def recognises(data: Any) -> bool:
    """Whether this is a document of OpenAPI 3.0 or 3.1."""
    return isinstance(data, dict) and _VERSION.match(str(data.get("openapi"))) is not None


def read(source: Source, root: Document, problems: Problems) -> Description:
    """Read the document ``root``, and those that it refers to."""
    return _Reader(source, root, problems).description()


class _Reader(OpenApiReader):
    place_class = _Place
    schemas_at = "/components/schemas"
    methods: ClassVar[tuple[str, ...]] = (
        "get",
        "put",
        "post",
        "delete",
        "options",
        "head",
        "patch",
        "trace",
    )

    def __init__(self, source: Source, root: Document, problems: Problems) -> None:
        match = _VERSION.match(str(root.data["openapi"]))
        self.version = f"3.{match[1]}" if match else "3.1"
        super().__init__(source, root, problems)
        self._components = self.object(self.root, "components", "components")

    def named_schemas(self) -> list[tuple[str, Place]]:
        if self._components is None:
            return []
        found = self.object(self._components, "schemas")
        return [(name, self.below(found, name)) for name in found.data] if found is not None else []

    # Servers

    def url(self) -> str:
        servers = self.root.objects("servers", "server")
        if not servers:
            return ""
        server = servers[0]
        url = str(server.text("url"))
        for variable in self.entries(server, "variables"):
            name = variable.pointer.rpartition("/")[2]
            default = variable.text("default") if isinstance(variable.data, dict) else ""
            url = url.replace("{" + name + "}", default)
        if url.startswith("/"):
            url = "https://server.example" + url
        return url.rstrip("/")

    # Parameters

    def parameters_and_body(
        self, place: Place, entries: list[Place], name: str
    ) -> tuple[list[Parameter], Body | None]:
        parameters = []
        for entry in entries:
            parameter = self._parameter(entry, name)
            if parameter is not None:
                parameters.append(parameter)
        return parameters, self._body(place, name)

    def _parameter(self, place: Place, operation: str) -> Parameter | None:
        name = place.text("name")
        location = str(place.text("in"))
        if location == "cookie":
            place.warning("a parameter in a cookie cannot be sent; it is left out")
            return None
        if location not in _STYLES:
            place.error(f"in must be path, query, header or cookie, not {quoted(location)}", "in")
            return None
        if location == "header" and name.lower() in _OWN_HEADERS:
            return None
        style = ""
        content = self.object(place, "content")
        if content is not None and content.data:
            media = self.below(content, next(iter(content.data)))
            if "schema" not in place.data:
                place = self._with_schema_of(place, media)
            style = "json"
        value = None
        if "schema" in place.data:
            value = self.schemas.value(self.below(place, "schema"), (operation, str(name)))
            type_ = self.location_type(place, value, location)
        else:
            if style != "json":
                place.warning("the parameter has no schema; it is taken for a text")
            type_ = Type("string")
        if style != "json":
            style = self._style(place, type_, location)
        required = place.flag("required")
        if location == "path" and not required:
            if "required" in place.data:
                place.warning("a parameter of the path is always required", "required")
            required = True
        if place.flag("allowReserved"):
            place.warning("reserved characters are always encoded", "allowReserved")
        return Parameter(
            name=name,
            location=location,
            type=type_,
            required=required,
            description=place.prose("description") or (value.description if value else DocText("")),
            default=value.default if value else None,
            choices=value.choices if value else (),
            minimum=value.minimum if value else None,
            maximum=value.maximum if value else None,
            pattern=value.pattern if value else DocText(""),
            style=style,
            deprecated=place.flag("deprecated") or bool(value and value.deprecated),
        )

    def _with_schema_of(self, place: Place, media: Place) -> Place:
        """Return a parameter with the schema of its content, at that schema's place."""
        if not isinstance(media.data, dict) or "schema" not in media.data:
            return place
        return _Place(
            media.document,
            media.pointer,
            {**place.data, "schema": media.data["schema"]},
            self.problems,
        )

    def _style(self, place: Place, type_: Type, location: str) -> str:
        known = _STYLES[location]
        style = str(place.text("style")) or known[0]
        if style not in known:
            place.warning(f"the style {quoted(style)} cannot be sent; {known[0]} is", "style")
            style = known[0]
        if location != "query":
            return style_of(type_, style, explode=False).replace("comma", "")
        return style_of(type_, style, place.flag("explode", style == "form"))

    # Bodies

    def _body(self, place: Place, name: str) -> Body | None:
        if place.data.get("requestBody") is None:
            return None
        below = self.object(place, "requestBody")
        body = self.followed(below, "body") if below is not None else None
        if body is None:
            return None
        found = self._media(body)
        if not found:
            if "content" not in body.data:
                body.error("content is missing")
            return None
        return self.read_body(body, found, body.flag("required"), name)

    def _media(self, place: Place) -> list[MediaType]:
        content = self.object(place, "content")
        found = []
        for name in content.data if content is not None else ():
            assert content is not None
            if name.startswith("x-"):
                continue
            media = self.object(content, name, "media type")
            if media is not None:
                schema = self.below(media, "schema") if "schema" in media.data else None
                found.append(MediaType(name, schema, media))
        return found

    def field_style(self, chosen: MediaType, key: str, type_: Type, kind: str) -> str:
        encodings = chosen.place.data.get("encoding")
        encoding = encodings.get(key) if isinstance(encodings, dict) else None
        if kind == "json" or not isinstance(encoding, dict):
            return ""
        place = self.below(chosen.place, "encoding", key)
        if encoding.get("headers"):
            place.warning("headers of a part cannot be sent", "headers")
        said = encoding.get("contentType")
        if isinstance(said, str) and not _is_usual_part(said, type_):
            place.warning(f"a part's own type ({quoted(said)}) is not sent", "contentType")
        if "style" not in encoding and "explode" not in encoding:
            return ""
        style = str(place.text("style")) or "form"
        return style_of(type_, style, place.flag("explode", style == "form"))

    # Responses

    def answers(self, place: Place, response: Place) -> list[MediaType]:
        return self._media(response)

    # Security

    def security_schemes(self) -> dict[str, SecurityScheme | None]:
        if self._components is None:
            return {}
        found: dict[str, SecurityScheme | None] = {}
        for below in self.entries(self._components, "securitySchemes"):
            name = below.pointer.rpartition("/")[2].replace("~1", "/").replace("~0", "~")
            place = self.followed(below, "scheme")
            found[name] = self._scheme(place, name) if place is not None else None
        return found

    def _scheme(self, place: Place, name: str) -> SecurityScheme | None:
        kind = str(place.text("type", required=True))
        title = place.doc(name)
        text = place.prose("description")
        if kind == "http":
            scheme = place.text("scheme", required=True).lower()
            if scheme in ("basic", "bearer"):
                return SecurityScheme(title, scheme, text)
            place.warning(
                f"the scheme {quoted(scheme)} cannot be expressed; it is left out", "scheme"
            )
            return None
        if kind == "apiKey":
            return self.api_key(place, title, text)
        if kind == "oauth2":
            return self._oauth2(place, title, text)
        if kind == "openIdConnect":
            place.warning("OpenID Connect is the program's part; the library takes a token", "type")
            return SecurityScheme(title, "bearer", text)
        if kind:
            place.warning(
                f"credentials of the type {quoted(kind)} cannot be sent; they are left out", "type"
            )
        return None

    def _oauth2(self, place: Place, title: DocText, text: DocText) -> SecurityScheme:
        flows: Mapping[str, Any] = place.data.get("flows") or {}
        if isinstance(flows, dict) and isinstance(flows.get("clientCredentials"), dict):
            flow = self.below(place, "flows", "clientCredentials")
            scopes = flow.data.get("scopes") or {}
            names = (
                tuple(flow.doc(scope, "scopes") for scope in scopes)
                if isinstance(scopes, dict)
                else ()
            )
            url = flow.text("tokenUrl", required=True)
            return SecurityScheme(title, "oauth2", text, token_url=url, scopes=names)
        place.warning(
            "these flows of OAuth 2 are the program's part; the library takes a token", "flows"
        )
        return SecurityScheme(title, "bearer", text)


def _is_usual_part(media: str, type_: Type) -> bool:
    """Whether a part of a multipart body has this type anyway."""
    plain = media.partition(";")[0].strip().lower()
    kind = (type_.item or type_).kind
    if kind == "binary":
        return plain in ("application/octet-stream", "*/*")
    if kind in ("map", "object", "model", "any"):
        return plain == "application/json"
    return plain == "text/plain"
