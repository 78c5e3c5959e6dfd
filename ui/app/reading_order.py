"""Keeps a sentence in order when a name in it is written from right to left."""

from __future__ import annotations

import re

_RTL = "\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff"
_RUN = re.compile(f"[{_RTL}](?:[\\W\\d_]*[{_RTL}])*")
_CONTROLS = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_MARK = "\u200e"  # shows nothing, and belongs to what is read from left to right


def in_order(text: str) -> str:
    """The same text, for a place in which Qt takes the direction from the first letter.

    Our sentences are read from left to right, also those that begin with a Hebrew or Arabic name,
    and what follows such a name stays behind it. Characters that turn text around are left out: a
    name that has one would turn the rest of the sentence.
    """
    if text.isascii():
        return text
    text = _CONTROLS.sub("", text)
    first = _RUN.search(text)
    if not first:
        return text
    begins = any(each.isalpha() for each in text[: first.start()])  # from left to right
    return ("" if begins else _MARK) + _RUN.sub(f"\\g<0>{_MARK}", text)
