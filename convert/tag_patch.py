"""Carries the change of a tag's attributes over to another tag of its kind."""

from __future__ import annotations

import re
from typing import Optional

from .tokenize import parse_attributes

_TAG = re.compile(r"<([a-zA-Z][^\s/>]*)(.*)>", re.DOTALL)
_CLOZE = re.compile(r"\{\{c[\d,]+::")


def patch_tag(tag: str, old: str, new: str) -> Optional[str]:
    """``tag`` with the attributes changed that differ between ``old`` and ``new``.

    Nothing when they are tags of other elements, or no tags. The start of a cloze gets its new
    number.
    """
    if _CLOZE.fullmatch(old) and _CLOZE.fullmatch(new):
        return new
    ours, before, after = (_TAG.fullmatch(text) for text in (tag, old, new))
    if ours is None or before is None or after is None or before[1] != after[1]:
        return None
    if ours[1].lower() != before[1].lower():
        return None
    had, has = parse_attributes(before[2]), parse_attributes(after[2])
    body = ours[2]
    for name in {**had, **has}:
        if had.get(name) != has.get(name):
            body = _set(body, name, has.get(name))
    return f"<{ours[1]}{body}>"


def _set(attributes: str, name: str, value: Optional[str]) -> str:
    found = re.search(
        rf"\s+{re.escape(name)}(?:\s*=\s*(?:\"[^\"]*\"|'[^']*'|[^\s\"'>]+))?(?=[\s/]|$)",
        attributes,
        re.IGNORECASE,
    )
    written = "" if value is None else f' {name}="{_escape(value)}"'
    if found is not None:
        return attributes[: found.start()] + written + attributes[found.end() :]
    closing = re.search(r"\s*/?$", attributes)
    at = closing.start() if closing else len(attributes)
    return attributes[:at] + written + attributes[at:]


def _escape(value: str) -> str:
    value = value.replace("&", "&amp;").replace('"', "&quot;")
    return value.replace("<", "&lt;").replace(">", "&gt;").replace("\xa0", "&nbsp;")
