"""Two-way: what is edited on a page goes into Anki, and nothing else does."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from .conftest import Desk


@pytest.fixture
def desk(desk: Desk) -> Desk:
    desk.set(two_way=True)
    return desk


def retype(page: Path, old: str, new: str) -> None:
    """Edit a page by hand."""
    text = page.read_text("utf-8")
    assert text.count(old) == 1, f"{old!r} in {text!r}"
    page.write_text(text.replace(old, new), "utf-8")


def settle(desk: Desk, **_: Any) -> None:
    assert desk.plan().is_empty


def test_a_typo_mended_on_a_page_is_mended_in_anki(desk: Desk) -> None:
    html = 'The <span style="color: red">quick</span> foks<div>jumps</div>'
    note_id = desk.add(Front="q", Back=html)
    desk.sync()
    retype(desk.page(note_id), "foks", "fox")
    text = desk.page(note_id).read_bytes()
    plan = desk.plan()
    (change,) = plan.notes
    assert (change.kind, change.note_id, change.reason) == ("edit", note_id, "edits Back")
    report = desk.sync()
    assert report.ok
    assert desk.col.get_note(note_id)["Back"] == html.replace("foks", "fox")
    assert desk.page(note_id).read_bytes() == text
    assert desk.plan().is_empty
    assert report.counts["note updated in Anki"] == 1
