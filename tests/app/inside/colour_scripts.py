"""What is done in Anki to have colours on pages."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from anki.decks import DeckId
from scripts import MENU, OK, press_sync_now
from two_way_scripts import placed
from window import Steps, Window


def tick_colours(window: Window, vault: str, html: str, picture: str) -> Steps[dict[str, Any]]:
    """Add a note, tick the box in the settings, sync; the page, and the field in Anki."""
    yield from window.ready()
    col = window.mw.col
    assert col is not None
    notetype = col.models.by_name("Cloze")
    assert notetype is not None
    note = col.new_note(notetype)
    note["Text"] = html
    col.add_note(note, DeckId(1))
    window.press(window.menu_action(*MENU, "Configure…"))
    dialog: Any = yield from window.dialog("Ankivault: Settings")
    yield from placed(window)
    box = dialog.form.pages.colours
    was = box.isChecked()
    dialog.form.tabs.setCurrentWidget(dialog.form.pages)
    box.click()
    dialog.grab().save(picture)
    window.press(dialog.buttons.button(OK))
    yield from window.closed(dialog)
    yield from press_sync_now(window)
    (page,) = (path for path in Path(vault).rglob("*.md") if str(note.id) in path.name)
    return {
        "was": was,
        "page": page.read_text("utf-8"),
        "field": col.get_note(note.id)["Text"],
    }
