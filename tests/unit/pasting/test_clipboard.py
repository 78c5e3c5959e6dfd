"""What other programs put on the clipboard, in their own shapes, comes out as clean Markdown."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest

from ankivault.ui.dynamic.pasting import read_html

CLIPBOARDS = sorted((Path(__file__).parent / "clipboards").glob("*.html"))


@pytest.mark.parametrize("file", CLIPBOARDS, ids=lambda file: file.stem)
def test_what_a_program_copies_becomes_clean_markdown(file: Path) -> None:
    pasted = read_html(file.read_text("utf-8"), "")
    assert pasted is not None
    assert pasted.write({}) == file.with_suffix(".md").read_text("utf-8").rstrip("\n")


def test_text_of_a_markdown_editor_stays_as_it_was_written() -> None:
    html = "<h1>T</h1><ul><li>a <strong>b</strong></li></ul>"
    assert read_html(html, "# T\n\n* a __b__\n") is None
    assert read_html("<p>x <a class='internal-link'>y</a> <b>z</b></p>", "x [[y]] **z**") is None
    assert read_html(html, "T\na b\n") is not None


def test_text_without_format_is_pasted_as_it_is() -> None:
    html = "<meta charset='utf-8'><div style='color:red'><span>a * b</span></div>"
    assert read_html(html, "a * b") is None


PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


def test_pictures_within_are_found_by_the_names_of_their_embeds() -> None:
    data = base64.b64encode(PNG).decode()
    pasted = read_html(f'a<img src="data:image/jpeg;base64,{data}" onload="x()">', "a")
    assert pasted is not None
    [(name, held)] = pasted.pictures.items()
    assert (held, name[-4:], pasted.missing) == (PNG, ".png", 0)
    assert pasted.write({name: "paste-1.png"}) == "a![[paste-1.png]]"


@pytest.mark.parametrize(
    "address",
    ["data:image/png;base64,", "data:image/png;base64,aGVsbG8=", "data:,x", "data:text/html,<b>"],
)
def test_a_picture_without_a_picture_in_it_is_told_and_makes_no_file(address: str) -> None:
    pasted = read_html(f"<b>a</b><img alt='a heart' src='{address}'>", "")
    assert pasted is not None
    assert (pasted.pictures, pasted.missing, pasted.write({})) == ({}, 1, "**a**a heart")


@pytest.mark.parametrize("folder", ["msohtmlclip1/01", "msohtmlclip", "lu28281s8vy.tmp"])
def test_pictures_that_word_left_for_the_paste_come_along(folder: str, tmp_path: Path) -> None:
    picture = tmp_path / folder / "clip image001.png"
    picture.parent.mkdir(parents=True)
    picture.write_bytes(PNG)
    drawn = f'<!--[if gte vml 1]><v:imagedata src="{picture.as_uri()}"/><![endif]-->'
    html = (
        f"{drawn}<![if !vml]><p><img width=60 src='{picture.as_uri()}' v:shapes='x'></p><![endif]>"
    )
    pasted = read_html(html, "")
    assert pasted is not None
    assert ([*pasted.pictures.values()], pasted.missing) == ([PNG], 0)


def test_no_other_file_comes_along(tmp_path: Path) -> None:
    """A page on the web can name any file. Only what a program put there to be pasted is read."""
    inside = tmp_path / "msohtmlclip1"
    inside.mkdir()
    own = tmp_path / "me.png"
    own.write_bytes(PNG)
    (inside / "words.png").write_text("a secret that is no picture at all")
    (inside / "link.png").symlink_to(own)
    (inside / "folder.png").mkdir()
    addresses = [
        own.as_uri(),
        (inside / "words.png").as_uri(),
        (inside / "link.png").as_uri(),
        (inside / "folder.png").as_uri(),
        (inside / "gone.png").as_uri(),
        f"{inside.as_uri()}/../me.png",
        f"file://server{inside}/words.png",
        f"file:////server{inside}/words.png",
        "file:msohtmlclip1/me.png",
        "file:///msohtmlclip1/%00.png",
        "file://[/msohtmlclip1/a.png",
    ]
    pasted = read_html("".join(f"<img src='{address}'>" for address in addresses), "")
    assert pasted is not None
    assert (pasted.pictures, pasted.missing) == ({}, len(addresses))


def test_nothing_pasted_runs_or_loads_when_the_card_is_shown() -> None:
    html = """<b>x</b><img src="https://e.x/a.png" onerror="r()"><img src=x onerror="r()">
    <svg onload="r()"></svg><math><mi href="javascript:r()" onclick="r()">q</mi><mglyph src="https://e.x/b"/>
    </math><table><tr><td rowspan=2 onclick="r()" style="background:url(//e.x/c)">t
    <ul><li>u</li></ul></td></tr></table><video src="https://e.x/d"></video><form action="https://e.x">
    <input type=image src="https://e.x/f"></form><a href="&#106;avascript:r()">link</a>"""
    pasted = read_html(html, "")
    assert pasted is not None
    written = pasted.write({})
    for harm in ("onerror", "onload", "onclick", "javascript:", "url(", "<svg", "<video", "src="):
        assert harm not in written
    assert "![](" not in written


def test_a_block_begins_a_line_of_its_own() -> None:
    pasted = read_html("<ul><li>a</li></ul>", "")
    assert pasted is not None
    assert (pasted.write({}, "Words"), pasted.write({}, "  ")) == ("\n\n- a", "- a")


def test_an_address_that_is_none_is_no_fault() -> None:
    pasted = read_html('<a href="https://a]b">x</a> <b>y</b>', "")
    assert pasted is not None
    assert "**y**" in pasted.write({})


def test_a_comment_within_a_formula_takes_no_tex_along() -> None:
    source = "a \\% % half\n+ b \\\\% end"
    annotation = f'<annotation encoding="application/x-tex">{source}</annotation>'
    pasted = read_html(f'<span class="katex"><math>{annotation}</math></span>', "")
    assert pasted is not None
    assert pasted.write({}) == "$a \\% + b \\\\$"


def test_lines_of_code_that_are_elements_stay_lines() -> None:
    html = "<pre><code><div><div>a</div><div></div><div>b<br></div><div>c</div></div></code></pre>"
    pasted = read_html(html, "")
    assert pasted is not None
    assert pasted.write({}) == "```\na\n\nb\nc\n```"
