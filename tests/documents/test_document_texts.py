"""The documents of ARI are complete: every operation, model and event, each with its text."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from testing.paths import repository_file

from tests.documents.document_structure import gaps, read, texts

if TYPE_CHECKING:
    from collections.abc import Iterator

FILES = [
    "applications",
    "asterisk",
    "bridges",
    "channels",
    "deviceStates",
    "endpoints",
    "events",
    "mailboxes",
    "playbacks",
    "recordings",
    "sounds",
]
ALL_FILES = ["resources", *FILES]

#: Names of types that no model declares.
TYPES = {"string", "int", "long", "double", "boolean", "Date", "object", "containers", "binary"}


def document(name: str) -> Any:
    """Return one of the documents in test_resources/ari."""
    return read(repository_file(f"test_resources/ari/{name}.json"))


def operations() -> list[dict[str, Any]]:
    """Return the operations of all resource files."""
    return [
        operation
        for name in FILES
        for api in document(name)["apis"]
        for operation in api["operations"]
    ]


def models() -> dict[str, Any]:
    """Return the models of all resource files."""
    found: dict[str, Any] = {}
    for name in FILES:
        for model_name, model in document(name).get("models", {}).items():
            assert model_name not in found, f"{model_name} is declared twice"
            found[model_name] = model
    return found


def type_names() -> Iterator[tuple[str, str]]:
    """Yield each place that names a type, and the name without its ``List[…]``."""
    for operation in operations():
        yield operation["nickname"], operation["responseClass"]
        for parameter in operation.get("parameters", []):
            yield f"{operation['nickname']}.{parameter['name']}", parameter["dataType"]
    for name, model in models().items():
        for property_name, value in model["properties"].items():
            yield f"{name}.{property_name}", value["type"]


def test_listing_names_exactly_the_files_that_are_there() -> None:
    listed = [api["path"] for api in document("resources")["apis"]]
    assert sorted(listed) == sorted(f"/api-docs/{name}.{{format}}" for name in FILES)
    folder = Path(repository_file("test_resources/ari/resources.json")).parent
    assert sorted(path.stem for path in folder.glob("*.json")) == sorted(ALL_FILES)


def test_all_of_asterisk_22_is_there() -> None:
    events = models()["Event"]["subTypes"]
    assert (len(operations()), len(models()), len(events)) == (109, 85, 45)
    assert document("resources")["apiVersion"] == "10.0.0"


def test_every_type_and_subtype_exists() -> None:
    known = models()
    unknown = [
        f"{place}: {name}"
        for place, name in type_names()
        if re.fullmatch(r"(?:List\[)?(\w+)\]?", name)[1] not in {*TYPES, "void", *known}  # type: ignore[index]
    ]
    assert unknown == []
    subtypes = {each for model in known.values() for each in model.get("subTypes", [])}
    assert subtypes <= {*known}


@pytest.mark.parametrize("name", ALL_FILES)
def test_nothing_lacks_its_text(name: str) -> None:
    assert gaps(document(name)) == []


@pytest.mark.parametrize("name", ALL_FILES)
def test_texts_are_in_good_form(name: str) -> None:
    wrong: list[str] = []
    for text in texts(document(name)):
        if text.key in ("basePath", "_author", "_svn_revision"):
            continue
        if not text.text.endswith(".") or text.text.endswith(".."):
            wrong.append(f"{text.pointer}: does not end with a full stop")
        if text.text != text.text.strip() or "  " in text.text or " \n" in text.text:
            wrong.append(f"{text.pointer}: has needless blanks")
        if not re.fullmatch(r"[\n -~]+", text.text):
            wrong.append(f"{text.pointer}: is not plain text")
        if re.search(r"</?[a-z]+ ?/?>", text.text):
            wrong.append(f"{text.pointer}: has markup")
        if not re.match(r"[A-Z']", text.text):
            wrong.append(f"{text.pointer}: does not begin with a capital")
        if text.key == "summary" and ("\n" in text.text or re.search(r"[.!?] [A-Z]", text.text)):
            wrong.append(f"{text.pointer}: is more than a sentence")
        if text.key == "descriptioni":
            wrong.append(f"{text.pointer}: is misspelt")
    assert wrong == []


def test_every_file_has_the_same_licence_and_author() -> None:
    heads = {(document(n)["_copyright"], document(n)["_author"]) for n in ALL_FILES}
    assert len(heads) == 1
    assert "Apache License, Version 2.0" in heads.pop()[0]


def test_no_two_operations_have_the_same_summary_in_one_file() -> None:
    for name in FILES:
        summaries = [o["summary"] for api in document(name)["apis"] for o in api["operations"]]
        assert len({*summaries}) == len(summaries), name
