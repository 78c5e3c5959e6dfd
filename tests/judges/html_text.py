"""The text that a browser shows for a piece of HTML."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import html5lib

_UNSEEN = frozenset(
    "script style template head title noscript rp datalist iframe object video audio canvas "
    "textarea select".split()
)
_BLOCKS = frozenset(
    "address article aside blockquote br body caption center dd details div dl dt fieldset "
    "figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr html li main nav ol p pre "
    "section summary svg table tbody td text tfoot th thead tr ul".split()
)
_CODE = frozenset(("code", "pre", "tt", "samp"))
_EDGE, _QUOTES = "\n", ("“", "”")
_HIDDEN_STYLE = re.compile(r"(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.I)

# Put after each character in code that has a meaning outside code. ``unprotect`` removes it.
_CODE_SHIELD = "\ue010"
_REACTIVE_IN_CODE = re.compile(r"([\\\[$])")


def visible_text(html: str) -> str:
    """The text that a browser shows. Blocks separate words; other tags and pictures do not.

    A private character follows each backslash, bracket and dollar inside code. So a search for
    formulas or ``[sound:`` finds nothing in code. ``unprotect`` removes these characters.
    """
    if "<" not in html and "&" not in html:
        return html
    return "".join(_pieces(parse_html(html)))


def parse_html(html: str) -> Any:
    """The ``body`` element that a browser makes of ``html``.

    Parses a whole document: html5lib loses loose text in a table at the start of a fragment.
    """
    document = html5lib.parse("<!doctype html><body>" + html, namespaceHTMLElements=False)
    return document.find("body")


def unprotect(text: str) -> str:
    """``text`` without the private characters that ``visible_text`` puts into code."""
    return text.replace(_CODE_SHIELD, "")


def is_hidden(tag: str, attributes: dict[str, str]) -> bool:
    """Whether a browser does not show such an element, or it only has line numbers of code."""
    return (
        tag in _UNSEEN
        or "linenos" in attributes.get("class", "").split()
        or "hidden" in attributes
        or bool(_HIDDEN_STYLE.search(attributes.get("style", "")))
    )


def _pieces(root: Any) -> Iterator[str]:
    # Each entry: an element to read, or a text to return; whether it is in code; whether a text.
    todo: list[tuple[Any, bool, bool]] = [(root, False, False)]
    while todo:
        item, in_code, leaving = todo.pop()
        if leaving:
            yield item
            continue
        tag = item.tag if isinstance(item.tag, str) else None
        if tag is None or is_hidden(tag, dict(item.attrib)):
            continue
        code = in_code or tag in _CODE
        before, after = _QUOTES if tag == "q" else (_EDGE, _EDGE) if tag in _BLOCKS else ("", "")
        yield before
        yield _shield(item.text or "", code)
        todo.append((after, False, True))
        for child in reversed(list(item)):
            todo.append((_shield(child.tail or "", code), code, True))
            todo.append((child, code, False))


def _shield(text: str, in_code: bool) -> str:
    return _REACTIVE_IN_CODE.sub(r"\1" + _CODE_SHIELD, text) if in_code else text
