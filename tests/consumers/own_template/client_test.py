"""The library is that of every other user, but for what the template says."""

from __future__ import annotations

import unittest
from pathlib import Path

import my_ari

PACKAGE = Path(my_ari.__file__).parent


class ClientTest(unittest.TestCase):
    """What a template of one's own changes."""

    def test_generated_files_begin_as_the_template_says(self) -> None:
        for name in ("client.py", "errors.py", "resources/channels.py", "models/bridges.py"):
            first, second = (PACKAGE / name).read_text().splitlines()[:2]
            self.assertRegex(first, r"^# Copyright of our own\. Made from the documents of ARI \d")
            self.assertFalse(second.startswith("#"), second)

    def test_a_file_is_added(self) -> None:
        added = PACKAGE.with_name("ORIGIN.txt").read_text()
        self.assertEqual(added, "A file that is added as it is.\n")

    def test_it_works(self) -> None:
        with my_ari.MyAri("http://127.0.0.1:1/ari", "user", "password") as asterisk:
            self.assertTrue(callable(asterisk.channels.originate))


if __name__ == "__main__":
    unittest.main()
