"""The window Home, with its pages at the left."""

from __future__ import annotations

from collections.abc import Callable
from typing import Optional, Protocol, cast

import aqt
from aqt.main import AnkiQt
from aqt.progress import ProgressDialog
from aqt.qt import (
    QCloseEvent,
    QDialog,
    QFrame,
    QHBoxLayout,
    QKeySequence,
    QListWidget,
    QMessageBox,
    QShortcut,
    QSize,
    QStackedWidget,
    Qt,
    QVBoxLayout,
    QWidget,
    qconnect,
)
from aqt.utils import disable_help_button, saveGeom

from ..app.messages import say
from ..app.one_question import ask_once
from ..app.places import restore_place
from ..app.tab_order import follow_layout
from ..widgets.quiet_dialog import QuietDialog
from .activity_page import ActivityPage
from .help_page import HelpPage
from .overview import Overview
from .settings_page import SettingsPage

NAME = "AnkivaultHome"
_PAGE = "ankivault_home_page"  # in the profile: the page that was shown last
OVERVIEW, ACTIVITY, SETTINGS, HELP = "Overview", "Activity", "Settings", "Help"


class Page(Protocol):
    """What each page does."""

    def refresh(self) -> None:
        """Show how things are now: the page is shown again."""

    def stop(self) -> None:
        """The window closes."""


_MAKERS: dict[str, Callable[[AnkiQt, QWidget], QWidget]] = {
    OVERVIEW: Overview,
    ACTIVITY: ActivityPage,
    SETTINGS: SettingsPage,
    HELP: HelpPage,
}


def show_home(mw: AnkiQt, page: str = "") -> None:
    """Open Home at a page, or at the one that was shown last.

    Without a profile, a tooltip says so.
    """
    if not mw.col:
        say("Open a profile first: Home belongs to it.", parent=mw)
        return
    aqt.dialogs.open(NAME, mw, page)


def show_help(mw: AnkiQt, at: str = "") -> None:
    """Show the guide at a page, in Home; in a window of its own above a dialog that must stay."""
    modal = mw.app.activeModalWidget()
    if modal is not None and not isinstance(modal, ProgressDialog):
        _HelpDialog(mw, modal, at)
        return
    show_home(mw, HELP)
    home = aqt.dialogs._dialogs[NAME][1]
    page = home.page(HELP) if home else None
    if at and page is not None:
        page.go_to(at)


class _HelpDialog(QDialog):
    """The guide above a dialog that must be answered first. It closes with that."""

    def __init__(self, mw: AnkiQt, parent: QWidget, at: str) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setWindowTitle("Ankivault: Help")
        disable_help_button(self)
        self.page = HelpPage(mw, self)
        if at:
            self.page.go_to(at)
        QVBoxLayout(self).addWidget(self.page)
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.resize(860, 560)
        restore_place(self, "ankivaultHelp")
        qconnect(self.finished, self._end)
        if isinstance(parent, QDialog):
            qconnect(parent.finished, self.reject)  # before Qt deletes it with that
        self.show()

    def _end(self) -> None:
        self.page.stop()
        saveGeom(self, "ankivaultHelp")
        self.deleteLater()


class HomeDialog(QuietDialog):
    """Home. A page is made when it is first shown. Anki closes the window with the profile."""

    def __init__(self, mw: AnkiQt, page: str = "") -> None:
        super().__init__(mw, Qt.WindowType.Window)
        self._mw = mw
        self._pages: dict[str, QWidget] = {}
        self.setWindowTitle("Ankivault: Home")
        disable_help_button(self)
        mw.garbage_collect_on_dialog_finish(self)
        self.list = QListWidget(self)
        self.list.addItems(list(_MAKERS))
        self.list.setAccessibleName("Pages of Home")
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setStyleSheet(
            "QListWidget { background: transparent; }"
            "QListWidget::item { padding-left: 8px; border-radius: 6px; color: palette(text); }"
            "QListWidget::item:selected { background: palette(highlight);"
            " color: palette(highlighted-text); }"
        )
        height = 2 * self.list.fontMetrics().height()
        for row in range(self.list.count()):
            self.list.item(row).setSizeHint(QSize(0, height))  # type: ignore[union-attr]
        self.list.setFixedWidth(self.list.fontMetrics().horizontalAdvance(ACTIVITY) + 40)
        self.stack = QStackedWidget(self)
        layout = QHBoxLayout(self)
        layout.addWidget(self.list)
        layout.addWidget(self.stack, 1)
        qconnect(QShortcut(QKeySequence("F1"), self).activated, self._help)
        qconnect(self.list.currentTextChanged, self._show_page)
        self.resize(940, 620)
        restore_place(self, "ankivaultHome")
        kept = (mw.pm.profile or {}).get(_PAGE)
        self.go_to(page or (kept if kept in _MAKERS else OVERVIEW))
        self.list.setFocus()
        self.show()

    def reopen(self, mw: AnkiQt, page: str = "") -> None:
        """Come to the front, at a page. Anki calls this when the window is already open."""
        self.go_to(page or self.list.currentItem().text())  # type: ignore[union-attr]

    def go_to(self, name: str) -> QWidget:
        """Show a page, as new; returns it."""
        row = list(_MAKERS).index(name)
        if self.list.currentRow() == row:
            self._show_page(name)
        self.list.setCurrentRow(row)
        return self._pages[name]

    def page(self, name: str) -> Optional[QWidget]:
        """A page that was shown already."""
        return self._pages.get(name)

    def _show_page(self, name: str) -> None:
        page = self._pages.get(name)
        if page is None:
            page = self._pages[name] = _MAKERS[name](self._mw, self)
            self.stack.addWidget(page)
            follow_layout(self)
        else:
            cast(Page, page).refresh()
        self.stack.setCurrentWidget(page)

    def _help(self) -> None:
        """Show the guide at what it says of the page that is shown."""
        pages = {SETTINGS: "settings", ACTIVITY: "activity", OVERVIEW: "home"}
        at = pages.get(self.list.currentItem().text())  # type: ignore[union-attr]
        if at:
            show_help(self._mw, at)

    # Closing

    def reject(self) -> None:
        """Close, as Esc and the window's cross do; asks about settings that are not saved."""
        self._leave(super().reject)

    def _leave(self, leave: Callable[[], None]) -> None:
        settings = self._pages.get(SETTINGS)
        if isinstance(settings, SettingsPage) and settings.is_edited:
            self._ask_to_save(settings, leave)
        else:
            leave()

    def closeEvent(self, event: Optional[QCloseEvent]) -> None:
        if self.isVisible():
            self.reject()
            if self.isVisible() and event:
                event.ignore()

    def closeWithCallback(self, onsuccess: Callable[[], None]) -> None:
        """Close with the profile, then call ``onsuccess``; neither if the user stays."""
        close = super().reject

        def leave() -> None:
            close()
            onsuccess()

        self._leave(leave)

    def done(self, result: int) -> None:
        for page in self._pages.values():
            cast(Page, page).stop()
        saveGeom(self, "ankivaultHome")
        if self._mw.pm.profile is not None:
            self._mw.pm.profile[_PAGE] = self.list.currentItem().text()  # type: ignore[union-attr]
        aqt.dialogs.markClosed(NAME)
        super().done(result)

    def _ask_to_save(self, settings: SettingsPage, leave: Callable[[], None]) -> None:
        self.go_to(SETTINGS)

        def act(button: int) -> None:
            if button == 1 or (button == 0 and settings.save()):
                leave()

        ask_once(
            "leave",
            "The settings that you changed are not saved.",
            act,
            buttons=[
                ("&Save", QMessageBox.ButtonRole.AcceptRole),
                ("&Discard", QMessageBox.ButtonRole.DestructiveRole),
                ("&Cancel", QMessageBox.ButtonRole.RejectRole),
            ],
            default_button=2,
            parent=self,
        )


aqt.dialogs.register_dialog(NAME, HomeDialog)
