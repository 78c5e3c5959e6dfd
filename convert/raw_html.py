"""Blocks → clean HTML, for what Markdown cannot say: complex tables, ``<details>``."""

from __future__ import annotations

from collections.abc import Sequence

from .blocks import Block, Code, Container, Line, ListBlock, Rule, Table
from .escape import escape_html
from .inline import render_html


def html_block(block: Block) -> str:
    """A block as HTML without blank lines, its media as embeds on the lines below."""
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
    if block.kind == "quote":
        return f"<blockquote>{text}</blockquote>"
    if block.kind in ("details", "summary"):
        opened = " open" if block.opened else ""
        return f"<{block.kind}{opened}>{text}</{block.kind}>"
    return text


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
