"""Writes the heading of a field, and finds the field that a heading means."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from html import unescape

_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
_DRESSED = re.compile(r"(\*{1,3}|_{1,3}|~~|==|`+)(?=\S)(.+?)(?<=\S)\1")

_HTML_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")
_COMMENT = re.compile(r"%%[^%\n]*%%")


def fold_heading(text: str) -> str:
    """The same for texts that differ only in case, spaces, or how their characters are composed."""
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())


def match_heading(text: str, names: Sequence[str]) -> tuple[str, ...]:
    """The fields that a heading, as typed, may mean. Exactly one when the meaning is clear.

    The nearest spelling wins: the page's own, then the plain name, then another case, last the name
    with emphasis, in a link's brackets or with a colon at its end.
    """
    exact = tuple(name for name in names if field_heading(name).strip() == text)
    if exact:
        return exact
    plain = unescape(_ESCAPED.sub(r"\1", text))
    exact = tuple(name for name in names if name.strip() == plain)
    if exact:
        return exact
    for words in (plain, _undress(text)):
        folded = fold_heading(words)
        found = tuple(name for name in names if folded and fold_heading(name) == folded)
        if found:
            return found
    return ()


def _undress(text: str) -> str:
    text = _HTML_TAG.sub("", _COMMENT.sub("", text)).strip()
    before = ""
    while before != text:
        before = text
        whole = _DRESSED.fullmatch(text)
        if whole:
            text = whole.group(2)
        elif text.startswith("[[") and text.endswith("]]"):
            text = text[2:-2]
        text = text.rstrip(": ")
    return unescape(_ESCAPED.sub(r"\1", text))


_HEADING_SYNTAX = re.compile(
    r"[\\`*\[\]<$]|~(?=~)|=(?==)|%(?=%)|(?<!\w)_|_(?!\w)|(?<!\S)#(?=\S)|#+\Z|\^(?=[\w-]+\Z)|&(?=#?\w+;)"
)


@lru_cache(maxsize=4096)
def field_heading(name: str) -> str:
    """A field's name as the text of a heading."""
    return _HEADING_SYNTAX.sub(lambda found: "\\" + found.group(), name)
