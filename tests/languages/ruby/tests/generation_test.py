"""What comes out of the generator in Ruby: good Ruby, the same every time, whatever the documents hold."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from codegen import __version__
from testing.paths import repository_file

from tests.languages.ruby.tests.support import (
    LANGUAGES,
    asterisk_library,
    generate,
    require_ruby,
    run_ruby,
)

#: Harmless texts, and a long one, for which lines are broken.
HARMLESS = ["harmless", "h" * 5000]
PAYLOADS = [
    *HARMLESS,
    '"',
    "'",
    "\\",
    '\\"',
    "\\\n",
    "#{abort}",
    "#$stdout #@x #@@x",
    "\\#{abort}",
    "#\\{abort}",
    "`id` %x(id) #{`id`}",
    'a"\nabort\n"',
    "a\nabort",
    "a\r\nabort",
    "a\rabort",
    "a\x0babort",
    "a\x0cabort",
    "a\x85abort",
    "a\u2028abort",
    "\n=begin\nabort\n=end\n",
    "=begin",
    "\n=end\nabort\n=begin\n",
    "\n__END__\n",
    "<<~TEXT\nabort\nTEXT\n",
    "\x04 \x1a \x00",
    "frozen_string_literal: false",
    "shareable_constant_value: experimental_everything",
    "warn_indent : true",
    "-*- frozen_string_literal: false -*-",
    "-*-*- warn_indent: true -*-*-",
    "coding: us-ascii",
    "end end end",
    "@!parse abort",
    "{{ 7 * 7 }} {% for x in y %} {# gone #}",
    "%s %{x} {0}",
    "\x1b[2J",
    "\u202e\u2066reversed",
    "\ufeff",
    "\U0001f600 é",
    '#{abort} \\" ' * 1000,
]

NAMES = ['"', "#{abort}", "a\nabort", "$x", "@x", "end", "__END__", "BEGIN", "class", "self", "new"]


def document(text: str, *, name: str = "") -> dict[str, Any]:
    """A document with ``text`` wherever any text may stand, and ``name`` in all names."""
    parameter = {
        "name": f"q{name}",
        "paramType": "query",
        "dataType": "string",
        "description": text,
        "defaultValue": text,
        "allowableValues": {"valueType": "LIST", "values": [text, "other"]},
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
        f"p{name}": {"type": "string", "description": text},
        name or "class": {"type": "string", "description": text},
    }
    return {
        "swaggerVersion": "1.1",
        "apiVersion": text,
        "basePath": "http://localhost",
        "resourcePath": "/api-docs/things.json",
        "apis": [{"path": f"/things{quote(name)}", "operations": [operation]}],
        "models": {f"M{name}": {"id": f"M{name}", "description": text, "properties": properties}},
    }


def written(folder: Path, content: dict[str, Any], settings: str = "") -> Path:
    """The library of a document, in ``folder``."""
    folder.mkdir()
    (folder / "api.json").write_text(json.dumps(content))
    (folder / "client.toml").write_text(settings)
    return generate(
        folder / "library",
        f"--resource={folder / 'api.json'}",
        f"--settings={folder / 'client.toml'}",
        "--package=pkg",
    )


def test_the_library_is_complete_and_good_ruby(tmp_path: Path) -> None:
    library = asterisk_library(tmp_path)
    names = {path.relative_to(library).as_posix() for path in library.rglob("*")}
    assert names >= {
        "LICENSE",
        "README.md",
        "asterisk_rb.gemspec",
        "lib/asterisk_rb.rb",
        "lib/asterisk_rb/resources/bridges.rb",
        "lib/asterisk_rb/models/bridge.rb",
        "lib/asterisk_rb/runtime/request.rb",
    }
    # With -w, a warning is printed, and run_ruby takes that for a failure.
    sources = sorted(path for path in library.rglob("*") if path.suffix in (".rb", ".gemspec"))
    compiled = "ARGV.each { |one| RubyVM::InstructionSequence.compile_file(one) }"
    assert run_ruby("-e", compiled, *sources) == ""
    loaded = 'require "asterisk_rb"; AsteriskRb.constants.each { |one| AsteriskRb.const_get(one) }'
    assert run_ruby("-I", library / "lib", "-e", loaded) == ""
    too_long = [
        f"{path.name}:{number}"
        for path in sources
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if len(line) > 120
    ]
    assert not too_long


def test_the_same_documents_make_the_same_library(tmp_path: Path) -> None:
    first, second = (written(tmp_path / name, document("harmless")) for name in ("a", "b"))
    files = sorted(path.relative_to(first) for path in first.rglob("*") if path.is_file())
    assert len(files) > 10
    for file in files:
        assert (first / file).read_bytes() == (second / file).read_bytes(), file


def test_reserved_words_are_all_of_ruby(tmp_path: Path) -> None:
    reserved = (LANGUAGES / "ruby" / "reserved.txt").read_text("utf-8").split()
    methods = run_ruby("-e", "puts Object.new.methods.grep(/\\A[a-z]/)").split()
    assert set(methods) - {"instance_of?"} <= {*reserved, *(m for m in methods if m.endswith("?"))}


def test_the_gem_can_be_installed_and_used(tmp_path: Path) -> None:
    # Among the runfiles its files are links.
    library = shutil.copytree(asterisk_library(tmp_path / "made"), tmp_path / "library")
    steps = """
        require "rubygems/package"
        require "rubygems/installer"
        Dir.mkdir(ARGV[1])
        Dir.chdir(ARGV[0])
        gem = Gem::DefaultUserInteraction.use_ui(Gem::SilentUI.new) do
          Gem::Package.build(Gem::Specification.load("asterisk_rb.gemspec"), true, false, "#{ARGV[1]}/asterisk_rb.gem")
        end
        Gem::Installer.at(gem, install_dir: ARGV[1]).install
    """
    run_ruby("-e", steps, library, tmp_path / "gems")
    use = "Gem.paths = {'GEM_HOME' => ARGV[0]}; require 'asterisk_rb'; puts AsteriskRb::VERSION"
    assert run_ruby("-e", use, tmp_path / "gems") == f"{__version__}\n"


def tokens(libraries: list[Path]) -> list[dict[str, dict[str, Any]]]:
    """For each library and file, the code that Ruby sees, and the directives."""
    program = repository_file("tests/languages/ruby/tests/tokens.rb")
    lines = run_ruby(program, text=json.dumps(list(map(str, libraries)))).splitlines()
    return [json.loads(line) for line in lines]


def test_another_api_is_written_as_it_wants(tmp_path: Path) -> None:
    def parameter(name: str, place: str, kind: str, **more: Any) -> dict[str, Any]:
        return {"name": name, "paramType": place, "dataType": kind, **more}

    operation = {
        "httpMethod": "PUT",
        "nickname": "send",
        "responseClass": "void",
        "parameters": [
            parameter("to", "query", "string", allowMultiple=True),
            parameter("ID", "query", "int"),
            parameter("X-Trace", "header", "string"),
            parameter("id", "path", "string", required=True),
            parameter("end", "body", "Note"),
        ],
    }
    content = {
        "swaggerVersion": "1.1",
        "apiVersion": "2",
        "resourcePath": "/things",
        "apis": [{"path": "/things/{id}", "operations": [operation]}],
        "models": {"Note": {"id": "Note", "properties": {"hash": {"type": "string"}}}},
    }
    settings = '[access]\nlists = "repeat"\n[client.ruby]\npackage = "pkg"\nclass = "House"\n'
    settings += 'example = "puts 1"'
    library = written(tmp_path / "x", content, settings)
    assert "\n```ruby\nputs 1\n```\n" in (library / "README.md").read_text("utf-8")
    use = """
        require "pkg"
        Connection = Struct.new(:access) do
          def call(request, *) = puts(JSON.generate([request.written(**access), request.headers]))
        end
        things = House::Things.new(nil, Connection.new(House::Client::ACCESS))
        things.send_("a b", id_2: 7, to: ["x,y", :z], x_trace: "1", end_: { "hash" => "n" })
        things.send_("a", x_trace: "1\\r\\nCookie: 2") rescue puts(JSON.generate([$!.class, $!.message]))
        puts JSON.generate([House::Note.new({ "hash" => "n" }).hash_])
    """
    sent, refused, read = map(json.loads, run_ruby("-I", library / "lib", "-e", use).splitlines())
    assert sent == [["/things/a%20b?to=x%2Cy&to=z&ID=7", {"hash": "n"}], {"X-Trace": "1"}]
    assert refused[0] == "House::IllegalInputException"
    assert read == ["n"]


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """A library for each payload."""
    require_ruby()
    settings = "[client]\ntitle = {0}\ndescription = {0}\nauthors = [{0}]\n"
    folder = tmp_path_factory.mktemp("hostile")
    return [
        # The settings refuse what is not printable.
        written(
            folder / str(number),
            document(text),
            settings.format(json.dumps(text if text.isprintable() else "-", ensure_ascii=False)),
        )
        for number, text in enumerate(PAYLOADS)
    ]


def test_texts_are_never_code(hostile: list[Path]) -> None:
    short, long, *others = tokens(hostile)
    for text, seen in zip(PAYLOADS[2:], others, strict=True):
        # Nothing but the inside of literals differs, and no comment tells Ruby anything.
        assert seen == (long if len(text) > 1000 else short), f"{text!r} makes another program"
    for harmless in (short, long):
        found = [file["directives"] for file in harmless.values()]
        assert found == [["frozen_string_literal: true"]] * len(found)


def test_literals_hold_the_text_itself(hostile: list[Path]) -> None:
    given = [
        {"folder": str(folder), "payload": text}
        for folder, text in zip(hostile, PAYLOADS, strict=True)
    ]
    program = repository_file("tests/languages/ruby/tests/payload.rb")
    targets = json.loads(run_ruby(program, text=json.dumps(given)))
    for text, (target, refused) in zip(PAYLOADS, targets, strict=True):
        assert target == f"/things?q={quote(text, safe='')}"
        assert refused.startswith('q is "something else": allowed are')


@pytest.mark.parametrize("name", NAMES)
def test_names_are_never_code(tmp_path: Path, name: str) -> None:
    library = written(tmp_path / "x", document("harmless", name=name))
    (seen,) = tokens([library])
    assert all(file["directives"] == ["frozen_string_literal: true"] for file in seen.values())
    # Every file is loaded: code among the names would end the program.
    loaded = 'require "pkg"; puts Pkg.constants.map { |one| Pkg.const_get(one) }.size'
    assert int(run_ruby("-I", library / "lib", "-e", loaded)) > 20
