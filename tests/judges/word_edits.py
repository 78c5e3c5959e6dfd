"""Checks that an edit of one word of a page changes only this word in the field."""

from __future__ import annotations

import re
from html import unescape
from typing import Optional

_NO_WORDS = re.compile(
    r"%%.*?%%|!?\[\[.*?\]\]|!\[[^\]]*\]\([^)]*\)|\]\([^)]*\)|<[^>\n]*>|https?://[^\s<>`\[]+"
    r"|^[\t >]*(?:```|~~~).*$|&#?\w+;|^## \d+\.|^\s*\d+[.)]|\{\{c[\d,]+::"
    r"|\\begin\{.*?\}|\\end\{.*?\}|\\[a-zA-Z]+",
    re.MULTILINE,
)
_WORD = re.compile(r"[^\W\d_]{2,}")
_PARTS = re.compile(r"(<[^>]*>)")


def words_of(markdown: str) -> list[tuple[int, int]]:
    """Start and end of each word of a page that is not syntax, a name or an address."""
    text = _NO_WORDS.sub(lambda match: "\0" * len(match[0]), markdown)
    return [match.span() for match in _WORD.finditer(text)]


def other_changes(before: str, after: str, word: str, other: str) -> Optional[str]:
    """What changed in a field besides one ``word`` that became ``other``; None when nothing did.

    Tags, and the text around the word, must be the same byte for byte.
    """
    ours, theirs = _PARTS.split(before), _PARTS.split(after)
    if ours[1::2] != theirs[1::2]:
        return f"tags {set(ours[1::2]) ^ set(theirs[1::2])}"
    changed = [i for i, pair in enumerate(zip(ours, theirs)) if pair[0] != pair[1]]
    if not changed:
        return "nothing changed"
    gone, came = "", ""
    for index in range(changed[0], changed[-1] + 1, 2):
        one, another = _middle(ours[index], theirs[index])
        gone, came = gone + one, came + another
    gone, came = unescape(gone), unescape(came)
    for start in (at for at in range(len(word)) if word.startswith(gone, at)):
        if word[:start] + came + word[start + len(gone) :] == other:
            return None
    whole = word + "\0"  # only appended to
    if not gone and whole.replace("\0", came) == other:
        return None
    return f"{gone!r} became {came!r}, not {word!r} {other!r}"


def _middle(one: str, other: str) -> tuple[str, str]:
    start, length = 0, min(len(one), len(other))
    while start < length and one[start] == other[start]:
        start += 1
    end = 0
    while end < length - start and one[-1 - end] == other[-1 - end]:
        end += 1
    return one[start : len(one) - end], other[start : len(other) - end]
