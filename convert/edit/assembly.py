"""Builds an edited field from its old slices and the new text of its edited regions."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from ..patch.atoms import CHAR, THING, read_atoms
from ..patch.patch import patch_html
from .edited_field import FieldText
from .pairing import pair_units
from .regions import Region, read_keys
from .reshape import reshape
from .splice import Slices, Way, unbalanced
from .units import Unit, cut_unit

_OPENING = re.compile(r"(?:\s*<(?:div|p|li|ul|ol)\b[^<>]*>)*", re.IGNORECASE)
_CLOSING = re.compile(r"(?:</(?:div|p|li|ul|ol)>|<br\b[^<>]*>)$", re.IGNORECASE)
_ITEM = re.compile(r"<li>(.*)</li>", re.DOTALL)
_WORD = re.compile(r"\w+")


class Plan(NamedTuple):
    """One way to carry a region's edit over.

    ``patch`` changes the HTML word by word, in the ``whole`` region at once or segment by segment.
    ``way`` is the place for new text. ``rewrite`` writes the whole region anew.
    """

    patch: bool = True
    whole: bool = False
    way: Way = "after"
    rewrite: bool = False


class Assembler:
    """Carries over the regions of one field, each according to its plan."""

    def __init__(self, text: FieldText) -> None:
        self._text = text
        self._segments = text.segments
        self._by_text: dict[tuple[str, ...], str] | None = None

    def assemble(self, plans: Sequence[Plan]) -> str:
        """The field, with one plan for each region."""
        slices = Slices([s.html for s in self._segments], [s.markdown for s in self._segments])
        for number in range(len(plans) - 1, -1, -1):  # from the end: the indexes before stay valid
            self._apply(slices, number, plans[number])
        return slices.joined()

    def _apply(self, slices: Slices, number: int, plan: Plan) -> None:
        old = self._text.old(number)
        if not self._text.shown:
            self._fill(slices, number, plan)
        elif plan.rewrite:
            for index in old[1:]:
                slices.remove(index)
            slices.html[old[0]] = self._text.new_html(number)
        else:
            whole = old and plan.patch and (plan.whole or self._fits_whole(number))
            if not (whole and self._patch_whole(slices, number)):
                self._apply_pairs(slices, number, plan)

    def _fill(self, slices: Slices, number: int, plan: Plan) -> None:
        """Fill a field that shows nothing yet; remove slices that only made blank lines."""
        html, kept = self._text.new_html(number), slices.joined()
        if plan.way == "before":
            html += kept
        elif plan.way == "apart" or any(
            atom.kind in (CHAR, THING) or atom.name == "!" for atom in read_atoms(kept, False)
        ):
            html = kept + html
        slices.html, slices.markdown = [html], [self._text.regions[number].text]

    # A region at once

    def _fits_whole(self, number: int) -> bool:
        """Whether the edit only split or joined lines, or a segment consists of several pieces."""
        old, units = self._text.old(number), self._text.units(number)
        if len(old) == len(units):
            return False
        if len(old) == 1 and len(self._text.old_units(old[0])) > 1:
            return True
        before = [word for i in old for word in _WORD.findall(self._segments[i].markdown)]
        return before == [word for unit in units for word in _WORD.findall(unit.markdown)]

    def _patch_whole(self, slices: Slices, number: int) -> bool:
        text, old = self._text, self._text.old(number)
        first, last = old[0], old[-1]
        while first > 0 and not self._segments[first - 1].markdown:
            first -= 1
        while last + 1 < len(self._segments) and not self._segments[last + 1].markdown:
            last += 1
        html = "".join(slices.html[first : last + 1])
        patched = patch_html(html, text.old_html(old), text.new_html(number), text.has_clozes)
        if patched is None or unbalanced(patched) != unbalanced(html):
            return False
        slices.html[first : last + 1] = [patched] + [""] * (last - first)
        return True

    # A region segment by segment

    def _apply_pairs(self, slices: Slices, number: int, plan: Plan) -> None:
        region, old = self._text.regions[number], self._text.old(number)
        units = self._text.units(number)
        ends = [(-1, -1), *pair_units(self._text, number), (len(old), len(units))]
        for (o1, u1), (o2, u2) in reversed(list(zip(ends, ends[1:]))):
            after = old[o2] if o2 < len(old) else self._shown_at(region.last)
            before = old[o1] if o1 >= 0 else self._shown_at(region.first - 1)
            gone = old[o1 + 1 : o2]
            for index in reversed(gone):
                slices.remove(index)
            new = [self._moved(unit) for unit in units[u1 + 1 : u2]]
            if plan.patch:
                new = [self._reshaped(unit, gone) for unit in new]
            if gone and not new and before is not None and after is not None:
                if not region.text and not any(region.apart):
                    slices.drop_blanks(before, after)
                slices.keep_apart(before, after)
            if new:
                apart = region.apart[1] and u2 == len(units) and not self._is_headed(after)
                slices.insert(new, before, after, plan.way, apart)
            if o1 >= 0:
                self._change(slices, old[o1], units[u1], region, plan)

    def _is_headed(self, index: int | None) -> bool:
        """Whether a segment begins with an outline's heading, which stands apart anyway."""
        return index is not None and self._segments[index].markdown.startswith("## ")

    def _shown_at(self, position: int) -> int | None:
        shown = self._text.shown
        return shown[position] if 0 <= position < len(shown) else None

    def _moved(self, unit: Unit) -> Unit:
        """The unit with the HTML that it has, or had, at another place of the field."""
        if self._by_text is None:
            segments = [self._segments[index] for index in self._text.shown]
            self._by_text = {read_keys(segment.markdown): segment.html for segment in segments}
        html = self._by_text.get(read_keys(unit.markdown))
        if html is None or unbalanced(html) or self._read(html) != read_keys(unit.markdown):
            return unit
        moved = cut_unit(html, unit.markdown, unit.gap)
        return unit if moved.kind == "item" != unit.kind else moved

    def _reshaped(self, unit: Unit, gone: Sequence[int]) -> Unit:
        """The unit with the formatting of the segment that had another shape before."""
        for index in gone:
            html = reshape(
                unit, self._segments[index].html, self._text.old_units(index), self._text.has_clozes
            )
            if html is not None and self._read(html) == self._read(unit.html):
                return replace(unit, html=html)
        return unit

    def _change(self, slices: Slices, index: int, unit: Unit, region: Region, plan: Plan) -> None:
        segment = self._segments[index]
        if read_keys(segment.markdown) == read_keys(unit.markdown):
            return
        html = slices.html[index]
        slices.markdown[index] = unit.markdown
        patched = self._patch(html, index, unit, region) if plan.patch else None
        slices.html[index] = _frame(html, unit.html) if patched is None else patched

    def _patch(self, html: str, index: int, unit: Unit, region: Region) -> str | None:
        before = self._text.old_units(index)
        if len(before) != 1:
            return None
        patched = patch_html(html, before[0].html, unit.html, self._text.has_clozes)
        if patched is None or unbalanced(patched) != unbalanced(html):
            return None
        if self._read(html) != read_keys(self._segments[index].markdown):
            return patched  # the slice alone does not show whether it reads correctly
        read = self._read(patched)
        fits = read == read_keys(unit.markdown) or _holds(read_keys(region.text), read)
        return patched if fits else None

    def _read(self, html: str) -> tuple[str, ...]:
        return read_keys(self._text.field.having(html).markdown)


def _frame(html: str, inner: str) -> str:
    """New HTML inside the elements around a slice's old text."""
    opening = _OPENING.match(html)
    start = opening[0] if opening else ""
    end = html
    while True:
        end = end.rstrip()
        closing = _CLOSING.search(end[-300:])
        if closing is None or len(end) - len(closing[0]) < len(start):
            break
        end = end[: -len(closing[0])]
    item = _ITEM.fullmatch(inner)
    if item is not None and "<li" in start.lower():
        inner = item[1]
    return f"{start}{inner}{html[len(end) :]}"


def _holds(keys: tuple[str, ...], some: tuple[str, ...]) -> bool:
    """Whether some lines stand together among others."""
    size = len(some)
    return any(keys[at : at + size] == some for at in range(len(keys) - size + 1))
