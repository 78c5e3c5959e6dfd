"""A field's HTML beside its Markdown: converted once, and handed on."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property

from ..field_style import Clozes, FieldStyle
from ..segment import Segment, join_markdown
from .html_to_markdown import html_to_markdown

_USUAL_STYLE = FieldStyle()


@dataclass(frozen=True)
class ConvertedField:
    """The HTML of a field, or a piece of it, and what it reads as in a style.

    It is converted when that is first asked for. What was converted once, of this field or of
    those made from it, is in ``done`` and is not converted again. Their styles differ in how they
    show clozes, and in nothing else.
    """

    html: str
    style: FieldStyle = _USUAL_STYLE
    done: dict[tuple[str, Clozes], tuple[Segment, ...]] = field(
        default_factory=dict, repr=False, compare=False
    )

    @property
    def segments(self) -> tuple[Segment, ...]:
        """The slices of the HTML, each with its Markdown."""
        key = self.html, self.style.clozes
        segments = self.done.get(key)
        if segments is None:
            segments = self.done[key] = html_to_markdown(self.html, self.style)
        return segments

    @cached_property
    def markdown(self) -> str:
        """The Markdown as pages show it."""
        return join_markdown(self.segments)

    # Not cached: Anki's garbage collector is off, so nothing may lead back to itself.
    @property
    def inline(self) -> ConvertedField:
        """The same field with its clozes shown in the text, not as an outline."""
        if self.style.clozes != "outline":
            return self
        return replace(self, style=replace(self.style, clozes="inline"))

    def having(self, html: str) -> ConvertedField:
        """The same field with other HTML."""
        return self if html == self.html else replace(self, html=html)
