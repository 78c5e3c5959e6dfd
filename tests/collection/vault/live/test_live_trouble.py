"""What a live run could not do is done later, and what its sign says of it is no longer said."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import Any

import pytest

from ankivault.sync.run.scope import Scope
from ankivault.sync.vault.live.live_vault import Look, NoRunYet
from ankivault.sync.vault.live.quiet import MEDIA_MOMENT

from ....desks.live_desk import LiveDesk
from ...conftest import Desk


@pytest.fixture
def live(desk: Desk) -> LiveDesk:
    """A desk in step, with two-way."""
    desk.set(two_way=True)
    for number in range(3):
        desk.add("Deck", Front=f"question {number}", Back="answer")
    desk.sync()
    live = LiveDesk(desk)
    live.run()
    return live


def fill_disk(monkeypatch: pytest.MonkeyPatch, vault: Path) -> None:
    """From now on, no file can be put in place in this folder."""
    replace = os.replace

    def refuse(source: Any, target: Any) -> None:
        if str(target).startswith(str(vault)):
            raise OSError(errno.ENOSPC, "No space left on device")
        replace(source, target)

    monkeypatch.setattr(os, "replace", refuse)


def test_what_a_full_disk_refused_is_left_undone_and_can_be_done_alone(
    live: LiveDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Pages, index pages, pictures, and new pages that become notes."""
    desk = live.desk
    edited = min(desk.col.find_notes(""))
    desk.col.media.write_data("new.png", b"png")
    fill_disk(monkeypatch, desk.vault)
    desk.edit(edited, Back="edited")
    desk.add("Deck", Front="new in Anki", Back='<img src="new.png">')
    typed = desk.vault / "Deck" / "typed.md"
    typed.write_text("---\nanki_note_type: Basic\n---\n## Front\ntyped\n\n## Back\na\n", "utf-8")

    report = live.run()

    assert not report.ok
    assert "disk is full" in live.standing.last
    monkeypatch.undo()
    live.run(Look(report.undone))
    live.check_in_step()
    assert "edited" in desk.page(edited).read_text("utf-8")
    assert (desk.vault / "assets" / "new.png").is_file()
    assert len(desk.col.find_notes("front:typed")) == 1
    index = (desk.vault / "Deck" / "_Deck_index.md").read_text("utf-8")
    assert "|new in Anki]]" in index
    assert "|typed]]" in index
    assert not live.standing.troubles


def test_the_sign_names_the_page_and_forgets_what_was_mended(live: LiveDesk) -> None:
    desk = live.desk
    page = desk.page(min(desk.col.find_notes("")))
    whole = page.read_text("utf-8")

    page.write_text(whole.replace("anki_deck:", "anki_deck: ["), "utf-8")
    live.run()
    assert "“question 0”: The properties cannot be read" in live.standing.last

    page.write_text(whole, "utf-8")
    live.run()
    assert live.standing.last == ""


def test_a_picture_that_is_being_written_comes_into_anki_when_it_is_whole(live: LiveDesk) -> None:
    """Its page waits, also one that is to become a note; other pages do not."""
    desk = live.desk
    first, second, _ = sorted(desk.col.find_notes(""))
    picture = desk.vault / "picture.png"
    picture.write_bytes(b"half a")
    written = picture.stat().st_mtime_ns
    desk.retype(first, "answer", "![[picture.png]]")
    desk.retype(second, "answer", "other")
    typed = desk.vault / "Deck" / "typed.md"
    typed.write_text("---\nanki_note_type: Basic\n---\n## Front\n![[picture.png]]\n", "utf-8")

    prepared, later = live.prepare().without_unfinished(written + MEDIA_MOMENT - 1)
    live.carry_out(prepared)

    assert desk.fields(second)["Back"] == "other"
    assert desk.fields(first)["Back"] == "answer"
    assert not desk.col.media.have("picture.png")
    assert len(desk.col.find_notes("")) == 3
    picture.write_bytes(b"half a picture, and the rest")
    written = picture.stat().st_mtime_ns
    prepared, none = live.prepare(Look(later)).without_unfinished(written + MEDIA_MOMENT)
    assert none.is_empty
    live.carry_out(prepared)
    assert desk.fields(first)["Back"] == '<img src="picture.png">'
    assert len(desk.col.find_notes("")) == 4
    assert Path(desk.col.media.dir(), "picture.png").read_bytes() == picture.read_bytes()


def test_when_two_way_is_new_a_person_looks_first_at_what_goes_into_anki(desk: Desk) -> None:
    note_id = desk.add("Deck", Front="question", Back="answer")
    desk.sync()
    live = LiveDesk(desk)
    live.run()
    desk.retype(note_id, "answer", "typed in the mirror")

    desk.set(two_way=True)
    live = LiveDesk(desk)
    with pytest.raises(NoRunYet, match="Two-way is new"):
        live.run()
    desk.sync(inward=False)  # the run before an AnkiWeb sync
    with pytest.raises(NoRunYet, match="Two-way is new"):
        live.run()
    assert desk.fields(note_id)["Back"] == "answer"
    desk.sync()
    assert desk.fields(note_id)["Back"] == "typed in the mirror"
    desk.retype(note_id, "typed in the mirror", "typed live")
    live.run()
    assert desk.fields(note_id)["Back"] == "typed live"

    desk.set(two_way=False)
    desk.sync()
    desk.set(two_way=True)
    with pytest.raises(NoRunYet, match="Two-way is new"):
        LiveDesk(desk).run()


def test_an_older_page_that_comes_back_takes_no_words_of_anki_away(live: LiveDesk) -> None:
    """A sync tool restores an old version. It may be meant, so it counts, and Anki's is kept."""
    desk = live.desk
    note_id = min(desk.col.find_notes(""))
    page = desk.page(note_id)
    old, date = page.read_bytes(), page.stat().st_mtime_ns
    desk.edit(note_id, Back="words of a long evening")
    live.run()
    page.write_bytes(old)
    os.utime(page, ns=(date, date))

    live.run()

    assert desk.fields(note_id)["Back"] == "answer"
    assert any("words of a long evening" in text for text in desk.trash().values())
    assert "gave way" in live.standing.last


def test_a_page_that_was_moved_while_its_note_is_edited_is_never_called_deleted(
    live: LiveDesk,
) -> None:
    """Its note is held back. The run after it looks at the note, and knows no other path."""
    desk = live.desk
    desk.add("Other", Front="another", Back="answer")
    live.run()
    note_id = min(desk.col.find_notes(""))
    page = desk.page(note_id)
    moved = desk.vault / "Other" / page.name
    page.rename(moved)
    desk.retype(note_id, "\nanswer\n", "\ntyped\n")

    live.carry_out(live.prepare().without(frozenset({note_id})))
    live.run(Look(Scope(frozenset({note_id}))))

    assert not live.standing.waits
    assert desk.fields(note_id)["Back"] == "typed"
    (card,) = desk.col.get_note(note_id).cards()
    assert (desk.col.decks.name(card.did), desk.page(note_id)) == ("Other", moved)
    live.check_in_step()
