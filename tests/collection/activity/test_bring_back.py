"""An earlier version of a note or a page is there again: a new change, with its own way back."""

from __future__ import annotations

from pathlib import Path

import pytest

from ankivault.sync.activity.entry import Kept, NoteWords, unpack_words
from ankivault.sync.activity.find import Query, reading
from ankivault.sync.bring_back.plan import BackPlan
from ankivault.sync.bring_back.run import apply_back, plan_back
from ankivault.sync.deck.options import DeckOptions
from ankivault.sync.deck.run import export_deck, sync_deck
from ankivault.sync.run.done import Done
from ankivault.sync.run.report import Report
from tests.collection.conftest import Desk


def newest(desk: Desk, query: Query) -> Kept:
    with reading(desk.state) as history:
        run = history.runs(query)[0]
        return history.entries(run.id, query)[0]


def of_kind(*kinds: Done) -> Query:
    return Query(kinds=frozenset(kinds))


def plan(desk: Desk, kind: Done) -> BackPlan:
    return plan_back(desk.col, desk.settings, desk.state, newest(desk, of_kind(kind)))


def bring_back(desk: Desk, planned: BackPlan) -> Report:
    assert not planned.refusal, planned.refusal
    return apply_back(desk.col, desk.settings, desk.state, planned)


@pytest.fixture
def two_way(desk: Desk) -> Desk:
    desk.set(two_way=True)
    return desk


def test_the_words_of_a_note_come_back_as_one_undo_step(two_way: Desk) -> None:
    desk = two_way
    note = desk.add("A", tags="x", Front="Mitosis", Back="<b>two</b> cells")
    desk.sync()
    desk.retype(note, "**two** cells", "three cells")
    desk.sync()
    desk.edit(note, Front="Mitosis?")
    desk.sync()
    planned = plan(desk, Done.NOTE_UPDATED)
    (part,) = planned.parts
    assert (part.name, part.now, part.then) == ("Back", "three cells", "<b>two</b> cells")
    assert bring_back(desk, planned).counts == {Done.NOTE_UPDATED: 1}
    assert desk.fields(note) == {"Front": "Mitosis?", "Back": "<b>two</b> cells"}
    assert desk.col.undo_status().undo == "Ankivault: Bring back “Mitosis”"
    assert desk.sync().ok
    assert "**two** cells" in desk.page(note).read_text()
    desk.col.undo()
    assert desk.fields(note)["Back"] == "three cells"
    found = newest(desk, of_kind(Done.NOTE_UPDATED))
    with reading(desk.state) as history:
        run = history.run(found.run)
    assert run and run.began.kind == "back", "bringing back is a run in Activity too"


def test_a_note_that_was_edited_since_the_plan_stays(two_way: Desk) -> None:
    desk = two_way
    note = desk.add(Front="q", Back="one")
    desk.sync()
    desk.retype(note, "one", "two")
    desk.sync()
    planned = plan(desk, Done.NOTE_UPDATED)
    desk.edit(note, Back="three")
    report = bring_back(desk, planned)
    assert desk.fields(note)["Back"] == "three"
    assert desk.told(report, "changed since")
    again = plan(desk, Done.NOTE_UPDATED)
    assert any("edited again" in told for told in again.told)


def test_a_deleted_note_is_added_again_with_its_guid_and_its_page(two_way: Desk) -> None:
    desk = two_way
    note = desk.add("A::B", tags="x y", Front="q", Back="a")
    guid = desk.col.get_note(note).guid
    desk.sync()
    desk.page(note).unlink()
    (question,) = desk.plan().questions
    desk.answer(question.key, "delete")
    planned = plan(desk, Done.NOTE_DELETED)
    assert "review history" in planned.told[0]
    assert bring_back(desk, planned).counts == {Done.NOTE_RESTORED: 1}
    (back,) = desk.col.find_notes("")
    made = desk.col.get_note(back)
    assert (made.guid, made.tags, made.fields) == (guid, ["x", "y"], ["q", "a"])
    assert desk.col.decks.name(made.cards()[0].did) == "A::B"
    desk.sync()
    assert desk.page(back)
    assert "in Anki again" in plan(desk, Done.NOTE_DELETED).refusal


@pytest.mark.parametrize("how", ["renamed", "swapped"])
def test_the_words_of_a_deleted_note_come_into_no_other_field(two_way: Desk, how: str) -> None:
    desk = two_way
    note = desk.add("A", Front="Mitosis", Back="two cells")
    desk.sync()
    page = desk.page(note)
    page.unlink()
    assert desk.answer(f"page deleted:{note}", "delete").ok
    assert desk.col.note_count() == 0
    planned = plan(desk, Done.NOTE_DELETED)
    kind, models = desk.col.models.by_name("Basic"), desk.col.models
    assert kind is not None
    if how == "renamed":
        models.rename_field(kind, kind["flds"][1], "Source")
    else:
        models.reposition_field(kind, kind["flds"][0], 1)
    models.update_dict(kind)
    (told,) = bring_back(desk, planned).messages
    assert "look at it again" in told.text
    assert desk.col.note_count() == 0
    if how == "swapped":
        assert bring_back(desk, plan(desk, Done.NOTE_DELETED)).ok
        (found,) = desk.col.find_notes("")
        assert desk.fields(int(found)) == {"Front": "Mitosis", "Back": "two cells"}


def test_a_page_in_a_two_way_vault_gets_all_its_earlier_text(two_way: Desk) -> None:
    desk = two_way
    note = desk.add("A", Front="q", Back="one")
    desk.sync()
    page = desk.page(note)
    page.write_text(page.read_text() + "\nmy words\n")
    desk.edit(note, Back="two")
    desk.sync()
    desk.move(note, "New")
    desk.sync()
    page = desk.page(note)
    present = page.read_bytes()
    planned = plan(desk, Done.PAGE_UPDATED)
    assert bring_back(desk, planned).ok
    text = page.read_text()
    assert "\none\n" in text and "my words" in text and "anki_deck: New" in text
    assert any(data.encode() == present for data in desk.trash().values())
    desk.sync()
    assert desk.fields(note)["Back"] == "one"
    assert desk.page(note) == page, "an older deck on the page moves no card"


def test_in_a_mirror_vault_what_the_person_wrote_comes_back_and_anki_keeps_its_part(
    desk: Desk,
) -> None:
    note = desk.add(Front="q", Back="one")
    desk.sync()
    page = desk.page(note)
    page.write_text(page.read_text() + "\nmy words\n")
    desk.col.tags.bulk_add([note], "new")
    desk.sync()
    page.write_text(page.read_text().replace("my words", "other words"))
    planned = plan(desk, Done.PAGE_UPDATED)
    assert any("Anki decides" in told for told in planned.told)
    assert bring_back(desk, planned).counts == {Done.PAGE_REWRITTEN: 1}
    text = page.read_text()
    assert "- new" in text and "my words" in text and "other words" not in text
    assert any("other words" in data for data in desk.trash().values())
    assert desk.sync().counts[Done.PAGE_UNCHANGED] == 1
    assert "nothing to bring back" in plan(desk, Done.PAGE_UPDATED).refusal


def test_in_a_mirror_vault_the_words_of_a_note_come_back_in_anki(desk: Desk) -> None:
    note = desk.add(Front="q", Back="<i>one</i>")
    desk.sync()
    page = desk.page(note)
    page.write_text(page.read_text() + "\nmy words\n")
    desk.edit(note, Back="two")
    desk.sync()
    page.write_text(page.read_text().replace("my words", "other words"))
    planned = plan(desk, Done.PAGE_UPDATED)
    assert [(p.name, p.now, p.then) for p in planned.parts[:1]] == [("Back", "two", "<i>one</i>")]
    report = bring_back(desk, planned)
    assert report.counts == {Done.NOTE_UPDATED: 1, Done.PAGE_REWRITTEN: 1}
    assert desk.fields(note)["Back"] == "<i>one</i>" and "my words" in page.read_text()
    assert desk.sync().counts[Done.PAGE_UPDATED] == 1
    text = page.read_text()
    assert "*one*" in text and "my words" in text and "other words" not in text
    desk.col.undo()
    assert desk.fields(note)["Back"] == "two"


def test_a_page_that_went_is_a_file_again(desk: Desk) -> None:
    note = desk.add(Front="q", Back="one")
    desk.sync()
    page = desk.page(note)
    page.write_text(page.read_text() + "\nmy words\n")
    text = page.read_bytes()
    desk.col.remove_notes([note])
    desk.sync()
    assert not page.exists()
    planned = plan(desk, Done.PAGE_DELETED)
    assert "not in Anki" in planned.told[0]
    assert bring_back(desk, planned).counts == {Done.PAGE_RESTORED: 1}
    assert page.read_bytes() == text
    desk.sync()
    assert page.read_bytes() == text


def test_a_page_that_was_edited_since_the_plan_stays(desk: Desk) -> None:
    note = desk.add(Front="q", Back="one")
    desk.sync()
    page = desk.page(note)
    page.write_text(page.read_text() + "\nmy words\n")
    desk.edit(note, Back="two")
    desk.sync()
    page.write_text(page.read_text().replace("my words", "other words"))
    planned = plan(desk, Done.PAGE_UPDATED)
    page.write_text(page.read_text() + "still typing")
    before = page.read_bytes()
    assert desk.told(bring_back(desk, planned), "changed since")
    assert page.read_bytes() == before and not desk.trash()


def test_what_cannot_be_brought_back_says_why(two_way: Desk) -> None:
    desk = two_way
    note = desk.add(Front="q", Back="one")
    desk.sync()
    assert "no earlier text" in plan(desk, Done.PAGE_CREATED).refusal
    desk.retype(note, "one", "two")
    desk.sync()
    model = desk.col.models.by_name("Basic")
    assert model
    model["flds"][1]["name"] = "Answer"
    desk.col.models.update_dict(model)
    assert "no field “Back”" in plan(desk, Done.NOTE_UPDATED).refusal
    desk.col.remove_notes([note])
    assert "no longer in Anki" in plan(desk, Done.NOTE_UPDATED).refusal


def test_what_a_toml_file_changed_in_anki_comes_back_like_any_note(
    desk: Desk, tmp_path: Path
) -> None:
    note = desk.add("A", Front="one", Back="<b>kept</b>")
    file = tmp_path / "deck.toml"
    export_deck(desk.col, "A", file)
    sync_deck(desk.col, file, DeckOptions(), desk.state)
    file.write_text(file.read_text("utf-8").replace("kept", "changed"), "utf-8")
    _, report = sync_deck(desk.col, file, DeckOptions(), desk.state)
    assert report.ok and "changed" in desk.fields(note)["Back"]
    assert bring_back(desk, plan(desk, Done.NOTE_UPDATED)).counts == {Done.NOTE_UPDATED: 1}
    assert desk.fields(note)["Back"] == "<b>kept</b>"
    desk.edit(note, Back="typed in Anki")
    sync_deck(desk.col, file, DeckOptions(), desk.state)
    assert "copy the words" in plan(desk, Done.NOTE_UPDATED_IN_FILE).refusal


@pytest.mark.parametrize("is_two_way", [True, False])
@pytest.mark.parametrize("other", ["the page of another note", "a file of one's own"])
def test_a_page_that_went_comes_back_beside_whoever_has_its_name_now(
    desk: Desk, is_two_way: bool, other: str
) -> None:
    desk.set(two_way=is_two_way)
    note = desk.add("A", Front="Mitosis", Back="of one")
    desk.sync()
    place = desk.page(note).with_name("Mitosis.md")
    desk.page(note).rename(place)
    place.write_text(place.read_text("utf-8") + "\nwords of mine\n", "utf-8")
    desk.sync()
    desk.col.remove_notes([note])
    desk.sync()
    with reading(desk.state) as history:
        gone = next(k for k in history.versions_of(note) if k.entry.before or k.entry.trash)
    if other == "the page of another note":
        second = desk.add("A", Front="Mitosis", Back="of another")
        desk.sync()
        desk.page(second).rename(place)
        desk.sync()
        place.write_text(place.read_text("utf-8") + "\nwords on it\n", "utf-8")
    else:
        place.parent.mkdir(exist_ok=True)
        place.write_text("# My diary\n\nwords on it\n", "utf-8")
    before = place.read_bytes()
    planned = plan_back(desk.col, desk.settings, desk.state, gone)
    assert planned.page is not None and planned.page.path == "A/Mitosis 2.md"
    assert bring_back(desk, planned).ok
    assert place.read_bytes() == before
    assert "words of mine" in place.with_name("Mitosis 2.md").read_text("utf-8")
    desk.sync()
    assert "words on it" in place.read_text("utf-8")


@pytest.mark.parametrize(
    "packed", [b"\xff", b"{}", b"[]", b'{"fields": []}', b'{"fields": {"a": 1']
)
def test_damaged_words_hold_nothing(packed: bytes) -> None:
    assert unpack_words(packed) == NoteWords()
