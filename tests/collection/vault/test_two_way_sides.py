"""The rest of two-way's merge table: tags, decks, deletions, new pages, and what is undone."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from ankivault.convert.page.note import NoteText, PageStyle
from ankivault.convert.page.page_text import split_page
from ankivault.convert.page.properties import read_own
from ankivault.convert.page.render import own_properties

from ...desks.two_way_desk import (
    ANKI,
    ASK,
    BASE,
    BY_PAGE,
    PAGE,
    POLICIES,
    line_of,
    rows,
    settled,
    studied,
    study,
)
from ..conftest import Desk


@pytest.fixture
def desk(desk: Desk) -> Desk:
    desk.set(two_way=True)
    for number in range(3):
        desk.add("Deck", Front=f"other {number}", Back="left alone")
    return desk


# Tags: what was there, what Anki has, what the page has, and what both have then.
TAGS = {
    "nothing": ("a b", "a b", "a b", "a b"),
    "Anki adds": ("a", "a b", "a", "a b"),
    "Anki removes": ("a b", "a", "a b", "a"),
    "page adds": ("a", "a", "a b::c", "a b::c"),
    "page removes": ("a b::c", "a b::c", "a", "a"),
    "page removes all": ("a b", "a b", "", ""),
    "both add": ("a", "a b", "a c", "a b c"),
    "both add the same": ("a", "a B", "a b", "a B"),
    "both remove": ("a b c", "a b", "a c", "a"),
    "one adds, one removes": ("a b", "a b c", "a", "a c"),
    "what Anki removed, the page keeps": ("a b", "a", "a b c", "a c"),
    "Anki's own": ("a leech", "a marked", "a c", "a c marked"),
    "page cannot remove Anki's own": ("a leech", "a leech", "a", "a leech"),
    "one that the page cannot show": ("a it's", "a it's b", "it's", "b it's"),
}


@pytest.mark.parametrize("lost", [False, True])
@pytest.mark.parametrize("case", TAGS)
def test_tags(desk: Desk, case: str, lost: bool) -> None:
    before, now, page, both = (tags.split() for tags in TAGS[case])
    note_id = desk.add("Deck", Front="q", Back="a", tags=" ".join(before))
    study(desk)
    desk.sync()
    file = desk.page(note_id)
    parts = split_page(file.read_text("utf-8"))
    shown = own_properties(NoteText(0, "", "", "", (), tuple(page)), PageStyle(), "").tags
    lines = re.sub(r"tags:\n(  - .*\n)*", "", parts.front_matter or "")
    if page != before:
        file.write_text(replace(parts, front_matter=f"{lines}tags: [{', '.join(shown)}]\n").text)
    note = desk.col.get_note(note_id)
    if note.tags != now:
        note.tags = now
        desk.col.update_note(note)
    if lost:
        desk.lose_base()
        gone = {"leech", "marked"} - {tag.casefold() for tag in now}
        both = sorted({tag.casefold(): tag for tag in (*page, *now)}.values(), key=str.casefold)
        both = [tag for tag in both if tag not in gone]
    studying = studied(desk)
    report = desk.sync()
    assert (report.ok, report.questions) == (True, 0)
    assert studied(desk) == studying
    assert desk.col.get_note(note_id).tags == both
    wanted = own_properties(NoteText(0, "", "", "", (), tuple(both)), PageStyle(), "").tags
    found = read_own(split_page(file.read_text("utf-8")).front_matter).tags
    assert sorted(map(str.casefold, found)) == sorted(map(str.casefold, wanted))
    settled(desk, report)


@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize("how", ["folder", "property"])
@pytest.mark.parametrize("now", ["Deck", "There"])
def test_decks(desk: Desk, now: str, how: str, policy: str) -> None:
    note_id = desk.add("Deck", Front="q", Back="a")
    for deck in ("Here", "There"):
        desk.add(deck, Front=deck, Back="a")
    study(desk)
    desk.sync()
    page = desk.page(note_id)
    if how == "folder":
        page.rename(desk.vault / "Here" / page.name)
    else:
        desk.retype(note_id, "anki_deck: Deck", "anki_deck: Here")
    if now != "Deck":
        desk.move(note_id, now)
    desk.set(conflict_policy=policy)
    studying = studied(desk)
    report = desk.sync()
    assert report.ok
    assert studied(desk) == studying
    deck = {ASK: now, ANKI: now, PAGE: "Here"}[policy] if now == "There" else "Here"
    assert desk.col.decks.name(desk.col.get_note(note_id).cards()[0].did) == deck
    assert report.questions == (now == "There" and policy == ASK)
    if not report.questions:
        assert desk.page(note_id).parent == desk.vault / deck
        assert f"anki_deck: {deck}\n" in desk.page(note_id).read_text("utf-8")
    settled(desk, report)


# What became of note and page, whether the base is lost, and what a run by itself leaves of each.
GONE = [
    ("deleted", "as it was", False, (0, 0, 0)),
    ("deleted", "edited", False, (0, 1, 1)),
    ("deleted", "deleted", False, (0, 0, 0)),
    ("as it was", "deleted", False, (1, 0, 1)),
    ("edited", "deleted", False, (1, 0, 1)),
    # Nobody knows that there was a page, or a note: it is written again, or left and told.
    ("as it was", "deleted", True, (1, 1, 0)),
    ("deleted", "as it was", True, (0, 1, 0)),
    ("deleted", "edited", True, (0, 1, 0)),
]


@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize(("note", "page", "lost", "left"), GONE)
def test_deletions(
    desk: Desk, note: str, page: str, lost: bool, left: tuple[int, int, int], policy: str
) -> None:
    note_id = desk.add("Deck", Front="q", Back="answer")
    study(desk)
    desk.sync()
    if page == "edited":
        desk.retype(note_id, "answer", "answer of mine")
    elif page == "deleted":
        desk.page(note_id).unlink()
    if note == "edited":
        desk.edit(note_id, Back="answer from the phone")
    elif note == "deleted":
        desk.col.remove_notes([note_id])
    if lost:
        desk.lose_base()
    desk.set(conflict_policy=policy)
    before = rows(desk)
    report = desk.sync()
    assert rows(desk) == before  # whatever the policy
    notes, pages, questions = left
    assert (len(desk.col.find_notes(f"nid:{note_id}")), report.questions) == (notes, questions)
    assert len(desk.pages(note_id)) == pages
    if page == "edited":
        assert "answer of mine" in desk.page(note_id).read_text("utf-8")
    settled(desk, report)


def test_a_restored_note_keeps_its_guid_and_the_page_its_place(desk: Desk) -> None:
    note_id = desk.add("Deck", Front="q", Back='<b style="color: red">answer</b>', tags="t")
    guid = desk.col.get_note(note_id).guid
    desk.sync()
    desk.retype(note_id, "answer", "answer of mine")
    desk.col.remove_notes([note_id])
    report = desk.answer(f"note deleted:{note_id}", "keep")
    assert report.ok
    (found,) = desk.col.find_notes("of mine")
    note = desk.col.get_note(found)
    assert (note.guid, note.tags) == (guid, ["t"])
    assert note["Back"] == '<b style="color: red">answer of mine</b>'
    settled(desk, report)


@pytest.mark.parametrize("lost", [False, True])
def test_a_new_page_becomes_one_note(desk: Desk, lost: bool) -> None:
    desk.sync()
    page = desk.vault / "Deck" / "New.md"
    page.write_text("---\nanki_note_type: Basic\nmine: 1\n---\n## Front\nq\n\n## Back\na *b*\n")
    if lost:
        desk.lose_base()
    before = studied(desk)
    report = desk.sync()
    assert report.ok
    (found,) = desk.col.find_notes("Front:q")
    assert desk.fields(found) == {"Front": "q", "Back": "a <i>b</i>"}
    assert desk.page(found) == page
    assert "mine: 1\n" in page.read_text("utf-8")
    assert studied(desk)[0][:-1] == before[0]
    settled(desk, report)
    desk.lose_base()
    assert desk.sync().ok
    assert len(desk.col.find_notes("Front:q")) == 1


def test_the_names_of_blocks_stay_on_the_page(desk: Desk) -> None:
    """Copying a link to a paragraph in Obsidian gives it a name, which is no text of the note."""
    note_id = desk.add("Deck", Front="q", Back=BASE)
    desk.sync()
    desk.retype(note_id, "\ntwo\n", "\ntwo ^37066d\n")
    before = rows(desk)
    settled(desk, desk.sync())
    assert rows(desk) == before
    desk.retype(note_id, "four", "four more")
    desk.retype(note_id, "two ^37066d", "two more ^37066d")
    assert desk.sync().ok
    assert desk.fields(note_id)["Back"] == "one<br>two more<br>three<br>four more"
    assert "\ntwo more ^37066d\n" in desk.page(note_id).read_text("utf-8")


@pytest.mark.parametrize("deck", ["Deck", "Other", "A new one"])
def test_what_undo_takes_out_of_anki_is_in_the_trash(desk: Desk, deck: str) -> None:
    note_id = desk.add("Deck", Front="q", Back=BASE)
    desk.add("Other", Front="q 2", Back="a")
    desk.sync()
    desk.retype(note_id, "four", f"four {BY_PAGE}")
    desk.retype(note_id, "anki_deck: Deck", f"anki_deck: {deck}")
    assert desk.sync().ok
    settled(desk, desk.sync())
    desk.col.undo()
    assert desk.fields(note_id)["Back"] == BASE
    assert desk.sync().ok
    assert line_of(desk, note_id) == BASE
    (kept,) = desk.trash().values()
    assert f"four {BY_PAGE}\n" in kept
    settled(desk, desk.sync())
