"""What an edit of a note does to its cards, and the words that tell it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from ...convert.edit.field_edit import cloze_numbers
from ..run.done import count_words

if TYPE_CHECKING:
    from anki.collection import Collection


def find_clozes(fields: Mapping[str, str], cloze_fields: Iterable[str]) -> set[int]:
    """The numbers of the clozes in a note. Each number is a card."""
    return {
        number
        for name in cloze_fields
        for number in cloze_numbers(fields.get(name, ""))
        if number > 0
    }


def count_cards(col: Collection, note_id: int) -> int:
    """How many cards a note has."""
    assert col.db is not None
    return int(col.db.scalar("select count() from cards where nid = ?", note_id) or 0)


def count_reviews(col: Collection, note_id: int, clozes: Iterable[int]) -> int:
    """How often the cards of these clozes were reviewed."""
    assert col.db is not None
    ords = ",".join(str(number - 1) for number in clozes)
    return int(
        col.db.scalar(
            "select count() from revlog where cid in "
            f"(select id from cards where nid = ? and ord in ({ords}))",
            note_id,
        )
        or 0
    )


def count_note_reviews(col: Collection, note_ids: Iterable[int]) -> dict[int, int]:
    """Note id → how often its cards were answered; without those that never were."""
    assert col.db is not None
    ids = ",".join(str(int(id_)) for id_ in note_ids)
    rows = col.db.all(
        "select c.nid, count() from cards c join revlog r on r.cid = c.id "
        f"where c.nid in ({ids}) and r.ease > 0 group by c.nid"
    )
    return {note_id: int(count) for note_id, count in rows}


def measure_use(col: Collection, note_ids: Iterable[int]) -> dict[int, int]:
    """Note id → how much its cards hold of the person's own; without those that hold nothing.

    That is one, and one more for each review. A card that is suspended, buried or flagged holds
    something too.
    """
    assert col.db is not None
    wanted = [int(id_) for id_ in note_ids]
    reviews = count_note_reviews(col, wanted)
    used = col.db.list(
        f"select distinct nid from cards where nid in ({','.join(map(str, wanted))}) "
        "and (reps or type or queue or flags & 7)"
    )
    return {id_: 1 + reviews.get(id_, 0) for id_ in {*used, *reviews}}


def explain_clozes(added: Sequence[int], removed: Sequence[int], reviews: int) -> list[str]:
    """Say what happens to the cards when clozes are added or removed.

    Anki keeps the card of a removed cloze until Tools ▸ Empty Cards, and so do we.
    """
    reasons = []
    if added:
        reasons.append(f"adds cloze {join_words(map(str, added))}")
    if removed:
        its = "its card" if len(removed) == 1 else "their cards"
        doomed = f"{its}{name_reviews(reviews)}"
        clozes = join_words(map(str, removed))
        reasons.append(f"removes cloze {clozes} (Tools ▸ Empty Cards would delete {doomed})")
    return reasons


def name_reviews(reviews: int) -> str:
    """The reviews that are lost with cards: `` and 12 reviews``, or nothing."""
    return f" and {count_words(reviews, 'review')}" if reviews else ""


def join_words(words: Iterable[str]) -> str:
    """Join words into a list: ``a, b and c``."""
    *most, last = words
    return f"{', '.join(most)} and {last}" if most else last
