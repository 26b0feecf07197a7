"""Perl 5.26 and later."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from codegen.language import Language, Page
from codegen.model import Api, Names

from .escapes import json_text, literal, markdown, pod, pod_program, program
from .library import Library
from .names import package_name


class Perl(Language):
    """Turns the model of an API into what the templates of ``templates/perl`` lay out."""

    name = "perl"
    runtime_folder = "lib/%package%/Runtime"

    def default_names(self, name: str) -> Names:
        """For ``my_ari`` the package and class ``MyAri``; for ``Acme::Ari`` also ``Acme-Ari``."""
        package = package_name(name)
        return Names(self.name, package, package, package.replace("::", "-"))

    def names(self, api: Api, package: str | None) -> Names:
        """The library's names; ``package`` is the path of its modules, the class that of its packages."""
        found = super().names(api, package)
        wanted = package_name(found.package)
        path = wanted.replace("::", "/")
        return Names(self.name, path, wanted, found.distribution, found.example)

    def filters(self) -> Mapping[str, Callable[..., Any]]:
        """The ways for a document's text into a file."""
        return {
            "literal": literal,
            "json": json_text,
            "markdown": markdown,
            "pod": pod,
            "pod_program": pod_program,
            "program": program,
        }

    def variables(self, api: Api, names: Names) -> Mapping[str, Any]:
        """``library``: everything there is to lay out."""
        self._library = Library(api, names)
        return {"library": self._library, "distribution": self._library.distribution}

    def runtime_source(self, source: str, names: Names) -> str:
        """The runtime's packages are below the library's own."""
        return re.sub(r"\bLibrary::", f"{names.library_class}::", source)

    def carries(self, api: Api, file: str) -> bool:
        """Leave out what this API does not use."""
        return self._library.carries(file)

    def pages(self, api: Api, names: Names) -> Mapping[str, Iterable[Page]]:
        """A page for each resource or place, one for each model, and one for events, if there are any."""
        library = self._library
        return {
            "resource": [Page(view.module, {"resource": view}) for view in library.resources],
            "place": [Page(str(view.module), {"place": view}) for view in library.place_views],
            "model": [Page(view.module, {"model": view}) for view in library.models],
            "object": [] if library.places else [Page(library.names.object_base, {})],
            "events": [Page("EventTable", {})] if library.events else [],
        }


LANGUAGE = Perl()
