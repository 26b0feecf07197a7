"""JavaScript for Node 20 and later and for browsers, with declarations for TypeScript."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from codegen.language import Language, Page
from codegen.model import Api, Names
from codegen.naming import kebab, pascal, snake

from .escapes import json_text, literal, markdown, program
from .library import Library


class JavaScript(Language):
    """Turns the model of an API into what the templates of ``templates/javascript`` lay out."""

    name = "javascript"
    runtime_folder = "lib/runtime"

    def default_names(self, name: str) -> Names:
        """``my_ari``, ``MyAri`` and ``my-ari``."""
        package = snake(name)
        return Names(self.name, package, pascal(package), kebab(package))

    def filters(self) -> Mapping[str, Callable[..., Any]]:
        """The ways for a document's text into a file."""
        return {"literal": literal, "json": json_text, "markdown": markdown, "program": program}

    def variables(self, api: Api, names: Names) -> Mapping[str, Any]:
        """``library``: everything there is to lay out."""
        self._library = Library(api, names)
        return {"library": self._library}

    def carries(self, api: Api, file: str) -> bool:
        """Leave out what this API does not use."""
        return self._library.carries(file)

    def pages(self, api: Api, names: Names) -> Mapping[str, Iterable[Page]]:
        """A page for each resource, one for each module of models, one for events and one for places
        without operations, if there are any."""
        library = self._library
        return {
            "resource": [Page(view.module, {"resource": view}) for view in library.resources],
            "models": [Page(view.module, {"module": view}) for view in library.model_modules],
            "events": [Page("events", {})] if library.events else [],
            "places": [Page("places", {})] if library.tree and library.tree.bare else [],
        }


LANGUAGE = JavaScript()
