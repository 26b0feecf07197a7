"""The Python library's wheel, installed into an empty environment of every Python at hand."""

from __future__ import annotations

import email
import zipfile
from pathlib import Path

import pytest
from testing.interpreters import Environment, installed, interpreters
from testing.paths import repository_file


@pytest.fixture
def wheel() -> Path:
    """Find the wheel that was built."""
    (wheel,) = repository_file("langs/python/wheel").glob("*.whl")
    return wheel


def test_says_what_it_is_and_what_it_needs(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        (metadata,) = (name for name in names if name.endswith(".dist-info/METADATA"))
        facts = email.message_from_bytes(archive.read(metadata))
    assert wheel.name == f"asteriskpy-{facts['Version']}-py3-none-any.whl"
    assert facts["Requires-Python"] == ">=3.10"
    assert [need.split()[0] for need in facts.get_all("Requires-Dist", [])] == ["websockets"]
    assert facts["License-Expression"] == "Apache-2.0"
    assert facts.get_payload()
    assert "asteriskpy/py.typed" in names
    assert {name.split("/")[0].split("-")[0] for name in names} == {"asteriskpy"}


@pytest.mark.parametrize("version", interpreters())
def test_installed_library_makes_the_recorded_calls(
    version: str, wheel: Path, tmp_path: Path
) -> None:
    """It comes from the environment alone; the recorded exchanges are what this process can read."""
    environment = Environment(interpreters()[version], tmp_path / "environment")
    environment.install(wheel)
    environment.lend(
        [
            *installed(
                "websockets", "pytest", "_pytest", "pluggy", "iniconfig", "packaging", "pygments"
            ),
            repository_file("tools/testing/paths.py").parents[1],
            repository_file("langs/python/tests/recorded_test.py").parent,
        ]
    )
    where = environment.run(
        "python", "-c", "import asteriskpy, sys; print(asteriskpy.__file__, *sys.version_info[:2])"
    )
    assert where.startswith(str(environment.folder))
    assert where.split()[1:] == version.split(".")
    output = environment.run(
        "python",
        *("-m", "pytest", "-q", "-p", "no:cacheprovider", "-c", repository_file("pyproject.toml")),
        *("--basetemp", tmp_path / "temporary"),
        repository_file("langs/python/tests/recorded_test.py"),
        PYTHONPATH="",
        PYTHONDONTWRITEBYTECODE="1",
    )
    assert " passed" in output
