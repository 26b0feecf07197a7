"""What a program proves who it is with, as options of the main class and as data for the runtime."""

from __future__ import annotations

from functools import cached_property
from typing import NamedTuple

from codegen.index import Index
from codegen.model import Api, SecurityScheme
from codegen.naming import Scope
from codegen.text import Code

from .escapes import literal, markdown
from .layout import Doc, array, call, laid_out, table
from .names import SETTINGS, member, option_names


class SettingView(NamedTuple):
    """An option of the main class."""

    name: Code
    doc: Code
    declaration: Code


class Credentials:
    """What templates see as ``library.credentials``."""

    def __init__(self, api: Api) -> None:
        self._api = api
        self._kinds = {scheme.kind for scheme in api.security}

    @property
    def takes_password(self) -> bool:
        """Whether user name and password may be given."""
        return not self._api.security or "basic" in self._kinds

    @property
    def takes_token(self) -> bool:
        """Whether a token may be given."""
        return bool(self._kinds & {"bearer", "oauth2"})

    @property
    def takes_client(self) -> bool:
        """Whether the library gets tokens by itself."""
        return "oauth2" in self._kinds

    @cached_property
    def _keys(self) -> list[tuple[str, SecurityScheme]]:
        """(option, scheme) of the API keys."""
        taken = set(SETTINGS)
        if self._api.events is not None:
            _, operation = Index(self._api).operation(self._api.events.operation)
            taken.update(option_names(item.name for item in operation.parameters))
        schemes = [scheme for scheme in self._api.security if scheme.kind == "api_key"]
        names = Scope(member, taken).plan((scheme.name, scheme.name) for scheme in schemes)
        return [(names[scheme.name], scheme) for scheme in schemes]

    @property
    def proves(self) -> bool:
        """Whether there is more to give than user name and password."""
        return bool(self._kinds - {"basic"})

    @property
    def proof(self) -> Code:
        """The ways there are, as an expression."""
        entries = [
            table([("kind", literal(kind))]) for kind in ("basic", "bearer") if kind in self._kinds
        ]
        for name, scheme in self._keys:
            members = {
                "kind": "apiKey",
                "option": name,
                "in": scheme.location,
                "parameter": str(scheme.parameter),
            }
            entries.append(table((member_, literal(text)) for member_, text in members.items()))
        for scheme in self._api.security:
            if scheme.kind == "oauth2":
                scopes = array([literal(str(scope)) for scope in scheme.scopes])
                tokens = call("clientCredentials", [literal(str(scheme.token_url)), scopes])
                entries.append(table([("kind", literal("oauth2")), ("tokens", tokens)]))
        return laid_out(call("prove", [array(entries)]), 2, len("prove: "))

    @property
    def settings(self) -> list[SettingView]:
        """The options beside user name and password."""
        found: list[tuple[str, str, str]] = []
        if self.takes_token:
            text = "A token, or a function that is called for one before each request."
            found.append(("token", "string | (() => string | Promise<string>) | undefined", text))
        if self.takes_client:
            text = "The client's id, with which the library gets its tokens by itself."
            found.append(("clientId", "string | undefined", text))
            found.append(("clientSecret", "string | undefined", "The client's secret."))
        for name, scheme in self._keys:
            text = str(scheme.description) or f"The key for `{scheme.name}`."
            found.append((name, "string | undefined", text))
        return [
            SettingView(Code(name), Doc(text).code(2), Code(f"{name}?: {type_};"))
            for name, type_, text in found
        ]

    @property
    def shown(self) -> list[Code]:
        """The options of an example."""
        if self.takes_password:
            return [Code('username: "user",'), Code('password: "password",')]
        if self.takes_client:
            return [Code('clientId: "id",'), Code('clientSecret: "secret",')]
        if self.takes_token:
            return [Code('token: "token",')]
        return [Code(f'{name}: "key",') for name, _ in self._keys[:1]]

    @property
    def keys(self) -> list[tuple[Code, Code]]:
        """(option, the document's name) of the API keys, for the README."""
        return [(Code(name), markdown(scheme.name)) for name, scheme in self._keys]
