"""However a note's cards come, go and move: a review stays with the card it was an answer to.

``ANKIVAULT_STRESS=1000`` looks at more sequences than a normal run, and at others each time.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from pathlib import Path
from typing import Any

from anki.collection import Collection
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from ankivault.sync.dynamic.notes import NewNote, create_notes, update_notes

from ...desks.dynamic_desk import cards_of, make_content, review, stored

MORE = int(os.environ.get("ANKIVAULT_STRESS", "0"))
NAMES = [f"c{n}" for n in range(14)]
IDS = st.lists(st.sampled_from(NAMES), unique=True, min_size=1, max_size=6)
picks = st.integers(0, 1000)


class Author(RuleBasedStateMachine):
    """A person who writes, studies, changes their mind, and turns the computer off and on."""

    def __init__(self) -> None:
        super().__init__()
        self.home = Path(tempfile.mkdtemp())
        self.col = Collection(str(self.home / "collection.anki2"))
        self.decks = [self.col.decks.id(name) for name in ("One", "Two::Deep")]
        self.notes: list[int] = []
        self.slots: dict[tuple[int, str], int] = {}  # of every card there ever was
        self.cards: dict[tuple[int, str], int] = {}  # Anki's cards of those there are
        self.answered: dict[int, tuple[int, str]] = {}  # review → note and card it was of
        self.before: list[tuple[Any, ...]] = []
        basic = self.col.new_note(self.col.models.by_name("Basic"))
        basic["Front"] = "Not ours"
        self.col.add_note(basic, self.decks[0])
        self.make(["c0", "c1", "c2"], 0)
        self.before.clear()  # Anki forgets its undo steps when the note type is made

    def teardown(self) -> None:
        notes, cards = self.col.note_count(), self.col.card_count()
        assert not self.col.get_empty_cards().notes
        assert self.col.fix_integrity()[1]  # Anki's own judgement
        assert (self.col.note_count(), self.col.card_count()) == (notes, cards)
        self.col.close()
        shutil.rmtree(self.home)

    def everything(self) -> Any:
        """All that an undo step is to bring back."""
        return [
            self.col.db.all(sql)
            for sql in (
                "select id, guid, mid, tags, flds from notes order by id",
                "select id, nid, did, ord, type, queue, due, ivl, factor, reps, lapses, data "
                "from cards order by id",
                "select * from revlog order by id",
            )
        ]

    def about_to(self) -> None:
        # Anki numbers cards by the millisecond, ahead of the clock when it makes many, and gives
        # a removed card's number again within that time. People are slower.
        while time.time() * 1000 <= self.col.db.scalar("select max(id) from cards"):
            pass
        self.before.append(
            (
                self.everything(),
                [*self.notes],
                {**self.slots},
                {**self.cards},
                {**self.answered},
            )
        )

    def remember(self, *note_ids: int) -> None:
        """What is there now: a card that was there keeps its slot and its card in Anki."""
        for note_id in note_ids:
            read = stored(self.col, note_id).read
            found = {(note_id, id_): card for id_, card in cards_of(self.col, note_id).items()}
            for key, card in found.items():
                assert self.cards.get(key, card) == card
                assert self.slots.setdefault(key, read.slots[key[1]]) == read.slots[key[1]]
            self.cards = {k: v for k, v in self.cards.items() if k[0] != note_id}
            self.cards.update(found)

    @rule(ids=IDS, deck=st.integers(0, 1))
    def make(self, ids: list[str], deck: int) -> None:
        if len(self.notes) < 4:
            self.about_to()
            written = create_notes(self.col, [NewNote(make_content(*ids), self.decks[deck])])
            self.notes += written.note_ids
            self.remember(*written.note_ids)

    @precondition(lambda self: self.notes)
    @rule(edits=st.lists(st.tuples(picks, IDS), min_size=1, max_size=3), text=picks)
    def edit(self, edits: list[tuple[int, list[str]]], text: int) -> None:
        """Cards are added, removed, moved, given another id and brought back, in several notes."""
        wanted = {self.notes[pick % len(self.notes)]: ids for pick, ids in edits}
        self.about_to()
        contents = {n: make_content(*ids, text=str(text)) for n, ids in wanted.items()}
        changes = update_notes(self.col, contents)
        if not changes.note_ids:
            self.before.pop()
        self.remember(*wanted)
        for note_id, ids in wanted.items():
            assert [c.id for c in stored(self.col, note_id).read.content.cards] == ids
            assert len(cards_of(self.col, note_id)) == len(ids)

    @precondition(lambda self: self.cards)
    @rule(pick=picks, rating=st.integers(1, 4))
    def study(self, pick: int, rating: int) -> None:
        keys = list(self.cards)
        key = keys[pick % len(keys)]
        self.about_to()
        known = {*self.col.db.list("select id from revlog")}
        review(self.col, self.cards[key], rating)
        for row in {*self.col.db.list("select id from revlog")} - known:
            self.answered[row] = key

    @precondition(lambda self: self.cards)
    @rule(pick=picks)
    def move(self, pick: int) -> None:
        """A card is moved by hand: its note's cards now lie in several decks."""
        card = list(self.cards.values())[pick % len(self.cards)]
        self.about_to()
        if not self.col.set_deck([card], self.decks[pick % 2]).count:
            self.before.pop()

    @precondition(lambda self: len(self.notes) > 1)
    @rule(pick=picks)
    def delete(self, pick: int) -> None:
        note_id = self.notes[pick % len(self.notes)]
        self.about_to()
        self.col.remove_notes([note_id])
        self.notes.remove(note_id)
        self.cards = {key: card for key, card in self.cards.items() if key[0] != note_id}

    @precondition(lambda self: self.before)
    @rule()
    def undo(self) -> None:
        self.col.undo()
        everything, self.notes, self.slots, self.cards, self.answered = self.before.pop()
        assert self.everything() == everything

    @rule()
    def restart(self) -> None:
        self.col.close()
        self.col = Collection(str(self.home / "collection.anki2"))
        self.before.clear()

    @invariant()
    def every_review_is_still_of_its_card(self) -> None:
        for review_id, (note_id, id_) in self.answered.items():
            (card,) = self.col.db.list("select cid from revlog where id = ?", review_id)
            slot = self.col.db.scalar("select ord + 1 from cards where id = ?", card)
            if slot:  # a removed card's reviews stay behind with its number, which none has again
                read = stored(self.col, note_id).read
                assert read.slots[id_] == slot == self.slots[note_id, id_]
            else:
                assert card not in self.cards.values()

    @invariant()
    def a_slot_has_one_card_and_anki_one_card_for_each(self) -> None:
        assert len({(key[0], slot) for key, slot in self.slots.items()}) == len(self.slots)
        for note_id in self.notes:
            found = {id_: c for (note, id_), c in self.cards.items() if note == note_id}
            assert cards_of(self.col, note_id) == found
        assert self.col.db.scalar("select count() from cards") == len(self.cards) + 1


def test_a_review_stays_with_its_card_whatever_happens_to_the_note() -> None:
    run_state_machine_as_test(
        Author,
        settings=settings(
            max_examples=MORE or 50,
            stateful_step_count=30,
            derandomize=not MORE,
            database=None,
            deadline=None,
            phases=[Phase.generate] if MORE else list(Phase),
            suppress_health_check=list(HealthCheck),
        ),
    )
