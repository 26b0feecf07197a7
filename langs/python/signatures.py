"""Operations as methods: annotations, arguments, signatures, docstrings."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from codegen.model import Api, Operation, Parameter, Type
from codegen.naming import Scope, snake
from codegen.text import Code

from .escapes import in_docstring, literal
from .layout import Doc, fit
from .names import ARGUMENTS, RESERVED, NamePlan
from .views import ArgumentView, Imports

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

_RESERVED = RESERVED | ARGUMENTS

TIMEOUT = "request_timeout: float | None = None"
_TIMEOUT_ENTRY = "request_timeout: Seconds to wait for the answer, instead of the library's."
DESTINATION = "destination: Destination"
DESTINATION_ENTRY = (
    "destination: The path of a file, which appears once its content is complete, or anything "
    "with ``write``, such as a file open for binary writing."
)


class Signatures:
    """Writes annotations and signatures for one API, noting what a module must import for them."""

    def __init__(self, api: Api, names: NamePlan) -> None:
        self._api = api
        self._names = names
        # By operation (its id: all of them live as long as the API) what is the same wherever it
        # is written: as a method of a resource or of an object, and as a shortcut.
        self._plain: dict[int, list[ArgumentView]] = {}

    # Annotations.

    def result(self, type_: Type, imports: Imports, hidden: frozenset[str] = frozenset()) -> str:
        """The annotation of a value that comes from the server.

        ``hidden`` are built-in types whose names mean a method in the class at hand."""
        if type_.kind == "model":
            return self._model(str(type_.name), imports)
        if type_.kind in ("list", "map"):
            assert type_.item is not None
            item = self.result(type_.item, imports, hidden)
            text = f"list[{item}]" if type_.kind == "list" else f"dict[str, {item}]"
        else:
            text = _SCALARS[type_.kind]
            if type_.kind in ("any", "object"):
                imports.typing.add("Any")
            if type_.kind == "datetime":
                imports.datetime = True
        if text.partition("[")[0] in hidden:
            imports.builtins = True
            return f"builtins.{text}"
        return text

    def _model(self, name: str, imports: Imports) -> str:
        class_name = self._names.models[name]
        imports.models.add((class_name, self._names.model_modules[name]))
        return class_name

    def _argument(self, parameter: Parameter, imports: Imports, hidden: frozenset[str]) -> str:
        """The annotation of a value that a program gives."""
        if parameter.type.kind == "list" and parameter.type.item is not None:
            item = self._item(parameter, parameter.type.item, imports, hidden)
            imports.collections.add("Sequence")
            if item.startswith("Mapping["):
                return f"Sequence[{item}]"
            return f"{item} | Sequence[{item}]"
        return self._item(parameter, parameter.type, imports, hidden)

    def _item(
        self, parameter: Parameter, type_: Type, imports: Imports, hidden: frozenset[str]
    ) -> str:
        if parameter.choices:
            text = self._names.type_of(parameter.name, parameter.choices)
            imports.types.add(text)
        elif type_.kind in ("map", "object", "model"):
            imports.collections.add("Mapping")
            imports.typing.add("Any")
            text = "Mapping[str, Any]"
        elif type_.kind == "datetime":
            imports.datetime = True
            text = "datetime | str"
        elif type_.kind in ("any", "list"):
            imports.typing.add("Any")
            text = "Any"
        else:
            text = self.result(type_, imports, hidden)
        if parameter.reference is not None and text != "Any":
            text = f"{text} | {self._model(parameter.reference, imports)}"
        return text

    # Arguments.

    def arguments(
        self,
        operation: Operation,
        imports: Imports,
        hidden: frozenset[str] = frozenset(),
        without: Collection[str] = (),
    ) -> tuple[ArgumentView, ...]:
        """The parameters of an operation as arguments, in the document's order, ``without`` some."""
        plain = self._plain.get(id(operation))
        if plain is None:
            plain = self._plain[id(operation)] = self._plain_arguments(operation)
        views = []
        for view in plain:
            parameter = view.parameter
            if parameter.name in without:
                continue
            annotation = self._argument(parameter, imports, hidden)
            if not view.required and annotation != "Any":
                annotation = f"{annotation} | None"
            if parameter.choices:
                imports.runtime_types.add(self._names.type_of(parameter.name, parameter.choices))
            views.append(view._replace(annotation=Code(annotation)))
        return tuple(views)

    def _plain_arguments(self, operation: Operation) -> list[ArgumentView]:
        """The arguments without their annotations, which depend on the place."""
        names = Scope(snake, _RESERVED).plan(enumerate(p.name for p in operation.parameters))
        views = []
        for number, parameter in enumerate(operation.parameters):
            name = names[number]
            required = parameter.required or parameter.location == "path"
            constructor = self._constructor(parameter, name, required)
            entry = _entry(parameter, name)
            views.append(
                ArgumentView(parameter, Code(name), Code(""), constructor, required, entry)
            )
        return views

    def _constructor(self, parameter: Parameter, name: str, required: bool) -> Code:
        kind = parameter.type.kind
        if kind == "model" or (kind == "object" and parameter.location == "field"):
            kind = "map"
        items = [literal(parameter.name), literal(name), literal(parameter.location)]
        if kind != "string":
            items.append(literal(kind))
        if required:
            items.append(Code("required=True"))
        if parameter.choices:
            type_name = self._names.type_of(parameter.name, parameter.choices)
            items.append(Code(f"choices=get_args({type_name})"))
        if parameter.minimum is not None:
            items.append(Code(f"minimum={number_text(parameter.minimum)}"))
        if parameter.maximum is not None:
            items.append(Code(f"maximum={number_text(parameter.maximum)}"))
        if parameter.text_values:
            items.append(Code("text_values=True"))
        if parameter.send_default and parameter.default is not None:
            items.append(Code(f"default={literal(parameter.default)}"))
        return fit("Parameter(", items, ")", 4)

    # Methods.

    @staticmethod
    def signature(
        name: str, arguments: Iterable[ArgumentView], result: str, extra: Sequence[str] = ()
    ) -> Code:
        """The first line of a method: required arguments by position, then the rest by name."""
        required, optional = ordered(arguments)
        items = ["self"]
        items += [f"{view.name}: {view.annotation}" for view in required]
        items += extra
        items.append("*")
        items += [f"{view.name}: {view.annotation} = None" for view in optional]
        items.append(TIMEOUT)
        return fit(f"def {name}(", items, f") -> {result}:", 4)

    def doc(
        self,
        operation: Operation,
        arguments: Iterable[ArgumentView],
        *,
        extra: Sequence[str] = (),
        returns: str | None = None,
        same_as: str = "",
    ) -> Code:
        """The docstring of a method that runs the operation."""
        doc = Doc(operation.summary or operation.name)
        if same_as:
            doc.verbatim(f"The same as ``{same_as}``.")
        else:
            doc.paragraph(operation.notes)
            doc.verbatim(_source(operation))
        required, optional = ordered(arguments)
        entries = [view.entry for view in required] + list(extra)
        entries += [view.entry for view in optional]
        doc.section("Args", [*entries, _TIMEOUT_ENTRY])
        text = self._returns(operation.result) if returns is None else returns
        doc.section("Returns", [text] if text else [])
        doc.section("Raises", self._raises(operation))
        return doc.code(8)

    def _returns(self, type_: Type) -> str:
        if type_.kind == "void":
            return ""
        if type_.kind == "binary":
            return "The content."
        if type_.kind == "list" and type_.item is not None:
            return f"A list of {self._kind(type_.item)}."
        return f"The {self._kind(type_)}."

    def _kind(self, type_: Type) -> str:
        if type_.kind == "model" and type_.name is not None:
            return f"``{self._names.models[str(type_.name)]}``"
        return {"any": "value", "map": "mapping", "integer": "number"}.get(type_.kind, type_.kind)

    def _raises(self, operation: Operation) -> list[str]:
        reasons: dict[str, list[str]] = {}
        for error in operation.errors:
            reason = in_docstring(error.reason).rstrip(".")
            text = f"{reason} ({error.code})" if reason else str(error.code)
            reasons.setdefault(self._error(error.code), []).append(text)
        return [f"{name}: {'; '.join(texts)}." for name, texts in reasons.items()]

    def _error(self, code: int) -> str:
        """The class of the exception for a status."""
        exceptions = self._names.exceptions
        if code in _ERROR_CLASSES:
            return _ERROR_CLASSES[code]
        if code >= 500:
            return exceptions["ServerException" if code == 500 else "UnknownException"]
        return "RequestRejectedException" if code >= 400 else exceptions["Exception"]


def ordered(arguments: Iterable[ArgumentView]) -> tuple[list[ArgumentView], list[ArgumentView]]:
    """The required arguments (those of the path first, then in the document's order), and the others."""
    views = list(arguments)
    required = [view for view in views if view.required]
    required.sort(key=lambda view: view.parameter.location != "path")
    return required, [view for view in views if not view.required]


def number_text(value: float) -> str:
    """A number as Python writes it, whole if it is."""
    return str(int(value)) if float(value).is_integer() else repr(float(value))


def _source(operation: Operation) -> str:
    """Where the operation is described: method, path, name and versions."""
    since = f"; since {in_docstring(', '.join(operation.since))}" if operation.since else ""
    place = f"{operation.method} {in_docstring(operation.path)}"
    return f"``{place}`` (``{in_docstring(operation.name)}``{since})"


def _entry(parameter: Parameter, name: str) -> str:
    """The entry of a parameter in the section of arguments."""
    text = in_docstring(parameter.description) or "(no description)"
    if text[-1:] not in ".!?":
        text += "."
    if parameter.default not in (None, ""):
        text += f" The server's default: {in_docstring(str(parameter.default))}."
    low, high = parameter.minimum, parameter.maximum
    if low is not None and high is not None:
        text += f" From {number_text(low)} to {number_text(high)}."
    elif low is not None:
        text += f" At least {number_text(low)}."
    elif high is not None:
        text += f" At most {number_text(high)}."
    return f"{name}: {text}"
