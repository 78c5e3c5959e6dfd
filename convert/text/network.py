"""Removes network references from drawings: neither a card nor a page may load anything."""

from __future__ import annotations

import re
from html import escape, unescape

_TAG = re.compile(r"<[a-zA-Z](?:(?:\"[^\"]*\"|'[^']*'|[^<>\"'])*|[^>]*)>")
_TAG_NAME = re.compile(r"<([a-zA-Z][^\s/>]*)")
_ATTRIBUTE = re.compile(
    r"(?:[\s/]+|(?<=[\"']))([^\s/>=\"']+)(?:\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|((?![\"'])[^\s>]*)))?"
)
_STYLE = re.compile(r"(<style(?=[\s/>])[^>]*>)(.*?)(</style\s*>)", re.IGNORECASE | re.DOTALL)
_ADDRESSES = frozenset(
    "href xlink:href src srcset srcdoc data poster background content xml:base".split()
)
_LINKS = frozenset("a math mrow mi mn mo mtext".split())  # a link loads nothing by itself
_ANIMATED = "attributename"
_UNSEEN = re.compile(r"[\x00-\x20]+")
_AWAY = re.compile(
    r"[a-z][a-z0-9+.-]*:(?!image/(?:png|jpe?g|gif|webp)[;,])|[/\\]{2}", re.IGNORECASE
)
_URL = re.compile(r"url\(\s*(\"[^\"]*\"?|'[^']*'?|[^)]*)\s*\)?", re.IGNORECASE)
_IMPORT = re.compile(r"@import[^;]*;?", re.IGNORECASE)
# An escape could spell any of these.
_LOADS = re.compile(r"image-set\(|image\(|src\(|@import|\\", re.IGNORECASE)


def stay_offline(drawing: str) -> str:
    """A drawing or MathML without references to the network; unchanged when there are none."""
    if "<style" in drawing.lower():
        drawing = _STYLE.sub(_offline_style, drawing)
    return _TAG.sub(_offline_tag, drawing)


def _offline_tag(tag: re.Match[str]) -> str:
    name = _TAG_NAME.match(tag[0])
    if name is None or name.end() + 1 >= len(tag[0]):
        return tag[0]
    element = name[1].lower()

    def rest(attribute: re.Match[str]) -> str:
        return _offline_attribute(element, attribute)

    return name[0] + _ATTRIBUTE.sub(rest, tag[0][name.end() :])


def _offline_attribute(element: str, attribute: re.Match[str]) -> str:
    """The attribute, changed or removed when it would load something from elsewhere."""
    name, value = attribute[1].lower(), unescape(attribute[2] or attribute[3] or attribute[4] or "")
    if name in _ADDRESSES:
        leads = element in _LINKS and name.endswith("href")
        return attribute[0] if leads or not _is_away(value) else ""
    if name == _ANIMATED:
        return "" if value.strip().lower() in _ADDRESSES else attribute[0]
    if "(" not in value and "\\" not in value:
        return attribute[0]
    kept = _offline_css(value)
    if kept == value:
        return attribute[0]
    return f' {attribute[1]}="{escape(kept)}"' if kept else ""


def _offline_style(style: re.Match[str]) -> str:
    return style[1] + _offline_css(_IMPORT.sub("", style[2])) + style[3]


def _offline_css(css: str) -> str:
    """CSS that loads nothing from elsewhere; empty when that is not certain."""
    kept = _URL.sub(lambda found: "none" if _is_away(found[1].strip("\"'")) else found[0], css)
    return "" if _LOADS.search(kept) else kept


def _is_away(address: str) -> bool:
    return any(
        _AWAY.match(part) for part in [_UNSEEN.sub("", address), *address.replace(",", " ").split()]
    )
