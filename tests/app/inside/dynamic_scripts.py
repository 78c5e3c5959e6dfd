"""What is done with a dynamic note in its window: by clicks and keys, as a person does it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from threading import Event
from typing import Any

import aqt
import aqt.operations
import aqt.theme
from anki.collection import OpChanges
from anki.notes import NoteId
from aqt import gui_hooks
from aqt.operations import CollectionOp
from aqt.qt import (
    QCursor,
    QMenu,
    Qt,
)
from dynamic_steps import (
    ALT,
    BACK,
    CONTROL,
    EDIT,
    NO_KEYS,
    PICTURED,
    answer,
    click_card,
    find_module,
    go_on_writing,
    open_window,
    press_and_see,
    press_key,
    review,
    save,
    saved,
    shown_by,
    state_of,
    texts_of,
    write,
    write_cards,
    write_note,
)
from pictures import SIZE, painted
from pictures import save as save_picture
from two_way_scripts import placed
from window import Steps, Window


def make_edit_undo(window: Window) -> Steps[dict[str, Any]]:
    """Three cards, a review, then from the reviewer: add, remove, reorder, save, undo."""
    yield from window.ready()
    mw: Any = window.mw
    dialog, note_id = yield from write_note(window)
    seen: dict[str, Any] = {"made": state_of(window, note_id), "rows": texts_of(dialog)}
    seen["title"] = dialog.windowTitle()
    yield from placed(window)
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
    yield from placed(window)
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
    go_on_writing(dialog.front, " one")
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


def add_in_haste(window: Window) -> Steps[dict[str, Any]]:
    """Press Add twice and close the window while Anki is busy with something else."""
    yield from window.ready()
    mw: Any = window.mw
    dialog = yield from open_window(window)
    write(dialog.front, "in haste")
    write(dialog.back, "yes")
    yield from placed(window)
    go_on = Event()
    mw.taskman.run_in_background(go_on.wait, uses_collection=True)
    dialog.save_button.click()
    dialog.save_button.click()
    dialog.save()
    dialog.close()
    seen = {"waits": dialog.isVisible()}
    go_on.set()
    yield from window.closed(dialog)
    yield from window.idle()
    seen["added"] = len(mw.col.find_notes('"in haste"'))
    return seen


def rename_a_field(window: Window) -> Steps[dict[str, Any]]:
    """Give a field of the dynamic note type another name while the window shows a note; Undo."""
    yield from window.ready()
    mw: Any = window.mw
    dialog, note_id = yield from write_note(window)
    notetype = mw.col.get_note(NoteId(note_id)).note_type()
    mw.col.models.rename_field(notetype, notetype["flds"][2], "Another")

    def rename(col: Any) -> Any:
        return col.models.update_dict(notetype)

    CollectionOp(mw, rename).run_in_background()
    yield from window.until(lambda: "any more" in dialog.status.text(), "the window to notice")
    seen = {"said": dialog.status.text(), "rows": len(texts_of(dialog))}
    window.press(mw.form.actionUndo)
    yield from window.until(lambda: not dialog.is_changed, "Undo")
    seen["same"] = dialog._draft.opened.id == note_id
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
    col = yield from window.until(lambda: window.mw.col, "the profile to open")
    yield from window.ready()
    dialog = yield from open_window(window)
    write(dialog.front, "saved after all")
    write(dialog.back, "yes")
    yield from placed(window)
    window.call(dialog.close)
    yield from answer(window, "Save")
    yield from window.closed(dialog)
    seen["saved"] = len(col.find_notes("saved after all"))
    dialog = yield from open_window(window)
    write(dialog.front, "saved with the profile")
    write(dialog.back, "yes")
    yield from placed(window)
    window.call(window.mw.unloadProfileAndShowProfileManager)
    yield from answer(window, "Save")
    yield from window.until(lambda: not window.mw.col, "the profile to close")
    window.call(lambda: window.mw.profileForm.login.click())
    col = yield from window.until(lambda: window.mw.col, "the profile to open")
    yield from window.ready()
    seen["saved_with_profile"] = len(col.find_notes("saved with the profile"))
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
    save_picture(dialog, Path(target) / f"dynamic-window{'-night' * night}.png")
    dialog._leave()


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
