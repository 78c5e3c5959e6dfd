"""What is done in Anki while pages tell how their notes are studied."""

from __future__ import annotations

import html
from functools import partial
from pathlib import Path
from typing import Any

from anki.decks import DeckId
from aqt.qt import QApplication, QMessageBox
from live_run_scripts import begin, has_note_text, is_still, page_of, replace_in, save_in_place
from scripts import MENU
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
        before = window.seen.mark()
        window.press(window.menu_action(*MENU, "Create Study Base…"))
        yield from window.until(lambda: len(window.seen.tooltips) > before[1], "the base")  # noqa: B023
        yield from window.idle()
        told.append(html.unescape(window.seen.tooltips[-1]))
    file.write_text("views: []\n", "utf-8")
    texts = []
    for answer in (QMessageBox.StandardButton.No, QMessageBox.StandardButton.Yes):
        before = window.seen.mark()
        window.press(window.menu_action(*MENU, "Create Study Base…"))
        box = yield from window.until(find_question, "the question")
        yield from placed(window)
        window.press(box.button(answer))
        yield from window.closed(box)
        if answer == QMessageBox.StandardButton.Yes:
            yield from window.until(lambda: len(window.seen.tooltips) > before[1], "the base")  # noqa: B023
        yield from window.idle()
        texts.append(file.read_text("utf-8"))
    told.append(html.unescape(window.seen.tooltips[-1]))
    return {"told": told, "kept": texts[0], "replaced": texts[1]}


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
