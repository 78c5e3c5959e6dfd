"""Embeds: what is shown or played on the card, and what comes back to the page."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ankivault.convert.edit.field_edit import edit_field
from ankivault.convert.field_style import FieldStyle
from ankivault.convert.segment import join_markdown
from ankivault.convert.text.media_kinds import media_by_name
from ankivault.convert.to_html.markdown_to_html import markdown_to_html
from ankivault.convert.to_markdown.converted_field import ConvertedField
from ankivault.convert.to_markdown.html_to_markdown import html_to_markdown
from ankivault.convert.vault_names import VaultNames
from ankivault.sync.vault.read.obsidian_uri import make_link_reader, make_link_writer


def back(html: str) -> str:
    return join_markdown(html_to_markdown(html))


@pytest.mark.parametrize(
    ("markdown", "html"),
    [
        ("![[x.mp3|text]]", '<span data-embed="|text" title="text">[sound:x.mp3]</span>'),
        ("![[d.mp4#t=10]]", '<span data-embed="#t=10">[sound:d.mp4]</span>'),
        ("![[d.mp4#t=10|300]]", '<span data-embed="#t=10|300">[sound:d.mp4]</span>'),
        ("![[d.pdf]]", '<object data="d.pdf"><a href="d.pdf">d.pdf</a></object>'),
        ("![[img.png|a caption]]", '<img src="img.png" alt="a caption">'),
        ("![[img.png|a b|20x30]]", '<img src="img.png" alt="a b" width="20" height="30">'),
        ("![[img.png|\\200]]", '<img src="img.png" alt="200">'),
        ("![a &#93; b](img.png)", '<img src="img.png" alt="a ] b">'),
        ("![](https://a.b/v.mp4)", "[sound:https://a.b/v.mp4]"),
        (
            "![talk](https://youtu.be/abc)",
            '<a class="external-embed" href="https://youtu.be/abc">talk</a>',
        ),
        (
            "![](https://www.youtube.com/watch?v=a_b)",
            '<a class="external-embed" href="https://www.youtube.com/watch?v=a_b">'
            "https://www.youtube.com/watch?v=a_b</a>",
        ),
        ("![a](https://a.b/c.png)", '<img src="https://a.b/c.png" alt="a">'),
        ("![|200](https://a.b/c.png)", '<img src="https://a.b/c.png" width="200">'),
        ('<img src="https://a.b/c.png" alt="200">', '<img src="https://a.b/c.png" alt="200">'),
    ],
)  # fmt: skip
def test_an_embed_crosses_over_and_back(markdown: str, html: str) -> None:
    assert markdown_to_html(markdown) == html
    assert back(html) == markdown


@pytest.mark.parametrize("markdown", ["![[Note]]", "![[Note#Part]]", "![[x.canvas]]"])
def test_outside_a_vault_an_embedded_page_stays_text(markdown: str) -> None:
    assert markdown_to_html(markdown) == markdown


@example("[0]", "img.png", "", False)
@given(
    st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"]), max_size=12)
    | st.text("|[]\\\"'*_`$<>&;#= 209x!^~%é", max_size=8),
    st.sampled_from(["img.png", "https://a.b/c.png"]),
    st.sampled_from(["", ' width="200"', ' width="20" height="30"']),
    st.booleans(),
)
def test_the_words_of_a_picture_come_back(alt: str, source: str, size: str, cell: bool) -> None:
    alt = " ".join(alt.split())
    said = (
        alt.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
    )
    words = f' alt="{said}"' if alt else ""
    html = f'<img src="{source}"{words}{size}>'
    if cell:
        html = f"<table><tbody><tr><th>{html}</th><th>b</th></tr></tbody></table>"
    assert markdown_to_html(back(html)).replace("\xa0", " ") == html


def test_a_caption_typed_on_a_page_is_no_lost_word() -> None:
    reading = VaultNames(
        media=lambda target: "img.png" if "img" in target else "", link=lambda _: ""
    )
    for typed in ("![diagram](img.png)", "![[img.png|diagram]]", "![[img.png|diagram|200]]"):
        edit = edit_field(ConvertedField("words"), f"words\n{typed}", reading)
        assert not edit.refusals and 'alt="diagram"' in edit.html


EMBEDS = (
    *(
        "![](https://a.b/c.png)",
        "![[x.mp3|text]]",
        "![[d.mp4#t=10]]",
        "![[i.png|200]]",
        "![[d.pdf]]",
    ),
    *("![[Note]]", "![[Note#Heading]]", "![[Note#^b|w]]", "![[x.canvas]]", "![[x.base]]"),
    *("![[x.excalidraw]]", "![[gone/x.png|200]]", "![w|20](gone/x%20y.png)", "![[q'1&2.png]]"),
)
PLACES = (
    *("{}", "> [!note] T\n> {}", "- {}\n- b", "| a | b |\n| --- | --- |\n| {} | c |"),
    *("w[^1]\n\n[^1]: {}", "==a {}==%%c1%%", "**b** {} c", "1. a\n\t- {}", "> > {}"),
)


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("embed", EMBEDS)
def test_every_embed_comes_back_from_every_place(embed: str, place: str) -> None:
    root = Path("Vault")
    style = FieldStyle("inline", link_target=make_link_writer(root))
    typed = place.format(embed.replace("|", "\\|") if place[0] == "|" else embed)

    def find(target: str) -> str:
        return "" if "gone" in target or "#" in target else media_by_name(target)

    html = markdown_to_html(typed, find, link=make_link_reader(root, "a/Page.md"))
    assert join_markdown(html_to_markdown(html, style)) == typed
    assert "gone" not in "".join(re.findall(r'(?:src|data)="[^"]*"', html)) and "![" not in html


@pytest.mark.parametrize("typed", ["![](Note.md)", "![w](a/x.canvas)", "![](Note.md#Part)"])
def test_a_page_in_the_brackets_of_a_picture_is_no_broken_picture(typed: str) -> None:
    html = markdown_to_html(typed, media_by_name, link=make_link_reader(Path("Vault"), "Page.md"))
    assert html.startswith('<a class="internal-embed"') and "<img" not in html


@pytest.mark.parametrize("name", ["a #1?.pdf", "50%25.pdf", "50%.pdf", "é & 'x'.docx"])
def test_the_link_of_a_document_leads_to_the_file_of_that_name(name: str) -> None:
    html = markdown_to_html(f"![](x)![[{name}]]", lambda _: name)
    (address,) = re.findall(r'href="([^"]*)"', html)
    assert unquote(urlsplit(unescape(address)).path) == name
