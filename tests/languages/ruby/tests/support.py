"""What the tests of the Ruby language share: its interpreter, and libraries that were generated in it."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from codegen import cli
from testing.paths import repository_file

#: The folder that the generator is given as --languages.
LANGUAGES = repository_file("tests/languages/ruby/language.py").parents[1]


def require_ruby() -> str:
    """The Ruby interpreter; the test is skipped where there is none.

    Where ``ASTERISK_REQUIRED=1`` says that everything is installed, a skipped test is a failed one.
    """
    program = shutil.which("ruby")
    if program is None:
        pytest.skip("no Ruby is installed (the package ruby, or run inside the Bazel root)")
    return program


def run_ruby(*arguments: str | Path, text: str = "") -> str:
    """What a Ruby program prints, given ``text`` to read; warnings and errors fail the test."""
    done = subprocess.run(
        [require_ruby(), "-w", *map(str, arguments)],
        input=text,
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={**os.environ, "LC_ALL": "C.UTF-8", "RUBYOPT": ""},
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert not done.stderr, done.stderr
    return done.stdout


def generate(out: Path, *arguments: str) -> Path:
    """A library in Ruby, made by the generator's command line."""
    given = [f"--languages={LANGUAGES}", "--lang=ruby", f"--out={out}", "--quiet", *arguments]
    assert cli.main(given) == 0, f"generate_library {' '.join(given)}"
    return out


def asterisk_library(scratch: Path) -> Path:
    """The library for ARI: the one that Bazel built, else one made now."""
    try:
        return repository_file("tests/languages/ruby/asterisk_rb")
    except FileNotFoundError:
        if "RUNFILES_DIR" in os.environ:
            raise
    documents = repository_file("test_resources/ari/resources.json").parent
    return generate(scratch / "asterisk_rb", f"--dir={documents}", "--package=asterisk_rb")
