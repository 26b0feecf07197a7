"""Packs a Perl library as CPAN wants its distributions: NAME-VERSION.tar.gz, with MANIFEST, and META.json that lists its packages.

The same library gives the same file, whenever and wherever it is packed.
"""

from __future__ import annotations

import argparse
import gzip
import io
import json
import re
import sys
import tarfile
from pathlib import Path
from typing import Any

#: The earliest moment that a ZIP file can name, as for wheels: the first of January 1980.
MOMENT = 315532800

#: What the generator keeps for itself, and what MakeMaker leaves where it was run.
_NOT_PACKED = re.compile(r"\.|(Makefile|MYMETA\.(json|yml)|pm_to_blib|blib/.*|MANIFEST)\Z")

_PACKAGE = re.compile(r"package\s+([A-Za-z_]\w*(?:::\w+)*)\s*[;{]")


class Unpackable(Exception):
    """The folder is no distribution."""


def pack(library: Path, out: Path) -> Path:
    """Write the distribution of a library into a folder, and return its path."""
    files = {
        path.relative_to(library).as_posix(): path.read_bytes()
        for path in library.rglob("*")
        if path.is_file() and not _NOT_PACKED.match(path.relative_to(library).as_posix())
    }
    for name in ("META.json", "Makefile.PL"):
        if name not in files:
            raise Unpackable(f"{library} has no {name}")
    meta = json.loads(files["META.json"])
    meta["provides"] = provided(files, meta["version"])
    files["META.json"] = (json.dumps(meta, indent=3, sort_keys=True) + "\n").encode()
    files["MANIFEST"] = "".join(f"{name}\n" for name in sorted([*files, "MANIFEST"])).encode()
    name = f"{meta['name']}-{meta['version']}"
    target = out / f"{name}.tar.gz"
    with (
        target.open("wb") as raw,
        gzip.GzipFile("", "wb", 9, raw, mtime=0) as packed,
        tarfile.open(fileobj=packed, mode="w", format=tarfile.USTAR_FORMAT) as archive,
    ):
        for path, content in sorted(files.items()):
            member = tarfile.TarInfo(f"{name}/{path}")
            member.size = len(content)
            member.mtime = MOMENT
            archive.addfile(member, io.BytesIO(content))
    return target


def provided(files: dict[str, bytes], version: str) -> dict[str, Any]:
    """List the packages of the modules; the one that the distribution is named for has its version."""
    found: dict[str, Any] = {}
    for path, content in sorted(files.items()):
        if not (path.startswith("lib/") and path.endswith(".pm")):
            continue
        text = content.decode("utf-8")
        for name in packages(text):
            if name in found:
                raise Unpackable(f"{path}: the package {name} is in {found[name]['file']}, too")
            found[name] = {"file": path}
            if re.search(r"^our \$VERSION\b", text, re.MULTILINE):
                found[name]["version"] = version
    if not found:
        raise Unpackable("there is no module in lib")
    return found


def packages(text: str) -> list[str]:
    """Name the packages of a module, in their order; what its documentation shows is none."""
    found: dict[str, None] = {}
    documentation = False
    for line in text.splitlines():
        if re.match(r"=[a-zA-Z]", line):
            documentation = not line.startswith("=cut")
        elif not documentation:
            if re.match(r"__(END|DATA)__\s*\Z", line):
                break
            if declared := _PACKAGE.match(line):
                found[declared[1]] = None
    return list(found)


def main(arguments: list[str] | None = None) -> int:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__, fromfile_prefix_chars="@")
    parser.add_argument("--library", type=Path, required=True, help="the library's folder")
    parser.add_argument("--out", type=Path, required=True, help="the folder for the distribution")
    options = parser.parse_args(arguments)
    try:
        pack(options.library, options.out)
    except (Unpackable, OSError, ValueError) as error:
        print(f"build_cpan: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
