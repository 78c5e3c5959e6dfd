"""Plain words → Markdown or HTML that shows exactly these words in Obsidian."""

from __future__ import annotations

import re

_QUICK = re.compile(r"[\\*_`~=%$\[\]<&#^|]|://")
_PUNCTUATION = r"!-/:-@\[-`{-~"
_TAG_CHAR = r"(?:[^\W\d]|[-/]|[^\x00-\x7f\s\u00a0-\u00bf\u2000-\u206f\u3000-\u303f])"
_REACTIVE = re.compile(
    r"(?P<url>\bhttps?://[^\s<>\x00]+)"
    rf"|(?P<slash>\\(?=[{_PUNCTUATION}]|$))"
    r"|(?P<always>[*`$])"
    r"|(?P<under>_+)"
    r"|(?P<pair>~{2,}|={2,}|%{2,}|\[{2,})"
    r"|(?P<edge>^[=~%]+|[=~%\[!]+$)"
    r"|(?P<image>!\[)"
    r"|(?P<bracket>\[(?=\^)|\](?=\()|\^(?=\[))"
    r"|(?P<tag><(?=[a-zA-Z/!?]|$))"
    r"|(?P<entity>&(?=#?[0-9a-zA-Z]+;))"
    rf"|(?P<hash>\#(?=\d*{_TAG_CHAR}))"
    r"|(?P<pipe>\|)"
    r"|(?P<link>[\[\]])"
)
_LINE_START = re.compile(
    r"(?P<mark>\#{1,6}(?=\s|$)|>|[-+](?=\s|$)|-{2,}[-\s]*$|=\s*$|\[!|\[(?=[^\]]+\]:))"
    r"|(?P<number>\d{1,9})[.)](?=\s|$)"
    r"|(?P<row>[|:][-|:\s]*$)"
)
_BLOCK_ID = re.compile(r"(?:(?<=\s)|^)\^(?=[\w-]+$)")
_HTML_REACTIVE = re.compile(r"[&<>*_`$~=%\[\]\\#^|]")


def escape_words(text: str, before: str, after: str, cell: bool, link: bool) -> str:
    """``text`` with a backslash wherever Obsidian would read it as more than text.

    ``before`` and ``after`` are the characters that will stand next to it, empty at a line's
    ends. ``cell``: in a table; ``link``: in a link's text.
    """
    if not _QUICK.search(text) and text[-1:] != "!":
        return text

    def escape(match: re.Match[str]) -> str:
        found = match[0]
        kind = match.lastgroup
        start, end = match.span()
        if kind == "url":
            return _escape_url(found, after if end == len(text) else "", cell)
        if kind == "under":
            left = text[start - 1] if start else before
            right = text[end] if end < len(text) else after
            inside = left.isalnum() and right.isalnum()
            return found if inside else "\\_" * len(found)
        if kind == "slash":
            return "\\\\" if end < len(text) or after not in ("", " ") or not after else found
        if kind == "edge":
            return _escape_edge(found, start, end, text, before, after, link)
        if kind == "pair":
            return "".join("\\" + char for char in found)
        if kind == "hash":
            left = text[start - 1] if start else before
            return found if left and (left.isalnum() or left in "_&/") else "\\#"
        if kind == "pipe":
            return "\\|" if cell else found
        if kind == "link":
            return "\\" + found if link else found
        if kind == "image":
            return "!\\["
        return "\\" + found

    return _REACTIVE.sub(escape, text)


def _escape_edge(
    found: str, start: int, end: int, text: str, before: str, after: str, link: bool
) -> str:
    """Characters that would join with what stands next to the text."""
    touched = (start == 0 and before == found[0]) or (end == len(text) and after == found[-1])
    if found[-1] in "![" and after in ("[", "!", "^"):
        touched = True
    if found == "!" or (found[-1] not in "![" and len(found) == 1):
        return "\\" + found if touched else found
    if touched or link or len(found) > 1:
        return "".join("\\" + char for char in found)
    return found


def _escape_url(url: str, after: str, cell: bool) -> str:
    """A bare address stays as it is; in angle brackets where its end would be missed."""
    if cell:
        url = url.replace("|", "%7C")
    return f"<{url}>" if after.strip() else url


def escape_line(line: str) -> str:
    """A rendered line that begins with words, safe from being read as a list, heading or rule."""
    match = _LINE_START.match(line)
    if match is not None:
        if match["number"]:
            at = match.end("number")
            line = f"{line[:at]}\\{line[at:]}"
        else:
            line = "\\" + line
    return line


def escape_line_end(line: str) -> str:
    """A rendered line that ends with words, safe from being read as the name of a block."""
    return _BLOCK_ID.sub(r"\\^", line) if "^" in line else line


def escape_html(text: str) -> str:
    """``text`` for use inside an HTML element, the same in Reading view and Live Preview.

    Live Preview takes it as HTML; Reading view may read Markdown in it. A character reference
    is plain text to both.
    """

    def refer(match: re.Match[str]) -> str:
        char = match[0]
        return {"&": "&amp;", "<": "&lt;", ">": "&gt;"}.get(char) or f"&#{ord(char)};"

    return _HTML_REACTIVE.sub(refer, text)
