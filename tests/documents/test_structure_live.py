"""The documents of ARI have the structure of an installed Asterisk's, and no text of theirs.

The folder of Asterisk's documents is ``/usr/share/asterisk/rest-api``, or the one that the
environment names in ``ASTERISK_REST_API``.  Without one the tests are skipped; with
``ASTERISK_REQUIRED=1`` they fail instead.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from testing.paths import repository_file

from tests.documents.document_structure import differences, read, same_texts, shared_runs, texts

ASTERISK = Path(os.environ.get("ASTERISK_REST_API") or "/usr/share/asterisk/rest-api")
FILES = [
    "resources.json",
    "applications.json",
    "asterisk.json",
    "bridges.json",
    "channels.json",
    "deviceStates.json",
    "endpoints.json",
    "events.json",
    "mailboxes.json",
    "playbacks.json",
    "recordings.json",
    "sounds.json",
]

#: So many words in a row are no coincidence.
COPIED_WORDS = 7


def asterisk() -> Path:
    """Return the folder of the installed Asterisk's documents; without one the test ends."""
    # Not a fixture: a test that needs Asterisk and has none shall fail, not err, where it must run.
    if (ASTERISK / "resources.json").is_file():
        return ASTERISK
    reason = f"no Asterisk is installed: {ASTERISK} holds no resources.json"
    if os.environ.get("ASTERISK_REQUIRED") == "1":
        pytest.fail(reason)
    pytest.skip(reason)


def ours(name: str) -> Path:
    """Return the path of one of our documents."""
    return repository_file(f"test_resources/ari/{name}")


def test_the_same_files_are_there() -> None:
    assert sorted(path.name for path in asterisk().glob("*.json")) == sorted(FILES)


@pytest.mark.parametrize("name", FILES)
def test_structure_is_that_of_asterisk(name: str) -> None:
    found = differences(read(ours(name)), read(asterisk() / name))
    assert not found, f"{name} differs:\n" + "\n".join(str(each) for each in found)


@pytest.mark.parametrize("name", FILES)
def test_no_text_is_that_of_asterisk(name: str) -> None:
    folder = asterisk()
    # basePath is an address, and may well be the same.
    our_texts = [text for text in texts(read(ours(name))) if text.key != "basePath"]
    their_texts = [text for file in FILES for text in texts(read(folder / file))]
    assert same_texts(our_texts, their_texts) == []
    assert shared_runs(our_texts, their_texts, COPIED_WORDS) == []
