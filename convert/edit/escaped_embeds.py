"""Refuses an edit in which only a backslash was put before an embed or a link to a page.

Formatters that do not know Obsidian's Markdown do that: ``![[x.png]]`` becomes ``!\\[\\[x.png]]``.
The page then shows these letters, and so would the card, in place of the picture.
"""

from __future__ import annotations

import re
from collections import Counter

from .refusal import Refusal

_WHOLE = re.compile(r"(?<!\\)!?\[\[[^\[\]\n]+\]\]")
_MAYBE_ESCAPED = re.compile(r"\\?!?\\?\[\\?\[[^\[\]\n]+?\]\\?\]")
_BACKSLASH = re.compile(r"\\(?=[^A-Za-z0-9\s])")


def refuse_escaped(markdown: str, before: str) -> Refusal | None:
    """Why an edit from ``before`` to ``markdown`` is refused; None when no embed became words.

    An embed or a link counts that is gone, and whose letters stand there now with backslashes.
    """
    if "[[" not in before or "\\" not in markdown:
        return None
    gone = Counter(map(_plain, _WHOLE.findall(before)))
    gone -= Counter(map(_plain, _WHOLE.findall(markdown)))
    if not gone:
        return None
    known = Counter(found[0] for found in _MAYBE_ESCAPED.finditer(before))
    for found in _MAYBE_ESCAPED.finditer(markdown):
        text = found[0]
        if known[text]:
            known[text] -= 1
        elif gone[_plain(text)] and not _WHOLE.match(markdown, found.start()):
            what = "picture or sound" if "!" in text[:2] else "link"
            reason = (
                f"backslashes make plain letters of this {what}: “{text}”. Take them out (a "
                "program that formats Markdown may have put them there). If you want the letters, "
                "write them between backticks"
            )
            return Refusal(reason, markdown.count("\n", 0, found.start()) + 1)
    return None


def _plain(text: str) -> str:
    return _BACKSLASH.sub("", text)
