"""An author updates a deck at random, and its subscriber works with it at random.

Whatever both do: no word and no review of the subscriber's is lost, nothing is there twice, and
what the subscriber left alone is what the author says.
"""

from __future__ import annotations

import json
import os
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from ankivault.convert.edit.text_edit import TextConverter
from ankivault.sync.source.subscription.changes import Choice
from tests.desks.source_desk import SourceDesk, note, source_desk

SEEDS = [int(seed) for seed in os.environ.get("ANKIVAULT_SEEDS", "1 2 3").split()]
UPDATES = 30
FIELDS = ("Spanish", "English", "Example")
DECKS = ("Animals", "Animals::Sea")
_HEAD = """\
[package]
name = "Animals"

[[models]]
name = "Animal"
fields = ["Spanish", "English", "Example"]
markdown_fields = ["Example"]
css = {css}

[[models.templates]]
name = "Card 1"
front = "{{{{Spanish}}}}"
back = {back}

[[decks]]
name = "Animals"

[[decks]]
name = "Animals::Sea"
"""


@dataclass
class Written:
    """A note of the author's."""

    deck: str
    fields: dict[str, str]
    tags: list[str]


@dataclass
class Mine:
    """What the subscriber did to a note."""

    words: dict[str, set[str]] = field(default_factory=dict)  # field → words that must stay
    touched: set[str] = field(default_factory=set)
    struck: set[str] = field(default_factory=set)  # the author's words that went
    declined: set[str] = field(default_factory=set)  # fields where mine was chosen
    protected: dict[str, str] = field(default_factory=dict)  # field → what it has to say
    tags: set[str] = field(default_factory=set)
    untagged: set[str] = field(default_factory=set)
    deck: str = ""
    deleted: bool = False
    kept: bool = False


class Days:
    """Random days of an author and a subscriber, with what must hold after each."""

    def __init__(self, desk: SourceDesk, seed: int) -> None:
        self.desk, self.me, self.random = desk, desk.me, random.Random(seed)
        self.count = 0
        self.author: dict[str, Written] = {}
        self.mine: dict[str, Mine] = {}
        self.own: dict[int, tuple[list[str], str]] = {}
        self.css, self.back = ".card { }", "{{English}}<br>{{Example}}"
        self.my_css = False
        self.merged = 0
        for _ in range(6):
            self.author_adds()
        self.publish()

    def word(self, who: str) -> str:
        self.count += 1
        return f"{who}{self.count}"

    def publish(self) -> None:
        head = _HEAD.format(css=json.dumps(self.css), back=json.dumps(self.back))
        notes = [
            note(
                guid,
                w.fields["Spanish"],
                w.fields["English"],
                example=w.fields["Example"],
                tags=w.tags,
                deck=w.deck,
            )
            for guid, w in self.author.items()
        ]
        self.desk.publish(*notes, head=head)

    # What the author does

    def author_adds(self) -> None:
        words = [self.word("a") for _ in range(12)]
        english = f"{words[1]} <b>{words[2]}</b> {words[3]}<br>{words[4]} {words[5]}"
        example = f"{words[6]} **{words[7]}** {words[8]}\n\n- {words[9]} {words[10]}\n- {words[11]}"
        fields = {"Spanish": words[0], "English": english, "Example": example}
        deck = self.random.choice(DECKS)
        self.author[self.word("guid")] = Written(deck, fields, [self.word("t")])

    def author_acts(self) -> None:
        act = self.random.choice(["word"] * 5 + ["add", "append", "gone", "move", "tag", "css"])
        guid = self.random.choice([*self.author]) if self.author else ""
        if act == "add" or not guid:
            self.author_adds()
        elif act == "gone":
            del self.author[guid]
        elif act == "move":
            self.author[guid].deck = self.random.choice(DECKS)
        elif act == "tag":
            tags = self.author[guid].tags
            if tags and self.random.random() < 0.5:
                tags.pop()
            else:
                tags.append(self.word("t"))
        elif act == "css":
            self.css = f".card {{ --v: {self.word('a')} }}"
            self.back = "{{English}}<br>{{Example}}<!-- " + self.word("a") + " -->"
        else:
            written, name = self.author[guid], self.random.choice(FIELDS)
            text = written.fields[name]
            words = re.findall(r"\ba\d+\b", text)
            old = self.random.choice(words)
            new = self.word("a")
            new = f"{old} {new}" if act == "append" else new
            written.fields[name] = re.sub(rf"\b{old}\b", new, text)

    # What the subscriber does

    def notes(self) -> dict[str, int]:
        rows = self.me.col.db.all("select guid, id from notes")
        return {guid: id_ for guid, id_ in rows if id_ not in self.own}

    def subscriber_acts(self) -> None:
        act = self.random.choice(
            ["word"] * 4
            + ["append", "move", "tag", "untag", "protect", "delete", "own", "review"]
            + ["suspend", "css", "strike"]
        )
        notes = self.notes()
        if act == "own" or not notes:
            note = self.me.col.new_note(self.me.col.models.by_name("Animal"))
            note.fields = [self.word("own"), self.word("own"), ""]
            deck = self.random.choice(DECKS)
            self.me.col.add_note(note, self.me.col.decks.id(deck))
            self.own[note.id] = ([*note.fields], deck)
            return
        guid = self.random.choice([*notes])
        id_, mine = notes[guid], self.mine.setdefault(guid, Mine())
        if act in ("word", "append", "strike"):
            self._types(id_, mine, act)
        elif act == "move":
            mine.deck = self.random.choice(["Mine", "Mine::Deep"])
            self.me.move(id_, mine.deck)
        elif act == "tag":
            tag = self.word("mytag")
            mine.tags.add(tag)
            self.me.edit(id_, tags=" ".join([*self.me.col.get_note(id_).tags, tag]))
        elif act == "untag":
            tags = [t for t in self.me.col.get_note(id_).tags if re.fullmatch(r"t\d+", t)]
            if tags:
                mine.untagged.add(tags[0])
                left = [t for t in self.me.col.get_note(id_).tags if t != tags[0]]
                self.me.edit(id_, tags=" ".join(left))
        elif act == "protect":
            name = self.random.choice(FIELDS)
            tag = f"ankivault_protect::{name}"
            mine.protected[name] = self.me.col.get_note(id_)[name]
            mine.tags.add(tag)
            self.me.edit(id_, tags=" ".join([*self.me.col.get_note(id_).tags, tag]))
        elif act == "delete":
            if self.random.random() < 0.3:
                mine.deleted = True
                self.me.col.remove_notes([id_])
        else:
            self._studies(id_, act)

    def _studies(self, id_: int, act: str) -> None:
        if act == "review":
            self.me.learn(id_)
        elif act == "suspend":
            self.me.col.sched.suspend_cards(self.me.col.card_ids_of_note(id_))
        elif act == "css" and self.random.random() < 0.2:
            model = self.me.notetype("Animal")
            model["css"] = f".card {{ --mine: {self.word('m')} }}"
            self.my_css = True
            self.me.col.models.update_dict(model)

    def _types(self, id_: int, mine: Mine, act: str) -> None:
        name = self.random.choice(FIELDS)
        self._type(id_, mine, act, name)
        if name in mine.protected:
            mine.protected[name] = self.me.col.get_note(id_)[name]

    def _type(self, id_: int, mine: Mine, act: str, name: str) -> None:
        text = self.me.col.get_note(id_)[name]
        words = re.findall(r"\b[am]\d+\b", text)
        if not words:
            return
        old, new = self.random.choice(words), self.word("m")
        live = mine.words.setdefault(name, set())
        mine.touched.add(name)
        if act == "strike" and old != words[0]:
            live.discard(old)
            mine.struck.add(old)
            self.me.edit(id_, **{name: re.sub(rf"\b{old}\b", "", text)})
            return
        if act == "append":
            new_text = f"{old} {new}"
        else:
            live.discard(old)
            mine.struck.add(old)
            new_text = new
        live.add(new)
        self.me.edit(id_, **{name: re.sub(rf"\b{old}\b", new_text, text)})

    # What must hold

    def cards(self) -> dict[int, tuple[object, ...]]:
        columns = "id, nid, ord, type, queue, due, ivl, factor, reps, lapses, odid, odue"
        return {row[0]: tuple(row) for row in self.me.col.db.all(f"select {columns} from cards")}

    def answers(self) -> dict[str, Choice]:
        chosen: dict[str, Choice] = {}
        for key, question in self.me.questions().items():
            if self.random.random() < 0.5:
                continue
            choice = self.random.choice(question.choices)
            if question.kind == "field":
                choice = "mine"
                _, guid, name = key.split(":")
                self.mine[guid].declined.add(name)
            if question.kind == "gone":
                guid = key.partition(":")[2]
                mine = self.mine.setdefault(guid, Mine())
                mine.kept, mine.deleted = choice == "keep", choice == "delete"
            if key == "type:Animal:css":
                self.my_css = choice == "mine"
            chosen[key] = choice
        return chosen

    def update(self) -> None:
        self.me.fetch(thorough=True)
        answers = self.answers()
        before = self.cards()
        report = self.me.take(answers=answers)
        assert report.ok, report
        after = self.cards()
        deleted = {f"gone:{g}" for g, m in self.mine.items() if m.deleted}
        for id_, card in before.items():
            assert after.get(id_) == card or (id_ not in after and deleted)
        self.check()
        rows, files = self.me.rows(), self.me.files()
        self.desk.server.take_asked()
        self.me.pull()
        assert self.desk.server.take_asked() == ["GET /deck.toml 304"]
        assert (self.me.rows(), self.me.files()) == (rows, files)

    def check(self) -> None:
        me, open_keys = self.me, set(self.me.questions())
        guids = me.col.db.list("select guid from notes")
        assert len(guids) == len(set(guids))
        for id_, (fields, deck) in self.own.items():
            assert me.fields(id_) == fields
            assert me.col.decks.name(me.col.get_note(id_).cards()[0].did) == deck
        notes = self.notes()
        for guid, mine in self.mine.items():
            if mine.deleted:
                assert guid not in notes
                continue
            assert guid in notes
            note = me.col.get_note(notes[guid])
            for name, words in mine.words.items():
                assert words <= set(re.findall(r"\bm\d+\b", note[name])), (guid, name)
            assert {name: note[name] for name in mine.protected} == mine.protected
            assert mine.tags <= set(note.tags) and not mine.untagged & set(note.tags)
            if mine.deck:
                assert me.col.decks.name(note.cards()[0].did) == mine.deck
        for guid, written in self.author.items():
            self._check_taken(guid, written, open_keys)
        model = me.notetype("Animal")
        if not self.my_css and not any(key.startswith("type:") for key in open_keys):
            assert model["css"] == self.css

    def _check_taken(self, guid: str, written: Written, open_keys: set[str]) -> None:
        """Check that a note says what its author says, but for what the subscriber did."""
        mine = self.mine.get(guid, Mine())
        if mine.deleted:
            return
        note = self.me.col.get_note(self.notes()[guid])
        assert set(written.tags) - mine.untagged <= set(note.tags)
        if not mine.deck:
            assert self.me.col.decks.name(note.cards()[0].did) == written.deck
        for name, text in written.fields.items():
            html = TextConverter().read(text) if name == "Example" else text
            if name not in mine.touched | mine.protected.keys():
                assert note[name] == html, (guid, name)
            elif name not in mine.protected.keys() | mine.declined:
                says = set(re.findall(r"\ba\d+\b", text)) - mine.struck
                has = set(re.findall(r"\ba\d+\b", note[name]))
                asked = f"field:{guid}:{name}" in open_keys
                assert asked or says == has, (guid, name, says ^ has)
                self.merged += not asked


@pytest.fixture
def days(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Days]:
    with source_desk(tmp_path) as desk:
        yield Days(desk, request.param)


@pytest.mark.parametrize("days", SEEDS, indirect=True)
def test_nothing_of_the_subscribers_is_lost(days: Days) -> None:
    days.me.subscribe()
    days.check()
    for _ in range(UPDATES):
        for _ in range(days.random.randint(0, 4)):
            days.subscriber_acts()
        for _ in range(days.random.randint(0, 4)):
            days.author_acts()
        days.publish()
        days.update()
    assert days.merged > 20
