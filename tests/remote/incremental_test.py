"""A change makes anew what depends on it, and nothing else."""

from __future__ import annotations

import json

import pytest

from tests.remote.actions import Action
from tests.remote.checkout import LIBRARIES
from tests.remote.conftest import First

ARI_LIBRARIES = sorted(label for label in LIBRARIES if label.endswith(":client"))
READ, GENERATE = "ReadApi", "GenerateLibrary"


def ran(actions: list[Action]) -> dict[str, list[str]]:
    """Name the targets of the actions that were run, by kind."""
    found: dict[str, list[str]] = {}
    for action in actions:
        if not action.cached:
            found.setdefault(action.mnemonic, []).append(action.label)
    return {mnemonic: sorted(labels) for mnemonic, labels in found.items()}


def test_first_build_runs_one_action_for_each_api_and_library(first: First) -> None:
    assert ran(first.actions) == {
        READ: ["//test_resources/ari:ari", "//test_resources/realm:realm"],
        GENERATE: sorted(LIBRARIES),
    }


def test_nothing_changed(first: First) -> None:
    assert ran(first.checkout.build()) == {}


@pytest.mark.parametrize(
    ("file", "text", "language"),
    [
        ("templates/javascript/README.md.j2", "\nOne more line.\n", "javascript"),
        ("templates/perl/README.md.j2", "\nOne more line.\n", "perl"),
        ("templates/python/README.md.j2", "\nOne more line.\n", "python"),
        ("langs/javascript/runtime/client.js", "// One more line.\n", "javascript"),
        ("langs/perl/language.py", "# One more line.\n", "perl"),
    ],
)
def test_change_of_a_language(first: First, file: str, text: str, language: str) -> None:
    first.checkout.append(file, text)
    libraries = [f"//langs/{language}:client"]
    if language == "python":
        libraries.append("//langs/python:realm_client")
    assert ran(first.checkout.build()) == {GENERATE: libraries}


def test_change_of_a_description(first: First) -> None:
    name = "test_resources/ari/channels.json"
    file = first.checkout.folder / name
    document = json.loads(file.read_text())
    document["apis"][0]["operations"][0]["summary"] += " And one sentence more."
    file.write_text(json.dumps(document, indent=2))
    assert ran(first.checkout.build()) == {
        READ: ["//test_resources/ari:ari"],
        GENERATE: ARI_LIBRARIES,
    }


def test_change_of_settings(first: First) -> None:
    first.checkout.append("test_resources/realm/client.toml", "\n# One more line.\n")
    # Read again, with nothing new in it.
    assert ran(first.checkout.build()) == {READ: ["//test_resources/realm:realm"]}


def test_reformatted_document_rebuilds_no_library(first: First) -> None:
    model = first.checkout.folder / "bazel-bin/test_resources/ari/ari.model.json"
    before = model.read_bytes()
    file = first.checkout.folder / "test_resources/ari/bridges.json"
    document = file.read_text()
    laid_out = json.dumps(json.loads(document), indent=7, ensure_ascii=True) + "\n\n"
    assert laid_out != document
    file.write_text(laid_out)
    assert ran(first.checkout.build()) == {READ: ["//test_resources/ari:ari"]}
    assert model.read_bytes() == before
