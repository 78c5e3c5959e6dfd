"""Pages that show clozes over several lines as older versions wrote them, in a two-way vault."""

from __future__ import annotations

from functools import partial

import pytest

from ankivault.convert.field_style import FieldStyle
from ankivault.convert.page import note as page_note
from ankivault.sync.run.done import Done
from ankivault.sync.vault.outward import digests

from ...desks.two_way_desk import rows
from ..conftest import Desk

TEXT = 'Roles {{c1::<ul class="k"><li>one</li><li>two</li></ul>}}<br>{{c2::a<br>b}} end'


def test_an_update_highlights_them_and_edits_no_note(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.set(two_way=True)
    untouched = desk.add("D", "Cloze", Text=TEXT)
    typed = desk.add("D", "Cloze", Text=TEXT)
    with monkeypatch.context() as older:
        older.setattr(digests, "FORMAT", 1)
        older.setattr(page_note, "FieldStyle", partial(FieldStyle, cloze_lines=False))
        desk.sync()
        assert "{{c1::" in desk.page(untouched).read_text("utf-8")
        assert "==a<br>b==%%c2%%" in desk.page(untouched).read_text("utf-8")
    before = rows(desk)
    desk.retype(typed, "%% end\n", "%% at the end\n")
    report = desk.sync()
    assert report.ok and report.counts[Done.NOTE_UPDATED] == 1
    assert rows(desk) != before
    assert desk.fields(untouched)["Text"] == TEXT
    assert desk.fields(typed)["Text"] == TEXT.replace(" end", " at the end")
    for note_id in (untouched, typed):
        page = desk.page(note_id).read_text("utf-8")
        assert "- ==one==%%c1…%%\n- ==two==%%c1%%" in page
        assert "==a==%%c2…%%\n==b==%%c2%%" in page
        assert "{{c" not in page
    assert desk.plan().is_empty
