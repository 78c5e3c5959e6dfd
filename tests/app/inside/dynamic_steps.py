"""How a person works in the window of a dynamic note: its buttons, fields, list and preview."""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from typing import Any

from aqt.qt import (
    QApplication,
    QDropEvent,
    QMessageBox,
    QPoint,
    QPointF,
    Qt,
    QWidget,
)
from PyQt6.QtTest import QTest
from scripts import MENU
from window import Steps, Window, label_of

EDIT = "Edit Dynamic Note…"
BACK = 1  # the second tab of the preview
NO_KEYS = Qt.KeyboardModifier.NoModifier
CONTROL = Qt.KeyboardModifier.ControlModifier
ALT = Qt.KeyboardModifier.AltModifier
LEFT = Qt.MouseButton.LeftButton
CARDS = (
    ("What is **osmosis**?", "Water moves through a membrane."),
    ("Which law?", "Van 't Hoff: $\\Pi = icRT$"),
    ("Who?", "Pfeffer, 1877"),
)
PICTURED = (
    ("What is **osmosis**?", "Water moves through a membrane that holds back what is dissolved."),
    ("What drives it?", "A difference in *water potential*: from high to low."),
    (
        "What is the osmotic pressure of a dilute solution?",
        "Van 't Hoff's law:\n\n$$\\Pi = i\\,c\\,R\\,T$$\n\n- $i$: particles for each unit\n"
        "- $c$: concentration",
    ),
    ("Who measured it first?", "Wilhelm Pfeffer, 1877"),
)
_QTest: Any = QTest  # its methods are static, which its type hints do not say


def open_window(window: Window) -> Steps[Any]:
    """Open New Dynamic Note…."""
    window.press(window.menu_action(*MENU, "New Dynamic Note…"))
    return (yield from window.dialog("Dynamic Note"))


def write(field: QWidget, text: str) -> None:
    """Put the cursor into a field and type."""
    field.setFocus()
    go_on_writing(field, text)


def go_on_writing(field: QWidget, text: str) -> None:
    """Type where the cursor is."""
    for number, line in enumerate(text.split("\n")):
        if number:
            press_key(field, Qt.Key.Key_Return, NO_KEYS)
        _QTest.keyClicks(field, line)


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
    _QTest.mouseClick(dialog.list.viewport(), LEFT, NO_KEYS, place)
    yield from window.until(lambda: dialog.list.currentRow() == row, "the card to be chosen")


def drop_card(window: Window, dialog: Any, row: int, target: int) -> Steps[None]:
    """Drop a card on the upper half of the one in another row."""
    yield from click_card(window, dialog, row)
    place = dialog.list.visualItemRect(dialog.list.item(target)).topLeft() + QPoint(60, 2)
    mime = dialog.list.mimeData([dialog.list.item(row)])
    moved = Qt.DropAction.MoveAction
    event = QDropEvent(QPointF(place), moved, mime, LEFT, NO_KEYS)
    before = texts_of(dialog)
    window.call(lambda: dialog.list.dropEvent(event))
    yield from window.until(lambda: texts_of(dialog) != before, "the card to be dropped")


def texts_of(dialog: Any) -> list[str]:
    """What the list of cards says: each front, and the small line below it."""
    detail = Qt.ItemDataRole.UserRole + 1
    items = [dialog.list.item(row) for row in range(dialog.list.count())]
    return [f"{item.text()} | {item.data(detail)}" for item in items]


def save(window: Window, dialog: Any) -> Steps[None]:
    """Press Ctrl+Enter, and wait for the note to be in the collection."""
    window.call(lambda: press_key(dialog.front, Qt.Key.Key_Return, CONTROL))
    yield from saved(window, dialog)


def saved(window: Window, dialog: Any) -> Steps[None]:
    """Wait until the window says that the note is in the collection."""
    yield from window.until(
        lambda: dialog.isEnabled() and dialog.status.text().startswith(("Added:", "Saved:")),
        "the save",
    )
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


def find_module(name: str) -> Any:
    """A module of the installed add-on."""
    return importlib.import_module(f"ankivault.{name}")


def review(col: Any, card_id: int) -> None:
    """Answer a card with Good."""
    card = col.get_card(card_id)
    card.start_timer()
    states = col._backend.get_scheduling_states(card_id)
    col.sched.answer_card(col.sched.build_answer(card=card, states=states, rating=2))
