"""Embeds of missing files: the card shows their names, and they come back as the same embeds."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from html import unescape
from typing import NamedTuple
from urllib.parse import unquote

from .words import escape_attribute, escape_text

SAID = "data-embed"  # attribute with the embed's text, without the file if that is there
_ELEMENT = re.compile(rf'<object( title="[^"]*")? {SAID}="([^"#|][^"]*)">.*?</object>', re.DOTALL)
_PICTURE = re.compile(r"\(([^()\s]+)\)(.*)", re.DOTALL)
_LINE_BREAK = re.compile(r"[\n\r]")
_QUOTED = {" ": "%20", "(": "%28", ")": "%29", "<": "%3C", ">": "%3E"}


class MissingEmbed(NamedTuple):
    """An embed: its file, and its Markdown or the words of ``![words](file)``."""

    target: str
    markdown: str
    words: str | None = None
    title: str = ""


def missing_html(path: str, words: str, address: str, embed: str) -> str:
    """HTML for a missing file: its name and the embed's text, until the file comes.

    Anki sees no file name in it, so it shows no other file of that name.
    """
    shown = escape_text(words or path.rpartition("/")[2])
    if address:
        shown = f'<a href="{escape_attribute(address)}">{shown}</a>'
    return f'<object {SAID}="{escape_attribute(embed)}">{shown}</object>'


def picture_embed(address: str, words: str) -> str:
    """The text of ``![words](address)`` for ``missing_html``."""
    for char, code in _QUOTED.items():
        address = address.replace(char, code)
    return f"({address}){words}"


def read_missing(attributes: Mapping[str, str]) -> MissingEmbed | None:
    """The embed that an ``<object>`` stands for; None when it stands for none."""
    said = _LINE_BREAK.sub(" ", attributes.get(SAID, "")).strip()
    if "data" in attributes or not said or said[0] in "#|":
        return None
    picture = _PICTURE.fullmatch(said)
    if picture:
        address, words = picture.groups()
        return MissingEmbed(unquote(address), address, words)
    if "[" in said or "]" in said:
        return None
    return MissingEmbed(re.split(r"[#|]", said, maxsplit=1)[0], f"![[{said}]]")


def missing_targets(html: str) -> list[str]:
    """The missing files that the embeds in a field name."""
    if SAID not in html:
        return []
    found = (read_missing({SAID: unescape(match[2])}) for match in _ELEMENT.finditer(html))
    return [embed.target for embed in found if embed]


def replace_missing(html: str, write: Callable[[MissingEmbed], str]) -> str:
    """Replace each missing embed in ``html`` by the result of ``write``; ``""`` keeps it."""

    def replace(match: re.Match[str]) -> str:
        embed = read_missing({SAID: unescape(match[2])})
        title = unescape((match[1] or "")[8:-1])
        return (embed and write(embed._replace(title=title))) or match[0]

    return _ELEMENT.sub(replace, html) if SAID in html else html
