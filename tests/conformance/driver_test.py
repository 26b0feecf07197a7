"""The driver of one language, LANGUAGE, sees what is wrong: no scenario of API that expects something else is right."""

from __future__ import annotations

import copy
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from drivers import DRIVERS, scenarios_of
from replay.drive import run_driver
from replay.server import exchanges_of

API = os.environ["API"]

#: How many scenarios there must be at least, each changed in one way.
AT_LEAST = {"ari": 400, "realm": 600}


def changed(value: Any) -> Any:
    """Change the first plain value within a JSON value; None if there is none."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, (int, float)):
        return value + 1
    if isinstance(value, str):
        return f"{value}x"
    if value is None:
        return "x"
    if isinstance(value, list):
        for number, item in enumerate(value):
            other = changed(item)
            if other is not None:
                return [*value[:number], other, *value[number + 1 :]]
        return None
    if "$base64" in value:
        return {"$base64": "eA=="}
    for name, item in value.items():
        other = changed(item) if name != "$type" else None
        if other is not None:
            return {**value, name: other}
    return None


def others(scenario: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Give the parts of a scenario that say what comes of it, each changed, with a word for the change."""
    if "rate_limit" in scenario:
        limit = scenario["rate_limit"]
        if limit is None:
            yield "rate_limit", {"rate_limit": {"limit": 1, "remaining": 1, "reset": 1}}
        else:
            yield "rate_limit", {"rate_limit": changed(limit)}
            yield "no rate_limit", {"rate_limit": None}
    if "result" in scenario:
        result = scenario["result"]
        if result is None:
            yield "value", {"result": {"value": "x"}}
            return
        body = exchanges_of(scenario)[-1]["response"].get("body")
        value = result.get("value", body)
        other = changed(value)
        if other is not None:
            yield "value", {"result": {**result, "value": other}}
        if "type" in result and value:
            kind = "List[Wrong]" if result["type"].startswith("List[") else "Wrong"
            yield "type", {"result": {**result, "type": kind}}
    elif "error" in scenario:
        error = scenario["error"]
        kind = "Timeout" if error["class"] != "TimeoutException" else "NotFound"
        yield "class", {"error": {**error, "class": f"{kind}Exception"}}
        yield "mentions", {"error": {**error, "mentions": ["what nobody says"]}}
        if error.get("mentions"):
            yield "excludes", {"error": {**error, "excludes": error["mentions"][:1]}}
        if error.get("status"):
            yield "status", {"error": {**error, "status": error["status"] + 1}}
        if "code" in error:
            yield "code", {"error": {**error, "code": "what nobody says"}}
            if error["code"] is not None:
                yield "no code", {"error": {**error, "code": None}}
        if "message" in error:
            yield "message", {"error": {**error, "message": "what nobody says"}}
    elif "handlers" in scenario:
        for number, handler in enumerate(scenario["handlers"]):
            handlers = copy.deepcopy(scenario["handlers"])
            if "counts" in handler:
                handlers[number]["counts"]["to"] -= 1
            elif other := changed(handler.get("receives", [])):
                handlers[number]["receives"] = other
            else:
                continue
            yield f"handlers[{number}]", {"handlers": handlers}
            break
        if len(set(scenario.get("order", ()))) > 1:
            yield "order", {"order": scenario["order"][::-1]}


def test_what_is_wrong_is_seen(tmp_path: Path) -> None:
    scenarios = [
        {**scenario, **parts, "id": f"{scenario['id']} ({word})"}
        for scenario in scenarios_of(API)
        for word, parts in others(scenario)
    ]
    assert len(scenarios) > AT_LEAST[API]
    driver = DRIVERS[os.environ["LANGUAGE"]](tmp_path, API)
    outcomes = run_driver(
        driver.command, scenarios, folder=driver.folder, environment=driver.environment
    )
    assert [name for name, outcome in outcomes.items() if not outcome.played] == []
    assert [name for name, outcome in outcomes.items() if outcome.problem is None] == []
