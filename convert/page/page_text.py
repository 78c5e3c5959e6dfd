"""Splits and joins the text of a page: properties, the managed part, and the user's part."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from .properties import (
    OwnProperties,
    PropertiesError,
    edit_properties,
    fold_tag,
    read_own,
    write_new,
)

BEGIN, END = "%% anki:begin %%", "%% anki:end %%"

_FRONT_MATTER = re.compile(r"(\ufeff?---[ \t]*\r?\n)(.*?)(^---[ \t]*(?:\r?\n|\Z))", re.M | re.S)
_MARKER = re.compile(r"^%% anki:(begin|end) %%[ \t]*\r?$", re.M)
# A formatter may take the line below a list, quote or table into it.
_DRAWN_IN_END = re.compile(
    r"^(?:[ \t]{2,}|\t|(?:[ \t]*>)+[ \t]*|\|[ \t]*)%% anki:(end) %%(?:[ \t]*\|)*[ \t]*\r?$", re.M
)


class DamagedPage(ValueError):
    """The markers of the managed part are doubled or reversed, or one is missing."""


@dataclass(frozen=True)
class PageParts:
    """The pieces of a page. Joined in this order, they are its text.

    ``front_matter`` are the lines between the fences, nothing when there are no fences. ``managed``
    is the text between the markers, nothing when they are missing or ``damaged``; then ``head`` is
    the whole body.
    """

    opening: str
    front_matter: str | None
    closing: str
    head: str
    begin: str
    managed: str | None
    end: str
    tail: str
    damaged: bool = False
    newline: str = "\n"

    @property
    def text(self) -> str:
        """The whole page."""
        return "".join(
            (
                self.opening,
                self.front_matter or "",
                self.closing,
                self.head,
                self.begin,
                self.managed or "",
                self.end,
                self.tail,
            )
        )


def new_page(own: OwnProperties, managed: str) -> str:
    """The text of a new page."""
    return f"---\n{write_new(own)}---\n{_managed_lines(managed)}"


def new_index_page(managed: str) -> str:
    """The text of a new page without properties."""
    return _managed_lines(managed)


def split_page(text: str) -> PageParts:
    """Split a page into its pieces. Never fails; missing pieces are empty."""
    opening = closing = ""
    front_matter: str | None = None
    found = _FRONT_MATTER.match(text)
    if found:
        opening, front_matter, closing = found.groups()
    elif text.startswith("\ufeff"):
        opening = "\ufeff"
    start = found.end() if found else len(opening)
    first = text.find("\n")
    newline = "\r\n" if first > 0 and text[first - 1] == "\r" else "\n"
    markers = list(_MARKER.finditer(text, start))
    kinds = [marker.group(1) for marker in markers]
    if kinds == ["begin"]:
        markers += _DRAWN_IN_END.finditer(text, markers[0].end())
        kinds = [marker.group(1) for marker in markers]
    if kinds != ["begin", "end"]:
        return PageParts(
            opening, front_matter, closing, text[start:], "", None, "", "", bool(kinds), newline
        )
    inside = markers[0].end() + 1
    outside = markers[1].start()
    after = min(markers[1].end() + 1, len(text))
    last = outside
    if last > inside:
        last -= 2 if text[last - 2 : last] == "\r\n" and last - 2 >= inside else 1
    return PageParts(
        opening,
        front_matter,
        closing,
        head=text[start : markers[0].start()],
        begin=text[markers[0].start() : inside],
        managed=text[inside:last],
        end=text[last:after],
        tail=text[after:],
        newline=newline,
    )


def find_marks(text: str, kind: str) -> list[int]:
    """The lines in a page of the marks of this kind: ``begin`` or ``end``."""
    found = (mark for mark in _MARKER.finditer(text) if mark[1] == kind)
    return [text.count("\n", 0, mark.start()) + 1 for mark in found]


def update_page(text: str, own: OwnProperties, previous: OwnProperties | None, managed: str) -> str:
    """Update our properties and the managed part of a page; all else stays byte for byte.

    A page that is up to date stays as it is, in every byte. Missing markers are added right after
    the properties, above the existing text. Raises ``DamagedPage`` when the markers are damaged,
    ``PropertiesError`` when the properties cannot be read or changed safely.
    """
    parts = _replace_managed(split_page(text), managed)
    newline = parts.newline
    front_matter = edit_properties(parts.front_matter or "", own, previous, newline)
    if parts.front_matter is None:
        fences = (f"{parts.opening}---{newline}", f"---{newline}")
        return replace(parts, opening=fences[0], front_matter=front_matter, closing=fences[1]).text
    return replace(parts, front_matter=front_matter).text


def replace_managed(text: str, managed: str) -> str:
    """Replace the managed part of a page; all else, with the properties, stays byte for byte.

    Missing markers are added. Raises ``DamagedPage`` when the markers are damaged.
    """
    return _replace_managed(split_page(text), managed).text


def _replace_managed(parts: PageParts, managed: str) -> PageParts:
    if parts.damaged:
        raise DamagedPage(
            f"the lines “{BEGIN}” and “{END}” must stand there once each, in this order"
        )
    newline = parts.newline
    managed = managed.replace("\r\n", "\n")
    if parts.managed is None:
        written = _managed_lines(managed).replace("\n", newline)
        blank = newline if parts.head.strip() and not parts.head.startswith(newline) else ""
        closing = parts.closing
        if closing and not closing.endswith("\n"):
            closing += newline
        return replace(parts, closing=closing, head=written, tail=blank + parts.head)
    if parts.managed.replace("\r\n", "\n") == managed:
        return parts
    end = parts.end.lstrip("\r\n")
    if not end.startswith(END):
        end = END + end[len(end.rstrip("\r\n")) :]
    written = managed.replace("\n", newline)
    return replace(parts, managed=written, end=newline + end if managed else end)


def holds_user_words(text: str, own: OwnProperties | None) -> bool:
    """Whether a user wrote anything outside the managed part and our properties.

    ``own`` are the properties that we wrote; without it, every tag and alias counts as the user's.
    Unreadable properties count too.
    """
    parts = split_page(text)
    if parts.head.strip() or parts.tail.strip():
        return True
    front_matter = (parts.front_matter or "").replace("\r\n", "\n")
    if not front_matter.strip() or (own is not None and front_matter == write_new(own)):
        return False
    try:
        found = read_own(front_matter)
    except PropertiesError:
        return True
    tags = {fold_tag(tag) for tag in own.tags} if own else set()
    aliases = set(own.aliases) if own else set()
    return (
        not {*found.other_keys} <= (own.keys if own else set())
        or not {fold_tag(tag) for tag in found.tags} <= tags
        or not set(found.aliases) <= aliases
        or re.search(r"(?:^|\s)#", front_matter) is not None
    )


def _managed_lines(managed: str) -> str:
    return f"{BEGIN}\n{managed}\n{END}\n" if managed else f"{BEGIN}\n{END}\n"
