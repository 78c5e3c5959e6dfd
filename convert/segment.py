"""A piece of a field: a slice of its HTML and the Markdown for it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple


class Segment(NamedTuple):
    """A slice of a field's HTML and the Markdown that shows it.

    The ``html`` of all segments, joined, is the field byte for byte. ``markdown`` is empty for
    slices that show nothing (a comment, a blank line). ``gap`` separates the segment's Markdown
    from the Markdown before it: nothing, one line break, or a blank line.
    """

    html: str
    markdown: str
    gap: str = "\n\n"


def join_markdown(segments: Iterable[Segment]) -> str:
    """The Markdown of a field, without leading or trailing line breaks."""
    parts: list[str] = []
    for segment in segments:
        if not segment.markdown:
            continue
        if parts:
            parts.append(segment.gap)
        parts.append(segment.markdown)
    return "".join(parts)
