"""Reads the cards on a dynamic note's page; refuses whatever is not certain."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import unquote

from ..markdown.canonical import canonical
from ..markdown.headings import Heading, find_headings
from ..markdown.parser import parse_markdown
from ..segment import Segment, join_markdown
from .cards import (
    CARD_LEVEL,
    ConvertedCard,
    as_card_heading,
    card_comment,
    find_level,
    lower_heading,
)
from .note import PageProblem
from .render import arm_markers

_COMMENT = re.compile(r"[ \t]*%%[ \t]*card:[ \t]*(\S.*?)[ \t]*%%[ \t]*")
_HEADING = re.compile(r"[ \t]*(#{4,6})(?=[ \t])")
_PLACE = re.compile(r"Card \d+|")
_VERBATIM = frozenset(("fence", "code_block", "html_block", "math_block", "math_block_label"))


@dataclass(frozen=True)
class CardSection:
    """A card on a page: the Markdown of its two fields.

    ``id`` is empty for a new card without one. ``front_line`` and ``back_line`` are the lines of
    the page where the two fields begin. ``has_comment``: the page itself contains the id.
    """

    id: str
    front: str
    back: str
    front_line: int
    back_line: int
    has_comment: bool = True


@dataclass(frozen=True)
class CardsReading:
    """The cards of a page. ``above`` is the text above the first card: the note's own fields.

    With ``problems`` there are no cards: nothing on the page counts as an edit.
    """

    above: str
    cards: tuple[CardSection, ...] = ()
    problems: tuple[PageProblem, ...] = ()


def read_cards(
    managed: str,
    first_line: int,
    before: Sequence[ConvertedCard],
    above: str = "",
) -> CardsReading:
    """Read the cards in the managed part of a dynamic note's page, in order.

    A comment identifies its card. A section without a comment is a new card: its heading is the
    front, the rest the answer. ``before`` are the cards as the page last showed them, ``above`` the
    text that stood above them then.
    """
    text = managed.replace("\r\n", "\n").replace("\r", "\n")
    finder = _Finder(text, {card.id: _Known(card) for card in before}, above)
    sections = list(finder.find())
    if not finder.problems:
        sections = list(finder.name_nameless(sections))
        finder.check_comments(sections)
    if finder.problems:
        problems = {PageProblem(each.line + first_line, each.text) for each in finder.problems}
        ordered = sorted(problems, key=lambda each: each.line)
        return CardsReading(finder.above, problems=tuple(ordered))
    return CardsReading(finder.above, tuple(finder.read(each, first_line) for each in sections))


@dataclass
class _Section:
    """The lines of one card, from 0. ``comment`` is its comment's line, else its heading's."""

    id: str
    heading: Heading
    comment: int
    end: int


class _Known:
    """A card as the page last showed it, and how its Markdown was changed for the page."""

    def __init__(self, card: ConvertedCard) -> None:
        front = [s for s in card.front.segments if s.markdown]
        back = [s for s in card.back.segments if s.markdown]
        self.front, self.back = join_markdown(front), join_markdown(back)
        self.heading = as_card_heading(front[0].markdown) if front else ""
        self.is_one_line = len(front) <= 1
        self.level = find_level(front[0].markdown) if front else ""
        self.opening = front[0].markdown if front else ""
        self.lowered = dict(_lowered_headings([*front, *back]))

    def has_heading(self, text: str) -> bool:
        """Whether this is the text of the card's heading on the last page."""
        if self.heading:
            return canonical(text) == canonical(self.heading)
        return bool(_PLACE.fullmatch(text))


def _lowered_headings(segments: Sequence[Segment]) -> Iterator[tuple[str, str]]:
    for segment in segments:
        if find_level(segment.markdown):
            yield lower_heading(segment.markdown), segment.markdown


@dataclass
class _Finder:
    text: str
    known: Mapping[str, _Known]
    above: str
    problems: list[PageProblem] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.lines = self.text.split("\n")
        self.headings = [h for h in find_headings(self.text) if not h.hidden]
        verbatim: set[int] = set()
        for token in parse_markdown(self.text):
            if token.type in _VERBATIM and token.map:
                verbatim.update(range(*token.map))
        found = ((n, _COMMENT.fullmatch(line)) for n, line in enumerate(self.lines))
        self.comments = {n: unquote(m[1]) for n, m in found if m and n not in verbatim}

    def find(self) -> Iterator[_Section]:
        """Find the sections, in order. Put the text above the first one in ``above``."""
        heads = [h for h in self.headings if h.level == CARD_LEVEL and not h.underlined]
        if not self.comments and not heads:
            self._tell(len(self.lines) - 1, "This note has no cards: begin each with “### …”.")
            return
        if not self.comments and self.known:
            self._tell(
                len(self.lines) - 1,
                "No card is left on this page: the comments “%% card: … %%” are gone. "
                "Put them back below the cards' headings; delete the note in Anki.",
            )
            return
        opening = self._find_opening(heads)
        if opening is None or (self.comments and min(self.comments) < opening):
            self._tell(min(self.comments), _NO_HEADING)
            return
        self.above = "\n".join(self.lines[:opening])
        heads = [h for h in heads if h.line >= opening]
        self._check_others(opening)
        seen: dict[str, int] = {}
        comments = sorted(self.comments)
        for heading, after in zip(heads, [*(h.line for h in heads[1:]), len(self.lines)]):
            inside = [n for n in comments if heading.line < n < after]
            for extra in inside[1:]:
                self._tell(extra, _NO_HEADING)
            id_ = self.comments[inside[0]] if inside else ""
            if id_ and id_ in seen:
                self._tell(
                    inside[0],
                    f"Two cards carry the id “{id_}”. To make this one a new card, delete its "
                    "comment.",
                )
            seen[id_] = heading.line
            yield _Section(id_, heading, inside[0] if inside else heading.end - 1, after)

    def _find_opening(self, heads: Sequence[Heading]) -> int | None:
        """The line of the first card's heading. It may have lost its comment, but not its words."""
        if not self.known:
            return heads[0].line if heads else None
        first = min(self.comments)
        above = [heading for heading in heads if heading.line < first]
        present = {*self.comments.values()}
        lost = {canonical(c.heading) for id_, c in self.known.items() if id_ not in present}
        known = {(h.level, canonical(h.text)) for h in find_headings(self.above)}
        opening = next((h for h in above if h.text and canonical(h.text) in lost), None)
        opening = opening or (above[-1] if above else None)
        for heading in above:
            new = (heading.level, canonical(heading.text)) not in known
            if opening and heading.line < opening.line and new:
                self._tell(
                    heading.line,
                    "This may be a new card, or a heading within the text above. Put a new card "
                    "below the first one; begin a heading within the text with “####”.",
                )
        return opening.line if opening else None

    def name_nameless(self, sections: Sequence[_Section]) -> Iterator[_Section]:
        """Find the card of each section whose comment was lost, where that is clear."""
        present = {section.id for section in sections}
        missing = {id_: card for id_, card in self.known.items() if id_ not in present}
        for section in sections:
            if not section.id and missing:
                section = self._name(section, missing)
            yield section

    def _name(self, section: _Section, missing: dict[str, _Known]) -> _Section:
        read = self.read(section, 0)
        # Compare fronts only: many cards have the answer “yes”, and reviews belong to one of them.
        same = [
            id_
            for id_, card in missing.items()
            if card.is_one_line and canonical(card.front) == canonical(read.front)
        ]
        if len(same) == 1:
            del missing[same[0]]
            return _Section(same[0], section.heading, section.comment, section.end)
        ids = " or ".join(f"“{card_comment(id_)}”" for id_ in list(missing)[:3])
        self._tell(
            section.heading.line,
            f"This may be a card whose comment was lost, or a new one. Put {ids} below its "
            "heading; to replace a card, take the old one away in one run and write the new one "
            "in the next.",
        )
        return section

    def check_comments(self, sections: Sequence[_Section]) -> None:
        """Check that no comment moved below another card's heading and took its reviews along."""
        headings = {section.id: section.heading.text for section in sections}
        fronts = {id_: f"\n{canonical(card.front)}\n" for id_, card in self.known.items()}
        for section in sections:
            text = section.heading.text
            front = f"\n{canonical(self.read(section, 0).front)}\n"
            owners = [id_ for id_, known in fronts.items() if known.strip() and known in front] or [
                id_ for id_, card in self.known.items() if card.has_heading(text)
            ]
            if section.id in owners or (section.id and section.id not in self.known):
                continue
            for id_ in owners:
                if id_ not in headings or not self.known[id_].has_heading(headings[id_]):
                    self._tell(
                        section.heading.line,
                        f"This was the heading of the card “{card_comment(id_)}”, which does not "
                        "stand below it any more. Put it back there, so that the card keeps its "
                        "reviews; a new card goes above a heading or below an answer.",
                    )

    def read(self, section: _Section, first_line: int) -> CardSection:
        """Read a section as the Markdown of the card's two fields."""
        known = self.known.get(section.id)
        heading = section.heading
        inner = (heading.end, section.comment) if section.id else (heading.end, heading.end)
        text = heading.text
        if known and known.heading and canonical(text) == canonical(known.heading):
            text = known.opening
        elif known and not known.heading and _PLACE.fullmatch(text):
            text = ""
        elif known and known.level:
            text = known.level + text
        start, end = self._trim(*inner)
        rest = self._raise("\n".join(self.lines[start:end]), known)
        gap = "\n" if start == heading.end else "\n\n"
        front = f"{text}{gap}{rest}" if text and rest else text or rest
        start, end = self._trim(section.comment + 1, section.end)
        back = self._raise("\n".join(self.lines[start:end]), known)
        front_line = heading.line if text else inner[0]
        return CardSection(
            section.id,
            arm_markers(front),
            arm_markers(back),
            front_line + first_line,
            start + first_line,
            section.comment >= heading.end,
        )

    def _raise(self, markdown: str, known: _Known | None) -> str:
        """Raise the headings within a card by one level: from the page's level to the field's."""
        if "####" not in markdown:
            return markdown
        lines = markdown.split("\n")
        for heading in find_headings(markdown):
            line = lines[heading.line]
            if known and line in known.lowered:
                lines[heading.line] = known.lowered[line]
            elif not heading.underlined:
                lines[heading.line] = _HEADING.sub(lambda m: m[1][1:], line)
        return "\n".join(lines)

    def _trim(self, start: int, end: int) -> tuple[int, int]:
        while start < end and not self.lines[start].strip(" \t"):
            start += 1
        while start < end and not self.lines[end - 1].strip(" \t"):
            end -= 1
        return start, end

    def _check_others(self, start: int) -> None:
        """Check that no other headings stand among the cards."""
        for heading in self.headings:
            if heading.line < start:
                continue
            if heading.underlined:
                self._tell(
                    heading.line,
                    "The line below this text makes it a heading. Leave a blank line between them.",
                )
            elif heading.level < CARD_LEVEL:
                self._tell(
                    heading.line,
                    "Among the cards, “###” begins a card and “####” a heading within one. The "
                    "fields of the note stand above its first card.",
                )

    def _tell(self, line: int, text: str) -> None:
        self.problems.append(PageProblem(line, text))


_NO_HEADING = "The heading “### …” of this card is gone. Put it back above its comment."
