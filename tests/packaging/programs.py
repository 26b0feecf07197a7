"""The programs that packages are built and installed by."""

from __future__ import annotations

import os
import shutil

from testing.foreign import located


def _program(variable: str, name: str) -> str:
    """Find a program: the one that the test's environment names, as Bazel sets it, or that on PATH."""
    named = os.environ.get(variable)
    return str(located(named) if named else os.path.realpath(shutil.which(name) or name))


NODE, NPM, PERL = _program("NODE", "node"), _program("NPM", "npm"), _program("PERL", "perl")

#: Where this Perl finds what is not its own.
PERL_INCLUDE = [
    str(located(path)) for path in os.environ.get("PERL_INCLUDE", "").split(":") if path
]
