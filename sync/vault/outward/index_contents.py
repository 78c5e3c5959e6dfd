"""Finds what index pages list, and how links are written, after all pages are planned."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ....convert.text.file_names import fold_name
from ..base import PageRow
from ..changes import PageChange
from ..read.layout import Layout
from ..read.snapshot import VaultSnapshot
from .digests import shown_names
from .index_pages import Entry
from .links import LinkPlan, plan_links


def find_shown_decks(pages: Mapping[int, PageRow], layout: Layout) -> set[str]:
    """The names of all decks that show a note."""
    names: set[str] = set()
    for decks in {row.decks for row in pages.values()}:
        names.update(shown_names(decks, layout))
    return names


def gather_entries(
    pages: Mapping[int, PageRow], layout: Layout, stale: set[str]
) -> dict[str, list[Entry]]:
    """Deck name → the pages that its index page lists, for the ``stale`` decks."""
    entries: dict[str, list[Entry]] = {deck: [] for deck in stale}
    if not stale:
        return entries
    wanted: dict[str, list[str]] = {}
    for row in pages.values():
        decks = wanted.get(row.decks)
        if decks is None:
            decks = [name for name in shown_names(row.decks, layout) if name in stale]
            wanted[row.decks] = decks
        for deck in decks:
            entries[deck].append(Entry(row.title, row.path))
    return entries


def plan_page_links(
    snapshot: VaultSnapshot,
    changes: Iterable[PageChange],
    pages: Mapping[int, PageRow],
    wanted: Mapping[str, str],
) -> LinkPlan:
    """How links to ``pages`` and to the ``wanted`` index pages are written after the run.

    It depends on the names of all files that will be in the Obsidian vault.
    """
    known, indexes = snapshot.known, snapshot.base.indexes
    ours = {row.path for row in known.values()}
    ours.update(indexes, wanted, snapshot.finder.found.values())
    others = {fold_name(path.rpartition("/")[2]) for path in snapshot.scan.pages.keys() - ours}
    elsewhere = snapshot.obsidian.names_elsewhere
    others.update(name for name in elsewhere if name.endswith(fold_name(".md")))
    renamed = indexes.keys() != wanted.keys() or any(
        change.row is None
        or change.note_id not in known
        or known[change.note_id].path != change.row.path
        for change in changes
    )
    paths = [*(row.path for row in pages.values()), *wanted] if renamed or others else wanted
    return plan_links(snapshot.base, snapshot.obsidian.prefix, paths, others, renamed)


def find_relinked(
    linking: LinkPlan, pages: Mapping[int, PageRow], wanted: Mapping[str, str], layout: Layout
) -> set[str]:
    """The decks whose index page has a link that must be written differently now."""
    changed = linking.changed
    if changed is None or any(fold_name(path.rpartition("/")[2]) in changed for path in wanted):
        return set(wanted.values())
    if not changed:
        return set()
    relinked: set[str] = set()
    for row in pages.values():
        if fold_name(row.path.rpartition("/")[2]) in changed:
            relinked.update(shown_names(row.decks, layout))
    return relinked.intersection(wanted.values())
