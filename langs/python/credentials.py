"""What the constructor of a library takes to prove who the program is."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from codegen.model import SecurityScheme
from codegen.naming import Scope, snake
from codegen.text import Code

from .escapes import in_docstring, literal
from .layout import WIDTH, fit, wrapped
from .names import RESERVED, SETTINGS, plan
from .views import SettingView

if TYPE_CHECKING:
    from .library import Library


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
    def takes_token(self) -> bool:
        """Whether a token may be given."""
        return bool(self._kinds & {"bearer", "oauth2"})

    @cached_property
    def _keys(self) -> list[tuple[str, SecurityScheme]]:
        """(argument, scheme) of the API keys."""
        events = self._library.events
        stream = [str(each.name) for each in events.stream_arguments] if events else []
        schemes = [scheme for scheme in self._schemes if scheme.kind == "api_key"]
        names = plan(Scope(snake, RESERVED | SETTINGS | {*stream}), (s.name for s in schemes))
        return [(names[scheme.name], scheme) for scheme in schemes]

    @cached_property
    def settings(self) -> list[SettingView]:
        """The arguments beside user name and password."""
        found: list[SettingView] = []

        def add(name: str, annotation: str, text: str) -> None:
            lines = wrapped(f"{name}: {text}", WIDTH - 12, rest=4)
            entry = Code("\n            ".join(lines))
            found.append(SettingView(Code(name), Code(f"{annotation} | None"), entry))

        if self.takes_token:
            text = "A token, or something to call for one before each request."
            add("token", "str | Callable[[], str]", text)
        if "oauth2" in self._kinds:
            add("client_id", "str", "The client's id, for a library that gets its own tokens.")
            add("client_secret", "str", "The client's secret.")
        for name, scheme in self._keys:
            text = in_docstring(scheme.description) or f"The key of {in_docstring(scheme.name)}."
            add(name, "str", text)
        return found

    @property
    def proof(self) -> Code:
        """The statement that hands them to the runtime."""
        items = ["self", "token"] if self.takes_token else ["self"]
        if self._keys:
            keys = [
                f"credentials.Key({literal(name)}, {literal(scheme.location)}, "
                f"{literal(str(scheme.parameter))}, {name})"
                for name, scheme in self._keys
            ]
            items.append(fit("keys=[", keys, "],", 12).removesuffix(","))
        grants = [scheme for scheme in self._schemes if scheme.kind == "oauth2"]
        if grants:
            scopes = tuple(dict.fromkeys(str(s) for scheme in grants for s in scheme.scopes))
            given: list[str] = [literal(str(grants[0].token_url)), literal(scopes)]
            given += ["client_id", "client_secret"]
            items.append(fit("grant=credentials.Grant(", given, "),", 12).removesuffix(","))
        return fit("credentials.prove(", items, ")", 8)

    @property
    def shown(self) -> Code:
        """Such arguments in an example."""
        if self.takes_password:
            return Code('"user", "password"')
        if "oauth2" in self._kinds:
            return Code('client_id="id", client_secret="secret"')
        return Code(", ".join(f'{view.name}="{view.name}"' for view in self.settings))
