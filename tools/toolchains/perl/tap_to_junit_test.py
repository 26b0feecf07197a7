"""What a Perl test becomes in test.xml, and what counts as its failure; which modules are missing."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from xml.etree import ElementTree

import pytest
from perl_programs import debian_package, missing_modules, oldest, perls, version
from testing import foreign
from testing.paths import repository_file

PERL = foreign.located(os.environ.get("PERL", "/usr/bin/perl"))


class Ran:
    """A test that was run."""

    def __init__(self, folder: Path, source: str, **environment: str) -> None:
        """Run the test whose source this is."""
        test, report = folder / "it.t", folder / "test.xml"
        test.write_text(source)
        self.done = subprocess.run(
            [PERL, repository_file("tools/toolchains/perl/tap_to_junit.pl"), test],
            env={"PATH": os.environ["PATH"], "XML_OUTPUT_FILE": str(report), **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        self.cases = [
            (
                Path(case.attrib["name"]).name,
                *((case[0].tag, case[0].attrib["message"]) if len(case) else ("passed", "")),
            )
            for case in ElementTree.parse(report).iter("testcase")
        ]
        self.text = "".join(ElementTree.parse(report).getroot().itertext())

    @property
    def failed(self) -> bool:
        """Whether it ended so, and whether the report says the same."""
        outcomes = {outcome for _, outcome, _ in self.cases}
        assert (self.done.returncode != 0) == ("failure" in outcomes), self.done.stdout
        return self.done.returncode != 0


def more(text: str) -> str:
    """Make the source of a test that uses Test::More."""
    return f"use strict;\nuse warnings;\nuse Test::More;\n{text}\n"


def test_every_case_is_told(tmp_path: Path) -> None:
    ran = Ran(
        tmp_path,
        more('ok 1, "one"; ok 1; subtest two => sub { ok 1; done_testing }; done_testing;'),
    )
    assert not ran.failed
    assert ran.cases == [("one", "passed", ""), ("test 2", "passed", ""), ("two", "passed", "")]


def test_failed_case_says_why(tmp_path: Path) -> None:
    ran = Ran(tmp_path, more('ok 1, "one"; is "<a>\\0", "b & c", "two"; done_testing;'))
    assert ran.failed
    assert ran.cases == [("one", "passed", ""), ("two", "failure", "not ok")]
    assert "got: '<a>\\x{0}'" in ran.text
    assert "expected: 'b & c'" in ran.text


def test_names_keep_their_letters(tmp_path: Path) -> None:
    ran = Ran(tmp_path, more('ok 1, "K\\xc3\\xb6ln \\xe4\\xbd\\xa0"; done_testing;'))
    assert ran.cases == [("Köln 你", "passed", "")]


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        (more('ok 1, "one";'), "No plan found"),
        (more('plan tests => 3; ok 1, "one";'), "Bad plan"),
        ('print "1..0\\n";', "it has no case"),
        (more("done_testing;"), "it has no case"),
        ('print "1..0 # SKIP none here\\n"; exit 2;', "it ended with 2"),
        ("print qq{nothing at all\\n};", "No plan found"),
        (more('ok 1, "one"; done_testing; exit 3;'), "it ended with 3"),
        (more('ok 1, "one"; die "oh no\\n";'), "No plan found"),
        (more('plan tests => 1; ok 1, "one"; kill 9, $$;'), "it ended by signal 9"),
        ("this is not Perl;", "No plan found"),
    ],
)
def test_anything_else_is_a_failure(tmp_path: Path, source: str, reason: str) -> None:
    ran = Ran(tmp_path, source)
    assert ran.failed
    name, outcome, why = ran.cases[-1]
    assert (name, outcome) == ("it.t", "failure")
    assert reason in why


def test_last_words_of_a_test_that_died(tmp_path: Path) -> None:
    ran = Ran(tmp_path, more('ok 1, "one"; ok 1, "two"; die "oh no\\n";'))
    assert "oh no" in ran.text


SKIPS = {
    "a case": (more('SKIP: { skip "none here", 1; ok 1 }; done_testing;'), "test 1"),
    "all": (more('plan skip_all => "none here";'), "it.t"),
}


@pytest.mark.parametrize(("source", "name"), SKIPS.values(), ids=SKIPS)
def test_skips_by_name(tmp_path: Path, source: str, name: str) -> None:
    ran = Ran(tmp_path, source)
    assert not ran.failed
    assert ran.cases == [(name, "skipped", "none here")]


@pytest.mark.parametrize(("source", "name"), SKIPS.values(), ids=SKIPS)
def test_skip_fails_where_all_is_installed(tmp_path: Path, source: str, name: str) -> None:
    ran = Ran(tmp_path, source, ASTERISK_REQUIRED="1")
    assert ran.failed
    assert ran.cases == [(name, "failure", "skipped where Asterisk is expected: none here")]


def test_missing_module_is_named_with_how_to_install_it(tmp_path: Path) -> None:
    (tmp_path / "Broken.pm").write_text("die qq{cannot be loaded\\n};\n")
    command = [str(PERL), f"-I{tmp_path}"]
    (missing,) = missing_modules(command, ["Test::More", "No::Such::Thing"])
    assert "No::Such::Thing is not installed" in missing
    assert "apt-get install libno-such-thing-perl" in missing
    assert "cpanm No::Such::Thing" in missing
    (broken,) = missing_modules(command, ["Broken"])
    assert "cannot be loaded" in broken
    assert "apt-get" not in broken


def test_packages_of_debian() -> None:
    assert debian_package("Mojolicious") == "libmojolicious-perl"
    assert debian_package("IO::Socket::SSL") == "libio-socket-ssl-perl"
    assert debian_package("Perl::Tidy") == "perltidy"


def fake(file: Path, version: str, *, complete: bool = True) -> Path:
    """Make what says that it is a Perl of that version, with or without Mojolicious."""
    file.write_text(
        f'#!/bin/sh\ncase "$1" in -M*) exit {0 if complete else 2};; esac\nprintf {version}\n'
    )
    file.chmod(0o755)
    return file


def test_another_perl_is_found_where_there_is_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "bin").mkdir()
    older = fake(tmp_path / "bin" / "perl5.30", "5.30.3")
    fake(tmp_path / "bin" / "perl5.28", "5.28.1", complete=False)
    elsewhere = fake(tmp_path / "perl", "5.8.9")
    ours = perls(PERL)
    assert ours[version(PERL)] == PERL
    monkeypatch.setenv("PATH", str(tmp_path / "bin"), prepend=os.pathsep)
    assert perls(PERL) == {**ours, "5.30.3": older}
    assert oldest(PERL) == older
    monkeypatch.setenv("FURTHER_PERLS", str(elsewhere))
    assert perls(PERL) == {**ours, "5.30.3": older, "5.8.9": elsewhere}
    assert oldest(PERL) == elsewhere
