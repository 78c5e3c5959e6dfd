"""Reads the words of a field, on one line."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..field_style import FieldStyle
from ..text.tex_words import tex_words
from .blocks import ASIDE, MATH, PICTURES, Block, Code, Container, Line, ListBlock, Run, Table
from .blocks import COMMENT as COMMENT_RUN
from .clozes import open_clozes
from .tokens import tokenize
from .tree import build_tree

_STYLE = FieldStyle()
_MARKUP = re.compile(r"[<&\\\[{\x00-\x20\x7f-\xa0\ud800-\udfff]")
_ONLY_SPACES = re.compile(r"[^<&\\\[{\x00-\x1f\x7f-\xa0\ud800-\udfff]*")
_BREAK = re.compile(r"</?p>|<br>|&nbsp;")
# The text of a cloze is shown, not its hint.
_CLOZE = re.compile(
    r"\{\{c[1-9][0-9]{0,2}::((?:[^<&\\\[{}:]|</?(?:b|i|u|em|strong)>)+)(?:::[^<&\\\[{}:]*)?\}\}"
)
_SIMPLE = re.compile(r"</?(?:b|i|u|em|strong)>")  # such tags change no word
# A block begins and ends a line where its end follows: one that is not open would end none.
_DIV = re.compile(r"<div>([^<]*)</div>")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f\ud800-\udfff]")


def plain_text(html: str) -> str:
    """The words that a reader sees, in order, with single spaces between them.

    A cloze shows its text, a formula is read as ``tex_words`` does; media, scripts and hidden parts
    are left out.
    """
    simple = html
    if "{" in simple:
        simple = _CLOZE.sub(r"\1", simple)
    if "<" in simple:
        simple = _DIV.sub(r" \1 ", _SIMPLE.sub("", _BREAK.sub(" ", simple)))
    if _ONLY_SPACES.fullmatch(simple) and "}" not in simple:
        return " ".join(simple.split())
    html = _CONTROL.sub("", html)
    tokens = open_clozes(html, tokenize(html, clozes=True))
    words: list[str] = []
    _collect(build_tree(html, tokens, {}, _STYLE, box="%s"), words)
    return " ".join("".join(words).split())


def _collect(blocks: Sequence[Block], words: list[str]) -> None:
    for block in blocks:
        if isinstance(block, Line):
            words += [_run_text(run) for run in block.runs]
        elif isinstance(block, Code):
            words.append(block.text)
        elif isinstance(block, ListBlock):
            _collect(block.items, words)
        elif isinstance(block, Container):
            _collect(block.blocks, words)
        elif isinstance(block, Table):
            for row in (block.captions, *block.rows):
                _collect(row, words)
        words.append(" ")


def _run_text(run: Run) -> str:
    if run.kind in (*PICTURES, COMMENT_RUN, ASIDE):
        return ""
    if run.kind == MATH:
        return tex_words(run.text)
    return run.text or " "
