"""Whole real decks: published by one person, taken by another, updated, suggested back."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from anki.collection import Collection

from ankivault.sync.deck.export import export_deck
from ankivault.sync.deck.run import check_published
from ankivault.sync.source.subscription.run import suggest_change
from ankivault.sync.source.subscription.suggest import Suggestion
from tests.desks.source_desk import SourceDesk, source_desk

from ..desks.made_once import MadeOnce
from .sample_collections import SOURCES, copy_collection


class Author:
    """A person whose decks are published, one file for each top deck."""

    def __init__(self, collection: Path) -> None:
        self.col = Collection(str(collection))

    def decks(self) -> list[str]:
        names = [d.name for d in self.col.decks.all_names_and_ids(include_filtered=False)]
        tops = [name for name in names if "::" not in name]
        return [name for name in tops if self.col.find_notes(f'"deck:{name}"')]

    def export(self, deck: str, file: Path) -> None:
        file.unlink(missing_ok=True)
        export_deck(self.col, deck, file)


@pytest.fixture(params=SOURCES)
def author(request: pytest.FixtureRequest, once: MadeOnce, tmp_path: Path) -> Iterator[Author]:
    made = Author(copy_collection(once, request.param, tmp_path / "author"))
    yield made
    made.col.close()


def test_decks_arrive_as_they_are_and_updates_touch_nothing_else(
    author: Author, tmp_path: Path
) -> None:
    assert author.decks()
    for number, deck in enumerate(author.decks()):
        home = tmp_path / f"{number}"
        home.mkdir()
        with source_desk(home) as desk:
            take_and_update(author, deck, desk)


def take_and_update(author: Author, deck: str, desk: SourceDesk) -> None:
    me = desk.me
    author.export(deck, desk.file)
    wrong = [p.message for p in check_published(desk.file) if p.level == "error"]
    assert all(text.startswith("Anki takes no media file") for text in wrong), wrong
    assert me.subscribe().ok
    query = "select guid, tags, flds from notes order by guid"
    ids = author.col.find_notes(f'"deck:{deck}"')
    marks = ",".join(map(str, ids))
    theirs = author.col.db.all(query.replace("order", f"where id in ({marks}) order"))
    assert me.col.db.all(query) == theirs
    cards = author.col.db.scalar(f"select count() from cards where nid in ({marks})")
    assert me.col.card_count() == cards
    assert suggest_change(me.col, me.state, me.address) == Suggestion()

    edited = edit_some(author.col, ids)
    mine = edit_others(me.col, {guid for guid, *_ in theirs} - edited)
    before = {row[0]: row for row in me.col.db.all("select guid, tags, flds, mod from notes")}
    author.export(deck, desk.file)
    assert me.pull().ok
    after = {row[0]: row for row in me.col.db.all("select guid, tags, flds, mod from notes")}
    now = {row[0]: row for row in author.col.db.all("select guid, tags, flds from notes")}
    for guid, row in after.items():
        if guid in edited:
            assert tuple(row[:3]) == tuple(now[guid])
        else:
            assert row == before[guid]  # to the date of its last change
    assert suggest_change(me.col, me.state, me.address).notes == len(mine)
    rows, files = me.rows(), me.files()
    me.pull()
    assert (me.rows(), me.files()) == (rows, files)


def edit_some(col: Any, ids: Any) -> set[str]:
    """The author edits some notes; returns their guids."""
    chosen = random.Random(1).sample([*ids], min(10, max(1, len(ids) // 3)))
    guids = set()
    for id_ in chosen:
        note = col.get_note(id_)
        note.fields[-1] += " <i>edited</i>"
        col.update_note(note)
        guids.add(note.guid)
    return guids


def edit_others(col: Any, guids: set[str]) -> set[str]:
    """The subscriber edits some other notes."""
    chosen = random.Random(2).sample(sorted(guids), min(10, len(guids) // 2))
    for guid in chosen:
        id_ = col.db.scalar("select id from notes where guid = ?", guid)
        note = col.get_note(id_)
        note.fields[0] += " mine"
        col.update_note(note)
    return set(chosen)
