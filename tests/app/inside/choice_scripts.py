"""Which decks have pages: chosen in the settings by keyboard, and in a deck's gear menu."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import aqt
from anki.decks import DeckId
from aqt.qt import QApplication, QDialogButtonBox, QMenu, QMessageBox, Qt
from PyQt6 import QtTest
from scripts import MENU, press_sync_now, write_settings
from window import Steps, Window, label_of

Key = Qt.Key
QTest: Any = QtTest.QTest


def pages_of(window: Window, folder: str) -> list[str]:
    """The decks that have pages in the vault folder, by their folders."""
    pages = Path(folder).rglob("*_[0-9]*.md")
    found = {page.parent.relative_to(folder).as_posix() for page in pages}
    return sorted(each for each in found if not each.startswith(".trash"))


def choose_by_keyboard(window: Window, folder: str) -> Steps[dict[str, Any]]:
    """Leave out decks with the keys of the tree, and see what its words say."""
    yield from window.ready()
    write_settings(window, {"vault_folder": folder, "before_ankiweb_sync": False})
    window.press(window.menu_action(*MENU, "Configure…"))
    dialog: Any = yield from window.dialog("Ankivault: Settings")
    decks = dialog.form.decks
    dialog.form.tabs.setCurrentWidget(decks)
    tree = decks.tree
    yield from window.until(lambda: tree.topLevelItem(0).text(1), "the numbers of notes")
    col = window.mw.col
    assert col is not None
    seen: dict[str, Any] = {"at_first": decks.told.text(), "notes": col.note_count()}
    decks.search.setFocus()
    QTest.keyClicks(decks.search, "biol")
    press(decks.none_button)
    decks.search.clear()
    tree.setFocus()
    (item,) = tree.findItems("Biology", Qt.MatchFlag.MatchExactly)
    tree.setCurrentItem(item)
    seen["found"] = item.text(2)
    QTest.keyClick(tree, Key.Key_Space, Qt.KeyboardModifier.ShiftModifier)
    seen["only"] = [item.text(2), item.checkState(0) == Qt.CheckState.PartiallyChecked]
    item.setExpanded(False)
    QTest.keyClick(tree, Key.Key_Asterisk)
    seen["opened"] = item.isExpanded()
    QTest.keyClick(tree, Key.Key_Space)
    seen["space"] = item.text(2)
    QTest.keyClick(tree, Key.Key_Space)
    seen["again"] = item.text(2)
    press(decks.invert_button)
    seen["inverted"] = sorted(col.decks.name(deck) for deck in decks.ticked())
    seen["below"] = sorted(
        n.name for n in col.decks.all_names_and_ids() if f"{n.name}::".startswith("Biology::")
    )
    decks.new_decks.setChecked(False)
    press(dialog.buttons.button(QDialogButtonBox.StandardButton.Ok))
    yield from window.closed(dialog)
    yield from press_sync_now(window)
    seen["pages"] = pages_of(window, folder)
    return seen


def press(button: Any) -> None:
    """Press a button with the space bar."""
    button.setFocus()
    QTest.keyClick(button, Key.Key_Space)


def change_in_gear_menu(window: Window, folder: str, deck: str) -> Steps[dict[str, Any]]:
    """Leave a deck out with its gear menu, bring it in again, and open its index page."""
    yield from window.ready()
    write_settings(window, {"vault_folder": folder, "before_ankiweb_sync": False, "live": False})
    yield from press_sync_now(window)
    col = window.mw.col
    assert col is not None
    seen: dict[str, Any] = {"at_first": pages_of(window, folder), "entries": []}
    for entry, answer in (
        ("Leave Out of the Vault", "No"),
        ("Leave Out of the Vault", "Yes"),
        ("Bring into the Vault", ""),
    ):
        menu = open_gear_menu(window, deck)
        seen["entries"].append([label_of(action) for action in menu.actions()])
        before = window.seen.mark()
        window.press(next(a for a in menu.actions() if label_of(a) == entry))
        if answer:
            box = yield from window.until(find_box, "the question")
            seen["question"] = box.text()
            window.press(next(b for b in box.buttons() if label_of(b) == answer))
            yield from window.closed(box)
        if answer != "No":
            yield from window.until(partial(done, window, before), "the run")
        yield from window.idle()
        seen[f"{entry} {answer}".strip()] = pages_of(window, folder)
    menu = open_gear_menu(window, deck)
    window.press(next(a for a in menu.actions() if label_of(a) == "Open Index Page"))
    yield from window.until(lambda: window.seen.links, "Obsidian to be asked")
    seen["link"] = window.seen.links[-1]
    menu = open_gear_menu(window, "Gone")
    col = window.mw.col
    assert col is not None
    col.decks.remove([col.decks.id("Gone") or DeckId(0)])
    seen["gone"] = {}
    for action in menu.actions():
        before = window.seen.mark()
        window.press(action)
        yield from window.until(partial(done, window, before), "what is told")
        seen["gone"][label_of(action)] = window.seen.tooltips[-1]
    return seen


def find_box() -> Any:
    """The message box that is up."""
    box = QApplication.activeModalWidget()
    return box if isinstance(box, QMessageBox) and box.isVisible() else None


def done(window: Window, mark: tuple[int, int]) -> bool:
    return any(news["kind"] == "tooltip" for news in window.seen.news(mark))


def open_gear_menu(window: Window, deck: str) -> QMenu:
    """What the gear of a deck opens."""
    menu = QMenu(window.mw)
    col = window.mw.col
    assert col is not None
    aqt.gui_hooks.deck_browser_will_show_options_menu(menu, col.decks.id(deck) or 0)
    return menu
