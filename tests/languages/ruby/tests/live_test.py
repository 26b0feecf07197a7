"""The generated Ruby library makes live GET, POST and DELETE calls on a real Asterisk."""

from __future__ import annotations

import json
from pathlib import Path

from replay.asterisk import live_asterisk
from testing.paths import repository_file

from tests.languages.ruby.tests.support import asterisk_library, require_ruby, run_ruby


def test_a_program_in_ruby_drives_an_asterisk(tmp_path: Path) -> None:
    require_ruby()
    library = asterisk_library(tmp_path)
    program = repository_file("tests/languages/ruby/tests/live.rb")
    with live_asterisk() as asterisk:
        seen = json.loads(
            run_ruby(
                "-I", library / "lib", program, asterisk.url, asterisk.username, asterisk.password
            )
        )
    assert seen.pop("version").split(".")[0].isdigit()
    assert seen == {
        "pong": "pong",
        "bridge": ["room 1/a", "R&B", "Time"],
        "topic": "a+b = c, d",
        "variables": {"SEATS": "12", "TOPIC": "a+b = c, d"},
        "called": "default",
        "listed": True,
        "rejected": [422, "POST", "/bridges/room%201%2Fa/addChannel"],
        "ended": [None, None],
        "errors": [
            ["NotFoundException", 404],
            ["IllegalInputException", None],
            ["NotAuthorizedException", 401],
            ["ConnectionFailedException", None],
        ],
    }
