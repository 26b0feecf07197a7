"""Collects the packages of a release in one folder, with SHA256SUMS, by which `sha256sum --check` knows them."""

from __future__ import annotations

import argparse
import hashlib
import shutil
import sys
from pathlib import Path

SUMS = "SHA256SUMS"


class Uncollectable(Exception):
    """What is given is no release."""


def sha256(path: Path) -> str:
    """Give a file's checksum."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def write_sums(folder: Path) -> None:
    """Write the checksums of all files in a folder."""
    lines = [
        f"{sha256(path)}  {path.name}\n" for path in sorted(folder.iterdir()) if path.name != SUMS
    ]
    (folder / SUMS).write_text("".join(lines), encoding="ascii")


def collect(packages: list[Path], out: Path) -> None:
    """Copy packages, each the only file in a folder of its own, and write their checksums."""
    for package in packages:
        files = sorted(package.iterdir())
        if len(files) != 1:
            raise Uncollectable(f"{package} holds {len(files)} files, not one package")
        target = out / files[0].name
        if target.exists():
            raise Uncollectable(f"two packages are called {target.name}")
        shutil.copyfile(files[0], target)
    write_sums(out)


def main(arguments: list[str] | None = None) -> int:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__, fromfile_prefix_chars="@")
    parser.add_argument("--out", type=Path, required=True, help="the folder for the release")
    parser.add_argument("packages", type=Path, nargs="+", metavar="PACKAGE")
    options = parser.parse_args(arguments)
    try:
        collect(options.packages, options.out)
    except (Uncollectable, OSError) as error:
        print(f"collect_release: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
