"""What happens to pages and to the vault folder while live mode keeps both sides in step."""

from __future__ import annotations

import os
from functools import partial
from pathlib import Path
from typing import Any

from anki.notes import NoteId
from aqt.qt import QApplication, Qt
from live_run_scripts import (
    begin,
    has_note_text,
    is_still,
    page_of,
    replace_in,
    save_aside,
    save_in_place,
    tracker_of,
)
from live_scripts import read_sign
from window import Steps, Window


def live_pages(window: Window, vault: str, note_id: int, many: list[int]) -> Steps[dict[str, Any]]:
    """Save pages in several ways, undo in Anki, and rename or move folders; what came of each."""
    yield from begin(window)
    folder = Path(vault)
    seen: dict[str, Any] = {}
    seen["twice"] = yield from save_twice(window, folder, note_id)
    seen["undo"] = yield from undo_and_redo(window, folder, note_id)
    seen["many"] = yield from save_many(window, folder, many)
    seen["unreadable"] = yield from save_unreadable(window, folder, note_id)
    seen["renamed"] = yield from rename_deck_folder(window, folder, note_id)
    seen["moved away"] = yield from move_away_and_back(window, folder, note_id)
    return seen


def in_step(window: Window) -> Steps[str]:
    """Wait until live mode has nothing to do; what its sign says then."""
    yield from window.until(lambda: is_still(window), "live mode to have nothing to do")
    return str((yield from read_sign(window, "in step"))["name"])


def save_twice(window: Window, vault: Path, note_id: int) -> Steps[dict[str, Any]]:
    page = page_of(vault, note_id)
    save_in_place(page, partial(replace_in, "Powerhouse", "Engine"))
    save_aside(page, partial(replace_in, "of the cell", "of each cell"))
    yield from window.until(partial(has_note_text, window, note_id, "Engine of each"), "both")
    sign = yield from in_step(window)
    return {"sign": sign, "page": page_of(vault, note_id).read_text("utf-8")}


def undo_and_redo(window: Window, vault: Path, note_id: int) -> Steps[dict[str, Any]]:
    """Undo what a live run wrote, then redo it; the page and the note after each."""
    mw = window.mw
    assert mw.col is not None
    seen: dict[str, Any] = {"step": mw.col.undo_status().undo}
    mw.undo()
    yield from page_says(window, vault, note_id, "Powerhouse of the cell")
    yield from in_step(window)
    seen["note"] = list(mw.col.get_note(NoteId(note_id)).fields)
    trash = [*(vault / ".trash").rglob("*.md"), *(vault.parent / ".trash").rglob("*.md")]
    seen["in trash"] = [p.read_text("utf-8") for p in trash]
    mw.redo()
    yield from window.until(partial(has_note_text, window, note_id, "Engine"), "the note, redone")
    yield from page_says(window, vault, note_id, "Engine of each cell")
    yield from in_step(window)
    seen["redone"] = list(mw.col.get_note(NoteId(note_id)).fields)
    return seen


def page_says(window: Window, vault: Path, note_id: int, text: str) -> Steps[None]:
    yield from window.until(
        lambda: text in page_of(vault, note_id).read_text("utf-8"), f"the page to say “{text}”"
    )


def save_many(window: Window, vault: Path, many: list[int]) -> Steps[dict[str, Any]]:
    """Edit many pages at once; how many notes have the edit, and again after one Undo."""
    mw = window.mw
    col = mw.col
    assert col is not None and col.db is not None
    pages = {page.stem.rpartition("_")[2]: page for page in vault.rglob("*.md")}
    for note_id in many:
        save_aside(pages[str(note_id)], partial(replace_in, "one of many", "one of the many"))

    def count() -> int:
        return len(col.find_notes('"one of the many"'))

    yield from window.until(lambda: count() == len(many), "all notes")
    sign = yield from in_step(window)
    step = col.undo_status().undo
    mw.undo()
    yield from window.until(lambda: count() == 0, "one Undo to take it all back")
    yield from in_step(window)
    texts = [page.read_text("utf-8") for page in vault.rglob("*.md")]
    return {
        "sign": sign,
        "step": step,
        "pages after Undo": sum("one of many" in text for text in texts),
        "edited pages after Undo": sum("one of the many" in text for text in texts),
        "notes after Undo": count(),
    }


def save_unreadable(window: Window, vault: Path, note_id: int) -> Steps[dict[str, Any]]:
    """Break a page's properties, save it again, and mend it."""
    page = page_of(vault, note_id)
    whole = page.read_text("utf-8")
    tracker = tracker_of(window)
    news: list[str] = []
    take = tracker._standing.take

    def note_news(*args: Any) -> Any:
        told = take(*args)
        news.extend(message.text for message in told)
        return told

    tracker._standing.take = note_news
    marks = []
    for old, new in (("---\nanki_note_id:", "---\n{: [\nanki_note_id:"), ("{: [", "{: [[")):
        save_in_place(page, partial(replace_in, old, new))
        sign = yield from read_sign(window, "trouble")
        yield from window.until(lambda: is_still(window), "live mode to have nothing to do")
        marks.append(sign["name"])
    page.write_text(whole, "utf-8")
    sign_after = yield from in_step(window)
    del tracker._standing.take
    return {"news": news, "signs": marks, "after": sign_after}


def rename_deck_folder(window: Window, vault: Path, note_id: int) -> Steps[dict[str, Any]]:
    """Rename a deck's folder as a file manager does; where note and page are then."""
    page = page_of(vault, note_id)
    os.rename(page.parent, page.parent.with_name("Cells"))
    yield from window.until(lambda: deck_of(window, note_id).endswith("Cells"), "the deck")
    sign = yield from in_step(window)
    return {
        "sign": sign,
        "deck": deck_of(window, note_id),
        "page": page_of(vault, note_id).relative_to(vault).as_posix(),
    }


def deck_of(window: Window, note_id: int) -> str:
    col = window.mw.col
    assert col is not None
    return str(col.decks.name(col.get_note(NoteId(note_id)).cards()[0].did))


def move_away_and_back(window: Window, vault: Path, note_id: int) -> Steps[dict[str, Any]]:
    """Move the vault folder away and back; meanwhile a page is edited."""
    mw = window.mw
    assert mw.col is not None
    notes, pages = mw.col.note_count(), {p.name for p in vault.rglob("*.md")}
    away = vault.with_name("away")
    os.rename(vault, away)
    gone = (yield from read_sign(window, "trouble"))["name"]
    yield from window.until(lambda: is_still(window), "live mode to have nothing to do")
    is_made_again = vault.exists()
    save_aside(page_of(away, note_id), partial(replace_in, "Engine", "Dynamo"))
    os.rename(away, vault)
    come_to_window()
    yield from window.until(partial(has_note_text, window, note_id, "Dynamo"), "the note")
    sign = yield from in_step(window)
    save_in_place(page_of(vault, note_id), partial(replace_in, "Dynamo", "Motor"))
    yield from window.until(partial(has_note_text, window, note_id, "Motor"), "the watch")
    yield from in_step(window)
    return {
        "gone": gone,
        "made again": is_made_again,
        "sign": sign,
        "notes kept": mw.col.note_count() == notes,
        "lost pages": sorted(pages - {p.name for p in vault.rglob("*.md")}),
    }


def come_to_window() -> None:
    """Leave Anki's window for another program, and come back to it."""
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    for state in (Qt.ApplicationState.ApplicationInactive, Qt.ApplicationState.ApplicationActive):
        app.applicationStateChanged.emit(state)
