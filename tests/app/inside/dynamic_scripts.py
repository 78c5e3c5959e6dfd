"""What is done with a dynamic note in its window: by clicks and keys, as a person does it."""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import aqt
import aqt.operations
import aqt.theme
from anki.collection import OpChanges
from anki.notes import NoteId
from aqt import gui_hooks
from aqt.operations import CollectionOp
from aqt.qt import (
    QApplication,
    QCursor,
    QDropEvent,
    QImage,
    QMenu,
    QMessageBox,
    QMimeData,
    QPoint,
    QPointF,
    Qt,
    QUrl,
    QWidget,
)
from pictures import SIZE, painted
from pictures import save as save_picture
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
    yield from saved(window, dialog)
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


def write_mistakes(window: Window) -> Steps[dict[str, Any]]:
    """Save with nothing written, then with two fronts missing; then fill them and save."""
    yield from window.ready()
    col: Any = window.mw.col
    dialog = yield from open_window(window)
    notes, undo = col.note_count(), col.undo_status().undo
    window.press(dialog.save_button)
    yield from window.until(lambda: dialog.status.text(), "the refusal")
    seen: dict[str, Any] = {"nothing": dialog.status.text()}
    yield from write_cards(window, dialog, [("", "an answer"), ("a question", ""), ("", "another")])
    yield from press_and_see(window, dialog, dialog.add_button)  # stays empty: no mistake
    window.press(dialog.save_button)
    yield from window.until(lambda: dialog.problem.text(), "the refusal")
    seen["status"], seen["beside"] = dialog.status.text(), dialog.problem.text()
    seen["rows"], seen["chosen"] = texts_of(dialog), dialog.list.currentRow()
    seen["written"] = col.note_count() - notes, col.undo_status().undo != undo
    write(dialog.front, "first")
    yield from click_card(window, dialog, 2)
    seen["texts_kept"] = dialog.back.toPlainText()
    write(dialog.front, "third")
    seen["status_after"] = dialog.status.text()
    yield from save(window, dialog)
    seen["saved"] = texts_of(dialog)
    _QTest.keyClicks(dialog.front, " one")
    seen["goes_on"] = dialog.front.toPlainText()
    dialog._leave()
    return seen


def change_elsewhere(
    window: Window, answers: Sequence[str], front: str, elsewhere: Sequence[str]
) -> Steps[dict[str, Any]]:
    """Edit the first front here and some fronts elsewhere, save here, and answer."""
    yield from window.ready()
    mw: Any = window.mw
    dialog, note_id = yield from write_note(window)
    yield from click_card(window, dialog, 0)
    dialog.front.selectAll()
    write(dialog.front, front)
    editing = find_module("sync.dynamic.editing")
    note = find_module("model.note")

    def change(col: Any) -> OpChanges:
        opened = editing.open_note(col, note_id)
        cards = opened.read.content.cards
        new = [note.Card(c.id, f, c.back) for c, f in zip(cards, elsewhere)]
        content = note.DynamicNote("Osmosis", (*new, *cards[len(new) :]), "")
        edit = editing.Edit(content, (*opened.tags, "elsewhere"))
        changes: OpChanges = editing.save_note(col, opened, edit).changes
        return changes

    CollectionOp(mw, change).run_in_background()
    yield from window.until(lambda: "elsewhere" in dialog.status.text(), "the window to notice")
    seen: dict[str, Any] = {"noticed": dialog.status.text(), "typed": dialog.front.toPlainText()}
    seen["asked"] = []
    for label in answers:
        window.press(dialog.save_button)
        seen["asked"].append((yield from answer(window, label)))
        yield from window.until(dialog.isEnabled, "the answer to be taken")
        yield from window.idle()
    yield from saved(window, dialog)
    seen["rows"] = texts_of(dialog)
    seen["saved"] = state_of(window, note_id)
    seen["tags"] = dialog.tags.text()
    dialog.reject()
    return seen


def find_module(name: str) -> Any:
    """A module of the installed add-on."""
    return importlib.import_module(f"ankivault.{name}")


def delete_and_undo(window: Window) -> Steps[dict[str, Any]]:
    """Delete the note that the window shows, then Undo; then delete it and add it again."""
    yield from window.ready()
    mw: Any = window.mw
    dialog, note_id = yield from write_note(window)
    ids = [dialog.list.item(row).data(Qt.ItemDataRole.UserRole) for row in range(3)]

    def delete() -> None:
        CollectionOp(mw, lambda col: col.remove_notes([NoteId(note_id)])).run_in_background()

    delete()
    yield from window.until(lambda: "was deleted" in dialog.status.text(), "the window to notice")
    seen: dict[str, Any] = {"said": dialog.status.text(), "rows": texts_of(dialog)}
    window.press(mw.form.actionUndo)
    yield from window.until(lambda: not dialog.is_changed, "Undo")
    seen["undone"] = [dialog._draft.opened.id == note_id, texts_of(dialog)]
    delete()
    yield from window.until(lambda: "was deleted" in dialog.status.text(), "the window to notice")
    yield from save(window, dialog)
    seen["again"] = state_of(window, dialog._draft.opened.id)
    seen["ids"] = ids
    dialog.reject()
    return seen


def close_unsaved(window: Window) -> Steps[dict[str, Any]]:
    """Close the window, then Anki, with a card that is not saved; the question each time."""
    yield from window.ready()
    dialog = yield from open_window(window)
    write(dialog.front, "not saved")
    window.call(lambda: press_key(dialog.front, Qt.Key.Key_Escape, NO_KEYS))
    seen: dict[str, Any] = {"esc": (yield from answer(window, "Keep Editing"))}
    window.call(dialog.close)
    yield from answer(window, "Keep Editing")
    seen["open"] = dialog.isVisible(), dialog.front.toPlainText()
    window.call(window.mw.unloadProfileAndShowProfileManager)
    yield from answer(window, "Keep Editing")
    seen["profile_open"] = bool(window.mw.col), dialog.isVisible()
    window.call(window.mw.unloadProfileAndShowProfileManager)
    yield from answer(window, "Discard")
    yield from window.closed(dialog)
    yield from window.until(lambda: not window.mw.col, "the profile to close")
    window.call(lambda: window.mw.profileForm.login.click())
    yield from window.until(lambda: window.mw.col, "the profile to open")
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


def take_dynamic_screenshots(window: Window, target: str, night: bool = False) -> Steps[None]:
    """The window with a note of a few cards."""
    yield from window.ready()
    mw: Any = window.mw
    mw.setGeometry(0, 0, *SIZE)
    mw.set_theme(aqt.theme.Theme.DARK if night else aqt.theme.Theme.LIGHT)
    QCursor.setPos(SIZE[0] - 5, SIZE[1] - 5)
    mw.col.decks.select(mw.col.decks.id("Biology"))
    dialog = yield from open_window(window)
    write(dialog.note, "Osmosis: how water moves through membranes.")
    write(dialog.link, "https://en.wikipedia.org/wiki/Osmosis")
    write(dialog.tags, "biology::cell")
    dialog.tags.hideCompleter()
    yield from write_cards(window, dialog, PICTURED)
    window.press(dialog.save_button)  # a display without a window manager has no shortcuts
    yield from saved(window, dialog)
    for number, card_id in enumerate(mw.col.get_note(dialog._draft.opened.id).card_ids()):
        for _ in range(len(PICTURED) - number):
            review(mw.col, card_id)
    window.call(lambda: aqt.operations.on_op_finished(mw, OpChanges(card=True), None))
    yield from window.until(lambda: "4 reviews" in texts_of(dialog)[0], "the reviews")
    yield from click_card(window, dialog, 2)
    yield from press_and_see(window, dialog, dialog.add_button)
    write(dialog.front, "Why do plant cells not burst in fresh water?")
    yield from click_card(window, dialog, 2)
    dialog.back.setFocus()
    dialog.preview.side.setCurrentIndex(BACK)
    dialog.resize(1040, 620)
    yield from shown_by(window, dialog)
    yield from painted(window, dialog)
    save_picture(dialog, Path(target) / "dynamic-window.png")
    dialog._leave()


def review(col: Any, card_id: int) -> None:
    """Answer a card with Good."""
    card = col.get_card(card_id)
    card.start_timer()
    states = col._backend.get_scheduling_states(card_id)
    col.sched.answer_card(col.sched.build_answer(card=card, states=states, rating=2))


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


def edit_another(window: Window, front: str) -> Steps[dict[str, Any]]:
    """Select all notes in the browser with a dynamic one current, and edit it over a new one."""
    yield from window.ready()
    mw: Any = window.mw
    dialog, note_id = yield from write_note(window)
    window.press(dialog.new_button)
    yield from window.until(lambda: dialog._draft.opened is None, "a new note")
    seen: dict[str, Any] = {"tags": dialog.tags.text(), "note": dialog.note.toPlainText()}
    write(dialog.front, "half a thought")
    browser: Any = aqt.dialogs.open("Browser", mw, search=(f"nid:{note_id} or Front:{front}",))
    yield from window.until(lambda: browser.table.len() > 3, "the browser")
    browser.table.select_all()
    (action,) = (a for a in browser.form.menu_Notes.actions() if a.text() == EDIT)
    window.press(action)
    yield from answer(window, "Keep Editing")
    seen["kept"] = dialog.front.toPlainText(), dialog._draft.opened is None
    window.press(action)
    yield from answer(window, "Discard")
    yield from window.until(lambda: dialog._draft.opened, "the note")
    seen["rows"] = texts_of(dialog)
    browser.table.clear_selection()
    window.call(lambda: browser.search_for(f"Front:{front}"))
    yield from window.until(lambda: browser.table.len() in (1, 2), "other notes")
    browser.table.select_all()
    menu = QMenu(browser)
    gui_hooks.browser_will_show_context_menu(browser, menu)
    seen["offered_for_others"] = [a.text() for a in menu.actions()].count(EDIT)
    window.press(action)
    yield from window.until(lambda: window.seen.tooltips, "the explanation")
    dialog.reject()
    browser.close()
    return seen


def mend_damage(window: Window) -> Steps[dict[str, Any]]:
    """Break a note's data by hand, open it, and save it."""
    yield from window.ready()
    mw: Any = window.mw
    dialog, note_id = yield from write_note(window)
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
    dialog.reject()
    return seen
