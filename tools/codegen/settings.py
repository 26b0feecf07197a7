"""``client.toml``: what stands beside an API's documents and is not in them.

The library's names, the objects with operations of their own, further names of operations, how
events are told, how requests are written.  Everything has a default, so that any document works
without such a file.

    [client]                      # the library itself
    name = "weather"              # one neutral name, from which each language derives its own
    title = "…"
    description = "…"
    version = "1.0.0"             # or "generator": that of the generator
    licence = "Apache-2.0"
    homepage = "https://…"
    url = "http://localhost:8000/api"   # where the API usually is, for examples
    authors = ["…"]
    error_prefix = "Weather"      # WeatherException, …

    [client.python]               # names in one language, each with a default
    package = "weatherpy"
    class = "WeatherPy"
    distribution = "weatherpy"
    example = "import weatherpy"  # a program for the README; any number of lines

    [access]                      # how requests are written
    shape = "resources"
    lists = "comma"
    query_limit = 0
    credentials_parameter = "key" # takes user:password where no header can be sent
    rate_limit = { limit = "X-Limit", remaining = "X-Left", reset = "X-Reset" }  # headers

    # With shape = "paths": api.city(5).streets.list()
    plurals = { city = "cities" } # where English words have a plural of their own
    own = { word = "@me", users = { city_id = "mayor" } }  # ids that may be asked for as one's own
    paging = { page = "page", size = "per_page", usual = 100 }
    windows = { start = "from", end = "to", months = 2, order = "order" }
    links = true                  # answers name URLs that are fetched without credentials

    [hints]                       # what a user should check when the server answers so
    401 = "Check user and password."

    [objects]                     # models whose instances have operations; events queue in this order
    Station = { path = "/stations/{stationId}", ids = { stationId = "id" }, new = true }
    City = {}                     # everything found out by itself
    defaults = true               # whether further objects are found in the documents

    [shortcuts]                   # further names of operations, on their resource and the library
    getStations = "stations.list"
    getCity = { operation = "cities.get", split = "/" }

    [events]                      # the WebSocket operation and what its messages mean
    operation = "events.listen"
    model = "Message"
    application = "app"
    replaced = "Replaced"
    keep = ["Answer"]

    [events.ends]                 # the events that end the object in one of their properties
    StationRemoved = "station"
    StationLost = { property = "station", grace = 60 }

    [events.subscriptions]        # what success means for a new connection: add, remove, replace
    "stations.watch" = "add"

    [values]
    strings = ["variables"]       # maps whose values are texts for the server
    defaults = ["city.move.speed"] # parameters whose default the server does not take by itself
    bodies = ["cities.add.notes"] # members of the body, by the documents, that are the whole body

    [references]                  # parameters that take the id of an object of a model
    otherStation = "Station"

    [types]                       # parameters and their types, where the documents are not exact
    "stations.update.fields" = "List[Field]"

In the last three, a parameter is named alone or as ``resource.operation.parameter``.  Operations
are named by ``resource.nickname``, as the documents spell them.  A setting about what the documents
do not have is passed over with a warning, so that one file serves several versions of an API; with
``--strict`` it is an error.
"""

from __future__ import annotations

import operator
import re
import sys
from dataclasses import replace
from importlib import import_module
from typing import TYPE_CHECKING, Any

from . import __version__
from .model import (
    Access,
    Api,
    Client,
    EventEnd,
    Events,
    Hint,
    Model,
    Names,
    ObjectId,
    ObjectType,
    Operation,
    OperationRef,
    Paging,
    Parameter,
    Plural,
    RateLimit,
    Resource,
    Shortcut,
    Type,
    Windows,
)
from .naming import words
from .problems import Problems, ProblemsFound, Text, did_you_mean, quoted
from .text import DocText

if TYPE_CHECKING:
    from collections.abc import Callable

    from .readers import Description

#: The name of the settings in a description's folder.
FILE = "client.toml"

_PLACEHOLDER = re.compile(r"\{([^{}/]*)\}")

#: What stands for the generator's own version.
_GENERATOR = "generator"

_PACKAGE = re.compile(r"[A-Za-z][A-Za-z0-9_]*(?:(?:\.|::|-)[A-Za-z0-9_]+)*\Z")
_CLASS = re.compile(r"[A-Za-z][A-Za-z0-9_]*\Z")
_DISTRIBUTION = re.compile(r"(?:@[a-z0-9][a-z0-9._-]*/)?[A-Za-z0-9][A-Za-z0-9._-]*\Z")
_VERSION = re.compile(rf"({_GENERATOR}|[0-9][0-9A-Za-z.+-]*)\Z")
_LICENCE = re.compile(r"[A-Za-z0-9.+() -]+\Z")
_WORD = re.compile(r"[A-Za-z0-9_.-]*\Z")
_OWN = re.compile(r"[A-Za-z0-9_.@~-]+\Z")
_HEADER = re.compile(r"[A-Za-z0-9-]+\Z")
_USER = re.compile(r"[a-z][a-z0-9_]*\Z")
_PREFIX = re.compile(r"[A-Z][A-Za-z0-9]*\Z")
_HOMEPAGE = re.compile(r"https?://[A-Za-z0-9._~:/?#\[\]@!$&()*+,;=%-]+\Z")
_LINE = re.compile(r"[^\x00-\x1f\x7f\x85\u2028\u2029]*\Z")
_LINES = re.compile(r"[^\x00-\x08\x0b-\x1f\x7f\x85\u2028\u2029]*\Z")

SUBSCRIPTIONS = ("add", "remove", "replace")


class _Toml(Text):
    """The settings' text.  A TOML parser gives no lines, so that they are searched for."""

    __slots__ = ("_source",)

    def __init__(self, name: str, source: str = "") -> None:
        super().__init__(name, "")
        self._source = source

    def line(self, pointer: str) -> int:
        keys = [key.replace("~1", "/").replace("~0", "~") for key in pointer.split("/")[1:]]
        for depth in range(len(keys), 0, -1):
            name = re.escape(keys[depth - 1])
            key = rf"""["']?{name}["']?\s*"""
            pattern = rf"^\s*\[+[^\]\n]*\b{key}\]|^\s*{key}[=.]|[{{,]\s*{key}="
            found = [
                match.start() + len(match.group())
                for match in re.finditer(pattern, self._source, re.MULTILINE)
            ]
            if len(found) == 1:
                return self._source.count("\n", 0, found[0]) + 1
        return 0


def load(path: str, problems: Problems) -> tuple[Text, dict[str, Any]]:
    """Return the settings in the file ``path``; what is not TOML is a problem and ends the run."""
    # Only where there are settings to read; Python 3.10 has no reader of its own.
    tomllib: Any = import_module("tomllib" if sys.version_info >= (3, 11) else "tomli")

    try:
        with open(path, "rb") as file:
            raw = file.read(1_000_001)
    except (OSError, ValueError) as error:
        cause = getattr(error, "strerror", None) or str(error)
        problems.error(path, "", f"the settings cannot be read: {cause}")
        raise ProblemsFound from None
    if len(raw) > 1_000_000:
        problems.error(path, "", "the settings are larger than 1 MB")
        raise ProblemsFound
    try:
        text = raw.decode("utf-8")
        return _Toml(path, text), tomllib.loads(text)
    except UnicodeDecodeError:
        problems.error(path, "", "the settings are not a UTF-8 text")
    except RecursionError:
        problems.error(path, "", "the settings are nested too deeply")
    except tomllib.TOMLDecodeError as error:
        at = re.search(r"\(at line (\d+), column \d+\)", str(error))
        problems.error(path, "", f"this is not TOML: {error}", int(at.group(1)) if at else 0)
    raise ProblemsFound


def apply(
    description: Description, settings: dict[str, Any], file: Text, problems: Problems
) -> Api:
    """Return the whole model: what the documents describe, with the settings' word."""
    table = _Table(file, "", settings, problems)
    api = _Builder(description, table, problems).api()
    table.report_absences(description.partial)
    problems.check()
    return api


def without_settings(description: Description, problems: Problems) -> Api:
    """Return the whole model, with the defaults for everything that settings may say."""
    return apply(description, {}, _Toml("(defaults)"), problems)


class _Table:
    """A table of the settings.  Each key is asked for once; ``done`` reports the others."""

    def __init__(self, file: Text, pointer: str, data: dict[str, Any], problems: Problems) -> None:
        self._file = file
        self._pointer = pointer
        self.data = data
        self._problems = problems
        self.asked: set[str] = set()
        # What the documents do not have: the pointer of the setting, and the cause.
        self.absences: list[tuple[str, str]] = []

    def error(self, cause: str, *keys: str) -> None:
        from .problems import step

        self._problems.error(self._file, step(self._pointer, *keys), cause)

    def absent(self, cause: str, *keys: str) -> None:
        """Report what the documents do not have: settings may have been written for others.

        Those of another version of the same API have a few operations less or more.
        """
        from .problems import step

        self.absences.append((step(self._pointer, *keys), cause))

    def report_absences(self, partial: bool) -> None:
        """Report all of them, or only how many, where a part of the documents has to lack much."""
        if partial and len(self.absences) > 5:
            cause = (
                f"{len(self.absences)} settings are about what this document alone does not have"
            )
            self._problems.warning(self._file, "", f"{cause}; they are passed over")
            return
        for pointer, cause in self.absences:
            self._problems.warning(self._file, pointer, f"{cause}; this setting is passed over")

    def done(self) -> None:
        for key in self.data:
            if key not in self.asked:
                self.error(
                    f"there is no setting {quoted(key)} here{did_you_mean(key, self.asked)}", key
                )

    def has(self, key: str) -> bool:
        return key in self.data

    def _get(self, key: str, kind: type | tuple[type, ...], words: str) -> Any:
        self.asked.add(key)
        value = self.data.get(key)
        if value is None:
            return None
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
            self.error(f"{key} must be {words}, not {quoted(value)}", key)
            return None
        return value

    def text(self, key: str, default: str, pattern: re.Pattern[str] = _LINE) -> str:
        value = self._get(key, str, "a text")
        if value is None:
            return default
        if not pattern.match(value):
            self.error(f"{quoted(value)} cannot be the {key}", key)
            return default
        return str(value)

    def optional(self, key: str) -> str | None:
        value = self._get(key, str, "a text")
        return None if value is None else str(value)

    def flag(self, key: str) -> bool | None:
        value: bool | None = self._get(key, bool, "true or false")
        return value

    def number(self, key: str, default: float) -> float:
        value = self._get(key, (int, float), "a number")
        if value is None:
            return default
        if not 0 <= value < 1e9:
            self.error(f"{key} must not be negative, nor without measure", key)
            return default
        return float(value) if isinstance(default, float) else int(value)

    def texts(self, key: str) -> list[str] | None:
        value = self._get(key, list, "a list of texts")
        if value is None:
            return None
        if not all(isinstance(item, str) for item in value):
            self.error(f"{key} must be a list of texts", key)
            return []
        return list(value)

    def table(self, key: str) -> _Table:
        from .problems import step

        value = self._get(key, dict, "a table")
        table = _Table(self._file, step(self._pointer, key), value or {}, self._problems)
        table.absences = self.absences
        return table

    def entries(self) -> list[str]:
        """All keys not asked for, for a table whose keys are names."""
        keys = [key for key in self.data if key not in self.asked]
        self.asked.update(keys)
        return keys


class _Builder:
    def __init__(self, description: Description, table: _Table, problems: Problems) -> None:
        self._description = description
        self._table = table
        self._problems = problems
        self._models: dict[str, Model] = {str(m.name): m for m in description.models}
        # Operations by "resource.nickname", in the documents' order.
        self._operations: dict[str, tuple[OperationRef, Operation]] = {}
        for resource in description.resources:
            for operation in resource.operations:
                self._operations[f"{resource.name}.{operation.name}"] = (
                    OperationRef(resource.name, operation.name),
                    operation,
                )
        # Where parameters travel, by all their names, once that is asked for.
        self._ways: dict[str, set[str]] = {}

        # The types of users whose own id a parameter of a path may be, by the parameter's name.
        self._own: dict[str, str] = {}

        # The operations that give a model, by the model's name.
        self._getters: dict[str, list[Operation]] = {}
        for _, operation in self._operations.values():
            if operation.method == "GET" and operation.result.kind == "model":
                self._getters.setdefault(str(operation.result.name), []).append(operation)

    def api(self) -> Api:
        table = self._table
        hint_table = table.table("hints")
        client = self._client(table.table("client"), self._hints(hint_table))
        access = self._access(table.table("access"))
        by_paths = access.shape == "paths"
        objects = () if by_paths else self._objects(table.table("objects"))
        shortcuts = () if by_paths else self._shortcuts(table.table("shortcuts"))
        events_table = table.table("events")
        subscriptions = self._subscriptions(events_table.table("subscriptions"))
        events = None if by_paths else self._events(events_table)
        strings, bodies, defaults = self._values(table.table("values"))
        references = self._references(table.table("references"), objects)
        types = self._types(table.table("types"))
        table.done()
        resources = self._resources(
            objects, subscriptions, strings, bodies, defaults, references, types
        )
        objects = tuple(self._with_new(o, resources) for o in objects)
        return Api(
            client,
            self._description.version,
            resources,
            self._description.models,
            objects,
            shortcuts,
            events,
            access,
            self._description.security,
        )

    # The library

    @staticmethod
    def _hints(table: _Table) -> tuple[Hint, ...]:
        hints = []
        for status in table.entries():
            if not re.match(r"[1-5][0-9]{2}\Z", status):
                table.error(f"{quoted(status)} is no HTTP status", status)
                continue
            hints.append(Hint(int(status), DocText(table.text(status, ""))))
        return tuple(sorted(hints, key=lambda hint: hint.status))

    def _client(self, table: _Table, hints: tuple[Hint, ...]) -> Client:
        default_name = "-".join(words(self._description.name)[:6]) or "api"
        if default_name[0].isdigit():
            default_name = "api-" + default_name
        name = table.text("name", default_name)
        if not re.match(r"[A-Za-z][A-Za-z0-9 ._-]*\Z", name):
            table.error(
                f"{quoted(name)} cannot be a name: it has letters and digits, a letter first",
                "name",
            )
        prefix = "".join(word.capitalize() for word in words(name)) or "Api"
        documented = str(self._description.version)
        version = table.text(
            "version",
            documented if re.match(r"[0-9]+(\.[0-9]+){1,3}\Z", documented) else "0.1.0",
            _VERSION,
        )
        client = Client(
            name=name,
            title=DocText(table.text("title", self._description.title or name)),
            description=DocText(table.text("description", self._description.text)),
            version=__version__ if version == _GENERATOR else version,
            error_prefix=table.text("error_prefix", prefix, _PREFIX),
            licence=table.text("licence", "Apache-2.0", _LICENCE),
            homepage=table.text("homepage", "", _HOMEPAGE),
            authors=tuple(table.texts("authors") or ()),
            names=(),
            url=table.text("url", self._url(), _HOMEPAGE),
            hints=hints,
        )
        for author in client.authors:
            if not _LINE.match(author):
                table.error(f"{quoted(author)} cannot be an author", "authors")
        names = []
        for language in table.entries():
            if not isinstance(table.data[language], dict):
                table.error(
                    f"there is no setting {quoted(language)} here"
                    f"{did_you_mean(language, table.asked - {language})}",
                    language,
                )
                continue
            own = table.table(language)
            package = own.text("package", "", _PACKAGE)
            names.append(
                Names(
                    language,
                    package,
                    own.text("class", "", _CLASS),
                    own.text("distribution", "", _DISTRIBUTION),
                    DocText(own.text("example", "", _LINES)),
                )
            )
            own.done()
        return replace(client, names=tuple(names))

    def _url(self) -> str:
        url = self._description.url
        return url if _HOMEPAGE.match(url) else "https://server.example/api"

    def _access(self, table: _Table) -> Access:
        default = Access(lists=self._description.lists)
        access = Access(
            shape=table.text("shape", default.shape, re.compile(r"resources\Z|paths\Z")),
            lists=table.text("lists", default.lists, re.compile(r"comma\Z|repeat\Z")),
            query_limit=int(table.number("query_limit", default.query_limit)),
            credentials_parameter=table.text("credentials_parameter", "", _WORD),
            plurals=self._plurals(table.table("plurals")),
            own=self._own_word(table.table("own")),
            paging=self._paging(table.table("paging")) if table.has("paging") else None,
            windows=self._windows(table.table("windows")) if table.has("windows") else None,
            rate_limit=self._rate_limit(table.table("rate_limit"))
            if table.has("rate_limit")
            else None,
            links=table.flag("links") or False,
        )
        table.done()
        if access.shape == "paths":
            for key in ("objects", "shortcuts", "events"):
                if self._table.has(key):
                    self._table.error(f'{key} need shape = "resources"', key)
                    self._table.asked.add(key)
        else:
            for key in ("plurals", "own", "paging", "windows", "links"):
                if table.has(key):
                    table.error(f'{key} needs shape = "paths"', key)
        return access

    def _plurals(self, table: _Table) -> tuple[Plural, ...]:
        segments = {
            segment
            for _, operation in self._operations.values()
            for segment in operation.path.split("/")
        }
        plurals = []
        for one in table.entries():
            several = table.text(one, one, re.compile(r"[A-Za-z][A-Za-z0-9_-]*\Z"))
            if one in segments:
                plurals.append(Plural(DocText(one), DocText(several)))
            else:
                table.absent(f"no path has the segment {quoted(one)}", one)
        return tuple(sorted(plurals, key=lambda plural: plural.one))

    def _own_word(self, table: _Table) -> DocText:
        if not table.data:
            return DocText("")
        word = table.text("word", "me", _OWN)
        users = table.table("users")
        for parameter in users.entries():
            user = users.text(parameter, "", _USER)
            if user and self._locations(parameter) & {"path"}:
                self._own[parameter] = user
            elif user:
                users.absent(f"no path has the parameter {quoted(parameter)}", parameter)
        table.done()
        return DocText(word)

    def _paging(self, table: _Table) -> Paging | None:
        names = self._query_parameters(table, "page", "size")
        usual = int(table.number("usual", 100))
        table.done()
        if usual < 1:
            table.error("usual must be at least 1", "usual")
        return Paging(names["page"], names["size"], usual) if len(names) == 2 else None

    def _windows(self, table: _Table) -> Windows | None:
        names = self._query_parameters(table, "start", "end")
        if table.has("order"):
            names.update(self._query_parameters(table, "order"))
        months = int(table.number("months", 1))
        table.done()
        if months < 1:
            table.error("months must be at least 1", "months")
        if not {"start", "end"} <= names.keys():
            return None
        return Windows(names["start"], names["end"], months, names.get("order", DocText("")))

    def _query_parameters(self, table: _Table, *keys: str) -> dict[str, DocText]:
        """Return those that the documents have, by what the settings call them."""
        found = {}
        for key in keys:
            if not table.has(key):
                table.error(f"there must be a setting {key}: the name of a parameter", key)
                continue
            name = table.text(key, "")
            if "query" in self._locations(name):
                found[key] = DocText(name)
            else:
                table.absent(f"no operation has the parameter {quoted(name)} in its query", key)
        return found

    @staticmethod
    def _rate_limit(table: _Table) -> RateLimit:
        default = {"limit": "RateLimit-Limit", "remaining": "RateLimit-Remaining"}
        default["reset"] = "RateLimit-Reset"
        names = {key: DocText(table.text(key, name, _HEADER)) for key, name in default.items()}
        table.done()
        return RateLimit(**names)

    # Objects

    def _objects(self, table: _Table) -> tuple[ObjectType, ...]:
        defaults = table.flag("defaults") is not False
        objects: dict[str, ObjectType] = {}
        for name in table.entries():
            entry = table.table(name)
            if name not in self._models:
                table.absent(
                    f"there is no model {quoted(name)}{did_you_mean(name, self._models)}", name
                )
                continue
            found = self._object(name, entry)
            if found is not None:
                objects[name] = found
        if defaults:
            for name in self._models:
                if name not in objects and self._object_path(name):
                    found = self._object(name, _Table(Text(""), "", {}, self._problems))
                    if found is not None:
                        objects[name] = found
        return tuple(objects.values())

    def _object_path(self, model: str) -> str:
        """Return the path of one ``model``: of an operation which gives it by one parameter."""
        own = model.lower()
        for operation in self._getters.get(model, ()):
            parameters = _PLACEHOLDER.findall(operation.path)
            if (
                len(parameters) != 1
                or not operation.path.endswith("}")
                or not self._id_property(model, parameters[0])
            ):
                continue
            parameter = parameters[0].lower()
            stem = re.sub(r"[_-]?(id|name|uuid|key|number)$", "", parameter)
            if parameter in ("id", "name", "uuid", "key") or (
                stem and (stem in own or own in stem)
            ):
                return operation.path
        return ""

    def _id_property(self, model: str, parameter: str) -> str:
        properties = self._properties(model)
        for candidate in (parameter, "id", "name", "uuid", "key"):
            if candidate in properties:
                return candidate
        return ""

    def _properties(self, model: str) -> dict[str, Type]:
        """Return a model's properties, those of its bases among them."""
        chain = []
        at: str | None = model
        while at is not None and at in self._models:
            chain.append(self._models[at])
            at = self._models[at].base
        return {str(p.name): p.type for m in reversed(chain) for p in m.properties}

    def _object(self, name: str, table: _Table) -> ObjectType | None:
        path = table.optional("path") or self._object_path(name)
        ids_table = table.table("ids")
        wanted = table.texts("creators")
        new = table.flag("new")
        if not path:
            table.error(f"no operation gives one {name} by its id; path must say where one lies")
            return None
        parameters = _PLACEHOLDER.findall(path)
        if not parameters or not path.endswith("}"):
            table.error(
                f"{quoted(path)} is not the path of one object: it must end in a parameter", "path"
            )
            return None
        operations = tuple(
            ref for ref, operation in self._operations.values() if _begins(operation.path, path)
        )
        if not operations:
            table.absent(f"no operation's path begins with {path}", "path")
            return None
        properties = self._properties(name)
        ids = []
        for parameter in parameters:
            prop = ids_table.optional(parameter) or self._id_property(name, parameter)
            if prop not in properties:
                cause = (
                    f"the model {name} has no property {quoted(prop)}"
                    if prop
                    else f"ids must say which property of {name} the parameter {parameter} takes"
                )
                table.error(cause + did_you_mean(prop, properties), "ids")
                return None
            ids.append(ObjectId(DocText(parameter), DocText(prop)))
        ids_table.done()
        if wanted is None:
            creators = self._creators(name, parameters)
        else:
            creators = tuple(
                ref
                for key in wanted
                if (ref := self._operation(table, key, "creators")) is not None
            )
            if len(parameters) != 1 and creators:
                table.error("only an object with a single id can have creators", "creators")
        table.done()
        found = ObjectType(
            DocText(name), DocText(path), tuple(ids), operations, creators, bool(new)
        )
        if new is not None:
            self._said_new.add(name)
        return found

    @property
    def _said_new(self) -> set[str]:
        """The objects whose settings say whether a client may make the id."""
        return self.__dict__.setdefault("_new", set())  # type: ignore[no-any-return]

    def _creators(self, model: str, parameters: list[str]) -> tuple[OperationRef, ...]:
        if len(parameters) != 1:
            return ()
        return tuple(
            ref
            for ref, operation in self._operations.values()
            if operation.method != "GET"
            and operation.result.kind == "model"
            and operation.result.name == model
            and "{" not in operation.path
            and any(
                p.name == parameters[0] and p.location != "path" and p.type.kind == "string"
                for p in operation.parameters
            )
        )

    def _with_new(self, kind: ObjectType, resources: tuple[Resource, ...]) -> ObjectType:
        """By default a client may make the id of what some operation makes under a given id."""
        if str(kind.model) in self._said_new or len(kind.ids) != 1:
            return kind
        makes = any(
            operation.method in ("POST", "PUT")
            and operation.result.kind == "model"
            and operation.result.name == kind.model
            and any(
                p.reference == kind.model and p.type.kind == "string"
                for p in operation.parameters
                if not (p.location == "path" and not operation.path.endswith("{" + p.name + "}"))
            )
            for resource in resources
            for operation in resource.operations
        )
        return replace(kind, new=bool(kind.creators) or makes)

    # What refers to operations

    def _operation(self, table: _Table, key: str, *keys: str) -> OperationRef | None:
        if key in self._operations:
            return self._operations[key][0]
        table.absent(
            f"there is no operation {quoted(key)}{did_you_mean(key, self._operations)}", *keys
        )
        return None

    def _shortcuts(self, table: _Table) -> tuple[Shortcut, ...]:
        shortcuts = []
        for name in table.entries():
            if not re.match(r"[A-Za-z][A-Za-z0-9_]*\Z", name):
                table.error(f"{quoted(name)} cannot be the name of a shortcut", name)
                continue
            split = ""
            if isinstance(table.data[name], dict):
                entry = table.table(name)
                key = entry.optional("operation") or ""
                split = entry.text("split", "")
                entry.done()
            else:
                key = table.optional(name) or ""
            target = self._operation(table, key, name)
            if target is None:
                continue
            if split:
                operation = self._operations[key][1]
                if len(split) != 1:
                    table.error("split must be one character", name)
                elif [p.type.kind for p in operation.parameters if p.location == "path"] != [
                    "string",
                    "string",
                ]:
                    table.error(
                        f"{key} does not have the two path parameters of type string that a split "
                        "text would fill",
                        name,
                    )
            shortcuts.append(Shortcut(DocText(name), target, split))
        return tuple(shortcuts)

    def _subscriptions(self, table: _Table) -> dict[str, str]:
        found = {}
        for key in table.entries():
            value = table.optional(key)
            if self._operation(table, key, key) is not None:
                if value in SUBSCRIPTIONS:
                    found[key] = str(value)
                elif value is not None:
                    table.error(
                        f"a subscription is one of {', '.join(SUBSCRIPTIONS)}, not {quoted(value)}",
                        key,
                    )
        return found

    # Events

    def _events(self, table: _Table) -> Events | None:
        key = table.optional("operation")
        model = table.optional("model")
        application = table.optional("application")
        replaced = table.optional("replaced")
        keep = table.texts("keep") or []
        ends_table = table.table("ends")
        websockets = [k for k, (_, operation) in self._operations.items() if operation.websocket]
        if key is None:
            if len(websockets) != 1:
                if table.data:
                    table.error(
                        "operation is missing: the WebSocket operation"
                        if websockets
                        else "the documents have no WebSocket operation",
                        "operation",
                    )
                return None
            key = websockets[0]
        target = self._operation(table, key, "operation")
        if target is None:
            return None
        operation = self._operations[key][1]
        if not operation.websocket:
            table.error(f"{key} is not a WebSocket operation", "operation")
            return None
        if model is None and operation.result.kind == "model":
            model = str(operation.result.name)
        if model is None or model not in self._models:
            if table.data:
                table.absent(
                    f"there is no model {quoted(model)}{did_you_mean(model or '', self._models)}",
                    "model",
                )
            return None
        if self._models[model].discriminator is None:
            if table.data:
                table.error(
                    f"the model {model} has no discriminator to tell its messages apart",
                    "model",
                )
            return None
        names = [str(p.name) for p in operation.parameters]
        if application is None:
            needed = [str(p.name) for p in operation.parameters if p.required]
            application = needed[0] if len(needed) == 1 else None
        elif application not in names:
            table.absent(
                f"{key} has no parameter {quoted(application)}{did_you_mean(application, names)}",
                "application",
            )
            application = None
        messages = self._descendants(model)

        def known(name: str, setting: str) -> bool:
            if name not in messages:
                cause = f"there is no event {quoted(name)}{did_you_mean(name, messages)}"
                table.absent(cause, setting)
            return name in messages

        if replaced is not None and not known(replaced, "replaced"):
            replaced = None
        keep = [name for name in keep if known(name, "keep")]
        ends = self._ends(ends_table, messages)
        table.done()
        return Events(
            operation=target,
            model=DocText(model),
            application=DocText(application) if application is not None else None,
            ends=ends,
            replaced=DocText(replaced) if replaced is not None else None,
            keep=tuple(DocText(name) for name in keep),
        )

    def _ends(self, table: _Table, messages: set[str]) -> tuple[EventEnd, ...]:
        ends = []
        for name in table.entries():
            grace = 0.0
            if isinstance(table.data[name], dict):
                entry = table.table(name)
                prop = entry.optional("property") or ""
                grace = entry.number("grace", 0.0)
                entry.done()
            else:
                prop = table.optional(name) or ""
            if name not in messages:
                cause = f"there is no event {quoted(name)}{did_you_mean(name, messages)}"
                table.absent(cause, name)
            elif prop not in self._properties(name):
                table.error(
                    f"the event {name} has no property {quoted(prop)}"
                    f"{did_you_mean(prop, self._properties(name))}",
                    name,
                )
            elif self._properties(name)[prop].kind != "model":
                table.error(f"the property {quoted(prop)} of {name} is not an object", name)
            else:
                ends.append(EventEnd(DocText(name), DocText(prop), grace))
        return tuple(ends)

    def _descendants(self, model: str) -> set[str]:
        found: set[str] = set()
        waiting = [model]
        while waiting:
            name = waiting.pop()
            for subtype in self._models[name].subtypes:
                if subtype not in found and subtype in self._models:
                    found.add(str(subtype))
                    waiting.append(str(subtype))
        return found

    # Parameters

    def _values(self, table: _Table) -> tuple[set[str], set[str], set[str]]:
        """Return the parameters whose values are texts, the whole body, and sent by default."""
        strings = set(table.texts("strings") or ())
        bodies = set(table.texts("bodies") or ())
        defaults = set(table.texts("defaults") or ())
        table.done()
        for key in sorted(defaults):
            self._check_parameter(table, key, "defaults")
        for key in sorted(strings):
            self._check_parameter(table, key, "strings")
        for key in sorted(bodies):
            if self._check_parameter(table, key, "bodies"):
                for location in sorted(self._locations(key) - {"field"}):
                    table.error(
                        f"{quoted(key)} is no member of a body: it is in the {location}", "bodies"
                    )
        return strings, bodies, defaults

    def _references(self, table: _Table, objects: tuple[ObjectType, ...]) -> dict[str, str]:
        found = {}
        single = {str(kind.model) for kind in objects if len(kind.ids) == 1}
        for key in table.entries():
            model = table.optional(key) or ""
            if not self._check_parameter(table, key, key):
                continue
            if model in single:
                found[key] = model
                continue
            report = table.error if model in self._models else table.absent
            report(
                f"there are no objects {quoted(model)} with a single id"
                f"{did_you_mean(model, single)}",
                key,
            )
        return found

    def _types(self, table: _Table) -> dict[str, Type]:
        found = {}
        for key in table.entries():
            text = table.optional(key) or ""
            kind = self._type(text)
            if not self._check_parameter(table, key, key):
                continue
            if kind is None:
                table.error(f"{quoted(text)} is not a type", key)
                continue
            found[key] = kind
            if (kind.item or kind).kind in ("model", "object", "map", "list", "binary", "any"):
                for location in sorted(self._locations(key) - {"body", "field"}):
                    table.error(f"a {quoted(text)} cannot be sent in the {location}", key)
        return found

    def _locations(self, key: str) -> set[str]:
        """Return where the parameters that ``key`` names travel."""
        if not self._ways:
            for name, (_, operation) in self._operations.items():
                for parameter in operation.parameters:
                    for known in (str(parameter.name), f"{name}.{parameter.name}"):
                        self._ways.setdefault(known, set()).add(parameter.location)
        return self._ways.get(key, set())

    def _type(self, text: str) -> Type | None:
        depth = 0
        makers: list[Callable[[Type], Type]] = []
        while (match := re.match(r"(List|Map)\[(.*)\]\Z", text)) is not None:
            kind = match.group(1).lower()
            makers.append(lambda item, kind=kind: Type(kind, item=item))  # type: ignore[misc]
            text = match.group(2)
            depth += 1
            if depth > 8:
                return None
        if text in self._models:
            result = Type("model", name=DocText(text))
        elif text in (
            "string",
            "integer",
            "number",
            "boolean",
            "binary",
            "datetime",
            "any",
            "object",
        ):
            result = Type(text)
        else:
            return None
        for make in reversed(makers):
            result = make(result)
        return result

    def _check_parameter(self, table: _Table, key: str, *keys: str) -> bool:
        if self._locations(key):
            return True
        known = {
            str(p.name) for _, operation in self._operations.values() for p in operation.parameters
        }
        table.absent(
            f"no operation has a parameter {quoted(key)}"
            f"{did_you_mean(key.rpartition('.')[2], known)}",
            *keys,
        )
        return False

    def _resources(
        self,
        objects: tuple[ObjectType, ...],
        subscriptions: dict[str, str],
        strings: set[str],
        bodies: set[str],
        defaults: set[str],
        references: dict[str, str],
        types: dict[str, Type],
    ) -> tuple[Resource, ...]:
        """Return the resources, with what the settings say of operations and parameters."""
        single = [kind for kind in objects if len(kind.ids) == 1]
        by_name: dict[str, set[str]] = {}
        for kind in single:
            by_name.setdefault(str(kind.ids[0].parameter), set()).add(str(kind.model))
        result = []
        for resource in self._description.resources:
            operations = []
            for operation in resource.operations:
                key = f"{resource.name}.{operation.name}"
                own = next((kind for kind in single if _begins(operation.path, kind.path)), None)
                parameters = []
                for parameter in operation.parameters:
                    name = str(parameter.name)
                    full = f"{key}.{name}"
                    changes: dict[str, Any] = {}
                    kind_of = types.get(full) or types.get(name)
                    if kind_of is not None:
                        changes["type"] = kind_of
                    if full in strings or (
                        name in strings and parameter.location in ("body", "field")
                    ):
                        base = (kind_of or parameter.type).kind
                        if base in ("object", "map", "any"):
                            changes["text_values"] = True
                            if base != "map":
                                changes["type"] = Type("map", item=Type("any"))
                    if full in bodies or name in bodies:
                        changes["location"] = "body"
                    if full in defaults or name in defaults:
                        changes["send_default"] = True
                    reference = references.get(full) or references.get(name)
                    if (
                        reference is None
                        and own is not None
                        and parameter.location == "path"
                        and own.ids[0].parameter == name
                    ):
                        reference = str(own.model)
                    if reference is None and len(by_name.get(name, ())) == 1:
                        reference = next(iter(by_name[name]))
                    if reference is not None and _takes_id(parameter):
                        changes["reference"] = DocText(reference)
                    is_text = parameter.location == "path" and parameter.type.kind == "string"
                    if is_text and name in self._own:
                        changes["own"] = self._own[name]
                    parameters.append(replace(parameter, **changes) if changes else parameter)
                said: dict[str, Any] = {}
                if any(map(operator.is_not, parameters, operation.parameters)):
                    said["parameters"] = tuple(parameters)
                if key in subscriptions:
                    said["subscription"] = subscriptions[key]
                operations.append(replace(operation, **said) if said else operation)
            result.append(replace(resource, operations=tuple(operations)))
        return tuple(result)


def _takes_id(parameter: Parameter) -> bool:
    kind = parameter.type
    return (kind.item or kind).kind in ("string", "integer")


def _begins(path: str, prefix: str) -> bool:
    """Whether ``path`` is ``prefix`` or lies below it."""
    return path == prefix or path.startswith(prefix + "/")
