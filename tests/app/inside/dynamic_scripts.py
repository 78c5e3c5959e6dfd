"""What is done with a dynamic note in its window: by clicks and keys, as a person does it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import aqt
from aqt import gui_hooks
from aqt.qt import QApplication, QMenu, QMessageBox, QPoint, Qt, QWidget
from PyQt6.QtTest import QTest
from scripts import MENU
from window import Steps, Window, label_of

EDIT = "Edit Dynamic Note…"
CONTROL = Qt.KeyboardModifier.ControlModifier
ALT = Qt.KeyboardModifier.AltModifier
LEFT = Qt.MouseButton.LeftButton
CARDS = (
    ("What is **osmosis**?", "Water moves through a membrane."),
    ("Which law?", "Van 't Hoff: $\\Pi = icRT$"),
    ("Who?", "Pfeffer, 1877"),
)
_QTest: Any = QTest  # its methods are static, which its type hints do not say


def open_window(window: Window) -> Steps[Any]:
    """Open New Dynamic Note…."""
    window.press(window.menu_action(*MENU, "New Dynamic Note…"))
    return (yield from window.dialog("Dynamic Note"))


def write(field: QWidget, text: str) -> None:
    """Put the cursor into a field and type."""
    field.setFocus()
    _QTest.keyClicks(field, text)


def press_key(widget: QWidget, key: Qt.Key, modifier: Qt.KeyboardModifier) -> None:
    _QTest.keyClick(widget, key, modifier)


def write_cards(window: Window, dialog: Any, cards: Sequence[tuple[str, str]]) -> Steps[None]:
    """Fill the first card and add the others, each by the button."""
    for number, (front, back) in enumerate(cards):
        if number:
            yield from press_and_see(window, dialog, dialog.add_button)
        write(dialog.front, front)
        write(dialog.back, back)


def press_and_see(window: Window, dialog: Any, button: Any) -> Steps[None]:
    """Press a button that changes the list of cards."""
    before = texts_of(dialog)
    window.press(button)
    yield from window.until(lambda: texts_of(dialog) != before, "the list of cards to change")


def click_card(window: Window, dialog: Any, row: int) -> Steps[None]:
    """Click a card in the list."""
    place = dialog.list.visualItemRect(dialog.list.item(row)).center()
    _QTest.mouseClick(dialog.list.viewport(), LEFT, Qt.KeyboardModifier.NoModifier, place)
    yield from window.until(lambda: dialog.list.currentRow() == row, "the card to be chosen")


def drag_card(window: Window, dialog: Any, row: int, target: int) -> Steps[None]:
    """Drag a card above the one in another row."""
    view, before = dialog.list.viewport(), texts_of(dialog)
    start = dialog.list.visualItemRect(dialog.list.item(row)).center()
    end = dialog.list.visualItemRect(dialog.list.item(target)).topLeft() + QPoint(60, 2)
    _QTest.mousePress(view, LEFT, Qt.KeyboardModifier.NoModifier, start)
    # The drag runs an event loop of its own, which ends when the button is let go.
    window.call(lambda: [_QTest.mouseMove(view, start + QPoint(0, n)) for n in (5, 20, 40)])
    window.call(lambda: _QTest.mouseMove(view, end))
    window.call(lambda: _QTest.mouseMove(view, end + QPoint(1, 0)))
    window.call(lambda: _QTest.mouseRelease(view, LEFT, Qt.KeyboardModifier.NoModifier, end))
    yield from window.until(lambda: texts_of(dialog) != before, "the card to be dropped")


def texts_of(dialog: Any) -> list[str]:
    """What the list of cards says: each front, and the small line below it."""
    detail = Qt.ItemDataRole.UserRole + 1
    items = [dialog.list.item(row) for row in range(dialog.list.count())]
    return [f"{item.text()} | {item.data(detail)}" for item in items]


def save(window: Window, dialog: Any) -> Steps[None]:
    """Press Ctrl+Enter, and wait for the note to be in the collection."""
    tooltips = len(window.seen.tooltips)
    window.call(lambda: press_key(dialog.front, Qt.Key.Key_Return, CONTROL))
    yield from window.until(lambda: len(window.seen.tooltips) > tooltips, "the save")
    yield from window.idle()


def answer(window: Window, label: str) -> Steps[str]:
    """Press a button of the question that is up; what it asked."""

    def find() -> Any:
        box = QApplication.activeModalWidget()
        return box if isinstance(box, QMessageBox) and box.isVisible() else None

    box = yield from window.until(find, "a question")
    text = str(box.text())
    window.press(next(button for button in box.buttons() if label_of(button) == label))
    yield from window.closed(box)
    return text


def state_of(window: Window, note_id: int) -> dict[str, Any]:
    """A note in the collection, with its cards by the names they have in it."""
    col: Any = window.mw.col
    note = col.get_note(note_id)
    rows = col.db.all(
        "select c.id, c.ord, c.did, (select count() from revlog r where r.cid = c.id)"
        " from cards c where c.nid = ? order by c.ord",
        note_id,
    )
    return {
        "note": note["Note"],
        "link": note["Link"],
        "data": note["Data"],
        "tags": note.tags,
        "decks": sorted({did for _, _, did, _ in rows}),
        "cards": {note.fields[3 + ord_ + 1]: [id_, ord_ + 1, n] for id_, ord_, _, n in rows},
        "undo": col.undo_status().undo,
    }


def write_note(window: Window) -> Steps[tuple[Any, int]]:
    """Write a note with three cards, and save it."""
    dialog = yield from open_window(window)
    write(dialog.note, "Osmosis")
    write(dialog.tags, "biology")
    dialog.tags.hideCompleter()
    yield from write_cards(window, dialog, CARDS)
    yield from save(window, dialog)
    return dialog, dialog._draft.opened.id


def shown_by(window: Window, dialog: Any) -> Steps[str]:
    """The text that the preview shows, when it has settled."""
    page = dialog.preview.web.page()

    def ask(code: str) -> Steps[Any]:
        answers: list[Any] = []
        page.runJavaScript(code, answers.append)
        yield from window.until(lambda: answers, "the page's answer")
        return answers[0]

    yield from window.until(
        lambda: not dialog._rest.isActive() and dialog.preview.web._domDone, "the preview"
    )
    yield from ask("window.settled = 0; _queueAction(() => { window.settled = 1; }); 1")
    while not (yield from ask("window.settled === 1")):
        pass
    return str((yield from ask("document.getElementById('qa').innerText")))


def make_edit_undo(window: Window) -> Steps[dict[str, Any]]:
    """Three cards, a review, then from the reviewer: add, remove, reorder, save, undo."""
    yield from window.ready()
    mw: Any = window.mw
    dialog, note_id = yield from write_note(window)
    seen: dict[str, Any] = {"made": state_of(window, note_id), "rows": texts_of(dialog)}
    seen["title"] = dialog.windowTitle()
    window.press(dialog.close_button)
    yield from window.closed(dialog)

    mw.col.decks.select(mw.col.decks.id("Default"))
    mw.moveToState("review")
    yield from window.until(lambda: mw.state == "review" and mw.reviewer.card, "a card")
    reviewed = mw.reviewer.card
    seen["reviewed"] = mw.col.get_note(note_id).fields[4 + reviewed.ord]
    window.call(mw.reviewer._showAnswer)
    yield from window.until(lambda: mw.reviewer.state == "answer", "the answer")
    window.call(lambda: mw.reviewer._answerCard(3))
    yield from window.until(lambda: mw.reviewer.card.id != reviewed.id, "the next card")
    yield from window.idle()

    menu = QMenu(mw)
    gui_hooks.webview_will_show_context_menu(mw.web, menu)
    entries = [action for action in menu.actions() if action.text() == EDIT]
    seen["offered"] = len(entries)
    window.press(entries[0])
    dialog = yield from window.dialog("Edit Dynamic Note")
    seen["chosen_from_reviewer"] = (
        dialog._chosen.id == mw.col.get_note(note_id).fields[4 + mw.reviewer.card.ord]
    )
    seen["rows_reviewed"] = texts_of(dialog)
    yield from click_card(window, dialog, 0)
    yield from press_and_see(window, dialog, dialog.remove_button)
    yield from click_card(window, dialog, 2)
    press_key(dialog.front, Qt.Key.Key_Up, ALT)
    yield from press_and_see(window, dialog, dialog.add_button)
    write(dialog.front, "When?")
    write(dialog.back, "1748")
    seen["preview"] = yield from shown_by(window, dialog)
    seen["rows_edited"] = texts_of(dialog)
    window.call(lambda: press_key(dialog.front, Qt.Key.Key_Return, CONTROL))
    seen["asked"] = yield from answer(window, "Remove and Save")
    yield from window.until(lambda: not dialog.is_changed, "the save")
    yield from window.idle()
    seen["edited"] = state_of(window, note_id)
    seen["rows_saved"] = texts_of(dialog)

    window.press(mw.form.actionUndo)
    yield from window.until(lambda: texts_of(dialog) != seen["rows_saved"], "Undo")
    yield from window.idle()
    seen["undone"] = state_of(window, note_id)
    seen["rows_undone"] = texts_of(dialog)
    window.press(dialog.close_button)
    yield from window.closed(dialog)

    browser: Any = aqt.dialogs.open("Browser", mw, search=(f"nid:{note_id}",))
    yield from window.until(lambda: browser.table.len() == 3, "the browser")
    browser.table.select_all()
    menu = QMenu(browser)
    gui_hooks.browser_will_show_context_menu(browser, menu)
    seen["offered_in_browser"] = [a.text() for a in menu.actions()].count(EDIT)
    (action,) = (a for a in browser.form.menu_Notes.actions() if a.text() == EDIT)
    window.press(action)
    dialog = yield from window.dialog("Edit Dynamic Note")
    seen["rows_reopened"] = texts_of(dialog)
    dialog.reject()
    browser.close()
    return seen
