"""Keeps track of the formatting at a point of a field: the open inline elements."""

from __future__ import annotations

import re
from typing import NamedTuple

from ..text.addresses import is_harmless, quote_address
from .blocks import RELATIVE, Mark
from .colours import COLOUR, HIGHLIGHT
from .elements import LEAKING, MARKS, PLAIN_LOOK, RAW_INLINE, Look
from .link_titles import title_attribute

CLOZE = "{{"
LINES = "lines"
_DEEPEST = 200  # deeper elements add no formatting
_APART = frozenset("a ruby rb rt rp rtc kbd abbr".split())
_RUBY_PARTS = frozenset("rb rt rp rtc".split())
_SCHEME = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]+:")


class _Entry(NamedTuple):
    name: str
    marks: tuple[Mark, ...]
    cancels: tuple[str, ...]


class OpenMarks:
    """The inline elements that are open, outermost first."""

    def __init__(self) -> None:
        self._entries: list[_Entry] = []
        self._marks: tuple[Mark, ...] | None = ()
        self._keeps_lines = False

    def __len__(self) -> int:
        return len(self._entries)

    def current(self) -> tuple[Mark, ...]:
        """The marks of text at this point, outermost first, each kind once."""
        if self._marks is None:
            self._marks = self._compute()
        return self._marks

    def keeps_lines(self) -> bool:
        """Whether line breaks in the source are shown (``white-space: pre-wrap`` and similar)."""
        self.current()
        return self._keeps_lines

    def _compute(self) -> tuple[Mark, ...]:
        marks: dict[str, Mark] = {}
        colours: dict[str, Mark] = {}  # the innermost wins
        for entry in self._entries:
            for kind in entry.cancels:
                marks.pop(kind, None)
            for mark in entry.marks:
                if mark.kind in (COLOUR, HIGHLIGHT):
                    colours[mark.kind] = mark
                    continue
                if "code" in marks and mark.kind not in ("a", LINES):
                    continue
                marks.setdefault(mark.kind, mark)
        if "cloze" in marks:
            marks.pop("m", None)  # it is highlighted already
        self._keeps_lines = marks.pop(LINES, None) is not None
        if HIGHLIGHT in colours:
            marks.pop("m", None)
            if COLOUR in colours:  # the text's own colour can be read on it
                ground = colours[HIGHLIGHT]
                own = ground.attributes.partition(";")[0] + '"'
                colours[HIGHLIGHT] = ground._replace(attributes=own)
        return (*marks.values(), *(colours[k] for k in (HIGHLIGHT, COLOUR) if k in colours))

    def open(self, name: str, marks: tuple[Mark, ...], cancels: tuple[str, ...] = ()) -> None:
        """Begin an element. An element that must not nest ends the one before."""
        if name == "a":
            self.close("a", 0)
        elif name in _RUBY_PARTS:
            while self._entries and self._entries[-1].name in _RUBY_PARTS:
                self._entries.pop()
        if len(self._entries) < _DEEPEST:
            self._entries.append(_Entry(name, marks, cancels))
        self._marks = None

    def close(self, name: str, floor: int) -> None:
        """End an element. One that was opened below ``floor`` ends only if it may leak."""
        entries = self._entries
        lowest = 0 if name in LEAKING or name == CLOZE else floor
        for index in range(len(entries) - 1, lowest - 1, -1):
            if entries[index].name == name:
                above = entries[index + 1 :]
                del entries[index:]
                entries.extend(above if lowest == 0 else _leaking(above))
                self._marks = None
                return

    def cut(self, length: int, isolated: bool) -> None:
        """End a block, and with it all that it opened, except what a browser continues."""
        if len(self._entries) > length:
            above = self._entries[length:]
            del self._entries[length:]
            leaking = _leaking(above)
            self._entries.extend(
                [entry for entry in leaking if entry.name == CLOZE] if isolated else leaking
            )
            self._marks = None


def _leaking(entries: list[_Entry]) -> list[_Entry]:
    return [entry for entry in entries if entry.name in LEAKING or entry.name == CLOZE]


def element_marks(
    name: str, attributes: dict[str, str], look: Look, number: int
) -> tuple[tuple[Mark, ...], tuple[str, ...]]:
    """The formatting that an element adds to its text, and the formatting that it cancels."""
    marks: list[Mark] = []
    cancels: list[str] = []
    kind = MARKS.get(name)
    if kind is not None and not (kind == "b" and look.bold is False):
        marks.append(Mark(kind, number if kind == "code" else 0))
    elif name == "a":
        marks += _link_marks(attributes, number)
    elif name in RAW_INLINE:
        kept = _print_attributes(attributes, ("title", "lang", "dir"))
        if name not in ("abbr", "bdo", "bdi") or kept:
            marks.append(Mark(name, number if name in _APART else 0, kept))
    direction = look.direction or attributes.get("dir", "").lower()
    if direction == "rtl" and name not in RAW_INLINE:
        marks.append(Mark("span", 0, ' dir="rtl"'))
    if look is not PLAIN_LOOK:
        _add_look(name, look, marks, cancels)
    return tuple(marks), tuple(cancels)


def _link_marks(attributes: dict[str, str], number: int) -> list[Mark]:
    """The mark of a link; a relative link stays an element.

    A link that begins with ``/``, ``#`` or ``?`` belongs to the web page that it was copied from.
    It leads nowhere here, so it has no mark.
    """
    href = "".join(part for part in attributes.get("href", "").strip() if part not in "\t\r\n")
    if href.startswith("//"):
        href = "https:" + href
    if not href or href[0] in "/#?" or not is_harmless(href):
        return []
    address = quote_address(href)
    if _SCHEME.match(href):
        return [Mark("a", number, address, title=attributes.get("title", ""))]
    printed = _print_attributes({"href": address}, ("href",))
    return [Mark(RELATIVE, number, printed + title_attribute(attributes.get("title", "")))]


def _add_look(name: str, look: Look, marks: list[Mark], cancels: list[str]) -> None:
    for kind, wanted in (("b", look.bold), ("i", look.italic), (LINES, look.keeps_lines)):
        if wanted is not None:
            (marks.append(Mark(kind)) if wanted else cancels.append(kind))
    if look.strike:
        marks.append(Mark("s"))
    if look.underline and name not in ("a", "u", "ins"):
        marks.append(Mark("u"))
    if look.vertical and name not in ("sub", "sup"):
        marks.append(Mark(look.vertical))


def _print_attributes(attributes: dict[str, str], kept: tuple[str, ...]) -> str:
    parts = []
    for key in kept:
        value = attributes.get(key)
        if value:
            value = value.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")
            parts.append(f' {key}="{" ".join(value.split())}"')
    return "".join(parts)
