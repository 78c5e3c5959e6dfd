"""Plans a run: finds each change that it would make. Writes nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Optional

from ..collection.reads import NoteRow
from ..reconcile.note_change import NoteChange
from ..run.progress import Progress, no_progress
from ..run.report import without_repeats
from ..run.scope import NeedsEverything
from .base import VAULT_NAME
from .changes import (
    OUTWARD_AND_INWARD,
    Direction,
    PageChange,
    StretchChanges,
    VaultPlan,
    Why,
)
from .comparing import Compared, Comparison
from .gone_back import GoneBack
from .index_plan import plan_indexes
from .inward.arrivals import take_missing, tell_missing
from .inward.new_pages import NewPagePlanner
from .inward.questions import GONE
from .inward.two_way import TwoWayJudge
from .inward.two_way_run import TwoWayRun
from .outcomes import (
    IndexesPlan,
    MediaPlan,
    Outcome,
    Piece,
    find_answered,
    find_used,
    join_pieces,
    learn_strangers,
)
from .outward.assets import plan_media
from .outward.page_planner import Findings, MirrorJudge, PageJudge, PagePlanner
from .outward.pages_after import AskedPages, PagesAfter
from .outward.warnings import tell_old_base, tell_scan, tell_unknown_decks
from .plan_tools import PlanTools
from .read.snapshot import VaultSnapshot
from .read.unknown_pages import Copy
from .read.vault_names import plan_vault_name
from .rows import PageRow, Stretch

_JOINED = 500  # pages of which what was found becomes one value, where no answer needs it


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
    return begin(snapshot, direction, progress).build()


def begin(
    snapshot: VaultSnapshot, direction: Direction, progress: Progress, *, answerable: bool = False
) -> PlanBuilder:
    """What plans all that a run would do, step by step.

    ``answerable``: what was found for each page stays apart, so that one can be planned again.
    """
    tools = PlanTools(snapshot, snapshot.settings.two_way and direction.inward)
    return PlanBuilder(snapshot, direction, progress, tools, answerable=answerable)


@dataclass
class PlanBuilder:
    """Plans step by step, and keeps what becomes of each piece."""

    snapshot: VaultSnapshot
    direction: Direction
    progress: Progress
    tools: PlanTools
    findings: Findings = field(default_factory=Findings)
    outcomes: dict[Piece, Outcome] = field(default_factory=dict)  # all in which there is something
    unchanged: int = 0  # notes that were not looked at closely
    # Notes with media → the names, or None where the outcome has them, in the order of the plan.
    using: dict[Piece, Optional[str]] = field(default_factory=dict)
    shown: set[int] = field(default_factory=set)  # notes in decks that are shown, if not unchanged
    left: list[int] = field(default_factory=list)  # ids of pages whose notes are not shown
    learned: list[Stretch] = field(default_factory=list)
    refuted: list[Stretch] = field(default_factory=list)
    copies: set[str] = field(default_factory=set)  # of pages of notes that are left out
    names_later: bool = False  # whether notes that wait have links with a former vault name
    pages: Mapping[int, PageRow] = field(default_factory=dict)  # after the run, once it is planned
    media: MediaPlan = field(default_factory=MediaPlan)
    indexes: IndexesPlan = field(default_factory=IndexesPlan)
    asked: Optional[AskedPages] = None  # where a plan was made before, and only answers are others
    answerable: bool = True  # see ``begin``
    _apart: list[Piece] = field(default_factory=list)  # of those to join, the ones not joined yet

    def build(self) -> VaultPlan:
        """Do all steps in order, and make the plan."""
        self._tell_folder()
        self._compare_notes()
        self._refuse_to_restore_unseen()
        self._plan_left_pages()
        self._plan_new_pages()
        pages = self.pages = self.find_pages_after()
        self.media = self.plan_media(pages, None)
        outcomes = self.outcomes.values()
        self.indexes = plan_indexes(self.snapshot, self.direction, outcomes, pages)
        return self.make_plan(pages)

    def make_plan(self, pages: Mapping[int, PageRow]) -> VaultPlan:
        """The plan, when everything in it is known."""
        snapshot, outcomes, tools = self.snapshot, self.outcomes.values(), self.tools
        folders = snapshot.layout.folders
        found = (message for outcome in outcomes for message in outcome.messages)
        messages = [*without_repeats(found)]
        messages += self.media.messages
        if not self.direction.completes:
            told = {target for outcome in outcomes for target in outcome.told}
            messages += tell_missing(self.media.missing, told, pages)
        return VaultPlan(
            folder=snapshot.folder,
            settings=snapshot.settings,
            pages=tuple(change for outcome in outcomes for change in outcome.changes),
            indexes=self.indexes.changes,
            media=self.media.changes,
            notes=tuple(_identify(note, snapshot) for each in outcomes for note in each.notes),
            questions=tuple(each for outcome in outcomes for each in outcome.questions),
            unchanged=self.unchanged + sum(outcome.unchanged for outcome in outcomes),
            messages=(*messages, *self.indexes.messages),
            folders=folders if dict(folders) != snapshot.base.folders else {},
            links={
                **self.indexes.linking.learned,
                **self._learn_vault_name(),
                **tools.learn(),
                **self._gone_back.learn(),
            },
            strangers=learn_strangers(snapshot, outcomes, self.copies),
            stale_indexes=self.indexes.looked_at,
            leftovers=tuple(snapshot.scan.leftovers),
            scope=snapshot.scope,
            stretches=StretchChanges(tuple(self.learned), tuple(self.refuted)),
            elsewhere=snapshot.count_elsewhere(),
        )

    @cached_property
    def _run(self) -> TwoWayRun:
        tools = self.tools
        return TwoWayRun(self.snapshot, self.direction, tools.maker, tools.incoming, self.findings)

    @cached_property
    def _planner(self) -> PagePlanner:
        two_way, maker = self.snapshot.settings.two_way, self.tools.maker
        judge: PageJudge = TwoWayJudge(self._run) if two_way else MirrorJudge(maker)
        return PagePlanner(maker, judge, self.findings)

    @cached_property
    def _gone_back(self) -> GoneBack:
        return GoneBack(self.snapshot)

    # The steps

    def _tell_folder(self) -> None:
        """Add the messages about the folder and the settings."""
        snapshot, messages = self.snapshot, self.findings.messages
        messages += [tell_old_base()] if snapshot.base.replaces_old else []
        messages += tell_unknown_decks(snapshot.decks, snapshot.settings)
        messages += tell_scan(snapshot.scan)
        messages += snapshot.strangers.messages
        self._keep(Piece("folder"))

    def _compare_notes(self) -> None:
        """Go through all notes, and plan the pages of those that have changed."""
        snapshot, progress, maker = self.snapshot, self.progress, self.tools.maker
        known, anki = snapshot.known, snapshot.anki
        total = len(snapshot.scope.note_ids or ()) if snapshot.is_scoped else anki.count_notes()
        relinked = self.tools.assets.find_relinked() | self.tools.incoming.arrived
        done = 0
        progress("Comparing notes and pages", done, total)
        comparison = Comparison(
            anki,
            snapshot.base,
            maker.digests,
            snapshot.scan.pages,
            snapshot.scope.note_ids if snapshot.is_scoped else None,
            snapshot.unaltered,
            relinked,
        )
        for found in comparison.iterate():
            self._take(found)
            pending = found.pending
            maker.held = snapshot.base.held([note_id for note_id in pending if note_id in known])
            for number, row in enumerate(anki.read_with_decks(pending)):
                if number % 50 == 49:
                    progress("Comparing notes and pages", done + number, total)
                self._plan_note(row)
            done += found.number
            progress("Comparing notes and pages", done, total)

    def _take(self, found: Compared) -> None:
        """Take over what was found of some notes."""
        self.unchanged += found.unchanged
        self.using.update((Piece("note", note_id), names) for note_id, names in found.media)
        self.shown |= found.shown
        self.left += found.left
        self.learned += [found.learned] if found.learned else []
        self.refuted += [found.refuted] if found.refuted else []

    def _refuse_to_restore_unseen(self) -> None:
        """Restore no page, and call none deleted, that may have been moved to where no one looks.

        A page counts as deleted only where this run was told to look at its path.
        """
        asked = self.snapshot.scan.asked
        if asked is None:
            return
        outcomes = self.outcomes.values()
        restores = any(each.kind == "restore" for outcome in outcomes for each in outcome.changes)
        missing = (q.path for outcome in outcomes for q in outcome.questions if q.kind == GONE)
        if restores or any(path not in asked for path in missing):
            raise NeedsEverything("a page is not where it was")

    def _plan_note(self, row: NoteRow) -> None:
        """Plan the page of a note, and which index pages and media it concerns."""
        digests = self.tools.maker.digests
        deck = digests.deck_of(row)
        if deck is None:  # it is another one since a moment ago
            return
        before = self.snapshot.known.get(row.id)
        change = self._planner.plan_page(row, deck, digests.finish(row))
        change = self._gone_back.keep_words(change, row)
        touched: tuple[str, ...] = ()
        if change is None:
            used = before.media if before else ""
        elif change.row is None:  # its note will be deleted
            used, touched = "", (row.decks,)
        else:
            after, used = change.row, change.row.media
            if before is None or before[5:7] != after[5:7] or before.path != after.path:
                touched = (after.decks,) if before is None else (after.decks, before.decks)
        unchanged = change is None and before is not None
        self._keep(Piece("note", row.id), change, touched, used, unchanged)

    def _plan_left_pages(self) -> None:
        """Plan pages whose notes are deleted, came back with another id, or are left out."""
        snapshot, known = self.snapshot, self.snapshot.known
        reborn = {*snapshot.reborn.values()}
        for old in snapshot.reborn.values():
            change = PageChange("forget", old, known[old].path, (Why.NEW_ID,))
            self._keep(Piece("reborn", old), change)
        left = [note_id for note_id in self.left if note_id not in reborn]
        unknown = {i: path for i, path in snapshot.finder.found.items() if i not in known}
        unknown = {i: path for i, path in unknown.items() if i not in self.shown}
        copies = snapshot.base.strangers  # what was left alone as a copy stays left alone
        self.copies = {path for path in unknown.values() if path in copies}
        left += [i for i, path in unknown.items() if path not in self.copies]
        for note_id in left:
            self._plan_left(note_id)

    def _plan_left(self, note_id: int) -> None:
        before, change = self.snapshot.known.get(note_id), None
        if note_id not in self.snapshot.note_ids:
            change = self._gone_back.keep_page(self._planner.plan_left(note_id, Why.NOTE_GONE))
        elif self._is_hidden(note_id):
            change = self._planner.plan_left(note_id, Why.DECK_HIDDEN)
        used = before.media if before and change is None else ""
        touched = (before.decks,) if before else ()
        self._keep(Piece("left", note_id), change, touched, used)

    def _is_hidden(self, note_id: int) -> bool:
        """Whether there is such a note now, and all its decks are left out."""
        rows = self.snapshot.anki.read_with_decks([note_id])
        return any(self.tools.maker.digests.deck_of(row) is None for row in rows)

    def _plan_new_pages(self) -> None:
        """Plan notes for new and copied pages, and notes whose links have the vault's old name."""
        strangers = self.snapshot.strangers
        if self._goes_inward:
            for path in strangers.new:
                self._new_pages.plan_new(path)
                self._keep(Piece("new", path))
        if self._goes_inward or not self.snapshot.settings.two_way:
            for copy in strangers.copies:
                self._plan_copy(copy)
        if self._goes_inward:
            self._plan_vault_name()

    def _plan_copy(self, copy: Copy) -> None:
        """Ask about a copied page. In a mirror it can only be left to the person."""
        if self._goes_inward:
            self._new_pages.plan_copy(copy)
        else:
            text = f"This is a copy of the page “{copy.page}”. It gets no changes from Anki."
            question = copy.ask(self.direction.answers, text, ("leave", "later"))
            self.findings.questions.append(question)
            if question.is_open and not copy.was_told:
                self.findings.messages.append(copy.tell())
        self._keep(Piece("copy", copy.path))

    @cached_property
    def _new_pages(self) -> NewPagePlanner:
        names = self.tools.names
        return NewPagePlanner(self._run, names.of("guid"), names.of("first field"))

    def _plan_vault_name(self) -> None:
        snapshot, root = self.snapshot, self.snapshot.obsidian.root
        if root is not None and self._learn_vault_name():
            leave, target = self.find_planned_notes(), self.tools.link_target
            changes, self.names_later = plan_vault_name(snapshot, root.name, target, leave)
            self.findings.notes += changes
            self._keep(Piece("vault name"))

    def find_planned_notes(self) -> set[int]:
        """The ids of the notes in Anki that change, or that have a question."""
        outcomes = [each for piece, each in self.outcomes.items() if piece.kind != "vault name"]
        notes = (note for outcome in outcomes for note in outcome.notes if note.kind != "create")
        found = {note.note_id for note in notes}
        return found | {each.note_id for outcome in outcomes for each in outcome.questions}

    def plan_again(self, piece: Piece) -> bool:
        """Plan one page again. Returns whether it could be done."""
        snapshot, which = self.snapshot, piece.which
        if piece.kind == "copy":
            self._plan_copy(next(c for c in snapshot.strangers.copies if c.path == which))
        elif piece.kind == "left" and isinstance(which, int):
            self._plan_left(which)
        elif piece.kind == "note" and isinstance(which, int):
            rows = snapshot.anki.read_with_decks([which])
            if not rows or self.tools.maker.digests.deck_of(rows[0]) is None:
                return False
            self._plan_note(rows[0])
        else:
            return False
        return True

    def _keep(
        self,
        piece: Piece,
        change: Optional[PageChange] = None,
        touched: tuple[str, ...] = (),
        used: str = "",
        unchanged: bool = False,
    ) -> None:
        """Keep what was found for a piece since the last one."""
        found, tools, note_id = self.findings, self.tools, piece.which
        held = None
        if found.questions and note_id in self.snapshot.known and isinstance(note_id, int):
            held = tools.maker.find_held(note_id)
        told = frozenset[str]()
        if self._goes_inward and tools.incoming.told:
            told = frozenset(tools.incoming.told)
            tools.incoming.told.clear()
        unsettled = found.unsettled.get(note_id) if isinstance(note_id, int) else None
        self.outcomes[piece] = Outcome(
            (change,) if change else (),
            tuple(found.messages),
            tuple(found.notes),
            tuple(found.questions),
            (unsettled,) if unsettled else (),
            int(unchanged),
            touched,
            used,
            told,
            tools.names.claims.cut(),
            held,
        )
        self.using[piece] = None
        found.clear()
        if not self.answerable:
            self._apart.append(piece)
            if len(self._apart) >= _JOINED:
                join_pieces(self._apart, self.outcomes, self.using)
                self._apart.clear()

    def find_pages_after(self) -> Mapping[int, PageRow]:
        """The pages as they will be after the run, by note id."""
        known = self.snapshot.known
        if self.asked is not None:
            return find_answered(self.asked, known, self.outcomes)
        rows = dict(row for outcome in self.outcomes.values() for row in outcome.rows)
        if not rows:
            return known
        if not self.snapshot.has_all_rows:
            return PagesAfter(known, rows)
        after = {**known, **rows}
        return {note_id: row for note_id, row in after.items() if row is not None}

    def plan_media(self, pages: Mapping[int, PageRow], only: Optional[set[str]]) -> MediaPlan:
        """Plan the copies of media that pages use, or those of these names ``only``."""
        snapshot, tools, used = self.snapshot, self.tools, find_used(self.using, self.outcomes)
        missing = take_missing(used)
        if only is not None:
            used = {name: note_id for name, note_id in used.items() if name in only}
            media = snapshot.base.media
            known = {name: media[name] for name in sorted(only) if name in media}
            snapshot = replace(snapshot, base=replace(snapshot.base, media=known))
        sources = tools.incoming.sources()
        changes, messages = plan_media(used, snapshot, tools.assets, pages, sources)
        return MediaPlan(tuple(changes), tuple(messages), missing)

    def _learn_vault_name(self) -> dict[str, str]:
        """The vault's name for the base, if it is new: all links have it after this run."""
        root = self.snapshot.obsidian.root
        if root is None or not self._goes_inward or self.names_later:
            return {}
        known = self.snapshot.base.recall(VAULT_NAME)
        return {VAULT_NAME: root.name} if known != root.name else {}

    @property
    def _goes_inward(self) -> bool:
        return self.tools.goes_inward


def _identify(note: NoteChange, snapshot: VaultSnapshot) -> NoteChange:
    """The change with the ids of its decks."""
    if note.deck is None:
        return note
    find = snapshot.anki.decks.find
    return replace(note, deck_ids=(find(note.deck[0]), find(note.deck[1])))
