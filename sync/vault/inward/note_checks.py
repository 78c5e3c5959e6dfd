"""Checks whether Anki would accept a note that was read from a page."""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import get_close_matches
from typing import TYPE_CHECKING, Optional

from ....convert.page.note import NoteText
from ....model.notetype import DISPLAY_NAME, FIELDS, NAME, SORT_FIELD
from ...collection.reader import CollectionReader
from ...collection.reads import Notetype

if TYPE_CHECKING:
    from anki.models import NotetypeDict

DYNAMIC = Notetype(NAME, FIELDS, (), FIELDS[SORT_FIELD])  # added to Anki with its first note
_BLANK = re.compile(r"(?:</?(?:br|div|p)\s*/?>|&nbsp;|\s)*\Z", re.IGNORECASE)
IMAGE_OCCLUSION = 6  # ``originalStockKind``, from StockNotetype in Anki's notetypes.proto
# The numbers are those of NoteFieldsCheckResponse in Anki's notes.proto.
_HIDES_NOTHING = 3
_REFUSALS = {
    1: "the field “{first}” is empty",
    2: "Anki has a note of this type with the same “{first}” already",
    _HIDES_NOTHING: "it hides no words; mark some ==like this==",
    4: "it hides words, which this note type cannot; use a cloze type",
    5: "it hides words in a field that this note type does not show so",
}


def find_notetype(name: str, notetypes: Iterable[Notetype]) -> Notetype:
    """The note type with this name, in upper or lower case.

    Raises ``LookupError`` with a message for the user, which suggests a similar name.
    """
    names = {notetype.name: notetype for notetype in notetypes}
    folded = {known.casefold(): notetype for known, notetype in names.items()}
    found = names.get(name) or folded.get(name.casefold())
    if found is None and name.casefold() in (NAME.casefold(), DISPLAY_NAME.casefold()):
        found = next((kind for kind in names.values() if kind.fields == FIELDS), DYNAMIC)
    if found is not None:
        return found
    near = get_close_matches(name.casefold(), folded, 1, 0.5)
    hint = f"; did you mean “{folded[near[0]].name}”?" if near else ""
    raise LookupError(f"Anki has no note type “{name}”{hint}")


def refuse_note(anki: CollectionReader, note: NoteText) -> Optional[str]:
    """Why Anki would not accept a new note, or would make no card of it; None if it would."""
    data = anki.find_notetype(note.notetype)
    state = anki.check_fields(data, [html for _, html in note.fields])
    first, html = note.fields[0]
    if state == _HIDES_NOTHING and not is_typed_in(data):
        return "masks are drawn in Anki; make this note there, with Image Occlusion of its editor"
    refusal = _REFUSALS[1 if _BLANK.match(html) else state] if state or _BLANK.match(html) else None
    if not refusal and not _makes_cards(data, note):
        refusal = "none of its cards would ask anything; fill the fields that they show"
    return refusal.format(first=first) if refusal else None


def is_typed_in(notetype: NotetypeDict) -> bool:
    """Whether notes of this type can be written as text: all but image occlusion."""
    return notetype.get("originalStockKind") != IMAGE_OCCLUSION


def _makes_cards(notetype: NotetypeDict, note: NoteText) -> bool:
    """Whether the front of any card would show something, by the rules of Anki's editor."""
    if notetype["type"] == 1:
        return True  # a cloze type: ``check_fields`` looks for its clozes
    filled = [not _BLANK.match(html) for _, html in note.fields]
    wanted = {"any": any, "all": all}
    for _, kind, fields in notetype.get("req") or ():
        if kind in wanted and wanted[kind](filled[field] for field in fields):
            return True
    return "req" not in notetype
