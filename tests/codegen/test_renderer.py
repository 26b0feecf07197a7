"""The renderer: which files come out, and that nothing of a document gets into them by accident."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import jinja2
import pytest
from codegen.language import Language, Page
from codegen.model import Names
from codegen.problems import GenerationError
from codegen.renderer import environment, render
from codegen.text import Code, DocText

from tests.codegen.helpers import api_of, document, good, operation

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

    from codegen.model import Api

TITLE = DocText("a title")


class Tiny(Language):
    """A language that makes what a test tells it."""

    name = "tiny"
    runtime_folder = "%package%/runtime"

    def __init__(self, pages: Mapping[str, Iterable[Page]] | None = None) -> None:
        self._pages = pages or {}

    def names(self, api: Api, package: str | None) -> Names:
        return Names("tiny", package or "pkg", "Pkg", "pkg")

    def filters(self) -> Mapping[str, Callable[..., Any]]:
        return {"literal": lambda value: Code(repr(str(value))), "bare": str}

    def variables(self, api: Api, names: Names) -> Mapping[str, Any]:
        return {
            "title": TITLE,
            "plain": "plain",
            "good": Code("good"),
            "texts": [DocText("a"), DocText("b")],
            "codes": [Code("a"), Code("b")],
            "call_me": lambda **_: DocText("called"),
        }

    def pages(self, api: Api, names: Names) -> Mapping[str, Iterable[Page]]:
        return self._pages


@pytest.fixture
def api(tmp_path: Path) -> Api:
    return api_of(good(tmp_path / "api", document(("/a", operation()))))


@pytest.fixture
def lay_out(tmp_path: Path, api: Api) -> Callable[..., dict[str, str]]:
    """Write templates, render them, and give the files."""

    def run(
        templates: dict[str, str],
        pages: Mapping[str, Iterable[Page]] | None = None,
        runtime: dict[str, str] | None = None,
        package: str | None = None,
    ) -> dict[str, str]:
        for folder, files in (("templates", templates), ("runtime", runtime or {})):
            for name, content in files.items():
                path = tmp_path / folder / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(content)
        made = render(Tiny(pages), api, package, tmp_path / "templates", tmp_path / "runtime")
        return {path: content.decode() for path, content in made.items()}

    return run


# --- which files


def test_the_template_tree_is_the_output_tree(lay_out: Callable[..., dict[str, str]]) -> None:
    files = lay_out(
        {
            "README.md.j2": "readme",
            "%package%/__init__.py.j2": "init",
            "%package%/%page%.py.j2": "page {{ number }}\n",
            "deep/er/plain.txt": "{{ as it is }}",
            "_part.j2": "part",
            "%package%/_part.j2": "part",
            "_parts/a.j2": "part",
        },
        {"page": [Page("one", {"number": 1}), Page("two", {"number": 2})]},
        {
            "core.py": "{{ core }}",
            "sub/_private.py": "x",
            "__pycache__/a.pyc": "x",
            "BUILD.bazel": "",
        },
    )
    assert files == {
        "README.md": "readme",
        "pkg/__init__.py": "init",
        "pkg/one.py": "page 1\n",
        "pkg/two.py": "page 2\n",
        "deep/er/plain.txt": "{{ as it is }}",
        "pkg/runtime/core.py": "{{ core }}",
        "pkg/runtime/sub/_private.py": "x",
    }


def test_a_language_leaves_out_what_a_library_does_not_need(api: Api, tmp_path: Path) -> None:
    class Sparing(Tiny):
        def carries(self, api: Api, file: str) -> bool:
            return file != "sub/events.rb"

    for name in ("templates/x", "runtime/core.rb", "runtime/sub/events.rb"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x")

    made = render(Sparing(), api, None, tmp_path / "templates", tmp_path / "runtime")

    assert list(made) == ["pkg/runtime/core.rb", "x"]


def test_the_package_of_the_command_line(lay_out: Callable[..., dict[str, str]]) -> None:
    assert list(lay_out({"%package%/a.j2": ""}, package="other")) == ["other/a"]


def test_a_language_may_say_where_its_package_lies(lay_out: Callable[..., dict[str, str]]) -> None:
    files = lay_out({"lib/%package%.pm.j2": ""}, {"package": [Page("My/Client", {})]})
    assert list(files) == ["lib/My/Client.pm"]


def test_no_pages_no_files(lay_out: Callable[..., dict[str, str]]) -> None:
    # Such a template is not even compiled.
    assert lay_out({"%page%.j2": "{% nonsense"}, {"page": []}) == {}


@pytest.mark.parametrize(
    ("templates", "pages", "expected"),
    [
        ({"%x%.j2": ""}, {}, "has the placeholder %x%, for which the language makes no pages"),
        ({"%a%/%b%.j2": ""}, {"a": [], "b": []}, "has two placeholders, %a% and %b%"),
        ({"a.j2": "", "a": ""}, {}, "a and a.j2 both make the file"),
        ({"%a%.j2": ""}, {"a": [Page("x", {}), Page("x", {})]}, 'both make the file "x"'),
    ],
)
def test_trees_that_cannot_be(
    lay_out: Callable[..., dict[str, str]], templates: Any, pages: Any, expected: str
) -> None:
    with pytest.raises(GenerationError, match=expected):
        lay_out(templates, pages)


def test_the_same_input_gives_the_same_files(lay_out: Callable[..., dict[str, str]]) -> None:
    templates = {"b.j2": "{{ good }}", "a.j2": "{{ title|literal }}"}
    first = lay_out(templates)
    assert list(first) == ["a", "b"]
    assert lay_out(templates) == first


# --- what a template may print


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("{{ good }}", "good"),
        ("{{ 5 }}", "5"),
        ("{{ codes|length }}", "2"),
        ("{{ title|literal }}", "'a title'"),
        ('{{ "a literal" }}', "a literal"),
        ('{{ "yes" if title else "no" }}', "yes"),
        ('{{ good ~ "!" ~ 5 }}', "good!5"),
        ('{{ codes|join(", ") }}', "a, b"),
        ("{{ codes|join }}", "ab"),
        ('{{ texts|map("literal")|join("+") }}', "'a'+'b'"),
        ("{% set x = good %}{{ x }}", "good"),
        ("{% set x %}[{{ good }}]{% endset %}{{ x }}", "[good]"),
        ("{% set x %}a\nb\n\nc{% endset %}{{ x|indent }}", "a\n    b\n\n    c"),
        ('{% set x %}a\nb{% endset %}{{ x|indent("> ", first=true) }}', "> a\n> b"),
        ("{% set x %}  a  {% endset %}{{ x|trim }}", "a"),
        ("{% macro m(x) %}<{{ x }}>{% endmacro %}{{ m(good) }}{{ m(m(1)) }}", "<good><<1>>"),
        ('{% macro m(x="d") %}<{{ x }}>{% endmacro %}{{ m() }}', "<d>"),
        ("{% macro m() %}<{{ caller() }}>{% endmacro %}{% call m() %}in{% endcall %}", "<in>"),
        ("{% for x in codes %}{{ x }}{{ ',' if not loop.last }}{% endfor %}", "a,b"),
        ("{% for x in codes %}{{ loop.index }}{% endfor %}", "12"),
        ("{% for x in range(2) %}{{ x }}{% endfor %}", "01"),
        ("{% set n = namespace(x=good) %}{{ n.x }}", "good"),
        ("{% if title == 'a title' %}equal{% endif %}", "equal"),
        ("{{ {'k': good}['k'] }}", "good"),
        ("line\n{% if true %}\n  kept\n{% endif %}\nend\n", "line\n  kept\nend\n"),
    ],
)
def test_what_may_be_printed(
    lay_out: Callable[..., dict[str, str]], template: str, expected: str
) -> None:
    if "{{ ',' if not loop.last }}" in template:
        template = template.replace(
            "{{ ',' if not loop.last }}", "{{ ',' if not loop.last else '' }}"
        )
    assert lay_out({"out.j2": template}) == {"out": expected}


@pytest.mark.parametrize(
    "template",
    [
        "{{ title }}",
        "{{ plain }}",
        "{{ title|upper }}",
        "{{ title|string }}",
        "{{ title|safe }}",
        "{{ title|e }}",
        "{{ title|tojson }}",
        "{{ title|trim }}",
        "{{ title|indent }}",
        "{{ title|bare }}",
        "{{ title|default('x') }}",
        "{{ good|replace('good', title) }}",
        "{{ title ~ good }}",
        "{{ good ~ title }}",
        "{{ good ~ plain }}",
        "{{ good + title }}",
        "{{ good + good }}",
        "{{ '%s' % title }}",
        "{{ '%s'|format(title) }}",
        "{{ '{}'.format(title) }}",
        "{{ texts|join }}",
        "{{ texts|join(', ') }}",
        "{{ codes|join(title) }}",
        "{{ codes|join(title|upper) }}",
        "{{ texts }}",
        "{{ texts[0] }}",
        "{{ texts|first }}",
        "{{ good or title if false else title }}",
        "{% set x = title %}{{ x }}",
        "{% set y = title %}{% set x | replace('a', y) %}aa{% endset %}{{ x }}",
        "{% macro m(x) %}{{ x }}{% endmacro %}{{ m(title) }}",
        "{% macro m(x) %}{{ good }}{% endmacro %}{{ m(1)|replace('g', title) }}",
        "{% call call_me() %}{% endcall %}",
        "{{ none }}",
        "{{ true }}",
        "{{ 1.5 }}",
        "{{ good|list }}",
        "{{ good|indent(title) }}",
    ],
)
def test_what_is_refused(lay_out: Callable[..., dict[str, str]], template: str) -> None:
    with pytest.raises(GenerationError, match=r"out\.j2:2: "):
        lay_out({"out.j2": f"first line\n{template}"})


def test_a_filter_block_would_print_anything(lay_out: Callable[..., dict[str, str]]) -> None:
    with pytest.raises(GenerationError, match=r"out\.j2:1: a filter block is not possible"):
        lay_out({"out.j2": "{% filter replace('a', title) %}a{% endfilter %}"})


def test_the_error_names_the_text_and_its_place(lay_out: Callable[..., dict[str, str]]) -> None:
    with pytest.raises(
        GenerationError,
        match=r'_part\.j2:3: a text of the document is printed without a filter: "a title"',
    ):
        lay_out({"out.j2": '{% include "_part.j2" %}', "_part.j2": "\n\n{{ title }}"})


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("{{ missing }}", r"out\.j2:1: 'missing' is undefined"),
        ("\n{{ good.missing }}", r"out\.j2:2: .* has no attribute 'missing'"),
        ("{% if missing %}{% endif %}", r"out\.j2:1: 'missing' is undefined"),
        ("\n\n{% if %}", r"out\.j2:3: "),
        ("{{ good|missing }}", r"out\.j2:1: No filter named 'missing'"),
        ('{% include "none.j2" %}', r'there is no template "none.j2"'),
        ('{% include "../../secret" %}', r"there is no template"),
        ("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", "call each other without end"),
        ("{{ lipsum() }}", r"out\.j2:1: 'lipsum' is undefined"),
    ],
)
def test_mistakes_of_templates(
    lay_out: Callable[..., dict[str, str]], template: str, expected: str
) -> None:
    with pytest.raises(GenerationError, match=expected):
        lay_out({"out.j2": template})


def test_jinja_in_a_document_is_only_text(lay_out: Callable[..., dict[str, str]]) -> None:
    page = Page("x", {"text": DocText("{{ 7 * 7 }}{% raw %}")})
    assert lay_out({"%page%.j2": "{{ text|literal }}"}, {"page": [page]}) == {
        "x": "'{{ 7 * 7 }}{% raw %}'"
    }


def test_a_language_that_refuses_a_text(tmp_path: Path) -> None:
    def refuse(value: Any) -> Code:
        raise GenerationError("no name can be made of it")

    (tmp_path / "a.j2").write_text("{{ x|refuse }}")
    env = environment(tmp_path, {"refuse": refuse})
    with pytest.raises(GenerationError):
        env.get_template("a.j2").render(x=1)


def test_undefined_is_strict(tmp_path: Path) -> None:
    (tmp_path / "a.j2").write_text("{{ x }}")
    with pytest.raises(jinja2.UndefinedError):
        environment(tmp_path, {}).get_template("a.j2").render()
