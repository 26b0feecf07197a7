"""No source escapes the checks."""

from __future__ import annotations

from pathlib import Path

from testing.paths import repository_file

from quality.checks import declared_sources, sources_below


def test_every_source_is_checked() -> None:
    checkout = repository_file("pyproject.toml").resolve().parent
    assert (checkout / "bazelw").exists(), f"{checkout} is no checkout"
    missing = sorted(set(sources_below(checkout)) - set(declared_sources()))
    assert not missing, (
        f"no checked_sources() in their package, or not named in //tools/quality:sources: {missing}"
    )


def test_finds_sources_and_leaves_out_what_bazel_made(tmp_path: Path) -> None:
    ours = ("a/x.py", "a/BUILD.bazel", "a/readme.md", "b.bzl")
    others = (
        "bazel-bin/y.py",
        ".git/z.py",
        "a/made/.generated-files",
        "a/made/m.py",
        "a/made/n/o.py",
    )
    for name in (*ours, *others):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    found = [path.as_posix() for path in sources_below(tmp_path)]
    assert found == ["b.bzl", "a/BUILD.bazel", "a/x.py"]
