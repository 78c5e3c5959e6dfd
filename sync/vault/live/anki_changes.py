"""Which notes changed in Anki since the last look, found without reading notes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, Optional

from ...collection.reads import LEAST_ID, MOST_ID, can_redo, find_spans
from ...run.scope import EVERYTHING, Scope

if TYPE_CHECKING:
    from collections.abc import Sequence

    from anki.collection import Collection

_NOTE = 1  # the type of a deleted note in the table ``graves``
_DAY = 86_400  # seconds: what may have changed in this Anki before the first look
_MOST = 2_000  # rows of a table that are remembered one by one
# The id of a row → the id of its note, and when the row was changed. None: it is not there.
Rows = Mapping[int, Optional[tuple[int, int]]]


@dataclass(frozen=True)
class AnkiMoment:
    """A collection at the moment of a look. Times are in seconds, as in Anki's ``mod``.

    Anki's Undo gives a row its former ``mod`` back, so rows that changed lately are remembered.
    """

    since: int  # what is changed later has this ``mod`` or a higher one
    deleted: frozenset[int]  # ids of notes that were deleted and not yet synced
    frame: bytes  # stands for the names of decks and for the note types
    notes: Rows = field(default_factory=dict, repr=False)  # that changed lately
    cards: Rows = field(default_factory=dict, repr=False)
    forgets: bool = False  # too many rows changed to remember them all
    redoes: bool = False  # a step was undone, and may be redone
    total: tuple[int, int, int] = (0, 0, 0)  # number of all notes, sum of their ids, highest id


def look_at_anki(
    col: Collection,
    last: Optional[AnkiMoment],
    now: float,
    written: Iterable[int] = (),
) -> tuple[Scope, AnkiMoment]:
    """The notes that changed since ``last``, and the moment for the next look.

    ``now`` is ``time.time()``. Notes that a live run has ``written`` since are remembered, also
    where Undo gave them an old date back: Redo gives them the newer one again. Everything is to be
    looked at when there is no last look, when decks or note types are not what they were, when
    notes came with an old date, or when the clock was set back. Costs a few milliseconds, however
    large the collection is. Raises what the collection raises.
    """
    frame, deleted, total = _read_frame(col), _read_deleted(col), _read_total(col)
    since = last.since if last else int(now) - _DAY
    also = frozenset(written)
    notes = _read_lately(col, "notes", "id", since, last.notes if last else None, also)
    cards = _read_lately(col, "cards", "nid", since, last.cards if last else None, also)
    forgets = (last is not None and last.forgets) or max(len(notes), len(cards)) > _MOST
    kept = _keep_newest(notes), _keep_newest(cards)
    # In the second that is still going on, a row may change again.
    redoes = can_redo(col)
    moment = AnkiMoment(int(now) - 1, deleted, frame, *kept, forgets, redoes, total)
    if last is None or last.frame != frame or moment.since < last.since:
        return EVERYTHING, moment
    if not _explains(last, moment, notes):
        return EVERYTHING, moment
    if forgets and (redoes or last.redoes):
        return EVERYTHING, moment
    ids = _find_changed(last.notes, notes, since) | _find_changed(last.cards, cards, since)
    return Scope(ids | (deleted ^ last.deleted)), moment


def _read_lately(
    col: Collection, table: str, nid: str, since: int, last: Optional[Rows], also: Set[int]
) -> Rows:
    """The rows that changed since then, those of the ``last`` look, and of the notes ``also``.

    At the first look they are the newest alone: one more than are remembered.
    """
    columns = f"select id, {nid}, mod from {table}"
    before = last or {}
    rows: dict[int, Optional[tuple[int, int]]] = dict.fromkeys(before)
    most = "" if last is not None else f" order by mod desc limit {_MOST + 1}"
    found = [
        row
        for first, last_id in (
            find_spans(col, table) if last is not None else [(LEAST_ID, MOST_ID)]
        )
        for row in _query(
            col, f"{columns} where mod >= ? and id between ? and ?{most}", since, first, last_id
        )
    ]
    known = [
        row
        for column, ids in (("id", before.keys()), (nid, also))
        if ids
        for row in _query(col, f"{columns} where {column} in ({','.join(map(str, ids))})")
    ]
    rows.update((id_, (note_id, mod)) for id_, note_id, mod in (*known, *found))
    return rows


def _find_changed(before: Rows, now: Rows, since: int) -> frozenset[int]:
    """The ids of the notes whose rows have another date, or one that is not yet over."""
    pairs = ((before.get(id_), row) for id_, row in now.items())
    return frozenset(
        (row or was or (0, 0))[0]
        for was, row in pairs
        if row != was or (row is not None and row[1] >= since)
    )


def _explains(last: AnkiMoment, moment: AnkiMoment, notes: Rows) -> bool:
    """Whether the notes that are there are those of the last look, but for what was found."""
    count, summed, highest = last.total
    came = last.deleted - moment.deleted
    came |= {
        i for i, row in notes.items() if row and (i > highest or last.notes.get(i, row) is None)
    }
    went = moment.deleted - last.deleted
    went |= {i for i, row in notes.items() if row is None and last.notes.get(i) is not None}
    went = frozenset(note_id for note_id in went if note_id <= highest)
    count, summed = count + len(came) - len(went), summed + sum(came) - sum(went)
    return moment.total[:2] == (count, summed)


def _keep_newest(rows: Rows) -> Rows:
    if len(rows) <= _MOST:
        return rows
    return dict(sorted(rows.items(), key=lambda item: (item[1] or (0, 0))[1])[-_MOST:])


def _read_total(col: Collection) -> tuple[int, int, int]:
    count, summed, highest = _query(col, "select count(), sum(id), max(id) from notes")[0]
    return count, int(summed or 0), highest or 0


def _read_deleted(col: Collection) -> frozenset[int]:
    return frozenset(row[0] for row in _query(col, f"select oid from graves where type = {_NOTE}"))


def _read_frame(col: Collection) -> bytes:
    rows = [
        *_query(col, "select id, name from decks order by id"),
        *_query(col, "select id, mtime_secs from notetypes order by id"),
    ]
    return blake2b(repr(rows).encode("utf-8", "backslashreplace"), digest_size=16).digest()


def _query(col: Collection, sql: str, *args: int) -> Sequence[Sequence[Any]]:
    assert col.db is not None, "the collection is closed"
    return col.db.all(sql, *args)
