"""The ways by which a person comes to a dynamic note in Anki's own windows."""

from __future__ import annotations

from functools import partial
from typing import Any

import aqt
from aqt.qt import QApplication, Qt, QWidget
from card_scripts import add_notes, close_browser
from dynamic_steps import answer, find_module, press_key, write
from two_way_scripts import placed
from window import Steps, Window

NO_KEYS = Qt.KeyboardModifier.NoModifier
CONTROL = Qt.KeyboardModifier.ControlModifier


def windows(kind: str) -> list[QWidget]:
    """The visible windows of a class."""
    found = QApplication.topLevelWidgets()
    return [each for each in found if type(each).__name__ == kind and each.isVisible()]


def leave(window: Window, dialog: Any) -> Steps[str]:
    """Close the window of a dynamic note; what card it showed."""
    text = str(dialog.front.toPlainText())
    yield from placed(window)
    window.press(dialog.close_button)
    yield from window.closed(dialog)
    return text


def activate(window: Window, target: Any) -> Steps[None]:
    """Have the keys that are pressed go to a window."""
    target.activateWindow()
    yield from window.until(target.isActiveWindow, "the window to be active")


def press_e(window: Window, notes: list[dict[str, Any]]) -> Steps[dict[str, Any]]:
    """Press E on a dynamic and on a basic card in the reviewer, in the browser, in its preview."""
    yield from window.ready()
    mw: Any = window.mw
    add_notes(window, notes, {}, autoplay=False)
    basic = mw.col.new_note(mw.col.models.by_name("Basic"))
    basic["Front"] = "a basic note"
    mw.col.add_note(basic, mw.col.decks.id("Dynamic"))
    seen: dict[str, Any] = {"reviewer": [], "raw_windows": 0}
    mw.moveToState("review")
    while mw.state == "review":
        shown = mw.reviewer.card
        yield from activate(window, mw)
        press_key(mw, Qt.Key.Key_E, NO_KEYS)
        if shown.nid == basic.id:
            yield from window.until(lambda: windows("EditCurrent"), "Anki's editor")
            seen["basic"] = True
            windows("EditCurrent")[0].close()
            yield from window.until(lambda: not windows("EditCurrent"), "Anki's editor to go")
        else:
            dialog: Any = yield from window.dialog("Edit Dynamic Note")
            seen["reviewer"].append((yield from leave(window, dialog)))
            seen["raw_windows"] += len(windows("EditCurrent"))
        mw.reviewer._showAnswer()
        mw.reviewer._answerCard(4)
        yield from window.until(partial(is_past, mw.reviewer, shown.id), "the next card")
        yield from window.idle()
    browser: Any = yield from open_browser(window, "deck:Dynamic -note:Basic")
    press_key(browser.form.tableView, Qt.Key.Key_E, NO_KEYS)
    dialog = yield from window.dialog("Edit Dynamic Note")
    seen["browser"] = yield from leave(window, dialog)
    browser.onTogglePreview()
    preview: Any = yield from window.until(lambda: browser._previewer, "the preview")
    yield from window.until(preview.isVisible, "the preview")
    yield from activate(window, preview)
    press_key(preview, Qt.Key.Key_E, NO_KEYS)
    dialog = yield from window.dialog("Edit Dynamic Note")
    seen["preview"] = yield from leave(window, dialog)
    preview.close()
    yield from close_browser(window, browser)
    return seen


def is_past(reviewer: Any, card_id: int) -> bool:
    """Whether the reviewer has left a card."""
    return not reviewer.card or bool(reviewer.card.id != card_id)


def open_browser(window: Window, search: str) -> Steps[Any]:
    """The browser at the first card of a search."""
    browser: Any = aqt.dialogs.open("Browser", window.mw, search=(search,))
    yield from window.until(lambda: browser.table._model.len_rows(), "the browser's rows")
    browser.table.to_first_row()
    yield from window.until(
        lambda: getattr(browser, "singleCard", False) and browser.card, "the first card"
    )
    yield from window.until(lambda: browser.editor.web._domDone, "the editor's page")
    yield from window.idle()
    return browser


def cover_of(browser: Any) -> Any:
    """What lies over the fields in a window's editor."""
    covers = find_module("ui.dynamic.cover")._covers
    return covers.get(browser.editor)


def look_and_mend(window: Window, notes: list[dict[str, Any]]) -> Steps[dict[str, Any]]:
    """Look at a note in the browser, ask for its fields, break it by hand, and mend it."""
    yield from window.ready()
    mw: Any = window.mw
    add_notes(window, notes, {}, autoplay=False)
    (note_id,) = mw.col.find_notes("deck:Dynamic")
    mw.col.set_config("activeCols", ["noteFld", "question"])
    browser: Any = yield from open_browser(window, "deck:Dynamic")
    cover = cover_of(browser)
    rows = browser.table._model
    seen: dict[str, Any] = {
        "row": rows.get_row(rows.index(0, 0)).cells[0].text,
        "says": cover.text.text(),
        "web": [browser.editor.web.isVisible()],
        "mends": [cover.mend_button.isVisible()],
    }
    for label in ("No", "Yes"):
        window.press(cover.raw_button)
        seen["asked"] = yield from answer(window, label)
        seen["web"].append(browser.editor.web.isVisible())
    intact = mw.col.get_note(note_id).fields
    note = mw.col.get_note(note_id)
    note["Card 1"], note["Card 2"] = "something else", ""
    aqt.operations.note.update_note(parent=browser, note=note).run_in_background()
    yield from window.until(lambda: mw.col.get_note(note_id)["Card 2"] == "", "the damage")
    yield from window.idle()
    browser.table.clear_selection()
    yield from window.until(lambda: not browser.singleCard, "no row")
    browser.table.select_single_card(mw.col.get_note(note_id).card_ids()[0])
    yield from window.until(lambda: browser.singleCard, "the row again")
    seen["web"].append(browser.editor.web.isVisible())
    seen["problem"] = cover.problem.text()
    seen["mends"].append(cover.mend_button.isVisible())
    window.press(cover.mend_button)
    yield from window.until(lambda: mw.col.get_note(note_id).fields == intact, "mended fields")
    yield from window.until(lambda: not cover.mend_button.isVisible(), "the cover to follow")
    seen["cards"] = len(mw.col.get_note(note_id).cards())
    seen["undo"] = mw.col.undo_status().undo
    yield from close_browser(window, browser)
    note = mw.col.get_note(note_id)  # the closed editor, still held here, is left alone
    note["Link"] = "https://example.com"
    aqt.operations.note.update_note(parent=mw, note=note).run_in_background()
    yield from window.until(lambda: mw.col.get_note(note_id)["Link"], "the change")
    yield from window.idle()
    return seen


def add_by_anki(window: Window, notes: list[dict[str, Any]]) -> Steps[dict[str, Any]]:
    """Press A where the dynamic type is the one to add; another type; choose it; copy a note."""
    yield from window.ready()
    mw: Any = window.mw
    add_notes(window, notes, {}, autoplay=False)
    (note_id,) = mw.col.find_notes("deck:Dynamic")
    dynamic = mw.col.get_note(note_id).mid
    mw.moveToState("review")
    yield from activate(window, mw)
    press_key(mw, Qt.Key.Key_A, NO_KEYS)
    dialog: Any = yield from window.dialog("New Dynamic Note")
    yield from window.until(lambda: not aqt.dialogs._dialogs["AddCards"][1], "Add to be gone")
    seen: dict[str, Any] = {"add_windows": [len(windows("AddCards"))]}
    window.press(dialog.type_button)
    yield from window.until(lambda: windows("AddCards"), "Anki's Add")
    add: Any = windows("AddCards")[0]
    seen["type"] = [add.notetype_chooser.selected_notetype_name()]
    yield from leave(window, dialog)
    add.editor.note["Front"] = "kept"
    add.notetype_chooser.selected_notetype_id = dynamic
    dialog = yield from window.dialog("New Dynamic Note")
    seen["type"].append(add.notetype_chooser.selected_notetype_name())
    seen["kept"] = add.editor.note["Front"]
    write(dialog.front, "A front")
    write(dialog.back, "A back")
    window.call(lambda: press_key(dialog.front, Qt.Key.Key_Return, CONTROL))
    yield from window.until(lambda: dialog.status.text().startswith("Added:"), "the save")
    yield from leave(window, dialog)
    seen["found"] = len(mw.col.find_notes("deck:Dynamic"))
    add.editor.note["Front"] = ""
    add.close()
    yield from window.until(lambda: not aqt.dialogs._dialogs["AddCards"][1], "Add to be gone")
    browser: Any = yield from open_browser(window, f"nid:{note_id}")
    window.call(browser.on_create_copy)
    dialog = yield from window.dialog("New Dynamic Note")
    seen["copy_says"] = dialog.status.text()
    window.press(dialog.save_button)
    yield from window.until(lambda: dialog.status.text().startswith("Added:"), "the copy")
    yield from leave(window, dialog)
    yield from window.until(lambda: not aqt.dialogs._dialogs["AddCards"][1], "Add to be gone")
    yield from close_browser(window, browser)
    copies = [mw.col.get_note(n).fields for n in mw.col.find_notes("deck:Dynamic")]
    seen["same"] = copies.count(mw.col.get_note(note_id).fields)
    return seen
