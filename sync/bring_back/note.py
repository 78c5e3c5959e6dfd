"""Brings back the words of a note, or a deleted note."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..activity.entry import Entry, Kept, NoteWords, unpack_words
from ..collection.decks import find_guids, iterate_notes, read_decks
from ..collection.dynamic_type import find_notetypes
from ..collection.reads import NoteRow, home_decks, note_digest
from ..run.done import Done
from .plan import BackPlan, NoteBack, Part, compare, refuse

if TYPE_CHECKING:
    from anki.collection import Collection

_NO_WORDS = "The words of that time are not kept any more: the oldest go when there are too many."
_DYNAMIC = (
    "This is a dynamic note: its cards keep places of their own, which an earlier version does not "
    "know. Copy the words from here, and put them into the note with Edit Dynamic Note…."
)


def plan_note(col: Collection, kept: Kept) -> BackPlan:
    """Plan to bring back what a note in Anki held before. Writes nothing."""
    entry = kept.entry
    words = unpack_words(entry.before)
    if entry.done is Done.NOTE_ADDED or (not entry.before and _was_added(entry)):
        return refuse(kept, "The note was new: there is no earlier version of it.")
    if words == NoteWords():
        return refuse(kept, _NO_WORDS)
    if entry.done is Done.NOTE_DELETED:
        return _plan_deleted(col, kept, words)
    row = next(iterate_notes(col, [entry.note_id]), None)
    if row is None:
        return refuse(
            kept,
            "This note is no longer in Anki. If Ankivault deleted it, bring it back from the entry "
            "that says so.",
        )
    return _plan_words(col, kept, words, row)


def plan_fields(col: Collection, kept: Kept) -> BackPlan:
    """Plan to bring back what a note held before its page was written anew, if that is known."""
    row = next(iterate_notes(col, [kept.entry.note_id]), None)
    words = unpack_words(kept.entry.note)
    if row is None or words == NoteWords():
        return refuse(kept, _NO_WORDS)
    return _plan_words(col, kept, words, row, is_since=False)


def _was_added(entry: Entry) -> bool:
    return entry.done is Done.NOTE_RESTORED


def _plan_words(
    col: Collection, kept: Kept, words: NoteWords, row: NoteRow, *, is_since: bool = True
) -> BackPlan:
    if row.notetype in find_notetypes(col):
        return refuse(kept, _DYNAMIC)
    data = col.models.get(row.notetype)  # type: ignore[arg-type]
    names = [field["name"] for field in data["flds"]] if data else []
    missing = [name for name in words.fields if name not in names]
    if missing:
        return refuse(kept, _say_missing(str(data["name"]) if data else "", missing))
    now = dict(zip(names, row.fields.split("\x1f")))
    decks, home = read_decks(col), home_decks(row.decks)[0]
    parts = list(compare(now, words.fields))
    tags = tuple(row.tags.split())
    retagged = words.tags is not None and {*words.tags} != {*tags}
    if retagged and words.tags is not None:
        parts.append(Part("Tags", " ".join(tags), " ".join(words.tags)))
    moved = words.deck is not None and words.deck != decks.names.get(home)
    if moved:
        parts.append(Part("Deck", decks.names.get(home, ""), words.deck))
    if not parts:
        return refuse(kept, "The note in Anki says this already: there is nothing to bring back.")
    wanted = NoteWords(
        {name: text for name, text in words.fields.items() if now.get(name) != text},
        words.tags if retagged else None,
        words.deck if moved else None,
    )
    told = ["Only what is shown here changes in Anki. Edit ▸ Undo takes it back."]
    after = unpack_words(kept.entry.after) if is_since else NoteWords()
    if any(now.get(name) != text for name, text in after.fields.items()):
        told.append("The note was edited again since then: those words go, and stay in Activity.")
    back = NoteBack(wanted, row.id, note_digest(row), home)
    return BackPlan(kept, note=back, parts=tuple(parts), told=tuple(told))


def _plan_deleted(col: Collection, kept: Kept, words: NoteWords) -> BackPlan:
    if words.guid and find_guids(col, [words.guid]):
        return refuse(kept, "This note is in Anki again.")
    data = col.models.by_name(words.notetype)
    if data is None:
        return refuse(
            kept,
            f"There is no note type “{words.notetype}” any more. Make one of that name with the "
            "fields that are shown here, then try again.",
        )
    if data["id"] in find_notetypes(col):
        return refuse(kept, _DYNAMIC)
    names = [field["name"] for field in data["flds"]]
    missing = [name for name, text in words.fields.items() if text and name not in names]
    if missing:
        return refuse(kept, _say_missing(words.notetype, missing))
    values = tuple(words.fields.get(name, "") for name in names)
    parts = [Part(name, None, text, form="html") for name, text in words.fields.items() if text]
    if words.tags:
        parts.append(Part("Tags", None, " ".join(words.tags)))
    parts.append(Part("Deck", None, words.deck or "Default"))
    told = (
        "The note is added to Anki again. Its cards are new: their review history went with it.",
        "If you need the reviews too, use File ▸ Switch Profile ▸ Open Backup instead.",
    )
    back = NoteBack(words, notetype=int(data["id"]), values=values, names=tuple(names))
    return BackPlan(kept, note=back, parts=tuple(parts), told=told)


def _say_missing(notetype: str, missing: list[str]) -> str:
    fields = ", ".join(f"“{name}”" for name in missing)
    return (
        f"The note type “{notetype}” has no field {fields} any more. Add it there, or copy the "
        "words from here."
    )
