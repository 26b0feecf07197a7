"""What the documents name is there: files, headings, targets, programs' options."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from urllib.parse import unquote

import pytest
from codegen import settings
from codegen.problems import Problems
from testing.paths import repository_file

from tests.docs import markdown, programs

#: The checkout itself: the documents name more than a test could declare.
CHECKOUT = repository_file("pyproject.toml").resolve().parent

_LABEL = re.compile(r"(?<![\w:/}])(?:@asterisk_rest_libraries)?//([\w./-]*)(?::([\w.-]+))?")
_CODE = re.compile(r"`([^`\n]+)`")
_OPTION = re.compile(r"(?<!\S)(--[a-z][a-z-]*)")
#: What is written in place of a name, or of many.
_PLACEHOLDER = re.compile(r"[A-Z]{3,}|[*%<>{}…$]|\bmy_")
#: The programs that documents call, by the file that each one is.
_PROGRAMS = {
    "//tools/codegen:generate_library": "tools/codegen/generate_library.py",
    "generate_library": "tools/codegen/generate_library.py",
    "//tools/distribution:module_archive": "tools/distribution/module_archive.py",
    "//tools/distribution:version": "tools/distribution/version.py",
    "//tools/replay:record": "tools/replay/record.py",
    "//tools/replay:verify": "tools/replay/verify.py",
    "//tools/replay:try_api": "tools/replay/try_api.py",
}


def _documents() -> list[Path]:
    found = []
    for folder, folders, files in os.walk(CHECKOUT):
        folders[:] = sorted(f for f in folders if not f.startswith((".", "bazel-", "node_modules")))
        found += [Path(folder, name) for name in sorted(files) if name.endswith(".md")]
    return found


DOCUMENTS = _documents()
each_document = pytest.mark.parametrize(
    "path", DOCUMENTS, ids=[str(path.relative_to(CHECKOUT)) for path in DOCUMENTS]
)


def test_the_documents_of_a_project_are_there() -> None:
    names = {str(path.relative_to(CHECKOUT)) for path in DOCUMENTS}
    assert names >= {
        "README.md",
        "CONTRIBUTING.md",
        "SECURITY.md",
        "CHANGELOG.md",
        "docs/layout.md",
        "docs/client-toml.md",
        "docs/generate-library.md",
        "docs/python.md",
        "docs/javascript.md",
        "docs/perl.md",
        "docs/realm.md",
    }


@each_document
def test_links_lead_somewhere(path: Path) -> None:
    wrong = []
    for target, line in markdown.read(path).links:
        if re.match(r"[a-z]+:", target):
            continue
        name, _, anchor = target.partition("#")
        file = path.parent / unquote(name) if name else path
        if not file.exists():
            wrong.append(f"line {line}: there is no {target}")
        elif anchor and anchor not in markdown.read(file).anchors:
            wrong.append(f"line {line}: {name or path.name} has no heading #{anchor}")
    assert not wrong, "\n".join(wrong)


@each_document
def test_targets_exist(path: Path) -> None:
    wrong = []
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        for match in _LABEL.finditer(line):
            if not _PLACEHOLDER.search(match.group()) and not _is_target(*match.groups()):
                wrong.append(f"line {number}: there is no {match.group()}")
    assert not wrong, "\n".join(wrong)


def _is_target(package: str, name: str | None) -> bool:
    package = package.rstrip("./")
    if name is None and not package:
        return True  # //...
    folder = CHECKOUT / package
    build = folder / "BUILD.bazel"
    if name is None and any(folder.glob("**/BUILD.bazel")):
        return True  # //tests/..., or the target that is named like its package
    name = name or folder.name
    if not build.exists():
        return False
    if name == "all" or (folder / name).exists():
        return True
    # Tests have the names of their files, where a list makes them.
    stem = name.removesuffix("_test")
    return (
        f'"{name}"' in build.read_text("utf-8")
        or (folder / f"{name}.py").exists()
        or (folder / f"test_{stem}.py").exists()
    )


@each_document
def test_paths_exist(path: Path) -> None:
    # What Bazel has built is there or not, as it happens.
    top = {
        entry.name
        for entry in CHECKOUT.iterdir()
        if entry.is_dir() and not entry.name.startswith("bazel-")
    }
    wrong = []
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        for code in _CODE.findall(line):
            word = code.split()[0].removeprefix("./")
            if _PLACEHOLDER.search(word) or word.partition("/")[0] not in top or "/" not in word:
                continue
            if not (CHECKOUT / word).exists() and not (path.parent / word).exists():
                wrong.append(f"line {number}: there is no {word}")
    assert not wrong, "\n".join(wrong)


def test_layout_names_every_package() -> None:
    said = (CHECKOUT / "docs/layout.md").read_text("utf-8")
    missing = []
    for folder, folders, files in os.walk(CHECKOUT):
        folders[:] = [f for f in folders if not f.startswith((".", "bazel-", "node_modules"))]
        name = Path(folder).relative_to(CHECKOUT)
        places = [place for place in (name, name.parent) if place.name]
        if "BUILD.bazel" in files and places and not any(f"`{p}/" in said for p in places):
            missing.append(str(name))
    assert not missing


@each_document
def test_programs_have_the_options(path: Path) -> None:
    wrong = []
    for command in _commands(path):
        words = command.split()
        program = next((word for word in words if word in _PROGRAMS), None)
        if program is None:
            continue
        known = _help(_PROGRAMS[program])
        _, _, arguments = command.partition(f"{program} ")
        for option in _OPTION.findall(arguments.partition(" #")[0]):
            if option not in known:
                wrong.append(f"{program} has no {option}")
    assert not wrong, "\n".join(wrong)


def _commands(path: Path) -> list[str]:
    """Every line of code, those that end in a backslash joined with the next."""
    text = path.read_text("utf-8").replace("\\\n", " ")
    indented = [line.strip() for line in text.splitlines() if line.startswith("    ")]
    fenced = [line for block in markdown.read(path).blocks for line in block.text.splitlines()]
    return [*indented, *fenced, *_CODE.findall(text)]


_helps: dict[str, set[str]] = {}


def _help(program: str) -> set[str]:
    if program not in _helps:
        done = subprocess.run(
            [sys.executable, CHECKOUT / program, "--help"],
            env=programs.environment(),
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
        _helps[program] = set(re.findall(r"--[a-z][a-z-]*", done.stdout)) - {"--"}
    return _helps[program]


def test_every_option_of_the_generator_is_told() -> None:
    page = (CHECKOUT / "docs/generate-library.md").read_text("utf-8")
    told = set(re.findall(r"`(--[a-z][a-z-]*)", page))
    assert _help("tools/codegen/generate_library.py") - told == set()


def test_readme_gives_the_test_command() -> None:
    command = "./bazelw test //..."
    assert command in (CHECKOUT / "README.md").read_text("utf-8")
    assert command in (CHECKOUT / ".ci/run").read_text("utf-8")


def test_readme_shows_the_examples() -> None:
    # Which are tested where the examples are, and with the realm library.
    examples = [
        (CHECKOUT / name).read_text("utf-8")
        for name in ("examples/make_a_call.py", "examples/realm/recordings.py")
    ]
    blocks = markdown.read(CHECKOUT / "README.md").blocks
    assert [block.text for block in blocks if block.language == "python"] == examples
    assert len(examples[0].splitlines()) <= 15


def test_every_programs_language_is_known() -> None:
    # What the README of a library shows must run.
    _, told = settings.load(str(CHECKOUT / "test_resources/ari/client.toml"), Problems())
    shown = {name for name, table in told["client"].items() if "example" in table}
    there = {file.parent.name for file in CHECKOUT.glob("langs/*/language.py")}
    assert shown & there == {language.name for language in programs.LANGUAGES}
