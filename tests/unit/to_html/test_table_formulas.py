"""Formulas in the cells of a table: bars that begin no cell, and come back as they are."""

from __future__ import annotations

import pytest

from ankivault.convert.edit.field_edit import FieldEdit, edit_field
from ankivault.convert.field_style import Clozes, FieldStyle
from ankivault.convert.segment import join_markdown
from ankivault.convert.to_html.markdown_to_html import markdown_to_html
from ankivault.convert.to_markdown.converted_field import ConvertedField
from ankivault.convert.to_markdown.html_to_markdown import html_to_markdown
from ankivault.convert.vault_names import VaultNames


def shown(html: str, clozes: Clozes = "inline") -> str:
    return join_markdown(html_to_markdown(html, FieldStyle(clozes)))


@pytest.mark.parametrize(
    ("tex", "cell"),
    [
        ("|x|", r"\vert x\vert"),
        (r"P(A|B) \le |\alpha|", r"P(A\vert B) \le \vert\alpha\vert"),
        (r"\|x\|_2", r"\Vert x\Vert_2"),
        (r"\left|\frac{a}{b}\right|", r"\left\vert\frac{a}{b}\right\vert"),
        (r"a \\|b|", r"a \\\vert b\vert"),
        (r"\{ x | x > 0 \}", r"\{ x \vert x > 0 \}"),
        (r"\begin{array}{c|c}a \\ b\end{array}", r"\begin{array}{c\|c}a \\ b\end{array}"),
        (r"\begin{array}[t]{|p{2cm}||c|}|a|\end{array}",
         r"\begin{array}[t]{\|p{2cm}\|\|c\|}\vert a\vert\end{array}"),
        (r"\text{a|b} | c", r"\text{a\|b} \vert c"),
        (r"\lvert x\rvert", r"\lvert x\rvert"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("form", [r"\(%s\)", r"\[%s\]", r"{{c1::\(%s\)::a|b}}", r"<u>\(%s\)</u>"])
def test_a_bar_in_a_cell_is_a_bar(tex: str, cell: str, form: str) -> None:
    formula = form % tex.replace(">", "&gt;")
    html = f"<table><tbody><tr><th>{formula}</th><th>next</th></tr></tbody></table>"
    markdown = shown(html)
    assert f"${cell}$" in markdown
    assert shown(markdown_to_html(markdown)) == markdown
    for same in (markdown, markdown.replace(" | ", "|").replace("--- ", "-----")):
        assert edit_field(
            ConvertedField(html, FieldStyle("inline")), same, VaultNames(str, str)
        ) == FieldEdit(html)
    edited = edit_field(
        ConvertedField(html, FieldStyle("inline")),
        markdown.replace("next", "other"),
        VaultNames(str, str),
    )
    assert edited.html == html.replace("next", "other")
    copied = markdown.replace("next", f"${cell}$")
    edited = edit_field(ConvertedField(html, FieldStyle("inline")), copied, VaultNames(str, str))
    assert not edited.refusals
    assert shown(edited.html) == copied
