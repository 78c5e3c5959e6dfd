"""Home's page Activity: what every run did, the words before and after, and the way back."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Optional, TypeVar

import aqt
from anki.collection import Collection, OpChanges
from aqt import gui_hooks
from aqt.main import AnkiQt
from aqt.operations import QueryOp
from aqt.qt import (
    QComboBox,
    QHBoxLayout,
    QHideEvent,
    QKeySequence,
    QShortcut,
    QSignalBlocker,
    QSplitter,
    Qt,
    QTimer,
    QVBoxLayout,
    QWidget,
    qconnect,
)
from PyQt6 import sip

from ...sync.activity.entry import Kept, Run, Who
from ...sync.activity.find import PAGE, History, Query, reading
from ...sync.run.base_file import DAMAGED
from ..app import profile
from ..app.labels import plain_label, plain_tip
from ..live import sign
from ..obsidian.open_page import open_note
from ..preview.shown_sides import ShownSides
from ..runs import decks as deck_runs
from ..runs import ended
from ..runs import sources as source_runs
from ..widgets.named_list import make_button
from ..widgets.search_field import SearchField
from .activity_tree import ActivityTree
from .activity_words import IS_NEW, KINDS, tell_entry, write_messages, write_sections
from .back_window import bring_back

T = TypeVar("T")
_TYPED = 250  # milliseconds after the last letter, a search begins
_SOON = 60
_WHO: tuple[tuple[str, Optional[Who]], ...] = (
    ("Everybody", None),
    ("By hand", "by hand"),
    ("Automatic", "automatic"),
    ("Live", "live"),
    ("Command line", "command line"),
)
_EMPTY = "Nothing yet. What runs do from now on is kept here for 90 days, with the words of before."
_NOT_FOUND = "Nothing was found."
_UNREADABLE = (
    "What was kept cannot be read now: its file is damaged, in use or of a newer version. "
    "The next run begins a damaged one anew."
)


class ActivityPage(QWidget):
    """Runs of the last 90 days. Everything is read in the background."""

    def __init__(self, mw: AnkiQt, parent: QWidget) -> None:
        super().__init__(parent)
        self._mw = mw
        self._opened: Optional[Collection] = mw.col
        self._turn = 0  # counts the searches: what an older one finds comes too late
        self._note_id = 0
        self._last = 0.0  # when the oldest run was that is shown
        self._wanted_run = 0
        self._wanted: Optional[Kept] = None  # the entry to choose again once it is read
        self._shown: Optional[Kept] = None
        self.is_reading, self._is_readable = 0, True
        self.search = SearchField("Search words, decks and pages", self)
        self.kind = self._make_choice("What was done", [name for name, _ in KINDS])
        self.who = self._make_choice("Who began the run", [name for name, _ in _WHO])
        self.all_notes = make_button(self, "All &Notes", "Show all notes again", self._show_all)
        self.tree = ActivityTree(self, self._read_entries, partial(self._read_runs, adds=True))
        self.texts = ShownSides(mw, self)
        self.told = plain_label(self, short=True, spoken=True)
        self.back = make_button(
            self,
            "&Bring Back…",
            "Show what this would put there again, then ask",
            self._bring_back,
        )
        self.open = make_button(
            self, "&Open in Obsidian", "Open the page of this note", self._open_page
        )
        self.note = make_button(
            self, "Show &Note", "Show this note in the browser", self._show_note
        )
        self.versions = make_button(
            self, "All &Versions", "Show all that was done to this note", self._show_versions
        )
        self._lay_out()
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        qconnect(self._soon.timeout, self._read_runs)
        qconnect(self.search.textChanged, lambda _text: self._soon.start(_TYPED))
        qconnect(self.kind.currentIndexChanged, lambda _row: self._soon.start(0))
        qconnect(self.who.currentIndexChanged, lambda _row: self._soon.start(0))
        qconnect(self.tree.currentItemChanged, lambda _now, _before: self._show_chosen())
        find = QShortcut(QKeySequence(QKeySequence.StandardKey.Find), self)
        find.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        qconnect(find.activated, self.search.setFocus)
        self._follow()
        self._show_chosen()
        self._read_runs()

    def refresh(self) -> None:
        """Read again what was done, a moment later. The chosen run stays chosen."""
        if self._opened is not None:
            self._soon.start(_SOON)

    def stop(self) -> None:
        """Follow nothing any more: the window closes."""
        self._opened = None
        self._turn += 1
        self._soon.stop()
        sign.off_change(self._refresh_if_shown)
        ended.off_vault_run(self._refresh_if_shown)
        deck_runs.off_change(self._refresh_if_shown)
        source_runs.off_change(self._refresh_if_shown)
        gui_hooks.theme_did_change.remove(self.texts.recolour)
        gui_hooks.operation_did_execute.remove(self._note_operation)
        self.texts.cleanup()

    def show_note(self, note_id: int) -> None:
        """Show only what was done to this note and its page."""
        self._note_id = note_id
        self.search.clear()
        self.kind.setCurrentIndex(0)
        self.who.setCurrentIndex(0)
        self._read_runs()

    def show_run(self, run_id: int) -> None:
        """Show all runs, and open this one."""
        self._wanted_run = run_id
        self.show_note(0)

    # Layout

    def _make_choice(self, name: str, choices: list[str]) -> QComboBox:
        made = QComboBox(self)
        made.addItems(choices)
        made.setAccessibleName(name)
        made.setToolTip(plain_tip(name))
        return made

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.addWidget(self.search, 1)
        for each in (self.kind, self.who, self.all_notes):
            top.addWidget(each)
        middle = QSplitter(Qt.Orientation.Vertical, self)
        middle.setChildrenCollapsible(False)
        middle.addWidget(self.tree)
        middle.addWidget(self.texts)
        middle.setStretchFactor(0, 3)
        middle.setStretchFactor(1, 2)
        bottom = QHBoxLayout()
        bottom.addWidget(self.texts.markdown)
        bottom.addWidget(self.told, 1)
        for button in (self.versions, self.note, self.open, self.back):
            bottom.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(top)
        layout.addWidget(middle, 1)
        layout.addLayout(bottom)

    def _follow(self) -> None:
        sign.on_change(self._refresh_if_shown)
        ended.on_vault_run(self._refresh_if_shown)
        deck_runs.on_change(self._refresh_if_shown)
        source_runs.on_change(self._refresh_if_shown)
        gui_hooks.theme_did_change.append(self.texts.recolour)
        gui_hooks.operation_did_execute.append(self._note_operation)

    def _refresh_if_shown(self) -> None:
        if self.isVisible() and not self.tree.is_deep:  # who looks at what is old stays there
            self.refresh()

    def _note_operation(self, changes: OpChanges, _handler: Optional[object]) -> None:
        if changes.note:
            self._refresh_if_shown()

    def hideEvent(self, event: Optional[QHideEvent]) -> None:
        self._soon.stop()
        super().hideEvent(event)

    # Reading

    def _query(self) -> Query:
        _, kinds = KINDS[self.kind.currentIndex()]
        _, who = _WHO[self.who.currentIndex()]
        return Query(self.search.text(), kinds, who, self._note_id)

    def _read(self, read: Callable[[History], T], show: Callable[[T], None]) -> None:
        """Read in the background, then show it, unless another search has begun by then."""
        if self._opened is None or self._mw.col is not self._opened:
            return
        state, turn = profile.state_folder(self._mw), self._turn
        self.is_reading += 1

        def work(_: Collection) -> tuple[Optional[T], bool]:
            try:
                with reading(state) as history:
                    return read(history), history.is_readable
            except DAMAGED:
                return None, False  # the next run begins it anew

        def done(read_now: tuple[Optional[T], bool]) -> None:
            if sip.isdeleted(self):
                return
            self.is_reading -= 1
            found, self._is_readable = read_now
            if turn != self._turn:
                return
            if found is not None:
                show(found)
            else:
                self.told.setText(_UNREADABLE)

        QueryOp(parent=self._mw, op=work, success=done).without_collection().run_in_background()

    def _read_runs(self, *, adds: bool = False) -> None:
        if not adds:
            self._turn += 1
        query, before = self._query(), self._last if adds else 0.0
        self.all_notes.setVisible(bool(self._note_id))
        self.told.setText("Searching…" if query.words else "")
        read = partial(_find_runs, query=query, before=before)
        self._read(read, lambda runs: self._show_runs(runs, adds))

    def _show_runs(self, runs: tuple[Run, ...], adds: bool) -> None:
        chosen, opened = self.tree.chosen(), self.tree.open_runs()
        pending = self._wanted
        if pending is not None and isinstance(chosen, Run) and chosen.id == pending.run:
            chosen = pending  # it was read again before its entries had come
        run_id = self._wanted_run or (chosen.id if isinstance(chosen, Run) else 0)
        self._wanted = None
        if isinstance(chosen, Kept) and not self._wanted_run and not adds:
            run_id, self._wanted = chosen.run, chosen
        self._last = runs[-1].last if runs else self._last
        with QSignalBlocker(self.tree):  # that there are no rows for a moment is nobody's choice
            self.tree.show_runs(runs, adds=adds, has_more=len(runs) == PAGE)
        if adds:
            self.told.setText("")
            return
        query = self._query()
        narrow = query.is_narrow or query.who is not None
        if narrow and runs:
            self.search.tell_found(len(runs), "run")
        missing = _NOT_FOUND if narrow else _EMPTY
        self.told.setText("" if runs else missing if self._is_readable else _UNREADABLE)
        item = self.tree.find_run(run_id) if run_id else None
        item = item or (self.tree.topLevelItem(0) if runs else None)
        if item is not None:
            self.tree.setCurrentItem(item)
        first = runs[: 20 if self._note_id else 3]
        opens = {run.id for run in first} if narrow else {*opened, self._wanted_run}
        if self._wanted is not None:
            opens.add(self._wanted.run)
            if not any(run.id == self._wanted.run for run in runs):
                self._wanted = None
        self._wanted_run = 0
        for each in opens:
            found = self.tree.find_run(each)
            if found is not None and any(run.id == each and run.entries for run in runs):
                found.setExpanded(True)
        self._show_chosen()

    def _read_entries(self, run: Run, after: int) -> None:
        query = self._query()
        read = partial(_find_entries, run_id=run.id, query=query, after=after)
        self._read(read, partial(self._show_entries, run.id))

    def _show_entries(self, run_id: int, kept: tuple[Kept, ...]) -> None:
        self.tree.show_entries(run_id, kept, has_more=len(kept) == PAGE)
        wanted = self._wanted
        if wanted is not None and wanted.run == run_id:
            self._wanted = None
            if not self.tree.choose(run_id, wanted.id):
                self._show_chosen()

    # What is chosen

    def _show_chosen(self) -> None:
        chosen = self.tree.chosen()
        wanted = self._wanted
        if wanted is not None and isinstance(chosen, Run) and chosen.id == wanted.run:
            return  # what is shown stays until the entry is there again
        self._wanted = None
        entry = chosen.entry if isinstance(chosen, Kept) else None
        self._shown = None
        for button in (self.open, self.note, self.versions):
            button.setEnabled(entry is not None and bool(entry.note_id))
        self.back.setEnabled(entry is not None and entry.done not in IS_NEW)
        if isinstance(chosen, Kept):
            self._read(partial(_read_words, entry_id=chosen.id), partial(self._show_words, chosen))
        elif isinstance(chosen, Run):
            self.texts.show_sections("", write_messages(chosen))
        else:
            self.texts.show_sections("", ())

    def _show_words(self, chosen: Kept, found: tuple[Kept, ...]) -> None:
        if self.tree.chosen() == chosen and found:
            self._shown = found[0]
            heading, sections = write_sections(found[0].entry)
            self.texts.show_sections(heading, sections, vault=profile.find_vault(self._mw))

    def _chosen_note(self) -> int:
        chosen = self.tree.chosen()
        return chosen.entry.note_id if isinstance(chosen, Kept) else 0

    def _open_page(self) -> None:
        if self._chosen_note():
            open_note(self._mw, self._chosen_note(), self.window())

    def _show_note(self) -> None:
        if self._chosen_note():
            aqt.dialogs.open("Browser", self._mw, search=(f"nid:{self._chosen_note()}",))

    def _show_versions(self) -> None:
        if self._chosen_note():
            self.show_note(self._chosen_note())

    def _show_all(self) -> None:
        self.show_note(0)

    def _bring_back(self) -> None:
        chosen = self.tree.chosen()
        if isinstance(chosen, Kept):
            bring_back(self._mw, chosen, tell_entry(chosen.entry), self, self.refresh)


def _find_runs(history: History, *, query: Query, before: float) -> tuple[Run, ...]:
    return history.runs(query, before=before)


def _find_entries(history: History, *, run_id: int, query: Query, after: int) -> tuple[Kept, ...]:
    return history.entries(run_id, query, after=after)


def _read_words(history: History, *, entry_id: int) -> tuple[Kept, ...]:
    found = history.read(entry_id)
    return (found,) if found else ()
