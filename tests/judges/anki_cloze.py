"""Reads clozes as Anki does (rslib/src/cloze.rs)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Optional, Union

_BLOCK = re.compile(r"<(?:div|p|ul|ol|li|table|pre|blockquote|h[1-6]|hr|dl|details)\b", re.I)
_TAG = re.compile(r"<(/?)([a-z][a-z0-9]*)[^>]*?(/?)>", re.I)
_CODE = re.compile(r"<(pre|code|tt|samp)\b.*?</\1\s*>", re.I | re.S)
_TOKEN = re.compile(r"\{\{c(\d+(?:,\d+)*)::|\}\}")


@dataclass
class Cloze:
    """A cloze as written: its numbers, its content and its hint."""

    numbers: str
    parts: list[Union[str, Cloze]] = field(default_factory=list)
    hint: Optional[str] = None

    def text(self) -> str:
        """The text that the back of the card shows."""
        shown = "".join(p if isinstance(p, str) else p.text() for p in self.parts)
        return "" if shown.startswith("image-occlusion:") else shown


def parse_clozes(text: str) -> list[Union[str, Cloze]]:
    """Split ``text`` into plain texts and clozes. Unclosed clozes and stray ``}}`` are plain."""
    root: list[Union[str, Cloze]] = []
    open_clozes: list[Cloze] = []

    def add(part: str) -> None:
        if not open_clozes:
            root.append(part)
            return
        cloze = open_clozes[-1]
        shown, separator, hint = part.partition("::")
        if separator:
            cloze.hint = hint
        cloze.parts.append(shown)

    at = 0
    for token in _TOKEN.finditer(text):
        if token.start() > at:
            add(text[at : token.start()])
        at = token.end()
        if token[1] is not None:
            open_clozes.append(Cloze(token[1]))
        elif open_clozes:
            cloze = open_clozes.pop()
            (open_clozes[-1].parts if open_clozes else root).append(cloze)
        else:
            add(token[0])
    if text[at:]:
        add(text[at:])
    while open_clozes:
        cloze = open_clozes.pop()
        below = open_clozes[-1].parts if open_clozes else root
        below.append("{{c" + cloze.numbers + "::")
        below.extend(cloze.parts)
        if cloze.hint is not None:
            below.append("::" + cloze.hint)
    return root


def reveal_clozes(text: str) -> str:
    """``text`` with the content of every cloze in its place, as on the back of a card."""
    if "{{c" not in text:
        return text
    return "".join(p if isinstance(p, str) else p.text() for p in parse_clozes(text))


def find_unsayable_clozes(html: str) -> list[Cloze]:
    """The clozes that cannot be highlights: nested, in code, with blocks or a part of an element.

    A cloze is also returned when its text or hint has ``%%`` or ``==``.
    """
    if "{{c" not in html:
        return []
    in_code = [cloze for code in _CODE.finditer(html) for cloze in _all_clozes(code[0])]
    return in_code + [
        cloze
        for part in parse_clozes(_CODE.sub(r"<\1></\1>", html))
        if isinstance(part, Cloze) and _is_unsayable(part)
        for cloze in [part, *_inner(part)]
    ]


def _is_unsayable(cloze: Cloze) -> bool:
    text = cloze.text()
    return (
        bool(_inner(cloze))
        or bool(_BLOCK.search(text))
        or _leaves_open(text)
        or any(mark in part for mark in ("%%", "==") for part in (text, cloze.hint or ""))
    )


def _leaves_open(html: str) -> bool:
    depth = 0
    for closing, name, empty in _TAG.findall(html):
        if name.lower() in ("br", "img", "hr", "wbr", "input") or empty:
            continue
        depth += -1 if closing else 1
        if depth < 0:
            return True
    return depth != 0


def _inner(cloze: Cloze) -> list[Cloze]:
    found = [part for part in cloze.parts if isinstance(part, Cloze)]
    return found + [deeper for inner in found for deeper in _inner(inner)]


def _all_clozes(text: str) -> list[Cloze]:
    found = [part for part in parse_clozes(text) if isinstance(part, Cloze)]
    return found + [deeper for cloze in found for deeper in _inner(cloze)]
