"""Packs a JavaScript library with `npm pack`.

The same library gives the same file, whenever and wherever it is packed by the same Node and npm.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path


def pack(library: Path, out: Path, node: str, npm: str) -> None:
    """Write the package of `library` into the folder `out`."""
    with tempfile.TemporaryDirectory() as scratch:
        # A sandbox has links in the place of inputs, and npm packs no links.
        copy = Path(scratch) / "package"
        shutil.copytree(library, copy, copy_function=shutil.copyfile)
        # npm keeps the modes of files, which are those of whoever built them.
        for path in copy.rglob("*"):
            path.chmod(0o755 if path.is_dir() else 0o644)
        subprocess.run(
            [
                *(node, npm, "pack", "--ignore-scripts", "--offline", "--silent"),
                *("--pack-destination", str(out.resolve()), "."),
            ],
            cwd=copy,
            env={
                "HOME": scratch,
                "PATH": os.environ.get("PATH", ""),
                "npm_config_cache": f"{scratch}/cache",
                "npm_config_update_notifier": "false",
            },
            stdout=subprocess.DEVNULL,
            check=True,
        )


def main() -> int:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__, fromfile_prefix_chars="@")
    parser.add_argument("--library", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--node", required=True)
    parser.add_argument("--npm", required=True)
    options = parser.parse_args()
    try:
        pack(options.library, options.out, options.node, options.npm)
    except subprocess.CalledProcessError as error:
        print(f"npm pack ended with {error.returncode}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
