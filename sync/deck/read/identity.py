"""Finds the note of the collection for each note of the file: by id, guid or first field."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, Optional, Union

from ....convert.deck_file.definition import NoteDef
from ...collection.decks import home_of
from ...collection.reads import NoteRow, home_decks
from ..base import HeldNote, NoteEntry, PendingEntry

Key = tuple[int, int, str]  # deck, note type and first field, as Anki has them


class Candidate(NamedTuple):
    """A note of the file; ``notetype`` is 0 when Anki has no such type yet."""

    note: NoteDef
    notetype: int
    digest: bytes


@dataclass
class Matches:
    """Which note of Anki each note of the file is. Keys are positions in the file."""

    found: dict[int, NoteRow] = field(default_factory=dict)
    recovered: dict[int, PendingEntry] = field(default_factory=dict)
    deleted: set[int] = field(default_factory=set)  # the note was in Anki, and was deleted there
    unclear: dict[int, str] = field(default_factory=dict)  # why, in words for the user
    held_back: set[int] = field(default_factory=set)  # ids in Anki that an unclear note may have


@dataclass(frozen=True)
class Matcher:
    """Matches notes of the file with notes of Anki.

    ``rows`` are Anki's notes by id, ``guids`` their ids by guid. ``known`` and ``pending`` come
    from the base.
    """

    rows: Mapping[int, NoteRow]
    guids: Mapping[str, Sequence[int]]
    known: Mapping[int, NoteEntry]
    pending: Sequence[PendingEntry]
    key_of: Callable[[Candidate], Key]
    first_of: Callable[[NoteRow], str]
    type_of: Callable[[NoteRow], int]

    def match(self, candidates: Sequence[Candidate]) -> Matches:
        """Find each candidate's note. A note of Anki is given to one candidate at most."""
        matches = Matches()
        self._match_ids(candidates, matches)
        rest = [c for c in candidates if not _is_settled(c, matches)]
        self._match_pending(rest, matches)
        rest = [c for c in rest if not _is_settled(c, matches)]
        self._match_guids(rest, matches)
        self._match_first_fields([c for c in rest if not _is_settled(c, matches)], matches)
        return matches

    def _match_ids(self, candidates: Sequence[Candidate], matches: Matches) -> None:
        times = Counter(c.note.note_id for c in candidates if c.note.note_id)
        for candidate in candidates:
            note = candidate.note
            if not note.note_id:
                continue
            row = self.rows.get(note.note_id)
            if times[note.note_id] > 1:
                matches.unclear[note.position] = (
                    f"note_id {note.note_id} stands in {times[note.note_id]} notes of the file; "
                    "leave it in the one that it belongs to"
                )
            elif row is None:
                if note.note_id in self.known and not self._has_guid(note):
                    matches.deleted.add(note.position)
                continue
            elif note.guid and row.guid != note.guid:
                if self._has_guid(note) or row.id not in self.known:
                    continue  # the id is of another collection, the guid counts
                matches.unclear[note.position] = (
                    f"note_id {note.note_id} is a note with another guid in this collection; "
                    "take the note_id out if this is another note, else the guid"
                )
            elif self.type_of(row) != candidate.notetype:
                matches.unclear[note.position] = (
                    f"note_id {note.note_id} is a note of another note type in Anki; take it out "
                    "of the file to add a new note, or put the note's own model there"
                )
            elif not self._is_plausible(candidate, row):
                matches.unclear[note.position] = (
                    f"note_id {note.note_id} is another note in this collection, in another deck "
                    "and with other fields; take it out of the file to add a new note"
                )
            else:
                matches.found[note.position] = row
                continue
            if row is not None:
                matches.held_back.add(row.id)

    def _is_plausible(self, candidate: Candidate, row: NoteRow) -> bool:
        """Whether a note with a candidate's id can be its note.

        Without the base or a guid, it must be in the same deck or share a field's text.
        """
        note = candidate.note
        if row.id in self.known or note.guid or self.key_of(candidate)[0] in home_decks(row.decks):
            return True
        values = {value for value in row.fields.split("\x1f") if value}
        return self.key_of(candidate)[2] in values or any(v in values for v in note.fields.values())

    def _has_guid(self, note: NoteDef) -> bool:
        return bool(note.guid and self.guids.get(note.guid))

    def _match_pending(self, candidates: Sequence[Candidate], matches: Matches) -> None:
        """Match notes that a killed run added before it could write their ids."""
        by_digest: dict[bytes, list[Candidate]] = defaultdict(list)
        by_position = {c.note.position: c for c in candidates}
        for candidate in candidates:
            by_digest[candidate.digest].append(candidate)
        for same in by_digest.values():
            same.reverse()
        later = []
        for entry in self.pending:
            ids = self.guids.get(entry.guid, ())
            row = self.rows.get(ids[0]) if len(ids) == 1 else None
            if row is None:
                continue
            same = by_digest.get(entry.toml_digest, [])
            if same:
                _recover(same.pop().note, entry, row, matches)
            else:
                later.append((entry, row))
        for entry, row in later:  # edited since: match by position and note type
            found = by_position.get(entry.position)
            if (
                found
                and found.note.position not in matches.found
                and found.notetype == self.type_of(row)
            ):
                _recover(found.note, entry, row, matches)

    def _match_guids(self, candidates: Sequence[Candidate], matches: Matches) -> None:
        taken = {row.id for row in matches.found.values()}
        times = Counter(c.note.guid for c in candidates if c.note.guid)
        for candidate in candidates:
            note = candidate.note
            if not note.guid:
                continue
            ids = self.guids.get(note.guid, ())
            row = self.rows.get(ids[0]) if ids else None
            if row is None:
                continue
            if times[note.guid] > 1:
                why = f"guid “{note.guid}” stands in {times[note.guid]} notes of the file"
            elif len(ids) > 1:
                why = f"guid “{note.guid}” is that of {len(ids)} notes in Anki"
            elif self.type_of(row) != candidate.notetype:
                why = f"guid “{note.guid}” is that of a note of another note type in Anki"
            elif row.id in taken:
                why = f"guid “{note.guid}” is that of a note which another note_id names"
            else:
                matches.found[note.position] = row
                continue
            matches.unclear[note.position] = why
            matches.held_back.update(ids)

    def _match_first_fields(self, candidates: Sequence[Candidate], matches: Matches) -> None:
        taken = {row.id for row in matches.found.values()} | matches.held_back
        in_anki: dict[Key, list[NoteRow]] = defaultdict(list)
        for row in self.rows.values():
            if row.id not in taken:
                in_anki[home_of(row), self.type_of(row), self.first_of(row)].append(row)
        if not in_anki:
            return
        in_file: dict[Key, list[Candidate]] = defaultdict(list)
        for candidate in candidates:
            in_file[self.key_of(candidate)].append(candidate)
        for key, same in in_file.items():
            rows = in_anki.get(key, ())
            if not rows:
                continue
            if len(rows) == len(same) == 1:
                matches.found[same[0].note.position] = rows[0]
                continue
            for candidate in same:
                matches.unclear[candidate.note.position] = (
                    f"{_count(len(rows))} in Anki and {_count(len(same))} of the file have this "
                    "first field in the same deck and note type; a note_id tells which is which"
                )
            matches.held_back.update(row.id for row in rows)


def held_note(entry: Optional[Union[NoteEntry, PendingEntry]]) -> Optional[HeldNote]:
    """The note in an entry of the base. Raises ``DamagedBase``."""
    return HeldNote.unpack(entry.held) if entry else None


def _recover(note: NoteDef, entry: PendingEntry, row: NoteRow, matches: Matches) -> None:
    matches.found[note.position] = row
    matches.recovered[note.position] = entry


def _is_settled(candidate: Candidate, matches: Matches) -> bool:
    position = candidate.note.position
    return position in matches.found or position in matches.unclear or position in matches.deleted


def _count(number: int) -> str:
    return f"{number} {'note' if number == 1 else 'notes'}"


def wanted_guids(notes: Iterable[NoteDef], pending: Iterable[PendingEntry]) -> set[str]:
    """The guids that matching needs."""
    return {note.guid for note in notes if note.guid} | {entry.guid for entry in pending}
