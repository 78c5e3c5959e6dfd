"""Links in a line of Markdown: wikilinks, embeds, addresses."""

from __future__ import annotations

import re
from html import unescape

from ..vendor.lib.markdown_it.rules_inline.state_inline import StateInline
from .inline_token import push_token
from .white_space import STAND_INS

_EMBED = re.compile(r"!\[\[((?:[^\[\]|\n]|\[(?!\[)|\](?!\]))+?)(?:\\?\|([^\[\]\n]*))?\]\]")
_WIKILINK = re.compile(r"\[\[([^\[\]|\n]+?)(?:\\?\|([^\[\]\n]*))?\]\]")
WIKILINKS = "wikilinks"  # the key that says whether a text may hold wikilinks
_SCHEME = re.compile(
    r"https?$|(?<![a-zA-Z0-9])(?:ftp|file|obsidian|zotero|anki|mailto|tel)$", re.IGNORECASE
)
_REST_OF_ADDRESS = re.compile(rf":(?:(?<=(?i:mailto):)|(?<=(?i:tel):)|//)[^\s<>{STAND_INS}]+")
_BRACKETED = re.compile(r"<(https?://[^\s<>]+)>")
_MARKS_AFTER = re.compile(r"(?:[*~=\"'$]|(?<![^\W_])_)+$")
_MARKUP = re.compile(r"[\\*`$\[\]<>|]|&#?\w+;|==|~~|%%|(?<![^\W_])_|_(?![^\W_])")
_REFERENCE = re.compile(r"&#?\w+;")


def embed(state: StateInline, silent: bool) -> bool:
    """``![[name]]`` and ``![[name|size]]``."""
    if state.src[state.pos] != "!":
        return False
    match = _EMBED.match(state.src, state.pos)
    if match is None:
        return False
    return push_token(state, silent, "embed", match[1].strip(), match.end(), match[2] or "")


def wikilink(state: StateInline, silent: bool) -> bool:
    """``[[page]]``, ``[[page#heading]]`` and ``[[page|text]]``, where they mean something."""
    if state.src[state.pos] != "[" or not state.env.get(WIKILINKS):
        return False
    match = _WIKILINK.match(state.src, state.pos)
    if match is None or not match[1].strip():
        return False
    return push_token(state, silent, "wikilink", match[1].strip(), match.end(), match[2] or "")


def address(state: StateInline, silent: bool) -> bool:
    """A bare address. In one of the web no character is markup; others have none that could be."""
    src, colon = state.src, state.pos
    if src[colon] != ":":
        return False
    scheme = _SCHEME.search(src, max(colon - 9, 0), colon)
    rest = _REST_OF_ADDRESS.match(src, colon, state.posMax) if scheme else None
    if scheme is None or rest is None or not (silent or state.pending.endswith(scheme[0])):
        return False
    found = _trim_address(rest[0])
    of_web = scheme[0].lower().startswith("http")
    if not found.strip(":/") or not (of_web or _is_simple(found, rest[0])):
        return False
    if not silent:
        state.pending = state.pending[: -len(scheme[0])]
    text = _REFERENCE.sub(lambda match: unescape(match[0]), scheme[0] + found)
    in_word = scheme.start() > 0 and src[scheme.start() - 1].isalnum()
    return push_token(state, silent, "address", text, colon + len(found), "text" if in_word else "")


def bracketed_text(state: StateInline, silent: bool) -> bool:
    """``<https://…}}>``: the address ends a cloze, so it is text that was put in brackets."""
    if state.src[state.pos] != "<":
        return False
    match = _BRACKETED.match(state.src, state.pos)
    if match is None or "}}" not in match[1]:
        return False
    return push_token(state, silent, "address", match[1], match.end(), "text")


def _is_simple(found: str, rest: str) -> bool:
    return not _MARKUP.search(rest) and not rest[len(found) :].strip(".,;:!?)")


def _trim_address(found: str) -> str:
    """An address without what follows it: a cloze's end, a link's text, punctuation."""
    for border in ("}}", "](", "::", "&lt;", "&gt;", "&quot;"):
        if border in found[1:]:
            found = found[: found.index(border, 1)]
    opened = 0
    for index, char in enumerate(found):
        opened += (char == "[") - (char == "]")
        if opened < 0:
            found = found[:index]
            break
    found = _MARKS_AFTER.sub("", found)
    while found and found[-1] in ".,;:!?)":
        if found[-1] == ")" and found.count("(") >= found.count(")"):
            break
        found = found[:-1]
    return found
