"""Repositories that use this one as a module, built and tested by a Bazel within this test, without a network.

``run`` beside this does the same for all of them, in both modes and with what they fetch.
"""

from __future__ import annotations

import shutil

import pytest
from testing.paths import repository_file

from tests.remote.checkout import Checkout


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Checkout:
    """Make a checkout with the repositories in their places."""
    if not shutil.which("bazel"):
        pytest.skip("Bazel is not installed where tests look for programs")
    folder = tmp_path_factory.mktemp("inside")
    home = folder / "home"
    home.mkdir()
    made = Checkout(folder / "checkout", folder / "bazel", {"HOME": str(home)})
    problem = made.finds_rules()
    if problem:
        pytest.skip(f"this Bazel finds no rules where there is no network: {problem}")
    made.bazel("shutdown")
    if made.mode == "workspace":
        pytest.skip(
            "a WORKSPACE fetches rules, which this has no network for: tests/consumers/run does"
        )
    return made


@pytest.mark.parametrize("name", ["own_language", "own_template"])
def test_a_repository_builds_and_passes_its_tests(checkout: Checkout, name: str) -> None:
    place = f"tests/consumers/{name}"
    shutil.copytree(
        repository_file(f"{place}/BUILD.bazel").parent,
        checkout.folder / place,
        copy_function=shutil.copyfile,
        dirs_exist_ok=True,  # its build files are a part of every checkout
    )
    # The packages that are lent have the names that they have in this repository, whose .bazelrc says the last of these.
    mode = ["--enable_bzlmod", "--incompatible_use_plus_in_repo_names"]
    try:
        result = checkout.bazel("test", "//...", *mode, *checkout.lent, below=place)
    finally:
        checkout.bazel("shutdown", below=place)
    assert result.returncode == 0, result.stdout
