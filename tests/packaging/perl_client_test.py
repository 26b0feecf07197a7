"""The Perl distribution, installed into an empty local::lib for every Perl at hand, and used from there."""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from codegen import __version__
from perl_programs import perls
from replay.drive import run_driver
from replay.server import load_scenarios
from testing import foreign
from testing.paths import repository_file

CHOSEN = foreign.located(os.environ.get("PERL", "/usr/bin/perl"))

INCLUDE = [*map(foreign.located, filter(None, os.environ.get("PERL_INCLUDE", "").split(":")))]

PERLS = perls(CHOSEN, INCLUDE)


def run(*command: str | Path, folder: Path, **environment: str) -> str:
    """Run a program where nothing of this user is seen, and return what it printed."""
    variables = {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "PERL5LIB": os.pathsep.join(map(str, INCLUDE)),
        # Nobody is there to answer, and nothing may be left to fetch.
        "PERL_MM_USE_DEFAULT": "1",
        "NO_NETWORK_TESTING": "1",
        **environment,
    }
    done = subprocess.run(
        command,
        cwd=folder,
        env=variables,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{command} ended with {done.returncode}:\n{done.stdout}"
    return done.stdout


@pytest.fixture
def distribution() -> Path:
    """Find the distribution that was built."""
    (distribution,) = repository_file("langs/perl/cpan_dist").glob("*.tar.gz")
    return distribution.resolve()


@pytest.fixture
def unpacked(distribution: Path, tmp_path: Path) -> Path:
    """Unpack it, as a person would."""
    to = tmp_path / "unpacked"
    to.mkdir()
    run("tar", "-xzf", distribution, folder=to)
    (folder,) = to.iterdir()
    assert distribution.name == f"{folder.name}.tar.gz"
    return folder


def check_installed(perl: Path, library: Path, folder: Path) -> None:
    """See that what is used comes from the folder, and makes the recorded calls."""
    path = os.pathsep.join(map(str, [library / "lib" / "perl5", *INCLUDE]))
    script = 'use AsteriskPl; print "$INC{q{AsteriskPl.pm}} $AsteriskPl::VERSION"'
    where, version = run(perl, "-we", script, folder=folder, PERL5LIB=path).split()
    assert where == str(library / "lib" / "perl5" / "AsteriskPl.pm")
    assert version == f"v{__version__}"
    channels = library / "lib" / "perl5" / "AsteriskPl" / "Channels.pm"
    read = "Pod::Text->new->parse_file(shift)"
    documentation = run(perl, "-MPod::Text", "-e", read, channels, folder=folder)
    assert "originate" in documentation

    driver = repository_file("langs/perl/tests/conformance.pl")
    outcomes = run_driver(
        [perl, f"-I{driver.parent / 'lib'}", driver],
        load_scenarios([repository_file("test_resources/recordings")]),
        folder=folder,
        environment={"PATH": os.environ["PATH"], "HOME": str(folder), "PERL5LIB": path},
    )
    assert len(outcomes) >= 105
    assert [outcome for outcome in outcomes.values() if outcome.problem is not None] == []


@pytest.mark.parametrize("version", PERLS)
def test_installed_by_cpanm(version: str, distribution: Path, tmp_path: Path) -> None:
    perl, library = PERLS[version], tmp_path / "local"
    said = run(
        *(perl, "-S", "cpanm", "--verbose", f"--local-lib={library}"),
        *("--mirror-only", f"--mirror=file://{tmp_path}/nowhere"),
        distribution,
        folder=tmp_path,
    )
    assert "1 distribution installed" in said
    assert "Result: PASS" in said
    check_installed(perl, library, tmp_path)


@pytest.mark.parametrize("version", PERLS)
def test_installed_by_make(version: str, unpacked: Path, tmp_path: Path) -> None:
    perl, library = PERLS[version], tmp_path / "local"
    # What `eval "$(perl -Mlocal::lib=FOLDER)"` sets in a shell.
    options = {
        "PERL_MM_OPT": f"INSTALL_BASE={library}",
        "PERL_LOCAL_LIB_ROOT": str(library),
    }
    said = run(perl, "Makefile.PL", folder=unpacked, **options)
    assert "Checking if your kit is complete...\nLooks good" in said
    assert "Warning" not in said
    for target in ("all", "test", "install"):
        said = run("make", target, folder=unpacked, **options)
        assert target != "test" or "Result: PASS" in said
    check_installed(perl, library, tmp_path)


def meta(folder: Path, file: str) -> Mapping[str, Any]:
    """Have CPAN::Meta check and read a file; what is against the specification fails."""
    script = (
        "use CPAN::Meta; my $m = CPAN::Meta->load_file(shift, { lazy_validation => 0 });"
        "use CPAN::Meta::Validator; my $v = CPAN::Meta::Validator->new($m->as_struct);"
        "$v->is_valid or die join(qq{\\n}, $v->errors, q{});"
        "print JSON::PP->new->ascii->canonical->encode($m->as_struct)"
    )
    read: Mapping[str, Any] = json.loads(
        run(CHOSEN, "-MJSON::PP", "-e", script, folder / file, folder=folder)
    )
    return read


def test_says_what_it_is_and_what_it_needs(unpacked: Path) -> None:
    said = meta(unpacked, "META.json")
    assert (said["name"], said["version"]) == ("AsteriskPl", f"v{__version__}")
    assert said["meta-spec"]["version"] == 2
    assert said["license"] == ["apache_2_0"]
    assert said["release_status"] == "stable"
    needs = said["prereqs"]["runtime"]["requires"]
    assert needs["perl"] == "5.026000"
    assert needs["Mojolicious"] == "9.31"
    provided = said["provides"]
    assert provided["AsteriskPl"] == {"file": "lib/AsteriskPl.pm", "version": f"v{__version__}"}
    assert provided["AsteriskPl::Channels"]["file"] == "lib/AsteriskPl/Channels.pm"
    assert provided["AsteriskPl::Exceptions"]["file"] == "lib/AsteriskPl/Exceptions.pm"
    for name in ("Changes", "LICENSE", "README.md", "t/00-load.t", "t/01-pod.t"):
        assert (unpacked / name).stat().st_size > 0, name


def test_makefile_pl_says_the_same(unpacked: Path) -> None:
    before = meta(unpacked, "META.json")
    # MakeMaker takes META.json for what it is told nothing of, so that it must be told all.
    (unpacked / "META.json").unlink()
    (unpacked / "MANIFEST").unlink()
    run(CHOSEN, "Makefile.PL", folder=unpacked)
    after = meta(unpacked, "MYMETA.json")
    for key in ("name", "version", "license"):
        assert after[key] == before[key]
    for phase in ("runtime", "test"):
        assert after["prereqs"][phase]["requires"] == before["prereqs"][phase]["requires"]


def loaded(text: str) -> set[str]:
    """Name the modules that a file loads, pragmas left out; what its documentation shows is not loaded."""
    code = re.sub(r"^=[a-z].*?(^=cut$|\Z)", "", text, flags=re.DOTALL | re.MULTILINE)
    return set(re.findall(r"\b(?:use|require) (?:parent ')?([A-Z]\w*(?:::\w+)*)", code))


def test_needs_are_what_is_used(unpacked: Path) -> None:
    """What a file loads is the library's own or among the needs, and none of these is named in vain."""
    needs = meta(unpacked, "META.json")["prereqs"]["runtime"]["requires"]
    used = {
        re.sub(r"\AMojo::.*", "Mojolicious", name)
        for file in (unpacked / "lib").rglob("*.pm")
        for name in loaded(file.read_text("utf-8"))
        if name.partition("::")[0] != "AsteriskPl"
    }
    assert used - {"IO::Socket::SSL"} == needs.keys() - {"perl"}
