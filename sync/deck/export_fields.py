"""Lists the fields of a deck's notes. The user chooses which of them an export makes Markdown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..collection.dynamic_type import find_notetypes

if TYPE_CHECKING:
    from anki.collection import Collection
    from anki.decks import DeckId


def list_fields(col: Collection, deck_id: int, subdecks: bool) -> dict[str, tuple[str, ...]]:
    """The name of each note type of the deck's notes → the names of its fields.

    Leaves out dynamic notes: their fields are always Markdown.
    """
    assert col.db is not None, "the collection is closed"
    id_: DeckId = deck_id  # type: ignore[assignment]
    decks = col.decks.deck_and_child_ids(id_) if subdecks else [id_]
    wanted = ",".join(str(int(deck)) for deck in decks)
    types = col.db.list(
        "select distinct mid from notes where id in (select nid from cards where "
        f"(case when odid then odid else did end) in ({wanted}))"
    )
    found = {}
    types = [type_ for type_ in types if type_ not in find_notetypes(col)]
    for notetype in filter(None, map(col.models.get, types)):
        found[notetype["name"]] = tuple(field["name"] for field in notetype["flds"])
    return dict(sorted(found.items()))
