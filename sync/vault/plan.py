"""Plans a run: finds each change that it would make. Writes nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass, field
from functools import cached_property
from typing import Optional

from ...convert.page.note import PageStyle
from ..collection.reads import NoteContents, NoteRow
from ..run.progress import Progress, no_progress
from ..run.report import Message
from .base import PageRow
from .changes import (
    OUTWARD_AND_INWARD,
    Direction,
    IndexChange,
    MediaChange,
    PageChange,
    StrangerChanges,
    VaultPlan,
    Why,
)
from .inward.arrivals import find_arrived, take_missing, tell_missing
from .inward.incoming_media import MediaReader
from .inward.new_pages import NewPagePlanner
from .inward.two_way import TwoWayJudge
from .inward.two_way_run import TwoWayRun
from .outward.assets import Assets, plan_media
from .outward.digests import Digests, shown_names
from .outward.index_contents import (
    PagesAfter,
    find_relinked,
    find_shown_decks,
    gather_entries,
    plan_page_links,
)
from .outward.index_pages import IndexPlanner, find_stale, index_paths
from .outward.links import LinkPlan
from .outward.page_maker import PageMaker
from .outward.page_planner import Findings, MirrorJudge, PageJudge, PagePlanner
from .outward.warnings import tell_old_base, tell_scan, tell_unknown_decks
from .read.obsidian_uri import make_link_writer
from .read.on_demand import SetOnDemand
from .read.snapshot import VaultSnapshot
from .read.vault_names import make_page_test, plan_vault_name


def plan(
    snapshot: VaultSnapshot,
    direction: Direction = OUTWARD_AND_INWARD,
    progress: Progress = no_progress,
) -> VaultPlan:
    """Plan all that a run would do.

    If the folder held pages and is now empty, the plan only says so, unless ``direction.refill``.
    """
    if snapshot.is_emptied and not direction.refill:
        return VaultPlan(snapshot.folder, snapshot.settings, emptied=len(snapshot.known))
    return PlanBuilder(snapshot, direction, progress).build()


@dataclass
class PlanBuilder:
    """Plans step by step, and collects the changes."""

    snapshot: VaultSnapshot
    direction: Direction
    progress: Progress
    findings: Findings = field(default_factory=Findings)
    changes: list[PageChange] = field(default_factory=list)
    unchanged: int = 0
    shown: set[int] = field(default_factory=set)  # notes in decks that are shown
    hidden: set[int] = field(default_factory=set)  # notes in decks that are left out
    touched: set[str] = field(default_factory=set)  # decks whose index page may change
    used: dict[str, int] = field(default_factory=dict)  # media name → a note that uses it

    def build(self) -> VaultPlan:
        """Do all steps in order, and make the plan."""
        self._tell_folder()
        self._compare_notes()
        self._plan_left_pages()
        self._plan_new_pages()
        pages = self._find_pages_after()
        media, media_messages = self._plan_media(pages)
        indexes, linking, index_messages, stale = self._plan_indexes(pages)
        snapshot, findings = self.snapshot, self.findings
        folders, strangers = snapshot.layout.folders, snapshot.strangers
        return VaultPlan(
            folder=snapshot.folder,
            settings=snapshot.settings,
            pages=tuple(self.changes),
            indexes=tuple(indexes),
            media=tuple(media),
            notes=tuple(findings.notes),
            questions=tuple(findings.questions),
            unchanged=self.unchanged,
            messages=(*findings.messages, *media_messages, *index_messages),
            folders=folders if dict(folders) != snapshot.base.folders else {},
            links={**linking.learned, **self._learn_vault_name()},
            strangers=StrangerChanges(strangers.learned, strangers.gone),
            stale_indexes=stale,
            leftovers=tuple(snapshot.scan.leftovers),
            scope=snapshot.scope,
            elsewhere=snapshot.count_elsewhere(),
        )

    # What the steps share

    @cached_property
    def _assets(self) -> Assets:
        obsidian, scan = self.snapshot.obsidian, self.snapshot.scan
        folder = self.snapshot.settings.assets_folder
        known = self.snapshot.base.media
        if self.snapshot.is_scoped:
            others = SetOnDemand[str](
                lambda name: name in obsidian.names_elsewhere or name in scan.others,
                lambda: obsidian.names_elsewhere | scan.others,
            )
            return Assets(folder, obsidian.prefix, others, known, believes=True)
        return Assets(folder, obsidian.prefix, obsidian.names_elsewhere | scan.others, known)

    @cached_property
    def _incoming(self) -> MediaReader:
        snapshot = self.snapshot
        media = MediaReader(
            snapshot.obsidian, self._assets, snapshot.base.media, snapshot.anki.media
        )
        if self._goes_inward:
            media.arrived |= find_arrived(snapshot.known_rows(), media, self._assets.elsewhere)
        return media

    @cached_property
    def _link_target(self) -> Callable[[str], Optional[str]]:
        is_here = make_page_test(self.snapshot.has_file_named)
        return make_link_writer(self.snapshot.obsidian.root, is_here)

    @cached_property
    def _maker(self) -> PageMaker:
        snapshot, settings = self.snapshot, self.snapshot.settings
        style = PageStyle(
            settings.cloze_style,
            self._assets.embed_target,
            settings.include_tags,
            self._link_target if settings.two_way else None,
            snapshot.anki.media.has,
        )
        digests = Digests(settings, snapshot.layout, snapshot.notetypes)
        return PageMaker(snapshot, style, digests)

    @cached_property
    def _run(self) -> TwoWayRun:
        return TwoWayRun(self.snapshot, self.direction, self._maker, self._incoming, self.findings)

    @cached_property
    def _planner(self) -> PagePlanner:
        two_way = self.snapshot.settings.two_way
        judge: PageJudge = TwoWayJudge(self._run) if two_way else MirrorJudge(self._maker)
        return PagePlanner(self._maker, judge, self.findings)

    @property
    def _goes_inward(self) -> bool:
        return self.snapshot.settings.two_way and self.direction.inward

    # The steps

    def _tell_folder(self) -> None:
        """Add the messages about the folder and the settings."""
        snapshot, messages = self.snapshot, self.findings.messages
        messages += [tell_old_base()] if snapshot.base.replaces_old else []
        messages += tell_unknown_decks(snapshot.decks, snapshot.settings)
        messages += tell_scan(snapshot.scan)
        if not snapshot.settings.two_way:
            messages += [copy.tell() for copy in snapshot.strangers.copies]
        messages += snapshot.strangers.messages

    def _compare_notes(self) -> None:
        """Go through all notes, and plan the pages of those that have changed."""
        snapshot, planner, progress = self.snapshot, self._planner, self.progress
        known, anki, digests = snapshot.known, snapshot.anki, self._maker.digests
        wanted = snapshot.scope.note_ids if snapshot.is_scoped else None
        total = len(snapshot.note_ids if wanted is None else wanted)
        relinked = self._assets.find_relinked() | self._incoming.arrived
        done = 0
        for contents in anki.iterate_contents(wanted):
            progress("Comparing notes and pages", done, total)
            pending = self._find_pending(contents, relinked)
            self._maker.look_up([note_id for note_id in pending if note_id in known])
            for number, row in enumerate(anki.read_with_decks(pending)):
                if number % 50 == 49:
                    progress("Comparing notes and pages", done + number, total)
                deck = digests.deck_of(row)
                if deck is not None:  # it may be another one since a moment ago
                    change = planner.plan_page(row, deck, digests.finish(row))
                    self._take(row, known.get(row.id), change)
            done += len(contents.notes)

    def _find_pending(self, contents: NoteContents, relinked: Set[str]) -> list[int]:
        """The notes that are not as the base says, or whose pages are not.

        It is here that a run without changes spends its time.
        """
        known, scan, decks = self.snapshot.known, self.snapshot.scan.pages, contents.decks
        begun, begin = self._maker.digests.begun, self._maker.digests.begin
        pending: list[int] = []
        for note_id, notetype, content in contents.notes:
            key = notetype, decks.get(note_id, "")
            deck, start = begun.get(key) or begin(key)
            if deck is None:
                self.hidden.add(note_id)
                continue
            self.shown.add(note_id)
            before = known.get(note_id)
            if before is not None and scan.get(before.path) == before[2:4]:
                mixed = start.copy()
                mixed.update(content.encode())
                media = before.media
                if mixed.digest() == before.digest and not (
                    relinked and not relinked.isdisjoint(media.split("\n"))
                ):
                    self.unchanged += 1
                    if media:
                        self._use(media, note_id)
                    continue
            pending.append(note_id)
        return pending

    def _take(self, row: NoteRow, before: Optional[PageRow], change: Optional[PageChange]) -> None:
        """Record the change of a page, and which index pages and media it concerns."""
        if change is None:
            self.unchanged += before is not None
            if before is not None:
                self._use(before.media, row.id)
            return
        self.changes.append(change)
        after = change.row
        if after is None:  # its note will be deleted
            self._touch(row.decks)
            return
        if before is None or before[5:7] != after[5:7] or before.path != after.path:
            self._touch(after.decks)
            if before is not None:
                self._touch(before.decks)
        self._use(after.media, row.id)

    def _plan_left_pages(self) -> None:
        """Plan pages whose notes are deleted, came back with another id, or are left out."""
        snapshot, known = self.snapshot, self.snapshot.known
        for old in snapshot.reborn.values():
            self.shown.add(old)
            self.changes.append(PageChange("forget", old, known[old].path, (Why.NEW_ID,)))
        left = [row.note_id for row in snapshot.known_rows() if row.note_id not in self.shown]
        left += [i for i in snapshot.finder.found if i not in self.shown and i not in known]
        for note_id in left:
            before, change = known.get(note_id), None
            if note_id not in snapshot.note_ids:
                change = self._planner.plan_left(note_id, Why.NOTE_GONE)
            elif note_id in self.hidden:
                change = self._planner.plan_left(note_id, Why.DECK_HIDDEN)
            if change is not None:
                self.changes.append(change)
            elif before is not None:
                self._use(before.media, note_id)
            if before is not None:
                self._touch(before.decks)

    def _plan_new_pages(self) -> None:
        """Plan notes for new and copied pages, and notes whose links have the vault's old name."""
        snapshot, findings = self.snapshot, self.findings
        if not self._goes_inward:
            return
        NewPagePlanner(self._run).plan(snapshot.strangers.new, snapshot.strangers.copies)
        root = snapshot.obsidian.root
        if root is not None and snapshot.base.recall("vault") != root.name:
            leave = {note.note_id for note in findings.notes}
            leave |= {question.note_id for question in findings.questions}
            findings.notes += plan_vault_name(snapshot, root.name, self._link_target, leave)

    def _find_pages_after(self) -> Mapping[int, PageRow]:
        """The pages as they will be after the run, by note id."""
        unsettled = self.findings.unsettled
        for row in unsettled.values():
            self._use(row.media, row.note_id)
        if not self.changes and not unsettled:
            return self.snapshot.known
        rows = {change.note_id: change.row for change in self.changes}
        return PagesAfter(self.snapshot.known, {**unsettled, **rows})

    def _plan_media(self, pages: Mapping[int, PageRow]) -> tuple[list[MediaChange], list[Message]]:
        """Plan the copies of media that pages use. Returns messages too."""
        snapshot, incoming = self.snapshot, self._incoming
        missing = take_missing(self.used)
        media, messages = plan_media(self.used, snapshot, self._assets, pages, incoming.sources())
        if not self.direction.completes:
            messages += tell_missing(missing, incoming.told, pages)
        return media, messages

    def _plan_indexes(
        self, pages: Mapping[int, PageRow]
    ) -> tuple[list[IndexChange], LinkPlan, list[Message], tuple[str, ...]]:
        """Plan the index pages and links.

        Returns the changes, the links, messages, and the paths of index pages that may change.
        """
        snapshot, layout = self.snapshot, self.snapshot.layout
        wanted: dict[str, str] = {}
        stale: set[str] = set()
        if snapshot.settings.index_pages:
            wanted = index_paths(layout, find_shown_decks(snapshot, pages))
            stale = find_stale(wanted, snapshot.base.indexes, snapshot.scan, self.touched)
        linking = plan_page_links(snapshot, self.changes, pages, wanted)
        stale |= find_relinked(linking, pages, wanted, layout)
        entries = gather_entries(snapshot, pages, stale)
        direction = self.direction
        waits = snapshot.settings.two_way and not (direction.inward or direction.completes)
        planner = IndexPlanner(snapshot, wanted, stale, entries, linking.links, waits)
        indexes = planner.plan()
        looked_at = tuple(p for p, deck in wanted.items() if deck in stale | self.touched)
        return indexes, linking, planner.messages, looked_at

    def _learn_vault_name(self) -> dict[str, str]:
        """The vault's name for the base, if it is new: all links have it after this run."""
        root = self.snapshot.obsidian.root
        if root is None or not self._goes_inward:
            return {}
        return {"vault": root.name} if self.snapshot.base.recall("vault") != root.name else {}

    def _use(self, media: str, note_id: int) -> None:
        if media:
            for name in media.split("\n"):
                self.used.setdefault(name, note_id)

    def _touch(self, decks: str) -> None:
        self.touched.update(shown_names(decks, self.snapshot.layout))
