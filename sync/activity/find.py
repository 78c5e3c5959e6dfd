"""Finds what runs did: by words, deck, page, note, kind, or who began the run. Writes nothing."""

from __future__ import annotations

import json
import sqlite3
import zlib
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Optional

from ..run.base_file import DAMAGED
from ..run.done import Done
from ..run.report import Message
from .entry import Began, Entry, Kept, Run, Who
from .store import NewerStore, open_store

PAGE = 200  # entries or runs that are read at once
_ENTRY = (
    "e.id, e.run, side, done, note_id, title, path, deck, was, trash, block, start, cut, edge, stop"
)
_RUN = "r.id, who, kind, target, began, last, times, seconds, state, counts, messages"
_NUMBER = "(select count(*) from entry where entry.run = r.id)"
_TITLE = "(select title from entry where entry.run = r.id order by id limit 1)"


@dataclass(frozen=True)
class Query:
    """What is looked for; an empty one finds all.

    ``words`` must all be in the title, deck, path or trash name of an entry; with ``in_texts``
    also in the words before and after. ``deck`` and the decks below it.
    """

    words: str = ""
    kinds: frozenset[Done] = frozenset()
    who: Optional[Who] = None
    note_id: int = 0
    deck: str = ""
    in_texts: bool = True

    @property
    def is_narrow(self) -> bool:
        """Whether only some entries of a run are looked for."""
        return bool(self.words.strip() or self.kinds or self.note_id or self.deck)


class History:
    """Reads one file. An empty or unreadable one has nothing: see ``reading``."""

    def __init__(self, db: Optional[sqlite3.Connection], *, is_readable: bool = True) -> None:
        self._db = db
        self.is_readable = is_readable  # False: there is a file, of which nothing can be read
        self._block = lru_cache(maxsize=8)(self._read_block)
        if db is not None:
            db.create_function("words_in", 4, self._has_words)

    def runs(self, query: Query, *, before: float = 0.0, most: int = PAGE) -> tuple[Run, ...]:
        """The runs with such entries, the newest first, each with the number of these entries.

        ``before``: only runs whose ``last`` is earlier, to read on.
        """
        values: list[Any] = []
        if query.is_narrow:
            where, found = self._narrow(query)
            values += found
            source = (
                "(select e.run as run, count(*) as n, title, min(e.id) from entry e "
                f"where {where} group by e.run) f join run r on r.id = f.run"
            )
            found_of_run = "f.n, f.title"
        else:
            source, found_of_run = "run r", f"{_NUMBER}, {_TITLE}"
        limits = ["1"]
        if query.who:
            limits.append("r.who = ?")
            values.append(query.who)
        if before:
            limits.append("r.last < ?")
            values.append(before)
        rows = self._all(
            f"select {_RUN}, {found_of_run} from {source} where {' and '.join(limits)} "
            "order by r.last desc, r.id desc limit ?",
            [*values, most],
        )
        return tuple(map(_make_run, rows))

    def run(self, run_id: int) -> Optional[Run]:
        """One run."""
        of_run = f"{_RUN}, {_NUMBER}, {_TITLE}"
        rows = self._all(f"select {of_run} from run r where r.id = ?", [run_id])
        return _make_run(rows[0]) if rows else None

    def entries(
        self, run_id: int, query: Query, *, after: int = 0, most: int = PAGE
    ) -> tuple[Kept, ...]:
        """The entries of a run that are looked for, in their order. ``after``: read on after it."""
        where, values = self._narrow(query)
        rows = self._all(
            f"select {_ENTRY} from entry e where e.run = ? and e.id > ? and {where} "
            "order by e.id limit ?",
            [run_id, after, *values, most],
        )
        return tuple(self._make_entries(rows, words=False))

    def versions_of(self, note_id: int, most: int = PAGE) -> tuple[Kept, ...]:
        """What was done to a note and its page, the newest first, with the words."""
        rows = self._all(
            f"select {_ENTRY} from entry e where note_id = ? order by e.id desc limit ?",
            [note_id, most],
        )
        return tuple(self._make_entries(rows, words=True))

    def read(self, entry_id: int) -> Optional[Kept]:
        """One entry with its words."""
        rows = self._all(f"select {_ENTRY} from entry e where e.id = ?", [entry_id])
        return next(self._make_entries(rows, words=True), None)

    def _narrow(self, query: Query) -> tuple[str, list[Any]]:
        limits, values = ["1"], list[Any]()
        if query.note_id:
            limits.append("e.note_id = ?")
            values.append(query.note_id)
        if query.kinds:
            limits.append(f"e.done in ({','.join('?' * len(query.kinds))})")
            values += sorted(kind.name for kind in query.kinds)
        if query.deck:
            limits.append("(e.deck = ? or substr(e.deck, 1, ?) = ?)")
            below = f"{query.deck}::"
            values += [query.deck, len(below), below]
        for word in query.words.casefold().split():
            has = "words_in(e.block, e.start, e.stop, ?)"
            limits.append(
                f"(instr(e.words, ?) or {has})" if query.in_texts else "instr(e.words, ?)"
            )
            values += [word, word] if query.in_texts else [word]
        return " and ".join(limits), values

    def _has_words(self, block: Any, start: Any, stop: Any, word: str) -> bool:
        if not _are_numbers((block, start, stop)):
            return False
        text = self._block(block)[start:stop].decode("utf-8", "replace").casefold()
        return word in text

    def _read_block(self, block: int) -> bytes:
        assert self._db is not None
        row = self._db.execute("select data from block where id = ?", (block,)).fetchone()
        try:
            return zlib.decompress(row[0]) if row else b""
        except zlib.error:
            return b""

    def _make_entries(self, rows: Sequence[Sequence[Any]], *, words: bool) -> Iterator[Kept]:
        for id_, run, side, done, note_id, title, path, deck, was, trash, *place in rows:
            if done not in Done.__members__:
                continue  # of a newer version
            before = after = note = b""
            block, start, cut, edge, stop = place
            if words and _are_numbers(place):
                data = self._block(block)
                before, after, note = data[start:cut], data[cut:edge], data[edge:stop]
            texts = before, after, note
            entry = Entry(side, Done[done], note_id, title, path, deck, was, trash, *texts)
            yield Kept(id_, run, entry)

    def _all(self, statement: str, values: Sequence[Any]) -> list[Any]:
        return self._db.execute(statement, values).fetchall() if self._db is not None else []


@contextmanager
def reading(state: Path) -> Iterator[History]:
    """Read the file of a state folder. Where there is none, or none that can be read, it is empty.

    A file that turns out to be damaged while it is read raises one of ``DAMAGED``.
    """
    try:
        db = open_store(state, create=False)
    except (OSError, NewerStore, *DAMAGED):
        yield History(None, is_readable=False)
        return
    if db is None:
        yield History(None)
        return
    with closing(db):
        db.execute("pragma query_only = on")
        yield History(db)


def _are_numbers(place: Sequence[Any]) -> bool:
    """Whether an entry has words in a block. A damaged row may hold anything in their place."""
    return all(isinstance(number, int) for number in place)


def _make_run(row: Sequence[Any]) -> Run:
    id_, who, kind, target, began, last, times, seconds, state, counts, messages, *found = row
    entries, title = found
    try:
        known = {
            Done[name]: n for name, n in json.loads(counts).items() if name in Done.__members__
        }
        told = tuple(Message(*each) for each in json.loads(messages))
    except (AttributeError, TypeError, ValueError):  # damaged
        known, told = {}, ()
    whole = times, seconds, state, known, told, entries, title or ""
    return Run(id_, Began(who, kind, target), began, last, *whole)
