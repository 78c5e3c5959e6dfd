"""A person with an account of Rember and a collection, and short words for what they do."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from anki.collection import Collection
from anki.notes import NoteId

from ankivault.model.note import Card, DynamicNote
from ankivault.sync.dynamic.notes import read_dynamic_notes, update_notes
from ankivault.sync.run.report import Report
from ankivault.sync.source.rember.changes import NO_ANSWERS, Answers, RemberPlan
from ankivault.sync.source.rember.run import (
    Place,
    apply_plan,
    collection_of,
    plan_rember,
    pull,
)
from ankivault.sync.source.web import Limits, Web
from tests.desks.dynamic_desk import cards_of
from tests.desks.rember_service import USER, RemberStandIn, Store

LIMITS = Limits(64_000_000, 20)


@dataclass
class RemberDesk:
    """``backups`` counts how often a backup was asked for."""

    col: Collection
    state: Path
    rember: RemberStandIn
    store: Store
    backups: int = 0
    account: str = USER
    later: float = 0  # seconds that passed since the present

    @property
    def place(self) -> Place:
        return Place(self.state, self.account, collection_of(self.col), self.rember.service)

    def plan(self, answers: Answers = NO_ANSWERS, *, anew: bool = False) -> RemberPlan:
        with Web(LIMITS) as web:
            pulled = pull(self.place, self.store, web, anew=anew, clock=self.clock)
        return plan_rember(self.col, self.place, pulled, answers)

    def clock(self) -> float:
        return time.time() + self.later

    def apply(self, plan: RemberPlan) -> Report:
        return apply_plan(self.col, self.place, plan, backup=self.back_up)

    def sync(self, answers: Answers = NO_ANSWERS, *, anew: bool = False) -> Report:
        return self.apply(self.plan(answers, anew=anew))

    def back_up(self) -> None:
        self.backups += 1

    def note_ids(self) -> dict[str, int]:
        """Guid → the note that has it."""
        return {guid: id_ for id_, guid in self.col.db.all("select id, guid from notes")}

    def content(self, guid: str) -> DynamicNote:
        (note,) = read_dynamic_notes(self.col, [self.note_ids()[guid]])
        return note.read.content

    def contents(self) -> dict[str, DynamicNote]:
        """All that is in Anki, by guid."""
        notes = read_dynamic_notes(self.col, self.note_ids().values())
        return {note.guid: note.read.content for note in notes}

    def edit(self, guid: str, old: str, new: str) -> None:
        """Type over some words of a note in Anki."""
        content = self.content(guid)

        def typed(text: str) -> str:
            return text.replace(old, new)

        cards = (Card(card.id, typed(card.front), typed(card.back)) for card in content.cards)
        changed = DynamicNote(typed(content.note), tuple(cards), content.link)
        assert changed != content
        update_notes(self.col, {self.note_ids()[guid]: changed})

    def lose_base(self) -> None:
        for file in self.state.glob("rember*"):
            file.unlink()

    def decks(self, guid: str) -> set[str]:
        ids = self.col.card_ids_of_note(self.note_ids()[guid])
        return {self.col.decks.name(self.col.get_card(id_).did) for id_ in ids}

    def marks(self) -> tuple[Any, ...]:
        """What any write would change."""
        return tuple(self.col.db.first("select max(mod), count() from notes")), self.col.mod

    def card(self, guid: str, card_id: str) -> Any:
        """A card in Anki, by the id of its crop."""
        return self.col.get_card(cards_of(self.col, self.note_ids()[guid])[f"{card_id}-default"])

    def drop(self, *guids: str) -> None:
        """Delete notes in Anki."""
        ids = self.note_ids()
        self.col.remove_notes([NoteId(ids[guid]) for guid in guids])

    def tag(self, guid: str, *tags: str) -> None:
        note = self.col.get_note(self.note_ids()[guid])
        note.tags = [*tags]
        self.col.update_note(note)
