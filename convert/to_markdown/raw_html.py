"""Writes blocks as clean HTML where Markdown has no syntax: complex tables, ``<details>``."""

from __future__ import annotations

from collections.abc import Sequence

from ..html.blocks import TEXT, Block, Code, Container, Line, ListBlock, Rule, Table
from ..html.footnotes import NOTE_END, note_start
from ..markdown.escape import escape_html
from .line_writer import render_html


def html_block(block: Block) -> str:
    """A block as HTML without blank lines, with its media as embeds on the lines below."""
    below: list[str] = []
    text = _block(block, below)
    return "\n\n".join([text, *below] if text else below)


def _blocks(blocks: Sequence[Block], below: list[str]) -> str:
    parts: list[str] = []
    after_line = False
    for block in blocks:
        text = _block(block, below)
        if not text:
            continue
        is_line = isinstance(block, Line) and not block.level
        if after_line and is_line:
            parts.append("<br><br>" if block.gap == 2 else "<br>")
        parts.append(text)
        after_line = is_line
    return "".join(parts)


def _block(block: Block, below: list[str]) -> str:
    if isinstance(block, Line):
        text = render_html(block.runs, below).strip(" ")
        return f"<h{block.level}>{text}</h{block.level}>" if block.level and text else text
    if isinstance(block, Code):
        code = escape_html(block.text).replace("\n", "&#10;")
        return f"<pre><code>{code}</code></pre>"
    if isinstance(block, Rule):
        return "<hr>"
    if isinstance(block, ListBlock):
        name = "ol" if block.ordered else "ul"
        start = f' start="{block.start}"' if block.ordered and block.start != 1 else ""
        items = "".join(f"<li>{_blocks(item.blocks, below)}</li>" for item in block.items)
        return f"<{name}{start}>{items}</{name}>"
    if isinstance(block, Table):
        return _table(block, below)
    return _container(block, below)


def _container(block: Container, below: list[str]) -> str:
    text = _blocks(block.blocks, below)
    if block.kind == "quote" and block.callout:
        title, blocks = split_title(block)
        shown = (
            render_html(title.runs, below) if title else escape_html(block.callout.default_title)
        )
        return f"{block.callout.start}{shown}</div>{_blocks(blocks, below)}</blockquote>"
    if block.kind == "quote":
        return f"<blockquote>{text}</blockquote>"
    if block.label is not None:
        return f"{note_start(block.label)}{text}{NOTE_END}"
    if block.kind in ("details", "summary"):
        opened = " open" if block.opened else ""
        return f"<{block.kind}{opened}>{text}</{block.kind}>"
    return text


def split_title(block: Container) -> tuple[Line | None, Sequence[Block]]:
    """A callout's own title, and the content below it."""
    callout, blocks = block.callout, block.blocks
    first = blocks[0] if blocks else None
    if callout is None or (not callout.framed and callout.untitled):
        return None, blocks
    if not callout.framed:
        return (first, blocks[1:]) if isinstance(first, Line) else (None, blocks)
    if not isinstance(first, Container) or first.kind != "title":
        return None, blocks
    title = first.blocks[0]
    if not isinstance(title, Line):
        return None, [*first.blocks, *blocks[1:]]
    below = [*first.blocks[1:], *blocks[1:]]
    words = [run for run in title.runs if run.kind != TEXT or run.marks]
    text = "".join(run.text for run in title.runs).strip()
    if callout.untitled and not words and text == callout.default_title:
        return None, below
    return title, below


def _table(table: Table, below: list[str]) -> str:
    lines = ["<table>"]
    for caption in table.captions:
        lines.append(f"<caption>{_blocks(caption.blocks, below)}</caption>")
    for row in table.rows:
        cells = []
        for cell in row:
            name = "th" if cell.header else "td"
            cells.append(f"<{name}{cell.spans}>{_blocks(cell.blocks, below)}</{name}>")
        if cells:
            lines.append(f"<tr>{''.join(cells)}</tr>")
    return "\n".join([*lines, "</table>"])
