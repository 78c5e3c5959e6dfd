"""Edits a field region by region, and believes only what reads back as the page says."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple, Optional

from .cloze_numbers import collect_marks, decide, highest_number, replay
from .field_glue import Slices, Way, unbalanced
from .field_refusals import explain, lost_words
from .field_regions import Lines, Region, find_regions, matching_blocks, shown_segments
from .field_units import Unit, cut_unit, cut_units
from .html_atoms import CHAR, THING, read_atoms
from .html_patch import patch_html
from .html_to_markdown import html_to_markdown
from .markdown_to_html import markdown_to_html
from .outline_reading import Heading, line_headings, read_outline
from .reading import Reading, Refusal
from .segment import Segment, join_markdown
from .style import FieldStyle
from .writing import ClozeRule, as_written, no_clozes

_FRAME = re.compile(
    r"((?:\s*<(?:div|p|li|ul|ol)\b[^>]*>)*)(.*?)((?:\s*(?:</(?:div|p|li|ul|ol)>|<br\b[^>]*>))*\s*)",
    re.IGNORECASE | re.DOTALL,
)
_ITEM = re.compile(r"<li>(.*)</li>", re.DOTALL)
_WORD = re.compile(r"\w+")
_MARKS = re.compile(r"==|%%c")
_ALIKE = 0.3
_ATTEMPTS = 40


class Plan(NamedTuple):
    """One way to carry a region's edit over.

    ``patch`` what changed word by word, the ``whole`` region at once or segment by segment; put
    in what is new this ``way``; or ``rewrite`` it all.
    """

    patch: bool = True
    whole: bool = False
    way: Way = "after"
    rewrite: bool = False


class FieldEditor:
    """One edit of one field, whose clozes are in line."""

    def __init__(self, html: str, style: FieldStyle, reading: Reading, first_free: int) -> None:
        self._html = html
        self._style = style
        self._reading = reading
        self._clozes = style.clozes != "none"
        self.segments = html_to_markdown(html, style)
        self._shown = shown_segments(self.segments)
        self._units: dict[int, list[Unit]] = {}
        self._inline_segments: Optional[tuple[Segment, ...]] = None
        self._after: tuple[str, ...] = ()
        self._regions: list[Region] = []
        self._by_text: Optional[dict[tuple[str, ...], str]] = None
        self._faithful: dict[int, bool] = {}
        self._written: dict[Region, str] = {}
        self._next_number = first_free
        self.refusals: list[Refusal] = []

    def edit(self, markdown: str) -> str:
        """The edited field; with refusals, the field as it was."""
        self._regions = find_regions(self.segments, markdown)
        self._after = Lines.of(markdown).keys
        if not self._regions:
            return self._html
        self._next_number = max(self._next_number, highest_number(self._html, markdown) + 1)
        for region in self._regions:
            self._new_html(region)
        if self.refusals:
            return self._html
        for number, region in enumerate(self._regions):
            lost = lost_words(region.text, _join(self._units_of(number)))
            if lost:
                self.refusals.append(Refusal(f"“{lost[0]}” would be lost in Anki", region.line))
                return self._html
        plans = [self._plans(region) for region in self._regions]
        failed = 0
        for _ in range(_ATTEMPTS):
            edited = self._assemble([plan[0] for plan in plans])
            wrong = self._find_failure(edited)
            if wrong is None:
                return edited
            failed = wrong
            if len(plans[failed]) < 2:
                break
            del plans[failed][0]
        region = self._regions[failed]
        old = [self.segments[i].markdown for i in self._shown[region.first : region.last]]
        self.refusals.append(Refusal(explain(region.text, old), region.line))
        return self._html

    # What comes of it

    def _find_failure(self, html: str) -> Optional[int]:
        """The first region that does not read as the page says; None: all is well."""
        text = join_markdown(html_to_markdown(html, self._style))
        keys = Lines.of(text).keys
        after = self._after
        at = page_at = 0
        for number, region in enumerate(self._regions):
            first, last = region.keys
            kept = after[page_at:first]
            if keys[at : at + len(kept)] != kept:
                return max(number - 1, 0)
            at += len(kept)
            for wanted in self._readings(number):
                if keys[at : at + len(wanted)] == wanted:
                    at += len(wanted)
                    break
            else:
                return number
            page_at = last
        return None if keys[at:] == after[page_at:] else len(self._regions) - 1

    def _readings(self, number: int) -> list[tuple[str, ...]]:
        """What a region may read as: what was typed, or what that says when it is written.

        Only the former where what stood there does not read the same once it is written: the
        text that was not edited would suffer.
        """
        region = self._regions[number]
        typed = self._after[slice(*region.keys)]
        old = self._shown[region.first : region.last]
        if not all(self._is_faithful(index) for index in old):
            return [typed]
        return [typed, read_keys(_join(self._units_of(number)))]

    def _is_faithful(self, index: int) -> bool:
        if index not in self._faithful:
            units = cut_units(self._old_html([index]), self._style)
            written = read_keys(_join(units))
            self._faithful[index] = written == read_keys(self.segments[index].markdown)
        return self._faithful[index]

    # How it is made

    def _units_of(self, number: int) -> list[Unit]:
        if number not in self._units:
            region = self._regions[number]
            units = cut_units(self._new_html(region), self._style)
            if units:
                apart = region.apart[0] and not units[0].markdown.startswith("## ")
                units[0] = replace(units[0], gap="\n\n" if apart else "\n")
            self._units[number] = units
        return self._units[number]

    def _new_html(self, region: Region) -> str:
        if region not in self._written:
            self._written[region] = self._write(region)
        return self._written[region]

    def _write(self, region: Region) -> str:
        old = self._shown[region.first : region.last]
        known = [heading for index in old for heading in self._headings(index)]
        if not self._clozes or not _MARKS.search(region.text):
            return self._to_html(region.text, known)
        after = collect_marks(lambda rule: self._to_html(region.text, known, rule))
        before = collect_marks(lambda rule: self._old_html(old, rule))
        answers = decide(before, after, self._next_number)
        html = self._to_html(region.text, known, replay(answers))
        self._next_number = max(self._next_number, highest_number(html) + 1)
        lost = [c for (t, c), answer in zip(after, answers) if t is None and c and not answer]
        if lost and html.count("==") > self._old_html(old).count("=="):
            number = lost[0].partition("::")[0][1:]
            self.refusals.append(
                Refusal(f"the highlight of cloze {number} has no end", region.line)
            )
        return html

    def _old_html(self, indexes: Sequence[int], rule: ClozeRule = as_written) -> str:
        """What segments would be if they were written from their Markdown."""
        known = [heading for index in indexes for heading in self._headings(index)]
        text = join_markdown(self.segments[index] for index in indexes)
        return self._to_html(text, known, rule)

    def _headings(self, index: int) -> list[Heading]:
        if self._style.clozes != "outline":
            return []
        return line_headings(self.segments[index].markdown, self._inline(index))

    def _inline(self, index: int) -> str:
        if self._inline_segments is None:
            style = replace(self._style, clozes="inline")
            self._inline_segments = html_to_markdown(self._html, style)
        segments = self._inline_segments
        return segments[index].markdown if len(segments) == len(self.segments) else ""

    def _to_html(
        self, markdown: str, known: Sequence[Heading], rule: ClozeRule = as_written
    ) -> str:
        if self._style.clozes == "outline":
            markdown = read_outline(markdown, known)
        return markdown_to_html(
            markdown,
            self._reading.media,
            link=self._reading.link,
            clozes=rule if self._clozes else no_clozes,
        )

    def _plans(self, region: Region) -> list[Plan]:
        """How to do it, from what keeps most to what keeps least."""
        if region.first == region.last:
            return [Plan(), Plan(way="before"), Plan(way="apart")]
        if not region.text:
            return [Plan()]
        return [
            Plan(),
            Plan(way="before"),
            Plan(whole=True),
            Plan(way="apart"),
            Plan(patch=False),
            Plan(patch=False, way="before"),
            Plan(patch=False, way="apart"),
            Plan(rewrite=True),
        ]

    def _assemble(self, plans: Sequence[Plan]) -> str:
        slices = Slices([s.html for s in self.segments], [s.markdown for s in self.segments])
        for number in range(len(self._regions) - 1, -1, -1):
            self._apply(slices, number, plans[number])
        return slices.joined()

    def _apply(self, slices: Slices, number: int, plan: Plan) -> None:
        region, units = self._regions[number], self._units_of(number)
        old = self._shown[region.first : region.last]
        if not self._shown:
            self._fill_empty(slices, region, plan)
            return
        if plan.rewrite:
            self._rewrite(slices, old, region)
            return
        whole = old and plan.patch and (plan.whole or self._fits_whole(old, units))
        if whole and self._patch_whole(slices, old, region):
            return
        self._apply_pairs(slices, old, units, region, plan)

    def _fill_empty(self, slices: Slices, region: Region, plan: Plan) -> None:
        """Where nothing is shown so far, what only made blank lines goes."""
        html, kept = self._new_html(region), slices.joined()
        if plan.way == "after" and any(
            atom.kind in (CHAR, THING) or atom.name == "!" for atom in read_atoms(kept, False)
        ):
            html = kept + html
        elif plan.way == "before":
            html += kept
        slices.html, slices.markdown = [html], [region.text]

    def _fits_whole(self, old: Sequence[int], units: Sequence[Unit]) -> bool:
        """Whether lines were only parted or joined, or a segment is several pieces."""
        if len(old) == len(units):
            return False
        if len(old) == 1 and len(cut_units(self._old_html(old), self._style)) > 1:
            return True
        before = [w for i in old for w in _WORD.findall(self.segments[i].markdown)]
        return before == [w for unit in units for w in _WORD.findall(unit.markdown)]

    def _patch_whole(self, slices: Slices, old: Sequence[int], region: Region) -> bool:
        first, last = old[0], old[-1]
        while first > 0 and not self.segments[first - 1].markdown:
            first -= 1
        while last + 1 < len(self.segments) and not self.segments[last + 1].markdown:
            last += 1
        html = "".join(slices.html[first : last + 1])
        patched = patch_html(html, self._old_html(old), self._new_html(region), self._clozes)
        if patched is None:
            return False
        slices.html[first : last + 1] = [patched] + [""] * (last - first)
        return True

    def _rewrite(self, slices: Slices, old: Sequence[int], region: Region) -> None:
        for index in old[1:]:
            slices.remove(index)
        slices.html[old[0]] = self._new_html(region)

    def _pair(self, old: Sequence[int], units: Sequence[Unit]) -> list[tuple[int, int]]:
        """Which old segment became which unit, as positions, in order."""
        before = [read_keys(self.segments[index].markdown) for index in old]
        after = [read_keys(unit.markdown) for unit in units]
        pairs: list[tuple[int, int]] = []
        done = (0, 0)
        ends = (len(before), len(after), 0)
        for a, b, size in [*matching_blocks(before, after), ends]:
            pairs += self._pair_alike(old, units, (done[0], a), (done[1], b))
            pairs += [(a + step, b + step) for step in range(size)]
            done = (a + size, b + size)
        return pairs

    def _pair_alike(
        self,
        old: Sequence[int],
        units: Sequence[Unit],
        ours: tuple[int, int],
        theirs: tuple[int, int],
    ) -> list[tuple[int, int]]:
        """The segments and units of two ranges that are one edited: of a kind, and alike."""
        if ours[0] == ours[1] or theirs[0] == theirs[1]:
            return []
        kinds = [self._kind(old[position]) for position in range(*ours)]
        others = [_kind_of(units[position]) for position in range(*theirs)]
        if kinds == others:
            return list(zip(range(*ours), range(*theirs)))
        texts = [self.segments[old[position]].markdown for position in range(*ours)]
        new = [units[position].markdown for position in range(*theirs)]
        pairs = pair_alike(list(zip(kinds, texts)), list(zip(others, new)))
        return [(ours[0] + one, theirs[0] + other) for one, other in pairs]

    def _kind(self, index: int) -> str:
        units = cut_units(self._old_html([index]), self._style)
        return _kind_of(units[0]) if len(units) == 1 else "several"

    def _apply_pairs(
        self,
        slices: Slices,
        old: Sequence[int],
        units: Sequence[Unit],
        region: Region,
        plan: Plan,
    ) -> None:
        """From the last to the first, so that indexes before them hold."""
        pairs = self._pair(old, units)
        ends = [(-1, -1), *pairs, (len(old), len(units))]
        for (o1, u1), (o2, u2) in reversed(list(zip(ends, ends[1:]))):
            gone = [old[position] for position in range(o1 + 1, o2)]
            new = [self._moved(unit) for unit in units[u1 + 1 : u2]]
            after = old[o2] if o2 < len(old) else self._shown_at(region.last)
            before = old[o1] if o1 >= 0 else self._shown_at(region.first - 1)
            for index in reversed(gone):
                slices.remove(index)
            if new:
                apart = region.apart[1] and u2 == len(units)
                slices.insert(new, before, after, plan.way, apart)
            if o1 >= 0:
                self._change(slices, old[o1], units[u1], region, plan)

    def _shown_at(self, position: int) -> Optional[int]:
        return self._shown[position] if 0 <= position < len(self._shown) else None

    def _moved(self, unit: Unit) -> Unit:
        """The unit with the HTML that it has, or had, elsewhere in the field."""
        if self._by_text is None:
            segments = (self.segments[index] for index in self._shown)
            self._by_text = {read_keys(segment.markdown): segment.html for segment in segments}
        html = self._by_text.get(read_keys(unit.markdown))
        if html is None or unbalanced(html) or self._read(html) != read_keys(unit.markdown):
            return unit
        moved = cut_unit(html, unit.markdown, unit.gap)
        return unit if moved.kind == "item" != unit.kind else moved

    def _change(self, slices: Slices, index: int, unit: Unit, region: Region, plan: Plan) -> None:
        segment = self.segments[index]
        if read_keys(segment.markdown) == read_keys(unit.markdown):
            return
        html = slices.html[index]
        slices.markdown[index] = unit.markdown
        if plan.patch:
            before = cut_units(self._old_html([index]), self._style)
            if len(before) == 1:
                patched = patch_html(html, before[0].html, unit.html, self._clozes)
                if patched is not None and self._reads_as(
                    html, segment.markdown, patched, unit, region
                ):
                    slices.html[index] = patched
                    return
        frame = _FRAME.fullmatch(html)
        inner = unit.html
        item = _ITEM.fullmatch(inner)
        if item is not None and frame and "<li" in frame[1].lower():
            inner = item[1]
        slices.html[index] = f"{frame[1]}{inner}{frame[3]}" if frame else inner

    def _reads_as(self, html: str, markdown: str, patched: str, unit: Unit, region: Region) -> bool:
        """Whether a patched slice reads as it is to, as far as that can be told of it alone."""
        if self._read(html) != read_keys(markdown):
            return True
        read = self._read(patched)
        return read == read_keys(unit.markdown) or _holds(read_keys(region.text), read)

    def _read(self, html: str) -> tuple[str, ...]:
        return read_keys(join_markdown(html_to_markdown(html, self._style)))


def read_keys(markdown: str) -> tuple[str, ...]:
    """Equal for Markdown that says the same."""
    return Lines.of(markdown).keys


def _holds(keys: tuple[str, ...], some: tuple[str, ...]) -> bool:
    """Whether some lines stand together among others."""
    size = len(some)
    return any(keys[at : at + size] == some for at in range(len(keys) - size + 1))


def _join(units: Sequence[Unit]) -> str:
    parts: list[str] = []
    for unit in units:
        parts += [unit.gap or "\n", unit.markdown] if parts else [unit.markdown]
    return "".join(parts)


def _kind_of(unit: Unit) -> str:
    """What a unit is, as far as an edit keeps it that."""
    return unit.kind + unit.list_tag[:3] if unit.kind == "item" else unit.kind


def pair_alike(
    before: Sequence[tuple[str, str]], after: Sequence[tuple[str, str]]
) -> list[tuple[int, int]]:
    """Which of some texts became which of others, in order. Each comes with its kind."""
    pairs: list[tuple[int, int]] = []
    low = 0
    for position, (kind, text) in enumerate(before):
        words = set(_WORD.findall(text))
        best, best_score = -1, 0.0 if len(before) == 1 else _ALIKE
        for other in range(low, min(len(after), low + 40)):
            if after[other][0] != kind:
                continue
            others = set(_WORD.findall(after[other][1]))
            score = (2 * len(words & others) + 0.01) / (len(words) + len(others) + 0.01)
            if score > best_score:
                best, best_score = other, score
        if best >= 0:
            pairs.append((position, best))
            low = best + 1
    return pairs
