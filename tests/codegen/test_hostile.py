"""Documents that try to break the generator, or to put code into what it writes.

Each payload stands in every text of a document.  The library that comes out must be Python that holds the
payload as data, character by character, and does nothing else.
"""

from __future__ import annotations

import ast
import json
from typing import TYPE_CHECKING, Any

import pytest
from codegen import languages, output, renderer
from codegen.problems import GenerationError
from testing.paths import repository_file

from tests.codegen.helpers import (
    api_of,
    document,
    errors,
    model,
    operation,
    parameter,
    read,
    run,
    tree,
    write,
)

if TYPE_CHECKING:
    from pathlib import Path

PAYLOADS = [
    '"',
    "'",
    '"""',
    "'''",
    '"""; import os; os.system("touch pwned")  #',
    "\\",
    '\\"',
    "\\\n",
    "a\nimport os",
    "a\r\nimport os",
    "a\rimport os",
    "a\x0bimport os",
    "a\x0cimport os",
    "a\x85import os",
    "a\u2028import os",
    "a\u2029import os",
    "a\x1cb\x1db\x1eb",
    "*/ alert(1) /*",
    "\n=cut\nsystem('x')\n=pod\n",
    "$x @{[ `id` ]} %h",
    "${process.exit()}",
    "`id`",
    "<!-- --><script>",
    "{{ 7 * 7 }}",
    "{% for x in y %}",
    "{# gone #}",
    "{{ ''.__class__.__mro__ }}",
    "%s %(x)s {0} {x}",
    "\x00",
    "\x1b[2J",
    "\u202e\u2066reversed",
    "\ufeff",
    "\U0001f600",
    "../../etc/passwd",
    "a" * 70_000,
]


def hostile(payload: str, name: str = "x") -> dict[str, Any]:
    """A document with ``payload`` in every text where any text is possible."""
    return document(
        (
            "/things",
            operation(
                f"op{name}",
                summary=payload,
                notes=payload,
                since=[payload],
                parameters=[
                    parameter(
                        f"q{name}",
                        description=payload,
                        defaultValue=payload,
                        allowableValues={"valueType": "LIST", "values": [payload, "b"]},
                    )
                ],
                errorResponses=[{"code": 400, "reason": payload}],
            ),
        ),
        models={
            f"M{name}": model(
                f"M{name}",
                {f"p{name}": {"type": "string", "description": payload}},
                description=payload,
            )
        },
        description=payload,
        apiVersion=payload,
    )


def generated(folder: Path, content: dict[str, Any]) -> dict[str, bytes]:
    """The files of the library that the tests' own language makes of a document."""
    write(folder / "api", {"things": content})
    # The listing's description wins over the document's.
    listing = json.loads((folder / "api" / "resources.json").read_text())
    listing["apis"][0]["description"] = content["description"]
    (folder / "api" / "resources.json").write_text(json.dumps(listing))
    description, problems = read(folder / "api")
    assert errors(problems) == []
    assert description is not None
    place = repository_file("tests/codegen/languages/plain/language.py").parents[1]
    found = languages.find(str(place))["plain"]
    api = api_of(description)
    return renderer.render(found.load(), api, "pkg", found.templates, found.runtime)


@pytest.mark.parametrize("payload", PAYLOADS)
def test_payloads_in_texts_stay_data(tmp_path: Path, payload: str) -> None:
    files = generated(tmp_path, hostile(payload))
    assert set(files) == {
        "NOTES.txt",
        "pkg/__init__.py",
        "pkg/runtime/__init__.py",
        "pkg/things.py",
    }
    things = ast.parse(files["pkg/things.py"])
    # A docstring, a name, one function: nothing else is executed.
    kinds = [type(node).__name__ for node in things.body]
    assert kinds == ["Expr", "Assign", "FunctionDef"]
    function = things.body[2]
    assert isinstance(function, ast.FunctionDef)
    (statement,) = function.body
    assert isinstance(statement, ast.Return)
    value = ast.literal_eval(ast.unparse(statement).removeprefix("return "))
    assert value == ("summary", payload, [("qx", payload, payload)])
    package = ast.parse(files["pkg/__init__.py"])
    assert ast.literal_eval(package.body[2].value) == {"Mx": payload}  # type: ignore[attr-defined]


NAMES = [
    '"',
    "';import os;'",
    "a\nb",
    "../../evil",
    "..",
    "/etc/passwd",
    "C:\\evil",
    "__class__",
    "__init__",
    "{{ 7 * 7 }}",
    "%package%",
    "%resource%",
    "con",
    "a\u2028b",
    "\u202eabc",
    "$x",
    "a" * 5000,
    "self",
    "None",
    "import",
    ".",
    "-",
]


@pytest.mark.parametrize("name", NAMES)
def test_hostile_names_become_safe_ones(tmp_path: Path, name: str) -> None:
    files = generated(tmp_path, hostile("x", name))
    things = ast.parse(files["pkg/things.py"])
    functions = [node.name for node in things.body if isinstance(node, ast.FunctionDef)]
    assert len(functions) == 1
    assert functions[0].isidentifier()
    assert functions[0].isascii()
    output.Output(str(tmp_path / "out"), files).write()
    assert set(tree(tmp_path / "out")) == {*files, ".generated-files"}


@pytest.mark.parametrize("name", ["con", "..", "aux", "a/b", "__init__", "%package%"])
def test_hostile_resources(tmp_path: Path, name: str) -> None:
    # A single document takes its name from resourcePath.
    content = {**hostile("x"), "resourcePath": f"/api-docs/{name}"}
    (tmp_path / "api.json").write_text(json.dumps(content))
    place = repository_file("tests/codegen/languages/plain/language.py").parents[1]
    done = run(
        f"--languages={place}",
        "--lang=plain",
        f"--resource={tmp_path / 'api.json'}",
        f"--out={tmp_path / 'out' / 'lib'}",
    )
    assert "Traceback" not in done.stderr
    assert "internal error" not in done.stderr
    assert done.returncode in (0, 1)
    # Nothing came out beside the folder, and only what was planned came into it.
    assert sorted(p.name for p in tmp_path.iterdir()) in (["api.json"], ["api.json", "out"])
    if done.returncode == 0:
        assert [p.name for p in (tmp_path / "out").iterdir()] == ["lib"]
        assert len(tree(tmp_path / "out" / "lib")) == 6
    else:
        assert not (tmp_path / "out").exists()


def test_a_device_is_no_file_name(tmp_path: Path) -> None:
    with pytest.raises(GenerationError, match=r'a file cannot be called "pkg/con\.py"'):
        output.Output(str(tmp_path), {"pkg/con.py": b""})


def test_the_settings_cannot_put_code_into_names(tmp_path: Path) -> None:
    write(tmp_path / "api", {"things": hostile("x")})
    place = repository_file("tests/codegen/languages/plain/language.py").parents[1]
    for line in ('package = "../../evil"', 'package = "a; import os"', 'class = "A(B)"'):
        (tmp_path / "api" / "client.toml").write_text(f"[client.plain]\n{line}\n")
        done = run(
            f"--languages={place}", "--lang=plain", f"--dir={tmp_path / 'api'}", "--out=out", cwd=tmp_path
        )  # fmt: skip
        assert done.returncode == 1
        assert "client.toml:2 /client/plain/" in done.stderr
    assert not (tmp_path / "out").exists()


def test_many_operations_of_one_name(tmp_path: Path) -> None:
    content = document(*[(f"/a{n}", operation("get")) for n in range(300)], description="")
    files = generated(tmp_path, content)
    things = ast.parse(files["pkg/things.py"])
    functions = [node.name for node in things.body if isinstance(node, ast.FunctionDef)]
    assert len(set(functions)) == 300
