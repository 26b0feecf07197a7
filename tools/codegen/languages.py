"""Finds the languages: folders ``langs/NAME`` with ``language.py``, beside ``templates/NAME``.

They lie beside the generator in its repository, inside its package when it is installed from a
wheel, and in any further folder that the user names.
"""

from __future__ import annotations

import importlib.util
import os
import sys
from pathlib import Path

from .language import Language
from .problems import GenerationError, did_you_mean, named
from .values import value


@value
class Found:
    """A language and its folders."""

    name: str
    folder: Path
    templates: Path

    @property
    def runtime(self) -> Path:
        """The folder of the hand-written files that every library of the language carries."""
        return self.folder / "runtime"

    def own_templates(self, folder: str | None) -> Path | None:
        """Return the user's own templates for the language: ``FOLDER/NAME``, if it is there."""
        own = Path(os.path.abspath(folder), self.name) if folder else None
        return own if own is not None and own.is_dir() else None

    def load(self) -> Language:
        """Return the language itself, from its module."""
        name = f"codegen_language_{self.name}"
        path = self.folder / "language.py"
        # As a package of its own, so that its modules can import each other relatively.
        spec = importlib.util.spec_from_file_location(
            name, path, submodule_search_locations=[str(self.folder)]
        )
        if spec is None or spec.loader is None:
            raise GenerationError(f"{path} cannot be loaded")
        module = importlib.util.module_from_spec(spec)
        sys.modules[name] = module
        try:
            spec.loader.exec_module(module)
        except (ImportError, SyntaxError) as error:
            raise GenerationError(f"the language {self.name} cannot be loaded: {error}") from error
        language = getattr(module, "LANGUAGE", None)
        if not isinstance(language, Language):
            raise GenerationError(
                f"{path} has no LANGUAGE that is an instance of codegen.language.Language"
            )
        return language


def find(further: str | None = None) -> dict[str, Found]:
    """Return all languages by name; those of ``further`` win over the generator's own.

    ``further`` is ``FOLDER`` or ``FOLDER:TEMPLATES``.  Without TEMPLATES, a language's templates are
    in ``FOLDER/NAME/templates`` or in ``templates/NAME`` beside FOLDER.
    """
    found: dict[str, Found] = {}
    package = Path(os.path.abspath(__file__)).parent
    for base in (package / "data", package.parent.parent):
        if (base / "langs").is_dir():
            _scan(base / "langs", base / "templates", found)
            break
    if further:
        folder, templates = _split(further)
        if not folder.is_dir():
            raise GenerationError(f"there is no folder {named(str(folder))} with languages")
        own: dict[str, Found] = {}
        _scan(folder, templates or folder.parent / "templates", own)
        if not own:
            raise GenerationError(
                f"the folder {named(str(folder))} holds no languages (NAME/language.py)"
            )
        found.update(own)
    return dict(sorted(found.items()))


def _split(further: str) -> tuple[Path, Path | None]:
    folder, separator, templates = further.rpartition(os.pathsep)
    if separator and folder and templates:
        return Path(os.path.abspath(folder)), Path(os.path.abspath(templates))
    return Path(os.path.abspath(further)), None


def _scan(folder: Path, templates: Path, found: dict[str, Found]) -> None:
    for module in sorted(folder.glob("*/language.py")):
        name = module.parent.name
        own = module.parent / "templates"
        place = own if own.is_dir() else templates / name
        if place.is_dir():
            found[name] = Found(name, module.parent, place)


def check_templates(folder: str, chosen: list[Found]) -> None:
    """Refuse a folder of templates in which there are none for any language that is written."""
    if not any(language.own_templates(folder) for language in chosen):
        names = " or ".join(language.name for language in chosen)
        raise GenerationError(f"there are no templates in {named(folder)}: no folder {names} in it")


def choose(wanted: str, languages: dict[str, Found]) -> list[Found]:
    """Return the languages that ``wanted`` names: one, several with commas, or ``all``."""
    if wanted == "all":
        return list(languages.values())
    chosen = []
    for name in wanted.split(","):
        if name not in languages:
            known = f"; there are: {', '.join(languages) or 'none'}"
            raise GenerationError(
                f"there is no language {named(name)}{did_you_mean(name, languages)}{known}"
            )
        chosen.append(languages[name])
    return chosen
