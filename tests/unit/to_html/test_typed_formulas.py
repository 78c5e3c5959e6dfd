r"""Anki's own ``\(…\)`` and ``\[…\]`` in Markdown are formulas; words in brackets are none."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ankivault.convert.field_style import Clozes
from ankivault.convert.markdown.canonical import canonical
from ankivault.convert.to_html.markdown_to_html import markdown_to_html

from ..edit.test_field_edit import ALL_CLOZES, edited, replaced, shown


@pytest.mark.parametrize(
    "formula",
    [
        r"\[x^2\]",
        r"\( x \)",
        r"\(x\)",
        r"\[ a \\ b \\[2pt] c \]",
        r"\(\{a\_b\,c\*d\*\}\)",
        r"\(a \\) b\)",
        r"\(a*b*c_d_ `e` ==f== ~~g~~ [h](i) $j$\)",
        r"\[x \in [0,1)\]",
        r"\[not a formula\]",
        "\\(a +\nb\\)",
        "\\[\n\\begin{aligned}\n- a \\\\\n\n+ b\n\\end{aligned}\n\\]",
    ],
)
@pytest.mark.parametrize(
    ("before", "after", "html"),
    [
        ("", "", "{}"),
        ("a ", " b", "a {} b"),
        ("a\n", "\nb", "a<br>{}<br>b"),
        ("**b** ", " *c*", "<b>b</b> {} <i>c</i>"),
        ("{{c1::", "}}", "{{{{c1::{}}}}}"),
        ("==", "==%%c2::h%%", "{{{{c2::{}::h}}}}"),
    ],
)
def test_what_stands_in_ankis_delimiters_stays(
    formula: str, before: str, after: str, html: str
) -> None:
    assert markdown_to_html(before + formula + after) == html.format(formula)


@pytest.mark.parametrize(
    ("markdown", "html"),
    [
        ("- \\( x \\)\n- \\[\n  - y\n  \\]", "<ul><li>\\( x \\)</li><li>\\[\n- y\n\\]</li></ul>"),
        ("> \\[\n> # x\n> \\]", "<blockquote>\\[\n# x\n\\]</blockquote>"),
        (
            "| \\( a \\) |\n|---|\n| \\[b_1\\] |",
            "<table><tbody><tr><th>\\( a \\)</th></tr><tr><td>\\[b_1\\]</td></tr></tbody></table>",
        ),
        ("### \\(x\\)", "<h1>\\(x\\)</h1>"),
        (r"`\(x\)` \\(y\\)", r"<code>\(x\)</code> \(y\)"),
        (r"\[ and \(", "[ and ("),
        (r"\] \[ \) \(", "] [ ) ("),
        (r"\(\) \[ \] \$5 \#t \*s\*", "() [ ] $5 #t *s*"),
        (r"\[a \[b\]", r"[a \[b\]"),
        (r"[\[1\]](https://a.b)", '<a href="https://a.b">[1]</a>'),
        ("[x]\\(y)\n1\\) b", "[x](y)<br>1) b"),
        ("one\n$$\n- a\n$$\ntwo", "one<br>\\[\n- a\n\\]<br>two"),
        (r"{{c1::\(x}} \)", "{{c1::(x}} )"),
    ],
)
def test_formulas_and_escapes_wherever_they_stand(markdown: str, html: str) -> None:
    assert markdown_to_html(markdown) == html


@pytest.mark.parametrize("clozes", ALL_CLOZES)
@pytest.mark.parametrize("formula", [r"\[x^2\]", r"\( x \)", r"\(\{a\_b\} \\ c\)"])
def test_a_formula_typed_on_a_page(formula: str, clozes: Clozes) -> None:
    field = '<div><font color="red">Rome</font> fell</div><div>in 476</div>'
    edit = replaced(field, "in 476", f"in {formula}", clozes)
    assert edit.html == field.replace("476", formula)
    again = edited(edit.html, shown(edit.html, clozes), clozes)
    assert again.html == edit.html


def test_the_parts_of_a_typed_formula_are_no_emphasis() -> None:
    assert canonical(r"\(x_{1} + _y_\)") != canonical(r"\(x*{1} + *y*\)")
    assert canonical(r"\[_y_\]") != canonical(r"\[*y*\]")


_BRACKETS = st.text(st.sampled_from("[]()\\!^ab1 .<\n"), max_size=14)
_LINKED = st.text(st.sampled_from("[]()\\ab1"), min_size=1, max_size=6)
_PIECES = st.lists(
    st.one_of(
        _BRACKETS.map(lambda text: text.replace("<", "&lt;").replace("\n", "<br>")),
        _LINKED.map(lambda text: f'<a href="https://a.b">{text}</a>'),
        st.just("<b>b</b>"),
    ),
    max_size=4,
)


@given(_PIECES)
@example(["[[a]](b) ", '<a href="https://a.b">[1]</a>'])
@example(["[^a and ", '<a href="https://a.b">[1]</a>', " a]"])
@example(['<a href="https://a.b">a[b</a>', '<a href="https://a.b">a]b</a>'])
@example(["[x](y)<br>1) b"])
def test_brackets_that_are_words_come_back_as_words(pieces: list[str]) -> None:
    html = "".join(pieces)
    if re.search(r"\\[(\[]", html):  # what may be a formula on the card is one
        return
    formulas = re.compile(r"\\\(|\\\[")
    assert not formulas.search(markdown_to_html(shown(html)))
    assert shown(markdown_to_html(shown(html))) == shown(html)
