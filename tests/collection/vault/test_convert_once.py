"""A page edited in one word: each field is converted once in a style, both ways."""

from __future__ import annotations

import sys
from collections import Counter
from types import FrameType
from typing import Any

import pytest

from ankivault.convert.field_style import FieldStyle
from ankivault.convert.to_html.markdown_to_html import markdown_to_html
from ankivault.convert.to_markdown.html_to_markdown import html_to_markdown
from ankivault.sync.vault.changes import VaultPlan

from ..conftest import Desk

LINES = [f"line {n}, <b>bold</b> &amp; \\(x_{n}\\) " for n in range(1, 30)]
CLOZES = [f"{line}{{{{c{n}::cloze}}}}" for n, line in enumerate(LINES, 1)]
LIST = "<ul><li>one <i>item</i></li><li>the other</li></ul>"
BACK = "<div>words</div><div>and <u>others</u></div>"


class Conversions:
    """Counts the conversions of a plan, by what is converted and how."""

    def __init__(self) -> None:
        self.to_markdown: Counter[tuple[str, FieldStyle]] = Counter()
        self.to_html: Counter[str] = Counter()

    def plan(self, desk: Desk) -> VaultPlan:
        sys.setprofile(self._count)
        try:
            return desk.plan()
        finally:
            sys.setprofile(None)

    def _count(self, frame: FrameType, event: str, _: Any) -> None:
        if event != "call":
            return
        if frame.f_code is html_to_markdown.__code__:
            self.to_markdown[frame.f_locals["html"], frame.f_locals["style"]] += 1
        elif frame.f_code is markdown_to_html.__code__:
            self.to_html[frame.f_locals["markdown"]] += 1


@pytest.mark.parametrize("cloze_style", ["outline", "inline"])
@pytest.mark.parametrize("notetype", ["Basic", "Cloze"])
@pytest.mark.parametrize("laid_out", [False, True])
def test_a_page_edited_in_one_word_is_converted_once(
    desk: Desk, notetype: str, cloze_style: str, laid_out: bool
) -> None:
    desk.set(two_way=True, cloze_style=cloze_style)
    first, second = ("Text", "Back_Extra") if notetype == "Cloze" else ("Front", "Back")
    html = "<br>".join(CLOZES if notetype == "Cloze" else LINES) + LIST
    note_id = desk.add(notetype=notetype, **{first: html, second: BACK})
    desk.sync()
    if laid_out:
        desk.retype(note_id, "- one", "* one")
        desk.retype(note_id, "- the", "* the")
    desk.retype(note_id, "line 7,", "line seven,")
    conversions = Conversions()
    plan = conversions.plan(desk)
    assert [change.kind for change in plan.notes] == ["edit"]

    assert max(conversions.to_markdown.values()) == 1
    whole = Counter(
        converted.replace("line seven,", "line 7,")
        for converted, _ in conversions.to_markdown
        if converted == BACK or len(converted) > len("".join(LINES))
    )
    outlined = notetype == "Cloze" and cloze_style == "outline"
    assert whole == {html: 3 if outlined else 2, BACK: 1}  # an outline's lines are known inline
    if not laid_out:
        assert max(conversions.to_html.values()) == 1
        assert len(conversions.to_html) <= 2  # the edited line as it was, and as it is
    desk.sync()
    assert desk.fields(note_id)[first.replace("_", " ")] == html.replace("line 7,", "line seven,")
