"""The promises of subscriptions about speed, as ratios to reading the author's file."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path

from anki.collection import Collection

from ankivault.convert.deck_file.deck_file import write_deck
from ankivault.convert.deck_file.definition import DeckFile
from ankivault.sync.deck.read.file import read_file
from ankivault.sync.source.subscription.run import (
    AUTOMATIC,
    Fetched,
    Request,
    add_subscription,
    fetch,
    pull_subscription,
)
from ankivault.sync.source.subscription.subscription import Subscription
from ankivault.sync.source.web import Web
from tests.desks.web_server import WebServer, serve

from .deck import make_deck, make_outcome, print_outcomes, time_work
from .vault import Outcome

TEN_CHANGES_RATIO = 2.0
NO_CHANGE_RATIO = 0.1
REPEAT = 5
QUIET = Request(thorough=False)  # as before an AnkiWeb sync


def run_bench(notes: int = 10_000) -> int:
    """Measure and print the outcomes. The exit status: 0 when every promise holds."""
    return print_outcomes(measure_source(notes))


def measure_source(notes: int) -> list[Outcome]:
    """All outcomes for a deck of so many notes."""
    with tempfile.TemporaryDirectory(prefix="ankivault-bench-") as name, serve_folder(name) as web:
        folder = Path(name)
        deck = make_deck(folder / "made.anki2", notes)
        deck = replace(
            deck, notes=tuple(replace(n, guid=f"g{at}") for at, n in enumerate(deck.notes))
        )
        file, address = web.folder / "deck.toml", f"{web.url}/deck.toml"
        file.write_text(write_deck(deck))
        col = Collection(str(folder / "mine.anki2"))
        with Web(AUTOMATIC) as asking:
            fetch(folder, address, asking)
        add_subscription(folder, Subscription(address))
        _update(col, folder, address)
        reads, ten, same = [], [], []
        for turn in range(REPEAT):
            file.write_text(write_deck(_edit_ten(deck, turn)))
            reads.append(time_work(partial(read_file, file)))
            ten.append(time_work(lambda: _update(col, folder, address)))
            web.take_asked()
            before = _state(folder)
            same.append(time_work(lambda: _update(col, folder, address)))
            assert web.take_asked() == ["GET /deck.toml 304"] and _state(folder) == before
        col.close()
    return [
        make_outcome(notes, "source: ten ÷ read", min(ten), min(reads), TEN_CHANGES_RATIO),
        make_outcome(notes, "source: same ÷ read", min(same), min(reads), NO_CHANGE_RATIO),
    ]


@contextmanager
def serve_folder(name: str) -> Iterator[WebServer]:
    """A web server for a folder in ``name``."""
    folder = Path(name) / "web"
    folder.mkdir()
    with serve(folder) as server:
        yield server


def _update(col: Collection, folder: Path, address: str) -> Fetched:
    with Web(AUTOMATIC) as web:
        fetched = fetch(folder, address, web, Path(col.media.dir()))
    _, report = pull_subscription(col, folder, fetched, QUIET)
    assert report.ok, report
    return fetched


def _edit_ten(deck: DeckFile, turn: int) -> DeckFile:
    """Ten notes are edited by the author."""
    notes = [*deck.notes]
    for at in range(turn, len(notes), len(notes) // 10):
        field = [*notes[at].fields][1]
        fields = {**notes[at].fields, field: f"{notes[at].fields[field]} edited {turn}"}
        notes[at] = replace(notes[at], fields=fields)
    return replace(deck, notes=tuple(notes))


def _state(folder: Path) -> dict[str, int]:
    files = (file for file in folder.rglob("*") if "collection" not in str(file))
    return {str(file): file.stat().st_mtime_ns for file in files}
