"""The release: it is complete, its packages say what they are, and each is installed and used from an empty place."""

from __future__ import annotations

import email
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tarfile
import threading
import zipfile
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from codegen import __version__
from distribution import collect_release, version
from testing.interpreters import Environment, installed
from testing.paths import repository_file

from tests.packaging.programs import NODE, NPM, PERL, PERL_INCLUDE

#: What the server of this test answers to every request.
ANSWER = {"login": "alice", "system": {"version": "22.1"}}


class Use(NamedTuple):
    """A program that uses what is installed, where URL is the server, and what it must print."""

    program: str
    printed: str


ARI_JAVASCRIPT = """
import { AsteriskJs } from "asteriskjs";
const asterisk = new AsteriskJs({ apiUrl: "URL", username: "u", password: "p" });
console.log((await asterisk.getInfo()).system.version);
asterisk.close();
"""
ARI_PERL = """
use AsteriskPl;
my $asterisk = AsteriskPl->new(api_url => 'URL', username => 'u', password => 'p');
print $asterisk->get_info->system->version;
"""
ARI_PYTHON = """
from asteriskpy import AsteriskPy
print(AsteriskPy("URL", "u", "p").get_info().system.version)
"""
REALM_JAVASCRIPT = """
import { RealmJs } from "realmjs";
const realm = new RealmJs({ apiUrl: "URL", token: "t" });
console.log((await realm.user.get()).login);
realm.close();
"""
REALM_PERL = """
use RealmPl;
print RealmPl->new(api_url => 'URL', token => 't')->user->get->login;
"""
REALM_PYTHON = """
from realmpy import RealmPy
print(RealmPy("URL", token="t").user.get().login)
"""
GENERATOR = """
from codegen.cli import main
main(["--version"])
main(["--list-languages"])
"""

#: Every package of the release, by its file. pip makes the same wheel of an sdist, which another test sees to.
PACKAGES = {
    "AsteriskPl-v{}.tar.gz": Use(ARI_PERL, "22.1"),
    "RealmPl-v{}.tar.gz": Use(REALM_PERL, "alice"),
    "asterisk_rest_libraries-{}-py3-none-any.whl": Use(
        GENERATOR, f"generate_library {__version__} javascript perl python"
    ),
    "asterisk_rest_libraries-{}.tar.gz": None,
    "asteriskjs-{}.tgz": Use(ARI_JAVASCRIPT, "22.1"),
    "asteriskpy-{}-py3-none-any.whl": Use(ARI_PYTHON, "22.1"),
    "asteriskpy-{}.tar.gz": None,
    "realmjs-{}.tgz": Use(REALM_JAVASCRIPT, "alice"),
    "realmpy-{}-py3-none-any.whl": Use(REALM_PYTHON, "alice"),
    "realmpy-{}.tar.gz": None,
}
USES = {name.format(__version__): use for name, use in PACKAGES.items()}

RELEASE = repository_file("release")


def test_it_is_complete() -> None:
    assert {path.name for path in RELEASE.iterdir()} == {*USES, "SHA256SUMS"}


def test_the_version_is_that_of_everything_else() -> None:
    assert version.state(repository_file("MODULE.bazel").parent).version == __version__


def test_checksums() -> None:
    lines = (RELEASE / "SHA256SUMS").read_text().splitlines()
    assert lines == [
        f"{hashlib.sha256((RELEASE / name).read_bytes()).hexdigest()}  {name}"
        for name in sorted(USES)
    ]
    subprocess.run(["sha256sum", "--check", "--strict", "SHA256SUMS"], cwd=RELEASE, check=True)


class Facts(NamedTuple):
    """What a package says of itself."""

    name: str
    version: str
    summary: str
    licence: str
    homepage: str
    author: str
    readme: str
    licence_text: str


def facts(package: Path) -> Facts:
    """Read what a package says of itself, whatever its kind."""
    if package.suffix == ".whl":
        with zipfile.ZipFile(package) as wheel:
            files = {name: wheel.read(name).decode() for name in wheel.namelist()}
        (metadata,) = (name for name in files if name.endswith(".dist-info/METADATA"))
        return python_facts(files[metadata], files, f"{Path(metadata).parent}/licenses/")
    with tarfile.open(package) as archive:
        members = {m.name.partition("/")[2]: archive.extractfile(m) for m in archive if m.isfile()}
        files = {name: file.read().decode() for name, file in members.items() if file}
    if "PKG-INFO" in files:
        return python_facts(files["PKG-INFO"], files, "")
    said: dict[str, Any]
    if "META.json" in files:
        said = json.loads(files["META.json"])
        said["description"] = said["abstract"]
        said["version"] = said["version"].removeprefix("v")
        said["license"] = {"apache_2_0": "Apache-2.0"}[said["license"][0]]
        said["homepage"] = said["resources"]["homepage"]
        said["author"] = said["author"][0]
    else:
        said = json.loads(files["package.json"])
    return Facts(
        said["name"],
        said["version"],
        said["description"],
        said["license"],
        said["homepage"],
        said["author"],
        files["README.md"],
        files["LICENSE"],
    )


def python_facts(metadata: str, files: dict[str, str], licences: str) -> Facts:
    """Read what the metadata of a wheel or of an sdist says."""
    said = email.message_from_string(metadata)
    urls = dict(url.split(", ", 1) for url in said.get_all("Project-URL", []))
    licence_text = "".join(files[licences + name] for name in said.get_all("License-File", []))
    return Facts(
        said["Name"],
        said["Version"],
        said["Summary"],
        said["License-Expression"],
        urls["Homepage"],
        said["Author"],
        str(said.get_payload()),
        licence_text,
    )


@pytest.mark.parametrize("name", USES)
def test_says_what_it_is(name: str) -> None:
    said = facts(RELEASE / name)
    assert name.startswith(said.name.replace("-", "_"))
    assert said.version == __version__
    assert said.summary
    assert said.licence == "Apache-2.0"
    assert said.homepage.startswith("https://")
    assert said.author == "The asterisk_rest_libraries authors"
    assert said.readme.startswith("# ")
    assert "Apache License" in said.licence_text


# --- installed and used


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = json.dumps(ANSWER).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever).start()
        yield f"http://127.0.0.1:{server.server_port}/api"
        server.shutdown()


def run(folder: Path, *command: str | Path, **environment: str) -> str:
    """Run a program where nothing of this user is seen, and return what it printed."""
    done = subprocess.run(
        command,
        cwd=folder,
        env={"PATH": os.environ["PATH"], "HOME": str(folder), **environment},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{command} ended with {done.returncode}:\n{done.stdout}"
    return done.stdout


def from_wheel(wheel: Path, program: str, folder: Path) -> str:
    environment = Environment(Path(sys.executable), folder / "environment")
    environment.install(wheel)
    environment.lend(installed("jinja2", "markupsafe", "websockets"))
    return environment.run("python", "-c", program)


def from_npm(package: Path, program: str, folder: Path) -> str:
    (folder / "package.json").write_text('{ "name": "user", "private": true }')
    (folder / "program.mjs").write_text(program)
    quiet = ("--offline", "--ignore-scripts", "--no-audit", "--no-fund")
    run(folder, NODE, NPM, "install", package, *quiet)
    return run(folder, NODE, "program.mjs")


def from_cpan(distribution: Path, program: str, folder: Path) -> str:
    run(folder, "tar", "-xzf", distribution)
    unpacked = folder / distribution.name.removesuffix(".tar.gz")
    needed = os.pathsep.join(PERL_INCLUDE)
    run(unpacked, PERL, "Makefile.PL", f"INSTALL_BASE={folder}/local", PERL5LIB=needed)
    run(unpacked, "make", "install", PERL5LIB=needed)
    library = f"{folder}/local/lib/perl5"
    return run(folder, PERL, "-we", program, PERL5LIB=os.pathsep.join([library, *PERL_INCLUDE]))


@pytest.mark.parametrize("name", [name for name, use in USES.items() if use])
def test_installed_and_used(name: str, url: str, tmp_path: Path) -> None:
    use = USES[name]
    assert use
    way = {".whl": from_wheel, ".tgz": from_npm, ".gz": from_cpan}[Path(name).suffix]
    said = way((RELEASE / name).resolve(), use.program.replace("URL", url), tmp_path)
    assert " ".join(said.split()) == use.printed


# --- how it is collected


def packed(folder: Path, *names: str) -> Path:
    """Make the folder of a package, as the rules that build packages do."""
    folder.mkdir()
    for name in names:
        (folder / name).write_text(f"{folder.name} {name}")
    return folder


def test_what_is_no_release_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out"
    one = packed(tmp_path / "one", "a-1.0.tgz")
    for other, problem in [
        (packed(tmp_path / "same", "a-1.0.tgz"), "two packages are called a-1.0.tgz"),
        (packed(tmp_path / "none"), "holds 0 files, not one package"),
        (packed(tmp_path / "two", "b", "c"), "holds 2 files, not one package"),
    ]:
        out.mkdir()
        assert collect_release.main([f"--out={out}", str(one), str(other)]) == 1
        assert problem in capsys.readouterr().err
        assert not (out / "SHA256SUMS").exists()
        shutil.rmtree(out)
