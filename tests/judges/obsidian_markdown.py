"""Reads Markdown as Obsidian does: CommonMark, tables, strikethrough and Obsidian's own syntax.

Obsidian's documentation says that Markdown inside HTML elements is not read. For inline elements
this depends on the view. ``parser(raw_elements=True)`` leaves the content of inline elements as it
is, ``parser(raw_elements=False)`` reads it as CommonMark does. Also, the first reads Markdown
inside a bare URL, and the second does not. A good page shows the same words with both.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from html import escape
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.ruler import RuleOptionsType
from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline
from markdown_it.rules_inline.state_inline import Delimiter
from markdown_it.token import Token
from mdit_py_plugins.gfm_autolink import gfm_autolink_plugin

from .math_words import MATH_BEGIN, MATH_END, wrap_raw_math

_WIKILINK = re.compile(r"(!?)\[\[([^\[\]\n|](?:(?!\]\])[^\n|])*)(?:\|((?:(?!\]\])[^\n])*))?\]\]")
_INLINE_MATH = re.compile(r"\$(?=[^\s$])((?:[^$\\\n]|\\.)*?)(?<=[^\s])\$(?!\d)")
_DISPLAY_MATH = re.compile(r"\$\$((?:[^$\\]|\\.|\$(?!\$))+?)\$\$", re.S)
_OPEN_TAG = re.compile(r"<([A-Za-z][A-Za-z0-9-]*)(?:\s[^<>]*)?(?<!/)>")
_VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())


@cache
def parser(raw_elements: bool, keep_escapes: bool = False) -> MarkdownIt:
    """A parser with Obsidian's rules. Line breaks are shown, as with "strict line breaks" off.

    With ``keep_escapes``, each escaped character and entity is a token of its own. Such tokens
    are only for reading, not for rendering.
    """
    md = MarkdownIt("commonmark", {"html": True, "breaks": True})
    md.enable(["table", "strikethrough"])
    alternatives: RuleOptionsType = {"alt": ["paragraph", "reference", "blockquote", "list"]}
    md.block.ruler.before("fence", "obsidian_comment_block", _comment_block, alternatives)
    md.block.ruler.before("fence", "obsidian_math_block", _math_block, alternatives)
    md.inline.ruler.after("escape", "obsidian_comment", _comment)
    md.inline.ruler.after("obsidian_comment", "obsidian_math", _math)
    md.inline.ruler.before("link", "obsidian_wikilink", _wikilink)
    md.inline.ruler.after("strikethrough", "obsidian_mark", _mark_tokenize)
    md.inline.ruler2.after("strikethrough", "obsidian_mark", _mark_pair)
    if keep_escapes:
        md.core.ruler.disable("text_join")
    if not raw_elements:
        md.use(gfm_autolink_plugin)
    else:
        md.inline.ruler.before("html_inline", "obsidian_raw_element", _raw_element)
    for name in ("comment", "math", "wikilink", "raw"):
        md.add_render_rule(f"obsidian_{name}", _RENDER[name])
    md.add_render_rule("html_block", _render_raw)
    md.add_render_rule("html_inline", _render_raw)
    md.add_render_rule("fence", _render_fence)
    return md


def _comment_block(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    line = _line(state, start)
    if not line.startswith("%%") or "%%" in line[2:] or state.is_code_block(start):
        return False
    if silent:
        return True
    last = start + 1
    while last < end and "%%" not in _line(state, last):
        last += 1
    token = state.push("obsidian_comment", "", 0)
    token.content = "\n".join(_line(state, n) for n in range(start, min(last + 1, end)))
    token.map = [start, last]
    state.line = min(last + 1, end)
    return True


def _math_block(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    line = _line(state, start)
    if not line.startswith("$$") or "$$" in line[2:] or state.is_code_block(start):
        return False
    last = start + 1
    while last < end and "$$" not in _line(state, last):
        last += 1
    if last >= end or _line(state, last).split("$$", 1)[1].strip():
        return False
    if silent:
        return True
    token = state.push("obsidian_math", "", 0)
    lines = [line[2:], *(_line(state, n) for n in range(start + 1, last + 1))]
    token.content = "\n".join(lines).rsplit("$$", 1)[0]
    token.map = [start, last + 1]
    token.block = True
    state.line = last + 1
    return True


def _line(state: StateBlock, number: int) -> str:
    return state.src[state.bMarks[number] + state.tShift[number] : state.eMarks[number]].rstrip()


def _comment(state: StateInline, silent: bool) -> bool:
    if not state.src.startswith("%%", state.pos):
        return False
    end = state.src.find("%%", state.pos + 2, state.posMax)
    after = state.posMax if end < 0 else end + 2
    if not silent:
        token = state.push("obsidian_comment", "", 0)
        token.content = state.src[state.pos + 2 : after if end < 0 else end]
        token.info = "open" if end < 0 else ""
    state.pos = after
    return True


def _math(state: StateInline, silent: bool) -> bool:
    if state.src[state.pos] != "$":
        return False
    match = _DISPLAY_MATH.match(state.src, state.pos, state.posMax)
    if not match:
        if state.src.startswith("$$", state.pos):
            return False
        match = _INLINE_MATH.match(state.src, state.pos, state.posMax)
        # The pattern does not see the text after posMax, which never begins with a digit.
    if not match:
        return False
    if not silent:
        token = state.push("obsidian_math", "", 0)
        token.content = match[1]
    state.pos = match.end()
    return True


def _wikilink(state: StateInline, silent: bool) -> bool:
    if state.src[state.pos] not in "![":
        return False
    match = _WIKILINK.match(state.src, state.pos, state.posMax)
    if not match:
        return False
    if not silent:
        token = state.push("obsidian_wikilink", "", 0)
        target, alias = match[2], match[3]
        if target.endswith("\\") and alias is not None:
            target = target[:-1]
        token.content = target.strip()
        token.meta = {"embed": match[1] == "!", "alias": alias}
    state.pos = match.end()
    return True


def _raw_element(state: StateInline, silent: bool) -> bool:
    match = _OPEN_TAG.match(state.src, state.pos, state.posMax)
    if not match or match[1].lower() in _VOID:
        return False
    depth, tag = 0, re.compile(rf"<(/?){match[1]}(?=[\s>])[^<>]*>", re.I)
    for found in tag.finditer(state.src, state.pos, state.posMax):
        depth += -1 if found[1] else 1
        if depth == 0:
            if not silent:
                token = state.push("obsidian_raw", "", 0)
                token.content = state.src[state.pos : found.end()]
            state.pos = found.end()
            return True
    return False


def _mark_tokenize(state: StateInline, silent: bool) -> bool:
    if silent or not state.src.startswith("==", state.pos):
        return False
    end = state.pos
    while end < state.posMax and state.src[end] == "=":
        end += 1
    if end - state.pos != 2:
        token = state.push("text", "", 0)
        token.content = state.src[state.pos : end]
        state.pos = end
        return True
    before = state.src[state.pos - 1] if state.pos else " "
    after = state.src[end] if end < state.posMax else " "
    token = state.push("text", "", 0)
    token.content = "=="
    state.delimiters.append(
        Delimiter(
            marker=ord("="),
            length=0,
            token=len(state.tokens) - 1,
            end=-1,
            open=not after.isspace(),
            close=not before.isspace(),
        )
    )
    state.pos = end
    return True


def _mark_pair(state: StateInline) -> None:
    lists = [state.delimiters]
    lists += [meta["delimiters"] for meta in state.tokens_meta if meta and "delimiters" in meta]
    for delimiters in lists:
        for opener in delimiters:
            if opener.marker == ord("=") and opener.end >= 0:
                closer = delimiters[opener.end]
                for delimiter, kind, nesting in ((opener, "open", 1), (closer, "close", -1)):
                    token = state.tokens[delimiter.token]
                    token.type, token.tag, token.nesting = f"mark_{kind}", "mark", nesting  # type: ignore[assignment]
                    token.markup, token.content = "==", ""


def _render_nothing(self: Any, tokens: Sequence[Token], i: int, options: Any, env: Any) -> str:
    return ""


def _render_math(self: Any, tokens: Sequence[Token], i: int, options: Any, env: Any) -> str:
    math = f"{MATH_BEGIN}{escape(tokens[i].content)}{MATH_END}"
    return f"<div>{math}</div>\n" if tokens[i].block else math


def _render_wikilink(self: Any, tokens: Sequence[Token], i: int, options: Any, env: Any) -> str:
    token = tokens[i]
    if token.meta["embed"]:
        return "<img>"
    return f"<a>{escape(token.meta['alias'] or token.content)}</a>"


def _render_raw(self: Any, tokens: Sequence[Token], i: int, options: Any, env: Any) -> str:
    return wrap_raw_math(tokens[i].content)


def _render_fence(self: Any, tokens: Sequence[Token], i: int, options: Any, env: Any) -> str:
    content = escape(tokens[i].content)
    if tokens[i].info.strip() == "latex":
        return f"<div>{MATH_BEGIN}{content}{MATH_END}</div>\n"
    return f"<pre><code>{content}</code></pre>\n"


_RENDER = {
    "comment": _render_nothing,
    "math": _render_math,
    "wikilink": _render_wikilink,
    "raw": _render_raw,
}
