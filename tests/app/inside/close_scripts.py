"""What is closed while work goes on: a profile, a window."""

from __future__ import annotations

import importlib
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

from activity_scripts import settled
from anki.notes import NoteId
from aqt.operations.note import update_note
from aqt.qt import QApplication, QDialog, QPushButton
from home_scripts import WINDOWS, open_home
from live_run_scripts import begin, is_still, page_of, replace_in, save_in_place, tracker_of
from pictures import edit_page
from PyQt6 import sip
from scripts import MENU, press_sync_now, switch_profile
from two_way_scripts import placed
from window import Steps, Window, label_of

OWN, OTHER = "User 1", "Second"


def close_at_rest_and_not(window: Window, vault: str, note_id: int) -> Steps[dict[str, int]]:
    """Leave the profile after nothing, a review, an edit in Anki and one of a page; plans made."""
    runs: Any = importlib.import_module("ankivault.sync.vault.run")
    plan, planned = runs._plan, []

    def plan_and_count(*args: Any, **kwargs: Any) -> Any:
        planned.append(args)
        return plan(*args, **kwargs)

    runs._plan = plan_and_count
    yield from begin(window)
    seen = {}
    yield from rest(window)
    seen["nothing"] = yield from leave_and_count(window, planned)
    yield from switch_profile(window, OWN)
    yield from rest(window)
    review(window)
    seen["a review"] = yield from leave_and_count(window, planned)
    yield from switch_profile(window, OWN)
    yield from rest(window)
    edit(window, note_id)
    seen["an edited note"] = yield from leave_and_count(window, planned)
    seen["note on its page"] = "Dynamo" in page_of(Path(vault), note_id).read_text("utf-8")
    yield from switch_profile(window, OWN)
    yield from rest(window)
    tracker = tracker_of(window)
    tracker._mw = _Busy(tracker._mw)  # so that only the closing can bring it
    save_in_place(page_of(Path(vault), note_id), partial(replace_in, "Dynamo", "Turbine"))
    yield from window.until(lambda: tracker._rest is None, "the watch to tell")
    tracker._mw = tracker._mw.mw
    seen["an edited page"] = yield from leave_and_count(window, planned)
    yield from switch_profile(window, OWN)
    col = window.mw.col
    assert col is not None
    seen["page in its note"] = "Turbine" in col.get_note(NoteId(note_id)).fields[1]
    return seen


class _Busy:
    """Anki in the middle of something."""

    state = "review"

    def __init__(self, mw: Any) -> None:
        self.mw = mw

    def __getattr__(self, name: str) -> Any:
        return getattr(self.mw, name)


def rest(window: Window) -> Steps[None]:
    """Wait until live mode has found both sides in step."""
    yield from window.until(
        lambda: is_still(window) and tracker_of(window)._rest is not None, "both sides in step"
    )


def leave_and_count(window: Window, planned: list[Any]) -> Steps[int]:
    before = len(planned)
    yield from switch_profile(window, OTHER)
    return len(planned) - before


def review(window: Window) -> None:
    """Answer a card, as the reviewer does."""
    col = window.mw.col
    assert col is not None
    card = col.get_card(col.find_cards("deck:Biology*")[0])
    card.start_timer()
    col.sched.answerCard(card, 3)


def edit(window: Window, note_id: int) -> None:
    """Change a note, as an editor that closes with Anki does."""
    col = window.mw.col
    assert col is not None
    note = col.get_note(NoteId(note_id))
    note.fields[1] = "Dynamo of the cell"
    update_note(parent=window.mw, note=note).run_in_background()


def press_and_leave(window: Window, vault: str) -> Steps[dict[str, Any]]:
    """Press each button of Home, and close Home before anything can have come of it.

    Returns the buttons of each page, and the questions and errors that came up.
    """
    yield from window.ready()
    yield from press_sync_now(window)
    edit_page(Path(vault), "el gato_*.md", "the cat", "the tomcat")
    yield from press_sync_now(window)
    pressed: dict[str, list[str]] = {}
    for name in ("Overview", "Activity", "Help"):
        known = pressed[name] = []
        while True:
            home: Any = yield from open_home(window)
            page = home.go_to(name)
            if name == "Activity":
                yield from settled(window, page)
                rows = map(page.tree.topLevelItem, range(page.tree.topLevelItemCount()))
                run = next(row for row in rows if "updated in Anki" in row.text(0))
                run.setExpanded(True)
                yield from settled(window, page)
                page.tree.setCurrentItem(run.child(0))
                yield from settled(window, page)
            buttons = [b for b in page.findChildren(QPushButton) if b.isVisible() and b.isEnabled()]
            left = [b for b in buttons if label_of(b) not in known]
            chosen = label_of(left[0]) if left else ""
            yield from placed(window)
            window.call(partial(press_and_close, left[0] if left else None, home))
            yield from window.closed(home)
            yield from window.idle()
            yield from close_all(window)
            if not left:
                break
            known.append(chosen)
    unwanted = ("MessageBox", "QMessageBox", "BackDialog")
    boxes = [d["title"] + d["text"] for d in window.seen.dialogs if d["kind"] in unwanted]
    return {"pressed": pressed, "boxes": boxes}


def press_and_close(button: Any, home: Any) -> None:
    """Both in one turn of the event loop."""
    if button is not None:
        button.click()
    home.reject()


def close_all(window: Window) -> Steps[None]:
    """Close what a button has opened, when Anki has seen to its place."""
    yield from placed(window)
    for each in QApplication.topLevelWidgets():
        if isinstance(each, QDialog) and each.isVisible():
            each.reject()
            yield from window.closed(each)


def close_what_opened(window: Window) -> Steps[dict[str, list[str]]]:
    """Open every window from another one in front, close that one; which windows are gone then."""
    yield from window.ready()
    yield from press_sync_now(window)
    gone = {}
    for opener in ("Home…", "Add-ons"):
        path = ("Tools", opener) if opener == "Add-ons" else (*MENU, opener)
        window.press(window.menu_action(*path))
        first: Any = yield from window.dialog(opener.rstrip("…"))
        opened = []
        for entry, title in WINDOWS:
            first.activateWindow()
            yield from window.until(first.isActiveWindow, "the first window in front")
            window.press(window.menu_action(*MENU, entry))
            opened.append((title, (yield from window.dialog(title))))
            yield from placed(window)
        first.reject()
        yield from window.closed(first)
        yield from placed(window)  # Qt deletes it a moment later
        gone[opener] = [
            title for title, each in opened if sip.isdeleted(each) or not each.isVisible()
        ]
        for _, each in opened:
            each.close()
            yield from window.closed(each)
    return gone


def quit_midway(window: Window, vault: str) -> Steps[int]:
    """Press Sync Now in Home, and end when there are pages: Anki closes meanwhile."""
    yield from window.ready()
    home: Any = yield from open_home(window)
    window.mw.taskman._no_collection_executor = ThreadPoolExecutor()  # none of its threads rests
    window.press(home.page("Overview").vault.sync)
    pages = Path(vault).rglob
    yield from window.until(lambda: any(pages("*.md")), "the first page")
    yield from window.until(
        lambda: window.mw.progress._win and window.mw.progress._win.isVisible(), "the progress"
    )
    return len([*pages("*.md")])
