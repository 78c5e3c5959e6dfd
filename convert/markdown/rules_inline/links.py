"""Inline rules for wikilinks, embeds and addresses."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from html import unescape

from ....vendor.lib.markdown_it.rules_inline import text as read_text
from ....vendor.lib.markdown_it.rules_inline.state_inline import StateInline
from ...text.addresses import read_address
from ..inline_token import push_token

_EMBED = re.compile(r"!\[\[((?:[^\[\]|\n]|\[(?!\[)|\](?!\]))+?)(?:\\?\|([^\[\]\n]*))?\]\]")
_WIKILINK = re.compile(r"\[\[([^\[\]|\n]+?)(?:\\?\|([^\[\]\n]*))?\]\]")
WIKILINKS = "wikilinks"  # key in ``env``: whether a text may have wikilinks
_BRACKETED = re.compile(r"<(https?://[^\s<>]+)>")
_REFERENCE = re.compile(r"&#?\w+;")


class AddressState(StateInline):
    """The state of a line, with the places where addresses may begin."""

    starts: Mapping[int, re.Match[str]] = {}
    order: Sequence[int] = ()
    has_clozes = False


def embed(state: StateInline, silent: bool) -> bool:
    """Match ``![[name]]`` and ``![[name|size]]``."""
    if state.src[state.pos] != "!":
        return False
    match = _EMBED.match(state.src, state.pos)
    if match is None:
        return False
    return push_token(state, silent, "embed", match[1].strip(), match.end(), match[2] or "")


def wikilink(state: StateInline, silent: bool) -> bool:
    """Match ``[[page]]``, ``[[page#heading]]``, ``[[page|text]]``, where wikilinks are allowed."""
    if state.src[state.pos] != "[" or not state.env.get(WIKILINKS):
        return False
    match = _WIKILINK.match(state.src, state.pos)
    if match is None or not match[1].strip():
        return False
    return push_token(state, silent, "wikilink", match[1].strip(), match.end(), match[2] or "")


def address(state: StateInline, silent: bool) -> bool:
    """Match an address without brackets."""
    if not isinstance(state, AddressState) or state.pos not in state.starts:
        return False
    start = state.starts[state.pos]
    found = read_address(state.src, start, state.posMax, state.has_clozes)
    if found is None:
        return False
    text = _REFERENCE.sub(lambda match: unescape(match[0]), state.src[state.pos : found.end])
    return push_token(state, silent, "address", text, found.end, found.scheme)


def text(state: StateInline, silent: bool) -> bool:
    """Match words, up to the next place where an address may begin."""
    if not isinstance(state, AddressState) or not state.starts:
        return read_text(state, silent)
    limit, position = state.posMax, state.pos
    at = bisect_right(state.order, position)
    state.posMax = min(state.order[at], limit) if at < len(state.order) else limit
    found = read_text(state, silent)
    state.posMax = limit
    return found


def bracketed_text(state: StateInline, silent: bool) -> bool:
    """Match ``<https://…}}>``: the address ends a cloze, so the brackets belong to the text."""
    if state.src[state.pos] != "<":
        return False
    match = _BRACKETED.match(state.src, state.pos)
    if match is None or "}}" not in match[1]:
        return False
    return push_token(state, silent, "text", match[1], match.end())
