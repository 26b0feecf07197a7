"""Readers turn a document format into the neutral ``Description``.

Each format is one module of this package with two functions: ``recognises(data)`` says whether the
JSON value is a root document of the format, and ``read(source, root, problems)`` makes the
description.  A further format is one more module and its name in ``READERS``.  Swagger 2 and OpenAPI 3
share ``openapi`` (paths and operations), ``schemas`` and ``objects`` (types and models), ``references``,
``media_types`` and ``whole``; ``place`` is everybody's.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from ..problems import Problems, ProblemsFound, quoted
from ..text import DocText
from ..values import value

if TYPE_CHECKING:
    from ..model import Model, Resource, SecurityScheme
    from ..source import Document, Source

#: The modules, in the order in which they are asked; a module is imported only when its turn comes.
READERS = ("swagger1", "openapi3", "swagger2")

#: What the readers can read, for messages.
FORMATS = "Swagger 1.1, 1.2 and 2.0, OpenAPI 3.0 and 3.1"

_NO_TEXT = DocText("")


@value
class Description:
    """What the documents say of an API, before ``client.toml`` adds its word.

    ``name`` is a name for the API, from the place of the documents.  ``partial`` is true where one
    document of several was given alone.  ``title``, ``text`` (a description), ``url`` and ``lists`` (see
    ``Access``) are the documents' word on what ``client.toml`` may say otherwise.
    """

    name: str
    version: DocText
    resources: tuple[Resource, ...]
    models: tuple[Model, ...]
    partial: bool = False
    title: DocText = _NO_TEXT
    text: DocText = _NO_TEXT
    url: str = ""
    lists: str = "comma"
    security: tuple[SecurityScheme, ...] = ()


def read(source: Source, problems: Problems) -> Description:
    """Read the description at ``source``; problems end the run once everything was looked at."""
    root = source.root()
    for name in READERS:
        reader = import_module(f".{name}", __name__)
        if reader.recognises(root.data):
            description: Description = reader.read(source, root, problems)
            problems.check()
            return description
    problems.error(root, "", _unrecognised(root))
    raise ProblemsFound


def _unrecognised(root: Document) -> str:
    data = root.data
    if not isinstance(data, dict):
        return f"this is not an API description: it is not a JSON object (known formats: {FORMATS})"
    for key in ("swaggerVersion", "swagger", "openapi"):
        if key in data:
            version = f"{key} {quoted(data[key])}"
            return f"{version} is not a version that can be read (known formats: {FORMATS})"
    return f"this is not an API description: it has no openapi, swagger or swaggerVersion (known formats: {FORMATS})"
