"""Ruby 3.1 and later, with nothing but its standard library."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from codegen.language import Language, Page
from codegen.model import Api, Names
from codegen.naming import kept_class, pascal, snake

from .escapes import literal, markdown
from .library import Library


class Ruby(Language):
    """Turns the model of an API into what the templates lay out."""

    name = "ruby"
    runtime_folder = "lib/%package%/runtime"

    def names(self, api: Api, package: str | None) -> Names:
        """Those of ``[client.ruby]``, else those that follow from the package's."""
        found = Names(self.name, "", "", "")
        for names in api.client.names:
            if names.language == self.name and package in (None, names.package):
                found = names
        base = found.package or snake(package or api.client.name)
        module = kept_class(found.library_class or pascal(base))
        return Names(self.name, base, module, found.distribution or base)

    def filters(self) -> Mapping[str, Callable[..., Any]]:
        """The ways of a document's text into a file, beside what ``library`` has made of it."""
        return {"literal": literal, "markdown": markdown}

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
