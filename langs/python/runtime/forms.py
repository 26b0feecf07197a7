"""Bodies that are not JSON: forms, files, and content as it is."""

from __future__ import annotations

import copy
import io
import os
import uuid
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias, TypeVar

from ..errors import IllegalInputException
from .operation import Operation, Parameter, encoded, text_of
from .styles import Pair, repeat

if TYPE_CHECKING:
    from .transport import Progress, Stream

T = TypeVar("T")


class Readable(Protocol):
    """Anything to read bytes from, such as a file that is open in binary mode.

    It is read block by block as it is sent: one that counts what is read shows the progress.
    """

    def read(self, size: int, /) -> bytes:
        """The next bytes, at most so many; none at the end."""


#: The whole content of a body.
ContentSource: TypeAlias = bytes | str | Readable

_File: TypeAlias = bytes | str | os.PathLike[str] | Readable

#: A file to send: its content, its path, an open file, or a pair of the name that the server shall see and
#: one of these.
FileSource: TypeAlias = _File | tuple[str, _File]

_JSON = "application/json"
_BYTES = "application/octet-stream"
_BLOCK = 65536


def reporting(operation: Operation[T], progress: Progress | None) -> Operation[T]:
    """The operation, whose body says how much of it has been sent."""
    if progress is None:
        return operation
    write = operation.body
    assert write is not None

    def written(
        fields: Sequence[tuple[Parameter, Any]], body: Any, content_type: str
    ) -> tuple[bytes | Stream, str]:
        content, kind = write(fields, body, content_type)
        return content if isinstance(content, bytes) else _Reporting(content, progress), kind

    again = copy.copy(operation)
    again.body = written
    return again


def form(
    fields: Sequence[tuple[Parameter, Any]], body: Any, content_type: str
) -> tuple[bytes, str]:
    """``name=value&…``, as in a query."""
    text = "&".join(part for each, value in fields for part in encoded(_pairs(each, value)))
    return text.encode("ascii"), content_type or "application/x-www-form-urlencoded"


def multipart(
    fields: Sequence[tuple[Parameter, Any]], body: Any, content_type: str
) -> tuple[Body, str]:
    """A part for each field, files among them."""
    boundary = uuid.uuid4().hex
    pieces: list[Piece] = []
    for parameter, value in fields:
        for head, piece in _parts(parameter, value):
            pieces += [Piece(f"--{boundary}\r\n{head}\r\n\r\n".encode()), piece, Piece(b"\r\n")]
    pieces.append(Piece(f"--{boundary}--\r\n".encode()))
    return Body(pieces), f"{content_type or 'multipart/form-data'}; boundary={boundary}"


def content(
    fields: Sequence[tuple[Parameter, Any]], body: Any, content_type: str
) -> tuple[bytes | Body, str]:
    """The one value that is the body."""
    kind = content_type or _BYTES
    if body is None:
        return b"", kind
    if isinstance(body, str):
        return body.encode(), kind
    if isinstance(body, (bytes, bytearray, memoryview)):
        return bytes(body), kind
    return Body([Piece(body)]), kind


def _pairs(parameter: Parameter, value: Any) -> Sequence[Pair]:
    if parameter.style is not None:
        return list(parameter.style(parameter.name, value))
    if isinstance(value, list):
        return list(repeat(parameter.name, value))
    return [(parameter.name, [text_of(value)], "")]


def _parts(parameter: Parameter, value: Any) -> Iterator[tuple[str, Piece]]:
    """(head, content) of the parts of a field."""
    if parameter.type == "binary":
        # A tuple may also be a file's name and its content.
        pair = isinstance(value, tuple) and len(value) == 2 and isinstance(value[0], str)
        for each in value if isinstance(value, (list, tuple)) and not pair else [value]:
            yield _file(parameter, each)
        return
    values = value if isinstance(value, list) else [value]
    if parameter.style is None and any(isinstance(item, (dict, list)) for item in values):
        head = f"{_disposition(parameter.name)}\r\nContent-Type: {_JSON}"
        yield head, Piece(text_of(value).encode())
        return
    for name, texts, mark in _pairs(parameter, value):
        yield _disposition(name), Piece(mark.join(texts).encode())


def _file(parameter: Parameter, value: Any) -> tuple[str, Piece]:
    name = None
    if isinstance(value, tuple):
        name, value = value
    if isinstance(value, (bytes, bytearray, memoryview)):
        value = bytes(value)
    elif isinstance(value, (str, os.PathLike)):
        value = os.fspath(value)
        name = name or os.path.basename(value)
    else:
        # Files that have no name of their own have the number of their descriptor there.
        given = getattr(value, "name", None)
        name = name or (os.path.basename(given) if isinstance(given, str) else None)
    head = f"{_disposition(parameter.name, name or parameter.name)}\r\nContent-Type: {_BYTES}"
    return head, Piece(value)


def _disposition(name: str, file: str | None = None) -> str:
    """The head of a part, with names as browsers write them."""
    head = f'Content-Disposition: form-data; name="{_quoted(name)}"'
    return head if file is None else f'{head}; filename="{_quoted(file)}"'


def _quoted(text: str) -> str:
    return text.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")


class Piece:
    """A part of a body: bytes, the path of a file, or something to read from."""

    def __init__(self, source: bytes | str | Readable) -> None:
        """A file is opened when it is first read, and closed with the body."""
        self._source = source
        self._opened: Any = None
        self._read = 0
        #: Where in the program's own file its content begins; None where it cannot go back.
        self._start: int | None = None
        self.len: int | None = None
        if isinstance(source, bytes):
            self.len = len(source)
        elif isinstance(source, str):
            try:
                self.len = os.stat(source).st_size
            except (OSError, ValueError) as error:
                why = getattr(error, "strerror", None) or error
                raise IllegalInputException(f"the file {source!r} cannot be read: {why}") from error
        elif isinstance(source, io.TextIOBase):
            raise IllegalInputException("a file is open as text: open it in binary mode, 'rb'")
        elif not hasattr(source, "read"):
            raise IllegalInputException(f"{source!r} is no file: bytes, a path or an open file")
        else:
            self._measure(source)

    def _measure(self, file: Any) -> None:
        try:
            start = file.tell()
            end = file.seek(0, os.SEEK_END)
            file.seek(start)
        except (AttributeError, OSError, ValueError):
            return
        self._start, self.len = start, end - start

    def read(self, size: int) -> bytes:
        """The next bytes, none at the end."""
        # What a file has got since it was measured would be taken for another request.
        if self.len is not None:
            size = min(size, self.len - self._read)
        try:
            if self._opened is None:
                source = self._source
                if isinstance(source, bytes):
                    self._opened = io.BytesIO(source)
                elif isinstance(source, str):
                    self._opened = open(source, "rb")  # noqa: SIM115 - closed with the body
                else:
                    self._opened = source
            block = self._opened.read(size) if size else b""
        except OSError as error:
            raise IllegalInputException(f"a file cannot be read: {error}") from error
        if not isinstance(block, bytes):
            raise IllegalInputException(f"a file gave {type(block).__name__}: bytes are wanted")
        self._read += len(block)
        if not block and self.len is not None and self._read < self.len:
            raise IllegalInputException("a file became shorter while it was sent")
        return block

    def rewind(self) -> bool:
        """Begin again, where that can be done."""
        if isinstance(self._source, (bytes, str)):
            self.close()
        elif self._start is not None and self._opened is not None:
            self._opened.seek(self._start)
        elif self._opened is not None:
            return False
        self._read = 0
        return True

    def close(self) -> None:
        """Close the file, if it was opened here."""
        if isinstance(self._source, (bytes, str)) and self._opened is not None:
            self._opened.close()
            self._opened = None


class Body:
    """Pieces as one stream, read while it is sent."""

    def __init__(self, pieces: Sequence[Piece]) -> None:
        self._pieces = pieces
        self._place = 0
        lengths = [piece.len for piece in pieces]
        #: Its length in bytes; None where that is not known before its end.
        self.len = None if None in lengths else sum(length or 0 for length in lengths)

    def read(self, size: int = -1, /) -> bytes:
        """The next bytes, at most ``size`` (all, if that is negative); none at the end."""
        if size < 0:
            return b"".join(self)
        while self._place < len(self._pieces):
            if block := self._pieces[self._place].read(size):
                return block
            self._place += 1
        return b""

    def __iter__(self) -> Iterator[bytes]:
        while block := self.read(_BLOCK):
            yield block

    def rewind(self) -> bool:
        """Begin again, where that can be done."""
        self._place = 0
        again = [piece.rewind() for piece in self._pieces]
        return all(again)

    def close(self) -> None:
        """Let go of the files that were opened for it."""
        for piece in self._pieces:
            piece.close()


class _Reporting:
    """A body that says how much of it has been read."""

    def __init__(self, body: Stream, progress: Progress) -> None:
        self._body = body
        self._progress = progress
        self._count = 0
        self.len = body.len

    def read(self, size: int = -1, /) -> bytes:
        """The next bytes, none at its end."""
        block = self._body.read(size)
        if block:
            self._count += len(block)
            self._progress(self._count, self.len)
        return block

    def __iter__(self) -> Iterator[bytes]:
        while block := self.read(_BLOCK):
            yield block

    def rewind(self) -> bool:
        """Begin again, where that can be done."""
        self._count = 0
        return self._body.rewind()

    def close(self) -> None:
        """Let go of the files that were opened for it."""
        self._body.close()
