"""Plans the index pages, and how links are written, when it is known which pages there will be."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Set
from typing import Optional

from .changes import Direction
from .outcomes import NO_INDEXES, IndexesPlan, Outcome
from .outward.digests import shown_names
from .outward.index_contents import (
    find_relinked,
    find_shown_decks,
    gather_entries,
    plan_page_links,
)
from .outward.index_pages import IndexPlanner, find_stale, index_paths
from .read.snapshot import VaultSnapshot
from .rows import PageRow


def plan_indexes(
    snapshot: VaultSnapshot,
    direction: Direction,
    outcomes: Collection[Outcome],
    pages: Mapping[int, PageRow],
    before: IndexesPlan = NO_INDEXES,
    only: Optional[Set[str]] = None,
) -> IndexesPlan:
    """Plan the index pages and links; those of other decks than ``only`` are as ``before``.

    ``outcomes`` are what was planned for all else, ``pages`` those that there will be.
    """
    layout = snapshot.layout
    texts = {decks for outcome in outcomes for decks in outcome.touched}
    touched = {name for decks in texts for name in shown_names(decks, layout)}
    wanted: dict[str, str] = {}
    stale: set[str] = set()
    if snapshot.settings.index_pages:
        known, scan = snapshot.base.indexes, snapshot.scan
        wanted = index_paths(layout, find_shown_decks(snapshot, pages), known, scan)
        stale = find_stale(wanted, known, scan, touched)
    changed = (change for outcome in outcomes for change in outcome.changes)
    linking = plan_page_links(snapshot, changed, pages, wanted)
    stale |= find_relinked(linking, pages, wanted, layout)
    looked_at = tuple(path for path, deck in wanted.items() if deck in stale | touched)
    same = (before.wanted, before.linking.links) == (wanted, linking.links)
    narrow = only is not None and same
    again = stale & only if narrow and only is not None else stale
    entries = gather_entries(snapshot, pages, again)
    waits = snapshot.settings.two_way and not (direction.inward or direction.completes)
    planner = IndexPlanner(snapshot, wanted, again, entries, linking.links, waits)
    changes = tuple(planner.plan_stale() if narrow else planner.plan())
    done = IndexesPlan(changes, tuple(planner.messages), looked_at, linking, wanted)
    return before.joined(done, only) if narrow and only is not None else done
