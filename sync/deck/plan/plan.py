"""Decides what a run of a TOML deck would do. Writes nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Optional

from ....convert.deck_file.definition import NoteDef, Problem
from ....model.slots import CardError
from ...collection.card_effects import explain_clozes
from ...collection.clean import clean_deck_name
from ...collection.decks import find_guids, home_of, read_notes
from ...collection.dynamic_type import ForeignNotetype
from ...collection.reads import NoteRow
from ...run.faults import explain_fault, name_note
from ...run.progress import Progress
from .. import models
from ..base import DeckBase
from ..changes import DeckNote, DeckPlan, LostClozes, PartChange
from ..media import MediaPlace, check_media, check_names, plan_media
from ..options import ChoiceKey, DeckOptions, Side
from ..read import identity
from ..read.file import ReadFile, read_file
from ..read.identity import Candidate, Matcher, Matches
from ..read.sides import Sides, read_sides
from .card_losses import find_lost_clozes, tell_lost_by_models, tell_lost_clozes
from .compare import Comparison
from .declarations import Declarations
from .faults import find_faults
from .note_cards import plan_cards, plan_new_cards, plan_pulled_cards, plan_settling
from .note_media import find_coming, plan_note_media
from .refusals import find_loss, tell_refused

if TYPE_CHECKING:
    from anki.collection import Collection


def plan(
    col: Collection, file: Path, options: DeckOptions, base: DeckBase, progress: Progress
) -> DeckPlan:
    """The plan of a run. What is wrong with the file is in its ``problems``."""
    progress("Reading the file", 0, 0)
    read = read_file(file)
    place = MediaPlace(file.parent, Path(col.media.dir()))
    problems = list(read.problems)
    if read.deck is not None:
        missing = check_media(read.deck.media, place)
        if options.strategy == "pull_only":
            missing = [p for p in missing if not p.message.startswith("There is no file")]
        problems += [*missing, *check_names(read.deck.media, place)]
    empty = DeckPlan(
        file, options, valid=False, definition=read.deck, text=read.text, file_digest=read.digest
    )
    if read.deck is None:
        return replace(empty, problems=_sorted(problems))
    progress("Comparing with Anki", 0, 0)
    sides = read_sides(col, read.deck, options, base)
    problems += find_faults(col, sides)
    if any(p.level == "error" and p.note is None for p in problems):
        return replace(empty, problems=_sorted(problems))
    valid = not any(p.level == "error" for p in problems)
    return replace(_Planner(col, sides, base, problems, place).make(file, read), valid=valid)


class _Planner:
    """Works out one plan, part after part."""

    def __init__(
        self,
        col: Collection,
        sides: Sides,
        base: DeckBase,
        problems: list[Problem],
        place: MediaPlace,
    ) -> None:
        self.col, self.sides, self.base = col, sides, base
        self.problems, self.place = problems, place
        from anki.utils import guid64

        self.new_guid = guid64
        self.learns = False
        self.notes: list[DeckNote] = []
        self.text = ""

    def make(self, file: Path, read: ReadFile) -> DeckPlan:
        sides = self.sides
        self.text = read.text
        matches, rows = self._match()
        self._find_coming_fields()
        faulty = {p.note: p.message for p in self.problems if p.level == "error" and p.note}
        for note in sides.file.notes:
            self.notes.append(self._guard_note(note, matches, faulty.get(note.position)))
        claimed = {row.id for row in matches.found.values()} | matches.held_back
        self._learn_types(row for row in rows.values() if row.id not in claimed)
        strangers = [row for row in rows.values() if row.id not in claimed]
        strangers.sort(key=lambda row: (sides.home(row), row.id))
        scope = self._scope()
        self.notes += [self._guard_stranger(row) for row in strangers if self._belongs(row, scope)]
        self._report_missing_fields()
        self.problems += tell_lost_clozes(self.notes, self.text)
        self.notes = plan_settling(self.col, sides, self.notes)
        coming = find_coming(sides, self.notes)
        known = self.base.media()
        media = plan_media(sides.file.media, self.place, known, sides.options, coming)
        declared = Declarations(self.col, sides, self.notes, self.problems)
        model_changes, deck_changes = declared.plan_models(), declared.plan_decks()
        self.problems += tell_lost_by_models(self.col, sides, model_changes)
        return DeckPlan(
            file,
            sides.options,
            tuple(self.notes),
            model_changes,
            deck_changes,
            (*media, *plan_note_media(sides, self.notes, model_changes, self.place)),
            _sorted(self.problems),
            sides.file,
            read.text,
            read.digest,
            self.learns or declared.learns or any(m.action == "adopt" for m in media),
            tuple(entry.guid for entry in matches.recovered.values()),
            {id_: facts.fields for id_, facts in sides.by_id.items()},
        )

    def _match(self) -> tuple[Matches, dict[int, NoteRow]]:
        sides, notes = self.sides, self.sides.file.notes
        pending = self.base.pending()
        guids = find_guids(self.col, identity.wanted_guids(notes, pending))
        ids = {note.note_id for note in notes if note.note_id}
        ids.update(sides.known, *guids.values())
        rows = read_notes(self.col, ids, self._scope())
        self.digests = [sides.toml_digest(note) for note in notes]
        matcher = Matcher(
            rows, guids, sides.known, pending, self._key_of, sides.first_of, sides.type_of
        )
        candidates = [
            Candidate(note, sides.notetype_of(note.model), mine)
            for note, mine in zip(notes, self.digests)
        ]
        return matcher.match([c for c in candidates if c.note.model in sides.declared]), rows

    def _find_coming_fields(self) -> None:
        """Fields that this run adds to note types: notes can be told what to have in them."""
        sides = self.sides
        for name, facts in sides.notetypes.items():
            known = sides.known_models.get(name)
            change = models.plan_model(sides.declared[name], facts, known, sides.options)
            if change and change.to_anki:
                more = (f for f in change.to_anki.fields if f not in facts.fields)
                sides.coming[facts.id] = tuple(more)

    def _key_of(self, candidate: Candidate) -> tuple[int, int, str]:
        note = candidate.note
        deck = self.sides.decks.find(self.sides.deck_name(note.deck))
        try:
            return deck, candidate.notetype, self.sides.first_field(note)
        except Exception as error:  # nothing else is known by this, so it is a note of its own
            explain_fault(error, f"note {note.position} of the file")
            return deck, candidate.notetype, f"\x1f{note.position}"

    def _scope(self) -> set[int]:
        """The decks of Anki that the file declares, also when they were renamed since."""
        found = set()
        for deck in self.sides.file.decks:
            id_ = self.sides.decks.find(clean_deck_name(deck.name))
            known = self.sides.known_decks.get(deck.name)
            if not id_ and known and known.deck_id in self.sides.decks.names:
                id_ = known.deck_id
            found.add(id_)
        return found - {0}

    def _belongs(self, row: NoteRow, scope: set[int]) -> bool:
        return row.id in self.sides.known or home_of(row) in scope

    def _learn_types(self, rows: Iterable[NoteRow]) -> None:
        """Note types of pulled notes that the file does not declare."""
        sides = self.sides
        unknown = {row.notetype for row in rows} - set(sides.by_id)
        for id_, facts in models.read_notetypes(self.col, unknown).items():
            sides.by_id[id_] = facts
            sides.names[id_] = facts.definition.name

    def _guard_note(self, note: NoteDef, matches: Matches, fault: Optional[str]) -> DeckNote:
        """What becomes of a note of the file; a fault of ours costs this one alone."""
        learns, told = self.learns, len(self.problems)
        try:
            return self._plan_note(note, matches, fault)
        except Exception as error:
            del self.problems[told:]
            self.learns = learns
            text = explain_fault(error, f"note {note.position} of the file")
            self.problems.append(Problem("error", text, note.line, note.position))
            row = matches.found.get(note.position)
            title = next(iter(note.fields.values()), "")
            change = DeckNote(
                "modified" if row else "only_in_toml", "none", note.model, note.deck, title, note
            )
            return replace(change, anki=row, reason=text, cards=note.cards)

    def _guard_stranger(self, row: NoteRow) -> DeckNote:
        """What becomes of a note that only Anki has; a fault of ours costs this one alone."""
        try:
            return self._plan_stranger(row)
        except Exception as error:
            text = explain_fault(error, name_note(row.id, row.fields))
            self.problems.append(Problem("warning", text, 1))
            model, deck = self.sides.names.get(row.notetype, ""), self.sides.home(row)
            title = row.fields.partition("\x1f")[0]
            return DeckNote("only_in_anki", "none", model, deck, title, None, row, reason=text)

    def _plan_note(self, note: NoteDef, matches: Matches, fault: Optional[str]) -> DeckNote:
        row = matches.found.get(note.position)
        unclear = matches.unclear.get(note.position)
        if unclear and not fault:
            self.problems.append(Problem("error", unclear, note.line, note.position))
        if row is None:
            return self._plan_only_in_toml(note, matches, fault or unclear)
        sides = self.sides
        change = DeckNote(
            "unchanged",
            "adopt",
            note.model,
            note.deck,
            sides.first_of(row),
            note,
            row,
            cards=note.cards,
        )
        writes_id = note.note_id != row.id and not (
            note.note_id and note.guid == row.guid and not sides.pulls
        )
        writes_id = writes_id or (note.is_dynamic and note.guid is None)
        if fault:
            return replace(change, group="modified", action="none", reason=fault)
        entry = sides.known.get(row.id)
        mine = self.digests[note.position - 1]
        if (
            entry
            and entry.toml_digest == mine
            and entry.anki_digest == sides.anki_digest(row)
            and not writes_id
        ):
            return replace(change, action="none")
        held = identity.held_note(entry or matches.recovered.get(note.position))
        comparison = Comparison(sides.options, sides.values, sides.markdown(note.model))
        parts = tuple(
            comparison.compare(note, sides.deck_name(note.deck), sides.anki_note(row), held)
        )
        if note.is_dynamic:
            try:
                planned = plan_cards(self.col, sides, comparison, note, row, held, parts)
            except CardError as error:
                return self._refuse(change, note, error)
            parts = (*parts, *planned.parts)
            writes_id = writes_id or planned.gives_ids
            change = replace(change, cards=planned.cards, anki_fields=planned.anki_fields)
        change = replace(change, parts=parts, writes_id=writes_id, held=held)
        self.problems += tell_refused(change, note, self.text)
        if parts:
            lost = find_lost_clozes(self.col, sides, change)
            reason = _why(parts) + _why_lost(lost)
            return replace(
                change, group="modified", action="update", reason=reason, lost_clozes=lost
            )
        self.learns = True
        return change

    def _plan_only_in_toml(self, note: NoteDef, matches: Matches, fault: Optional[str]) -> DeckNote:
        sides = self.sides
        first = sides.first_field(note) if note.model in sides.declared else ""
        mine = self.digests[note.position - 1]
        change = DeckNote(
            "only_in_toml",
            "none",
            note.model,
            note.deck,
            first,
            note,
            toml_digest=mine,
            cards=note.cards,
        )
        if fault:
            return replace(change, reason=fault)
        if note.position in matches.deleted:
            return self._plan_deleted_in_anki(change, note)
        if not sides.pushes:
            return replace(change, reason="not in Anki; this run only pulls")
        if not sides.options.push_new_notes:
            return replace(change, reason="not in Anki; this run adds no notes there")
        return self._add_to_anki(change, note, "new in the file")

    def _refuse(self, change: DeckNote, note: NoteDef, error: Exception) -> DeckNote:
        """A dynamic note that cannot be as the file wants it: it is left, and all others go on."""
        text = f"“{change.title}”: {error}"
        self.problems.append(Problem("error", text, note.line, note.position))
        change = replace(change, action="none", reason=str(error))
        return replace(change, group="modified") if change.anki else change

    def _add_to_anki(self, change: DeckNote, note: NoteDef, reason: str) -> DeckNote:
        loss = find_loss(self.sides, change, note, self.text)
        if loss:
            self.problems.append(loss)
            return replace(change, action="none", reason=loss.message)
        if note.is_dynamic:
            try:
                planned = plan_new_cards(self.col, self.sides, note)
            except (CardError, ForeignNotetype) as error:
                return self._refuse(change, note, error)
            change = replace(change, cards=planned.cards, anki_fields=planned.anki_fields)
        return replace(
            change,
            action="add_to_anki",
            writes_id=True,
            new_guid=note.guid or self.new_guid(),
            reason=reason,
        )

    def _plan_deleted_in_anki(self, change: DeckNote, note: NoteDef) -> DeckNote:
        sides, id_ = self.sides, note.note_id or 0
        entry = sides.known[id_]
        edited = entry.toml_digest != self.digests[note.position - 1]
        change = replace(change, deleted_in="anki", held=identity.held_note(entry))
        side = self._choose_missing(id_, "toml", not edited)
        if side == "toml" and sides.pushes:
            return self._add_to_anki(change, note, "deleted in Anki, to be added again")
        if side == "anki":
            return replace(change, action="remove_from_toml", reason="deleted in Anki")
        also = ", and edited in the file since" if edited else ""
        return replace(change, reason=f"deleted in Anki{also}; left in the file until you decide")

    def _choose_missing(self, note_id: int, loser: Side, unchanged: bool) -> Optional[Side]:
        """Which side is right about a note that the other deleted, if anybody said so."""
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
            return replace(change, reason=text)
        if row.notetype in sides.dynamic:
            try:
                change = replace(change, cards=plan_pulled_cards(sides, row).cards)
            except CardError as error:
                return replace(change, reason=str(error))
        pull = replace(change, action="add_to_toml", reason="new in Anki")
        entry = sides.known.get(row.id)
        if entry is None:
            if sides.pulls and model and sides.options.pull_new_notes:
                return pull
            does = "adds no notes there" if sides.pulls else "only pushes"
            return replace(change, reason=f"not in the file; this run {does}")
        edited = entry.anki_digest != sides.anki_digest(row)
        change = replace(change, deleted_in="toml", held=identity.held_note(entry))
        side = self._choose_missing(row.id, "anki", not edited)
        if side == "anki":
            return replace(pull, reason="deleted in the file, to be written again")
        if side == "toml" and sides.pushes:
            return replace(change, action="remove_from_anki", reason="deleted in the file")
        also = ", and edited in Anki since" if edited else ""
        return replace(change, reason=f"deleted in the file{also}; left in Anki until you decide")

    def _report_missing_fields(self) -> None:
        """Fields that the file fills and that Anki's note type lacks."""
        sides = self.sides
        if not sides.pushes:
            return
        lacking: Counter[tuple[str, str]] = Counter()
        for model, facts in sides.notetypes.items():
            more = [name for name in sides.declared[model].fields if name not in facts.fields]
            for change in self.notes if more else ():
                if change.toml and change.model == model and change.action != "none":
                    lacking.update((model, n) for n in more if change.toml.fields.get(n))
        change_models = sides.options.change_models
        for (model, name), times in lacking.items():
            if not change_models:
                text = (
                    f"Anki's note type “{model}” has no field “{name}”, so the text of "
                    f"{times:,} {'note' if times == 1 else 'notes'} there is not carried. Let "
                    "this run change note types, or add the field in Anki"
                )
                line = sides.declared[model].line
                self.problems.append(Problem("warning", text, line))


def _why(parts: tuple[PartChange, ...]) -> str:
    conflicts = [part.title for part in parts if part.conflict and part.state == "skipped"]
    if conflicts:
        return f"conflict in {', '.join(conflicts)}"
    if any(part.overwrites for part in parts):
        names = dict.fromkeys(part.title for part in parts)
        return f"{', '.join(names)} edited on the other side, taken back"
    edited = [part.title for part in parts if part.words in ("", "edited")]
    told = [f"{', '.join(edited)} edited"] if edited else []
    told += [f"{part.title} {part.words}" for part in parts if part.title not in edited]
    return ", ".join(told)


def _why_lost(lost: Optional[LostClozes]) -> str:
    return "; " + explain_clozes((), lost.numbers, lost.reviews)[0] if lost else ""


def _sorted(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    return tuple(sorted(problems, key=lambda problem: problem.line))
