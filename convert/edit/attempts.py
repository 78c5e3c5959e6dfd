"""Edits a field region by region, and accepts only a result that reads back as the page."""

from __future__ import annotations

from ..text.matching import matching_blocks
from .assembly import Assembler, Plan
from .edited_field import FieldText
from .refusal import Refusal
from .refused_edits import explain
from .regions import read_keys

_ATTEMPTS = 40  # a field whose regions fail more often is refused


def carry_over(text: FieldText) -> str | Refusal:
    """The edited field, or the reason why the edit is refused.

    The plan that keeps most of the HTML is tried first. When the field does not read back as the
    page, each region that fails gets the next plan, which keeps less.
    """
    if text.refusals:
        return text.refusals[0]
    assembler = Assembler(text)
    plans = [_plans(text, number) for number in range(len(text.regions))]
    failed = 0
    for _ in range(_ATTEMPTS):
        edited = assembler.assemble([plan[0] for plan in plans])
        wrong = _find_failure(text, edited)
        if wrong is None:
            return edited
        failed = wrong
        if len(plans[failed]) < 2:
            break
        del plans[failed][0]
    old = [text.segments[index].markdown for index in text.old(failed)]
    region = text.regions[failed]
    return Refusal(explain(region.text, old), region.line)


def _plans(text: FieldText, number: int) -> list[Plan]:
    """The plans for a region, from the one that keeps most to the one that keeps least."""
    region = text.regions[number]
    if region.first == region.last:
        return [Plan(), Plan(way="before"), Plan(way="apart")]
    if not region.text:
        return [Plan()]
    plans = [Plan()]
    if text.has_cloze_lines(number):  # a line says nothing without the others
        plans.insert(int(_only_adds_or_removes(text, number)), Plan(whole=True))
    return [
        *plans,
        Plan(way="before"),
        Plan(whole=True),
        Plan(way="apart"),
        Plan(patch=False),
        Plan(patch=False, way="before"),
        Plan(patch=False, way="apart"),
        Plan(rewrite=True),
    ]


def _only_adds_or_removes(text: FieldText, number: int) -> bool:
    """Whether an edit added or removed whole lines, and changed none."""
    old = [read_keys(text.segments[index].markdown) for index in text.old(number)]
    new = [read_keys(unit.markdown) for unit in text.units(number)]
    return sum(size for *_, size in matching_blocks(old, new)) == min(len(old), len(new))


def _find_failure(text: FieldText, html: str) -> int | None:
    """The first region that does not read back as the page; None when all do."""
    keys = read_keys(text.field.having(html).markdown)
    at = page_at = 0
    for number, region in enumerate(text.regions):
        first, last = region.keys
        kept = text.keys[page_at:first]
        if keys[at : at + len(kept)] != kept:
            return max(number - 1, 0)
        at += len(kept)
        for wanted in text.readings(number):
            if keys[at : at + len(wanted)] == wanted:
                at += len(wanted)
                break
        else:
            return number
        page_at = last
    return None if keys[at:] == text.keys[page_at:] else len(text.regions) - 1
