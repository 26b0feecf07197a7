"""Writes all our sources as the checks want them: ./bazelw run //tools/quality:fix.

What a tool cannot put right by itself remains for the tests to complain of.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from pathlib import Path

from quality.checks import (
    is_bazel,
    is_perl,
    is_python,
    perltidy_command,
    run,
    sources_below,
    unpacked_buildifier,
    unpacked_ruff,
)


def main() -> int:
    """Run the tools over the checkout that Bazel was called in."""
    checkout = Path(os.environ["BUILD_WORKSPACE_DIRECTORY"])
    sources = sources_below(checkout)
    python = [path for path in sources if is_python(path)]
    bazel = [path for path in sources if is_bazel(path)]
    with tempfile.TemporaryDirectory() as folder:
        ruff = unpacked_ruff(Path(folder))
        run([ruff, "check", "--fix-only", "--quiet", *python], checkout)
        run([ruff, "format", "--quiet", *python], checkout)
    run([unpacked_buildifier(), "-mode=fix", "-lint=fix", "-warnings=all", *bazel], checkout)
    if shutil.which("perltidy"):
        perl = [path for path in sources if is_perl(path)]
        run([*perltidy_command("perl", Path(".perltidyrc")), *perl], checkout)
    else:
        print("Perl stays as it is: there is no perltidy (on Debian `apt-get install perltidy`)")
    return 0


if __name__ == "__main__":
    sys.exit(main())
