"""A language of the generator's tests: it writes Python that holds the documents' texts as they are."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from codegen.language import Language, Page
from codegen.model import Names
from codegen.naming import Scope, kept_class, snake
from codegen.text import Code

from .words import RESERVED

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from codegen.model import Api


def literal(value: Any) -> Code:
    """A literal in ASCII, whatever the text holds."""
    return Code(ascii(str(value)) if isinstance(value, str) else ascii(value))


def comment(text: str) -> Code:
    """The text as comment lines."""
    lines = re.split(r"[\x00-\x1f\x7f\x85\u2028\u2029]+", text)
    return Code("\n".join(f"# {line}" for line in lines))


class Plain(Language):
    """The language itself."""

    name = "plain"
    runtime_folder = "%package%/runtime"

    def names(self, api: Api, package: str | None) -> Names:
        """Take the package's name, or the API's."""
        for names in api.client.names:
            if names.language == self.name:
                return names
        name = package or snake(api.client.name)
        return Names(self.name, name, kept_class(name), name)

    def filters(self) -> Mapping[str, Callable[..., Any]]:
        """Give the filters of the templates."""
        return {"literal": literal, "comment": comment}

    def variables(self, api: Api, names: Names) -> Mapping[str, Any]:
        """Give the variables of all templates."""
        return {"package": Code(names.package)}

    def pages(self, api: Api, names: Names) -> Mapping[str, Iterable[Page]]:
        """Make a page for each resource."""
        scope = Scope(snake, RESERVED, fold=True)
        names_of = scope.plan((r.name, r.name) for r in api.resources)
        pages = []
        for resource in api.resources:
            operations = Scope(snake, RESERVED)
            planned = operations.plan((o.name, o.name) for o in resource.operations)
            variables = {
                "resource": resource,
                "operations": [(Code(planned[o.name]), o) for o in resource.operations],
            }
            pages.append(Page(names_of[resource.name], variables))
        return {"resource": pages}


LANGUAGE = Plain()
