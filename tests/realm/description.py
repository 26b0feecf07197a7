"""The description of the realm API, read without the generator."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urldefrag, urljoin

import yaml
from testing.paths import repository_file

ROOT = repository_file("test_resources/realm/openapi.yaml")
DOCUMENT: dict[str, Any] = yaml.safe_load(ROOT.read_text("utf-8"))
FILES: dict[str, Any] = {
    str(file): yaml.safe_load(file.read_text("utf-8"))
    for file in [ROOT, ROOT.parent / "common.yaml", *(ROOT.parent / "resources").glob("*.yaml")]
}

SUCCESS = {"get": "200", "post": "201", "put": "200", "delete": "204"}


def resolve(file: str, reference: str) -> tuple[str, Any]:
    """What ``reference``, which stands in ``file``, means, and the file it stands in."""
    target, pointer = urldefrag(urljoin(file, reference))
    found = FILES[target]
    for key in pointer.split("/")[1:]:
        found = found[key]
    if "$ref" in found:
        return resolve(target, found["$ref"])
    return target, found


def operations() -> Iterator[tuple[str, str, str, dict[str, Any]]]:
    """Of each operation its path, its method, the file it stands in, and all that is said of it."""
    for path, reference in DOCUMENT["paths"].items():
        file, item = resolve(str(ROOT), reference["$ref"])
        for method in SUCCESS:
            if method in item:
                operation = dict(item[method])
                operation["parameters"] = [
                    resolve(file, parameter["$ref"])[1] if "$ref" in parameter else parameter
                    for parameter in item.get("parameters", []) + operation.get("parameters", [])
                ]
                yield path, method, file, operation


OPERATIONS = list(operations())
