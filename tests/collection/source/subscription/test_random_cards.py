"""Dynamic notes that both sides change at random: each card keeps its words and its reviews."""

from __future__ import annotations

import json
import os
import random
import re
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from ankivault.model.note import Card, ReadNote, read_note
from ankivault.sync.dynamic.notes import update_notes
from ankivault.sync.source.subscription.changes import Choice
from tests.desks.dynamic_desk import review
from tests.desks.source_desk import HEAD, SourceDesk, source_desk

SEEDS = [int(seed) for seed in os.environ.get("ANKIVAULT_SEEDS", "1").split()]
UPDATES = 20


@dataclass
class Mine:
    """What the subscriber did to the cards of the one note."""

    words: dict[str, set[str]] = field(default_factory=dict)  # card → words that must stay
    touched: set[str] = field(default_factory=set)
    added: set[str] = field(default_factory=set)
    deleted: set[str] = field(default_factory=set)


class Days:
    """Random days with one dynamic note."""

    def __init__(self, desk: SourceDesk, seed: int) -> None:
        self.desk, self.me, self.random, self.mine = desk, desk.me, random.Random(seed), Mine()
        self.count = 0
        self.author: dict[str, list[str]] = {}
        for _ in range(4):
            self.author_acts("add")
        self.publish()

    def word(self, who: str) -> str:
        self.count += 1
        return f"{who}{self.count}"

    def publish(self) -> None:
        text = '\n[[notes]]\ndeck = "Animals"\nmodel = "Ankivault"\nguid = "d"\n'
        text += '[notes.fields]\nNote = "about"\n'
        for id_, (front, back) in self.author.items():
            text += f'\n[[notes.cards]]\nid = "{id_}"\nfront = {json.dumps(front)}\n'
            text += f"back = {json.dumps(back)}\n"
        self.desk.publish(text, head=HEAD)

    def author_acts(self, act: str) -> None:
        id_ = self.random.choice([*self.author]) if self.author else ""
        if act == "add":
            back = f"{self.word('a')} **{self.word('a')}** {self.word('a')}"
            cards = [*self.author.items()]
            made = (self.word("card"), [f"{self.word('a')} {self.word('a')}", back])
            cards.insert(self.random.randint(0, len(cards)), made)
            self.author = dict(cards)
        elif act == "gone" and len(self.author) > 2:
            del self.author[id_]
        elif act == "order":
            cards = [*self.author.items()]
            self.random.shuffle(cards)
            self.author = dict(cards)
        elif act == "word":
            side = self.random.randint(0, 1)
            old = self.random.choice(re.findall(r"\ba\d+\b", self.author[id_][side]))
            new = self.word("a")
            self.author[id_][side] = self.author[id_][side].replace(old, new)

    def read(self) -> ReadNote:
        return read_note(self.me.col.db.scalar("select flds from notes").split("\x1f"))

    def subscriber_acts(self, act: str) -> None:
        cards = [*self.read().content.cards]
        at = self.random.randrange(len(cards))
        card = cards[at]
        if act == "review":
            (id_,) = self.me.col.db.list(
                "select id from cards where ord = ?", self.read().slots[card.id] - 1
            )
            review(self.me.col, id_, self.random.randint(1, 4))
            return
        if act == "word":
            words = re.findall(r"\b(?:a|m|own)\d+\b", card.front)
            old, new = self.random.choice(words), self.word("m")
            live = self.mine.words.setdefault(card.id, set())
            live.discard(old)
            live.add(new)
            self.mine.touched.add(card.id)
            cards[at] = Card(card.id, card.front.replace(old, new), card.back)
        elif act == "add":
            id_ = self.word("mine")
            self.mine.added.add(id_)
            cards.insert(at, Card(id_, self.word("own"), ""))
        elif act == "delete" and len(cards) > 3:
            del cards[at]
            (self.mine.added if card.id in self.mine.added else self.mine.deleted).add(card.id)
            self.mine.added.discard(card.id)
        elif act == "order":
            self.random.shuffle(cards)
        (note_id,) = self.me.col.db.list("select id from notes")
        now = self.read().content
        update_notes(self.me.col, {note_id: type(now)(now.note, tuple(cards), now.link)})

    def histories(self) -> dict[str, list[int]]:
        """A card's stable id → the id of its card in Anki, and its answers."""
        rows = dict(self.me.col.db.all("select ord + 1, id from cards"))
        read = self.read()
        found = {}
        for card in read.content.cards:
            id_ = rows.pop(read.slots[card.id])
            eases = self.me.col.db.list("select ease from revlog where cid = ? order by id", id_)
            found[card.id] = [id_, *eases]
        assert not rows  # no card is left over
        return found

    def update(self) -> None:
        self.me.fetch(thorough=True)
        answers: dict[str, Choice] = {}
        gone = set()
        for key, question in self.me.questions().items():
            if self.random.random() < 0.5:
                choice: Choice = "mine" if question.kind == "card" else "keep"
                if question.kind == "card gone" and self.random.random() < 0.5:
                    choice = "delete"
                    gone.add(key.rpartition(":")[2])
                answers[key] = choice
        before = self.histories()
        report = self.me.take(answers=answers)
        assert report.ok, report
        after = self.histories()
        assert {id_: after.get(id_) for id_ in before if id_ not in gone} == {
            id_: history for id_, history in before.items() if id_ not in gone
        }
        assert not gone & after.keys()
        for id_ in gone:
            self.mine.words.pop(id_, None)
        self.check(after.keys())
        rows, files = self.me.rows(), self.me.files()
        self.me.pull()
        assert (self.me.rows(), self.me.files()) == (rows, files)

    def check(self, there: object) -> None:
        cards = {card.id: card for card in self.read().content.cards}
        asked = {key.rpartition(":")[2] for key in self.me.questions()}
        assert cards.keys() == there
        assert self.mine.added <= cards.keys() and not self.mine.deleted & cards.keys()
        for id_, words in self.mine.words.items():
            if id_ in cards:
                assert words <= set(re.findall(r"\bm\d+\b", cards[id_].front))
        for id_, (front, back) in self.author.items():
            if id_ in self.mine.deleted or id_ in asked:
                continue
            if id_ not in self.mine.touched:
                assert cards[id_].front == front
                assert cards[id_].back == re.sub(r"\*\*(\w+)\*\*", r"<b>\1</b>", back)


@pytest.mark.parametrize("seed", SEEDS)
def test_cards_keep_their_words_and_reviews(tmp_path: Path, seed: int) -> None:
    with source_desk(tmp_path) as desk:
        days = Days(desk, seed)
        desk.me.subscribe()
        for _ in range(UPDATES):
            for _ in range(days.random.randint(0, 3)):
                days.subscriber_acts(
                    days.random.choice(["word", "word", "add", "delete", "order", "review"])
                )
            for _ in range(days.random.randint(0, 3)):
                days.author_acts(days.random.choice(["word", "word", "add", "gone", "order"]))
            days.publish()
            days.update()
