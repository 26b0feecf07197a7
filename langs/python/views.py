"""What templates see: parts of the model with their Python names, types and texts.

Every field that a template prints is ``Code``.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from codegen.model import Operation, Parameter
from codegen.text import Code

from .escapes import literal
from .layout import fit, import_line, import_order


@dataclass
class Imports:
    """What the annotations of one module need."""

    models: set[tuple[str, str]] = field(default_factory=set)
    types: set[str] = field(default_factory=set)
    typing: set[str] = field(default_factory=set)
    collections: set[str] = field(default_factory=set)
    datetime: bool = False
    builtins: bool = False
    destination: bool = False
    #: Those of ``types`` that the module uses when it runs, not only in annotations.
    runtime_types: set[str] = field(default_factory=set)

    def distant(self) -> list[str]:
        """The imports from the standard library, a line each."""
        lines = ["import builtins"] if self.builtins else []
        if self.collections:
            lines.append(f"from collections.abc import {', '.join(sorted(self.collections))}")
        if self.datetime:
            lines.append("from datetime import datetime")
        if self.typing:
            lines.append(f"from typing import {', '.join(sorted(self.typing))}")
        return lines

    def model_names(self) -> list[str]:
        """The models' classes."""
        return sorted({name for name, _ in self.models}, key=import_order)


def checked_block(*groups: list[str]) -> Code:
    """The body of an ``if TYPE_CHECKING``: groups of imports, with an empty line between two."""
    lines: list[str] = []
    for group in groups:
        if group:
            lines += ["", *(f"    {line}" for line in group)]
    return Code("\n".join(lines[1:]))


def imported(module: str, names: list[str]) -> list[str]:
    """The import of names, if there are any, within an ``if``."""
    return [import_line(module, names, 4)] if names else []


@dataclass(frozen=True)
class ArgumentView:
    """A parameter as an argument of a method.  ``entry`` is its entry in a docstring."""

    parameter: Parameter
    name: Code
    annotation: Code
    constructor: Code
    required: bool
    entry: str


@dataclass(frozen=True)
class MethodView:
    """A method: its first line, its docstring, and the statements of its body."""

    name: Code
    signature: Code
    doc: Code
    body: tuple[Code, ...]


@dataclass(frozen=True)
class OperationView:
    """An operation as a constant, and the methods that run it."""

    operation: Operation
    constant: Code
    full_name: Code
    result: Code
    arguments: tuple[ArgumentView, ...]
    methods: tuple[MethodView, ...]

    @property
    def definition(self) -> Code:
        """The constant's whole definition."""
        items: list[str] = [
            self.full_name,
            literal(f"{self.operation.method} {self.operation.path}"),
            literal(str(self.result)),
        ]
        items += [argument.constructor for argument in self.arguments]
        if self.operation.subscription:
            items.append(f"subscription={literal(self.operation.subscription)}")
        return fit(f"{self.constant}: Operation[{self.result}] = Operation(", items, ")", 0)


@dataclass(frozen=True)
class ResourceView:
    """A resource as a module with a class."""

    attribute: Code
    class_name: Code
    doc_of_module: Code
    doc: Code
    doc_of_attribute: Code
    operations: tuple[OperationView, ...]
    shortcuts: tuple[MethodView, ...]
    typing_import: Code
    runtime_import: Code
    type_import: Code | None
    checked_imports: Code


@dataclass(frozen=True)
class AttributeView:
    """A property as an annotated attribute."""

    name: Code
    annotation: Code
    doc: Code


@dataclass(frozen=True)
class ModelView:
    """A model as a class."""

    class_name: Code
    base: Code
    doc: Code
    settings: tuple[Code, ...]
    attributes: tuple[AttributeView, ...]
    methods: tuple[MethodView, ...]


@dataclass(frozen=True)
class ModelModuleView:
    """The models of one module, each after its base."""

    module: Code
    doc: Code
    models: tuple[ModelView, ...]
    base_imports: tuple[Code, ...]
    checked_imports: Code


@dataclass(frozen=True)
class StreamArgumentView:
    """An argument of the WebSocket operation, as the constructor takes it."""

    name: Code
    annotation: Code
    entry: Code


@dataclass(frozen=True)
class NewView:
    """A method that makes an object before it exists."""

    name: Code
    class_name: Code
    module: Code
    argument: Code
    member: Code
    doc: Code


@dataclass(frozen=True)
class TypeView:
    """A type for a closed list of values."""

    code: Code
    doc: Code
