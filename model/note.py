"""A dynamic note: its content, and how the fields of an Anki note store it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from html import unescape
from secrets import token_bytes
from unicodedata import normalize

from .data_text import Data, StoredCard, read_data, write_data
from .media import find_media, read_source, rename_media, write_media
from .notetype import DATA, FIELDS, FIRST_SLOT_FIELD, LINK, MEDIA, NOTE, SLOTS
from .slots import CardError, assign

_DROPPED = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_NOT_IN_IDS = re.compile(r"""[<>&"'{}\[\]\\\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffd]|\A\s|\s\Z""")
_MARK = re.compile(r"<!--next slot (\d{1,3})-->")
_TAG = re.compile(r"<[^>]*>")
_ID_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # without letters that look like others
_ID_LENGTH = 5


class NoCards(CardError):
    """A note has no cards: Anki would show an empty one."""

    def __init__(self) -> None:
        super().__init__("A note needs at least one card. Delete the note if you want none of it.")


class UnusableCardId(CardError):
    """An id that Anki's fields would change."""

    def __init__(self, id: str) -> None:
        super().__init__(
            f"“{id}” cannot be a card's id: ids have none of < > & \" ' {{ }} [ ] \\ in them, "
            "are one line, and have no spaces at their ends."
        )
        self.id = id


@dataclass(frozen=True)
class Card:
    """One card: a permanent id, and its two sides as HTML."""

    id: str
    front: str
    back: str


@dataclass(frozen=True)
class DynamicNote:
    """The content of a note as HTML; the cards in reading order."""

    note: str
    cards: tuple[Card, ...]
    link: str = ""


@dataclass(frozen=True)
class ReadNote:
    """A note as read: its content, and the slot of each present or former card.

    ``problems`` are messages for the user: what was damaged, and how it was repaired.
    """

    content: DynamicNote
    slots: Mapping[str, int]
    retired: Mapping[str, int]
    next_slot: int
    problems: tuple[str, ...] = ()


def read_note(fields: Sequence[str]) -> ReadNote:
    """Read the values of the type's fields.

    Damage is repaired: slots missing from ``Data`` are read from the card fields, and the next slot
    is never one that a known card had.
    """
    if len(fields) != len(FIELDS):
        raise ValueError(f"{len(fields)} fields instead of {len(FIELDS)}")
    data = read_data(fields[DATA])
    renamed = _find_renamed(data.media, fields[MEDIA])
    stored = {
        card.id: Card(card.id, rename_media(card.front, renamed), rename_media(card.back, renamed))
        for card in reversed(data.cards)
        if is_card_id(card.id)
    }
    told = [(card.id, card.slot) for card in data.cards], list(data.retired.items())
    seen = list(_read_card_fields(fields))
    slots = _settle([*told[0], *told[1], *seen] if data.intact else [*seen, *told[0], *told[1]])
    shown = [id_ for id_, _ in seen if id_ in slots and not (data.intact and id_ in data.retired)]
    living = dict.fromkeys([*(c.id for c in data.cards if c.id in stored), *shown])
    return ReadNote(
        content=DynamicNote(
            fields[NOTE], tuple(stored.get(i, Card(i, "", "")) for i in living), fields[LINK]
        ),
        slots={id_: slots[id_] for id_ in living if id_ in slots},
        retired={id_: slot for id_, slot in slots.items() if id_ not in living},
        next_slot=max(
            min(data.next_slot, SLOTS + 1),
            _read_mark(fields[MEDIA]),
            *(slot + 1 for slot in slots.values()),
            *(slot + 1 for _, slot in seen),
        ),
        problems=tuple(_tell_damage(data, seen, slots, [i for i in living if i not in stored])),
    )


def write_fields(fields: Sequence[str], content: DynamicNote) -> tuple[str, ...]:
    """The values of the type's fields that store ``content``.

    ``fields`` are the note's present values, ``()`` for a new note: each of its cards keeps its
    slot. The same content gives the same values, byte for byte, unless they were damaged. Raises a
    ``CardError`` when the note cannot have these cards.
    """
    content = clean_note(content)
    before = read_note(fields) if fields else _NOTHING
    ids = [card.id for card in content.cards]
    if not ids:
        raise NoCards
    past = {**before.retired, **before.slots}
    slots, next_slot = assign(past, before.next_slot, ids)
    for id_ in ids:
        if not is_card_id(id_):
            raise UnusableCardId(id_)
    cards = tuple(StoredCard(c.id, slots[c.id], c.front, c.back) for c in content.cards)
    retired = {id_: slot for id_, slot in past.items() if id_ not in slots}
    values = [""] * len(FIELDS)
    values[LINK], values[NOTE] = content.link, content.note
    media = find_media(side for card in cards for side in (card.front, card.back))
    values[DATA] = write_data(Data(cards, retired, next_slot, media))
    values[MEDIA] = write_media(media)
    if next_slot > max(slots.values()) + 1:  # without ``Data``, the card fields would not show this
        values[MEDIA] += f"<!--next slot {next_slot}-->"
    for id_, slot in slots.items():
        values[FIRST_SLOT_FIELD + slot - 1] = id_
    return tuple(values)


def mark_used(fields: Sequence[str], slot: int) -> tuple[str, ...]:
    """Mark this slot and all lower ones as used.

    For a note whose fields no longer show which slots its cards in Anki have.
    """
    values = list(fields)
    values[MEDIA] += f"<!--next slot {slot + 1}-->"
    return tuple(values)


def clean_note(content: DynamicNote) -> DynamicNote:
    """``content`` as Anki stores text: NFC, without control characters."""
    return DynamicNote(
        _clean(content.note),
        tuple(Card(_clean(c.id), _clean(c.front), _clean(c.back)) for c in content.cards),
        _clean(content.link),
    )


def is_card_id(text: str) -> bool:
    """Whether this text is a valid card id."""
    return bool(text) and not _NOT_IN_IDS.search(text)


def new_card_id(taken: Collection[str], said: str = "") -> str:
    """A short id that is not in ``taken``.

    Made from what the card has ``said`` when that is given, so that a plan shows the same id that
    the run writes; otherwise random. Either way, two devices do not give one id to two different
    cards.
    """
    number = 0
    while True:
        digest = blake2b(f"{number}\x1f{said}".encode("utf-8", "replace"), digest_size=_ID_LENGTH)
        letters = digest.digest() if said else token_bytes(_ID_LENGTH)
        id_ = "".join(_ID_LETTERS[each % len(_ID_LETTERS)] for each in letters)
        if id_ not in taken:
            return id_
        number += 1


def filled_slots(fields: Sequence[str]) -> set[int]:
    """The slots that have a card: Anki makes a card for each of them."""
    return {slot for id_, slot in _read_card_fields(fields) if id_}


def _read_card_fields(fields: Sequence[str]) -> Iterator[tuple[str, int]]:
    """The text and slot of each filled card field. An editor may have put tags around the text."""
    for slot, text in enumerate(fields[FIRST_SLOT_FIELD:], 1):
        if text:
            yield unescape(_TAG.sub("", text)).strip(), slot


def _settle(claims: Iterable[tuple[str, int]]) -> dict[str, int]:
    """One slot for each id and one id for each slot. Earlier claims win."""
    slots: dict[str, int] = {}
    taken = set()
    for id_, slot in claims:
        if id_ not in slots and slot not in taken and 0 < slot <= SLOTS and is_card_id(id_):
            slots[id_] = slot
            taken.add(slot)
    return slots


def _find_renamed(before: Sequence[str], media: str) -> dict[str, str]:
    """Old name → new name of the files that Anki renamed in the ``Media`` field.

    This happens when a shared deck is imported into a collection with other files of these names.
    """
    if media.startswith(write_media(before)):
        return {}
    now = find_media([media])
    if len(now) != len(before):
        return {}
    return {old: new for old, new in zip(before, now) if read_source(old) != new}


def _read_mark(media: str) -> int:
    return min(max(map(int, _MARK.findall(media)), default=1), SLOTS + 1)


def _tell_damage(
    data: Data, seen: Sequence[tuple[str, int]], slots: Mapping[str, int], lost: Sequence[str]
) -> Iterator[str]:
    if not data.intact and (data.cards or seen):
        yield "The Data field was changed or damaged: its cards' places are taken from the others."
    for id_, slot in seen:
        if slots.get(id_) != slot:
            yield f"The field “Card {slot}” holds “{id_}”, which is not the card of that place."
    held = {slot for _, slot in seen}
    for card in data.cards if data.intact else ():
        if slots.get(card.id) == card.slot and card.slot not in held:
            yield f"The field “Card {card.slot}” of the card “{card.id}” is empty."
    for id_ in lost:
        yield f"The text of the card “{id_}” is lost."


def _clean(text: str) -> str:
    if text.isascii() and (text.isprintable() or not _DROPPED.search(text)):
        return text
    return normalize("NFC", _SURROGATE.sub("\ufffd", _DROPPED.sub("", text)))


_NOTHING = ReadNote(DynamicNote("", ()), {}, {}, 1)
