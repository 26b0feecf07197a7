"""What the language writes, and what every library of it carries."""

from __future__ import annotations

import os
import unittest
from pathlib import Path

OUTLINE = Path(os.environ["OUTLINE"])


class OutlineTest(unittest.TestCase):
    """The library is a folder with two files."""

    def test_outline(self) -> None:
        lines = (OUTLINE / "outline.txt").read_text().splitlines()
        self.assertGreater(len(lines), 100)
        self.assertIn("'POST' '/channels/{channelId}/play'", lines)

    def test_runtime(self) -> None:
        note = (OUTLINE / "NOTE.txt").read_text()
        self.assertEqual(note, "A runtime file is carried as it is.\n")


if __name__ == "__main__":
    unittest.main()
