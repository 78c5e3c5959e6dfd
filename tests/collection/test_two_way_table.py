"""The merge table of two-way, cell by cell: what each side did, and what both have then."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any, Optional

import pytest

from ankivault.convert.page import NoteText, PageStyle, own_properties, split_page
from ankivault.convert.properties import read_own
from ankivault.sync.report import Report

from .conftest import Desk

BASE = "one<br>two<br>three<br>four"
ASK, ANKI, PAGE = "ask", "prefer_anki", "prefer_obsidian"
POLICIES = (ASK, ANKI, PAGE)


@pytest.fixture
def desk(desk: Desk) -> Desk:
    desk.set(two_way=True)
    for number in range(3):
        desk.add("Deck", Front=f"other {number}", Back="left alone")
    return desk


def rows(desk: Desk) -> tuple[Any, ...]:
    """Every note, card and review, as Anki stores them."""
    assert desk.col.db is not None
    return tuple(
        tuple(map(tuple, desk.col.db.all(f"select * from {table} order by id")))
        for table in ("notes", "cards", "revlog")
    )


def studied(desk: Desk) -> Any:
    """What studying made of the cards; no edit of text may touch it."""
    assert desk.col.db is not None
    columns = "id, nid, ord, type, queue, due, ivl, factor, reps, lapses, left, odue, odid, data"
    return [
        desk.col.db.all(f"select {columns} from cards order by id"),
        desk.col.db.all("select * from revlog order by id"),
    ]


def study(desk: Desk) -> None:
    """Some cards are reviewed, so that there is something to be lost."""
    desk.col.decks.select(desk.col.decks.id("Deck"))
    for _ in range(3):
        card = desk.col.sched.getCard()
        assert card is not None
        desk.col.sched.answerCard(card, 4)


def line_of(desk: Desk, note_id: int) -> str:
    """The field ``Back`` as the page has it, its lines as Anki has them."""
    managed = split_page(desk.page(note_id).read_text("utf-8")).managed or ""
    return managed.partition("## Back\n")[2].replace("\n", "<br>")


def settled(desk: Desk, report: Report) -> None:
    """The run left nothing to do, and the next one does nothing."""
    assert desk.plan().is_empty
    before = (rows(desk), desk.everything(), desk.dates())
    again = desk.sync()
    assert again.questions == report.questions
    assert (rows(desk), desk.everything(), desk.dates()) == before


@dataclass(frozen=True)
class Cell:
    """What a run makes of a field: the value of both sides then; nothing: it is asked."""

    both: Optional[str]


def edit(line: str) -> str:
    return BASE.replace(line, f"{line} {{}}")


# What Anki has now, what the page has now, and what comes of it with a base and each policy.
BY_ANKI, BY_PAGE = "by Anki", "on the page"
FIRST, LAST = edit("one"), edit("four")
FIELDS = {
    "nothing": (BASE, BASE, BASE),
    "Anki": (FIRST.format(BY_ANKI), BASE, FIRST.format(BY_ANKI)),
    "page": (BASE, LAST.format(BY_PAGE), LAST.format(BY_PAGE)),
    "both the same": (FIRST.format(BY_ANKI), FIRST.format(BY_ANKI), FIRST.format(BY_ANKI)),
    "apart": (
        FIRST.format(BY_ANKI),
        LAST.format(BY_PAGE),
        FIRST.format(BY_ANKI).replace("four", f"four {BY_PAGE}"),
    ),
    "Anki adds a line, the page edits": (
        f"zero<br>{BASE}",
        LAST.format(BY_PAGE),
        f"zero<br>{LAST.format(BY_PAGE)}",
    ),
    "Anki deletes a line, the page edits": (
        "two<br>three<br>four",
        LAST.format(BY_PAGE),
        f"two<br>three<br>four {BY_PAGE}",
    ),
    "page deletes a line, Anki edits": (
        FIRST.format(BY_ANKI),
        "one<br>two<br>three",
        f"one {BY_ANKI}<br>two<br>three",
    ),
    "side by side": (
        edit("two").format(BY_ANKI),
        edit("three").format(BY_PAGE),
        edit("two").format(BY_ANKI).replace("three", f"three {BY_PAGE}"),
    ),
    "the page has what Anki did, and more": (
        edit("two").format(BY_ANKI),
        edit("two").format(BY_ANKI).replace("three", f"three {BY_PAGE}"),
        edit("two").format(BY_ANKI).replace("three", f"three {BY_PAGE}"),
    ),
    "both add lines": (
        f"zero<br>{BASE}<br>five",
        BASE.replace("two", "two<br>new"),
        f"zero<br>{BASE}<br>five".replace("two", "two<br>new"),
    ),
    "the page adds the first line": (
        edit("two").format(BY_ANKI),
        f"zero<br>{BASE}",
        f"zero<br>{edit('two').format(BY_ANKI)}",
    ),
    "at one place": (FIRST.format(BY_ANKI), FIRST.format(BY_PAGE), None),
    "Anki empties, the page edits": ("", FIRST.format(BY_PAGE), None),
    "page empties, Anki edits": (FIRST.format(BY_ANKI), "", None),
}


def disagree(desk: Desk, now: str, page: str) -> int:
    """A note whose ``Back`` was ``BASE`` on both sides, and is not any more."""
    note_id = desk.add("Deck", Front="question", Back=BASE, tags="tag")
    study(desk)
    assert desk.sync().ok
    if page != BASE:
        old = BASE.replace("<br>", "\n")
        desk.retype(note_id, f"## Back\n{old}\n", f"## Back\n{page}\n".replace("<br>", "\n"))
    if now != BASE:
        desk.edit(note_id, Back=now)
    return note_id


@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize("case", FIELDS)
def test_a_field_with_a_base(desk: Desk, case: str, policy: str) -> None:
    now, page, both = FIELDS[case]
    note_id = disagree(desk, now, page)
    desk.set(conflict_policy=policy)
    before, studying = rows(desk), studied(desk)
    report = desk.sync()
    assert report.ok
    assert studied(desk) == studying
    check_outcome(desk, note_id, report, Cell(both), policy, now, page)
    if now in (both, BASE) and page == BASE:
        assert rows(desk) == before
    settled(desk, report)


@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize("case", FIELDS)
def test_a_field_without_a_base(desk: Desk, case: str, policy: str) -> None:
    """What is equal is agreed on; what is not is never settled in silence."""
    now, page, _ = FIELDS[case]
    note_id = disagree(desk, now, page)
    desk.lose_base()
    desk.set(conflict_policy=policy)
    studying = studied(desk)
    report = desk.sync()
    assert report.ok
    assert studied(desk) == studying
    check_outcome(desk, note_id, report, Cell(now if now == page else None), policy, now, page)
    settled(desk, report)


def check_outcome(
    desk: Desk, note_id: int, report: Report, cell: Cell, policy: str, now: str, page: str
) -> None:
    back = desk.fields(note_id)["Back"]
    if cell.both is not None:
        assert (back, line_of(desk, note_id)) == (cell.both, cell.both)
        assert (report.questions, desk.trash()) == (0, {})
    elif policy == ASK:
        assert (back, line_of(desk, note_id)) == (now, page)
        assert (report.questions, desk.trash()) == (1, {})
    else:
        won, lost = (now, page) if policy == ANKI else (page, now)
        assert (back, line_of(desk, note_id)) == (won, won)
        assert report.questions == 0
        (kept,) = desk.trash().values()
        assert f"{lost.replace('<br>', chr(10))}\n%% anki:end" in kept
        assert "## Front\nquestion" in kept


@pytest.mark.parametrize("answer", ["anki", "obsidian", "both"])
def test_a_person_settles_a_field(desk: Desk, answer: Any) -> None:
    now, page, _ = FIELDS["at one place"]
    note_id = disagree(desk, now, page)
    report = desk.answer(f"field:{note_id}:Back", answer)
    assert (report.ok, report.questions) == (True, 0)
    back = desk.fields(note_id)["Back"]
    assert line_of(desk, note_id) == back
    assert (BY_ANKI in back, BY_PAGE in back) == (answer != "obsidian", answer != "anki")
    if answer == "both":
        assert not desk.trash()
    else:
        assert len(desk.trash()) == 1
    settled(desk, report)


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
