"""Finds what index pages list, and how links are written, after all pages are planned."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Set
from itertools import chain
from typing import Optional

from ....convert.text.file_names import fold_file_name, fold_name
from ..changes import PageChange
from ..read.layout import Layout
from ..read.snapshot import VaultSnapshot
from ..rows import PageRow
from .digests import shown_names
from .index_pages import Entry
from .links import LinkPlan, plan_links, plan_links_after, plan_links_of
from .pages_after import AnsweredPages, PagesAfter

_MOST_DECKS = 500  # that one question to the base may name


def find_shown_decks(snapshot: VaultSnapshot, pages: Mapping[int, PageRow]) -> set[str]:
    """The names of all decks that have a page, or a link to one."""
    layout, names = snapshot.layout, set[str]()
    texts: Set[str]
    if isinstance(pages, AnsweredPages):
        texts = pages.decks()
    elif snapshot.has_all_rows:
        texts = {row.decks for row in pages.values()}
    else:
        after = _find_decks_after(snapshot, pages)
        if after is None and not snapshot.is_scoped:
            after = snapshot.base.base.decks_of_pages()
        elif after is None:
            after = {pages[i].decks for i in snapshot.scope.note_ids or () if i in pages}
            names = {row.deck for row in snapshot.base.indexes.values()} & layout.folders.keys()
        texts = after
    for decks in texts:
        names.update(shown_names(decks, layout))
    return names


def _find_decks_after(snapshot: VaultSnapshot, pages: Mapping[int, PageRow]) -> Optional[set[str]]:
    """The texts about decks that pages will have; None: the same as before."""
    rows = pages.changed.items() if isinstance(pages, PagesAfter) else ()
    before = {i: snapshot.known[i].decks for i, _ in rows if i in snapshot.known}
    after = {i: row.decks for i, row in rows if row}
    if before == after:
        return None
    base = snapshot.base.base
    left = Counter(text for i, text in before.items() if after.get(i) != text)
    gone = {text for text, times in left.items() if base.count_pages_in(text) == times}
    return (base.decks_of_pages() - gone) | {*after.values()}


def gather_entries(
    snapshot: VaultSnapshot, pages: Mapping[int, PageRow], stale: set[str]
) -> dict[str, list[Entry]]:
    """What the stale decks' index pages list."""
    layout = snapshot.layout
    entries: dict[str, list[Entry]] = {deck: [] for deck in stale}
    if not stale:
        return entries
    wanted: dict[str, list[str]] = {}
    for row in _find_listed(snapshot, pages, stale):
        decks = wanted.get(row.decks)
        if decks is None:
            decks = [name for name in shown_names(row.decks, layout) if name in stale]
            wanted[row.decks] = decks
        for deck in decks:
            entries[deck].append(Entry(row.title, row.path))
    return entries


def _find_listed(
    snapshot: VaultSnapshot, pages: Mapping[int, PageRow], stale: set[str]
) -> Iterable[PageRow]:
    """All pages, or at least those that are listed in the ``stale`` decks' index pages."""
    layout = snapshot.layout
    if isinstance(pages, AnsweredPages):
        texts = pages.decks()
        return pages.in_decks({t for t in texts if not stale.isdisjoint(shown_names(t, layout))})
    if snapshot.has_all_rows:
        return pages.values()
    base = snapshot.base.base
    listed = [
        decks for decks in base.decks_of_pages() if not stale.isdisjoint(shown_names(decks, layout))
    ]
    if len(listed) > _MOST_DECKS:
        return pages.values()
    changed = pages.changed if isinstance(pages, PagesAfter) else {}
    rows = [row for row in base.pages_in_decks(listed) if row.note_id not in changed]
    return [*rows, *_changed(pages)]


def _changed(pages: Mapping[int, PageRow]) -> list[PageRow]:
    return [row for row in pages.changed.values() if row] if isinstance(pages, PagesAfter) else []


def plan_page_links(
    snapshot: VaultSnapshot,
    changes: Iterable[PageChange],
    pages: Mapping[int, PageRow],
    wanted: Mapping[str, str],
) -> LinkPlan:
    """How ``pages`` and the ``wanted`` index pages are linked, after all that will be there."""
    if snapshot.is_scoped:
        return _plan_few_links(snapshot, pages, wanted)
    if isinstance(pages, AnsweredPages) and pages.asked.wanted.keys() == wanted.keys():
        return _plan_answered_links(snapshot, pages, wanted)
    known, indexes = snapshot.known, snapshot.base.indexes
    ours = {*indexes, *wanted, *snapshot.finder.found.values()}
    others = _name_others(snapshot, snapshot.unknown_files - ours)
    renamed = indexes.keys() != wanted.keys() or any(
        change.row is None
        or change.note_id not in known
        or known[change.note_id].path != change.row.path
        for change in changes
    )
    paths = chain(_paths_after(snapshot, pages), wanted)
    return plan_links(snapshot.base, snapshot.obsidian.prefix, paths, others, renamed)


def _plan_answered_links(
    snapshot: VaultSnapshot, pages: AnsweredPages, wanted: Mapping[str, str]
) -> LinkPlan:
    """The same after answers, where files of a few names may come or go."""
    before, names = pages.asked.linking, pages.renamed()
    if not names:
        return before
    paths = [row.path for row in pages.named(names)]
    paths += [path for path in wanted if fold_file_name(path) in names]
    return plan_links_after(snapshot.base, before, names, paths)


def _paths_after(snapshot: VaultSnapshot, pages: Mapping[int, PageRow]) -> Iterator[str]:
    """The paths of the pages as they will be, without the rows of those that stay."""
    known, changed = snapshot.known, pages.changed if isinstance(pages, PagesAfter) else {}
    if snapshot.has_all_rows:
        yield from (row.path for row in pages.values())
        return
    before = Counter(known[note_id].path for note_id in changed if note_id in known)
    for path in snapshot.base.iterate_paths():
        if before[path]:
            before[path] -= 1
        else:
            yield path
    yield from (row.path for row in _changed(pages))


def _plan_few_links(
    snapshot: VaultSnapshot, pages: Mapping[int, PageRow], wanted: Mapping[str, str]
) -> LinkPlan:
    """The same, where only files of certain names came or went."""
    base, strangers = snapshot.base, snapshot.strangers
    changed = pages.changed if isinstance(pages, PagesAfter) else {}
    before = {i: base.pages[i].path for i in changed if i in base.pages}
    after = {i: row.path for i, row in changed.items() if row}
    moved = {path for i in changed for path in (before.get(i), after.get(i)) if path}
    moved -= {after[i] for i in changed if i in after and before.get(i) == after[i]}
    moved |= base.indexes.keys() ^ wanted.keys()
    foreign = {row.path for row in strangers.learned} | {*strangers.gone}
    names = {fold_file_name(path) for path in moved | foreign}
    if not names:
        return plan_links_of(base)
    strange = {*base.base.stranger_paths()} - {*strangers.gone}
    strange |= {row.path for row in strangers.learned}
    others = _name_others(snapshot, strange - base.indexes.keys() - wanted.keys())
    ours = [row.path for name in names for row in base.base.pages_named(name)]
    ours = [path for path in ours if path not in before.values()]
    paths = {*ours, *after.values(), *wanted}
    named = [path for path in paths if fold_file_name(path) in names]
    return plan_links_of(base, names, named, others)


def _name_others(snapshot: VaultSnapshot, strange: Iterable[str]) -> set[str]:
    """The folded names of Markdown files that are not ours, in the vault folder and elsewhere."""
    elsewhere = snapshot.obsidian.names_elsewhere
    names = {name for name in elsewhere if name.endswith(fold_name(".md"))}
    return names | {fold_file_name(path) for path in strange}


def find_relinked(
    linking: LinkPlan, pages: Mapping[int, PageRow], wanted: Mapping[str, str], layout: Layout
) -> set[str]:
    """The decks whose index page has a link that must be written differently now."""
    changed = linking.changed
    if changed is None or any(fold_file_name(path) in changed for path in wanted):
        return set(wanted.values())
    if not changed:
        return set()
    rows = pages.named(changed) if isinstance(pages, AnsweredPages) else pages.values()
    relinked: set[str] = set()
    for row in rows:
        if fold_file_name(row.path) in changed:
            relinked.update(shown_names(row.decks, layout))
    return relinked.intersection(wanted.values())
