"""The command line: what it writes, what it says, and how it ends."""

from __future__ import annotations

import ast
import json
import os
import pty
import signal
import subprocess
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

import pytest
from codegen import __version__
from testing.paths import repository_file

from tests.codegen.helpers import Json, document, model, operation, parameter, run, tree, write

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


LANGUAGES = f"--languages={repository_file('tests/codegen/languages/plain/language.py').parents[1]}"
GOOD = document(("/things", operation("list")), models={"Thing": model("Thing", {"id": "string"})})


@pytest.fixture
def api(tmp_path: Path) -> Path:
    """A folder with a small description."""
    return write(tmp_path / "house", {"things": GOOD})


# --- what it writes


def test_a_folder(api: Path, tmp_path: Path) -> None:
    done = run(LANGUAGES, "--lang=plain", f"--dir={api}", f"--out={tmp_path / 'out'}")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == f"plain: 4 files in {tmp_path / 'out'} (4 changed)\n"
    assert set(tree(tmp_path / "out")) == {
        ".generated-files",
        ".generated-lock",
        "NOTES.txt",
        "house/__init__.py",
        "house/things.py",
        "house/runtime/__init__.py",
    }


def test_a_listing_a_document_and_a_package(api: Path, tmp_path: Path) -> None:
    for name, path in (("listing", "resources.json"), ("document", "things.json")):
        out = tmp_path / name
        done = run(
            LANGUAGES, "--lang=plain", f"--resource={api / path}", f"--out={out}", "--package=mine"
        )
        assert (done.returncode, done.stderr) == (0, "")
        assert (out / "mine" / "things.py").exists()


def test_the_settings_beside_the_documents(api: Path, tmp_path: Path) -> None:
    (api / "client.toml").write_text('[client.plain]\npackage = "settled"\n')
    run(LANGUAGES, "--lang=plain", f"--dir={api}", f"--out={tmp_path / 'out'}")
    assert (tmp_path / "out" / "settled" / "things.py").exists()


def test_settings_elsewhere(api: Path, tmp_path: Path) -> None:
    (tmp_path / "other.toml").write_text('[client.plain]\npackage = "elsewhere"\n')
    settings = f"--settings={tmp_path / 'other.toml'}"
    run(LANGUAGES, "--lang=plain", f"--dir={api}", settings, f"--out={tmp_path / 'out'}")
    assert (tmp_path / "out" / "elsewhere" / "things.py").exists()


def test_no_settings_though_there_are_some(api: Path, tmp_path: Path) -> None:
    (api / "client.toml").write_text('[client.plain]\npackage = "settled"\n')
    done = run(
        LANGUAGES, "--lang=plain", f"--dir={api}", "--settings=", f"--out={tmp_path / 'out'}"
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert (tmp_path / "out" / api.name / "things.py").exists()


def test_all_languages_have_a_folder_each(tmp_path: Path) -> None:
    api = repository_file("test_resources/ari/resources.json").parent
    listed = run(LANGUAGES, "--list-languages").stdout.split()
    assert "plain" in listed
    done = run(LANGUAGES, "--lang=all", f"--dir={api}", f"--out={tmp_path / 'out'}")
    assert (done.returncode, done.stderr) == (0, "")
    assert sorted(os.listdir(tmp_path / "out")) == sorted(listed)
    done = run(LANGUAGES, "--lang=plain,plain", f"--dir={api}", f"--out={tmp_path / 'two'}")
    assert os.listdir(tmp_path / "two") == ["plain"]


def test_the_model_and_from_it_the_same_library(api: Path, tmp_path: Path) -> None:
    file = tmp_path / "model.json"
    done = run(f"--dir={api}", f"--dump-model={file}")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert run(f"--dir={api}", "--dump-model").stdout == file.read_text()
    assert json.loads(file.read_text())["api"]["client"]["name"] == "house"
    run(LANGUAGES, "--lang=plain", f"--dir={api}", f"--out={tmp_path / 'one'}")
    run(LANGUAGES, "--lang=plain", f"--model={file}", f"--out={tmp_path / 'two'}")
    made, again = tree(tmp_path / "one"), tree(tmp_path / "two")
    # Only documents can be looked at again: whoever made the model knows what it is made of.
    assert made.pop(".generated-lock")
    assert made == again


def test_the_output_depends_on_nothing_but_the_input(api: Path, tmp_path: Path) -> None:
    trees = []
    for seed in ("0", "1", "42"):
        out = tmp_path / seed
        environment = {"PYTHONHASHSEED": seed, "LC_ALL": "C", "TZ": f"UTC-{seed}"}
        run(LANGUAGES, "--lang=plain", f"--dir={api}", f"--out={out}", env=environment)
        trees.append(tree(out))
    assert trees[0] == trees[1] == trees[2]
    assert len(trees[0]) == 6


def test_templates_of_ones_own(api: Path, tmp_path: Path) -> None:
    own = tmp_path / "own" / "plain"
    own.mkdir(parents=True)
    (own / "NOTES.txt").write_text("Instead of the language's.\n")
    (own / "MORE.txt").write_text("As it is: {{ nothing }}\n")
    arguments = [LANGUAGES, "--lang=plain", f"--dir={api}"]
    run(*arguments, f"--out={tmp_path / 'plain'}")
    done = run(*arguments, f"--templates={own.parent}", f"--out={tmp_path / 'out'}")
    assert (done.returncode, done.stderr) == (0, "")
    made, plain = tree(tmp_path / "out"), tree(tmp_path / "plain")
    assert made.pop("NOTES.txt") == b"Instead of the language's.\n"
    assert made.pop("MORE.txt") == b"As it is: {{ nothing }}\n"
    for each in (made, plain):
        assert each.pop(".generated-files")
        assert each.pop(".generated-lock")
    assert plain.pop("NOTES.txt")
    assert made == plain


def test_a_mistake_in_a_template_of_ones_own_names_it(api: Path, tmp_path: Path) -> None:
    own = tmp_path / "own" / "plain"
    own.mkdir(parents=True)
    (own / "NOTES.txt.j2").write_text("\n{{ api.client.title }}\n")
    arguments = [LANGUAGES, "--lang=plain", f"--dir={api}", f"--out={tmp_path / 'out'}"]
    done = run(*arguments, f"--templates={own.parent}")
    assert done.returncode == 1
    assert f"{own / 'NOTES.txt.j2'}:2: a text of the document" in done.stderr
    (own / "NOTES.txt.j2").write_text('{% include "_none.j2" %}\n')
    done = run(*arguments, f"--templates={own.parent}")
    assert f"{own / 'NOTES.txt.j2'}: there is no template" in done.stderr


def test_templates_of_another_language(api: Path, tmp_path: Path) -> None:
    (tmp_path / "own" / "plane").mkdir(parents=True)
    templates = f"--templates={tmp_path / 'own'}"
    done = run(LANGUAGES, "--lang=plain", f"--dir={api}", templates, f"--out={tmp_path / 'out'}")
    assert done.returncode == 1
    assert "no folder plain in it" in done.stderr
    assert not (tmp_path / "out").exists()


def test_a_relative_folder(api: Path) -> None:
    done = run(LANGUAGES, "--lang=plain", "--dir=.", "--out=../out", cwd=api)
    assert done.stdout == "plain: 4 files in ../out (4 changed)\n"
    assert (api.parent / "out" / "house").is_dir()


def test_a_relative_folder_under_bazel_run(api: Path, tmp_path: Path) -> None:
    program = repository_file("tools/codegen/generate_library.py")
    (tmp_path / "runfiles").mkdir()
    done = subprocess.run(
        [sys.executable, program, LANGUAGES, "--lang=plain", "--dir=.", "--out=../out"],
        env={
            **os.environ,
            "BUILD_WORKING_DIRECTORY": str(api),
            "PYTHONPATH": os.pathsep.join(sys.path),
        },
        cwd=tmp_path / "runfiles",
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    assert (api.parent / "out" / "house").is_dir()


def test_a_second_run(api: Path, tmp_path: Path) -> None:
    arguments = (LANGUAGES, "--lang=plain", f"--dir={api}", f"--out={tmp_path / 'out'}")
    run(*arguments)
    assert run(*arguments).stdout.endswith("(0 changed)\n")
    (tmp_path / "out" / "mine.txt").write_text("mine")
    (tmp_path / "out" / "house" / "things.py").write_text("edited")
    write(api, {"others": document(("/others", operation()))})
    done = run(*arguments)
    assert done.returncode == 0
    assert (
        "things.py: warning: it is no longer generated, but was changed, and stays" in done.stderr
    )
    assert (tmp_path / "out" / "mine.txt").read_text() == "mine"
    assert (tmp_path / "out" / "house" / "others.py").exists()


def test_a_changed_file_stops_it(api: Path, tmp_path: Path) -> None:
    arguments = (LANGUAGES, "--lang=plain", f"--dir={api}", f"--out={tmp_path / 'out'}")
    run(*arguments)
    (tmp_path / "out" / "NOTES.txt").write_text("edited")
    done = run(*arguments)
    assert done.returncode == 1
    assert "files were changed since they were generated: NOTES.txt" in done.stderr
    assert run(*arguments, "--overwrite").returncode == 0
    assert (tmp_path / "out" / "NOTES.txt").read_text() != "edited"


def test_warnings(api: Path, tmp_path: Path) -> None:
    with_slip = document(("/things", operation(parameters=[parameter(descriptioni="x")])))
    write(api, {"things": with_slip})
    arguments = (LANGUAGES, "--lang=plain", f"--dir={api}")
    done = run(*arguments, f"--out={tmp_path / 'out'}")
    assert done.returncode == 0
    assert done.stderr.startswith(f"{api}/things.json:")
    assert " /apis/0/operations/0/parameters/0/descriptioni: warning: " in done.stderr
    done = run(*arguments, f"--out={tmp_path / 'strict'}", "--strict")
    assert done.returncode == 1
    assert "--strict" in done.stderr.splitlines()[-1]
    assert not (tmp_path / "strict").exists()


# --- bad input: exit 1, one clear error each, nothing written

DEEP = "[" * 100_000
BAD: dict[str, tuple[Json | str, str]] = {
    "not JSON": ("{\n\n oops", "things.json:3: error: this is not JSON: "),
    "empty": ("", "things.json:1: error: the document is empty"),
    "no object": ("[]", "things.json:1: error: this is not a Swagger 1 resource document"),
    "too deep": (DEEP, "things.json: error: the document is nested too deeply"),
    "version": (
        {**GOOD, "swaggerVersion": "2.0"},
        'things.json:1: error: swaggerVersion "2.0" is not one of 1.1, 1.2',
    ),
    "reference": (
        document(("/things", operation(responseClass="Nothing"))),
        '/apis/0/operations/0/responseClass: error: there is no model "Nothing"',
    ),
    "cycle": (
        document(("/a", operation()), models={"A": model("A", subTypes=["A"])}),
        '/models/A/subTypes: error: the model "A" is a subtype of itself',
    ),
    "deep types": (
        document(("/a", operation(responseClass="List[" * 5000 + "int" + "]" * 5000))),
        "error: the type is nested too deeply",
    ),
    "twice": (
        document(("/a", operation("one")), ("/a", operation("two"))),
        "error: GET /a is described twice",
    ),
    "no name": (document(("/a", operation("   "))), "no name can be made of"),
    "escape sequences": (
        document(("/a", operation(responseClass="\x1bcgone\r"))),
        'there is no model "\\x1bcgone"',
    ),
}


@pytest.mark.parametrize(("content", "expected"), BAD.values(), ids=BAD)
def test_bad_documents(tmp_path: Path, content: Json | str, expected: str) -> None:
    write(tmp_path / "api", {"things": content})
    out = tmp_path / "out"
    done = run(LANGUAGES, "--lang=plain", f"--dir={tmp_path / 'api'}", f"--out={out}")
    assert done.returncode == 1
    assert done.stdout == ""
    assert expected in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stderr.count("error: ") == 1
    assert done.stderr.isascii()
    assert "\x1b" not in done.stderr
    assert not out.exists()


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["--dir=nowhere"], "nowhere: error: there is no such folder"),
        (["--resource=nothing.json"], "nothing.json: error: the file cannot be read: No such file"),
        (["--resource=gopher://x"], "gopher://x: error: only http:// and https://"),
        (["--model=house/things.json"], "things.json:1: error: this is not a model"),
        (["--dir=house", "--settings=no.toml"], "no.toml: error: the settings cannot be read"),
        (["--dir=house", "--lang=plane"], 'no language "plane" (did you mean plain?)'),
        (["--dir=house", "--languages=nowhere"], 'there is no folder "'),
        (["--dir=house", "--out=house/things.json"], "is not a folder"),
        (["--resource=http://127.0.0.1:1/r.json"], "no connection to the server"),
    ],
)
def test_bad_places(api: Path, tmp_path: Path, arguments: list[str], expected: str) -> None:
    before = tree(tmp_path)
    done = run(LANGUAGES, "--lang=plain", "--out=out", *arguments, cwd=tmp_path)
    assert done.returncode == 1
    assert expected in done.stderr
    assert "Traceback" not in done.stderr
    assert tree(tmp_path) == before


def test_all_errors_are_shown_and_counted(tmp_path: Path) -> None:
    write(
        tmp_path / "api",
        {
            "a": document(("/a", operation(httpMethod="STEAL"))),
            "b": "{",
            "c": document(("/c", operation(responseClass="Nothing"))),
        },
    )
    done = run("--lang=python", f"--dir={tmp_path / 'api'}", f"--out={tmp_path / 'out'}")
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 4
    assert done.stderr.endswith("\n3 errors; nothing was written\n")


def test_a_template_that_prints_a_text_of_the_document(api: Path, tmp_path: Path) -> None:
    source = repository_file("tests/codegen/languages/plain/language.py").parent
    import shutil

    shutil.copytree(source, tmp_path / "langs" / "plain")
    leaky = tmp_path / "langs" / "plain" / "templates" / "LEAK.j2"
    leaky.write_text("one\n{{ api.client.title }}\n")
    languages = f"--languages={tmp_path / 'langs'}"
    done = run(languages, "--lang=plain", f"--dir={api}", f"--out={tmp_path / 'out'}")
    assert done.returncode == 1
    assert f"{leaky}:2: a text of the document is printed without a filter" in done.stderr
    assert not (tmp_path / "out").exists()


def test_a_mistake_of_a_language_is_told_from_the_users(api: Path, tmp_path: Path) -> None:
    folder = tmp_path / "langs" / "odd"
    (folder / "templates").mkdir(parents=True)
    (folder / "language.py").write_text(
        "from codegen.language import Language\n"
        "class Odd(Language):\n"
        "    def names(self, api, package):\n"
        "        return 1 / 0\n"
        "LANGUAGE = Odd()\n"
    )
    arguments = (f"--languages={tmp_path / 'langs'}", "--lang=odd", f"--dir={api}", "--out=out")
    done = run(*arguments, cwd=tmp_path)
    assert done.returncode == 1
    assert "internal error: ZeroDivisionError: division by zero" in done.stderr
    assert "language.py:4" in done.stderr
    assert "Traceback" not in done.stderr
    assert "Traceback" in run(*arguments, "--traceback", cwd=tmp_path).stderr


# --- options


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ([], "one of --dir, --resource and --model is needed"),
        (["--dir=x"], "--lang is needed"),
        (["--dir=x", "--lang=python"], "--out is needed"),
        (["--dir=x", "--dump-model", "--out=y"], "--out without --lang"),
        (["--dir=x", "--model=y", "--lang=python", "--out=z"], "not allowed with argument"),
        (["--model=x", "--settings=y", "--dump-model"], "--settings does not go with --model"),
        (["--dir=x", "--lang=a", "--out=b", "--package=a b"], "--package must be the name"),
        (["--dir=x", "--lang=a", "--out=b", "--package=../x"], "--package must be the name"),
        (["--dir=x", "--lang=a", "--out=b", "--format=json"], "--format goes with --diff"),
        (["--colour"], "unrecognized arguments: --colour"),
        (["--lan=python"], "unrecognized arguments: --lan=python"),
    ],
)
def test_wrong_options(arguments: list[str], expected: str) -> None:
    done = run(*arguments)
    assert done.returncode == 2
    assert expected in done.stderr


def test_help_and_version() -> None:
    done = run("--help")
    assert done.returncode == 0
    for option in ("--lang", "--dir", "--resource", "--model", "--out", "--settings", "--package"):
        assert option in done.stdout
    assert run("--version").stdout == f"generate_library {__version__}\n"


def test_help_shows_no_secret_of_the_environment() -> None:
    assert "topsecret" not in run("--help", env={"API_PASSWORD": "topsecret"}).stdout


# --- a live server, and its password


class Handler(BaseHTTPRequestHandler):
    """Serves one document to whoever knows the password."""

    def do_GET(self) -> None:
        allowed = self.headers.get("Authorization") == "Basic bWU6dG9wc2VjcmV0"  # me:topsecret
        body = json.dumps(GOOD).encode()
        self.send_response(200 if allowed else 401)
        self.end_headers()
        self.wfile.write(body if allowed else b"")

    def log_message(self, format: str, *args: Any) -> None:
        pass


@pytest.fixture
def server() -> Iterator[str]:
    """The address of a document that needs a password."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}/things.json"
    server.shutdown()
    server.server_close()
    thread.join()


def test_the_password_from_options_and_from_the_environment(server: str) -> None:
    dump = (f"--resource={server}", "--dump-model")
    done = run(*dump, "--username=me", "--password=topsecret")
    assert (done.returncode, done.stderr) == (0, "")
    done = run(*dump, env={"API_USERNAME": "me", "API_PASSWORD": "topsecret"})
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["--username=me", "--password=topsecre"], "the server refused the user name or the"),
        ([], "the server wants a user name and a password"),
    ],
)
def test_a_wrong_password_is_not_shown(server: str, arguments: list[str], expected: str) -> None:
    done = run(f"--resource={server}", "--dump-model", *arguments)
    assert done.returncode == 1
    assert expected in done.stderr
    assert "topsecre" not in done.stderr + done.stdout


def test_nobody_to_ask_for_the_password(server: str) -> None:
    done = run(f"--resource={server}", "--dump-model", "--username=me", stdin=subprocess.DEVNULL)
    assert done.returncode == 1
    assert "the password is missing: give it in the variable API_PASSWORD" in done.stderr


def on_a_terminal(arguments: list[str], say: str = "", wait_for: str = "") -> tuple[int, str]:
    """Run on a terminal of its own: exit code and everything that was shown."""
    tools = repository_file("tools/codegen/cli.py").parent.parent
    pid, terminal = pty.fork()
    if pid == 0:
        os.environ["PYTHONPATH"] = os.pathsep.join([str(tools), *(p for p in sys.path if p)])
        os.execv(sys.executable, [sys.executable, "-m", "codegen", *arguments])
    shown = ""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            piece = os.read(terminal, 4096).decode()
        except OSError:  # the terminal's other end is closed
            break
        if not piece:
            break
        shown += piece
        if say and wait_for in shown:
            os.write(terminal, say.encode())
            say = ""
    os.close(terminal)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), shown


def test_the_password_is_asked_for_on_a_terminal(server: str, tmp_path: Path) -> None:
    arguments = [LANGUAGES, "--lang=plain", f"--resource={server}", f"--out={tmp_path / 'out'}"]
    code, shown = on_a_terminal([*arguments, "--username=me"], "topsecret\n", "Password of me: ")
    assert code == 0
    assert "topsecret" not in shown
    # Progress is shown on a terminal, and wiped off before the result.
    assert "generating plain" in shown
    assert shown.rstrip().endswith("(4 changed)")


def test_ctrl_c_at_the_prompt(server: str) -> None:
    arguments = [f"--resource={server}", "--dump-model", "--username=me"]
    code, shown = on_a_terminal(arguments, "\x03", "Password of me: ")
    assert code == 130
    assert "interrupted" in shown
    assert "Traceback" not in shown


def test_ctrl_c_while_a_server_keeps_it_waiting(tmp_path: Path) -> None:
    asked = threading.Event()
    release = threading.Event()

    class Slow(Handler):
        def do_GET(self) -> None:
            asked.set()
            release.wait(30)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Slow)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}).start()
    tools = repository_file("tools/codegen/cli.py").parent.parent
    path = os.pathsep.join([str(tools), *(p for p in sys.path if p)])
    url = f"http://127.0.0.1:{server.server_address[1]}/r.json"
    arguments = ["--lang=python", f"--resource={url}", f"--out={tmp_path / 'out'}"]
    process = subprocess.Popen(
        [sys.executable, "-m", "codegen", *arguments],
        env={**os.environ, "PYTHONPATH": path},
        stderr=subprocess.PIPE,
        text=True,
    )
    assert asked.wait(30)
    process.send_signal(signal.SIGINT)
    _, shown = process.communicate(timeout=30)
    release.set()
    server.shutdown()
    server.server_close()
    assert process.returncode == 130
    assert "interrupted" in shown
    assert "Traceback" not in shown
    assert not (tmp_path / "out").exists()


def test_a_reader_of_stdout_that_goes_away(api: Path) -> None:
    tools = repository_file("tools/codegen/cli.py").parent.parent
    path = os.pathsep.join([str(tools), *(p for p in sys.path if p)])
    read_end, write_end = os.pipe()
    os.close(read_end)
    done = subprocess.run(
        [sys.executable, "-m", "codegen", f"--dir={api}", "--dump-model"],
        env={**os.environ, "PYTHONPATH": path},
        stdout=write_end,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    os.close(write_end)
    assert done.returncode == 1
    assert done.stderr == ""


def test_a_full_disk_behind_stdout(api: Path) -> None:
    tools = repository_file("tools/codegen/cli.py").parent.parent
    path = os.pathsep.join([str(tools), *(p for p in sys.path if p)])
    with open("/dev/full", "wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "codegen", f"--dir={api}", "--dump-model"],
            env={**os.environ, "PYTHONPATH": path},
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert done.returncode == 1
    assert done.stderr == "error: No space left on device\n"


def test_a_folder_whose_name_is_not_text(api: Path) -> None:
    name = os.fsdecode(b"f\xe9lix")
    done = run(LANGUAGES, "--lang=plain", f"--dir={api}", f"--out={name}", cwd=api)
    assert done.returncode == 0
    assert "f\\udce9lix" in done.stdout


# --- a whole library


def test_what_comes_out_is_python(tmp_path: Path) -> None:
    folder = repository_file("test_resources/ari/resources.json").parent
    done = run(LANGUAGES, "--lang=plain", f"--dir={folder}", f"--out={tmp_path / 'out'}")
    assert (done.returncode, done.stderr) == (0, "")
    files = {path: data for path, data in tree(tmp_path / "out").items() if path.endswith(".py")}
    assert len(files) == 13
    for data in files.values():
        ast.parse(data)
