"""The description of the realm API is valid, and keeps the API's own conventions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator
from openapi_spec_validator.readers import read_from_filename

from tests.realm.description import DOCUMENT, FILES, OPERATIONS, ROOT, SUCCESS


def references(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if "$ref" in value:
            yield value["$ref"]
        for item in value.values():
            yield from references(item)
    elif isinstance(value, list):
        for item in value:
            yield from references(item)


def test_it_is_valid_openapi() -> None:
    document, uri = read_from_filename(str(ROOT))
    assert list(OpenAPIV31SpecValidator(document, base_uri=uri).iter_errors()) == []


def test_a_list_ends_with_a_slash_and_a_single_thing_does_not() -> None:
    wrong = [
        path
        for path in DOCUMENT["paths"]
        if path.endswith("}/") != path.startswith("/client/client_info/")
        or not re.search(r"([a-z]/|\}|/client_info/\{client_id\}/|/reset_password)$", path)
    ]
    assert wrong == []


def test_a_path_has_a_realm_or_stands_alone() -> None:
    for path in DOCUMENT["paths"]:
        assert re.match(
            r"/(client/(\{client_id\}|client_info)|extension_group/\{extension_group_id\}"
            r"|extension/(\{extension_id\}|registration)|user|timezone)/",
            path,
        ), path


@pytest.mark.parametrize(("path", "method", "file", "operation"), OPERATIONS)
def test_an_operation_is_told_completely(
    path: str, method: str, file: str, operation: dict[str, Any]
) -> None:
    assert operation["summary"].endswith(".")
    assert operation["tags"][0] in [tag["name"] for tag in DOCUMENT["tags"]]
    responses = operation["responses"]
    assert SUCCESS[method] in responses
    assert [code for code in responses if code.startswith("2")] == [SUCCESS[method]]
    assert responses["default"]["$ref"].endswith("common.yaml#/responses/Error")
    in_path = [p["name"] for p in operation["parameters"] if p["in"] == "path"]
    assert sorted(re.findall(r"\{(\w+)\}", path)) == sorted(in_path)
    # Whatever takes something may refuse it.
    if "requestBody" in operation or any(p["in"] == "query" for p in operation["parameters"]):
        assert "400" in responses
    if path.endswith("}"):
        assert "404" in responses


def test_every_tag_is_used() -> None:
    assert {tag["name"] for tag in DOCUMENT["tags"]} == {o["tags"][0] for *_, o in OPERATIONS}


def test_nothing_is_left_unused() -> None:
    used = {
        urljoin(file, reference) for file, text in FILES.items() for reference in references(text)
    }
    parts = {
        f"{file}#/{kind}/{name}"
        for file, text in FILES.items()
        if Path(file) != ROOT
        for kind, items in text.items()
        for name in items
    }
    assert sorted(parts - used) == []
