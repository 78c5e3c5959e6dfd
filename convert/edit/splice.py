"""Inserts and removes pieces of HTML between a field's segments, formatted as their neighbours."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Literal

from ..html.comments import is_comment_line, place_comment, without_comment_line
from ..html.elements import HEADINGS, INLINE, LISTS
from ..html.tokens import VOID
from ..markdown.syntax import is_item, is_numbered
from ..patch.atoms import TAG, read_atoms
from .units import Unit

Way = Literal["after", "before", "apart"]  # the neighbour to follow, or outside of formatting

_BREAK_AT_END = re.compile(r"<br\b[^<>]*>\s*$", re.IGNORECASE)
_WRAPPED_LINE = re.compile(r"\s*<(div|p)\b[^<>]*>.*</\1>\s*$", re.IGNORECASE | re.DOTALL)
_LIST_END = re.compile(r"</(?:ul|ol|menu|dir)>\s*(?:</div>\s*|<br>\s*)*$", re.IGNORECASE)
_LIST_START = re.compile(r"\s*(?:<div\b[^<>]*>\s*)*<(?:ul|ol|menu|dir)\b[^<>]*>", re.IGNORECASE)
_ITEM = re.compile(r"\s*<li\b", re.IGNORECASE)
_BLOCK_END = re.compile(
    r"</(?:div|p|ul|ol|dl|table|blockquote|pre|h[1-6]|details|figure)>\s*$|<hr\b[^<>]*>\s*$",
    re.IGNORECASE,
)
_BLOCK_START = re.compile(
    r"\s*<(?:div|p|ul|ol|dl|table|blockquote|pre|h[1-6]|hr|details|figure)\b", re.IGNORECASE
)
_START = re.compile(r"[0-9]+")
_BLANK = re.compile(
    r"\s*(?:<br\b[^<>]*>|<(div|p)\b[^<>]*>\s*<br\b[^<>]*>\s*</\1>)\s*$", re.IGNORECASE
)
_PARTS = re.compile(r"</?(?:br|hr|div|p|ul|ol|dl|table|blockquote|pre|h[1-6])\b", re.IGNORECASE)
_CELLS = frozenset(("td", "th"))
_FORMATTING = INLINE | LISTS | frozenset(HEADINGS) | {"p"}
_EMPTY_PAIR = re.compile(r"^\s*<((?!td|th)[a-zA-Z][^\s/>]*)(?:\s[^<>]*)?>\s*</\1>")
_EMPTY_START = re.compile(r"<([a-zA-Z][^\s/<>]*)(?:\s[^<>]*)?>\s*$")
_EMPTY_END = re.compile(r"\s*</([a-zA-Z][^\s/<>]*)\s*>")


def is_blank(html: str) -> bool:
    """Whether a slice is a blank line."""
    return _BLANK.match(html) is not None


class Slices:
    """The slices of a field while it is edited; joined, they are the field."""

    def __init__(self, html: Sequence[str], markdown: Sequence[str]) -> None:
        self.html = list(html)
        self.markdown = list(markdown)

    def copy(self) -> Slices:
        """A copy that can be changed independently."""
        return Slices(self.html, self.markdown)

    def joined(self) -> str:
        """The field."""
        return "".join(self.html)

    def shown(self, index: int, step: int) -> int | None:
        """The next slice that shows something, from ``index`` on."""
        while 0 <= index < len(self.html):
            if self.markdown[index] and self.html[index]:
                return index
            index += step
        return None

    def remove(self, index: int) -> None:
        """Remove a slice. Its tags around other slices stay; elements that only it filled go."""
        comment = without_comment_line(self.html[index])
        if comment is not None:
            self.html[index], self.markdown[index] = comment, ""
            return
        self.html[index] = unbalanced(self.html[index])
        self.markdown[index] = ""
        self._close_emptied(index)
        self._join_blanks(index)
        self._close_emptied(index)
        before = self.shown(index - 1, -1)
        if before is not None and self.shown(index + 1, 1) is None:
            self._end_with(before)

    def keep_apart(self, before: int, after: int) -> None:
        """Keep two lines separate after the block between them was removed."""
        between = "".join(self.html[before + 1 : after])
        if self._ends_line(before) or self._starts_block(after) or _PARTS.search(between):
            return
        self.html[before] += "<br><br>"

    def drop_blanks(self, before: int, after: int) -> None:
        """Remove the blank lines between two lines that the page shows without one."""
        for index in range(before + 1, after):
            if self._is_blank(index):
                self.html[index] = ""

    def _end_with(self, last: int) -> None:
        """Remove the break after the last line, which needs none."""
        for index in range(last + 1, len(self.html)):
            if is_blank(self.html[index]):
                self.html[index] = ""
        self.html[last] = _BREAK_AT_END.sub("", self.html[last])

    def _join_blanks(self, index: int) -> None:
        """Keep one of the blank lines on both sides; at an end of the field, none."""
        before = self._neighbour(index, -1)
        after = self._neighbour(index, 1)
        blank_before = before is not None and self._is_blank(before)
        blank_after = after is not None and self._is_blank(after)
        if blank_after and after is not None and (blank_before or before is None):
            self.html[after] = ""
        elif blank_before and before is not None and after is None:
            self.html[before] = ""

    def _neighbour(self, index: int, step: int) -> int | None:
        index += step
        while 0 <= index < len(self.html):
            if self.html[index]:
                return index
            index += step
        return None

    def _is_blank(self, index: int) -> bool:
        return not self.markdown[index] and is_blank(self.html[index])

    def _close_emptied(self, index: int) -> None:
        """Remove the elements around a slice that are empty now."""
        while True:
            before = self._neighbour(index, -1)
            after = index if self.html[index] else self._neighbour(index, 1)
            if before is None or after is None:
                return
            if not self.markdown[after]:
                self.html[after] = _EMPTY_PAIR.sub("", self.html[after])
            start = _EMPTY_START.search(self.html[before])
            end = _EMPTY_END.match(self.html[after])
            if not start or not end or start[1].lower() != end[1].lower():
                return
            if start[1].lower() in VOID or start[1].lower() in _CELLS:
                return
            self.html[before] = self.html[before][: start.start()]
            self.html[after] = self.html[after][end.end() :]

    def insert(
        self,
        units: Sequence[Unit],
        before: int | None,
        after: int | None,
        way: Way,
        apart: bool = False,
    ) -> None:
        """Insert units between the shown slices ``before`` and ``after``; None: at that end.

        ``apart``: a blank line must follow them.
        """
        shown = units[-1].kind == "line" and not is_comment_line(units[-1].html)
        if apart and after is not None and shown:
            behind = 0 if before is None else before + 1
            apart = not any(self._is_blank(index) for index in range(behind, after))
            if apart and not self._starts_block(after):
                units = [*units[:-1], replace(units[-1], html=units[-1].html + "<br>")]
        start = 0
        while start < len(units):
            first, stop, length = units[start], start + 1, len(self.html)
            if first.kind != "item":
                before = self._insert_plain(first, before, after, way)
            else:
                while stop < len(units) and _same_list(first, units[stop]):
                    stop += 1
                last = stop == len(units)
                before = self._insert_items(units[start:stop], before, after, way, last)
            start = stop
            if after is not None:
                after += len(self.html) - length

    def _insert_items(
        self,
        units: Sequence[Unit],
        before: int | None,
        after: int | None,
        way: Way,
        last: bool,
    ) -> int:
        items = "".join(unit.html for unit in units)
        markdown = units[-1].markdown
        ordered = is_numbered(markdown)
        if before is not None and way == "after" and self._takes_item(before, ordered):
            end = _LIST_END.search(self.html[before])
            if end is None:
                return self._add(before + 1, items, markdown)
            html = self.html[before]
            self.html[before] = html[: end.start()] + items + html[end.start() :]
            return before
        if last and after is not None and way != "apart" and self._takes_item(after, ordered):
            start = _LIST_START.match(self.html[after])
            if start is None:
                return self._add(after, items, markdown)
            html = self.html[after]
            self.html[after] = html[: start.end()] + items + html[start.end() :]
            return after
        tag = units[0].list_tag
        return self._put(f"{tag}{items}</{tag[1:3]}>", markdown, before, after, way)

    def _takes_item(self, index: int, ordered: bool) -> bool:
        markdown, html = self.markdown[index], self.html[index]
        if not is_item(markdown) or is_numbered(markdown) != ordered:
            return False
        return bool(_ITEM.match(html) or (_LIST_START.match(html) and _LIST_END.search(html)))

    def _insert_plain(self, unit: Unit, before: int | None, after: int | None, way: Way) -> int:
        if unit.kind == "block":
            return self._put(unit.html, unit.markdown, before, after, way)
        if is_comment_line(unit.html):
            return self._insert_comment(unit, before, after, way)
        apart = len(unit.gap) > 1
        model = before if before is not None else after
        wrapped = _WRAPPED_LINE.match(self.html[model]) if model is not None else None
        if wrapped is not None and model is not None and not is_item(self.markdown[model]):
            tag = wrapped[1].lower()
            line = f"<{tag}>{unit.html}</{tag}>"
            if tag == "div" and apart and before is not None:
                line = "<div><br></div>" + line
            return self._put(line, unit.markdown, before, after, way)
        html = unit.html
        if before is not None:
            ends = self._ends_line(before)
            html = "<br>" * ((not ends) + (apart and not self._ends_block(before))) + html
        if after is not None and not self._starts_block(after):
            html += "<br>"
        return self._put(html, unit.markdown, before, after, way)

    def _insert_comment(self, unit: Unit, before: int | None, after: int | None, way: Way) -> int:
        """Insert a comment on its own line, which makes no line on the card."""
        if before is not None and after is not None and is_item(self.markdown[after]):
            item = self.html[before]
            if item.endswith("</li>") and way == "after":
                self.html[before] = item[:-5] + place_comment(unit.html, 1, 0) + "</li>"
                return before
        ends = before is None or self._ends_line(before)
        html = place_comment(unit.html, 0, 1) if ends else place_comment(unit.html, 1, 0)
        return self._put(html, unit.markdown, before, after, way)

    def _put(
        self, html: str, markdown: str, before: int | None, after: int | None, way: Way
    ) -> int:
        if way == "apart":
            at = after if before is None and after is not None else (before or 0) + 1
            return self._add(at, self._part(at, html, after), markdown)
        return self._add(self._place(before, after, way), html, markdown)

    def _part(self, at: int, html: str, after: int | None) -> str:
        """Close formatting and lists at a place, and open them again after it."""
        opened = open_tags("".join(self.html[:at]))
        first = next((i for i, (name, _) in enumerate(opened) if name in _FORMATTING), len(opened))
        inner = opened[first:]
        below = self.markdown[after] if after is not None else ""
        number = _START.match(below) if is_numbered(below) else None
        again = [
            f'<ol start="{int(number[0])}">' if name == "ol" and number else tag
            for name, tag in inner
        ]
        closing = "".join(f"</{name}>" for name, _ in reversed(inner))
        return closing + html + "".join(again)

    def _place(self, before: int | None, after: int | None, way: Way) -> int:
        """The place directly after the slice before, unless that is in a list."""
        if before is not None and way == "after" and not is_item(self.markdown[before]):
            return before + 1
        if after is None:
            return len(self.html)
        if not is_item(self.markdown[after]) or before is not None:
            return after
        at = after
        while at > 0 and not self.markdown[at - 1]:
            at -= 1
        return at

    def _ends_line(self, index: int) -> bool:
        return bool(_BREAK_AT_END.search(self.html[index])) or self._ends_block(index)

    def _ends_block(self, index: int) -> bool:
        return bool(_BLOCK_END.search(self.html[index])) or is_item(self.markdown[index])

    def _starts_block(self, index: int) -> bool:
        return bool(_BLOCK_START.match(self.html[index])) or is_item(self.markdown[index])

    def _add(self, at: int, html: str, markdown: str) -> int:
        self.html.insert(at, html)
        self.markdown.insert(at, markdown)
        return at


def _same_list(one: Unit, other: Unit) -> bool:
    return other.kind == "item" and is_numbered(other.markdown) == is_numbered(one.markdown)


def _read_tags(html: str) -> Iterator[tuple[str, str]]:
    """The tags that open or close an element, each with the element's name."""
    for atom in read_atoms(html, False):
        if atom.kind == TAG and atom.name != "!":
            name = _name(atom.source)
            if name not in VOID:
                yield name, atom.source


def open_tags(html: str) -> list[tuple[str, str]]:
    """The elements open at the end of ``html``: their names and their start tags."""
    opened: list[tuple[str, str]] = []
    for name, tag in _read_tags(html):
        if not tag.startswith("</"):
            if name in ("li", "p") and opened and opened[-1][0] == name:
                opened.pop()
            opened.append((name, tag))
            continue
        for index in range(len(opened) - 1, -1, -1):
            if opened[index][0] == name:
                del opened[index]
                break
    return opened


def unbalanced(html: str) -> str:
    """The tags of a slice that open or close something outside of it."""
    kept: list[str] = []
    opened: list[tuple[str, int]] = []
    for name, tag in _read_tags(html):
        if not tag.startswith("</"):
            opened.append((name, len(kept)))
            kept.append(tag)
        elif opened and opened[-1][0] == name:
            del kept[opened.pop()[1] :]
        else:
            kept.append(tag)
            opened.append((" ", len(kept) - 1))
    return "".join(kept)


def _name(tag: str) -> str:
    return re.split(r"[\s/>]", tag.lstrip("</"), maxsplit=1)[0].lower()
