"""How a pytest_test answers to Bazel."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from testing.paths import repository_file


class Runner:
    """Runs pytest_main.py on a file of its own, as Bazel would."""

    def __init__(self, folder: Path) -> None:
        self.report = folder / "test.xml"
        self._file = folder / "test_it.py"
        self._folder = folder

    def run(self, source: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run the tests in `source`."""
        self._file.write_text(source)
        inherited = {
            k: v for k, v in os.environ.items() if not k.startswith(("TEST", "XML_", "ASTERISK_"))
        }
        return subprocess.run(
            [sys.executable, repository_file("tools/testing/pytest_main.py"), str(self._file)],
            env={
                **inherited,
                "PYTHONPATH": os.pathsep.join(sys.path),
                "XML_OUTPUT_FILE": str(self.report),
                **environment,
            },
            capture_output=True,
            text=True,
            check=False,
        )

    def cases(self) -> dict[str, str]:
        """Name every case of the report, with its outcome."""
        return {
            case.get("name", ""): case[0].tag if len(case) else "passed"
            for case in ElementTree.parse(self.report).iter("testcase")
        }


@pytest.fixture
def runner(tmp_path: Path) -> Runner:
    """Make a runner with a folder of its own."""
    return Runner(tmp_path)


TWO = "def test_one(): pass\ndef test_two(): assert 1 + 1 == 3\n"


def test_reports_every_case(runner: Runner) -> None:
    assert runner.run(TWO).returncode == 1
    assert runner.cases() == {"test_one": "passed", "test_two": "failure"}


def test_filter_chooses_tests(runner: Runner) -> None:
    assert runner.run(TWO, TESTBRIDGE_TEST_ONLY="one").returncode == 0
    assert runner.cases() == {"test_one": "passed"}


def test_filter_that_chooses_none_of_them_passes(runner: Runner) -> None:
    assert runner.run(TWO, TESTBRIDGE_TEST_ONLY="three").returncode == 0
    assert runner.cases() == {}


def test_file_without_tests_fails(runner: Runner) -> None:
    assert runner.run("def helper(): pass\n").returncode == 5


@pytest.mark.parametrize("shard", [0, 1])
def test_shard_runs_its_share(runner: Runner, tmp_path: Path, shard: int) -> None:
    status = tmp_path / "status"
    result = runner.run(
        TWO,
        TEST_TOTAL_SHARDS="2",
        TEST_SHARD_INDEX=str(shard),
        TEST_SHARD_STATUS_FILE=str(status),
    )
    assert result.returncode == shard
    assert list(runner.cases()) == [["test_one", "test_two"][shard]]
    assert status.exists()


SKIPS = {
    "in a test": 'import pytest\ndef test_live(): pytest.skip("Asterisk is not installed")\n',
    "in a fixture": (
        "import pytest\n@pytest.fixture\ndef server(): pytest.skip('Asterisk is not installed')\n"
        "def test_live(server): pass\n"
    ),
    "a whole file": (
        'import pytest\npytest.skip("Asterisk is not installed", allow_module_level=True)\n'
        "def test_live(): pass\n"
    ),
}


@pytest.mark.parametrize(
    "source", [SKIPS["in a test"], SKIPS["in a fixture"]], ids=["test", "fixture"]
)
def test_skips_by_name_where_asterisk_may_be_missing(runner: Runner, source: str) -> None:
    assert runner.run(source).returncode == 0
    assert runner.cases() == {"test_live": "skipped"}


@pytest.mark.parametrize("source", SKIPS.values(), ids=SKIPS.keys())
def test_skip_fails_where_asterisk_is_required(runner: Runner, source: str) -> None:
    result = runner.run(source, ASTERISK_REQUIRED="1")
    assert result.returncode in (1, 2)
    assert "skipped where Asterisk is expected" in result.stdout
    assert "Asterisk is not installed" in result.stdout


def test_expected_failure_is_no_skip(runner: Runner) -> None:
    source = "import pytest\n@pytest.mark.xfail\ndef test_it(): assert False\n"
    assert runner.run(source, ASTERISK_REQUIRED="1").returncode == 0


def test_a_place_may_have_two_slashes(runner: Runner) -> None:
    # So they are where a remote worker runs a test in the folder /.
    places = {
        name: f"/{os.environ[name]}"
        for name in ("RUNFILES_DIR", "TEST_SRCDIR")
        if name in os.environ
    }
    path = os.pathsep.join(f"/{entry}" for entry in sys.path if entry.startswith("/"))
    source = (
        "import os, sys\n"
        "def test_it():\n"
        "    for place in [*os.environ['PYTHONPATH'].split(':'), *sys.path]:\n"
        "        assert not place.startswith('//')\n"
    )
    result = runner.run(source, PYTHONPATH=path, XML_OUTPUT_FILE=f"/{runner.report}", **places)
    assert result.returncode == 0, result.stdout + result.stderr
    assert runner.cases() == {"test_it": "passed"}


def test_missing_repository_file_says_what_to_do() -> None:
    with pytest.raises(FileNotFoundError, match=r"no no/such\.file in the repository"):
        repository_file("no/such.file")
