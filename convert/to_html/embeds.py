"""Writes embeds and wikilinks as HTML and tags for Anki."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import unquote

from ..html.missing_embeds import SAID, missing_html, picture_embed
from ..html.words import escape_attribute, escape_text
from ..markdown.parser import restore_spaces
from ..text.addresses import is_web_page
from ..text.media_kinds import DOCUMENT, PLAYED, file_kind
from ..vault_names import no_link

_REMOTE = re.compile(r"(?:https?:)?//|data:", re.IGNORECASE)
_SIZE = re.compile(r"(?:(.*)\|)?\s*(\d+)(?:x(\d+))?\s*", re.DOTALL)
_ESCAPED_SIZE = re.compile(r"\\(\\*\s*\d+(?:x\d+)?\s*)")
_IN_ADDRESS = str.maketrans({"%": "%25", "#": "%23", "?": "%3F"})  # Anki does it only for media
_PERCENT = re.compile(r"%(?=[0-9a-fA-F]{2})")


def embed_html(
    target: str, label: str, media: Callable[[str], str], link: Callable[[str], str]
) -> str:
    """The HTML for ``![[target|label]]``.

    A missing file shows its name until it comes. A target that is no media file becomes a link,
    when ``link`` knows its address; otherwise the embed stays text.
    """
    target, label = restore_spaces(target), restore_spaces(label)
    name = media(target)
    path, part = target, ""
    if not name and "#" in target:
        path, _, part = target.partition("#")
        name = media(path)
    said = (f"#{part}" if part else "") + (f"|{label}" if label else "")
    if name:
        text, size = _read_size(label)
        return _file_html(name, text, size, said)
    if file_kind(path):
        return missing_html(path, _read_size(label)[0], link(target), path + said)
    address = link(target)
    if not address:
        return escape_text(f"![[{target}|{label}]]" if label else f"![[{target}]]")
    return _embedded_link("internal-embed", address, label.strip() or target)


def wikilink_html(target: str, text: str, link: Callable[[str], str]) -> str:
    """The HTML for ``[[target|text]]``; the link as text when ``link`` knows no address for it."""
    target, text = restore_spaces(target), restore_spaces(text).strip()
    address = link(target)
    if not address:
        return escape_text(f"[[{target}|{text}]]" if text else f"[[{target}]]")
    return f'<a href="{escape_attribute(address)}">{escape_text(text or target)}</a>'


def page_target(address: str) -> str:
    """The wikilink target for a relative address: ``My%20page.md#Heading``."""
    path, separator, heading = unquote(restore_spaces(address)).partition("#")
    return (path[:-3] if path.lower().endswith(".md") else path) + separator + heading


def image_html(
    address: str,
    label: str,
    words: str,
    title: str,
    media: Callable[[str], str],
    link: Callable[[str], str] = no_link,
) -> str:
    """The HTML for ``![label](address "title")``. ``words``: the label without its markup."""
    address, words = restore_spaces(address), restore_spaces(words)
    text, size = _read_size(label)
    text = words.rpartition("|")[0] if size else words
    if not _REMOTE.match(address):
        target = unquote(address)
        name, said = media(target), f"|{words}" if words else ""
        if not name and file_kind(target):
            missing = missing_html(target, text, "", picture_embed(address, words))
            return missing.replace("<object", f"<object{_title(title)}", 1)
        page = link(page_target(address)) if not name else ""
        if page:
            return _embedded_link("internal-embed", page, words.strip() or page_target(address))
        name = name or target.rpartition("/")[2]
        return _file_html(name, text, size, said, title, picture=True)
    if file_kind(address.partition("?")[0]) == PLAYED:
        return _sound(address, words, f"|{words}" if words else "")
    if is_web_page(address):
        return _embedded_link("external-embed", address, words or address, title)
    return _image(address, text, size, title)


def _file_html(
    name: str, alt: str, size: str, said: str, title: str = "", picture: bool = False
) -> str:
    kind = file_kind(name)
    if kind == PLAYED:
        return _sound(name, alt, said)
    if kind == DOCUMENT and not picture:
        part = said.partition("|")[0]
        href = escape_attribute(name.translate(_IN_ADDRESS) + part)
        return _object(name, f'<a href="{href}">{escape_text(alt or name)}</a>', said)
    part = said.partition("|")[0] if not picture else ""
    return _image(_escape_percent(name), alt, size, title, part)


def _object(name: str, shown: str, said: str) -> str:
    data = escape_attribute(_escape_percent(name))
    return f'<object data="{data}"{_said(said)}>{shown}</object>'


def _sound(name: str, alt: str, said: str) -> str:
    sound = f"[sound:{escape_text(name)}]"
    return f"<span{_said(said)}{_title(alt)}>{sound}</span>" if said else sound


def _title(title: str) -> str:
    return f' title="{escape_attribute(title)}"' if title else ""


def _said(said: str) -> str:
    """An attribute with the embed's text besides the file, so that it comes back."""
    return f' {SAID}="{escape_attribute(said)}"' if said else ""


def _embedded_link(kind: str, address: str, text: str, title: str = "") -> str:
    href = escape_attribute(address)
    return f'<a class="{kind}" href="{href}"{_title(title)}>{escape_text(text)}</a>'


def _escape_percent(name: str) -> str:
    return _PERCENT.sub("%25", name)


def _read_size(label: str) -> tuple[str, str]:
    """The text of a label, and its size as attributes. ``\\200`` is the text “200”."""
    match = _SIZE.fullmatch(label)
    if match is None:
        escaped = _ESCAPED_SIZE.fullmatch(label)
        return (escaped[1] if escaped else label).strip(), ""
    height = f' height="{match[3]}"' if match[3] else ""
    return (match[1] or "").strip(), f' width="{match[2]}"{height}'


def _image(address: str, alt: str, size: str, title: str, part: str = "") -> str:
    alt = f' alt="{escape_attribute(alt)}"' if alt else ""
    return f'<img src="{escape_attribute(address)}"{alt}{_title(title)}{size}{_said(part)}>'
