"""The promises of TOML decks about speed, as ratios to reading the file and adding the notes."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from time import perf_counter

from anki.collection import AddNoteRequest, Collection
from anki.decks import DeckId

from ankivault.convert.deck_file.deck_file import write_deck
from ankivault.convert.deck_file.definition import DeckDef, DeckFile, NoteDef, Package
from ankivault.sync.deck.models import define_model
from ankivault.sync.deck.options import DeckOptions
from ankivault.sync.deck.run import plan_deck, sync_deck

from .made_collection import make_collection
from .vault import Outcome

if sys.version_info >= (3, 11):
    import tomllib
else:
    from ankivault.vendor.lib import tomli as tomllib

NO_CHANGE_RATIO = 5.0
PUSH_RATIO = 3.0
TEN_CHANGES_RATIO = 2.0
OPTIONS = DeckOptions()
REPEAT, PUSHES = 5, 3


def run_bench(notes: int = 10_000) -> int:
    """Measure and print the outcomes. The exit status: 0 when every promise holds."""
    return print_outcomes(measure_deck(notes))


def print_outcomes(outcomes: Sequence[Outcome]) -> int:
    """Print the outcomes. The exit status: 0 when every promise holds."""
    for outcome in outcomes:
        print(
            f"{outcome.notes:>7}  {outcome.what:<22} {outcome.measured:>9.3g} "
            f"{outcome.promised:>9.3g}  {'ok    ' if outcome.kept else 'BROKEN'} {outcome.detail}"
        )
    return int(not all(outcome.kept for outcome in outcomes))


def measure_deck(notes: int) -> list[Outcome]:
    """All outcomes for a deck of so many notes."""
    with tempfile.TemporaryDirectory(prefix="ankivault-bench-") as name:
        folder = Path(name)
        definition = make_deck(folder / "made.anki2", notes)
        text = write_deck(definition)
        push, push_floor = [], []
        for turn in range(PUSHES):
            file = folder / f"{turn}.toml"
            file.write_bytes(text.encode())
            floor = Collection(str(folder / f"floor {turn}.anki2"))
            push_floor.append(_time_floor(floor, text, definition))
            floor.close()
            col = Collection(str(folder / f"push {turn}.anki2"))
            push.append(time_work(partial(_sync, col, file, folder)))
            if turn < PUSHES - 1:
                col.close()
        loads, plan, ten = [], [], []
        for turn in range(REPEAT):
            loads.append(time_work(lambda: tomllib.loads(file.read_text("utf-8"))))
            plan.append(time_work(lambda: plan_deck(col, file, OPTIONS, folder / "state")))
            _edit_ten(col, turn)
            ten.append(time_work(lambda: _sync(col, file, folder)))
        col.close()
    return [
        make_outcome(notes, "deck: push ÷ load, add", min(push), min(push_floor), PUSH_RATIO),
        make_outcome(notes, "deck: same ÷ load", min(plan), min(loads), NO_CHANGE_RATIO),
        make_outcome(notes, "deck: ten ÷ same", min(ten), min(plan), TEN_CHANGES_RATIO),
    ]


def make_outcome(notes: int, what: str, ours: float, floor: float, promised: float) -> Outcome:
    """A promise about a time as a multiple of a floor; both in seconds."""
    detail = f"{ours * 1000:.0f} ms against {floor * 1000:.0f} ms"
    return Outcome(notes, what, ours / floor, promised, detail)


def make_deck(file: Path, notes: int) -> DeckFile:
    """The notes of a made collection, as a file that no collection has seen."""
    make_collection(file, notes)
    col = Collection(str(file))
    types = {model["id"]: define_model(model, ["Back"]) for model in col.models.all()}
    names = {deck.id: deck.name for deck in col.decks.all_names_and_ids()}
    assert col.db is not None
    rows = col.db.all(
        "select mid, flds, tags, (select did from cards where nid = n.id) from notes n"
    )
    col.close()
    made = []
    for mid, fields, tags, deck in rows:
        model = types[mid]
        values = dict(zip(model.fields, fields.split("\x1f")))
        made.append(NoteDef(names[deck], model.name, values, tuple(tags.split())))
    used = {note.model for note in made}
    return DeckFile(
        Package("Bench"),
        tuple(replace(m, markdown_fields=()) for m in types.values() if m.name in used),
        tuple(DeckDef(deck) for deck in sorted({note.deck for note in made})),
        tuple(made),
    )


def _time_floor(col: Collection, text: str, definition: DeckFile) -> float:
    """Reading the text with ``tomllib``, and adding the same notes, made ready before."""
    requests = []
    for made in definition.notes:
        notetype = col.models.by_name(made.model)
        assert notetype is not None
        note = col.new_note(notetype)
        note.fields, note.tags = list(made.fields.values()), list(made.tags or ())
        requests.append(AddNoteRequest(note, DeckId(col.decks.id(made.deck) or 1)))

    def work() -> None:
        tomllib.loads(text)
        col.add_notes(requests)

    return time_work(work)


def _sync(col: Collection, file: Path, folder: Path) -> None:
    _, report = sync_deck(col, file, OPTIONS, folder / "state")
    assert report.ok, report


def _edit_ten(col: Collection, turn: int) -> None:
    """Ten notes are edited in Anki: the file is to be written."""
    assert col.db is not None
    ids = col.db.list("select id from notes order by id")
    notes = [col.get_note(id_) for id_ in ids[turn :: len(ids) // 10][:10]]
    for note in notes:
        note.fields[1] += f" edited <b>{turn}</b>"
    col.update_notes(notes)


def time_work(work: Callable[[], object]) -> float:
    """How many seconds it takes."""
    start = perf_counter()
    work()
    return perf_counter() - start
