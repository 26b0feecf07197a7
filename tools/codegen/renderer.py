"""Lays out a library: each template of a language's tree becomes a file, or several.

The template tree is the output tree.  ``%package%`` in a path is the library's package, another
``%x%`` stands for each page that the language makes for ``x``; a name beginning with ``_`` is a
part of other templates; ``.j2`` is cut off, and a file without it is copied as it is.

A template prints only ``Code``: its own text, its own literals, what the language's filters made,
and whole numbers. Any other text is refused when the library is generated, so that nothing of a
document gets into it unescaped. Jinja2 is made to keep that type: macros, ``{% set %}`` blocks,
``~``, ``join``, ``indent`` and ``trim`` of ``Code`` give ``Code``.
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Any

import jinja2
from jinja2 import nodes
from jinja2.compiler import CodeGenerator, Frame

from . import __version__
from .language import Language, Page
from .problems import GenerationError, printable, quoted
from .text import Code, DocText

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from pathlib import Path

    from .model import Api
    from .template_cache import TemplateCache

_PLACEHOLDER = re.compile(r"%([A-Za-z_]+)%")

#: Files of a template or runtime folder that are no part of a library.
_IGNORED_NAMES = frozenset(("BUILD", "BUILD.bazel", "__pycache__", "node_modules"))


class _BareTextError(Exception):
    """A template prints what is not ``Code``."""


class _Generator(CodeGenerator):
    """Compiles templates so that their own literals are ``Code``."""

    def visit_Const(  # noqa: N802 (its name in Jinja2)
        self, node: nodes.Const, frame: Frame
    ) -> None:
        value = node.as_const(frame.eval_ctx)
        if isinstance(value, str):
            self.write(f"environment.code({str(value)!r})")
        else:
            super().visit_Const(node, frame)

    def visit_Concat(  # noqa: N802 (its name in Jinja2)
        self, node: nodes.Concat, frame: Frame
    ) -> None:
        self.write("environment.joined((")
        for item in node.nodes:
            self.visit(item, frame)
            self.write(", ")
        self.write("))")

    def visit_Call(  # noqa: N802 (its name in Jinja2)
        self, node: nodes.Call, frame: Frame, forward_caller: bool = False
    ) -> None:
        if forward_caller:  # a {% call %} block, which Jinja2 prints as it is
            self.write("environment.finalize(")
        super().visit_Call(node, frame, forward_caller=forward_caller)
        if forward_caller:
            self.write(")")

    def visit_FilterBlock(  # noqa: N802 (its name in Jinja2)
        self,
        node: nodes.FilterBlock,
        frame: Frame,
    ) -> None:
        # Jinja2 prints what such a block gives without asking finalize.
        self.fail("a filter block is not possible here; filter a {% set %} block", node.lineno)

    def _output_child_to_const(
        self,
        node: nodes.Expr,
        frame: Frame,
        finalize: Any,
    ) -> str:
        # A literal of the template's author, found out when it is compiled.
        if isinstance(node, (nodes.Const, nodes.TemplateData)):
            value = node.as_const(frame.eval_ctx)
            if isinstance(value, str):
                return str(value)
        raise nodes.Impossible


def _finalize(value: Any) -> Any:
    if isinstance(value, Code) or type(value) is int:
        return value
    if isinstance(value, jinja2.Undefined):
        return str(value)  # raises, naming what is not defined
    raise _BareTextError(_refusal(value))


def _refusal(value: Any) -> str:
    if isinstance(value, DocText):
        return f"a text of the document is printed without a filter: {quoted(value)}"
    if isinstance(value, str):
        return f"a text that no filter of the language made is printed: {quoted(value)}"
    return f"a value of the type {type(value).__name__} is printed without a filter"


def _checked(values: Iterable[Any]) -> Iterable[str]:
    for value in values:
        yield str(_finalize(value))


def _joined(values: Iterable[Any]) -> Code:
    return Code("".join(_checked(values)))


_NOTHING = Code("")


def _join(values: Iterable[Any], separator: Any = _NOTHING, attribute: Any = None) -> Code:
    """Return the filter ``join``: of ``Code`` only, by a ``Code``."""
    if attribute is not None:
        values = (getattr(value, attribute) for value in values)
    return Code(str(_finalize(separator)).join(_checked(values)))


def _indent(text: Any, width: Any = 4, first: bool = False, blank: bool = False) -> Code:
    """Return ``text`` with its further lines, or with ``first`` all, moved to the right.

    ``width`` is a number of blanks or a text; empty lines stay empty unless ``blank``.
    """
    prefix = str(_finalize(width)) if isinstance(width, str) else " " * width
    lines = str(_finalize(text)).split("\n")
    moved = [
        prefix + line if (line or blank) and (index or first) else line
        for index, line in enumerate(lines)
    ]
    return Code("\n".join(moved))


def _trim(text: Any) -> Code:
    """Return the filter ``trim``: without blanks and empty lines at both ends."""
    return Code(str(_finalize(text)).strip())


class _Environment(jinja2.Environment):
    code_generator_class = _Generator
    #: What compiled templates make of their literals.
    code = Code
    #: What they make of ``~``.
    joined = staticmethod(_joined)

    # Jinja2 joins the pieces of templates, macros and blocks with this: all went through _finalize.
    concat = staticmethod(lambda pieces: Code("".join(pieces)))


def environment(
    templates: Path | Sequence[Path],
    filters: Mapping[str, Callable[..., Any]],
    cache: jinja2.BytecodeCache | None = None,
) -> jinja2.Environment:
    """Return the Jinja2 environment of a language's templates; of several folders, the first wins."""
    result = _Environment(
        loader=jinja2.FileSystemLoader(templates),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        finalize=_finalize,
        auto_reload=False,
        cache_size=-1,
        bytecode_cache=cache,
        # Most templates are laid out a few times only: thinking about them first does not pay.
        optimized=False,
    )
    # No helpers that make text.
    result.globals = {name: result.globals[name] for name in ("range", "namespace")}
    result.filters.update(join=_join, indent=_indent, trim=_trim)
    result.filters.update(filters)
    return result


def render(
    language: Language,
    api: Api,
    package: str | None,
    templates: Path,
    runtime: Path | None,
    cache: TemplateCache | None = None,
    own_templates: Path | None = None,
) -> dict[str, bytes]:
    """Return all files of the library in ``language``: path in the output folder → content.

    What is in ``own_templates`` takes the place of the language's templates, or is added to them.
    """
    names = language.names(api, package)
    folders = [templates] if own_templates is None else [own_templates, templates]
    env = environment(folders, language.filters(), cache)
    shared: dict[str, Any] = {
        "api": api,
        "names": names,
        "generator_version": Code(__version__),
        "licence_text": licence_text(api),
    }
    shared.update(language.variables(api, names))
    pages = {key: list(value) for key, value in language.pages(api, names).items()}
    pages.setdefault("package", [Page(names.package, {})])
    files: dict[str, bytes] = {}
    origins: dict[str, str] = {}

    def add(path: str, content: bytes, origin: str) -> None:
        if path in files:
            raise GenerationError(f"{origins[path]} and {origin} both make the file {quoted(path)}")
        files[path] = content
        origins[path] = origin

    places = {name: folder for folder in reversed(folders) for name in _tree(folder)}
    for template in sorted(places):
        if _is_part(template):
            continue
        makes_text = template.endswith(".j2")
        for path, variables in _paths(template.removesuffix(".j2"), pages):
            if makes_text:
                add(path, _rendered(env, template, {**shared, **variables}, folders), template)
            else:
                add(path, (places[template] / template).read_bytes(), template)
    if runtime is not None and runtime.is_dir():
        folder = language.runtime_folder
        for name in (file for file in _tree(runtime) if language.carries(api, file)):
            for path, _ in _paths(f"{folder}/{name}" if folder else name, pages):
                source = (runtime / name).read_text(encoding="utf-8")
                add(path, language.runtime_source(source, names).encode(), f"runtime/{name}")
    if cache is not None:
        cache.save()
    return dict(sorted(files.items()))


def licence_text(api: Api) -> Code:
    """Return the text of a library's LICENSE file: the licence's own, where the generator has it."""
    copyright_line = f"Copyright {printable(', '.join(api.client.authors) or 'its authors')}"
    licence = api.client.licence
    if re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9.+-]*", licence):
        file = os.path.join(os.path.dirname(__file__), "licences", f"{licence}.txt")
        if os.path.exists(file):
            with open(file, encoding="utf-8") as text:
                return Code(f"{copyright_line}\n\n{text.read().rstrip()}")
    return Code(f"{copyright_line}\n\nLicence: {printable(licence) or 'all rights reserved'}")


def _tree(folder: Path) -> list[str]:
    """Return the files of a tree in a fixed order, without what is no part of a library."""
    found = []
    for base, folders, files in os.walk(folder):
        folders[:] = [f for f in folders if f not in _IGNORED_NAMES]
        relative = os.path.relpath(base, folder)
        for file in files:
            if file in _IGNORED_NAMES or file.endswith((".pyc", "~")):
                continue
            found.append(file if relative == "." else f"{relative}/{file}".replace(os.sep, "/"))
    return sorted(found)


def _is_part(template: str) -> bool:
    """Return whether a template is a part of others: ``_x``, but not ``__init__`` and the like."""
    return any(name.startswith("_") and not name.startswith("__") for name in template.split("/"))


def _paths(
    template: str, pages: Mapping[str, list[Page]]
) -> Iterable[tuple[str, Mapping[str, Any]]]:
    """Each output path of a template's path, with the variables of its page."""
    repeated = [name for name in dict.fromkeys(_PLACEHOLDER.findall(template)) if name != "package"]
    if len(repeated) > 1:
        raise GenerationError(
            f"the template {template} has two placeholders, %{repeated[0]}% and %{repeated[1]}%; "
            "it can be repeated by one only"
        )
    for name in repeated:
        if name not in pages:
            raise GenerationError(
                f"the template {template} has the placeholder %{name}%, "
                "for which the language makes no pages"
            )
    path = template.replace("%package%", pages["package"][0].name)
    if not repeated:
        yield path, {}
        return
    for page in pages[repeated[0]]:
        yield path.replace(f"%{repeated[0]}%", page.name), page.variables


def _rendered(
    env: jinja2.Environment, template: str, variables: Mapping[str, Any], folders: Sequence[Path]
) -> bytes:
    file = next((f / template for f in folders if (f / template).exists()), template)
    try:
        text = env.get_template(template).render(variables)
    except jinja2.TemplateSyntaxError as error:
        raise GenerationError(
            f"{error.filename or error.name or template}:{error.lineno}: {error.message}"
        ) from None
    except jinja2.TemplateNotFound as error:
        raise GenerationError(f"{file}: there is no template {quoted(error.name)}") from None
    except (_BareTextError, jinja2.TemplateError, GenerationError, RecursionError) as error:
        place = _place(error, folders) or str(file)
        cause = (
            "the templates call each other without end"
            if isinstance(error, RecursionError)
            else str(error)
        )
        raise GenerationError(f"{place}: {printable(cause)}") from None
    return text.encode("utf-8")


def _place(error: BaseException, folders: Sequence[Path]) -> str:
    """Return the template and line at which ``error`` arose; Jinja2 puts them into tracebacks."""
    place = ""
    starts = tuple(map(str, folders))
    traceback = error.__traceback__
    while traceback is not None:
        file = traceback.tb_frame.f_code.co_filename
        if file.startswith(starts):
            place = f"{file}:{traceback.tb_lineno}"
        traceback = traceback.tb_next
    return place
