"""Embeds and wikilinks → the HTML and the tags that show them in Anki."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import unquote

from .field_output import escape_attribute, escape_text
from .markdown_parser import restore_spaces

_PLAYED = frozenset(
    "3gp aac avi flac flv m4a m4v mkv mov mp2 mp3 mp4 mpeg mpg oga ogg ogv ogx opus spx swf wav"
    " webm wma".split()
)
_REMOTE = re.compile(r"(?:https?:)?//|data:", re.IGNORECASE)
_EXTENSION = re.compile(r"\.(\w{1,8})$")
_SIZE = re.compile(r"(?:(.*)\|)?\s*(\d+)(?:x(\d+))?\s*", re.DOTALL)
_PERCENT = re.compile(r"%(?=[0-9a-fA-F]{2})")


def embed_html(target: str, size: str, media: Callable[[str], str]) -> str:
    """What ``![[target|size]]`` shows; the embed as text when ``media`` knows no file for it."""
    target = restore_spaces(target)
    name = media(target)
    if not name:
        return escape_text(f"![[{target}|{size}]]" if size else f"![[{target}]]")
    return _file_html(name, *_read_size(size))


def wikilink_html(target: str, text: str, link: Callable[[str], str]) -> str:
    """What ``[[target|text]]`` shows; the link as text when ``link`` knows no address for it."""
    target, text = restore_spaces(target), restore_spaces(text).strip()
    address = link(target)
    if not address:
        return escape_text(f"[[{target}|{text}]]" if text else f"[[{target}]]")
    return f'<a href="{escape_attribute(address)}">{escape_text(text or target)}</a>'


def page_target(address: str) -> str:
    """The wikilink target that means what the relative address ``My%20page.md#Heading`` means."""
    path, separator, heading = unquote(restore_spaces(address)).partition("#")
    return (path[:-3] if path.lower().endswith(".md") else path) + separator + heading


def image_html(address: str, label: str, title: str, media: Callable[[str], str]) -> str:
    """What ``![label](address "title")`` shows."""
    address = restore_spaces(address)
    text, size = _read_size(label)
    if not _REMOTE.match(address):
        target = unquote(address)
        return _file_html(media(target) or target, text, size, title)
    if _is_played(address):
        return f"[sound:{escape_text(address)}]"
    return _image(address, text, size, title)


def _file_html(name: str, alt: str, size: str, title: str = "") -> str:
    if _is_played(name):
        return f"[sound:{escape_text(name)}]"
    return _image(_PERCENT.sub("%25", name), alt, size, title)


def _is_played(name: str) -> bool:
    extension = _EXTENSION.search(name)
    return extension is not None and extension[1].lower() in _PLAYED


def _read_size(label: str) -> tuple[str, str]:
    """The text of a label, and its size as attributes."""
    match = _SIZE.fullmatch(label)
    if match is None:
        return label, ""
    height = f' height="{match[3]}"' if match[3] else ""
    return match[1] or "", f' width="{match[2]}"{height}'


def _image(address: str, alt: str, size: str, title: str) -> str:
    alt = f' alt="{escape_attribute(alt)}"' if alt else ""
    title = f' title="{escape_attribute(title)}"' if title else ""
    return f'<img src="{escape_attribute(address)}"{alt}{title}{size}>'
