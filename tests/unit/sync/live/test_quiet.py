"""Which changed pages may be read, and which are still being written."""

from __future__ import annotations

import os
from pathlib import Path

from ankivault.sync.vault.live.quiet import MOMENT, SortedPages, page_state, sort_pages

NOW = 1_700_000_000 * 10**9


def test_a_page_is_whole_a_moment_after_it_was_written() -> None:
    assert page_state(5, NOW - MOMENT, NOW) == "whole"
    assert page_state(5, NOW - MOMENT + 1, NOW) == "being written"
    assert page_state(0, NOW - MOMENT + 1, NOW) == "being written"
    assert page_state(0, NOW - MOMENT, NOW) == "empty"


def test_a_clock_that_is_ahead_keeps_no_page_waiting_for_long() -> None:
    assert page_state(5, NOW + 1, NOW) == "being written"
    assert page_state(5, NOW + 3600 * 10**9, NOW) == "whole"


def test_pages_of_a_folder_are_sorted_by_their_dates(tmp_path: Path) -> None:
    for name, text, date in (
        ("whole.md", "words", NOW - 10**9),
        ("written now.md", "wor", NOW - 10**8),
        ("made now.md", "", NOW - 10**8),
        ("empty.md", "", NOW - 10**9),
    ):
        (tmp_path / name).write_text(text, encoding="utf-8")
        os.utime(tmp_path / name, ns=(date, date))
    paths = ["whole.md", "written now.md", "made now.md", "empty.md", "gone.md", "no/folder.md"]
    assert sort_pages(tmp_path, paths, NOW) == SortedPages(
        frozenset({"whole.md", "gone.md", "no/folder.md"}),
        frozenset({"written now.md", "made now.md"}),
    )
