"""What the comparison of two builds says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.remote.compare import main


def action(path: str, digest: str, mnemonic: str = "Make", **more: Any) -> dict[str, Any]:
    """Give the entry of a log for an action that makes one file."""
    file = {"path": path, "digest": {"hash": digest, "sizeBytes": "1"}}
    return {"mnemonic": mnemonic, "targetLabel": "//a:a", "actualOutputs": [file], **more}


def log(folder: Path, name: str, *actions: dict[str, Any]) -> str:
    """Write a log as Bazel does: objects over several lines, one after another."""
    path = folder / name
    path.write_text("".join(json.dumps(entry, indent=2) for entry in actions) + "\n")
    return str(path)


LOCAL = action("bin/a", "11", runner="linux-sandbox")
REMOTE = action("bin/a", "11", runner="remote")
TEST = action("log", "22", "TestRunner", runner="linux-sandbox")
OTHER_TEST = action("log", "33", "TestRunner", runner="remote cache hit", cacheHit=True)


def test_same_files(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    one, other = log(tmp_path, "one", LOCAL, TEST), log(tmp_path, "other", REMOTE, OTHER_TEST)
    assert main([one, other]) == 0
    assert capsys.readouterr().out == (
        f"{one}: 2 actions (linux-sandbox: 1; linux-sandbox, tests: 1), 1 files compared\n"
        f"{other}: 2 actions (remote: 1; remote cache hit, tests: 1), 1 files compared\n"
        "0 differences\n"
    )


@pytest.mark.parametrize(
    ("other", "said"),
    [
        ([action("bin/a", "99")], "bin/a: 11 and 99\n1 differences\n"),
        ([LOCAL, action("bin/b", "44")], "bin/b: made by one of them only\n1 differences\n"),
        ([], "bin/a: made by one of them only\n1 differences\n"),
    ],
    ids=["another digest", "one more", "nothing"],
)
def test_differences(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    other: list[dict[str, Any]],
    said: str,
) -> None:
    assert main([log(tmp_path, "one", LOCAL), log(tmp_path, "other", *other)]) == 1
    assert capsys.readouterr().out.endswith(said)


def test_nothing_to_compare_is_no_success(tmp_path: Path) -> None:
    assert main([log(tmp_path, "one", TEST), log(tmp_path, "other", OTHER_TEST)]) == 1
