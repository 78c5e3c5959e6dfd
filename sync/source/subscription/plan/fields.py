"""Three-way merge of one text: what the author said before and says now, and what Anki has."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, Optional

from .....convert.text.merge import merge_words
from ....deck.base import HeldField
from ....deck.values import Values

_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9-]*)[^<>]*?(/?)>|<!--.*?-->", re.DOTALL)
_VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())
_SIGNS = ("{{", "}}", "\\(", "\\)", "\\[", "\\]", "[sound:", "<!--", "-->")


@dataclass(frozen=True)
class TextMerge:
    """The result for one text. ``html`` is what Anki gets, None when it stays.

    ``held`` is what the base remembers once the author's text counts as taken. ``theirs`` is the
    author's text as Anki would hold it.
    """

    state: Literal["same", "mine", "theirs", "merged", "conflict", "refused"]
    theirs: str = ""
    html: Optional[str] = None
    held: Optional[HeldField] = None
    why: str = ""


def merge_text(
    values: Values, text: str, markdown: bool, anki: str, held: Optional[HeldField]
) -> TextMerge:
    """Decide about one text. ``text`` is the author's, ``held`` the base: None if it has none."""
    if held is not None and text == held.toml and markdown == held.markdown:
        return TextMerge("same" if anki == held.anki else "mine", held.anki, None, held)
    theirs, why = _their_html(values, text, markdown, held)
    now = HeldField(text, theirs, markdown)
    if anki == theirs or values.same(text, anki, markdown):
        return TextMerge("same", anki, None, HeldField(text, anki, markdown))
    if why:
        return TextMerge("refused", theirs, None, held, why)
    if held is None:
        return TextMerge("conflict", theirs, None, now)
    if anki == held.anki:
        return TextMerge("theirs", theirs, theirs, now)
    if theirs == held.anki:  # only its spelling changed
        return TextMerge("mine", theirs, None, now)
    merged = _merge(values, text, markdown, anki, held, theirs)
    if merged is None:
        return TextMerge("conflict", theirs, None, now)
    return TextMerge("merged", theirs, None if merged == anki else merged, now)


def _their_html(
    values: Values, text: str, markdown: bool, held: Optional[HeldField]
) -> tuple[str, str]:
    """The author's text as Anki holds it, and why it cannot be written."""
    plain = values.to_anki(text, markdown)
    if not markdown:
        return plain, ""
    loss = values.find_loss(text)
    if loss:
        return plain, loss.sentence
    if held is None or held.toml is None or not held.markdown:
        return plain, ""
    if held.anki != values.to_anki(held.toml, True):  # adopted: the HTML is not from this text
        edit = values.push(held.anki, held.toml, text)
        if not edit.refusal:
            return edit.html, ""
    return plain, ""


def _merge(
    values: Values, text: str, markdown: bool, anki: str, held: HeldField, theirs: str
) -> Optional[str]:
    if has_edit(held.anki, theirs, anki):
        return anki
    if markdown and held.markdown and held.toml is not None:
        both = values.merge(held.toml, held.anki, text, anki)
        if both is not None:
            return both[1]
    return merge_html(held.anki, theirs, anki)


def has_edit(base: str, theirs: str, mine: str) -> bool:
    """Whether the author's edit is in ``mine`` already, beside edits of the subscriber's.

    So it is when a run was killed before the base could learn it, or another computer merged it.
    Taken out of there and merged in again, it must make the same text.
    """
    without = merge_words(theirs, mine, base)
    if without is None or without == mine:
        return False
    return merge_words(base, without, theirs) == mine


def merge_html(base: str, theirs: str, mine: str) -> Optional[str]:
    """Merge both edits of a field's HTML; None when it is not certain what both mean.

    Words and tags are merged one by one. The result must nest its elements as well as the sides.
    """
    if has_edit(base, theirs, mine):
        return mine
    merged = merge_words(base, mine, theirs)
    if merged is None or merged in (mine, theirs):
        return merged
    odd = _oddities(merged)
    if odd and odd not in (_oddities(mine), _oddities(theirs)):
        return None
    for sign in _SIGNS:
        gained = (text.count(sign) - base.count(sign) for text in (mine, theirs))
        if merged.count(sign) - base.count(sign) != sum(gained) and sign not in _added(
            base, mine, theirs
        ):
            return None
    return merged


def _added(base: str, mine: str, theirs: str) -> frozenset[str]:
    """The signs that both sides added or removed alike: there the sum does not count."""
    return frozenset(
        sign
        for sign in _SIGNS
        if mine.count(sign) - base.count(sign) == theirs.count(sign) - base.count(sign)
    )


def _oddities(html: str) -> tuple[str, ...]:
    """The tags that have no partner, in their order."""
    odd: list[str] = []
    still_open: list[str] = []
    for closes, name in _tags(html):
        if not closes:
            still_open.append(name)
        elif still_open and still_open[-1] == name:
            still_open.pop()
        else:
            odd.append(f"/{name}")
    return (*odd, *still_open)


def _tags(html: str) -> Iterator[tuple[bool, str]]:
    for found in _TAG.finditer(html):
        name = (found[2] or "").lower()
        if name and name not in _VOID and not found[3]:
            yield bool(found[1]), name
