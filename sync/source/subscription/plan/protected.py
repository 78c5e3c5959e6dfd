"""Which fields of a note no update writes."""

from __future__ import annotations

import re
from collections.abc import Iterable

from .....convert.deck_file.definition import NoteDef
from ..subscription import PROTECT, Subscription

ALL = "*"  # stands among the fields when the whole note is protected
_TAG = re.compile(rf"{PROTECT}(?:::(?P<field>.+))?", re.IGNORECASE)


def find_protected(
    subscription: Subscription, guid: str, note: NoteDef, tags: Iterable[str]
) -> frozenset[str]:
    """The protected fields of a note: of its type, by its guid, and by its tags in Anki.

    In a tag, a field's name has ``_`` for spaces. The tag without a field protects all of them.
    """
    names = {*subscription.protected.get(note.model, ())}
    names.update(subscription.protected_notes.get(guid, ()))
    for tag in tags:
        found = _TAG.fullmatch(tag)
        if found is None:
            continue
        wanted = _fold(found["field"] or ALL)
        names.update(name for name in (*note.fields, ALL) if _fold(name) == wanted)
    return frozenset({*note.fields, ALL} if ALL in names else names)


def _fold(name: str) -> str:
    return name.strip().replace(" ", "_").casefold()
