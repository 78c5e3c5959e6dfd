"""What is typed in the window of a dynamic note, and what becomes of the HTML it came from."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ankivault.convert.markdown.canonical import canonical
from ankivault.convert.segment import join_markdown
from ankivault.convert.to_html.markdown_to_html import markdown_to_html
from ankivault.convert.to_markdown.html_to_markdown import html_to_markdown
from ankivault.sync.dynamic.typed_text import TypedText

from ..html.field_html import edited_html

STYLED = "<div>a <span style='color:red'>red</span> word</div><div><u>b</u></div>"


def read(html: str) -> str:
    return join_markdown(html_to_markdown(html))


def says(html: str) -> str:
    return canonical(read(html))


def is_faithful(markdown: str) -> bool:
    """Whether what is not edited would read the same, were it written anew."""
    return says(markdown_to_html(markdown)) == canonical(markdown)


@given(html=edited_html(), typed=st.text("ab *_$-#>|`[]\n^%=&<", max_size=40))
def test_what_is_typed_is_what_the_card_says(html: str, typed: str) -> None:
    """Not edited, the HTML stays to the byte; edited, it says what was typed, or is refused."""
    text = TypedText(html)
    assert text.convert(text.markdown) == html
    edited = f"{text.markdown}\n{typed}"
    if text.find_refusal(edited) is None and edited != text.markdown:
        assert not is_faithful(text.markdown) or says(text.convert(edited)) == says(
            markdown_to_html(edited)
        )
    text.settle(edited)
    assert text.find_refusal(edited) is None


@pytest.mark.parametrize(
    ("before", "after", "html"),
    [
        ("word", "**word**", STYLED.replace(" word", " <b>word</b>")),
        ("b", "b!", STYLED.replace("b</u>", "b!</u>")),
        ("", "\nmore ^2", f"{STYLED}<div>more ^2</div>"),
    ],
)
def test_an_edit_keeps_the_style_of_what_it_does_not_touch(
    before: str, after: str, html: str
) -> None:
    text = TypedText(STYLED)
    typed = text.markdown.replace(before, after) if before else text.markdown + after
    assert text.convert(typed) == html
