"""What is done with the cards of a TOML deck in Anki's window."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

from deck_scripts import choose_row, link, open_preview, press_and_wait, rows_of
from pictures import painted
from pictures import save as save_picture
from window import Steps, Window, label_of


def settle_cards(
    window: Window, file: str, anki: list[list[str]], toml: str, picture: str = ""
) -> Steps[dict[str, Any]]:
    """Sync a note, give it other cards on both sides, and settle its conflicts card by card.

    ``anki`` and ``toml`` are its cards then: id, front and back; and the text of its tables.
    """
    yield from window.ready()
    col = window.mw.col
    assert col is not None
    decks: Any = yield from link(window, file)
    yield from press_and_wait(window, decks.sync_button)
    notes: Any = importlib.import_module("ankivault.sync.dynamic.notes")
    model: Any = importlib.import_module("ankivault.model.note")
    (stored,) = notes.read_dynamic_notes(col, col.find_notes(""))
    note_id = stored.id
    cards = tuple(model.Card(*card) for card in anki)
    notes.update_notes(col, {note_id: model.DynamicNote(stored.read.content.note, cards)})
    path = Path(file)
    text = path.read_text(encoding="utf-8")
    path.write_text(text[: text.index("\n[[notes.cards]]")] + toml, encoding="utf-8")

    dialog: Any = yield from open_preview(window, decks)
    seen: dict[str, Any] = {"rows": rows_of(dialog), "counts": dialog.counts.text()}
    choose_row(dialog, stored.read.content.note)
    seen["sides"] = dialog.sides.toPlainText()
    seen["asked"] = [button.accessibleName() for button in dialog.settle.buttons.values()]
    if picture:
        dialog.resize(980, 900)
        dialog.splitter.setSizes([120, 700])
        yield from painted(window, dialog)
        save_picture(dialog, Path(picture))
    for answer in ("Use TOML", "Add It to Anki Again"):
        asked = len(dialog.settle.buttons)
        (button,) = [b for b in dialog.settle.buttons.values() if label_of(b) == answer]
        before = dialog.counts.text()
        window.press(button)
        yield from window.idle()
        seen[answer] = [before, dialog.counts.text(), asked]
    seen["told"] = yield from press_and_wait(window, dialog.sync_button)
    (stored,) = notes.read_dynamic_notes(col, [note_id])
    seen["fronts"] = {card.id: card.front for card in stored.read.content.cards}
    seen["cards"] = len(col.card_ids_of_note(note_id))
    seen["text"] = path.read_text(encoding="utf-8")
    yield from press_and_wait(window, decks.sync_button)
    seen["unchanged"] = path.read_text(encoding="utf-8") == seen["text"]
    return seen
