"""Reads clozes over several lines as older versions wrote them, without a mark in each line."""

from __future__ import annotations

from ..to_markdown.converted_field import ConvertedField
from .cloze_lines import has_cloze_lines
from .line_carry import carry_lines
from .regions import read_keys


def respell_older(field: ConvertedField, markdown: str) -> tuple[str, list[int]]:
    """A page's text with the clozes that an older version wrote spelled as today.

    The second result is the line of ``markdown``, from 1, for each line of the first. Lines that
    were edited stay as they are.
    """
    lines = list(range(1, markdown.count("\n") + 2))
    if not ("{{c" in markdown or "<br>" in markdown) or not has_cloze_lines(field.markdown):
        return markdown, lines
    older = field.older.markdown
    if older == field.markdown:
        return markdown, lines
    return carry_lines(older, field.markdown, markdown, lambda line: "\n".join(read_keys(line)))
