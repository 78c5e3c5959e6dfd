"""Only one room writes Anki: what else does is named here, with its reason."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.desks.anki_writes import find_writers

ROOT = Path(__file__).parents[3]
ROOM = "sync/collection"
PLACES = ("cli", "convert", "model", "sync", "ui")
EXCEPTIONS = {
    # note types that a TOML file declares, inside the writer's undo step
    "sync/deck/models.py": {"models.add_dict", "models.update_dict"},
    # media dropped or pasted into the window of a dynamic note, as in Anki's own editor
    "ui/dynamic/markdown_edit.py": {"media.add_file", "media.write_data"},
}
WRITERS = find_writers()
STATEMENTS = ("execute", "executemany", "executescript")  # of the collection's own database


def find_writes(source: str) -> Iterator[str]:
    """What in a module writes a collection, called or handed on."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Attribute):
            continue
        parts = ast.unparse(node.value).replace("()", "").split(".")
        owner = parts[-1].lstrip("_")
        if node.attr in WRITERS.get(owner, {}) and owner != "col":
            yield f"{owner}.{node.attr}"
        elif node.attr in WRITERS["col"] and not _is_of_a_manager(owner):
            yield f"col.{node.attr}"
        elif node.attr in STATEMENTS and parts[-2:] in (["col", "db"], ["_col", "db"]):
            yield f"col.db.{node.attr}"
        elif node.attr == "_backend":
            yield "col._backend"


def _is_of_a_manager(owner: str) -> bool:
    return owner in WRITERS and owner != "col"


def test_only_the_room_of_the_collection_writes_it() -> None:
    files = [
        *ROOT.glob("*.py"),
        *(file for place in PLACES for file in (ROOT / place).rglob("*.py")),
    ]
    found = {}
    for file in files:
        path = file.relative_to(ROOT).as_posix()
        writes = {*find_writes(file.read_text("utf-8"))}
        if writes and not path.startswith(f"{ROOM}/"):
            found[path] = writes
    assert len(files) > 100
    assert found == EXCEPTIONS


@pytest.mark.parametrize(
    "source, write",
    [
        ("self.col.add_notes(requests)", "col.add_notes"),
        ("mw.col.update_note(note)", "col.update_note"),
        ("step = partial(collection.set_deck, cards)", "col.set_deck"),
        ("entry = col.add_custom_undo_entry('x')", "col.add_custom_undo_entry"),
        ("decks = col.decks\ndecks.id('New')", "decks.id"),
        ("self._col.tags.bulk_add(ids, 'x')", "tags.bulk_add"),
        ("col.sched.suspend_cards(ids)", "sched.suspend_cards"),
        ("mw.col.db.execute('update notes set flds = ?', '')", "col.db.execute"),
        ("col._backend.remove_notes(note_ids=ids)", "col._backend"),
    ],
)
def test_each_way_to_write_is_seen(source: str, write: str) -> None:
    assert write in {*find_writes(source)}
