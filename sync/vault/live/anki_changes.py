"""Which notes changed in Anki since the last look, found without reading notes."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, Optional

from ...run.scope import EVERYTHING, Scope

if TYPE_CHECKING:
    from collections.abc import Sequence

    from anki.collection import Collection

_NOTE = 1  # the type of a deleted note in the table ``graves``


@dataclass(frozen=True)
class AnkiMoment:
    """A collection at the moment of a look. Times are in seconds, as in Anki's ``mod``."""

    since: int  # what is changed later has this ``mod`` or a higher one
    deleted: frozenset[int]  # ids of notes that were deleted and not yet synced
    frame: bytes  # stands for the names of decks and for the note types


def look_at_anki(
    col: Collection, last: Optional[AnkiMoment], now: float
) -> tuple[Scope, AnkiMoment]:
    """The notes that changed since ``last``, and the moment for the next look.

    ``now`` is ``time.time()``. Everything is to be looked at when there is no last look, or when
    decks or note types are not what they were. Costs a few milliseconds, however large the
    collection is. Raises what the collection raises.
    """
    frame, deleted = _read_frame(col), _read_deleted(col)
    since = last.since if last else 0
    ids: frozenset[int] = frozenset()
    if last:
        notes = _query(col, "select id, mod from notes where mod >= ?", since)
        cards = _query(col, "select nid, mod from cards where mod >= ?", since)
        ids = frozenset(row[0] for row in (*notes, *cards)) | (deleted ^ last.deleted)
        newest = max((row[1] for row in (*notes, *cards)), default=since)
    else:
        newest = _query(col, "select max(ifnull(max(mod), 0), 0) from notes")[0][0]
        newest = max(newest, _query(col, "select max(ifnull(max(mod), 0), 0) from cards")[0][0])
    # In the second that is still going on, a note may change again.
    since = newest if newest >= int(now) - 1 else newest + 1
    moment = AnkiMoment(since, deleted, frame)
    if last is None or last.frame != frame:
        return EVERYTHING, moment
    return Scope(ids), moment


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
