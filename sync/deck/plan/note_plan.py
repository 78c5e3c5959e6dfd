"""Decides what the run does about each note of the file and of Anki."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Optional

from ....convert.deck_file.definition import NoteDef, Problem
from ....convert.deck_file.items import Layout
from ....model.slots import CardError
from ...collection.dynamic_type import ForeignNotetype
from ...collection.reads import NoteRow
from ...run.faults import explain_fault, name_note
from ..changes import DeckNote, Why
from ..options import ChoiceKey, Side
from ..read.identity import Matches, held_note
from ..read.sides import Sides
from .card_losses import count_lost_reviews, find_lost_clozes
from .compare import Comparison
from .note_cards import plan_cards, plan_new_cards, plan_pulled_cards
from .refusals import find_loss, tell_refused

if TYPE_CHECKING:
    from anki.collection import Collection


@dataclass
class NotePlanner:
    """Plans the notes, one by one.

    ``layout`` is that of the file's text, ``digests`` has a digest for each of its notes. Adds
    errors and warnings to ``problems``. ``learns`` says whether the base changes, even if nothing
    else is written.
    """

    col: Collection
    sides: Sides
    matches: Matches
    digests: list[bytes]
    layout: Layout
    problems: list[Problem] = field(default_factory=list)
    learns: bool = False

    def plan_note(self, note: NoteDef, fault: Optional[str]) -> DeckNote:
        """Plan a note of the file. A bug that raises an error only affects this note.

        ``fault`` is what is wrong with the note in the file.
        """
        learns, told = self.learns, len(self.problems)
        try:
            return self._plan_note(note, fault)
        except Exception as error:
            del self.problems[told:]
            self.learns = learns
            text = explain_fault(error, f"note {note.position} of the file")
            self.problems.append(Problem("error", text, note.line, note.position))
            row = self.matches.found.get(note.position)
            title = next(iter(note.fields.values()), "")
            change = DeckNote(
                "modified" if row else "only_in_toml", "none", note.model, note.deck, title, note
            )
            return replace(change, anki=row, fault=text, cards=note.cards)

    def plan_stranger(self, row: NoteRow) -> DeckNote:
        """Plan a note that only Anki has. A bug that raises an error only affects it."""
        try:
            return self._plan_stranger(row)
        except Exception as error:
            text = explain_fault(error, name_note(row.id, row.fields))
            self.problems.append(Problem("warning", text, 1))
            model, deck = self.sides.names.get(row.notetype, ""), self.sides.home(row)
            title = row.fields.partition("\x1f")[0]
            return DeckNote("only_in_anki", "none", model, deck, title, None, row, fault=text)

    def _plan_note(self, note: NoteDef, fault: Optional[str]) -> DeckNote:
        row = self.matches.found.get(note.position)
        unclear = self.matches.unclear.get(note.position)
        if unclear and not fault:
            self.problems.append(Problem("error", unclear, note.line, note.position))
        if row is None:
            return self._plan_only_in_toml(note, fault or unclear)
        sides = self.sides
        first = sides.first_of(row)
        change = DeckNote("unchanged", "adopt", note.model, note.deck, first, note, row)
        change = replace(change, cards=note.cards, writes_id=self._writes_id(note, row))
        if fault:
            return replace(change, group="modified", action="none", fault=fault, writes_id=False)
        entry = sides.known.get(row.id)
        mine = self.digests[note.position - 1]
        if (
            entry
            and entry.toml_digest == mine
            and entry.anki_digest == sides.anki_digest(row)
            and not change.writes_id
        ):
            return replace(change, action="none")
        recovered = self.matches.recovered.get(note.position)
        return self._compare(replace(change, held=held_note(entry or recovered)), note, row)

    def _writes_id(self, note: NoteDef, row: NoteRow) -> bool:
        """Whether the file gets the note's id, or the guid of a dynamic note."""
        has_guid = note.note_id and note.guid == row.guid and not self.sides.pulls
        is_other = note.note_id != row.id and not has_guid
        return is_other or (note.is_dynamic and note.guid is None)

    def _compare(self, change: DeckNote, note: NoteDef, row: NoteRow) -> DeckNote:
        """Plan a note that is on both sides, and that the base does not know as it is."""
        sides = self.sides
        comparison = Comparison(sides.options, sides.values, sides.markdown(note.model))
        deck, in_anki = sides.deck_name(note.deck), sides.anki_note(row)
        parts = tuple(comparison.compare(note, deck, in_anki, change.held))
        if note.is_dynamic:
            try:
                planned = plan_cards(self.col, sides, comparison, note, row, change.held, parts)
            except CardError as error:
                change = replace(change, held=None, writes_id=False)
                return self._refuse(change, note, error)
            parts = (*parts, *planned.parts)
            change = replace(
                change,
                cards=planned.cards,
                anki_fields=planned.anki_fields,
                writes_id=change.writes_id or planned.gives_ids,
            )
        change = replace(change, parts=parts)
        self.problems += tell_refused(change, note, self.layout)
        if parts:
            return replace(
                change,
                group="modified",
                action="update",
                lost_clozes=find_lost_clozes(self.col, sides, change),
                lost_reviews=count_lost_reviews(self.col, change),
            )
        self.learns = True
        return change

    def _plan_only_in_toml(self, note: NoteDef, fault: Optional[str]) -> DeckNote:
        sides = self.sides
        first = sides.first_field(note) if note.model in sides.declared else ""
        mine = self.digests[note.position - 1]
        change = DeckNote("only_in_toml", "none", note.model, note.deck, first, note)
        change = replace(change, toml_digest=mine, cards=note.cards)
        if fault:
            return replace(change, fault=fault)
        if note.position in self.matches.deleted:
            return self._plan_deleted_in_anki(change, note)
        if not sides.pushes:
            return replace(change, why=Why.NOT_PUSHED)
        if not sides.options.push_new_notes:
            return replace(change, why=Why.NOT_ADDED_TO_ANKI)
        return self._add_to_anki(change, note, Why.NEW_IN_FILE)

    def _refuse(self, change: DeckNote, note: NoteDef, error: Exception) -> DeckNote:
        """Leave a dynamic note that cannot be written as it is, with an error for the user."""
        text = f"“{change.title}”: {error}"
        self.problems.append(Problem("error", text, note.line, note.position))
        change = replace(change, action="none", fault=str(error))
        return replace(change, group="modified") if change.anki else change

    def _add_to_anki(self, change: DeckNote, note: NoteDef, why: Why) -> DeckNote:
        from anki.utils import guid64

        loss = find_loss(self.sides, change, note, self.layout)
        if loss:
            self.problems.append(loss)
            return replace(change, action="none", fault=loss.message)
        if note.is_dynamic:
            try:
                planned = plan_new_cards(self.col, self.sides, note)
            except (CardError, ForeignNotetype) as error:
                return self._refuse(change, note, error)
            change = replace(change, cards=planned.cards, anki_fields=planned.anki_fields)
        guid = note.guid or guid64()
        return replace(change, action="add_to_anki", writes_id=True, new_guid=guid, why=why)

    def _plan_deleted_in_anki(self, change: DeckNote, note: NoteDef) -> DeckNote:
        sides, id_ = self.sides, note.note_id or 0
        entry = sides.known[id_]
        edited = entry.toml_digest != self.digests[note.position - 1]
        change = replace(change, deleted_in="anki", held=held_note(entry))
        side = self._choose_missing(id_, "toml", not edited)
        if side == "toml" and sides.pushes:
            return self._add_to_anki(change, note, Why.BACK_TO_ANKI)
        if side == "anki":
            return replace(change, action="remove_from_toml", why=Why.DELETED_IN_ANKI)
        return replace(change, why=Why.ASK_ANKI_EDITED if edited else Why.ASK_ANKI)

    def _choose_missing(self, note_id: int, loser: Side, unchanged: bool) -> Optional[Side]:
        """The side to follow when one side deleted a note; None when nobody has decided.

        ``loser`` is the side that still has the note, ``unchanged`` whether it is unedited there.
        """
        options = self.sides.options
        choice = options.choices.get(ChoiceKey(note_id, "note"))
        if choice is None and options.remove_missing == loser and unchanged:
            return "anki" if loser == "toml" else "toml"
        return choice

    def _plan_stranger(self, row: NoteRow) -> DeckNote:
        sides = self.sides
        model = sides.names.get(row.notetype, "")
        first = sides.first_of(row)
        change = DeckNote("only_in_anki", "none", model, sides.home(row), first, None, row)
        if not model:
            text = "its note type is missing; in Anki, run Tools ▸ Check Database"
            self.problems.append(Problem("warning", f"{name_note(row.id, row.fields)}: {text}", 1))
            return replace(change, fault=text)
        if row.notetype in sides.dynamic:
            try:
                change = replace(change, cards=plan_pulled_cards(sides, row).cards)
            except CardError as error:
                return replace(change, fault=str(error))
        entry = sides.known.get(row.id)
        if entry is None:
            if sides.pulls and sides.options.pull_new_notes:
                return replace(change, action="add_to_toml", why=Why.NEW_IN_ANKI)
            return replace(change, why=Why.NOT_ADDED_TO_FILE if sides.pulls else Why.NOT_PULLED)
        edited = entry.anki_digest != sides.anki_digest(row)
        change = replace(change, deleted_in="toml", held=held_note(entry))
        side = self._choose_missing(row.id, "anki", not edited)
        if side == "anki":
            return replace(change, action="add_to_toml", why=Why.BACK_TO_FILE, held=None)
        if side == "toml" and sides.pushes:
            return replace(change, action="remove_from_anki", why=Why.DELETED_IN_FILE)
        return replace(change, why=Why.ASK_FILE_EDITED if edited else Why.ASK_FILE)
