"""Obsidian's callouts, ``> [!tip] Title``: on a card a box that looks right by day and night."""

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
# Each is as far from the light as from the dark background that Anki's cards have.
_BLUE, _CYAN, _GREEN, _ORANGE = "24,129,247", "0,148,146", "7,152,64", "209,104,0"
_RED, _PURPLE, _GREY = "235,71,90", "143,111,241", "133,133,133"
# The types and their other names: https://help.obsidian.md/callouts#Supported+types
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
    """What the mark of a callout says: ``kind`` as it was typed, ``fold`` is ``+``, ``-`` or none.

    ``untitled``: its title is only the name of its kind. ``framed``: its title has an element of
    its own; else it is the first line.
    """

    kind: str
    fold: str = ""
    untitled: bool = False
    framed: bool = True

    @property
    def mark(self) -> str:
        """How Markdown begins it: ``[!tip]-``."""
        return f"[!{self.kind}]{self.fold}"

    @property
    def default_title(self) -> str:
        """The name of its kind, as Obsidian shows it where no title is given."""
        name = self.kind.partition("|")[0].strip()
        return name[:1].upper() + name[1:].lower()

    @property
    def start(self) -> str:
        """The tags that begin it on a card, up to its title."""
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
    """The callout that a quote's first line makes it, and its title in Markdown."""
    found = _HEAD.match(text)
    if found is None:
        return None
    title = text[found.end("fold") :].partition("\n")[0].strip()
    return Callout(found["kind"], found["fold"], not title), title


def read_attributes(attributes: Mapping[str, str]) -> Callout | None:
    """The callout that a ``<blockquote>`` is. Some have the fold with the kind, and no title."""
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
