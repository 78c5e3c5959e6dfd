"""Words that a person types into Anki's part of an index page go to the trash, never nowhere."""

from __future__ import annotations

import pytest

from tests.collection.conftest import Desk

SPOTS = {  # what is there → what a person makes of it
    "heading": ("# A\n", "# my words\n"),
    "behind the heading": ("# A\n", "# A my words\n"),
    "heading above": ("# A\n", "# A my words\n# A\n"),
    "line for the heading": ("# A\n", "my words\n"),
    "line above": ("%% anki:begin %%\n", "%% anki:begin %%\nmy words\n"),
    "paragraph": ("# A\n", "# A\n\nmy words\n"),
    "list heading": ("## Notes", "## Notes my words"),
    "item": ("## Notes\n", "## Notes\n- my words\n"),
    "item of a note": ("|q]]", "|q]] my words"),
    "shown text of a note": ("|q]]", "|q my words]]"),
    "shown text of a deck": ("|B]]", "|B my words]]"),
    "shown text of the deck above": ("|Anki collection]]", "|Anki my words]]"),
    "own link": ("## Notes\n", "## Notes\n- [[x_index|my words]]\n"),
    "own link to a note": ("## Notes\n", "## Notes\n- [[q_1700000000000|my words]]\n"),
    "own link to a page": ("## Notes\n", "## Notes\n- [[My page|my words]]\n"),
    "target of the deck above": ("Up: [[", "Up: [[my words "),
}


@pytest.mark.parametrize("two_way", [True, False], ids=["two-way", "mirror"])
@pytest.mark.parametrize("spot", SPOTS)
def test_words_on_an_index_page_are_kept(desk: Desk, spot: str, two_way: bool) -> None:
    desk.set(two_way=two_way)
    desk.add("A", Front="q", Back="a")
    desk.add("A::B", Front="r", Back="b")
    desk.sync()
    (desk.vault / "My page.md").write_text("Mine")
    (index,) = desk.vault.rglob("_A_index.md")
    there, made = SPOTS[spot]
    as_written = index.read_text()
    assert there in as_written
    index.write_text(as_written.replace(there, made, 1))
    desk.sync()
    assert index.read_text() == as_written
    assert any("my words" in text for text in desk.trash().values())
