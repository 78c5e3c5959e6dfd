"""Plans a run: reads both sides once, and says what would be done. Writes nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Optional

from ...convert.page.note import PageStyle
from ...convert.text.file_names import fold_name
from ..collection.reads import (
    NoteRow,
    iterate_notes,
    read_deck_names,
    read_note_ids,
    read_notetypes,
)
from ..run.faults import tell_fault
from ..run.progress import Progress
from .base import Base, IndexRow, PageRow
from .changes import Direction, PageChange, VaultPlan, Why
from .inward.arrivals import find_arrived, take_missing, tell_missing
from .inward.incoming_media import MediaReader
from .inward.new_pages import plan_new_pages
from .inward.two_way import TwoWayPlanner
from .outward.assets import Assets, plan_media
from .outward.digests import Digests, shown_names
from .outward.index_pages import (
    Entry,
    find_stale,
    find_strays,
    index_paths,
    plan_indexes,
    plan_strays,
)
from .outward.links import LinkPlan, find_names_elsewhere, plan_links, relative_prefix
from .outward.page_planner import PagePlanner
from .outward.warnings import tell_old_base, tell_scan, tell_unknown_decks
from .read.files import VaultFiles
from .read.layout import Layout, plan_layout
from .read.obsidian import find_obsidian_root
from .read.obsidian_uri import make_link_writer
from .read.pages_on_disk import PageFinder
from .read.scan import scan_vault
from .read.unknown_pages import find_reborn, find_strangers
from .read.vault_names import make_page_test, plan_vault_name
from .settings import Settings

if TYPE_CHECKING:
    from anki.collection import Collection

OUTWARD_AND_INWARD = Direction()


@dataclass
class _Run:
    """The pages as they will be after the run, gathered while notes are read."""

    changes: list[PageChange]
    unchanged: int
    seen: set[int]
    touched: set[str]  # decks whose index page may change
    media: dict[str, int]  # media name → a note that uses it


def plan(
    col: Collection,
    settings: Settings,
    folder: Path,
    base: Base,
    progress: Progress,
    direction: Direction = OUTWARD_AND_INWARD,
    *,
    refill: bool = False,
) -> VaultPlan:
    """Everything a run would do in ``folder``, which must exist.

    A folder that held pages and is suddenly empty gives a plan that only says so, unless it is to
    be filled again (``refill``).
    """
    root = find_obsidian_root(folder)
    decks = read_deck_names(col)
    layout = plan_layout(decks, settings.excluded_decks, base.folders(), settings.assets_folder)
    progress("Looking through the vault folder", 0, 0)
    known_media = base.media()
    media_folders = {row.path.rpartition("/")[0] for row in known_media.values()}
    scan = scan_vault(folder, settings.assets_folder, media_folders)
    known = base.pages()
    if known and not scan.pages and not scan.placeholders and not refill:
        return VaultPlan(folder, settings, emptied=len(known))
    files = VaultFiles(folder, root)
    prefix = relative_prefix(folder, root)
    elsewhere = find_names_elsewhere(root, folder)
    assets = Assets(settings.assets_folder, prefix, elsewhere | scan.others)
    assets.keep(known_media)
    known_indexes = base.indexes()
    present = read_note_ids(col)
    strangers = find_strangers(
        col, scan, known, present, base.strangers(), known_indexes, layout, files, settings.two_way
    )
    reborn = find_reborn(col, base, known, present, scan)
    found = {**{new: known[old].path for new, old in reborn.items()}, **strangers.pages}
    notetypes = read_notetypes(col)
    incoming = MediaReader(root or folder, prefix, assets, known_media, col.media.dir())
    if settings.two_way and direction.inward:
        incoming.arrived |= find_arrived(known, incoming, assets.elsewhere)
    link_target = make_link_writer(root, make_page_test(scan.pages, elsewhere))
    makings: dict[str, Any] = {
        "base": base,
        "scan": scan,
        "layout": layout,
        "settings": settings,
        "style": PageStyle(
            settings.cloze_style,
            assets.embed_target,
            settings.include_tags,
            link_target if settings.two_way else None,
            incoming.has_media,
        ),
        "notetypes": notetypes,
        "digests": Digests(settings, layout, notetypes),
        "known": known,
        "finder": PageFinder(files, scan, known, found),
        "relinked": assets.find_relinked(known_media.values()) | incoming.arrived,
    }
    if settings.two_way:
        planner: PagePlanner = TwoWayPlanner(
            col, direction, incoming, root, refill=refill, **makings
        )
    else:
        planner = PagePlanner(**makings)
    planner.messages.extend([tell_old_base()] if base.replaces_old else [])
    planner.messages.extend(tell_unknown_decks(decks, settings))
    planner.messages.extend(tell_scan(scan))
    if not settings.two_way:
        planner.messages.extend(copy.tell() for copy in strangers.copies)
    planner.messages.extend(strangers.messages)
    run = _plan_pages(col, planner, progress, len(present))
    for old in reborn.values():
        run.seen.add(old)
        run.changes.append(PageChange("forget", old, known[old].path, (Why.NEW_ID,)))
    _plan_deletions(planner, run, present)
    if settings.two_way and direction.inward:
        plan_new_pages(col, planner, strangers, incoming, root, direction.answers)
        if root is not None and base.meta("vault") != root.name:
            leave = {note.note_id for note in planner.notes}
            leave |= {question.note_id for question in planner.questions}
            planner.notes += plan_vault_name(
                col, root.name, link_target, planner.finder, leave, notetypes
            )
    for row in planner.unsettled.values():
        _use(run, row.media, row.note_id)
    pages = _pages_after(known, run, planner.unsettled)
    missing = take_missing(run.media)
    media, media_messages = plan_media(
        run.media, known_media, assets, col.media.dir(), files, pages, incoming.sources()
    )
    if not direction.completes:
        media_messages += tell_missing(missing, incoming.told, pages)
    wanted: dict[str, str] = {}
    stale: set[str] = set()
    if settings.index_pages:
        wanted = index_paths(layout, _shown_decks(pages, layout))
        stale = find_stale(wanted, known_indexes, scan, run.touched)
    linking = _plan_links(base, prefix, planner, run, pages, wanted, known_indexes, elsewhere)
    stale |= _find_relinked(linking, pages, wanted, layout)
    entries = _gather_entries(pages, layout, stale)
    indexes, index_messages = plan_indexes(
        wanted,
        stale,
        entries,
        known_indexes,
        layout,
        linking.links,
        files,
        waits=settings.two_way and not (direction.inward or direction.completes),
    )
    indexes += plan_strays(find_strays(wanted, known_indexes, scan), files)
    return VaultPlan(
        folder=folder,
        settings=settings,
        pages=tuple(run.changes),
        indexes=tuple(indexes),
        media=tuple(media),
        notes=tuple(planner.notes),
        questions=tuple(planner.questions),
        unchanged=run.unchanged,
        messages=(*planner.messages, *media_messages, *index_messages),
        folders=layout.folders if dict(layout.folders) != base.folders() else {},
        links={
            **linking.learned,
            **(_learn_name(base, root, direction) if settings.two_way else {}),
        },
        strangers=strangers.rows,
        stale_indexes=tuple(path for path, deck in wanted.items() if deck in stale | run.touched),
        leftovers=tuple(scan.leftovers),
    )


def _learn_name(base: Base, root: Optional[Path], direction: Direction) -> dict[str, str]:
    """What the base is to remember of the vault's name, once all links say it."""
    is_new = root is not None and direction.inward and base.meta("vault") != root.name
    return {"vault": root.name} if root is not None and is_new else {}


def _plan_links(
    base: Base,
    prefix: str,
    planner: PagePlanner,
    run: _Run,
    pages: Mapping[int, PageRow],
    wanted: Mapping[str, str],
    known_indexes: Mapping[str, IndexRow],
    elsewhere: set[str],
) -> LinkPlan:
    """How pages are linked, after all that will be there is known."""
    known = planner.known
    ours = {row.path for row in known.values()}
    ours.update(known_indexes, wanted, planner.finder.found.values())
    others = {fold_name(path.rpartition("/")[2]) for path in planner.scan.pages.keys() - ours}
    others.update(name for name in elsewhere if name.endswith(fold_name(".md")))
    renamed = known_indexes.keys() != wanted.keys() or any(
        change.row is None
        or change.note_id not in known
        or known[change.note_id].path != change.row.path
        for change in run.changes
    )
    paths = [*(row.path for row in pages.values()), *wanted] if renamed or others else wanted
    return plan_links(base, prefix, paths, others, renamed)


def _find_relinked(
    linking: LinkPlan, pages: Mapping[int, PageRow], wanted: Mapping[str, str], layout: Layout
) -> set[str]:
    """The decks whose index page has a link that now reads otherwise."""
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


def _plan_pages(col: Collection, planner: PagePlanner, progress: Progress, total: int) -> _Run:
    """Walk over all notes; only those that are not as they were are looked at."""
    run = _Run([], 0, set(), set(), {})
    known, scan = planner.known, planner.scan.pages
    digests = planner.digests
    begun = digests.begun
    relinked = planner.relinked
    done = 0
    for rows in iterate_notes(col):
        progress("Comparing notes and pages", done, total)
        done += len(rows)
        pending: list[tuple[NoteRow, str, bytes]] = []
        for row in rows:
            note_id, guid, notetype, _, tags, fields, decks = row
            key = notetype, decks
            deck, start = begun.get(key) or digests.begin(key)
            if deck is None:
                continue
            run.seen.add(note_id)
            mixed = start.copy()
            mixed.update(f"{note_id}\x1f{guid}\x1f{tags}\x1f{fields}".encode())
            digest = mixed.digest()
            before = known.get(note_id)
            if (
                before is not None
                and before.digest == digest
                and scan.get(before.path) == (before.size, before.mtime)
                and not (relinked and not relinked.isdisjoint(before.media.split("\n")))
            ):
                run.unchanged += 1
                if before.media:
                    _use(run, before.media, note_id)
                continue
            pending.append((row, deck, digest))
        planner.look_up([row.id for row, _, _ in pending if row.id in known])
        for number, (row, deck, digest) in enumerate(pending):
            if number % 50 == 49:
                progress("Comparing notes and pages", done - len(rows) + number, total)
            _take(run, planner, row, known.get(row.id), planner.plan_page(row, deck, digest))
    return run


def _take(
    run: _Run,
    planner: PagePlanner,
    row: NoteRow,
    before: Optional[PageRow],
    change: Optional[PageChange],
) -> None:
    """Note a page's change, and what it means for index pages and media."""
    if change is None:
        run.unchanged += before is not None
        if before is not None:
            _use(run, before.media, row.id)
        return
    after = change.row
    if after is None:  # its note is to go
        run.touched.update(shown_names(row.decks, planner.layout))
        run.changes.append(change)
        return
    if before is None or before[5:7] != after[5:7] or before.path != after.path:
        run.touched.update(shown_names(after.decks, planner.layout))
        if before is not None:
            run.touched.update(shown_names(before.decks, planner.layout))
    _use(run, after.media, row.id)
    run.changes.append(change)


def _plan_deletions(planner: PagePlanner, run: _Run, present: set[int]) -> None:
    gone = [note_id for note_id in planner.known if note_id not in run.seen]
    gone += [i for i in planner.finder.found if i not in run.seen and i not in planner.known]
    for note_id in gone:
        before = planner.known.get(note_id)
        change = _plan_deletion(planner, note_id, note_id in present)
        if change is not None:
            run.changes.append(change)
        elif before is not None:
            _use(run, before.media, note_id)
        if before is not None:
            run.touched.update(shown_names(before.decks, planner.layout))


def _plan_deletion(planner: PagePlanner, note_id: int, is_there: bool) -> Optional[PageChange]:
    before = planner.known.get(note_id)
    try:
        return planner.plan_deletion(note_id, Why.DECK_HIDDEN if is_there else Why.NOTE_GONE)
    except Exception as error:
        path = before.path if before else None
        what, left = f"the page of note {note_id}", "The page stays, and everything else went on"
        planner.messages.append(tell_fault(error, what, path, note_id, left))
        return None


def _use(run: _Run, media: str, note_id: int) -> None:
    if media:
        for name in media.split("\n"):
            run.media.setdefault(name, note_id)


def _pages_after(
    known: Mapping[int, PageRow], run: _Run, unsettled: Mapping[int, PageRow]
) -> Mapping[int, PageRow]:
    """The pages as they will be once the plan is done."""
    if not run.changes and not unsettled:
        return known
    pages = {**known, **unsettled}
    for change in run.changes:
        if change.row is not None:
            pages[change.note_id] = change.row
        else:
            pages.pop(change.note_id, None)
    return pages


def _shown_decks(pages: Mapping[int, PageRow], layout: Layout) -> set[str]:
    """The names of all decks that have a page, or a link to one."""
    names: set[str] = set()
    for decks in {row.decks for row in pages.values()}:
        names.update(shown_names(decks, layout))
    return names


def _gather_entries(
    pages: Mapping[int, PageRow], layout: Layout, stale: set[str]
) -> dict[str, list[Entry]]:
    """What the stale decks' index pages list."""
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
