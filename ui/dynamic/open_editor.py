"""Opens the window for dynamic notes from Anki's windows: with E, menu entries and Add."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Optional

import aqt
from anki.collection import Collection
from aqt import gui_hooks
from aqt.browser.browser import Browser
from aqt.browser.previewer import Previewer
from aqt.main import AnkiQt
from aqt.qt import (
    QEvent,
    QKeyEvent,
    QKeySequence,
    QMenu,
    QObject,
    QShortcut,
    Qt,
    QWidget,
    qconnect,
)
from aqt.reviewer import Reviewer
from aqt.webview import AnkiWebView

from ...sync.collection.dynamic_type import pick_dynamic
from ..app import shortcuts
from ..app.engine import when_loaded
from ..app.messages import say, still_open, tell_error
from ..app.reading import read_for
from . import adding, cover

if TYPE_CHECKING:
    from ...sync.dynamic.editing import OpenNote

_LABEL = "Edit Dynamic Note…"


def set_up(mw: AnkiQt) -> None:
    """Add menu entries and the key E to the reviewer, browser and previewer.

    Also covers the browser's editor for dynamic notes, and watches the Add window.
    """

    def add_to_more_menu(reviewer: Reviewer, menu: QMenu) -> None:
        _add_for_reviewer(mw, menu)

    def add_to_card_menu(view: AnkiWebView, menu: QMenu) -> None:
        if view is mw.web and mw.state == "review":
            _add_for_reviewer(mw, menu)

    gui_hooks.reviewer_will_show_context_menu.append(add_to_more_menu)
    gui_hooks.webview_will_show_context_menu.append(add_to_card_menu)
    gui_hooks.browser_menus_did_init.append(_add_to_notes_menu)
    gui_hooks.browser_will_show_context_menu.append(_add_to_context_menu)
    gui_hooks.browser_will_show.append(_watch_list)
    gui_hooks.previewer_did_init.append(_add_to_previewer)
    shortcuts.bind(mw, "edit", mw, lambda: _edit_reviewed(mw))
    gui_hooks.browser_will_show.append(
        lambda browser: shortcuts.bind(mw, "edit", browser, lambda: _edit_chosen(browser))
    )
    _lead_reviewers_edit_here()
    cover.set_up(mw, _edit_in_browser)
    adding.set_up(mw, lambda note_id: copy_note(mw, note_id) if note_id else show_new_note(mw))


def _lead_reviewers_edit_here() -> None:
    """Make E and the Edit button in the reviewer open our window for a dynamic note.

    This replaces a method, because Anki has no hook before its editor opens.
    """
    edit_current = AnkiQt.onEditCurrent

    def edit(mw: AnkiQt, *_: object) -> None:
        card = mw.reviewer.card
        if card and pick_dynamic(mw.col, [card.nid]):
            edit_note(mw, card.nid, mw, card.ord + 1)
        else:
            edit_current(mw)

    AnkiQt.onEditCurrent = edit  # type: ignore[method-assign, assignment]


def show_new_note(mw: AnkiQt) -> None:
    """Open the window for a new note. Without an open profile, a tooltip says so."""
    if not mw.col:
        say("Open a profile first: the note belongs to it.", parent=mw)
        return
    when_loaded(mw, partial(_open_window, mw))


def edit_note(mw: AnkiQt, note_id: int, parent: QWidget, slot: int = 0) -> None:
    """Open the window for a note, at the card in ``slot``, counted from 1; 0 for no card."""

    def show(opened: OpenNote) -> None:
        card_id = next((id_ for id_, its in opened.read.slots.items() if its == slot), "")
        _open_window(mw, opened, card_id)

    _read_note(mw, note_id, parent, show)


def copy_note(mw: AnkiQt, note_id: int) -> None:
    """Open the window for a new note with the content of another note."""
    _read_note(mw, note_id, mw, lambda opened: _open_window(mw, opened, "", True))


def _open_window(mw: AnkiQt, *shown: object) -> None:
    from .window import NAME

    aqt.dialogs.open(NAME, mw, *shown)


def _read_note(
    mw: AnkiQt, note_id: int, parent: QWidget, show: Callable[[OpenNote], object]
) -> None:
    def read(col: Collection) -> OpenNote:
        from ...sync.dynamic.editing import open_note

        return open_note(col, note_id)

    def fail(error: Exception) -> None:
        tell_error(mw, error, still_open(parent, mw))

    def start() -> None:
        read_for(mw, mw, read, show, fail)

    when_loaded(mw, start)


class _ListKeys(QObject):
    """Makes E in the browser's list open the selected dynamic note."""

    def __init__(self, browser: Browser) -> None:
        super().__init__(browser)
        self._browser = browser

    def eventFilter(self, watched: Optional[QObject], event: Optional[QEvent]) -> bool:
        if (
            isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.KeyPress
            and event.key() == Qt.Key.Key_E
            and event.modifiers() == Qt.KeyboardModifier.NoModifier
            and len(self._browser.selected_notes()) == 1
            and _find_chosen(self._browser)
        ):
            _edit_chosen(self._browser)
            return True
        return super().eventFilter(watched, event)


def _watch_list(browser: Browser) -> None:
    browser.form.tableView.installEventFilter(_ListKeys(browser))


def _edit_in_browser(browser: Browser, note_id: int) -> None:
    card = browser.table.get_current_card()
    edit_note(browser.mw, note_id, browser, card.ord + 1 if card and card.nid == note_id else 0)


def _add_to_previewer(previewer: Previewer) -> None:
    def edit() -> None:
        card = previewer.card()
        if card and pick_dynamic(previewer.mw.col, [card.nid]):
            edit_note(previewer.mw, card.nid, previewer, card.ord + 1)

    qconnect(QShortcut(QKeySequence("E"), previewer).activated, edit)
    shortcuts.bind(previewer.mw, "edit", previewer, edit)


def _edit_reviewed(mw: AnkiQt) -> None:
    card = mw.reviewer.card if mw.state == "review" else None
    if card and pick_dynamic(mw.col, [card.nid]):
        edit_note(mw, card.nid, mw, card.ord + 1)
    else:
        say("Edit Dynamic Note is about a dynamic card that you review.", parent=mw)


def _add_for_reviewer(mw: AnkiQt, menu: QMenu) -> None:
    card = mw.reviewer.card
    if card and pick_dynamic(mw.col, [card.nid]):
        _add_entry(menu, lambda: edit_note(mw, card.nid, mw, card.ord + 1))


def _add_to_notes_menu(browser: Browser) -> None:
    _add_entry(browser.form.menu_Notes, lambda: _edit_chosen(browser))


def _add_to_context_menu(browser: Browser, menu: QMenu) -> None:
    if _find_chosen(browser):
        _add_entry(menu, lambda: _edit_chosen(browser))


def _add_entry(menu: QMenu, act: object) -> None:
    action = menu.addAction(_LABEL)
    assert action is not None
    qconnect(action.triggered, lambda _: act())  # type: ignore[operator]


def _find_chosen(browser: Browser) -> Optional[tuple[int, int]]:
    """The id of a selected dynamic note, and the slot of its current card, or 0.

    The current note is preferred. ``None`` if no selected note is dynamic.
    """
    chosen = browser.selected_notes()
    card = browser.table.get_current_card()
    if card and card.nid in chosen and pick_dynamic(browser.mw.col, [card.nid]):
        return card.nid, card.ord + 1
    dynamic = pick_dynamic(browser.mw.col, chosen)
    return (dynamic[0], 0) if dynamic else None


def _edit_chosen(browser: Browser) -> None:
    found = _find_chosen(browser)
    if found:
        note_id, slot = found
        edit_note(browser.mw, note_id, browser, slot)
    else:
        say(
            "Choose a dynamic note to edit here. Other notes are edited beside the list.",
            parent=browser,
        )
