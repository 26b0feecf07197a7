"""``python -m codegen`` is ``generate_library``."""

from __future__ import annotations

from .cli import program

if __name__ == "__main__":
    program()
