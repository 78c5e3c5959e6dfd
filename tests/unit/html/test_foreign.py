"""MathML and drawings: shown as they are, once, or as the TeX that they name; never touched."""

from __future__ import annotations

from html import unescape

import pytest

from ankivault.convert.markdown.foreign import print_foreign
from ankivault.convert.text.foreign import find_end
from ankivault.convert.to_html.markdown_to_html import markdown_to_html

from ..edit.test_field_edit import READING, edited, shown

FRACTION = "<math><mfrac><mi>a</mi><mi>b</mi></mfrac></math>"
NAMED = (
    '<math display="inline"><semantics><mrow><mi>x</mi><mo>&lt;</mo><mi>y</mi></mrow>'
    '<annotation encoding="application/x-tex">x &lt; y_{1}</annotation></semantics></math>'
)
BLOCK = NAMED.replace("inline", "block")
KATEX = (
    f'<span class="katex"><span class="katex-mathml">{NAMED}</span><span class="katex-html" '
    'aria-hidden="true"><span class="base"><span class="mord">x</span><span>&lt;</span>y</span>'
    "</span></span>"
)
DRAWING = (
    '<svg viewBox="0 0 9 9"><g><path d="M0 0L9 9"/><text x="1">a_b_ *c* #d $1</text></g></svg>'
)


@pytest.mark.parametrize(
    ("html", "markdown"),
    [
        (f"half {FRACTION} done", f"half {FRACTION} done"),
        (f"so {NAMED} holds", "so $x < y_{1}$ holds"),
        (f"so {KATEX} holds", "so $x < y_{1}$ holds"),
        (f"a<div>{BLOCK}</div>b", "a\n$$x < y_{1}$$\nb"),
        (f"{{{{c1::{KATEX.replace('_{1}', '')}}}}} holds", "==$x < y$==%%c1%% holds"),
        (f"{{{{c1::{FRACTION}::hint}}}}", f"=={FRACTION}==%%c1::hint%%"),
        (f"<ul><li>{FRACTION}</li></ul>", f"- {FRACTION}"),
        ("<svg\n\nviewBox='0 0 1 1'>\n\n<path\nd='M0 0'/>\n\n</svg>",
         "<svg viewBox='0 0 1 1'><path d='M0 0'/></svg>"),
        (f"<pre>{DRAWING}</pre>", "```\na_b_ *c* #d $1\n```"),
    ],
)  # fmt: skip
def test_a_formula_stands_on_the_page_once_and_renders(html: str, markdown: str) -> None:
    assert shown(html) == markdown


@pytest.mark.parametrize("html", [FRACTION, NAMED, BLOCK, KATEX, DRAWING])
@pytest.mark.parametrize(
    "around",
    [
        "a {} b",
        "{{{{c1::x {}}}}} b",
        "<b>a {} b</b>",
        "<table><tr><th>a</th></tr><tr><td>{} b</td></tr></table>",
    ],
)
def test_an_edit_beside_it_leaves_it_to_the_byte(html: str, around: str) -> None:
    field = around.format(html)
    if "{{c" in field and "}}" in html:
        field = field.replace("_{1}", "")
    markdown = shown(field)
    at = markdown.rindex("b")
    edit = edited(field, f"{markdown[:at]}word{markdown[at + 1 :]}")
    end = field.rindex("b</") if "b</b>" in field or " b</t" in field else field.rindex("b")
    assert edit.html == f"{field[:end]}word{field[end + 1 :]}"


def test_an_edited_formula_is_anki_s_and_no_old_one_stays() -> None:
    for html in (NAMED, KATEX):
        edit = edited(f"so {html} holds", "so $x < z$ holds")
        assert edit.html == r"so \(x &lt; z\) holds"


@pytest.mark.parametrize("html", [FRACTION, DRAWING])
def test_one_typed_on_a_page_or_in_toml_is_the_field_s(html: str) -> None:
    for page in (False, True):
        link = {"link": READING.link} if page else {}
        assert markdown_to_html(f"a {html} b", READING.media, **link) == f"a {html} b"
        lines = html.replace("><", ">\n<")
        assert "&lt;" not in markdown_to_html(f"a\n\n{lines}\n\nb", READING.media, **link)


@pytest.mark.parametrize(
    "part",
    [
        "<script>alert(1)</script>", '<g onload="alert(1)"/>', "<g ONclick=alert(1)></g>",
        '<a xlink:href="javascript:alert(1)"></a>', "<a href=' javascript:alert(1)'></a>",
        "<foreignObject><iframe srcdoc='x'></iframe></foreignObject>",
        "<style>*{color:red}</style>",
        "<!-- %% -->", "<![CDATA[x]]>", '<a href="data:text/html,alert(1)"></a>',
    ],
)  # fmt: skip
def test_nothing_in_a_drawing_acts_on_a_page(part: str) -> None:
    printed = print_foreign(f'<svg viewBox="0 0 1 1">{part}<path d="M0"/></svg>')
    assert printed.startswith('<svg viewBox="0 0 1 1">')
    assert printed.endswith('<path d="M0"/></svg>')
    for bad in ("script", "alert", "frame", "<style", "<!"):
        assert bad not in printed.lower()


@pytest.mark.parametrize(
    "html",
    [
        "<svg>a",
        "<math",
        "<svg><svg></svg>",
        "<span class=katex>x</span>",
        "<svgs></svgs>",
        "<p><math></p></math",
    ],
)
def test_what_has_no_end_is_no_drawing(html: str) -> None:
    assert find_end(html, html.find("<s") if "<s" in html else html.find("<m")) == -1


def test_what_is_hidden_is_hidden_with_all_that_is_in_it_and_nothing_else() -> None:
    assert shown("<svg>words") == "words"
    assert shown('<span style="display:none">a<span>b</span>c</span>d') == "d"


@pytest.mark.parametrize("thing", [FRACTION, DRAWING])
@pytest.mark.parametrize(
    "around",
    ["<b>{}</b>", "<i>a {}</i> b", "a<b>{}</b>b", "<u>{}</u>", "<s>{}</s> a", "<mark>{}</mark>",
     '<a href="http://x.y">{}</a>',
     "{{{{c1::<b>{}</b>}}}}", "<b>{{{{c1::{}}}}}</b>", "<h3>{}</h3>"],
)  # fmt: skip
def test_the_looks_around_it_are_on_the_page(thing: str, around: str) -> None:
    field = around.format(thing)
    page = shown(field)
    assert unescape(markdown_to_html(page, lowered=2)) == field
    assert edited(f"{field}<br>end", f"{page}\nnew").html == f"{field}<br>new"
