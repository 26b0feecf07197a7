"""The programs that stand in the documents, and how each language's are run.

In the guide to a library, ``docs/python.md`` for example, the blocks of one section are one program, which
begins with the first block of the document.  A comment below the section's heading says how it is run:

    <!-- program -->                    it ends by itself
    <!-- program: call -->              a call comes from the dialplan while it runs
    <!-- program: restart -->           Asterisk is restarted while it runs
    <!-- program: …, Ctrl-C -->         afterwards somebody ends it

The README of a library, which is generated, holds one in its section "Use": it answers calls until somebody
ends it.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from perl_programs import missing_modules, with_include
from testing.foreign import located
from testing.paths import repository_file

from tests.docs import markdown

#: What may happen to a program.
MANNERS = frozenset({"call", "restart", "Ctrl-C"})


@dataclass(frozen=True)
class Language:
    """A language: its library, and what its programs look like."""

    name: str
    #: The library's name, and that of the folder that Bazel builds.
    package: str
    #: The language of a block, and what files of it end in.
    blocks: Mapping[str, str]
    #: What prints, and what begins a comment.
    printing: str
    comment: str

    @property
    def guide(self) -> Path:
        """The guide to the library."""
        return repository_file(f"docs/{self.name}.md")

    @property
    def library(self) -> Path:
        """The generated library, as Bazel builds it."""
        built = f"langs/{self.name}/{self.package}"
        try:
            return repository_file(built)
        except FileNotFoundError:
            return repository_file(f"bazel-bin/{built}")


PYTHON = Language("python", "asteriskpy", {"python": ".py"}, "print(", "  # ")
JAVASCRIPT = Language(
    "javascript",
    "asteriskjs",
    # A program in CommonJS is whole as it stands; those in TypeScript are compiled, not run.
    {"js": ".mjs", "cjs": ".cjs", "ts": ".mts"},
    "console.log(",
    " // ",
)
PERL = Language("perl", "AsteriskPl", {"perl": ".pl"}, "say ", " # ")
LANGUAGES = (PYTHON, JAVASCRIPT, PERL)


@dataclass(frozen=True)
class Program:
    """A program, and what happens while it runs."""

    language: Language
    name: str
    text: str
    manner: frozenset[str] = frozenset()
    suffix: str = ""

    def __str__(self) -> str:
        return f"{self.language.name}: {self.name}"

    @property
    def promised(self) -> list[str]:
        """What comments in the program say will be printed."""
        printing, comment = self.language.printing, self.language.comment
        return [
            said
            for line in self.text.splitlines()
            if printing in (code := line.partition(comment))[0] and (said := code[2])
        ]

    def start(self, folder: Path) -> tuple[list[str], dict[str, str]]:
        """Write it into a folder; how it is called there, and in which environment."""
        file = folder / f"program{self.suffix}"
        file.write_text(self.text)
        if self.language is PYTHON:
            return [sys.executable, "-u", "-W", "error", file.name], environment()
        if self.language is PERL:
            # What it writes can be read at once, as Python's can with -u.
            return [*perl(), "-MIO::Handle;STDOUT->autoflush", file.name], dict(os.environ)
        install(folder, "ws")
        return [node(), file.name], dict(os.environ)


def of_the_guide(language: Language) -> list[Program]:
    """The programs in the guide to a library."""
    programs: list[Program] = []
    opening = ""
    for section in markdown.read(language.guide).sections:
        blocks = [block for block in section.blocks if block.language in language.blocks]
        if not blocks:
            continue
        assert len(section.comments) == 1, f"{section.title}: how is this program run?"
        kind, _, words = section.comments[0].partition(":")
        manner = frozenset(word.strip() for word in words.split(",") if word.strip())
        assert kind == "program", f"{section.title}: {section.comments}"
        assert manner <= MANNERS, f"{section.title}: {section.comments}"
        [suffix] = {language.blocks[block.language] for block in blocks}
        first = [opening] if opening and suffix != ".cjs" else []
        text = "\n".join([*first, *(block.text for block in blocks)])
        programs.append(Program(language, section.title, text, manner, suffix))
        opening = opening or blocks[0].text
    return programs


def of_the_readme(language: Language) -> Program:
    """The program in the README of the generated library."""
    sections = markdown.read(language.library / "README.md").sections
    [section] = [section for section in sections if section.title == "Use"]
    block = section.blocks[0]
    suffix = language.blocks[block.language]
    return Program(language, "README", block.text, frozenset({"call", "Ctrl-C"}), suffix)


def environment() -> dict[str, str]:
    """What a process needs that shall import the same as this one, wherever it runs."""
    path = os.pathsep.join(map(os.path.abspath, sys.path))
    return {**os.environ, "PYTHONPATH": path}


def node() -> str:
    """The program Node: that of the rules, or that of the machine."""
    return os.environ.get("NODE", "node")


def perl() -> list[str]:
    """The command that runs Perl, that of the rules or that of the machine: with the library, every warning fatal."""
    found = os.environ.get("PERL") or shutil.which("perl") or "/usr/bin/perl"
    include = map(located, filter(None, os.environ.get("PERL_INCLUDE", "").split(":")))
    command = with_include(located(found), [PERL.library / "lib", *include])
    return [*command, "-Mwarnings=FATAL,all"]


def missing_for_perl() -> list[str]:
    """What the programs in Perl need and is not installed, and how it is."""
    return missing_modules(perl(), ["Mojolicious", "IO::Socket::SSL", "Try::Tiny"])


def install(folder: Path, *modules: str) -> None:
    """Lay out ``node_modules`` in a folder: the JavaScript library, and npm packages."""
    target = folder / "node_modules"
    # A copy, not a link: it must find other packages beside it, as an installed one does.
    shutil.copytree(JAVASCRIPT.library, target / JAVASCRIPT.package)
    installed = Path(os.environ.get("NODE_MODULES", "node_modules")).absolute()
    for name in modules:
        (target / name).symlink_to(installed / name)
