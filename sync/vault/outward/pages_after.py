"""The pages as they will be after a run, where only a few of them change."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from dataclasses import dataclass
from functools import cached_property
from typing import Optional

from ....convert.text.file_names import fold_file_name
from ..rows import PageRow
from .links import LinkPlan

Rows = Mapping[int, Optional[PageRow]]
Grouped = Mapping[str, list[PageRow]]


class PagesAfter(Mapping[int, PageRow]):
    """The pages as they will be: those that are ``known``, with what changes; None: it goes."""

    def __init__(self, known: Mapping[int, PageRow], changed: Rows) -> None:
        self._known = known
        self.changed = changed

    def __getitem__(self, note_id: int) -> PageRow:
        if note_id not in self.changed:
            return self._known[note_id]
        row = self.changed[note_id]
        if row is None:
            raise KeyError(note_id)
        return row

    def __iter__(self) -> Iterator[int]:
        yield from (i for i in self._known if self.changed.get(i, True) is not None)
        yield from (i for i, row in self.changed.items() if row and i not in self._known)

    def __len__(self) -> int:
        return sum(1 for _ in self)


@dataclass(frozen=True)
class AskedPages:
    """The pages as they will be after a plan with questions, and how they are linked then.

    ``wanted`` are the index pages. What is asked of all pages is put in order once.
    """

    pages: Mapping[int, PageRow]
    wanted: Mapping[str, str]
    linking: LinkPlan

    @cached_property
    def by_decks(self) -> Grouped:
        """The pages of each text about decks."""
        return self._group(lambda row: row.decks)

    @cached_property
    def by_name(self) -> Grouped:
        """The pages of each folded file name."""
        return self._group(lambda row: fold_file_name(row.path))

    def _group(self, key: Callable[[PageRow], str]) -> Grouped:
        groups: dict[str, list[PageRow]] = {}
        for row in self.pages.values():
            groups.setdefault(key(row), []).append(row)
        return groups


class AnsweredPages(PagesAfter):
    """The pages after some answers: those of the plan that ``asked``, with what is changed by them.

    Nothing here takes a time that grows with all pages, but for the first time.
    """

    def __init__(self, asked: AskedPages, changed: Rows) -> None:
        super().__init__(asked.pages, changed)
        self.asked = asked

    def decks(self) -> Set[str]:
        """The texts about decks that any page has."""
        groups = self.asked.by_decks
        left = Counter(row.decks for row in self._replaced())
        gone = {text for text, times in left.items() if times == len(groups[text])}
        return (groups.keys() - gone) | {row.decks for row in self._new()}

    def in_decks(self, texts: Set[str]) -> Iterator[PageRow]:
        """The pages with one of these texts about decks."""
        yield from self._find(self.asked.by_decks, texts)
        yield from (row for row in self._new() if row.decks in texts)

    def named(self, names: Iterable[str]) -> Iterator[PageRow]:
        """The pages with one of these folded names."""
        wanted = frozenset(names)
        yield from self._find(self.asked.by_name, wanted)
        yield from (row for row in self._new() if fold_file_name(row.path) in wanted)

    def renamed(self) -> set[str]:
        """The folded names of the files that come or go by the answers."""
        before = {row.note_id: row.path for row in self._replaced()}
        after = {row.note_id: row.path for row in self._new()}
        moved = {*before.items()} ^ {*after.items()}
        return {fold_file_name(path) for _, path in moved}

    def _find(self, groups: Grouped, keys: Iterable[str]) -> Iterator[PageRow]:
        for key in keys:
            yield from (row for row in groups.get(key, ()) if row.note_id not in self.changed)

    def _replaced(self) -> Iterator[PageRow]:
        pages = self.asked.pages
        return (pages[note_id] for note_id in self.changed if note_id in pages)

    def _new(self) -> Iterator[PageRow]:
        return (row for row in self.changed.values() if row)
