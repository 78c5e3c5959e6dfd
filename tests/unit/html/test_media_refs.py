"""Which media files a field uses: by these names they are looked up, copied and embedded."""

from __future__ import annotations

import base64

import pytest

from ankivault.convert.field_style import FieldStyle
from ankivault.convert.html.media_names import inline_media, media_names
from ankivault.convert.segment import join_markdown
from ankivault.convert.to_markdown.html_to_markdown import html_to_markdown


@pytest.mark.parametrize(
    ("html", "names"),
    [
        ("no media", ()),
        ("<img src=a.png><IMG SRC='b c.png'>", ("a.png", "b c.png")),
        ("<img src=a.png> again <img src=a.png>", ("a.png",)),
        ('<img alt="x>y" src="a&amp;b.png">', ("a&b.png",)),
        ('<img src="a%20b%2520.png">', ("a b%20.png",)),
        ('<img src="100%.png">', ("100%.png",)),
        ('<img src="e\u0301.png">', ("é.png",)),
        ("[sound:a b.mp3][sound:100%25.mp3]", ("a b.mp3", "100%25.mp3")),
        ("[sound:a &amp; b.mp3]", ("a & b.mp3",)),
        (
            "<audio src=a.mp3></audio><video><source src=b.mp4></video>"
            "<object data=c.pdf></object>",
            ("a.mp3", "b.mp4", "c.pdf"),
        ),
        ("<img src='https://a.b/c.png'><img src='//a.b/c.png'><img src='file:///c.png'>", ()),
        ("<img src=''><img><!-- <img src=a.png> -->", ()),
    ],
)
def test_media_names(html: str, names: tuple[str, ...]) -> None:
    assert media_names(html) == names


def test_data_urls_are_files_named_by_their_content() -> None:
    data = b"\x89PNG\r\n"
    packed = base64.b64encode(data).decode()
    html = f'<img src="data:image/png;base64,{packed}"><img src="data:image/svg+xml,%3Csvg/%3E">'
    files = inline_media(html)
    assert list(files.values()) == [data, b"<svg/>"]
    assert [name.rpartition(".")[2] for name in files] == ["png", "svg"]
    assert media_names(html) == tuple(files)
    assert inline_media('<img src="data:broken">') == {}


def test_every_embedded_name_is_among_the_media_names() -> None:
    asked: list[str] = []

    def embed_target(name: str) -> str:
        asked.append(name)
        return f"V/{name}"

    html = (
        "<img src='a%20b.png'>[sound:c.mp3]<u><img src=d.png></u><pre><img src=e.png></pre>"
        "<table><tr><td><ul><li><img src=f.png></li></ul></td><td>[sound:g.mp3]</td></tr></table>"
        "<a href='http://x.y'><img src=h.png></a><video><source src=i.mp4></video>"
    )
    page = join_markdown(html_to_markdown(html, FieldStyle(embed_target=embed_target)))
    assert set(asked) == set(media_names(html))
    assert all(f"V/{name}" in page for name in asked if " " not in name)
