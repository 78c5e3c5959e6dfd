"""What a person takes back in Anki after a live run stays taken back, and their words are kept."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ankivault.sync.run.scope import Scope
from ankivault.sync.vault.live.live_vault import Look, Seen

from ....desks.live_desk import EVERYWHERE, LiveDesk
from ...conftest import Desk

ANKI_ONLY = Look(Scope(), anki=True)


@pytest.fixture
def live(desk: Desk) -> LiveDesk:
    desk.set(two_way=True)
    desk.add("Quiet", Front="q", Back="a")
    desk.sync()
    live = LiveDesk(desk)
    live.run()
    return live


@pytest.mark.parametrize("look_between", [True, False])
def test_an_edit_that_was_undone_stays_undone(
    desk: Desk, live: LiveDesk, look_between: bool
) -> None:
    note_id = desk.add("Quiet", Front="Capital?", Back="Rome")
    assert desk.col.db is not None
    live.run()
    desk.col.db.execute("update notes set mod = mod - 100000 where id = ?", note_id)
    desk.sync()
    live.run()
    desk.retype(note_id, "Rome", "Paris, typed")
    live.run()
    assert desk.fields(note_id)["Back"] == "Paris, typed"
    assert "Capital" in desk.col.undo_status().undo
    if look_between:
        live.run(ANKI_ONLY)
    desk.col.undo()
    for look in (ANKI_ONLY, EVERYWHERE, EVERYWHERE):
        live.run(look)
        assert desk.fields(note_id)["Back"] == "Rome"
        assert "Rome" in desk.page(note_id).read_text("utf-8")
    assert any("Paris, typed" in text for text in trash(desk))
    live.check_in_step()
    desk.sync()
    assert desk.plan().is_empty
    assert desk.fields(note_id)["Back"] == "Rome"


@pytest.mark.parametrize("look_between", [True, False])
@pytest.mark.parametrize("lately", [1, 2100])
def test_an_edit_that_was_undone_and_redone_is_on_the_page_again(
    desk: Desk, live: LiveDesk, look_between: bool, lately: int
) -> None:
    """Some seconds later, so that Redo gives the note a date of before the last look."""
    note_id = desk.add("Quiet", Front="Capital?", Back="Rome")
    assert desk.col.db is not None
    for number in range(lately):
        desk.add("Many", Front=f"note {number}", Back="lately")
    desk.col.db.execute("update notes set mod = mod - 100000 where id = ?", note_id)
    desk.sync()
    live.seen = Seen()
    live.run()
    desk.retype(note_id, "Rome", "Paris, typed")
    live.run()
    if look_between:
        live.run(ANKI_ONLY)
    desk.col.undo()
    live.run(ANKI_ONLY)
    assert "Rome" in desk.page(note_id).read_text("utf-8")
    assert live.seen.anki is not None
    live.seen = replace(live.seen, anki=replace(live.seen.anki, since=live.seen.anki.since + 100))
    desk.col.redo()
    live.run(ANKI_ONLY)
    assert desk.fields(note_id)["Back"] == "Paris, typed"
    assert "Paris, typed" in desk.page(note_id).read_text("utf-8")


@pytest.mark.parametrize("look_between", [True, False])
def test_a_note_that_was_taken_back_does_not_come_again(
    desk: Desk, live: LiveDesk, look_between: bool
) -> None:
    page = desk.vault / "Quiet" / "Mine.md"
    page.write_text("---\nanki_note_type: Basic\n---\n## Front\nwritten\n\n## Back\nwords\n")
    live.run()
    assert len(desk.col.find_notes("written")) == 1
    if look_between:
        live.run(ANKI_ONLY)
    desk.col.undo()
    for look in (ANKI_ONLY, EVERYWHERE):
        live.run(look)
        assert not desk.col.find_notes("written")
        assert "words" in page.read_text("utf-8")
    assert live.standing.waits
    live.check_in_step()


def test_words_of_a_page_are_kept_when_an_edit_in_anki_is_undone_before_them(
    desk: Desk, live: LiveDesk
) -> None:
    """The note was edited on the page, then in Anki, and both are undone one after the other."""
    note_id = desk.add("Quiet", Front="Capital?", Back="Rome")
    live.run()
    desk.retype(note_id, "Rome", "Paris, typed")
    live.run()
    desk.edit(note_id, Front="The capital?")
    live.run()
    for back in ("Paris, typed", "Rome"):
        desk.col.undo()
        live.run()
        assert desk.fields(note_id) == {"Front": "Capital?", "Back": back}
        assert back in desk.page(note_id).read_text("utf-8")
    assert any("Paris, typed" in text for text in trash(desk))
    live.check_in_step()


def test_a_new_page_is_kept_when_an_edit_in_anki_is_undone_before_it(
    desk: Desk, live: LiveDesk
) -> None:
    page = desk.vault / "Quiet" / "Mine.md"
    page.write_text("---\nanki_note_type: Basic\n---\n## Front\nwritten\n\n## Back\nwords\n")
    live.run()
    (note_id,) = desk.col.find_notes("front:written")
    desk.edit(note_id, Back="words, and more in Anki")
    live.run()
    for _ in range(2):
        desk.col.undo()
        live.run()
    assert not desk.col.find_notes("front:written")
    desk.sync()
    assert not page.exists()
    assert any("words" in text for text in trash(desk))


def test_an_edit_in_anki_that_was_undone_is_undone_on_the_page(desk: Desk, live: LiveDesk) -> None:
    note_id = desk.add("Quiet", Front="Capital?", Back="Rome")
    live.run()
    desk.edit(note_id, Back="Paris")
    live.run()
    assert "Paris" in desk.page(note_id).read_text("utf-8")
    desk.col.undo()
    live.run(ANKI_ONLY)
    assert "Rome" in desk.page(note_id).read_text("utf-8")
    live.check_in_step()


def trash(desk: Desk) -> list[str]:
    folders = (desk.vault / ".trash", desk.vault.parent / ".trash")
    return [f.read_text("utf-8") for folder in folders for f in folder.rglob("*.md")]
