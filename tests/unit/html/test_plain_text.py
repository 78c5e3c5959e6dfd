"""The words of a field on one line: what titles, aliases and messages show."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ankivault.convert.html.plain_text import plain_text
from ankivault.convert.text.tex_words import raise_powers, tex_words, typed_formulas_read


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("", ""),
        ("  plain   words ", "plain words"),
        ("<b>bo</b>ld<br>next<div>line</div>", "bold next line"),
        ("a &amp; b&nbsp;&lt;c&gt; &eacute;", "a & b <c> é"),
        ("{{c1::Paris}} is in {{c2::France::country}}", "Paris is in France"),
        ("{{c1::a {{c2::b::h}} c::i}}d", "a b cd"),
        ("{{c1::<ul><li>a</li></ul>}} <code>{{c2::b::<i>h</i>}}</code>", "a b"),
        ("{{c1::never closed", "{{c1::never closed"),
        ("\\(x^2\\) and \\[y\\] and [$]z[/$]", "x^2 and y and z"),
        ("\\(a = {{c1::b}}\\)", "a = b"),
        ("Let \\(\\frac{a}{b}\\) be", "Let a/b be"),
        ("\\(\\frac{a+1}{2} \\le \\alpha_{ij}\\)", "(a+1)/2 ≤ α_(ij)"),
        ("[$]\\sqrt{x} \\to \\infty[/$]", "√x → ∞"),
        ("\\(\\begin{array}{c|c}a & b\\\\ c & d\\end{array}\\)", "a b c d"),
        ("\\(\\mathbb{R}^n \\text{ is open}\\)", "R^n is open"),
        ("\\(\\left\\{ x \\mid \\sin x\\right\\}\\)", "{ x | sin x}"),
        ("\\(\\$5 \\% {\\)", "$5 %"),
        ("[latex]$x$[/latex]", "x"),
        ('<img src="a.png">[sound:b.mp3]after', "after"),
        ("<style>.a{}</style><script>1</script><!-- c -->seen", "seen"),
        ("<span style='display:none'>no</span>yes", "yes"),
        ("<ul><li>a</li><li>b</li></ul><table><tr><td>c</td><td>d</td></tr></table>", "a b c d"),
        ("<pre>a\n  b</pre>", "a b"),
        ("{{c1::image-occlusion:rect:left=.1}}", ""),
        ("a\x00b\x1f", "ab"),
    ],
)
def test_plain_text(html: str, text: str) -> None:
    assert plain_text(html) == text


_PIECES = [
    "a",
    " ",
    "<b>",
    "</i>",
    "<br>",
    "</p>",
    "&nbsp;",
    "{{c1::x}}",
    "{{c2::y <b>z</b>}}",
    "}}",
]


@pytest.mark.parametrize("last", _PIECES)
def test_a_simple_field_is_read_as_any_other(last: str) -> None:
    for pieces in product(_PIECES, repeat=3):
        html = "".join(pieces) + last
        assert plain_text(html) == plain_text(f"{html}<span></span>"), html


@pytest.mark.parametrize(
    ("title", "read"),
    [
        ("$x^2$ and $\\frac{a}{b}$", "x^2 and a/b"),
        ("$x$-axis", "x-axis"),
        ("from $5 to $10", "from $5 to $10"),
        ("US$ and CA$", "US$ and CA$"),
        ("$5 or 6$", "$5 or 6$"),
    ],
)
def test_a_typed_formula_is_read_in_titles_and_a_price_is_none(title: str, read: str) -> None:
    assert typed_formulas_read(title) == read


def test_a_name_may_hold_powers() -> None:
    assert raise_powers("x^2 + y^10, (a)^n, [^1]") == "x² + y¹⁰, (a)ⁿ, [^1]"


@given(st.text(st.sampled_from("\\{}^_&~[] abfrac1|$"), max_size=40))
def test_any_tex_is_read_on_one_line(tex: str) -> None:
    read = tex_words(tex)
    assert read == " ".join(read.split()) or read == tex
    assert all(letter in read or letter in "frac" for letter in tex if letter in "b1")
