"""A run may be killed at any moment: the next one makes no duplicates and finds the ids."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.desks.deck_desk import HEAD, DeckDesk, note
from tests.desks.dynamic_decks import DynamicDeckDesk, card, dynamic
from tests.desks.dynamic_desk import review

ROUNDS = int(os.environ.get("ANKIVAULT_KILLS", "24"))
SCRIPT = Path(__file__).with_name("killed_decks.py")


def kill_often(home: Path, seed: int) -> None:
    done = subprocess.run(
        [sys.executable, str(SCRIPT), str(home), str(ROUNDS), str(seed)],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout)
    assert result["moments"] == min(ROUNDS, result["writes"]) > 10
    assert result["differing"] == {}


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


def make(home: Path) -> DeckDesk:
    desk = DeckDesk(home)
    desk.file = home / "git" / "deck.toml"
    (home / "git" / "cat.png").write_bytes(b"cat")
    twins = [note("twin", tags=["t"]), note("twin", tags=["t"])]  # only their places differ
    notes = [note(f"palabra {n}", f"word {n}", example=f"*{n}*") for n in range(10)]
    media = '\n[[media]]\nname = "cat.png"\npath = "cat.png"\n'
    desk.write(*notes, *twins, media, head=HEAD)
    return desk


def test_a_first_push_killed_anywhere_is_completed(home: Path) -> None:
    make(home).col.close()
    kill_often(home, seed=1)


def test_a_sync_of_both_sides_killed_anywhere_is_completed(home: Path) -> None:
    desk = make(home)
    desk.sync()
    for n in range(4):
        desk.edit(desk.find(f"palabra {n}"), English=f"Anki {n}", Example=f"<i>{n}</i><br><br>A")
    desk.change('"*2*"', '"F\\n\\n*2*"')  # merges
    desk.change('"word 3"', '"file 3"')  # conflicts
    desk.change('"word 5"', '"file 5"')
    desk.change('"word 6"', '""')
    desk.col.set_deck(
        desk.col.card_ids_of_note(desk.find("palabra 7")), desk.col.decks.id("Spanish::Verbs")
    )
    desk.add("nuevo", "new", tags="x")
    text = desk.text
    start = text.index("[[notes]]", text.index("palabra 8"))
    end = text.index("[[notes]]", start + 1)
    moved = text[:start] + text[end:] + note("otra", "o", deck="Spanish::Verbs") + note("twin")
    desk.file.write_text(moved)
    (home / "git" / "cat.png").write_bytes(b"another cat")
    desk.col.close()
    kill_often(home, seed=2)


def make_dynamic(home: Path) -> DynamicDeckDesk:
    desk = DynamicDeckDesk(home)
    desk.file = home / "git" / "deck.toml"
    notes = [
        dynamic(
            card(f"A{n}?", "a", "a"), card(f"B{n}?"), card(f"C{n}?", "c", "c"), text=f"Note {n}"
        )
        for n in range(5)
    ]
    desk.write(*notes, dynamic(card("Same?"), card("Same?"), text=""))
    return desk


def test_a_first_push_of_dynamic_notes_killed_anywhere_is_completed(home: Path) -> None:
    make_dynamic(home).col.close()
    kill_often(home, seed=3)


def test_a_sync_of_cards_killed_anywhere_makes_no_card_twice(home: Path) -> None:
    desk = make_dynamic(home)
    desk.sync()
    for n, note_id in enumerate(desk.ids()[:5]):
        for number, anki_card in enumerate(desk.cards_of(note_id).values()):
            review(desk.col, anki_card, 1 + (n + number) % 4)
        edited = f'front = "C{n}!"\n' + card(f"N{n}?")
        desk.change(f'front = "C{n}?"\nback = "c"\n', edited)
        desk.change(card(f"A{n}?", "a", "a"), "")
        if n % 2:
            now = desk.read(note_id).content.cards
            cards = ((c.id, c.front, "in Anki" if "B" in c.front else c.back) for c in now)
            desk.edit_cards(note_id, ("k", "Anki?", ""), *cards)
    desk.add_dynamic(("x", "X?", "x"), text="From Anki")
    desk.file.write_text(desk.text + dynamic(card("New?"), card("New too?"), text="New"))
    desk.col.close()
    kill_often(home, seed=4)
