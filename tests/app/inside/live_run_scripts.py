"""What is done in Anki and to pages while live mode keeps both in step."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from anki.notes import Note, NoteId
from aqt import gui_hooks
from aqt.operations.note import update_note
from live_scripts import read_sign
from scripts import press_sync_now
from window import Steps, Window


def begin(window: Window) -> Steps[None]:
    """A first full run, and live mode in step after it."""
    yield from window.ready()
    yield from press_sync_now(window)
    yield from read_sign(window, "in step")
    yield from window.until(lambda: is_still(window), "live mode to have nothing to do")


def tracker_of(window: Window) -> Any:
    """Live mode's tracker, which Anki's hooks hold."""
    import aqt

    for hook in aqt.gui_hooks.profile_will_close._hooks:
        owner = getattr(hook, "__self__", None)
        if type(owner).__name__ == "LiveTracker":
            return owner
    raise AssertionError("no tracker")


def is_still(window: Window) -> bool:
    tracker = tracker_of(window)
    pending = tracker._pending
    return (
        pending is not None
        and pending.is_empty
        and not tracker._is_working
        and tracker._anki is None
        and not (tracker._folder or tracker._watched.is_starting)
    )


def page_of(vault: Path, note_id: int) -> Path:
    (found,) = vault.rglob(f"*_{note_id}.md")
    return found


def save_in_place(page: Path, change: Callable[[str], str]) -> None:
    """Save as Obsidian does: the file is written over."""
    text = change(page.read_text("utf-8"))
    page.write_text(text, "utf-8")


def save_aside(page: Path, change: Callable[[str], str]) -> None:
    """Save as other editors do: a temporary file takes the page's place."""
    text = change(page.read_text("utf-8"))
    aside = page.with_name(f".{page.name}.tmp")
    aside.write_text(text, "utf-8")
    os.replace(aside, page)


def live_both_ways(window: Window, vault: str, note_id: int) -> Steps[dict[str, Any]]:
    """Edit a page twice and its note once; how long each took to be on the other side."""
    yield from begin(window)
    mw, folder = window.mw, Path(vault)
    assert mw.col is not None
    took = []
    for save, old, new in (
        (save_in_place, "Powerhouse", "Engine"),
        (save_aside, "Engine", "Motor"),
    ):
        start = time.monotonic()
        save(page_of(folder, note_id), partial(replace_in, old, new))
        yield from window.until(partial(has_note_text, window, note_id, new), "the note")
        took.append(time.monotonic() - start)
    yield from window.until(lambda: is_still(window), "live mode to have nothing to do")
    undo = mw.col.undo_status().undo
    note = mw.col.get_note(NoteId(note_id))
    note["Back"] = "Dynamo and Motor of the cell"  # no word of the page goes
    start = time.monotonic()
    update_note(parent=mw, note=note).run_in_background()
    page = page_of(folder, note_id)
    yield from window.until(lambda: "Dynamo" in page.read_text("utf-8"), "the page")
    took.append(time.monotonic() - start)
    yield from window.until(lambda: is_still(window), "live mode to have nothing to do")
    sign = yield from read_sign(window, "in step")
    yield from bring_late_media(window, folder, note)
    return {"took": took, "undo": undo, "sign": sign["name"]}


def bring_late_media(window: Window, vault: Path, note: Note) -> Steps[None]:
    """A picture comes after its note, as AnkiWeb brings it; wait for its copy in the vault."""
    col = window.mw.col
    assert col is not None
    note["Back"] += '<img src="late.png">'
    update_note(parent=window.mw, note=note).run_in_background()
    page = page_of(vault, note.id)
    yield from window.until(lambda: "late.png" in page.read_text("utf-8"), "the page")
    yield from window.until(lambda: is_still(window), "live mode to have nothing to do")
    Path(col.media.dir(), "late.png").write_bytes(b"a picture")
    gui_hooks.media_sync_did_start_or_stop(False)
    yield from window.until((vault / "assets" / "late.png").is_file, "the picture")
    yield from window.until(lambda: is_still(window), "live mode to have nothing to do")


def replace_in(old: str, new: str, text: str) -> str:
    return text.replace(old, new)


def has_note_text(window: Window, note_id: int, text: str) -> bool:
    assert window.mw.col is not None
    return text in "\x1f".join(window.mw.col.get_note(NoteId(note_id)).fields)
