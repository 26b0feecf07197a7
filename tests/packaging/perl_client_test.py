"""The Perl distributions, installed into an empty local::lib for every Perl at hand, and used from there."""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
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


@dataclass(frozen=True)
class Distribution:
    """A distribution that was built, and what is known of its library."""

    package: str
    folder: str
    #: A class, and a word that its documentation has.
    page: str
    word: str
    #: What it must be able to do, and how many scenarios that are at least.
    scenarios: str
    count: int

    @property
    def file(self) -> Path:
        """The file that people get."""
        (file,) = repository_file(self.folder).glob("*.tar.gz")
        return file.resolve()


DISTRIBUTIONS = {
    "ari": Distribution(
        "AsteriskPl",
        "langs/perl/cpan_dist",
        "Channels",
        "originate",
        "test_resources/recordings",
        105,
    ),
    "realm": Distribution(
        "RealmPl",
        "langs/perl/realm_cpan_dist",
        "ClientRecords",
        "iterate",
        "test_resources/realm/conformance/record.json",
        15,
    ),
}


@pytest.fixture(params=DISTRIBUTIONS)
def distribution(request: pytest.FixtureRequest) -> Distribution:
    """Each distribution that was built."""
    return DISTRIBUTIONS[request.param]


@pytest.fixture
def unpacked(distribution: Distribution, tmp_path: Path) -> Path:
    """Unpack it, as a person would."""
    to = tmp_path / "unpacked"
    to.mkdir()
    run("tar", "-xzf", distribution.file, folder=to)
    (folder,) = to.iterdir()
    assert distribution.file.name == f"{folder.name}.tar.gz"
    return folder


def check_installed(perl: Path, distribution: Distribution, library: Path, folder: Path) -> None:
    """See that what is used comes from the folder, and makes the calls of its scenarios."""
    path = os.pathsep.join(map(str, [library / "lib" / "perl5", *INCLUDE]))
    package = distribution.package
    script = f'use {package}; print "$INC{{q{{{package}.pm}}}} ${package}::VERSION"'
    where, version = run(perl, "-we", script, folder=folder, PERL5LIB=path).split()
    assert where == str(library / "lib" / "perl5" / f"{package}.pm")
    assert version == f"v{__version__}"
    page = library / "lib" / "perl5" / package / f"{distribution.page}.pm"
    read = "Pod::Text->new->parse_file(shift)"
    documentation = run(perl, "-MPod::Text", "-e", read, page, folder=folder)
    assert distribution.word in documentation

    driver = repository_file("langs/perl/tests/conformance.pl")
    outcomes = run_driver(
        [perl, f"-I{driver.parent / 'lib'}", driver],
        load_scenarios([repository_file(distribution.scenarios)]),
        folder=folder,
        environment={"PATH": os.environ["PATH"], "HOME": str(folder), "PERL5LIB": path},
    )
    assert len(outcomes) >= distribution.count
    assert [outcome for outcome in outcomes.values() if outcome.problem is not None] == []


@pytest.mark.parametrize("version", PERLS)
def test_installed_by_cpanm(version: str, distribution: Distribution, tmp_path: Path) -> None:
    perl, library = PERLS[version], tmp_path / "local"
    said = run(
        *(perl, "-S", "cpanm", "--verbose", f"--local-lib={library}"),
        *("--mirror-only", f"--mirror=file://{tmp_path}/nowhere"),
        distribution.file,
        folder=tmp_path,
    )
    assert "1 distribution installed" in said
    assert "Result: PASS" in said
    check_installed(perl, distribution, library, tmp_path)


@pytest.mark.parametrize("version", PERLS)
def test_installed_by_make(
    version: str, distribution: Distribution, unpacked: Path, tmp_path: Path
) -> None:
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
    check_installed(perl, distribution, library, tmp_path)


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


def test_says_what_it_is_and_what_it_needs(distribution: Distribution, unpacked: Path) -> None:
    said = meta(unpacked, "META.json")
    package = distribution.package
    assert (said["name"], said["version"]) == (package, f"v{__version__}")
    assert said["meta-spec"]["version"] == 2
    assert said["license"] == ["apache_2_0"]
    assert said["release_status"] == "stable"
    needs = said["prereqs"]["runtime"]["requires"]
    assert needs["perl"] == "5.026000"
    assert needs["Mojolicious"] == "9.31"
    provided = said["provides"]
    assert provided[package] == {"file": f"lib/{package}.pm", "version": f"v{__version__}"}
    for name in (distribution.page, "Exceptions"):
        assert provided[f"{package}::{name}"]["file"] == f"lib/{package}/{name}.pm"
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


def test_needs_are_what_is_used(distribution: Distribution, unpacked: Path) -> None:
    """What a file loads is the library's own or among the needs, and none of these is named in vain."""
    needs = meta(unpacked, "META.json")["prereqs"]["runtime"]["requires"]
    used = {
        re.sub(r"\AMojo::.*", "Mojolicious", name)
        for file in (unpacked / "lib").rglob("*.pm")
        for name in loaded(file.read_text("utf-8"))
        if name.partition("::")[0] != distribution.package
    }
    assert used - {"IO::Socket::SSL"} == needs.keys() - {"perl"}
