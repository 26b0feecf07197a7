"""Python: how the model of an API becomes names, types, literals and text of a Python library."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from codegen.language import Language, Page
from codegen.model import (
    Api,
    Events,
    Model,
    Names,
    ObjectType,
    Operation,
    Parameter,
    Property,
    Resource,
    Shortcut,
    Type,
)
from codegen.naming import Scope, kept, kept_class, pascal, reserved_words, snake
from codegen.text import Code, DocText

#: The longest line of generated code; the generated pyproject.toml says the same to formatters.
WIDTH = 100

_RESERVED = reserved_words(Path(__file__).parent / "reserved.txt")

#: Names that generated modules import or use; a model of such a name gets another.
_MODULE_NAMES = frozenset(
    "Any Literal Mapping Sequence Transport TypeAlias TYPE_CHECKING Operation Parameter Access Client Entity Model Destination "
    "EventClient ObservableEntity EventName BaseEvent annotations builtins datetime get_args types "
    "bool bytes dict float int list str object tuple type".split()
)
_BUILTIN_TYPES = frozenset("bool bytes dict float int list str object".split())

#: What every model and every object has already; attributes and operations step aside.
_MODEL_NAMES = frozenset({"to_dict", "from_json"})
_OBJECT_NAMES = _MODEL_NAMES | {"add_event_handler", "remove_event_handler", "once", "wait_for"}
_CLIENT_NAMES = frozenset(
    "add_event_handler remove_event_handler once wait_for connect run stop close state".split()
)

_SCALARS = {
    "string": "str",
    "integer": "int",
    "number": "float",
    "boolean": "bool",
    "binary": "bytes",
    "datetime": "datetime",
    "any": "Any",
    "object": "dict[str, Any]",
    "void": "None",
}

_ERROR_CLASSES = {
    400: "IllegalInputException",
    401: "NotAuthorizedException",
    403: "NotAuthorizedException",
    404: "NotFoundException",
    409: "IllegalStateException",
    412: "IllegalStateException",
    501: "NoSuchMethodException",
}


# --- literals and comments ------------------------------------------------------------------


def literal(value: Any) -> Code:
    """A Python literal of a JSON value, in the form that formatters leave alone."""
    if value is None or isinstance(value, (bool, int, float)):
        return Code(repr(value))
    if isinstance(value, str):
        return Code(_string(str(value)))
    if isinstance(value, (list, tuple)):
        items = ", ".join(literal(item) for item in value)
        return Code(f"({items},)" if len(value) == 1 else f"({items})")
    if isinstance(value, Mapping):
        items = ", ".join(f"{literal(name)}: {literal(item)}" for name, item in value.items())
        return Code(f"{{{items}}}")
    raise TypeError(f"no literal for {type(value).__name__}")


def _string(text: str) -> str:
    # ascii() escapes everything that could end a line or the literal, and lone surrogates.
    quoted = ascii(text) if not text.isprintable() else repr(text)
    body = quoted[1:-1]
    if quoted[0] == "'":
        # Formatters want double quotes wherever that needs no more escapes.
        plain = body.replace("\\'", "'")
        if '"' not in plain:
            return f'"{plain}"'
        if plain.count('"') <= plain.count("'"):
            return '"' + plain.replace('"', '\\"') + '"'
        return f"'{body}'"
    return quoted


def clean(text: str) -> str:
    """Text of a document on one line, fit for a comment or a docstring."""
    words = " ".join(str(text).split())
    printable = "".join(
        letter if letter.isprintable() else f"\\u{ord(letter):04x}" for letter in words
    )
    return printable.encode("utf-8", "backslashreplace").decode("utf-8")


def _in_docstring(text: str) -> str:
    """Cleaned text with everything escaped that means something within triple quotes."""
    return clean(text).replace("\\", "\\\\").replace('"""', '\\"\\"\\"')


def comment(text: str, indent: int = 0) -> Code:
    """The text as comment lines."""
    lines = _wrapped(clean(text), WIDTH - indent - 2)
    return Code(f"\n{' ' * indent}".join(f"# {line}" for line in lines))


class Doc:
    """A docstring under construction: paragraphs of wrapped text and sections of entries."""

    def __init__(self, summary: str) -> None:
        self._blocks: list[list[tuple[int, str, int]]] = []
        self.paragraph(summary)

    def paragraph(self, text: str) -> Doc:
        """A paragraph, if there is any text."""
        escaped = _in_docstring(text)
        if escaped:
            self._blocks.append([(0, escaped, 0)])
        return self

    def verbatim(self, text: str) -> Doc:
        """A paragraph of the language's own words, already escaped where that was needed."""
        self._blocks.append([(0, text, 0)])
        return self

    def section(self, title: str, entries: Iterable[str]) -> Doc:
        """A titled list of entries, if there are any; the entries are escaped already."""
        lines = [(4, entry, 8) for entry in entries]
        if lines:
            self._blocks.append([(0, f"{title}:", 0), *lines])
        return self

    def code(self, indent: int) -> Code:
        """The docstring with its quotes; its first line stands at ``indent`` already."""
        lines: list[str] = []
        for block in self._blocks:
            if lines:
                lines.append("")
            for first, text, rest in block:
                width = WIDTH - indent
                if not lines:
                    # The quotes: a text of one line has them on both sides.
                    width -= 3 if len(text) > width - 3 or len(self._blocks) > 1 else 6
                lines.extend(_wrapped(text, width, first, rest))
        if not lines:
            lines = ["(no description)"]
        if lines[-1].endswith('"') or lines[-1].endswith("\\"):
            lines[-1] += " "
        if len(lines) == 1 and len(lines[0]) + indent + 6 <= WIDTH:
            return Code(
                f'"""{lines[0].rstrip() if not lines[0].endswith(chr(34) + " ") else lines[0]}"""'
            )
        margin = " " * indent
        text = "\n".join(f"{margin}{line}".rstrip() if n else line for n, line in enumerate(lines))
        return Code(f'"""{text.rstrip()}\n{margin}"""')


def _wrapped(text: str, width: int, first: int = 0, rest: int = 0) -> list[str]:
    """The text in lines of that width, the first indented by ``first`` and the others by ``rest``."""
    return textwrap.wrap(
        text,
        width,
        initial_indent=" " * first,
        subsequent_indent=" " * rest,
        break_long_words=False,
        break_on_hyphens=False,
    )


def fit(head: str, items: Sequence[str], tail: str, indent: int) -> Code:
    """``head`` ``items`` ``tail`` on one line if they fit, else an item a line.

    The trailing comma of the long form keeps formatters from joining it again."""
    one = f"{head}{', '.join(items)}{tail}"
    if indent + len(one) <= WIDTH and "\n" not in one:
        return Code(one)
    margin = " " * indent
    lines = "".join(
        f"{margin}    {item}{'' if item == '*,' else ','}\n".replace("*,,", "*,") for item in items
    )
    return Code(f"{head}\n{lines}{margin}{tail}")


# --- what templates see ---------------------------------------------------------------------


@dataclass(frozen=True)
class ArgumentView:
    """A parameter as an argument of a Python method."""

    parameter: Parameter
    name: Code
    annotation: Code
    constructor: Code
    required: bool


@dataclass(frozen=True)
class OperationView:
    """An operation as a method."""

    operation: Operation
    name: Code
    constant: Code
    full_name: Code
    arguments: tuple[ArgumentView, ...]
    result: Code
    result_class: Code
    signature: Code
    pairs: list[str]
    doc: Code
    binary: bool
    download_name: Code | None = None
    download_signature: Code | None = None
    download_doc: Code | None = None

    @property
    def call(self) -> Code:
        """The statement that runs the operation."""
        return self._run("_call")

    @property
    def download_call(self) -> Code:
        """The statement that runs it and writes the result to its destination."""
        return self._run("_download", "destination")

    def _run(self, method: str, *extra: str) -> Code:
        mapping = fit("{", self.pairs, "}", 12)
        one = f"return self._library.{method}("
        return fit(one, [self.constant, mapping, *extra, "request_timeout"], ")", 8)

    @property
    def parameters(self) -> Code:
        """The tuple of its parameters."""
        items = [argument.constructor for argument in self.arguments]
        if len(items) == 1 and "\n" not in items[0] and 4 + len(items[0]) + 4 <= WIDTH:
            return Code(f"({items[0]},)")
        return Code("(\n" + "".join(f"        {item},\n" for item in items) + "    )")


@dataclass(frozen=True)
class ForwardView:
    """A method that only calls another one: a shortcut, or an object's own operation."""

    name: Code
    signature: Code
    doc: Code
    call: Code
    split: Code | None = None


@dataclass(frozen=True)
class ResourceView:
    """A resource as a class in a module."""

    resource: Resource
    attribute: Code
    class_name: Code
    doc: Code
    doc_as_attribute: Code
    operations: tuple[OperationView, ...]
    shortcuts: tuple[ForwardView, ...]
    typing_imports: Code
    parameter_import: Code
    type_import: Code | None
    checked_imports: Code
    splits: bool


@dataclass(frozen=True)
class AttributeView:
    """A property as an annotated attribute."""

    name: Code
    annotation: Code
    doc: Code


@dataclass(frozen=True)
class ModelView:
    """A model as a class in a module."""

    model: Model
    module: Code
    class_name: Code
    base: Code
    base_module: Code | None
    doc: Code
    attributes: tuple[AttributeView, ...]
    renamed: Code | None
    discriminator: Code | None
    id_members: Code | None
    operations: tuple[ForwardView, ...]
    base_import: Code
    checked_imports: Code


@dataclass(frozen=True)
class StreamArgumentView:
    """An argument of the WebSocket operation, as the constructor takes it."""

    name: Code
    annotation: Code
    doc: Code


@dataclass(frozen=True)
class NewView:
    """A method that makes an object before it exists."""

    name: Code
    class_name: Code
    module: Code
    argument: Code
    member: Code
    doc: Code


@dataclass
class Imports:
    """What the annotations of one module need."""

    models: dict[str, str] = field(default_factory=dict)
    types: set[str] = field(default_factory=set)
    typing: set[str] = field(default_factory=set)
    collections: set[str] = field(default_factory=set)
    datetime: bool = False
    builtins: bool = False
    destination: bool = False
    runtime_types: set[str] = field(default_factory=set)

    def for_checkers(
        self, client: str | None, models: str, own: str | None = None, known: Iterable[str] = ()
    ) -> Code:
        """The imports that only type checkers follow, as the body of an ``if TYPE_CHECKING``.

        ``models`` is the module that models come from (``..models``, or ``.`` beside the module ``own``);
        ``client`` the main class, where the module names it; ``known`` the types imported already."""
        lines: list[str] = []
        if self.builtins:
            lines.append("import builtins")
        if self.collections:
            lines.append(f"from collections.abc import {', '.join(sorted(self.collections))}")
        if self.datetime:
            lines.append("from datetime import datetime")
        if self.typing:
            lines.append(f"from typing import {', '.join(sorted(self.typing))}")
        near: list[str] = []
        if client:
            near.append(f"from ..client import {client}")
        names = sorted(self.models)
        if models == ".":
            beside = sorted(
                {(module, name) for name, module in self.models.items() if module != own}
            )
        else:
            beside = []
            if names:
                near.append(_import(models, names, 4))
        if self.destination:
            near.append("from ..runtime.client import Destination")
        checked = sorted(self.types - set(known))
        if checked:
            near.append(_import("..types", checked, 4))
        near += [f"from .{module} import {name}" for module, name in beside]
        if lines and near:
            lines.append("")
        return Code("\n".join(f"    {line}" if line else "" for line in [*lines, *near]))


def _import_order(name: str) -> tuple[bool, str, str]:
    """The order in which formatters put imported names: constants, then the rest, whatever its case."""
    return (not (name.isupper() and len(name) > 1), name.lower(), name)


def _import(module: str, names: Sequence[str], indent: int) -> str:
    """An import of names, in parentheses if it does not fit on a line."""
    names = sorted(names, key=_import_order)
    one = f"from {module} import {', '.join(names)}"
    if indent + len(one) <= WIDTH:
        return one
    return fit(f"from {module} import (", names, ")", indent)


# --- the language ---------------------------------------------------------------------------


class Python(Language):
    """Python 3.10 and later."""

    name = "python"
    runtime_folder = "%package%/runtime"

    def names(self, api: Api, package: str | None) -> Names:
        for names in api.client.names:
            if names.language == self.name and package in (None, names.package):
                return names
        base = package or snake(api.client.name)
        return Names(self.name, base, pascal(base), base.replace("_", "-"))

    def filters(self) -> Mapping[str, Callable[..., Any]]:
        return {"literal": literal, "comment": comment, "toml": _toml, "text": _plain_text}

    def variables(self, api: Api, names: Names) -> Mapping[str, Any]:
        return {"library": Library(api, names)}

    def pages(self, api: Api, names: Names) -> Mapping[str, Iterable[Page]]:
        library = Library(api, names)
        return {
            "resource": [Page(view.attribute, {"resource": view}) for view in library.resources],
            "model": [Page(view.module, {"model": view}) for view in library.models],
        }


def _toml(value: Any) -> Code:
    """A TOML basic string or list of them."""
    if isinstance(value, (list, tuple)):
        return Code(f"[{', '.join(_toml(item) for item in value)}]")
    text = clean(value).replace("\\", "\\\\").replace('"', '\\"')
    return Code(f'"{text}"')


def _plain_text(value: str) -> Code:
    """Text for a README or a licence: one line, nothing that Markdown would take for markup."""
    text = clean(value)
    return Code("".join(f"\\{letter}" if letter in "\\`*_{}[]<>#|" else letter for letter in text))


class Library:
    """The names and views of a whole library, planned once."""

    def __init__(self, api: Api, names: Names) -> None:
        self.api = api
        self.names = names
        self.package = Code(names.package)
        self.class_name = Code(names.library_class)
        self.prefix = Code(api.client.error_prefix)
        self._plan()

    # Names, scope by scope.

    def _plan(self) -> None:
        api = self.api
        classes = Scope(
            kept_class,
            _RESERVED | _MODULE_NAMES | {self.names.library_class, str(self.object_base)},
        )
        self._model_names = _plan(classes, (model.name for model in api.models))
        self._resource_classes = _plan(classes, (resource.name for resource in api.resources))
        modules = Scope(snake, _RESERVED, fold=True)
        self._model_modules = _plan(modules, (model.name for model in api.models))
        resources = Scope(snake, _RESERVED | _CLIENT_NAMES, fold=True)
        self._resource_names = _plan(resources, (resource.name for resource in api.resources))
        self._operation_names: dict[tuple[str, str], str] = {}
        self._download_names: dict[tuple[str, str], str] = {}
        for resource in api.resources:
            scope = Scope(snake, _RESERVED)
            methods = [operation for operation in resource.operations if not operation.websocket]
            names = _plan(scope, (operation.name for operation in methods))
            for operation in methods:
                key = (resource.name, operation.name)
                self._operation_names[key] = names[operation.name]
            for operation in methods:
                if operation.result.kind == "binary":
                    key = (resource.name, operation.name)
                    self._download_names[key] = scope.add(f"{names[operation.name]}_to")
        self._plan_types()
        self._operations = {
            (resource.name, operation.name): (resource, operation)
            for resource in api.resources
            for operation in resource.operations
        }
        self._objects = {entity.model: entity for entity in api.objects}
        self._models_by_name = {model.name: model for model in api.models}

    def _plan_types(self) -> None:
        """A name for each set of allowed values: its parameter's, with the operation's where that is not enough."""
        found: dict[str, dict[tuple[Any, ...], None]] = {}
        for resource in self.api.resources:
            for operation in resource.operations:
                for parameter in operation.parameters:
                    if parameter.choices:
                        found.setdefault(pascal(parameter.name), {})[parameter.choices] = None
        used = {*self._model_names.values(), *self._resource_classes.values(), *_MODULE_NAMES}
        scope = Scope(pascal, _RESERVED | used)
        self._types: dict[tuple[str, tuple[Any, ...]], str] = {}
        self.types: list[tuple[Code, Code, Code]] = []
        for name in sorted(found):
            sets = found[name]
            for choices in sets:
                wanted = name
                if len(sets) > 1 or name in used:
                    owner = next(
                        operation.name
                        for resource in self.api.resources
                        for operation in resource.operations
                        for parameter in operation.parameters
                        if pascal(parameter.name) == name and parameter.choices == choices
                    )
                    wanted = f"{pascal(owner)}{name}"
                planned = scope.add(wanted)
                self._types[(name, choices)] = planned
                self.types.append(
                    (
                        Code(planned),
                        Doc(f"The values of ``{_in_docstring(wanted)}``.").code(0),
                        self._type_code(planned, choices),
                    )
                )

    @staticmethod
    def _type_code(name: str, choices: tuple[Any, ...]) -> Code:
        return fit(f"{name}: TypeAlias = Literal[", [literal(choice) for choice in choices], "]", 0)

    # Types.

    def annotation(
        self, type_: Type, imports: Imports, shadowed: frozenset[str] = frozenset()
    ) -> str:
        """The annotation of a value that comes from the server."""
        if type_.kind == "list":
            assert type_.item is not None
            text = f"list[{self.annotation(type_.item, imports, shadowed)}]"
        elif type_.kind == "map":
            assert type_.item is not None
            text = f"dict[str, {self.annotation(type_.item, imports, shadowed)}]"
        elif type_.kind == "model":
            assert type_.name is not None
            name = self._model_names[type_.name]
            imports.models[name] = self._model_modules[type_.name]
            return name
        else:
            text = _SCALARS[type_.kind]
            if type_.kind in ("any", "object"):
                imports.typing.add("Any")
            if type_.kind == "datetime":
                imports.datetime = True
        head = text.partition("[")[0]
        if head in shadowed:
            imports.builtins = True
            return f"builtins.{text}"
        return text

    def _argument_annotation(
        self, parameter: Parameter, imports: Imports, shadowed: frozenset[str]
    ) -> str:
        """The annotation of a value that a program gives."""
        kind = parameter.type.kind
        if kind == "list":
            assert parameter.type.item is not None
            item = self._scalar_annotation(parameter, parameter.type.item, imports, shadowed)
            imports.collections.add("Sequence")
            return f"{item} | Sequence[{item}]"
        return self._scalar_annotation(parameter, parameter.type, imports, shadowed)

    def _scalar_annotation(
        self, parameter: Parameter, type_: Type, imports: Imports, shadowed: frozenset[str]
    ) -> str:
        if parameter.choices:
            name = self._types[(pascal(parameter.name), parameter.choices)]
            imports.types.add(name)
            return name
        if type_.kind in ("map", "object", "model"):
            imports.collections.add("Mapping")
            imports.typing.add("Any")
            text = "Mapping[str, Any]"
        elif type_.kind == "datetime":
            imports.datetime = True
            text = "datetime | str"
        elif type_.kind == "any" or type_.kind == "list":
            imports.typing.add("Any")
            text = "Any"
        else:
            text = self.annotation(type_, imports, shadowed)
        if parameter.reference is not None and parameter.reference in self._model_names:
            name = self._model_names[parameter.reference]
            imports.models[name] = self._model_modules[parameter.reference]
            text = f"{text} | {name}"
        return text

    # Operations.

    def _arguments(
        self, operation: Operation, imports: Imports, shadowed: frozenset[str]
    ) -> tuple[ArgumentView, ...]:
        scope = Scope(snake, _RESERVED | {"request_timeout", "destination"})
        names = scope.plan(enumerate(parameter.name for parameter in operation.parameters))
        views = []
        for number, parameter in enumerate(operation.parameters):
            name = names[number]
            required = parameter.required or parameter.location == "path"
            annotation = self._argument_annotation(parameter, imports, shadowed)
            if not required:
                annotation = f"{annotation} | None"
            views.append(
                ArgumentView(
                    parameter,
                    Code(name),
                    Code(annotation),
                    self._constructor(parameter, name, required, imports),
                    required,
                )
            )
        return tuple(views)

    def _constructor(
        self, parameter: Parameter, name: str, required: bool, imports: Imports
    ) -> Code:
        kind = parameter.type.kind
        if kind == "model":
            kind = "object"
        items = [literal(parameter.name), literal(name), literal(parameter.location)]
        if kind != "string":
            items.append(
                literal(
                    "map"
                    if kind == "map" or (kind == "object" and parameter.location == "field")
                    else kind
                )
            )
        if required:
            items.append(Code("required=True"))
        if parameter.choices:
            type_name = self._types[(pascal(parameter.name), parameter.choices)]
            items.append(Code(f"choices=get_args({type_name})"))
            imports.runtime_types.add(type_name)
        if parameter.minimum is not None:
            items.append(Code(f"minimum={_number(parameter.minimum)}"))
        if parameter.maximum is not None:
            items.append(Code(f"maximum={_number(parameter.maximum)}"))
        if parameter.text_values:
            items.append(Code("text_values=True"))
        return fit("Parameter(", items, ")", 8)

    @staticmethod
    def _order(arguments: Iterable[ArgumentView]) -> tuple[list[ArgumentView], list[ArgumentView]]:
        """The positional ones (path before the rest, in the document's order), and the others."""
        required = [view for view in arguments if view.required]
        required.sort(key=lambda view: view.parameter.location != "path")
        return required, [view for view in arguments if not view.required]

    def _signature(
        self, name: str, arguments: Iterable[ArgumentView], result: str, extra: Sequence[str] = ()
    ) -> Code:
        required, optional = self._order(arguments)
        items = ["self"]
        items += [f"{view.name}: {view.annotation}" for view in required]
        items += extra
        items.append("*")
        items += [f"{view.name}: {view.annotation} = None" for view in optional]
        items.append("request_timeout: float | None = None")
        return fit(f"def {name}(", items, f") -> {result}:", 4)

    def _operation_doc(
        self,
        operation: Operation,
        arguments: Iterable[ArgumentView],
        returns: str,
        extra: Sequence[str] = (),
    ) -> Code:
        doc = Doc(operation.summary or operation.name)
        doc.paragraph(operation.notes)
        since = f"; since {_in_docstring(', '.join(operation.since))}" if operation.since else ""
        doc.verbatim(
            f"``{operation.method} {_in_docstring(operation.path)}`` (``{_in_docstring(operation.name)}``{since})"
        )
        required, optional = self._order(arguments)
        entries = [self._argument_doc(view) for view in required]
        entries += extra
        entries += [self._argument_doc(view) for view in optional]
        entries.append("request_timeout: Seconds to wait for the answer, instead of the library's.")
        doc.section("Args", entries)
        if returns:
            doc.section("Returns", [returns])
        doc.section("Raises", self._raises(operation))
        return doc.code(8)

    @staticmethod
    def _argument_doc(view: ArgumentView) -> str:
        parameter = view.parameter
        text = _in_docstring(parameter.description) or "(no description)"
        if text[-1:] not in ".!?":
            text += "."
        if parameter.default not in (None, ""):
            text += f" The server's default: {_in_docstring(str(parameter.default))}."
        if parameter.minimum is not None and parameter.maximum is not None:
            text += f" From {_number(parameter.minimum)} to {_number(parameter.maximum)}."
        elif parameter.minimum is not None:
            text += f" At least {_number(parameter.minimum)}."
        elif parameter.maximum is not None:
            text += f" At most {_number(parameter.maximum)}."
        return f"{view.name}: {text}"

    def _raises(self, operation: Operation) -> list[str]:
        by_class: dict[str, list[str]] = {}
        for error in operation.errors:
            name = self.error_class(error.code)
            reason = _in_docstring(error.reason).rstrip(".")
            by_class.setdefault(name, []).append(f"{reason} ({error.code})")
        return [f"{name}: {'; '.join(reasons)}." for name, reasons in by_class.items()]

    def error_class(self, code: int) -> str:
        """The class of the exception for a status."""
        if code in _ERROR_CLASSES:
            return _ERROR_CLASSES[code]
        if code == 500:
            return f"{self.prefix}ServerException"
        if code > 500:
            return f"{self.prefix}UnknownException"
        return "RequestRejectedException" if code >= 400 else f"{self.prefix}Exception"

    def _result_doc(self, type_: Type) -> str:
        if type_.kind == "void":
            return ""
        if type_.kind == "binary":
            return "The content."
        if type_.kind == "list" and type_.item is not None:
            return f"A list of {self._kind_name(type_.item)}."
        return f"The {self._kind_name(type_)}."

    def _kind_name(self, type_: Type) -> str:
        if type_.kind == "model" and type_.name is not None:
            return f"``{self._model_names[type_.name]}``"
        return {"any": "value", "object": "object"}.get(type_.kind, type_.kind)

    @property
    def resources(self) -> list[ResourceView]:
        """Every resource, in the document's order."""
        return [self._resource(resource) for resource in self.api.resources]

    def _resource(self, resource: Resource) -> ResourceView:
        imports = Imports()
        names = [
            self._operation_names.get((resource.name, op.name), "") for op in resource.operations
        ]
        shadowed = frozenset(names) & _BUILTIN_TYPES
        operations = tuple(
            self._operation(resource, operation, imports, shadowed)
            for operation in resource.operations
            if not operation.websocket
        )
        constants = Scope(str)
        operations = tuple(
            _with_constant(view, constants.add(f"_{view.name.strip('_').upper()}"))
            for view in operations
        )
        shortcuts = tuple(
            self._shortcut(shortcut, imports, shadowed)
            for shortcut in self.api.shortcuts
            if shortcut.target.resource == resource.name
            and self._shortcut_name(shortcut) not in names
        )
        description = resource.description or f"The operations of {resource.name}."
        types = sorted(imports.runtime_types)
        has_parameters = any(view.arguments for view in operations)
        return ResourceView(
            resource,
            Code(self._resource_names[resource.name]),
            Code(self._resource_classes[resource.name]),
            Doc(description).code(4),
            Doc(description).code(8),
            operations,
            shortcuts,
            Code(", get_args" if types else ""),
            Code(", Parameter" if has_parameters else ""),
            Code(_import("..types", types, 0)) if types else None,
            imports.for_checkers(self.names.library_class, "..models", known=types),
            any(shortcut.split for shortcut in shortcuts),
        )

    def _operation(
        self, resource: Resource, operation: Operation, imports: Imports, shadowed: frozenset[str]
    ) -> OperationView:
        key = (resource.name, operation.name)
        name = self._operation_names.get(key, "")
        arguments = self._arguments(operation, imports, shadowed)
        plain = self.annotation(operation.result, imports)
        result = self.annotation(operation.result, imports, shadowed)
        binary = operation.result.kind == "binary"
        download = self._download_names.get(key)
        if binary:
            imports.destination = True
        pairs = [f"{literal(str(view.name))}: {view.name}" for view in arguments]
        return OperationView(
            operation,
            Code(name),
            Code(""),
            literal(f"{resource.name}.{operation.name}"),
            arguments,
            Code(result),
            Code(plain),
            self._signature(name, arguments, result),
            pairs,
            self._operation_doc(operation, arguments, self._result_doc(operation.result)),
            binary,
            Code(download) if download else None,
            self._signature(download, arguments, "int", ["destination: Destination"])
            if download
            else None,
            self._operation_doc(
                operation,
                arguments,
                "The number of bytes written.",
                [
                    "destination: The path of a file, which appears once the content is complete, or anything with "
                    "``write``, such as a file open for binary writing."
                ],
            )
            if download
            else None,
        )

    # Shortcuts and objects: methods that forward.

    def _shortcut_name(self, shortcut: Shortcut) -> str:
        return snake(shortcut.name)

    def _shortcut(
        self,
        shortcut: Shortcut,
        imports: Imports,
        shadowed: frozenset[str],
        on_client: bool = False,
    ) -> ForwardView:
        resource, operation = self._operations[
            (shortcut.target.resource, shortcut.target.operation)
        ]
        arguments = self._arguments(operation, imports, shadowed)
        result = self.annotation(operation.result, imports, shadowed)
        method = self._operation_names[(resource.name, operation.name)]
        name = self._shortcut_name(shortcut)
        split = None
        extra: list[str] = []
        extra_doc: list[str] = []
        if shortcut.split:
            parts = [view for view in arguments if view.parameter.location == "path"][:2]
            arguments = tuple(view for view in arguments if view not in parts)
            joined = "_".join(view.name for view in parts)
            types = ["str"]
            entity = self._object_at(operation)
            if entity is not None:
                class_name = self._model_names[entity.model]
                imports.models[class_name] = self._model_modules[entity.model]
                types = ["str", class_name]
            extra = [f"{joined}: {' | '.join(types)}"]
            extra_doc = [
                f"{joined}: {parts[0].name} and {parts[1].name} as one text, joined by "
                f"``{_in_docstring(shortcut.split)}``."
            ]
            if on_client:
                given = [joined]
            else:
                given = [str(view.name) for view in parts]
                assignment = f"{', '.join(given)} = split_id("
                split = fit(assignment, [joined, literal(shortcut.split), literal(joined)], ")", 8)
        else:
            given = []
        target = f"self.{method}"
        if on_client:
            # On the library, a shortcut is its resource's.
            target = f"self.{self._resource_names[resource.name]}.{name}"
        call = self._forward_call(target, arguments, given)
        doc = Doc(operation.summary or operation.name)
        doc.verbatim(f"The same as ``{self._resource_names[resource.name]}.{method}``.")
        entries = extra_doc + [
            self._argument_doc(view)
            for view in [*self._order(arguments)[0], *self._order(arguments)[1]]
        ]
        entries.append("request_timeout: Seconds to wait for the answer, instead of the library's.")
        doc.section("Args", entries)
        returns = self._result_doc(operation.result)
        if returns:
            doc.section("Returns", [returns])
        doc.section("Raises", self._raises(operation))
        return ForwardView(
            Code(name),
            self._signature(name, arguments, result, extra),
            doc.code(8),
            call,
            split,
        )

    def _object_at(self, operation: Operation) -> ObjectType | None:
        return next((entity for entity in self.api.objects if entity.path == operation.path), None)

    def _forward_call(
        self, head: str, arguments: Sequence[ArgumentView], given: Sequence[str] = ()
    ) -> Code:
        required, optional = self._order(arguments)
        items = list(given)
        items += [str(view.name) for view in required]
        items += [f"{view.name}={view.name}" for view in optional]
        items.append("request_timeout=request_timeout")
        return fit(f"return {head}(", items, ")", 8)

    @property
    def shortcuts(self) -> list[ForwardView]:
        """The shortcuts on the library itself."""
        return self._client_shortcuts(Imports())

    def _client_shortcuts(self, imports: Imports) -> list[ForwardView]:
        # A shortcut there only forwards to the one of the same name on its resource.
        taken = set(self._resource_names.values())
        return [
            self._shortcut(shortcut, imports, frozenset(), on_client=True)
            for shortcut in self.api.shortcuts
            if self._shortcut_name(shortcut) not in taken
        ]

    @property
    def client_checked_imports(self) -> Code:
        """What the annotations of the main class need."""
        imports = Imports()
        self._client_shortcuts(imports)
        for entity in self.api.objects:
            if entity.new:
                imports.models[self._model_names[entity.model]] = ""
        far = []
        if self.api.events:
            imports.collections.add("Sequence")
            far = ["import os", "import ssl"]
        if imports.collections:
            far.append(f"from collections.abc import {', '.join(sorted(imports.collections))}")
        if imports.datetime:
            far.append("from datetime import datetime")
        if imports.typing:
            far.append(f"from typing import {', '.join(sorted(imports.typing))}")
        near = []
        if imports.models:
            near.append(_import(".models", list(imports.models), 4))
        near += [
            f"from .resources.{module} import {name}"
            for module, name in sorted(
                (self._resource_names[resource.name], self._resource_classes[resource.name])
                for resource in self.api.resources
            )
        ]
        if self.api.events:
            near.append("from .runtime.transport import Transport")
        if imports.types:
            near.append(_import(".types", sorted(imports.types), 4))
        third = ["import requests"] if self.api.events else []
        groups = [group for group in (far, third, near) if group]
        lines = [item for group in groups for item in ("", *(f"    {line}" for line in group))][1:]
        return Code("\n".join(lines))

    @property
    def hints(self) -> list[Code]:
        """What to check when the server answers with a status."""
        return [Code(f"{hint.status}: {literal(hint.text)}") for hint in self.api.client.hints]

    @property
    def new_objects(self) -> list[NewView]:
        """The objects that a program can have before they exist."""
        views = []
        for entity in self.api.objects:
            if entity.new:
                class_name = self._model_names[entity.model]
                module = self._model_modules[entity.model]
                argument = snake(entity.ids[0].parameter)
                doc = Doc(f"A {class_name} that does not exist yet.")
                doc.paragraph(
                    "Its id is made here, so that handlers can be put on it before the server "
                    "knows of it and no event is missed; then one of its own operations creates it."
                )
                doc.section("Args", [f"{argument}: The id it shall have; made here if left out."])
                views.append(
                    NewView(
                        Code(f"new_{snake(entity.model)}"),
                        Code(class_name),
                        Code(module),
                        Code(argument),
                        literal(entity.ids[0].property),
                        doc.code(8),
                    )
                )
        return views

    # Models.

    @property
    def models(self) -> list[ModelView]:
        """Every model."""
        return [self._model(model) for model in self.api.models]

    def _properties(self, model: Model) -> list[Property]:
        inherited = self._properties(self._models_by_name[model.base]) if model.base else []
        own = {item.name for item in model.properties}
        return [item for item in inherited if item.name not in own] + list(model.properties)

    def _model(self, model: Model) -> ModelView:
        imports = Imports()
        entity = self._objects.get(model.name)
        inherited = self._properties(self._models_by_name[model.base]) if model.base else []
        scope = Scope(kept, _RESERVED | (_OBJECT_NAMES if entity else _MODEL_NAMES))
        names = _plan(scope, (item.name for item in self._properties(model)))
        forwards: list[tuple[str, Resource, Operation, bool]] = []
        if entity:
            for refs, _ in ((entity.operations, False), (entity.creators, True)):
                for ref in refs:
                    resource, operation = self._operations[(ref.resource, ref.operation)]
                    if not operation.websocket:
                        method = scope.add(self._operation_names[(ref.resource, ref.operation)])
                        forwards.append((method, resource, operation, _))
        shadowed = (
            frozenset(names.values()) | {forward[0] for forward in forwards}
        ) & _BUILTIN_TYPES
        skip = {item.name for item in inherited}
        attributes = []
        renamed = {}
        for item in model.properties:
            if item.name in skip:
                continue
            annotation = self.annotation(item.type, imports, shadowed)
            if not item.required and annotation not in ("Any", "None"):
                annotation = f"{annotation} | None"
            if names[item.name] != item.name:
                renamed[names[item.name]] = str(item.name)
            attributes.append(
                AttributeView(
                    Code(names[item.name]),
                    Code(annotation),
                    Doc(item.description or str(item.name)).code(4),
                )
            )
        methods = [
            view
            for forward in forwards
            for view in self._object_methods(entity, names, *forward[:3], imports, shadowed, scope)
        ]
        base = "Model"
        base_module = None
        if model.base:
            base, base_module = self._model_names[model.base], Code(self._model_modules[model.base])
        elif entity:
            base = str(self.object_base)
        members = tuple(str(item.property) for item in entity.ids) if entity else ("id",)
        if base_module is not None:
            base_import = f"from .{base_module} import {base}"
        elif entity:
            base_import = f"from ..entity import {base}"
        else:
            base_import = "from ..runtime.model import Model"
        return ModelView(
            model,
            Code(self._model_modules[model.name]),
            Code(self._model_names[model.name]),
            Code(base),
            base_module,
            Doc(model.description or f"A {model.name}.").code(4),
            tuple(attributes),
            literal(renamed) if renamed else None,
            literal(str(model.discriminator)) if model.discriminator else None,
            literal(members) if members != ("id",) else None,
            tuple(methods),
            Code(base_import),
            imports.for_checkers(None, ".", self._model_modules[model.name]),
        )

    def _object_methods(
        self,
        entity: ObjectType | None,
        names: Mapping[str, str],
        method: str,
        resource: Resource,
        operation: Operation,
        imports: Imports,
        shadowed: frozenset[str],
        scope: Scope,
    ) -> list[ForwardView]:
        assert entity is not None
        ids = {str(item.parameter): names[item.property] for item in entity.ids}
        all_arguments = self._arguments(operation, imports, shadowed)
        own = [view for view in all_arguments if str(view.parameter.name) not in ids]
        result = self.annotation(operation.result, imports, shadowed)
        key = (resource.name, operation.name)
        target = f"self._library.{self._resource_names[resource.name]}"

        def call(name: str, extra: Sequence[str]) -> Code:
            required, optional = self._order(all_arguments)
            items = [
                f"self.{ids[str(view.parameter.name)]}"
                if str(view.parameter.name) in ids
                else str(view.name)
                for view in required
            ]
            items += extra
            items += [
                f"{view.name}=self.{ids[str(view.parameter.name)]}"
                if str(view.parameter.name) in ids
                else f"{view.name}={view.name}"
                for view in optional
            ]
            items.append("request_timeout=request_timeout")
            return fit(f"return {target}.{name}(", items, ")", 8)

        views = [
            ForwardView(
                Code(method),
                self._signature(method, own, result),
                self._operation_doc(operation, own, self._result_doc(operation.result)),
                call(self._operation_names[key], []),
            )
        ]
        if key in self._download_names:
            imports.destination = True
            download = scope.add(f"{method}_to")
            views.append(
                ForwardView(
                    Code(download),
                    self._signature(download, own, "int", ["destination: Destination"]),
                    self._operation_doc(
                        operation,
                        own,
                        "The number of bytes written.",
                        ["destination: The path of a file, or anything with ``write``."],
                    ),
                    call(self._download_names[key], ["destination"]),
                )
            )
        return views

    # Events.

    @property
    def events(self) -> EventsView | None:
        """The tables of the API's events, if it has any."""
        return EventsView(self, self.api.events) if self.api.events else None

    @property
    def copyright(self) -> Code:
        """The line of copyright."""
        authors = ", ".join(self.api.client.authors) or f"the authors of {self.names.distribution}"
        return Code(f"Copyright {clean(authors)}")

    @property
    def licence(self) -> Code:
        """The licence's SPDX identifier."""
        return Code(clean(self.api.client.licence))

    @property
    def api_version(self) -> Code:
        """The version of the API."""
        return Code(clean(self.api.version) or "unknown")

    @property
    def authors(self) -> Code:
        """The authors as a TOML array's content."""
        return Code(", ".join(f"{{name = {_toml(author)}}}" for author in self.api.client.authors))

    @property
    def module_doc(self) -> Code:
        """The docstring of the package."""
        doc = Doc(self.api.client.title or f"A client of the {self.api.client.name} API.")
        doc.paragraph(self.api.client.description)
        return doc.code(0)

    @property
    def class_doc(self) -> Code:
        """The docstring of the main class."""
        return Doc(self.api.client.title or f"A client of the {self.api.client.name} API.").code(4)

    @property
    def user_agent(self) -> Code:
        """The value of the User-Agent header."""
        return literal(f"{self.names.distribution}/{self.api.client.version}")

    @property
    def object_base(self) -> Code:
        """The base class of objects with operations."""
        return Code(f"{self.prefix or 'Api'}Object")

    @property
    def public_names(self) -> list[Code]:
        """What the package exports."""
        names = [str(name) for name, _ in self.export_names] + [str(self.class_name)]
        names += [
            f"{self.prefix}{rest}" for rest in ("Exception", "ServerException", "UnknownException")
        ]
        names += (
            "ConnectionFailedException IllegalInputException IllegalStateException NoSuchMethodException "
            "NotAuthorizedException NotFoundException RequestRejectedException TimeoutException"
        ).split()
        if self.api.events:
            names += ["ConnectionLost", "ConnectionReplaced", "ConnectionRestored"]
        return [Code(name) for name in sorted(set(names), key=_import_order)]

    @property
    def exports_by_module(self) -> list[tuple[Code, Code]]:
        """(class, module) of every model, by module."""
        return sorted(self.export_names, key=lambda pair: str(pair[1]))

    @property
    def export_names(self) -> list[tuple[Code, Code]]:
        """(class, module) of every model, by class."""
        names = sorted(self._model_names.items(), key=lambda item: _import_order(item[1]))
        return [(Code(name), Code(self._model_modules[model])) for model, name in names]


class EventsView:
    """What the runtime must know of the events."""

    def __init__(self, library: Library, events: Events) -> None:
        self.events = events
        self._library = library
        models = {model.name: model for model in library.api.models}
        self._models = models
        self.base = models[events.model]
        self.types = sorted(
            (model for model in library.api.models if self._is_event(model) and not model.subtypes),
            key=lambda model: str(model.name),
        )
        self.all = sorted(
            (model for model in library.api.models if self._is_event(model)),
            key=lambda model: str(model.name),
        )

    @property
    def application(self) -> Code:
        """The argument of the WebSocket operation that takes the program's names."""
        return literal(snake(self.events.application) if self.events.application else None)

    @property
    def stream_arguments(self) -> list[StreamArgumentView]:
        """The arguments of the WebSocket operation, which the constructor of the main class takes."""
        return [
            StreamArgumentView(
                view.name,
                view.annotation
                if str(view.annotation).endswith("| None")
                else Code(f"{view.annotation} | None"),
                Code(self._entry(self._library._argument_doc(view))),
            )
            for view in self.websocket.arguments
        ]

    @staticmethod
    def _entry(text: str) -> str:
        """An entry of the section of arguments, wrapped; its first line is indented already."""
        lines = _wrapped(text, WIDTH - 12, rest=4)
        return ("\n" + " " * 12).join(lines)

    @property
    def stream_mapping(self) -> Code:
        """The same as a mapping, for the runtime."""
        items = [f"{literal(str(view.name))}: {view.name}" for view in self.websocket.arguments]
        return fit("{", items, "}", 12)

    @property
    def websocket(self) -> OperationView:
        """The operation that upgrades to the WebSocket."""
        ref = self.events.operation
        resource, operation = self._library._operations[(ref.resource, ref.operation)]
        self.imports = Imports()
        return self._library._operation(resource, operation, self.imports, frozenset())

    def _is_event(self, model: Model) -> bool:
        while model.name != self.events.model:
            if model.base is None:
                return False
            model = self._models[model.base]
        return True

    @property
    def names(self) -> list[Code]:
        """The types that a handler can be put on, as literals."""
        return [literal(str(model.name)) for model in self.all]

    @property
    def base_class(self) -> Code:
        return Code(self._library._model_names[self.widest.name])

    @property
    def widest(self) -> Model:
        """The model that stands for an event of an unknown type: the deepest with subtypes of its own."""
        with_subtypes = [model for model in self.all if model.subtypes]
        with_subtypes.sort(key=lambda model: len(self._ancestors(model)))
        return with_subtypes[-1] if with_subtypes else self.base

    def _ancestors(self, model: Model) -> tuple[str, ...]:
        names: list[str] = []
        while model.name != self.events.model and model.base is not None:
            names.append(str(model.base))
            model = self._models[model.base]
        return tuple(names)

    @property
    def parents(self) -> list[tuple[Code, Code]]:
        """(event type, the tuple of its base types)."""
        return [(literal(str(model.name)), literal(self._ancestors(model))) for model in self.all]

    @property
    def ids(self) -> list[tuple[Code, Code]]:
        """(object model, the tuple of its id members), in the order of queues."""
        return [
            (
                literal(self._library._model_names[entity.model]),
                literal(tuple(str(i.property) for i in entity.ids)),
            )
            for entity in self._library.api.objects
        ]

    @property
    def objects(self) -> list[tuple[Code, Code]]:
        """(event type, {property: object model} in the order of queues), where there are any."""
        order = {entity.model: n for n, entity in enumerate(self._library.api.objects)}
        rows = []
        for model in self.all:
            found = list(self._paths(model, order, ""))
            found.sort(key=lambda pair: order[pair[1]])
            if found:
                table = {path: self._library._model_names[name] for path, name in found}
                items = [f"{literal(path)}: {literal(name)}" for path, name in table.items()]
                head = f"{literal(str(model.name))}: {{"
                rows.append((literal(str(model.name)), fit(head, items, "},", 4)))
        return rows

    def _paths(
        self, model: Model, order: Mapping[Any, int], prefix: str
    ) -> Iterable[tuple[str, Any]]:
        for item in self._library._properties(model):
            if item.type.kind == "model" and item.type.name is not None:
                if item.type.name in order:
                    yield prefix + str(item.name), item.type.name
                elif prefix.count(".") < 2:
                    yield from self._paths(
                        self._models[item.type.name], order, f"{prefix}{item.name}."
                    )

    @property
    def ends(self) -> list[tuple[Code, Code]]:
        """(event type, its End values)."""
        by_event: dict[str, list[str]] = {}
        for end in self.events.ends:
            grace = f", {_number(end.grace)}" if end.grace else ""
            by_event.setdefault(str(end.event), []).append(
                f"End({literal(str(end.property))}{grace})"
            )
        return [
            (
                literal(event),
                Code(f"({', '.join(items)},)" if len(items) == 1 else f"({', '.join(items)})"),
            )
            for event, items in by_event.items()
        ]

    @property
    def reads(self) -> list[tuple[Code, Code]]:
        """(object model, the resource and method that read one)."""
        rows = []
        for entity in self._library.api.objects:
            for ref in entity.operations:
                _, operation = self._library._operations[(ref.resource, ref.operation)]
                result = operation.result
                if (operation.method, operation.path) == (
                    "GET",
                    entity.path,
                ) and result.name == entity.model:
                    resource = self._library._resource_names[ref.resource]
                    method = self._library._operation_names[(ref.resource, ref.operation)]
                    rows.append(
                        (
                            literal(self._library._model_names[entity.model]),
                            literal((resource, method)),
                        )
                    )
        return rows

    @property
    def timestamp(self) -> Code:
        """The name of the member that says when an event happened."""
        for item in self._library._properties(self.widest):
            if item.type.kind == "datetime":
                return literal(str(item.name))
        return Code("None")


def _plan(scope: Scope, names: Iterable[str]) -> dict[str, str]:
    """The names of one scope, by the document's."""
    return {str(key): name for key, name in scope.plan((name, name) for name in names).items()}


def _with_constant(view: OperationView, name: str) -> OperationView:
    return replace(view, constant=Code(name))


def _number(value: float) -> str:
    return str(int(value)) if float(value).is_integer() else repr(float(value))


LANGUAGE = Python()
