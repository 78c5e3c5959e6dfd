"""Plain words → Markdown or HTML that shows exactly these words in Obsidian."""

from __future__ import annotations

import re

_QUICK = re.compile(r"[\\*_`~=%$\[\]<&#^|]|://")
_PUNCTUATION = r"!-/:-@\[-`{-~"
# What Obsidian does not take into a tag; all else makes one.
_NO_TAG = "\\s\u2000-\u206f\u2e00-\u2e7f'!\"#$%&()*+,.:;<=>?@^`{|}~\\[\\]\\\\"
_REACTIVE = re.compile(
    r"(?P<url>https?://[^\s<>\x00]+)"
    rf"|(?P<slash>\\(?=[{_PUNCTUATION}]|$))"
    r"|(?P<always>[*`$])"
    r"|(?P<under>_+)"
    r"|(?P<pair>~{2,}|={2,}|%{2,}|\[{2,})"
    r"|(?P<edge>^[=~%]+|[=~%\[!^]+$)"
    r"|(?P<image>!\[)"
    r"|(?P<bracket>\[(?=\^)|\](?=\()|\^(?=\[))"
    r"|(?P<tag><(?=[a-zA-Z/!?]|$))"
    r"|(?P<entity>&(?=#?[0-9a-zA-Z]+;))"
    rf"|(?P<hash>\#(?=[0-9]*[^0-9{_NO_TAG}]))"
    r"|(?P<pipe>\|)"
    r"|(?P<link>[\[\]])"
)
_MARKUP_IN_URL = re.compile(r"[*`$\\]|==|~~|%%|\[\[|\]\(|\[\^|&\#?\w+;")
_LOOSE_UNDERSCORE = re.compile(r"(?<![^\W_])_|_(?![^\W_])")
_LINE_START = re.compile(
    r"(?P<mark>\#{1,6}(?=\s|$)|>|[-+](?=\s|$)|-{2,}[-\s]*$|=\s*$|\[!|\[(?=[^\]]+\]:))"
    r"|(?P<number>\d{1,9})[.)](?=\s|$)"
    r"|(?P<row>[|:](?=[^-]*-)[-|:\s]*$)"
)
_BLOCK_ID = re.compile(r"(?:(?<=\s)|^)\^(?=[\w-]+$)")
_JOINS = {"!": ("[",), "^": ("[",), "[": ("[", "!", "^")}
_HTML_SPECIAL = re.compile(r"[&<>]")


def escape_words(text: str, before: str, after: str, cell: bool, link: bool) -> str:
    """``text`` with a backslash wherever Obsidian would read it as more than text.

    ``before`` and ``after`` are the characters that will stand next to it, empty at a line's
    ends. ``cell``: in a table; ``link``: in a link's text.
    """
    if not _QUICK.search(text) and text[-1:] != "!":
        return text

    def escape(match: re.Match[str]) -> str:
        if match.lastgroup == "url":
            follower = (text[match.end() :] or after)[:1]
            return _escape_url(match[0], follower, cell)
        found = _to_escape(match, before, after, cell, link)
        if match.lastgroup == "image":
            return "!\\["
        return match[0] if found is None else "".join("\\" + char for char in found)

    return _REACTIVE.sub(escape, text)


def _to_escape(match: re.Match[str], before: str, after: str, cell: bool, link: bool) -> str | None:
    """What must be escaped of a reactive piece of text; None when it is harmless where it is."""
    text, found, kind = match.string, match[0], match.lastgroup
    start, end = match.span()
    left = text[start - 1] if start else before
    right = text[end] if end < len(text) else after
    harmless = False
    if kind == "under":
        harmless = left.isalnum() and right.isalnum()
    elif kind == "slash":
        harmless = end == len(text) and (after.isalnum() or after.isspace())
    elif kind == "hash":
        harmless = left != "" and (left.isalnum() or left in "_&/")
    elif kind == "pipe":
        harmless = not cell
    elif kind == "link":
        harmless = not link
    elif kind == "edge":
        joined = start == 0 and before == found[0]
        joined = joined or (found[-1] in "=~%" and end == len(text) and after == found[-1])
        joined = joined or after in _JOINS.get(found[-1], ())
        harmless = not (joined or link or len(found) > 1)
    return None if harmless else found


def _escape_url(url: str, after: str, cell: bool) -> str:
    """A bare address stays as it is; in angle brackets where it could be read otherwise."""
    if cell:
        url = url.replace("|", "%7C")
    return f"<{url}>" if after.strip() or is_ambiguous(url) else url


def is_ambiguous(url: str) -> bool:
    """Whether readers that know no bare addresses would see markup in this one."""
    return bool(_MARKUP_IN_URL.search(url)) or len(_LOOSE_UNDERSCORE.findall(url)) > 1


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


def escape_html(text: str, cell: bool = False, link: bool = False) -> str:
    """``text`` for use inside an HTML element, the same in Reading view and Live Preview.

    Live Preview takes it as HTML; Reading view may read Markdown in it. A character reference
    is plain text to both.
    """
    if not _QUICK.search(text) and not _HTML_SPECIAL.search(text):
        return text
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
            found = _to_escape(match, "<", ">", cell, link)
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
