"""The languages that are compared, and how the driver of each is started."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from node_programs import lay_out, node_of
from perl_programs import missing_modules, oldest, with_include
from replay.server import load_scenarios
from testing import foreign
from testing.paths import repository_file


@dataclass(frozen=True)
class Api:
    """An API whose libraries are compared."""

    #: Where its scenarios are.
    scenarios: str
    #: What the generator is told, if there is no library yet: an option, and a place in the repository.
    documents: tuple[str, str]
    #: What its library is called in each language.
    packages: Mapping[str, str]


#: The APIs that there are scenarios of.
APIS = {
    "ari": Api(
        "test_resources/conformance",
        ("--dir", "test_resources/ari/resources.json"),
        {"javascript": "asteriskjs", "perl": "AsteriskPl", "python": "asteriskpy"},
    ),
    "realm": Api(
        "test_resources/realm/conformance",
        ("--resource", "test_resources/realm/openapi.yaml"),
        {"javascript": "realmjs", "perl": "RealmPl", "python": "realmpy"},
    ),
}


def scenarios_of(api: str) -> list[dict[str, Any]]:
    """List the scenarios of an API."""
    return load_scenarios([repository_file(APIS[api].scenarios)])


@dataclass(frozen=True)
class Driver:
    """A driver that can be started."""

    command: list[str]
    folder: Path
    environment: dict[str, str]


def _python(folder: Path, api: str) -> Driver:
    tests = repository_file("langs/python/tests/conformance.py")
    path = [
        str(tests.parent),
        str(_library("python", api, folder)),
        *filter(None, sys.path),
    ]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path)}
    return Driver([sys.executable, str(tests)], folder, environment)


def _javascript(folder: Path, api: str) -> Driver:
    tests = [
        repository_file(f"langs/javascript/tests/{name}")
        for name in ("conformance.mjs", "conformance-driver.mjs")
    ]
    modules = _place("NODE_MODULES", "node_modules")
    node = os.environ.get("NODE", "node")
    if os.environ.get("INTERPRETER") == "oldest":
        node = node_of("node-oldest", modules) or node
    lay_out(
        folder,
        libraries=[_library("javascript", api, folder)],
        files=tests,
        node_modules=modules,
        modules=["ws"],
    )
    return Driver([node, tests[0].name], folder, dict(os.environ))


def _perl(folder: Path, api: str) -> Driver:
    tests = repository_file("langs/perl/tests/conformance.pl")
    further = filter(None, os.environ.get("PERL_INCLUDE", "").split(":"))
    include = [
        _library("perl", api, folder) / "lib",
        tests.parent / "lib",
        *map(foreign.located, further),
    ]
    perl = _place("PERL", "/usr/bin/perl")
    if os.environ.get("INTERPRETER") == "oldest":
        perl = oldest(perl, include)
    command = with_include(perl, include)
    missing = missing_modules(command, ["Mojolicious"])
    if missing:
        raise RuntimeError(missing[0])
    return Driver([*command, str(tests)], folder, dict(os.environ))


#: Makes the driver of a language, for an API, in a folder of its own.
DRIVERS: dict[str, Callable[[Path, str], Driver]] = {
    "javascript": _javascript,
    "perl": _perl,
    "python": _python,
}


def _place(variable: str, default: str) -> Path:
    """Find what Bazel names in a variable, or else what a checkout, or the machine, has."""
    if variable in os.environ:
        return foreign.located(os.environ[variable])
    return Path(default) if os.path.isabs(default) else repository_file(default)


def _library(language: str, api: str, folder: Path) -> Path:
    """Find the library that Bazel built; without Bazel it is generated now."""
    if "RUNFILES_DIR" in os.environ or "RUNFILES_MANIFEST_FILE" in os.environ:
        return repository_file(f"langs/{language}/{APIS[api].packages[language]}")
    from codegen import cli

    option, place = APIS[api].documents
    documents = repository_file(place)
    if option == "--dir":
        documents = documents.parent
    out = folder / "library"
    if cli.main([f"--lang={language}", f"{option}={documents}", f"--out={out}", "--quiet"]) != 0:
        raise RuntimeError(f"the {language} library cannot be generated")
    return out
