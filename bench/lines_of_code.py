"""Counts the generated library's lines of code for each operation of the API, runtime included.

    ./bazelw run //bench:lines_of_code
    python3 bench/lines_of_code.py

A line counts if it holds code: not those that are empty, or hold nothing but a comment or a part of
a docstring (or of any other text that stands for itself).
"""

from __future__ import annotations

import argparse
import ast
import io
import json
import os
import sys
import tempfile
import tokenize
from collections.abc import Iterator, Sequence

if __package__ in (None, ""):  # run as a plain file
    sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    __package__ = "bench"

from .measure import REPOSITORY, Bench, ProcessFailed, Row, table

#: The target: lines for each operation.
LINES = 60

_DOCUMENTS = os.path.join(REPOSITORY, "test_resources", "ari")
_GENERATOR = os.path.join(REPOSITORY, "tools", "codegen", "generate_library.py")

_NO_CODE = frozenset(
    (
        tokenize.COMMENT,
        tokenize.NL,
        tokenize.NEWLINE,
        tokenize.INDENT,
        tokenize.DEDENT,
        tokenize.ENDMARKER,
    )
)


def lines_of_code(source: str) -> int:
    """How many lines of a Python source hold code."""
    lines: set[int] = set()
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type not in _NO_CODE:
            lines.update(range(token.start[0], token.end[0] + 1))
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Expr(value=ast.Constant(value=str())):
                lines.difference_update(range(node.lineno, (node.end_lineno or 0) + 1))
    return len(lines)


def main(arguments: Sequence[str] | None = None) -> int:
    """Count, and print what was found; 0 if the target was met."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--library", metavar="FOLDER", help="a library (default: one made anew)")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        library = options.library
        if library is None:
            library = os.path.join(folder, "library")
            given = ("--lang=python", f"--dir={_DOCUMENTS}", f"--out={library}", "--quiet")
            try:
                Bench(folder).run(sys.executable, _GENERATOR, *given)
            except ProcessFailed as error:
                print(f"error: {error}", file=sys.stderr)
                return 2
        counts: dict[str, int] = {}
        for part, path in _sources(library):
            with open(path, encoding="utf-8") as file:
                counts[part] = counts.get(part, 0) + lines_of_code(file.read())
    operations = sum(1 for _ in _operations())
    rows = [
        Row(part, str(count), ratio=f"{count / operations:.1f}")
        for part, count in sorted(counts.items(), key=lambda item: -item[1])
    ]
    total = sum(counts.values())
    each = total / operations
    row = Row("all", str(total), f"{operations} operations", f"{each:.1f}", f"≤ {LINES}")
    rows.append(row._replace(met=each <= LINES))
    return 0 if table("Lines of code for each operation", rows) else 1


def _sources(library: str) -> Iterator[tuple[str, str]]:
    """(part of the package, path) of each Python source."""
    for base, _, files in os.walk(library):
        for name in sorted(files):
            if name.endswith(".py"):
                # Below the package's own folder: runtime, models, resources or a module.
                inside = os.path.relpath(os.path.join(base, name), library).split(os.sep)[1:]
                yield inside[0] if inside else name, os.path.join(base, name)


def _operations() -> Iterator[str]:
    """The operations of the documents."""
    for name in sorted(os.listdir(_DOCUMENTS)):
        if name.endswith(".json"):
            with open(os.path.join(_DOCUMENTS, name), encoding="utf-8") as file:
                document = json.load(file)
            for api in document["apis"]:
                for operation in api.get("operations", ()):
                    yield f"{name}.{operation['nickname']}"


if __name__ == "__main__":
    sys.exit(main())
