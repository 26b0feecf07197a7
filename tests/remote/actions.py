"""What a Bazel did: the actions in the log that --execution_log_json_file writes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Action:
    """An action that was not up to date, and what became of it."""

    #: What kind it is: ReadApi, GenerateLibrary and so on.
    mnemonic: str
    label: str
    #: What ran it: "linux-sandbox", "remote" or, where nothing was run, "remote cache hit".
    runner: str
    #: Whether a cache had the result, so that nothing was run.
    cached: bool
    #: The path of each input, with a digest of what it holds.
    inputs: Mapping[str, str]
    #: The same of the outputs, one by one where a folder was written.
    outputs: Mapping[str, str]


def read_log(log: Path) -> list[Action]:
    """Read a log; where there is none, no action was run."""
    # JSON objects one after another, over many lines each.
    decoder = json.JSONDecoder()
    text = log.read_text(encoding="utf-8").strip() if log.exists() else ""
    actions = []
    position = 0
    while position < len(text):
        entry, position = decoder.raw_decode(text, position)
        actions.append(_action(entry))
        while text[position : position + 1].isspace():
            position += 1
    return actions


def _action(entry: Mapping[str, Any]) -> Action:
    return Action(
        mnemonic=entry["mnemonic"],
        label=entry.get("targetLabel", "").removeprefix("@@"),
        runner=entry.get("runner", ""),
        cached=bool(entry.get("cacheHit")),
        inputs=_digests(entry.get("inputs", [])),
        outputs=_digests(entry.get("actualOutputs", [])),
    )


def _digests(files: list[dict[str, Any]]) -> dict[str, str]:
    return {
        file["path"]: file.get("symlinkTargetPath") or file.get("digest", {}).get("hash", "")
        for file in files
    }
