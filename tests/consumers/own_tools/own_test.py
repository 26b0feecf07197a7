"""The library for ARI runs on the Python package that this repository names in its .bazelrc."""

from __future__ import annotations

import sys
import unittest

import websockets
from asteriskpy import AsteriskPy


class OwnTest(unittest.TestCase):
    """One version of a package, and that is the repository's."""

    def test_package(self) -> None:
        self.assertTrue(getattr(websockets, "OWN", False), websockets.__file__)
        self.assertFalse([path for path in sys.path if "deps_websockets" in path])

    def test_library(self) -> None:
        with AsteriskPy("http://127.0.0.1:1/ari", "user", "password") as asterisk:
            self.assertTrue(callable(asterisk.channels.originate))


if __name__ == "__main__":
    unittest.main()
