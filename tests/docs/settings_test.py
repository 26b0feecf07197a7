"""docs/client-toml.md names every setting, and the generator takes what it shows."""

from __future__ import annotations

import re
from contextlib import suppress
from pathlib import Path

import pytest
from codegen import readers, settings, source
from codegen.problems import Problems, ProblemsFound
from testing.paths import repository_file

from tests.docs import markdown

DOCUMENT = repository_file("docs/client-toml.md")
EXAMPLES = [block for block in markdown.read(DOCUMENT).blocks if block.language == "toml"]


@pytest.mark.parametrize("example", EXAMPLES, ids=[f"line {block.line}" for block in EXAMPLES])
def test_the_generator_takes_the_example(example: markdown.Block, tmp_path: Path) -> None:
    file = tmp_path / "client.toml"
    file.write_text(example.text)
    problems = Problems()
    if 'shape = "paths"' in example.text:
        document = source.open_source(
            str(repository_file("test_resources/realm/openapi.yaml")), problems
        )
    else:
        folder = str(repository_file("test_resources/ari/resources.json").parent)
        document = source.open_folder(folder, problems)
    description = readers.read(document, problems)
    with suppress(ProblemsFound):
        text, data = settings.load(str(file), problems)
        settings.apply(description, data, text, problems)
    assert not problems.items, "\n".join(map(str, problems.items))


def test_every_setting_is_there() -> None:
    # The module's own description is complete: what it does not name is not read.
    shown = re.findall(r"^ {4}\[([\w.]+)\]|^ {4}(\w+) = ", settings.__doc__ or "", re.MULTILINE)
    names = {table or key for table, key in shown}
    assert {"client", "events.ends", "error_prefix", "query_limit"} <= names
    # Names that its example has made up.
    names -= {"City", "Station", "StationLost", "StationRemoved", "getCity", "getStations"}
    names -= {"otherStation"}
    said = DOCUMENT.read_text("utf-8")
    missing = [name for name in sorted(names) if not re.search(rf"\b{re.escape(name)}\b", said)]
    assert not missing
