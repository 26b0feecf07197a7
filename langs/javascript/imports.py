"""What the modules of a library import."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from codegen.text import Code

from .decoding import FILES
from .escapes import literal
from .layout import fit
from .parameters import BODY_FILES, STYLES

#: Name -> the file of the runtime that has it.
RUNTIME_FILES = {
    **FILES,
    **BODY_FILES,
    **dict.fromkeys(STYLES.values(), "styles"),
    "splitId": "operation",
    "Place": "places",
    "iterate": "lists",
}


def runtime_imports(names: Iterable[str]) -> list[Code]:
    """The imports of what the runtime has."""
    by_file: dict[str, list[str]] = {}
    for name in names:
        by_file.setdefault(RUNTIME_FILES[name], []).append(name)
    return [import_of(sorted(by_file[file]), f"../runtime/{file}.js") for file in sorted(by_file)]


def import_of(names: Sequence[str], module: str) -> Code:
    """The statement that imports names from a module."""
    if len(names) == 1:
        return Code(f"import {{ {names[0]} }} from {literal(module)};")
    return fit("import {", names, f"}} from {literal(module)};", 0, room=" ")
