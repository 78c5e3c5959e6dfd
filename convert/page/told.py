"""The properties that only tell something: how a note is studied, and the link to it in Anki.

Nothing of them goes into Anki. They are written as plain YAML that needs no quotes, so that
Obsidian, Bases and Dataview read dates as dates and numbers as numbers.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

DUE, INTERVAL, STATE = "anki_due", "anki_interval", "anki_state"
REVIEWS, LAPSES, FLAG = "anki_reviews", "anki_lapses", "anki_flag"
DIFFICULTY, RETRIEVABILITY = "anki_difficulty", "anki_retrievability"
LINK = "anki_link"

_NUMBER = re.compile(r"[0-9]{1,18}")
# What we write under each key. A value of another kind is a person's own.
TOLD_KINDS: Mapping[str, re.Pattern[str]] = {
    DUE: re.compile(r"[0-9]{4,}-[0-9]{2}-[0-9]{2}"),
    INTERVAL: _NUMBER,
    REVIEWS: _NUMBER,
    LAPSES: _NUMBER,
    STATE: re.compile(r"new|learning|review|suspended|buried"),
    FLAG: _NUMBER,
    DIFFICULTY: _NUMBER,
    RETRIEVABILITY: _NUMBER,
    LINK: re.compile(r"anki://\S*"),
}


def is_ours(key: str, value: str) -> bool:
    """Whether a value under one of these keys may be one that we wrote."""
    return TOLD_KINDS[key].fullmatch(value) is not None


def write_told(told: Iterable[tuple[str, str]]) -> str:
    """The lines of a page with these properties."""
    return "".join(f"{key}: {value}\n" for key, value in told)


def read_told(lines: str) -> tuple[tuple[str, str], ...]:
    """The properties that ``write_told`` wrote."""
    pairs = (line.partition(": ") for line in lines.splitlines())
    return tuple((key, value) for key, _, value in pairs)


def knows_more(page: Iterable[tuple[str, str]], ours: Iterable[tuple[str, str]]) -> bool:
    """Whether a page tells of more reviews than our Anki knows, as another computer writes it.

    A review changes more than the number of reviews: a person who types a number changes only that.
    """
    there, here = dict(page), dict(ours)
    counts = [_NUMBER.fullmatch(told.get(REVIEWS, "")) for told in (there, here)]
    if counts[0] is None or counts[1] is None or int(counts[0][0]) <= int(counts[1][0]):
        return False
    others = (there.get(key, here.get(key)) != here.get(key) for key in (DUE, INTERVAL, STATE))
    return STATE in there and any(others)


def link_to_note(note_id: int) -> str:
    """The address that opens a note in Anki, as AnkiMobile knows it."""
    return f"anki://x-callback-url/search?query=nid:{note_id}"
