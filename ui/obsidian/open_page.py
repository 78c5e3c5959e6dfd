"""“Open in Obsidian” for the card being reviewed and for the note selected in the browser."""

from __future__ import annotations

from pathlib import Path
from typing import Optional

from anki.collection import Collection
from aqt import gui_hooks
from aqt.browser.browser import Browser
from aqt.browser.previewer import Previewer
from aqt.main import AnkiQt
from aqt.qt import QMenu, QWidget, qconnect
from aqt.reviewer import Reviewer
from aqt.webview import AnkiWebView

from ..app import profile, shortcuts
from ..app.engine import load
from ..app.files_in_place import may_load
from ..app.messages import say, still_open, tell_error
from ..app.reading import read_for

_LABEL = "Open in Obsidian"


def set_up(mw: AnkiQt) -> None:
    """Add the entry to the reviewer's and the browser's menus."""

    def add_to_more_menu(reviewer: Reviewer, menu: QMenu) -> None:
        if reviewer.card:
            menu.addSeparator()
            _add_entry(menu, mw)

    def add_to_card_menu(view: AnkiWebView, menu: QMenu) -> None:
        if view is mw.web and mw.state == "review" and mw.reviewer.card:
            _add_entry(menu, mw)

    gui_hooks.reviewer_will_show_context_menu.append(add_to_more_menu)
    gui_hooks.webview_will_show_context_menu.append(add_to_card_menu)
    gui_hooks.browser_menus_did_init.append(_add_to_notes_menu)
    gui_hooks.browser_will_show_context_menu.append(_add_to_browser_menu)
    shortcuts.bind(mw, "open", mw, lambda: _open_reviewed(mw))
    gui_hooks.browser_will_show.append(
        lambda browser: shortcuts.bind(mw, "open", browser, lambda: _open_chosen(browser))
    )
    gui_hooks.previewer_did_init.append(
        lambda previewer: shortcuts.bind(mw, "open", previewer, lambda: _open_shown(previewer))
    )


def open_note(mw: AnkiQt, note_id: int, parent: Optional[QWidget] = None) -> None:
    """Open a note's page in Obsidian. A tooltip says if there is no page or no vault folder."""
    window = parent or mw
    if not may_load(window):
        return
    settings, _ = profile.get_settings(mw)
    if not settings.vault_folder:
        say("No vault folder is set. Choose one in Tools ▸ Ankivault ▸ Configure…", parent=window)
        return
    state = profile.state_folder(mw)

    def find(_: Collection) -> Optional[Path]:
        load()
        from ...sync.vault.run import find_page

        return find_page(settings, state, note_id)

    def show(page: Optional[Path]) -> None:
        from ..app import obsidian

        if page:
            obsidian.show_file(page, still_open(window, mw))
        else:
            say(
                "This note has no page yet. Tools ▸ Ankivault ▸ Sync Now writes it, "
                "unless its deck is left out.",
                parent=still_open(window, mw),
            )

    def fail(error: Exception) -> None:
        tell_error(mw, error, still_open(window, mw))

    read_for(mw, mw, find, show, fail, uses_collection=False)


def _add_entry(menu: QMenu, mw: AnkiQt) -> None:
    action = menu.addAction(_LABEL)
    assert action is not None
    qconnect(action.triggered, lambda: _open_reviewed(mw))


def _open_reviewed(mw: AnkiQt) -> None:
    if mw.reviewer.card:
        open_note(mw, mw.reviewer.card.nid)
    else:
        say("Open in Obsidian is about the card that you review.", parent=mw)


def _open_shown(previewer: Previewer) -> None:
    card = previewer.card()
    if card:
        open_note(previewer.mw, card.nid, previewer)


def _add_to_notes_menu(browser: Browser) -> None:
    browser.form.menu_Notes.addSeparator()
    _add_to_browser_menu(browser, browser.form.menu_Notes)


def _add_to_browser_menu(browser: Browser, menu: QMenu) -> None:
    action = menu.addAction(_LABEL)
    assert action is not None
    qconnect(action.triggered, lambda: _open_chosen(browser))


def _open_chosen(browser: Browser) -> None:
    chosen = browser.selected_notes()
    if len(chosen) == 1:
        open_note(browser.mw, chosen[0], browser)
    else:
        say("Choose one note to open in Obsidian.", parent=browser)
