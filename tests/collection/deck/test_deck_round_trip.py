"""Whole decks out and in again: an exported deck makes the same notes in an empty collection."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from anki.collection import Collection

from ankivault.sync.deck.options import DeckOptions
from ankivault.sync.deck.run import check_file, export_deck, plan_deck, sync_deck
from tests.corpus.sample_collections import SOURCES, copy_collection
from tests.desks.made_once import MadeOnce


@pytest.fixture(params=SOURCES)
def col(request: pytest.FixtureRequest, once: MadeOnce, tmp_path: Path) -> Iterator[Collection]:
    file = copy_collection(once, request.param, tmp_path / "source")
    col = Collection(str(file))
    yield col
    col.close()


def top_decks(col: Collection) -> list[str]:
    decks = col.decks.all_names_and_ids(include_filtered=False)
    return sorted(name for name in {d.name.split("::")[0] for d in decks} if has_notes(col, name))


def has_notes(col: Collection, deck: str) -> bool:
    ids = ",".join(str(i) for i in col.decks.deck_and_child_ids(col.decks.id_for_name(deck)))
    return bool(
        col.db.scalar(
            f"select count() from notes where (select iif(odid, odid, did) from cards "
            f"where nid = notes.id order by ord limit 1) in ({ids})"
        )
    )


def contents(col: Collection, deck: str) -> dict[str, Any]:
    """All that a deck says: fields, tags, decks, note types and how many cards."""
    ids = ",".join(str(i) for i in col.decks.deck_and_child_ids(col.decks.id_for_name(deck)))
    rows = col.db.all(
        "select n.guid, n.mid, n.tags, n.flds, (select iif(odid, odid, did) from cards "
        "where nid = n.id order by ord limit 1) home, (select count() from cards where nid = n.id) "
        f"from notes n where home in ({ids}) order by n.guid"
    )
    types: dict[int, Any] = {row[1]: col.models.get(row[1]) for row in rows}
    return {
        "notes": [
            (guid, types[mid]["name"], sorted(tags.split()), flds, col.decks.name(home))
            for guid, mid, tags, flds, home, _ in rows
        ],
        "cards": Counter(row[-1] for row in rows),
        "types": {
            t["name"]: (
                [f["name"] for f in t["flds"]],
                [(m["name"], m["qfmt"], m["afmt"]) for m in t["tmpls"]],
                t["css"],
                t["sortf"],
                t["type"],
            )
            for t in types.values()
        },
    }


def test_every_deck_comes_back_as_it_was(col: Collection, tmp_path: Path) -> None:
    (tmp_path / "anki").mkdir()
    other = Collection(str(tmp_path / "anki" / "collection.anki2"))
    options = DeckOptions(strategy="push_only", on_conflict="prefer_toml", change_models=True)
    decks = top_decks(col)
    assert decks
    for number, deck in enumerate(decks):
        file = tmp_path / f"deck {number}" / "deck.toml"
        export_deck(col, deck, file)
        assert [p for p in check_file(file) if p.level == "error"] == []
        plan = plan_deck(col, file, DeckOptions(), tmp_path / "state")
        assert plan.is_empty, (deck, plan.counts)
        again = tmp_path / "again" / str(number) / "deck.toml"
        export_deck(col, deck, again)
        assert again.read_bytes() == file.read_bytes()

        _, report = sync_deck(other, file, options, tmp_path / "state")
        assert report.ok, report.messages
        before, after = contents(col, deck), contents(other, deck)
        assert after["notes"] == before["notes"]
        assert after["types"] == before["types"]
        assert after["cards"] == before["cards"]
        plan = plan_deck(other, file, options, tmp_path / "state")
        assert plan.is_empty, (deck, plan)
    other.close()


def test_markdown_fields_settle_after_one_sync(col: Collection, tmp_path: Path) -> None:
    """Pull, push, pull of every field as Markdown: nothing changes, on either side."""
    for number, deck in enumerate(top_decks(col)):
        file = tmp_path / str(number) / "deck.toml"
        types = contents(col, deck)["types"]
        fields = [f"{name}.{field}" for name, facts in types.items() for field in facts[0]]
        export_deck(col, deck, file, markdown_fields=fields)
        assert [p for p in check_file(file) if p.level == "error"] == []
        data, notes = file.read_bytes(), col.db.all("select id, mod, flds from notes")
        for strategy in ("bidirectional", "push_only", "pull_only"):
            plan, report = sync_deck(col, file, DeckOptions(strategy=strategy), tmp_path / "state")
            assert report.ok and plan.counts["modified"] == 0, (deck, plan.counts)
        assert file.read_bytes() == data
        assert col.db.all("select id, mod, flds from notes") == notes
