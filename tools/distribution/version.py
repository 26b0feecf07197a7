"""Says this project's version, and changes it: before a release, and after one.

The version stands in one place, codegen.__version__, which all packages have. MODULE.bazel must repeat it, since Bazel
reads it by itself, and CHANGELOG.md tells it to people. Between two releases it is that of the next one, whose changes
are under [Unreleased]; in a release, these are under the version and its date.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
from datetime import date, datetime, timezone
from pathlib import Path
from typing import NamedTuple

SOURCE = "tools/codegen/__init__.py"
MODULE = "MODULE.bazel"
CHANGELOG = "CHANGELOG.md"

UNRELEASED = "## [Unreleased]"

_PLACES = {
    SOURCE: re.compile(r'^__version__ = "(.*)"$', re.MULTILINE),
    MODULE: re.compile(r'^module\(\n(?: {4}.*\n)*? {4}version = "(.*)",$', re.MULTILINE),
}
#: What every package index, Bazel and Perl order alike.
_VERSION = re.compile(r"(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)\Z")
_SECTION = re.compile(r"^## .*$", re.MULTILINE)
_RELEASED = re.compile(r"## \[(.+)\] - ([0-9]{4}-[0-9]{2}-[0-9]{2})\Z")


class Wrong(Exception):
    """The versions do not agree, or cannot be changed so."""


class State(NamedTuple):
    """The version, and what the changelog says of it."""

    version: str
    #: The day of its release; None while it is in the making.
    released: date | None


def state(root: Path) -> State:
    """Read the version, and see that all places agree."""
    found = {place: _stated(root, place) for place in _PLACES}
    version = found[SOURCE]
    for place, other in found.items():
        if other != version:
            raise Wrong(f"{SOURCE} says {version}, {place} says {other}")
    key = _key(version)
    unreleased, releases = _sections((root / CHANGELOG).read_text("utf-8"))
    if unreleased is not None:
        if releases and _key(releases[0][0]) >= key:
            raise Wrong(
                f"{CHANGELOG} has changes after {releases[0][0]}, so the version is a later one, not {version}"
            )
        return State(version, None)
    if not releases or releases[0][0] != version:
        raise Wrong(f"{CHANGELOG} begins neither with [Unreleased] nor with {version}")
    return State(version, releases[0][1])


def release(root: Path, version: str, day: date) -> None:
    """Make what is unreleased a release."""
    _later(root, version)
    path = root / CHANGELOG
    text = path.read_text("utf-8")
    unreleased, _ = _sections(text)
    if unreleased is None:
        raise Wrong(f"{CHANGELOG} has no {UNRELEASED}, so there is nothing to release")
    if not unreleased.strip():
        raise Wrong(f"{CHANGELOG} says nothing under {UNRELEASED}")
    _set(root, version)
    path.write_text(text.replace(UNRELEASED, f"## [{version}] - {day}", 1), "utf-8")


def begin(root: Path, version: str) -> None:
    """Begin with what comes after a release."""
    _later(root, version)
    path = root / CHANGELOG
    text = path.read_text("utf-8")
    unreleased, _ = _sections(text)
    if unreleased is not None:
        raise Wrong(f"{CHANGELOG} has {UNRELEASED} already: release that first")
    _set(root, version)
    path.write_text(_SECTION.sub(lambda first: f"{UNRELEASED}\n\n{first[0]}", text, 1), "utf-8")


def _stated(root: Path, place: str) -> str:
    found = _PLACES[place].search((root / place).read_text("utf-8"))
    if not found:
        raise Wrong(f"{place} says no version")
    return found[1]


def _set(root: Path, version: str) -> None:
    for place, pattern in _PLACES.items():
        text = (root / place).read_text("utf-8")
        found = pattern.search(text)
        if not found:
            raise Wrong(f"{place} says no version")
        (root / place).write_text(text[: found.start(1)] + version + text[found.end(1) :], "utf-8")


def _later(root: Path, version: str) -> None:
    """Refuse a version that does not come after all that were released."""
    key = _key(version)
    _, releases = _sections((root / CHANGELOG).read_text("utf-8"))
    if releases and key <= _key(releases[0][0]):
        raise Wrong(f"{version} does not come after {releases[0][0]}, which is released")


def _key(version: str) -> tuple[int, ...]:
    if not _VERSION.match(version):
        raise Wrong(f"a version is three numbers like 1.2.3, not {version!r}")
    return tuple(map(int, version.split(".")))


def _sections(text: str) -> tuple[str | None, list[tuple[str, date]]]:
    """Give the text under [Unreleased], and the releases, the latest first, as they must stand."""
    unreleased: str | None = None
    releases: list[tuple[str, date]] = []
    headings = list(_SECTION.finditer(text))
    for number, heading in enumerate(headings):
        if heading[0] == UNRELEASED:
            if number:
                raise Wrong(f"{CHANGELOG}: {UNRELEASED} comes first")
            end = headings[1].start() if len(headings) > 1 else len(text)
            unreleased = text[heading.end() : end]
            continue
        found = _RELEASED.match(heading[0])
        if not found:
            raise Wrong(f"{CHANGELOG}: {heading[0]!r} is not like '## [1.2.3] - 2026-01-31'")
        try:
            one = (found[1], date.fromisoformat(found[2]))
        except ValueError as error:
            raise Wrong(f"{CHANGELOG}: {heading[0]!r}: {error}") from error
        if releases and (_key(one[0]) >= _key(releases[-1][0]) or one[1] > releases[-1][1]):
            raise Wrong(f"{CHANGELOG}: {one[0]} must come before {releases[-1][0]}, with its day")
        _key(one[0])
        releases.append(one)
    return unreleased, releases


def main(arguments: list[str] | None = None) -> int:
    """Run the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    change = parser.add_mutually_exclusive_group()
    change.add_argument(
        "--release", metavar="VERSION", help="make the unreleased changes this release"
    )
    change.add_argument("--begin", metavar="VERSION", help="begin with the version after a release")
    parser.add_argument(
        "--date",
        type=date.fromisoformat,
        metavar="YYYY-MM-DD",
        default=datetime.now(timezone.utc).date(),
        help="the day of the release; today",
    )
    parser.add_argument(
        "--root",
        type=Path,
        default=Path(os.environ.get("BUILD_WORKSPACE_DIRECTORY", ".")),
        help="the project's folder; `bazel run` knows it",
    )
    options = parser.parse_args(arguments)
    try:
        if options.release:
            release(options.root, options.release, options.date)
        elif options.begin:
            begin(options.root, options.begin)
        version, day = state(options.root)
    except (Wrong, OSError) as error:
        print(f"version: {error}", file=sys.stderr)
        return 1
    print(f"{version}, released on {day}" if day else f"{version}, not released")
    return 0


if __name__ == "__main__":
    sys.exit(main())
