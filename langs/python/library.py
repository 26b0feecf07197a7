"""A whole library: its resources, its models, its main class, as templates see them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property

from codegen.index import Index
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
from codegen.naming import Scope, kept, snake
from codegen.text import Code

from .credentials import CredentialsView
from .escapes import clean, in_docstring, literal, toml
from .events import EventsView
from .layout import WIDTH, Doc, fit, import_line, import_order, long_entry, wrapped
from .names import (
    BUILTIN_TYPES,
    MODEL_MEMBERS,
    OBJECT_MEMBERS,
    PUBLIC_ERRORS,
    RESERVED,
    NamePlan,
    plan,
)
from .places import PlaceTree
from .signatures import (
    DESTINATION,
    DESTINATION_ENTRY,
    PROGRESS,
    PROGRESS_ENTRY,
    Signatures,
    or_none,
    ordered,
    parameter_style,
    takes_null,
)
from .views import (
    BODY_WRITERS,
    ArgumentView,
    AttributeView,
    Imports,
    MethodView,
    ModelModuleView,
    ModelView,
    OperationView,
    ResourceView,
    SettingView,
    TypeView,
    import_block,
    imported,
    listed,
    reads_text,
)

_PASS_TIMEOUT = "request_timeout=request_timeout"
#: The files of the runtime that no library can be without.
_PLAIN = frozenset(
    f"{name}.py"
    for name in ("__init__", "client", "facts", "http", "model", "operation", "transport")
)

_BYTES_WRITTEN = "The number of bytes written."


class Library:
    """What templates see as ``library``."""

    def __init__(self, api: Api, names: Names) -> None:
        self.api = api
        self.names = NamePlan(api, names)
        self.class_name = Code(names.library_class)
        self.package = Code(names.package)
        self.prefix = Code(api.client.error_prefix)
        self.object_base = Code(self.names.object_base)
        self.user_agent = literal(f"{names.distribution}/{api.client.version}")
        self._client_imports = Imports()
        self.index = Index(api)
        #: The places, if calls look as the API's paths do.
        self.tree = PlaceTree(self) if api.access.shape == "paths" else None
        filled = self.tree.always_filled if self.tree else lambda _: ()
        self.signatures = Signatures(api, self.names, filled)

    # Texts.

    @property
    def copyright(self) -> Code:
        """Whose the library is."""
        return Code(f"Copyright {clean(', '.join(self.api.client.authors)) or 'its authors'}")

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
        """The authors, as the content of a TOML array."""
        return Code(", ".join(f"{{name = {toml(author)}}}" for author in self.api.client.authors))

    @cached_property
    def _title(self) -> str:
        return self.api.client.title or f"A client of the {self.api.client.name} API."

    @property
    def package_doc(self) -> Code:
        """The docstring of the package."""
        return Doc(self._title).paragraph(self.api.client.description).code(0)

    @property
    def class_doc(self) -> Code:
        """The docstring of the main class."""
        return Doc(self._title).paragraph(self.api.client.description).code(4)

    @property
    def hints(self) -> list[Code]:
        """What to check when the server answers with a status: entries of a dictionary."""
        return [long_entry(str(hint.status), hint.text, 12) for hint in self.api.client.hints]

    @property
    def url(self) -> Code:
        """Where the API usually is, for examples and docstrings."""
        return Code(in_docstring(self.api.client.url))

    @property
    def instance(self) -> Code:
        """What a program calls the library."""
        return Code(snake(self.api.client.name))

    @property
    def first_call(self) -> Code | None:
        """A call that needs no arguments, for the README's example."""
        if self.tree is not None:
            return self.tree.first_call
        for shortcut in self.api.shortcuts:
            _, operation = self.index.operation(shortcut.target)
            if operation.method == "GET" and not any(p.required for p in operation.parameters):
                return Code(f"{self.instance}.{snake(shortcut.name)}()")
        for resource in self.api.resources:
            for operation in resource.operations:
                free = operation.method == "GET" and not operation.websocket
                if free and not any(p.required for p in operation.parameters):
                    name = self.names.operations[(resource.name, operation.name)]
                    return Code(f"{self.instance}.{self.names.resources[resource.name]}.{name}()")
        return None

    # Resources.

    @cached_property
    def resources(self) -> list[ResourceView]:
        """Every resource, in the document's order; by paths, those to which places belong."""
        views = [self._resource(resource) for resource in self.api.resources]
        return [view for view in views if view.places or self.tree is None]

    def uploads(self, operation: Operation) -> bool:
        """Whether an operation sends files."""
        return operation.body == "multipart" and any(
            (each.type.item or each.type).kind == "binary" for each in operation.parameters
        )

    def _resource(self, resource: Resource) -> ResourceView:
        imports = Imports()
        methods = [(resource, operation) for operation in self.index.methods(resource)]
        if self.tree is not None:
            methods = self.tree.operations(resource)
        taken = {self.names.operations[(owner.name, item.name)] for owner, item in methods}
        hidden = frozenset(taken & BUILTIN_TYPES) if self.tree is None else frozenset()
        constants = Scope(str)
        operations = tuple(
            self._operation(owner, item, constants, imports, hidden) for owner, item in methods
        )
        places = self.tree.views(resource, operations, imports) if self.tree else ()
        shortcuts = [
            shortcut
            for shortcut in self.api.shortcuts
            if shortcut.target.resource == resource.name and snake(shortcut.name) not in taken
        ]
        runtime = ["Operation"] if operations else []
        if any(view.arguments for view in operations):
            runtime.append("Parameter")
        if not places:
            runtime.append("Resource")
        if any(shortcut.split for shortcut in shortcuts):
            runtime.append("split_id")
        shortcut_views = tuple(self._shortcut(item, imports, hidden) for item in shortcuts)
        types = sorted(imports.runtime_types, key=import_order)
        description = resource.description or f"The operations of {resource.name}."
        near = imported("..models", imports.model_names())
        near += imports.near()
        near += imports.near_places()
        near.sort(key=lambda line: (not line.startswith("from .."), line.split()[1]))
        modules = imports.runtime_modules | {
            "forms" for view in operations if view.operation.body in BODY_WRITERS
        }
        modules |= {"decoding" for view in operations if reads_text(view.operation)}
        own = [f"from ..runtime import {', '.join(sorted(modules))}"] if modules else []
        own.append(f"from ..runtime.operation import {', '.join(runtime)}")
        if places:
            own.append("from ..runtime.places import Place")
        if types:
            own.append(import_line("..types", types, 0))
        checked = [group for group in (imports.distant(), near) if group]
        typing = [name for name, used in (("TYPE_CHECKING", checked), ("get_args", types)) if used]
        first = [f"from typing import {', '.join(typing)}"] if typing else []
        return ResourceView(
            Code(self.names.resources[resource.name]),
            Code(self.names.resource_classes.get(resource.name, "")),
            Doc(description).code(0),
            Doc(description).code(4),
            Doc(description).code(8),
            operations,
            tuple(method for view in operations for method in view.methods) + shortcut_views,
            import_block([first, own], checked),
            places,
        )

    def _operation(
        self,
        resource: Resource,
        operation: Operation,
        constants: Scope,
        imports: Imports,
        hidden: frozenset[str],
    ) -> OperationView:
        # By paths the methods are those of places: only what the definition needs is imported for it.
        noted = imports if self.tree is None else Imports()
        arguments = self.signatures.arguments(operation, noted, hidden)
        imports.runtime_modules |= noted.runtime_modules
        imports.runtime_types |= noted.runtime_types
        name = self.names.operations[(resource.name, operation.name)]
        constant = Code(constants.add(f"_{name.strip('_').upper()}"))
        made = self.index.made(operation)
        methods = (
            self._operation_methods(resource, operation, constant, arguments, imports, hidden)
            if self.tree is None
            else ()
        )
        return OperationView(
            operation,
            constant,
            literal(
                self.tree.full_name(operation) if self.tree else f"{resource.name}.{operation.name}"
            ),
            Code(self.signatures.result(operation.result, imports)),
            arguments,
            tuple(methods),
            made and (self.names.models[made[0].model], str(made[1].name)),
            self.signatures.decoding(operation.result),
        )

    def _operation_methods(
        self,
        resource: Resource,
        operation: Operation,
        constant: Code,
        arguments: Sequence[ArgumentView],
        imports: Imports,
        hidden: frozenset[str],
    ) -> Iterator[MethodView]:
        """The methods that run an operation."""
        key = (resource.name, operation.name)
        name = self.names.operations[key]
        result = self.signatures.result(operation.result, imports, hidden)
        values = [str(view.name) for view in arguments]
        given = Code(f"({values[0]},)") if len(values) == 1 else fit("(", values, ")", 12)

        def body(method: str, run: str, *rest: str) -> tuple[Code, ...]:
            return (fit(f"return self._library.{method}(", [run, given, *rest], ")", 8),)

        uploads = self.uploads(operation)
        imports.progress |= uploads
        run = f"forms.reporting({constant}, progress)" if uploads else str(constant)
        yield MethodView(
            Code(name),
            self.signatures.signature(name, arguments, result, named=[PROGRESS] if uploads else []),
            self.signatures.doc(operation, arguments, last=[PROGRESS_ENTRY] if uploads else []),
            body("_call", run, "request_timeout"),
        )
        if key in self.names.downloads:
            imports.destination = imports.progress = True
            download = self.names.downloads[key]
            yield MethodView(
                Code(download),
                self.signatures.signature(download, arguments, "int", [DESTINATION], [PROGRESS]),
                self.signatures.doc(
                    operation,
                    arguments,
                    extra=[DESTINATION_ENTRY],
                    last=[PROGRESS_ENTRY],
                    returns=_BYTES_WRITTEN,
                ),
                body("_download", constant, "destination", "request_timeout", "progress"),
            )

    # Shortcuts.

    def _shortcut(
        self, shortcut: Shortcut, imports: Imports, hidden: frozenset[str], through: str = ""
    ) -> MethodView:
        """A further name of an operation, on its resource, or on the library ``through`` that."""
        resource, operation = self.index.operation(shortcut.target)
        arguments = self.signatures.arguments(operation, imports, hidden)
        result = self.signatures.result(operation.result, imports, hidden)
        name = snake(shortcut.name)
        method = self.names.operations[(resource.name, operation.name)]
        body: list[Code] = []
        given: list[str] = []
        joined: list[str] = []
        entries: list[str] = []
        if shortcut.split:
            parts = [view for view in arguments if view.parameter.location == "path"][:2]
            arguments = tuple(view for view in arguments if view not in parts)
            names = [str(view.name) for view in parts]
            one = "_".join(names)
            entity = self.index.object_at(operation.path)
            annotation = "str"
            if entity is not None:
                class_name = self.names.models[entity.model]
                imports.models.add((class_name, self.names.model_modules[entity.model]))
                annotation = f"str | {class_name}"
            joined = [f"{one}: {annotation}"]
            separator = in_docstring(shortcut.split)
            entries = [f"{one}: {names[0]} and {names[1]} in one text, joined by ``{separator}``."]
            given = [one] if through else names
            if not through:
                head = f"{', '.join(names)} = split_id("
                body.append(fit(head, [one, literal(shortcut.split), literal(one)], ")", 8))
        target = f"self.{through}.{name}" if through else f"self.{method}"
        body.append(_forward(target, arguments, given))
        same_as = f"{self.names.resources[resource.name]}.{method}"
        return MethodView(
            Code(name),
            self.signatures.signature(name, arguments, result, joined),
            self.signatures.doc(operation, arguments, extra=entries, same_as=same_as),
            tuple(body),
        )

    @cached_property
    def shortcuts(self) -> list[MethodView]:
        """The shortcuts on the library itself."""
        taken = set(self.names.resources.values())
        return [
            self._shortcut(
                shortcut,
                self._client_imports,
                frozenset(),
                self.names.resources[shortcut.target.resource],
            )
            for shortcut in self.api.shortcuts
            if snake(shortcut.name) not in taken
        ]

    @property
    def shown_shortcuts(self) -> Code:
        """Their names, for the README."""
        return listed(method.name for method in self.shortcuts)

    # The main class.

    @property
    def access(self) -> Code:
        """The class of the facts about requests."""
        return Code("PathAccess" if self.tree else "Access")

    @property
    def base(self) -> Code:
        """The class of the runtime that the main class is made of."""
        return Code("EventClient" if self.api.events else "Client")

    @property
    def entity_base(self) -> Code:
        """The class of the runtime that objects are made of."""
        return Code("ObservableEntity" if self.api.events else "Entity")

    @property
    def entity_module(self) -> Code:
        """The module of that class."""
        return Code("event_client" if self.api.events else "model")

    @property
    def methods(self) -> list[MethodView]:
        """The methods of the main class: the way to each resource, shortcuts, new objects."""
        if self.tree is not None:
            return self.tree.ways
        return [self._way(view) for view in self.resources] + self.shortcuts + self.new_objects

    @staticmethod
    def _way(resource: ResourceView) -> MethodView:
        name, class_name = resource.attribute, resource.class_name
        return MethodView(
            name,
            Code(f"@cached_property\n    def {name}(self) -> {class_name}:"),
            resource.doc_of_attribute,
            (
                Code(f"from .resources.{name} import {class_name}\n"),
                Code(f"return {class_name}(self)"),
            ),
        )

    @property
    def client_imports(self) -> Code:
        """The imports of the main class's module."""
        imports = self._client_imports
        _ = self.shortcuts  # whose annotations are among them
        for entity in self.api.objects:
            if entity.new:
                class_name = self.names.models[entity.model]
                imports.models.add((class_name, self.names.model_modules[entity.model]))
        near = imported(".models", imports.model_names())
        if self.tree is not None:
            near += self.tree.way_imports
        else:
            near += [
                f"from .resources.{view.attribute} import {view.class_name}"
                for view in sorted(self.resources, key=lambda view: view.attribute)
            ]
        module = "event_client" if self.api.events else "client"
        first = ["import uuid"] if self.new_objects else []
        first += ["from functools import cached_property", "from typing import TYPE_CHECKING"]
        runtime = [
            f"from .runtime.{module} import {self.base}",
            "from .runtime.facts import Access",
        ]
        access = self.api.access
        if self.tree is not None:
            names = ["PathAccess"]
            names += ["Paging"] if access.paging else []
            names += ["Windows"] if access.windows else []
            names += ["settle_user_type"] if self.user_types else []
            runtime[-1] = import_line(".runtime.places", names, 0)
        modules = ["credentials"] if self.credentials.proves else []
        modules += ["rate_limits"] if access.rate_limit else []
        if modules:
            runtime.insert(0, f"from .runtime import {', '.join(modules)}")
        if access.links:
            runtime.insert(-1, "from .runtime.links import Links")
        if self.credentials.takes_token:
            imports.collections.add("Callable")
        own: list[str] = []
        if self.api.events:
            imports.collections.add("Sequence")
        if access.links:
            near.append("from .runtime.client import Destination")
        if access.rate_limit:
            near.append("from .runtime.rate_limits import RateLimit")
        if self.own_constructor:
            own = ["import os", "import ssl"]
            names = ["Progress", "Transport"] if access.links else ["Transport"]
            near.append(f"from .runtime.transport import {', '.join(names)}")
        near += imported(".types", sorted(imports.types, key=import_order))
        third = ["import requests"] if self.own_constructor else []
        return import_block([first, runtime], [own + imports.distant(), third, near])

    @cached_property
    def new_objects(self) -> list[MethodView]:
        """The methods that make objects before they exist."""
        return [self._new(entity) for entity in self.api.objects if entity.new]

    @property
    def shown_new_objects(self) -> Code:
        """Their names, for the README."""
        return listed(new.name for new in self.new_objects)

    def _new(self, entity: ObjectType) -> MethodView:
        class_name = self.names.models[entity.model]
        argument = snake(entity.ids[0].parameter)
        doc = Doc(f"A {class_name} that does not exist yet.")
        doc.paragraph(
            "Its id is made here, so that handlers can be put on it before the server knows of it, "
            "and no event is missed; then one of its own operations creates it."
        )
        doc.section("Args", [f"{argument}: The id it shall have; made here if left out."])
        name = f"new_{snake(entity.model)}"
        member = literal(entity.ids[0].property)
        module = self.names.model_modules[entity.model]
        return MethodView(
            Code(name),
            Code(f"def {name}(self, {argument}: str | None = None) -> {class_name}:"),
            doc.code(8),
            (
                Code(f"from .models.{module} import {class_name}\n"),
                Code(f"data = {{{member}: {argument} or str(uuid.uuid4())}}"),
                Code(f"return {class_name}(data, self._origin())"),
            ),
        )

    @property
    def types(self) -> list[TypeView]:
        """The types for closed lists of values."""
        return [
            TypeView(
                fit(f"{name}: TypeAlias = Literal[", [literal(item) for item in choices], "]", 0),
                Doc(f"A value of {name}.").code(0),
            )
            for name, choices in self.names.types
        ]

    # Lists and limits.

    @property
    def paging(self) -> Code | None:
        """How lists come in pages."""
        paging = self.api.access.paging
        if paging is None:
            return None
        names = [literal(str(paging.page)), literal(str(paging.size)), literal(paging.usual)]
        return fit("Paging(", names, ")", 8)

    @property
    def windows(self) -> Code | None:
        """How lists of what happened in some time are limited."""
        windows = self.api.access.windows
        if windows is None:
            return None
        items = [literal(str(windows.start)), literal(str(windows.end)), literal(windows.months)]
        return fit("Windows(", [*items, literal(str(windows.order))], ")", 8)

    @property
    def rate_limit_watch(self) -> Code:
        """The statement that lets the library remember the headers of the limit."""
        limit = self.api.access.rate_limit
        assert limit is not None
        names = [str(limit.limit), str(limit.remaining), str(limit.reset)]
        return fit("self._limits = rate_limits.watch(", ["self", *map(literal, names)], ")", 8)

    # What the package exports.

    @property
    def model_exports(self) -> list[tuple[Code, Code]]:
        """(module, its entry in a table: the names of its models), by module."""
        modules: dict[str, list[str]] = {}
        for model, name in self.names.models.items():
            modules.setdefault(self.names.model_modules[model], []).append(name)
        return [
            (Code(module), long_entry(literal(module), " ".join(sorted(names)), 8))
            for module, names in sorted(modules.items())
        ]

    @property
    def errors(self) -> list[Code]:
        """The exceptions, as the package imports them."""
        names = [*PUBLIC_ERRORS, *self.names.exceptions.values()]
        return [Code(name) for name in sorted(names, key=import_order)]

    # Models.

    @cached_property
    def model_modules(self) -> list[ModelModuleView]:
        """The modules of models."""
        groups: dict[str, list[Model]] = {}
        for model in self.api.models:
            groups.setdefault(self.names.model_modules[model.name], []).append(model)
        return [self._model_module(module, models) for module, models in groups.items()]

    def _model_module(self, module: str, models: Sequence[Model]) -> ModelModuleView:
        imports = Imports()
        bases: set[str] = set()
        views = [self._model(model, imports, bases) for model in self.index.bases_first(models)]
        others: dict[str, list[str]] = {}
        for name, home in imports.models:
            if home != module:
                others.setdefault(home, []).append(name)
        near = imports.near()
        near += imported("..types", sorted(imports.types, key=import_order))
        for home, names in sorted(others.items()):
            near += imported(f".{home}", names)
        own = []
        if self.names.object_base in bases:
            own.append(f"from ..entity import {self.names.object_base}")
        if "Model" in bases:
            own.append("from ..runtime.model import Model")
        checked = [group for group in (imports.distant(), near) if group]
        typing = ["from typing import TYPE_CHECKING"] if checked else []
        return ModelModuleView(
            Code(module),
            Doc(f"The models of {module}.").code(0),
            tuple(views),
            import_block([typing, own], checked),
        )

    def _model(self, model: Model, imports: Imports, bases: set[str]) -> ModelView:
        entity = self.index.object(model)
        scope = Scope(kept, RESERVED | (OBJECT_MEMBERS if entity else MODEL_MEMBERS))
        names = plan(scope, (item.name for item in self.index.properties(model)))
        own = self._own_operations(entity, scope) if entity else []
        hidden = frozenset({*names.values(), *(method for method, *_ in own)} & BUILTIN_TYPES)
        attributes = []
        renamed = {}
        decoded: dict[str, str] = {}
        for item in self.index.new_properties(model):
            annotation = self.signatures.result(item.type, imports, hidden)
            decoding = self.signatures.decoding(item.type)
            if decoding:
                decoded[names[item.name]] = decoding
            if not item.required:
                annotation = or_none(annotation)
            if names[item.name] != item.name:
                renamed[names[item.name]] = str(item.name)
            doc = _property_doc(item).code(4)
            attributes.append(AttributeView(Code(names[item.name]), Code(annotation), doc))
        if model.base is not None:
            base = self.names.models[model.base]
            if entity and not any(name in self._objects for name in self.index.bases(model)):
                base = f"{base}, {self.names.object_base}"
                bases.add(self.names.object_base)
        else:
            base = self.names.object_base if entity else "Model"
            bases.add(base)
        settings = []
        if renamed:
            settings.append(fit("_renamed = {", _pairs(renamed), "}", 4))
        if model.discriminator:
            settings.append(Code(f"_discriminator = {literal(str(model.discriminator))}"))
            meant = {
                value: self.names.models[name]
                for value, name in self.index.discriminated(model).items()
                if value != self.names.models[name]
            }
            if meant:
                settings.append(fit("_mapping = {", _pairs(meant), "}", 4))
        if decoded:
            settings.append(fit("_decoding = {", _pairs(decoded), "}", 4))
        kept_back = tuple(str(p.name) for p in self.index.properties(model) if p.read_only)
        if kept_back:
            settings.append(fit("_read_only = {", [literal(name) for name in kept_back], "}", 4))
        needed = tuple(
            str(p.name) for p in self.index.properties(model) if p.required and not p.write_only
        )
        if needed and model.name in self._alternatives:
            settings.append(fit("_required = {", [literal(name) for name in needed], "}", 4))
        if entity:
            members = tuple(str(item.property) for item in entity.ids)
            if members != ("id",):
                settings.append(Code(f"_id_members = {literal(members)}"))
        methods = []
        if entity:
            properties = {item.name: item for item in self.index.properties(model)}
            ids = {
                str(item.parameter): (names[item.property], properties[item.property])
                for item in entity.ids
            }
            for method, resource, operation in own:
                methods += self._bound(method, resource, operation, ids, imports, hidden, scope)
        return ModelView(
            Code(self.names.models[model.name]),
            Code(base),
            Doc(model.description or f"A {model.name}.").code(4),
            Code("\n    ".join(settings)),
            tuple(attributes),
            tuple(methods),
        )

    def _own_operations(
        self, entity: ObjectType, scope: Scope
    ) -> list[tuple[str, Resource, Operation]]:
        """(method, resource, operation) of an object's own operations."""
        return [
            (scope.add(self.names.operations[(resource.name, operation.name)]), resource, operation)
            for resource, operation in self.index.own_operations(entity)
        ]

    def _bound(
        self,
        method: str,
        resource: Resource,
        operation: Operation,
        ids: dict[str, tuple[str, Property]],
        imports: Imports,
        hidden: frozenset[str],
        scope: Scope,
    ) -> list[MethodView]:
        """An operation as a method of the object whose ids it takes."""
        arguments = self.signatures.arguments(operation, Imports(), hidden)
        free = self.signatures.arguments(operation, imports, hidden, without=ids)
        result = self.signatures.result(operation.result, imports, hidden)
        key = (resource.name, operation.name)
        target = f"self._library.{self.names.resources[resource.name]}"
        own = {
            str(view.name): _own_id(view, *ids[view.parameter.name])
            for view in arguments
            if view.parameter.name in ids
        }
        uploads = self.uploads(operation)
        imports.progress |= uploads
        passed = ["progress=progress"] if uploads else []
        views = [
            MethodView(
                Code(method),
                self.signatures.signature(
                    method, free, result, named=[PROGRESS] if uploads else []
                ),
                self.signatures.doc(operation, free, last=[PROGRESS_ENTRY] if uploads else []),
                (
                    _forward(
                        f"{target}.{self.names.operations[key]}", arguments, own=own, named=passed
                    ),
                ),
            )
        ]
        if key in self.names.downloads:
            imports.destination = imports.progress = True
            name = scope.add(f"{method}_to")
            call = f"{target}.{self.names.downloads[key]}"
            views.append(
                MethodView(
                    Code(name),
                    self.signatures.signature(name, free, "int", [DESTINATION], [PROGRESS]),
                    self.signatures.doc(
                        operation,
                        free,
                        extra=[DESTINATION_ENTRY],
                        last=[PROGRESS_ENTRY],
                        returns=_BYTES_WRITTEN,
                    ),
                    (
                        _forward(
                            call,
                            arguments,
                            own=own,
                            extra=["destination"],
                            named=["progress=progress"],
                        ),
                    ),
                )
            )
        return views

    @cached_property
    def _objects(self) -> frozenset[str]:
        """The models whose instances are objects."""
        return frozenset(str(entity.model) for entity in self.api.objects)

    @cached_property
    def _alternatives(self) -> frozenset[str]:
        """The models that are told from others by what they require."""
        found: set[str] = set()
        for type_ in self._types():
            if type_.one_of is not None and type_.one_of.discriminator is None:
                found |= {str(each.name) for each in type_.one_of.types if each.kind == "model"}
        return frozenset(found)

    def _types(self) -> Iterator[Type]:
        """Every type in the API, those within others too."""
        waiting = [item.type for model in self.api.models for item in model.properties]
        for operation in self._operations:
            waiting.append(operation.result)
            waiting += [parameter.type for parameter in operation.parameters]
        while waiting:
            type_ = waiting.pop()
            yield type_
            if type_.item is not None:
                waiting.append(type_.item)
            if type_.one_of is not None:
                waiting += type_.one_of.types

    @cached_property
    def _operations(self) -> list[Operation]:
        return [each for resource in self.api.resources for each in resource.operations]

    # The runtime.

    def carries(self, file: str) -> bool:
        """Whether the API needs a file of the runtime."""
        needs = {
            "credentials.py": self.credentials.proves,
            "elsewhere.py": self.credentials.proves or self.api.access.links,
            "links.py": self.api.access.links,
            "lists.py": any(self.index.items(each) is not None for each in self._operations),
            "places.py": self.tree is not None,
            "rate_limits.py": self.api.access.rate_limit is not None,
            "decoding.py": self._decodes or any(map(reads_text, self._operations)),
            "forms.py": self._has_forms,
            "styles.py": self._has_forms or self._has_styles,
        }
        # All others are there for events.
        return needs.get(file, file in _PLAIN or self.api.events is not None)

    @cached_property
    def _decodes(self) -> bool:
        return any(self.signatures.decoding(type_) for type_ in self._types())

    @cached_property
    def _has_forms(self) -> bool:
        return any(operation.body in BODY_WRITERS for operation in self._operations)

    @cached_property
    def _has_styles(self) -> bool:
        return any(
            parameter_style(operation, parameter)
            for operation in self._operations
            for parameter in operation.parameters
        )

    @cached_property
    def has_null(self) -> bool:
        """Whether a null can be told from nothing anywhere."""
        return any(
            takes_null(operation, parameter)
            for operation in self._operations
            for parameter in operation.parameters
        )

    # Credentials.

    @cached_property
    def credentials(self) -> CredentialsView:
        """What the constructor takes to prove who the program is."""
        return CredentialsView(self)

    @property
    def constructor_settings(self) -> list[SettingView]:
        """All that the constructor takes beside the usual."""
        stream = self.events.stream_arguments if self.events else []
        user = []
        if self.user_types:
            types = ", ".join(literal(each) for each in self.user_types)
            text = (
                f"user_type: The type of the user that the credentials are of, if the program knows it: "
                f"``{in_docstring(self.api.access.own)}`` is refused where it would mean another's id."
            )
            lines = wrapped(text, WIDTH - 12, rest=4)
            user.append(
                SettingView(
                    Code("user_type"),
                    Code(f"Literal[{types}] | None"),
                    Code("\n            ".join(lines)),
                )
            )
            self._client_imports.typing.add("Literal")
        return self.credentials.settings + user + stream

    @cached_property
    def user_types(self) -> list[str]:
        """The types of users that the library tells apart."""
        found = {p.own for operation in self._operations for p in operation.parameters if p.own}
        return sorted(found) if self.api.access.own else []

    @property
    def own_constructor(self) -> bool:
        """Whether the constructor does more than the runtime's."""
        access = self.api.access
        return bool(self.constructor_settings or self.events or access.rate_limit or access.links)

    # Events.

    @cached_property
    def events(self) -> EventsView | None:
        """The tables of the API's events, if it has any."""
        return EventsView(self, self.api.events) if self.api.events else None


def _forward(
    target: str,
    arguments: Iterable[ArgumentView],
    given: Sequence[str] = (),
    *,
    own: dict[str, str] | None = None,
    extra: Sequence[str] = (),
    named: Sequence[str] = (),
) -> Code:
    """The statement that hands a method's arguments on; ``own`` says what stands for some of them."""
    values = own or {}
    required, optional = ordered(arguments)
    items = list(given)
    items += [values.get(view.name, str(view.name)) for view in required]
    items += extra
    items += [f"{view.name}={values.get(view.name, str(view.name))}" for view in optional]
    items += [*named, _PASS_TIMEOUT]
    return fit(f"return {target}(", items, ")", 8)


def _property_doc(item: Property) -> Doc:
    """What an attribute is; in what no old document says, a paragraph of its own."""
    doc = Doc(item.description or str(item.name))
    notes = []
    if item.deprecated:
        notes.append("Deprecated.")
    if item.read_only:
        notes.append("Only the server sets it.")
    if item.write_only:
        notes.append("Only a request has it, no answer.")
    if item.choices:
        notes.append(f"One of {', '.join(map(str, item.choices))}, or what a newer server knows.")
    return doc.paragraph(" ".join(notes))


def _own_id(view: ArgumentView, attribute: str, item: Property) -> str:
    """An object's own id as the argument that wants it."""
    wanted, kind = view.parameter.type.kind, item.type.kind
    if item.required and not item.type.nullable and wanted == kind:
        return f"self.{attribute}"
    number = ", number=True" if wanted == "integer" else ""
    return f"self._id({literal(str(item.name))}{number})"


def _pairs(table: dict[str, str]) -> list[str]:
    return [f"{literal(name)}: {literal(value)}" for name, value in table.items()]
