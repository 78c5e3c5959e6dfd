"""Merges a field that was edited in Anki and on the page, against their common base."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from ..segment import Segment, join_markdown
from ..to_markdown.converted_field import ConvertedField
from ..vault_names import VaultNames
from .field_edit import FieldEdit, edit_field
from .older_pages import as_page_shows, respell_older
from .refusal import Refusal
from .regions import (
    Lines,
    Region,
    find_regions,
    read_keys,
    split_regions,
    stand_apart,
)

Choice = Literal["anki", "obsidian", "both"]


@dataclass(frozen=True)
class SegmentConflict:
    """The Markdown that each side has for the same segments."""

    base: str
    anki: str
    page: str


@dataclass(frozen=True)
class FieldMerge:
    """A field with both sides' edits. Where there are conflicts, ``html`` has Anki's version."""

    html: str
    conflicts: tuple[SegmentConflict, ...] = ()
    clozes_added: tuple[int, ...] = ()
    clozes_removed: tuple[int, ...] = ()
    refusals: tuple[Refusal, ...] = ()


def merge_field(
    base: ConvertedField,
    anki: ConvertedField,
    markdown: str,
    names: VaultNames,
    first_free: int = 1,
) -> FieldMerge:
    """Merge the page's edits into Anki's field, where both sides changed different segments.

    Segments that both changed differently are conflicts, and stay as in Anki. Additions of both
    sides at the same place are kept, Anki's first. Without a base, different texts are a conflict.
    """
    edit, conflicts = _merge(base, anki, markdown, names, first_free, "anki")
    return FieldMerge(edit.html, conflicts, edit.clozes_added, edit.clozes_removed, edit.refusals)


def resolve_field(
    base: ConvertedField,
    anki: ConvertedField,
    markdown: str,
    names: VaultNames,
    choose: Choice,
    first_free: int = 1,
) -> FieldEdit:
    """The same merge with its conflicts resolved.

    ``both`` puts the page's version of a segment below Anki's.
    """
    return _merge(base, anki, markdown, names, first_free, choose)[0]


def _merge(
    base: ConvertedField,
    anki: ConvertedField,
    markdown: str,
    names: VaultNames,
    first_free: int,
    choose: Choice,
) -> tuple[FieldEdit, tuple[SegmentConflict, ...]]:
    markdown = markdown.replace("\r\n", "\n").replace("\r", "\n")
    shown = as_page_shows(base, markdown)
    if shown is not base:
        base, anki = shown, anki.recoloured
    markdown = respell_older(base, markdown)[0]
    segments = _shown(base.segments)
    ours = anki.markdown
    before = join_markdown(segments)
    if same_text(before, markdown) or same_text(ours, markdown):
        return FieldEdit(anki.html), ()
    if same_text(before, ours) and (segments or base.html == anki.html):
        return edit_field(anki, markdown, names, first_free), ()
    if not segments:
        merged, conflicts = _merge_without_base(anki, markdown, choose)
    else:
        merged, conflicts = _merge_texts(segments, ours, markdown, choose)
    return edit_field(anki, merged, names, first_free), conflicts


def _shown(segments: Sequence[Segment]) -> list[Segment]:
    shown = [segment for segment in segments if segment.markdown]
    if shown:
        shown[0] = shown[0]._replace(gap="\n")  # nothing stands above it yet
    return shown


def _merge_without_base(
    anki: ConvertedField, markdown: str, choose: Choice
) -> tuple[str, tuple[SegmentConflict, ...]]:
    segments, ours = _shown(anki.segments), anki.markdown
    regions = find_regions(segments, markdown)
    if not regions:
        return ours, ()
    conflicts = (SegmentConflict("", ours, markdown.strip("\n")),)
    if choose == "anki":
        return ours, conflicts
    if choose == "obsidian":
        return markdown, conflicts
    text = _Text()
    position = 0
    for region in regions:
        text.keep(segments[position : region.last])
        text.add(region.text, (True, True))
        position = region.last
    text.keep(segments[position:])
    return text.joined(), conflicts


class _Group:
    """Regions of both sides that touch the same segments."""

    def __init__(self, first: int, last: int) -> None:
        self.first = first
        self.last = last
        self.ours: list[Region] = []
        self.theirs: list[Region] = []

    def texts(self, segments: Sequence[Segment], regions: Sequence[Region]) -> _Text:
        """One side's text for the group's segments."""
        text = _Text()
        position = self.first
        for region in regions:
            text.keep(segments[position : region.first])
            text.add(region.text, region.apart)
            position = region.last
        text.keep(segments[position : self.last])
        return text


def _merge_texts(
    segments: Sequence[Segment], ours: str, markdown: str, choose: Choice
) -> tuple[str, tuple[SegmentConflict, ...]]:
    groups = _group(
        split_regions(segments, find_regions(segments, ours)),
        split_regions(segments, find_regions(segments, markdown)),
    )
    conflicts: list[SegmentConflict] = []
    merged = _Text()
    position = 0
    for group in groups:
        merged.keep(segments[position : group.first])
        position = group.last
        mine, other = group.texts(segments, group.ours), group.texts(segments, group.theirs)
        if not group.theirs or same_text(mine.joined(), other.joined()):
            merged.take(mine)
            continue
        if not group.ours:
            merged.take(other)
            continue
        by_line = _merge_by_line(segments[group.first : group.last], mine, other)
        if by_line is not None:
            merged.take(by_line)
            continue
        chosen = choose
        if group.first == group.last:
            chosen = "both"
        else:
            before = join_markdown(segments[group.first : group.last])
            conflicts.append(SegmentConflict(before, mine.joined(), other.joined()))
        if chosen != "obsidian":
            merged.take(mine)
        if chosen != "anki":
            merged.take(other)
    merged.keep(segments[position:])
    return merged.joined(), tuple(conflicts)


def _merge_by_line(segments: Sequence[Segment], mine: _Text, other: _Text) -> _Text | None:
    """Merge line by line, each line from the side that changed it; None when both changed one.

    Only when neither side added or removed a line, so that it is clear which lines correspond.
    """
    merged = _Text()
    ours, theirs = Lines.of(mine.joined()), Lines.of(other.joined())
    if not len(ours.keys) == len(theirs.keys) == len(segments):
        return None
    for segment, our, their, place in zip(segments, ours.keys, theirs.keys, theirs.numbers):
        before = Lines.of(segment.markdown).keys
        if len(before) != 1:
            return None
        if their in (our, before[0]):
            raw = ours.raw[ours.numbers[len(merged.parts)]]
        elif our == before[0]:
            raw = theirs.raw[place]
        else:
            return None
        merged.parts.append((raw, len(segment.gap) > 1, False))
    return merged


def same_text(one: str, other: str) -> bool:
    """Whether two pieces of Markdown mean the same."""

    return read_keys(one) == read_keys(other)


def _group(ours: Sequence[Region], theirs: Sequence[Region]) -> list[_Group]:
    groups: list[_Group] = []
    both = [(region, True) for region in ours] + [(region, False) for region in theirs]
    for region, is_ours in sorted(both, key=lambda pair: (pair[0].first, pair[0].last)):
        group = groups[-1] if groups else None
        if group is None or not _touch(group, region):
            group = _Group(region.first, region.last)
            groups.append(group)
        group.last = max(group.last, region.last)
        (group.ours if is_ours else group.theirs).append(region)
    return groups


def _touch(group: _Group, region: Region) -> bool:
    if region.first < group.last:
        return True
    return region.first == region.last == group.last == group.first


class _Text:
    """Markdown that is being built from segments and new text."""

    def __init__(self) -> None:
        self.parts: list[tuple[str, bool, bool]] = []

    def keep(self, segments: Sequence[Segment]) -> None:
        for segment in segments:
            self.parts.append((segment.markdown, len(segment.gap) > 1, False))

    def add(self, text: str, apart: tuple[bool, bool]) -> None:
        if text:
            self.parts.append((text, *apart))

    def take(self, other: _Text) -> None:
        self.parts += other.parts

    def joined(self) -> str:
        parts: list[str] = []
        after = False
        for text, apart, apart_after in self.parts:
            if parts:
                parts.append("\n\n" if apart or after or stand_apart(parts[-1], text) else "\n")
            parts.append(text)
            after = apart_after
        return "".join(parts)
