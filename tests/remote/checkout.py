"""A checkout of this repository in a folder of its own, built by a Bazel of its own that says what it ran."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from testing.interpreters import installed
from testing.paths import repository_file

from tests.remote.actions import Action, read_log

#: What is built: a library in each language for one API, and one library for another.
LIBRARIES = {
    "//langs/javascript:client": "langs/javascript/asteriskjs",
    "//langs/perl:client": "langs/perl/AsteriskPl",
    "//langs/python:client": "langs/python/asteriskpy",
    "//langs/python:realm_client": "langs/python/realmpy",
}
MODELS = {
    "//test_resources/ari:ari": "test_resources/ari/ari.model.json",
    "//test_resources/realm:realm": "test_resources/realm/realm.model.json",
}

#: The repository of third-party packages that the build files name, and what the generator imports from it.
_HUB = "asterisk_rest_libraries_deps"
_PACKAGES = (
    *("certifi", "charset_normalizer", "idna", "jinja2", "markupsafe", "requests"),
    *("urllib3", "yaml"),
)
_HUB_FILES = {
    "BUILD.bazel": """\
load("@rules_python//python:py_library.bzl", "py_library")

py_library(
    name = "packages",
    srcs = glob(["site-packages/**/*.py"]),
    data = glob(["site-packages/**"], exclude = ["**/*.py", "**/*.pyc"]),
    imports = ["site-packages"],
)

# One library under all the names: only what is in it counts.
[
    alias(
        name = name,
        actual = ":packages",
        visibility = ["//visibility:public"],
    )
    for name in [
        "flit_core",
        "jinja2",
        "pyyaml",
        "requests",
        "websockets",
    ]
]
""",
    "MODULE.bazel": "",
    "REPO.bazel": "",
    "WORKSPACE": "",
    "requirements.bzl": """\
def requirement(name):
    return Label("//:" + name)

def whl_requirement(name):
    return Label("//:{}.whl".format(name))

def install_deps(**kwargs):
    pass
""",
}


class Checkout:
    """A copy of the files that the libraries are built from, which a test may change, and a Bazel server for it."""

    def __init__(
        self,
        folder: Path,
        outputs: Path,
        environment: Mapping[str, str],
        prefix: Sequence[str] = (),
    ) -> None:
        """Copy the files into a new folder; Bazel keeps all that it makes in another.

        The environment is Bazel's whole environment, but for PATH. A prefix is a program that runs Bazel.
        """
        self.folder = folder
        for name in map(os.path.normpath, os.environ["CHECKOUT_FILES"].split()):
            file = folder / name
            file.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(repository_file(name), file)

        packages = outputs / "packages"
        name, self.mode = self._lend(packages)
        self._log = outputs / "actions.json"
        self._environment = {"PATH": os.environ["PATH"], **environment}
        program = shutil.which("bazel")
        assert program, "there is no bazel on PATH"
        self._startup = [
            *prefix,
            program,
            f"--output_user_root={outputs}",
            # A small JVM beside another Bazel's.
            "--host_jvm_args=-Xmx700m",
            "--max_idle_secs=60",
        ]
        self._options = [
            *(["--config=workspace"] if self.mode == "workspace" else []),
            "--config=ci",
            f"--execution_log_json_file={self._log}",
            *(lent := ["--jobs=2", f"--override_repository={name}={packages}"]),
        ]
        #: What a build of a repository that uses this one needs: the packages that are lent.
        self.lent = lent

    @staticmethod
    def _lend(folder: Path) -> tuple[str, str]:
        """Make a repository of the packages that this test runs on; give its name, and the mode that it is for."""
        for package in _PACKAGES:
            [place] = installed(package)
            shutil.copytree(
                place / package,
                folder / "site-packages" / package,
                ignore=shutil.ignore_patterns("__pycache__"),
            )
        for file, text in _HUB_FILES.items():
            (folder / file).write_text(text)
        # Bazel's own name for the repository begins that of each package's: rules_python++pip+HUB_jinja2.
        [place] = installed("jinja2")
        found = re.search(rf"([^/]*){_HUB}[^/]*/site-packages$", str(place))
        assert found, f"{place} is not of {_HUB}"
        return found[1] + _HUB, "modules" if found[1] else "workspace"

    def bazel(
        self, command: str, *arguments: str, below: str = "."
    ) -> subprocess.CompletedProcess[str]:
        """Run Bazel, in a folder below, without looking at how it ends."""
        return subprocess.run(
            [*self._startup, command, *arguments],
            cwd=self.folder / below,
            env=self._environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            check=False,
        )

    def build(self, *options: str, targets: Sequence[str] = ()) -> list[Action]:
        """Build the libraries and the models; return what was not up to date."""
        wanted = targets or (*LIBRARIES, *MODELS)
        self._log.unlink(missing_ok=True)
        result = self.bazel("build", *self._options, *options, *wanted)
        assert result.returncode == 0, result.stdout
        return read_log(self._log)

    def finds_rules(self) -> str:
        """Say why this Bazel cannot find the rules that everything here needs; nothing where it can."""
        result = self.bazel("build", *self._options, "--nobuild", "@rules_python//python/runfiles")
        return "" if result.returncode == 0 else result.stdout

    def digests(self) -> dict[str, str]:
        """Give the digest of every file of the libraries and models that were built last."""
        found = {}
        for place in (*LIBRARIES.values(), *MODELS.values()):
            root = self.folder / "bazel-bin" / place
            assert root.exists(), f"{root} was not built"
            for file in [root] if root.is_file() else sorted(root.rglob("*")):
                if file.is_file():
                    name = str(file.relative_to(self.folder / "bazel-bin"))
                    found[name] = hashlib.sha256(file.read_bytes()).hexdigest()
        return found

    def append(self, name: str, text: str) -> None:
        """Add text to the end of a file."""
        with (self.folder / name).open("a", encoding="utf-8") as file:
            file.write(text)
