"""Every run is kept: who began it, what it did on either side, with the words before and after."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from ankivault.sync.activity import held, recorder, store
from ankivault.sync.activity.begun import begun
from ankivault.sync.activity.entry import Entry, NoteWords, Run, unpack_words
from ankivault.sync.activity.find import PAGE, History, Query, reading
from ankivault.sync.activity.recorder import Recorder, keep_failure
from ankivault.sync.deck.options import DeckOptions
from ankivault.sync.deck.run import sync_deck
from ankivault.sync.run.done import Done
from ankivault.sync.run.errors import VaultUnavailable
from ankivault.sync.run.report import Report
from tests.collection.conftest import Desk
from tests.desks.source_desk import note as author_note
from tests.desks.source_desk import source_desk

ALL = Query()


def runs(state: Path, query: Query = ALL) -> Sequence[Run]:
    with reading(state) as history:
        return history.runs(query)


def entries(state: Path, query: Query = ALL) -> list[Entry]:
    """What was done, with its words, the newest run first."""
    with reading(state) as history:
        kept = [
            each
            for run in history.runs(query)
            for each in history.entries(run.id, query, most=9999)
        ]
        return [found.entry for each in kept if (found := history.read(each.id))]


def titles(state: Path, query: Query) -> set[str]:
    return {entry.title for entry in entries(state, query)}


def test_an_edit_of_each_side_is_kept_with_the_words_before_and_after(desk: Desk) -> None:
    desk.set(two_way=True)
    note = desk.add("Biology", Front="Mitosis", Back="two cells")
    desk.sync()
    desk.retype(note, "two cells", "two daughter cells")
    desk.sync()
    desk.edit(note, Back="two <b>equal</b> cells")
    with begun("automatic"):
        desk.sync()
    page, typed, made = entries(desk.state)
    assert (made.side, made.done, made.before, made.after) == ("page", Done.PAGE_CREATED, b"", b"")
    assert (typed.side, typed.done, typed.deck) == ("anki", Done.NOTE_UPDATED, "Biology")
    assert unpack_words(typed.before).fields == {"Back": "two cells"}
    assert unpack_words(typed.after).fields == {"Back": "two daughter cells"}
    assert page.side == "page" and page.after == desk.page(note).read_bytes()
    assert page.before == page.after.replace(b"two **equal** cells", b"two daughter cells")
    assert {entry.note_id for entry in (made, typed, page)} == {note}
    assert [run.began.who for run in runs(desk.state)] == ["automatic", "by hand", "by hand"]
    assert runs(desk.state)[1].counts == {Done.NOTE_UPDATED: 1}


def test_of_a_page_that_only_tells_of_reviews_no_words_are_kept(desk: Desk) -> None:
    """A day has hundreds of them, and no words of anybody's are replaced."""
    desk.set(study_properties=True)
    note = desk.add("Biology", Front="Mitosis", Back="two cells")
    desk.sync()
    desk.col.set_user_flag_for_cards(3, desk.col.card_ids_of_note(note))
    desk.sync()
    studied = entries(desk.state)[0]
    assert (studied.done, studied.note_id) == (Done.PAGE_UPDATED, note)
    assert (studied.before, studied.after) == (b"", b"")
    desk.col.set_user_flag_for_cards(4, desk.col.card_ids_of_note(note))
    desk.edit(note, Back="two <b>equal</b> cells")
    desk.sync()
    assert b"two cells" in entries(desk.state)[0].before


def test_what_was_done_is_found_by_word_deck_kind_note_and_who(desk: Desk) -> None:
    tree = desk.add("Biology::Plants", Front="Straße", Back="an oak")
    desk.add("Biology", Front="Animal", Back="a cat")
    other = desk.add("Biologyx", Front="Other", Back="a stone")
    desk.sync()
    desk.edit(tree, Back="a LINDEN tree")
    desk.col.remove_notes([other])
    with begun("command line"):
        desk.sync()
    state = desk.state
    assert titles(state, Query("STRASSE")) == {"Straße"}
    assert [e.done for e in entries(state, Query("linden"))] == [Done.PAGE_UPDATED]
    assert not runs(state, Query("linden", in_texts=False))
    assert titles(state, Query("plants str")) == {"Straße"}
    assert titles(state, Query(deck="biology")) == set()
    assert titles(state, Query(deck="Biology")) == {"Straße", "Animal"}
    gone = Query(kinds=frozenset({Done.PAGE_DELETED}))
    assert [entry.note_id for entry in entries(state, gone)] == [other]
    assert [run.entries for run in runs(state, Query(note_id=tree))] == [1, 1]
    assert [run.entries for run in runs(state, Query(who="command line"))] == [2]
    with reading(state) as history:
        newest, oldest = history.versions_of(tree)
    assert (newest.entry.done, oldest.entry.done) == (Done.PAGE_UPDATED, Done.PAGE_CREATED)
    assert b"an oak" in newest.entry.before


def test_a_version_in_the_trash_is_found_by_its_note(desk: Desk) -> None:
    note = desk.add(Front="q", Back="a")
    desk.sync()
    desk.retype(note, "\na\n", "\nmy own words\n")
    desk.sync()
    (entry,) = entries(desk.state, Query("my own words"))
    assert entry.note_id == note and b"my own words" in entry.before
    assert (desk.vault.parent / entry.trash).exists() or (desk.vault / entry.trash).exists()


def test_a_deleted_note_is_kept_whole(desk: Desk) -> None:
    desk.set(two_way=True)
    note = desk.add("A::B", tags="x y", Front="q", Back="a")
    guid = desk.col.get_note(note).guid
    desk.sync()
    desk.page(note).unlink()
    (question,) = desk.plan().questions
    desk.answer(question.key, "delete")
    (entry,) = entries(desk.state, Query(kinds=frozenset({Done.NOTE_DELETED})))
    fields = {"Front": "q", "Back": "a"}
    assert unpack_words(entry.before) == NoteWords(fields, ("x", "y"), "A::B", guid, "Basic")


def test_a_run_of_a_toml_deck_is_kept_on_both_sides(desk: Desk) -> None:
    file = desk.vault / "deck.toml"
    file.write_text(
        '[package]\nname = "P"\n[[models]]\nname = "Basic"\nmodel_type = "standard"\n'
        'fields = ["Front", "Back"]\n[[models.templates]]\nname = "Card 1"\n'
        'front = "{{Front}}"\nback = "{{Back}}"\n[[decks]]\nname = "D"\n'
        '[[notes]]\ndeck = "D"\nmodel = "Basic"\nnote_id = 0\n[notes.fields]\n'
        'Front = "q"\nBack = "a"\n'.replace("note_id = 0\n", "")
    )
    options = DeckOptions("bidirectional")
    _, report = sync_deck(desk.col, file, options, desk.state)
    assert report.ok, report
    (note,) = desk.col.find_notes("deck:D")
    desk.edit(note, Back="from Anki")
    sync_deck(desk.col, file, options, desk.state)
    file.write_text(file.read_text().replace("from Anki", "from the file"))
    sync_deck(desk.col, file, options, desk.state)
    in_anki, in_file, added = entries(desk.state)
    assert (added.side, added.done) == ("anki", Done.NOTE_ADDED)
    assert (in_file.side, in_file.done) == ("file", Done.NOTE_UPDATED_IN_FILE)
    assert unpack_words(in_file.before).fields == {"Back": "a"}
    assert unpack_words(in_anki.after).fields == {"Back": "from the file"}
    assert {entry.note_id for entry in (added, in_file, in_anki)} == {note}
    assert {(run.began.kind, run.began.target) for run in runs(desk.state)} == {("deck", str(file))}


def test_an_update_of_a_subscription_is_kept(tmp_path: Path) -> None:
    with source_desk(tmp_path) as desk:
        me = desk.me
        desk.publish(author_note("g1", "gato", "cat"))
        assert me.subscribe().ok
        desk.change('"cat"', '"the cat"')
        with begun("automatic"):
            me.pull()
        edited, added = entries(me.state)
    assert (added.done, edited.done) == (Done.NOTE_ADDED, Done.NOTE_UPDATED)
    assert "cat" in unpack_words(edited.before).fields.values()
    assert {(run.began.kind, run.began.who) for run in runs(me.state)} == {
        ("subscription", "by hand"),
        ("subscription", "automatic"),
    }


def test_runs_with_nothing_to_do_are_one_row_and_live_ones_none(desk: Desk) -> None:
    desk.add(Front="q", Back="a")
    desk.sync()
    for _ in range(3):
        desk.sync()
    with begun("live"):
        desk.sync()
    with begun("automatic"):
        desk.sync()
    last, unchanged, first = runs(desk.state)
    assert (unchanged.times, unchanged.counts, unchanged.entries) == (3, {}, 0)
    assert (last.began.who, last.times, first.entries) == ("automatic", 1, 1)


def test_a_run_that_fails_is_kept_with_its_reason(desk: Desk) -> None:
    desk.vault.rmdir()
    with pytest.raises(VaultUnavailable):
        desk.sync()
    (run,) = runs(desk.state)
    assert run.state == "failed" and str(desk.vault) in run.messages[0].text


def test_what_fails_again_and_again_is_one_row(tmp_path: Path) -> None:
    for _ in range(3):
        keep_failure(tmp_path, "subscription", "example.org", VaultUnavailable("No network."))
    (run,) = runs(tmp_path)
    assert (run.state, run.times, run.messages[0].text) == ("failed", 3, "No network.")


def test_a_killed_run_leaves_what_it_did(desk: Desk, tmp_path: Path) -> None:
    notes = [desk.add(Front=f"q{n}", Back="before") for n in range(600)]
    desk.sync()
    for note in notes:
        desk.edit(note, Back="after")
    desk.col.close()
    script = Path(__file__).with_name("killed_run.py")
    killed = subprocess.run([sys.executable, script, tmp_path, "500"], check=False)
    desk.col.reopen()
    assert killed.returncode == -9
    run = runs(desk.state)[0]
    assert (run.state, run.seconds > 0) == ("running", True)
    written = {note for note in notes if b"after" in desk.page(note).read_bytes()}
    kept = entries(desk.state, Query(kinds=frozenset({Done.PAGE_UPDATED})))
    assert len(written) - len(kept) < recorder._AT_ONCE and len(kept) >= 400
    assert {entry.note_id for entry in kept} <= written
    assert all(b"before" in entry.before and b"after" in entry.after for entry in kept)


def some(number: int, size: int = 0) -> Entry:
    words = NoteWords({"Back": f"{number} " + str(hash(number)) * (size // 10)}).pack()
    return Entry("anki", Done.NOTE_UPDATED, number, f"Note {number}", before=words)


def test_the_file_stays_small_and_the_oldest_go(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "MOST_BYTES", 300_000)
    for start in range(0, 20_000, 2_000):
        kept = Recorder(tmp_path, "vault", "V")
        for number in range(start, start + 2_000):
            kept.record(some(number, 20))
        kept.keep(lambda: Report({Done.NOTE_UPDATED: 2_000}))
    held.let_go()
    assert store.find_file(tmp_path).stat().st_size < 450_000
    with reading(tmp_path) as history:
        found = history.runs(ALL)
        last = history.entries(found[0].id, ALL, most=5_000)
        first = history.entries(found[-1].id, ALL, most=5_000)
        assert last[-1].entry.note_id == 19_999
        read = history.read(first[0].id)
    assert read and read.entry.before == some(read.entry.note_id, 20).before
    assert found[-1].id > 1, "the oldest runs went with their entries"


def test_what_is_older_than_ninety_days_goes(tmp_path: Path) -> None:
    for number in range(3):
        kept = Recorder(tmp_path, "vault", "V")
        kept.record(some(number))
        kept.keep(lambda: Report({Done.NOTE_UPDATED: 1}))
    held.let_go()
    with sqlite3.connect(store.find_file(tmp_path)) as db:
        db.execute("update run set last = last - 91 * 86400 where id < 3")
    kept = Recorder(tmp_path, "vault", "V")
    kept.keep(lambda: Report({Done.NOTE_UPDATED: 1}))
    assert [entry.note_id for entry in entries(tmp_path)] == [2]
    with sqlite3.connect(store.find_file(tmp_path)) as db:
        assert db.execute("select count(*) from block").fetchone() == (1,)


def test_a_run_while_the_clock_was_wrong_takes_no_other_run_along(tmp_path: Path) -> None:
    for number in range(4):
        kept = Recorder(tmp_path, "vault", "V")
        kept.record(some(number))
        kept.keep(lambda: Report({Done.NOTE_UPDATED: 1}))
        held.let_go()
        if number == 2:  # the battery of the computer's clock was empty that day
            with sqlite3.connect(store.find_file(tmp_path)) as db:
                db.execute("update run set began = 3, last = 4 where id = 3")
    assert {entry.note_id for entry in entries(tmp_path)} == {0, 1, 3}
    assert all(entry.before for entry in entries(tmp_path))
    assert [run.id for run in runs(tmp_path)] == [4, 2, 1]
    with sqlite3.connect(store.find_file(tmp_path)) as db:
        assert db.execute("select count(*) from block").fetchone() == (3,)


@pytest.mark.parametrize("damage", ["bytes", "other file", "half", "empty"])
def test_a_damaged_file_is_begun_anew_and_stops_no_run(desk: Desk, damage: str) -> None:
    recorder._told.clear()
    note = desk.add(Front="q", Back="a")
    desk.sync()
    held.let_go()
    file = store.find_file(desk.state)
    data = file.read_bytes()
    damaged = {
        "bytes": data[:4096] + b"\xa5" * (len(data) - 4096),
        "other file": b"no database at all" * 400,
        "half": data[: len(data) // 2],
        "empty": b"",
    }
    file.write_bytes(damaged[damage])
    desk.edit(note, Back="b")
    report = desk.sync()
    assert report.ok and report.counts[Done.PAGE_UPDATED] == 1
    told = [message for message in report.messages if "Activity" in message.text]
    assert len(told) == (damage != "empty")
    assert [entry.done for entry in entries(desk.state)] == [Done.PAGE_UPDATED]
    assert not desk.sync().messages


def test_the_file_of_a_newer_version_is_left_alone_and_stops_no_run(desk: Desk) -> None:
    recorder._told.clear()
    note = desk.add(Front="q", Back="a")
    desk.sync()
    held.let_go()
    file = store.find_file(desk.state)
    with sqlite3.connect(file) as db:
        db.execute(f"pragma user_version = {store.VERSION + 1}")
    db.close()
    data = file.read_bytes()
    desk.edit(note, Back="b")
    assert desk.told(desk.sync(), "newer version of Ankivault")
    assert not desk.sync().messages
    assert (file.read_bytes(), runs(desk.state)) == (data, ())


def test_a_file_that_cannot_be_written_stops_no_run_and_is_told_once(desk: Desk) -> None:
    recorder._told.clear()
    store.find_file(desk.state).mkdir(parents=True)
    note = desk.add(Front="q", Back="a")
    report = desk.sync()
    assert report.ok and desk.page(note).exists()
    assert desk.told(report, "not kept in Activity")
    assert not desk.sync().messages
    assert not runs(desk.state)


def test_two_runs_at_the_same_time_are_both_kept(tmp_path: Path) -> None:
    one, two = Recorder(tmp_path, "vault", "V"), Recorder(tmp_path, "deck", "D")
    for number in range(500):
        one.record(some(number))
        two.record(some(number + 1_000))
    for kept in (two, one):
        kept.keep(lambda: Report({Done.NOTE_UPDATED: 500}))
    assert {run.began.kind: run.entries for run in runs(tmp_path)} == {"vault": 500, "deck": 500}
    by_kind = {run.began.kind: run.id for run in runs(tmp_path)}
    with reading(tmp_path) as history:
        rows = history.entries(by_kind["deck"], ALL, most=600)
        read = [history.read(row.id) for row in rows]
    assert [each.entry for each in read if each] == [some(n + 1_000) for n in range(500)]


def test_a_note_is_found_without_looking_at_all_others(tmp_path: Path) -> None:
    kept = Recorder(tmp_path, "vault", "V")
    for number in range(20_000):
        kept.record(some(number))
    kept.keep(lambda: Report({Done.NOTE_UPDATED: 20_000}))
    db = store.open_store(tmp_path)
    assert db is not None
    steps: list[int] = []
    db.set_progress_handler(lambda: steps.append(1), 100)  # hundreds of steps of SQLite
    history = History(db)
    assert len(history.versions_of(7)) == 1
    assert len(steps) <= 2
    steps.clear()
    assert len(history.entries(1, ALL)) == PAGE
    assert len(steps) < 200, "no more than it shows"
    steps.clear()
    assert history.runs(Query("Note 19999", in_texts=False))[0].entries == 1
    assert len(steps) < 20_000 / 100 * 40
    db.close()


@pytest.mark.parametrize("value", [b"\xff", "[1]", "{}", "no json", -(10**12), 0.5])
@pytest.mark.parametrize("column", ["counts", "messages", "start", "cut", "edge", "stop"])
def test_a_damaged_row_is_read_as_far_as_it_goes(desk: Desk, column: str, value: object) -> None:
    note = desk.add("A", Front="question", Back="a")
    desk.sync()
    desk.edit(note, Back="b")
    desk.sync()
    held.let_go()
    table = "run" if column in ("counts", "messages") else "entry"
    with sqlite3.connect(store.find_file(desk.state)) as db:
        db.execute(f"update {table} set {column} = ?", [value])
    db.close()
    with reading(desk.state) as history:
        (run, _) = history.runs(Query(words="question"))
        (entry,) = history.entries(run.id, Query(note_id=note))
        kept = history.read(entry.id)
        assert kept and kept.entry.note_id == note
        assert len(history.versions_of(note)) == 2
        history.runs(Query(words="is not there"))
