"""Cards of dynamic notes in the text of a TOML deck, and what two sides make of their order."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ankivault.convert.deck_file import items, toml_scan
from ankivault.convert.deck_file.card_edit import CardEdit
from ankivault.convert.deck_file.card_rules import check_dynamic_note
from ankivault.convert.deck_file.deck_file import read_deck
from ankivault.convert.deck_file.definition import (
    DYNAMIC_FIELDS,
    DYNAMIC_MODELS,
    MOST_CARDS,
    CardDef,
    DeckFile,
    NoteDef,
)
from ankivault.convert.deck_file.edit import NoteEdit, edit_deck
from ankivault.model import notetype
from ankivault.model.card_order import find_moved, merge_orders, weave
from ankivault.model.note import is_card_id
from tests.unit.deck_file.deck_strategies import Written, cards, texts, written_decks

HEAD = """\
[package]
name = "Biology"

[[decks]]
name = "Biology"
"""
NOTE = """
[[notes]]
deck = "Biology"
model = "Ankivault"
tags = ["cell"] # mine

[notes.fields]
Note = "The *cell*" # what it is about

# -- the first --
[[notes.cards]]
id    = 'atp'
front = 'What is **ATP**?'   # asks
back  = '''
Energy.
'''
# after it

# -- the second --
[[notes.cards]]  # no id yet
  front = "Where is the DNA?"
  back = "In the nucleus."

[[notes.cards]]
id = "er"
front = "Who makes proteins?"
back = "Ribosomes."
"""
OTHER = """
# -- another note --
[[notes]]
deck = "Biology"
model = "Ankivault 0.1.0"
[[notes.cards]]
front = "?"
"""
TEXT = HEAD + NOTE + OTHER


def read(text: str) -> DeckFile:
    deck, problems = read_deck(text)
    assert deck is not None, problems
    return deck


def told(text: str) -> list[tuple[str, str, int, int | None]]:
    return [(p.level, p.message, p.line, p.note) for p in read_deck(text)[1]]


def comments_of(text: str) -> Counter[str]:
    return Counter(line.strip() for line in text.splitlines() if line.strip().startswith("#"))


def test_the_model_is_the_one_in_anki() -> None:
    assert DYNAMIC_MODELS == (notetype.DISPLAY_NAME, notetype.NAME)
    assert MOST_CARDS == notetype.SLOTS
    assert notetype.FIELDS[: len(DYNAMIC_FIELDS)] == DYNAMIC_FIELDS


def test_a_beginners_file_is_read_without_a_word() -> None:
    deck, problems = read_deck(TEXT)
    assert deck is not None and problems == []
    first, second = deck.notes
    assert first.cards == (
        CardDef("atp", "What is **ATP**?", "Energy.\n"),
        CardDef(None, "Where is the DNA?", "In the nucleus."),
        CardDef("er", "Who makes proteins?", "Ribosomes."),
    )
    assert (second.fields, second.cards) == ({}, (CardDef(None, "?"),))


def test_the_guides_example_is_read_without_a_word() -> None:
    page = Path(__file__).parents[3] / "docs" / "guide" / "toml-decks.md"
    guide = page.read_text(encoding="utf-8")
    deck, problems = read_deck("\n".join(re.findall(r"^```toml\n(.*?)^```", guide, re.M | re.S)))
    assert deck is not None and problems == []
    assert [len(note.cards) for note in deck.notes] == [0, 2]


def test_every_mistake_is_told_at_once_with_its_line() -> None:
    text = (
        HEAD
        + """\
[[models]]
name = "Ankivault"
fields = ["Note"]
[[models.templates]]
name = "Card 1"
front = "{{Note}}"
back = ""
[[models]]
name = "Basic"
fields = ["Front"]
[[models.templates]]
name = "Card 1"
front = "{{Front}}"
back = ""

[[notes]]
deck = "Biology"
model = "Basic"
[notes.fields]
Front = "a"
[[notes.cards]]
front = "b"

[[notes]]
deck = "Biology"
model = "Ankivalt"
[[notes.cards]]
front = "b"

[[notes]]
deck = "Biology"
model = "Ankivault"
[notes.fields]
Nota = ""
Data = ""

[[notes]]
deck = "Biology"
model = "Ankivault"
[[notes.cards]]
id = "a"
front = " "
[[notes.cards]]
id = ""
front = "q"
[[notes.cards]]
id = "a"
front = "q"
bakc = "x"
[[notes.cards]]
id = "a<b"
back = "x"
[[notes.cards]]
id = 7
front = "q"
"""
    )
    assert told(text) == [
        (
            "error",
            "The model “Ankivault” comes with Ankivault and is not declared; take this out, and "
            "the templates under it",
            7,
            None,
        ),
        ("error", "Only notes of the model “Ankivault” have cards, not “Basic”", 26, 1),
        (
            "error",
            "The model “Ankivalt” is not under [[models]]; did you mean “Ankivault”?",
            31,
            2,
        ),
        ("error", "Only notes of the model “Ankivault” have cards, not “Ankivalt”", 32, 2),
        (
            "error",
            "The note has no cards; each stands under a header of its own, [[notes.cards]]",
            35,
            3,
        ),
        (
            "error",
            "The model “Ankivault” has no field “Nota” to write here; did you mean “Note”?",
            39,
            3,
        ),
        (
            "error",
            "The model “Ankivault” has no field “Data” to write here; its texts stand under "
            "[[notes.cards]]",
            40,
            3,
        ),
        ("error", "The front of card 1 is empty", 47, 4),
        (
            "error",
            "The id of card 2 is empty; without the line, a sync writes a new one",
            49,
            4,
        ),
        ("error", "The id “a” is already that of card 1 of this note", 52, 4),
        ("warning", "“bakc” is not a key of [[notes.cards]]; did you mean “back”?", 54, 4),
        ("error", "The front of card 4 is empty", 55, 4),
        (
            "error",
            "The id of card 4 may have no < > & { } [ ] \\ and quotes in it, is one line, and has "
            "no space at its ends",
            56,
            4,
        ),
        ("error", "“id” must be a string in quotes, not a number", 59, 4),
    ]


def test_cards_without_their_note_are_told() -> None:
    text = HEAD + NOTE.replace("[[notes.cards]]", "[[cards]]")
    message = "Cards stand under their note, each with the header [[notes.cards]]"
    line = text[: text.index("[[cards]]")].count("\n") + 1
    assert ("error", message, line, None) in told(text)


def test_only_the_note_with_a_mistake_is_lost() -> None:
    many = "".join(f'[[notes.cards]]\nfront = "{n}"\n' for n in range(MOST_CARDS + 1))
    text = HEAD + OTHER + many + NOTE.replace('id = "er"', 'id = "atp"') + OTHER
    deck, problems = read_deck(text)
    assert deck is not None and len(deck.notes) == 3
    assert [(p.level, p.note) for p in problems] == [("error", 1), ("error", 2)]
    assert "102 cards, and 100 is the most" in problems[0].message


@given(st.text(st.characters() | st.sampled_from("<>&\"'{}[]\\ \t\n\x7f\u2028"), max_size=4))
def test_the_file_takes_the_ids_that_anki_takes(id_: str) -> None:
    note = NoteDef("d", DYNAMIC_MODELS[0], {}, cards=(CardDef(id_, "q"),))
    if not id_.isprintable() and not id_.isspace():
        return  # TOML and Anki drop what no text has
    findings = list(check_dynamic_note(note, ("notes", 1)))
    assert (not findings) == is_card_id(id_), findings


def test_an_edited_card_keeps_its_look() -> None:
    edits = (
        CardEdit(1, front="What is ATP?", back="Energy!\n"),
        CardEdit(2, id="dna"),
        CardEdit(3),
    )
    after = edit_deck(TEXT, [NoteEdit(1, cards=edits)])
    assert after == TEXT.replace("What is **ATP**?", "What is ATP?").replace(
        "Energy.", "Energy!"
    ).replace("# no id yet\n", '# no id yet\n  id = "dna"\n')
    assert edit_deck(TEXT, [NoteEdit(1, cards=(CardEdit(1), CardEdit(2), CardEdit(3)))]) == TEXT


def test_a_moved_card_takes_its_comments_along() -> None:
    after = edit_deck(TEXT, [NoteEdit(1, cards=(CardEdit(3), CardEdit(2, id="dna"), CardEdit(1)))])
    assert [card.id for card in read(after).notes[0].cards] == ["er", "dna", "atp"]
    first = TEXT[TEXT.index("# -- the first") : TEXT.index("\n# -- the second")]
    assert after.index(first) > after.index('id = "dna"') > after.index("Ribosomes")
    assert after.startswith(TEXT[: TEXT.index("# -- the first")]) and after.endswith(OTHER)
    assert sorted(after.splitlines()) == sorted([*TEXT.splitlines(), '  id = "dna"'])


def test_no_card_looks_through_the_whole_file(monkeypatch: pytest.MonkeyPatch) -> None:
    """A first run gives an id to each card of the file: its time grows with the file alone."""

    class Blocks(list[toml_scan.Block]):
        def index(self, *_: object) -> int:
            raise AssertionError("a look through the whole file")

    monkeypatch.setattr(items, "find_blocks", lambda text: Blocks(toml_scan.find_blocks(text)))
    edits = (CardEdit(3), CardEdit(2, id="dna"), CardEdit(1))
    after = edit_deck(TEXT, [NoteEdit(1, cards=edits)])
    assert [card.id for card in read(after).notes[0].cards] == ["er", "dna", "atp"]


def test_cards_come_and_go_where_they_belong() -> None:
    edits = (
        CardEdit(0, "new1", "first?", "1"),
        CardEdit(2),
        CardEdit(0, "new2", "between?", ""),
        CardEdit(3),
        CardEdit(0, "new3", "last?", 'a "quote"'),
    )
    after = edit_deck(TEXT, [NoteEdit(1, cards=edits)])
    cards = read(after).notes[0].cards
    assert [card.front for card in cards] == [
        "first?",
        "Where is the DNA?",
        "between?",
        "Who makes proteins?",
        "last?",
    ]
    assert comments_of(after) == comments_of(TEXT)
    assert read(after).notes[1] == read(TEXT).notes[1]
    assert "\n\n\n" not in after
    all_new = edit_deck(TEXT, [NoteEdit(1, cards=(CardEdit(0, "x", "only", ""),))])
    assert [card.id for card in read(all_new).notes[0].cards] == ["x"]


@given(written_decks(), st.data(), st.sampled_from(["\n", "\r\n"]), st.booleans())
def test_any_change_of_cards_is_read_again(
    case: tuple[DeckFile, Written], data: st.DataObject, newline: str, ends: bool
) -> None:
    deck, written = case
    text = written.text().replace("\n", newline)
    text = text if ends else text.rstrip()
    edits, wanted = [], []
    for note in deck.notes:
        if not note.is_dynamic or data.draw(st.booleans()):
            wanted.append(note)
            continue
        kept = [card for card in note.cards if data.draw(st.integers(0, 3))]
        changed = [
            replace(
                card,
                id=card.id or data.draw(st.none() | st.just("made")),
                front=data.draw(st.just(card.front) | texts.map("new {}".format)),
                back=data.draw(st.just(card.back) | texts),
            )
            for card in kept
        ]
        new = [replace(card, position=0) for card in data.draw(cards(max_size=2))]
        after = tuple(data.draw(st.permutations([*changed, *new])))
        edits.append(NoteEdit(note.position, cards=tuple(make_edit(note, card) for card in after)))
        wanted.append(replace(note, cards=after))
    result = edit_deck(text, edits)
    found, problems = read_deck(result)
    if found is None:  # ids may be doubled here, and nothing else
        assert {p.message[:6] for p in problems if p.level == "error"} <= {"The id"}, problems
        return
    assert list(found.notes) == wanted
    if newline == "\r\n":
        assert not re.search(r"(?<!\r)\n", result)


def make_edit(note: NoteDef, card: CardDef) -> CardEdit:
    if not card.position:
        return CardEdit(0, card.id, card.front, card.back)
    old = note.cards[card.position - 1]
    return CardEdit(
        card.position,
        card.id if card.id != old.id else None,
        card.front if card.front != old.front else None,
        card.back if card.back != old.back else None,
    )


@given(written_decks())
def test_cards_that_move_away_and_back_stand_as_before(case: tuple[DeckFile, Written]) -> None:
    deck, written = case
    text = written.text()
    for note in deck.notes:
        if len(note.cards) > 1:
            order = [CardEdit(card.position) for card in note.cards]
            there = edit_deck(text, [NoteEdit(note.position, cards=(*order[1:], order[0]))])
            back = (*order[-1:], *order[:-1])
            again = edit_deck(there, [NoteEdit(note.position, cards=tuple(back))])
            assert read(again) == read(text)
            if not re.search(r"cards\s*=", text):  # in one statement, they are written anew
                assert comments_of(again) == comments_of(text)


orders = st.lists(st.sampled_from("abcdefgh"), unique=True, min_size=1)


@given(orders, st.data())
def test_as_few_cards_move_as_can(before: list[str], data: st.DataObject) -> None:
    card = data.draw(st.sampled_from(before))
    rest = [id_ for id_ in before if id_ != card]
    place = data.draw(st.integers(0, len(rest)))
    after = [*rest[:place], card, *rest[place:]]
    moved = find_moved(before, after)
    assert len(moved) == (before != after)
    stay = [id_ for id_ in before if id_ not in moved]
    assert stay == [id_ for id_ in after if id_ not in moved]


permutations = st.permutations("abcdef")


@given(permutations, permutations, permutations)
def test_both_sides_moves_are_kept_where_they_can(
    held: list[str], ours: list[str], theirs: list[str]
) -> None:
    merged = merge_orders(held, ours, theirs)
    assert merged == merge_orders(held, theirs, ours)
    assert merge_orders(held, ours, held) == merge_orders(held, ours, ours) == ours
    if merged is not None:
        for side in (ours, theirs):
            for one, two in combinations(held, 2):
                moved = side.index(one) > side.index(two)
                assert not moved or merged.index(one) > merged.index(two)


def test_moves_that_fit_and_moves_that_do_not() -> None:
    assert merge_orders("abcde", "bcdea", "eabcd") == list("ebcda")
    assert merge_orders("abc", "cab", "acb") == list("cab")
    assert merge_orders("abc", "acb", "bac") is None


@given(orders, orders)
def test_what_either_side_has_stands_in_its_order(ours: list[str], theirs: list[str]) -> None:
    woven = weave(ours, theirs)
    assert sorted(woven) == sorted({*ours, *theirs})
    assert [id_ for id_ in woven if id_ in ours] == ours
