"""rules.md says what the rules are now."""

from __future__ import annotations

import os
from pathlib import Path

from rules_doc import render
from testing.paths import repository_file


def test_rules_are_described_as_they_are() -> None:
    said = repository_file("docs/rules.md").read_text("utf-8")
    text = render.render(Path(os.environ["RULES"]).read_text("utf-8"))
    assert said == text, "docs/rules.md is not what the rules say: ./bazelw run //docs:update_rules"
