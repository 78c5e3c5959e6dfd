"""The text of the ``Data`` field: JSON that Anki never takes for anything else.

Characters with a meaning in HTML, in templates, in Anki's sound, LaTeX and maths marks or in its
editor are written as ``\\uXXXX``. Letters of every script stay readable, so that Anki's search
finds words.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from html import unescape
from typing import Any, Optional
from zlib import crc32

# Anki's editor turns U+00A0 into an entity, and U+0300… would combine with an escape before it.
_ESCAPED = re.compile(
    "[\\x00-\\x1f\"&'<>\\[\\\\\\]{}\\x7f-\\xa0\\u0300-\\u036f\\u2028\\u2029\\ud800-\\udfff\\ufeff]"
)
_MATHS = re.compile(r"\\\(|\\\[|\[\$")
# Anki loads MathJax only for cards whose text contains this.
_MATHS_MARK = ',"maths":"\\\\(\\\\)"'

_TAG = re.compile(r"<[^>]*>")
_ESCAPE = re.compile(r"\\u([0-9a-fA-F]{4})")
_NEXT_SLOT = re.compile(r'"next_slot":\s*(\d{1,9})\s*[,}]')
_RETIRED = re.compile(r'"retired":\s*\{([^{}]*)\}')
_RETIRED_CARD = re.compile(r'"([^"]*)":\s*(\d{1,3})')
_TEXT = r'"((?:(?!\{\s*"id":).)*?)"'  # at most up to the next card
_CARD = re.compile(
    r'\{\s*"id":\s*"([^"]*)",\s*"slot":\s*(\d{1,3}),\s*'
    rf'"front":\s*{_TEXT},\s*"back":\s*{_TEXT}\s*\}}(?=\s*(?:[,\]]|\Z))',
    re.DOTALL,
)
_DECODER = json.JSONDecoder(strict=False)


@dataclass(frozen=True)
class StoredCard:
    """A card as stored in ``Data``. ``slot`` is 0 when the text gives none."""

    id: str
    slot: int
    front: str
    back: str


@dataclass(frozen=True)
class Data:
    """The content of ``Data``. ``intact``: nobody edited its slots.

    ``media`` are the file names as ``cards`` spells them. When Anki renames a file, it changes the
    ``Media`` field but not ``Data``; the difference between the two shows the new name.
    """

    cards: tuple[StoredCard, ...] = ()
    retired: Mapping[str, int] = field(default_factory=dict)
    next_slot: int = 1
    media: tuple[str, ...] = ()
    intact: bool = False


def write_data(data: Data) -> str:
    """The text of the field. Different values always give different texts."""
    cards = ",".join(
        f'{{"id":{_quote(card.id)},"slot":{card.slot},'
        f'"front":{_quote(card.front)},"back":{_quote(card.back)}}}'
        for card in data.cards
    )
    retired = ",".join(f"{_quote(id_)}:{slot}" for id_, slot in sorted(data.retired.items()))
    media = f',"media":[{",".join(map(_quote, data.media))}]' if data.media else ""
    maths = any(_MATHS.search(card.front) or _MATHS.search(card.back) for card in data.cards)
    return (
        f'{{"next_slot":{data.next_slot},"sum":"{_sum(data)}","retired":{{{retired}}},'
        f'"cards":[{cards}]{media}{_MATHS_MARK if maths else ""}}}'
    )


def read_data(text: str) -> Data:
    """Read the field's text, or what is left of it. Never raises."""
    found = _parse(text)
    if found is None:
        plain = unescape(_TAG.sub("", text))  # an editor may have put tags around it
        found = _parse(plain)
        if found is None:
            return _read_pieces(text if _CARD.search(text) else plain)
    data = _make_data(found)
    return replace(data, intact=found.get("sum") == _sum(data))


def _parse(text: str) -> Optional[dict[str, Any]]:
    try:
        found = _DECODER.decode(text)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _read_pieces(text: str) -> Data:
    """The cards and slots that can still be read in a damaged text.

    Works for any card text: the writer escapes quotes within it.
    """
    cards = (
        StoredCard(_unquote(id_), int(slot), _unquote(front), _unquote(back))
        for id_, slot, front, back in _CARD.findall(text)
    )
    retired, mark = _RETIRED.search(text), _NEXT_SLOT.search(text)
    return Data(
        tuple(cards),
        {
            _unquote(id_): int(slot)
            for id_, slot in _RETIRED_CARD.findall(retired[1] if retired else "")
        },
        int(mark[1]) if mark else 1,
    )


def _unquote(text: str) -> str:
    return _ESCAPE.sub(lambda match: chr(int(match[1], 16)), text)


def _make_data(found: Mapping[str, Any]) -> Data:
    cards, retired, media = found.get("cards"), found.get("retired"), found.get("media")
    return Data(
        tuple(_make_cards(cards if isinstance(cards, list) else ())),
        {id_: _as_slot(slot) for id_, slot in retired.items() if _as_slot(slot)}
        if isinstance(retired, dict)
        else {},
        _as_slot(found.get("next_slot")) or 1,
        tuple(map(_as_text, media)) if isinstance(media, list) else (),
    )


def _make_cards(entries: Iterable[Any]) -> Iterable[StoredCard]:
    for entry in entries:
        if isinstance(entry, dict) and isinstance(entry.get("id"), str):
            front, back = _as_text(entry.get("front")), _as_text(entry.get("back"))
            yield StoredCard(entry["id"], _as_slot(entry.get("slot")), front, back)


def _as_slot(value: Any) -> int:
    return value if type(value) is int and value > 0 else 0


def _as_text(value: Optional[object]) -> str:
    return value if isinstance(value, str) else ""


def _sum(data: Data) -> str:
    """A checksum of the slots: it changes when somebody edits them, but not with a card's text."""
    slots = [(card.id, card.slot) for card in data.cards]
    text = repr((sorted(slots), sorted(data.retired.items()), data.next_slot))
    return f"{crc32(text.encode('utf-8', 'surrogatepass')):08x}"


def _quote(text: str) -> str:
    return f'"{_ESCAPED.sub(_escape, text)}"'


def _escape(match: re.Match[str]) -> str:
    return _ESCAPES[match[0]]


class _Escapes(dict[str, str]):
    """Character → its escape, computed on first use."""

    def __missing__(self, character: str) -> str:
        self[character] = escape = f"\\u{ord(character):04x}"
        return escape


_ESCAPES = _Escapes()
