"""Turns images and recordings into Obsidian embeds."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from html import escape, unescape

from ..field_style import no_media
from ..text.media_kinds import SHOWN, file_kind
from .blocks import IMAGE, Mark, Run
from .link_titles import title_attribute, write_title
from .media_names import SOURCE_ATTRIBUTES, media_name, sound_name
from .missing_embeds import SAID, read_missing
from .tokens import END, START, TEXT, Token, parse_attributes

_PIXELS = re.compile(r"\s*(\d{1,9})(?:\.\d+)?(?:px)?\s*$")
_REMOTE = re.compile(r"https?://|//", re.IGNORECASE)
_SIZE_ALONE = re.compile(r"\\*\s*\d+(?:x\d+)?\s*")
_ENDS_IN_SIZE = re.compile(r"\|\s*\d+(?:x\d+)?\s*$")
_NOT_IN_LABEL = re.compile(r"[\[\]|\\\n\r]")
_MARKUP = re.compile(r"([\\`*_~=$%<>^!#])")
_TO_QUOTE = re.compile(r"[\x00- %()<>\\\"\[\]|`^{}]")
_REFERENCE = re.compile(r"&(?=#?\w+;)")
EMBEDDED = ("internal-embed", "external-embed")  # the classes of links that stand for embeds


def media_run(
    name: str,
    attributes: Mapping[str, str],
    marks: tuple[Mark, ...],
    embed_target: Callable[[str], str],
    has_media: Callable[[str], bool] = no_media,
) -> Run | None:
    """The embed of a media element; None when it names no file."""
    if name == "object" and SAID in attributes:
        missing = read_missing(attributes)
        if missing and missing.words is not None:
            words = _ENDS_IN_SIZE.sub("", missing.words)
            width = missing.words[len(words) :].strip("| \t")
            address = missing.markdown + write_title(attributes.get("title", ""))
            return Run(IMAGE, f"![{_label(words, width)}]({address})", marks)
        if missing:
            return Run(IMAGE, missing.markdown, marks)
    source = attributes.get(SOURCE_ATTRIBUTES[name], "").strip()
    size = _size(attributes) if name != "audio" else ""
    alt = " ".join(attributes.get("alt", "").split())
    title = write_title(attributes.get("title", ""))
    if _REMOTE.match(source):
        url = quote_parentheses(("https:" + source) if source.startswith("//") else source)
        html, shown = "", title_attribute(attributes.get("title", ""))
        if name == "img":
            html = f'<img src="{escape(url)}"{shown}>'
        if name == "img" and not size and _SIZE_ALONE.fullmatch(alt):
            return Run(IMAGE, f'<img src="{escape(url)}" alt="{escape(alt)}"{shown}>', marks, html)
        return Run(IMAGE, f"![{_label(alt, size)}]({url}{title})", marks, html)
    file = media_name(source, exists=has_media)
    if not file:
        return None
    target = embed_target(file)
    said = attributes.get(SAID, "")
    if name != "img":
        return Run(IMAGE, f"![[{target}{_said(said) or (size and f'|{size}')}]]", marks)
    odd = file_kind(target) != SHOWN or title
    if odd or _NOT_IN_LABEL.search(alt) or (_ENDS_IN_SIZE.search(alt) and not size):
        return Run(IMAGE, f"![{_label(alt, size)}]({quote_target(target)}{title})", marks)
    if alt and not size and _SIZE_ALONE.fullmatch(alt):
        alt = "\\" + alt  # not a width
    part = _said(said).partition("|")[0]
    words = "".join(f"|{each}" for each in (alt, size) if each)
    return Run(IMAGE, f"![[{target}{part}{words}]]", marks)


def sound_run(
    html: str,
    token: Token,
    said: str,
    marks: tuple[Mark, ...],
    embed_target: Callable[[str], str],
) -> Run | None:
    """The embed of a ``[sound:…]`` tag. ``said`` is the embed's text in the element around it."""
    name = sound_name(html, token)
    if _REMOTE.match(name):
        url = quote_parentheses(name)
        return Run(IMAGE, f"![{_label(said.lstrip('|'), '')}]({url})", marks)
    file = media_name(name, decode=False)
    return Run(IMAGE, f"![[{embed_target(file)}{_said(said)}]]", marks) if file else None


def said_around(html: str, tokens: Sequence[Token], index: int) -> str:
    """The embed's text, kept in the element directly around a sound."""
    before = tokens[index - 1] if index else None
    if before is None or before.kind != START or before.name != "span":
        return ""
    return parse_attributes(html[slice(*before.inner)]).get(SAID, "")


def embedded_link(
    html: str,
    tokens: Sequence[Token],
    index: int,
    attributes: Mapping[str, str],
    marks: tuple[Mark, ...],
    link_target: Callable[[str], str | None] | None,
) -> Run | None:
    """The embed of a page, in the vault or on the web. In Anki it is a link."""
    kind, address = attributes.get("class", ""), attributes.get("href", "").strip()
    if kind not in EMBEDDED or index + 2 >= len(tokens):
        return None
    words, end = tokens[index + 1 : index + 3]
    target = (link_target(address) if link_target is not None else None) or ""
    known = target if kind == "internal-embed" else _REMOTE.match(address)
    if words.kind != TEXT or end.kind != END or end.name != "a" or not known:
        return None
    text = " ".join(unescape(html[words.start : words.end]).split())
    opening = (
        f'<a class="{kind}" href="{escape(address)}"{title_attribute(attributes.get("title", ""))}>'
    )
    shown = f"{opening}{escape(text, quote=False)}</a>"
    if kind == "external-embed":
        label = "" if text == address else _label(text, "")
        title = write_title(attributes.get("title", ""))
        return Run(IMAGE, f"![{label}]({quote_parentheses(address)}{title})", marks, shown)
    said = "" if text == target else _said(f"|{text}")
    return Run(IMAGE, f"![[{target}{said}]]", marks, shown)


def frame_run(attributes: Mapping[str, str]) -> Run | None:
    """The embed of a web page in a frame; Obsidian shows it too."""
    source = attributes.get("src", "").strip()
    if not _REMOTE.match(source):
        return None
    frame = f'<iframe src="{escape(source)}"></iframe>'
    return Run(IMAGE, frame, (), frame)


def quote_parentheses(url: str) -> str:
    """Quote the parentheses in an address, so that it can stand between parentheses."""
    for char, code in ((" ", "%20"), ("(", "%28"), (")", "%29"), ("<", "%3C"), (">", "%3E")):
        url = url.replace(char, code)
    return url


def quote_target(target: str) -> str:
    """Quote the name of a file or a page, so that it can stand between parentheses."""
    return _TO_QUOTE.sub(lambda found: f"%{ord(found[0]):02X}", target)


def _label(alt: str, size: str) -> str:
    """The text between an image's brackets, with all markup escaped."""
    words = _REFERENCE.sub("&amp;", alt)
    words = _MARKUP.sub(r"\\\1", words)
    for char in "[]|":  # a backslash before a bracket could begin a formula
        words = words.replace(char, f"&#{ord(char)};")
    return f"{words}|{size}" if size else words


def _said(said: str) -> str:
    return re.sub(r"[\[\]\n\r]", " ", said) if said[:1] in ("#", "|") else ""


def _size(attributes: Mapping[str, str]) -> str:
    style = attributes.get("style", "")
    sizes = []
    for key in ("width", "height"):
        styled = re.search(rf"(?:^|[;\s]){key}\s*:\s*([^;]+)", style, re.IGNORECASE)
        match = _PIXELS.match(styled[1]) if styled else None
        match = match or _PIXELS.match(attributes.get(key, ""))
        sizes.append(int(match[1]) if match else 0)
    width, height = sizes
    if not width:
        return ""
    return f"{width}x{height}" if height else str(width)


def first_source(html: str, tokens: Sequence[Token], index: int) -> dict[str, str]:
    """The attributes of the first ``<source>`` element directly after a player's tag."""
    for token in tokens[index + 1 : index + 8]:
        if token.kind == END or (token.kind == START and token.name != "source"):
            break
        if token.kind == START:
            start, end = token.inner
            return {"src": parse_attributes(html[start:end]).get("src", "")}
    return {}
