"""The repositories in tests/consumers are what docs/using-from-bazel.md shows, and none of them is forgotten anywhere.

tests/consumers/run builds them, and what the guide leads to.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from testing.paths import repository_file

from tests.docs import markdown

CHECKOUT = repository_file("pyproject.toml").resolve().parent
FOLDER = CHECKOUT / "tests/consumers"
CONSUMERS = sorted(path.parent for path in FOLDER.glob("*/MODULE.bazel"))
TEMPLATE = (FOLDER / "WORKSPACE.template").read_text()
GUIDE = CHECKOUT / "docs/using-from-bazel.md"

each_consumer = pytest.mark.parametrize("consumer", CONSUMERS, ids=[one.name for one in CONSUMERS])

#: The files that the guide tells its reader to make.
SHOWN = dict(
    re.findall(r"<!-- file: (\S+) -->\n```\w*\n(.*?)^```$", GUIDE.read_text(), re.M | re.S)
)

# What comes before the toolchains of the machine.
_REGISTERED = re.compile(
    r"# Before the programs of the machine\.\nregister_toolchains\(.*?^\)\n\n", re.M | re.S
)


def statements(text: str) -> set[str]:
    """Everything that stands between empty lines, without comments; each load alone."""
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    lines = [f"{line}\n" if line.startswith("load(") else line for line in lines]
    return {part.strip() for part in re.split(r"\n{2,}", "\n".join(lines)) if part.strip()}


def test_there_are_some() -> None:
    assert len(CONSUMERS) >= 5


@each_consumer
def test_workspace_comes_from_the_template(consumer: Path) -> None:
    text = (consumer / "WORKSPACE").read_text()
    assert _REGISTERED.sub("", text) == TEMPLATE.replace("@@PATH@@", "../../..")


@each_consumer
def test_the_same_bazel_in_both_modes(consumer: Path) -> None:
    assert (consumer / ".bazelversion").read_text() == (CHECKOUT / ".bazelversion").read_text()
    assert (consumer / ".bazelrc").read_text().startswith(SHOWN[".bazelrc"])


@each_consumer
def test_module_comes_from_the_guide(consumer: Path) -> None:
    """Apart from what it is for, its name, the path, and what only this one needs."""
    expected = SHOWN["MODULE.bazel"].replace("../asterisk_rest_libraries", "../../..")
    expected = expected.replace("announcements", consumer.name)
    said = statements((consumer / "MODULE.bazel").read_text())
    assert statements(expected.partition("\n\n")[2]) <= said


def test_they_are_no_part_of_this_repository() -> None:
    names = [one.name for one in CONSUMERS]
    ours = (CHECKOUT / ".bazelrc").read_text()
    [deleted] = re.findall(r"^common --deleted_packages=(.*)$", ours, re.M)
    assert deleted.split(",") == [f"tests/consumers/{name}" for name in names]
    ignored = (CHECKOUT / ".bazelignore").read_text().splitlines()
    assert ignored[1:] == [f"tests/consumers/{name}/bazel-{name}" for name in names]
    # The name of that link is the folder's.
    assert not [name for name in names if not re.fullmatch(r"\w+", name)]


def test_their_readme_names_each() -> None:
    said = (FOLDER / "README.md").read_text()
    assert [one.name for one in CONSUMERS if f"| [{one.name}]({one.name}) |" not in said] == []


def test_guide_shows_the_files_of_a_tested_repository() -> None:
    ari = FOLDER / "ari"
    assert SHOWN.pop("WORKSPACE") == TEMPLATE.replace("@@PATH@@", "../asterisk_rest_libraries")
    module, build = SHOWN.pop("MODULE.bazel"), SHOWN.pop("BUILD.bazel")
    assert 'module(name = "announcements")' in module
    assert statements(build) <= statements((ari / "BUILD.bazel").read_text())
    for name, text in SHOWN.items():
        assert (ari / name).read_text() == text, name
    assert set(SHOWN) >= {".bazelversion", ".bazelrc", "announce.py", "announce_test.py"}


def test_guide_shows_rules_of_tested_repositories() -> None:
    tested = ""
    for consumer in CONSUMERS:
        for name in ("BUILD.bazel", "MODULE.bazel"):
            tested += (consumer / name).read_text() + "\n\n"
    known = statements(tested)
    loaded = {
        word for line in re.findall(r"^load\((.*)\)$", tested, re.M) for word in line.split(", ")
    }
    shown = [b.text for b in markdown.read(GUIDE).blocks if b.language == "starlark"]
    assert len(shown) > 8
    for text in shown:
        if text in {TEMPLATE.replace("@@PATH@@", "../asterisk_rest_libraries")}:
            continue
        for statement in statements(text):
            if statement.startswith("load("):
                for line in re.findall(r"^load\((.*)\)$", statement, re.M):
                    assert set(line.split(", ")) <= loaded, line
            elif not statement.startswith(("archive_override(", '"""', "module(", "bazel_dep(")):
                assert statement in known, statement


def test_guide_shows_the_flags_that_are_set() -> None:
    """Those that make Bazel 7 as later ones are."""
    flags = re.compile(r"^\w+ --(?:no)?incompatible_\S+$", re.M)
    [shown] = [b.text for b in markdown.read(GUIDE).blocks if "_plus_in_repo_names" in b.text]
    ours = set(flags.findall((CHECKOUT / ".bazelrc").read_text()))
    assert set(shown.splitlines()) == ours - {"build --incompatible_strict_action_env"}
