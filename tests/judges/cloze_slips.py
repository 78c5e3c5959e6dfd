"""Makes typing mistakes at the marks of a cloze, and checks that they do no harm to a field."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Optional

_HIGHLIGHT = re.compile(r"==([^=\n]+)==(%%c[\d,]+(?:::[^%\n]*)?%%)")
_SYNTAX = (re.compile(r"%%|％％"), re.compile(r"==|＝＝"), re.compile(r"(?<!\{\{)c\d"))
_BORDER = re.compile(r"\{\{c([\d,]+)::|\}\}")


def slips(markdown: str) -> Iterator[str]:
    """The page with one mistake: each kind of mistake at each highlight."""
    for found in _HIGHLIGHT.finditer(markdown):
        text, mark = found[1], found[2]
        for slip in (
            f"===={mark}",
            f"== =={mark}",
            f"{text}=={mark}",
            f"=={text}{mark}",
            f"===={text}===={mark}",
            f"==={text}=={mark}",
            f"=={text}==={mark}",
            f"=={text}==",
            mark,
            f"{mark}=={text}==",
            f"=={text}{mark}==",
            f"=={text}== x {mark}",
            f"=={text}=={mark}{mark}",
            f"=={text}=={mark[1:]}",
            f"=={text}=={mark[:-1]}",
            f"{text}==",
            f"=={text}",
            f"=={text}=={mark}==",
            f"={text}={mark}",
            f"==x =={text}=={mark}",
            f"=={text}=={mark[:-2]}",
            f"=={text}=={mark[2:-2]}",
            f"=={text}=={mark[:3]}",
            f"=={text}=={mark[:-2]} %%",
            f"=={text}=={mark.replace('%%c', '%% c')}",
            f"=={text}=={mark.replace('%%c', '%%')}",
            f"=={text}=={mark.upper()}",
            f"=={text}==%%%%",
            f"%%=={text}=={mark}%%",
            f"=={{{{c1::{text}}}}}=={mark}",
            f"=={text}%%=={mark}",
            f"＝＝{text}＝＝{mark}",
            f"=={text}==％％{mark[2:-2]}％％",
        ):
            yield markdown[: found.start()] + slip + markdown[found.end() :]


def find_harm(before: str, after: str) -> Optional[str]:
    """What is wrong with the clozes of a field after a mistake; None when nothing is."""
    for stray in _SYNTAX:
        if len(stray.findall(after)) > len(stray.findall(before)):
            return f"{stray.pattern} as text, or hidden"
    depth = 0
    for found in _BORDER.finditer(after):
        depth += 1 if found[1] else -1
        if depth > 1:
            return "a cloze in a cloze"
    if depth:
        return "a cloze without its end"
    had, has = _numbers(before), _numbers(after)
    if has - had and sum((has - had).values()) > 1:
        return f"clozes invented: {has - had}"
    if set(has) - set(had):
        return f"new numbers: {set(has) - set(had)}"
    if sum((had - has).values()) > 1:
        return f"more than one cloze gone: {had - has}"
    if "&#125;" in after and "&#125;" not in before:
        return "an escaped brace"
    return None


def _numbers(html: str) -> Counter[str]:
    return Counter(found[1] for found in _BORDER.finditer(html) if found[1])
