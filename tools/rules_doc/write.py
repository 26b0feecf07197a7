"""Writes docs/rules.md into the source tree: ``./bazelw run //docs:update_rules``."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from rules_doc import render


def main() -> int:
    """Run the command line."""
    root = os.environ.get("BUILD_WORKSPACE_DIRECTORY")
    if not root:
        print("this is run by Bazel: ./bazelw run //docs:update_rules", file=sys.stderr)
        return 2
    text = render.render(Path(os.environ["RULES"]).read_text(encoding="utf-8"))
    target = Path(root) / "docs/rules.md"
    target.write_text(text, encoding="utf-8")
    print(target)
    return 0


if __name__ == "__main__":
    sys.exit(main())
