"""What templates see of a library: texts that are laid out already."""

from __future__ import annotations

from typing import NamedTuple

from codegen.text import Code


class MethodView(NamedTuple):
    """A method: its comment, its first line and the statement of its body; its declarations."""

    name: Code
    doc: Code
    head: Code
    body: Code
    declared_doc: Code
    declarations: tuple[Code, ...]
    #: Of a way to a place that takes no ids: the statement that makes it an attribute.
    made: Code = Code("")


class OptionView(NamedTuple):
    """An option of an operation, as its interface declares it."""

    doc: Code
    declaration: Code


class OperationView(NamedTuple):
    """An operation: the constant that describes it, the interface of its options, its methods."""

    constant: Code
    #: Empty where there are no options of its own.
    options_name: Code
    options_base: Code
    options_doc: Code
    options: tuple[OptionView, ...]
    methods: tuple[MethodView, ...]


class PlaceView(NamedTuple):
    """A place of the tree as a class."""

    class_name: Code
    doc: Code
    methods: tuple[MethodView, ...]


class ResourceView(NamedTuple):
    """A resource as a module with a class.  ``callable`` says that calling it gives the API's events."""

    attribute: Code
    callable: bool
    module: Code
    class_name: Code
    doc: Code
    doc_of_attribute: Code
    declared_doc: Code
    imports: tuple[Code, ...]
    operations: tuple[OperationView, ...]
    shortcuts: tuple[MethodView, ...]
    #: For the shape by paths.
    places: tuple[PlaceView, ...] = ()


class AttributeView(NamedTuple):
    """A property as a declared attribute."""

    doc: Code
    declaration: Code


class ModelView(NamedTuple):
    """A model as a class."""

    class_name: Code
    base: Code
    #: The same in declarations, where an object may be one beside its base.
    declared_base: Code
    is_beside: bool
    doc: Code
    declared_doc: Code
    statics: tuple[Code, ...]
    attributes: tuple[AttributeView, ...]
    methods: tuple[MethodView, ...]


class ModelModuleView(NamedTuple):
    """The models of one module, each after its base."""

    module: Code
    imports: tuple[Code, ...]
    models: tuple[ModelView, ...]


class NewView(NamedTuple):
    """A method that makes an object before it exists."""

    name: Code
    class_name: Code
    argument: Code
    member: Code
    doc: Code


class InputView(NamedTuple):
    """A structure in a request, as an interface."""

    doc: Code
    name: Code
    members: tuple[AttributeView, ...]


class TypeView(NamedTuple):
    """A type for a closed list of values."""

    doc: Code
    code: Code
