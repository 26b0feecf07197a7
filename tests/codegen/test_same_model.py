"""One resource of ARI, described in Swagger 1.1 and in OpenAPI 3, is one model."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from codegen import model_json, readers, settings, source
from codegen.problems import Problems
from testing.paths import repository_file

if TYPE_CHECKING:
    from pathlib import Path

# What other resources' documents of ARI describe and bridges give.
FOREIGN = {
    "LiveRecording": "recordings",
    "Playback": "playbacks",
    "Variable": "asterisk",
    "Variables": "asterisk",
}

#: The server's URL stands in the OpenAPI document; Swagger 1's basePath is known to be wrong and never used.
SETTINGS = '[client]\nname = "asterisk"\ntitle = "T"\nurl = "http://localhost:8088/ari"\n'


def model(path: Path, folder: Path) -> str:
    """The model of the documents at ``path``, as JSON."""
    toml = folder / "client.toml"
    toml.write_text(SETTINGS)
    problems = Problems()
    description = readers.read(source.open_source(str(path), problems), problems)
    text, data = settings.load(str(toml), problems)
    api = settings.apply(description, data, text, problems)
    assert list(map(str, problems.items)) == []
    return model_json.serialize(api)


def test_bridges(tmp_path: Path) -> None:
    ari = repository_file("test_resources/ari/resources.json").parent
    bridges = json.loads((ari / "bridges.json").read_text("utf-8"))
    for name, resource in FOREIGN.items():
        other = json.loads((ari / f"{resource}.json").read_text("utf-8"))
        bridges["models"][name] = other["models"][name]
    listing = json.loads((ari / "resources.json").read_text("utf-8"))
    listing["apis"] = [entry for entry in listing["apis"] if "bridges" in entry["path"]]
    (tmp_path / "resources.json").write_text(json.dumps(listing))
    (tmp_path / "bridges.json").write_text(json.dumps(bridges))
    old = model(tmp_path / "resources.json", tmp_path)
    new = model(repository_file("tests/codegen/documents/bridges.yaml"), tmp_path)
    assert new == old
    assert old.count('"method"') == 18


def test_the_layout_of_documents_is_nothing(tmp_path: Path) -> None:
    """Nor is the place where they lie: what is made of the model need not be made again."""
    ari = repository_file("test_resources/ari/resources.json").parent
    made = []
    for name, layout in (("wide", {"indent": 4}), ("narrow", {"separators": (",", ":")})):
        (tmp_path / name).mkdir()
        for file in sorted(ari.glob("*.json")):
            text = json.dumps(json.loads(file.read_text()), **layout)
            (tmp_path / name / file.name).write_text(text)
        made.append(model(tmp_path / name / "resources.json", tmp_path))
    assert made[0] == made[1]
    assert "resources.json" not in made[0]
