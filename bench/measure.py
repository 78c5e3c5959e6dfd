"""One measurement, in a process of its own so that its peak memory is its own.

``python -m bench.measure WHAT FOLDER`` prints one JSON object. ``FOLDER`` holds the collection
and, after the first export, the vault and the base.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter
from typing import Any

from anki.collection import Collection
from markdownify import markdownify

from ankivault.sync.run.scope import EVERYTHING, Scope
from ankivault.sync.vault.run import apply_plan, find_page, plan_vault, sync_vault
from ankivault.sync.vault.settings import Settings

from .made_collection import make_collection

COLLECTION, VAULT, FLOOR, STATE = "collection.anki2", "vault", "floor", "state"
Measured = dict[str, float]


def make(folder: Path, notes: int) -> Measured:
    """A collection of so many notes."""
    make_collection(folder / COLLECTION, notes)
    return {}


def export(folder: Path, _: int) -> Measured:
    """Ours: first export into an empty vault."""
    shutil.rmtree(folder / VAULT, ignore_errors=True)
    shutil.rmtree(folder / STATE, ignore_errors=True)
    (folder / VAULT / ".obsidian").mkdir(parents=True)
    with _open_collection(folder) as col:
        seconds = _time(lambda: _sync(col, folder))
        pages = sum(path.name[0] != "_" for path in (folder / VAULT).rglob("*.md"))
        assert pages == col.note_count(), f"{pages} pages for {col.note_count()} notes"
    return {"seconds": seconds, "peak_mb": _peak_mb()}


def export_floor(folder: Path, _: int) -> Measured:
    """Markdownify on the distinct HTML fields, the same files written, the same media copied."""
    with _open_collection(folder) as col:
        fields = {f for row in _rows(col) for f in row[-1].split("\x1f") if "<" in f or "&" in f}
        media = Path(col.media.dir())
    vault, floor = folder / VAULT, folder / FLOOR
    pages = [(path.relative_to(vault), path.read_bytes()) for path in vault.rglob("*.md")]
    assets = [path.name for path in (vault / "assets").iterdir()]

    def work() -> None:
        for field in fields:
            markdownify(field)
        for name, text in pages:
            (floor / name).parent.mkdir(parents=True, exist_ok=True)
            (floor / name).write_bytes(text)
        (floor / "assets").mkdir()
        for asset in assets:
            shutil.copyfile(media / asset, floor / "assets" / asset)

    shutil.rmtree(floor, ignore_errors=True)
    return {"seconds": _time(work), "peak_mb": _peak_mb()}


def again(folder: Path, turns: int) -> Measured:
    """A floor, ours with nothing changed, ours with ten notes changed: in turns, the best of each.

    The floor is one SQL scan of the notes plus one scan-and-stat of the pages.
    """
    floor, unchanged, changed = [], [], []
    with _open_collection(folder) as col:
        for turn in range(turns):
            floor.append(_time(lambda: _scan_both(col, folder / VAULT)))
            unchanged.append(_time(lambda: _sync(col, folder)))
            _edit_ten(col, turn)
            changed.append(_time(lambda: _sync(col, folder)))
    return {
        "floor": min(floor),
        "unchanged": min(unchanged),
        "changed": min(changed),
        "peak_mb": _peak_mb(),
    }


def narrow(folder: Path, turns: int) -> Measured:
    """Two-way: nothing changed, and a run over one edited note and one edited page, in turns."""
    unchanged, few = [], []
    settings = Settings(vault_folder=str(folder / VAULT), two_way=True)
    state = folder / STATE
    with _open_collection(folder) as col:
        assert sync_vault(col, settings, state, confirmed=True).ok
        ids = [row[0] for row in _rows(col) if "{{c1" not in row[-1]]
        for turn in range(turns):
            unchanged.append(_time(lambda: _run(col, settings, state, EVERYTHING, 0)))
            note = col.get_note(ids[turn])
            note.fields[1] += f" edited {turn}"
            col.update_note(note)
            page = find_page(settings, state, ids[-1 - turn])
            assert page
            text = page.read_text("utf-8").replace("## Back\n", f"## Back\nedited {turn} ", 1)
            page.write_text(text, "utf-8")
            path = page.relative_to(folder / VAULT).as_posix()
            scope = Scope(frozenset({note.id}), frozenset({path}))
            few.append(_time(lambda: _run(col, settings, state, scope, 2)))  # noqa: B023
    return {"unchanged": min(unchanged), "few": min(few)}


def _run(col: Collection, settings: Settings, state: Path, scope: Scope, pages: int) -> None:
    plan = plan_vault(col, settings, state, scope=scope)
    assert len(plan.pages) == pages, plan.pages
    if pages:
        report = apply_plan(col, plan, state)
        assert report.ok, report


@contextmanager
def _open_collection(folder: Path) -> Iterator[Collection]:
    col = Collection(str(folder / COLLECTION))
    try:
        yield col
    finally:
        col.close()


def _sync(col: Collection, folder: Path) -> None:
    settings = Settings(vault_folder=str(folder / VAULT))
    report = sync_vault(col, settings, folder / STATE)
    assert report.ok, report


def _scan_both(col: Collection, vault: Path) -> None:
    _rows(col)
    pending = [str(vault)]
    while pending:
        with os.scandir(pending.pop()) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    pending.append(entry.path)
                elif entry.name.endswith(".md"):
                    entry.stat(follow_symlinks=False)


def _rows(col: Collection) -> list[Any]:
    assert col.db is not None
    return col.db.all("select id, guid, mid, mod, tags, flds from notes")


def _edit_ten(col: Collection, turn: int) -> None:
    ids = [row[0] for row in _rows(col)]
    notes = [col.get_note(id_) for id_ in ids[turn :: len(ids) // 10][:10]]
    for note in notes:
        note.fields[1] += f" edited <b>{turn}</b>"
    col.update_notes(notes)


def _time(work: Callable[[], None]) -> float:
    start = perf_counter()
    work()
    return perf_counter() - start


def _peak_mb() -> float:
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


if __name__ == "__main__":
    measurements = {work.__name__: work for work in (make, export, export_floor, again, narrow)}
    what, where, number = sys.argv[1:]
    print(json.dumps(measurements[what](Path(where), int(number))))
