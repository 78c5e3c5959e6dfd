"""What a plan is made from: both sides, and what they held when they last agreed."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Set
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property, partial
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from ....convert.text.file_names import fold_file_name, fold_name
from ...collection.reader import CollectionReader
from ...collection.reads import (
    Notetype,
    read_deck_names,
    read_note_ids,
    read_notetype,
    read_notetypes,
)
from ...run.progress import Progress
from ...run.scope import EVERYTHING, NeedsEverything, Scope
from ..base import Base
from ..rows import PageRow
from ..settings import Settings
from .base_rows import BaseRows, read_rows
from .files import PageTexts, VaultFiles
from .layout import Layout, plan_layout
from .look import Look, look_at
from .obsidian import find_obsidian_root
from .on_demand import OnDemand, SetOnDemand
from .pages_on_disk import PageFinder
from .place import VaultPlace
from .scan import Scan, scan_vault
from .unknown_pages import Strangers, find_reborn, find_strangers

if TYPE_CHECKING:
    from anki.collection import Collection


@dataclass(frozen=True)
class VaultSnapshot:
    """Both sides and the base at one moment.

    It holds names, ids, sizes and dates: they show what has changed. The contents of notes
    (``anki``), of pages (``texts``, ``finder``) and of the base (``base.held``) are read when a
    plan needs them, because to read them all takes longer than a whole run without changes, and
    much memory. So the collection and the base must stay open while the snapshot is used.
    """

    settings: Settings
    folder: Path
    scope: Scope
    base: BaseRows
    # Anki
    anki: CollectionReader
    note_ids: Set[int]
    notetypes: Mapping[int, Notetype]
    decks: Mapping[int, str]  # id → full name
    # The vault
    obsidian: VaultPlace
    scan: Scan
    layout: Layout
    texts: PageTexts
    finder: PageFinder
    strangers: Strangers
    reborn: Mapping[int, int]  # deleted notes that came back with another id: new id → old id

    @property
    def known(self) -> Mapping[int, PageRow]:
        """The pages that the base knows, by note id."""
        return self.base.pages

    def known_rows(self) -> Iterable[PageRow]:
        """The pages that the base knows, and that are looked at."""
        if not self.is_scoped:
            return self.known.values()
        wanted = sorted(self.scope.note_ids or ())
        return [self.known[note_id] for note_id in wanted if note_id in self.known]

    def count_elsewhere(self) -> int:
        """How many pages are not looked at."""
        if not self.is_scoped:
            return 0
        return self.base.base.count_pages() - sum(1 for _ in self.known_rows())

    @property
    def is_emptied(self) -> bool:
        """Whether the folder held pages after the last run, and has none now."""
        if self.is_scoped:
            return False  # see ``_refuse_too_narrow``
        return bool(self.known) and not self.scan.pages and not self.scan.placeholders

    @property
    def is_scoped(self) -> bool:
        """Whether a few notes and pages are looked at, and all others are as the base says."""
        return not self.scope.is_everything

    def names_taken(self, folder: str) -> Set[str]:
        """The folded names in use in a folder: on disk, and of index pages."""
        folded = fold_name(folder)
        if not self.is_scoped:
            return self._all_names_taken.get(folded, frozenset())
        indexes = map(self.layout.index_of, self.layout.folders)
        taken = {fold_name(path[len(folder) + 1 :]) for path in indexes if path.startswith(folder)}
        with suppress(FileNotFoundError, NotADirectoryError):
            taken.update(map(fold_name, os.listdir(self.folder / folder)))
        return taken

    def has_file_named(self, name: str) -> bool:
        """Whether a page of the vault folder, or a file elsewhere, has this folded name."""
        return self._has_page_named(name) or name in self.obsidian.names_elsewhere

    def _has_page_named(self, name: str) -> bool:
        if not self.is_scoped:
            return name in self._names_of_pages
        rows = self.base
        pages = (row.path for row in rows.base.pages_named(name))
        others = chain(rows.indexes, rows.base.stranger_paths(), self.scan.candidates)
        named = (path for path in others if fold_file_name(path) == name)
        return any(path in self.scan.pages for path in chain(pages, named))

    @cached_property
    def _names_of_pages(self) -> Set[str]:
        return {fold_file_name(path) for path in self.scan.pages}

    @cached_property
    def _all_names_taken(self) -> Mapping[str, Set[str]]:
        """The same for all folders, by their folded names."""
        scan, taken = self.scan, dict[str, set[str]]()
        others = (scan.links, scan.placeholders, scan.misnamed, scan.conflicts, scan.no_files)
        indexes = map(self.layout.index_of, self.layout.folders)
        for path in chain(scan.pages, *others, indexes):
            above, _, name = path.rpartition("/")
            taken.setdefault(fold_name(above), set()).add(fold_name(name))
        return taken


def read_snapshot(
    col: Collection,
    settings: Settings,
    folder: Path,
    base: Base,
    progress: Progress,
    scope: Scope = EVERYTHING,
) -> VaultSnapshot:
    """Read what a plan for ``folder``, which must exist, is made from. Writes nothing.

    With a narrower ``scope``, the notes and pages in it are looked at, and what belongs to them;
    all else is taken to be as the base says. Raises ``NeedsEverything`` where that cannot do.
    """
    whole = scope.is_everything
    rows = read_rows(base, whole=whole)
    decks = read_deck_names(col)
    kept, assets = rows.folders, settings.assets_folder
    layout = plan_layout(decks, settings.excluded_decks, kept, assets, believes=not whole)
    progress("Looking through the vault folder", 0, 0)
    obsidian = VaultPlace(find_obsidian_root(folder), folder)
    walk = partial(_walk, folder, settings, rows)
    scan = walk() if whole else _look(folder, rows, scope, walk)
    if not whole:
        _refuse_too_narrow(settings, rows, layout, scan, obsidian)
    texts = VaultFiles(folder, obsidian.root)
    anki = CollectionReader(col)
    read_ids = partial(read_note_ids, col)
    note_ids = read_ids() if whole else SetOnDemand(anki.has_note, read_ids)
    strangers = find_strangers(anki, rows, note_ids, scan, layout, texts, two_way=settings.two_way)
    ids = _widen(scope, rows, scan, strangers)
    gone = [note_id for note_id in (rows.pages if whole else ids) if note_id not in note_ids]
    reborn = find_reborn(anki, rows, gone if whole else [i for i in gone if i in rows.pages], scan)
    if not whole:
        scope = replace(scope, note_ids=ids | reborn.keys())
    known = rows.pages.values() if whole else [rows.pages[i] for i in ids if i in rows.pages]
    kinds = partial(read_notetypes, col)
    found = {**{new: rows.pages[old].path for new, old in reborn.items()}, **strangers.pages}
    return VaultSnapshot(
        settings=settings,
        folder=folder,
        scope=scope,
        base=rows,
        anki=anki,
        note_ids=note_ids,
        notetypes=kinds() if whole else OnDemand(partial(read_notetype, col), kinds),
        decks=decks,
        obsidian=obsidian,
        scan=scan,
        layout=layout,
        texts=texts,
        finder=PageFinder(texts, scan, rows.pages, found, known),
        strangers=strangers,
        reborn=reborn,
    )


def _walk(folder: Path, settings: Settings, rows: BaseRows) -> Scan:
    media_folders = {row.path.rpartition("/")[0] for row in rows.media.values()}
    return scan_vault(folder, settings.assets_folder, media_folders)


def _look(folder: Path, rows: BaseRows, scope: Scope, walk: Callable[[], Scan]) -> Look:
    """Look at the pages in a scope, and at what may be the pages of the notes in it."""
    paths = {*(scope.paths or ())}
    paths.update(row.path for row in rows.base.strangers_of(scope.note_ids or ()))
    return look_at(str(folder), paths, walk)


def _refuse_too_narrow(
    settings: Settings, rows: BaseRows, layout: Layout, scan: Scan, obsidian: VaultPlace
) -> None:
    """Raise ``NeedsEverything`` where what is not looked at may not be as the base says."""
    some = rows.base.some_pages(5)
    if not some or not any(row.path in scan.pages for row in some):
        raise NeedsEverything("no page is where it was")
    if any(deck not in layout.folders for deck in rows.folders):
        raise NeedsEverything("a deck has another name, or is left out")
    if rows.recall("links") != obsidian.prefix:
        raise NeedsEverything("the vault folder has another place in its vault")
    root = obsidian.root
    if settings.two_way and root is not None and rows.recall("vault") != root.name:
        raise NeedsEverything("the vault has another name")


def _widen(scope: Scope, rows: BaseRows, scan: Scan, strangers: Strangers) -> frozenset[int]:
    """The notes in a scope, with those whose pages are in it."""
    pages = map(rows.base.page_at, scope.paths or ())
    ids = {*(scope.note_ids or ()), *strangers.pages, *(row.note_id for row in pages if row)}
    ids.update(copy.note_id for copy in strangers.copies)
    return frozenset(ids)
