"""Lays out docs/rules.md."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import jinja2

from .textproto import Message, Unreadable, Value, read

_REPOSITORY = "@asterisk_rest_libraries"

#: What Bazel calls the types of attributes, in the words of its own documentation.
_TYPES = {
    "NAME": "name",
    "INT": "int",
    "LABEL": "label",
    "STRING": "string",
    "STRING_LIST": "list of strings",
    "LABEL_LIST": "list of labels",
    "BOOLEAN": "bool",
    "LABEL_STRING_DICT": "dict of labels to strings",
    "STRING_DICT": "dict of strings",
    "OUTPUT": "output",
}


class Undocumented(Exception):
    """Something that users see says nothing of itself."""


@dataclass(frozen=True)
class Row:
    """An attribute, an argument, or a field of a provider."""

    name: str
    type: str
    #: As a BUILD file has it; None where it must be given.
    default: str | None
    text: str


@dataclass(frozen=True)
class Entry:
    """A rule, a macro or a provider."""

    name: str
    text: str
    rows: tuple[Row, ...]
    #: What a rule's targets give to others.
    gives: tuple[str, ...] = ()
    #: Whether a provider's constructor looks at what it is given.
    checked: bool = False

    @property
    def summary(self) -> str:
        """Its first sentence."""
        first, _, _ = self.text.partition("\n\n")
        return re.split(r"(?<=\.)\s", first, maxsplit=1)[0]


def rules_and_macros(extract: str) -> list[Entry]:
    """Return what BUILD files can call, as starlark_doc_extract says."""
    module = read(extract)
    rules = [_rule(rule) for rule in _messages(module, "rule_info")]
    return rules + [_macro(macro) for macro in _messages(module, "func_info")]


def render(extract: str) -> str:
    """Return the document for what starlark_doc_extract says of defs.bzl."""
    module = read(extract)
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,  # Markdown
    )
    return environment.get_template("rules.md.j2").render(
        text=_text(module, "module_docstring", "defs.bzl"),
        rules=[_rule(rule) for rule in _messages(module, "rule_info")],
        macros=[_macro(macro) for macro in _messages(module, "func_info")],
        providers=[_provider(provider) for provider in _messages(module, "provider_info")],
    )


def _rule(rule: Message) -> Entry:
    name = _string(rule, "rule_name")
    rows = [_attribute(name, each) for each in _messages(rule, "attribute")]
    advertised = [
        _string(names, "name")
        for group in _messages(rule, "advertised_providers")
        for names in _messages(group, "origin_key")
    ]
    # Those that must be given come first.
    rows.sort(key=lambda row: (row.name != "name", row.default is not None))
    return Entry(name, _text(rule, "doc_string", name), tuple(rows), tuple(advertised))


def _attribute(rule: str, attribute: Message) -> Row:
    name = _string(attribute, "name")
    type_ = _string(attribute, "type")
    if type_ not in _TYPES:
        raise Unreadable(f"{rule}.{name}: the type {type_} has no name here")
    default = None
    if attribute.get("mandatory") != [True]:
        default = _default(_string(attribute, "default_value"))
    return Row(
        name, _TYPES[type_], default, _line(_text(attribute, "doc_string", f"{rule}.{name}"))
    )


def _default(text: str) -> str:
    """Return a default value; a label as other repositories write it, whichever mode Bazel is in."""
    return re.sub(r'"@{0,2}//', f'"{_REPOSITORY}//', text)


def _macro(macro: Message) -> Entry:
    name = _string(macro, "function_name")
    rows = []
    for parameter in _messages(macro, "parameter"):
        argument = _string(parameter, "name")
        text = _text(parameter, "doc_string", f"{name}({argument})")
        if argument == "kwargs":
            rows.append(Row("**kwargs", "", "", _line(text)))
            continue
        default = None
        if parameter.get("mandatory") != [True]:
            default = _default(_string(parameter, "default_value"))
        rows.append(Row(argument, "", default, _line(text)))
    return Entry(name, _text(macro, "doc_string", name).strip(), tuple(rows))


def _provider(provider: Message) -> Entry:
    name = _string(provider, "provider_name")
    rows = []
    for field in _messages(provider, "field_info"):
        text = _text(field, "doc_string", f"{name}.{_string(field, 'name')}")
        type_, colon, meaning = text.partition(": ")
        if not colon:
            raise Undocumented(f"{name}.{_string(field, 'name')} says no type: {text}")
        rows.append(Row(_string(field, "name"), type_, None, _line(meaning)))
    return Entry(name, _text(provider, "doc_string", name), tuple(rows), checked="init" in provider)


def _messages(message: Message, field: str) -> list[Message]:
    return [value for value in message.get(field, []) if isinstance(value, dict)]


def _string(message: Message, field: str) -> str:
    value: Value = message.get(field, [""])[0]
    if not isinstance(value, str):
        raise Unreadable(f"{field} is no text: {value}")
    try:
        # Bazel 7 takes the bytes of UTF-8 for characters, and writes each of these as UTF-8.
        return value.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return value


def _text(message: Message, field: str, whose: str) -> str:
    text = _string(message, field).strip()
    if not text:
        raise Undocumented(f"{whose} has no documentation")
    return text


def _line(text: str) -> str:
    """Return a text as a cell of a table: in one line, a sentence, without what would end the cell."""
    line = " ".join(text.split()).replace("|", "\\|")
    return line[0].upper() + line[1:] if line[:1].islower() and line.split()[0].isalpha() else line
