"""What stands in a line of Markdown besides CommonMark: clozes, maths, marks, embeds, addresses."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import unescape
from typing import Any
from unicodedata import category

from ..vendor.lib.markdown_it.parser_inline import ParserInline
from ..vendor.lib.markdown_it.rules_inline.state_inline import Delimiter, Scanned, StateInline
from ..vendor.lib.markdown_it.token import Token
from .tex_html import closes_what_it_opens

# White space that is not ASCII, in forms that the parser does not strip.
WHITE_SPACE = (
    "\xa0\u1680" + "".join(map(chr, range(0x2000, 0x200B))) + "\u2028\u2029\u202f\u205f\u3000"
)
STAND_INS = "".join(chr(0xFDD0 + number) for number in range(len(WHITE_SPACE)))

_CLOZE_STARTS, _TEXT_STARTS, _TEXT_ENDS, _CLOZE_ENDS = "{{", "{{c1::", "}", "}}"
_CLOZE_BORDER = re.compile(r"\{\{c[\d,]+::|\}\}")
_EMBED = re.compile(r"!\[\[((?:[^\[\]|\n]|\[(?!\[)|\](?!\]))+?)(?:\\?\|([^\[\]\n]*))?\]\]")
_WIKILINK = re.compile(r"\[\[([^\[\]|\n]+?)(?:\\?\|([^\[\]\n]*))?\]\]")
WIKILINKS = "wikilinks"  # the key that says whether a text may hold wikilinks
_ANKI_TAG = re.compile(
    r"\[sound:[^\]\n]+\]"
    r"|\[(latex|\${1,2})\].{0,20000}?\[/\1\]",
    re.DOTALL | re.IGNORECASE,
)
_MATHJAX = re.compile(
    r"<anki-mathjax\b[^>]*>.{0,20000}?</anki-mathjax\s*>", re.DOTALL | re.IGNORECASE
)
_TYPED_MATH = re.compile(r"\\\((?=\S)((?:[^\\\n]|\\(?!\)).){1,2000}?)\\\)")
_CLOZE_COMMENT = re.compile(r"%%(c[\d,]+(?=::|,|%%)[^\n]*?|-,[^\n]*?)%%")
_SCHEME = re.compile(
    r"https?$|(?<![a-zA-Z0-9])(?:ftp|file|obsidian|zotero|anki|mailto|tel)$", re.IGNORECASE
)
_REST_OF_ADDRESS = re.compile(rf":(?:(?<=(?i:mailto):)|(?<=(?i:tel):)|//)[^\s<>{STAND_INS}]+")
_BRACKETED = re.compile(r"<(https?://[^\s<>]+)>")
_MARKS_AFTER = re.compile(r"(?:[*~=\"'$]|(?<![^\W_])_)+$")
_MARKUP = re.compile(r"[\\*`$\[\]<>|]|&#?\w+;|==|~~|%%|(?<![^\W_])_|_(?![^\W_])")
_REFERENCE = re.compile(r"&#?\w+;")


class FieldInline(ParserInline):
    """The inline parser, with delimiters that know clozes."""

    def parse(self, src: str, md: Any, env: Any, tokens: list[Token]) -> list[Token]:
        state = _State(src, md, env, tokens)
        if "}}" in src:
            state.borders = _cloze_borders(src)
        self.tokenize(state)
        for rule in self.ruler2.getRules(""):
            rule(state)
        return state.tokens


class _State(StateInline):
    borders: Mapping[int, str] = {}  # what a cloze does at a position

    def scanDelims(self, start: int, canSplitWord: bool) -> Scanned:
        """CommonMark's rules for flanking; the text of a cloze starts and ends like a line.

        ``**`` may also open right before a cloze and close right after one, inside a word too.
        """
        src, marker, borders = self.src, self.src[start], self.borders
        stop = start
        while stop < self.posMax and src[stop] == marker:
            stop += 1
        starts_text = start == 0 or borders.get(start) == _TEXT_STARTS
        ends_text = stop >= self.posMax or borders.get(stop) == _TEXT_ENDS
        return _flanking(
            " " if starts_text else src[start - 1],
            " " if ends_text else src[stop],
            canSplitWord,
            stop - start,
            borders.get(stop) == _CLOZE_STARTS,
            borders.get(start) == _CLOZE_ENDS,
        )


def _cloze_borders(src: str) -> dict[int, str]:
    """Where the clozes that begin and end in ``src`` and their texts do so."""
    borders: dict[int, str] = {}
    opened: list[re.Match[str]] = []
    for border in _CLOZE_BORDER.finditer(src):
        if border[0] != "}}":
            opened.append(border)
        elif opened:
            start = opened.pop()
            borders[start.start()], borders[start.end()] = _CLOZE_STARTS, _TEXT_STARTS
            borders[border.start()], borders[border.end()] = _TEXT_ENDS, _CLOZE_ENDS
    return borders


def _flanking(
    last: str, following: str, splits_words: bool, length: int, opens: bool, closes: bool
) -> Scanned:
    space_before, space_after = _is_space(last), _is_space(following)
    mark_before, mark_after = _is_punctuation(last), _is_punctuation(following)
    left = not space_after and (not mark_after or space_before or mark_before)
    right = not space_before and (not mark_before or space_after or mark_after)
    if splits_words:
        return Scanned(left or opens, right or closes, length)
    return Scanned(left and (not right or mark_before), right and (not left or mark_after), length)


def _is_space(char: str) -> bool:
    return char.isspace() or char in STAND_INS


def _is_punctuation(char: str) -> bool:
    return category(char)[0] in "PS"


def math(state: StateInline, silent: bool) -> bool:
    """``$…$``, ``$$…$$`` and Anki's own ``\\(…\\)``.

    As in Obsidian, a single dollar is followed by what it opens, and the one that closes neither
    follows a space nor stands before a digit. A formula never cuts a cloze in two.
    """
    src, start = state.src, state.pos
    if src[start] == "\\":
        match = _TYPED_MATH.match(src, start)
        if match is None or not closes_what_it_opens(match[1]):
            return False
        return _accept(state, silent, "math", match[1], match.end(), "inline")
    if src[start] != "$":
        return False
    fence = "$$" if src.startswith("$$", start) else "$"
    end = _end_of_math(state, start + len(fence), fence)
    tex = src[start + len(fence) : end]
    if end < 0 or not tex.strip() or not closes_what_it_opens(tex):
        return False
    if fence == "$" and (_is_space(tex[0]) or _is_space(tex[-1]) or "\n" in tex):
        return False
    end += len(fence)
    if fence == "$" and src[end : end + 1].isdigit():
        return False
    return _accept(state, silent, "math", tex, end, "display" if fence == "$$" else "inline")


def _end_of_math(state: StateInline, position: int, fence: str) -> int:
    while True:
        position = state.src.find(fence, position, state.posMax)
        slashes = 0
        while position >= 0 and state.src[position - 1 - slashes] == "\\":
            slashes += 1
        if slashes % 2 == 0:
            return position
        position += 1


def embed(state: StateInline, silent: bool) -> bool:
    """``![[name]]`` and ``![[name|size]]``."""
    if state.src[state.pos] != "!":
        return False
    match = _EMBED.match(state.src, state.pos)
    if match is None:
        return False
    return _accept(state, silent, "embed", match[1].strip(), match.end(), match[2] or "")


def wikilink(state: StateInline, silent: bool) -> bool:
    """``[[page]]``, ``[[page#heading]]`` and ``[[page|text]]``, where they mean something."""
    if state.src[state.pos] != "[" or not state.env.get(WIKILINKS):
        return False
    match = _WIKILINK.match(state.src, state.pos)
    if match is None or not match[1].strip():
        return False
    return _accept(state, silent, "wikilink", match[1].strip(), match.end(), match[2] or "")


def anki_tag(state: StateInline, silent: bool) -> bool:
    """``[sound:…]``, ``[latex]…[/latex]`` and formulas in Anki's other notations, left whole."""
    first = state.src[state.pos]
    if first not in "[<":
        return False
    match = (_ANKI_TAG if first == "[" else _MATHJAX).match(state.src, state.pos)
    if match is None:
        return False
    kind = "anki_tag" if first == "[" else "html_inline"
    return _accept(state, silent, kind, match[0], match.end())


def cloze_comment(state: StateInline, silent: bool) -> bool:
    """``%%c1::hint%%``, which makes the highlight or the formula before it a cloze."""
    if state.src[state.pos] != "%":
        return False
    match = _CLOZE_COMMENT.match(state.src, state.pos)
    if match is None:
        return False
    return _accept(state, silent, "cloze_comment", match[1], match.end())


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
    return _accept(state, silent, "address", text, colon + len(found), "text" if in_word else "")


def bracketed_text(state: StateInline, silent: bool) -> bool:
    """``<https://…}}>``: the address ends a cloze, so it is text that was put in brackets."""
    if state.src[state.pos] != "<":
        return False
    match = _BRACKETED.match(state.src, state.pos)
    if match is None or "}}" not in match[1]:
        return False
    return _accept(state, silent, "address", match[1], match.end(), "text")


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


def _accept(
    state: StateInline, silent: bool, kind: str, content: str, end: int, info: str = ""
) -> bool:
    if not silent:
        token = state.push(kind, "", 0)
        token.content = content
        token.info = info
    state.pos = end
    return True


def highlight(state: StateInline, silent: bool) -> bool:
    """``==``: opens before what is no space, closes after what is no space, as in Obsidian."""
    src, start = state.src, state.pos
    if silent or not src.startswith("==", start):
        return False
    stop = start
    while stop < state.posMax and src[stop] == "=":
        stop += 1
    opens = stop < state.posMax and src[stop] not in " \t\n"
    closes = start > 0 and src[start - 1] not in " \t\n"
    for _ in range((stop - start) // 2):
        token = state.push("text", "", 0)
        token.content = "=="
        last = len(state.tokens) - 1
        state.delimiters.append(Delimiter(ord("="), 0, last, -1, opens, closes))
    state.pending += "=" * ((stop - start) % 2)
    state.pos = stop
    return True


def pair_highlights(state: StateInline) -> None:
    """Turn the pairs of ``==`` into tokens that open and close a highlight."""
    lists = [state.delimiters]
    lists += [meta["delimiters"] for meta in state.tokens_meta if meta and "delimiters" in meta]
    for delimiters in lists:
        for delimiter in delimiters:
            if delimiter.marker == ord("=") and delimiter.end >= 0:
                pair = ((delimiter, "mark_open"), (delimiters[delimiter.end], "mark_close"))
                for end, kind in pair:
                    token = state.tokens[end.token]
                    token.type, token.content = kind, ""
