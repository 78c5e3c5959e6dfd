"""Does what a plan says: writes media, then Anki, then the file, then the base.

Before Anki is written, the base saves which notes are about to be added, with their new guids. If
a run is killed before it writes their ids into the file, the next run finds them by these guids.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from ....convert.deck_file.definition import NoteDef
from ....convert.deck_file.edit import Edit, edit_deck
from ...activity.recorder import IDLE, Recorder
from ...collection.clean import clean_tags
from ...collection.decks import iterate_notes
from ...collection.reads import NoteRow
from ...run.base_file import DAMAGED, is_damage
from ...run.disk import explain, replace_file
from ...run.done import Done
from ...run.errors import Cancelled
from ...run.faults import tell_fault
from ...run.progress import Progress
from ...run.regular import read_regular
from ...run.report import Level, Message, Report
from ...run.shell import BaseLost
from ..base import (
    DeckBase,
    HeldField,
    HeldNote,
    NoteEntry,
    PendingEntry,
)
from ..changes import DeckChange, DeckNote, DeckPlan, Refused
from ..dynamic import DECLARED, hold_cards, push_cards
from ..models import NotetypeChanged, read_notetypes
from ..read.file import bytes_digest
from ..read.sides import read_sides
from ..values import Values
from ..words import explain_note, explain_refusal
from .file import check_writable, final_note, models_after, note_edits, other_edits
from .history import describe_edit
from .learn import has_fields, learn_decks, learn_media, learn_models, learn_note
from .media import carry_media
from .notes import (
    new_writer,
    note_additions,
    note_edit,
    planned_note,
    read_again,
    write_decks,
    write_models,
)

if TYPE_CHECKING:
    from anki.collection import Collection


def apply(
    col: Collection,
    plan: DeckPlan,
    base: DeckBase,
    progress: Progress,
    recorder: Recorder = IDLE,
) -> Report:
    """Do what the plan says, and record it. Raises ``BaseLost`` when the base is damaged."""
    told = tuple(
        Message(problem.level, problem.message, f"{plan.file}:{problem.line}")
        for problem in plan.problems
    )
    if plan.refusal:
        level: Level = "info" if plan.refusal is Refused.FAULTS else "error"  # each is told
        refused = Message(level, explain_refusal(plan), str(plan.file))
        return Report(messages=(*told, refused))
    if plan.is_empty and not plan.learns:
        return Report(_left(plan), (*told, *_about(plan)))
    run = _Run(col, plan, base, progress, recorder)
    lost = False
    try:
        run.go()
    except DAMAGED as error:
        if not is_damage(error):
            raise
        lost = True
    report = Report(
        {**run.counts, **_left(plan)},
        (*told, *_about(plan), *run.messages),
        run.cancelled,
        changes=run.writer.changes,
    )
    if lost:
        raise BaseLost(report)
    return report


@dataclass
class _Run:
    col: Collection
    plan: DeckPlan
    base: DeckBase
    progress: Progress
    recorder: Recorder
    counts: Counter[Done] = field(default_factory=Counter)
    messages: list[Message] = field(default_factory=list)
    cancelled: bool = False

    def __post_init__(self) -> None:
        assert self.plan.definition is not None
        self.values = Values(self.plan.definition.media)
        self.pending: dict[int, PendingEntry] = {}
        self.writer = new_writer(self.col, self.plan, self.progress, self.messages, self.recorder)
        self.sent: dict[int, str] = {}  # position in the file → the fields of a new note
        self.added: dict[int, int] = {}  # position in the file → the id of a new note
        self.faulty: set[int] = set()  # indexes of changes that the file cannot say
        self.sides = read_sides(self.col, self.plan.definition, self.plan.options, self.base)

    def go(self) -> None:
        plan = self.plan
        if not self._is_file_as_planned() or not self._are_types_as_planned():
            return
        if plan.writes_file:
            check_writable(plan.file)
        if not self._carry_media():
            return
        changes = self._write_anki()
        self._tell_late()
        rows = self._read_back(changes)
        after = self._final_notes(changes)
        if not self._write_file(changes, after):
            return
        self._learn(changes, after, rows)

    def fail(self, text: str) -> None:
        self.messages.append(Message("error", text, str(self.plan.file)))

    def _is_file_as_planned(self) -> bool:
        try:
            same = bytes_digest(read_regular(self.plan.file)) == self.plan.file_digest
        except OSError:
            same = False
        if not same:
            self.fail(
                "The file was changed since this was planned. Nothing was written; look at the "
                "preview again, or run again."
            )
        return same

    def _are_types_as_planned(self) -> bool:
        """Whether each note type is as the plan has seen it, and no other one has its name."""
        seen = {id_: t for id_, t in self.plan.types.items() if id_ not in self.sides.dynamic}
        now = {id_: facts.definition for id_, facts in read_notetypes(self.col, seen).items()}
        now.update((facts.id, facts.definition) for facts in self.sides.notetypes.values())
        odd = next((id_ for id_ in {**seen, **now} if seen.get(id_) != now.get(id_)), None)
        if odd is not None:
            changed = NotetypeChanged((seen.get(odd) or now[odd]).name)
            self.fail(f"{changed} Nothing was written; look at the preview again, or run again.")
        return odd is None

    def _carry_media(self) -> bool:
        """Copy media in both directions. Returns False when a file that Anki needs is gone."""
        carried = carry_media(self.col, self.plan)
        self.messages += carried.messages
        self.counts.update(carried.counts)
        return not carried.lacks

    def _write_anki(self) -> list[DeckNote]:
        """Write Anki; returns the changes that come into the file and the base as well."""
        plan, writer = self.plan, self.writer
        back = {note.position: note for note in self._find_back()}
        writer.late += back.values()
        notes = [n for n in plan.notes if n.action != "none" and n.position not in back]
        adds = [n for n in notes if n.action == "add_to_anki"]
        updates = [n for n in notes if n.action == "update" and n.writes_anki]
        removals = [n for n in notes if n.action == "remove_from_anki"]
        others = [n for n in notes if not n.writes_anki]
        if adds:
            self.pending = {entry.position: entry for entry in self._pending(adds)}
            self.base.save_pending(self.pending.values())
        finished: list[DeckNote] = []
        try:
            if plan.writes_anki:
                updates, removals, others = self._write_types(updates, removals, others)
            additions = note_additions(self.col, plan, self.values, adds)
            self.sent = {each.source.position: "\x1f".join(each.values) for each in additions}
            writer.add(additions)
            writer.update([note_edit(change) for change in updates])
            writer.remove([planned_note(change) for change in removals])
            self.progress("Writing the file", 0, 0)
            finished = self._unchanged(others)
        except Cancelled:
            self.cancelled = True
        self.counts[Done.NOTE_UPDATED] += len(writer.updated)
        self.counts[Done.NOTE_DELETED] += len(writer.removed)
        self.counts[Done.NOTE_ADDED] += len(writer.added)
        self.added = {change.position: note_id for change, note_id in writer.added}
        added = [change for change, _ in writer.added]
        return [*added, *writer.updated, *writer.removed, *finished]

    def _find_back(self) -> list[DeckNote]:
        """The notes that the plan took for deleted in Anki, and that are there again: by Undo."""
        gone = {
            note.toml.note_id or 0: note
            for note in self.plan.notes
            if note.toml and note.deleted_in == "anki" and note.action != "none"
        }
        return [gone[row.id] for row in iterate_notes(self.col, sorted(gone))]

    def _write_types(self, *notes: list[DeckNote]) -> list[list[DeckNote]]:
        """Write decks and note types; returns ``notes`` as they are afterwards.

        A changed note type changes its notes too. So the notes are checked before, and those that
        are not as planned are left out.
        """
        plan, writer = self.plan, self.writer
        if any(change.anki_fields for change in plan.notes):
            writer.prepare_dynamic()
        decks = [d for d in plan.decks if d.action in ("create", "describe_anki")]
        self._tell_late_decks(write_decks(writer, decks))
        self.counts[Done.DECK_CREATED] += sum(d.action == "create" for d in decks)
        models = [m for m in plan.models if m.to_anki]
        changed = any(model.notetype for model in models)
        groups = [self._unchanged(group) if changed else group for group in notes]
        write_models(writer, models, plan.types)
        self.counts[Done.MODEL_CREATED] += sum(not m.notetype for m in models)
        self.counts[Done.MODEL_CHANGED] += sum(bool(m.notetype) for m in models)
        return [read_again(self.col, group) if changed else group for group in groups]

    def _unchanged(self, changes: Sequence[DeckNote]) -> list[DeckNote]:
        """The changes whose note in Anki is as planned, and those without a note in Anki."""
        there = [planned_note(change) for change in changes if change.anki is not None]
        gone = [change for change in changes if change.anki is None]
        return [*self.writer.check(there), *gone]

    def _pending(self, changes: Sequence[DeckNote]) -> list[PendingEntry]:
        entries = []
        for change in changes:
            note = change.toml
            assert note is not None
            markdown = self.sides.markdown(note.model)
            held = HeldNote(
                note.model,
                self.sides.deck_name(note.deck),
                clean_tags(note.tags) if note.tags else (),
                {
                    name: HeldField(
                        value, self.values.to_anki(value, name in markdown), name in markdown
                    )
                    for name, value in note.fields.items()
                },
                hold_cards(change.cards, push_cards(change.cards, self.values), {}, ()),
            )
            entry = PendingEntry(change.new_guid, note.position, change.toml_digest, held.pack())
            entries.append(entry)
        return entries

    def _tell_late(self) -> None:
        for change in self.writer.late:
            self.messages.append(
                Message(
                    "warning",
                    f"“{change.title}” was changed in Anki since this run was planned, and was "
                    "left for the next.",
                    str(self.plan.file),
                    change.note_id or None,
                )
            )

    def _tell_late_decks(self, decks: Sequence[DeckChange]) -> None:
        for deck in decks:
            text = (
                f"The description of the deck “{deck.name}” was changed in Anki since this was "
                "planned, and stays as it is there. Run again."
            )
            self.messages.append(Message("warning", text, str(self.plan.file)))

    def _id_of(self, change: DeckNote) -> int:
        return self.added.get(change.position) or change.note_id

    def _read_back(self, changes: Sequence[DeckNote]) -> dict[int, NoteRow]:
        ids = sorted(id_ for id_ in map(self._id_of, changes) if id_)
        return {row.id: row for row in iterate_notes(self.col, ids)}

    def _final_notes(self, changes: Sequence[DeckNote]) -> dict[int, NoteDef]:
        """Index in ``changes`` → the note as the file will have it."""
        models = {**DECLARED, **models_after(self.plan)}
        pulled = {c.anki.notetype for c in changes if c.action == "add_to_toml" and c.anki}
        types = read_notetypes(self.col, pulled)
        after = {}
        for number, change in enumerate(changes):
            if change.action not in ("remove_from_anki", "remove_from_toml"):
                facts = types.get(change.anki.notetype) if change.anki else None
                names = facts.fields if facts else ()
                try:
                    model, id_ = models[change.model], self._id_of(change)
                    after[number] = final_note(change, id_, self.values, model, names)
                except Exception as error:
                    self.faulty.add(number)
                    what, file = f"“{change.title}”", str(self.plan.file)
                    self.messages.append(tell_fault(error, what, file, self._id_of(change)))
        return after

    def _write_file(self, changes: Sequence[DeckNote], after: dict[int, NoteDef]) -> bool:
        plan = self.plan
        edits: list[Edit] = list(other_edits(plan))
        for number, change in enumerate(changes):
            if change.action == "remove_from_toml":
                assert change.toml is not None
                edits.extend(note_edits(change, change.toml))
            elif number in after:
                edits.extend(note_edits(change, after[number]))
        if not edits:
            return True
        text = edit_deck(plan.text, edits)
        if text == plan.text:
            return True
        try:
            if bytes_digest(read_regular(plan.file)) != plan.file_digest:
                self.fail(
                    "The file was saved by another program while this run was going on, and was "
                    "left as it is. Run again: what is in Anki already is found there."
                )
                return False
            replace_file(plan.file, text.encode("utf-8"))
        except OSError as error:
            self.fail(
                f"The file was not written: {explain(error)}. Run again when it can be: what is "
                "in Anki already is found there."
            )
            return False
        for number, change in enumerate(changes):
            entry = describe_edit(change, after.get(number), self._id_of(change))
            if entry is not None:
                self.recorder.record(entry)
        self.counts[Done.NOTE_ADDED_TO_FILE] += sum(c.action == "add_to_toml" for c in changes)
        self.counts[Done.NOTE_DELETED_FROM_FILE] += sum(
            c.action == "remove_from_toml" for c in changes
        )
        self.counts[Done.NOTE_UPDATED_IN_FILE] += sum(
            any(part.to_toml is not None for part in c.parts) for c in changes
        )
        self.counts[Done.MODEL_UPDATED_IN_FILE] += sum(bool(m.to_toml) for m in plan.models)
        self.counts[Done.DECK_UPDATED_IN_FILE] += sum(
            d.action in ("declare", "describe_toml") for d in plan.decks
        )
        return True

    def _learn(
        self,
        changes: Sequence[DeckNote],
        after: dict[int, NoteDef],
        rows: dict[int, NoteRow],
    ) -> None:
        """Save in the base what both sides hold now."""
        plan = self.plan
        assert plan.definition is not None
        models = models_after(plan)
        file = replace(plan.definition, models=tuple(models.values()))
        sides = read_sides(self.col, file, plan.options, self.base)
        entries, gone = [], []
        for number, change in enumerate(changes):
            row = rows.get(self._id_of(change))
            if number in self.faulty:
                continue
            if number not in after or row is None:
                gone.append(change.note_id or (change.toml and change.toml.note_id) or 0)
            elif (
                row.fields == self.sent.get(change.position)
                and has_fields(sides, after[number], row)
                and not change.cards  # their ids may be new
            ):
                # Anki holds exactly what was sent, so the pending entry is right.
                pending = self.pending[change.position]
                theirs = sides.anki_digest(row)
                entries.append(NoteEntry(row.id, pending.toml_digest, theirs, pending.held))
            else:
                entries.append(learn_note(sides, change, after[number], row))
        self.base.save_media(learn_media(self.col, plan))
        self.base.save_run(
            entries, gone, learn_decks(self.col, plan, sides), learn_models(plan, sides)
        )


def _left(plan: DeckPlan) -> dict[Done, int]:
    """How many conflicts the run leaves to a person."""
    conflicts = plan.counts["conflicts"]
    return {Done.CONFLICT_LEFT: conflicts} if conflicts else {}


def _about(plan: DeckPlan) -> list[Message]:
    """A warning for everything that was left as it is, and for each overwritten edit."""
    told = []
    for note in plan.notes:
        left = note.conflict or (note.deleted_in and note.action == "none")
        if left or any(part.overwrites for part in note.parts):
            text = f"“{note.title}”: {explain_note(note)}."
            told.append(Message("warning", text, str(plan.file), note.note_id or None))
    for model in plan.models:
        if not (model.to_anki or model.to_toml):
            text = f"Note type “{model.name}”: {'; '.join(model.details)}. It was left as it is."
            told.append(Message("warning", text, str(plan.file)))
    for media in plan.media:
        if media.conflict and media.action == "none":
            text = f"“{media.name}” is another file in Anki, and was left as it is on both sides."
            told.append(Message("warning", text, str(plan.file)))
    return told
