"""Looks ahead in a line, with a single search for many requests."""

from __future__ import annotations

import re

from ...vendor.lib.markdown_it.rules_inline.state_inline import StateInline


def find_ahead(state: StateInline, mark: str, start: int) -> int:
    """The position of a mark from ``start`` on, or -1."""
    missing: dict[str, int] = vars(state).setdefault("missing_marks", {})
    if start >= missing.get(mark, len(state.src)):
        return -1
    found = state.src.find(mark, start)
    if found < 0:
        missing[mark] = start
    return found


def search_ahead(state: StateInline, pattern: re.Pattern[str], start: int) -> re.Match[str] | None:
    """The first match from ``start`` on."""
    missing: dict[str, int] = vars(state).setdefault("missing_marks", {})
    if start >= missing.get(pattern.pattern, len(state.src)):
        return None
    found = pattern.search(state.src, start)
    if found is None:
        missing[pattern.pattern] = start
    return found
