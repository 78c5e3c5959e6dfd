"""Pictures and recordings that a person puts into a page get into Anki, and no others."""

from __future__ import annotations

import hashlib
import os
import re
from pathlib import Path

import pytest

from ankivault.sync.run.done import Done
from tests.collection.conftest import Desk


@pytest.fixture
def both(desk: Desk) -> Desk:
    desk.set(two_way=True)
    (desk.vault.parent / ".obsidian").mkdir()
    return desk


def media(desk: Desk) -> dict[str, bytes]:
    folder = Path(desk.col.media.dir())
    return {file.name: file.read_bytes() for file in folder.iterdir()}


def put(desk: Desk, path: str, data: bytes) -> None:
    """A file in the Obsidian vault, whose folder for Anki is ``Anki``."""
    file = desk.vault.parent / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(data)


def embed(desk: Desk, embed: str, front: str = "Q") -> int:
    """A synced note, with an embed typed on its page, synced again."""
    note_id = desk.add(Front=front, Back="answer")
    assert desk.sync().ok
    page = desk.page(note_id)
    text = page.read_text("utf-8")
    page.write_text(text.replace("answer", f"answer\n{embed}"), "utf-8")
    return note_id


def back(desk: Desk, note_id: int) -> str:
    return str(desk.col.get_note(note_id)["Back"])


@pytest.mark.parametrize(
    ("where", "typed", "html"),
    [
        ("photo.png", "![[photo.png]]", '<img src="photo.png">'),
        ("deep/down/photo.png", "![[photo.png|300]]", '<img src="photo.png" width="300">'),
        ("deep/down/photo.png", "![[down/photo.png]]", '<img src="photo.png">'),
        ("Anki/Biology/near.png", "![](near.png)", '<img src="near.png">'),
        ("Anki/Biology/a b.png", "![](a%20b.png)", '<img src="a b.png">'),
        ("Anki/up.png", "![[../up.png]]", '<img src="up.png">'),
        ("Anki/assets/dropped.png", "![[dropped.png]]", '<img src="dropped.png">'),
        ("Photo.PNG", "![[photo.png]]", '<img src="Photo.PNG">'),
        ("sounds/été.mp3", "![[été.mp3]]", "[sound:été.mp3]"),
    ],
)
def test_an_embedded_file_is_found_as_obsidian_finds_it(
    both: Desk, where: str, typed: str, html: str
) -> None:
    put(both, where, b"the picture")
    note_id = embed(both, typed)
    report = both.sync()
    assert (report.messages, report.counts[Done.MEDIA_ADDED]) == ((), 1)
    assert back(both, note_id) == f"answer<br>{html}"
    name = where.rpartition("/")[2]
    assert media(both) == {name: b"the picture"}
    assert both.files()[f"assets/{name}"] == b"the picture"
    assert both.plan().is_empty
    before = both.dates()
    both.sync()
    assert both.dates() == before


def test_another_file_of_the_same_name_gets_the_name_that_anki_gives(both: Desk) -> None:
    both.col.media.write_data("photo.png", b"Anki's own")
    put(both, "mine/photo.png", b"another")
    note_id = embed(both, "![[mine/photo.png]]")
    assert both.sync().messages == ()
    name = f"photo-{hashlib.sha1(b'another').hexdigest()}.png"
    assert both.col.media.write_data("photo.png", b"another") == name
    assert media(both) == {"photo.png": b"Anki's own", name: b"another"}
    assert back(both, note_id) == f'answer<br><img src="{name}">'
    assert name in both.page(note_id).read_text("utf-8")
    assert both.plan().is_empty


def test_the_same_file_is_not_brought_twice(both: Desk) -> None:
    both.col.media.write_data("photo.png", b"the same")
    put(both, "photo.png", b"the same")
    note_id = embed(both, "![[photo.png]]")
    report = both.sync()
    assert Done.MEDIA_ADDED not in report.counts
    assert back(both, note_id) == 'answer<br><img src="photo.png">'


def test_of_two_files_of_one_name_the_nearest_is_meant(both: Desk) -> None:
    put(both, "far/away/photo.png", b"far")
    put(both, "b/photo.png", b"other")
    put(both, "a/photo.png", b"one")
    note_id = embed(both, "![[photo.png]]")
    assert both.sync().messages == ()
    assert (back(both, note_id), media(both)) == (
        'answer<br><img src="photo.png">',
        {"photo.png": b"one"},
    )
    put(both, "Anki/Biology/deep/drawing.png", b"near")
    put(both, "b/drawing.png", b"other")
    embed(both, "![[drawing.png]]", "Q2")
    both.sync()
    assert media(both)["drawing.png"] == b"near"


def test_among_equally_near_files_the_attachment_is_meant(both: Desk) -> None:
    put(both, "a/photo.png", b"one")
    put(both, "b/photo.png", b"other")
    settings = both.vault.parent / ".obsidian/app.json"
    settings.write_text('{"attachmentFolderPath": "b"}', "utf-8")
    embed(both, "![[photo.png]]")
    both.sync()
    assert media(both) == {"photo.png": b"other"}


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("![[nowhere to be.png]]", ">nowhere to be.png</a></object>"),
        ("![[nowhere to be.png|200]]", ">nowhere to be.png</a></object>"),
        ("![](nowhere%20to%20be.png)", ">nowhere to be.png</object>"),
        ("![[x/nowhere to be.mp3]]", ">nowhere to be.mp3</a></object>"),
    ],
)
def test_an_embedded_file_that_is_not_there_is_told_and_only_its_name_is_shown(
    both: Desk, typed: str, shown: str
) -> None:
    note_id = embed(both, f"{typed}\nmore words")
    page = both.page(note_id)
    line = page.read_text("utf-8").split("\n").index(typed) + 1
    told = both.told(both.sync(), "is not in the Obsidian vault")
    assert told.text.startswith(f"Line {line}: ")
    html = back(both, note_id)
    assert shown in html and "<img" not in html and html.endswith("more words")
    assert typed in page.read_text("utf-8") and not both.col.media.check().missing
    assert both.plan().is_empty


@pytest.mark.parametrize(
    "typed",
    [
        "![[Another page]]",
        "![[Another page#Part|words]]",
        "![[Note#^block]]",
        "![[x.canvas]]",
        "![[d.excalidraw]]",
    ],
)
def test_an_embedded_page_is_a_link_that_opens_obsidian(both: Desk, typed: str) -> None:
    note_id = embed(both, f"{typed}\nmore words")
    page = both.page(note_id)
    assert both.sync().messages == ()
    html = back(both, note_id)
    assert '<a class="internal-embed" href="obsidian://open?' in html
    assert html.endswith("more words") and typed in page.read_text("utf-8")
    note = both.col.get_note(note_id)
    note["Back"] = html.replace("more", "other")
    both.col.update_note(note)
    both.sync()
    assert typed in page.read_text("utf-8") and "other words" in page.read_text("utf-8")
    assert both.plan().is_empty


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("![[d.pdf]]", '<object data="d.pdf"><a href="d.pdf">d.pdf</a></object>'),
        ("![[d.pdf#page=3|My paper]]", '<a href="d.pdf#page=3">My paper</a>'),
        ("![[d.mp4#t=10]]", "[sound:d.mp4]"),
        ("![[d.mp3|a talk]]", 'title="a talk">[sound:d.mp3]'),
        ("![[d.png|a cap tion|200]]", '<img src="d.png" alt="a cap tion" width="200">'),
    ],
)
def test_what_an_embed_says_besides_its_file_comes_back(both: Desk, typed: str, shown: str) -> None:
    name = typed[3:8]
    put(both, f"x/{name}", b"the file")
    note_id = embed(both, typed)
    assert both.sync().messages == ()
    assert shown in back(both, note_id) and media(both) == {name: b"the file"}
    page = both.page(note_id)
    assert typed[3:] in page.read_text("utf-8") and both.plan().is_empty
    note = both.col.get_note(note_id)
    note["Back"] = "other " + note["Back"]
    both.col.update_note(note)
    both.sync()
    assert f"other answer\n![[Anki/assets/{typed[3:]}" in page.read_text("utf-8")
    assert not both.col.media.check().unused


@pytest.mark.parametrize(
    "typed",
    ["![[../../secret.png]]", "![](../../../secret.png)", "![[link.png]]", "![[x/secret.png]]"],
)
def test_nothing_outside_the_vault_gets_into_anki(both: Desk, tmp_path: Path, typed: str) -> None:
    (tmp_path / "secret.png").write_bytes(b"secret")
    os.symlink(tmp_path / "secret.png", both.vault.parent / "link.png")
    os.symlink(tmp_path, both.vault.parent / "x")
    (both.vault.parent / ".hidden").mkdir()
    embed(both, typed)
    both.sync()
    assert media(both) == {}


def test_a_file_that_changed_since_the_plan_waits_with_its_note(both: Desk) -> None:
    from ankivault.sync.vault.run import apply_plan

    put(both, "photo.png", b"one")
    note_id = embed(both, "![[photo.png]]")
    page = both.page(note_id).read_bytes()
    plan = both.plan()
    put(both, "photo.png", b"two")
    report = apply_plan(both.col, plan, both.state)
    assert both.told(report, "“photo.png” was changed")
    assert (back(both, note_id), media(both)) == ("answer", {})
    assert both.page(note_id).read_bytes() == page
    both.sync()
    assert media(both) == {"photo.png": b"two"}


def test_a_new_page_brings_its_picture(both: Desk) -> None:
    both.add()
    both.sync()
    put(both, "photo.png", b"picture")
    page = both.vault / "Biology/New.md"
    page.write_text("---\nanki_note_type: Basic\n---\n## Front\nQ\n\n## Back\n![[photo.png]]\n")
    report = both.sync()
    assert report.messages == ()
    assert media(both) == {"photo.png": b"picture"}
    assert both.files()["assets/photo.png"] == b"picture"
    assert "![[photo.png]]" in page.read_text("utf-8")
    assert both.plan().is_empty


def test_a_picture_whose_name_holds_an_escape_is_the_file_of_that_name(both: Desk) -> None:
    for name in ("a_#%23_B.png", "b c.png"):
        (Path(both.col.media.dir()) / name).write_bytes(name.encode())
    html = '<img src="a_#%23_B.png"><br><img src="b%20c.png"><br>words'
    note_id = both.add(Front="Q", Back=html)
    assert both.sync().messages == ()
    files = both.files()
    copies = {data for path, data in files.items() if path.startswith("assets/")}
    assert copies == {b"a_#%23_B.png", b"b c.png"}
    page = both.page(note_id)
    page.write_text(page.read_text("utf-8").replace("words", "other"), "utf-8")
    assert both.sync().messages == ()
    assert back(both, note_id) == html.replace("words", "other")


@pytest.mark.parametrize(
    "name",
    [
        *("é.png", "e\u0301.png", "a  b.png", "50%.png", "50%25.png", "a&b;.png", "a&amp;b.png"),
        *("it's.png", "“q”.png", "A.png", "a.PNG", "日本語.mp3", "L" * 200 + ".png", "con.png"),
        *(
            "(a).png",
            "a,b=c+d~e!.png",
            "😀.pdf",
            "x.y.z.png",
            "$a$.png",
            "*a*.png",
            "{{c1::a}}.png",
        ),
    ],
)
def test_a_file_of_any_name_goes_to_anki_and_back(both: Desk, name: str) -> None:
    both.col.media.write_data("a.png", b"other")
    put(both, f"x/{name}", b"the file")
    note_id = embed(both, f"![[{name}]]\nmore words")
    assert both.sync().messages == ()
    (brought,) = {name for name, data in media(both).items() if data == b"the file"}
    page = both.page(note_id)
    (target,) = re.findall(r"!\[\[([^\]]*)\]\]", page.read_text("utf-8"))
    copies = {path: data for path, data in both.files().items() if path.startswith("assets/")}
    (copy,) = [path for path, data in copies.items() if data == b"the file"]
    assert target.rpartition("/")[2] == copy.rpartition("/")[2]
    assert both.plan().is_empty and not both.col.media.check().unused[1:]
    note = both.col.get_note(note_id)
    note["Back"] = note["Back"].replace("more", "other")
    both.col.update_note(note)
    both.sync()
    assert f"![[{target}]]\nother words" in page.read_text("utf-8")
    page.write_text(page.read_text("utf-8").replace("other", "new"), "utf-8")
    before = back(both, note_id)
    assert both.sync().messages == () and both.plan().is_empty
    assert back(both, note_id) == before.replace("other", "new")
    assert media(both).keys() == {"a.png", brought}
