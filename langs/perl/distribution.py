"""What CPAN's tools want to know of a distribution: its version, its licence, what it needs."""

from __future__ import annotations

import json
import re
from typing import NamedTuple

from codegen.model import Api, Names
from codegen.text import Code

#: CPAN's names of the licences that SPDX names otherwise.
_LICENCES = {
    "Apache-2.0": "apache_2_0",
    "Artistic-2.0": "artistic_2",
    "BSD-2-Clause": "freebsd",
    "BSD-3-Clause": "bsd",
    "GPL-2.0-only": "gpl_2",
    "GPL-3.0-only": "gpl_3",
    "LGPL-2.1-only": "lgpl_2_1",
    "LGPL-3.0-only": "lgpl_3_0",
    "MIT": "mit",
    "MPL-1.1": "mozilla_1_1",
}

#: The oldest Perl that a library runs on.
_PERL = "5.026000"

#: What a library needs to run; all but Mojolicious comes with Perl. Its version 9.31 is the first with tls_options.
_REQUIRES = {
    "Digest::SHA": "0",
    "Encode": "0",
    "Exporter": "0",
    "Fcntl": "0",
    "HTTP::Tiny": "0.070",
    "List::Util": "1.45",
    "MIME::Base64": "0",
    "Mojolicious": "9.31",
    "Scalar::Util": "0",
    "Socket": "0",
    "Sub::Util": "1.40",
    "Time::HiRes": "0",
    "Time::Local": "0",
}

#: What it needs more to hear of events.
_REQUIRES_FOR_EVENTS = {"POSIX": "0"}

#: What a library uses where it is installed: https and wss.
_RECOMMENDS = {"IO::Socket::SSL": "2.009"}


class Needed(NamedTuple):
    """A module, and the version from which on it will do; both stand within single quotes, or double ones."""

    module: Code
    version: Code
    #: Blanks after a module that is shorter than the longest.
    margin: Code
    #: The comma between this and the next one, where the format allows none after the last.
    comma: Code


class Distribution:
    """A distribution as Makefile.PL and META.json describe it."""

    def __init__(self, api: Api, names: Names) -> None:
        self.version, rest = _version(str(api.client.version))
        self.status = Code("testing" if rest else "stable")
        self.licence = Code(_LICENCES.get(str(api.client.licence), "unknown"))
        self.perl = Code(_PERL)
        more = _REQUIRES_FOR_EVENTS if api.events is not None else {}
        modules = dict(sorted({**_REQUIRES, **more}.items()))
        self.requires = _needed({"perl": _PERL, **modules})
        self.modules = _needed(modules)
        self.recommends = _needed(_RECOMMENDS)
        self.abstract = _json(str(api.client.title) or names.package)
        self.authors = Code(", ".join(_json(str(one)) for one in api.client.authors) or '"unknown"')


def _version(text: str) -> tuple[Code, str]:
    """A version as Perl orders them, by its numbers, and what stands behind these."""
    # Two numbers alone would be a fraction to Perl: 1.10 before 1.9.
    found = re.match(r"v?([0-9]{1,9}(?:\.[0-9]{1,3}){0,3})(?![0-9])", text)
    if not found:
        return Code("v0.0.0"), text
    numbers = [str(int(number)) for number in found[1].split(".")]
    return Code("v" + ".".join((*numbers, "0", "0")[: max(3, len(numbers))])), text[found.end() :]


def _needed(modules: dict[str, str]) -> list[Needed]:
    last = list(modules)[-1]
    width = max(map(len, modules))
    return [
        Needed(
            Code(module),
            Code(version),
            Code(" " * (width - len(module))),
            Code("" if module == last else ","),
        )
        for module, version in modules.items()
    ]


def _json(text: str) -> Code:
    """A text for META.json, on one line; what is no character is replaced, as JSON::PP refuses it."""
    line = " ".join(text.encode("utf-8", "replace").decode("utf-8").split())
    return Code(json.dumps(line or "unknown"))
