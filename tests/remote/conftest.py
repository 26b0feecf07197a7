"""What the tests of this folder share: a checkout that is built once."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.remote.actions import Action
from tests.remote.checkout import Checkout
from tests.remote.http_cache import HttpCache, find_nginx


@dataclass
class First:
    """The first checkout, which is built from nothing, as the tests find it."""

    checkout: Checkout
    #: What its first build did.
    actions: list[Action]
    #: What it made.
    digests: dict[str, str]
    #: The server that it gave all that to, where there is one.
    cache: HttpCache | None


@pytest.fixture(scope="session")
def first(tmp_path_factory: pytest.TempPathFactory) -> Iterator[First]:
    """Build a checkout."""
    if not shutil.which("bazel"):
        pytest.skip("Bazel is not installed where tests look for programs")
    folder = tmp_path_factory.mktemp("first")
    home = folder / "home"
    home.mkdir()
    with ExitStack() as stack:
        cache = stack.enter_context(HttpCache(folder / "cache")) if find_nginx() else None
        checkout = Checkout(
            folder / "checkout",
            folder / "bazel",
            {"HOME": str(home), "USER": "alice", "LC_ALL": "C", "TZ": "UTC"},
        )
        stack.callback(checkout.bazel, "shutdown")
        problem = checkout.finds_rules()
        if problem:
            pytest.skip(f"this Bazel finds no rules where there is no network: {problem}")
        actions = checkout.build(f"--remote_cache={cache.url}" if cache else "--remote_cache=")
        yield First(checkout, actions, checkout.digests(), cache)


@pytest.fixture
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder of another name and depth than the first checkout's."""
    return tmp_path_factory.mktemp("second") / "somewhere" / "deeper"
