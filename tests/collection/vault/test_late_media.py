"""Embedded files that come after their pages: the next run brings them, and no page is edited."""

from __future__ import annotations

from pathlib import Path

import pytest

from ankivault.model.note import read_note
from ankivault.sync.run.done import Done
from tests.collection.conftest import Desk
from tests.collection.vault.test_media_in import back, both, embed, media, put

__all__ = ["both"]
LATE = "is not in the Obsidian vault"


@pytest.mark.parametrize(
    ("typed", "where", "shown"),
    [
        ("![[late.png]]", "late.png", '<img src="late.png">'),
        ("![[late.png|200]]", "x/y/late.png", '<img src="late.png" width="200">'),
        ("![[x/late.png|a b]]", "x/late.png", '<img src="late.png" alt="a b">'),
        ("![[late.png]]", "Anki/assets/late.png", '<img src="late.png">'),
        ("![a b|20x10](x/la%20te.png)", "x/la te.png", '<img src="la te.png" alt="a b" width'),
        ('![a](late.png "b c")', "late.png", '<img src="late.png" alt="a" title="b c">'),
        ("![[../late.PNG]]", "Anki/late.PNG", '<img src="late.PNG">'),
        ("![[x/late.mp3|words]]", "x/late.mp3", 'title="words">[sound:late.mp3]</span>'),
        ("![[late.mp4#t=10]]", "late.mp4", "[sound:late.mp4]"),
        ("![[x/é.pdf#page=3]]", "x/e\u0301.pdf", '<a href="é.pdf#page=3">é.pdf</a>'),
        ("| a | b |\n| --- | --- |\n| ![[late.png\\|200]] | c |", "late.png", 'width="200">'),
        ("> [!note] Title\n> ![[late.png]]", "late.png", '<img src="late.png">'),
        ("1. a ![[late.png]]", "late.png", '<li>a <img src="late.png"></li>'),
        ("words[^1]\n\n[^1]: ![[late.png]]", "late.png", '<img src="late.png">'),
    ],
)
def test_a_file_that_comes_late_is_shown_by_the_next_run(
    both: Desk, typed: str, where: str, shown: str
) -> None:
    both.col.media.write_data("other.png", b"other")
    note_id = embed(both, typed)
    before = both.page(note_id)
    assert both.told(both.sync(), LATE).text.startswith("Line ")
    assert typed.split("\n")[-1] in before.read_text("utf-8")
    assert both.told(both.sync(), LATE) and set(media(both)) == {"other.png"}
    assert "<object" in back(both, note_id) and both.plan().is_empty
    put(both, where, b"the file")
    report = both.sync()
    assert (report.messages, report.counts[Done.MEDIA_ADDED]) == ((), 1)
    html = back(both, note_id)
    assert shown in html and "<object data-embed" not in html and "<object title" not in html
    assert b"the file" in media(both).values() and both.plan().is_empty
    assert not both.col.media.check().missing


def test_a_file_that_comes_with_anki_is_shown_as_well(both: Desk) -> None:
    note_id = embed(both, "![[late.png]]")
    both.sync()
    both.col.media.write_data("late.png", b"the file")
    assert both.sync().messages == ()
    assert '<img src="late.png">' in back(both, note_id)
    assert both.files()["assets/late.png"] == b"the file" and both.plan().is_empty


def test_another_file_of_the_same_name_is_never_shown_instead(both: Desk) -> None:
    both.col.media.write_data("late.png", b"Anki's own")
    note_id = embed(both, "![[x/late.png]]")
    both.sync()
    assert "<object data-embed=" in back(both, note_id)
    put(both, "y/late.png", b"another")
    both.sync()
    assert "<object data-embed=" in back(both, note_id)
    put(both, "x/late.png", b"the file")
    assert both.sync().messages == ()
    (name,) = {name for name, data in media(both).items() if data == b"the file"}
    assert f'<img src="{name}">' in back(both, note_id) and name != "late.png"
    assert both.plan().is_empty


def test_a_new_page_and_cards_get_their_late_files(both: Desk) -> None:
    both.add()
    both.sync()
    page = both.vault / "Biology/New.md"
    page.write_text("---\nanki_note_type: Basic\n---\n## Front\nQ\n\n## Back\n![[late.png]]\n")
    cards = both.vault / "Biology/Cards.md"
    text = (
        "---\nanki_note_type: Ankivault\n---\n## Note\n![[late.png]]\n\n### Q2\n\n![[late.mp3|a]]\n"
    )
    cards.write_text(text)
    assert len([m for m in both.sync().messages if LATE in m.text]) == 3
    assert "![[late.png]]" in page.read_text() and "![[late.mp3|a]]" in cards.read_text()
    both.sync()
    put(both, "late.png", b"picture")
    put(both, "late.mp3", b"sound")
    report = both.sync()
    assert (report.messages, report.counts[Done.NOTE_UPDATED]) == ((), 2)
    assert media(both).keys() >= {"late.png", "late.mp3"} and both.plan().is_empty
    fields = "\n".join(both.col.db.list("select flds from notes"))
    (values,) = (row.split("\x1f") for row in fields.split("\n") if row.count("\x1f") > 2)
    (card,) = read_note(values).content.cards
    assert card.back == '<span data-embed="|a" title="a">[sound:late.mp3]</span>'
    assert fields.count('<img src="late.png">') == 2 and "<object data-embed" not in fields
    assert not both.col.media.check().missing


def test_many_late_files_need_no_consent(both: Desk) -> None:
    notes = [both.add(Front=f"Q{i}", Back="answer") for i in range(25)]
    both.sync()
    for i, note_id in enumerate(notes):
        page = both.page(note_id)
        page.write_text(page.read_text("utf-8").replace("answer", f"![[late{i}.png]]"), "utf-8")
    both.sync(confirmed=True)
    for i in range(25):
        put(both, f"late{i}.png", b"%d" % i)
    assert both.sync().counts[Done.MEDIA_ADDED] == 25
    assert all('<img src="late' in back(both, note_id) for note_id in notes)


def test_edits_go_on_while_a_file_is_late(both: Desk) -> None:
    note_id = embed(both, "![[late.png]]\nmore words")
    both.sync()
    page = both.page(note_id)
    page.write_text(page.read_text("utf-8").replace("late.png", "late.png|300"), "utf-8")
    both.sync()
    note = both.col.get_note(note_id)
    note["Back"] = note["Back"].replace("more", "other")
    both.col.update_note(note)
    put(both, "late.png", b"the file")
    assert both.sync().messages == ()
    assert back(both, note_id) == 'answer<br><img src="late.png" width="300"><br>other words'
    assert both.plan().is_empty


def test_nothing_from_outside_comes_late(both: Desk, tmp_path: Path) -> None:
    note_id = embed(both, "![[../../../late.png]]\n![[late.png]]")
    both.sync()
    (tmp_path / "late.png").write_bytes(b"secret")
    (both.vault.parent / "late.png").symlink_to(tmp_path / "late.png")
    both.sync()
    assert media(both) == {} and back(both, note_id).count("<object data-embed=") == 2
