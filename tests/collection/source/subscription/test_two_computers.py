"""Two computers of one subscriber, with one AnkiWeb account: no note is there twice."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.app.ankiweb import PASSWORD, USER, serve_ankiweb
from tests.desks.source_desk import SourceDesk, Subscriber, note, source_desk


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


def review(computer: Subscriber, note_id: int) -> None:
    card = computer.col.get_note(note_id).cards()[0]
    card.start_timer()
    computer.col.sched.answerCard(card, 3)
