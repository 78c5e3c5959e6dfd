"""A suggestion for the author: what the subscriber changed, and nothing that is only theirs."""

from __future__ import annotations

import subprocess
from pathlib import Path

from ankivault.convert.deck_file.deck_file import read_deck
from ankivault.sync.source.subscription.run import suggest_change
from ankivault.sync.source.subscription.suggest import Suggestion, Wish
from tests.desks.source_desk import HEAD, SourceDesk, note


def suggest(desk: SourceDesk, **wish: bool) -> Suggestion:
    me = desk.me
    return suggest_change(me.col, me.state, me.address, Wish(**wish))


def apply_patch(desk: SourceDesk, patch: str, folder: Path) -> str:
    """The author's file after ``git apply``."""
    folder.mkdir()
    (folder / "deck.toml").write_bytes(desk.file.read_bytes())
    subprocess.run(["git", "init", "-q"], cwd=folder, check=True)
    subprocess.run(["git", "apply", "-"], cwd=folder, check=True, input=patch.encode())
    return (folder / "deck.toml").read_bytes().decode()


def test_a_patch_holds_my_edits_and_git_takes_it(desk: SourceDesk, tmp_path: Path) -> None:
    me = desk.me
    notes = [
        note(f"g{n}", f"word {n}", f"english <b>{n}</b>", example=f"# keep *{n}*\n\n- one\n- two")
        for n in range(40)
    ]
    desk.publish("# a comment of the author's\n", *notes, "# the end, without a line's end")
    desk.file.write_bytes(desk.file.read_bytes().rstrip(b"\n"))
    me.subscribe()
    assert suggest(desk) == Suggestion()
    one, two, last = me.find("word 3"), me.find("word 20"), me.find("word 39")
    me.edit(one, English="better <b>3</b>", tags="private leech ankivault_protect::Example")
    me.edit(one, Example="my secret")
    html = me.fields(two)[2]
    me.edit(two, Example=html.replace("two", "zwei <b>x</b>"))
    me.edit(last, Spanish="Wort 39")
    me.move(last, "Mine")
    made = suggest(desk)
    assert made.notes == 3 and not made.left
    assert "secret" not in made.patch + made.toml and "private" not in made.patch + made.toml
    after = apply_patch(desk, made.patch, tmp_path / "git")
    before = desk.file.read_bytes().decode()
    wanted = before.replace("english <b>3</b>", "better <b>3</b>").replace("word 39", "Wort 39")
    wanted = wanted.replace("keep *20*\\n\\n- one\\n- two", "keep *20*\\n\\n- one\\n- zwei **x**")
    assert after == wanted
    deck, problems = read_deck(made.toml)
    assert deck and not problems and [n.guid for n in deck.notes] == ["g3", "g20", "g39"]

    desk.file.write_text(after)  # the author takes it: then there is nothing to suggest
    me.pull()
    assert suggest(desk) == Suggestion()


def test_tags_and_new_notes_only_when_asked_for(desk: SourceDesk, tmp_path: Path) -> None:
    me = desk.me
    desk.publish(note("g1", "gato", tags=["cat", "old"]), note("g2", "perro"))
    me.subscribe()
    me.edit(me.find("gato"), tags="cat nice leech ankivault_protect::English")
    mine = me.col.new_note(me.notetype("Animal"))
    mine["Spanish"], mine["Example"] = "vaca", "<b>la</b> vaca"
    me.col.add_note(mine, me.col.decks.id("Animals"))
    assert suggest(desk) == Suggestion()
    made = suggest(desk, tags=True, new_notes=True)
    after, problems = read_deck(apply_patch(desk, made.patch, tmp_path / "git"))
    assert after and not problems
    assert after.notes[0].tags == ("cat", "nice")
    assert (after.notes[2].guid, after.notes[2].fields["Example"]) == (mine.guid, "**la** vaca")
    assert after.notes[2].note_id is None


def test_what_both_changed_is_left_out_until_it_is_settled(desk: SourceDesk) -> None:
    me = desk.me
    desk.publish(note("g1", "gato", "cat"), head=HEAD)
    me.subscribe()
    me.edit(me.find("gato"), English="mine")
    desk.change('"cat"', '"theirs"')
    me.pull()
    made = suggest(desk)
    assert made.notes == 0 and "Settle that first" in made.left[0]
    me.pull(answers={"field:g1:English": "mine"})
    assert '-English = "theirs"\n+English = "mine"' in suggest(desk).patch
