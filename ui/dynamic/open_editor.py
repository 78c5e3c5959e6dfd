"""From Anki's windows to a dynamic note's editor."""

from __future__ import annotations

from typing import Optional

import aqt
from anki.collection import Collection
from aqt import gui_hooks
from aqt.browser.browser import Browser
from aqt.main import AnkiQt
from aqt.operations import QueryOp
from aqt.qt import QMenu, QWidget, qconnect
from aqt.reviewer import Reviewer
from aqt.webview import AnkiWebView

from ...sync.dynamic.editing import OpenNote, open_note, pick_dynamic
from ..messages import say, tell_error
from .window import NAME

_LABEL = "Edit Dynamic Note…"


def set_up(mw: AnkiQt) -> None:
    """Add the entry to the reviewer's and the browser's menus, for notes that are dynamic."""

    def add_to_more_menu(reviewer: Reviewer, menu: QMenu) -> None:
        _add_for_reviewer(mw, menu)

    def add_to_card_menu(view: AnkiWebView, menu: QMenu) -> None:
        if view is mw.web and mw.state == "review":
            _add_for_reviewer(mw, menu)

    gui_hooks.reviewer_will_show_context_menu.append(add_to_more_menu)
    gui_hooks.webview_will_show_context_menu.append(add_to_card_menu)
    gui_hooks.browser_menus_did_init.append(_add_to_notes_menu)
    gui_hooks.browser_will_show_context_menu.append(_add_to_context_menu)


def show_new_note(mw: AnkiQt) -> None:
    """Open the window for a new note."""
    if not mw.col:
        say("Open a profile first: the note belongs to it.", parent=mw)
        return
    aqt.dialogs.open(NAME, mw)


def edit_note(mw: AnkiQt, note_id: int, parent: QWidget, slot: int = 0) -> None:
    """Open the window for a note, at the card of a slot."""

    def show(opened: OpenNote) -> None:
        card_id = next((id_ for id_, its in opened.read.slots.items() if its == slot), "")
        aqt.dialogs.open(NAME, mw, opened, card_id)

    def read(col: Collection) -> OpenNote:
        return open_note(col, note_id)

    def fail(error: Exception) -> None:
        tell_error(mw, error, parent)

    QueryOp(parent=parent, op=read, success=show).failure(fail).run_in_background()


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
    """A dynamic note of those selected, the current one if it is, and the slot of its card."""
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
