"""What templates see: parts of the model with their Python names, types and texts.

Every field that a template prints is ``Code``.  They are tuples with names, because a dataclass
takes several times as long to define, and defining these is a part of every run.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from codegen.model import Operation, Parameter
from codegen.text import Code

from .escapes import literal
from .layout import fit, import_line, import_order


class Imports:
    """What the annotations of one module need."""

    def __init__(self) -> None:
        self.models: set[tuple[str, str]] = set()
        self.types: set[str] = set()
        self.typing: set[str] = set()
        self.collections: set[str] = set()
        self.datetime = False
        self.builtins = False
        self.destination = False
        self.progress = False
        #: (module, class) of places in other modules, which are imported where the way to them begins.
        self.places: set[tuple[str, str]] = set()
        #: Names from the runtime that only annotations use: module -> names.
        self.runtime: dict[str, set[str]] = {}
        #: Modules of the runtime that the module uses when it runs.
        self.runtime_modules: set[str] = set()
        #: Those of ``types`` that the module uses when it runs, not only in annotations.
        self.runtime_types: set[str] = set()

    def near(self) -> list[str]:
        """The imports from the runtime that only annotations need."""
        found = {module: set(names) for module, names in self.runtime.items()}
        if self.destination:
            found.setdefault("client", set()).add("Destination")
        if self.progress:
            found.setdefault("transport", set()).add("Progress")
        return [
            import_line(f"..runtime.{module}", sorted(names), 4)
            for module, names in sorted(found.items())
        ]

    def near_places(self) -> list[str]:
        """The imports of places, a line for each module."""
        modules: dict[str, list[str]] = {}
        for module, name in sorted(self.places):
            modules.setdefault(module, []).append(name)
        return [import_line(module, names, 4) for module, names in modules.items()]

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


def import_block(groups: Iterable[list[str]], checked: Iterable[list[str]]) -> Code:
    """The imports of a module: groups of lines with an empty line between two, and, in an ``if``,
    those that only type checkers need."""
    lines: list[str] = []
    for group in groups:
        if group:
            lines += ["", *group]
    head = ["", "if TYPE_CHECKING:"]
    for group in checked:
        if group:
            lines += [*head, *(f"    {line}" for line in group)]
            head = [""]
    return Code("\n".join(lines[1:]))


def imported(module: str, names: list[str]) -> list[str]:
    """The import of names, if there are any, within an ``if``."""
    return [import_line(module, names, 4)] if names else []


def listed(names: Iterable[str]) -> Code:
    """Names of the library's own as a list in a README."""
    return Code(", ".join(f"`{name}`" for name in names))


#: How a body travels -> the function of the runtime that writes it.
BODY_WRITERS = {"form": "forms.form", "multipart": "forms.multipart", "binary": "forms.content"}

#: The same for the styles of parameters.
STYLE_WRITERS = {
    **{style: f"styles.{style}" for style in ("comma", "repeat", "space", "pipe", "deep")},
    "json": "styles.as_json",
}


def reads_text(operation: Operation) -> bool:
    """Whether the result is the text of the answer itself."""
    return bool(operation.accept) and operation.result.kind == "string"


class ArgumentView(NamedTuple):
    """A parameter as an argument of a method.  ``entry`` is its entry in a docstring."""

    parameter: Parameter
    name: Code
    annotation: Code
    constructor: Code
    required: bool
    entry: str
    #: Whether it may be ``NULL``.
    nullable: bool = False
    #: The modules of the runtime that its constructor needs.
    modules: frozenset[str] = frozenset()


class MethodView(NamedTuple):
    """A method: its first line, its docstring, and the statements of its body."""

    name: Code
    signature: Code
    doc: Code
    body: tuple[Code, ...]


class OperationView(NamedTuple):
    """An operation as a constant, and the methods that run it."""

    operation: Operation
    constant: Code
    full_name: Code
    result: Code
    arguments: tuple[ArgumentView, ...]
    methods: tuple[MethodView, ...]
    makes: tuple[str, str] | None = None
    #: How the result is decoded, where its annotation does not say.
    decoding: str = ""

    @property
    def definition(self) -> Code:
        """The constant's whole definition."""
        items: list[str] = [
            self.full_name,
            literal(f"{self.operation.method} {self.operation.path}"),
            literal(self.decoding or str(self.result).removesuffix(" | None")),
        ]
        items += [argument.constructor for argument in self.arguments]
        if self.operation.subscription:
            items.append(f"subscription={literal(self.operation.subscription)}")
        if self.makes:
            items.append(f"makes={literal(self.makes)}")
        if self.operation.body in BODY_WRITERS:
            items.append(f"body={BODY_WRITERS[self.operation.body]}")
        if self.operation.body_required:
            items.append("body_required=True")
        if self.operation.content_type:
            items.append(f"content_type={literal(self.operation.content_type)}")
        if self.operation.accept:
            items.append(f"accept={literal(self.operation.accept)}")
        if reads_text(self.operation):
            items.append("read=decoding.text")
        return fit(f"{self.constant}: Operation[{self.result}] = Operation(", items, ")", 0)


class PlaceView(NamedTuple):
    """A place of the API's paths as a class."""

    class_name: Code
    doc: Code
    methods: tuple[MethodView, ...]


class ResourceView(NamedTuple):
    """A resource as a module with a class, or with a class for each of its places."""

    attribute: Code
    class_name: Code
    doc_of_module: Code
    doc: Code
    doc_of_attribute: Code
    operations: tuple[OperationView, ...]
    #: Those of the operations, then the shortcuts.
    methods: tuple[MethodView, ...]
    imports: Code
    places: tuple[PlaceView, ...] = ()

    @property
    def shown_operations(self) -> Code:
        """The names of its operations, for a README."""
        return listed(operation.methods[0].name for operation in self.operations)


class AttributeView(NamedTuple):
    """A property as an annotated attribute."""

    name: Code
    annotation: Code
    doc: Code


class ModelView(NamedTuple):
    """A model as a class."""

    class_name: Code
    base: Code
    doc: Code
    settings: Code
    attributes: tuple[AttributeView, ...]
    methods: tuple[MethodView, ...]


class ModelModuleView(NamedTuple):
    """The models of one module, each after its base."""

    module: Code
    doc: Code
    models: tuple[ModelView, ...]
    imports: Code


class SettingView(NamedTuple):
    """A further argument of the constructor: of the WebSocket operation, or a credential."""

    name: Code
    annotation: Code
    entry: Code


class TypeView(NamedTuple):
    """A type for a closed list of values."""

    code: Code
    doc: Code
