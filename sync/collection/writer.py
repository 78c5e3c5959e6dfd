"""Writes notes into a collection: one undo step, in chunks, each note checked just before.

The collection may change after a plan is made. So each change says which state of the note the
plan has seen. A note in another state is not written.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Generic, Optional, TypeVar, Union, cast

from ..activity.recorder import IDLE, Recorder
from ..run.progress import Progress, no_progress
from .decks import DeckNames, find_guids, iterate_notes, read_decks
from .dynamic_cards import find_cards, settle_cards
from .dynamic_type import ensure_notetype
from .planned_notes import Addition, Deck, DeckTakesNoNotes, NoteEdit, PlannedNote
from .reads import NoteRow, home_decks, note_digest
from .record import About, NoteRecorder, name_nothing
from .renderer import install_renderer

if TYPE_CHECKING:
    from anki.cards import Card, CardId
    from anki.collection import AddNoteRequest, Collection, OpChanges
    from anki.decks import DeckId
    from anki.models import NotetypeId
    from anki.notes import Note, NoteId

CHUNK = 1000  # one chunk is much faster than single notes; a run can be cancelled between chunks
S = TypeVar("S")
T = TypeVar("T")
R = TypeVar("R")
P = TypeVar("P", bound="PlannedNote[Any]")
W = TypeVar("W", bound="Union[NoteEdit[Any], _Ready[Any]]")


@dataclass(frozen=True)
class _Ready(Generic[T]):
    source: T
    request: AddNoteRequest


class CollectionWriter(Generic[T]):
    """Writes a collection, and records the result of each change.

    ``changes`` is what Anki's window must know at the end; nothing when nothing was written.
    ``late`` are the notes that were changed after the plan was made. ``added`` has the new ids.
    ``made_decks`` tells whether a note's deck was missing.
    """

    def __init__(
        self,
        col: Collection,
        undo_name: str,
        progress: Progress = no_progress,
        tell: Optional[Callable[[T, Exception], None]] = None,
        recorder: Recorder = IDLE,
        about: Callable[[T], About] = name_nothing,
    ) -> None:
        """``progress`` is told before each chunk, for each kind of change by itself; it may raise
        ``Cancelled``.

        ``tell`` receives the error of a note that cannot be written; the other notes are still
        written. Without ``tell``, the error is raised. ``recorder`` keeps what is written, each
        note with its title, which is ``about`` of its source.
        """
        self.col = col
        self.changes: Optional[OpChanges] = None
        self.added: list[tuple[T, int]] = []
        self.updated: list[T] = []
        self.removed: list[T] = []
        self.late: list[T] = []
        self.made_decks = False
        self._undo_name, self._progress, self._tell = undo_name, progress, tell
        self._done: Counter[str] = Counter()
        self._total: Counter[str] = Counter()
        self._entry = 0
        self._patterns: dict[int, Optional[Note]] = {}
        self._records = NoteRecorder(col, recorder)
        self._about = about

    def prepare_dynamic(self) -> int:
        """Make sure of the dynamic note type and its renderer; returns the type's id.

        Call this before everything else: Anki forgets its undo steps when the type is new. Raises
        ``ForeignNotetype`` or ``MediaUnavailable``.
        """
        install_renderer(self.col)
        return ensure_notetype(self.col)

    def _count(self, label: str, items: Sequence[S]) -> Iterator[Sequence[S]]:
        """The items in chunks, each of which is told before it is given out."""
        self._total[label] += len(items)
        for chunk in _chunks(items):
            self._progress(label, self._done[label], self._total[label])
            self._done[label] += len(chunk)
            yield chunk

    def add(
        self, additions: Sequence[Addition[T]], ready: Callable[[T], bool] = lambda source: True
    ) -> None:
        """Add notes. ``ready`` is called just before; a note is not added when it returns False.

        A note is late when its guid is in the collection by now, or its note type changed.
        """
        from anki.collection import AddNoteRequest

        taken = find_guids(self.col, (each.guid for each in additions if each.guid))
        for chunk in self._count("Adding notes", additions):
            decks = self._find_decks({each.deck: 0 for each in chunk})
            fit: list[_Ready[T]] = []
            for each in chunk:
                deck = decks[each.deck]
                if each.guid in taken or not self._fits(each):
                    self.late.append(each.source)
                elif not deck:
                    self._fail(each.source, DeckTakesNoNotes(self.col, each.deck))
                elif ready(each.source):
                    fit.append(_Ready(each.source, AddNoteRequest(self._make(each), deck)))
            done = self._each(fit, self._add)
            self.added += [(each.source, int(each.request.note.id)) for each in done]
            for ready_one in done if self._records.is_on else ():
                about, request = self._about(ready_one.source), ready_one.request
                self._records.added(int(request.note.id), about, request.deck_id)

    def update(
        self, edits: Sequence[NoteEdit[T]], ready: Callable[[T], bool] = lambda source: True
    ) -> None:
        """Write notes and move their cards. ``ready`` works as in ``add``."""
        for part in self._count("Updating notes", edits):
            chunk = self._as_planned(part, ready)
            if any(edit.move for edit in chunk):
                decks = read_decks(self.col)
                chunk = [edit for edit in chunk if self._can_move(edit, decks)]
            cards = find_cards(self.col, [edit.note_id for edit in chunk if edit.dynamic])
            rewritten = [edit for edit in chunk if edit.rewrites]
            written = {edit.note_id for edit in self._each(rewritten, self._rewrite)}
            chunk = [edit for edit in chunk if not edit.rewrites or edit.note_id in written]
            if cards:
                self._begin()
                settle_cards(self.col, cards, self._merge)
            self._move(chunk)
            self.updated += [edit.source for edit in chunk]
            for edit in chunk if self._records.is_on else ():
                fields = edit.fields if edit.values is None else edit.values
                target = edit.move.target if edit.move else None
                about = self._about(edit.source)
                self._records.updated(edit.note_id, about, fields, edit.tags, target)

    def remove(
        self, notes: Sequence[PlannedNote[T]], ready: Callable[[T], bool] = lambda source: True
    ) -> None:
        """Delete notes with their cards. ``ready`` works as in ``add``."""
        for part in self._count("Deleting notes", notes):
            chunk = self._as_planned(part, ready)
            if chunk:
                ids = [cast("NoteId", note.note_id) for note in chunk]
                self.write(partial(self.col.remove_notes, ids))
                for note in chunk:
                    self._records.removed(note.note_id, self._about(note.source))
            self.removed += [note.source for note in chunk]

    def check(self, notes: Sequence[PlannedNote[T]]) -> list[T]:
        """The notes that are still as the plan has seen them."""
        chunks = (self._as_planned(chunk) for chunk in _chunks(notes))
        return [note.source for chunk in chunks for note in chunk]

    def make_deck(self, name: str, like: int = 0) -> int:
        """The id of a deck. A missing deck is made, with the options of the deck ``like``."""
        decks = self.col.decks
        id_ = self.write(partial(decks.id, name))
        new = decks.get(cast("DeckId", id_))
        source = decks.get(cast("DeckId", like)) if like else None
        if new and source and not source["dyn"] and new["conf"] != source["conf"]:
            new["conf"] = source["conf"]
            self.write(partial(decks.update_dict, new))
        return int(id_ or 0)

    def describe_deck(self, id_: int, text: str, seen: str) -> bool:
        """Set a deck's description. False, with nothing written, if it is no longer ``seen``."""
        deck = self.col.decks.get(cast("DeckId", id_), default=False)
        if deck and deck.get("desc", "") != text:
            if deck.get("desc", "") != seen:
                return False
            deck["desc"] = text
            self.write(partial(self.col.decks.update_dict, deck))
        return True

    def write(self, act: Callable[[], R]) -> R:
        """Call ``act``, which writes the collection, as a part of the one undo step."""
        self._begin()
        try:
            result = act()
        except Exception:
            self._merge_if_there()
            raise
        self._merge()
        return result

    def _begin(self) -> None:
        """Open the undo step, only at the first write: Anki's menu would show an empty step."""
        if not self._entry:
            self._entry = self.col.add_custom_undo_entry(self._undo_name)

    def _merge(self) -> None:
        """Merge what was just written into the step. Anki keeps at most 30 separate steps.

        Another add-on may have written in between, in a way that makes Anki forget its steps. What
        was written stays, and what comes is another step.
        """
        from anki.collection import OpChanges

        done = self._merge_if_there()
        if done is None:
            done = OpChanges(**{field.name: True for field in OpChanges.DESCRIPTOR.fields})
        if self.changes is None:
            self.changes = OpChanges()
        self.changes.MergeFrom(done)

    def _merge_if_there(self) -> Optional[OpChanges]:
        """Merge into the step, or begin another one next time where this one is gone: then None.

        Anki forgets all steps when a write of it fails.
        """
        from anki.errors import BackendError

        try:
            return self.col.merge_undo_entries(self._entry)
        except BackendError:
            self._entry = 0
            return None

    def _each(self, items: Sequence[W], write: Callable[[Sequence[W]], None]) -> list[W]:
        """Write all items at once, or one by one if that fails; returns what was written."""
        if not items:
            return []
        self._begin()
        try:
            write(items)
        except Exception as error:
            self._merge_if_there()
            if self._tell and len(items) > 1:
                return [done for item in items for done in self._each([item], write)]
            self._fail(items[0].source, error)
            return []
        self._merge()
        return [*items]

    def _fail(self, source: T, error: Exception) -> None:
        if self._tell is None:
            raise error
        self._tell(source, error)

    def _as_planned(
        self, notes: Sequence[P], ready: Callable[[Any], bool] = lambda source: True
    ) -> list[P]:
        """The items whose notes are as the plan has seen them, and that are ready."""
        ids = sorted(note.note_id for note in notes)
        now = {row.id: row for row in iterate_notes(self.col, ids)}
        self._records.hold(now)
        same = []
        for note in notes:
            row = now.get(note.note_id)
            move = note.move if isinstance(note, NoteEdit) else None
            if (
                row is None
                or note_digest(row) != note.digest
                or note.decks not in (None, row.decks)
                or (move and move.home is not None and move.home not in home_decks(row.decks))
                or (isinstance(note, NoteEdit) and not self._has_seen_fields(note, row))
            ):
                self.late.append(note.source)
            elif ready(note.source):
                same.append(note)
        return same

    def _has_seen_fields(self, edit: NoteEdit[Any], row: NoteRow) -> bool:
        """Whether each field that is written exists, and holds what the plan has seen in it."""
        if not edit.fields:
            return True
        data = self.col.models.get(cast("NotetypeId", row.notetype))
        names = [each["name"] for each in data["flds"]] if data else []
        now = dict(zip(names, row.fields.split("\x1f")))
        return edit.fields.keys() <= now.keys() and all(
            now.get(name) == text for name, text in edit.seen.items()
        )

    def _add(self, fit: Sequence[_Ready[T]]) -> None:
        self.col.add_notes([each.request for each in fit])

    def _rewrite(self, edits: Sequence[NoteEdit[T]]) -> None:
        self.col.update_notes([self._edit(edit) for edit in edits])

    def _edit(self, edit: NoteEdit[T]) -> Note:
        note = self.col.get_note(cast("NoteId", edit.note_id))
        if edit.values is not None:
            note.fields = list(edit.values)
        for name, text in edit.fields.items():
            note[name] = text
        if edit.tags is not None:
            note.tags = list(edit.tags)
        return note

    def _make(self, addition: Addition[T]) -> Note:
        """Make a new note, faster than Anki does."""
        from anki.utils import guid64

        pattern = self._pattern(addition.notetype)
        note = cast("Note", object.__new__(type(pattern)))  # ``copy`` asks Anki for old names
        vars(note).update(vars(pattern))
        note.guid = addition.guid or guid64()
        note.tags, note.fields = list(addition.tags), list(addition.values)
        return note

    def _fits(self, addition: Addition[T]) -> bool:
        """Whether the note type exists, with as many fields as the note has, and these names."""
        pattern = self._pattern(addition.notetype)
        if pattern is None or len(pattern.fields) != len(addition.values):
            return False
        return addition.names in (None, tuple(pattern.keys()))

    def _pattern(self, notetype: int) -> Optional[Note]:
        if notetype not in self._patterns:
            data = self.col.models.get(cast("NotetypeId", notetype))
            self._patterns[notetype] = self.col.new_note(data) if data else None
        return self._patterns[notetype]

    def _find_decks(self, wanted: Mapping[Deck, int]) -> dict[Deck, DeckId]:
        """The ids of decks; 0 for a deck that takes no cards. Makes missing decks."""
        known = read_decks(self.col)
        found: dict[Deck, DeckId] = {}
        for deck, like in sorted(wanted.items(), key=lambda item: str(item[0])):
            id_ = deck if isinstance(deck, int) else known.find(deck)
            if not _takes_cards(known, deck):
                id_ = 0
            elif not id_ and isinstance(deck, str):
                id_ = self.make_deck(deck, like)
                self.made_decks = True
            found[deck] = cast("DeckId", id_)
        return found

    def _can_move(self, edit: NoteEdit[T], decks: DeckNames) -> bool:
        """Whether the cards of a note can go where they are to go; otherwise the note is told."""
        if edit.move is None or _takes_cards(decks, edit.move.target):
            return True
        self._fail(edit.source, DeckTakesNoNotes(self.col, edit.move.target))
        return False

    def _move(self, edits: Iterable[NoteEdit[T]]) -> None:
        """Change the home deck of notes' cards. A card in a filtered deck stays in it for now."""
        moves = {edit.note_id: edit.move for edit in edits if edit.move}
        if not moves:
            return
        targets = self._find_decks({move.target: move.home or 0 for move in moves.values()})
        plain: dict[DeckId, list[CardId]] = {}
        borrowed: list[Card] = []
        assert self.col.db is not None
        marks = ",".join(str(note_id) for note_id in moves)
        rows = self.col.db.all(f"select id, nid, odid, did from cards where nid in ({marks})")
        for card_id, note_id, original, deck in rows:
            move, home = moves[note_id], original or deck
            target = targets[move.target]
            if target == home or move.home not in (None, home):
                continue
            if original:
                card = self.col.get_card(card_id)
                card.odid = target
                borrowed.append(card)
            else:
                plain.setdefault(target, []).append(card_id)
        for target, ids in plain.items():
            self.write(partial(self.col.set_deck, ids, target))
        if borrowed:
            self.write(partial(self.col.update_cards, borrowed))


def _takes_cards(decks: DeckNames, deck: Deck) -> bool:
    """Whether cards can go into a deck, which is made if it is missing."""
    if isinstance(deck, int):
        return deck in decks.names and deck not in decks.filtered
    return not decks.find_filtered(deck)


def _chunks(items: Sequence[R]) -> Iterator[Sequence[R]]:
    return (items[start : start + CHUNK] for start in range(0, len(items), CHUNK))
