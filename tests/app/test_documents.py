"""An embedded document on a card in Anki: a link that opens the file, and no broken box."""

from __future__ import annotations

from pathlib import Path

from ankivault.convert.to_html.markdown_to_html import markdown_to_html

from .anki_app import AnkiApp

NAMES = ("d.pdf", "a b #1 50%25.pdf", "é & 'x'.docx")


def test_a_document_is_a_link_that_opens_its_file(anki: AnkiApp, tmp_path: Path) -> None:
    media = {}
    for number, name in enumerate(NAMES):
        file = tmp_path / str(number)
        file.write_bytes(b"%PDF-1.4\n% the file " + str(number).encode())
        media[name] = str(file)
    fields = [f"Read {markdown_to_html(f'![[{name}]]', lambda name: name)} now" for name in NAMES]
    played = anki.play("show_documents", fields=fields, media=media, folder=str(tmp_path))
    assert len(played.value) == 2 * len(NAMES)
    for number, card in enumerate(played.value):
        (link,) = card["links"]
        assert link["text"] == NAMES[number % 3] and link["height"] > 0
        assert card["opened"] == [f"%PDF-1.4\n% the file {number % 3}"]
