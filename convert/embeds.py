"""Images and recordings as Obsidian embeds."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from html import escape
from typing import Optional

from .blocks import IMAGE, Mark, Run
from .media_refs import SOURCE_ATTRIBUTES, media_name, sound_name
from .tokenize import END, START, Token, parse_attributes

_PIXELS = re.compile(r"\s*(\d+)(?:\.\d+)?(?:px)?\s*$")
_REMOTE = re.compile(r"https?://|//", re.IGNORECASE)


def media_run(
    name: str,
    attributes: Mapping[str, str],
    marks: tuple[Mark, ...],
    embed_target: Callable[[str], str],
) -> Optional[Run]:
    """The embed that a media element becomes; nothing when it names no file."""
    source = attributes.get(SOURCE_ATTRIBUTES[name], "").strip()
    size = _size(attributes) if name != "audio" else ""
    if _REMOTE.match(source):
        url = ("https:" + source) if source.startswith("//") else source
        for char, code in ((" ", "%20"), ("(", "%28"), (")", "%29"), ("<", "%3C"), (">", "%3E")):
            url = url.replace(char, code)
        alt = re.sub(r"[\[\]|\\\n`$<>*_=~%#^]", " ", attributes.get("alt", ""))
        alt = " ".join(alt.split())
        label = f"{alt}|{size}" if size else alt
        html = f'<img src="{escape(url)}">' if name == "img" else ""
        return Run(IMAGE, f"![{label}]({url})", marks, html)
    file = media_name(source)
    if not file:
        return None
    target = embed_target(file)
    return Run(IMAGE, f"![[{target}|{size}]]" if size else f"![[{target}]]", marks)


def sound_run(
    html: str, token: Token, marks: tuple[Mark, ...], embed_target: Callable[[str], str]
) -> Optional[Run]:
    """The embed of a ``[sound:…]`` tag."""
    name = sound_name(html, token)
    if _REMOTE.match(name):
        return Run(IMAGE, f"![]({name.replace(' ', '%20')})", marks)
    file = media_name(name, decode=False)
    return Run(IMAGE, f"![[{embed_target(file)}]]", marks) if file else None


def frame_run(attributes: Mapping[str, str]) -> Optional[Run]:
    """A web page shown in a frame, which Obsidian shows as well."""
    source = attributes.get("src", "").strip()
    if not _REMOTE.match(source):
        return None
    frame = f'<iframe src="{escape(source)}"></iframe>'
    return Run(IMAGE, frame, (), frame)


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
    """The address of the first of the ``<source>`` elements that follow a player at once."""
    for token in tokens[index + 1 : index + 8]:
        if token.kind == END or (token.kind == START and token.name != "source"):
            break
        if token.kind == START:
            start, end = token.inner
            return {"src": parse_attributes(html[start:end]).get("src", "")}
    return {}
