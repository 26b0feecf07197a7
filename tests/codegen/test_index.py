"""What languages ask of the model."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

import pytest
from codegen.index import Index
from codegen.model import DiscriminatorValue, Model, OneOf, Type
from codegen.text import DocText

from tests.codegen.helpers import api_of, document, good, operation

if TYPE_CHECKING:
    from pathlib import Path


def value(text: str, model: str) -> DiscriminatorValue:
    return DiscriminatorValue(DocText(text), DocText(model))


@pytest.fixture
def index(tmp_path: Path) -> Index:
    def made(name: str, **more: Any) -> Model:
        return Model(DocText(name), DocText(""), (), **more)

    kind = DocText("kind")
    models = (
        made("Pet", discriminator=kind, subtypes=(DocText("Cat"), DocText("Dog")), mapping=(value("d", "Dog"),)),
        made("Cat", base=DocText("Pet")),
        made("Dog", base=DocText("Pet"), discriminator=kind, subtypes=(DocText("Puppy"),), mapping=(value("p", "Puppy"),)),
        made("Puppy", base=DocText("Dog")),
        made("Stone"),
    )  # fmt: skip
    api = api_of(good(tmp_path, document(("/things", operation()))))
    return Index(dataclasses.replace(api, models=models))


def test_the_values_of_a_discriminator(index: Index) -> None:
    assert index.discriminated(index.model("Pet")) == {
        "Pet": "Pet",
        "Cat": "Cat",
        "Dog": "Dog",
        "Puppy": "Puppy",
        "d": "Dog",
        "p": "Puppy",
    }
    assert set(index.discriminated(index.model("Dog"))) == {"Dog", "Puppy", "p"}
    assert index.discriminated(index.model("Stone")) == {}


def test_the_values_of_a_choice_of_types(index: Index) -> None:
    types = (Type("model", DocText("Cat")), Type("string"), Type("model", DocText("Stone")))
    mapping = (value("s", "Stone"),)
    found = OneOf(types, DocText("kind"), mapping)
    assert index.discriminated(found) == {"Cat": "Cat", "Stone": "Stone", "s": "Stone"}
    assert index.discriminated(OneOf(types, None, mapping)) == {}
