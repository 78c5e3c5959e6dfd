"""The vault shows a dynamic note as its text and one section for each card, in their order."""

from __future__ import annotations

from ankivault.model.note import Card, DynamicNote, write_fields
from ankivault.sync.collection.dynamic_type import ensure_notetype
from ankivault.sync.run.done import Done
from tests.collection.conftest import Desk

PIXEL = "data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw=="


def add_note(desk: Desk, content: DynamicNote) -> int:
    note = desk.col.new_note(desk.col.models.get(ensure_notetype(desk.col)))
    note.fields = list(write_fields((), content))
    desk.col.add_note(note, desk.col.decks.id("Biology"))
    return note.id


def update_note(desk: Desk, note_id: int, content: DynamicNote) -> None:
    note = desk.col.get_note(note_id)
    note.fields = list(write_fields(note.fields, content))
    desk.col.update_note(note)


def read_page(desk: Desk) -> str:
    pages = (data.decode() for data in desk.files().values() if b"%% card:" in data)
    (page,) = pages
    return page


def test_a_page_follows_its_cards(desk: Desk) -> None:
    cards = (Card("a", "What is a cell?", "Life"), Card("b", "Who?", "Hooke<br>1665"))
    note_id = add_note(desk, DynamicNote("Cells", cards, "https://x.org"))
    desk.sync()
    page = read_page(desk)
    assert "Cells_" in next(path for path in desk.files() if str(note_id) in path)
    assert (
        "%% anki:begin %%\n## Link\nhttps://x.org\n\n## Note\nCells\n\n"
        "### What is a cell?\n%% card: a %%\n\nLife\n\n"
        "### Who?\n%% card: b %%\n\nHooke\n1665\n%% anki:end %%\n"
    ) in page
    assert "Data" not in page and "next_slot" not in page

    update_note(desk, note_id, DynamicNote("Cells", (cards[1], Card("c", "Where?", "London"))))
    assert desk.sync().counts[Done.PAGE_UPDATED] == 1
    page = read_page(desk)
    assert page.index("Who?") < page.index("Where?")
    assert "What is a cell?" not in page
    assert desk.plan().is_empty


def test_media_of_cards_are_in_the_vault(desk: Desk) -> None:
    desk.col.media.write_data("cat.png", b"a cat")
    front, back = '<img src="cat.png">', f'a dot: <img src="{PIXEL}">'
    add_note(desk, DynamicNote("", (Card("a", front, back),)))
    desk.sync()
    files = desk.files()
    assert files["assets/cat.png"] == b"a cat"
    assert any(data.startswith(b"GIF89a") for data in files.values())
    assert "### Card 1\n![[cat.png]]\n\n%% card: a %%\n\na dot: ![[data-" in read_page(desk)
