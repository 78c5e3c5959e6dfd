"""Says in a few words what an edit of a page changes in its note."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Optional

from ...collection.card_effects import join_words
from ...reconcile.note_change import FieldChange


def explain_edit(
    fields: Iterable[FieldChange],
    tags: Optional[tuple[tuple[str, ...], tuple[str, ...]]],
    deck: Optional[tuple[str, str]],
) -> list[str]:
    """What happens to the fields, the tags and the deck of a note, for the user.

    ``tags`` and ``deck`` are pairs of before and after; None: no change.
    """
    reasons = []
    edited = [f"“{change.name}”" for change in fields if change.after]
    emptied = [f"“{change.name}”" for change in fields if not change.after]
    if edited:
        reasons.append(f"edits {join_words(edited)}")
    if emptied:
        reasons.append(f"empties {join_words(emptied)}")
    if tags is not None:
        before, after = ({tag.casefold(): tag for tag in side} for side in tags)
        added = [tag for key, tag in after.items() if key not in before]
        removed = [tag for key, tag in before.items() if key not in after]
        reasons += [f"adds the {_tags(added)}"] if added else []
        reasons += [f"removes the {_tags(removed)}"] if removed else []
    if deck is not None:
        reasons.append(f"moves to the deck {deck[1]}")
    return reasons


def _tags(tags: Sequence[str]) -> str:
    return f"{'tag' if len(tags) == 1 else 'tags'} {join_words(tags)}"
