"""Reads edits of tags and deck in the properties of a page, and merges the tags."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Optional

from ....convert.page.properties import OwnProperties, find_note_id, read_own, write_new
from ....convert.page.property_edits import PropertyEdits, read_edits
from ....convert.text.merge import merge_tags, same_tags
from ...collection.clean import clean_tags
from ..outward.page_maker import Present
from ..outward.page_record import Shown


def read_property_edits(present: Present, shown: Shown, include_tags: bool) -> PropertyEdits:
    """What a person changed in our properties since the page showed ``shown``.

    When the note's id is missing as well, the properties were deleted: that is not an edit.
    Raises ``PropertiesError`` for lines that cannot be read.
    """
    lines, newline = present.parts.front_matter, present.parts.newline
    as_written = lines is not None and lines.replace(newline, "\n") == write_new(shown.own)
    if as_written or find_note_id(present.page.text) is None:
        return PropertyEdits(present=shown.own.tags)
    edits = read_edits(lines, shown.own, shown.note.tags)
    return edits if include_tags else replace(edits, tags_added=(), tags_removed=())


def find_restored(
    edited: Sequence[str], front_matter: Optional[str], own: OwnProperties
) -> tuple[str, ...]:
    """Those of the edited keys whose values on the page are not what will be there."""
    if not edited:
        return ()
    there, wanted = dict(read_own(front_matter).told), dict(own.told)
    return tuple(key for key in edited if there.get(key) != wanted.get(key))


def tell_restored(keys: Sequence[str]) -> str:
    """The message for edits of properties that only tell something."""
    names = ", ".join(f"“{key}”" for key in keys)
    only = "only shows" if len(keys) == 1 else "only show"
    return f"{names} {only} what Anki says, so your edit there was undone. Change it in Anki."


def merge_note_tags(
    base: Sequence[str], now: Sequence[str], edits: PropertyEdits
) -> Optional[tuple[str, ...]]:
    """The tags of a note after the edits, in Anki's order; None when it has them already.

    ``base`` are its tags at the last sync, ``now`` those in Anki.
    """
    if not edits.tags_added and not edits.tags_removed:
        return None
    gone = {tag.casefold() for tag in edits.tags_removed}
    theirs = (*(tag for tag in base if tag.casefold() not in gone), *edits.tags_added)
    merged = clean_tags(merge_tags(base, now, theirs))
    return None if same_tags(merged, now) else tuple(sorted(merged, key=str.casefold))
