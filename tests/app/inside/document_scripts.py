"""What becomes of embedded documents on a card in Anki's window."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.request import urlopen

from anki.decks import DeckId
from aqt.qt import QDesktopServices
from card_scripts import add_notes, ask, drawn, take
from window import Steps, Window

LINKS = """(() => Array.from(document.querySelectorAll("#qa a"), (link) => ({
    text: link.innerText, height: link.getBoundingClientRect().height,
})))()"""


def show_documents(
    window: Window, fields: list[str], media: dict[str, str], folder: str
) -> Steps[list[dict[str, Any]]]:
    """Show each text on a Basic card and on a dynamic one, and click its links."""
    yield from window.ready()
    mw: Any = window.mw
    add_notes(
        window, [{"cards": [("a", text, "b")], "note": "", "link": ""} for text in fields], media
    )
    deck = DeckId(mw.col.decks.id("Dynamic") or 0)
    for text in fields:
        note = mw.col.new_note(mw.col.models.by_name("Basic"))
        note.fields = [text, "b"]
        mw.col.add_note(note, deck)
    for scheme in ("http", "https"):
        QDesktopServices.setUrlHandler(scheme, window._watcher.note_link)
    mw.moveToState("review")
    yield from drawn(window)
    seen: list[dict[str, Any]] = []
    for number, card in enumerate(sorted(mw.col.find_cards("deck:Dynamic"))):
        mw.reviewer.card = mw.col.get_card(card)
        mw.reviewer.card.start_timer()
        mw.reviewer._showQuestion()
        yield from drawn(window)
        links = yield from ask(window, mw.web, LINKS)
        yield from take(window, mw.web, Path(folder, f"{number}.png"))
        before = len(window.seen.links)
        mw.web.eval("document.querySelectorAll('#qa a').forEach((link) => link.click())")
        yield from window.until(lambda: len(window.seen.links) > before, "a link to be opened")  # noqa: B023
        opened = []
        for address in window.seen.links[before:]:
            with urlopen(address) as answer:
                opened.append(answer.read().decode("latin-1"))
        seen.append({"links": links, "opened": opened, "addresses": window.seen.links[before:]})
    yield from window.idle()
    return seen
