"""Strings that came from an API document."""

from __future__ import annotations


class DocText(str):
    """A string that an API document supplied, and so an untrusted one.

    It is a type of its own so that a template cannot print it by accident: the renderer
    refuses a bare ``DocText`` and accepts only what one of the language's filters (literal,
    comment, identifier) made of it.  Every operation of ``str`` gives back a plain ``str``;
    whoever cuts or joins such text wraps the outcome in ``DocText`` again, or escapes it first.
    """

    __slots__ = ()

    def __repr__(self) -> str:
        return f"DocText({str.__repr__(self)})"


class Code(str):
    """Text that is source code of the target language: the only text a template prints as it is.

    Filters and language modules return it; nothing from a document becomes ``Code`` except
    through an escaping function of the language.
    """

    __slots__ = ()
