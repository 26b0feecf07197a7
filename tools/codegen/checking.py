"""Whether a library is up to date: what ``generate_library --check`` compares.

The library is generated once more, in memory, from where its lock says that it came from or from what
the user names instead, and compared with what is there.  A lock is part of what is checked, and
may come from anyone: it makes the program read documents, but never run code (a language
outside of the generator's own is named by the user again) nor send credentials.
"""

from __future__ import annotations

import os
from argparse import Namespace
from typing import TYPE_CHECKING

from . import lock, source
from .output import LOCK, MANIFEST, Output, listed
from .problems import GenerationError, named, printable
from .settings import FILE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .languages import Found
    from .lock import Lock, Origin


def libraries(
    folder: str, wanted: str | None, known: Mapping[str, Found]
) -> list[tuple[str, str | None]]:
    """Return the libraries to check: the folder of each, and its language if the user names it.

    Several languages have a folder each, as when they are written.
    """
    if wanted is not None:
        several = wanted == "all" or "," in wanted
        names = list(known) if wanted == "all" else wanted.split(",")
        return [(os.path.join(folder, name) if several else folder, name) for name in names]
    if os.path.lexists(os.path.join(folder, LOCK)) or not os.path.isdir(folder):
        return [(folder, None)]
    below = sorted(entry.path for entry in os.scandir(folder) if entry.is_dir())
    found = [path for path in below if os.path.lexists(os.path.join(path, LOCK))]
    return [(path, None) for path in found or [folder]]


def lock_of(folder: str) -> Lock:
    """Return the lock of the library in ``folder``, which must have one."""
    found = lock.load(folder)
    if found is not None:
        return found
    if not os.path.isdir(folder):
        raise GenerationError(f"there is no folder {named(folder)}")
    if os.path.lexists(os.path.join(folder, MANIFEST)):
        raise GenerationError(
            f"the library in {named(folder)} has no lock ({LOCK}): it was generated from a model, "
            "or the file was lost; generate it from documents"
        )
    raise GenerationError(f"{named(folder)} holds no generated library")


def asked(options: Namespace, old: Lock, folder: str) -> Namespace:
    """Return the options with which the library would be generated again.

    What the user does not say is as the lock has it.  ``from_lock`` marks a place of documents that
    only the lock names.
    """
    result = Namespace(**vars(options))
    result.from_lock = not (options.dir or options.resource)
    place = lock.resolved(old.place, folder)
    if result.from_lock:
        result.dir, result.resource = (place, None) if old.folder else (None, place)
    if options.settings is None and old.settings_place is not None:
        settings = lock.resolved(old.settings_place, folder)
        usual = lock.resolved(_beside(place, old.folder), folder)
        given = result.dir or os.path.dirname(result.resource)
        live = result.resource is not None and source.is_url(result.resource)
        there = not live and os.path.exists(os.path.join(given, FILE))
        # Those beside the documents are found by themselves, or are seen to be gone.
        if settings != usual or (not result.from_lock and not there):
            result.settings = settings
    if options.package is None:
        result.package = old.package
    if options.templates is None and old.templates is not None:
        raise GenerationError(
            f"templates came from the folder {named(old.templates)}: give --templates again, "
            "since no code runs because a lock says so"
        )
    return result


def _beside(place: str, folder: bool) -> str:
    return os.path.join(place if folder else os.path.dirname(place), FILE)


def language(name: str, old: Lock, known: Mapping[str, Found], further: str | None) -> Found:
    """Return the language of a library."""
    if old.languages is not None and old.language == name and further is None:
        raise GenerationError(
            f"the language {named(name)} came from the folder {named(old.languages)}: give "
            "--languages again, since no code runs because a lock says so"
        )
    from . import languages

    (found,) = languages.choose(name, dict(known))
    return found


def reasons(
    old: Lock, new: Lock, origin: Origin, folder: str, files: Mapping[str, bytes]
) -> list[str]:
    """Return why the library in ``folder`` is not up to date; nothing if it is."""
    library = Output(folder, files, overwrite=True, lock=new.text())
    found = lock.differences(old, new, origin, folder)
    if library.manifest_digest != old.files:
        found.append(
            f"{MANIFEST} and {LOCK} are not of one run; "
            "the files are compared with what would be generated"
        )
    edited, missing = library.changed_by_hand()
    if edited:
        found.append(f"changed by hand: {_shown(edited)}")
    if missing:
        found.append(f"missing: {_shown(missing)}")
    changed = [path for path in library.changed if path not in {*edited, *missing}]
    if changed and not found:
        found.append(
            f"the generator or the language {new.language} changed, and not its version "
            f"({new.generator})"
        )
    if changed:
        found.append(f"to be generated anew: {_shown(changed)}")
    return found


def _shown(paths: list[str]) -> str:
    return printable(listed(paths))
