"""Walks through the add-on's questions: its message boxes, and the answers inside of previews."""

from __future__ import annotations

import importlib
from functools import partial
from pathlib import Path
from typing import Any

from activity_scripts import open_activity, settled
from aqt.qt import QAbstractButton, QApplication, Qt
from deck_scripts import choose_row, sync_and_edit_both
from deck_scripts import open_preview as open_deck_preview
from dynamic_steps import answer, open_window, write
from home_scripts import open_home
from PyQt6.QtTest import QTest
from scripts import press_sync_now
from two_way_scripts import find_box, open_preview, placed, press_answer
from walk_scripts import look_at, name_of, stops_of
from window import Steps, Window, label_of

_QTest: Any = QTest  # its methods are static, which its type hints do not say
Walked = dict[str, dict[str, Any]]


def leave_box(window: Window, what: str) -> Steps[dict[str, Any]]:
    """What a question says and offers, in the order of Tab. It is left with Esc."""
    box: Any = yield from window.until(find_box, f"a question: {what}")
    yield from placed(window)
    seen = look_at(box)
    stops = [each for each in stops_of(box) if isinstance(each, QAbstractButton)]
    by_place = sorted(stops, key=lambda each: each.mapTo(box, each.rect().topLeft()).x())
    seen["text"] = box.text()
    seen["tab"] = [name_of(each).replace("&", "") for each in stops]
    seen["place"] = [name_of(each).replace("&", "") for each in by_place]
    seen["here"] = label_of(box.focusWidget())
    _QTest.keyClick(box, Qt.Key.Key_Escape)
    yield from window.closed(box)
    return seen


def walk_answers(window: Window, gone: str, folder: str) -> Steps[Walked]:
    """The answers in a preview of the vault, and each question before something is lost."""
    yield from window.ready()
    next(Path(folder).rglob(gone)).unlink()
    dialog: Any = yield from open_preview(window)
    yield from placed(window)
    dialog.list.select(0)
    yield from window.until(lambda: dialog.questions.isVisible(), "a question")
    seen: Walked = {"Preview": look_at(dialog)}
    dialog.view.setFocus()
    _QTest.keyClick(dialog.view, Qt.Key.Key_Tab)
    seen["Preview"]["after the list"] = name_of(dialog.focusWidget())
    question = next(q for q in dialog._listing.plan.questions if "delete" in q.choices)
    dialog.list.select(dialog._listing.changes.index(question))
    yield from press_answer(window, dialog, "Delete the note", 2)
    window.press(dialog.sync_button)
    seen["A note is deleted"] = yield from leave_box(window, "about a loss")
    window.call(dialog.reject)
    seen["Answers are forgotten"] = yield from leave_box(window, "about answers")
    assert dialog.isVisible() and window.mw.col.find_notes(f"nid:{question.note_id}")
    dialog.done(0)
    yield from window.closed(dialog)
    return seen


def walk_deck_answers(window: Window, file: str, edits: dict[str, str]) -> Steps[Walked]:
    """The answers to a conflict in the preview of a TOML deck."""
    decks: Any = yield from sync_and_edit_both(window, file, edits)
    dialog: Any = yield from open_deck_preview(window, decks)
    choose_row(dialog, next(iter(edits)))
    yield from placed(window)
    seen = {"Preview of a deck with a conflict": look_at(dialog)}
    dialog.reject()
    yield from window.closed(dialog)
    decks.reject()
    return seen


def walk_boxes(window: Window) -> Steps[Walked]:
    """Questions of Home, of a dynamic note and of runs; Bring Back; an error."""
    yield from window.ready()
    mw: Any = window.mw
    done: list[str] = []
    seen: Walked = {}
    runs: Any = importlib.import_module("ankivault.ui.runs.vault")
    again: Any = importlib.import_module("ankivault.ui.sources.rember_menu")
    choice: Any = importlib.import_module("ankivault.ui.decks.vault_choice")
    messages: Any = importlib.import_module("ankivault.ui.app.messages")
    go_on, look = partial(done.append, "go on"), partial(done.append, "look")
    for name, ask in (
        ("Large change", lambda: runs.ask_about_large_change(mw, "Much.", go_on, look)),
        ("Large change seen", lambda: runs.ask_about_large_change(mw, "Much.", go_on)),
        ("All rembs again", lambda: again.import_again(mw)),
        ("A deck leaves", lambda: choice.leave_out(mw, mw.col.decks.id("Biology"))),
        ("An error", lambda: messages.tell_error(mw, OSError("the disk is full"))),
    ):
        window.call(ask)
        seen[name] = yield from leave_box(window, name)
    home: Any = yield from open_home(window)
    home.go_to("Settings").form.before.click()
    window.call(home.reject)
    seen["Settings not saved"] = yield from leave_box(window, "about settings")
    home.go_to("Settings").revert_button.click()
    home.reject()
    yield from window.closed(home)
    note: Any = yield from open_window(window)
    write(note.front, "not saved")
    window.call(note.change_id)
    asked: Any = yield from window.until(QApplication.activeModalWidget, "the question for an id")
    yield from placed(window)
    seen["A card’s id"] = look_at(asked)
    seen["A card’s id"]["here"] = name_of(asked.focusWidget())
    _QTest.keyClick(asked, Qt.Key.Key_Escape)
    yield from window.closed(asked)
    window.call(note.close)
    seen["Note not saved"] = yield from leave_box(window, "about a note")
    assert note.isVisible() and note.front.toPlainText() == "not saved"
    window.call(note.reject)
    yield from answer(window, "Discard")
    yield from window.closed(note)
    assert done == [], done
    return seen


def walk_bring_back(window: Window) -> Steps[Walked]:
    """Bring Back of what the last run did, from Activity."""
    yield from window.ready()
    yield from press_sync_now(window)
    page: Any = yield from open_activity(window)
    page.tree.topLevelItem(0).setExpanded(True)
    yield from settled(window, page)
    page.tree.setFocus()
    _QTest.keyClick(page.tree, Qt.Key.Key_Down)
    yield from settled(window, page)
    window.press(page.back)
    dialog: Any = yield from window.dialog("Ankivault: Bring Back")
    yield from placed(window)
    seen = {"Bring Back": look_at(dialog)}
    seen["Bring Back"]["here"] = label_of(dialog.focusWidget())
    _QTest.keyClick(dialog, Qt.Key.Key_Escape)
    yield from window.closed(dialog)
    page.window().reject()
    return seen
