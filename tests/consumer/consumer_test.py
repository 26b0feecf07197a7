"""What the rules give to another repository, used as a program would."""

from __future__ import annotations

import inspect
import json
import os
import subprocess
import unittest
from pathlib import Path

import asteriskpy
import lampspy
import my_ari


def built(name: str) -> Path:
    """Find what a target made."""
    return Path(os.environ[name])


class ConsumerTest(unittest.TestCase):
    """Libraries, languages, wheels and distributions of one's own; unittest, which needs no package."""

    def test_library_is_a_dependency_as_any_other(self) -> None:
        library = lampspy.Lampspy("http://127.0.0.1:1/", "user", "password")
        assert next(iter(inspect.signature(library.lamps.get).parameters)) == "lamp_id"

    def test_libraries_stand_beside_each_other(self) -> None:
        for library in (
            my_ari.MyAri("http://127.0.0.1:1/ari", "user", "password"),
            asteriskpy.AsteriskPy("http://127.0.0.1:1/ari", "user", "password"),
        ):
            assert callable(library.channels.originate)
        assert not issubclass(my_ari.AsteriskException, asteriskpy.AsteriskException)

    def test_language_of_ones_own(self) -> None:
        outline = built("OUTLINE")
        assert (outline / "outline.txt").read_text() == "'GET' '/lamps/{lampId}'\n"
        note = (outline / "NOTE.txt").read_text()
        assert note == "A runtime file is carried as it is.\n"

    def test_model_does_not_depend_on_the_documents_layout(self) -> None:
        model = built("LAMPS").read_bytes()
        assert model == built("COMPACT").read_bytes()
        assert b"resources.json" not in model

    def test_javascript_package_has_the_name(self) -> None:
        package = json.loads((built("LIBRARY") / "package.json").read_text())
        assert package["name"] == "lampsjs"

    def test_node_of_ones_own_wins(self) -> None:
        found = subprocess.run(
            [os.environ["NODE"]], stdout=subprocess.PIPE, text=True, check=True
        ).stdout
        assert found == "a Node of one's own\n"

    def test_wheel_has_the_packages_name(self) -> None:
        (wheel,) = built("WHEEL").iterdir()
        assert wheel.name.startswith("lampspy-"), wheel.name

    def test_distribution_has_the_packages_name(self) -> None:
        (distribution,) = built("DIST").iterdir()
        assert distribution.name.startswith("Acme-Lamps-v"), distribution.name


if __name__ == "__main__":
    unittest.main()
