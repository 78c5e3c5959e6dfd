"""Footnotes on a card: a small number, and the text below. No id, no link, no script."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from html import escape, unescape

from ..text.footnote_labels import LABEL, same_label
from .tokens import END, START, TEXT, Token, parse_attributes

NOTE_END = "</div>"
NO_LABEL = " "

_CLASS = "footnote"
_NUMBER_CLASS = "footnote-number"
_LABELLED = re.compile(r'<(sup|div)\b[^<>]*?\bdata-footnote="([^"]*)"')
_NUMBERED = re.compile(
    rf'(?P<ref><sup class="{_CLASS}" data-footnote="(?P<of>[^"]*)">)\d*(?=</sup>)'
    rf'|(?P<note><div class="{_CLASS}" data-footnote="(?P<label>[^"]*)"[^<>]*>'
    rf'(?:<(?:font|span|b|i)\b[^<>]*>|\s)*<sup class="{_NUMBER_CLASS}">)\d*(?=</sup>)'
)


def reference_html(label: str) -> str:
    """The number in the text. ``label`` is empty for a note that is written in the line."""
    return f'<sup class="{_CLASS}" data-footnote="{escape(label)}">1</sup>'


def note_start(label: str) -> str:
    """The HTML before a note's text."""
    return (
        f'<div class="{_CLASS}" data-footnote="{escape(label)}"'
        ' style="font-size: smaller; margin-top: 0.5em;">'
        f'<sup class="{_NUMBER_CLASS}">1</sup> '
    )


def read_label(attributes: Mapping[str, str]) -> str | None:
    """The label of a note or its number; empty for a note in the line, None for no footnote."""
    if _CLASS not in attributes.get("class", "").split():
        return None
    label = attributes.get("data-footnote")
    return label if label == "" or re.fullmatch(LABEL, label or "") else None


def read_number(html: str, tokens: Sequence[Token], index: int) -> str | None:
    """The label of the footnote whose number is in a ``<sup>``; ``NO_LABEL`` before a note's text.

    None when it is something else, or contains more than the number.
    """
    token, following = tokens[index], tokens[index + 1 : index + 3]
    if token.kind != START or token.name != "sup" or token.inner[1] <= token.inner[0]:
        return None
    if [after.kind for after in following] != [TEXT, END] or following[1].name != "sup":
        return None
    if not html[following[0].start : following[0].end].isdigit():
        return None
    attributes = parse_attributes(html[slice(*token.inner)])
    return NO_LABEL if attributes.get("class", "") == _NUMBER_CLASS else read_label(attributes)


def find_labels(html: str) -> set[str]:
    """The labels of a field's footnotes, as ``same_label`` gives them."""
    if "data-footnote" not in html:
        return set()
    return {same_label(unescape(label)) for _, label in _LABELLED.findall(html)} - {""}


def number_footnotes(html: str) -> str:
    """Number a field's footnotes in their order. Notes without a reference come last."""
    if "data-footnote" not in html:
        return html
    numbers = _Numbers()
    names = [numbers.name(found) for found in _NUMBERED.finditer(html)]
    found_names = iter(names)
    for is_reference in (True, False):
        for name, found in zip(names, _NUMBERED.finditer(html)):
            if (found["ref"] is not None) is is_reference:
                numbers.known.setdefault(name, len(numbers.known) + 1)
    return _NUMBERED.sub(
        lambda found: f"{found['ref'] or found['note']}{numbers.known[next(found_names)]}", html
    )


class _Numbers:
    def __init__(self) -> None:
        self.known: dict[str, int] = {}
        self._in_line = {"ref": 0, "note": 0}  # the number seen without a label

    def name(self, found: re.Match[str]) -> str:
        """A key for a footnote. Notes without a label are paired by their order."""
        kind = "ref" if found["ref"] is not None else "note"
        label = same_label(found["of"] if kind == "ref" else found["label"])
        if not label:
            self._in_line[kind] += 1
        return label or f" {self._in_line[kind]}"
