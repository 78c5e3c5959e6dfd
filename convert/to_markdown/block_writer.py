"""Writes blocks as Markdown."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..html.blocks import (
    CHECKBOX,
    MATH,
    TEXT,
    Block,
    Code,
    Container,
    Line,
    ListBlock,
    Rule,
    Run,
    Table,
)
from .line_writer import render_runs
from .raw_html import html_block, split_title
from .tables import render_table

_GAPS = {0: "", 1: "\n", 2: "\n\n"}
_BACKTICKS = re.compile("`{3,}")
_LEADING_TABS = re.compile(r"^\t+")
_ENUMERATOR = re.compile(r"^\s*\d+[.)]\s*$")
_INTERRUPTS = re.compile(r"(?:[-*]|1[.)]) \S")
_TRAILING_HASHES = re.compile(r"(?:(?<=\s)|^)(#+)$")


def render_blocks(blocks: Sequence[Block]) -> str:
    """The Markdown of a sequence of blocks."""
    parts: list[str] = []
    before: Block | None = None
    for block in blocks:
        text = render_block(block, before)
        if not text:
            continue
        if parts:
            loose = isinstance(block, ListBlock) and not _INTERRUPTS.match(text)
            parts.append("\n\n" if loose else gap_before(block))
        parts.append(text)
        before = block
    return "".join(parts)


def gap_before(block: Block) -> str:
    """The separator between a block and the one before."""
    return _GAPS[block.gap]


def render_block(block: Block, before: Block | None = None) -> str:
    """The Markdown of one block; ``before`` is the block before it."""
    if isinstance(block, Line):
        return render_line(block)
    if isinstance(block, ListBlock):
        marker = list_marker(block, before)
        return "\n".join(render_items(block, marker))
    if isinstance(block, Code):
        return render_code(block)
    if isinstance(block, Table):
        return render_table(block, render_code)
    if isinstance(block, Rule):
        return "---"
    if block.kind == "quote":
        return quote_lines(_callout(block) if block.callout else render_blocks(block.blocks))
    if block.kind == "note" and block.label:
        return _note(block)
    return html_block(block)


def render_line(line: Line) -> str:
    """A line of text or a heading, with the embeds that have to stand below it."""
    below: list[str] = []
    if line.level:
        text = heading_text(line.runs, below)
        text = f"{'#' * line.level} {text}" if text else ""
    else:
        text = render_runs(line.runs, below)
    return "\n".join([text, *below] if text else below)


def heading_text(runs: Sequence[Run], below: list[str]) -> str:
    """The text of a heading, with hash signs at its end kept."""
    text = render_runs(runs, below, line_start=False).lstrip("\xa0 ")
    return _TRAILING_HASHES.sub(r"\\\1", text) if "#" in text[-2:] else text


def list_marker(block: ListBlock, before: Block | None) -> str:
    """The marker of a list; differs from that of a similar list directly before it."""
    usual, other = (".", ")") if block.ordered else ("-", "*")
    if isinstance(before, ListBlock) and before.ordered == block.ordered:
        return other if before.marker == usual else usual
    return usual


def render_items(block: ListBlock, marker: str) -> list[str]:
    """The items of a list, each with its whole content."""
    block.marker = marker
    items = []
    number = block.start
    for item in block.items:
        number = item.number if item.number is not None else number
        head = f"{max(number, 0)}{marker} " if block.ordered else f"{marker} "
        items.append(render_item(item, head))
        number += 1
    return items


def render_item(item: Container, head: str) -> str:
    """One item after its marker; its further lines are indented with tabs."""
    blocks = list(item.blocks)
    first = blocks[0] if blocks else None
    if isinstance(first, Line) and first.runs[0].kind == CHECKBOX and len(first.runs) > 1:
        head += "[x] " if first.runs[0].text == "x" else "[ ] "
        blocks[0] = Line(first.first, first.last, first.gap, first.runs[1:], first.level)
    text = render_blocks(blocks)
    if isinstance(first, Line) and re.match(r"\[.\](\s|$)", text):
        text = "\\" + text
    if not text:
        return head.rstrip()
    if isinstance(first, (Table, ListBlock, Rule)):
        text = "\n" + text
    indent = "\t" if len(head) <= 4 or head[0] in "-*" else "\t\t"
    lines = [indent + line if line else "" for line in text.split("\n")]
    lines[0] = (head + lines[0].lstrip("\t")).rstrip()
    return "\n".join(lines)


def _note(note: Container) -> str:
    """A footnote's text after its label, with its further lines indented."""
    text = render_blocks(note.blocks)
    if text and not isinstance(note.blocks[0], (Line, Container)):
        text = "\n" + text
    lines = [f"    {line}" if line else "" for line in text.split("\n")]
    lines[0] = f"[^{note.label}]: {lines[0].lstrip()}".rstrip()
    return "\n".join(lines)


def _callout(block: Container) -> str:
    """A callout's mark and title, and the content below them."""
    assert block.callout is not None
    title, blocks = split_title(block)
    below: list[str] = []
    shown = render_runs(title.runs, below, line_start=False) if title else ""
    head = f"{block.callout.mark} {shown}".rstrip()
    body = "\n".join(part for part in (*below, render_blocks(blocks)) if part)
    first = blocks[0] if blocks else None
    interrupts = below or not isinstance(first, (ListBlock, Rule))
    gap = "\n" if interrupts or _INTERRUPTS.match(body) else "\n\n"
    return f"{head}{gap}{body}" if body else head


def quote_lines(text: str) -> str:
    """Text as a block quote. Indents become spaces: a tab would be narrower after ``> ``."""
    lines = text.split("\n") if text else []
    return "\n".join(f"> {_LEADING_TABS.sub(_widen, line)}" if line else ">" for line in lines)


def _widen(tabs: re.Match[str]) -> str:
    return "    " * len(tabs[0])


def render_code(block: Code) -> str:
    """A fenced block. Its fence is longer than any run of backticks inside."""
    longest = max((len(ticks) for ticks in _BACKTICKS.findall(block.text)), default=2)
    fence = "`" * (longest + 1)
    return f"{fence}{block.language}\n{block.text}\n{fence}"


def says_something(runs: Sequence[Run]) -> bool:
    """Whether runs contain a formula, a letter or a digit, other than the number of a list."""
    if any(run.kind == MATH for run in runs):
        return True
    text = "".join(run.text for run in runs if run.kind == TEXT)
    return any(char.isalnum() for char in _ENUMERATOR.sub("", text))
