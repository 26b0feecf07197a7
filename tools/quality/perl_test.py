"""Our Perl, and a generated library, are as perltidy, perlcritic and podchecker want them, for Perl 5.26 and later."""

from __future__ import annotations

import difflib
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from perl_programs import missing_modules, with_include
from testing import foreign
from testing.paths import repository_file

from quality.checks import copy_sources, is_perl, perltidy_command, run

PERL = with_include(
    foreign.located(os.environ["PERL"]),
    map(foreign.located, filter(None, os.environ["PERL_INCLUDE"].split(":"))),
)

#: Says of each file that needs a newer Perl than 5.26, and why; ends with their number.
MINIMUM_VERSION = """
use Perl::MinimumVersion;
my $newer = 0;
for my $file (@ARGV) {
    my $found = Perl::MinimumVersion->new($file) or die "$file cannot be read\\n";
    next if $found->minimum_version <= version->parse('5.026');
    my $why = $found->minimum_syntax_reason;
    print "$file needs Perl ", $found->minimum_version, $why ? ': ' . $why->element : q{}, "\\n";
    $newer++;
}
exit $newer;
"""


_HARMLESS = re.compile(r"pod syntax OK|multiple occurrences \(\d+\) of link target")


@pytest.fixture(scope="module")
def ours(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Copy our sources."""
    folder = tmp_path_factory.mktemp("ours")
    copy_sources(folder)
    return folder


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Copy the library, so that tools see ordinary files."""
    folder = tmp_path_factory.mktemp("generated") / "library"
    shutil.copytree(repository_file("langs/perl/AsteriskPl"), folder, copy_function=shutil.copyfile)
    return folder


@pytest.fixture(scope="module")
def traits(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Copy the libraries of all traits, each into a folder of its own."""
    folder = tmp_path_factory.mktemp("traits")
    for path in os.environ["TRAITS"].split():
        target = folder / Path(path).name
        shutil.copytree(
            repository_file(path), target, copy_function=shutil.copyfile, ignore=models_of_realm
        )
    return folder


def models_of_realm(folder: str, names: list[str]) -> list[str]:
    """Name the realm library's models, of which there are many: they are as those of ARI are."""
    if Path(folder).name != "RealmPl":
        return []
    texts = ((name, Path(folder, name)) for name in names if name.endswith(".pm"))
    return [name for name, path in texts if "Runtime::Model'" in path.read_text("utf-8")]


def files_of_traits(traits: Path, library: Path) -> list[Path]:
    """List the files of all traits, of the runtime those alone that ARI does not need, each once."""
    found = {path.name: path for path in files_of(traits) if "Runtime" in path.parts}
    for path in files_of(library):
        found.pop(path.name, None)
    assert found
    return [*files_of(traits, runtime=False), *found.values()]


def needs(*modules: str) -> None:
    """Skip the test where these are not installed."""
    missing = missing_modules(PERL, modules)
    if missing:
        pytest.skip("; ".join(missing))


def files_of(folder: Path, *, runtime: bool = True) -> list[Path]:
    """List the files of Perl in a folder, with or without the library's runtime, relative to the folder."""
    found = [
        path.relative_to(folder)
        for path in sorted(folder.rglob("*"))
        if is_perl(path.relative_to(folder)) or path.name == "Makefile.PL"
    ]
    found = [path for path in found if runtime or "runtime" not in str(path).lower()]
    assert found
    return found


def check_tidy(folder: Path, files: list[Path]) -> None:
    """Compare files with what perltidy makes of them."""
    needs("Perl::Tidy")
    before = {path: (folder / path).read_text("utf-8") for path in files}
    settings = repository_file(".perltidyrc")
    run([*perltidy_command(PERL[0], settings), *files], folder)
    wrong: list[str] = []
    for path, text in before.items():
        made = (folder / path).read_text("utf-8")
        (folder / path).write_text(text, "utf-8")
        wrong += difflib.unified_diff(
            text.splitlines(), made.splitlines(), str(path), f"{path}, tidy", lineterm="", n=1
        )
    assert not wrong, "\n".join(wrong)


def test_ours_is_tidy(ours: Path) -> None:
    check_tidy(ours, files_of(ours))


def test_generated_is_tidy(library: Path) -> None:
    """All but the runtime, which is tidy with the name that it has where it is written."""
    check_tidy(library, files_of(library, runtime=False))


def test_traits_are_tidy(traits: Path) -> None:
    check_tidy(traits, files_of(traits, runtime=False))


def check_critic(folder: Path, files: list[Path]) -> None:
    """Have perlcritic look at files."""
    needs("Perl::Critic")
    profile = repository_file(".perlcriticrc")
    run([*PERL, "-S", "perlcritic", f"--profile={profile}", "--quiet", *files], folder)


def test_perlcritic_finds_nothing_in_ours(ours: Path) -> None:
    """The runtime is checked in a library, where its files are called as its packages are."""
    check_critic(ours, files_of(ours, runtime=False))


def test_perlcritic_finds_nothing_in_what_is_generated(library: Path) -> None:
    check_critic(library, files_of(library))


def test_perlcritic_finds_nothing_in_traits(traits: Path, library: Path) -> None:
    check_critic(traits, files_of_traits(traits, library))


def test_documentation_of_traits_is_well_formed(traits: Path) -> None:
    for folder in traits.iterdir():
        check_documentation(folder)


def test_documentation_is_well_formed(library: Path) -> None:
    check_documentation(library)


def check_documentation(library: Path) -> None:
    """Every class that a user meets has documentation, and there is nothing to say against any."""
    files = files_of(library)
    documented = [path for path in files if "=head1" in (library / path).read_text("utf-8")]
    # What events mean is a table for the runtime.
    public = {
        path
        for path in files_of(library, runtime=False)
        if path.parts[0] == "lib" and path.name != "EventTable.pm"
    }
    assert public - {*documented} == set()
    done = subprocess.run(
        [*PERL, "-S", "podchecker", "-warnings", "-warnings", *documented],
        cwd=library,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    # Operations of one class may have arguments of one name, and nothing links to these.
    said = [line for line in done.stdout.splitlines() if not _HARMLESS.search(line)]
    assert (done.returncode, said) == (0, []), done.stdout


def test_nothing_needs_a_newer_perl(ours: Path, library: Path, traits: Path) -> None:
    needs("Perl::MinimumVersion")
    for folder in (ours, library):
        run([*PERL, "-e", MINIMUM_VERSION, *files_of(folder)], folder)
    run([*PERL, "-e", MINIMUM_VERSION, *files_of_traits(traits, library)], traits)


def test_compiles_without_a_warning(ours: Path, library: Path, traits: Path) -> None:
    needs("Mojolicious")
    places = [(library, path) for path in files_of(library)]
    places += [
        (ours, path)
        for path in files_of(ours, runtime=False)
        # Other repositories have libraries of their own.
        if not path.is_relative_to("tests/consumers")
    ]
    for folder, path in places:
        include = [library / "lib", folder / path.parent / "lib", folder / path.parent]
        include += [ours / "langs/perl/tests/lib", *traits.glob("*/lib")]
        # A module is loaded as a program does it: others may want it in their turn.
        load = ["-e", "require $ARGV[0]"] if path.suffix == ".pm" else ["-c"]
        done = subprocess.run(
            [*PERL, "-w", *(f"-I{place}" for place in include), *load, folder / path],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        said = done.stdout.replace(f"{folder / path} syntax OK\n", "")
        assert (done.returncode, said) == (0, ""), f"{path}: {done.stdout}"
