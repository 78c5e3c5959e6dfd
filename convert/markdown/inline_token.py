"""Adds the token that an inline rule found."""

from __future__ import annotations

from ...vendor.lib.markdown_it.rules_inline.state_inline import StateInline


def push_token(
    state: StateInline, silent: bool, kind: str, content: str, end: int, info: str = ""
) -> bool:
    """Make a token of this kind from the text up to ``end``. Always true, as rules must return."""
    if not silent:
        token = state.push(kind, "", 0)
        token.content = content
        token.info = info
    state.pos = end
    return True
