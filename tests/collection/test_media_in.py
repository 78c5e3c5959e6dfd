"""Pictures and recordings that a person puts into a page get into Anki, and no others."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest

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
    assert (report.messages, report.counts["media added to Anki"]) == ((), 1)
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
    assert "media added to Anki" not in report.counts
    assert back(both, note_id) == 'answer<br><img src="photo.png">'


def test_two_files_of_one_name_must_be_told_apart(both: Desk) -> None:
    put(both, "a/photo.png", b"one")
    put(both, "b/photo.png", b"other")
    note_id = embed(both, "![[photo.png]]")
    page = both.page(note_id)
    text = page.read_text("utf-8")
    report = both.sync()
    assert both.told(report, "one of several").path == page.relative_to(both.vault).as_posix()
    assert (back(both, note_id), media(both)) == ("answer", {})
    assert page.read_text("utf-8") == text
    settings = both.vault.parent / ".obsidian/app.json"
    settings.write_text('{"attachmentFolderPath": "b"}', "utf-8")
    both.sync()
    assert media(both) == {"photo.png": b"other"}


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("![[nowhere to be.png]]", "“nowhere to be.png” is not in the Obsidian vault"),
        ("![](nowhere%20to%20be.png)", "“nowhere to be.png” is not in the Obsidian vault"),
        ("![[Another page]]", "link to it as [[…]]"),
        ("![[paper.pdf]]", "link to it as [[…]]"),
    ],
)
def test_an_embed_that_anki_cannot_show_is_told_with_its_line_and_left(
    both: Desk, typed: str, words: str
) -> None:
    note_id = embed(both, typed)
    text = both.page(note_id).read_text("utf-8")
    told = both.told(both.sync(), words)
    assert told.text.startswith(f"Line {text.split(chr(10)).index(typed) + 1}: ")
    assert (back(both, note_id), media(both)) == ("answer", {})
    assert both.page(note_id).read_text("utf-8") == text


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
