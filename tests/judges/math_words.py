"""Turns each formula into one word, the same for ``\\(x\\)`` on a card and ``$x$`` on a page."""

from __future__ import annotations

import re

MATH_BEGIN, MATH_END = "\ue000", "\ue001"

_ON_CARD = re.compile(
    r"\\\((?P<inline>.*?)\\\)|\\\[(?P<block>.*?)\\\]"
    r"|\[\$\](?P<old>.*?)\[/\$\]|\[\$\$\](?P<old_block>.*?)\[/\$\$\]"
    r"|\[latex\](?P<latex>.*?)\[/latex\]",
    re.S | re.I,
)
_ON_PAGE = re.compile(MATH_BEGIN + "(.*?)" + MATH_END, re.S)
_IN_RAW_HTML = re.compile(
    r"(?<![\\$])\$\$(?P<block>[^$]+)\$\$(?!\$)|(?<![\\$])\$(?=[^\s$])(?P<inline>[^$\n]*?[^\s$\\])\$(?!\d)"
)
_LATEX_WRAPPERS = re.compile(
    r"^(?:\$\$?(.*?)\$\$?|\\begin\{(math|displaymath)\}(.*?)\\end\{\2\})$", re.S
)


def mark_card_math(text: str) -> str:
    """The visible text of a card, with each formula as one word."""

    def word(match: re.Match[str]) -> str:
        tex = next(part for part in match.groups() if part is not None)
        return _as_word(_unwrap_latex(tex) if match["latex"] is not None else tex)

    return _ON_CARD.sub(word, text)


def mark_page_math(text: str) -> str:
    """The visible text of a page, with each formula (between the two marks) as one word."""
    return _ON_PAGE.sub(lambda match: _as_word(_unwrap_latex(match[1])), text)


def wrap_raw_math(html: str) -> str:
    """Put the two marks around ``$…$`` in HTML that Markdown does not read."""
    if "$" not in html:
        return html
    return _IN_RAW_HTML.sub(lambda m: f"{MATH_BEGIN}{m['block'] or m['inline']}{MATH_END}", html)


def normalise_tex(tex: str) -> str:
    """TeX without what is not shown: white space, boxes for clozes, the backslash of ``\\$``."""
    tex = _replace_boxes(tex)
    tex = re.sub(r"\\vert(?![A-Za-z])", "|", tex)
    tex = re.sub(r"\\lbrace(?![A-Za-z])", r"\\{", tex)
    return re.sub(r"\s+", "", tex.replace("\\$", "$").replace("\u00a0", ""))


def _as_word(tex: str) -> str:
    return f" ⟦{normalise_tex(tex)}⟧ "


def _unwrap_latex(tex: str) -> str:
    tex = tex.strip()
    match = _LATEX_WRAPPERS.match(tex)
    return next((g for g in (match[1], match[3]) if g is not None), tex) if match else tex


def _replace_boxes(tex: str) -> str:
    while True:
        start = tex.find("\\boxed{")
        if start < 0:
            return tex
        end = _closing_brace(tex, start + len("\\boxed{"))
        inner = tex[start + len("\\boxed{") : end]
        tex = tex[:start] + inner + tex[end + 1 :]


def _closing_brace(tex: str, at: int) -> int:
    depth = 1
    while at < len(tex):
        if tex[at] == "\\":
            at += 2
            continue
        depth += {"{": 1, "}": -1}.get(tex[at], 0)
        if not depth:
            return at
        at += 1
    return at
