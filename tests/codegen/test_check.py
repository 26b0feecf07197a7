"""``--check``: is a library up to date, and if not, why? The lock by which it knows."""

from __future__ import annotations

import json
import shutil
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

import pytest
from codegen import __version__, lock
from codegen.output import LOCK, MANIFEST
from testing.paths import repository_file

from tests.codegen.helpers import call, document, model, operation, parameter, tree, write

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PLAIN = repository_file("tests/codegen/languages/plain/language.py").parent
LANGUAGES = f"--languages={PLAIN.parent}"
GOOD = document(
    ("/things", operation("list", parameters=[parameter("q")])),
    models={"Thing": model("Thing", {"id": "string"})},
)


@pytest.fixture
def api(tmp_path: Path) -> Path:
    """A folder with a small description."""
    return write(tmp_path / "house", {"things": GOOD})


@pytest.fixture
def library(api: Path, tmp_path: Path) -> Path:
    """A library in Python from it."""
    (api / "client.toml").write_text('[client]\nname = "home"\n')
    return made(tmp_path / "library", "--lang=python", f"--dir={api}")


def made(out: Path, *arguments: str | Path, **more: Any) -> Path:
    done = call(*arguments, f"--out={out}", **more)
    assert done.returncode == 0, done.stderr
    return out


def checked(out: Path, *arguments: str | Path, **more: Any) -> tuple[int, list[str]]:
    """Exit status and lines of a check, which leaves everything as it is."""
    before = tree(out.parent)
    done = call("--check", f"--out={out}", *arguments, **more)
    assert done.stderr == ""
    assert tree(out.parent) == before
    return done.returncode, done.stdout.splitlines()


def refused(out: Path, *arguments: str | Path, **more: Any) -> str:
    """What is said where it cannot be told."""
    done = call("--check", f"--out={out}", *arguments, **more)
    assert (done.returncode, done.stdout) == (2, "")
    assert "Traceback" not in done.stderr
    return done.stderr


def held(out: Path) -> dict[str, Any]:
    """What the lock says."""
    said = json.loads((out / LOCK).read_text("ascii"))
    assert isinstance(said, dict)
    return said


def change(out: Path, **members: Any) -> None:
    """Change what the lock says."""
    (out / LOCK).write_text(json.dumps({**held(out), **members}))


# --- what the lock holds


def test_the_lock(library: Path) -> None:
    said = held(library)
    digests = [said[name].pop("sha256") for name in ("documents", "settings", "files")]
    assert [len(digest) for digest in digests] == [64, 64, 64]
    del said["about"]
    assert said == {
        "version": 1,
        "generator": __version__,
        "language": "python",
        "documents": {"dir": "../house"},
        "api": {"name": "home", "url": "https://server.example/api"},
        "settings": {"file": "../house/client.toml"},
        "options": {},
        "files": {},
    }


def test_the_lock_is_the_same_wherever_the_whole_lies(tmp_path: Path) -> None:
    locks = []
    for place in ("here", "and/there"):
        api = write(tmp_path / place / "house", {"things": GOOD})
        out = made(api.parent / "out", "--lang=python", f"--dir={api}", "--package=mine")
        locks.append((out / LOCK).read_bytes())
    assert locks[0] == locks[1]


def test_a_library_from_a_model_has_no_lock(library: Path, api: Path, tmp_path: Path) -> None:
    file = tmp_path / "model.json"
    call(f"--dir={api}", f"--dump-model={file}")
    made(library, "--lang=python", f"--model={file}")
    assert not (library / LOCK).exists()
    assert "has no lock (.generated-lock): it was generated from a model" in refused(library)


@pytest.mark.parametrize(
    ("place", "kept"),
    [
        ("/api/docs", "../../docs"),
        ("/elsewhere", "/elsewhere"),
        ("http://me:secret@host:8088/ari/r.json?key=secret#secret", "http://host:8088/ari/r.json"),
        ("HTTPS://secret@[::1]?key=secret", "HTTPS://[::1]"),
    ],
)
def test_places(place: str, kept: str) -> None:
    assert lock.recorded(place, "/api/made/out") == kept
    if "secret" not in place:
        assert lock.resolved(kept, "/api/made/out") == place


# --- up to date


def test_up_to_date(library: Path) -> None:
    assert checked(library) == (0, [f"python: {library} is up to date"])
    assert checked(library, "--quiet") == (0, [])


def test_the_same_options_again(library: Path, api: Path) -> None:
    assert checked(library, "--lang=python", f"--dir={api}")[0] == 0
    assert checked(library, "--lang=python", f"--resource={api / 'resources.json'}")[0] == 0


def test_from_another_folder(library: Path, tmp_path: Path) -> None:
    assert checked(library, cwd=tmp_path) == (0, [f"python: {library} is up to date"])
    # All moved together.
    for name in ("library", "house"):
        shutil.move(tmp_path / name, tmp_path / "moved" / name)
    assert checked(tmp_path / "moved" / "library")[0] == 0


def test_the_layout_of_documents_and_settings_does_not_count(library: Path, api: Path) -> None:
    (api / "things.json").write_text(json.dumps({**GOOD, "basePath": "https://other/"}, indent=7))
    (api / "client.toml").write_text('# A comment.\nclient = { name = "home" }\n')
    assert checked(library)[0] == 0


def test_files_of_the_user_do_not_count(library: Path) -> None:
    (library / "mine.txt").write_text("mine")
    assert checked(library)[0] == 0


def test_several_languages(api: Path, tmp_path: Path) -> None:
    out = made(tmp_path / "libraries", "--lang=python,perl", f"--dir={api}")
    said = [f"{name}: {out / name} is up to date" for name in ("perl", "python")]
    assert checked(out) == (0, said)
    assert checked(out, "--lang=python,perl", f"--dir={api}") == (0, said[::-1])
    (out / "perl" / "LICENSE").unlink()
    code, lines = checked(out)
    assert code == 1
    assert lines == [
        f"perl: {out / 'perl'} is not up to date",
        "  missing: LICENSE",
        said[1],
    ]


# --- not up to date, and why


def test_other_documents(library: Path, api: Path) -> None:
    write(api, {"things": document(("/things", operation("find")))})
    code, lines = checked(library)
    assert code == 1
    assert lines[:2] == [
        f"python: {library} is not up to date",
        f"  the documents changed: {api}",
    ]
    assert len(lines) == 3
    assert lines[2].startswith("  to be generated anew: README.md, home/")
    assert checked(library, "--quiet") == (code, lines)
    call("--lang=python", f"--dir={api}", f"--out={library}")
    assert checked(library)[0] == 0


def test_other_settings(library: Path, api: Path) -> None:
    settings = api / "client.toml"
    settings.write_text('[client]\nname = "home"\nversion = "2.0.0"\n')
    code, lines = checked(library)
    assert (code, lines[1]) == (1, f"  the settings changed: {settings}")
    settings.unlink()
    code, lines = checked(library)
    assert (code, lines[1]) == (1, f"  the settings are gone: {settings}")


def test_settings_where_none_were(api: Path, tmp_path: Path) -> None:
    out = made(tmp_path / "out", "--lang=python", f"--dir={api}")
    (api / "client.toml").write_text('[client]\nlicence = "MIT"\n')
    code, lines = checked(out)
    assert (code, lines[1]) == (1, f"  there are settings now: {api / 'client.toml'}")


def test_settings_elsewhere_are_found_again(api: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "other.toml"
    elsewhere.write_text('[client]\nname = "other"\n')
    out = made(tmp_path / "out", "--lang=python", f"--dir={api}", f"--settings={elsewhere}")
    # Those beside the documents were not used, and are not now.
    (api / "client.toml").write_text('[client]\nname = "home"\n')
    assert checked(out)[0] == 0
    assert checked(out, f"--dir={api}")[0] == 0
    assert checked(out, f"--settings={api / 'client.toml'}")[0] == 1
    elsewhere.unlink()
    assert "the settings cannot be read" in refused(out)


def test_documents_without_settings_get_those_of_the_library(library: Path, api: Path) -> None:
    # As a server's documents, which have none beside them.
    bare = write(api.parent / "bare", {"things": GOOD})
    assert checked(library, f"--dir={bare}")[0] == 0
    (bare / "client.toml").write_text('[client]\nname = "other"\n')
    code, lines = checked(library, f"--dir={bare}")
    assert (code, lines[1]) == (1, f"  the settings changed: {bare / 'client.toml'}")


def test_another_package(api: Path, tmp_path: Path) -> None:
    out = made(tmp_path / "out", "--lang=python", f"--dir={api}", "--package=mine")
    assert checked(out)[0] == 0
    code, lines = checked(out, "--package=yours")
    assert code == 1
    assert lines[1] == "  the package's name changed: it was mine and is yours"


def test_another_name_of_the_documents(api: Path, tmp_path: Path) -> None:
    out = made(tmp_path / "out", "--lang=python", f"--dir={api}")
    api.rename(tmp_path / "garden")
    code, lines = checked(out, f"--dir={tmp_path / 'garden'}")
    assert code == 1
    assert lines[1] == (
        "  name or address of the API, which no settings say, changed: "
        "was house, https://server.example/api; is garden, https://server.example/api"
    )


def test_another_generator(library: Path, api: Path) -> None:
    change(library, generator="0.0.9")
    code, lines = checked(library)
    assert code == 1
    assert lines[1:] == [f"  the generator changed: it was 0.0.9 and is {__version__}"]
    write(api, {"things": document(("/things", operation("find")))})
    assert checked(library)[1][2] == (
        f"  the documents changed, or are read differently by this generator: {api}"
    )


def test_another_template_of_the_same_version(api: Path, tmp_path: Path) -> None:
    langs = tmp_path / "langs"
    shutil.copytree(PLAIN, langs / "plain")
    options = f"--languages={langs}"
    out = made(tmp_path / "out", options, "--lang=plain", f"--dir={api}")
    assert checked(out, options)[0] == 0
    (langs / "plain" / "templates" / "NOTES.txt").write_text("other\n")
    code, lines = checked(out, options)
    assert code == 1
    assert lines[1:] == [
        f"  the generator or the language plain changed, and not its version ({__version__})",
        "  to be generated anew: NOTES.txt",
    ]


def test_another_language(library: Path) -> None:
    code, lines = checked(library, "--lang=perl")
    assert code == 1
    assert lines[:2] == [
        f"perl: {library} is not up to date",
        "  it is a library in python, not in perl",
    ]


def test_files_changed_by_hand(library: Path) -> None:
    (library / "LICENSE").write_text("mine")
    (library / "README.md").unlink()
    code, lines = checked(library)
    assert code == 1
    assert lines[1:] == ["  changed by hand: LICENSE", "  missing: README.md"]


def test_the_manifest_of_another_call(library: Path) -> None:
    (library / MANIFEST).unlink()
    code, lines = checked(library)
    assert code == 1
    assert lines[1].startswith("  .generated-files and .generated-lock are not of one run")
    # The one that is missing there counts nevertheless.
    (library / "README.md").unlink()
    assert checked(library)[1][2:] == ["  to be generated anew: README.md"]


# --- it cannot be told


def test_no_library(tmp_path: Path) -> None:
    assert "there is no folder" in refused(tmp_path / "nowhere")
    (tmp_path / "empty").mkdir()
    assert "holds no generated library" in refused(tmp_path / "empty")


def test_no_documents(library: Path, api: Path) -> None:
    shutil.rmtree(api)
    assert refused(library) == f"{api}: error: there is no such folder\n1 error\n"


def test_bad_documents(library: Path, api: Path) -> None:
    (api / "things.json").write_text("{")
    said = refused(library)
    assert "things.json:1: error: this is not JSON" in said
    assert said.endswith("\n1 error\n")


def test_warnings_count_only_where_they_shall(library: Path, api: Path) -> None:
    slip = {**parameter("q"), "descriptioni": ""}
    write(api, {"things": document(("/things", operation("list", parameters=[slip])))})
    done = call("--check", f"--out={library}")
    assert done.returncode == 1
    assert "/descriptioni: warning: " in done.stderr
    assert "--strict" in refused(library, "--strict")


@pytest.mark.parametrize(
    "members",
    [
        {"version": 2},
        {"documents": {"dir": "../house"}},
        {"documents": {"dir": "../house", "sha256": "0"}},
        {"documents": {"sha256": "0" * 64}},
        {"documents": 1},
        {"language": ""},
        {"generator": 3},
        {"options": {"package": "a; import os"}},
        {"settings": {"file": "\0", "sha256": "0" * 64}},
    ],
)
def test_a_lock_that_was_tampered_with(library: Path, members: dict[str, Any]) -> None:
    change(library, **members)
    assert "cannot be read: restore it, or generate the library anew" in refused(library)


def test_a_lock_that_is_not_one(library: Path) -> None:
    for text in ("", "<<<<<<< ours", "[" * 100_000, "\udcff"):
        (library / LOCK).write_bytes(text.encode("utf-8", "surrogateescape"))
        assert "cannot be read: restore it" in refused(library)
    # The next run puts it right.
    call("--lang=python", f"--dir={library.parent / 'house'}", f"--out={library}")
    assert checked(library)[0] == 0


def test_no_code_runs_because_a_lock_says_so(api: Path, tmp_path: Path) -> None:
    langs = tmp_path / "langs"
    shutil.copytree(PLAIN, langs / "plain")
    out = made(tmp_path / "out", f"--languages={langs}", "--lang=plain", f"--dir={api}")
    assert held(out)["options"] == {"languages": "../langs"}
    (langs / "plain" / "language.py").write_text("raise SystemExit('it ran')\n")
    said = refused(out)
    assert 'the language "plain" came from the folder "../langs": give --languages again' in said


def test_templates_of_ones_own(api: Path, tmp_path: Path) -> None:
    """They are told, and given again: a template is code, too."""
    own = tmp_path / "own" / "python"
    own.mkdir(parents=True)
    (own / "_copyright.j2").write_text("# Ours.\n")
    templates = f"--templates={own.parent}"
    out = made(tmp_path / "out", "--lang=python", f"--dir={api}", templates)
    assert held(out)["options"] == {"templates": "../own"}
    assert checked(out, templates)[0] == 0
    assert 'templates came from the folder "../own": give --templates again' in refused(out)
    (own / "_copyright.j2").write_text("# Yours.\n")
    code, said = checked(out, templates)
    assert (code, said[0]) == (1, f"python: {out} is not up to date")
    own.rename(own.parent / "snake")
    assert "no folder python in it" in refused(out, templates)


def test_the_generators_own_languages_are_not_told(api: Path, tmp_path: Path) -> None:
    out = made(tmp_path / "out", LANGUAGES, "--lang=python", f"--dir={api}")
    assert held(out)["options"] == {}
    assert checked(out)[0] == 0


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["--check"], "--check needs --out"),
        (["--check", "--out=x", "--model=y"], "--model does not go with --check"),
        (["--check", "--out=x", "--dump-model"], "--dump-model does not go with --check"),
        (["--check", "--out=x", "--overwrite"], "--overwrite does not go with --check"),
        (["--check", "--out=x", "--username=me"], "--username needs --resource"),
        (["--check", "--out=x", "--password=me"], "--password needs --resource"),
        (["--check", "--out=x", "--package=a b"], "--package must be the name"),
        (["--check", "--out=x", "--format=json"], "--format goes with --diff"),
    ],
)
def test_wrong_options(arguments: list[str], expected: str) -> None:
    done = call(*arguments)
    assert done.returncode == 2
    assert expected in done.stderr


# --- a live server


class _Handler(BaseHTTPRequestHandler):
    """Serves one document, and keeps what credentials it was given."""

    asked: list[str | None] = []
    closed = False

    def do_GET(self) -> None:
        self.asked.append(self.headers.get("Authorization"))
        self.send_response(401 if self.closed and self.asked[-1] is None else 200)
        self.end_headers()
        self.wfile.write(json.dumps(GOOD).encode())

    def log_message(self, format: str, *args: Any) -> None:
        pass


@pytest.fixture
def server() -> Iterator[str]:
    """The address of a document."""
    _Handler.asked.clear()
    _Handler.closed = False
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"127.0.0.1:{server.server_address[1]}/api/things.json"
    server.shutdown()
    server.server_close()
    thread.join()


def test_a_server_is_asked_again_without_credentials(server: str, tmp_path: Path) -> None:
    credentials = {"API_USERNAME": "me", "API_PASSWORD": "topsecret"}
    address = f"--resource=http://{server}"
    out = made(tmp_path / "out", "--lang=python", f"{address}?key=topsecret", env=credentials)
    assert held(out)["documents"]["resource"] == f"http://{server}"
    assert all(b"topsecret" not in content for content in tree(out).values())
    assert _Handler.asked == ["Basic bWU6dG9wc2VjcmV0"]

    # Whoever changes the lock must not get what the environment holds.
    assert checked(out, env=credentials)[0] == 0
    assert _Handler.asked[1:] == [None]

    _Handler.closed = True
    said = refused(out, env=credentials)
    assert _Handler.asked[2:] == [None]
    assert "HTTP status 401" in said
    assert "credentials go only to an address that you give: repeat it as --resource" in said
    assert checked(out, address, env=credentials)[0] == 0


def test_a_server_that_cannot_be_reached(server: str, tmp_path: Path) -> None:
    out = made(tmp_path / "out", "--lang=python", f"--resource=http://{server}")
    change(out, documents={**held(out)["documents"], "resource": "http://127.0.0.1:1/r.json"})
    assert "no connection to the server" in refused(out)
