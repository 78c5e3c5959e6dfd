r"""A ``\`` that a person adds at a line's end breaks the line as it was broken, or is text."""

from __future__ import annotations

import pytest

from ankivault.convert.edit.field_edit import edit_field
from ankivault.convert.field_style import Clozes, FieldStyle
from ankivault.convert.to_html.markdown_to_html import markdown_to_html
from ankivault.convert.to_markdown.converted_field import ConvertedField
from ankivault.convert.vault_names import VaultNames

NAMES = VaultNames(lambda target: target, lambda target: "")
FIELDS = [
    "a<br>b",
    "a<br>b<br>c",
    "<div>a <b>bold</b></div><div>b</div>",
    "a<br><br>b",
    "a<ul><li>b<br>more</li><li>c</li></ul>d",
    "a<blockquote>b<br>c</blockquote>",
    "a<h1>title</h1>b",
    "a<table><tbody><tr><td>b</td><td>c</td></tr></tbody></table>d",
    "a<pre><code>b\nc</code></pre>d",
    "it was {{c1::here}}<br>and {{c2::there::hint}}<br>then",
    r"a \(x\)<br>b",
    "a<hr>b",
]


@pytest.mark.parametrize("clozes", ["none", "inline"])
@pytest.mark.parametrize("html", FIELDS)
def test_a_backslash_at_any_line_s_end(html: str, clozes: Clozes) -> None:
    field = ConvertedField(html, FieldStyle(clozes))
    lines = field.markdown.split("\n")
    for number, line in enumerate(lines):
        page = "\n".join([*lines[:number], line + "\\", *lines[number + 1 :]])
        edit = edit_field(field, page, NAMES)
        if markdown_to_html(page) == markdown_to_html(field.markdown):
            assert (edit.html, edit.refusals) == (html, ())
        elif not edit.refusals and not line.startswith(("```", "|")):
            assert edit.html.count("\\") == html.count("\\") + 1


@pytest.mark.parametrize("html", ["a<br>b<br>c", "<div>a</div><div>b</div><div>c</div>"])
def test_words_edited_beside_such_backslashes(html: str) -> None:
    field = ConvertedField(html)
    edit = edit_field(field, "a new\\\nb\\\nc", NAMES)
    assert edit.html == html.replace("a", "a new", 1)
    assert edit_field(field, "a new\\\nb\\\nc\\", NAMES).html.count("\\") == 1  # the last is text
    added = edit_field(field, "a\\\nnew\\\nb\nc", NAMES)
    assert "\\" not in added.html
    assert ConvertedField(added.html).markdown == "a\nnew\nb\nc"
