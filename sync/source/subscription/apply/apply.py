"""Does what a plan says: media, then note types, decks and notes, and the base after each.

Before notes are added, the base says which are about to be, by their guids. A run that was killed
is finished by the next one, and nothing is added twice or taken for deleted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Optional

from ....activity.recorder import IDLE, Recorder
from ....collection.clean import clean_deck_name, clean_tags, clean_text
from ....collection.copies import find_needed
from ....collection.decks import DeckNames, iterate_notes, read_decks
from ....collection.dynamic_type import find_notetype as find_dynamic_type
from ....collection.media import put_media
from ....collection.planned_notes import Addition, DeckTakesNoNotes, Move, NoteEdit, PlannedNote
from ....collection.reads import note_digest
from ....collection.record import About
from ....collection.writer import CollectionWriter
from ....deck.base import HeldNote
from ....deck.models import (
    NotetypeChanged,
    change_notetype,
    check_notetype,
    make_notetype,
    read_notetypes,
)
from ....run.base_file import DAMAGED, is_damage
from ....run.disk import explain
from ....run.done import Done
from ....run.errors import Cancelled
from ....run.faults import tell_fault
from ....run.progress import Progress
from ....run.regular import read_regular
from ....run.report import Message, Report
from ....run.shell import BaseLost
from ...web import show_address
from ..base import DeckEntry, ModelEntry, NoteEntry, SubscriptionBase
from ..changes import MediaPlan, NotePlan, SubscriptionPlan, TypePlan
from ..places import digest_media

if TYPE_CHECKING:
    from anki.collection import Collection

UNDO_NAME = "Update Subscription"
_TOLD = 20  # faults of the author's, which a subscriber cannot mend


def apply(
    col: Collection,
    plan: SubscriptionPlan,
    base: SubscriptionBase,
    progress: Progress,
    backup: Callable[[], None],
    recorder: Recorder = IDLE,
) -> Report:
    """Do what the plan says, and record it. Raises ``BaseLost`` when the base is damaged."""
    run = _Run(col, plan, base, progress, backup, recorder)
    lost = False
    try:
        run.go()
    except Cancelled:
        run.cancelled = True
    except DAMAGED as error:
        if not is_damage(error):
            raise
        lost = True
    report = Report(
        {what: count for what, count in run.counts.items() if count},
        (*run.told, *run.messages),
        run.cancelled,
        plan.waiting,
        run.writer.changes,
    )
    if lost:
        raise BaseLost(report)
    return report


def tell_problems(plan: SubscriptionPlan) -> tuple[Message, ...]:
    """What is wrong in the author's file, as messages. It is the author's to mend: no errors."""
    where = show_address(plan.subscription.address)
    texts = [f"Line {each.line}: {each.message.rstrip('.')}." for each in plan.problems]
    more = len(texts) - _TOLD
    if more > 1:
        told = f"{more:,} more faults are in the author's file. “deck check” tells them all."
        texts = [*texts[:_TOLD], told]
    return tuple(Message("warning", text, where) for text in texts)


@dataclass
class _Run:
    col: Collection
    plan: SubscriptionPlan
    base: SubscriptionBase
    progress: Progress
    backup: Callable[[], None]
    recorder: Recorder
    counts: Counter[Done] = field(default_factory=Counter)
    messages: list[Message] = field(default_factory=list)
    cancelled: bool = False

    def __post_init__(self) -> None:
        self.where = show_address(self.plan.subscription.address)
        self.told = tell_problems(self.plan)
        self.writer: CollectionWriter[NotePlan] = CollectionWriter(
            self.col, UNDO_NAME, self.progress, self.fail_note, self.recorder, _describe
        )
        self.made: dict[str, int] = {}  # the author's model → the id of its new note type
        self.whole = True  # all that was planned was done

    def fail(self, text: str) -> None:
        self.whole = False
        self.messages.append(Message("error", text, self.where))

    def fail_note(self, change: NotePlan, error: Exception) -> None:
        self.whole = False
        if isinstance(error, DeckTakesNoNotes):
            self.fail(f"“{change.title}”: {error}")
        else:
            what = f"“{change.title}”, which was not written into Anki"
            self.messages.append(tell_fault(error, what, self.where, change.note_id or None))

    def go(self) -> None:
        plan = self.plan
        if not self._is_as_fetched():
            return
        if plan.deletes:
            self.backup()
        self._write_media()
        adds, updates, removals, rest = self._sort_notes()
        if any(note.values for note in (*adds, *updates)):
            self.writer.prepare_dynamic()
        updates, removals = self._write_types(updates, removals)
        self._write_decks()
        self._add(adds)
        decks = read_decks(self.col)
        self.writer.update([_edit(note, decks) for note in updates])
        self._learn(self.writer.updated)
        self.counts[Done.NOTE_UPDATED] += len(self.writer.updated)
        self._remove(removals)
        gone = [note for note in self.writer.removed if note.state != "copy"]
        self.counts[Done.NOTE_DELETED] += len(self.writer.removed)
        forgotten = [note for note in rest if note.action == "forget"]
        self._learn(
            [note for note in rest if note.action != "forget"],
            [note.guid for note in (*gone, *forgotten)],
        )
        self._tell_late()
        if self.whole:
            self.base.finish(plan.taken, plan.waiting)

    def _is_as_fetched(self) -> bool:
        try:
            same = sha256(read_regular(self.plan.file)).hexdigest() == self.plan.text_digest
        except OSError:
            same = False
        if not same:
            self.fail("A newer version was fetched since this was planned. Update again.")
        return same

    def _sort_notes(self) -> tuple[list[NotePlan], ...]:
        """The notes to be added, updated and removed, and those that only the base is about."""
        groups: dict[str, list[NotePlan]] = {"add": [], "update": [], "delete": [], "": []}
        for note in self.plan.notes:
            if note.action != "leave":
                groups[note.action if note.writes else ""].append(note)
        return tuple(groups.values())

    def _write_media(self) -> None:
        taken, used = [], []
        for media in self.plan.media:
            question = media.question
            if question is not None and question.is_open:
                continue
            try:
                data = read_regular(media.source) if media.writes or media.source.exists() else b""
                if not self._is_media_as_planned(media, data):
                    continue
                if media.writes:
                    put_media(self.col, media.name, data)
                    self.counts[Done.MEDIA_ADDED] += 1
            except OSError as error:
                self.fail(f"“{media.name}” was not put into Anki's folder: {explain(error)}.")
                continue
            taken.append((media.name, media.sha256))
            used.append(media.source)
        if taken:
            self.base.save_media(taken)
        for file in used:
            file.unlink(missing_ok=True)

    def _is_media_as_planned(self, media: MediaPlan, data: bytes) -> bool:
        """Whether the fetched file, ``data``, and the one in Anki's folder are as planned."""
        if data and sha256(data).hexdigest() != media.sha256:
            self.whole = False  # fetched anew since
            return False
        if media.writes and digest_media(Path(self.col.media.dir()), media.name) != media.seen:
            self.whole = False
            text = f"“{media.name}” was changed in Anki meanwhile, and waits for the next update."
            self.messages.append(Message("warning", text, self.where))
            return False
        return True

    def _write_types(
        self, updates: list[NotePlan], removals: list[NotePlan]
    ) -> tuple[list[NotePlan], list[NotePlan]]:
        """Write note types; returns the notes as they are afterwards.

        New fields of a type change its notes too. So these are checked before.
        """
        plans = self.plan.types
        changes_notes = any(each.full_sync and each.wanted for each in plans)
        if changes_notes:
            updates, removals = (
                self.writer.check([_planned(note) for note in group])
                for group in (updates, removals)
            )
        entries = []
        for each in plans:
            id_ = self._write_type(each)
            if id_ and each.held is not None:
                entries.append(ModelEntry(each.name, id_, each.owned, each.held))
        if entries:
            self.base.save_types(entries, ())
        if changes_notes:
            return self._read_again(updates), self._read_again(removals)
        return updates, removals

    def _write_type(self, plan: TypePlan) -> int:
        """Write a note type; returns its id, 0 when Anki refuses it."""
        if plan.wanted is None:
            return plan.notetype
        try:
            if plan.notetype:
                check_notetype(self.col, plan.notetype, plan.seen)
                change = partial(change_notetype, self.col, plan.notetype, plan.wanted, plan.seen)
                self.writer.write(change)
                self.counts[Done.MODEL_CHANGED] += 1
                return plan.notetype
            id_ = self.writer.write(partial(make_notetype, self.col, plan.wanted))
        except NotetypeChanged as error:
            self.whole = False
            self.messages.append(
                Message("warning", f"{error} It waits for the next update.", self.where)
            )
            return 0
        except Exception as error:
            self.whole = False
            what = f"note type “{plan.name}”, which was not written into Anki"
            self.messages.append(tell_fault(error, what, self.where))
            return 0
        self.counts[Done.MODEL_CREATED] += 1
        self.made[plan.name] = id_
        return id_

    def _read_again(self, notes: Sequence[NotePlan]) -> list[NotePlan]:
        now = {row.id: row for row in iterate_notes(self.col, sorted(n.note_id for n in notes))}
        return [replace(note, anki=now.get(note.note_id, note.anki)) for note in notes]

    def _write_decks(self) -> None:
        entries = []
        for deck in self.plan.decks:
            id_ = deck.deck_id
            if deck.creates:
                id_ = self.writer.make_deck(clean_deck_name(deck.name))
                self.counts[Done.DECK_CREATED] += 1
            if deck.description is not None:
                self.writer.describe_deck(id_, deck.description, deck.seen)
            entries.append(DeckEntry(deck.author, id_, deck.theirs))
        if entries:
            self.base.save_types((), entries)

    def _add(self, adds: Sequence[NotePlan]) -> None:
        additions = [each for each in map(self._addition, adds) if each is not None]
        if not additions:
            return
        pending = [each.source for each in additions]
        self.base.save_notes((_entry(note, 0, "pending"), _held(note)) for note in pending)
        try:
            self.writer.add(additions)
        finally:
            added = {note.guid: note_id for note, note_id in self.writer.added}
            self.base.save_notes(
                ((_entry(n, added[n.guid], ""), _held(n)) for n in pending if n.guid in added),
                [n.guid for n in pending if n.guid not in added],
            )
            self.counts[Done.NOTE_ADDED] += len(added)

    def _remove(self, removals: Sequence[NotePlan]) -> None:
        copies = {note.note_id: note.guid for note in removals if note.state == "copy"}
        agreed = {note.note_id for note in removals if note.questions}
        needed = find_needed(self.col, copies, agreed)
        self.writer.late += [note for note in removals if note.note_id in needed]
        self.writer.remove([_planned(note) for note in removals if note.note_id not in needed])

    def _addition(self, plan: NotePlan) -> Optional[Addition[NotePlan]]:
        assert plan.theirs is not None and plan.held is not None
        note = plan.theirs.note
        deck, tags = plan.deck, clean_tags(note.tags or ())
        if plan.values:
            notetype = find_dynamic_type(self.col) or 0
            return Addition(plan, notetype, plan.values, deck, tags, plan.guid)
        id_ = self.made.get(note.model) or self._type_of(note.model)
        facts = read_notetypes(self.col, [id_]).get(id_)
        if facts is None:
            self.whole = False
            return None
        held = plan.held.fields
        if held.keys() - {*facts.fields}:  # a field went since: its words would be nowhere
            self.writer.late.append(plan)
            return None
        values = tuple(held[name].anki if name in held else "" for name in facts.fields)
        return Addition(plan, id_, values, deck, tags, plan.guid)

    def _type_of(self, model: str) -> int:
        if not hasattr(self, "_known"):
            self._known = self.base.read_models()
        entry = self._known.get(model)
        return entry.notetype if entry else 0

    def _learn(self, notes: Sequence[NotePlan], gone: Sequence[str] = ()) -> None:
        """Save what the author said of notes whose parts are settled now."""
        entries = [
            (_entry(note, note.note_id, note.state), _held(note)) for note in notes if note.held
        ]
        if entries or gone:
            self.base.save_notes(entries, gone)

    def _tell_late(self) -> None:
        for note in self.writer.late:
            self.whole = False
            text = f"“{note.title}” was changed in Anki meanwhile, and waits for the next update."
            self.messages.append(Message("warning", text, self.where, note.note_id or None))


def _describe(note: NotePlan) -> About:
    return About(note.title)


def _entry(note: NotePlan, note_id: int, state: str) -> NoteEntry:
    return NoteEntry(note.guid, note_id, note.digest, state)


def _held(note: NotePlan) -> HeldNote:
    assert note.held is not None
    return note.held


def _planned(note: NotePlan) -> PlannedNote[NotePlan]:
    assert note.anki is not None
    return PlannedNote(note, note.note_id, note_digest(note.anki), note.anki.decks)


def _edit(note: NotePlan, decks: DeckNames) -> NoteEdit[NotePlan]:
    assert note.anki is not None
    after = {(part.part, part.name): part.after for part in note.parts if part.after is not None}
    fields = {name: clean_text(text) for (kind, name), text in after.items() if kind == "field"}
    tags, deck = after.get(("tags", "")), after.get(("deck", ""))
    home = next((part.now for part in note.parts if part.part == "deck"), "")
    return NoteEdit(
        note,
        note.note_id,
        note_digest(note.anki),
        note.anki.decks,
        values=note.values or None,
        fields={} if note.values else fields,
        seen={p.name: p.now for p in note.parts if p.name in fields},
        tags=None if tags is None else tuple(tags.split()),
        move=None if deck is None else Move(deck, decks.find(home)),
        dynamic=bool(note.values),
    )
