"""Where a description comes from: a folder, a file, or the URL of a live server.

Every failure becomes a problem with the document's name.  Documents refer to each other by path;
such a path is resolved beside the document that names it, never by the ``basePath`` it states:
servers state one that clients cannot reach (another scheme, a host behind a proxy).  Nothing is read
outside of the root document's folder, nor from another host.
"""

from __future__ import annotations

import json
import os
import re
import stat
from typing import Any

from .problems import Problems, ProblemsFound, Text, quoted

#: The largest document that is read, in bytes.
SIZE_LIMIT = 50 * 1024 * 1024

#: Seconds a live server may take to connect, and between two pieces of its answer.
TIMEOUT = (10.0, 30.0)

#: The document of a folder that lists the others.
LISTING = "resources.json"

#: The documents of a folder that need no listing.
ROOTS = tuple(f"{name}.{end}" for name in ("openapi", "swagger") for end in ("json", "yaml", "yml"))

_SAFE_SEGMENT = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9_.-]*\Z")


class Document(Text):
    """A document that was read: its name for messages, its text, and its JSON value."""

    __slots__ = ("address", "data")

    def __init__(self, name: str, address: str, text: str, data: Any) -> None:
        super().__init__(name, text)
        self.address = address
        self.data = data


class _YamlDocument(Document):
    """A document in YAML."""

    __slots__ = ()

    def _indexed(self) -> tuple[dict[str, int], list[tuple[str, int]]]:
        if self._index is None:
            from . import yaml_text

            self._index = yaml_text.lines(self._text), []
        return self._index


class Source:
    """A description's root document, and the way to those beside it."""

    #: The folder on disk that holds the root document; None for a live server.
    folder: str | None = None

    def __init__(self, problems: Problems) -> None:
        self.problems = problems
        # What ``related`` has read, by its path relative to the root document's folder; and back.
        self._related: dict[str, Document | None] = {}
        self._places: dict[str, str] = {}

    @property
    def name(self) -> str:
        """A name for the described API, taken from where the description lies."""
        raise NotImplementedError

    def root(self) -> Document:
        """Return the document that the user named; a problem ends the run."""
        raise NotImplementedError

    def beside(self, path: str, referrer: Document, pointer: str) -> Document | None:
        """Return the document that ``referrer`` names by ``path``; None after a problem."""
        raise NotImplementedError

    def related(self, path: str, referrer: Document, pointer: str) -> Document | None:
        """Return the document at ``path`` beside or below ``referrer``; None after a problem.

        It is read once.  None is ever read outside of the folder of the root document, or from
        another host.
        """
        import posixpath
        import urllib.parse

        if re.match(r"[A-Za-z][A-Za-z0-9+.-]+:|//", path):
            cause = f"{quoted(path)} names another place, from which nothing is read"
            self.problems.error(referrer, pointer, f"{cause}: keep a copy beside this document")
            return None
        target = urllib.parse.unquote(path)
        folder = posixpath.dirname(self._place(referrer))
        target = posixpath.normpath(posixpath.join(folder, target))
        if target.startswith(("/", "..")) or "\0" in target or "\\" in target or ":" in target:
            cause = f"{quoted(path)} leads out of the folder of the root document"
            self.problems.error(referrer, pointer, f"{cause}; nothing is read there")
            return None
        if target not in self._related:
            self._related[target] = None
            try:
                self._related[target] = self._read_related(target, path, referrer, pointer)
            except ProblemsFound:
                return None
        return self._related[target]

    def _place(self, document: Document) -> str:
        """Return the path of a document relative to the root document's folder."""
        place = self._places.get(document.address)
        if place is None:  # the root itself, to which others may refer back
            place = re.split(r"[/\\]", document.address)[-1]
            self._places[document.address] = place
            self._related.setdefault(place, document)
        return place

    def _read_related(
        self, target: str, path: str, referrer: Document, pointer: str
    ) -> Document | None:
        raise NotImplementedError

    def _segments(self, path: str, referrer: Document, pointer: str) -> list[str] | None:
        segments = [s for s in path.replace("{format}", "json").split("/") if s]
        if not segments or not all(_SAFE_SEGMENT.match(s) for s in segments):
            self.problems.error(referrer, pointer, f"{quoted(path)} is not the path of a document")
            return None
        return segments

    def _parse(self, name: str, address: str, raw: bytes) -> Document:
        """Return the document whose bytes are ``raw``; what is neither JSON nor YAML ends the run."""
        problems = self.problems
        try:
            text = raw.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = raw.count(b"\n", 0, error.start) + 1
            problems.error(name, "", "this is not a UTF-8 text", line)
            raise ProblemsFound from None
        if _is_yaml(name, text):
            return self._parse_yaml(name, address, text)
        repeated = False

        def members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
            nonlocal repeated
            value = dict(pairs)
            repeated = repeated or len(value) != len(pairs)
            return value

        try:
            data = json.loads(text, object_pairs_hook=members, parse_constant=_refuse_constant)
        except json.JSONDecodeError as error:
            what = (
                "the document is empty"
                if not text.strip()
                else f"this is not JSON: {error.msg} (column {error.colno})"
            )
            problems.error(name, "", what, error.lineno)
            raise ProblemsFound from None
        except RecursionError:
            problems.error(name, "", "the document is nested too deeply")
            raise ProblemsFound from None
        except ValueError as error:
            problems.error(name, "", f"this is not JSON that can be read: {error}")
            raise ProblemsFound from None
        document = Document(name, address, text, data)
        if repeated:
            cause = "the object has this key already; the last one counts"
            for pointer, line in document.repeated() or [("", 0)]:
                problems.warning(document, pointer, cause, line)
        return document

    def _parse_yaml(self, name: str, address: str, text: str) -> Document:
        """Return the document whose text is YAML."""
        try:
            from . import yaml_text

            loaded = yaml_text.load(text)
        except ImportError:
            cause = "documents in YAML need the Python package PyYAML: install it"
            self.problems.error(name, "", cause)
            raise ProblemsFound from None
        except yaml_text.YamlError as error:
            self.problems.error(name, "", error.cause, error.line)
            raise ProblemsFound from None
        document = _YamlDocument(name, address, text, loaded.data)
        cause = "the object has this key already; the last one counts"
        for pointer, line in loaded.repeated:
            self.problems.warning(document, pointer, cause, line)
        return document


def _is_yaml(name: str, text: str) -> bool:
    """Whether a document is YAML and not JSON, by its name; by its text where that says nothing."""
    if name.endswith((".yaml", ".yml")):
        return not _may_be_json(text)
    return not name.endswith(".json") and bool(text.strip()) and not _may_be_json(text)


def _may_be_json(text: str) -> bool:
    """Whether a text begins as JSON does; JSON is faster to read than YAML, of which it is a part."""
    if text.lstrip()[:1] not in ("{", "["):
        return False
    try:
        json.loads(text)
    except ValueError:
        # Flow style, such as {openapi: 3.0.0}, unless it is JSON with a mistake.
        return re.match(r"\s*[\[{]\s*\"", text) is not None
    except RecursionError:
        pass
    return True


def _refuse_constant(name: str) -> Any:
    raise ValueError(f"{name} is not a JSON number")


class _FileSource(Source):
    def __init__(self, path: str, problems: Problems) -> None:
        super().__init__(problems)
        self._path = path
        self.folder = os.path.dirname(path)

    @property
    def name(self) -> str:
        stem = os.path.splitext(os.path.basename(self._path))[0]
        if os.path.basename(self._path) == LISTING:
            return os.path.basename(os.path.abspath(self.folder or ".")) or stem
        return stem

    def root(self) -> Document:
        return self._read(self._path)

    def beside(self, path: str, referrer: Document, pointer: str) -> Document | None:
        segments = self._segments(path, referrer, pointer)
        if segments is None:
            return None
        name = os.path.join(os.path.dirname(referrer.address), segments[-1])
        if not os.path.exists(name) and os.path.exists(name + ".json"):
            name += ".json"
        if not os.path.exists(name):
            self.problems.error(
                referrer, pointer, f"{quoted(path)} names the file {name}, which does not exist"
            )
            return None
        try:
            return self._read(name)
        except ProblemsFound:
            return None

    def _read_related(
        self, target: str, path: str, referrer: Document, pointer: str
    ) -> Document | None:
        name = os.path.join(self.folder or "", *target.split("/"))
        if not os.path.exists(name):
            cause = f"{quoted(path)} names the file {name}, which does not exist"
            self.problems.error(referrer, pointer, cause)
            return None
        self._places[name] = target
        return self._read(name)

    def _read(self, path: str) -> Document:
        try:
            # O_NONBLOCK: opening a pipe must not wait for a writer; it is refused just below.
            handle = os.open(
                path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
            )
            with os.fdopen(handle, "rb") as file:
                status = os.fstat(file.fileno())
                if not stat.S_ISREG(status.st_mode):
                    self.problems.error(path, "", "this is not a file")
                    raise ProblemsFound
                raw = b"" if status.st_size > SIZE_LIMIT else file.read(SIZE_LIMIT + 1)
                too_large = status.st_size > SIZE_LIMIT or len(raw) > SIZE_LIMIT
        except ValueError:  # a null character
            self.problems.error(path, "", "this cannot be the name of a file")
            raise ProblemsFound from None
        except OSError as error:
            self.problems.error(path, "", f"the file cannot be read: {error.strerror or error}")
            raise ProblemsFound from None
        if too_large:
            self.problems.error(path, "", _too_large())
            raise ProblemsFound
        return self._parse(path, path, raw)


class _LiveSource(Source):
    """Documents of a running server, over HTTP."""

    def __init__(
        self, url: str, username: str | None, password: str | None, problems: Problems
    ) -> None:
        super().__init__(problems)
        import urllib.parse

        try:
            self._parts = parts = urllib.parse.urlsplit(url)
            host, port = parts.hostname or "", parts.port
        except ValueError:
            host, port = "", None
        if not host:
            problems.error(url.partition("://")[0] + "://…", "", "this is not the URL of a server")
            raise ProblemsFound
        if ":" in host:
            host = f"[{host}]"
        self._origin = f"{parts.scheme}://{host}" + (f":{port}" if port is not None else "")
        # Credentials may stand in the URL; they are taken out of it, so that no message shows them.
        if username is None and parts.username is not None:
            username = urllib.parse.unquote(parts.username)
            password = urllib.parse.unquote(parts.password or "") if password is None else password
        self._auth = (
            (username.encode(), (password or "").encode()) if username is not None else None
        )
        self._session: Any = None

    @property
    def name(self) -> str:
        segments = [s for s in self._parts.path.split("/") if s]
        if segments and segments[-1].endswith((".json", ".yaml", ".yml")):
            segments.pop()
        while segments and segments[-1] in ("api-docs", "swagger"):
            segments.pop()
        return segments[-1] if segments else (self._parts.hostname or "api")

    def root(self) -> Document:
        return self._get(self._parts.path or "/")

    def beside(self, path: str, referrer: Document, pointer: str) -> Document | None:
        segments = self._segments(path, referrer, pointer)
        if segments is None:
            return None
        base = self._parts.path
        if base.endswith(".json"):
            target = base.rpartition("/")[0] + "/" + segments[-1]
        else:  # Swagger 1.2 serves the listing at …/api-docs and a resource at …/api-docs/NAME
            target = base.rstrip("/") + "/" + "/".join(segments)
        try:
            return self._get(target)
        except ProblemsFound:
            return None

    def _read_related(
        self, target: str, path: str, referrer: Document, pointer: str
    ) -> Document | None:
        import urllib.parse

        address = self._parts.path.rpartition("/")[0] + "/" + urllib.parse.quote(target)
        self._places[self._origin + address] = target
        return self._get(address)

    def _get(self, path: str) -> Document:
        try:
            import requests  # a slow import that only a live server needs
        except ImportError:
            cause = "documents of a live server need the Python package requests: install it"
            self.problems.error(self._origin + path, "", cause)
            raise ProblemsFound from None

        shown = self._origin + path  # without the query, which may hold a key
        url = shown + (f"?{self._parts.query}" if self._parts.query else "")
        if self._session is None:
            self._session = requests.Session()
            self._session.headers["Accept"] = "application/json, application/yaml, */*;q=0.5"
            self._session.auth = self._auth
        try:
            for _ in range(5):
                with self._session.get(
                    url, timeout=TIMEOUT, stream=True, allow_redirects=False
                ) as answer:
                    if not answer.is_redirect:
                        return self._parse(shown, shown, self._body(answer, shown))
                    url = self._redirected(url, answer.headers["location"], shown)
            cause = "the server redirects without end"
        except requests.exceptions.SSLError:
            cause = (
                "the server's TLS certificate was not accepted "
                "(the variable REQUESTS_CA_BUNDLE may name the file of your own authority)"
            )
        except requests.exceptions.Timeout:
            cause = "the server did not answer in time"
        except requests.exceptions.ConnectionError:
            cause = "no connection to the server: is it running, and is the address right?"
        except (requests.exceptions.RequestException, ValueError, OSError) as error:
            cause = f"the document cannot be fetched ({type(error).__name__})"
        self.problems.error(shown, "", cause)
        raise ProblemsFound

    def _redirected(self, url: str, location: str, shown: str) -> str:
        import urllib.parse

        target = urllib.parse.urljoin(url, location)
        here, there = urllib.parse.urlsplit(url), urllib.parse.urlsplit(target)
        same = (here.hostname, here.port) == (
            there.hostname,
            there.port,
        ) and here.scheme == there.scheme
        if not same:
            # The credentials were given for the first address and go nowhere else.
            host = f"{there.scheme}://{there.hostname or ''}"
            self.problems.error(
                shown,
                "",
                f"the server redirects to another host ({host}); if that is right, give that one",
            )
            raise ProblemsFound
        return target

    def _body(self, answer: Any, shown: str) -> bytes:
        status = answer.status_code
        if status != 200:
            hints = {
                401: "the server wants a user name and a password"
                if self._auth is None
                else "the server refused the user name or the password",
                403: "the server refuses this user",
                404: "the server has no such document: is the address right?",
            }
            self.problems.error(
                shown,
                "",
                f"{hints.get(status, 'the server does not give it')} (HTTP status {status})",
            )
            raise ProblemsFound
        raw = bytearray()
        for piece in answer.iter_content(65536):
            raw += piece
            if len(raw) > SIZE_LIMIT:
                self.problems.error(shown, "", _too_large())
                raise ProblemsFound
        return bytes(raw)


def _too_large() -> str:
    return f"the document is larger than {SIZE_LIMIT // (1024 * 1024)} MB"


def is_url(location: str) -> bool:
    """Whether ``location`` is the URL of a live server and not a file."""
    return re.match(r"https?://", location, re.IGNORECASE) is not None


def origin(url: str) -> tuple[str, str]:
    """Return scheme and server of a URL: those to which its credentials go."""
    scheme, _, rest = url.partition("://")
    authority = re.split(r"[/?#]", rest)[0]
    return scheme.lower(), authority.rpartition("@")[2].lower()


def open_source(
    location: str, problems: Problems, username: str | None = None, password: str | None = None
) -> Source:
    """Return the source at ``location``: a URL or a file (see ``open_folder`` for folders)."""
    if is_url(location):
        return _LiveSource(location, username, password, problems)
    if re.match(r"[A-Za-z][A-Za-z0-9+.-]+://", location):
        problems.error(location, "", "only http:// and https:// addresses and files can be read")
        raise ProblemsFound
    if os.path.isdir(location):
        problems.error(
            location, "", "this is a folder, not a document (a folder is given with --dir)"
        )
        raise ProblemsFound
    return _FileSource(location, problems)


def open_folder(folder: str, problems: Problems) -> Source:
    """Return the source whose listing is ``resources.json`` in ``folder``, or whose root ``openapi.yaml``."""
    path = os.path.join(folder, LISTING)
    if not os.path.isdir(folder):
        problems.error(folder, "", "there is no such folder")
        raise ProblemsFound
    if not os.path.exists(path):
        others = [os.path.join(folder, name) for name in ROOTS]
        roots = [other for other in others if os.path.exists(other)]
        if not roots:
            problems.error(
                path,
                "",
                "the folder has no such file, which lists its documents, nor openapi.yaml or the like "
                "(one document alone is given with --resource)",
            )
            raise ProblemsFound
        path = roots[0]
        for other in roots[1:]:
            problems.warning(other, "", f"{os.path.basename(path)} is read, and this is not")
    return _FileSource(path, problems)
