"""The token that an inline rule found."""

from __future__ import annotations

from ...vendor.lib.markdown_it.rules_inline.state_inline import StateInline


def push_token(
    state: StateInline, silent: bool, kind: str, content: str, end: int, info: str = ""
) -> bool:
    """Take what stands before ``end`` as a token of this kind; true, as rules say it."""
    if not silent:
        token = state.push(kind, "", 0)
        token.content = content
        token.info = info
    state.pos = end
    return True
