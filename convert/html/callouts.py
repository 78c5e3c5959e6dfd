"""Obsidian's callouts, ``> [!tip] Title``, as boxes on a card, for light and dark mode."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape

TITLE_CLASS = "callout-title"

_HEAD = re.compile(
    r"\[!(?P<kind>[^\[\]\n{}\\`]*[^\[\]\n{}\\`\s][^\[\]\n{}\\`]*)\](?P<fold>[+-]?)(?:\s|$)"
)
_KIND = re.compile(r"([^\[\]\n{}\\`]+?)([+-]?)")
# Each has the same contrast with the light and the dark background of Anki's cards.
_BLUE, _CYAN, _GREEN, _ORANGE = "24,129,247", "0,148,146", "7,152,64", "209,104,0"
_RED, _PURPLE, _GREY = "235,71,90", "143,111,241", "133,133,133"
# The types and their aliases: https://help.obsidian.md/callouts#Supported+types
_COLOURS = {
    **dict.fromkeys(("abstract", "summary", "tldr"), _CYAN),
    **dict.fromkeys(("tip", "hint", "important"), _CYAN),
    **dict.fromkeys(("success", "check", "done"), _GREEN),
    **dict.fromkeys(("question", "help", "faq"), _ORANGE),
    **dict.fromkeys(("warning", "caution", "attention"), _ORANGE),
    **dict.fromkeys(("failure", "fail", "missing", "danger", "error", "bug"), _RED),
    "example": _PURPLE,
    **dict.fromkeys(("quote", "cite"), _GREY),
}


@dataclass(frozen=True)
class Callout:
    """The mark of a callout: ``kind`` as typed, ``fold`` is ``+``, ``-`` or empty.

    ``untitled``: its title is only the name of its kind. ``framed``: its title has an element of
    its own; otherwise the title is the first line.
    """

    kind: str
    fold: str = ""
    untitled: bool = False
    framed: bool = True

    @property
    def mark(self) -> str:
        """The mark in Markdown: ``[!tip]-``."""
        return f"[!{self.kind}]{self.fold}"

    @property
    def default_title(self) -> str:
        """The title that Obsidian shows when none is given: the name of the kind."""
        name = self.kind.partition("|")[0].strip()
        return name[:1].upper() + name[1:].lower()

    @property
    def start(self) -> str:
        """The tags on a card from the callout's start up to its title."""
        colour = _COLOURS.get(self.kind.partition("|")[0].strip().lower(), _BLUE)
        fold = f' data-fold="{self.fold}"' if self.fold else ""
        untitled = " data-untitled" if self.untitled else ""
        return (
            f'<blockquote class="callout" data-callout="{escape(self.kind)}"{fold}{untitled}'
            f' style="margin: 1em 0; padding: 0.5em 0.8em; border-left: 4px solid rgb({colour});'
            f' border-radius: 4px; background: rgba({colour},0.1); text-align: start;">'
            f'<div class="{TITLE_CLASS}" style="font-weight: bold; color: rgb({colour});">'
        )


def read_mark(text: str) -> tuple[Callout, str] | None:
    """Read the first line of a quote: the callout and its title in Markdown, if it is one."""
    found = _HEAD.match(text)
    if found is None:
        return None
    title = text[found.end("fold") :].partition("\n")[0].strip()
    return Callout(found["kind"], found["fold"], not title), title


def read_attributes(attributes: Mapping[str, str]) -> Callout | None:
    """The callout of a ``<blockquote>``. Some have the fold in the kind, some have no title."""
    found = _KIND.fullmatch(attributes.get("data-callout", ""))
    if found is None:
        return None
    framed = "callout" in attributes.get("class", "").split()
    fold = attributes.get("data-fold", "")
    if framed and fold not in ("+", "-"):
        return Callout(found[0], "", "data-untitled" in attributes)
    if framed:
        return Callout(found[0], fold, "data-untitled" in attributes)
    return Callout(found[1], found[2], "data-untitled" in attributes, framed=False)
