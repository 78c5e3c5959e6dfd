"""Converts Markdown to field HTML, as if it were typed in Anki's editor."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection

from ..field_style import AddressRule, ClozeRule, all_links, as_written
from ..html.footnotes import number_footnotes
from ..html.words import escape_text
from ..markdown.comment_lines import is_hidden
from ..markdown.parser import parse_line, parse_markdown
from ..text.media_kinds import media_by_name
from ..vault_names import no_link
from .block_writer import BlockWriter
from .line_writer import write_line
from .options import Writing
from .output import FieldOutput

_MARKUP = re.compile(
    r"[\n\\*_`~\[<&$|\x00-\x1f\x7f\x80-\x9f\ud800-\udfff]|==|%%|//|@|[wW]\.|[oO]:|[eE][lL]:|[pP]:"
    r"|^[ #>+=:\-]|^\d{1,9}[.)]"
)
_BLOCKS = re.compile(
    r"\n[ \t]*\n|[\t\r]|    |\$\$"
    r"|^ {0,3}(?:[-+*](?:\s|$)|\d{1,9}[.)]|\#|>|<|`{3}|~{3}|[-=|:]|\}\}"
    r"|[*_][ ]*[*_][ ]*[*_]|\[[^\]]+\]:)",
    re.MULTILINE,
)


def markdown_to_html(
    markdown: str,
    media: Callable[[str], str] = media_by_name,
    lowered: int = 2,
    link: Callable[[str], str] = no_link,
    clozes: ClozeRule = as_written,
    footnotes: Collection[str] = (),
    addresses: AddressRule = all_links,
) -> str:
    """The HTML of a field written as ``markdown``. Never raises.

    The inverse of ``html_to_markdown``: lines become ``<br>``, and a single paragraph has no
    element around it. Clozes stay as they are, and a highlight before ``%%c1::hint%%`` becomes one;
    ``[sound:…]`` and formulas in Anki's notation stay whole. ``media`` gives the media file for an
    embed's target; when it gives ``""``, the embed stays text. Headings rise by the ``lowered``
    levels by which the page lowered them. ``link`` gives the address of a wikilink's target; when
    it gives nothing, the link stays text. ``clozes`` decides what becomes a cloze, ``addresses``
    whether an address without its own text becomes a link. ``footnotes``: the labels whose texts
    stand elsewhere in the field.
    """
    if not _MARKUP.search(markdown):
        return escape_text(markdown.strip(" "))
    output = FieldOutput()
    writing = Writing(media, link, clozes, lowered, set(footnotes), addresses)
    if _BLOCKS.search(markdown):
        tokens = parse_markdown(markdown, writing.on_page, footnotes=writing.footnotes)
        BlockWriter(output, writing).write(tokens)
    else:
        tokens = parse_line(markdown, writing.on_page, writing.footnotes)
        write_line(tokens, output, writing, (0, int(is_hidden(tokens))))
    return number_footnotes(output.html())
