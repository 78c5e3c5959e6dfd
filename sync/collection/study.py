"""Reads how notes are studied, in bulk, and says it in values that change only when a card does.

A note is told as the lines of a page (``write_told``). None of its values depends on today: a page
that was written yesterday says the same today.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple, Optional

from ...convert.page.told import (
    DIFFICULTY,
    DUE,
    FLAG,
    INTERVAL,
    LAPSES,
    RETRIEVABILITY,
    REVIEWS,
    STATE,
    write_told,
)
from .reads import CHUNK

if TYPE_CHECKING:
    from anki.collection import Collection

_NEW, _REVIEW = 0, 2  # types of cards; the others are learned, or learned again
_SUSPENDED, _STEPS, _DAYS = -1, 1, 3  # queues; -2 and -3 are of buried cards
_BURIED = (-2, -3)
_SECONDS = 1_000_000_000  # a due that is higher is no day, but a time in seconds
_OLD_DECAY = 0.5  # of cards that do not say theirs: FSRS before its sixth version
# A card, with its true due while it is in a filtered deck. The custom data comes last, as it may
# hold spaces. The place of a new card among the others says nothing about it.
_NUMBERS = (
    "ord",
    "type",
    "queue",
    f"iif(type, iif(odid and odue and queue not in ({_STEPS}, {_DAYS}), odue, due), 0)",
    "ivl",
    "reps",
    "lapses",
    "flags & 7",
)
# Other programs, and old versions of Anki, have left fractions in some: Anki takes whole numbers.
_CARD = " || ' ' || ".join(("nid", *(f"cast({each} as integer)" for each in _NUMBERS), ""))
_BETWEEN = "\x1e"


class _Card(NamedTuple):
    number: int
    kind: int
    queue: int
    due: int
    interval: int
    reviews: int
    lapses: int
    flag: int
    data: str


class StudyReader:
    """Reads how the notes of an open collection are studied.

    ``calendar`` is another value when the same cards are to be told in another way.
    """

    def __init__(self, col: Collection) -> None:
        self._col = col
        # Half a day before its end, so that no change of the clocks makes it another date.
        today = datetime.fromtimestamp(col.sched.day_cutoff - 43_200).date()
        self._first_day = today.toordinal() - col.sched.today
        self._begins = int(col.get_config("rollover", 4) or 0)  # the hour when Anki's day begins
        self._fsrs = bool(col.get_config("fsrs", False))

    @cached_property
    def calendar(self) -> tuple[int, int, bool]:
        """The date of Anki's day 0, the hour when a day begins, and whether FSRS is on."""
        return self._first_day, self._begins, self._fsrs

    def join_between(self, first: int, last: int) -> str:
        """One text of the cards of all notes with ids from ``first`` to ``last``."""
        return self._join("nid between ? and ?", first, last)

    def read(self, note_ids: Sequence[int]) -> dict[int, str]:
        """What is told of these notes, by id; notes without cards are left out."""
        told: dict[int, str] = {}
        for start in range(0, len(note_ids), CHUNK):
            ids = ",".join(str(int(id_)) for id_ in note_ids[start : start + CHUNK])
            told.update(self.tell(self._join(f"nid in ({ids})")))
        return told

    def tell(self, joined: str) -> Mapping[int, str]:
        """What is told of each note with cards in such a text, by its id."""
        cards: dict[int, list[_Card]] = {}
        for entry in joined.split(_BETWEEN) if joined else ():
            *numbers, data = entry.split(" ", 9)
            note_id, *values = map(int, numbers)
            cards.setdefault(note_id, []).append(_Card._make((*values, data)))
        return {note_id: self._tell_note(sorted(each)) for note_id, each in cards.items()}

    def _join(self, condition: str, *values: int) -> str:
        assert self._col.db is not None, "the collection is closed"
        data = "data" if self._fsrs else "''"
        query = f"select group_concat({_CARD}{data}, char(30)) from cards where {condition}"
        return str(self._col.db.scalar(query, *values) or "")

    def _tell_note(self, cards: Sequence[_Card]) -> str:
        seen = [card for card in cards if card.kind != _NEW]
        days = [self._find_day(card) for card in seen if card.queue != _SUSPENDED]
        intervals = [card.interval for card in seen if card.interval > 0]
        memories = [] if not self._fsrs else [m for m in map(self._recall, seen) if m is not None]
        likely = [each[1] for each in memories if each[1] is not None]
        values: dict[str, Any] = {
            DUE: min(days).isoformat() if days else None,
            INTERVAL: min(intervals) if intervals else None,
            REVIEWS: sum(card.reviews for card in cards),
            LAPSES: max(card.lapses for card in cards),
            STATE: _find_state(cards),
            FLAG: next((card.flag for card in cards if card.flag), None),
            DIFFICULTY: max(each[0] for each in memories) if memories else None,
            RETRIEVABILITY: min(likely) if likely else None,
        }
        return write_told((key, str(value)) for key, value in values.items() if value is not None)

    def _find_day(self, card: _Card) -> date:
        """The date when a card is due that is not new."""
        if card.due > _SECONDS:
            try:
                return self._day_at(card.due)
            except (ValueError, OverflowError, OSError):  # no time at all
                return date.max
        return _to_date(self._first_day + card.due)

    def _day_at(self, seconds: int) -> date:
        """The date of Anki's day at a time: the hours after midnight are of the day before."""
        return (datetime.fromtimestamp(seconds) - timedelta(hours=self._begins)).date()

    def _recall(self, card: _Card) -> Optional[tuple[int, Optional[int]]]:
        """How difficult FSRS finds a card, and how likely it is known on the day it is due.

        Both in percent. None for a card that FSRS knows nothing of.
        """
        try:
            data = json.loads(card.data or "{}")
            stability, difficulty = float(data["s"]), float(data["d"])
            decay = float(data.get("decay", _OLD_DECAY))
            percent = round((difficulty - 1) / 9 * 100)
            if card.kind != _REVIEW or stability <= 0 or decay <= 0:
                return percent, None
            last = data.get("lrt")
            days = (
                max(0, (self._find_day(card) - self._day_at(last)).days) if last else card.interval
            )
            factor = 0.9 ** (-1 / decay) - 1
            return percent, round((1 + factor * days / stability) ** -decay * 100)
        except (ValueError, KeyError, TypeError, AttributeError, OverflowError, OSError):
            return None


def _find_state(cards: Sequence[_Card]) -> str:
    """One word for all cards: of those that are studied; where none is, buried or suspended."""
    studied = {card.kind for card in cards if card.queue >= 0}
    if studied:
        if studied <= {_NEW}:
            return "new"
        return "review" if studied <= {_NEW, _REVIEW} else "learning"
    return "buried" if any(card.queue in _BURIED for card in cards) else "suspended"


def _to_date(day: int) -> date:
    return date.fromordinal(min(max(day, 1), date.max.toordinal()))
