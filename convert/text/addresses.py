"""Finds bare addresses that are links, by the rules of GitHub's Markdown.

https://github.github.com/gfm/#autolinks-extension-
"""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import quote

from .white_space import STAND_INS

# Where an address may begin. ``www.`` may not follow a word, but may begin a highlight or a cloze.
STARTS = re.compile(
    r"(?P<web>(?<![a-zA-Z])(?i:https?)://)"
    r"|(?P<other>(?<![a-zA-Z0-9])(?i:(?:ftp|file|obsidian|zotero|anki)://|(?:mailto|tel|xmpp):))"
    rf"|(?P<www>(?:(?<!.)|(?<=[\s*_~({STAND_INS}])|(?<===)|(?<=::))(?i:www)\.(?=[^\W_]))"
    r"|(?P<mail>(?<![\w.+-])[a-zA-Z0-9._+-]+@(?=[a-zA-Z0-9]))",
    re.DOTALL,
)
_REST = re.compile(rf"[^\s<>{STAND_INS}]*")
# Addresses other than web addresses contain no markup: an escaped mark is no end of a link.
_PLAIN_REST = re.compile(rf"[^\s<>\\*`$\[\]|{STAND_INS}]*")
_MARKS_AFTER = re.compile(r"[*$]*")
_ENDING = "<>].,;:!?)_~=\"'" + STAND_INS
_MAIL_HOST = re.compile(r"[a-zA-Z0-9_-]+(?:\.[a-zA-Z0-9_-]+)+")
_HOST = re.compile(r"[^/?#:]*")
_MARKUP = re.compile(r"[\\*`$\[\]<>|]|&#?\w+;|==|~~|%%|(?<![^\W_])_|_(?![^\W_])")
_ENDS = ("{{c", "}}", "](", "&lt;", "&gt;", "&quot;")
_BRACKET = re.compile(r"[\[\]]")
_ENTITY = re.compile(r"&[a-zA-Z0-9]+;$")
_PUNCTUATION = ".,:!?*_~\"'$"
_MAY_START = re.compile(r"://|@|www\.|(?:mailto|tel|xmpp):", re.IGNORECASE)
# https://spec.commonmark.org/0.31.2/#autolinks
_IN_BRACKETS = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]{1,31}:[^<>\x00-\x20]*")
_MAIL_IN_BRACKETS = re.compile(r"[a-zA-Z0-9._+-]+@[a-zA-Z0-9-]+(?:\.[a-zA-Z0-9-]+)+")
_SCRIPT = re.compile(r"(?:javascript|vbscript|data):", re.IGNORECASE)
_PICTURE = re.compile(r"data:(?:image|audio|video)/", re.IGNORECASE)
_TO_QUOTE = re.compile(r"[\x00-\x1f ()<>\\\"`{}^]")
_SAFE = "!#$%&'*+,-./:;=?@[]_~|"
_WEB_PAGE = re.compile(
    r"(?:https?:)?//(?:(?:[\w-]+\.)*(?:youtube(?:-nocookie)?\.com|youtu\.be|vimeo\.com|twitter\.com|x\.com)"
    r"(?:[/?#]|$)|[^?#]*\.(?:pdf|html?|docx?|pptx?|xlsx?)(?:[?#]|$))",
    re.IGNORECASE,
)
_UNSEEN = re.compile(r"[\x00-\x20\x7f-\xa0\u200b-\u200f\u2028-\u202f\ufeff]")


class Address(NamedTuple):
    """An address in a text: its end, and the scheme that its link adds."""

    end: int
    scheme: str


def find_starts(text: str) -> dict[int, re.Match[str]]:
    """The places in a text where addresses may begin."""
    if not _MAY_START.search(text):
        return {}
    return {start.start(): start for start in STARTS.finditer(text)}


def read_address(
    text: str, start: re.Match[str], limit: int, in_cloze: bool = False
) -> Address | None:
    """The address that begins with a match of ``STARTS`` and ends before ``limit``, if it is one.

    ``in_cloze``: the text or the hint of a cloze may begin or end in it.
    """
    if start.end() > limit:
        return None
    kind = start.lastgroup
    if kind == "mail":
        return _read_mail(text, start, limit)
    rest = (_REST if kind == "web" else _PLAIN_REST).match(text, start.end(), limit)
    found = _trim(rest[0] if rest else "", in_cloze)
    of_web = kind in ("web", "www")
    if not found.strip(":/") or (of_web and not _has_host(start[0] + found, kind == "www")):
        return None
    if kind != "web" and (_MARKUP.search(found) or not rest or not _ends(text, rest.end(), limit)):
        return None
    return Address(start.end() + len(found), "http://" if kind == "www" else "")


def _ends(text: str, end: int, limit: int) -> bool:
    """Whether the text after an address that may have no markup really ends it."""
    marks = _MARKS_AFTER.match(text, end, limit)
    return (
        marks is None
        or marks.end() == limit
        or text[marks.end()] in _ENDING
        or (text[marks.end()].isspace())
    )


def reads_bare(address: str, after: str = "") -> bool:
    """Whether a bare address, with ``after`` behind it, is read as exactly this address."""
    start = STARTS.match(address)
    whole = address + after
    found = read_address(whole, start, len(whole), in_cloze=True) if start else None
    return found is not None and found.end == len(address)


def may_stand_in_brackets(address: str) -> bool:
    """Whether ``<address>`` is read as this address."""
    pattern = _IN_BRACKETS if ":" in address else _MAIL_IN_BRACKETS
    return pattern.fullmatch(address) is not None and "}}" not in address


def is_harmless(address: str) -> bool:
    """Whether a link to it runs no script."""
    seen = _UNSEEN.sub("", address)
    return not _SCRIPT.match(seen) or _PICTURE.match(seen) is not None


def is_web_page(address: str) -> bool:
    """Whether an address leads to a page or a document, not to a picture."""
    return _WEB_PAGE.match(address) is not None


def quote_address(address: str) -> str:
    """Quote an address, so that it can stand between parentheses."""
    return quote(address, safe=_SAFE) if _TO_QUOTE.search(address) else address


def _read_mail(text: str, start: re.Match[str], limit: int) -> Address | None:
    host = _MAIL_HOST.match(text, start.end(), limit)
    if host is None or host[0][-1] in "-_":
        return None
    return Address(host.end(), "mailto:")


def _has_host(address: str, www: bool) -> bool:
    host = _HOST.match(address if www else address.partition("//")[2])
    parts = host[0].split(".") if host else [""]
    first = parts[0][:1]
    return (first.isalnum() or first in ("[", "_")) and not any("_" in part for part in parts[-2:])


def _trim(found: str, in_cloze: bool) -> str:
    """An address without the text behind it: a cloze's end, a link's text, marks, punctuation."""
    for border in (*_ENDS, "::") if in_cloze else _ENDS:
        if border in found[1:]:
            found = found[: found.index(border, 1)]
    comment = found.find("==%%")  # the end of a cloze
    found = found[:comment] if comment >= 0 else found
    opened = 0
    for bracket in _BRACKET.finditer(found):
        opened += 1 if bracket[0] == "[" else -1
        if opened < 0:
            found = found[: bracket.start()]
            break
    return found[: _end_without_marks(found)]


def _end_without_marks(found: str) -> int:
    closing = found.count(")") - found.count("(")
    end = len(found)
    while end:
        last = found[end - 1]
        if last == ";":
            entity = _ENTITY.search(found, max(end - 40, 0), end)
            end = entity.start() if entity else end - 1
        elif last in _PUNCTUATION:
            end -= 1
        elif found.endswith("==", 0, end):
            end = len(found[:end].rstrip("="))
        elif last == ")" and closing > 0:
            end, closing = end - 1, closing - 1
        else:
            break
    return end
