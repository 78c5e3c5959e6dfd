"""What a change of a note means for its cards, and how it is told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Optional

from ....convert.edit.field_edit import cloze_numbers
from ...collection.reads import Notetype
from ...reconcile.note_change import FieldChange

if TYPE_CHECKING:
    from anki.collection import Collection


def find_clozes(fields: Mapping[str, str], notetype: Notetype) -> set[int]:
    """The numbers of the clozes in a note, each of which is a card."""
    return {
        number
        for name in notetype.cloze_fields
        for number in cloze_numbers(fields.get(name, ""))
        if number > 0
    }


def count_cards(col: Collection, note_id: int) -> int:
    """How many cards a note has."""
    assert col.db is not None
    return int(col.db.scalar("select count() from cards where nid = ?", note_id) or 0)


def count_reviews(col: Collection, note_id: int, clozes: Sequence[int]) -> int:
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


def explain_edit(
    fields: Iterable[FieldChange],
    tags: Optional[tuple[tuple[str, ...], tuple[str, ...]]],
    deck: Optional[tuple[str, str]],
) -> list[str]:
    """What an edit of a note does, in a few words each."""
    reasons = []
    edited = [change.name for change in fields if change.after]
    emptied = [change.name for change in fields if not change.after]
    if edited:
        reasons.append(f"edits {_join(edited)}")
    if emptied:
        reasons.append(f"empties {_join(emptied)}")
    if tags is not None:
        before, after = ({tag.casefold(): tag for tag in side} for side in tags)
        added = [tag for key, tag in after.items() if key not in before]
        removed = [tag for key, tag in before.items() if key not in after]
        reasons += [f"adds the {_tags(added)}"] if added else []
        reasons += [f"removes the {_tags(removed)}"] if removed else []
    if deck is not None:
        reasons.append(f"moves to the deck {deck[1]}")
    return reasons


def explain_clozes(added: Sequence[int], removed: Sequence[int], reviews: int) -> list[str]:
    """What becomes of the cards when clozes come and go.

    Anki itself keeps the card of a cloze that is gone until Tools ▸ Empty Cards, and so do we.
    """
    reasons = []
    if added:
        reasons.append(f"adds cloze {_join(map(str, added))}")
    if removed:
        kept = f" and {reviews:,} {'review' if reviews == 1 else 'reviews'}" if reviews else ""
        its = "its card" if len(removed) == 1 else "their cards"
        go = "goes" if len(removed) == 1 and not reviews else "go"
        reasons.append(
            f"removes cloze {_join(map(str, removed))} ({its}{kept} {go} with Tools ▸ Empty Cards)"
        )
    return reasons


def _tags(tags: Sequence[str]) -> str:
    return f"{'tag' if len(tags) == 1 else 'tags'} {_join(tags)}"


def _join(words: Iterable[str]) -> str:
    *most, last = words
    return f"{', '.join(most)} and {last}" if most else last
