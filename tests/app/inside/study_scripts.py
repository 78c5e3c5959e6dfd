"""What is done in Anki while pages tell how their notes are studied."""

from __future__ import annotations

import html
import os
import subprocess
from functools import partial
from pathlib import Path
from typing import Any

import aqt
from anki.decks import DeckId
from aqt import gui_hooks
from aqt.qt import QApplication, QMessageBox
from live_run_scripts import begin, has_note_text, is_still, page_of, replace_in, save_in_place
from PyQt6 import sip
from scripts import MENU, OK
from two_way_scripts import placed
from window import Steps, Window


def study_session(
    window: Window, vault: str, many: list[int], edited: int
) -> Steps[dict[str, Any]]:
    """Answer some cards, save a page meanwhile, and leave the reviewer; what pages tell then."""
    yield from begin(window)
    mw, folder = window.mw, Path(vault)
    assert mw.col is not None
    mw.col.decks.select(DeckId(mw.col.decks.id("Many") or 0))
    mw.moveToState("overview")
    mw.moveToState("review")
    for _ in many[1:]:
        yield from answer_a_card(window)
    save_in_place(page_of(folder, edited), partial(replace_in, "Powerhouse", "Engine"))
    yield from window.until(partial(has_note_text, window, edited, "Engine"), "the note")
    yield from window.until(lambda: is_still(window), "live mode to have nothing to do")
    during = [reviews_on(folder, note_id) for note_id in many]
    yield from answer_a_card(window)
    mw.moveToState("deckBrowser")
    yield from window.until(
        lambda: all(reviews_on(folder, note_id) for note_id in many), "the pages to follow"
    )
    yield from window.until(lambda: is_still(window), "live mode to have nothing to do")
    after = [reviews_on(folder, note_id) for note_id in many]
    window.call(mw.undo)
    yield from window.until(
        lambda: sum(reviews_on(folder, note_id) for note_id in many) < len(many), "Undo on a page"
    )
    return {"during": during, "after": after, "undo": mw.col.undo_status().redo}


def create_study_base(window: Window, vault: str) -> Steps[dict[str, Any]]:
    """Create Study Base…, twice, and once over a file of a person's own; what is told and asked."""
    yield from window.ready()
    file, told = Path(vault, "Anki.base"), []
    for _ in range(2):
        told.append((yield from press_study_base(window)))
    file.write_text("views: []\n", "utf-8")
    texts = []
    for answer in (QMessageBox.StandardButton.No, QMessageBox.StandardButton.Yes):
        mark = len(window.seen.tooltips)
        window.press(window.menu_action(*MENU, "Create Study Base…"))
        box = yield from window.until(find_question, "the question")
        yield from placed(window)
        window.press(box.button(answer))
        yield from window.closed(box)
        if answer == QMessageBox.StandardButton.Yes:
            told.append((yield from base_told(window, mark)))
        yield from window.idle()
        texts.append(file.read_text("utf-8"))
    return {"told": told, "kept": texts[0], "replaced": texts[1]}


def press_study_base(window: Window) -> Steps[str]:
    mark = len(window.seen.tooltips)
    window.press(window.menu_action(*MENU, "Create Study Base…"))
    return (yield from base_told(window, mark))


def base_told(window: Window, mark: int) -> Steps[str]:
    """Wait for the tooltip about the base; what it says."""

    def find() -> str:
        told = (html.unescape(text) for text in window.seen.tooltips[mark:])
        return next((text for text in told if "Anki.base" in text), "")

    text = yield from window.until(find, "what became of the base")
    yield from window.idle()
    return text


def click_link(window: Window, note_id: int, home: str) -> Steps[dict[str, Any]]:
    """Tick the box in Configure…, click a link in another program, untick the box again."""
    yield from window.ready()
    before = files_in(home)
    box = yield from tick_scheme_box(window, True)
    ticked = files_in(home)
    link = f"anki://x-callback-url/search?query=nid:{note_id}"
    clicked = subprocess.Popen(
        ["gio", "open", link], env={**os.environ, "KEY_OF_THIS_ANKI": aqt.AnkiApp.KEY}
    )
    shown = yield from browser_shows(window)
    yield from window.until(lambda: clicked.poll() is not None, "the other program")
    window.mw.handleImport("anki://x-callback-url/search?query=nid:1")
    none = [each for each in window.seen.tooltips if "There is no note" in each]
    aqt.dialogs.open("Browser", window.mw).close()
    yield from tick_scheme_box(window, False)
    left = files_in(home)
    yield from tick_scheme_box(window, True)
    gui_hooks.addons_dialog_will_delete_addons(None, ["another", "ankivault"])  # type: ignore[arg-type]
    return {
        "shown": shown,
        "none": none,
        "box": box,
        "new": sorted(set(ticked) - set(before)),
        "left": [left == before, files_in(home) == before],
    }


def tick_scheme_box(window: Window, ticked: bool) -> Steps[str]:
    """Tick the box about links, or untick it, and press OK; what the box says."""
    window.press(window.menu_action(*MENU, "Configure…"))
    dialog: Any = yield from window.dialog("Ankivault: Settings")
    yield from placed(window)
    box = dialog.form.pages.scheme
    assert box.isChecked() != ticked
    box.setChecked(ticked)
    told = len(window.seen.tooltips)
    window.press(dialog.buttons.button(OK))
    yield from window.closed(dialog)
    yield from window.until(
        lambda: any("inks “anki://…” " in each for each in window.seen.tooltips[told:]),
        "what was done",
    )
    return str(box.text()) if not sip.isdeleted(box) else ""


def browser_shows(window: Window) -> Steps[list[int]]:
    """Wait for the browser; the notes that it shows."""

    def find() -> Any:
        browser = aqt.dialogs._dialogs["Browser"][1]
        return browser if browser and browser.table.len() else None

    browser = yield from window.until(find, "the browser")
    assert window.mw.col is not None
    items = browser.table._model._items
    return sorted({window.mw.col.get_card(card_id).nid for card_id in items})


def browser_shows_note(window: Window) -> Steps[list[int]]:
    """Anki was started by a link: the notes that the browser shows."""
    yield from window.ready()
    shown = yield from browser_shows(window)
    aqt.dialogs.open("Browser", window.mw).close()
    yield from window.idle()
    return shown


def files_in(home: str) -> dict[str, str]:
    """The files that tell desktops about programs."""
    folders = (Path(home, ".config"), Path(home, ".local", "share", "applications"))
    files = (file for folder in folders for file in folder.rglob("*"))
    wanted = (f for f in files if f.name == "mimeapps.list" or f.suffix == ".desktop")
    return {str(file.relative_to(home)): file.read_text("utf-8") for file in wanted}


def find_question() -> Any:
    shown = QApplication.activeModalWidget()
    return shown if isinstance(shown, QMessageBox) else None


def answer_a_card(window: Window) -> Steps[None]:
    """Answer the card that the reviewer shows, as good, and wait for the next one, or the end."""
    reviewer = window.mw.reviewer
    yield from window.until(
        lambda: window.mw.state == "review" and reviewer.card and reviewer.state == "question",
        "a question",
    )
    card = reviewer.card
    reviewer._showAnswer()
    yield from window.until(lambda: reviewer.state == "answer", "the answer")
    reviewer._answerCard(3)
    yield from window.until(lambda: reviewer.card is not card, "the next card")


def reviews_on(vault: Path, note_id: int) -> int:
    """How many reviews the page of a note tells."""
    lines = page_of(vault, note_id).read_text("utf-8").splitlines()
    return int(next(line for line in lines if line.startswith("anki_reviews: ")).split()[1])
