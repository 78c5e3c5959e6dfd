"""Restores a note that was deleted in Anki from its edited page."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Optional

from ....convert.page.note import NoteText
from ....convert.page.property_edits import PropertyEdits
from ....convert.page.render import ConvertedNote
from ....convert.vault_names import VaultNames
from ...collection.reads import Notetype
from ...reconcile.note_change import FieldChange, NoteChange
from ..outward.page_maker import Present
from ..outward.page_record import Shown, read_shown
from ..rows import Held
from .field_merge import FieldMerger, match_fields
from .page_cards import make_values, read_card_page, tell_card


@dataclass(frozen=True)
class LostNote:
    """The change that restores a note; or ``why_not``, why it cannot be restored."""

    change: Optional[NoteChange] = None
    why_not: str = ""


def read_deleted(held: Held, kind: Optional[Notetype], cloze_style: str) -> Optional[Shown]:
    """A deleted note as its page last showed it; None when the base does not know it."""
    names = kind.fields if kind else ()
    empty = NoteText(
        note_id=held.note_id,
        guid="",
        deck="",
        notetype="",
        fields=tuple((name, "") for name in names),
        tags=(),
        cloze_fields=kind.cloze_fields if kind else (),
        title_field=kind.sort_field if kind else "",
    )
    return read_shown(held, empty, cloze_style)


@dataclass(frozen=True)
class LostPage:
    """An edited page whose note was deleted: how it was ``shown``, and the edits since.

    ``deck`` is the deck for the restored note. ``names`` finds media and links of the page.
    """

    present: Present
    shown: ConvertedNote
    edits: PropertyEdits
    deck: str
    names: VaultNames

    def read(self, kind: Optional[Notetype]) -> LostNote:
        """The note from the base, with the edits. ``kind`` is its note type, if it still exists."""
        note, shown = self.shown.note, self.shown
        if kind is None:
            return LostNote(why_not=f"there is no note type “{note.notetype}” any more.")
        if note.cards:
            return self._read_cards()
        merger = FieldMerger(shown, shown, self.names, lambda _: None)
        merged = merger.merge(self.present.managed or "", self.present.first_line)
        problems = [*self.edits.problems, *merged.problems]
        if problems:
            return LostNote(why_not=f"line {problems[0].line}: {problems[0].text}")
        values = {**dict(note.fields), **{change.name: change.after for change in merged.changes}}
        renamed = match_fields([name for name, _ in note.fields], kind.fields)
        lost = [name for name, html in values.items() if html and name not in renamed]
        if lost:
            return LostNote(why_not=f"the note type has no field “{lost[0]}” any more.")
        fields = (FieldChange(renamed[name], "", html) for name, html in values.items() if html)
        return LostNote(self._restore(kind.name, tuple(fields)))

    def _read_cards(self) -> LostNote:
        """Read a dynamic note. Its cards keep their ids."""
        note, line = self.shown.note, self.present.first_line
        managed = self.present.managed or ""
        read, problems = read_card_page(managed, line, self.shown, self.names)
        problems += self.edits.problems
        values = None if problems else make_values(read, line, problems)
        if problems:
            return LostNote(why_not=f"line {problems[0].line}: {problems[0].text}")
        fields = [FieldChange(name, "", html) for name, html in read.fields if html]
        fields += [change for card in read.cards for change in tell_card(card, added=True)]
        return LostNote(replace(self._restore(note.notetype, tuple(fields)), values=values))

    def _restore(self, notetype: str, fields: tuple[FieldChange, ...]) -> NoteChange:
        note, known, edits = self.shown.note, self.present.known, self.edits
        gone = {tag.casefold() for tag in edits.tags_removed}
        tags = (*(tag for tag in note.tags if tag.casefold() not in gone), *edits.tags_added)
        return NoteChange(
            kind="restore",
            note_id=note.note_id,
            path=self.present.page.path,
            title=known.title if known else "",
            reason="deleted in Anki, and its page was edited",
            notetype=notetype,
            fields=fields,
            tags=((), tags) if tags else None,
            deck=("", self.deck),
            guid=note.guid,
            file_digest=self.present.page.digest,
        )
