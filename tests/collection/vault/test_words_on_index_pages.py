"""Words that a person types into Anki's part of an index page go to the trash, never nowhere."""

from __future__ import annotations

import pytest

from tests.collection.conftest import Desk


@pytest.mark.parametrize("two_way", [True, False])
@pytest.mark.parametrize("typed", ["# my words", "# A my words", "# A my words\n# A", "my words"])
def test_words_at_the_heading_of_an_index_page_are_kept(
    desk: Desk, typed: str, two_way: bool
) -> None:
    desk.set(two_way=two_way)
    desk.add("A", Front="q", Back="a")
    desk.sync()
    (index,) = desk.vault.rglob("_A_index.md")
    as_written = index.read_text()
    index.write_text(as_written.replace("# A\n", f"{typed}\n", 1))
    desk.sync()
    assert "my words" not in index.read_text()
    assert any("my words" in text for text in desk.trash().values())
