"""Keeps compiled templates from one run to the next, as Python keeps its compiled modules.

They lie in one file of the ``__pycache__`` where Python keeps the language's own module, and under
the same conditions: not where Python was told to write no bytecode, and without a word where the
folder cannot be written.
"""

from __future__ import annotations

import hashlib
import importlib.util
import marshal
import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jinja2

from . import __version__

if TYPE_CHECKING:
    from jinja2.bccache import Bucket

#: More templates than any language has: above it, the file has gathered old ones.
_LIMIT = 500


def place(module: Path) -> Path:
    """Return the file for the templates of the language whose module is ``module``."""
    compiled = Path(importlib.util.cache_from_source(str(module)))
    return compiled.with_name(f"templates.{sys.implementation.cache_tag}.cache")


class TemplateCache(jinja2.BytecodeCache):
    """The compiled templates in the file ``path``."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._changed = False
        self._codes: dict[str, tuple[str, Any]] = {}
        try:
            content = path.read_bytes()
            # A digest, because what is not whole would end Python itself.
            if content[:32] == hashlib.sha256(content[32:]).digest():
                maker, codes = marshal.loads(content[32:])
                if maker == _maker():
                    self._codes = codes
        except (OSError, ValueError, EOFError, TypeError):
            pass

    def load_bytecode(self, bucket: Bucket) -> None:
        """Give the compiled template, if its source is still the same."""
        checksum, code = self._codes.get(bucket.key, ("", None))
        if checksum == bucket.checksum:
            bucket.code = code

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Take a template that was just compiled."""
        if len(self._codes) >= _LIMIT:
            self._codes.clear()
        self._codes[bucket.key] = (bucket.checksum, bucket.code)
        self._changed = True

    def save(self) -> None:
        """Write the file, if there is anything new and Python may keep bytecode."""
        if not self._changed or sys.dont_write_bytecode:
            return
        content = marshal.dumps((_maker(), self._codes))
        temporary = self._path.with_name(f"{self._path.name}.{os.getpid()}")
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            temporary.write_bytes(hashlib.sha256(content).digest() + content)
            os.replace(temporary, self._path)
        except OSError:
            with suppress(OSError):
                temporary.unlink()


def _maker() -> str:
    """Return what decides how a template is compiled, besides its source."""
    own = os.stat(Path(__file__).with_name("renderer.py"))
    return f"{__version__} {own.st_mtime_ns} {own.st_size} {jinja2.__version__} {sys.version}"
