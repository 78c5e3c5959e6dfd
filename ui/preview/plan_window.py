"""The base of both preview windows: a plan's changes, messages, open decisions, and Sync Now."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Hashable, Sequence
from typing import Any, Generic, Optional, Protocol, TypeVar

import aqt
from anki.collection import Collection
from aqt import gui_hooks
from aqt.main import AnkiQt
from aqt.qt import (
    QDialog,
    QDialogButtonBox,
    QPushButton,
    Qt,
    QTabWidget,
    QVBoxLayout,
    QWidget,
    qconnect,
)
from aqt.utils import (
    ask_user,
    disable_help_button,
    restoreSplitter,
    saveGeom,
    saveSplitter,
)

from ...sync.run.progress import Progress
from ..app.background import Outcome
from ..app.labels import plain_label
from ..app.leading import add_help
from ..app.messages import TITLE, still_open, tell_error
from ..app.places import restore_place
from ..app.raising import show_in_front
from ..app.spoken import Announcer, announce_soon
from ..app.tab_order import follow_layout
from ..runs import vault as sync_now
from ..widgets.change_list import ChangeList
from ..widgets.message_list import MessageList
from ..widgets.quiet_dialog import QuietDialog
from .leaving import ask_to_leave


class Listed(Protocol):
    """A plan with the rows of its list."""

    @property
    def changes(self) -> Sequence[Any]:
        """The change that each row shows."""


L = TypeVar("L", bound=Listed)
A = TypeVar("A")  # what a plan is made with: answers or options
Work = Callable[[Collection, Progress], L]


def make_plan(
    mw: AnkiQt,
    work: Work[L],
    use: Callable[[L], object],
    parent: QWidget,
    fail: Callable[[], object] = lambda: None,
) -> None:
    """Make a plan in the background, then call ``use`` with it.

    After an error, call ``fail`` and show the error. ``fail`` is also called if no work can start.
    """

    def done(outcome: Outcome[L]) -> None:
        if outcome.value is None:
            fail()
            tell_error(mw, outcome.error, still_open(parent, mw))
        else:
            use(outcome.value)

    if not sync_now.start(mw, work, done, parent=parent):
        fail()


class PlanWindow(QuietDialog, Generic[L, A]):
    """Shows a plan, and a button that does exactly what the plan says.

    Each decision of the user makes a new plan, which replaces the one shown. So the button never
    does anything that was not shown. Subclasses define the rows and the decisions.
    """

    NAME: str  # in Anki's list of windows
    HELP: str  # the page of the guide
    GEOMETRY: str
    SIZE: tuple[int, int]

    def __init__(self, mw: AnkiQt, listing: L, asked: A) -> None:
        super().__init__(mw, Qt.WindowType.Window)
        self._mw = mw
        self._listing = listing
        self._asked = asked  # the newest decisions, even if no plan has them yet
        self._shown_for = asked  # what the plan shown was made with
        self._is_planning = False
        self._answered_change: Optional[Hashable] = None  # a change whose answer no plan has yet
        self._announcer = Announcer(self)
        disable_help_button(self)
        mw.garbage_collect_on_dialog_finish(self)
        self.counts = plain_label(self, spoken=True)
        self.warning = plain_label(self, spoken=True)
        self.messages = MessageList(mw, self)
        self.tabs = QTabWidget(self)
        self.list = self._make_list()
        self.search, self.kind = self.list.search, self.list.kind
        self.rows, self.view = self.list.rows, self.list.view
        self.splitter = self.list.splitter
        self.tabs.addTab(self.list, "")
        beside = QWidget(self)
        QVBoxLayout(beside).addWidget(self.messages)
        self.tabs.addTab(beside, "")
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        self.sync_button = QPushButton("&Sync Now")
        self.sync_button.setToolTip("Do exactly what is listed here")
        self.buttons.addButton(self.sync_button, QDialogButtonBox.ButtonRole.AcceptRole)
        add_help(mw, self, self.HELP, self.buttons)
        layout = QVBoxLayout(self)
        layout.addWidget(self.counts)
        layout.addWidget(self.warning)
        layout.addWidget(self.tabs, 1)
        self._add_options(layout)
        layout.addWidget(self.buttons)
        qconnect(self.buttons.rejected, self.reject)
        qconnect(self.sync_button.clicked, self._sync)
        gui_hooks.theme_did_change.append(self._recolour)

    def _open(self) -> None:
        """Show the window with its last size."""
        self.resize(*self.SIZE)
        restore_place(self, self.GEOMETRY)
        restoreSplitter(self.splitter, self.GEOMETRY)
        follow_layout(self)
        show_in_front(self)
        announce_soon(f"{self.counts.text()} {self.warning.text()}", self)

    # What subclasses define

    @abstractmethod
    def _make_list(self) -> ChangeList:
        """Make the list of changes, with the details of a change below it."""

    def _add_options(self, layout: QVBoxLayout) -> None:
        """Add the widgets between the list and the buttons."""

    @abstractmethod
    def _fill(self) -> None:
        """Show ``_listing`` in all widgets."""

    @abstractmethod
    def _identify(self, change: Any) -> Optional[Hashable]:
        """A key that the same change has in the next plan too; ``None`` if there is no such key."""

    @abstractmethod
    def _plan_for(self, asked: A) -> Work[L]:
        """The background work that makes another plan."""

    @abstractmethod
    def _count_given(self) -> int:
        """How many answers are lost when this window closes."""

    @abstractmethod
    def _explain_losses(self) -> str:
        """What Sync Now would delete, to ask before it; empty if it deletes nothing."""

    @abstractmethod
    def _run(self) -> None:
        """Close the window and apply the plan shown."""

    @abstractmethod
    def _forget(self) -> L:
        """An empty plan, for a window that is closed."""

    @abstractmethod
    def _recolour(self) -> None:
        """Use the colours of Anki's new theme."""

    @abstractmethod
    def _free(self) -> None:
        """Free what a closed window must not hold."""

    # What is shown

    def _show(self, listing: L, asked: A) -> None:
        """Show another plan, made with ``asked``. The selected change stays selected if known."""
        chosen = self._chosen()
        wanted = None if chosen is None else self._identify(chosen)
        self._listing, self._asked, self._shown_for = listing, asked, asked
        self._fill()
        if wanted is not None:
            self.list.select(self._find(wanted))
        self._tell_answered()

    def _find(self, wanted: Hashable) -> int:
        """The position of the change with this key; -1 if there is none."""
        changes = self._listing.changes
        return next((n for n, each in enumerate(changes) if self._identify(each) == wanted), -1)

    def _warn(self, text: Optional[str]) -> None:
        """Show a warning above the list; no warning if ``text`` is empty."""
        self.warning.setText(f"⚠ {text}" if text else "")
        self.warning.setVisible(bool(text))

    def _chosen(self) -> Optional[Any]:
        """The change in the selected row; ``None`` if no row is selected."""
        position = self.view.chosen()
        return None if position is None else self._listing.changes[position]

    # What the user decides

    def _note_answered(self, answers: int) -> None:
        """The selected change is about to be answered, alone or with others."""
        chosen = self._chosen()
        alone = answers == 1 and chosen is not None
        self._answered_change = self._identify(chosen) if alone else None

    def _tell_answered(self) -> None:
        """Have a screen reader say how the row reads that was answered."""
        key, self._answered_change = self._answered_change, None
        position = -1 if key is None else self._find(key)
        if position >= 0:
            columns = range(self.rows.columnCount())
            cells = (self.rows.text(position, column) for column in columns)
            self._announcer.say(", ".join(filter(None, cells)))

    def _ask_for(self, asked: A) -> None:
        """Make a plan with ``asked`` and show it. Until then, Sync Now is grey."""
        self._asked = asked
        self.sync_button.setEnabled(False)
        if self._is_planning:
            return  # when that plan is ready, another one is made
        self._is_planning = True
        before = self._listing

        def show(listing: L) -> None:
            self._is_planning = False
            if not self._is_open():
                return
            if self._listing is before and self._asked is asked:
                self._show(listing, asked)
            elif self._asked != self._shown_for:  # the user decided more meanwhile
                self._ask_for(self._asked)
            else:  # the user took the decisions back
                self._show(self._listing, self._shown_for)

        def fail() -> None:
            self._is_planning = False
            if self._is_open():
                self._show(self._listing, self._shown_for)

        make_plan(self._mw, self._plan_for(asked), show, self, fail)

    def _is_open(self) -> bool:
        return still_open(self, self._mw) is self

    def _sync(self) -> None:
        """Ask before anything is deleted, then do exactly what is shown."""
        losses = self._explain_losses()
        if losses:
            question = f"{losses}\n\nGo on?"
            ask_user(question, self._answered, defaults_yes=False, parent=self, title=TITLE)
        else:
            self._run()

    def _answered(self, yes: bool) -> None:
        if yes:
            self._run()

    # Closing

    def reject(self) -> None:
        ask_to_leave(self, self._count_given(), super().reject)

    def closeWithCallback(self, onsuccess: Callable[[], None]) -> None:
        """Close, then call ``onsuccess``; neither if the user wants to keep deciding.

        Anki calls this before it closes the profile, and waits for ``onsuccess``.
        """

        def leave() -> None:
            self.done(QDialog.DialogCode.Rejected)
            onsuccess()

        ask_to_leave(self, self._count_given(), leave)

    def done(self, result: int) -> None:
        gui_hooks.theme_did_change.remove(self._recolour)
        saveGeom(self, self.GEOMETRY)
        saveSplitter(self.splitter, self.GEOMETRY)
        aqt.dialogs.markClosed(self.NAME)
        super().done(result)
        self._free()
        # Qt and Python keep a closed dialog in memory for a while. Free its large plan now.
        self._listing = self._forget()
        self.rows.set_rows(())
