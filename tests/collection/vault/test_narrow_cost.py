"""What a run over a few notes and pages costs does not grow with the collection."""

from __future__ import annotations

import os
from typing import Any

import pytest

from ankivault.sync.run.scope import Scope
from ankivault.sync.vault.base import Base
from ankivault.sync.vault.read import look, snapshot
from ankivault.sync.vault.run import apply_plan

from ..conftest import Desk


@pytest.fixture(params=["vault folder in the vault", "vault folder is the vault"])
def both(desk: Desk, request: Any) -> Desk:
    desk.set(two_way=True)
    place = desk.vault.parent if request.param.endswith("in the vault") else desk.vault
    (place / ".obsidian").mkdir()
    for number in range(6):
        desk.add(("Biology", "Physics::Heat")[number % 2], Front=f"Q{number}", Back="A")
    desk.sync()
    return desk


def test_an_edited_note_and_page_and_a_new_note_and_page_load_no_table_whole(
    both: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    (edited, on_page, *_) = both.col.find_notes("")
    both.edit(edited, Back="edited in Anki")
    both.retype(on_page, "## Back\nA", "## Back\nedited on the page")
    added = both.add("Biology", Front="new in Anki", Back="A")
    new = both.vault / "Biology/new.md"
    new.write_text("---\nanki_note_type: Basic\n---\n## Front\nNew\n## Back\nA\n", "utf-8")
    page = both.page(on_page).relative_to(both.vault).as_posix()
    scope = Scope(frozenset({edited, added}), frozenset({page, "Biology/new.md"}))

    plan, report = _run_watched(both, scope, monkeypatch)
    assert len(plan.notes) == 2
    assert report.ok
    assert both.fields(on_page)["Back"] == "edited on the page"
    assert both.plan().is_empty


def test_a_moved_page_and_a_deleted_note_load_no_table_whole(
    both: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    (gone, moved, *_) = both.col.find_notes("deck:Biology")
    both.col.remove_notes([gone])
    page = both.page(moved)
    target = both.vault / "Physics/Heat" / page.name
    os.rename(page, target)
    paths = (path.relative_to(both.vault).as_posix() for path in (page, target))
    _run_watched(both, Scope(frozenset({gone}), frozenset(paths)), monkeypatch)
    assert both.col.decks.name(both.col.get_note(moved).cards()[0].did) == "Physics::Heat"
    assert both.plan().is_empty


def test_an_edited_note_looks_at_no_index_page(both: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """There may be hundreds of them, and each would be a question to the disk."""
    edited = both.col.find_notes("")[0]
    both.edit(edited, Back="edited in Anki")
    asked = []
    look_at = look._look

    def note_path(known: look.Look, root: str, path: str) -> Any:
        asked.append(path)
        return look_at(known, root, path)

    monkeypatch.setattr(look, "_look", note_path)
    plan = both.plan(scope=Scope(frozenset({edited})))

    assert [page.path for page in plan.pages] == [path for path in asked if str(edited) in path][:1]
    assert not [path for path in asked if path.endswith("_index.md")]


def _run_watched(both: Desk, scope: Scope, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Plan and apply; fails when a table or the folder is read whole."""

    def read_whole(*_: Any, **__: Any) -> Any:
        raise AssertionError("read whole")

    with monkeypatch.context() as watched:
        for table in ("pages", "media", "strangers"):
            watched.setattr(Base, table, read_whole)
        watched.setattr(snapshot, "read_note_ids", read_whole)
        watched.setattr(snapshot, "scan_vault", read_whole)
        plan = both.plan(scope=scope)
        return plan, apply_plan(both.col, plan, both.state)
