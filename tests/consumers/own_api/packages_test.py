"""The packages have the names that they were given."""

from __future__ import annotations

import os
import unittest
from pathlib import Path


class PackagesTest(unittest.TestCase):
    """One for pip, one for npm, one for cpanm."""

    def test_names(self) -> None:
        for variable, start in (
            ("WHEEL", "lampspy-1.0.0-"),
            ("NPM_PACKAGE", "lampsjs-1.0.0"),
            ("CPAN_DIST", "Acme-Lamps-v1.0.0"),
        ):
            (package,) = Path(os.environ[variable]).iterdir()
            self.assertTrue(package.name.startswith(start), package.name)


if __name__ == "__main__":
    unittest.main()
