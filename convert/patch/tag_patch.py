"""Carries a change of a tag's attributes over to another tag of its kind."""

from __future__ import annotations

import re

from ..html.tokens import parse_attributes

_TAG = re.compile(r"<([a-zA-Z][^\s/>]*)(.*)>", re.DOTALL)
_END = re.compile(r"</([a-zA-Z][^\s/>]*)\s*>")
_SIZES = frozenset(("width", "height"))
_CLOZE = re.compile(r"\{\{c[\d,]+::")


def patch_tag(tag: str, old: str, new: str) -> str | None:
    """``tag`` with the attributes changed that differ between ``old`` and ``new``.

    When ``old`` and ``new`` are different elements and ``tag`` is like ``old``, it becomes the
    element of ``new``. None when one of them is no tag. The start of a cloze gets its new number.
    """
    if _CLOZE.fullmatch(old) and _CLOZE.fullmatch(new):
        return new
    ends = [_END.fullmatch(text) for text in (tag, old, new)]
    if all(ends):
        names = [found[1].lower() for found in ends if found]
        return f"</{names[2]}>" if names[0] == names[1] else None
    ours, before, after = (_TAG.fullmatch(text) for text in (tag, old, new))
    if ours is None or before is None or after is None or ours[1].lower() != before[1].lower():
        return None
    name = ours[1] if before[1] == after[1] else after[1]
    had, has = parse_attributes(before[2]), parse_attributes(after[2])
    body = ours[2]
    for key in {**had, **has}:
        if had.get(key) != has.get(key):
            value = has.get(key)
            if key == "style" and key in had and value is not None:
                value = _restyle(parse_attributes(body).get(key, ""), had[key], value)
            body = _set(body, key, value)
            body = _without_style(body, key) if key in _SIZES else body
    return f"<{name}{body}>"


def _restyle(style: str, old: str, new: str) -> str:
    """``style`` with those declarations changed that differ between ``old`` and ``new``."""
    ours, before, after = (_declarations(each) for each in (style, old, new))
    for name in {**before, **after}:
        if before.get(name) != after.get(name):
            ours.pop(name, None)
            if name in after:
                ours[name] = after[name]
    return "; ".join(f"{name}: {value}" for name, value in ours.items())


def _declarations(style: str) -> dict[str, str]:
    parts = (part.partition(":") for part in style.split(";"))
    return {name.strip().lower(): value.strip() for name, _, value in parts if value.strip()}


def _set(attributes: str, name: str, value: str | None) -> str:
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


def _without_style(attributes: str, name: str) -> str:
    """The attributes without a size in ``style``, which would have priority."""
    return re.sub(
        rf"(\sstyle\s*=\s*[\"'](?:[^\"']*;)?)\s*{name}\s*:[^;\"']*;?",
        r"\1",
        attributes,
        flags=re.IGNORECASE,
    )


def _escape(value: str) -> str:
    value = value.replace("&", "&amp;").replace('"', "&quot;")
    return value.replace("<", "&lt;").replace(">", "&gt;").replace("\xa0", "&nbsp;")
