"""The window of a dynamic note where things get tight."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from aqt.qt import (
    QApplication,
    QImage,
    QMimeData,
    Qt,
    QUrl,
)
from dynamic_steps import (
    BACK,
    answer,
    click_card,
    drop_card,
    find_module,
    open_window,
    press_and_see,
    save,
    saved,
    shown_by,
    state_of,
    texts_of,
    write,
    write_note,
)
from PyQt6.QtTest import QTest
from two_way_scripts import placed
from window import Steps, Window

_QTest: Any = QTest  # its methods are static, which its type hints do not say


def drop_and_fill(window: Window) -> Steps[dict[str, Any]]:
    """Drop the third card on the top, then use up all places of the note."""
    yield from window.ready()
    dialog, note_id = yield from write_note(window)
    before = texts_of(dialog)
    yield from drop_card(window, dialog, 2, 0)
    seen: dict[str, Any] = {"before": before, "dropped": texts_of(dialog)}
    while dialog.add_button.isEnabled():
        dialog.add_button.click()
        write(dialog.front, "one more")
    seen["places"] = dialog.places.text()
    seen["cards"] = dialog.list.count()
    yield from save(window, dialog)
    yield from press_and_see(window, dialog, dialog.remove_button)
    yield from save(window, dialog)
    seen["places_after_removal"] = dialog.places.text()
    seen["can_add"] = dialog.add_button.isEnabled()
    seen["saved"] = len(state_of(window, note_id)["cards"])
    dialog.reject()
    return seen


def bring_media(window: Window, picture: str, sound: str) -> Steps[dict[str, Any]]:
    """Drop a sound, paste a picture from the clipboard, paste from a web page, and save."""
    yield from window.ready()
    col: Any = window.mw.col
    dialog = yield from open_window(window)
    write(dialog.front, "Who sings? ")
    files = QMimeData()
    files.setUrls([QUrl.fromLocalFile(sound), QUrl.fromLocalFile(__file__)])
    dialog.front.insertFromMimeData(files)
    clipboard: Any = QApplication.clipboard()
    clipboard.setImage(QImage(picture))
    dialog.back.setFocus()
    dialog.back.paste()
    page = QMimeData()
    page.setHtml("<html><body><!--StartFragment--><p>A <b>bird</b></p><!--EndFragment--></body>")
    page.setText("A bird")
    dialog.back.insertFromMimeData(page)
    seen: dict[str, Any] = {
        "front": dialog.front.toPlainText(),
        "back": dialog.back.toPlainText(),
        "refused": window.seen.tooltips[-1],
    }
    dialog.preview.side.setCurrentIndex(BACK)
    dialog._show_preview()
    seen["shown"] = yield from shown_by(window, dialog)
    yield from save(window, dialog)
    note = col.get_note(dialog._draft.opened.id)
    seen["media"] = note["Media"]
    check = col.media.check()
    seen["missing"], seen["unused"] = list(check.missing), list(check.unused)
    dialog.reject()
    return seen


def paste_much(window: Window, html: str, broken: str) -> Steps[dict[str, Any]]:
    """Paste the lines of a PDF; then a long text, and go on in the other field meanwhile."""
    yield from window.ready()
    dialog = yield from open_window(window)
    lines = QMimeData()
    lines.setText(broken)
    dialog.front.insertFromMimeData(lines)
    joined = dialog.front.toPlainText()
    dialog.front.undo()
    write(dialog.front, "Before, ")
    data = QMimeData()
    data.setHtml(html)
    data.setText("plain")
    cursor = dialog.front.textCursor()
    cursor.movePosition(cursor.MoveOperation.End)
    dialog.front.setTextCursor(cursor)
    dialog.front.insertFromMimeData(data)
    seen: dict[str, Any] = {"joined": joined, "at once": dialog.front.toPlainText()}
    seen["told"] = window.seen.tooltips[-1]
    write(dialog.back, "typed meanwhile")
    yield from window.until(lambda: len(dialog.front.toPlainText()) > 20, "the text")
    seen["front"], seen["back"] = dialog.front.toPlainText(), dialog.back.toPlainText()
    dialog.front.undo()
    seen["undone"] = dialog.front.toPlainText()
    dialog.front.insertFromMimeData(data)
    dialog.front.setPlainText("")
    dialog.back.setPlainText("")
    dialog.reject()  # while it is read
    return seen


def paste_formatted(window: Window, html: str, text: str) -> Steps[dict[str, Any]]:
    """Paste this from the clipboard, undo it, and paste it as plain text; save the first."""
    yield from window.ready()
    col: Any = window.mw.col
    dialog = yield from open_window(window)
    write(dialog.front, "What is it?")
    data = QMimeData()
    data.setHtml(html)
    data.setText(text)
    clipboard: Any = QApplication.clipboard()
    clipboard.setMimeData(data)
    dialog.back.setFocus()
    dialog.back.paste()
    seen: dict[str, Any] = {"pasted": dialog.back.toPlainText()}
    seen["told"] = window.seen.tooltips[-1]
    dialog.back.undo()
    seen["undone"] = dialog.back.toPlainText()
    yield from placed(window)
    dialog.activateWindow()
    dialog.back.setFocus()
    yield from window.until(dialog.back.hasFocus, "the focus")
    _QTest.keyClick(
        dialog.back,
        Qt.Key.Key_V,
        Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier,
    )
    yield from window.until(dialog.back.toPlainText, "the plain text")
    seen["plain"] = dialog.back.toPlainText()
    dialog.back.undo()
    dialog.back.paste()
    dialog.preview.side.setCurrentIndex(BACK)
    dialog._show_preview()
    seen["shown"] = yield from shown_by(window, dialog)
    yield from save(window, dialog)
    check = col.media.check()
    seen["missing"], seen["unused"] = list(check.missing), list(check.unused)
    dialog.reject()
    return seen


def change_id(window: Window, ids: Sequence[str]) -> Steps[dict[str, Any]]:
    """Remove the first card of a saved note, add one, and give it these ids in turn."""
    yield from window.ready()
    dialog, note_id = yield from write_note(window)
    (first, *_) = state_of(window, note_id)["cards"]
    yield from click_card(window, dialog, 0)
    dialog.change_id()  # a saved card has its id for ever: asks nothing
    yield from press_and_see(window, dialog, dialog.remove_button)
    yield from save(window, dialog)
    yield from press_and_see(window, dialog, dialog.add_button)
    write(dialog.front, "It is back")
    seen: dict[str, Any] = {"first": first, "said": []}
    for id_ in (*ids, first):
        window.call(dialog.change_id)
        box: Any = yield from window.until(QApplication.activeModalWidget, "the question")
        box.l.setText(id_)
        box.accept()
        yield from window.until(lambda: not QApplication.activeModalWidget(), "the answer")
        seen["said"].append(dialog.status.text())
    seen["places"] = dialog.places.text()
    window.press(dialog.save_button)
    yield from saved(window, dialog)
    seen["saved"] = state_of(window, note_id)["cards"]
    dialog.reject()
    return seen


def edit_one_of_many(window: Window, texts: list[str]) -> Steps[dict[str, Any]]:
    """Open a note whose cards hold these texts and all of the collection's; edit one, and save."""
    yield from window.ready()
    mw: Any = window.mw
    model, notes = find_module("model.note"), find_module("sync.dynamic.notes")
    fields = [
        text for row in mw.col.db.list("select flds from notes") for text in row.split("\x1f")
    ]
    texts = [text for text in dict.fromkeys([*texts, *fields]) if text.strip()][:99]
    cards = [model.Card(f"card{n}", text, text) for n, text in enumerate(texts)]
    content = model.DynamicNote(texts[0], (*cards, model.Card("last", "to edit", "")), "")
    made = notes.create_notes(mw.col, [notes.NewNote(content, 1)])
    (note_id,) = made.note_ids
    before = next(notes.read_dynamic_notes(mw.col, [note_id])).read.content
    find_module("ui.dynamic.open_editor").edit_note(mw, note_id, mw, 1)
    dialog = yield from window.dialog("Edit Dynamic Note")
    seen: dict[str, Any] = {"changed_by_opening": dialog.is_changed, "cards": len(texts)}
    for row in range(dialog.list.count()):
        dialog.list.setCurrentRow(row)
    seen["changed_by_looking"] = dialog.is_changed
    dialog.front.selectAll()
    write(dialog.front, "edited")
    yield from save(window, dialog)
    after = next(notes.read_dynamic_notes(mw.col, [note_id])).read.content
    seen["others"] = [c.front for c, d in zip(before.cards, after.cards) if c != d]
    seen["note_kept"] = before.note == after.note
    seen["last"] = after.cards[-1].front
    dialog.reject()
    return seen


def mend_damage(window: Window) -> Steps[dict[str, Any]]:
    """Break a note's data by hand, open it, and save it."""
    yield from window.ready()
    mw: Any = window.mw
    dialog, note_id = yield from write_note(window)
    yield from placed(window)
    window.press(dialog.close_button)
    yield from window.closed(dialog)
    before = state_of(window, note_id)["cards"]
    note = mw.col.get_note(note_id)
    note["Data"] = note["Data"].replace('"slot":2', '"slot":7')[:-30]
    mw.col.update_note(note)
    find_module("ui.dynamic.open_editor").edit_note(mw, note_id, mw)
    dialog = yield from window.dialog("Edit Dynamic Note")
    seen: dict[str, Any] = {"said": dialog.status.text(), "rows": texts_of(dialog)}
    window.press(dialog.save_button)
    yield from saved(window, dialog)
    seen["cards"] = [before, state_of(window, note_id)["cards"]]
    seen["problems"] = dialog._draft.opened.read.problems
    yield from placed(window)
    dialog.reject()
    return seen


def meet_foreign_type(window: Window, name: str) -> Steps[dict[str, Any]]:
    """Save a note where another note type has the name of the dynamic one."""
    yield from window.ready()
    col: Any = window.mw.col
    other = col.models.copy(col.models.by_name("Basic"))
    other["name"] = name
    col.models.update_dict(other)
    dialog = yield from open_window(window)
    write(dialog.front, "a question")
    window.press(dialog.save_button)
    seen: dict[str, Any] = {"said": (yield from answer(window, "OK"))}
    yield from window.until(dialog.isEnabled, "the window")
    seen["kept"] = dialog.front.toPlainText()
    dialog._leave()
    return seen
