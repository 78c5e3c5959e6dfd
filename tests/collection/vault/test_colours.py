"""Colours on pages: switched on and off, they change pages and no note."""

from __future__ import annotations

import pytest

from ...desks.two_way_desk import rows
from ..conftest import Desk

BACK = 'a <span style="color: red">red</span> <font color="#00f">word</font><br>last'


@pytest.mark.parametrize("two_way", [False, True])
def test_colours_come_and_go_on_pages_and_stay_in_anki(desk: Desk, two_way: bool) -> None:
    desk.set(two_way=two_way)
    note_id = desk.add(Front="q", Back=BACK)
    desk.sync()
    before, page = rows(desk), desk.page(note_id).read_bytes()
    assert b"<span" not in page
    desk.set(colours=True, two_way=two_way)
    assert desk.sync().ok
    assert '<span style="color: red">red</span>' in desk.page(note_id).read_text("utf-8")
    assert desk.plan().is_empty
    desk.set(colours=False, two_way=two_way)
    assert desk.sync().ok
    assert desk.page(note_id).read_bytes() == page
    assert rows(desk) == before
    assert desk.plan().is_empty


def test_what_is_typed_before_they_are_switched_on_costs_no_colour(desk: Desk) -> None:
    desk.set(two_way=True)
    note_id = desk.add(Front="q", Back=BACK)
    desk.sync()
    desk.retype(note_id, "last\n", "the last\n")
    desk.set(colours=True, two_way=True)
    assert desk.sync().ok
    assert desk.fields(note_id)["Back"] == BACK.replace("last", "the last")
    desk.retype(note_id, ">word<", ">words<")
    assert desk.sync().ok
    assert desk.fields(note_id)["Back"] == BACK.replace("word", "words").replace("last", "the last")
    assert desk.plan().is_empty


@pytest.mark.parametrize("word", ["red", "word", "last"])
@pytest.mark.parametrize("first", [False, True])
@pytest.mark.parametrize("new", ["{}typed", "fresh"])
def test_an_edit_of_any_word_and_a_switch_keep_every_colour(
    desk: Desk, word: str, first: bool, new: str
) -> None:
    desk.set(two_way=True, colours=first)
    note_id = desk.add(Front="q", Back=BACK)
    desk.sync()
    typed = new.format(word)
    page = desk.page(note_id)
    before, _, after = page.read_text("utf-8").rpartition(
        f">{word}<" if word == "red" and first else word
    )
    page.write_text(f"{before}{f'>{typed}<' if word == 'red' and first else typed}{after}", "utf-8")
    desk.set(colours=not first, two_way=True)
    assert desk.sync().ok
    wanted = BACK.replace(
        ">red<" if word == "red" else word, f">{typed}<" if word == "red" else typed
    )
    assert desk.fields(note_id)["Back"] == wanted
    assert desk.plan().is_empty
