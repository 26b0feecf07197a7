"""Operations as methods: annotations, arguments, signatures, docstrings."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Collection, Iterable, Sequence

from codegen.index import Index
from codegen.model import Api, OneOf, Operation, Parameter, Type
from codegen.naming import Scope, snake
from codegen.text import Code

from .escapes import in_docstring, literal
from .layout import WIDTH, Doc, fit
from .names import ARGUMENTS, RESERVED, NamePlan
from .views import BODY_WRITERS, STYLE_WRITERS, ArgumentView, Imports

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

#: The statuses that stand for several.
_CODES = {0: "any other status", 4: "4XX", 5: "5XX"}

_BYTES = Type("binary")
_TEXT = Type("string")

_RESERVED = RESERVED | ARGUMENTS

TIMEOUT = "request_timeout: float | None = None"
_TIMEOUT_ENTRY = "request_timeout: Seconds to wait for the answer, instead of the library's."
DESTINATION = "destination: Destination"
PROGRESS = "progress: Progress | None = None"
PROGRESS_ENTRY = (
    "progress: Is called with the number of bytes so far, and of all of them if that is known."
)
DESTINATION_ENTRY = (
    "destination: The path of a file, which appears once its content is complete, or anything "
    "with ``write``, such as a file open for binary writing."
)


class Signatures:
    """Writes annotations and signatures for one API, noting what a module must import for them."""

    def __init__(
        self, api: Api, names: NamePlan, filled: Callable[[Operation], Collection[Parameter]]
    ) -> None:
        """``filled`` are the parameters of an operation that no method of it takes."""
        self._names = names
        self._filled = filled
        self._index = Index(api)
        self._object_models = {kind.model for kind in api.objects}
        # By operation (its id: all of them live as long as the API) what is the same wherever it
        # is written: as a method of a resource or of an object, and as a shortcut.
        self._plain: dict[int, list[ArgumentView]] = {}

    # Annotations.

    def result(self, type_: Type, imports: Imports, hidden: frozenset[str] = frozenset()) -> str:
        """The annotation of a value that comes from the server.

        ``hidden`` are built-in types whose names mean a method in the class at hand."""
        if type_.nullable:
            text = self.result(dataclasses.replace(type_, nullable=False), imports, hidden)
            return or_none(text)
        if type_.one_of is not None:
            return _union(self.result(each, imports, hidden) for each in type_.one_of.types)
        if type_.kind == "model":
            return self._model(str(type_.name), imports)
        if type_.kind in ("list", "map"):
            assert type_.item is not None
            item = self.result(type_.item, imports, hidden)
            text = f"list[{item}]" if type_.kind == "list" else f"dict[str, {item}]"
        else:
            text = "bytes" if type_.format == "base64" else _SCALARS[type_.kind]
            if type_.kind in ("any", "object"):
                imports.typing.add("Any")
            if type_.kind == "datetime":
                imports.datetime = True
        if text.partition("[")[0] in hidden:
            imports.builtins = True
            return f"builtins.{text}"
        return text

    def decoding(self, type_: Type) -> str:
        """How a value that comes from the server is decoded, where its annotation does not say."""
        return self._decoding(type_) if _is_special(type_) else ""

    def _decoding(self, type_: Type) -> str:
        if type_.one_of is not None:
            return self._one_of(type_.one_of)
        if type_.kind == "model":
            return self._names.models[str(type_.name)]
        if type_.kind in ("list", "map"):
            assert type_.item is not None
            item = self._decoding(type_.item)
            return f"list[{item}]" if type_.kind == "list" else f"dict[str, {item}]"
        return "Base64" if type_.format == "base64" else _SCALARS[type_.kind]

    def _one_of(self, one_of: OneOf) -> str:
        items = [self._decoding(each) for each in one_of.types]
        if one_of.discriminator is not None:
            table = self._index.discriminated(one_of)
            models = [f"{literal(key)}: {self._names.models[name]}" for key, name in table.items()]
            items.append(f"by={literal(str(one_of.discriminator))}")
            items.append(f"models={{{', '.join(models)}}}")
        return f"OneOf({', '.join(items)})"

    def _model(self, name: str, imports: Imports) -> str:
        class_name = self._names.models[name]
        imports.models.add((class_name, self._names.model_modules[name]))
        return class_name

    def _argument(self, parameter: Parameter, imports: Imports, hidden: frozenset[str]) -> str:
        """The annotation of a value that a program gives."""
        if parameter.type.kind == "list" and parameter.type.item is not None:
            item = self._item(parameter, parameter.type.item, imports, hidden)
            imports.collections.add("Sequence")
            if parameter.type.item.kind in ("map", "object", "model") and not parameter.choices:
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
            if type_.kind == "model":
                text = f"{text} | {self._model(str(type_.name), imports)}"
        elif type_.one_of is not None:
            text = _union(
                self._one(parameter, each, imports, hidden) for each in type_.one_of.types
            )
        elif type_.kind == "binary" and parameter.location in ("field", "body"):
            text = "FileSource" if parameter.location == "field" else "ContentSource"
            imports.runtime.setdefault("forms", set()).add(text)
        elif type_.format == "base64":
            text = f"{self.result(_BYTES, imports, hidden)} | {self.result(_TEXT, imports, hidden)}"
        elif type_.kind == "datetime":
            imports.datetime = True
            text = "datetime | str"
        elif type_.kind in ("any", "list"):
            imports.typing.add("Any")
            text = "Any"
        else:
            plain = dataclasses.replace(type_, nullable=False) if type_.nullable else type_
            text = self.result(plain, imports, hidden)
        if parameter.reference is not None and text != "Any":
            text = f"{text} | {self._model(parameter.reference, imports)}"
        return text

    def _one(
        self, parameter: Parameter, type_: Type, imports: Imports, hidden: frozenset[str]
    ) -> str:
        if type_.kind == "list" and type_.item is not None:
            imports.collections.add("Sequence")
            return f"Sequence[{self._item(parameter, type_.item, imports, hidden)}]"
        return self._item(parameter, type_, imports, hidden)

    # Arguments.

    def arguments(
        self,
        operation: Operation,
        imports: Imports,
        hidden: frozenset[str] = frozenset(),
        without: Collection[str] = (),
        filled: Sequence[Parameter] = (),
    ) -> tuple[ArgumentView, ...]:
        """The parameters of an operation as arguments, in the document's order, ``without`` those of some names
        and those that are ``filled`` in."""
        plain = self._plain.get(id(operation))
        if plain is None:
            plain = self._plain[id(operation)] = self._plain_arguments(operation)
        views = []
        for view in plain:
            parameter = view.parameter
            if parameter.name in without or any(parameter is each for each in filled):
                continue
            annotation = self._argument(parameter, imports, hidden)
            if view.nullable and annotation != "Any":
                annotation = f"{annotation} | Null"
                imports.runtime.setdefault("operation", set()).add("Null")
            if not view.required and annotation != "Any":
                annotation = f"{annotation} | None"
            imports.runtime_modules |= view.modules
            if parameter.choices:
                imports.runtime_types.add(self._names.type_of(parameter.name, parameter.choices))
            views.append(view._replace(annotation=Code(annotation)))
        return tuple(views)

    def _plain_arguments(self, operation: Operation) -> list[ArgumentView]:
        """The arguments without their annotations, which depend on the place."""
        # What no method takes has its name for messages only, and may share it.
        filled = {id(each) for each in self._filled(operation)}
        every = list(enumerate(operation.parameters))
        names = Scope(snake, _RESERVED).plan((n, p.name) for n, p in every if id(p) not in filled)
        names |= Scope(snake).plan((n, p.name) for n, p in every if id(p) in filled)
        views = []
        for number, parameter in enumerate(operation.parameters):
            name = names[number]
            required = parameter.required or parameter.location == "path"
            constructor, modules = self._constructor(operation, parameter, name, required)
            nullable = takes_null(operation, parameter)
            text = entry(parameter, name, nullable)
            view = ArgumentView(
                parameter, Code(name), Code(""), constructor, required, text, nullable, modules
            )
            views.append(view)
        return views

    def _constructor(
        self, operation: Operation, parameter: Parameter, name: str, required: bool
    ) -> tuple[Code, frozenset[str]]:
        """The parameter in the definition of its operation, and the modules that this needs."""
        kind, item = self._travels(operation, parameter, parameter.type), ""
        if kind == "list" and parameter.type.item is not None:
            item = self._travels(operation, parameter, parameter.type.item)
            kind = item if item == "binary" else kind
            if item == "map" and parameter.type.item.name not in self._object_models:
                item = ""
        elif parameter.type.one_of is not None:
            models = {each.name for each in parameter.type.one_of.types if each.name is not None}
            item = "map" if models & self._object_models else ""
        items = [literal(parameter.name), literal(name), literal(parameter.location)]
        if kind != "string":
            items.append(literal(kind))
        if item == "map" and parameter.location in ("field", "body"):
            items.append(Code(f"item={literal(item)}"))
        if required:
            items.append(Code("required=True"))
        if parameter.choices:
            type_name = self._names.type_of(parameter.name, parameter.choices)
            items.append(Code(f"choices=get_args({type_name})"))
        if parameter.minimum is not None:
            items.append(Code(f"minimum={number_text(parameter.minimum)}"))
        if parameter.maximum is not None:
            items.append(Code(f"maximum={number_text(parameter.maximum)}"))
        if parameter.pattern:
            items.append(Code(f"pattern={literal(parameter.pattern)}"))
        if parameter.own:
            items.append(Code(f"own={literal(parameter.own)}"))
        if parameter.text_values:
            items.append(Code("text_values=True"))
        if parameter.send_default and parameter.default is not None:
            items.append(Code(f"default={literal(parameter.default)}"))
        if takes_null(operation, parameter):
            items.append(Code("nullable=True"))
        style = parameter_style(operation, parameter)
        if style:
            items.append(Code(f"style={style}"))
        code = fit("Parameter(", items, "),", 4).removesuffix(",")
        return Code(code), frozenset({"styles"} if style else ())

    @staticmethod
    def _travels(operation: Operation, parameter: Parameter, type_: Type) -> str:
        """What the runtime calls a type."""
        if type_.kind == "model" or (type_.kind == "object" and parameter.location != "body"):
            return "map"
        if type_.kind == "binary":
            as_it_is = operation.body in ("multipart", "binary")
            return "binary" if as_it_is and parameter.location in ("field", "body") else "base64"
        return "base64" if type_.format == "base64" else type_.kind

    # Methods.

    @staticmethod
    def signature(
        name: str,
        arguments: Iterable[ArgumentView],
        result: str,
        extra: Sequence[str] = (),
        named: Sequence[str] = (),
    ) -> Code:
        """The first line of a method: required arguments by position, then the rest by name.

        ``extra`` are further ones by position, ``named`` by name."""
        required, optional = ordered(arguments)
        items = ["self"]
        items += [_declared(f"{view.name}: {view.annotation}") for view in required]
        items += extra
        items.append("*")
        items += [_declared(f"{view.name}: {view.annotation} = None") for view in optional]
        items += [*named, TIMEOUT]
        return fit(f"def {name}(", items, f") -> {result}:", 4)

    def doc(
        self,
        operation: Operation,
        arguments: Iterable[ArgumentView],
        *,
        extra: Sequence[str] = (),
        last: Sequence[str] = (),
        notes: str = "",
        returns: str | None = None,
        same_as: str = "",
    ) -> Code:
        """The docstring of a method that runs the operation."""
        doc = Doc(operation.summary or operation.name)
        if operation.deprecated:
            doc.verbatim("Deprecated.")
        if same_as:
            doc.verbatim(f"The same as ``{same_as}``.")
        else:
            if notes:
                doc.verbatim(notes)
            doc.paragraph(operation.notes)
            doc.verbatim(_source(operation))
        required, optional = ordered(arguments)
        entries = [view.entry for view in required] + list(extra)
        entries += [view.entry for view in optional]
        doc.section("Args", [*entries, *last, _TIMEOUT_ENTRY])
        text = self._returns(operation.result) if returns is None else returns
        doc.section("Returns", [text] if text else [])
        doc.section("Raises", self._raises(operation))
        return doc.code(8)

    def _returns(self, type_: Type) -> str:
        if type_.kind == "void":
            return ""
        none = ", or ``None``" if type_.nullable else ""
        if type_.kind == "binary":
            return f"The content{none}."
        if type_.kind == "list" and type_.item is not None:
            return f"A list of {self._kind(type_.item)}{none}."
        return f"The {self._kind(type_)}{none}."

    def _kind(self, type_: Type) -> str:
        if type_.kind == "model" and type_.name is not None:
            return f"``{self._names.models[str(type_.name)]}``"
        return {"any": "value", "map": "mapping", "integer": "number"}.get(type_.kind, type_.kind)

    def _raises(self, operation: Operation) -> list[str]:
        reasons: dict[str, list[str]] = {}
        for error in operation.errors:
            reason = in_docstring(error.reason).rstrip(".")
            code = _CODES.get(error.code, str(error.code))
            text = f"{reason} ({code})" if reason else code
            reasons.setdefault(self._error(error.code), []).append(text)
        return [f"{name}: {'; '.join(texts)}." for name, texts in reasons.items()]

    def _error(self, code: int) -> str:
        """The class of the exception for a status."""
        exceptions = self._names.exceptions
        if code in _ERROR_CLASSES:
            return _ERROR_CLASSES[code]
        if code in _CODES:
            return exceptions["Exception"]
        if code >= 500:
            return exceptions["ServerException" if code == 500 else "UnknownException"]
        return "RequestRejectedException" if code >= 400 else exceptions["Exception"]


def ordered(arguments: Iterable[ArgumentView]) -> tuple[list[ArgumentView], list[ArgumentView]]:
    """The required arguments (those of the path first, then in the document's order), and the others."""
    views = list(arguments)
    required = [view for view in views if view.required]
    required.sort(key=lambda view: view.parameter.location != "path")
    return required, [view for view in views if not view.required]


def _declared(item: str) -> str:
    """An argument with its annotation, in lines if it must be."""
    return item if len(item) <= WIDTH - 9 else "\n        | ".join(_parts(item))


def number_text(value: float) -> str:
    """A number as Python writes it, whole if it is."""
    return str(int(value)) if float(value).is_integer() else repr(float(value))


def _source(operation: Operation) -> str:
    """Where the operation is described: method, path, name and versions."""
    since = f"; since {in_docstring(', '.join(operation.since))}" if operation.since else ""
    place = f"{operation.method} {in_docstring(operation.path)}"
    return f"``{place}`` (``{in_docstring(operation.name)}``{since})"


def or_none(annotation: str) -> str:
    """The annotation of the same value, or of nothing."""
    if annotation in ("Any", "None") or annotation.endswith("| None"):
        return annotation
    return f"{annotation} | None"


def _union(annotations: Iterable[str]) -> str:
    """The annotation of a value of one of several types."""
    parts: list[str] = []
    for annotation in annotations:
        parts += [part for part in _parts(annotation) if part not in parts]
    if "Any" in parts:
        return "Any"
    parts.sort(key=lambda part: part == "None")
    return " | ".join(parts)


def _parts(annotation: str) -> list[str]:
    """The types of a union, which may hold unions in brackets."""
    parts = [""]
    for part in annotation.split(" | "):
        parts[-1] += part
        if parts[-1].count("[") > parts[-1].count("]"):
            parts[-1] += " | "
        else:
            parts.append("")
    return parts[:-1]


def _is_special(type_: Type) -> bool:
    return (
        type_.one_of is not None
        or type_.format == "base64"
        or (type_.item is not None and _is_special(type_.item))
    )


def takes_null(operation: Operation, parameter: Parameter) -> bool:
    """Whether a null can be told from nothing: JSON has one."""
    in_json = operation.body == "json" and parameter.location in ("field", "body")
    return in_json and parameter.type.nullable


def parameter_style(operation: Operation, parameter: Parameter) -> str:
    """What of the runtime writes a list, a map or a model outside of JSON; empty for the usual."""
    if parameter.type.kind not in ("list", "map", "model", "object", "any"):
        return ""
    if parameter.location == "body" or (
        parameter.location == "field" and operation.body not in BODY_WRITERS
    ):
        return ""
    if parameter.location == "path" and parameter.type.kind == "list" and not parameter.style:
        return STYLE_WRITERS["comma"]
    return STYLE_WRITERS.get(parameter.style, "")


def entry(parameter: Parameter, name: str, nullable: bool) -> str:
    """The entry of a parameter in the section of arguments."""
    text = in_docstring(parameter.description) or "(no description)"
    if text[-1:] not in ".!?":
        text += "."
    if parameter.deprecated:
        text += " Deprecated."
    if nullable:
        text += " May be ``NULL``."
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
