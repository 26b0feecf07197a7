"""Measures the generator: a whole library, cold, against one page with Jinja2.

    ./bazelw run //bench:generate
    python3 bench/generate.py --runs 21

Whole processes are measured from outside, each of ours writing into a new folder.  Cold means that
nothing is left of an earlier run but the compiled modules that an installed package has too: no
compiled template, for one.  ``--large`` adds a made-up API of 1,200 operations in 13 MB,
``--document`` a real one, such as GitHub's description of its API.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import statistics
import sys
import tempfile
from collections.abc import Sequence
from functools import partial
from typing import Any

if __package__ in (None, ""):  # run as a plain file
    sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    __package__ = "bench"

from .measure import (
    REPOSITORY,
    Bench,
    Pair,
    ProcessFailed,
    Row,
    Run,
    at_most,
    progress,
    table,
    turns,
)

_DOCUMENTS = os.path.join(REPOSITORY, "test_resources", "ari")
_GENERATOR = os.path.join(REPOSITORY, "tools", "codegen", "generate_library.py")
_ONE_PAGE = os.path.join(REPOSITORY, "bench", "one_page.py")

#: The targets: times one page, and MB.
ONE_LANGUAGE = 2.0
ALL_LANGUAGES = 4.5
MEMORY = 45.0

#: The targets for the large API: seconds, and MB.
LARGE_SECONDS = 5.0
LARGE_MEMORY = 300.0


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the benchmark; 0 if every target was met."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--runs", type=int, default=15, help="turns of each pair (default: 15)")
    parser.add_argument("--lang", default="python", help="the language (default: python)")
    parser.add_argument("--large", action="store_true", help="also a made-up API of 13 MB")
    parser.add_argument(
        "--document",
        metavar="FILE",
        action="append",
        default=[],
        help="also a document of your own, held to the large API's targets",
    )
    options = parser.parse_args(arguments)
    try:
        with tempfile.TemporaryDirectory(prefix="bench-") as folder:
            good = _measure(options, folder)
    except ProcessFailed as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    return 0 if good else 1


def _measure(options: argparse.Namespace, folder: str) -> bool:
    bench = Bench(folder)
    numbers = itertools.count()

    def generate(lang: str, documents: str = _DOCUMENTS) -> Run:
        out = os.path.join(folder, str(next(numbers)))
        kind = "dir" if os.path.isdir(documents) else "resource"
        given = (f"--lang={lang}", f"--{kind}={documents}", f"--out={out}", "--quiet")
        return bench.run(sys.executable, _GENERATOR, *given)

    def one_page() -> Run:
        return bench.run(sys.executable, _ONE_PAGE, _DOCUMENTS)

    rows = []
    # What compiles the modules is not counted.
    one_page(), generate("all")
    for lang, limit in ((options.lang, ONE_LANGUAGE), ("all", ALL_LANGUAGES)):
        bench.cold()
        ours, baseline = turns(options.runs, f"--lang={lang}", partial(generate, lang), one_page)
        rows.append(at_most(f"--lang={lang}, on the clock", _clock(ours, baseline), limit))
        cpu = Pair([r.cpu for r in ours], [r.cpu for r in baseline])
        rows.append(at_most(f"--lang={lang}, CPU", cpu, limit))
        if lang != "all":
            memory = max(r.memory for r in ours)
            rows.append(_limit(f"--lang={lang}, memory", memory, "MB", MEMORY))
    bench.warm()
    generate(options.lang)
    again = partial(generate, options.lang)
    ours, baseline = turns(options.runs, "again", again, one_page)
    rows.append(at_most(f"--lang={options.lang} again, not cold", _clock(ours, baseline), None))
    large = []
    if options.large:
        documents = os.path.join(folder, "documents")
        size = _make_large(documents)
        large.append((f"{size / 1e6:.0f} MB", documents))
    large += [(os.path.basename(path), os.path.abspath(path)) for path in options.document]
    for name, documents in large:
        runs = []
        for turn in range(3):
            progress(f"{name}: {turn + 1} of 3 …")
            runs.append(generate(options.lang, documents))
        progress("")
        seconds = statistics.median(r.wall for r in runs)
        rows.append(_limit(f"{name}, on the clock", seconds, "s", LARGE_SECONDS))
        rows.append(Row(f"{name}, CPU", f"{statistics.median(r.cpu for r in runs):.3g} s"))
        rows.append(_limit(f"{name}, memory", max(r.memory for r in runs), "MB", LARGE_MEMORY))
    return table("Generating the ARI library, cold", rows)


def _clock(ours: list[Run], baseline: list[Run]) -> Pair:
    return Pair([r.wall for r in ours], [r.wall for r in baseline])


def _limit(figure: str, value: float, unit: str, limit: float) -> Row:
    met = value <= limit
    return Row(figure, f"{value:.3g} {unit}", target=f"≤ {limit:g} {unit}", met=met)


# A document as large as the largest real ones


def _make_large(folder: str) -> int:
    """Write the documents of an API of 1,200 operations and 600 models; gives their size."""
    os.makedirs(folder)
    text = (
        "The value is taken as it is given, and checked when the object is made; what it means "
        "depends on the kind of the object, and on what was asked for before. "
    )
    apis = []
    for number in range(40):
        apis.append({"path": f"/api-docs/part{number}.{{format}}", "description": text})
        _write(os.path.join(folder, f"part{number}.json"), _large_part(number, text))
    listing = {"apiVersion": "1.0", "swaggerVersion": "1.1", "basePath": "http://x/", "apis": apis}
    _write(os.path.join(folder, "resources.json"), listing)
    return sum(os.path.getsize(entry.path) for entry in os.scandir(folder))


def _large_part(number: int, text: str) -> dict[str, Any]:
    operations = []
    for index in range(30):
        model = f"Model{number}x{index % 15}"
        path = f"/part{number}/{{objectId}}/member{index}"
        parameters: list[dict[str, Any]] = [
            {"name": "objectId", "paramType": "path", "dataType": "string", "required": True}
        ]
        for place in range(12):
            parameters.append(
                {
                    "name": f"option{place}",
                    "description": text * 2,
                    "paramType": "query",
                    "dataType": ("string", "int", "boolean", "List[string]")[place % 4],
                    "required": place == 0,
                    "allowMultiple": False,
                }
            )
        operations.append(
            {
                "path": path,
                "description": text,
                "operations": [
                    {
                        "httpMethod": ("GET", "POST", "PUT", "DELETE")[index % 4],
                        "nickname": f"doMember{index}",
                        "summary": text[:60],
                        "notes": text * 4,
                        "responseClass": f"List[{model}]" if index % 2 else model,
                        "parameters": parameters,
                        "errorResponses": [{"code": 404, "reason": "Not found."}],
                    }
                ],
            }
        )
    models = {}
    for index in range(15):
        properties = {
            f"member{place}": {
                "type": ("string", "int", "Date", f"Model{number}x{(index + place) % 15}")[
                    place % 4
                ],
                "description": text * 2,
                "required": place % 2 == 0,
            }
            for place in range(20)
        }
        name = f"Model{number}x{index}"
        models[name] = {"id": name, "description": text * 2, "properties": properties}
    return {
        "apiVersion": "1.0",
        "swaggerVersion": "1.1",
        "basePath": "http://x/",
        "resourcePath": f"/api-docs/part{number}.{{format}}",
        "apis": operations,
        "models": models,
    }


def _write(path: str, content: Any) -> None:
    with open(path, "w", encoding="utf-8") as file:
        json.dump(content, file, indent=1)


if __name__ == "__main__":
    sys.exit(main())
