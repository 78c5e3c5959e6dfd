"""Does what a plan says: writes Anki, then the base.

Before Anki is written, the base saves what each note is about to hold. If the run is killed before
the base has the result, the next run sees by that which notes were written.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Optional

from ...activity.recorder import IDLE, Recorder
from ...collection.copies import find_needed
from ...collection.planned_notes import Addition, DeckTakesNoNotes, NoteEdit, PlannedNote
from ...collection.record import About
from ...collection.writer import CollectionWriter
from ...run.base_file import DAMAGED, is_damage
from ...run.done import Done
from ...run.errors import Cancelled
from ...run.faults import tell_fault
from ...run.progress import Progress
from ...run.report import Message, Report
from ...run.shell import BaseLost
from .base import RemberBase
from .changes import RembChange, RemberPlan

if TYPE_CHECKING:
    from anki.collection import Collection

DECK = "Rember"  # of new notes; a note stays where its person moves it
UNDO_NAME = "Ankivault: Rember"
Backup = Callable[[], object]


def apply(
    col: Collection,
    plan: RemberPlan,
    base: RemberBase,
    progress: Progress,
    backup: Optional[Backup] = None,
    recorder: Recorder = IDLE,
) -> Report:
    """Do what the plan says, and record it. ``backup`` is called once, before notes are deleted.

    Raises ``BaseLost`` when the base is damaged.
    """
    if base.runs != plan.run:
        told = (
            "What is known of Rember changed since this was planned. Nothing was written; pull "
            "once more."
        )
        return Report(messages=(*plan.messages, Message("error", told)))
    run = _Run(col, plan, base, progress, recorder)
    lost = False
    try:
        run.go(backup)
    except DAMAGED as error:
        if not is_damage(error):
            raise
        lost = True
    report = run.report()
    if lost:
        raise BaseLost(report)
    return report


class _Run:
    def __init__(
        self,
        col: Collection,
        plan: RemberPlan,
        base: RemberBase,
        progress: Progress,
        recorder: Recorder,
    ) -> None:
        self.plan, self.base, self.progress = plan, base, progress
        self.messages: list[Message] = [*plan.messages]
        self.cancelled = False
        self.writer: CollectionWriter[RembChange] = CollectionWriter(
            col, UNDO_NAME, self.progress, self.tell, recorder, _describe
        )

    def tell(self, change: RembChange, error: Exception) -> None:
        """Tell why a note was not written. What Rember says of it waits in the base."""
        note_id = change.note_id or None
        if isinstance(error, DeckTakesNoNotes):
            text = f"“{change.title}” was not added: {error} Give that deck another name."
            self.messages.append(Message("error", text, None, note_id))
        else:
            what = f"“{change.title}”, which was not written into Anki"
            self.messages.append(tell_fault(error, what, None, note_id))

    def go(self, backup: Optional[Backup]) -> None:
        """Write Anki, then the base."""
        changes = self.plan.changes
        writing = [change.writing for change in changes if change.writing]
        if writing:
            self.base.save_writing(writing)
        try:
            self._write(backup)
        except Cancelled:
            self.cancelled = True
        self._save(changes)

    def _write(self, backup: Optional[Backup]) -> None:
        plan, writer = self.plan, self.writer
        adds, edits, removals = (plan.pick(kind) for kind in ("add", "update", "delete"))
        if removals and backup:
            backup()
        if adds or edits:
            notetype = writer.prepare_dynamic()
            writer.add([Addition(each, notetype, each.values, DECK, guid=each.id) for each in adds])
        writer.update(
            [
                NoteEdit(each, each.note_id, each.digest, values=each.values or None, dynamic=True)
                for each in edits
            ]
        )
        copies = {each.note_id: each.id for each in removals if each.aside}
        agreed = {question.note_id for question in plan.questions if question.kind == "twice"}
        needed = find_needed(writer.col, copies, agreed)
        writer.late += [each for each in removals if each.note_id in needed]
        removals = [each for each in removals if each.note_id not in needed]
        writer.remove([PlannedNote(each, each.note_id, each.digest) for each in removals])

    def _save(self, changes: Sequence[RembChange]) -> None:
        """Save in the base what is done. What is not done waits there; a cancelled run is not over.

        The cookie is saved with that, or not at all.
        """
        writer = self.writer
        done = {id(change) for change, _ in writer.added}  # a copy has the id of its remb
        done.update(id(change) for change in (*writer.updated, *writer.removed))
        rows, gone = [], []
        for change in changes:
            if change.aside:
                continue
            if change.writes_anki and id(change) not in done:
                if not self.cancelled and change.kept:
                    rows.append(change.kept)
            elif change.row is None:
                gone.append(change.id)
            else:
                rows.append(change.row)
        pulled = self.plan.pulled
        email = pulled.patch.email or None if pulled else None
        plan = self.plan
        self.base.save_run(rows, gone, plan.cookie, email, plan.usn, complete=not self.cancelled)

    def report(self) -> Report:
        """What was done, and what a person must know."""
        writer = self.writer
        late = [
            Message(
                "warning",
                f"“{each.title}” was changed in Anki since this run was planned, and was left for "
                "the next.",
                None,
                each.note_id or None,
            )
            for each in writer.late
        ]
        counts = Counter(
            {
                Done.NOTE_ADDED: len(writer.added),
                Done.NOTE_UPDATED: len(writer.updated),
                Done.NOTE_DELETED: len(writer.removed),
            }
        )
        return Report(
            dict(counts),
            (*self.messages, *late),
            self.cancelled,
            self.plan.open_questions,
            writer.changes,
        )


def _describe(change: RembChange) -> About:
    return About(change.title)
