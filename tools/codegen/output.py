"""Writes a library into a folder: whole or not at all, and nothing of what others wrote.

A manifest in the folder names the files that were generated, with the digest of each.  With it a
later run knows what it may replace and what it has to remove.  A file that is not in the manifest,
or that was changed since, belongs to the user: where a generated file would take its place, nothing
is written and the user is told (``overwrite`` takes the place nevertheless); where a file is no
longer generated but was changed, it stays.

All files are written beside their places first.  Only then they are moved there, and if that fails
or is interrupted, they are moved back.  If even that is cut short (a power failure), the manifest,
which is written first, knows the old and the new files, and the next run completes the work.

A lock may stand beside the manifest, which says what the library was generated from (see ``lock``).
It is written and taken back with the files, but is none of them.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import signal
import stat
import sys
import tempfile
import threading
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .problems import GenerationError, named

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

#: The manifest's name in the output folder.
MANIFEST = ".generated-files"

#: The lock's name there.
LOCK = ".generated-lock"

_MANIFEST_VERSION = 1

# How the folder begins in which files are made ready; the number of the process follows.
_STAGE = ".generating-"
_NAME = re.compile(r"[A-Za-z0-9_.@+-]+\Z")
# Names that Windows takes for devices, whatever their extension.
_DEVICES = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\.|\Z)", re.IGNORECASE)


def safe_path(path: str) -> bool:
    """Whether ``path`` is relative, stays inside its folder, and is good on every system."""
    if not path or len(path) > 1000 or path in (MANIFEST, LOCK):
        return False
    return all(
        _NAME.match(name)
        and len(name) <= 200
        and name.strip(".")
        and not name.endswith(".")
        and not _DEVICES.match(name)
        for name in path.split("/")
    )


class Output:
    """One library's way to its folder: checked first, then written with ``write``."""

    def __init__(
        self,
        folder: str,
        files: Mapping[str, bytes],
        *,
        overwrite: bool = False,
        lock: bytes | None = None,
    ) -> None:
        self.folder = Path(os.path.realpath(folder))
        self.shown = folder
        self.files = files
        self.lock = lock
        self.kept: list[str] = []
        self._check_paths()
        self._old = self._read_manifest()
        self._replaced, self._removed = self._plan(overwrite)

    @property
    def changes(self) -> int:
        """How many files ``write`` creates, replaces or removes."""
        return len(self._replaced) + len(self._removed)

    @property
    def changed(self) -> list[str]:
        """The files that ``write`` creates, replaces or removes, without the lock."""
        return sorted([*self._replaced, *self._removed])

    @property
    def manifest_digest(self) -> str:
        """The digest of all that was written by the last run, as the manifest has it (see ``digest_of``)."""
        return _combined({path: digests[-1] for path, digests in self._old.items()})

    def changed_by_hand(self) -> tuple[list[str], list[str]]:
        """The files that were changed, and those that were removed, since the last run wrote them."""
        edited, missing = [], []
        for path, digests in sorted(self._old.items()):
            kind = self._kind_inside(path)
            if kind == "none":
                missing.append(path)
            elif kind != "file" or _file_digest(self.folder / path) not in digests:
                edited.append(path)
        return edited, missing

    # Before anything is written

    def _check_paths(self) -> None:
        seen: dict[str, str] = {}
        folders: dict[str, str] = {}
        for path in self.files:
            if not safe_path(path):
                raise GenerationError(f"a file cannot be called {named(path)}")
            # Many file systems do not tell upper from lower case.
            folded = path.lower()
            if folded in seen:
                raise GenerationError(
                    f"the files {named(seen[folded])} and {named(path)} are one on many systems"
                )
            seen[folded] = path
            parts = path.split("/")
            for depth in range(1, len(parts)):
                parent = "/".join(parts[:depth])
                other = folders.setdefault(parent.lower(), parent)
                if other != parent:
                    raise GenerationError(
                        f"the folders {named(other)} and {named(parent)} are one on many systems"
                    )
        for parent in folders:
            if parent in seen:
                raise GenerationError(f"{named(seen[parent])} would be both a file and a folder")
        existing = _kind(self.folder)
        if existing not in ("none", "folder"):
            raise GenerationError(f"{named(self.shown)} is not a folder")
        if _kind(self.folder / LOCK) not in ("none", "file"):
            raise GenerationError(f"{named(os.path.join(self.shown, LOCK))} is not a file")

    def _read_manifest(self) -> dict[str, list[str]]:
        path = self.folder / MANIFEST
        kind = _kind(path)
        if kind == "none":
            return {}
        try:
            if kind != "file":
                raise ValueError
            data = json.loads(path.read_bytes())
            files = data["files"]
            if data["version"] != _MANIFEST_VERSION or not isinstance(files, dict):
                raise ValueError
            result = {}
            for name, digests in files.items():
                digests = [digests] if isinstance(digests, str) else digests
                if not all(isinstance(d, str) for d in digests):
                    raise ValueError
                # It may have been tampered with: only what could have been generated counts.
                if safe_path(name):
                    result[name] = digests
            return result
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            raise GenerationError(
                f"{named(os.path.join(self.shown, MANIFEST))}, the list of generated files, "
                "cannot be read: restore it, or generate into another folder"
            ) from None

    def _plan(self, overwrite: bool) -> tuple[list[str], list[str]]:
        replaced, foreign, edited, blocked = [], [], [], []
        for path, content in self.files.items():
            kind = self._kind_inside(path)
            if kind == "none":
                replaced.append(path)
            elif kind != "file":
                blocked.append(path)
            else:
                digest = _file_digest(self.folder / path)
                if digest == _digest(content):
                    continue
                if path not in self._old:
                    foreign.append(path)
                elif digest not in self._old[path]:
                    edited.append(path)
                replaced.append(path)
        if blocked:
            raise GenerationError(
                f"nothing was written to {named(self.shown)}: something that is not a file, "
                f"or a symbolic link, stands in the place of {listed(blocked)}"
            )
        if (foreign or edited) and not overwrite:
            causes = []
            if foreign:
                causes.append(f"it holds files that were not generated: {listed(foreign)}")
            if edited:
                causes.append(f"files were changed since they were generated: {listed(edited)}")
            raise GenerationError(
                f"nothing was written to {named(self.shown)}: {'; '.join(causes)}. "
                "Choose another folder, move them away, or give --overwrite"
            )
        removed = []
        for path, digests in self._old.items():
            if path in self.files:
                continue
            kind = self._kind_inside(path)
            if kind == "file" and _file_digest(self.folder / path) in digests:
                removed.append(path)
            elif kind != "none":
                self.kept.append(path)
        return replaced, removed

    def _kind_inside(self, path: str) -> str:
        """Return what is at ``path`` in the folder; a link on the way there counts as such."""
        at = str(self.folder)
        parts = path.split("/")
        for part in parts[:-1]:
            at = os.path.join(at, part)
            kind = _kind(at)
            if kind == "none":
                return "none"
            if kind != "folder":
                return kind if kind == "link" else "other"
        return _kind(os.path.join(at, parts[-1]))

    # Writing

    def write(self) -> None:
        """Bring the folder up to date.  On failure or interruption it is as it was before."""
        digests = {path: _digest(content) for path, content in self.files.items()}
        if (
            not self._replaced
            and not self._removed
            and self._old == {path: [digest] for path, digest in digests.items()}
            and not self._changes_lock()
        ):
            return
        created = _make_folders(self.folder)
        stage = None
        try:
            stage = self._make_stage()
            for parent in {os.path.dirname(path) for path in self._replaced}:
                (stage / "new" / parent).mkdir(parents=True, exist_ok=True)
            for path in self._replaced:
                (stage / "new" / path).write_bytes(self.files[path])
            union = {
                path: [
                    *dict.fromkeys(
                        [*self._old.get(path, []), *([digests[path]] if path in digests else [])]
                    )
                ]
                for path in {*self._old, *digests}
            }
            with _uninterrupted():
                self._move(stage, union, digests)
        except OSError as error:
            raise GenerationError(
                f"{named(error.filename or self.shown)} cannot be written: "
                f"{error.strerror or error}"
            ) from error
        finally:
            if stage is not None:
                shutil.rmtree(stage, ignore_errors=True)
            with suppress(OSError):
                for folder in created:  # those that are still empty
                    folder.rmdir()

    def _changes_lock(self) -> bool:
        path = self.folder / LOCK
        there = path.read_bytes() if _kind(path) == "file" else None
        return there != self.lock

    def _make_stage(self) -> Path:
        """Return a new folder on the same file system: inside the output folder, which is ours."""
        for left in self.folder.glob(f"{_STAGE}*-*"):
            # Of a run that was killed, not of one that is still at it.
            if not _is_running(left.name.removeprefix(_STAGE).partition("-")[0]):
                shutil.rmtree(left, ignore_errors=True)
        stage = Path(tempfile.mkdtemp(prefix=f"{_STAGE}{os.getpid()}-", dir=self.folder))
        (stage / "new").mkdir()
        (stage / "old").mkdir()
        return stage

    def _move(
        self, stage: Path, union: Mapping[str, list[str]], digests: Mapping[str, str]
    ) -> None:
        manifest = self.folder / MANIFEST
        done: list[tuple[str, str | None]] = []  # what stands in its place, and what stood there
        folders: list[Path] = []
        parents: set[str] = set()

        def place(path: str, source: str | Path | None) -> None:
            target = os.path.join(self.folder, path)
            parent = os.path.dirname(target)
            if parent not in parents:
                folders.extend(_make_folders(Path(parent)))
                parents.add(parent)
            saved: str | None = None
            if _kind(target) != "none":
                saved = os.path.join(stage, "old", path)
                os.makedirs(os.path.dirname(saved), exist_ok=True)
                os.rename(target, saved)
                done.append((target, saved))
                if source is not None:
                    os.rename(source, target)
            elif source is not None:
                done.append((target, None))
                os.rename(source, target)

        def note(files: Mapping[str, Any]) -> Path:
            path = stage / "manifest"
            path.write_text(_manifest(files), "utf-8")
            return path

        try:
            place(MANIFEST, note(union))
            for path in self._replaced:
                place(path, os.path.join(stage, "new", path))
            for path in self._removed:
                place(path, None)
            if self.lock is not None:
                (stage / "lock").write_bytes(self.lock)
                place(LOCK, stage / "lock")
            else:
                place(LOCK, None)
            os.replace(note(digests), manifest)
        except BaseException:
            for target, saved in reversed(done):
                if saved is not None:
                    os.replace(saved, target)
                elif _kind(target) != "none":
                    os.unlink(target)
            for folder in folders:
                if folder.is_dir():
                    folder.rmdir()
            raise
        for path in self._removed:
            parent = (self.folder / path).parent
            with suppress(OSError):
                while parent != self.folder:
                    parent.rmdir()  # only an empty one
                    parent = parent.parent


def write_file(path: str, content: bytes) -> None:
    """Write one file, whole or not at all; a link or a device (``/dev/stdout``) is written to."""
    try:
        if _kind(Path(path)) not in ("none", "file"):
            with open(path, "wb") as file:
                file.write(content)
            return
        handle, temporary = tempfile.mkstemp(
            prefix=".generating-", dir=os.path.dirname(os.path.abspath(path))
        )
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
            os.chmod(temporary, 0o666 & ~_umask())
            os.replace(temporary, path)
        except BaseException:
            os.unlink(temporary)
            raise
    except OSError as error:
        raise GenerationError(
            f"{named(path)} cannot be written: {error.strerror or error}"
        ) from error


def _umask() -> int:
    mask = os.umask(0o022)
    os.umask(mask)
    return mask


def _manifest(files: Mapping[str, Any]) -> str:
    about = (
        "The files that the library generator wrote here, with their SHA-256. "
        "Keep this file, so that it can bring them up to date."
    )
    return (
        json.dumps(
            {"about": about, "version": _MANIFEST_VERSION, "files": files}, indent=1, sort_keys=True
        )
        + "\n"
    )


def _kind(path: str | Path) -> str:
    try:
        mode = os.lstat(path).st_mode
    except (FileNotFoundError, NotADirectoryError):
        return "none"
    if stat.S_ISLNK(mode):
        return "link"
    if stat.S_ISDIR(mode):
        return "folder"
    return "file" if stat.S_ISREG(mode) else "other"


def digest_of(files: Mapping[str, bytes]) -> str:
    """Return one digest of all files, whatever their order."""
    return _combined({path: _digest(content) for path, content in files.items()})


def _combined(digests: Mapping[str, str]) -> str:
    return _digest(json.dumps(digests, sort_keys=True).encode())


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _file_digest(path: Path) -> str:
    try:
        return _digest(path.read_bytes())
    except OSError as error:
        raise GenerationError(f"{named(path)} cannot be read: {error.strerror or error}") from error


def _is_running(process: str) -> bool:
    if sys.platform == "win32":  # where signal 0 is Ctrl-C
        return True
    try:
        os.kill(int(process), 0)
    except ProcessLookupError:
        return False
    except (OSError, ValueError, OverflowError):
        return True  # of another user, or not a folder of ours at all
    return True


def listed(paths: list[str]) -> str:
    """Return the names of files for a message, the first few of many."""
    shown = ", ".join(sorted(paths)[:5])
    return shown if len(paths) <= 5 else f"{shown} and {len(paths) - 5} more"


def _make_folders(folder: Path) -> list[Path]:
    """Make ``folder`` and those above it; gives those that were made, the innermost first."""
    missing = []
    at = folder
    while _kind(at) == "none":
        missing.append(at)
        at = at.parent
    try:
        for path in reversed(missing):
            path.mkdir()
    except OSError as error:
        raise GenerationError(
            f"{named(str(folder))} cannot be made: {error.strerror or error}"
        ) from error
    return missing


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Hold Ctrl-C back for the short while in which files are moved; it counts afterwards."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    pending: list[int] = []
    before = {held: signal.getsignal(held) for held in (signal.SIGINT, signal.SIGTERM)}
    for held in before:
        signal.signal(held, lambda received, _: pending.append(received))
    try:
        yield
    finally:
        for held, handler in before.items():
            signal.signal(held, handler)
    for number in pending:
        signal.raise_signal(number)
