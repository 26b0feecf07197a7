"""The driver of scenarios as a program; test_resources/conformance/README.md tells what it is given and prints."""

from __future__ import annotations

import json
import sys
import urllib.request
from collections.abc import Mapping
from typing import Any

from conformance_driver import play

#: By the API of a scenario: the package of its library, and that one's class.
LIBRARIES = {"ari": ("asteriskpy", "AsteriskPy"), "realm": ("realmpy", "RealmPy")}


class Replay:
    """The replay server of another process."""

    def __init__(self, control: str) -> None:
        """Take the URL of its control."""
        self._control = control

    def scenarios(self) -> list[dict[str, Any]]:
        """List what it can play."""
        listed: list[dict[str, Any]] = self._ask("scenarios")
        return listed

    def play(self, scenario: Mapping[str, Any]) -> dict[str, Any]:
        """Select a scenario; what the library is to be made with."""
        access: dict[str, Any] = self._ask("play", json.dumps({"id": scenario["id"]}).encode())
        return access

    def verdict(self) -> dict[str, Any]:
        """Say what was wrong with the requests."""
        given: dict[str, Any] = self._ask("verdict")
        return given

    def _ask(self, what: str, body: bytes | None = None) -> Any:
        with urllib.request.urlopen(f"{self._control}/{what}", body) as answer:
            return json.load(answer)


def main(control: str) -> int:
    """Play the scenarios whose ids stand on the standard input."""
    server = Replay(control)
    scenarios = {one["id"]: one for one in server.scenarios()}
    for name in json.load(sys.stdin):
        problem = None
        try:
            play(server, scenarios[name], *LIBRARIES[scenarios[name]["api"]])
        except Exception as error:
            problem = f"{type(error).__name__}: {error}"
        print(json.dumps({"id": name, "problem": problem}), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
