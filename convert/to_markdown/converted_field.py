"""A field's HTML with its Markdown, converted once on first use."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property

from ..field_style import Clozes, FieldStyle
from ..segment import Segment, join_markdown
from .html_to_markdown import html_to_markdown

_USUAL_STYLE = FieldStyle()


@dataclass(frozen=True)
class ConvertedField:
    """The HTML of a field or a piece of it, with its Markdown in a style.

    It is converted on first use. ``done`` holds all that was converted, of this field and of those
    made from it, so that nothing is converted twice. Their styles differ only in how they show
    clozes: the key has both choices.
    """

    html: str
    style: FieldStyle = _USUAL_STYLE
    done: dict[tuple[str, Clozes, bool, bool], tuple[Segment, ...]] = field(
        default_factory=dict, repr=False, compare=False
    )

    @property
    def segments(self) -> tuple[Segment, ...]:
        """The slices of the HTML, each with its Markdown."""
        style = self.style
        key = self.html, style.clozes, style.cloze_lines, style.colours
        segments = self.done.get(key)
        if segments is None:
            segments = self.done[key] = html_to_markdown(self.html, self.style)
        return segments

    @cached_property
    def markdown(self) -> str:
        """The Markdown as pages show it."""
        return join_markdown(self.segments)

    # Not cached: Anki turns the garbage collector off, so there must be no reference cycle.
    @property
    def inline(self) -> ConvertedField:
        """The same field with its clozes shown in the text, not as an outline."""
        if self.style.clozes != "outline":
            return self
        return replace(self, style=replace(self.style, clozes="inline"))

    @property
    def older(self) -> ConvertedField:
        """The same field as pages showed it before clozes were highlighted line by line."""
        return replace(self, style=replace(self.style, cloze_lines=False))

    @property
    def recoloured(self) -> ConvertedField:
        """The same field as pages show it with the other choice about colours."""
        return replace(self, style=replace(self.style, colours=not self.style.colours))

    def having(self, html: str) -> ConvertedField:
        """The same field with other HTML."""
        return self if html == self.html else replace(self, html=html)
