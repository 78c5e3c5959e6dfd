"""Two computers of one subscriber, with one AnkiWeb account: no note is there twice."""

from __future__ import annotations

import os
import random
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from tests.app.ankiweb import PASSWORD, USER, serve_ankiweb
from tests.desks.source_desk import SourceDesk, Subscriber, note, source_desk

SEEDS = [int(seed) for seed in os.environ.get("ANKIVAULT_SEEDS", "1").split()]
ROUNDS = int(os.environ.get("ANKIVAULT_ROUNDS", "3"))


@dataclass
class Two:
    desk: SourceDesk
    one: Subscriber
    two: Subscriber
    auth: Any

    def sync(self, *computers: Subscriber) -> None:
        for computer in computers or (self.one, self.two, self.one):
            done = computer.col.sync_collection(self.auth, sync_media=False)
            assert done.required in (done.NO_CHANGES, done.NORMAL_SYNC), done

    def notes(self) -> list[Any]:
        query = "select guid, tags, flds from notes order by guid"
        one, two = (computer.col.db.all(query) for computer in (self.one, self.two))
        assert one == two
        return list(one)


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Two]:
    with serve_ankiweb(tmp_path / "ankiweb") as ankiweb, source_desk(tmp_path) as desk:
        two = Subscriber(tmp_path / "two", desk.me.address)
        auth = desk.me.col.sync_login(USER, PASSWORD, ankiweb.url)
        for computer, upload in ((desk.me, True), (two, False)):
            computer.col.close_for_full_sync()
            computer.col.full_upload_or_download(auth=auth, server_usn=None, upload=upload)
            computer.col.reopen(after_full_sync=True)
        yield Two(desk, desk.me, two, auth)
        two.col.close()


def test_both_take_the_same_updates(home: Two) -> None:
    one, two, desk = home.one, home.two, home.desk
    desk.publish(note("g1", "gato", "cat"), note("g2", "perro", "dog"))
    one.subscribe()
    home.sync()
    rows = two.rows()
    assert two.subscribe().questions == 0 and two.rows() == rows  # it is all there
    desk.change('"cat"', '"the cat"')
    desk.publish_more(note("g3", "vaca"))
    one.edit(one.find("perro"), English="my dog")
    two.learn(two.find("gato"))
    one.pull()
    two.pull()  # before they meet on AnkiWeb: both add the cow
    home.sync()
    home.sync()
    assert one.col.note_count() == two.col.note_count() == 4
    for computer in (two, one, two):
        assert computer.pull().questions == 0
        home.sync()
    fields = [row[2].split("\x1f")[:2] for row in home.notes()]
    assert fields == [["gato", "the cat"], ["perro", "my dog"], ["vaca", "?"]]
    assert one.col.get_note(one.find("gato")).cards()[0].reps == 7


def test_a_copy_with_reviews_stays_and_two_with_reviews_are_asked_about(home: Two) -> None:
    one, two, desk = home.one, home.two, home.desk
    desk.publish(note("g1", "gato"))
    one.subscribe()
    home.sync()
    two.subscribe()
    desk.publish_more(note("g2", "perro"), note("g3", "vaca"), note("g4", "pez"))
    for computer in (one, two):
        computer.pull()
        review(computer, computer.find("perro"))
    review(two, two.find("vaca"))
    one.col.sched.suspend_cards(one.col.card_ids_of_note(one.find("pez")))
    home.sync()
    home.sync()
    reviews = sorted(one.col.db.list("select id from revlog"))
    report = one.pull()
    assert report.questions == 1 and one.col.note_count() == 5
    home.sync()
    assert sorted(two.col.db.list("select id from revlog")) == reviews
    assert two.col.get_note(two.find("pez")).cards()[0].queue == -1
    cow = two.find("vaca")
    assert two.col.get_note(cow).cards()[0].reps == 1
    ((key, question),) = one.questions().items()
    assert question.kind == "twice"
    one.pull(answers={key: "delete"})
    home.sync()
    assert len(home.notes()) == 4 and two.pull().questions == 0


def wait_for_a_new_second() -> None:
    """Of two edits of a note in one second, AnkiWeb drops one; a person is not that fast."""
    start = int(time.time())
    while int(time.time()) == start:
        pass


def review(computer: Subscriber, note_id: int) -> None:
    card = computer.col.get_note(note_id).cards()[0]
    card.start_timer()
    computer.col.sched.answerCard(card, 3)


@pytest.mark.parametrize("seed", SEEDS)
def test_random_days_on_two_computers_end_alike(home: Two, seed: int) -> None:
    """One person types on either computer, and both update before they meet on AnkiWeb."""
    chance, desk, words = random.Random(seed), home.desk, count(1)
    texts = {f"g{n}": [f"a{n}{side} b{n}{side} c{n}{side}" for side in "xy"] for n in range(4)}
    mine: dict[str, set[str]] = {}

    def publish() -> None:
        desk.publish(*(note(guid, f"{x} .", f"{y} .") for guid, (x, y) in texts.items()))

    def type_something(computer: Subscriber) -> None:
        guid = chance.choice([*texts])
        (id_,) = computer.col.db.list("select id from notes where guid = ?", guid)
        new = f"m{next(words)}"
        mine.setdefault(guid, set()).add(new)
        name = chance.choice(["Spanish", "English"])
        text = computer.col.get_note(id_)[name].split(" ")
        text.insert(chance.randint(0, len(text)), new)
        computer.edit(id_, **{name: " ".join(text)})

    publish()
    home.one.subscribe()
    home.sync()
    home.two.subscribe()
    for _ in range(ROUNDS):
        for _ in range(chance.randint(0, 2)):
            side = texts[chance.choice([*texts])]
            at = chance.randint(0, 1)
            side[at] = side[at].replace(chance.choice(side[at].split()), f"a{next(words)}")
        if chance.random() < 0.3:
            texts[f"g{next(words)}"] = [f"a{next(words)} b", f"a{next(words)} b"]
        publish()
        wait_for_a_new_second()
        computers = [home.one, home.two]
        chance.shuffle(computers)
        for computer in computers[: chance.randint(1, 2)]:
            assert computer.pull().ok
        home.sync(*computers, *computers)
        for computer in (home.one, home.two):  # the copies go
            assert computer.pull().ok
            home.sync(computer)
        home.sync()
        wait_for_a_new_second()
        type_something(computers[0])
        home.sync(computers[0], computers[1])
    for _ in range(2):
        for computer in (home.one, home.two):
            assert computer.pull().ok
        home.sync()
    notes = {guid: set(fields.replace("\x1f", " ").split()) for guid, _, fields in home.notes()}
    assert notes.keys() == texts.keys() and home.one.col.note_count() == len(texts)
    asked = {key.split(":")[1] for key in {*home.one.questions(), *home.two.questions()}}
    for guid, sides in texts.items():
        assert mine.get(guid, set()) <= notes[guid]
        theirs = {word for side in sides for word in side.split()}
        assert guid in asked or theirs <= notes[guid]
    rows = [(computer.rows(), computer.files()) for computer in (home.one, home.two)]
    for computer in (home.one, home.two):
        computer.pull()
    assert [(computer.rows(), computer.files()) for computer in (home.one, home.two)] == rows
