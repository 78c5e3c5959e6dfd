"""The promises of dynamic notes about speed, as ratios to Anki's own work on the same notes."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from anki.collection import AddNoteRequest, Collection
from anki.decks import DeckId

from ankivault.model.note import Card, DynamicNote, write_fields
from ankivault.model.notetype import NAME
from ankivault.sync.collection.dynamic_cards import find_cards
from ankivault.sync.collection.dynamic_type import ensure_notetype
from ankivault.sync.dynamic.notes import (
    NewNote,
    create_notes,
    update_notes,
)

from .deck import make_outcome, print_outcomes, time_work
from .vault import Outcome

CREATE_RATIO = 2.0
# A hundred updates in a collection ten times as large: the same, give or take the noise.
GROWTH_RATIO = 1.5
CARDS, UPDATES, REPEAT, UPDATE_REPEAT = 5, 100, 3, 9
DECK = 1


def run_bench(notes: int = 10_000) -> int:
    """Measure and print the outcomes. The exit status: 0 when every promise holds."""
    return print_outcomes(measure_dynamic(notes))


def measure_dynamic(notes: int) -> list[Outcome]:
    """All outcomes for so many notes of five cards."""
    contents = [_make_content(number) for number in range(notes)]
    made = [NewNote(content, DECK) for content in contents]
    fields = [write_fields((), content) for content in contents]
    create, floor = [], []
    with tempfile.TemporaryDirectory(prefix="ankivault-bench-") as name:
        folder = Path(name)
        for turn in range(REPEAT):
            with _open(folder / f"floor {turn}.anki2") as col:
                floor.append(_time_floor(col, fields))
            with _open(folder / f"{turn}.anki2") as col:
                create.append(time_work(partial(create_notes, col, made)))
        with _open(folder / f"{turn}.anki2") as large, _open(folder / "small.anki2") as small:
            create_notes(small, made[: notes // 10])
            in_small, in_large = [], []
            for repeat in range(UPDATE_REPEAT):
                in_small.append(_time_updates(small, repeat))
                in_large.append(_time_updates(large, repeat))
    return [
        make_outcome(notes, "dynamic: create ÷ add", min(create), min(floor), CREATE_RATIO),
        make_outcome(notes, "dynamic: 100 ÷ in 1/10", min(in_large), min(in_small), GROWTH_RATIO),
    ]


@contextmanager
def _open(file: Path) -> Iterator[Collection]:
    """A collection that has the note type."""
    col = Collection(str(file))
    ensure_notetype(col)
    try:
        yield col
    finally:
        col.close()


def _make_content(number: int, turn: int = 0) -> DynamicNote:
    """A note of five cards. With each turn, a text is edited, a card goes and one comes."""
    words = f"{number} of {turn}"
    cards = tuple(
        Card(
            f"card {card}",
            f"What is <b>{card * number}</b> in {words}? \\(x^{{{number}}} &lt; {card}\\)",
            f'It is <i>{card + number}</i>, as everybody knows.<br><img src="{number}-{card}.png">',
        )
        for card in range(turn, turn + CARDS)
    )
    return DynamicNote(f"All about {words}", cards)


def _time_floor(col: Collection, fields: Sequence[Sequence[str]]) -> float:
    """Adding the same notes, made ready before."""
    notetype = col.models.by_name(NAME)
    assert notetype is not None
    requests = []
    for values in fields:
        note = col.new_note(notetype)
        note.fields = list(values)
        requests.append(AddNoteRequest(note, DeckId(DECK)))
    return time_work(lambda: col.add_notes(requests))


def _time_updates(col: Collection, start: int) -> float:
    """A hundred notes of the collection, each with a new text, a card less and a card more."""
    ids = sorted(col.find_notes(f'"note:{NAME}"'))
    chosen = ids[start :: len(ids) // UPDATES][:UPDATES]
    wanted = {id_: _make_content(number, 1) for number, id_ in enumerate(chosen)}
    seconds = time_work(lambda: update_notes(col, wanted))
    assert sorted({card.slot for card in find_cards(col, chosen)[chosen[0]]}) == [2, 3, 4, 5, 6]
    return seconds
