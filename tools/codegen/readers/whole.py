"""What is known only of a description as a whole: the usual style of lists, the resource of each model."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from ..text import DocText

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ..model import Model, Parameter, Resource, Type

#: The styles that ``Access.lists`` may have.
_LISTS = ("comma", "repeat")


def with_usual_lists(resources: tuple[Resource, ...]) -> tuple[str, tuple[Resource, ...]]:
    """Return the style that most lists in queries have, and the resources with that one left out."""
    found = Counter(
        parameter.style
        for resource in resources
        for operation in resource.operations
        for parameter in operation.parameters
        if _is_usual(parameter)
    )
    usual = "comma" if found["comma"] > found["repeat"] else "repeat"
    result = []
    for resource in resources:
        operations = []
        for operation in resource.operations:
            if any(_is_usual(p) and p.style == usual for p in operation.parameters):
                parameters = tuple(
                    replace(p, style="") if _is_usual(p) and p.style == usual else p
                    for p in operation.parameters
                )
                operation = replace(operation, parameters=parameters)
            operations.append(operation)
        result.append(replace(resource, operations=tuple(operations)))
    return usual, tuple(result)


def _is_usual(parameter: Parameter) -> bool:
    return (
        parameter.location == "query"
        and parameter.type.kind == "list"
        and parameter.style in _LISTS
    )


def with_resources(models: tuple[Model, ...], resources: Iterable[Resource]) -> tuple[Model, ...]:
    """Return the models, each with the resource that it belongs to.

    That is the only one that reads it (GET gives it, or a list of it), else the only one whose
    operations lead to it.
    """
    by_name = {str(model.name): model for model in models}
    readers: dict[str, set[str]] = {}
    users: dict[str, set[str]] = {}
    for resource in resources:
        direct: set[str] = set()
        used: set[str] = set()
        for operation in resource.operations:
            names = set(_model_names(operation.result))
            used |= names
            if operation.method == "GET":
                direct |= names
            for parameter in operation.parameters:
                used.update(_model_names(parameter.type))
        for name in direct:
            readers.setdefault(name, set()).add(resource.name)
        for name in _reached(used, by_name):
            users.setdefault(name, set()).add(resource.name)
    result = []
    for model in models:
        owners = readers.get(str(model.name)) or users.get(str(model.name)) or set()
        if len(owners) == 1:
            model = replace(model, resource=DocText(next(iter(owners))))
        result.append(model)
    return tuple(result)


def _model_names(type_: Type) -> Iterable[str]:
    if type_.kind == "model":
        yield str(type_.name)
    if type_.item is not None:
        yield from _model_names(type_.item)
    if type_.one_of is not None:
        for one in type_.one_of.types:
            yield from _model_names(one)


def _reached(names: set[str], models: Mapping[str, Model]) -> set[str]:
    """Return the models that those of ``names`` lead to, themselves among them."""
    found = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name in found or name not in models:
            continue
        found.add(name)
        model = models[name]
        if model.base is not None:
            waiting.append(str(model.base))
        waiting += [str(subtype) for subtype in model.subtypes]
        for item in model.properties:
            waiting.extend(_model_names(item.type))
    return found
