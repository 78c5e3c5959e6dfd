"""The meaning of HTML elements, attributes and styles for a page."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

BREAKING = frozenset(
    "address article aside body center dd details dir div dl dt fieldset figcaption figure footer"
    " form header hgroup html legend main menu nav ol optgroup option p section summary ul".split()
)
CLOSES_PARAGRAPH = BREAKING | frozenset("blockquote h1 h2 h3 h4 h5 h6 hr li pre table xmp".split())
LISTS = frozenset(("ul", "ol", "menu", "dir"))
HEADINGS = {"h1": 3, "h2": 4, "h3": 5, "h4": 6, "h5": 6, "h6": 6}
TABLE_PARTS = frozenset("table caption colgroup tbody thead tfoot tr td th".split())
CONTAINERS = TABLE_PARTS | LISTS | frozenset(("li", "blockquote", "details", "summary"))
MEDIA = frozenset("img audio video object embed source".split())
MARKS = {
    "b": "b",
    "strong": "b",
    "i": "i",
    "em": "i",
    "cite": "i",
    "dfn": "i",
    "var": "i",
    "s": "s",
    "del": "s",
    "strike": "s",
    "mark": "m",
    "code": "code",
    "tt": "code",
    "samp": "code",
}
RAW_INLINE = frozenset("u sub sup ruby rt rp rb rtc kbd ins abbr bdo bdi".split())
LEAKING = frozenset("a b big code em font i nobr s small strike strong tt u".split())
INLINE = frozenset(MARKS) | RAW_INLINE | LEAKING | frozenset(("span", "q", "label"))
KNOWN = (
    INLINE
    | BREAKING
    | CONTAINERS
    | MEDIA
    | frozenset(HEADINGS)
    | frozenset("area br col hr input map math param picture pre svg track wbr".split())
    | frozenset("iframe time data".split())
)

_WEIGHT = re.compile(r"font-weight\s*:\s*(bold(?:er)?|lighter|normal|\d+)")
_SLANT = re.compile(r"font-style\s*:\s*(italic|oblique|normal)")
_DECORATION = re.compile(r"text-decoration(?:-line)?\s*:([^;]*)")
_VERTICAL = re.compile(r"vertical-align\s*:\s*(sub|super)\b")
_HIDDEN = re.compile(r"display\s*:\s*none\b")
_DIRECTION = re.compile(r"(?:^|[\s;])direction\s*:\s*(rtl|ltr)\b")
_SPACE = re.compile(r"white-space(?:-collapse)?\s*:\s*([\w-]+)")
_KEPT_SPACE = frozenset("pre pre-wrap pre-line break-spaces preserve preserve-breaks".split())

_LANGUAGE = re.compile(r"(?:^|\s)(?:lang(?:uage)?-|highlight-source-|brush:\s*)([\w+#.-]+)")
_HLJS = re.compile(r"(?:^|\s)hljs\s+([\w+#.-]+)|([\w+#.-]+)\s+hljs(?:\s|$)")

# KaTeX shows the formula a second time, beside the MathML.
_DOUBLE = re.compile(r"(?:^|\s)katex-html(?:\s|$)")


class Look(NamedTuple):
    """The part of a ``style`` attribute that a page can show. ``None``: not set."""

    bold: object = None
    italic: object = None
    strike: bool = False
    underline: bool = False
    vertical: str = ""
    hidden: bool = False
    direction: str = ""
    keeps_lines: object = None


PLAIN_LOOK = Look()


def read_style(style: str) -> Look:
    """Read a ``style`` attribute, without colours, sizes and fonts."""
    style = style.lower()
    weight = _WEIGHT.search(style)
    slant = _SLANT.search(style)
    decoration = _DECORATION.search(style)
    vertical = _VERTICAL.search(style)
    direction = _DIRECTION.search(style)
    space = _SPACE.search(style)
    return Look(
        bold=_is_bold(weight[1]) if weight else None,
        italic=slant[1] != "normal" if slant else None,
        strike="line-through" in decoration[1] if decoration else False,
        underline="underline" in decoration[1] if decoration else False,
        vertical={"sub": "sub", "super": "sup"}[vertical[1]] if vertical else "",
        hidden=_HIDDEN.search(style) is not None,
        direction=direction[1] if direction else "",
        keeps_lines=space[1] in _KEPT_SPACE if space else None,
    )


def _is_bold(weight: str) -> bool:
    return int(weight[:4]) >= 600 if weight.isdigit() else weight.startswith("bold")


def read_language(attributes: Mapping[str, str]) -> str:
    """The language of code in a ``class`` attribute; empty when there is none."""
    classes = attributes.get("class", "")
    match = _LANGUAGE.search(classes) or _HLJS.search(classes)
    if match is None:
        return ""
    return str(next(group for group in match.groups() if group))


def is_hidden(look: Look, attributes: Mapping[str, str]) -> bool:
    """Whether an element is invisible, or shows something a second time."""
    return (
        look.hidden
        or "hidden" in attributes
        or _DOUBLE.search(attributes.get("class", "")) is not None
    )
