"""Generates the golden libraries; as a program, takes them over into the source tree."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from pathlib import Path

from codegen import cli, languages
from testing.paths import repository_file

#: Every language there is.
LANGUAGES = tuple(languages.find())

#: Hand-written files, the same in every library: they are read where they are written.
_RUNTIME = "runtime"


def write(language: str, folder: Path) -> Path:
    """Generate the library of a language into a folder of that name, and return the folder."""
    out = folder / language
    api = repository_file("tests/golden/api/resources.json").parent
    if cli.main([f"--lang={language}", f"--dir={api}", f"--out={out}", "--quiet"]) != 0:
        raise RuntimeError(f"the {language} library of tests/golden/api cannot be generated")
    return out


def generated(language: str, folder: Path) -> dict[str, bytes]:
    """Return the library that is generated now: path -> content, without the runtime."""
    out = write(language, folder)
    return {
        path.relative_to(out).as_posix(): path.read_bytes()
        for path in out.rglob("*")
        if path.is_file()
        and not any(part.lower() == _RUNTIME for part in path.relative_to(out).parts)
        # Manifest and lock hold hashes of the runtime too.
        and path.name not in (".generated-files", ".generated-lock")
    }


def main() -> int:
    """Replace the golden libraries in the source tree by those generated now."""
    root = os.environ.get("BUILD_WORKSPACE_DIRECTORY")
    source = Path(root) / "tests/golden" if root else Path(__file__).parent
    with tempfile.TemporaryDirectory() as scratch:
        for language in LANGUAGES:
            target = source / language
            shutil.rmtree(target, ignore_errors=True)
            for name, content in generated(language, Path(scratch)).items():
                path = target / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content)
            print(f"golden {language} library: {target}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
