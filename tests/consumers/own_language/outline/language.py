"""The smallest language: it writes what an API offers as one text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from codegen.language import Language, Page
from codegen.model import Names
from codegen.text import Code

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from codegen.model import Api


class Outline(Language):
    """The language itself."""

    name = "outline"

    def names(self, api: Api, package: str | None) -> Names:
        """Take the package's name, or the API's."""
        name = package or api.client.name
        return Names(self.name, name, name, name)

    def filters(self) -> Mapping[str, Callable[..., Any]]:
        """Texts of the documents stand in the outline as Python writes them."""
        return {"shown": lambda text: Code(ascii(str(text)))}

    def variables(self, api: Api, names: Names) -> Mapping[str, Any]:
        """Everything that the template needs is in the API."""
        return {}

    def pages(self, api: Api, names: Names) -> Mapping[str, Iterable[Page]]:
        """There is one file and no more."""
        return {}


LANGUAGE = Outline()
