"""What comes out of the generator in Perl: the same every time, and safe, whatever the documents hold."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from codegen import cli
from testing.foreign import located
from testing.paths import repository_file

#: A harmless text, and a long one, for which lines are broken.
HARMLESS = ["harmless", "h " * 500]
PAYLOADS = [
    '"',
    "'",
    "\\",
    "\\'",
    "'; die; '",
    "die\\",
    "$x @y %z &f $$ @$x",
    "@{[ die ]} ${\\ die}",
    "`id` qx(id)",
    "a\ndie;",
    "a\r\ndie;",
    "a\rdie;",
    "a\x0bdie;",
    "a\x85die;",
    "a\u2028die;",
    "\n\n=cut\n\ndie;\n\n=pod\n\n",
    "=cut",
    "=head1 no =cut =pod =begin =end",
    "b " * 60 + "=cut " * 60,
    "\n\n=begin html\n\n<b>\n\n",
    "=encoding latin1",
    "__END__",
    "\n__DATA__\n",
    "<<EOT",
    "EOT",
    "E<gt> C<< x >> X<a> Z<> S<s",
    "L<die|http://x/> F<<< x",
    "> >> >>> C<<<",
    "a|b /c",
    '# line 7 "evil"',
    '\n# line 7 "evil"\n',
    "## no critic",
    "#<<< ",
    "vim: set ft=sh:",
    "q{} qq() qw/ s/// tr/a/b/ y/a/b/",
    "); die; (",
    "}] ) => , ;",
    "Library::Runtime::Client",
    "{{ 7 * 7 }} {% for x in y %} {# gone #}",
    "%s %(x)s {0} \\x{41} \\N{U+41}",
    "\x04 \x1a \x00",
    "\x1b[2J",
    "\u202e\u2066reversed",
    "\ufeff",
    "\U0001f600 é \xa0ß",
    "'\\\"$@%&=<>|`" * 500,
]

NAMES = [
    "'",
    "@{[ die ]}",
    "a\ndie",
    "$x",
    "BEGIN",
    "END",
    "AUTOLOAD",
    "DESTROY",
    "can",
    "import",
    "new",
    "__END__",
    "=cut",
    "q",
    "s",
    "y",
    "x",
    "ISA",
]


@cache
def perl() -> str:
    """The Perl that runs what was generated; the test is skipped where there is none."""
    program = os.environ.get("PERL") or shutil.which("perl")
    if program is None:
        pytest.skip("no Perl is installed")
    return str(located(program))


def run_perl(*arguments: str | Path) -> str:
    """What a Perl program prints; warnings and errors fail the test."""
    done = subprocess.run(
        [perl(), *map(str, arguments)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        # Hashes are printed in one order.
        env={**os.environ, "PERL_HASH_SEED": "0", "PERL_PERTURB_KEYS": "0"},
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert not done.stderr, done.stderr
    return done.stdout


def document(text: str, *, name: str = "") -> dict[str, Any]:
    """A document with ``text`` wherever any text may stand, and ``name`` in all names."""
    parameter = {
        "name": f"q{name}",
        "paramType": "query",
        "dataType": "string",
        "description": text,
        "defaultValue": text,
        "allowableValues": {"valueType": "LIST", "values": [text, "two words"]},
    }
    operation = {
        "httpMethod": "GET",
        "nickname": name or "op",
        "summary": text,
        "notes": text,
        "since": [text],
        "responseClass": "void",
        "parameters": [parameter],
        "errorResponses": [{"code": 400, "reason": text}],
    }
    properties = {
        "id": {"type": "string", "description": text},
        f"p{name}": {"type": "string", "description": text, "enum": [text, "other"]},
        name or "class": {"type": "string", "description": text},
    }
    return {
        "swaggerVersion": "1.1",
        "apiVersion": text,
        "basePath": "http://localhost",
        "resourcePath": "/api-docs/things.json",
        "apis": [{"path": "/things", "operations": [operation]}],
        "models": {f"M{name}": {"id": f"M{name}", "description": text, "properties": properties}},
    }


def settings(text: str) -> str:
    """A client.toml with ``text`` wherever any text may stand."""
    # Of these the generator wants one printable line; JSON's texts are TOML's.
    line = " ".join(text.split())
    one = json.dumps(line if line.isprintable() else "harmless", ensure_ascii=False)
    return (
        f'[client]\nname = "things"\ntitle = {one}\ndescription = {one}\nauthors = [{one}]\n'
        f"[hints]\n404 = {one}\n"
    )


def written(folder: Path, content: dict[str, Any], client: str = "") -> Path:
    """The library of a document, in ``folder``."""
    folder.mkdir()
    (folder / "api.json").write_text(json.dumps(content))
    (folder / "client.toml").write_text(client, encoding="utf-8")
    given = [
        "--lang=perl",
        f"--resource={folder / 'api.json'}",
        f"--settings={folder / 'client.toml'}",
        "--package=Pkg",
        f"--out={folder / 'library'}",
        "--quiet",
    ]
    assert cli.main(given) == 0
    return folder / "library"


def sources(library: Path) -> list[Path]:
    """The generated files of Perl; the runtime holds no text of a document."""
    return sorted(
        path
        for path in library.rglob("*")
        if path.suffix in (".pm", ".PL", ".t") and "Runtime" not in path.parts
    )


def seen(library: Path) -> dict[str, Any]:
    """For each file what Perl compiles, and the commands and codes of its POD."""
    program = repository_file("langs/perl/tests/seen.pl")
    files = sources(library)
    lines = run_perl(program, library / "lib", *files).splitlines()
    names = [path.relative_to(library).as_posix() for path in files]
    return dict(zip(names, map(json.loads, lines), strict=True))


@pytest.fixture(scope="module")
def harmless(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What a harmless library looks like."""
    folder = tmp_path_factory.mktemp("harmless")
    first, second = (
        seen(written(folder / str(number), document(text), settings(text)))
        for number, text in enumerate(HARMLESS)
    )
    assert first == second
    # It is no comparison of nothing with nothing.
    operations, structure = first["lib/Pkg/Things.pm"]
    assert "const[PV]" in "".join(operations)
    assert "++head2" in "".join(structure)
    return first


@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_text_changes_the_code_or_the_structure_of_the_pod(
    tmp_path: Path, harmless: dict[str, Any], payload: str
) -> None:
    library = written(tmp_path / "made", document(payload), settings(payload))
    assert seen(library) == harmless
    json.loads((library / "META.json").read_text("utf-8"))


def test_literals_hold_the_text_character_by_character(tmp_path: Path) -> None:
    held = (
        "binmode STDOUT, ':utf8'; use JSON::PP; require Pkg::Things;"
        "my $parameter = Pkg::Things->find('op')->{parameters}[0];"
        "print JSON::PP->new->ascii->encode($parameter->{choices});"
    )
    for number, payload in enumerate(PAYLOADS):
        library = written(tmp_path / str(number), document(payload))
        choices = json.loads(run_perl("-w", f"-I{library / 'lib'}", "-e", held))
        assert choices == [payload, "two words"]


@pytest.mark.parametrize("name", NAMES)
def test_any_name_makes_a_library_that_loads(tmp_path: Path, name: str) -> None:
    library = written(tmp_path / "made", document("text", name=name))
    for file in sources(library / "lib"):
        said = run_perl(
            "-w", f"-I{library / 'lib'}", "-e", "require shift", file.relative_to(library / "lib")
        )
        assert said == ""


def test_the_same_documents_make_the_same_library(tmp_path: Path) -> None:
    first, second = (written(tmp_path / name, document("harmless")) for name in ("a", "b"))
    files = sorted(path.relative_to(first) for path in first.rglob("*") if path.is_file())
    assert len(files) > 10
    for file in files:
        assert (first / file).read_bytes() == (second / file).read_bytes(), file


def test_a_package_may_have_several_parts(tmp_path: Path) -> None:
    given = [
        "--lang=perl",
        f"--dir={repository_file('test_resources/ari/resources.json').parent}",
        "--package=Acme::Ari",
        f"--out={tmp_path}",
        "--quiet",
    ]
    assert cli.main(given) == 0
    said = (
        "use Acme::Ari; print Acme::Ari->new(api_url => 'http://localhost/')->new_channel('c')->id"
    )
    assert run_perl("-w", f"-I{tmp_path / 'lib'}", "-e", said) == "c"
    assert "'Acme::Ari'" in (tmp_path / "Makefile.PL").read_text("utf-8")


def test_the_readme_shows_the_program_of_a_package_of_several_parts(tmp_path: Path) -> None:
    settings = tmp_path / "client.toml"
    settings.write_text('[client.perl]\npackage = "Acme::Ari"\nexample = "use Acme::Ari;"\n')
    given = [
        "--lang=perl",
        f"--dir={repository_file('test_resources/ari/resources.json').parent}",
        f"--settings={settings}",
        "--package=Acme::Ari",
        f"--out={tmp_path / 'out'}",
        "--quiet",
    ]
    assert cli.main(given) == 0
    assert "```perl\nuse Acme::Ari;\n```\n" in (tmp_path / "out/README.md").read_text("utf-8")
