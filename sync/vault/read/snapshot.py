"""What a plan is made from: both sides, and what they held when they last agreed."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Optional

from ....convert.text.file_names import fold_name
from ...collection.reader import CollectionReader
from ...collection.reads import Notetype, read_deck_names, read_note_ids, read_notetypes
from ...run.progress import Progress
from ...run.scope import EVERYTHING, Scope
from ..base import Base, PageRow
from ..settings import Settings
from .base_rows import BaseRows, read_rows
from .files import PageTexts, VaultFiles
from .layout import Layout, plan_layout
from .obsidian import find_obsidian_root
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

    @property
    def is_emptied(self) -> bool:
        """Whether the folder held pages after the last run, and has none now."""
        return bool(self.known) and not self.scan.pages and not self.scan.placeholders

    @cached_property
    def names_taken(self) -> Mapping[str, Set[str]]:
        """Folded folder → the folded names in use there, on disk or for index pages."""
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
    last: Optional[VaultSnapshot] = None,
) -> VaultSnapshot:
    """Read what a plan for ``folder``, which must exist, is made from. Writes nothing.

    Raises ``OSError`` when the folder cannot be read. ``last`` is not used yet: a run with a
    narrower ``scope`` also reads everything, which is slower and gives the same result.
    """
    rows = read_rows(base)
    decks = read_deck_names(col)
    layout = plan_layout(decks, settings.excluded_decks, rows.folders, settings.assets_folder)
    progress("Looking through the vault folder", 0, 0)
    media_folders = {row.path.rpartition("/")[0] for row in rows.media.values()}
    scan = scan_vault(folder, settings.assets_folder, media_folders)
    obsidian = VaultPlace(find_obsidian_root(folder), folder)
    texts = VaultFiles(folder, obsidian.root)
    anki = CollectionReader(col)
    note_ids = read_note_ids(col)
    strangers = find_strangers(anki, rows, note_ids, scan, layout, texts, two_way=settings.two_way)
    reborn = find_reborn(anki, rows, note_ids, scan)
    found = {**{new: rows.pages[old].path for new, old in reborn.items()}, **strangers.pages}
    return VaultSnapshot(
        settings=settings,
        folder=folder,
        scope=scope,
        base=rows,
        anki=anki,
        note_ids=note_ids,
        notetypes=read_notetypes(col),
        decks=decks,
        obsidian=obsidian,
        scan=scan,
        layout=layout,
        texts=texts,
        finder=PageFinder(texts, scan, rows.pages, found),
        strangers=strangers,
        reborn=reborn,
    )
