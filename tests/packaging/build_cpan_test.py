"""A distribution's lists are complete, and what is none is refused."""

from __future__ import annotations

import json
import tarfile
from pathlib import Path

import pytest
from distribution.build_cpan import main, packages


def the_distribution(folder: Path) -> Path:
    """Give the only file in a folder."""
    (distribution,) = folder.iterdir()
    return distribution


def small(folder: Path, **modules: str) -> Path:
    """Make a library by hand, of some modules."""
    (folder / "lib").mkdir(parents=True)
    (folder / "Makefile.PL").write_text("use ExtUtils::MakeMaker;\n")
    (folder / "META.json").write_text('{"name": "Small", "version": "v1.2.0", "abstract": "ö"}')
    for name, text in modules.items():
        (folder / "lib" / f"{name}.pm").write_text(text, encoding="utf-8")
    return folder


def test_lists_every_file_and_every_package(tmp_path: Path) -> None:
    one = "package Small;\nour $VERSION = 'v1.2.0';\n1;\n"
    two = (
        "package Small::Two;\n\n=head1 X\n\npackage Shown;\n\n=cut\n\npackage Small::Three {\n}\n"
        "1;\n__END__\npackage Small::Never;\n"
    )
    library = small(tmp_path / "library", Small=one, Two=two)
    # What a build in the folder leaves there.
    (library / "Makefile").touch()
    (library / "blib").mkdir()
    (library / "blib" / "x").touch()
    out = tmp_path / "out"
    out.mkdir()
    assert main([f"--library={library}", f"--out={out}"]) == 0
    distribution = the_distribution(out)
    assert distribution.name == "Small-v1.2.0.tar.gz"
    with tarfile.open(distribution) as archive:
        files = {member.name: archive.extractfile(member) for member in archive}
        contents = {name: file.read().decode() for name, file in files.items() if file}
        assert {member.mode for member in archive} == {0o644}
    names = sorted(name.removeprefix("Small-v1.2.0/") for name in contents)
    assert names == ["MANIFEST", "META.json", "Makefile.PL", "lib/Small.pm", "lib/Two.pm"]
    assert contents["Small-v1.2.0/MANIFEST"].split() == names
    meta = json.loads(contents["Small-v1.2.0/META.json"])
    assert meta["abstract"] == "ö"
    assert meta["provides"] == {
        "Small": {"file": "lib/Small.pm", "version": "v1.2.0"},
        "Small::Two": {"file": "lib/Two.pm"},
        "Small::Three": {"file": "lib/Two.pm"},
    }


def test_what_is_documentation_is_no_package() -> None:
    text = "=pod\n\npackage A;\n\n=head2 b\n\npackage B;\n\n=cut\n\npackage C;\npackage C;\n"
    assert packages(text) == ["C"]


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (lambda library: (library / "META.json").unlink(), "has no META.json"),
        (lambda library: (library / "Makefile.PL").unlink(), "has no Makefile.PL"),
        (lambda library: (library / "lib" / "Small.pm").unlink(), "there is no module in lib"),
        (
            lambda library: (library / "lib" / "Too.pm").write_text("package Small;\n"),
            "lib/Too.pm: the package Small is in lib/Small.pm, too",
        ),
    ],
)
def test_what_is_no_distribution_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], change: object, problem: str
) -> None:
    library = small(tmp_path / "library", Small="package Small;\n1;\n")
    assert callable(change)
    change(library)
    assert main([f"--library={library}", f"--out={tmp_path}"]) == 1
    assert problem in capsys.readouterr().err
