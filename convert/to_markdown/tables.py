"""Writes tables as Markdown where possible, else as HTML."""

from __future__ import annotations

from collections.abc import Callable

from ..html.blocks import MATH, Code, Container, Line, Table
from .line_writer import render_runs
from .raw_html import html_block


def render_table(table: Table, render_code: Callable[[Code], str]) -> str:
    """Write a table. When it only lays out a code listing, write the listing."""
    if table.code:
        listing = _listing(table)
        if listing is not None:
            return render_code(listing)
    rows = [row for row in table.rows if row]
    if any(not _is_simple(cell) for row in rows for cell in row) or table.captions:
        return html_block(table)
    lines = [[_cell(cell) for cell in row] for row in rows]
    if not any(any(cells) for cells in lines):
        return ""
    width = max(len(cells) for cells in lines)
    lines = [cells + [""] * (width - len(cells)) for cells in lines]
    printed = ["| " + " | ".join(cells) + " |" for cells in lines]
    printed.insert(1, "|" + " --- |" * width)
    return "\n".join(printed)


def _is_simple(cell: Container) -> bool:
    return not cell.spans and all(isinstance(block, Line) for block in cell.blocks)


def _cell(cell: Container) -> str:
    parts: list[str] = []
    for block in cell.blocks:
        if isinstance(block, Line):
            below: list[str] = []
            text = render_runs(block.runs, below, cell=True)
            parts += [text, *(embed.replace("|", "\\|") for embed in below)]
    return "<br>".join(part for part in parts if part)


def _listing(table: Table) -> Code | None:
    """The code in the last column of a table with line numbers."""
    lines: list[str] = []
    language = ""
    for row in table.rows:
        if not row:
            continue
        for block in row[-1].blocks:
            if isinstance(block, Code):
                lines.append(block.text)
                language = language or block.language
            elif isinstance(block, Line):
                if any(run.kind == MATH for run in block.runs):
                    return None
                lines.append("".join(run.text for run in block.runs).replace("\xa0", " "))
    if not lines:
        return None
    return Code(table.first, table.last, 2, "\n".join(lines).rstrip(), language)
