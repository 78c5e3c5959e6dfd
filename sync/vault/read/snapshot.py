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
from ...collection.study import StudyReader
from ...run.progress import Progress
from ...run.scope import EVERYTHING, NeedsEverything, Scope
from ..base import LEFT_OUT, VAULT_NAME, Base
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
from .unknown_pages import Strangers, find_foreign, find_reborn, find_strangers, find_unknown

if TYPE_CHECKING:
    from anki.collection import Collection

_MANY = 500  # more notes than it is worth to ask for one by one


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
    unaltered: Set[int]  # the first ids of the stretches whose notes are as they were
    # Anki
    anki: CollectionReader
    note_ids: SetOnDemand[int]
    notetypes: Mapping[int, Notetype]
    decks: Mapping[int, str]  # id → full name
    # The vault
    obsidian: VaultPlace
    scan: Scan
    layout: Layout
    texts: PageTexts
    finder: PageFinder
    unknown_files: Set[str]  # Markdown files that are looked at, and that the base does not know
    strangers: Strangers
    reborn: Mapping[int, int]  # deleted notes that came back with another id: new id → old id

    @property
    def known(self) -> OnDemand[int, PageRow]:
        """The pages that the base knows, by note id."""
        return self.base.pages

    def known_in_scope(self) -> list[PageRow]:
        """The pages that the base knows, of the notes in a narrow scope."""
        wanted = sorted(self.scope.note_ids or ())
        return [self.known[note_id] for note_id in wanted if note_id in self.known]

    def iterate_media(self) -> Iterable[str]:
        """The media of the pages that are looked at, each as in its row."""
        if not self.is_scoped:
            return self.base.iterate_media()
        return (row.media for row in self.known_in_scope())

    def count_elsewhere(self) -> int:
        """How many pages are not looked at."""
        if not self.is_scoped:
            return 0
        return self.base.base.count_pages() - len(self.known_in_scope())

    @property
    def is_emptied(self) -> bool:
        """Whether the folder held pages after the last run, and has none now."""
        if self.is_scoped:
            return False  # see ``_refuse_too_narrow``
        if self.scan.pages or self.scan.placeholders:
            return False
        return self.base.base.count_pages() > 0

    @property
    def is_scoped(self) -> bool:
        """Whether a few notes and pages are looked at, and all others are as the base says."""
        return not self.scope.is_everything

    @property
    def has_all_rows(self) -> bool:
        """Whether the rows of all pages are in memory: then to go through them costs little."""
        return not self.is_scoped and self.known.is_loaded

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
    *,
    in_memory: bool = False,
) -> VaultSnapshot:
    """Read what a plan for ``folder``, which must exist, is made from. Writes nothing.

    ``in_memory``: what is planned later with this snapshot needs no open base. With a narrower
    ``scope``, the notes and pages in it are looked at, and what belongs to them; all else is taken
    to be as the base says. Raises ``NeedsEverything`` where that cannot do.
    """
    whole = scope.is_everything
    rows = read_rows(base, whole=whole, in_memory=in_memory)
    decks = read_deck_names(col)
    kept, assets = rows.folders, settings.assets_folder
    layout = plan_layout(decks, settings.deck_choice, kept, assets, believes=not whole)
    progress("Looking through the vault folder", 0, 0)
    obsidian = VaultPlace(find_obsidian_root(folder), folder)
    walk = partial(_walk, folder, settings, rows)
    scan = walk() if whole else _look(folder, rows, scope, walk)
    if not whole:
        _refuse_too_narrow(settings, rows, layout, scan, obsidian)
    texts = VaultFiles(folder, obsidian.root)
    anki = CollectionReader(col, StudyReader(col) if settings.study_properties else None)
    note_ids = SetOnDemand(anki.has_note, partial(read_note_ids, col))
    unknown = find_unknown(rows, scan)
    foreign = find_foreign(unknown, rows, scan, layout)
    strangers = find_strangers(anki, rows, note_ids, scan, foreign, texts, two_way=settings.two_way)
    ids = _widen(scope, rows, scan, strangers)
    unaltered = _find_unaltered(rows, anki)
    gone = _find_gone(rows, note_ids, unaltered) if whole else [i for i in ids if i in rows.pages]
    reborn = find_reborn(anki, rows, [i for i in gone if i not in note_ids], scan)
    if not whole:
        scope = replace(scope, note_ids=ids | reborn.keys())
    known = rows.pages.values() if whole else [rows.pages[i] for i in ids if i in rows.pages]
    found = {**{new: rows.pages[old].path for new, old in reborn.items()}, **strangers.pages}
    return VaultSnapshot(
        settings=settings,
        folder=folder,
        scope=scope,
        base=rows,
        unaltered=unaltered,
        anki=anki,
        note_ids=note_ids,
        notetypes=_read_kinds(col, whole),
        decks=decks,
        obsidian=obsidian,
        scan=scan,
        layout=layout,
        texts=texts,
        finder=PageFinder(texts, scan, rows.pages, found, known),
        unknown_files=unknown,
        strangers=strangers,
        reborn=reborn,
    )


def _read_kinds(col: Collection, whole: bool) -> Mapping[int, Notetype]:
    kinds = partial(read_notetypes, col)
    return kinds() if whole else OnDemand(partial(read_notetype, col), kinds)


def _find_unaltered(rows: BaseRows, anki: CollectionReader) -> set[int]:
    """The stretches, each by its first note, whose notes are as they were."""
    return {
        each.first
        for each in rows.stretches
        if anki.digest_notes_between(each.first, each.last) == each.digest
    }


def _find_gone(rows: BaseRows, note_ids: SetOnDemand[int], unaltered: Set[int]) -> list[int]:
    """The notes with pages that the collection lacks. There are none where nothing was altered."""
    altered = [each[:2] for each in rows.stretches if each.first not in unaltered]
    ends = [*rows.gaps, *altered]
    with_pages = [i for first, last in ends for i in rows.base.page_ids_between(first, last)]
    if len(with_pages) > _MANY:
        note_ids.load()
    return sorted(note_id for note_id in with_pages if note_id not in note_ids)


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
    if rows.recall(LEFT_OUT) != layout.left_out:
        raise NeedsEverything("other decks are left out than before")
    if rows.recall("links") != obsidian.prefix:
        raise NeedsEverything("the vault folder has another place in its vault")
    root = obsidian.root
    if settings.two_way and root is not None and rows.recall(VAULT_NAME) != root.name:
        raise NeedsEverything("the vault has another name")


def _widen(scope: Scope, rows: BaseRows, scan: Scan, strangers: Strangers) -> frozenset[int]:
    """The notes in a scope, with those whose pages are in it."""
    pages = map(rows.base.page_at, scope.paths or ())
    ids = {*(scope.note_ids or ()), *strangers.pages, *(row.note_id for row in pages if row)}
    ids.update(copy.note_id for copy in strangers.copies)
    return frozenset(ids)
