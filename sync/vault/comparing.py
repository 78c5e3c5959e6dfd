"""Finds the notes that are not as the base says, or whose pages are not. Opens no page.

It is here that a run without changes spends its time. Notes that were found to be in step are
remembered in stretches of neighbouring ids, each with one digest of all that was looked at. While
that digest is the same, no row of these pages is read, and no note of them is looked at alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from typing import Optional

from ..collection.reader import CollectionReader
from ..collection.reads import NoteContents, digest_contents
from .base import Base
from .outward.digests import Digests
from .read.base_rows import BaseRows, find_gaps, read_rows
from .rows import PageRow, Stretch

STRETCH = 100  # notes in one stretch
MANY_STRETCHES = 10  # so many are worth a write of the base; twice as many wait for the next run
_MOST_TEXT = 50_000_000  # characters of the notes in one stretch


@dataclass
class Compared:
    """What was found of some notes with neighbouring ids."""

    number: int = 0  # of the notes
    unchanged: int = 0
    media: list[tuple[int, str]] = field(default_factory=list)  # of unchanged notes that have some
    shown: set[int] = field(default_factory=set)  # those in decks that are shown, if not unchanged
    pending: list[int] = field(default_factory=list)  # those to look at closely
    left: list[int] = field(default_factory=list)  # ids of pages whose notes are not shown
    learned: Optional[Stretch] = None
    refuted: Optional[Stretch] = None  # one that tells nothing any more


@dataclass(frozen=True)
class Comparison:
    """Compares notes and pages with the base.

    ``stamps`` are the sizes and dates of pages by path. ``only`` are the notes to compare, None:
    all. ``unaltered`` are the first ids of the stretches whose notes are as they were. ``relinked``
    are names of media: the notes that use one are looked at closely.
    """

    anki: CollectionReader
    base: BaseRows
    digests: Digests
    stamps: Mapping[str, tuple[int, int]]
    only: Optional[Set[int]] = None
    unaltered: Set[int] = frozenset()
    relinked: Set[str] = frozenset()

    def iterate(self) -> Iterator[Compared]:
        """Compare the notes, some at a time."""
        if self.only is not None:
            known = self.base.pages
            rows = {note_id: known[note_id] for note_id in sorted(self.only) if note_id in known}
            yield self._compare(self.anki.read_contents_of(self.only), rows)
            return
        gaps = [(first, last, None) for first, last in self.base.gaps]
        stretches = [(each.first, each.last, each) for each in self.base.stretches]
        for first, last, stretch in sorted((*gaps, *stretches), key=lambda span: span[0]):
            settled = None if stretch is None else self._settle(stretch)
            if settled is not None:
                yield settled
                continue
            if stretch is not None:
                yield Compared(refuted=stretch)
            yield from self.compare_span(first, last)

    def _settle(self, stretch: Stretch) -> Optional[Compared]:
        """The notes of a stretch, if they and their pages are as they were; or None."""
        if stretch.first not in self.unaltered:
            return None
        used = (name for _, names in stretch.media for name in names.split("\n"))
        if self.relinked and not self.relinked.isdisjoint(used):
            return None
        if self._look_at(stretch.paths) != stretch.looked_at:
            return None
        return Compared(stretch.notes, len(stretch.paths), [*stretch.media])

    def compare_span(self, first: int, last: int) -> Iterator[Compared]:
        """Compare notes one by one, those with ids from ``first`` to ``last``."""
        while first <= last:
            contents = self.anki.read_contents(first, last, STRETCH)
            notes, end = contents.notes, contents.last
            rows = self.base.read_between(first, end)
            found = self._compare(contents, rows)
            if len(notes) > STRETCH // 4 and not found.pending and [*rows] == sorted(found.shown):
                found.learned = self._learn(contents, rows)
            yield found
            first = end + 1

    def _compare(self, contents: NoteContents, rows: Mapping[int, PageRow]) -> Compared:
        """Compare some notes, one by one. ``rows`` are the pages of the notes with their ids."""
        stamps, relinked = self.stamps, self.relinked
        begun, begin = self.digests.begun, self.digests.begin
        decks, study = contents.find_decks(), contents.study
        found = Compared(len(contents.notes))
        shown, pending = found.shown, found.pending
        for note_id, notetype, content in contents.notes:
            key = notetype, decks.get(note_id, "")
            deck, start = begun.get(key) or begin(key)
            if deck is None:
                continue
            shown.add(note_id)
            before = rows.get(note_id)
            if before is not None and stamps.get(before.path) == before[2:4]:
                mixed = start.copy()
                mixed.update(content.encode())
                if study:
                    mixed.update(study.get(note_id, "").encode())
                media = before.media
                if mixed.digest() == before.digest and not (
                    relinked and not relinked.isdisjoint(media.split("\n"))
                ):
                    found.unchanged += 1
                    if media:
                        found.media.append((note_id, media))
                    continue
            pending.append(note_id)
        found.left += [note_id for note_id in rows if note_id not in shown]
        return found

    def _learn(self, contents: NoteContents, rows: Mapping[int, PageRow]) -> Optional[Stretch]:
        """The stretch of these notes, of which all that are shown have pages, and are unchanged."""
        paths = tuple(row.path for row in rows.values())
        looked_at = self._look_at(paths)
        if looked_at is None or sum(len(note[2]) for note in contents.notes) > _MOST_TEXT:
            return None
        media = tuple((row.note_id, row.media) for row in rows.values() if row.media)
        number, digest = len(contents.notes), digest_contents(contents)
        ends = contents.first, contents.last
        return Stretch(*ends, number, digest, looked_at, paths, media)

    def _look_at(self, paths: Sequence[str]) -> Optional[bytes]:
        """The digest of the sizes and dates of pages, and of the settings; None: one is missing."""
        stamps = tuple(map(self.stamps.get, paths))
        if None in stamps:
            return None
        # The hash of a tuple of numbers is another one whenever one of the numbers is. In another
        # version of Python, it may be another one for the same: then all is looked at once.
        mixed = self.digests.of_all.copy()
        mixed.update(f"{hash(stamps)} {len(paths)}".encode())
        return mixed.digest()


def learn_stretches(
    anki: CollectionReader, base: Base, digests: Digests, refuted: Sequence[Stretch]
) -> list[Stretch]:
    """Find again the stretches that a run has changed, from what the base says of their pages.

    ``refuted`` are those that it has changed. Where they are many, or there were none before, the
    next run finds them, as it compares all notes anyhow.
    """
    known = base.stretch_ends()
    gaps = find_gaps(known)
    pages = [i for ends in gaps for i in base.page_ids_between(*ends)]
    if not (known or refuted) or not pages or len(pages) > 2 * MANY_STRETCHES * STRETCH:
        return []
    rows = read_rows(base, whole=False)
    stamps = {row.path: row[2:4] for ends in gaps for row in rows.read_between(*ends).values()}
    comparison = Comparison(anki, rows, digests, stamps)
    compared = (found for ends in gaps for found in comparison.compare_span(*ends))
    return [found.learned for found in compared if found.learned is not None]
