"""What a program proves who it is with: options of the main class, and data for the runtime."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from codegen.model import SecurityScheme
from codegen.naming import Scope, snake
from codegen.text import Code

from .escapes import in_pod, literal, words
from .layout import block, in_lines, quoted_words
from .names import RESERVED, plan

if TYPE_CHECKING:
    from .library import Library

#: The options of every main class.
_OPTIONS = frozenset(
    "api_url client_id client_secret intervals on_error password timeout tls token ua username".split()
)


class OptionView(NamedTuple):
    """An option of the main class."""

    name: Code
    pod: Code


class CredentialsView:
    """What templates see as ``library.credentials``."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._schemes = library.api.security
        self._kinds = {scheme.kind for scheme in self._schemes}

    @property
    def proves(self) -> bool:
        """Whether there is more than user name and password."""
        return bool(self._kinds - {"basic"})

    @property
    def takes_password(self) -> bool:
        """Whether user name and password may be given."""
        return not self._schemes or "basic" in self._kinds

    @property
    def _takes_token(self) -> bool:
        return bool(self._kinds & {"bearer", "oauth2"})

    @cached_property
    def _keys(self) -> list[tuple[str, SecurityScheme]]:
        """(option, scheme) of the API keys."""
        events = self._library.events
        stream = events.option_names if events else []
        schemes = [scheme for scheme in self._schemes if scheme.kind == "api_key"]
        names = plan(Scope(snake, RESERVED | _OPTIONS | {*stream}), (s.name for s in schemes))
        return [(names[scheme.name], scheme) for scheme in schemes]

    @cached_property
    def options(self) -> list[OptionView]:
        """The options beside user name and password, with their POD."""
        found: list[OptionView] = []

        def add(name: str, text: str) -> None:
            found.append(OptionView(Code(name), Code(in_lines(text))))

        if self._takes_token:
            add("token", "A token, or code that is called for one before each request.")
        if "oauth2" in self._kinds:
            text = "The client's id and secret, for a library that gets its own tokens."
            add("client_id, client_secret", text)
        for name, scheme in self._keys:
            add(name, in_pod(scheme.description) or f"The key of {in_pod(scheme.name)}.")
        return found

    @property
    def data(self) -> str:
        """What the runtime is told; see Credentials.pm."""
        names = ["username", "password"] if self.takes_password else []
        names += [name for view in self.options for name in str(view.name).split(", ")]
        entries: list[tuple[str, str]] = [("options", quoted_words(names, 8))]
        if self._keys:
            keys = []
            for name, scheme in self._keys:
                where = [
                    ("in", literal(scheme.location)),
                    ("name", literal(str(scheme.parameter))),
                ]
                keys.append((name, block("{", where, "}", 12)))
            entries.append(("keys", block("{", keys, "}", 8)))
        grants = [scheme for scheme in self._schemes if scheme.kind == "oauth2"]
        if grants:
            scopes = list(dict.fromkeys(str(s) for scheme in grants for s in scheme.scopes))
            grant: list[tuple[str, str]] = [("token_url", literal(str(grants[0].token_url)))]
            if scopes:
                found = words(scopes)
                listed = quoted_words(found, 12) if found else literal(scopes)
                grant.append(("scopes", listed))
            entries.append(("grant", block("{", grant, "}", 8)))
        return block("{", entries, "}", 4)

    @property
    def shown(self) -> list[tuple[str, str]]:
        """Such options in an example."""
        if self.takes_password:
            return [("username", "'user'"), ("password", "'password'")]
        if "oauth2" in self._kinds:
            return [("client_id", "'id'"), ("client_secret", "'secret'")]
        return [(str(view.name), "'...'") for view in self.options[:1]]
