"""A user's comment in a field: an HTML comment, marked as one that belongs on the page."""

from __future__ import annotations

import re
from html import unescape

from ..text.comment import Comment

_MARKED = re.compile(r"<!--(\n*)(?:%%(.*?)%%|%!(.*?)!%)(\n*)-->", re.DOTALL)
_COMMENTS = re.compile(r"(?:<!--(?:(?!-->).)*-->[ ]*)+", re.DOTALL)
_OWN_LINE = re.compile(r"<!--\n|.*\n-->\s*$", re.DOTALL)
_BREAK = re.compile(r"\s*<br\b[^<>]*>\s*|\s+", re.IGNORECASE)
_REACTIVE = re.compile(r"[&<>\[\]\\]|-(?=-)|\{(?=\{)|\}(?=\})|:(?=:)|(?<=^)[>-]")


def comment_html(comment: Comment) -> str:
    """The comment in a field. To Anki nothing in it is a cloze, a sound or a formula."""
    source = comment.source
    if _MARKED.fullmatch(source):
        return source
    mark, text = ("%!", source[4:-3]) if source.startswith("<!--") else ("%%", source[2:-2])
    text = _REACTIVE.sub(lambda match: f"&#{ord(match[0])};", text)
    before, after = "\n" * comment.before, "\n" * comment.after
    return f"<!--{before}{mark}{text}{mark[::-1]}{after}-->"


def read_comment(html: str) -> Comment | None:
    """The user's comment in an HTML comment; None for any other HTML comment."""
    match = _MARKED.fullmatch(html) if html.startswith(("<!--%", "<!--\n")) else None
    if match is None:
        return None
    text = unescape(match[2] if match[2] is not None else match[3])
    source = f"<!--{text}-->" if match[2] is None else f"%%{text}%%"
    return Comment(source, len(match[1]), len(match[4]))


def is_comment_line(html: str) -> bool:
    """Whether the HTML is only comments that stand on a line of their own on the page."""
    return without_comment_line(html) == ""


def without_comment_line(html: str) -> str | None:
    """A slice without these comments: what is left is the break of the line before, or nothing."""
    match = _COMMENTS.match(html)
    if match is None or "%" not in match[0] or not _OWN_LINE.match(match[0]):
        return None
    rest = html[match.end() :]
    return None if _BREAK.sub("", rest) else rest


def place_comment(html: str, before: int, after: int) -> str:
    """The HTML of a line of comments, with other line ends around it."""
    html = html.rstrip(" ")
    end = html.rfind("<!--")
    last = read_comment(html[end:])
    html = html if last is None else html[:end] + comment_html(last._replace(after=after))
    end = html.find("-->") + 3
    first = read_comment(html[:end])
    return html if first is None else comment_html(first._replace(before=before)) + html[end:]


def keep_place(old: str, new: str) -> str:
    """The new HTML. A comment that replaces a comment gets its line ends."""
    comment = read_comment(old)
    return new if comment is None else place_comment(new, comment.before, comment.after)
