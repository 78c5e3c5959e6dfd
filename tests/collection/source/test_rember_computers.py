"""Two computers of one person, with one account of Rember and one AnkiWeb account."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from anki.collection import Collection

from tests.app.ankiweb import PASSWORD, USER, serve_ankiweb
from tests.desks.dynamic_desk import cards_of, review
from tests.desks.rember_desk import RemberDesk
from tests.desks.rember_service import make_remb


@dataclass
class Two:
    one: RemberDesk
    two: RemberDesk
    auth: Any

    def meet(self) -> None:
        """Sync both with AnkiWeb until they are the same."""
        for computer in (self.one, self.two, self.one):
            done = computer.col.sync_collection(self.auth, sync_media=False)
            assert done.required in (done.NO_CHANGES, done.NORMAL_SYNC), done
        notes = "select id, guid, flds, tags from notes order by id"
        assert self.one.col.db.all(notes) == self.two.col.db.all(notes)

    def notes_of(self, guid: str) -> list[int]:
        return list(self.one.col.db.list("select id from notes where guid = ? order by id", guid))


@pytest.fixture
def home(tmp_path: Path, rember: RemberDesk) -> Iterator[Two]:
    with serve_ankiweb(tmp_path / "ankiweb") as ankiweb:
        col = Collection(str(tmp_path / "two.anki2"))
        two = RemberDesk(col, tmp_path / "state of two", rember.rember, rember.rember.store())
        auth = rember.col.sync_login(USER, PASSWORD, ankiweb.url)
        rember.rember.put(make_remb("r", "Some words of yours.", a=("A?", "a"), b=("B?", "b")))
        rember.sync()
        for computer, upload in ((rember, True), (two, False)):
            computer.col.close_for_full_sync()
            computer.col.full_upload_or_download(auth=auth, server_usn=None, upload=upload)
            computer.col.reopen(after_full_sync=True)
        yield Two(rember, two, auth)
        col.close()


def test_what_one_pulled_the_other_takes_over(home: Two) -> None:
    before = home.two.marks()
    report = home.two.sync()
    assert report.summary() == "Nothing to do." and home.two.marks() == before
    home.one.edit("r", "Some", "My")
    home.meet()
    home.one.rember.put(make_remb("r", "Some words of ours.", a=("A?", "a"), c=("C?", "c")))
    home.one.sync()
    home.two.sync()  # before they meet: both write the same
    home.meet()
    assert home.one.sync().ok
    home.meet()
    for computer in (home.one, home.two):
        assert computer.sync().summary() == "Nothing to do."
        assert computer.content("r").note == "My words of ours."
        assert [*cards_of(computer.col, computer.note_ids()["r"])] == ["a-default", "c-default"]


def test_a_remb_that_both_add_is_one_note_in_the_end(home: Two) -> None:
    home.two.sync()
    service = home.one.rember
    service.put(*(make_remb(f"n{n}", f"{n}", q=(f"{n}?", "a")) for n in range(4)))
    for computer in (home.one, home.two):
        computer.sync()
    reviewed = home.two.note_ids()["n1"]
    review(home.two.col, home.two.card("n1", "q").id)
    for computer in (home.one, home.two):
        review(computer.col, computer.card("n2", "q").id)
    home.two.col.sched.suspend_cards([home.two.card("n3", "q").id])
    suspended = home.two.note_ids()["n3"]
    home.meet()
    assert [len(home.notes_of(f"n{n}")) for n in range(4)] == [2, 2, 2, 2]
    history = sorted(home.one.col.db.list("select id from revlog"))
    report = home.one.sync()
    assert (report.summary(), home.one.backups) == (
        "3 notes deleted from Anki. 1 to decide in Preview Changes.",
        1,
    )
    home.meet()
    assert home.notes_of("n1") == [reviewed] and home.notes_of("n3") == [suspended]
    assert len(home.notes_of("n2")) == 2
    assert sorted(home.two.col.db.list("select id from revlog")) == history
    (question,) = home.two.plan().questions
    assert question.kind == "twice"
    service.put(make_remb("n2", "Two", q=("2!", "a")))  # the one that stays is kept in step
    home.two.sync({question.key: "delete"})
    home.meet()
    assert len(home.notes_of("n2")) == 1 and home.one.content("n2").note == "Two"
    assert [computer.sync().summary() for computer in (home.one, home.two)] == [
        "Nothing to do."
    ] * 2
