"""Names: from the words of a document to identifiers of a programming language.

Whatever a document says, a name made here holds only ASCII letters, digits and underscores (and
hyphens, where a style joins words with them) and begins with a letter.  A ``Scope`` plans all names
of one place together, so that reserved words and collisions are resolved in the same way every
time.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from .problems import GenerationError, quoted

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Mapping
import functools
from pathlib import Path

#: Longer names are cut: no language or file system bears names without end.
MAX_LENGTH = 100

# In "RTPstat" and "HTTPServer" only knowledge of the words tells where the acronym ends.
_ACRONYMS = frozenset(
    [
        "ACL",
        "AMI",
        "API",
        "CDR",
        "CEP",
        "CSV",
        "DID",
        "DNS",
        "DTMF",
        "FTP",
        "HTML",
        "HTTP",
        "HTTPS",
        "IP",
        "IVR",
        "JSON",
        "LDAP",
        "MAC",
        "MOH",
        "PBX",
        "PIN",
        "PSTN",
        "REST",
        "RTCP",
        "RTP",
        "SDP",
        "SIP",
        "SMS",
        "SQL",
        "SRTP",
        "SSH",
        "SSL",
        "TCP",
        "TLS",
        "TTS",
        "UDP",
        "URI",
        "URL",
        "UUID",
        "VLAN",
        "VPN",
        "XML",
    ]
)


def words(text: str) -> list[str]:
    """Return the words of ``text``, in lower case: absorb and dtmf of ``absorbDTMF``."""
    found: list[str] = []
    for piece in re.split(r"[^A-Za-z0-9]+", _ascii(text)):
        found.extend(_split(piece))
    return found


def _split(piece: str) -> list[str]:
    """Return the words of a piece that holds ASCII letters and digits only."""
    result = []
    start = 0
    for at in range(1, len(piece)):
        before, here = piece[at - 1], piece[at]
        boundary = False
        if here.isupper():
            boundary = not before.isupper()
            if not boundary and at + 1 < len(piece) and piece[at + 1].islower():
                # The last capital of a run: it begins a word (RTPStat, HTTPServer), unless the run
                # as a whole is an acronym (RTPstat) or only a plural s follows (channelIDs).
                run = piece[start : at + 1]
                whole = run in _ACRONYMS and run[:-1] not in _ACRONYMS
                boundary = not whole and piece[at + 1 :] != "s"
        elif here.islower() and before.isupper() and at - start > 1:
            boundary = piece[at:] != "s"
        if boundary:
            result.append(piece[start:at].lower())
            start = at
    if piece:
        result.append(piece[start:].lower())
    return result


def _ascii(text: str) -> str:
    """``text`` in ASCII: letters lose their accents; others are spelt by their code point."""
    if text.isascii():
        return str(text)
    import unicodedata  # only where a name is not ASCII

    result = []
    for character in unicodedata.normalize("NFKD", text):
        if character.isascii():
            result.append(character)
        elif character.isalnum():
            result.append(f"u{ord(character):04x}")
        elif not unicodedata.combining(character):
            result.append(" ")
    return "".join(result)


def _safe_words(text: str) -> list[str]:
    found = words(text)
    if not found:
        # Signs alone, such as "*": spelt out by their code points.
        found = [f"x{ord(c):02x}" for c in text.strip()[:20]]
    if not found:
        raise GenerationError(f"no name can be made of {quoted(text)}")
    if found[0][0].isdigit():
        found[0] = "n" + found[0]
    return found


def _cut(name: str) -> str:
    return name[:MAX_LENGTH].rstrip("_-")


@functools.cache
def snake(text: str) -> str:
    """Return a name such as ``get_channel_var``."""
    return _cut("_".join(_safe_words(text)))


def upper_snake(text: str) -> str:
    """Return a name such as ``GET_CHANNEL_VAR``."""
    return snake(text).upper()


def kebab(text: str) -> str:
    """Return a name such as ``get-channel-var``."""
    return _cut("-".join(_safe_words(text)))


@functools.cache
def camel(text: str) -> str:
    """Return a name such as ``getChannelVar``."""
    first, *rest = _safe_words(text)
    return _cut(first + "".join(word.capitalize() for word in rest))


@functools.cache
def pascal(text: str) -> str:
    """Return a name such as ``GetChannelVar``."""
    return _cut("".join(word.capitalize() for word in _safe_words(text)))


@functools.cache
def kept(text: str) -> str:
    """Return the name as the document has it, with every other character replaced by an underscore.

    Leading underscores go: names that begin with them have a meaning of their own in most
    languages.
    """
    name = re.sub(r"[^A-Za-z0-9_]", "_", _ascii(text)).lstrip("_")
    if not re.search(r"[A-Za-z0-9]", name):
        return snake(text)
    if name[0].isdigit():
        name = "n" + name
    return name[:MAX_LENGTH]


@functools.cache
def kept_class(text: str) -> str:
    """Return a class's name as the document has it (``RTPstat``), beginning in upper case."""
    name = kept(text)
    if name != text:
        name = "".join(part[0].upper() + part[1:] for part in name.split("_") if part)
    return name[0].upper() + name[1:]


def reserved_words(path: Path) -> frozenset[str]:
    """Return the words of a ``reserved.txt``: any number in a line; ``#`` begins a remark."""
    found: set[str] = set()
    for line in path.read_text("utf-8").splitlines():
        found.update(line.partition("#")[0].split())
    return frozenset(found)


class Scope:
    """All names of one place (a module, a class, a parameter list), planned together.

    ``style`` makes a name of a text; ``reserved`` names are never given; with ``fold``, names that
    differ only in case collide (file names do, on many systems).  A reserved name gets ``suffix``;
    of names that collide, the first whose own spelling is the name keeps it, and the others get 2,
    3, … after ``separator``.
    """

    def __init__(
        self,
        style: Callable[[str], str],
        reserved: Iterable[str] = (),
        *,
        suffix: str = "_",
        separator: str = "_",
        fold: bool = False,
    ) -> None:
        self._style = style
        self._suffix = suffix
        self._separator = separator
        self._fold = fold
        self._reserved = frozenset(map(str.lower, reserved) if fold else reserved)
        self._taken: set[str] = set()

    def plan(self, items: Iterable[tuple[Hashable, str]]) -> dict[Hashable, str]:
        """Return a name for each ``(key, text)``; the keys are the caller's.

        The order of ``items`` decides only between those that have an equal claim.
        """
        given: dict[Hashable, str] = {}
        wanted: list[tuple[Hashable, str]] = []
        pairs = [(key, text, self._style(text)) for key, text in items]
        # First those whose text is the name already, so that another's correction never moves them.
        for key, text, name in pairs:
            if name == text and self._is_free(name):
                given[key] = self._take(name)
            else:
                wanted.append((key, name))
        for key, name in wanted:
            given[key] = self.add(name)
        return {key: given[key] for key, _, _ in pairs}

    def add(self, text: str) -> str:
        """Return a free name for ``text``, after all names given so far."""
        name = self._style(text)
        if self._key(name) in self._reserved:
            name += self._suffix
        candidate = name
        number = 2
        while not self._is_free(candidate):
            candidate = f"{name}{'' if name.endswith('_') else self._separator}{number}"
            number += 1
        return self._take(candidate)

    def _key(self, name: str) -> str:
        return name.lower() if self._fold else name

    def _is_free(self, name: str) -> bool:
        key = self._key(name)
        return key not in self._reserved and key not in self._taken

    def _take(self, name: str) -> str:
        self._taken.add(self._key(name))
        return name


def plan(
    texts: Iterable[str],
    style: Callable[[str], str],
    reserved: Iterable[str] = (),
    *,
    suffix: str = "_",
    separator: str = "_",
    fold: bool = False,
) -> Mapping[str, str]:
    """Return the names of ``texts`` (all different) in a scope of their own."""
    scope = Scope(style, reserved, suffix=suffix, separator=separator, fold=fold)
    return {str(key): name for key, name in scope.plan((text, text) for text in texts).items()}
