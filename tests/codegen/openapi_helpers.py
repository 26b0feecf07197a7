"""Small documents of OpenAPI 3 and Swagger 2, one trait each, and a way to read them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from codegen import readers, source
from codegen.problems import Problem, Problems, ProblemsFound

from tests.codegen.helpers import warnings

if TYPE_CHECKING:
    from pathlib import Path

    from codegen.model import Model, Operation, Parameter, Property, Type
    from codegen.readers import Description

Json = dict[str, Any]

OK: Json = {"204": {"description": "Done."}}


def three(paths: Json | None = None, schemas: Json | None = None, **keys: Any) -> Json:
    """A document of OpenAPI 3.0 (``openapi`` says otherwise); ``components`` are added to ``schemas``."""
    made: Json = {
        "openapi": "3.0.3",
        "info": {"title": "Things", "version": "1.0.0"},
        "paths": paths if paths is not None else {"/things": {"get": get()}},
    }
    components = {
        **({"schemas": schemas} if schemas is not None else {}),
        **keys.pop("components", {}),
    }
    if components:
        made["components"] = components
    return {**made, **keys}


def two(paths: Json | None = None, definitions: Json | None = None, **keys: Any) -> Json:
    """A document of Swagger 2.0."""
    made: Json = {
        "swagger": "2.0",
        "info": {"title": "Things", "version": "1.0.0"},
        "paths": paths if paths is not None else {"/things": {"get": get()}},
    }
    if definitions is not None:
        made["definitions"] = definitions
    return {**made, **keys}


def get(*parameters: Json, operation_id: str | None = "read", **keys: Any) -> Json:
    """An operation; ``keys`` are added."""
    made: Json = {"responses": OK, **keys}
    if operation_id is not None:
        made["operationId"] = operation_id
    if parameters:
        made["parameters"] = list(parameters)
    return made


def giving(schema: Json, media: str = "application/json") -> Json:
    """The responses of an operation whose result has this schema (OpenAPI 3)."""
    return {"200": {"description": "Good.", "content": {media: {"schema": schema}}}}


def taking(schema: Json, media: str = "application/json", **keys: Any) -> Json:
    """The body of this schema (OpenAPI 3)."""
    return {"content": {media: {"schema": schema}}, "required": True, **keys}


def reference(name: str) -> Json:
    """A reference to a named schema of OpenAPI 3."""
    return {"$ref": f"#/components/schemas/{name}"}


def read(
    folder: Path, content: Json | str, name: str = "openapi.json"
) -> tuple[Description | None, list[Problem]]:
    """The description of a document (None if it cannot be read) and all problems."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content if isinstance(content, str) else json.dumps(content, indent=1), "utf-8")
    problems = Problems()
    try:
        return readers.read(source.open_source(str(path), problems), problems), problems.items
    except ProblemsFound:
        return None, problems.items


def good(folder: Path, content: Json | str, name: str = "openapi.json") -> Description:
    """The description of a document that must be read without any problem."""
    description, problems = read(folder, content, name)
    assert list(map(str, problems)) == []
    assert description is not None
    return description


def warned(folder: Path, content: Json | str) -> tuple[Description, list[str]]:
    """The description of a document that can be read, and the warnings: pointer and cause."""
    description, problems = read(folder, content)
    assert description is not None, list(map(str, problems))
    return description, warnings(problems)


def operations(description: Description) -> dict[str, Operation]:
    """All operations by ``resource.name``."""
    return {f"{r.name}.{o.name}": o for r in description.resources for o in r.operations}


def the_operation(description: Description) -> Operation:
    """The single operation of a description."""
    (found,) = operations(description).values()
    return found


def parameters(description: Description) -> dict[str, Parameter]:
    """The parameters of the single operation, by name."""
    return {str(p.name): p for p in the_operation(description).parameters}


def models(description: Description) -> dict[str, Model]:
    """The models by name."""
    return {str(model.name): model for model in description.models}


def properties(model: Model) -> dict[str, Property]:
    """The properties of a model by name."""
    return {str(item.name): item for item in model.properties}


def shown(type_: Type) -> str:
    """A type in one line, such as ``list[Pet?]`` or ``string:base64``."""
    text = {"list": "list", "map": "map", "model": str(type_.name)}.get(type_.kind, type_.kind)
    if type_.item is not None:
        text += f"[{shown(type_.item)}]"
    if type_.format:
        text += f":{type_.format}"
    if type_.one_of is not None:
        text = " | ".join(map(shown, type_.one_of.types))
        text = f"({text})"
    return text + ("?" if type_.nullable else "")
