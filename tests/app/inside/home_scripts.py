"""What is done in Anki's window with Home."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from typing import Any

import aqt.theme
from anki.decks import DeckId
from aqt.operations.card import set_card_deck
from aqt.operations.note import update_note
from aqt.qt import (
    QAbstractButton,
    QApplication,
    QDesktopServices,
    QMessageBox,
    QPushButton,
    QScrollArea,
    Qt,
    QUrl,
    QWidget,
)
from deck_scripts import kept_links, link, press_and_wait
from live_scripts import read_sign, show_live
from PyQt6 import sip
from PyQt6.QtTest import QTest
from scripts import MENU, OK, press_sync_now, switch_profile
from two_way_scripts import placed
from window import Steps, Window, label_of

_QTest: Any = QTest  # its methods are static, which its type hints do not say


def open_home(window: Window) -> Steps[Any]:
    """Open Home from the menu, and wait until its Overview has looked."""
    window.press(window.menu_action(*MENU, "Home…"))
    home: Any = yield from window.dialog("Ankivault: Home")
    yield from looked(window, home)
    yield from placed(window)
    return home


def looked(window: Window, home: Any) -> Steps[None]:
    """Wait until the Overview shows what was read."""
    page = home.go_to("Overview")
    yield from window.until(
        lambda: not page._is_reading and not page._soon.isActive(), "the Overview to look"
    )


def click_sign(window: Window) -> None:
    """Click on the sign in Anki's toolbar."""
    window.mw.toolbar.web.eval("document.getElementById('ankivault-live').click()")


def buttons_of(card: Any) -> list[str]:
    """The buttons of a card that can be seen and pressed."""
    found = card.findChildren(QPushButton)
    return [label_of(b) for b in found if b.isVisible() and b.isEnabled()]


def click_sign_and_answer(
    window: Window, folder: str, states: list[dict[str, Any]]
) -> Steps[list[dict[str, Any]]]:
    """Delete a page, click on the sign in each state, and press the button to the questions.

    Returns what Home shows each time, and what the preview shows after the button.
    """
    yield from window.ready()
    yield from press_sync_now(window)
    next(Path(folder).rglob("el perro_*.md")).unlink()
    seen = []
    for state in states:
        show_live(window, **state)
        yield from read_sign(window, state["kind"])
        click_sign(window)
        home: Any = yield from window.dialog("Ankivault: Home")
        yield from looked(window, home)
        card = home.page("Overview").vault
        told: dict[str, Any] = {"says": card.state.text(), "buttons": buttons_of(card)}
        if card.questions.isVisible():
            window.press(card.questions)
            dialog: Any = yield from window.dialog("Ankivault: Preview")
            yield from window.idle()
            told["preview"] = dialog.kind.currentText()
            yield from placed(window)
            dialog.reject()
            yield from window.closed(dialog)
        seen.append(told)
        yield from placed(window)
        home.reject()
        yield from window.closed(home)
    return seen


def edit_settings_in_home(window: Window) -> Steps[dict[str, Any]]:
    """Change settings on Home's page, revert, change and save; leave with others not saved."""
    yield from window.ready()
    importlib.import_module("ankivault.sync.collection.dynamic_type").ensure_notetype(window.mw.col)
    home: Any = yield from open_home(window)
    profile = window.mw.pm.profile
    assert profile is not None
    page = home.go_to("Settings")
    seen: dict[str, Any] = {"at first": page.save_button.isEnabled()}
    ends = page.form.pages.suffix
    names = [ends.itemText(number) for number in range(ends.count())]
    seen["fields"] = [name for name in ("Front", "Note", "Data", "Card 1") if name in names]
    page.form.pages.tags.click()
    yield from window.until(page.save_button.isEnabled, "Save")
    window.press(page.revert_button)
    yield from window.until(lambda: not page.save_button.isEnabled(), "nothing to save")
    seen["reverted"] = page.form.pages.tags.isChecked()
    page.form.pages.tags.click()
    yield from window.until(page.save_button.isEnabled, "Save")
    window.press(page.save_button)
    yield from window.until(lambda: not page.save_button.isEnabled(), "nothing to save")
    seen["saved"] = profile["ankivault"]["include_tags"]

    page.form.before.click()
    yield from window.until(page.save_button.isEnabled, "Save")
    window.press(window.menu_action(*MENU, "Configure…"))
    dialog: Any = yield from window.dialog("Ankivault: Settings")
    yield from placed(window)
    dialog.form.live.click()
    window.press(dialog.buttons.button(OK))
    yield from window.closed(dialog)
    seen["followed"] = page.form.live.isChecked() == profile["ankivault"]["live"]
    seen["kept"] = page.form.before.isChecked() != profile["ankivault"]["before_ankiweb_sync"]
    window.call(home.reject)
    box: Any = yield from window.until(lambda: find_box(home), "the question")
    yield from placed(window)
    window.press(next(b for b in box.buttons() if label_of(b) == "Discard"))
    yield from window.closed(home)
    window.press(window.menu_action(*MENU, "Home…"))
    home = yield from window.dialog("Ankivault: Home")
    seen["remembered"] = home.list.currentItem().text()
    yield from placed(window)
    home.reject()
    yield from window.closed(home)
    return seen


def find_box(parent: Any) -> Any:
    """A question over a window."""
    boxes = parent.findChildren(QMessageBox)
    return next((box for box in boxes if box.isVisible()), None)


def switch_with_home_open(window: Window, name: str) -> Steps[dict[str, Any]]:
    """Open Home on each page, switch the profile, open Home there, and leave it open."""
    yield from window.ready()
    home: Any = yield from open_home(window)
    for page in [home.list.item(row).text() for row in range(home.list.count())]:
        home.go_to(page)
    yield from switch_profile(window, name)
    seen: dict[str, Any] = {"closed": sip.isdeleted(home) or not home.isVisible()}
    home = yield from open_home(window)
    seen["page"] = home.list.currentItem().text()
    seen["buttons"] = buttons_of(home.page("Overview").vault)
    seen["changed"] = len(sign_followers())
    return seen


def sign_followers() -> list[Any]:
    """Who follows the sign."""
    sign = importlib.import_module("ankivault.ui.live.sign")
    return list(sign._changed._callbacks)


WINDOWS = (  # a menu entry, and the title of its window
    ("Preview Changes…", "Ankivault: Preview"),
    ("Last Summary…", "Ankivault: Summary"),
    ("TOML Decks…", "Ankivault: TOML Decks"),
    ("Sources…", "Ankivault: Sources"),
    ("Configure…", "Ankivault: Settings"),
    ("New Dynamic Note…", "New Dynamic Note"),
)


def press_help_everywhere(window: Window) -> Steps[dict[str, str]]:
    """Press F1 in every window; where the guide opens."""
    yield from window.ready()
    yield from press_sync_now(window)
    seen = {}
    for entry, title in WINDOWS:
        window.press(window.menu_action(*MENU, entry))
        dialog: Any = yield from window.dialog(title)
        yield from placed(window)
        seen[entry] = yield from press_help(window, dialog)
        dialog.close()
        yield from window.closed(dialog)
    home: Any = yield from open_home(window)
    for page in ("Settings", "Overview"):
        home.go_to(page)
        seen[page] = yield from press_help(window, home, closes=False)
    return seen


def press_enter_everywhere(window: Window) -> Steps[dict[str, Any]]:
    """Press Enter in each field and list of every window: whether it has any, and stays open."""
    yield from window.ready()
    yield from press_sync_now(window)
    col: Any = window.mw.col
    before = col.db.scalar("select mod from col"), dict((window.mw.pm.profile or {})["ankivault"])
    seen: dict[str, Any] = {}
    for entry, title in WINDOWS[:-1]:  # in a dynamic note, Enter is a new line
        window.press(window.menu_action(*MENU, entry))
        dialog: Any = yield from window.dialog(title)
        yield from placed(window)
        fields = [
            each
            for each in dialog.findChildren(QWidget)
            if each.focusPolicy() & Qt.FocusPolicy.TabFocus
            and not isinstance(each, QAbstractButton)
            and each.isEnabled()
        ]
        for each in fields:
            _QTest.keyClick(each, Qt.Key.Key_Return)
        yield from placed(window)
        seen[entry] = [len(fields) > 0, dialog.isVisible()]
        dialog.close()
        yield from window.closed(dialog)
    after = col.db.scalar("select mod from col"), dict((window.mw.pm.profile or {})["ankivault"])
    seen["written"] = [old for old, new in zip(before, after) if old != new]
    return seen


def press_help(window: Window, dialog: Any, *, closes: bool = True) -> Steps[str]:
    """Press F1; the place in the guide that is shown."""
    dialog.activateWindow()
    yield from window.until(dialog.isActiveWindow, "the window in front")
    _QTest.keyClick(dialog, Qt.Key.Key_F1)
    home: Any = yield from window.dialog("Ankivault: Home")
    yield from window.until(lambda: home.list.currentItem().text() == "Help", "the guide")
    yield from placed(window)
    place = home.page("Help").view.place
    if closes:
        home.reject()
        yield from window.closed(home)
    return f"{place.page}#{place.anchor}".rstrip("#")


def read_guide(window: Window) -> Steps[dict[str, Any]]:
    """Read: a link, back and forward, a search by keyboard, and a link to the web."""
    yield from window.ready()
    QDesktopServices.setUrlHandler("https", window._watcher.note_link)
    home: Any = yield from open_home(window)
    page = home.go_to("Help")
    yield from placed(window)
    seen: dict[str, Any] = {
        "first": page.view.place.page,
        "task": page.contents.currentItem().text(0),
    }
    page.view.anchorClicked.emit(QUrl("two-way.md#answer-a-question"))
    seen["link"] = (page.view.place.page, page.contents.currentItem().text(0))
    seen["scrolled"] = page.view.verticalScrollBar().value() > 0
    window.press(page.back_button)
    yield from window.until(lambda: page.view.place.page == "home", "the page before")
    window.press(page.forward_button)
    yield from window.until(lambda: page.view.place.page == "two-way", "the page after")
    _QTest.keyClick(page.view, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    yield from window.until(page.search.hasFocus, "the search field")
    _QTest.keyClicks(page.search, "qqqq")
    seen["nothing"] = page.nothing.isVisible()
    page.search.clear()
    _QTest.keyClicks(page.search, "trash undo")
    seen["found"] = page.contents.topLevelItemCount() > 0
    _QTest.keyClick(page.search, Qt.Key.Key_Return)
    words = page.view.toPlainText().casefold()
    seen["shown"] = "trash" in words and "undo" in words
    seen["marked"] = len(page.view.extraSelections()) > 1
    seen["open"] = home.isVisible()
    page.view.anchorClicked.emit(QUrl("https://example.org/x"))
    yield from window.until(lambda: window.seen.links, "the browser")
    home.resize(700, 500)
    yield from placed(window)
    document = page.view.document()
    page.go_to("vault")
    seen["fits"] = document.idealWidth() <= page.view.viewport().width()
    QDesktopServices.unsetUrlHandler("https")
    return seen


def read_whole_summary(window: Window) -> Steps[dict[str, Any]]:
    """Sync and open the summary: what it says; open a page from its list by keyboard."""
    yield from window.ready()
    yield from press_sync_now(window)
    window.press(window.menu_action(*MENU, "Last Summary…"))
    dialog: Any = yield from window.dialog("Ankivault: Summary")
    yield from placed(window)
    pages = dialog.pages
    seen: dict[str, Any] = {"said": dialog.heading.text(), "when": dialog.when.text()}
    dialog.tabs.setCurrentWidget(pages)
    rows = [pages.topLevelItem(row) for row in range(pages.topLevelItemCount())]
    seen["decks"] = {row.text(0): row.text(1) for row in rows}
    (animals,) = (row for row in rows if row.text(0) == "Spanish ▸ Vocabulary")
    pages.setCurrentItem(animals)
    pages.setFocus()
    seen["can open a deck"] = dialog._open.isEnabled()
    _QTest.keyClick(pages, Qt.Key.Key_Right)
    seen["below"] = animals.childCount()
    _QTest.keyClick(pages, Qt.Key.Key_Down)
    _QTest.keyClick(pages, Qt.Key.Key_Return)
    yield from window.until(lambda: window.seen.links, "Obsidian")
    seen["chosen"] = pages.chosen()
    window.press(dialog.copy_button)
    clipboard = QApplication.clipboard()
    assert clipboard is not None
    yield from window.until(lambda: "page created:" in clipboard.text(), "the copy")
    dialog.reject()
    yield from window.closed(dialog)
    return seen


LOG = """2026-01-01 10:00:00,123:ERROR:addon.{0}: Unexpected error
  File "/home/{0}/addons21/ankivault/ui/menu.py", line 12, in {0}
    {0}
ValueError: {0}: no
"""


def report_a_problem(window: Window, marker: str, deck: str) -> Steps[dict[str, Any]]:
    """Fill notes, names, messages, errors and the log with a word; write and copy a report."""
    yield from window.ready()
    mw = window.mw
    col = mw.col
    assert col is not None
    for note_id in col.find_notes("deck:Spanish"):
        note = col.get_note(note_id)
        note.fields[0] = f"{marker} {note_id}<img src='{marker}.png'>"
        note.tags = [marker]
        col.update_note(note)
    spanish = col.decks.id_for_name("Spanish")
    assert spanish
    col.decks.rename(spanish, f"{marker} deck")
    yield from press_sync_now(window)
    decks = importlib.import_module("ankivault.ui.decks.window")
    window.call(lambda: decks.show_linked_decks(mw))
    dialog: Any = yield from window.dialog("Ankivault: TOML Decks")
    dialog.add_file(Path(deck))
    yield from window.until(lambda: dialog.chosen().last_result, "the errors of the file")
    before = window.seen.mark()
    window.press(dialog.sync_button)
    yield from window.until(lambda: window.seen.news(before), "the run of the deck")
    yield from window.idle()
    log = Path(mw.addonManager.logs_folder("ankivault"), "ankivault.log")
    log.parent.mkdir(parents=True, exist_ok=True)
    log.write_text(LOG.format(marker), encoding="utf-8")
    show_live(window, kind="trouble", text=f"The page was not written: {marker}.")
    summary: Any = yield from window.dialog("Ankivault: Summary")
    yield from placed(window)
    for each in (summary, dialog):
        each.reject()
        yield from window.closed(each)
    window.press(window.menu_action(*MENU, "Report a Problem…"))
    dialog = yield from window.dialog("Ankivault: Report a Problem")
    yield from window.until(dialog.copy_button.isEnabled, "the report")
    yield from placed(window)
    window.press(dialog.copy_button)
    clipboard = QApplication.clipboard()
    assert clipboard is not None
    yield from window.until(clipboard.text, "the copy")
    seen = {"shown": dialog.text.toPlainText(), "copied": clipboard.text()}
    seen["log"] = log.read_text(encoding="utf-8")
    dialog.reject()
    yield from window.closed(dialog)
    return seen


def give_shortcuts(window: Window, name: str) -> Steps[dict[str, Any]]:
    """Press keys into the fields of the settings, use them, and look in another profile."""
    yield from window.ready()
    mw = window.mw
    window.press(window.menu_action(*MENU, "Configure…"))
    dialog: Any = yield from window.dialog("Ankivault: Settings")
    yield from placed(window)
    tab, ok = dialog.form.shortcuts, dialog.buttons.button(OK)
    dialog.form.tabs.setCurrentWidget(tab)
    seen: dict[str, Any] = {"at first": tab.shortcuts()}
    strange = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
    for action, key in (("home", Qt.Key.Key_H), ("preview", Qt.Key.Key_P), ("open", Qt.Key.Key_O)):
        tab.fields[action].setFocus()
        _QTest.keyClick(tab.fields[action], key, strange)
    refused = {}
    for key, modifier in (
        (Qt.Key.Key_D, Qt.KeyboardModifier.NoModifier),
        (Qt.Key.Key_E, Qt.KeyboardModifier.NoModifier),
        (Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier),
        (Qt.Key.Key_H, strange),
    ):
        _QTest.keyClick(tab.fields["sync"], key, modifier)
        yield from window.until(tab.problem.text, "what is wrong with the keys")
        refused[tab.shortcuts()["sync"]] = (tab.problem.text(), ok.isEnabled())
        tab.fields["sync"].clear()
    seen["refused"] = refused
    tab.fields["sync"].clear()
    seen["mended"] = (tab.problem.text(), ok.isEnabled())
    window.press(ok)
    yield from window.closed(dialog)
    mw.activateWindow()
    yield from window.until(mw.isActiveWindow, "the main window in front")
    _QTest.keyClick(mw, Qt.Key.Key_O, strange)
    yield from window.until(lambda: "that you review" in str(window.seen.tooltips), "the tooltip")
    home_action = window.menu_action(*MENU, "Home…")
    seen["menu"] = home_action.shortcut().toString()
    yield from switch_profile(window, name)
    seen["other profile"] = home_action.shortcut().toString()
    return seen


def walk_by_keyboard(window: Window) -> Steps[dict[str, Any]]:
    """Go through the pages with the arrow keys, to a button with Tab, and press it with Enter."""
    yield from window.ready()
    home: Any = yield from open_home(window)
    home.activateWindow()
    yield from window.until(lambda: home.isActiveWindow() and home.list.hasFocus(), "the list")
    names = []
    for _ in range(home.list.count()):
        names.append(home.list.currentItem().text())
        shown = home.stack.currentWidget()
        assert shown is home.page(names[-1]) and shown.isVisible()
        _QTest.keyClick(home.list, Qt.Key.Key_Return)
        _QTest.keyClick(home.list, Qt.Key.Key_Down)
    for _ in names:
        _QTest.keyClick(home.list, Qt.Key.Key_Up)
    yield from looked(window, home)
    seen: dict[str, Any] = {"pages": names, "dialogs": window.seen.news((0, 0))}
    reached = []
    for _ in range(4):
        _QTest.keyClick(home.focusWidget(), Qt.Key.Key_Tab)
        reached.append(label_of(home.focusWidget()))
    seen["reached"] = reached
    home.page("Overview").dynamic.new_button.setFocus()
    _QTest.keyClick(home.focusWidget(), Qt.Key.Key_Return)
    dialog: Any = yield from window.dialog("New Dynamic Note")
    yield from placed(window)
    dialog.close()
    yield from window.closed(dialog)
    seen["open"] = home.isVisible()
    return seen


def change_theme_with_home_open(window: Window) -> Steps[dict[str, Any]]:
    """Change Anki's theme while Home is open: how bright its card and its guide are each time."""
    yield from window.ready()
    home: Any = yield from open_home(window)
    home.go_to("Help")
    seen = {}
    for name, theme in (("day", aqt.theme.Theme.LIGHT), ("night", aqt.theme.Theme.DARK)):
        window.mw.set_theme(theme)
        yield from placed(window)
        page = home.go_to("Help").view
        yield from placed(window)
        image = page.viewport().grab().toImage()
        back = image.pixelColor(image.width() - 3, 3).lightness()
        words = [image.pixelColor(x, y).lightness() for x in range(200) for y in range(8, 40)]
        card = home.go_to("Overview").vault
        yield from placed(window)
        image = card.grab().toImage()
        inside = image.pixelColor(image.width() // 2, 6).lightness()
        seen[name] = {"guide": back, "words": max(abs(word - back) for word in words)}
        seen[name]["card"] = inside
    window.mw.set_theme(aqt.theme.Theme.LIGHT)
    return seen


def squeeze_home(window: Window, factor: float) -> Steps[dict[str, Any]]:
    """Home in large letters, with all buttons of the vault: how small each page can be."""
    yield from window.ready()
    app = window.mw.app
    font = app.font()
    usual = font.pointSizeF()
    font.setPointSizeF(usual * factor)
    app.setFont(font)
    yield from press_sync_now(window)
    show_live(window, kind="questions", questions=1234)
    home: Any = yield from open_home(window)
    sizes = {}
    for page in ("Overview", "Help"):
        shown = home.go_to(page)
        yield from placed(window)
        home.resize(400, 300)
        yield from placed(window)
        sizes[page] = [home.width(), home.height()]
        if page == "Overview":
            area = shown.findChild(QScrollArea)
            home.resize(1024, 700)
            yield from placed(window)
            sizes["sideways"] = area.horizontalScrollBar().maximum()
    font.setPointSizeF(usual)
    app.setFont(font)
    return sizes


def edit_a_deck_with_home_open(window: Window, file: str) -> Steps[dict[str, Any]]:
    """Sync a TOML deck, then edit it in Anki and in its file; what its row in Home says."""
    yield from window.ready()
    decks: Any = yield from link(window, file)
    yield from press_and_wait(window, decks.sync_button)
    col = window.mw.col
    assert col is not None and col.db is not None
    col.db.execute("update notes set mod = mod - 100")  # as if that had been a while ago
    kept_links(window)[0]["last_run"] -= 50
    decks.close()
    yield from window.closed(decks)
    home: Any = yield from open_home(window)
    page = home.page("Overview")
    standing: Any = sys.modules["ankivault.ui.home.standing"]
    counts: list[object] = []
    count = standing.count_changed_in_anki

    def note_count(*args: Any) -> Any:
        counts.append(args)
        return count(*args)

    standing.count_changed_in_anki = note_count

    def says() -> str:
        return str(page.decks.body.itemAtPosition(0, 1).widget().text())

    seen: dict[str, Any] = {"at first": says()}
    page.refresh()
    yield from looked(window, home)
    seen["counted while nothing changed"] = len(counts)
    note = col.get_note(col.find_notes("Spanish:uno")[0])
    note["English"] = "ONE"
    window.call(lambda: update_note(parent=window.mw, note=note).run_in_background())
    yield from window.until(lambda: "changed in Anki" in says(), "the edit in Anki")
    seen["edited in Anki"] = says()
    other = col.find_cards("Spanish:dos")
    window.call(
        lambda: set_card_deck(
            parent=window.mw, card_ids=other, deck_id=DeckId(1)
        ).run_in_background()
    )
    yield from window.until(lambda: says().startswith("2"), "the move in Anki")
    seen["moved in Anki"] = says()
    Path(file).write_text(Path(file).read_text(encoding="utf-8") + "\n", encoding="utf-8")
    window.mw.app.applicationStateChanged.emit(Qt.ApplicationState.ApplicationActive)
    yield from window.until(lambda: "File" in says(), "the edit of the file")
    seen["both edited"] = says()
    standing.count_changed_in_anki = count
    return seen


def follow_in_home(window: Window, file: str, folder: str) -> Steps[dict[str, Any]]:
    """Do things while Home is open; what its cards say of them."""
    yield from window.ready()
    home: Any = yield from open_home(window)
    page = home.page("Overview")
    seen: dict[str, Any] = {"at first": page.vault.last.text(), "decks": len(page.decks.opens)}
    window.press(page.vault.sync)
    yield from window.until(lambda: "pages created" in page.vault.last.text(), "the run")
    seen["after"] = page.vault.state.text()
    yield from looked(window, home)
    seen["mode"] = page.vault.mode.text()

    window.press(page.decks.all_button)
    decks: Any = yield from window.dialog("Ankivault: TOML Decks")
    yield from placed(window)
    decks.add_file(Path(file))
    yield from window.until(lambda: len(page.decks.opens) == 1, "the deck")
    decks.reject()
    yield from window.closed(decks)
    yield from looked(window, home)
    window.press(page.decks.opens[0])
    decks = yield from window.dialog("Ankivault: TOML Decks")
    seen["chosen"] = decks.chosen().path
    yield from placed(window)
    decks.reject()
    yield from window.closed(decks)

    window.press(window.menu_action(*MENU, "Configure…"))
    dialog: Any = yield from window.dialog("Ankivault: Settings")
    dialog.form.folder.setText(folder)
    yield from window.until(
        lambda: folder in dialog.form.status.text().replace("\u200b", ""), "what is known of it"
    )
    yield from placed(window)
    window.press(dialog.buttons.button(OK))
    yield from window.closed(dialog)
    yield from window.until(lambda: page.vault.folder.text() == folder, "the other folder")
    yield from looked(window, home)
    seen["elsewhere"] = page.vault.last.text()
    Path(folder).rmdir()
    page.refresh()
    yield from looked(window, home)
    seen["gone"] = page.vault.state.text()
    return seen


def leave_twice(window: Window) -> Steps[dict[str, Any]]:
    """Close Home twice with settings that are not saved, then switch the profile, and discard."""
    yield from window.ready()
    home: Any = yield from open_home(window)
    page = home.go_to("Settings")
    page.form.before.click()
    yield from window.until(page.save_button.isEnabled, "Save")
    counts = []
    for leave in (home.reject, home.reject, window.mw.unloadProfileAndShowProfileManager):
        window.call(leave)
        yield from placed(window)
        boxes = [b for b in home.findChildren(QMessageBox) if b.isVisible()]
        counts.append(len(boxes))
    window.press(next(b for b in boxes[0].buttons() if label_of(b) == "Discard"))
    yield from window.until(lambda: window.mw.state == "profileManager", "the list of profiles")
    left = [w for w in QApplication.topLevelWidgets() if isinstance(w, QMessageBox)]
    return {"open": counts, "left": sum(not sip.isdeleted(w) and w.isVisible() for w in left)}


def show_what_the_disk_refuses(window: Window, typed: list[str]) -> Steps[dict[str, Any]]:
    """Open Home at a folder that the disk refuses to look at; press what is about the folder."""
    yield from window.ready()
    home: Any = yield from open_home(window)
    page = home.go_to("Overview")
    seen: dict[str, Any] = {"says": page.vault.state.text()}
    cards = (page.decks, page.sources, page.dynamic)
    seen["looking"] = [card.title.text() for card in cards if card.state.text() == "Looking…"]
    seen["boxes"] = []
    for button in (page.vault.sync, page.vault.preview, page.vault.open):
        window.press(button)
        box: Any = yield from window.until(lambda: find_any_box(), "the reason")
        seen["boxes"].append(box.text())
        yield from placed(window)
        box.reject()
        yield from window.closed(box)
        yield from window.idle()
    yield from looked(window, home)
    home.resize(900, 600)
    yield from placed(window)
    seen["last"] = page.vault.last.text().replace("\u200b", "")
    seen["sideways"] = page.findChild(QScrollArea).horizontalScrollBar().maximum()
    page = home.go_to("Settings")
    seen["browsed"] = []
    for text in typed:
        page.form.folder.setText(text)
        window.press(page.form.browse)
        dialog: Any = yield from window.dialog("Vault folder")
        seen["browsed"].append(dialog.directory().absolutePath())
        yield from placed(window)
        dialog.reject()
        yield from window.closed(dialog)
    seen["width"] = home.minimumSizeHint().width()
    page.form.revert()
    home.reject()
    yield from window.closed(home)
    window.press(window.menu_action(*MENU, "Report a Problem…"))
    dialog = yield from window.dialog("Ankivault: Report a Problem")
    yield from window.until(dialog.copy_button.isEnabled, "the report")
    yield from placed(window)
    dialog.reject()
    yield from window.closed(dialog)
    return seen


def find_any_box() -> Any:
    """A message box over any window."""
    box = QApplication.activeModalWidget()
    return box if isinstance(box, QMessageBox) and box.isVisible() else None
