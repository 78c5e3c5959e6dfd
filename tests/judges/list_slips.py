"""Indents, splits and joins the items of a list, and checks that this does no harm to a field."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Optional

_ITEM = re.compile(r"[ \t]*(?:[-*+]|\d+[.)])[ \t]")
_CLOZE = re.compile(r"\{\{c(\d+)::(.*?)\}\}", re.DOTALL)
_SHOWN = re.compile(r"==(?=\S)[^=\n]+(?<=\S)==%%c(\d+)(?:::[^%\n]*)?%%")
_EMBED = re.compile(r"!\[\[[^\[\]\n]+\]\]")
_LINK = re.compile(r"\]\([^()\s]+\)")
SPACES = ("    ", "\t", "  ", "\t\t", "        ", " ")


def slips(markdown: str) -> Iterator[str]:
    """The page with one change: each kind of change at each item of a list."""
    lines = markdown.split("\n")
    items = [number for number, line in enumerate(lines) if _ITEM.match(line)]
    for space in SPACES:
        yield "\n".join(space + line for line in lines)
        yield "\n".join(space + line if n in items else line for n, line in enumerate(lines))
        for number in items:
            above, item, below = lines[:number], lines[number], lines[number + 1 :]
            mark = _ITEM.match(item)
            end = mark.end() if mark else 0
            half = (end + len(item)) // 2
            for instead in (
                [space + item],
                ["", space + item],
                ["", space + item, ""],
                ["", space + item + " typed"],
                [item, "", space + "typed"],
                [item[:end] + space + item[end:]],
                [item[:half], "", space + item[half:]],
            ):
                yield "\n".join([*above, *instead, *below])
    for number in items:
        above, item, below = lines[:number], lines[number], lines[number + 1 :]
        yield "\n".join([*above, item.lstrip(), *below])
        yield "\n".join([*above, item[len(item) - len(item.lstrip()) + 2 :], *below])
        if above:
            yield "\n".join([*above[:-1], f"{above[-1]} {item}", *below])


def find_harm(before: str, page: str, after: str) -> Optional[str]:
    """The harm that a change of the page did to a field; None when it did none.

    ``before`` and ``after`` are the field's HTML, ``page`` is the changed Markdown.
    """
    had = Counter(found[1] for found in _CLOZE.finditer(before))
    has = Counter(found[1] for found in _CLOZE.finditer(after))
    if "{{c" in "".join(found[2] for found in _CLOZE.finditer(after)):
        return "a cloze in a cloze"
    if has - had:
        return f"clozes invented: {has - had}"
    if "&#125;" in after:
        return "an escaped brace"
    shown = Counter(found[1] for found in _SHOWN.finditer(page))
    if shown - has:
        return f"clozes gone that the page shows: {shown - has}"
    for shown_as, tag in ((_EMBED, "<img"), (_LINK, "<a ")):
        if len(shown_as.findall(page)) > after.count(tag):
            return f"fewer {tag}> than the page shows"
    return None
