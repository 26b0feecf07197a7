"""A whole library: its resources, its models, its main class and its types, as templates see them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import NamedTuple

from codegen.index import Index, required_first
from codegen.model import (
    Api,
    Model,
    Names,
    ObjectType,
    Operation,
    Parameter,
    Resource,
    Shortcut,
    Type,
)
from codegen.naming import Scope, camel, upper_snake
from codegen.text import Code

from .escapes import in_comment, json_text, key, literal
from .events import EventsView
from .layout import WIDTH, Doc, fit
from .names import (
    ENTITY_MEMBERS,
    MODEL_MEMBERS,
    NamePlan,
    attribute_names,
    member,
    option_names,
)
from .parameters import described, parameter_list

_ERROR_CLASSES = {
    400: "IllegalInputException",
    401: "NotAuthorizedException",
    403: "NotAuthorizedException",
    404: "NotFoundException",
    409: "IllegalStateException",
    412: "IllegalStateException",
    501: "NoSuchMethodException",
}

_SCALARS = {
    "string": "string",
    "integer": "number",
    "number": "number",
    "boolean": "boolean",
    "binary": "Uint8Array",
    "datetime": "Date",
    "any": "any",
    "object": "Record<string, any>",
    "void": "void",
}

_HANDLERS = ("onSuccess", "onError")

_OPTIONS_TEXT = "The arguments by name, `requestTimeout` and `signal`."
_HANDLER_TEXTS = (
    ("onSuccess", "Gets the result."),
    ("onError", "Gets the errors that a program can act upon: 404, 409, 412 and 422."),
)


class MethodView(NamedTuple):
    """A method: its comment, its first line and the statement of its body; its declarations."""

    name: Code
    doc: Code
    head: Code
    body: Code
    declared_doc: Code
    declarations: tuple[Code, ...]


class OptionView(NamedTuple):
    """An option of an operation, as its interface declares it."""

    doc: Code
    declaration: Code


class OperationView(NamedTuple):
    """An operation: the constant that describes it, the interface of its options, its methods."""

    constant: Code
    options_name: Code
    options_doc: Code
    options: tuple[OptionView, ...]
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


class AttributeView(NamedTuple):
    """A property as a declared attribute."""

    doc: Code
    declaration: Code


class ModelView(NamedTuple):
    """A model as a class."""

    class_name: Code
    base: Code
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


class TypeView(NamedTuple):
    """A type for a closed list of values."""

    doc: Code
    code: Code


class Library:
    """What templates see as ``library``."""

    def __init__(self, api: Api, names: Names) -> None:
        self.api = api
        self.index = Index(api)
        self.names = NamePlan(api, names)
        self.class_name = Code(names.library_class)
        self.package = Code(names.package)
        self.prefix = Code(api.client.error_prefix)
        self.object_base = Code(self.names.object_base)
        self.user_agent = literal(f"{names.distribution}/{api.client.version}")
        self.distribution = json_text(names.distribution)
        self.name = Code(names.distribution)
        self.url = Code(in_comment(api.client.url))
        self.instance = Code(camel(api.client.name))

    # Texts.

    @property
    def copyright(self) -> Code:
        """Whose the library is."""
        return Code(f"Copyright {in_comment(', '.join(self.api.client.authors)) or 'its authors'}")

    @property
    def licence(self) -> Code:
        """The licence's SPDX identifier."""
        return Code(in_comment(self.api.client.licence))

    @property
    def api_version(self) -> Code:
        """The version of the API."""
        return Code(in_comment(self.api.version) or "unknown")

    @property
    def title_doc(self) -> Code:
        """A comment on the library as a whole."""
        title = self.api.client.title or f"A client of the {self.api.client.name} API."
        return Doc(title).paragraph(self.api.client.description).code(0)

    @property
    def hints(self) -> list[Code]:
        """What to check when the server answers with a status: entries of an object."""
        return [Code(f"{hint.status}: {literal(hint.text)},") for hint in self.api.client.hints]

    @property
    def first_call(self) -> Code | None:
        """A call that needs no arguments, for the README's example."""
        for shortcut in self.api.shortcuts:
            _, operation = self.index.operation(shortcut.target)
            if operation.method == "GET" and not required_first(operation.parameters)[0]:
                return Code(f"{self.instance}.{member(shortcut.name)}()")
        return None

    @property
    def example_call(self) -> Code:
        """Any operation, for the README."""
        resource = self.api.resources[0]
        operation = self.index.methods(resource)[0]
        names = self.names
        return Code(
            f"{names.resources[resource.name]}.{names.operations[(resource.name, operation.name)]}"
        )

    # Types.

    def result(self, type_: Type) -> str:
        """The type of a value that comes from the server."""
        if type_.kind == "model":
            return self.names.models[str(type_.name)]
        if type_.kind == "list" and type_.item is not None:
            item = self.result(type_.item)
            return f"{item}[]" if item.isidentifier() else f"Array<{item}>"
        if type_.kind == "map" and type_.item is not None:
            return f"Record<string, {self.result(type_.item)}>"
        return _SCALARS[type_.kind]

    def argument(self, parameter: Parameter) -> str:
        """The type of a value that a program gives."""
        if parameter.type.kind == "list" and parameter.type.item is not None:
            item = self._item(parameter, parameter.type.item)
            many = f"readonly ({item})[]" if " | " in item else f"readonly {item}[]"
            return many if parameter.location in ("field", "body") else f"{item} | {many}"
        return self._item(parameter, parameter.type)

    def _item(self, parameter: Parameter, type_: Type) -> str:
        if parameter.choices:
            text = self.names.type_of(parameter.name, parameter.choices)
        elif type_.kind == "datetime":
            text = "Date | string"
        elif type_.kind in ("map", "object") and parameter.text_values:
            text = "TextValues"
        elif type_.kind in ("map", "object", "model"):
            text = "Record<string, any>"
        elif type_.kind == "list":
            text = "any"
        else:
            text = self.result(type_)
        if parameter.reference is not None:
            text = f"{text} | {self.names.models[str(parameter.reference)]}"
        return text

    def decoder(self, type_: Type) -> str | None:
        """The expression that decodes JSON into a type; ``None`` where nothing is to be done."""
        if type_.kind == "model":
            return f"one(() => {self.names.models[str(type_.name)]})"
        if type_.kind == "datetime":
            return "date"
        if type_.kind in ("list", "map") and type_.item is not None:
            item = self.decoder(type_.item)
            return f"{type_.kind}({item})" if item else None
        return None

    # Resources.

    @cached_property
    def resources(self) -> list[ResourceView]:
        """Every resource, in the document's order."""
        return [self._resource(resource) for resource in self.api.resources]

    def _resource(self, resource: Resource) -> ResourceView:
        methods = self.index.methods(resource)
        taken = {self.names.operations[(resource.name, item.name)] for item in methods}
        constants = Scope(str)
        operations = tuple(self._operation(resource, item, constants) for item in methods)
        shortcuts = tuple(
            self._shortcut(shortcut)
            for shortcut in self.api.shortcuts
            if shortcut.target.resource == resource.name and member(shortcut.name) not in taken
        )
        models: set[str] = set()
        helpers: set[str] = set()
        for item in methods:
            self._note(item.result, models, helpers)
            if item.result.kind in ("any", "object", "string", "integer", "number", "boolean"):
                helpers.add("asIs")
            if item.result.kind in ("list", "map") and not self.decoder(item.result):
                helpers.add("asIs")
        imports = self.model_imports(models, "../models/")
        if helpers:
            imports.append(_import(sorted(helpers), "../runtime/model.js"))
        if any(s.target.resource == resource.name and s.split for s in self.api.shortcuts):
            imports.append(_import(["splitId"], "../runtime/operation.js"))
        description = resource.description or f"The operations of {resource.name}."
        return ResourceView(
            Code(self.names.resources[resource.name]),
            self.api.events is not None and self.names.resources[resource.name] == "events",
            Code(self.names.modules[resource.name]),
            Code(self.names.resource_classes[resource.name]),
            Doc(description).code(0),
            Doc(description).code(2),
            Doc(description).code(0),
            tuple(imports),
            operations,
            shortcuts,
        )

    def _note(self, type_: Type, models: set[str], helpers: set[str]) -> None:
        """Note what the decoder of a type names."""
        if not self.decoder(type_):
            return
        if type_.kind == "model":
            models.add(str(type_.name))
            helpers.add("one")
        elif type_.kind == "datetime":
            helpers.add("date")
        elif type_.item is not None:
            helpers.add(type_.kind)
            self._note(type_.item, models, helpers)

    def model_imports(self, models: Iterable[str], folder: str, own: str = "") -> list[Code]:
        """The import statements of these models, but of those of the module ``own``."""
        by_module: dict[str, list[str]] = {}
        for model in models:
            by_module.setdefault(self.names.model_modules[model], []).append(
                self.names.models[model]
            )
        return [
            _import(sorted(names), f"{folder}{module}.js")
            for module, names in sorted(by_module.items())
            if module != own
        ]

    def _operation(
        self, resource: Resource, operation: Operation, constants: Scope
    ) -> OperationView:
        ref = (resource.name, operation.name)
        name = self.names.operations[ref]
        constant = constants.add(upper_snake(operation.name))
        options = self.names.options[ref]
        body = f"this.#library.call({constant}, options, onSuccess, onError)"
        methods = [self._method(name, operation, options, body, optional=not _needs(operation))]
        if ref in self.names.streams:
            stream = self.names.streams[ref]
            doc = self._doc(operation, 2, stream=True)
            mark = "" if _needs(operation) else "?"
            methods.append(
                MethodView(
                    Code(stream),
                    doc,
                    Code(f"{stream}(options) {{"),
                    Code(f"return this.#library.stream({constant}, options);"),
                    doc,
                    (
                        Code(
                            f"{stream}(options{mark}: {options}): Promise<ReadableStream<Uint8Array>>;"
                        ),
                    ),
                )
            )
        return OperationView(
            self._constant(resource, operation, constant),
            Code(options),
            Code(
                f"/** The options of `{in_comment(resource.name)}.{in_comment(operation.name)}`. */"
            ),
            tuple(self._options(operation)),
            tuple(methods),
        )

    def _constant(self, resource: Resource, operation: Operation, constant: str) -> Code:
        result = {"void": "null", "binary": '"binary"'}.get(operation.result.kind)
        result = result or self.decoder(operation.result) or "asIs"
        lines = [
            f"const {constant} = {{",
            f"  name: {literal(f'{resource.name}.{operation.name}')},",
            f"  method: {literal(operation.method)},",
            f"  path: {literal(str(operation.path))},",
            f"  result: {result},",
        ]
        names = option_names(parameter.name for parameter in operation.parameters)
        lines.append(f"  {parameter_list('parameters: ', operation.parameters, names, 2)}")
        if operation.subscription:
            lines.append(f"  subscription: {literal(operation.subscription)},")
        made = self.index.made(operation)
        if made:
            model = self.names.models[str(made[0].model)]
            option = names[operation.parameters.index(made[1])]
            lines.append(f"  makes: {literal([model, option])},")
        for other in resource.operations:
            ends = (operation.subscription, other.subscription) == ("add", "remove")
            if ends and other.path == operation.path:
                lines.append(f"  endedBy: {literal(other.method)},")
        lines.append("};")
        return Code("\n".join(lines))

    def _options(self, operation: Operation) -> list[OptionView]:
        """The options' declarations, those that are needed first."""
        names = dict(
            zip(
                (id(parameter) for parameter in operation.parameters),
                option_names(parameter.name for parameter in operation.parameters),
                strict=True,
            )
        )
        required, others = required_first(operation.parameters)
        views = []
        for parameter in (*required, *others):
            mark = "" if parameter in required else " | undefined"
            optional = "" if parameter in required else "?"
            name = key(names[id(parameter)])
            views.append(
                OptionView(
                    Doc(described(parameter)).code(2),
                    Code(f"{name}{optional}: {self.argument(parameter)}{mark};"),
                )
            )
        return views

    # Methods.

    def _method(
        self,
        name: str,
        operation: Operation,
        options: str,
        body: str,
        *,
        optional: bool,
        first: tuple[str, str] | None = None,
        doc: Code | None = None,
    ) -> MethodView:
        """A method with options and, if the program wants, handlers; ``first`` is an argument before them."""
        result = self.result(operation.result)
        doc = doc or self._doc(operation, 2)
        head = f"{first[0]}: {first[1]}, " if first else ""
        mark = "?" if optional else ""
        handled = "void" if result == "void" else f"{result} | undefined"
        given = f"{options} | undefined" if optional else options
        declarations = (
            fit(
                f"{name}(",
                [item for item in (head.rstrip(", "), f"options{mark}: {options}") if item],
                f"): Promise<{result}>;",
                2,
            ),
            fit(
                f"{name}(",
                [
                    *([head.rstrip(", ")] if head else []),
                    f"options: {given}",
                    f"onSuccess: SuccessHandler<{result}> | undefined",
                    "onError?: ErrorHandler",
                ],
                f"): Promise<{handled}>;",
                2,
            ),
        )
        arguments = [first[0]] if first else []
        return MethodView(
            Code(name),
            doc,
            Code(f"{name}({', '.join([*arguments, 'options', *_HANDLERS])}) {{"),
            _returned(body),
            doc,
            declarations,
        )

    def _doc(
        self,
        operation: Operation,
        indent: int,
        *,
        stream: bool = False,
        same_as: str = "",
        first: Sequence[tuple[str, str]] = (),
    ) -> Code:
        doc = Doc(operation.summary or operation.name)
        if same_as:
            doc.verbatim(f"The same as `{same_as}`.")
        else:
            doc.paragraph(operation.notes)
            since = f"; since {in_comment(', '.join(operation.since))}" if operation.since else ""
            place = in_comment(f"{operation.method} {operation.path}").replace("`", "'")
            doc.verbatim(f"`{place}` (`{in_comment(operation.name)}`{since})")
        tags = [f"@param {name} {text}" for name, text in (*first, ("options", _OPTIONS_TEXT))]
        if stream:
            tags.append("@returns The content, as it arrives.")
        else:
            tags += [f"@param {name} {text}" for name, text in _HANDLER_TEXTS]
            returns = self._returns(operation.result)
            tags += [f"@returns {returns}"] if returns else []
        tags += self._throws(operation)
        return doc.tags(tags).code(indent)

    def _returns(self, type_: Type) -> str:
        return {"void": "", "binary": "The content."}.get(type_.kind, f"{self.result(type_)}.")

    def _throws(self, operation: Operation) -> list[str]:
        reasons: dict[str, list[str]] = {}
        for error in operation.errors:
            reason = in_comment(error.reason).rstrip(".")
            text = f"{reason} ({error.code})" if reason else str(error.code)
            reasons.setdefault(self._error(error.code), []).append(text)
        return [f"@throws {{{name}}} {'; '.join(texts)}." for name, texts in reasons.items()]

    def _error(self, code: int) -> str:
        if code in _ERROR_CLASSES:
            return _ERROR_CLASSES[code]
        if code >= 500:
            return self.names.exceptions["ServerException" if code == 500 else "UnknownException"]
        return "RequestRejectedException" if code >= 400 else self.names.exceptions["Exception"]

    # Shortcuts.

    def _shortcut(self, shortcut: Shortcut, through: str = "") -> MethodView:
        """A further name of an operation; ids in its path come first, as arguments of their own."""
        resource, operation = self.index.operation(shortcut.target)
        ref = (resource.name, operation.name)
        name = member(shortcut.name)
        names = option_names(parameter.name for parameter in operation.parameters)
        ids = [
            option
            for parameter, option in zip(operation.parameters, names, strict=True)
            if parameter.location == "path"
        ]
        method = self.names.operations[ref]
        same_as = f"{self.names.resources[resource.name]}.{method}"
        entity = self.index.object_at(operation.path)
        first = None
        options = self.names.options[ref]
        body = f"this.{method}(options, onSuccess, onError)"
        if len(ids) == 1 or shortcut.split:
            argument = camel("And".join(item[:1].upper() + item[1:] for item in ids))
            kind = (
                "string" if entity is None else f"string | {self.names.models[str(entity.model)]}"
            )
            first = (argument, kind)
            options = f"Omit<{options}, {' | '.join(literal(item) for item in ids)}>"
            if shortcut.split:
                separator = literal(shortcut.split)
                body = (
                    f"const [{', '.join(ids)}] = splitId({argument}, {separator}, {literal(argument)});\n"
                    f"    return this.{method}({{ ...options, {', '.join(ids)} }}, onSuccess, onError);"
                )
            else:
                body = f"this.{method}({{ ...options, {argument} }}, onSuccess, onError)"
        if through:
            arguments = [first[0]] if first else []
            body = f"this.{through}.{name}({', '.join([*arguments, 'options', *_HANDLERS])})"
        needed = [p for p in operation.parameters if p.required and p.location != "path"]
        texts = [(first[0], "Which one: its id, or the object itself.")] if first else []
        doc = self._doc(operation, 2, same_as=same_as, first=texts)
        return self._method(
            name,
            operation,
            options,
            body,
            optional=not needed and (bool(first) or not ids),
            first=first,
            doc=doc,
        )

    @property
    def shortcuts(self) -> list[MethodView]:
        """The shortcuts on the library itself."""
        taken = set(self.names.resources.values())
        return [
            self._shortcut(shortcut, self.names.resources[shortcut.target.resource])
            for shortcut in self.api.shortcuts
            if member(shortcut.name) not in taken
        ]

    # The main class.

    @property
    def new_objects(self) -> list[NewView]:
        """The objects that a program can have before they exist."""
        return [self._new(entity) for entity in self.api.objects if entity.new]

    def _new(self, entity: ObjectType) -> NewView:
        class_name = self.names.models[str(entity.model)]
        [argument] = option_names([entity.ids[0].parameter])
        doc = Doc(f"A {class_name} that does not exist yet.")
        doc.paragraph(
            "Its id is made here, so that handlers can be put on it before the server knows of it, "
            "and no event is missed; then one of its own operations creates it."
        )
        doc.tags([f"@param {argument} The id it shall have; made here if left out."])
        return NewView(
            Code(camel(f"new {entity.model}")),
            Code(class_name),
            Code(argument),
            key(entity.ids[0].property),
            doc.code(2),
        )

    @property
    def callable_events(self) -> bool:
        """Whether a resource is called as the method that gives the events."""
        return any(resource.callable for resource in self.resources)

    @property
    def new_imports(self) -> list[Code]:
        """What those methods need."""
        return self.model_imports([str(e.model) for e in self.api.objects if e.new], "./models/")

    @property
    def types(self) -> list[TypeView]:
        """The types for closed lists of values."""
        views = []
        for name, choices, option in self.names.types:
            texts = [str(literal(choice)) for choice in choices]
            one = f"export type {name} = {' | '.join(texts)};"
            if len(one) > WIDTH:
                one = f"export type {name} =\n  {' | '.join(texts)};"
                if len(one.rpartition("\n")[2]) > WIDTH:
                    one = f"export type {name} =\n" + "\n".join(f"  | {t}" for t in texts) + ";"
            views.append(TypeView(Doc(f"What the option `{option}` may be.").code(0), Code(one)))
        return views

    # Models.

    @cached_property
    def model_modules(self) -> list[ModelModuleView]:
        """The modules of models."""
        groups: dict[str, list[Model]] = {}
        for model in self.api.models:
            groups.setdefault(self.names.model_modules[str(model.name)], []).append(model)
        return [self._model_module(module, models) for module, models in groups.items()]

    def _model_module(self, module: str, models: Sequence[Model]) -> ModelModuleView:
        helpers: set[str] = set()
        used: set[str] = set()
        ordered = self.index.bases_first(models)
        views = tuple(self._model(model) for model in ordered)
        entities = any(self.index.object(model) for model in ordered)
        for model in ordered:
            for item in self.index.new_properties(model):
                self._note(item.type, used, helpers)
        if any(model.base is None and not self.index.object(model) for model in ordered):
            helpers.add("Model")
        if any(view.methods for view in views):
            helpers.add("Entity")
        imports = self.model_imports(used, "./", module)
        if entities:
            imports.insert(0, _import([self.names.object_base], "../entity.js"))
        if helpers:
            imports.append(_import(sorted(helpers), "../runtime/model.js"))
        return ModelModuleView(Code(module), tuple(imports), views)

    def _model(self, model: Model) -> ModelView:
        entity = self.index.object(model)
        members = ENTITY_MEMBERS if entity else MODEL_MEMBERS
        names, scope = attribute_names(
            (item.name for item in self.index.properties(model)), members
        )
        own = []
        if entity:
            for resource, operation in self.index.own_operations(entity):
                wanted = self.names.operations[(resource.name, operation.name)]
                own.append((scope.add(wanted), resource, operation))
        properties = self.index.new_properties(model)
        decoders = [
            f"{key(item.name)}: {decoder}"
            for item in properties
            if (decoder := self.decoder(item.type))
        ]
        renamed = [
            f"{key(names[item.name])}: {literal(str(item.name))}"
            for item in properties
            if names[item.name] != item.name
        ]
        statics = []
        if decoders:
            statics.append(fit("static decoders = {", decoders, "};", 2, room=" "))
        if renamed:
            statics.append(fit("static renamed = {", renamed, "};", 2, room=" "))
        if entity:
            statics.append(
                Code(f"static modelName = {literal(self.names.models[str(model.name)])};")
            )
            ids = [str(item.property) for item in entity.ids]
            if ids != ["id"]:
                statics.append(Code(f"static idMembers = {literal(ids)};"))
        if model.base is not None:
            base = self.names.models[str(model.base)]
        else:
            base = self.names.object_base if entity else "Model"
        description = Doc(model.description or f"A {model.name}.").code(0)
        methods: list[MethodView] = []
        if entity:
            holders = {str(item.parameter): names[item.property] for item in entity.ids}
            for method, resource, operation in own:
                methods += self._bound(method, resource, operation, holders, scope)
        return ModelView(
            Code(self.names.models[str(model.name)]),
            Code(base),
            description,
            description,
            tuple(statics),
            tuple(
                AttributeView(
                    Doc(item.description or str(item.name)).code(2),
                    Code(
                        f"readonly {key(names[item.name])}"
                        f"{'' if item.required else '?'}: {self.result(item.type)};"
                    ),
                )
                for item in properties
            ),
            tuple(methods),
        )

    def _bound(
        self,
        method: str,
        resource: Resource,
        operation: Operation,
        holders: dict[str, str],
        scope: Scope,
    ) -> list[MethodView]:
        """An operation as a method of the object whose ids it takes."""
        ref = (resource.name, operation.name)
        names = option_names(parameter.name for parameter in operation.parameters)
        own = {
            option: holders[str(parameter.name)]
            for parameter, option in zip(operation.parameters, names, strict=True)
            if str(parameter.name) in holders
        }
        filled = ", ".join(f"{key(option)}: this.{holder}" for option, holder in own.items())
        target = f"Entity.libraryOf(this).{self.names.resources[resource.name]}"
        options = f"Omit<{self.names.options[ref]}, {' | '.join(literal(item) for item in own)}>"
        body = (
            f"{target}.{self.names.operations[ref]}({{ ...options, {filled} }}, onSuccess, onError)"
        )
        needed = [
            parameter
            for parameter in required_first(operation.parameters)[0]
            if str(parameter.name) not in holders
        ]
        if len(own) == len(operation.parameters):
            options = "CallOptions"
        views = [self._method(method, operation, options, body, optional=not needed)]
        if ref in self.names.streams:
            stream = scope.add(f"{method}Stream")
            doc = self._doc(operation, 2, stream=True)
            call = f"{target}.{self.names.streams[ref]}({{ ...options, {filled} }})"
            mark = "" if needed else "?"
            views.append(
                MethodView(
                    Code(stream),
                    doc,
                    Code(f"{stream}(options) {{"),
                    _returned(call),
                    doc,
                    (
                        fit(
                            f"{stream}(",
                            [f"options{mark}: {options}"],
                            "): Promise<ReadableStream<Uint8Array>>;",
                            2,
                        ),
                    ),
                )
            )
        return views

    # Events.

    @cached_property
    def events(self) -> EventsView | None:
        """The tables of the API's events, if it has any."""
        return EventsView(self, self.api.events) if self.api.events else None


def _needs(operation: Operation) -> bool:
    """Whether the operation cannot be called without options."""
    return bool(required_first(operation.parameters)[0])


def _returned(body: str) -> Code:
    """The statement that returns the value of a call, as formatters lay it out."""
    if body.startswith("const "):
        return Code(body)
    one = f"return {body};"
    if len(one) + 4 <= WIDTH:
        return Code(one)
    head, _, rest = body.partition("(this).")
    head, rest = (f"{head}(this).", rest) if rest else ("", body)
    name, _, inner = rest.partition("(")
    arguments = _arguments(inner[:-1])
    if len(arguments) == 1 and arguments[0].startswith("{"):
        # A last argument that is an object keeps its brackets beside those of the call.
        items = "".join(f"      {item},\n" for item in arguments[0][2:-2].split(", "))
        return Code(f"return {head}{name}({{\n{items}    }});")
    return Code(
        f"return {head}{name}(\n" + "".join(f"      {item},\n" for item in arguments) + "    );"
    )


def _arguments(text: str) -> list[str]:
    """The arguments of a call whose first may be an object literal."""
    if text.startswith("{"):
        literal_, _, rest = text.partition("}")
        return [f"{literal_}}}", *[item for item in rest.split(", ") if item]]
    return text.split(", ")


def _import(names: Sequence[str], module: str) -> Code:
    return fit("import {", names, f"}} from {literal(module)};", 0, room=" ")
