"""How Perl source is laid out: the lines that perltidy would choose, and POD."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from codegen.text import Code

from .escapes import in_pod, literal

#: The longest line of generated code.
WIDTH = 100


class Pod:
    """A piece of POD under construction: paragraphs that are escaped already, or escaped here."""

    def __init__(self) -> None:
        self._blocks: list[str] = []

    def head(self, level: int, name: str) -> Pod:
        """A heading of an identifier or of words of our own."""
        self._blocks.append(f"=head{level} {name}")
        return self

    def text(self, text: str) -> Pod:
        """A paragraph of a document's text, if there is any."""
        return self.verbatim(in_pod(text))

    def verbatim(self, text: str) -> Pod:
        """A paragraph of the language's own words, already escaped where that was needed."""
        if text:
            self._blocks.append(in_lines(text))
        return self

    def example(self, lines: Iterable[str]) -> Pod:
        """Lines of code, which are shown as they are."""
        self._blocks.append("\n".join(f"    {line}" for line in lines))
        return self

    def items(self, items: Sequence[tuple[str, str]]) -> Pod:
        """A list of terms, which are identifiers, and their descriptions, already escaped."""
        if items:
            self._blocks.append("=over 4")
            for term, text in items:
                self._blocks.append(f"=item {term}")
                self.verbatim(text)
            self._blocks.append("=back")
        return self

    def code(self, *, end: bool = True) -> Code:
        """The POD; with ``end`` the code goes on after it."""
        return Code("\n\n".join([*self._blocks, "=cut"] if end else self._blocks))


def wrapped(text: str, width: int) -> list[str]:
    """The text in lines of that width; words stay whole."""
    lines = []
    start = 0
    while len(text) - start > width:
        end = text.rfind(" ", start, start + width + 1)
        if end < 0:
            end = text.find(" ", start)
            if end < 0:
                break
        lines.append(text[start:end])
        start = end + 1
    lines.append(text[start:])
    return lines


def in_lines(text: str) -> str:
    """A paragraph of POD, already escaped."""
    return "\n".join(wrapped(text, WIDTH))


def pairs(entries: Sequence[tuple[str, str]], indent: int) -> list[str]:
    """Lines ``key => value,``, the arrows one below the other up to a value of several lines.

    A value that is too long for its line gets one of its own, from the first column if need be."""
    lines: list[str] = []
    group: list[tuple[str, str]] = []
    margin = " " * indent

    def flush() -> None:
        width = max((len(name) for name, _ in group), default=0)
        for name, value in group:
            blank = "" if value.startswith("\n") else " "
            lines.append(f"{margin}{name:<{width}} =>{blank}{value},")
        group.clear()

    for name, value in entries:
        if "\n" not in value and len(f"{margin}{name} => {value},") > WIDTH:
            flush()
            place = f"{margin}  " if indent + len(value) + 3 <= WIDTH else ""
            value = f"\n{place}{value}"
        group.append((name, value))
        if "\n" in value:
            flush()
    flush()
    return lines


def block(opening: str, entries: Sequence[tuple[str, str]], closing: str, indent: int) -> str:
    """Pairs over several lines between brackets, whose first line stands at ``indent`` already."""
    if not entries:
        return opening + closing
    return "\n".join([opening, *pairs(entries, indent + 4), " " * indent + closing])


def call(method: str, entries: Sequence[tuple[str, str]]) -> str:
    """A call of a class method with pairs."""
    if len(entries) == 1:
        name, value = entries[0]
        one = f"__PACKAGE__->{method}( {name} => {value} );"
        if len(one) <= WIDTH and "\n" not in one:
            return one
    return block(f"__PACKAGE__->{method}(", entries, ");", 0)


def call_lines(call: str, given: Sequence[str]) -> list[str]:
    """A call as an example, over several lines if need be; pairs, and ``...``, come after single arguments."""
    if not given:
        return [f"{call};"]
    one = f"{call}({given[0]});" if len(given) == 1 and " " not in given[0] else ""
    one = one or f"{call}( {', '.join(given)} );"
    if len(one) <= WIDTH - 4:
        return [one]
    named = [each.split(" => ", 1) for each in given if " => " in each]
    single = [f"    {each}," for each in given if " => " not in each and each != "..."]
    more = ["    ..."] if given[-1] == "..." else []
    return [f"{call}(", *single, *pairs([(name, value) for name, value in named], 4), *more, ");"]


def quoted_words(words: Sequence[str], indent: int) -> str:
    """A list ``[qw(…)]``, at ``indent`` behind whatever stands before it."""
    one = f"[qw({' '.join(words)})]"
    if indent + 20 + len(one) <= WIDTH:
        return one
    margin = " " * indent
    lines = [f"{margin}      {line}" for line in wrapped(" ".join(words), WIDTH - indent - 6)]
    return "\n".join(["[", f"{margin}    qw(", *lines, f"{margin}    )", f"{margin}]"])


def long_literal(text: str, indent: int, before: int) -> str:
    """A text over several lines, at ``indent``, where ``before`` characters stand before it."""
    room = WIDTH - indent - before - 2
    one = literal(text)
    if len(one) <= room:
        return one
    # Escapes lengthen a text: what does not fit is cut into smaller pieces.
    pieces = wrapped(text, room - 12)
    texts = [
        piece + (" " if number < len(pieces) else "") for number, piece in enumerate(pieces, 1)
    ]
    return f"\n{' ' * (indent + 2)}. ".join(literal(piece) for piece in texts)


def qw_call(method: str, first: str, words: Sequence[str]) -> str:
    """A call of a class method with a text and words."""
    one = f"__PACKAGE__->{method}( '{first}', qw({' '.join(words)}) );"
    if len(one) <= WIDTH:
        return one
    lines = [f"      {line}" for line in wrapped(" ".join(words), WIDTH - 6)]
    return "\n".join([f"__PACKAGE__->{method}(", f"    '{first}' => qw(", *lines, "    ),", ");"])
