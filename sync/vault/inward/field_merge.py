"""Merges an edited page into the fields of its note, which may be edited too. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Literal, Optional

from ....convert.edit.cloze_numbers import next_number
from ....convert.edit.field_edit import FieldEdit, cloze_numbers, edit_field
from ....convert.edit.field_merge import merge_field, resolve_field
from ....convert.page.field_reading import FieldSection, ManagedReading, read_managed
from ....convert.page.note import NoteText, PageProblem
from ....convert.page.render import ConvertedNote, Section
from ....convert.to_markdown.converted_field import ConvertedField
from ....convert.vault_names import VaultNames
from ...collection.clean import clean_text
from ...reconcile.note_change import FieldChange

Side = Literal["anki", "obsidian", "both"]
EVERYTHING_GONE = (
    "Nothing is left between the marks. To delete the note, delete its page; to have the note's "
    "text back here, delete the two marks."
)
MASKS_STAY = (
    "The masks in the field “{name}” are edited in Anki, in the note's editor. Here they are a "
    "picture: below the heading of the field, leave only {line}"
)
FIRST_FIELD_GONE = (
    "The first field of a note must hold something in Anki, and “{name}” is empty here. Write "
    "something below its heading; to delete the note, delete its page."
)


@dataclass(frozen=True)
class FieldConflict:
    """A field that both sides edited at the same place, as Markdown: at the last sync, and now."""

    name: str
    base: str
    anki: str
    page: str
    side: Optional[Side]  # the side that was chosen, None: nobody has chosen yet


@dataclass
class FieldsMerged:
    """The fields after the merge. When there are ``problems``, nothing may be written.

    Only for a dynamic note: ``values`` are all of its fields after the merge, if any changes.
    ``cards_gone`` are the ids of cards that are not on its page. ``asks_cards``: a person must
    decide whether they are deleted. ``lacks_ids``: the id of a card is missing on the page.

    ``lacks_masks``: the line of a picture with masks is missing on the page, and comes back.

    ``reasons`` are for the user, and say what ``changes`` do not show. ``shows_arrived``: the page
    was not edited, but embedded files that were missing exist now.
    """

    changes: list[FieldChange] = field(default_factory=list)
    conflicts: list[FieldConflict] = field(default_factory=list)
    problems: list[PageProblem] = field(default_factory=list)
    values: Optional[tuple[str, ...]] = None
    cards_gone: tuple[str, ...] = ()
    asks_cards: bool = False
    lacks_ids: bool = False
    lacks_masks: bool = False
    reasons: list[str] = field(default_factory=list)
    shows_arrived: bool = False

    @property
    def is_open(self) -> bool:
        """Whether a person must decide something first."""
        return self.asks_cards or any(conflict.side is None for conflict in self.conflicts)

    @property
    def rewrites(self) -> bool:
        """Whether the page may have to change to show the note as it will be."""
        lacks = self.lacks_ids or self.lacks_masks
        return bool(self.changes or self.conflicts or self.values or self.cards_gone or lacks)

    def loses(self, side: Side) -> bool:
        """Whether text of this side is replaced by the other side's."""
        return any(conflict.side not in (None, "both", side) for conflict in self.conflicts)


@dataclass
class FieldMerger:
    """Merges one page into its note.

    ``before`` is the note as the page last showed it; None when that is not known: then each
    difference is a conflict. ``before`` and ``now`` have the style of the page. ``choose`` returns
    the side that wins a conflict in a field, None while it is not decided. ``may_be_empty``: a page
    without any field is no mistake.
    """

    before: Optional[ConvertedNote]
    now: ConvertedNote
    names: VaultNames
    choose: Callable[[str], Optional[Side]]
    may_be_empty: bool = False
    # The numbers of clozes: those on the page, and those in Anki.
    _known: set[int] = field(default_factory=set)
    _used: set[int] = field(default_factory=set)

    def merge(self, managed: str, first_line: int) -> FieldsMerged:
        """Merge a managed part into the fields. It begins on line ``first_line`` of its page."""
        merged = FieldsMerged()
        reading = read_managed(managed, first_line, self._shown)
        merged.problems += reading.problems
        if reading.emptied and not reading.sections and not self.may_be_empty:
            merged.problems.append(PageProblem(first_line, EVERYTHING_GONE))
        if not merged.problems:
            self._known |= _find_numbers(self._shown.note)
            self._used |= _find_numbers(self.now.note)
            masked = {section.name for section in self._shown.sections if section.masks}
            merged.lacks_masks = not masked.isdisjoint(reading.emptied)
            for section in self._find_edited(reading, first_line):
                self.merge_section(section, merged)
        return merged

    @cached_property
    def _shown(self) -> ConvertedNote:
        """The note as the page shows it, with an empty field for each new field of its type."""
        if self.before is None:
            return self.now
        note, other = self.before.note, self.now.note
        before, now = ([name for name, _ in each.fields] for each in (note, other))
        new = set(now) - set(match_fields(before, now).values())
        if not new:
            return self.before
        fields = (*note.fields, *((name, "") for name in now if name in new))
        clozes = (*note.cloze_fields, *(c for c in other.cloze_fields if c in new))
        return self.before.having(replace(note, fields=fields, cloze_fields=clozes))

    @cached_property
    def _sections(self) -> Mapping[str, Section]:
        return {each.name: each for each in self._shown.sections}

    @cached_property
    def _renamed(self) -> Mapping[str, str]:
        return match_fields(
            [name for name, _ in self._shown.note.fields],
            [name for name, _ in self.now.note.fields],
        )

    def _find_edited(self, reading: ManagedReading, line: int) -> list[FieldSection]:
        edited = []
        for section in reading.sections:
            before = self._sections.get(section.name)
            if before is not None and before.masks and before.is_embedded_by(section.markdown):
                continue
            if before is None or before.markdown != section.markdown:
                edited.append(section)
        for name in reading.emptied:
            if self._sections[name].masks:
                continue
            edited.append(FieldSection(name, "", line, self._sections[name].clozes))
        return edited

    def merge_section(self, section: FieldSection, merged: FieldsMerged) -> None:
        """Merge one section of the page into its field."""
        known_section = self._sections.get(section.name)
        if known_section is not None and known_section.masks:
            text = MASKS_STAY.format(name=section.name, line=known_section.markdown)
            merged.problems.append(PageProblem(section.line, text))
            return
        shown = self._shown.text(dict(self._shown.note.fields)[section.name], section.clozes)
        before = shown.html
        # New clozes get the numbers that they would have if Anki had not been edited. So an edit
        # that is in Anki already, from a run that was killed, is the same HTML.
        known, free = next_number(self._known), next_number(self._known | self._used)
        edit = edit_field(shown, section.markdown, self.names, known)
        if edit.refusals or edit.html == before:
            _refuse(edit, section, merged)
            return
        self._known |= cloze_numbers(edit.html)
        name = self._renamed.get(section.name)
        if name is None:
            text = (
                f"The note type has no field “{section.name}” any more: move this text elsewhere."
            )
            merged.problems.append(PageProblem(section.line, text))
            return
        now = dict(self.now.note.fields)[name]
        if now in (edit.html, clean_text(edit.html)):
            return
        if self.before is None or now != before:
            settled = self._settle(section, name, shown, shown.having(now), free, merged)
            if settled is None:
                return
            edit = settled
        elif free > known:
            edit = edit_field(shown, section.markdown, self.names, free)
        _refuse(edit, section, merged)
        after = clean_text(edit.html)
        if not after and now and name == self.now.note.fields[0][0]:
            text = FIRST_FIELD_GONE.format(name=name)
            merged.problems.append(PageProblem(section.line, text))
        elif after != now and not edit.refusals:
            merged.changes.append(FieldChange(name, now, after))
            self._used |= cloze_numbers(after)

    def _settle(
        self,
        section: FieldSection,
        name: str,
        before: ConvertedField,
        now: ConvertedField,
        free: int,
        merged: FieldsMerged,
    ) -> Optional[FieldEdit]:
        """The edit of a field that both sides changed; None while a person must choose."""
        text = section.markdown
        if self.before is not None:
            both = merge_field(before, now, text, self.names, free)
            if both.refusals or not both.conflicts:
                return FieldEdit(both.html, both.clozes_added, both.clozes_removed, both.refusals)
        base = before if self.before is not None else before.having("")
        side = self.choose(name)
        merged.conflicts.append(FieldConflict(name, base.markdown, now.markdown, text, side))
        if side is None:
            return None
        if side == "anki" and self.before is None:
            return FieldEdit(now.html)  # also when it is empty
        if side == "obsidian" and self.before is None:
            return edit_field(now, text, self.names, free)  # also when the page is empty here
        return resolve_field(base, now, text, self.names, side, free)


def read_same(managed: str, note: ConvertedNote, names: VaultNames) -> bool:
    """Whether a managed part, read back, is exactly this note. Its layout may differ."""
    reading = read_managed(managed, 1, note)
    if reading.problems or reading.emptied:
        return False
    fields = dict(note.note.fields)
    masked = {section.name: section for section in note.sections if section.masks}
    for section in reading.sections:
        if section.name in masked:
            if not masked[section.name].is_embedded_by(section.markdown):
                return False
            continue
        field = note.text(fields[section.name], section.clozes)
        edit = edit_field(field, section.markdown, names)
        if edit.refusals or edit.html != field.html:
            return False
    return True


def match_fields(before: Sequence[str], now: Sequence[str]) -> dict[str, str]:
    """Old field name → its name now, for the fields that still exist.

    If the number of fields is the same, and one of them has a new name, it was renamed.
    """
    names = {name: name for name in before if name in now}
    if len(before) == len(now):
        for old, new in zip(before, now):
            if old not in names and new not in before:
                names[old] = new
    return names


def _find_numbers(note: NoteText) -> set[int]:
    fields = dict(note.fields)
    return {n for name in note.cloze_fields for n in cloze_numbers(fields.get(name, ""))}


def _refuse(edit: FieldEdit, section: FieldSection, merged: FieldsMerged) -> None:
    for refusal in edit.refusals:
        line = section.line + max(refusal.line, 1) - 1
        merged.problems.append(PageProblem(line, refusal.sentence))
