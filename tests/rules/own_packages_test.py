"""A program with a generated library sees the package that a flag names, and not the one that the library has else."""

from __future__ import annotations

import importlib

import asteriskpy
import pytest
import websockets


def test_ones_own_package_is_the_only_one() -> None:
    assert callable(asteriskpy.AsteriskPy)
    assert websockets.__doc__ == "Stands for a package that a repository brings itself."
    with pytest.raises(ModuleNotFoundError, match=r"websockets\.client"):
        importlib.import_module("websockets.client")
