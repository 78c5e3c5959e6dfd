"""Random weeks: after every pull the collection is what Rember says, beside the person's words."""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, Optional

import pytest

from ankivault.model.note import Card, DynamicNote
from ankivault.sync.collection import writer
from ankivault.sync.run.errors import AnkivaultError, Cancelled
from ankivault.sync.source.rember.changes import Answers, Choice, RemberPlan
from ankivault.sync.source.rember.run import apply_plan, sign_out
from tests.desks.dynamic_desk import cards_of, review
from tests.desks.rember_desk import RemberDesk
from tests.desks.rember_service import make_remb, reply

WEEKS = int(os.environ.get("ANKIVAULT_STRESS", "2"))  # how many, each with other events
EVENTS = 70
IDS = "uvwxyz"
UNREADABLE = {"content": {"note": {"text": "?"}, "crops": [{"id": "a", "type": "new"}]}}
YOURS = "yours"  # the word of each remb that the person may type over


@dataclass
class Model:
    """What Anki has to hold, said as plainly as it can be. ``agreed``: what was there last."""

    anki: dict[str, DynamicNote] = field(default_factory=dict)
    agreed: dict[str, DynamicNote] = field(default_factory=dict)
    words: dict[str, str] = field(default_factory=dict)  # the person's, by remb

    def pull(self, said: dict[str, Optional[DynamicNote]], *, anew: bool) -> None:
        """``said``: what Rember says of each remb, None where that cannot be read."""
        for gone in {*self.anki, *self.agreed} - {*said}:
            self._let_go(gone)
            self.agreed.pop(gone, None)
        for id_, theirs in said.items():
            if theirs is None:
                continue
            before = self.agreed.get(id_)
            self.agreed[id_] = theirs
            if not theirs.cards:
                self._let_go(id_)
            elif id_ not in self.anki:
                if anew or before is None or not before.cards or before != theirs:
                    self.anki[id_] = theirs
            else:
                if before is None:  # the base was lost, and Rember's side was chosen
                    self.words.pop(id_, None)
                mine = theirs.note.replace(YOURS, self.words.get(id_, YOURS))
                self.anki[id_] = replace(theirs, note=mine)

    def _let_go(self, id_: str) -> None:
        self.anki.pop(id_, None)
        self.words.pop(id_, None)


class Weeks:
    """A person, their Rember, and their Anki."""

    def __init__(self, desk: RemberDesk, chance: random.Random) -> None:
        self.desk, self.chance = desk, chance
        self.model = Model()
        self.places: dict[tuple[int, int], str] = {}  # note and slot → the card that has it
        self.serial = 0

    def go_on(self) -> None:
        """Something happens."""
        often = {self.pull: 6, self.change_rember: 6, self.type_in_anki: 4, self.study_and_move: 2}
        seldom = (
            *(self.delete_in_anki, self.lose_the_base, self.sign_out_and_in),
            *(self.pull_nonsense, self.pull_anew, self.pull_after_a_cancel),
        )
        events: dict[Callable[[], None], int] = {**often, **dict.fromkeys(seldom, 1)}
        (event,) = self.chance.choices([*events], [*events.values()])
        event()
        if event in seldom:
            self.change_rember()

    def _note(self) -> str:
        """One of the notes in Anki, or of those that might be there."""
        return self.chance.choice(sorted(self.model.anki) or IDS)

    def change_rember(self) -> None:
        service = self.desk.rember
        for id_ in self.chance.sample(IDS, 2):
            self.serial += 1
            what = self.chance.random()
            if what < 0.1:
                service.put({"id": id_, **UNREADABLE})
            elif what < 0.3 and id_ in service.rembs:
                service.delete(id_)
            else:
                crops = self.chance.sample("abcd", self.chance.choice((0, 1, 2, 3, 3, 4)))
                texts = {crop: (f"{crop} {self.serial // 3}?", "a") for crop in crops}
                service.put(make_remb(id_, f"said{self.serial} and so on {YOURS}", **texts))

    def type_in_anki(self) -> None:
        id_ = self._note()
        if id_ in self.model.anki:
            self.serial += 1
            old, new = self.model.words.get(id_, YOURS), f"typed{self.serial}"
            self.desk.edit(id_, old, new)
            self.model.words[id_] = new
            now = self.model.anki[id_]
            self.model.anki[id_] = replace(now, note=now.note.replace(old, new))

    def delete_in_anki(self) -> None:
        id_ = self._note()
        if id_ in self.model.anki:
            self.desk.drop(id_)
            del self.model.anki[id_]
            self.model.words.pop(id_, None)

    def study_and_move(self) -> None:
        id_ = self._note()
        if id_ in self.model.anki:
            cards = [*cards_of(self.desk.col, self.desk.note_ids()[id_]).values()]
            review(self.desk.col, cards[0])
            self.desk.col.set_deck(cards, self.desk.col.decks.id(f"Deck {id_}"))

    def lose_the_base(self) -> None:
        self.desk.lose_base()
        self.model.agreed.clear()

    def sign_out_and_in(self) -> None:
        sign_out(self.desk.place, self.desk.store)
        self.desk.store = self.desk.rember.store()

    def pull_nonsense(self) -> None:
        body = self.chance.choice((b"{", b'{"cookie": 99, "patch": [{"op": "clear"}, 1]}'))
        self.desk.rember.replies = [reply(200, body)]
        try:
            self.desk.sync()
        except AnkivaultError:
            return
        raise AssertionError("this must not be understood")

    def pull(self) -> None:
        self._pull(anew=False)

    def pull_anew(self) -> None:
        self._pull(anew=True)

    def pull_after_a_cancel(self) -> None:
        self.change_rember()
        self._cancel(self.chance.randrange(1, 4))
        self._pull(anew=False)

    def _pull(self, *, anew: bool) -> None:
        plan = self.desk.plan()
        answers = self._answer(plan)
        before = self._read_cards()
        self.desk.sync(answers, anew=anew)
        self.model.pull(self._said(), anew=anew)
        assert self.desk.contents() == self.model.anki
        assert self.desk.sync().summary() == "Nothing to do."
        self._check_places(before)

    def _cancel(self, after: int) -> None:
        """Begin a run, and cancel it somewhere. Nothing comes between it and the next."""
        plan = self.desk.plan()
        steps = iter(range(after))

        def progress(*_: Any) -> None:
            if next(steps, None) is None:
                raise Cancelled

        apply_plan(self.desk.col, self.desk.place, plan, progress)

    def _answer(self, plan: RemberPlan) -> Answers:
        """Rember is always right."""
        answers: dict[str, Choice] = {each.key: each.choices[0] for each in plan.questions}
        return answers

    def _said(self) -> dict[str, Optional[DynamicNote]]:
        said: dict[str, Optional[DynamicNote]] = {}
        for id_, value in self.desk.rember.rembs.items():
            content = value["content"]
            cards = tuple(
                Card(f"{crop['id']}-default", crop["question"], crop["answer"])
                for crop in content["crops"]
                if crop["type"] == "qa"
            )
            readable = len(cards) == len(content["crops"])
            link = f"https://rember.com/r/{id_}"
            said[id_] = DynamicNote(content["note"]["text"], cards, link) if readable else None
        return said

    def _read_cards(self) -> dict[int, Any]:
        """Each card in Anki, with what was learnt of it and where it is."""
        rows = self.desk.col.db.all("select id, nid, ord, did, ivl, reps, queue from cards")
        return {row[0]: row[1:] for row in rows}

    def _check_places(self, before: dict[int, Any]) -> None:
        """No card moved or lost its history, and no place went to another card of its note."""
        after = self._read_cards()
        assert all(after[card] == before[card] for card in after.keys() & before.keys())
        ids = {note_id: guid for guid, note_id in self.desk.note_ids().items()}
        for note_id in ids:
            for id_, card in cards_of(self.desk.col, note_id).items():
                place = (note_id, after[card][1])
                assert self.places.setdefault(place, id_) == id_


@pytest.mark.parametrize("seed", range(WEEKS))
def test_the_collection_is_what_rember_says(
    rember: RemberDesk, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    monkeypatch.setattr(writer, "CHUNK", 1)
    weeks = Weeks(rember, random.Random(seed))
    for _ in range(EVENTS):
        weeks.go_on()
