"""A whole library: its resources, its models, its main class and its types, as templates see them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from urllib.parse import urlsplit

from codegen.index import Index, required_first
from codegen.model import (
    Api,
    Model,
    Names,
    ObjectType,
    Operation,
    Property,
    Resource,
    Shortcut,
    Type,
)
from codegen.naming import Scope, camel, upper_snake
from codegen.text import Code

from .credentials import Credentials
from .decoding import Decoders, read_only
from .escapes import in_comment, json_text, key, literal
from .events import EventsView
from .imports import RUNTIME_FILES, import_of, runtime_imports
from .layout import WIDTH, Doc, Expression, array, fit, laid_out, table, type_text, union
from .names import (
    ENTITY_MEMBERS,
    HANDLERS,
    MODEL_MEMBERS,
    NamePlan,
    attribute_names,
    id_names,
    member,
    option_names,
)
from .parameters import (
    BODIES,
    described,
    moves_files,
    options_base,
    parameter_list,
    runtime_names,
    takes_null,
)
from .places import PlaceTree
from .typescript import Types, joined
from .typescript import described as property_remarks
from .views import (
    AttributeView,
    InputView,
    MethodView,
    ModelModuleView,
    ModelView,
    NewView,
    OperationView,
    OptionView,
    ResourceView,
    TypeView,
)

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

_OPTIONS_TEXT = "The arguments by name, `requestTimeout` and `signal`."
_TRANSFER_TEXT = "The arguments by name, `requestTimeout`, `signal` and `progress`."
_HANDLER_TEXTS = (
    ("onSuccess", "Gets the result."),
    ("onError", "Gets the errors that a program can act upon: 404, 409, 412 and 422."),
)


class Library:
    """What templates see as ``library``."""

    def __init__(self, api: Api, names: Names) -> None:
        self.api = api
        self.index = Index(api)
        self.names = NamePlan(api, names)
        self.types_of = Types(api, self.index, self.names)
        self._decoders = Decoders(api, self.index, self.names)
        self.credentials = Credentials(api)
        self.class_name = Code(names.library_class)
        self.package = Code(names.package)
        self.prefix = Code(api.client.error_prefix)
        self.object_base = Code(self.names.object_base)
        self.user_agent = literal(f"{names.distribution}/{api.client.version}")
        self.distribution = json_text(names.distribution)
        self.name = Code(names.distribution)
        self.url = Code(in_comment(api.client.url))
        self.default_url = literal(str(api.client.url)) if _is_public(api.client.url) else None
        self.instance = Code(camel(api.client.name))
        self.tree = PlaceTree(self) if api.access.shape == "paths" else None

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
        if self.tree is not None:
            return self.tree.example
        resource = self.api.resources[0]
        operation = self.index.methods(resource)[0]
        names = self.names
        return Code(
            f"{names.resources[resource.name]}.{names.operations[(resource.name, operation.name)]}"
        )

    # Resources.

    @cached_property
    def resources(self) -> list[ResourceView]:
        """Every resource, in the document's order."""
        if self.tree is not None:
            return [self._resource_of_tree(self.tree, each) for each in self.api.resources]
        return [self._resource(resource) for resource in self.api.resources]

    def _resource_of_tree(self, tree: PlaceTree, resource: Resource) -> ResourceView:
        places, imports = tree.of(resource)
        description = Doc(resource.description or f"The operations of {resource.name}.").code(0)
        none = Code("")
        return ResourceView(
            none,
            False,
            Code(self.names.modules[resource.name]),
            none,
            description,
            none,
            none,
            imports,
            tuple(tree.operations(resource)),
            (),
            places,
        )

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
            self.needed(item, models, helpers)
        if any(s.target.resource == resource.name and s.split for s in self.api.shortcuts):
            helpers.add("splitId")
        imports = self.model_imports(models, "../models/") + runtime_imports(helpers)
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

    def model_imports(self, models: Iterable[str], folder: str, own: str = "") -> list[Code]:
        """The import statements of these models, but of those of the module ``own``."""
        by_module: dict[str, list[str]] = {}
        for model in models:
            by_module.setdefault(self.names.model_modules[model], []).append(
                self.names.models[model]
            )
        return [
            import_of(sorted(names), f"{folder}{module}.js")
            for module, names in sorted(by_module.items())
            if module != own
        ]

    def needed(self, operation: Operation, models: set[str], helpers: set[str]) -> None:
        """Note what the description of an operation names."""
        self._decoders.note(operation.result, models, helpers)
        if self._result(operation) == "asIs":
            helpers.add("asIs")
        helpers |= runtime_names(operation)

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
            doc = self.doc(operation, 2, stream=True)
            mark = "" if _needs(operation) else "?"
            methods.append(
                MethodView(
                    Code(stream),
                    doc,
                    Code(f"{stream}(options) {{"),
                    Code(f"return this.#library.stream({constant}, options);"),
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
        return OperationView(
            self.constant(resource, operation, constant),
            Code(options),
            Code(options_base(operation)),
            Code(
                f"/** The options of `{in_comment(resource.name)}.{in_comment(operation.name)}`. */"
            ),
            tuple(self.options(operation)),
            tuple(methods),
        )

    def constant(
        self, resource: Resource, operation: Operation, constant: str, called: str = ""
    ) -> Code:
        """The constant that describes an operation, which is told of as ``called``."""
        called = called or f"{resource.name}.{operation.name}"
        result = laid_out(self._result(operation), 2, len("result: "))
        lines = [
            f"const {constant} = {{",
            f"  name: {literal(called)},",
            f"  method: {literal(operation.method)},",
            f"  path: {literal(str(operation.path))},",
            f"  result: {result},",
        ]
        names = self.argument_names(operation)
        lines.append(f"  {parameter_list('parameters: ', operation, names, 2, self._objects)}")
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
        if operation.body in BODIES:
            lines.append(f"  body: {BODIES[operation.body]},")
        if operation.body_required:
            lines.append("  bodyRequired: true,")
        if operation.content_type:
            lines.append(f"  contentType: {literal(str(operation.content_type))},")
        if operation.accept:
            lines.append(f"  accept: {literal(str(operation.accept))},")
        if operation.result.nullable:
            lines.append("  nullable: true,")
        lines.append("};")
        return Code("\n".join(lines))

    def _result(self, operation: Operation) -> Expression:
        """How the result is decoded."""
        kind = operation.result.kind
        if kind == "string" and operation.accept:
            return '"text"'
        found = {"void": "null", "binary": '"binary"'}.get(kind)
        return found or self._decoders.expression(operation.result) or "asIs"

    def argument_names(self, operation: Operation) -> list[str]:
        """The names of an operation's arguments, in the order of its parameters."""
        parameters = operation.parameters
        if self.tree is None:
            return option_names(parameter.name for parameter in parameters)
        # Ids are arguments of their own there, and no options.
        ids = iter(id_names(p for p in parameters if p.location == "path"))
        options = iter(option_names(p.name for p in parameters if p.location != "path"))
        return [next(ids if p.location == "path" else options) for p in parameters]

    def options(self, operation: Operation, *, without_ids: bool = False) -> list[OptionView]:
        """The options' declarations, those that are needed first."""
        names = dict(
            zip(
                (id(parameter) for parameter in operation.parameters),
                self.argument_names(operation),
                strict=True,
            )
        )
        required, others = required_first(operation.parameters)
        views = []
        for parameter in (*required, *others):
            if without_ids and parameter.location == "path":
                continue
            types = self.types_of.argument(operation, parameter)
            if parameter not in required and types != ["any"]:
                types.append("undefined")
            optional = "" if parameter in required else "?"
            name = key(names[id(parameter)])
            views.append(
                OptionView(
                    _deprecated(Doc(described(parameter)), parameter.deprecated).code(2),
                    union(f"{name}{optional}:", types, ";", 2),
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
        return self.method(
            name,
            operation,
            options,
            _returned(body),
            optional=optional,
            first=[first] if first else [],
            doc=doc,
        )

    def method(
        self,
        name: str,
        operation: Operation,
        options: str,
        body: Code,
        *,
        optional: bool,
        first: Sequence[tuple[str, str]] = (),
        doc: Code | None = None,
    ) -> MethodView:
        """A method with options and, if the program wants, handlers; ``first`` are the arguments before these,
        and their types."""
        results = self.types_of.results(operation.result)
        result = joined(results)
        doc = doc or self.doc(operation, 2)
        heads = [f"{argument}: {type_}" for argument, type_ in first]
        mark = "?" if optional else ""
        handled = "void" if result == "void" else f"{result} | undefined"
        handled = "any" if result == "any" else handled
        given = [options, "undefined"] if optional else [options]
        declarations = (
            fit(
                f"{name}(",
                [*heads, _argument(f"options{mark}:", [options])],
                f"): {type_text(f'Promise<{result}>', 2, 3, 1)};",
                2,
            ),
            fit(
                f"{name}(",
                [
                    *heads,
                    _argument("options:", given),
                    _argument("onSuccess:", [f"SuccessHandler<{result}>", "undefined"]),
                    "onError?: ErrorHandler",
                ],
                f"): {type_text(f'Promise<{handled}>', 2, 3, 1)};",
                2,
            ),
        )
        arguments = [argument for argument, _ in first]
        return MethodView(
            Code(name),
            doc,
            fit(f"{name}(", [*arguments, "options", *HANDLERS], ") {", 2),
            body,
            doc,
            declarations,
        )

    def doc(
        self,
        operation: Operation,
        indent: int,
        *,
        stream: bool = False,
        same_as: str = "",
        notes: str = "",
        returns: str = "",
        first: Sequence[tuple[str, str]] = (),
    ) -> Code:
        """The comment of a method: of one with handlers, unless it streams or what it ``returns`` is said."""
        doc = Doc(operation.summary or operation.name)
        if same_as:
            doc.verbatim(f"The same as `{same_as}`.")
        else:
            doc.verbatim(notes) if notes else doc.paragraph(operation.notes)
            since = f"; since {in_comment(', '.join(operation.since))}" if operation.since else ""
            place = in_comment(f"{operation.method} {operation.path}").replace("`", "'")
            doc.verbatim(f"`{place}` (`{in_comment(operation.name)}`{since})")
        text = _TRANSFER_TEXT if moves_files(operation) else _OPTIONS_TEXT
        tags = [f"@param {name} {text}" for name, text in (*first, ("options", text))]
        if stream or returns:
            tags.append(f"@returns {returns or 'The content, as it arrives.'}")
        else:
            tags += [f"@param {name} {text}" for name, text in _HANDLER_TEXTS]
            returns = self._returns(operation.result)
            tags += [f"@returns {returns}"] if returns else []
        tags += self._throws(operation)
        tags += ["@deprecated"] if operation.deprecated else []
        return doc.tags(tags).code(indent)

    def _returns(self, type_: Type) -> str:
        none = ", or null" if type_.nullable else ""
        if type_.kind in ("void", "binary"):
            return f"The content{none}." if type_.kind == "binary" else ""
        return f"{self.types_of.result(type_)}."

    def _throws(self, operation: Operation) -> list[str]:
        reasons: dict[str, list[str]] = {}
        for error in operation.errors:
            reason = in_comment(error.reason).rstrip(".")
            code = _CODES.get(error.code, str(error.code))
            text = f"{reason} ({code})" if reason else code
            reasons.setdefault(self._error(error.code), []).append(text)
        return [f"@throws {{{name}}} {'; '.join(texts)}." for name, texts in reasons.items()]

    def _error(self, code: int) -> str:
        if code in _ERROR_CLASSES:
            return _ERROR_CLASSES[code]
        if code in _CODES:
            return self.names.exceptions["Exception"]
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
            body = f"this.{through}.{name}({', '.join([*arguments, 'options', *HANDLERS])})"
        needed = [p for p in operation.parameters if p.required and p.location != "path"]
        texts = [(first[0], "Which one: its id, or the object itself.")] if first else []
        doc = self.doc(operation, 2, same_as=same_as, first=texts)
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
        entities = any(model.name in self._kin and model.base is None for model in ordered)
        for model in ordered:
            for item in self.index.new_properties(model):
                self._decoders.note(item.type, used, helpers)
        if any(model.base is None and model.name not in self._kin for model in ordered):
            helpers.add("Model")
        if any(view.methods for view in views):
            helpers.add("Entity")
        for model in ordered:
            if model.name in self._decoders.families:
                used |= set(self._decoders.subtypes(str(model.name)).values())
        imports = self.model_imports(used, "./", module)
        if entities:
            imports.insert(0, import_of([self.names.object_base], "../entity.js"))
        imports += runtime_imports(helpers)
        return ModelModuleView(Code(module), tuple(imports), views)

    def _model(self, model: Model) -> ModelView:
        entity = self.index.object(model)
        members = ENTITY_MEMBERS if model.name in self._kin else MODEL_MEMBERS
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
            (key(item.name), decoder)
            for item in properties
            if (decoder := self._decoders.expression(item.type))
        ]
        renamed = [
            f"{key(names[item.name])}: {literal(str(item.name))}"
            for item in properties
            if names[item.name] != item.name
        ]
        statics = []
        if decoders:
            statics.append(Code(f"static decoders = {laid_out(table(decoders), 2, 18)};"))
        if renamed:
            statics.append(fit("static renamed = {", renamed, "};", 2, room=" "))
        if any(item.read_only for item in model.properties):
            members_ = [literal(name) for name in read_only(self.index, model)]
            statics.append(fit("static readOnly = [", members_, "];", 2))
        if model.name in self._decoders.families:
            statics += self._subtypes(model)
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
            base = self.names.object_base if model.name in self._kin else "Model"
        description = Doc(model.description or f"A {model.name}.").code(0)
        methods: list[MethodView] = []
        if entity:
            holders = {str(item.parameter): names[item.property] for item in entity.ids}
            for method, resource, operation in own:
                methods += self._bound(method, resource, operation, holders, scope)
        return ModelView(
            Code(self.names.models[str(model.name)]),
            Code(base),
            Code("Model" if model.base is None and not entity else base),
            bool(entity and model.base) and not self._objects & {*self.index.bases(model)},
            description,
            description,
            tuple(statics),
            tuple(
                AttributeView(
                    self._property_doc(item),
                    union(
                        f"readonly {key(names[item.name])}"
                        f"{'' if item.required and not item.write_only else '?'}:",
                        self.types_of.attribute(item),
                        ";",
                        2,
                    ),
                )
                for item in properties
            ),
            tuple(methods),
        )

    @cached_property
    def _objects(self) -> frozenset[str]:
        """The models whose instances are objects."""
        return frozenset(str(entity.model) for entity in self.api.objects)

    @cached_property
    def _kin(self) -> frozenset[str]:
        """The same, and all that these descend from: a class has one base only."""
        bases = [self.index.bases(self.index.model(name)) for name in self._objects]
        return self._objects.union(*bases)

    def _subtypes(self, model: Model) -> list[Code]:
        """The members of a class from which its subtypes are told."""
        classes = []
        for value, name in self._decoders.subtypes(str(model.name)).items():
            own, class_name = key(value), self.names.models[name]
            classes.append(class_name if own == class_name else f"{own}: {class_name}")
        return [
            Code(f"static discriminator = {literal(str(model.discriminator))};"),
            fit("static subtypes = () => ({", classes, "});", 2, room=" "),
        ]

    @staticmethod
    def _property_doc(item: Property) -> Code:
        doc = Doc(item.description or str(item.name))
        doc.verbatim(" ".join(property_remarks(item)))
        return _deprecated(doc, item.deprecated).code(2)

    @property
    def inputs(self) -> list[InputView]:
        """The structures that requests have."""
        views = []
        for name, class_name in self.types_of.inputs.items():
            model = self.index.model(name)
            members = tuple(
                AttributeView(
                    self._property_doc(item),
                    union(
                        f"{key(str(item.name))}{'' if item.required else '?'}:",
                        self.types_of.member(item),
                        ";",
                        2,
                    ),
                )
                for item in self.types_of.members(model)
            )
            doc = Doc(f"What a request may hold of `{self.names.models[name]}`.").code(0)
            views.append(InputView(doc, Code(class_name), members))
        return views

    # The runtime.

    def carries(self, file: str) -> bool:
        """Whether the API needs a file of the runtime."""
        return file not in _OPTIONAL or file in self._needed

    @cached_property
    def _operations(self) -> list[Operation]:
        return [each for resource in self.api.resources for each in self.index.methods(resource)]

    @cached_property
    def _needed(self) -> set[str]:
        """The files of the runtime that generated modules of this API import, and what those do."""
        names: set[str] = set()
        for operation in self._operations:
            names |= runtime_names(operation)
            self._decoders.note(operation.result, set(), names)
        for model in self.api.models:
            for item in model.properties:
                self._decoders.note(item.type, set(), names)
        files = {f"{RUNTIME_FILES[name]}.js" for name in names}
        if "multipart.js" in files:
            files |= {"content.js", "form.js"}
        if "form.js" in files:
            files.add("styles.js")
        if self.credentials.proves:
            files.add("credentials.js")
        if self.credentials.takes_client:
            files.add("oauth.js")
        if self.api.events:
            files |= _EVENT_FILES
        if self.tree is not None:
            files.add("places.js")
            if self.tree.iterates:
                files.add("lists.js")
        if self.shows_limit:
            files.add("limits.js")
        if self.fetches_links:
            files.add("links.js")
        return files

    @property
    def shows_limit(self) -> bool:
        """Whether the library shows how many more requests the server takes."""
        return self.api.access.rate_limit is not None

    @property
    def fetches_links(self) -> bool:
        """Whether the library fetches URLs that answers name."""
        return self.api.access.links

    @cached_property
    def user_types(self) -> list[str]:
        """The types of users, where these have a word for their own id."""
        if self.tree is None or not self.api.access.own:
            return []
        found = {p.own for operation in self._operations for p in operation.parameters}
        return sorted(found - {""})

    @property
    def user_type(self) -> Code:
        """The type of the option that takes one of them."""
        return Code(" | ".join(literal(text) for text in self.user_types))

    @property
    def further_access(self) -> list[Code]:
        """What else there is to say of how requests are written: members of an object."""
        access = self.api.access
        found: list[tuple[str, Expression]] = []
        if self.user_types:
            types = array([literal(text) for text in self.user_types])
            found.append(("own", table([("word", literal(str(access.own))), ("types", types)])))
        if self.tree is not None and self.tree.iterates and access.paging is not None:
            page, size, usual = access.paging.page, access.paging.size, access.paging.usual
            members = {"page": str(page), "size": str(size), "usual": usual}
            found.append(("paging", _members(members)))
        if self.tree is not None and self.tree.iterates and access.windows is not None:
            windows = access.windows
            members = {"start": str(windows.start), "end": str(windows.end)}
            members["months"] = windows.months
            if windows.order:
                members["order"] = str(windows.order)
            found.append(("windows", _members(members)))
        return [Code(f"{name}: {laid_out(each, 2, len(name) + 2)},") for name, each in found]

    @property
    def limit_headers(self) -> Code:
        """The headers that say how many more requests the server takes."""
        limit = self.api.access.rate_limit
        assert limit is not None
        names = {"limit": limit.limit, "remaining": limit.remaining, "reset": limit.reset}
        members = _members({name: str(text) for name, text in names.items()})
        return laid_out(members, 0, len("const RATE_LIMIT = "))

    @cached_property
    def has_content(self) -> bool:
        """Whether an operation sends content as it is."""
        return any(item.body in ("binary", "multipart") for item in self._operations)

    @cached_property
    def has_files(self) -> bool:
        """Whether an operation sends files."""
        return any(item.body == "multipart" for item in self._operations)

    @cached_property
    def has_transfers(self) -> bool:
        """Whether an operation, or the library itself, says how far it is."""
        return self.fetches_links or any(map(moves_files, self._operations))

    @cached_property
    def has_nulls(self) -> bool:
        """Whether a null can be told from nothing anywhere."""
        return any(
            takes_null(operation, parameter)
            for operation in self._operations
            for parameter in operation.parameters
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
            options = options_base(operation)
        views = [self._method(method, operation, options, body, optional=not needed)]
        if ref in self.names.streams:
            stream = scope.add(f"{method}Stream")
            doc = self.doc(operation, 2, stream=True)
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
    name, _, inner = (rest or body).partition("(")
    if not rest:
        head = ""
    elif len(f"    return {head}(this).{name}(") + inner.endswith("})") <= WIDTH:
        head += "(this)."
    else:
        head += "(\n      this,\n    )."
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


def _is_public(url: str) -> bool:
    """Whether a URL is a server's own: one of this machine, or of none, is an example."""
    host = urlsplit(url).hostname or ""
    local = host in ("localhost", "127.0.0.1", "::1") or "." not in host
    return not local and not host.endswith((".example", ".invalid", ".localhost", ".test"))


def _deprecated(doc: Doc, deprecated: bool) -> Doc:
    return doc.tags(["@deprecated"]) if deprecated else doc


#: The files of the runtime that only APIs with events need, and all that only some need.
_EVENT_FILES = frozenset(
    ("connection.js", "dispatch.js", "event-client.js", "events.js", "history.js", "iteration.js")
)
_OPTIONAL = _EVENT_FILES | frozenset(
    """
    content.js credentials.js decoders.js form.js limits.js links.js lists.js multipart.js oauth.js
    places.js styles.js
    """.split()
)


def _members(values: Mapping[str, object]) -> Expression:
    return table((name, literal(value)) for name, value in values.items())


def _argument(head: str, types: Sequence[str]) -> str:
    """An argument of a declared method on a line of its own, before its comma."""
    return union(head, types, ",", 4)[:-1]
