"""Keeps the formatting of a line that became an item, a heading or plain text."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..patch.patch import patch_html
from .splice import unbalanced
from .units import Unit

_SHAPE = re.compile(r"(<(li|h[1-6])\b[^<>]*>)(.*)(</\2>)", re.DOTALL | re.IGNORECASE)
_OPENING = re.compile(r"(?:\s*<(?:div|p|li|ul|ol|h[1-6])\b[^<>]*>)*", re.IGNORECASE)
_CLOSING = re.compile(r"(?:</(?:div|p|li|ul|ol|h[1-6])>|<br\b[^<>]*>|\s+)$", re.IGNORECASE)
_WORD = re.compile(r"\w+")
_ALIKE = 0.5


def reshape(unit: Unit, html: str, old_units: Sequence[Unit], clozes: bool) -> str | None:
    """The unit's HTML with the formatting of a slice that had the same text in another shape.

    None when the text differs: more than half of the words must be the same. ``old_units``: the
    units of the slice, if it were written from its Markdown.
    """
    if len(old_units) != 1 or not all(map(_is_text, (unit, *old_units))):
        return None
    start, inner, end = _take_apart(unit.html)
    before = _take_apart(old_units[0].html)[1]
    if not _are_alike(before, inner):
        return None
    content = _inside(html)
    if unbalanced(content):
        return None
    patched = patch_html(content, before, inner, clozes)
    if patched is None or unbalanced(patched):
        return None
    return f"{start}{patched}{end}"


def _is_text(unit: Unit) -> bool:
    return unit.kind != "block" or _SHAPE.fullmatch(unit.html) is not None


def _take_apart(html: str) -> tuple[str, str, str]:
    shape = _SHAPE.fullmatch(html)
    return (shape[1], shape[3], shape[4]) if shape else ("", html, "")


def _inside(html: str) -> str:
    opening = _OPENING.match(html)
    inner = html[opening.end() :] if opening else html
    while True:
        closing = _CLOSING.search(inner[-300:])
        if closing is None:
            return inner
        inner = inner[: -len(closing[0])]


def _are_alike(one: str, other: str) -> bool:
    words, others = (set(_WORD.findall(re.sub(r"<[^<>]*>", " ", html))) for html in (one, other))
    return bool(words and others) and 2 * len(words & others) > _ALIKE * (len(words) + len(others))
