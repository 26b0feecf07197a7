"""The mirror is taken from the machine's apt configuration, whatever form it has."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from testing.paths import repository_file

ONE_LINE = """\
deb http://security.example.net/debian-security SUITE-security main
deb http://vendor.example.com/apt SUITE main
# deb http://old.example.net/debian SUITE main
deb [arch=amd64 signed-by=/usr/share/keyrings/some.gpg] http://one.example.net/some/debian SUITE main contrib
deb http://another.example.com/apt SUITE main
deb-src http://source.example.net/debian SUITE main
"""

DEB822 = """\
Types: deb
URIs: http://security.example.net/debian-security
Suites: SUITE-security
Components: main

Enabled: no
Types: deb
URIs: http://off.example.net/debian
Suites: SUITE
Components: main

Types: deb deb-src
URIs: https://two.example.net/debian/
Suites: SUITE SUITE-updates
Components: main non-free-firmware
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg
"""

OTHER_PATH = "deb http://packages.example.net/mirror-of-debian SUITE main\n"


def mirror(folder: Path, name: str, text: str) -> str:
    """Ask for the mirror where apt has this configuration and has never been updated."""
    script = repository_file("tools/bazel_root/common.sh")
    asked = '. /etc/os-release && printf "%s" "${VERSION_CODENAME:-}"'
    suite = subprocess.run(["sh", "-c", asked], capture_output=True, text=True, check=True).stdout
    parts, lists = folder / "parts", folder / "lists"
    (lists / "partial").mkdir(parents=True)
    parts.mkdir()
    (parts / name).write_text(text.replace("SUITE", suite))
    options = [
        *("-o", f"Dir::Etc::SourceParts={parts}", "-o", "Dir::Etc::SourceList=/dev/null"),
        *("-o", f"Dir::State::Lists={lists}", "-o", "APT::Architecture=amd64"),
    ]
    return subprocess.run(
        ["bash", "-euc", 'source "$0"; mirror "$@"', script, *options],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.rstrip()


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("debian.list", ONE_LINE, "http://one.example.net/some/debian"),
        ("debian.sources", DEB822, "https://two.example.net/debian"),
        ("debian.list", OTHER_PATH, "http://packages.example.net/mirror-of-debian"),
        ("debian.list", "", ""),
    ],
    ids=["one line each", "deb822", "another path", "none"],
)
def test_mirror(tmp_path: Path, name: str, text: str, expected: str) -> None:
    assert mirror(tmp_path, name, text) == expected
