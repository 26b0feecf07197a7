"""The lock beside a library: what it was generated from, so that one can tell whether it is up to date.

It holds the generator's version, the language, where the documents and the settings came from, what
was asked for besides, and digests: of what the documents say (as the readers understand them, so that
a new layout, or the address that a server puts into its documents, changes nothing), of what the
settings say, and of the files.  The same input gives the same lock, byte for byte, whatever the time,
the user and the place of the whole: places are relative to the library, unless they have nothing in
common with it.  Of an address it holds neither credentials nor the query, which may be one.

A library from a model (``--model``) has no lock: whoever made the model, as Bazel does, knows when it
has to be made anew.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from typing import TYPE_CHECKING, Any

from . import __version__
from .output import LOCK, digest_of
from .problems import GenerationError, named, printable
from .source import is_url
from .values import value

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .readers import Description

_VERSION = 1

_ABOUT = (
    "What this library was generated from. Keep this file: "
    "generate_library --check --out=FOLDER tells by it whether the library is up to date."
)

_DIGEST = re.compile(r"[0-9a-f]{64}\Z")


@value
class Origin:
    """What a library is generated from.

    ``place`` is where the documents are, as it was given, a folder if ``folder``; ``settings`` is the
    settings' file and ``data`` what it says, None where there is none.  ``name`` and ``url`` are the
    API's, which the settings say, or else the place and the server of the documents.
    """

    place: str
    folder: bool
    description: Description
    name: str
    url: str
    settings: str | None = None
    data: dict[str, Any] | None = None


@value
class Lock:
    """What the file says.  Places are those of the file: see ``resolved``."""

    generator: str
    language: str
    place: str
    folder: bool
    documents: str
    name: str
    url: str
    settings_place: str | None
    settings: str | None
    package: str | None
    languages: str | None
    templates: str | None
    files: str

    def text(self) -> bytes:
        """Return the content of the file."""
        option = "dir" if self.folder else "resource"
        options = {
            "languages": self.languages,
            "package": self.package,
            "templates": self.templates,
        }
        data = {
            "about": _ABOUT,
            "version": _VERSION,
            "generator": self.generator,
            "language": self.language,
            "documents": {option: self.place, "sha256": self.documents},
            "api": {"name": self.name, "url": self.url},
            "settings": {"file": self.settings_place, "sha256": self.settings}
            if self.settings
            else None,
            "options": {name: given for name, given in options.items() if given is not None},
            "files": {"sha256": self.files},
        }
        return (json.dumps(data, indent=1) + "\n").encode("ascii")


def make(
    origin: Origin,
    folder: str,
    language: str,
    package: str | None,
    languages: str | None,
    templates: str | None,
    files: Mapping[str, bytes],
) -> Lock:
    """Return the lock of a library in ``folder``.

    ``languages`` is the folder from which the language comes, if it is none of the generator's own,
    and ``templates`` that of the user's own templates, if there are any.
    """
    return Lock(
        generator=__version__,
        language=language,
        place=recorded(origin.place, folder),
        folder=origin.folder,
        documents=_documents_digest(origin.description),
        name=origin.name,
        url=origin.url,
        settings_place=None if origin.settings is None else recorded(origin.settings, folder),
        settings=None if origin.data is None else _json_digest(origin.data),
        package=package,
        languages=None if languages is None else recorded(languages, folder),
        templates=None if templates is None else recorded(templates, folder),
        files=digest_of(files),
    )


def load(folder: str) -> Lock | None:
    """Return the lock of the library in ``folder``; None if it has none."""
    path = os.path.join(folder, LOCK)
    try:
        with open(path, "rb") as file:
            raw = file.read(1_000_000)
    except (FileNotFoundError, NotADirectoryError):
        return None
    try:
        data = json.loads(raw)
        if data["version"] != _VERSION:
            raise ValueError
        documents, settings, options = data["documents"], data["settings"], data["options"]
        is_folder = "dir" in documents
        return Lock(
            generator=_text(data["generator"]),
            language=_text(data["language"]),
            place=_text(documents["dir" if is_folder else "resource"]),
            folder=is_folder,
            documents=_sha256(documents),
            name=_text(data["api"]["name"]),
            url=_text(data["api"]["url"]),
            settings_place=None if settings is None else _text(settings["file"]),
            settings=None if settings is None else _sha256(settings),
            package=_package(options),
            languages=_optional(options, "languages"),
            templates=_optional(options, "templates"),
            files=_sha256(data["files"]),
        )
    except (ValueError, KeyError, TypeError, RecursionError):
        raise GenerationError(
            f"{named(path)}, which says what the library was generated from, cannot be read: "
            "restore it, or generate the library anew"
        ) from None


def differences(old: Lock, new: Lock, origin: Origin, folder: str) -> list[str]:
    """Return what is not as it was when the library in ``folder`` was generated; places do not count."""
    found = []
    place = without_credentials(origin.place) if is_url(origin.place) else origin.place
    settings = printable(origin.settings or resolved(old.settings_place or "", folder))
    upgraded = old.generator != new.generator
    if upgraded:
        found.append(
            f"the generator changed: it was {printable(old.generator)} and is {new.generator}"
        )
    if old.language != new.language:
        found.append(f"it is a library in {printable(old.language)}, not in {new.language}")
    if old.documents != new.documents:
        # What another version makes of the same documents may differ.
        other = ", or are read differently by this generator" if upgraded else ""
        found.append(f"the documents changed{other}: {printable(place)}")
    if old.settings != new.settings:
        if new.settings is None:
            found.append(f"the settings are gone: {settings}")
        elif old.settings is None:
            found.append(f"there are settings now: {settings}")
        else:
            found.append(f"the settings changed: {settings}")
    elif (old.name, old.url) != (new.name, new.url):
        was, now = (f"{printable(lock.name)}, {printable(lock.url)}" for lock in (old, new))
        found.append(
            f"name or address of the API, which no settings say, changed: was {was}; is {now}"
        )
    if old.package != new.package:
        names = [printable(name or "that of the settings") for name in (old.package, new.package)]
        found.append(f"the package's name changed: it was {names[0]} and is {names[1]}")
    return found


def without_credentials(address: str) -> str:
    """Return an address without what may be secret: a user, a password, a query."""
    scheme, separator, rest = address.partition("://")
    authority, slash, path = re.split(r"[?#]", rest)[0].partition("/")
    return f"{scheme}{separator}{authority.rpartition('@')[2]}{slash}{path}"


def recorded(place: str, folder: str) -> str:
    """Return a place as the lock of a library in ``folder`` has it."""
    if is_url(place):
        return without_credentials(place)
    # By name, not by what links lead to: they may lead elsewhere tomorrow.
    there, here = os.path.abspath(place), os.path.abspath(folder)
    try:
        common = os.path.commonpath([there, here])
    except ValueError:  # two drives
        return there
    if os.path.dirname(common) == common:  # nothing but the root is
        return there
    return os.path.relpath(there, here).replace(os.sep, "/")


def resolved(place: str, folder: str) -> str:
    """Return a place of the lock of the library in ``folder``, as a program can open it."""
    if is_url(place):
        return place
    return os.path.normpath(os.path.join(os.path.abspath(folder), place))


def _documents_digest(description: Description) -> str:
    from . import model_json

    data = model_json.plain(description)
    # These may be no more than the place of the documents; what became of them stands beside.
    for key in ("name", "url"):
        data.pop(key, None)
    return _json_digest(data)


def _json_digest(data: Any) -> str:
    # Dates, which TOML knows, are no JSON.
    text = json.dumps(data, ensure_ascii=True, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def _text(found: Any) -> str:
    if not isinstance(found, str) or not found or "\0" in found:
        raise ValueError
    return found


def _optional(table: dict[str, Any], name: str) -> str | None:
    return _text(table[name]) if name in table else None


def _package(options: dict[str, Any]) -> str | None:
    name = _optional(options, "package")
    if name is not None and not re.match(r"[A-Za-z0-9_.:-]+\Z", name):
        raise ValueError
    return name


def _sha256(table: dict[str, Any]) -> str:
    digest = _text(table["sha256"])
    if not _DIGEST.match(digest):
        raise ValueError
    return digest
