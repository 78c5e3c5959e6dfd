"""Writes the cards of a dynamic note as sections of its page."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from ..markdown.syntax import FENCE, HEADING_MARK, LIST_MARK
from ..segment import Segment, join_markdown
from ..to_markdown.converted_field import ConvertedField

CARD_LEVEL = 3

# Cannot be the text of a heading: lists, quotes, rules, tables, fences, formulas and embeds.
_BLOCK = re.compile(rf"{LIST_MARK} |> |[-+*_]{{3,}}$|\||{FENCE}|\$\$|!\[|<table")
_NOT_IN_HEADINGS = re.compile(r"[\x0b\x0c\x1c-\x1f\x85\ud800-\udfff]")  # read as blanks there
_LEVEL = re.compile(rf"{HEADING_MARK} ")
_CLOSING_MARKS = re.compile(r"(?:(?<=\s)|\A)(?=#+\Z)")
_UNSAFE = re.compile(r"[%\x00-\x1f\x7f-\x9f\u2028\u2029]|^ | $")


@dataclass(frozen=True)
class ConvertedCard:
    """A card of a dynamic note, with the Markdown of its two sides."""

    id: str
    front: ConvertedField
    back: ConvertedField


def render_cards(cards: Iterable[ConvertedCard]) -> list[str]:
    """The section of each card, as on the page."""
    texts = [render_card(card, position) for position, card in enumerate(cards, 1)]
    return [text.replace("\r\n", "\n").replace("\r", "\n") for text in texts]


def render_card(card: ConvertedCard, position: int) -> str:
    """The section of a card: ``### front``, a comment with its id, and the answer.

    When the front has several lines, the others stand between the heading and the comment. When a
    heading cannot hold its first line, the whole front stands there, below ``### Card <position>``.
    Headings in the front are lowered below the card's own.
    """
    front = [s for s in card.front.segments if s.markdown]
    heading = as_card_heading(front[0].markdown) if front else ""
    rest = front[1:] if heading else front
    parts = [f"### {heading or f'Card {position}'}"]
    if rest:
        gap = rest[0].gap if heading else "\n"
        parts.append(gap + join_markdown(map(_lower, rest)) + "\n")
    parts.append(f"\n{card_comment(card.id)}")
    back = join_markdown(map(_lower, card.back.segments))
    if back:
        parts.append(f"\n\n{back}")
    return "".join(parts)


def card_comment(card_id: str) -> str:
    """The comment between a card's front and its answer. Obsidian does not show it."""
    return f"%% card: {_UNSAFE.sub(_encode, card_id)} %%"


def as_card_heading(markdown: str) -> str:
    """The Markdown as the text of a heading; empty when no heading can hold it."""
    text = markdown[len(find_level(markdown)) :]
    if "\n" in text or _BLOCK.match(text) or _NOT_IN_HEADINGS.search(text):
        return ""
    return _CLOSING_MARKS.sub(r"\\", text)


def find_level(markdown: str) -> str:
    """The ``#`` marks of a segment that is a heading; else empty."""
    found = _LEVEL.match(markdown)
    return found.group() if found else ""


def lower_heading(markdown: str) -> str:
    """The Markdown of a segment within a card: a heading is lowered below the card's own."""
    level = find_level(markdown)
    return f"#{markdown}" if level and level != "###### " else markdown


def _lower(segment: Segment) -> Segment:
    return Segment(segment.html, lower_heading(segment.markdown), segment.gap)


def _encode(match: re.Match[str]) -> str:
    return "".join(f"%{byte:02X}" for byte in match.group().encode())
