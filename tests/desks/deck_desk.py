"""A real collection and a TOML deck, with short methods for what tests do with them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from anki.collection import Collection
from anki.consts import CARD_TYPE_REV, QUEUE_TYPE_REV

from ankivault.sync.deck.changes import DeckPlan
from ankivault.sync.deck.options import ChoiceKey, DeckOptions, Side
from ankivault.sync.deck.run import apply_deck, export_deck, plan_deck, sync_deck
from ankivault.sync.run.report import Message, Report

HEAD = """\
# My Spanish deck: keep this comment.
[package]
name = "Spanish"

[[models]]
name = "Vocab"
model_type = "standard"
fields = ["Spanish", "English", "Example"]
sort_field = "Spanish"
markdown_fields = ["Example"]
css = ".card { font-size: 20px }"

[[models.templates]]
name = "Card 1"
front = "{{Spanish}}"
back = "{{English}}<br>{{Example}}"

[[decks]]
name = "Spanish"

[[decks]]
name = "Spanish::Verbs"
"""


def note(spanish: str, english: str = "?", **more: Any) -> str:
    """A ``[[notes]]`` entry; ``example``, ``tags``, ``deck``, ``note_id`` and ``guid`` if given."""
    lines = ["", "[[notes]]", f"deck = {json.dumps(more.get('deck', 'Spanish'))}"]
    lines.append('model = "Vocab"')
    for key in ("tags", "guid", "note_id"):
        if key in more:
            lines.append(f"{key} = {json.dumps(more[key])}")
    lines += ["", "[notes.fields]", f"Spanish = {json.dumps(spanish, ensure_ascii=False)}"]
    if english is not None:
        lines.append(f"English = {json.dumps(english, ensure_ascii=False)}")
    if "example" in more:
        lines.append(f"Example = {json.dumps(more['example'], ensure_ascii=False)}")
    return "\n".join(lines) + "\n"


class DeckDesk:
    """A person's collection, TOML file and the add-on's state folder."""

    def __init__(self, folder: Path) -> None:
        (folder / "anki").mkdir(parents=True)
        (folder / "git").mkdir()
        self.folder = folder
        self.collection = folder / "anki" / "collection.anki2"
        self.file = folder / "git" / "spanish.toml"
        self.state = folder / "state"
        self.options = DeckOptions()
        self.col = Collection(str(self.collection))

    def write(self, *notes: str, head: str = HEAD) -> None:
        self.file.write_bytes((head + "".join(notes)).encode())

    @property
    def text(self) -> str:
        return self.file.read_bytes().decode()

    def change(self, old: str, new: str, times: int = 1) -> None:
        """Replace text in the file, as a person does in an editor."""
        assert self.text.count(old) >= 1, old
        self.file.write_bytes(self.text.replace(old, new, times).encode())

    def set(self, **values: Any) -> None:
        self.options = replace(self.options, **values)

    def settle(self, note_id: int, part: Any, name: str, side: Side) -> None:
        key = ChoiceKey(note_id, part, name)
        self.set(choices={**self.options.choices, key: side})

    def plan(self, **values: Any) -> DeckPlan:
        return plan_deck(self.col, self.file, replace(self.options, **values), self.state)

    def sync(self, **values: Any) -> Report:
        options = replace(self.options, **values)
        plan, report = sync_deck(self.col, self.file, options, self.state)
        self.last = plan
        return report

    def apply(self, plan: DeckPlan) -> Report:
        return apply_deck(self.col, plan, self.state)

    def export(self, deck: str, file: Path, **values: Any) -> Report:
        return export_deck(self.col, deck, file, **values)

    def lose_base(self) -> None:
        for file in self.state.iterdir():
            file.unlink()

    def ids(self) -> list[int]:
        """Every note's id, oldest first."""
        return list(self.col.db.list("select id from notes order by id"))

    def find(self, spanish: str) -> int:
        """The one note with this first field."""
        rows = self.col.db.all("select id, flds from notes")
        (id_,) = [id_ for id_, fields in rows if fields.split("\x1f")[0] == spanish]
        return int(id_)

    def fields(self, note_id: int) -> list[str]:
        return list(self.col.get_note(note_id).fields)

    def edit(self, note_id: int, *, tags: str | None = None, **fields: str) -> None:
        """Edit a note in Anki."""
        note = self.col.get_note(note_id)
        for name, value in fields.items():
            note[name] = value
        if tags is not None:
            note.tags = tags.split()
        self.col.update_note(note)

    def add(self, spanish: str, english: str = "?", deck: str = "Spanish", tags: str = "") -> int:
        """Add a note in Anki."""
        note = self.col.new_note(self.col.models.by_name("Vocab"))
        note["Spanish"], note["English"], note.tags = spanish, english, tags.split()
        self.col.add_note(note, self.col.decks.id(deck))
        return note.id

    def notetype(self, name: str) -> Any:
        return self.col.models.by_name(name)

    def learn(self, note_id: int) -> None:
        """Make a note's first card a review card with an interval of 30 days."""
        card = self.col.get_note(note_id).cards()[0]
        card.type, card.queue = CARD_TYPE_REV, QUEUE_TYPE_REV
        card.due, card.ivl, card.reps, card.factor = 99, 30, 7, 2300
        self.col.update_card(card)

    def deck_of(self, note_id: int) -> str:
        deck = self.col.db.scalar(
            "select iif(odid, odid, did) from cards where nid = ? order by ord", note_id
        )
        return self.col.decks.name(deck)

    def snapshot(self) -> list[Any]:
        """All rows of notes, cards, decks and note types, to check that nothing was written."""
        return [
            self.col.db.all("select * from notes order by id"),
            self.col.db.all("select * from cards order by id"),
            self.col.db.all("select id, name, mtime_secs, common, kind from decks order by id"),
            self.col.db.all("select id, name, mtime_secs, config from notetypes order by id"),
            self.col.db.scalar("select mod from col"),
        ]

    def told(self, report: Report, word: str) -> Message:
        """The only message of a report that contains this word."""
        (message,) = [m for m in report.messages if word in m.text]
        return message

    def assert_settled(self) -> None:
        """Check that another run changes nothing on both sides."""
        text, collection = self.file.read_bytes(), self.snapshot()
        plan = self.plan()
        assert plan.is_empty, plan
        assert plan.counts["modified"] == plan.counts["conflicts"] == 0, plan
        self.apply(plan)
        assert (self.file.read_bytes(), self.snapshot()) == (text, collection)


@pytest.fixture(name="desk")
def open_desk(tmp_path: Path) -> Iterator[DeckDesk]:
    desk = DeckDesk(tmp_path)
    yield desk
    desk.col.close()
