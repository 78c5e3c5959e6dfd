"""Escapes plain words, so that Obsidian shows exactly these words."""

from __future__ import annotations

import re
from typing import NamedTuple
from unicodedata import category

from ..text.addresses import (
    STARTS,
    may_stand_in_brackets,
    quote_address,
    read_address,
    reads_bare,
)
from .furigana import FURIGANA

_QUICK = re.compile(r"[\\*_`~=%$\[\]<&#^|]|://")
_PUNCTUATION = r"!-/:-@\[-`{-~"
# These characters end a tag in Obsidian; all others belong to it.
_NO_TAG = "\\s\u2000-\u206f\u2e00-\u2e7f'!\"#$%&()*+,.:;<=>?@^`{|}~\\[\\]\\\\"
_REACTIVE_WORDS = (
    rf"(?P<slash>\\(?=[{_PUNCTUATION}]|$))"
    r"|(?P<always>[`$])"
    r"|(?P<star>\*)"
    r"|(?P<under>_+)"
    r"|(?P<pair>~{2,}|={2,}|%{2,}|\[{2,})"
    r"|(?P<tag_of_anki>\[(?=(?i:sound:|latex\])))"
    r"|(?P<edge>^[=~%]+|[=~%\[!^]+$)"
    r"|(?P<image>!\[)"
    r"|(?P<bracket>\[(?=\^)|\](?=\()|\^(?=\[))"
    r"|(?P<tag><(?=[a-zA-Z/!?]|$))"
    r"|(?P<entity>&(?=#?[0-9a-zA-Z]+;))"
    rf"|(?P<hash>\#(?=[0-9]*[^0-9{_NO_TAG}]))"
    rf"|(?P<ruby>(?={FURIGANA})\{{)"
    r"|(?P<pipe>\|)"
    r"|(?P<link>[\[\]])"
)
_REACTIVE = re.compile(rf"(?P<url>(?<![a-zA-Z])https?://[^\s<>\x00]+)|{_REACTIVE_WORDS}")
_REACTIVE_IN_LINK = re.compile(_REACTIVE_WORDS)
_MARKUP_IN_URL = re.compile(r"[*`$\\]|==|~~|%%|\[\[|\]\(|\[\^|&\#?\w+;")
_LOOSE_UNDERSCORE = re.compile(r"(?<![^\W_])_|_(?![^\W_])")
_LINE_START = re.compile(
    r"(?P<mark>\#{1,6}(?=\s|$)|>|[-+](?=\s|$)|-{2,}[-\s]*$|_[_\s]*$|~{3}|=+\s*$|\[!|\[(?=[^\]]+\]:))"
    r"|(?P<number>\d{1,9})[.)](?=\s|$)"
    r"|(?P<row>[|:](?=[^-]*-)[-|:\s]*$)"
)
_ADDRESS_END = re.compile(r"[.,;:!?)]*(?:\s|$)")
_IMPLIED = ("", "mailto:", "http://")
_MARKS = re.compile(r"[*_~=$]*")
_BLOCK_ID = re.compile(r"(?:(?<=\s)|^)\^(?=[\w-]+$)")
_JOINS = {"!": ("[",), "^": ("[",), "[": ("[", "!", "^")}
_HTML_SPECIAL = re.compile(r"[&<>]")


class Place(NamedTuple):
    """The place of words: in a table's ``cell``, in a ``link``'s text, in a highlight (``lit``)."""

    cell: bool = False
    link: bool = False
    lit: bool = False


IN_LINE = Place()


def escape_words(text: str, before: str, after: str, place: Place = IN_LINE) -> str:
    """``text`` with a backslash wherever Obsidian would read it as more than text.

    ``before`` and ``after`` are the characters next to it, empty at a line's ends. Escaped brackets
    never form a formula in Anki's delimiters: a closing bracket gets a backslash before it only in
    a link's text, which has no formulas, and only after an opening bracket.
    """
    if not _QUICK.search(text) and text[-1:] != "!":
        return text

    opened = 0

    def escape(match: re.Match[str]) -> str:
        nonlocal opened
        if match.lastgroup == "url":
            follower = (text[match.end() :] or after)[:1]
            return _escape_url(match, follower, place)
        found = _to_escape(match, before, after, place)
        opened += match[0].count("[")
        if match[0] == "]" and found is not None:
            if not place.link:
                return "]\\"  # before a parenthesis
            opened -= 1
            return "\\]" if opened >= 0 else "&#93;"
        if match.lastgroup == "image":
            return "!\\["
        return match[0] if found is None else "".join("\\" + char for char in found)

    return (_REACTIVE_IN_LINK if place.link else _REACTIVE).sub(escape, text)


def _to_escape(match: re.Match[str], before: str, after: str, place: Place) -> str | None:
    """The part of a special piece of text to escape; None when it is harmless at this place."""
    text, found, kind = match.string, match[0], match.lastgroup
    start, end = match.span()
    left = text[start - 1] if start else before
    right = text[end] if end < len(text) else after
    harmless = False
    if kind == "star":
        harmless = left.isspace() and not right.strip()
    elif kind == "pair":
        harmless = found[0] in "=~" and not left.strip() and not right.strip() and not place.lit
    elif kind == "under":
        harmless = not _can_open(left, right)
    elif kind == "slash":
        harmless = end == len(text) and (after.isalnum() or after.isspace())
    elif kind == "hash":
        harmless = left != "" and (left.isalnum() or left in "_&/")
    elif kind == "pipe":
        harmless = not place.cell
    elif kind == "link":
        harmless = not place.link
    elif kind == "edge":
        joined = start == 0 and before == found[0]
        joined = joined or (found[-1] in "=~%" and end == len(text) and after == found[-1])
        joined = joined or after in _JOINS.get(found[-1], ())
        harmless = not (joined or place.link or len(found) > 1)
    return None if harmless else found


def _can_open(left: str, right: str) -> bool:
    """Whether underscores between two characters can open emphasis (CommonMark 6.2, rule 2)."""
    if not right or right.isspace():
        return False
    return not left or left.isspace() or category(left)[0] in "PS"


def _escape_url(found: re.Match[str], after: str, place: Place) -> str:
    """Keep a bare address; put it in angle brackets where it could be misread."""
    start = STARTS.match(found.string, found.start())
    in_cloze = found.string.find("}}", found.start()) >= 0
    address = read_address(found.string, start, found.end(), in_cloze) if start else None
    end = address.end if address else found.end("url")
    marks = _MARKS.match(found.string, end, found.end())  # these are not meant as marks here
    end = marks.end() if marks else end
    url, tail = found[0][: end - found.start()], found[0][end - found.start() :]
    tail = escape_words(tail, url[-1], after, place) if tail else ""
    if address is None:
        at = url.index("//")
        return url[:at] + escape_words(url[at:], ":", after, place._replace(link=True))
    if place.cell:
        url = url.replace("|", "%7C")
    return (url if _stands_bare(url, tail + after) else f"<{url}>") + tail


def _stands_bare(url: str, after: str) -> bool:
    """Whether a web address needs no brackets before these characters."""
    return (
        _ADDRESS_END.match(after) is not None and not is_ambiguous(url) and reads_bare(url, after)
    )


def is_ambiguous(url: str) -> bool:
    """Whether a reader without support for bare addresses would see markup in this one."""
    return bool(_MARKUP_IN_URL.search(url)) or len(_LOOSE_UNDERSCORE.findall(url)) > 1


def write_address(text: str, url: str, before: str, after: str, cell: bool) -> str:
    """A link whose ``text`` is its address (quoted: ``url``); empty when it is not.

    ``before`` and ``after`` are the texts beside it that might be read as part of the address.
    """
    whole = quote_address(text)
    if cell and "|" in text:
        return ""
    scheme = next((s for s in _IMPLIED if (s + whole).rstrip("/") == url.rstrip("/")), None)
    if scheme is None:
        return ""
    start = STARTS.match(before + text, len(before))
    limit = len(before + text)
    address = read_address(before + text, start, limit, in_cloze=True) if start else None
    if address is not None and address.scheme == scheme and address.end == limit:
        bare = reads_bare(text, after) if scheme else _stands_bare(text, after)
        if bare:
            return text
    return f"<{text}>" if scheme != "http://" and may_stand_in_brackets(text) else ""


def escape_line(line: str) -> str:
    """Escape a rendered line that begins with words: it must not become a list, heading or rule."""
    match = _LINE_START.match(line)
    if match is not None:
        if match["number"]:
            at = match.end("number")
            line = f"{line[:at]}\\{line[at:]}"
        else:
            line = "\\" + line
    return line


def escape_line_end(line: str) -> str:
    """Escape a rendered line that ends with words: its end must not become a block's name."""
    return _BLOCK_ID.sub(r"\\^", line) if "^" in line else line


def escape_html(text: str, cell: bool = False, link: bool = False) -> str:
    """``text`` inside an HTML element, the same in Reading view and Live Preview.

    Live Preview reads it as HTML; Reading view may read Markdown in it. A character reference is
    plain text in both.
    """
    if not _QUICK.search(text) and not _HTML_SPECIAL.search(text):
        return text
    place = Place(cell, link, lit=True)
    parts: list[str] = []
    position = 0
    for match in _REACTIVE.finditer(text):
        parts.append(_escape_special(text[position : match.start()]))
        position = match.end()
        ends = text[position : position + 1].isspace() or position == len(text)
        if match.lastgroup == "url" and ends and not is_ambiguous(match[0]):
            parts.append(_escape_special(match[0]))
            continue
        found = None
        if match.lastgroup != "url":
            found = _to_escape(match, "<", ">", place)
        if match.lastgroup == "url" or found is not None:
            parts.append("".join(_refer(char) for char in match[0]))
        else:
            parts.append(_escape_special(match[0]))
    parts.append(_escape_special(text[position:]))
    return "".join(parts)


def _escape_special(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _refer(char: str) -> str:
    special = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}.get(char)
    return special or (char if char.isalnum() else f"&#{ord(char)};")
