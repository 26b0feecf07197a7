"""What Swagger 2 and OpenAPI 3 share: paths, operations, their names and resources.

``OpenApiReader`` reads a description; the two formats are subclasses of it that say how parameters,
bodies, answers, servers and credentials are written.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import parse_qsl

from ..model import ErrorResponse, Operation, Parameter, Resource, SecurityScheme, Type
from ..naming import camel, words
from ..problems import Problems, did_you_mean, quoted, step
from ..text import DocText
from . import Description
from .media_types import MediaType, covers, for_answer, for_body, is_file
from .objects import Members
from .place import Place
from .references import References
from .schemas import Schemas, Value
from .whole import with_resources, with_usual_lists

if TYPE_CHECKING:
    from ..source import Document, Source

_PLACEHOLDER = re.compile(r"\{([^{}/]*)\}")
_PATH = re.compile(r"/?[^\s?#\x00-\x1f\x7f\\\"<>]*\Z")

#: Segments that many paths begin with and that say nothing of an operation.
_GENERAL_SEGMENT = re.compile(r"(?:api|rest|v(?:er)?[0-9][0-9a-z.]*|[0-9.-]+)\Z", re.IGNORECASE)

_NO_TEXT = DocText("")


class OpenApiPlace(Place):
    """An object of a Swagger 2 or OpenAPI 3 document."""

    __slots__ = ()

    def prose(self, key: str) -> DocText:
        """Return a description; what is no text describes nothing."""
        value = self.data.get(key)
        if value is not None and not isinstance(value, (str, int, float)):
            self.warning(f"{key} must be a text; it is passed over", key)
            return _NO_TEXT
        return self.text(key)


class Body:
    """How an operation's body is written, and the parameters that are in it."""

    __slots__ = ("content_type", "kind", "parameters", "required")

    def __init__(self, kind: str, required: bool) -> None:
        self.kind = kind
        self.required = required
        self.content_type = _NO_TEXT
        self.parameters: list[Parameter] = []


class OpenApiReader:
    """Reads one description; what differs between the formats is a subclass's."""

    #: The format's version: 2.0, 3.0 or 3.1.
    version = ""
    place_class: ClassVar[type[Place]] = OpenApiPlace
    #: Where named schemas are, as a JSON pointer.
    schemas_at = ""
    methods: ClassVar[tuple[str, ...]] = ()

    def __init__(self, source: Source, root: Document, problems: Problems) -> None:
        self.source = source
        self.problems = problems
        self.root = self.place_class(root, "", root.data, problems)
        self.references = References(source, self.place_class)
        self.schemas = Schemas(
            self.references,
            problems,
            self.place_class,
            version=self.version,
            named_below=self.schemas_at,
        )
        self._operations: dict[str, list[Operation]] = {}
        self._names: dict[str, dict[str, int]] = {}
        self._security_used: list[str] = []

    # What the formats differ in

    def named_schemas(self) -> list[tuple[str, Place]]:
        """Return the schemas that the document names."""
        raise NotImplementedError

    def url(self) -> str:
        """Return the URL that the document gives, or an empty text."""
        raise NotImplementedError

    def security_schemes(self) -> dict[str, SecurityScheme | None]:
        """Return all security schemes by name; None for one that cannot be expressed."""
        raise NotImplementedError

    def parameters_and_body(
        self, place: Place, entries: list[Place], name: str
    ) -> tuple[list[Parameter], Body | None]:
        """Return an operation's parameters; ``entries`` are its and its path's, each followed."""
        raise NotImplementedError

    def answers(self, place: Place, response: Place) -> list[MediaType]:
        """Return the ways in which a response is written."""
        raise NotImplementedError

    # The whole

    def description(self) -> Description:
        """Read it all."""
        self.root.check_keys("document")
        info = self.object(self.root, "info", "info", required=True)
        version = info.text("version") if info is not None else _NO_TEXT
        title = info.text("title") if info is not None else _NO_TEXT
        text = info.prose("description") if info is not None else _NO_TEXT
        named = self.named_schemas()
        self.schemas.declare(named)
        tags = self._tags()
        for key in self.root.data.get("webhooks") or ():
            self.root.warning(
                "requests that the server makes to the program cannot be expressed", "webhooks", key
            )
        self._paths()
        models = self.schemas.models(name for name, _ in named)
        schemes = self._security()
        if not self.problems.errors and not any(self._operations.values()):
            self.root.error("the description has no operations")
        order = [name for name in tags if name in self._operations]
        order += [name for name in self._operations if name not in tags]
        resources = tuple(
            Resource(DocText(name), tags.get(name, _NO_TEXT), tuple(self._operations[name]))
            for name in order
        )
        lists, resources = with_usual_lists(resources)
        return Description(
            name=str(title) if words(title) else self.source.name,
            version=version,
            resources=resources,
            models=with_resources(models, resources),
            title=_line(title),
            text=text,
            url=self.url(),
            lists=lists,
            security=schemes,
        )

    def object(
        self, place: Place, key: str, kind: str = "", required: bool = False
    ) -> Place | None:
        """Return the object at ``key``, its keys checked as those of ``kind``."""
        data = place.data.get(key)
        if data is None:
            if required:
                place.error(f"{key} is missing")
            return None
        if not isinstance(data, dict):
            place.error(f"{key} must be an object, not {quoted(data)}", key)
            return None
        found = self.below(place, key)
        if kind:
            found.check_keys(kind)
        return found

    def below(self, place: Place, *keys: str | int) -> Place:
        """Return what ``keys`` lead to."""
        data: Any = place.data
        for key in keys:
            data = data[key]
        return self.place_class(place.document, step(place.pointer, *keys), data, self.problems)

    def followed(self, place: Place, kind: str) -> Place | None:
        """Return the object at ``place`` or where it refers to, its keys checked."""
        found = self.references.follow(place)
        if found is None:
            return None
        if not isinstance(found.data, dict):
            found.error(f"this must be an object, not {quoted(found.data)}")
            return None
        found.check_keys(kind)
        return found

    def entries(self, place: Place, key: str) -> list[Place]:
        """Return what the object at ``key`` holds, but for extensions."""
        found = self.object(place, key)
        if found is None:
            return []
        return [self.below(found, name) for name in found.data if not name.startswith("x-")]

    def _tags(self) -> dict[str, DocText]:
        tags: dict[str, DocText] = {}
        for place in self.root.objects("tags", "tag"):
            name = place.text("name", required=True)
            if name:
                tags.setdefault(str(name), place.prose("description"))
        return tags

    # Paths

    def _paths(self) -> None:
        routes: dict[tuple[str, str], str] = {}
        paths = self.object(self.root, "paths", required=self.version != "3.1")
        if paths is None:
            return
        for path in paths.data:
            if path.startswith("x-"):
                continue
            here = self.below(paths, path)
            item = self.followed(here, "path")
            if item is None:
                continue
            # A fragment is never sent: with it, documents tell operations of one path apart.
            path, fragment, _ = path.partition("#")
            path, _, query = path.partition("?")
            if not path.startswith("/"):
                here.warning(f"the path {quoted(path)} should begin with a slash")
            if not self._path_is_good(path, here):
                continue
            for key in item.data:
                if key in self.methods and isinstance(item.data[key], dict):
                    operation = self.followed(self.below(item, key), "operation")
                    if operation is None:
                        continue
                    if not fragment and not query:
                        self._note_route(here, key.upper(), path, routes)
                    self._operation(operation, item, key.upper(), path, query)
                elif key in self.methods:
                    item.error(f"an operation must be an object, not {quoted(item.data[key])}", key)

    @staticmethod
    def _path_is_good(path: str, here: Place) -> bool:
        rest = _PLACEHOLDER.sub("", path)
        if not _PATH.match(rest) or "{" in rest or "}" in rest or re.search(r"[^ -~]", path):
            here.warning(f"{quoted(path)} is not a path; it is left out")
            return False
        if ".." in path.split("/"):
            here.warning(f"the path {quoted(path)} leads out of the API; it is left out")
            return False
        return True

    @staticmethod
    def _note_route(
        here: Place, method: str, path: str, routes: dict[tuple[str, str], str]
    ) -> None:
        route = (method, _PLACEHOLDER.sub("{}", path))
        if route in routes:
            here.warning(
                f"{method} {path} differs from {quoted(routes[route])} only in the names of its "
                "parameters: a server cannot tell them apart"
            )
        routes.setdefault(route, path)

    def _operation(
        self,
        place: Place,
        item: Place,
        method: str,
        path: str,
        query: str,
    ) -> None:
        if method == "TRACE":
            place.warning("TRACE cannot be expressed; the operation is left out")
            return
        path = path if path.startswith("/") else "/" + path
        for owner in (place, item):
            said = owner.data.get("servers")
            if said and said != self.root.data.get("servers"):
                owner.warning(
                    "a server of its own cannot be expressed; the operation goes to the API's",
                    "servers",
                )
                break
        if place.data.get("callbacks"):
            place.warning(
                "requests that the server makes to the program cannot be expressed", "callbacks"
            )
        self._note_security(place)
        own = place.text("operationId")
        made = _made_name(method, path)
        full = str(own) if words(own) else made
        resource = self._resource(place, path)
        parameters, body = self.parameters_and_body(
            place, self._parameter_places(place, item), full
        )
        parameters = self._in_order(place, path, parameters)
        parameters += _fixed(place, query, {str(p.name) for p in parameters})
        if body is not None:
            parameters += body.parameters
        result, accept, errors = self._responses(place, method, full)
        summary, notes = place.prose("summary"), place.prose("description")
        if not summary and len(notes) <= 120 and "\n" not in notes.strip():
            summary, notes = notes, _NO_TEXT
        name = self._operation_name(place, resource, full, bool(words(own)))
        self._operations.setdefault(resource, []).append(
            Operation(
                name=name,
                method=method,
                path=DocText(path),
                summary=summary,
                notes=notes,
                parameters=tuple(parameters),
                result=result,
                errors=errors,
                since=place.texts("x-since"),
                websocket=place.flag("x-websocket"),
                body=body.kind if body is not None else "json",
                # Where a parameter is required there is a body anyway.
                body_required=body is not None
                and body.required
                and not any(parameter.required for parameter in body.parameters),
                content_type=body.content_type if body is not None else _NO_TEXT,
                accept=accept,
                deprecated=place.flag("deprecated"),
            )
        )

    def _resource(self, place: Place, path: str) -> str:
        """Return the resource of an operation: its first tag, or what its path begins with."""
        tags = [str(tag) for tag in place.texts("tags") if words(tag)]
        if tags:
            return tags[0]
        for segment in path.split("/"):
            plain = re.sub(r"\.(json|xml)\Z", "", segment)
            if plain and "{" not in plain and not _GENERAL_SEGMENT.match(plain) and words(plain):
                return plain
        return "default"

    def _operation_name(self, place: Place, resource: str, full: str, stated: bool) -> DocText:
        """Return a name of the operation that its resource has once.

        Where an operationId begins with the resource's name (repos/list, Users_list) the rest is it.
        """
        name = full
        match = re.match(r"([^/.:_]+)[/.:_]+(.+)\Z", full, re.DOTALL) if stated else None
        if match is not None and words(match[1]) == words(resource) and words(match[2]):
            name = match[2]
        # Each name that is taken, and the number that the next one of this name may have.
        taken = self._names.setdefault(resource, {})
        candidate = name
        number = taken.get(name, 2)
        while candidate in taken:
            candidate = f"{name}{number}"
            number += 1
        taken[name] = number
        taken.setdefault(candidate, 2)
        if candidate != name:
            keys = ("operationId",) if stated else ()
            place.warning(
                f"the name {quoted(name)} is used twice in {quoted(resource)}; this operation is called {candidate}",
                *keys,
            )
        return place.doc(candidate, "operationId")

    # Parameters

    def _parameter_places(self, place: Place, item: Place) -> list[Place]:
        """Return an operation's parameters and those of its path that it does not state itself."""
        found: dict[tuple[str, str], Place] = {}
        for owner in (item, place):
            entries = owner.data.get("parameters")
            if entries is None:
                continue
            if not isinstance(entries, list):
                owner.error("parameters must be a list", "parameters")
                continue
            stated: set[tuple[str, str]] = set()
            for index in range(len(entries)):
                entry = self.followed(self.below(owner, "parameters", index), "parameter")
                if entry is None:
                    continue
                name, location = entry.text("name", required=True), entry.text("in", required=True)
                if not name or not location:
                    continue
                if not any(c.isalnum() for c in name) and not name.strip():
                    entry.error("the parameter's name is blank", "name")
                    continue
                key = (str(name), str(location))
                if key in stated:
                    self.below(owner, "parameters", index).error(
                        f"the parameter {quoted(name)} is declared twice"
                    )
                stated.add(key)
                found[key] = entry
        return list(found.values())

    def _in_order(self, place: Place, path: str, parameters: list[Parameter]) -> list[Parameter]:
        """Return the parameters, those of the path exactly as many as the path has."""
        in_path = _PLACEHOLDER.findall(path)
        kept = []
        for parameter in parameters:
            if parameter.location == "path" and parameter.name not in in_path:
                place.warning(
                    f"the parameter {quoted(parameter.name)} is not in the path {path}; it is passed over",
                    "parameters",
                )
            else:
                kept.append(parameter)
        declared = {str(p.name) for p in kept if p.location == "path"}
        missing = []
        for name in dict.fromkeys(in_path):
            if not name.strip():
                place.error(f"the path {path} has a parameter without a name")
            elif name not in declared:
                near = did_you_mean(name, [str(p.name) for p in parameters])
                place.warning(
                    f"the path {path} names the parameter {quoted(name)}, which is not declared{near}; "
                    "it is taken for a text"
                )
                missing.append(Parameter(place.doc(name), "path", Type("string"), True))
        return missing + kept

    def location_type(self, place: Place, value: Value, location: str) -> Type:
        """Return the type of a parameter outside of a body, where no bytes travel."""
        if value.type.kind == "binary":
            place.warning(f"a file cannot be sent in the {location}; it is taken for a text")
            return Type("string", nullable=value.type.nullable)
        return value.type

    # Bodies

    def read_body(
        self, place: Place, found: list[MediaType], required: bool, name: str
    ) -> Body | None:
        """Return how a body is written that may be written in one of several ways."""
        chosen = for_body(found)
        if found and found[0].plain == "multipart/form-data" and self._takes_files(found[0], name):
            chosen = found[0]  # which the document prefers, and only there files can be sent
        if chosen is None:
            return None
        for other in found:
            if other is not chosen and not covers(other, chosen):
                other.place.warning(
                    f"a body of this type ({quoted(other.plain)}) cannot be sent, only {quoted(chosen.plain)}"
                )
        plain = chosen.plain
        if plain == "multipart/form-data" or plain.startswith("multipart/"):
            body = Body("multipart", required)
            if plain != "multipart/form-data":
                body.content_type = chosen.header()
        elif plain == "application/x-www-form-urlencoded":
            body = Body("form", required)
        elif chosen.is_json:
            body = Body("json", required)
            if plain != "application/json":
                body.content_type = chosen.header()
        else:
            body = Body("binary", required)
            body.content_type = chosen.header()
            if chosen.is_xml:
                chosen.place.warning("XML is not written; the program gives its text")
            kind = Type("string" if chosen.is_text else "binary")
            body.parameters.append(
                Parameter(DocText("body"), "body", kind, required, place.prose("description"))
            )
            return body
        self._fill(body, chosen, place, name)
        return body

    def _takes_files(self, media: MediaType, name: str) -> bool:
        """Whether a part of a multipart body is a file."""
        members = self._fields(media.schema) if media.schema is not None else None
        if members is None:
            return False
        types = [
            self.schemas.value(schema, _field_name(members, key, name)).type
            for key, schema in members.places.items()
        ]
        return any((type_.item or type_).kind == "binary" for type_ in types)

    def _fill(self, body: Body, chosen: MediaType, place: Place, name: str) -> None:
        """Put the parameters of a body that is an object, or its one parameter, into it."""
        schema = chosen.schema
        if schema is None:
            kind = Type("any" if body.kind == "json" else "object")
            value = Value(kind)
        else:
            members = self._fields(schema)
            if members is not None:
                self.add_fields(body, members, chosen, name)
                return
            value = self.schemas.value(schema, (name, "Body"))
            if body.kind == "json" and value.type.kind == "binary":
                value = Value(Type("string"))
            if body.kind != "json" and value.type.kind not in ("map", "object", "model", "any"):
                chosen.place.warning(
                    "a form must be an object; it is taken for one of unknown members"
                )
                value = Value(Type("object"))
        body.parameters.append(
            Parameter(
                name=DocText("body"),
                location="body",
                type=value.type,
                required=body.required,
                description=place.prose("description") or value.description,
                choices=value.choices,
            )
        )

    def _fields(self, schema: Place) -> Members | None:
        """Return the properties of a body whose properties can be given one by one; else None."""
        target = self.references.follow(schema)
        if target is None or not isinstance(target.data, dict):
            return None
        type_ = self.schemas.value(schema, ("Body",)).type if "$ref" in schema.data else None
        if type_ is not None and type_.kind != "model":
            return None
        if type_ is None and not self.schemas.is_object(target):
            return None
        members = self.schemas.members(target, (str(type_.name) if type_ is not None else "",))
        if members.open or members.alternatives or members.discriminator is not None:
            return None
        return members if members.places else None

    def add_fields(self, body: Body, members: Members, chosen: MediaType, name: str) -> None:
        """Add a parameter for each property of a body."""
        for key, schema in members.places.items():
            if not key.strip():
                schema.warning("a property without a name is passed over")
                continue
            value = self.schemas.value(schema, _field_name(members, key, name))
            if value.read_only:
                continue
            type_ = value.type
            if body.kind != "multipart" and (type_.item or type_).kind == "binary":
                schema.warning("a file cannot be a part of such a body; it is taken for a text")
                type_ = self.schemas.in_json(type_)
            body.parameters.append(
                Parameter(
                    name=schema.doc(key),
                    location="field",
                    type=type_,
                    required=body.required and key in members.required,
                    description=value.description,
                    default=value.default,
                    choices=value.choices,
                    minimum=value.minimum,
                    maximum=value.maximum,
                    pattern=value.pattern,
                    style=self.field_style(chosen, key, type_, body.kind),
                    deprecated=value.deprecated,
                )
            )

    def field_style(self, chosen: MediaType, key: str, type_: Type, kind: str) -> str:
        """Return the style of one field of a form."""
        return ""

    # Responses

    def _responses(
        self, place: Place, method: str, name: str
    ) -> tuple[Type, DocText, tuple[ErrorResponse, ...]]:
        """Return the result, its media type where that is to be asked for, and the errors."""
        found: dict[str, Place] = {}
        if "responses" not in place.data and self.version != "3.1":
            place.error("responses is missing")
        for below in self.entries(place, "responses"):
            code = below.pointer.rpartition("/")[2]
            response = self.followed(below, "response")
            if response is None:
                continue
            if not re.match(r"[1-5]([0-9][0-9]|XX)\Z|default\Z", code, re.IGNORECASE):
                below.error(f"{quoted(code)} is not a status")
                continue
            found[code.upper() if code != "default" else code] = response
        good = [code for code in sorted(found) if code[0] == "2"]
        errors = [
            ErrorResponse(
                int(code) if code.isdigit() else int(code[0]), response.prose("description")
            )
            for code, response in found.items()
            if code[0] in "345" and code != "3XX"
        ]
        if "default" in found:
            if good or any(code[0] == "3" for code in found):
                errors.append(ErrorResponse(0, found["default"].prose("description")))
            else:
                good = ["default"]
        result, accept = self._result(place, method, name, [found[code] for code in good])
        return result, accept, tuple(errors)

    def _result(
        self, place: Place, method: str, name: str, responses: list[Place]
    ) -> tuple[Type, DocText]:
        if method == "HEAD":
            return Type("void"), _NO_TEXT
        types: list[tuple[Type, MediaType]] = []
        empty = False
        for response in responses:
            answers = self.answers(place, response)
            if not answers:
                empty = True
                continue
            chosen = for_answer(answers)
            for other in answers:
                if other is not chosen and not covers(other, chosen):
                    other.place.warning(
                        f"an answer of this type ({quoted(other.plain)}) is not asked for, only {quoted(chosen.plain)}"
                    )
            types.append((self._answer_type(chosen, name), chosen))
        if not types:
            return Type("void"), _NO_TEXT
        first, chosen = types[0]
        result = first
        others = [(type_, media) for type_, media in types[1:] if type_ != first]
        if others:
            result = self._one_of_results(place, [(first, chosen), *others])
        if empty and result.kind not in ("binary", "void"):
            result = self.schemas.nullable(result)
        accept = chosen.header()
        if accept == "application/json" or (chosen.is_json and not accept):
            accept = _NO_TEXT
        return result, accept

    def _one_of_results(self, place: Place, found: list[tuple[Type, MediaType]]) -> Type:
        """Return the type of answers that differ with the status."""
        if all(media.is_json and type_.kind != "binary" for type_, media in found):
            return self.schemas.one_of(place, [type_ for type_, _ in found])
        first = found[0][0]
        for type_, media in found[1:]:
            if type_ != first:
                media.place.warning(
                    "an answer of another kind than the first cannot be expressed; it is read as that"
                )
        return first

    def _answer_type(self, media: MediaType, name: str) -> Type:
        if media.is_json:
            if media.schema is None:
                return Type("any")
            type_ = self.schemas.value(media.schema, (name, "Result")).type
            return type_
        if media.is_text and not is_file(media.schema):
            if media.plain == "text/event-stream":
                media.place.warning(
                    "a stream of events cannot be expressed; its bytes are read, as they come"
                )
                return Type("binary")
            if media.is_xml:
                media.place.warning("XML is not read; its text is given")
            return Type("string")
        return Type("binary")

    # Security

    def _note_security(self, place: Place) -> None:
        self._security_used += _required_schemes(place)

    @staticmethod
    def api_key(place: Place, title: DocText, text: DocText) -> SecurityScheme | None:
        """Return the scheme of a key in a header or in the query."""
        name, location = place.text("name", required=True), str(place.text("in", required=True))
        if location in ("header", "query"):
            return SecurityScheme(title, "api_key", text, name, location)
        if location:
            place.warning(f"a key in the {location} cannot be sent; the scheme is left out", "in")
        return None

    def _security(self) -> tuple[SecurityScheme, ...]:
        """Return the schemes that the description requires somewhere; all, if it requires none."""
        schemes = self.security_schemes()
        used = {*_required_schemes(self.root), *self._security_used}
        for name in sorted(used - schemes.keys()):
            self.root.warning(
                f"the security scheme {quoted(name)} is required but not described", "security"
            )
        wanted = [name for name in schemes if name in used] or list(schemes)
        return tuple(scheme for name in wanted if (scheme := schemes[name]) is not None)


def _required_schemes(place: Place) -> list[str]:
    entries = place.data.get("security")
    if entries is None:
        return []
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        place.error("security must be a list of objects", "security")
        return []
    return [name for entry in entries for name in entry]


def _made_name(method: str, path: str) -> str:
    """Return a name such as getLampsById for GET /lamps/{id}."""
    segments = [s for s in path.split("/") if not _GENERAL_SEGMENT.match(s)] or path.split("/")
    text = _PLACEHOLDER.sub(r" by \1", " ".join(segments))
    return camel(f"{method.lower()} {text}")


def _fixed(place: Place, query: str, declared: set[str]) -> list[Parameter]:
    """Return the parameters whose values a path states: they are always sent."""
    return [
        Parameter(
            name=place.doc(name),
            location="query",
            type=Type("string"),
            required=False,
            default=place.doc(value),
            choices=(place.doc(value),),
            send_default=True,
        )
        for name, value in parse_qsl(query, keep_blank_values=True)
        if name not in declared
    ]


def _field_name(members: Members, key: str, operation: str) -> tuple[str, ...]:
    """Return what a model in a field of a body is called: after the body's, or the operation."""
    owner = members.owners[key]
    return (*owner, key) if any(owner) else (operation, key)


def _line(text: DocText) -> DocText:
    """Return a title in one line."""
    return DocText(" ".join(text.split()))


def style_of(type_: Type, style: str, explode: bool) -> str:
    """Return the model's style for one of OpenAPI's, for a type that it matters for."""
    types = type_.one_of.types if type_.one_of is not None else (type_,)
    kinds = {one.kind for one in types}
    if not kinds & {"list", "map", "object", "model"}:
        return ""
    if style == "deepObject":
        return "deep"
    if explode:
        return "repeat"
    return {"spaceDelimited": "space", "pipeDelimited": "pipe"}.get(style, "comma")
