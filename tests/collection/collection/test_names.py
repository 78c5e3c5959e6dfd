"""Tags, and names of decks and note types, are what Anki makes of them: else no run would rest."""

from __future__ import annotations

from unicodedata import normalize

import pytest

from ankivault.sync.collection.clean import clean_deck_name, clean_tags, clean_type_name
from tests.collection.conftest import Desk

_NAMES = [
    *("A", "a b", "a\tb", "a\nb", " a ", "a::", "::a", "a::::b", "a :: b", ":::", '"a"', "a\x7f"),
    *("\u3000a", "a\u00a0", "İ", "ß", "\u200ba", "*_", "a\x1fb", "Topic:", ":a", "a :", ": a :"),
    *("a:b", "a:::b", "::::", "a:: :b", "x:::", "a::::::b", "a::b:", normalize("NFD", "Español")),
]


@pytest.mark.parametrize("name", _NAMES)
def test_a_name_is_the_one_that_anki_makes(desk: Desk, name: str) -> None:
    col = desk.col
    deck = col.decks.id(name)
    assert deck is not None and col.decks.name(deck) == clean_deck_name(name)

    kind = col.models.new(name)
    col.models.add_field(kind, col.models.new_field("Front"))
    template = col.models.new_template(name)
    template["qfmt"] = "{{Front}}"
    col.models.add_template(kind, template)
    made = col.models.get(col.models.add_dict(kind).id)
    assert made is not None
    assert [made["name"], made["tmpls"][0]["name"]] == [clean_type_name(name)] * 2

    note = col.get_note(desk.add(Front="q"))
    note.tags = list(clean_tags([name]))
    col.update_note(note)
    assert {*col.get_note(note.id).tags} == {*clean_tags([name])}
