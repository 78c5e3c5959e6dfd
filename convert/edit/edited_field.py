"""The regions of an edit: the HTML of their old and their new text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from ..field_style import AddressRule, ClozeRule, all_links, as_written
from ..html.footnotes import find_labels
from ..markdown.footnote_rules import find_definitions
from ..segment import join_markdown
from ..to_html.markdown_to_html import markdown_to_html
from ..to_html.outline import Heading, line_headings, read_outline
from ..to_markdown.converted_field import ConvertedField
from ..vault_names import VaultNames
from .cloze_lines import has_cloze_lines, refuse_stray
from .cloze_numbers import (
    collect_marks,
    decide,
    find_stray,
    highest_number,
    replay,
    tidy_highlights,
)
from .cloze_slips import find_slip, stray_comment
from .hard_breaks import drop_hard_breaks
from .plain_addresses import (
    MAY_HOLD_ADDRESS,
    Known,
    PlainAddresses,
    collect_addresses,
    decide_plain,
    replay_plain,
)
from .refusal import Refusal
from .refused_edits import lost_words, torn_formula, unknown_page
from .regions import Region, find_regions, read_keys, shown_segments
from .units import Unit, cut_units

_MARKS = re.compile(r"==|%%c")


class FieldText:
    """A field as its page showed it, and the text after the user's edit.

    ``regions`` are the edited parts, ``shown`` the indexes of the segments that have Markdown.
    ``refusals``: what cannot be read with certainty.
    """

    def __init__(
        self, field: ConvertedField, markdown: str, names: VaultNames, first_free: int
    ) -> None:
        self.field = field
        self.has_clozes = field.style.clozes != "none"
        self.segments = field.segments
        self.shown = shown_segments(self.segments)
        self._names = names
        self._footnotes = find_labels(field.html) | find_definitions(markdown)
        markdown = drop_hard_breaks(markdown, lambda text: self._to_html(text, ()))
        self.regions = find_regions(self.segments, markdown)
        self.keys = read_keys(markdown) if self.regions else ()
        self._lines = markdown.split("\n")
        self.refusals: list[Refusal] = []
        self._old_html: dict[tuple[int, ...], str] = {}
        self._faithful: dict[int, bool] = {}
        self._known: dict[int, list[Known]] = {}
        self._plain = PlainAddresses([segment.html for segment in self.segments])
        self.first_new = max(first_free, highest_number(field.html, markdown) + 1)
        self._next_number = self.first_new
        self._written = [self._write(region) for region in self.regions]
        self._units: list[list[Unit] | None] = [None] * len(self.regions)
        self._refuse_what_is_lost()

    def old(self, number: int) -> list[int]:
        """The indexes of the segments that a region replaces."""
        region = self.regions[number]
        return self.shown[region.first : region.last]

    def new_html(self, number: int) -> str:
        """The HTML of a region's new text."""
        return self._written[number]

    def readings(self, number: int) -> list[tuple[str, ...]]:
        """The valid readings of a region: the typed text, or the Markdown of its HTML.

        Both are read below all the text above them, so that an item has the depth that the page
        shows. Only the typed text is valid when the old text does not read the same after it is
        written: otherwise unedited text would change.
        """
        region = self.regions[number]
        typed = self.keys[slice(*region.keys)]
        if not self._are_faithful(number):
            return [typed]
        written = join_units(self.units(number))
        if typed == read_keys(region.text):
            return [typed, read_keys(written)]
        margin = region.text[: len(region.text) - len(region.text.lstrip(" \t"))]
        above = self._lines[: region.line - 1]
        below = [margin + line for line in written.split("\n")]
        return [typed, read_keys("\n".join([*above, *below]))[region.keys[0] :]]

    def has_cloze_lines(self, number: int) -> bool:
        """Whether a region has, or had, a cloze over several lines."""
        old = join_markdown(self.segments[index] for index in self.old(number))
        return self.has_clozes and any(map(has_cloze_lines, (self.regions[number].text, old)))

    def _are_faithful(self, number: int) -> bool:
        """Whether a region's old text reads the same after it is written."""
        old = self.old(number)
        if not self.has_cloze_lines(number):
            return all(self._is_faithful(index) for index in old)
        written = join_units(cut_units(self.field.having(self.old_html(old))))
        return read_keys(written) == read_keys(join_markdown(self.segments[i] for i in old))

    def _is_faithful(self, index: int) -> bool:
        if index not in self._faithful:
            written = read_keys(join_units(self.old_units(index)))
            self._faithful[index] = written == read_keys(self.segments[index].markdown)
        return self._faithful[index]

    def units(self, number: int) -> list[Unit]:
        """The units of a region's new text."""
        units = self._units[number]
        if units is None:
            units = cut_units(self.field.having(self.new_html(number)))
            if units:
                apart = self.regions[number].apart[0] and not units[0].markdown.startswith("## ")
                units[0] = replace(units[0], gap="\n\n" if apart else "\n")
            self._units[number] = units
        return units

    def old_units(self, index: int) -> list[Unit]:
        """The units of a segment, if it were written from its Markdown."""
        return cut_units(self.field.having(self.old_html([index])))

    def _refuse_what_is_lost(self) -> None:
        for number, region in enumerate(self.regions):
            page = unknown_page(region.text, self._names.link)
            if page:
                reason = f"“{page}” is no page here: its link would not lead anywhere in Anki"
                self.refusals.append(Refusal(reason, region.line))
            before = join_markdown(self.segments[index] for index in self.old(number))
            if self.has_clozes and torn_formula(region.text, before):
                reason = "the boxes of this formula and its clozes (%%…%%) are not as many"
                self.refusals.append(Refusal(reason, region.line))
            slip = find_slip(region.text, before) if self.has_clozes else None
            if slip:
                self.refusals.insert(0, Refusal(slip.reason, region.line + slip.line - 1))
            lost = lost_words(region.text, join_units(self.units(number)))
            if lost:
                self.refusals.append(Refusal(f"“{lost[0]}” would be lost in Anki", region.line))

    def _write(self, region: Region) -> str:
        old = self.shown[region.first : region.last]
        known = [heading for index in old for heading in self._headings(index)]
        addresses = self._decide_addresses(region, old)
        if not self.has_clozes or not _MARKS.search(region.text):
            return self._to_html(region.text, known, addresses=replay_plain(addresses))
        after, html = collect_marks(lambda rule: self._to_html(region.text, known, rule))
        before, self._old_html[tuple(old)] = collect_marks(lambda rule: self._write_old(old, rule))
        answers = decide(before, after, self._next_number)
        is_new = re.compile(r"c\d+").fullmatch
        new = [
            answer
            for (_, comment), answer in zip(after, answers)
            if comment is None and is_new(answer) and int(answer[1:]) >= self._next_number
        ]
        if any(addresses) or answers != [comment or "" for _, comment in after]:
            html = self._to_html(region.text, known, replay(answers), replay_plain(addresses))
        self._next_number = max(self._next_number, highest_number(html) + 1)
        lost = [c for (t, c), answer in zip(after, answers) if t is None and c and not answer]
        stray = stray_comment(lost, len(new))
        if stray:
            self.refusals.append(Refusal(stray, region.line))
        typed = find_stray(region.text, before, after, answers)
        if typed:
            end = refuse_stray(region.text, typed)
            self.refusals.append(Refusal(end.reason, region.line + end.line - 1))
        if lost and html.count("==") > self.old_html(old).count("=="):
            number = lost[0].partition("::")[0][1:]
            self.refusals.append(
                Refusal(f"the highlight of cloze {number} has no end", region.line)
            )
        return html

    def old_html(self, indexes: Sequence[int]) -> str:
        """The HTML of segments, if they were written from their Markdown."""
        key = tuple(indexes)
        if key not in self._old_html:
            self._old_html[key] = self._write_old(indexes)
        return self._old_html[key]

    def _write_old(self, indexes: Sequence[int], rule: ClozeRule = as_written) -> str:
        known = [heading for index in indexes for heading in self._headings(index)]
        text = join_markdown(self.segments[index] for index in indexes)
        plain = [address.plain for index in indexes for address in self._addresses(index)]
        return self._to_html(text, known, rule, replay_plain(plain))

    def _addresses(self, index: int) -> list[Known]:
        known = self._known.get(index)
        if known is None:
            text = self.segments[index].markdown
            found = self._collect_addresses(text) if MAY_HOLD_ADDRESS.search(text) else []
            known = self._known[index] = self._plain.find(index, found)
        return known

    def _decide_addresses(self, region: Region, old: Sequence[int]) -> list[bool]:
        before = [address for index in old for address in self._addresses(index)]
        if not any(address.plain for address in before):
            return []
        after = self._collect_addresses(region.text)
        one, other = join_markdown(self.segments[index] for index in old), region.text
        for address in before:
            one = one.replace(address.address, "", 1)
        for new in after:
            other = other.replace(new, "", 1)
        return decide_plain(before, after, read_keys(one) == read_keys(other))

    def _collect_addresses(self, text: str) -> list[str]:
        return collect_addresses(lambda rule: self._to_html(text, (), addresses=rule))

    def _headings(self, index: int) -> list[Heading]:
        if self.field.style.clozes != "outline":
            return []
        return line_headings(self.segments[index].markdown, self._inline(index))

    def _inline(self, index: int) -> str:
        segments = self.field.inline.segments
        return segments[index].markdown if len(segments) == len(self.segments) else ""

    def _to_html(
        self,
        markdown: str,
        known: Sequence[Heading],
        rule: ClozeRule = as_written,
        addresses: AddressRule = all_links,
    ) -> str:
        if self.has_clozes:
            markdown = tidy_highlights(markdown)
        if self.field.style.clozes == "outline":
            markdown = read_outline(markdown, known)
        return markdown_to_html(
            markdown,
            self._names.media,
            link=self._names.link,
            clozes=rule if self.has_clozes else self._names.clozes,
            footnotes=self._footnotes,
            addresses=addresses,
        )


def join_units(units: Sequence[Unit]) -> str:
    """The Markdown of units."""
    parts: list[str] = []
    for unit in units:
        parts += [unit.gap or "\n", unit.markdown] if parts else [unit.markdown]
    return "".join(parts)
