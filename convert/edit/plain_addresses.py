"""Decides which addresses of an edited text are links; plain text in Anki stays plain text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from html import unescape
from typing import NamedTuple

from ..field_style import AddressRule
from ..text.addresses import STARTS, quote_address
from ..text.matching import matching_blocks

_PIECE = re.compile(
    r"<!--.*?-->|<(?P<code>code|pre|svg|math)(?=[\s/>])[^>]*>.*?</(?P=code)\s*>"
    r"|<a(?=[\s/>])(?P<link>[^>]*)>|(?P<end></a\s*>)|</?[a-zA-Z!?][^>]*>|(?P<text>[^<]+|<)",
    re.IGNORECASE | re.DOTALL,
)
_HREF = re.compile(r"\shref\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s>]+))", re.IGNORECASE)
MAY_HOLD_ADDRESS = re.compile(r"[:@]|&[#\w]|www", re.IGNORECASE)  # no address without it
_WORD = re.compile(r"(?!(?:https?|ftp|www)\b)[^\W_]+")
_IMPLIED = ("", "mailto:", "http://")


class Known(NamedTuple):
    """An address on a page, and whether it is plain text in the field."""

    address: str
    plain: bool


def collect_addresses(write: Callable[[AddressRule], str]) -> list[str]:
    """The bare addresses for which ``write`` asks a rule."""
    found: list[str] = []

    def collect(address: str) -> bool:
        found.append(address)
        return True

    write(collect)
    return found


def replay_plain(plain: Sequence[bool]) -> AddressRule:
    """A rule that makes a link of each address, in order, except where ``plain`` is true."""
    answers = iter(plain)
    return lambda address: not next(answers, False)


class PlainAddresses:
    """The plain addresses of a field's slices."""

    def __init__(self, slices: Sequence[str]) -> None:
        self._slices = slices
        self._texts: list[list[tuple[str, str]]] | None = None

    def find(self, index: int, addresses: Sequence[str]) -> list[Known]:
        """The addresses that a slice shows, in their order."""
        if not addresses:
            return []
        if self._texts is None:
            self._texts = list(_read_texts(self._slices))
        text, linked = "", [0]  # ``linked``: where links begin and end
        for words, href in self._texts[index]:
            if href and not _says(words.strip(), href):
                continue  # a link with its own text
            if href:
                linked += [len(text), len(text) + len(words)]
            text += words
        known: list[Known] = []
        position = 0
        for address in addresses:
            at = text.find(address, position)
            in_link = any(a <= at < b for a, b in zip(linked[1::2], linked[2::2]))
            known.append(Known(address, at >= 0 and not in_link))
            position = max(at, position)
            position += len(address) if at >= 0 else 0
        return known


def decide_plain(before: Sequence[Known], after: Sequence[str], same_around: bool) -> list[bool]:
    """Decide which addresses of an edited text stay plain text: the old plain ones, also edited.

    ``same_around``: only addresses were edited.
    """
    plain = [False] * len(after)
    done = (0, 0)
    blocks = matching_blocks([known.address for known in before], list(after))
    for b, a, size in [*blocks, (len(before), len(after), 0)]:
        olds, news = before[done[0] : b], after[done[1] : a]
        for at, new in enumerate(news):
            same = [known.plain for known in before if known.address == new]
            if same:
                plain[done[1] + at] = all(same)
            elif len(olds) == len(news) and olds[at].plain:
                plain[done[1] + at] = same_around or _is_like(olds[at].address, new)
        for step in range(size):
            plain[a + step] = before[b + step].plain
        done = (b + size, a + size)
    return plain


def plain_addresses(
    html: str, shown: str, text: str, write: Callable[[str, AddressRule], str]
) -> tuple[list[bool], list[bool]]:
    """Decide which addresses stay plain text, in the Markdown of ``html`` and in its edited text.

    ``write`` gives the HTML of a text.
    """
    found = collect_addresses(lambda rule: write(shown, rule))
    before = PlainAddresses([html]).find(0, found)
    if not any(known.plain for known in before):
        return [], []
    after = collect_addresses(lambda rule: write(text, rule))
    one, other = shown, text
    for known in before:
        one = one.replace(known.address, "", 1)
    for new in after:
        other = other.replace(new, "", 1)
    return [known.plain for known in before], decide_plain(before, after, one == other)


def _read_texts(slices: Sequence[str]) -> Iterator[list[tuple[str, str]]]:
    """The words of each slice, with the address of the link around them."""
    href = ""
    for html in slices:
        texts: list[tuple[str, str]] = []
        for piece in _PIECE.finditer(html):
            if piece["link"] is not None:
                found = _HREF.search(piece["link"])
                href = unescape(found[1] or found[2] or found[3] or "") if found else ""
                texts.append(("", href))
            elif piece["end"]:
                href = ""
            elif piece["text"]:
                words = unescape(piece["text"])
                if texts and texts[-1][1] == href:
                    words = texts.pop()[0] + words
                texts.append((words, href))
        yield texts


def _says(text: str, href: str) -> bool:
    whole = quote_address(text)
    return any((s + whole).rstrip("/") == quote_address(href).rstrip("/") for s in _IMPLIED)


def _is_like(old: str, new: str) -> bool:
    """Whether ``new`` is ``old`` after an edit, and not a different address in its place."""
    one, other = STARTS.match(old), STARTS.match(new)
    if not one or not other or one.lastgroup != other.lastgroup:
        return False
    return bool(set(_WORD.findall(old)) & set(_WORD.findall(new)))
