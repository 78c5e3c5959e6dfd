"""Decides what becomes of one remb. Writes nothing.

Three versions meet: what Rember said when both last agreed (``held``), what the note in Anki says,
what Rember says now. Edits of different words are both kept. Where both changed the same, or
Rember lets go of a note that has something of the person's own, a person is asked, and Anki stays
as it is.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Optional

from ....convert.edit.text_edit import show_text
from ....model.note import DynamicNote, write_fields
from ....model.slots import CardError
from ...collection.clean import ANKIS_TAGS
from ...collection.dynamic_cards import CardRow, guard_slots
from ...dynamic.merging import Clash, Merged, Side, merge_contents
from ...dynamic.notes import StoredNote
from .base import GONE, RembRow, WritingRow
from .changes import (
    Action,
    Answers,
    Choice,
    Passage,
    QuestionKind,
    RembChange,
    RemberQuestion,
)
from .content import digest, make_content, name_content, pack_content
from .patch import Remb, UnreadableRemb, read_remb
from .service import Service

_NO_CONTENT = DynamicNote("", ())


@dataclass(frozen=True)
class Sides:
    """What is known of some rembs: in Anki, in the base, and of a killed run.

    ``guids``: remb id → the notes with this guid. ``notes``: remb id → its note, if it is a dynamic
    one. ``unsettled``: notes with too few or too many cards, as a killed run leaves them. ``anew``:
    deleted notes come back.
    """

    service: Service
    rows: Mapping[str, RembRow]
    writing: Mapping[str, WritingRow]
    guids: Mapping[str, list[int]]
    notes: Mapping[str, StoredNote]
    cards: Mapping[int, list[CardRow]]
    unsettled: Collection[int]
    answers: Answers
    anew: bool


def wait(
    row: RembRow, said: Optional[str], shown: Optional[DynamicNote] = None, note_id: int = 0
) -> RembChange:
    """Keep what Rember says in the base, and do nothing in Anki."""
    kept = row._replace(waiting=GONE if said is None else said)
    return RembChange(row.id, "wait", shown, kept, kept, note_id)


class Case:
    """One remb: what the base, Anki and Rember say of it."""

    def __init__(self, sides: Sides, row: RembRow, said: Optional[str]) -> None:
        self.sides, self.row, self.said = sides, row, said
        self.id = row.id
        self.questions: list[RemberQuestion] = []
        self.told = ""  # news for the person, as the end of a sentence about the remb
        self.waits = 0  # whether it waits for a newer Ankivault
        self.held = row.content()
        self.partial = False
        self.note = sides.notes.get(self.id)
        found = sides.guids.get(self.id, [])
        self.foreign = found[0] if found and self.note is None else 0
        self._recall()
        self.shown = self.note.read.content if self.note else self.held

    def decide(self) -> Optional[RembChange]:
        """What becomes of the remb; None: nothing, and nothing is to be remembered."""
        if self.said is None:
            return self._let_go()
        try:
            remb = read_remb(self.id, self.said)
        except UnreadableRemb as error:
            return self._refuse(f"cannot be read: {error}")
        self.partial = bool(remb.unread)
        theirs = self._read(remb)
        self.shown = theirs
        if self.partial:
            self.waits = 1
            if self._is_new():
                self.told = (
                    "has questions of a kind that is not known yet. They are left out, and tried "
                    "again by a newer Ankivault"
                )
        if self.foreign:
            return self._refuse("belongs to a note of another note type in Anki")
        if self.note is None:
            return self._bring(theirs)
        return self._meet(self.note, theirs)

    @property
    def title(self) -> str:
        """What the remb is called for a person."""
        return name_content(self.shown) if self.shown else self.id

    @property
    def note_id(self) -> int:
        """The note in Anki, or 0."""
        return self.note.id if self.note else self.foreign

    def _read(self, remb: Remb) -> DynamicNote:
        """What Rember says, as a note."""
        if self.held and not self.partial and self.row.said == digest(self.said or ""):
            return self.held
        known = self.held or (self.note.read.content if self.note else None)
        return make_content(remb, self.sides.service, known)

    def _recall(self) -> None:
        """Take over what a killed run has written of this remb, as the base does not have it."""
        wrote = self.sides.writing.get(self.id)
        if wrote is None or self.note is None:
            return
        if pack_content(self.note.read.content) == wrote.wrote:
            self.row = self.row._replace(said=wrote.said, held=wrote.held)
            self.held = self.row.content()

    def _link(self) -> str:
        return self.sides.service.link(self.id)

    def _is_new(self) -> bool:
        """Whether Rember says something now that did not wait before."""
        return self.row.waiting != self.said

    def _refuse(self, why: str) -> RembChange:
        self.waits = 1
        self.told = f"{why}. It is left as it is" if self._is_new() else ""
        return wait(self.row, self.said, self.shown, self.note_id)

    def _agreed(self, theirs: DynamicNote) -> RembRow:
        assert self.said is not None
        waiting = self.said if self.partial else None
        return RembRow(self.id, digest(self.said), pack_content(theirs), waiting)

    def _learn(self, theirs: DynamicNote) -> Optional[RembChange]:
        row = self._agreed(theirs)
        if self.note and self.note.id in self.sides.unsettled:
            return RembChange(
                self.id,
                "update",
                self.shown,
                row,
                self._waiting_row(),
                self.note.id,
                self.note.digest,
                before=self.note.read.content,
            )
        if row == self.sides.rows.get(self.id):
            return None
        return RembChange(self.id, "learn", self.shown, row, row, self.note_id)

    def _bring(self, theirs: DynamicNote) -> Optional[RembChange]:
        """There is no note: it is new, or the person deleted it."""
        had = self.held is not None and bool(self.held.cards)
        if not theirs.cards or (had and theirs == self.held and not self.sides.anew):
            return self._learn(theirs)
        if had and not self.sides.anew:
            answer = self._ask(
                "unwanted",
                f"“{self.title}” was changed in Rember, and you deleted its note. Bring it back?",
                ("rember", "mine"),
            )
            if answer != "rember":
                return self._learn(theirs) if answer == "mine" else self._wait()
        return self._write("add", theirs, theirs)

    def _meet(self, note: StoredNote, theirs: DynamicNote) -> Optional[RembChange]:
        """Rember and a note in Anki say something."""
        ours = note.read.content
        if ours == theirs:
            return self._learn(theirs)
        if not theirs.cards:
            return self._let_go()
        if self.held is None or note.read.problems:
            answer = self._ask(
                "unlike",
                f"The note “{name_content(ours)}” is not what Rember says. Which one is right?",
                ("rember", "mine"),
                _compare(ours, theirs),
            )
            if answer is None:
                return self._wait()
            return (
                self._learn(theirs) if answer == "mine" else self._write("update", theirs, theirs)
            )
        merged = merge_contents(self.held, ours, theirs)
        if merged.clashes:
            answer = self._ask(
                "edited",
                f"You and Rember both changed the same words of “{name_content(ours)}”.",
                ("rember", "mine"),
                tuple(_show_clash(clash, ours, theirs) for clash in merged.clashes),
            )
            if answer is None:
                return self._wait()
            prefer: Side = "theirs" if answer == "rember" else "ours"
            merged = merge_contents(self.held, ours, theirs, prefer)
        return self._merge(note, merged, theirs)

    def _merge(self, note: StoredNote, merged: Merged, theirs: DynamicNote) -> Optional[RembChange]:
        if not merged.content.cards:
            return self._let_go()
        if merged.content == note.read.content:
            return self._learn(theirs)
        return self._write("update", merged.content, theirs)

    def _write(self, action: Action, content: DynamicNote, theirs: DynamicNote) -> RembChange:
        before = self.note.fields if self.note else ()
        try:
            if self.note:
                before = guard_slots(self.sides.cards.get(self.note.id, []), before)
            values = write_fields(before, content)
        except CardError as error:
            return self._refuse(f"cannot be a note: {error}".rstrip("."))
        row = self._agreed(theirs)
        return RembChange(
            self.id,
            action,
            content,
            row,
            self._waiting_row(),
            self.note_id,
            self.note.digest if self.note else b"",
            values,
            WritingRow(self.id, row.said, row.held or "", pack_content(content)),
            self.note.read.content if self.note else None,
            chosen=bool(self.questions),
        )

    def _let_go(self) -> Optional[RembChange]:
        """Rember has no such remb any more, or it has no question left."""
        note = self.note
        forget = RembChange(self.id, "forget", self.shown, None, self._waiting_row())
        unknown = self.held is None or not self.held.cards
        stranger = unknown and note is not None and note.read.content.link == self._link()
        if note is None or (unknown and not stranger):
            known = self.id in self.sides.rows or self.id in self.sides.writing
            return forget if known else None
        chosen = False
        own = {tag.casefold() for tag in note.tags} - ANKIS_TAGS
        if not stranger and (note.read.content != self.held or own):
            answer = self._ask(
                "gone",
                f"“{self.title}” is gone in Rember, and its note has something of your own.",
                ("delete", "keep"),
            )
            if answer == "keep":
                return replace(forget, note_id=note.id)
            if answer is None:
                return self._wait()
            chosen = True
        return RembChange(
            self.id,
            "delete",
            self.shown,
            None,
            self._waiting_row(),
            note.id,
            note.digest,
            before=note.read.content,
            chosen=chosen,
            stranger=stranger,
        )

    def _waiting_row(self) -> RembRow:
        return self.row._replace(waiting=GONE if self.said is None else self.said)

    def _wait(self) -> RembChange:
        return wait(self.row, self.said, self.shown, self.note_id)

    def _ask(
        self,
        kind: QuestionKind,
        text: str,
        choices: tuple[Choice, ...],
        passages: tuple[Passage, ...] = (),
    ) -> Optional[Choice]:
        """Ask a person; returns the answer, or None while there is none."""
        key = f"{kind}:{self.id}"
        answer = self.sides.answers.get(key)
        if answer not in choices:
            answer = None
        self.questions.append(
            RemberQuestion(key, kind, self.title, text, choices, self.note_id, passages, answer)
        )
        return answer


def _compare(ours: DynamicNote, theirs: DynamicNote) -> tuple[Passage, ...]:
    """The texts in which two contents differ, and the cards that only one of them has."""
    clashes = [*merge_contents(_NO_CONTENT, ours, theirs).clashes]
    mine, other = ({card.id: card.front for card in note.cards} for note in (ours, theirs))
    alone = [id_ for id_ in (*mine, *other) if (id_ in mine) != (id_ in other)]
    clashes += [Clash(id_, "front", mine.get(id_), other.get(id_)) for id_ in alone]
    return tuple(_show_clash(clash, ours, theirs) for clash in clashes)


def _show_clash(clash: Clash, ours: DynamicNote, theirs: DynamicNote) -> Passage:
    names = {"note": "Note", "link": "Source"}
    cards = {card.id: card for card in (*theirs.cards, *ours.cards)}
    card = cards.get(clash.card_id)
    name = names.get(clash.text) or (name_content(DynamicNote("", (card,))) if card else "")
    mine, other = (None if each is None else show_text(each) for each in (clash.ours, clash.theirs))
    return Passage(name, mine, other)
