"""What is done in Anki's window when pages were edited."""

from __future__ import annotations

import html
from functools import partial
from pathlib import Path
from typing import Any, Optional

import aqt
from aqt.qt import (
    QApplication,
    QFileDialog,
    QLineEdit,
    QMessageBox,
    QPoint,
    QRadioButton,
    Qt,
)
from PyQt6.QtTest import QTest
from scripts import MENU, OK, press_sync_now
from window import Steps, Window, label_of

_QTest: Any = QTest  # its methods are static, which its type hints do not say


def open_preview(window: Window) -> Steps[Any]:
    """Open Preview Changes…."""
    window.press(window.menu_action(*MENU, "Preview Changes…"))
    dialog: Any = yield from window.dialog("Ankivault: Preview")
    yield from window.idle()
    return dialog


def placed(window: Window) -> Steps[None]:
    """Wait until Anki has seen to the place of a new dialog, which nobody closes faster.

    It does so in timers of 50 and 100 ms, in vain when the dialog is gone: this one comes last.
    """
    fired: list[bool] = []
    window.mw.progress.timer(200, lambda: fired.append(True), False, parent=window.mw)
    yield from window.until(lambda: fired, "Anki's own timers")


def rows_of(dialog: Any) -> list[list[str]]:
    """The rows that are shown: where, what change, page, what and why."""
    rows = dialog.rows
    return [
        [rows.data(rows.index(row, column)) for column in range(4)]
        for row in range(rows.rowCount())
    ]


def choose_row(window: Window, dialog: Any, *, page: str, change: str) -> Steps[str]:
    """Select the row of a page, wait for what it is about, and return that."""
    found = [
        n for n, row in enumerate(rows_of(dialog)) if page in row[2] and change in (row[1], "")
    ]
    assert len(found) == 1, f"{len(found)} rows of “{page}”: {rows_of(dialog)}"
    dialog.view.setCurrentIndex(dialog.rows.index(found[0], 0))
    return (yield from window.until(lambda: text_below(dialog), "what the change is about"))


def text_below(dialog: Any) -> str:
    """What stands below the list."""
    return str(dialog.sides.toPlainText())


def press_answer(window: Window, dialog: Any, answer: str, open_after: int) -> Steps[None]:
    """Press an answer to the selected question, and wait for the plan that has it."""
    buttons = dialog.questions.settle.buttons.values()
    pressed = [b for b in buttons if label_of(b) == answer]
    if label_of(dialog.questions.all_button) == answer:
        pressed.append(dialog.questions.all_button)
    assert len(pressed) == 1, f"“{answer}” is not asked: {[label_of(b) for b in buttons]}"
    window.press(pressed[0])
    yield from window.until(lambda: count_open(dialog) == open_after, f"“{answer}” to be planned")
    yield from window.idle()


def count_open(dialog: Any) -> int:
    """How many questions of the plan shown are open."""
    return len(dialog._listing.plan.open_questions)


def find_box() -> Optional[QMessageBox]:
    """The message box that is up."""
    widget = QApplication.activeModalWidget()
    return widget if isinstance(widget, QMessageBox) else None


def read_notes(window: Window, searches: list[str]) -> list[list[str]]:
    """The fields of the notes found, joined; nothing for those that are not there."""
    col = window.mw.col
    assert col is not None
    return [
        [" | ".join(col.get_note(note_id).fields) for note_id in col.find_notes(search)]
        for search in searches
    ]


def decide_and_sync(
    window: Window,
    look_at: list[str],
    answers: list[list[str]],
    searches: list[str],
    confirm: str = "",
) -> Steps[dict[str, Any]]:
    """Preview; look at rows; answer [page, change, answer]; press Sync Now; then Undo in Anki."""
    yield from window.ready()
    col = window.mw.col
    assert col is not None
    seen: dict[str, Any] = {"before": read_notes(window, searches)}
    dialog: Any = yield from open_preview(window)
    seen["counts"], seen["rows"] = dialog.counts.text(), rows_of(dialog)
    seen["shown"] = {}
    for page in look_at:
        seen["shown"][page] = yield from choose_row(window, dialog, page=page, change="edit note")
    for page, change, answer in answers:
        seen["shown"][page] = yield from choose_row(window, dialog, page=page, change=change)
        left = count_open(dialog) - 1
        yield from press_answer(window, dialog, answer, left)
    seen["decided"] = rows_of(dialog)
    assert read_notes(window, searches) == seen["before"], "the preview wrote something"
    refreshed: list[bool] = []
    aqt.gui_hooks.operation_did_execute.append(lambda changes, _: refreshed.append(changes.note))
    before = window.seen.mark()
    window.press(dialog.sync_button)
    if confirm:
        box: Any = yield from window.until(find_box, "a question")
        seen["question"] = box.text()
        (button,) = (b for b in box.buttons() if label_of(b) == confirm)
        window.press(button)
        yield from window.closed(box)
    yield from window.until(lambda: len(window.seen.tooltips) > before[1], "the run to end")
    yield from window.idle()
    seen["told"] = html.unescape(window.seen.tooltips[before[1]])
    seen["refreshed"] = refreshed
    seen["after"] = read_notes(window, searches)
    seen["undo"] = col.undo_status().undo
    window.press(window.mw.form.actionUndo)
    yield from window.until(
        lambda: read_notes(window, searches) == seen["before"], f"Undo: {seen['after']}"
    )
    yield from window.idle()
    return seen


def sync_and_decide(
    window: Window, answer: str, to_all: bool, searches: list[str]
) -> Steps[dict[str, Any]]:
    """Press Sync Now, the summary's button to what is left, and an answer; then Sync Now there."""
    yield from window.ready()
    seen: dict[str, Any] = {"told": (yield from press_sync_now(window))}
    summary: Any = yield from window.dialog("Ankivault: Summary")
    yield from placed(window)
    seen["button"] = label_of(summary.decide_button)
    window.press(summary.decide_button)
    dialog: Any = yield from window.dialog("Ankivault: Preview")
    yield from window.idle()
    seen["rows"] = rows_of(dialog)
    left = count_open(dialog)
    dialog.view.setCurrentIndex(dialog.rows.index(0, 0))
    yield from press_answer(window, dialog, answer, left - 1)
    if to_all:
        yield from press_answer(window, dialog, label_of(dialog.questions.all_button), 0)
    seen["counts"] = dialog.counts.text()
    before = window.seen.mark()
    window.press(dialog.sync_button)
    yield from window.until(lambda: len(window.seen.tooltips) > before[1], "the run to end")
    yield from window.idle()
    seen["after"] = read_notes(window, searches)
    return seen


def answer_in_haste(window: Window, searches: list[str]) -> Steps[dict[str, Any]]:
    """Answer every question while the first answer is still being planned; look again; close."""
    yield from window.ready()
    dialog: Any = yield from open_preview(window)
    seen: dict[str, Any] = {"asked": count_open(dialog), "before": read_notes(window, searches)}
    for row in range(seen["asked"]):
        dialog.view.setCurrentIndex(dialog.rows.index(row, 0))
        (button,) = (b for b in dialog.questions.settle.buttons.values() if label_of(b) == "Both")
        button.click()
    seen["can_sync_meanwhile"] = dialog.sync_button.isEnabled()
    yield from window.until(lambda: count_open(dialog) == 0, "all answers to be planned")
    yield from window.idle()
    seen["said"] = [row[3] for row in rows_of(dialog)[: seen["asked"]]]
    window.mw.set_theme(aqt.theme.Theme.DARK)
    yield from window.until(lambda: text_below(dialog), "what the change is about, in the dark")
    again: Any = yield from open_preview(window)
    assert again is dialog, "a second window"
    yield from window.until(lambda: count_open(dialog) == 0, "a new plan with the answers")
    yield from window.idle()
    for label in ("Keep Deciding", "Forget and Close"):
        assert dialog.isVisible()
        window.call(lambda: press_key(dialog.view, Qt.Key.Key_Escape))
        seen["asked_on_esc"] = yield from answer_box(window, label)
    yield from window.closed(dialog)
    again = yield from open_preview(window)
    assert count_open(again) == seen["asked"], "answers that were to be forgotten"
    again.reject()
    yield from window.closed(again)
    seen["after"] = read_notes(window, searches)
    return seen


def answer_alike(window: Window, searches: list[str]) -> Steps[dict[str, Any]]:
    """Settle conflicts under *You decide*: the first, two selected, the rest; keyboard only."""
    yield from window.ready()
    dialog: Any = yield from open_preview(window)
    bar, view = dialog.questions, dialog.view
    dialog.kind.setCurrentIndex(dialog.kind.findText(f"You decide ({count_open(dialog)})"))
    seen: dict[str, Any] = {"offers": [label_of(bar.all_button)], "order": []}

    def note() -> str:
        seen["offers"].append(label_of(bar.all_button))
        assert dialog.view.selected(), "no row is selected"
        return str(dialog._chosen_question().path)

    paths = [row[2] for row in rows_of(dialog)]
    view.setFocus()
    before = count_open(dialog)
    for number in (1, 2):  # one by one: the selection goes on by itself
        seen["order"].append(note())
        press_key(dialog, getattr(Qt.Key, f"Key_{number}"), Qt.KeyboardModifier.ControlModifier)
        yield from window.until(
            partial(lambda left: count_open(dialog) == left, before - number), "a plan"
        )
        yield from window.idle()
    seen["order"].append(note())
    press_key(view, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)  # two rows
    note()
    press_key(dialog, Qt.Key.Key_A, Qt.KeyboardModifier.AltModifier)
    yield from window.until(lambda: count_open(dialog) == before - 4, "a plan for two")
    yield from window.idle()
    note()
    dialog.search.setText(paths[-1].split("/")[-1])  # one is left, and it is not this one alone
    seen["one_left"] = [bar.all_button.isVisible(), len(rows_of(dialog))]
    dialog.search.clear()
    dialog.kind.setCurrentIndex(0)
    choose = next(n for n, row in enumerate(rows_of(dialog)) if row[2] == seen["order"][0])
    view.setCurrentIndex(dialog.rows.index(choose, 0))  # answered with the first answer
    note()
    press_key(bar.all_button, Qt.Key.Key_Space)
    yield from window.until(lambda: count_open(dialog) == 0, "a plan for the rest")
    yield from window.idle()
    seen["answers"] = {row[2]: row[3].split(".")[0] for row in rows_of(dialog)[:before]}
    seen["paths"] = paths
    told = window.seen.mark()
    window.press(dialog.sync_button)
    yield from window.until(lambda: len(window.seen.tooltips) > told[1], "the run to end")
    yield from window.idle()
    seen["after"] = read_notes(window, searches)
    return seen


def ask_what_for_all(window: Window) -> Steps[dict[str, Any]]:
    """Give an answer by arrows and Enter; have The Same for All ask which it is to be."""
    yield from window.ready()
    dialog: Any = yield from open_preview(window)
    bar = dialog.questions
    before = count_open(dialog)
    buttons = list(bar.settle.buttons.values())
    (checked,) = (b for b in buttons if b.isChecked())
    checked.setFocus()
    press_key(checked, Qt.Key.Key_Left)
    press_key(dialog.focusWidget(), Qt.Key.Key_Left)
    seen = {"focus": label_of(dialog.focusWidget()), "open": count_open(dialog)}
    press_key(dialog.focusWidget(), Qt.Key.Key_Return)
    yield from window.until(lambda: count_open(dialog) == before - 1, "a plan")
    yield from window.idle()
    seen["visible"] = dialog.isVisible()
    seen["focus_stays"] = isinstance(dialog.focusWidget(), QRadioButton)
    bar._given.clear()  # as if another kind had been answered
    dialog._show_alike()
    seen["offer"] = label_of(bar.all_button)
    window.press(bar.all_button)
    menu: Any = yield from window.until(QApplication.activePopupWidget, "the menu")
    seen["choices"] = [label_of(action) for action in menu.actions()]
    press_key(menu, Qt.Key.Key_Down)
    press_key(menu, Qt.Key.Key_Return)
    yield from window.until(lambda: count_open(dialog) == 0, "a plan")
    yield from window.idle()
    seen["answers"] = sorted(row[3].split(".")[0] for row in rows_of(dialog)[:before])
    window.call(dialog.reject)
    yield from answer_box(window, "Forget and Close")
    return seen


def answer_by_double_click(window: Window) -> Steps[dict[str, Any]]:
    """Click an answer twice, as fast as a double click; what was answered."""
    yield from window.ready()
    dialog: Any = yield from open_preview(window)
    yield from placed(window)
    before = count_open(dialog)
    first = dialog._chosen_question().key
    button = next(iter(dialog.questions.settle.buttons.values()))
    place = button.mapTo(dialog, QPoint(8, button.height() // 2))
    left, no_keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    _QTest.mouseDClick(dialog.windowHandle(), left, no_keys, place)
    yield from window.until(lambda: count_open(dialog) == before - 1, "a plan")
    yield from window.idle()
    seen = {"answered": [*dialog._asked] == [first], "next": dialog._chosen_question().key != first}
    window.call(dialog.reject)
    seen["asked"] = yield from answer_box(window, "Forget and Close")
    return seen


def answer_box(window: Window, label: str) -> Steps[str]:
    """Press a button of the message box that comes up; what it asked."""
    box: Any = yield from window.until(find_box, "a question")
    text = str(box.text())
    window.press(next(button for button in box.buttons() if label_of(button) == label))
    yield from window.closed(box)
    return text


def press_key(
    widget: Any, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
) -> None:
    _QTest.keyClick(widget, key, modifier)


def switch_two_way_on(window: Window, folder: str) -> Steps[dict[str, Any]]:
    """Switch two-way on in Configure…, with Obsidian as the winner of conflicts."""
    yield from window.ready()
    window.press(window.menu_action(*MENU, "Configure…"))
    dialog: Any = yield from window.dialog("Ankivault: Settings")
    edits = dialog.form.edits
    dialog.form.tabs.setCurrentWidget(edits)
    seen: dict[str, Any] = {
        "on": edits.two_way.isChecked(),
        "policy": edits.policy.currentData(),
        "said_off": window.texts(edits),
    }
    dialog.form.folder.setText(folder)
    window.press(edits.two_way)
    yield from window.until(edits.two_way.isChecked, "the switch")
    seen["said_on"] = window.texts(edits)
    edits.policy.setCurrentIndex(edits.policy.findData("prefer_obsidian"))
    window.press(dialog.buttons.button(OK))
    yield from window.closed(dialog)
    assert window.mw.pm.profile is not None
    seen["saved"] = window.mw.pm.profile["ankivault"]
    return seen


def create_templates(window: Window) -> Steps[dict[str, Any]]:
    """Create Page Templates… in the folder that is offered."""
    yield from window.ready()
    before = window.seen.mark()
    window.press(window.menu_action(*MENU, "Create Page Templates…"))

    def find() -> Optional[QFileDialog]:
        widget = QApplication.activeModalWidget()
        return widget if isinstance(widget, QFileDialog) else None

    dialog: Any = yield from window.until(find, "the folder picker")
    offered = Path(dialog.directory().absolutePath())
    dialog.findChild(QLineEdit).setText(str(offered))
    window.call(dialog.accept)
    yield from window.until(lambda: len(window.seen.tooltips) > before[1], "the run to end")
    yield from window.idle()
    return {"offered": str(offered), "told": html.unescape(window.seen.tooltips[-1])}


def refuse_copy(window: Window, page: str) -> Steps[dict[str, Any]]:
    """Say of a copied page in the preview that it is one's own, sync, and look again."""
    yield from window.ready()
    seen: dict[str, Any] = {"told": (yield from press_sync_now(window))}
    seen["told again"] = yield from press_sync_now(window)
    dialog: Any = yield from open_preview(window)
    yield from choose_row(window, dialog, page=page, change="copied page")
    yield from press_answer(window, dialog, "Leave it as a page of mine", 0)
    seen["decided"] = rows_of(dialog)
    before = window.seen.mark()
    window.press(dialog.sync_button)
    yield from window.until(lambda: len(window.seen.tooltips) > before[1], "the run to end")
    yield from window.idle()
    dialog = yield from open_preview(window)
    seen["after"] = rows_of(dialog)
    yield from placed(window)
    dialog.reject()
    yield from window.closed(dialog)
    return seen
