"""What a target language gives to the generator.

A language is a folder ``langs/NAME`` with a module ``language.py``, whose ``LANGUAGE`` is an
instance of a subclass of ``Language``, a ``reserved.txt`` and a ``runtime/``; and a folder
``templates/NAME``.  The generator finds it there and needs no other word of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .model import Names
from .values import value

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from .model import Api


@value
class Page:
    """One file to write from a template whose path holds a placeholder: the placeholder's value
    in the file's path (already a name of the target language) and the template's variables.
    """

    name: str
    variables: Mapping[str, Any]


class Language:
    """The base of every language: override what differs."""

    #: The language's name, equal to its folder's.
    name: str = ""

    #: Where the runtime's files go in the output, with ``%package%`` as in template paths.
    runtime_folder: str = ""

    def default_names(self, name: str) -> Names:
        """Return a library's names by the language's conventions; ``name`` is its package's or the API's."""
        raise NotImplementedError

    def names(self, api: Api, package: str | None) -> Names:
        """Return the library's names: those of ``client.toml``, and by convention what that does not say."""
        given = Names(self.name, "", "", "")
        for names in api.client.names:
            if names.language == self.name and package in (None, names.package):
                given = names
        default = self.default_names(given.package or package or api.client.name)
        return Names(
            self.name,
            given.package or default.package,
            given.library_class or default.library_class,
            given.distribution or default.distribution,
            given.example,
        )

    def filters(self) -> Mapping[str, Callable[..., Any]]:
        """Return the Jinja2 filters of the language: its literal, comment and identifier functions.

        Each takes values of the model (``DocText`` among them) and returns ``Code``.
        """
        raise NotImplementedError

    def variables(self, api: Api, names: Names) -> Mapping[str, Any]:
        """Return the variables that every template sees (``api``, ``names`` and ``generator_version`` are there already)."""
        raise NotImplementedError

    def runtime_source(self, source: str, names: Names) -> str:
        """Return a runtime's file as the library carries it.

        For languages whose files must state the library's name; in others it is the file itself.
        """
        return source

    def carries(self, api: Api, file: str) -> bool:
        """Return whether the library of this API needs a file of the runtime (its path in that folder).

        Asked after ``variables``."""
        return True

    def pages(self, api: Api, names: Names) -> Mapping[str, Iterable[Page]]:
        """For each placeholder of template paths (``resource`` for ``%resource%``) the files that it makes.

        ``%package%`` is the renderer's own: ``names.package``.
        """
        raise NotImplementedError
