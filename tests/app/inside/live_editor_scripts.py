"""What is done in Anki while a person types, reviews or decides, and pages change meanwhile."""

from __future__ import annotations

import importlib
import json
from functools import partial
from pathlib import Path
from typing import Any

import aqt
import aqt.utils
from anki.decks import DeckId
from anki.notes import NoteId
from aqt.qt import QWidget
from live_run_scripts import begin, has_note_text, is_still, page_of, replace_in, save_in_place
from live_scripts import read_sign
from window import Steps, Window

TYPE = """(function(at, text) {
    const rich = document.querySelectorAll(".rich-text-editable")[at];
    rich.shadowRoot.querySelector("anki-editable").innerHTML = text;
})(%d, %s);"""


def in_turn(window: Window, vault: str, note_id: int) -> Steps[dict[str, Any]]:
    """Save the note's page in each of these moments; the note's fields after each."""
    yield from begin(window)
    folder = Path(vault)
    seen: dict[str, Any] = {}
    seen["editor in front"] = yield from save_with_editor_in_front(window, folder, note_id)
    seen["editor behind"] = yield from save_with_editor_behind(window, folder, note_id)
    seen["dialog"] = yield from save_with_dialog(window, folder, note_id)
    seen["answer"] = yield from save_with_answer(window, folder, note_id)
    return seen


def fields_of(window: Window, note_id: int) -> list[str]:
    assert window.mw.col is not None
    return list(window.mw.col.get_note(NoteId(note_id)).fields)


def note_calls(room: str, name: str, wanted: Any) -> list[Any]:
    """A list that grows whenever a module of ``ui`` answers a question as wanted."""
    module = importlib.import_module(f"ankivault.ui.{room}")
    ask, calls = getattr(module, name), []

    def asked(*args: Any) -> Any:
        answer = ask(*args)
        if answer == wanted:
            calls.append(answer)
        return answer

    setattr(module, name, asked)
    return calls


def bring_to_front(window: Window, widget: QWidget) -> Steps[None]:
    widget.activateWindow()
    yield from window.until(widget.isActiveWindow, f"{type(widget).__name__} to be in front")


def open_editor(window: Window, note_id: int) -> Steps[Any]:
    """The browser with this note in its editor."""
    browser: Any = aqt.dialogs.open("Browser", window.mw, search=(f"nid:{note_id}",))
    yield from window.until(
        lambda: browser.editor and browser.editor.note and browser.editor.note.id == note_id,
        "the note in the editor",
    )
    shown: list[Any] = []

    def is_shown() -> bool:
        if shown and shown[-1]:
            return True
        look = "typeof require === 'function' && !!document.querySelector('.rich-text-editable')"
        browser.editor.web.evalWithCallback(look, shown.append)
        return False

    yield from window.until(is_shown, "the editor to show the note")
    return browser


def save_with_editor_in_front(window: Window, vault: Path, note_id: int) -> Steps[dict[str, Any]]:
    """The front is edited on the page, the back in the browser; then the browser is left."""
    browser = yield from open_editor(window, note_id)
    yield from bring_to_front(window, browser)
    held = note_calls("app.editors", "find_edited", frozenset({note_id}))
    save_in_place(page_of(vault, note_id), partial(replace_in, "What is a", "What was a"))
    yield from window.until(lambda: held, "live mode to see that the note is held")
    before = fields_of(window, note_id)
    browser.editor.web.eval(TYPE % (1, json.dumps("Typed in front")))
    yield from window.until(
        partial(has_note_text, window, note_id, "Typed in front"), "the typed words"
    )
    yield from window.until(lambda: len(held) > 1, "live mode to see that the note is still held")
    typed, sign = fields_of(window, note_id), ""
    while "leave its note" not in sign:
        sign = (yield from read_sign(window, "in step"))["name"]
    yield from bring_to_front(window, window.mw)
    yield from window.until(partial(has_note_text, window, note_id, "What was a"), "the page")
    yield from window.until(lambda: is_still(window), "live mode to have nothing to do")
    after = fields_of(window, note_id)
    return {"before": before, "typed": typed, "after": after}


def save_with_editor_behind(window: Window, vault: Path, note_id: int) -> Steps[dict[str, Any]]:
    """Words are typed at the last moment before the page's edit is written."""
    browser = yield from open_editor(window, note_id)
    yield from bring_to_front(window, window.mw)
    editors: Any = importlib.import_module("ankivault.ui.app.editors")
    save_typed = editors.save_typed
    typed: list[Any] = []

    def type_and_save(note_ids: frozenset[int], then: Any) -> None:
        if note_id in note_ids and not typed:
            typed.append(fields_of(window, note_id))
            browser.editor.web.eval(TYPE % (1, json.dumps("Typed behind")))
        save_typed(note_ids, then)

    editors.save_typed = type_and_save
    save_in_place(page_of(vault, note_id), partial(replace_in, "What was a", "What will be a"))
    yield from window.until(lambda: typed, "live mode to have typed words saved")
    for text in ("Typed behind", "What will be a"):
        yield from window.until(partial(has_note_text, window, note_id, text), f"“{text}”")
    page = page_of(vault, note_id)
    yield from window.until(
        lambda: "Typed behind" in page_of(vault, note_id).read_text("utf-8"), "the page"
    )
    yield from window.until(lambda: is_still(window), "live mode to have nothing to do")
    editors.save_typed = save_typed
    browser.close()
    yield from window.closed(browser)
    page = page_of(vault, note_id)
    return {"after": fields_of(window, note_id), "page": page.read_text("utf-8")}


def save_with_dialog(window: Window, vault: Path, note_id: int) -> Steps[dict[str, Any]]:
    """The page is saved while a question of Anki is open."""
    window.call(lambda: aqt.utils.getText("A name?", title="A question"))
    dialog: Any = yield from window.dialog("A question")
    busy = note_calls("live.moment", "is_quiet", False)
    save_in_place(page_of(vault, note_id), partial(replace_in, "What will be a", "Who is a"))
    yield from window.until(lambda: len(busy) > 1, "live mode to see the dialog")
    before = fields_of(window, note_id)
    dialog.reject()
    yield from window.closed(dialog)
    yield from window.until(partial(has_note_text, window, note_id, "Who is a"), "the page")
    yield from window.until(lambda: is_still(window), "live mode to have nothing to do")
    return {"before": before, "after": fields_of(window, note_id)}


def save_with_answer(window: Window, vault: Path, note_id: int) -> Steps[dict[str, Any]]:
    """The page of a card is saved while its answer is shown; then the card is answered."""
    mw = window.mw
    assert mw.col is not None
    yield from bring_to_front(window, mw)
    mw.col.decks.select(DeckId(mw.col.decks.id("Biology") or 0))
    mw.moveToState("review")
    yield from window.until(lambda: mw.reviewer.state == "question", "a question")
    mw.reviewer._showAnswer()
    yield from window.until(lambda: mw.reviewer.state == "answer", "its answer")
    answering = note_calls("live.moment", "is_answering", True)
    save_in_place(page_of(vault, note_id), partial(replace_in, "Who is a", "Where is a"))
    yield from window.until(lambda: len(answering) > 1, "live mode to see the answer")
    before = fields_of(window, note_id)
    mw.reviewer._answerCard(3)
    yield from window.until(partial(has_note_text, window, note_id, "Where is a"), "the page")
    yield from window.until(lambda: is_still(window), "live mode to have nothing to do")
    mw.moveToState("deckBrowser")
    yield from window.idle()
    return {"before": before, "after": fields_of(window, note_id)}
