"""Ruby 3.1 and later, with nothing but its standard library."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from codegen.language import Language, Page
from codegen.model import Api, Names
from codegen.naming import kept_class, pascal, snake

from .escapes import literal, markdown, program
from .library import Library


class Ruby(Language):
    """Turns the model of an API into what the templates lay out."""

    name = "ruby"
    runtime_folder = "lib/%package%/runtime"

    def default_names(self, name: str) -> Names:
        """``my_ari``, ``MyAri`` and ``my_ari``."""
        package = snake(name)
        return Names(self.name, package, kept_class(pascal(package)), package)

    def filters(self) -> Mapping[str, Callable[..., Any]]:
        """The ways of a document's text into a file, beside what ``library`` has made of it."""
        return {"literal": literal, "markdown": markdown, "program": program}

    def variables(self, api: Api, names: Names) -> Mapping[str, Any]:
        """``library``: everything there is to lay out."""
        self._library = Library(api, names)
        return {"library": self._library}

    def pages(self, api: Api, names: Names) -> Mapping[str, Iterable[Page]]:
        """A file for each resource and one for each model."""
        library = self._library
        return {
            "resource": [Page(view.file, {"resource": view}) for view in library.resources],
            "model": [Page(view.file, {"model": view}) for view in library.models],
        }


LANGUAGE = Ruby()
