"""Another checkout takes everything from a cache that the first one filled."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.remote.actions import Action
from tests.remote.checkout import Checkout
from tests.remote.conftest import First

#: What runs a program as another user, as far as that program can tell.
_OTHER_USER = ("unshare", "--user", "--map-user=4321", "--map-group=4321")


def _other_user() -> tuple[str, ...]:
    if not shutil.which("unshare"):
        return ()
    tried = subprocess.run([*_OTHER_USER, "id", "-u"], capture_output=True, text=True, check=False)
    return _OTHER_USER if tried.stdout == "4321\n" else ()


@pytest.fixture
def second(first: First, folder: Path) -> Iterator[Checkout]:
    """Make a second checkout, in another place and for a user with other habits."""
    if not first.cache:
        pytest.skip("nginx is not installed")
    home = folder / "home" / "bob"
    home.mkdir(parents=True)
    checkout = Checkout(
        folder / "work" / "my_checkout",
        folder / "outputs",
        {
            "HOME": str(home),
            "USER": "bob",
            "LOGNAME": "bob",
            "LANG": "tr_TR.UTF-8",
            "LC_ALL": "C.UTF-8",
            "TZ": "Pacific/Chatham",
            "PYTHONHASHSEED": "7",
            "PYTHONPATH": str(home),
        },
        _other_user(),
    )
    yield checkout
    checkout.bazel("shutdown")


def changed_inputs(actions: list[Action], before: list[Action]) -> list[str]:
    """Name the inputs that actions have, and that the same actions had not, or had otherwise."""
    known = {(action.mnemonic, action.label): action.inputs for action in before}
    return [
        f"{action.label}: {path}"
        for action in actions
        for path, digest in action.inputs.items()
        if known.get((action.mnemonic, action.label), {}).get(path) != digest
    ]


def test_second_checkout_runs_nothing_and_would_make_the_same(
    first: First, second: Checkout
) -> None:
    assert first.cache
    assert not any(action.cached for action in first.actions), "the cache was empty"
    assert first.cache.requests("PUT", 201) > len(first.actions)

    actions = second.build(f"--remote_cache={first.cache.url}", "--remote_download_all")
    run = [action for action in actions if not action.cached]
    assert not run, f"run: {run}; inputs that differ: {changed_inputs(run, first.actions)}"
    assert len(actions) == len(first.actions)
    assert second.digests() == first.digests

    # What the cache gave is what this place, too, would have made.
    assert second.bazel("clean").returncode == 0
    actions = second.build()
    assert len([action for action in actions if not action.cached]) == len(first.actions)
    assert second.digests() == first.digests
