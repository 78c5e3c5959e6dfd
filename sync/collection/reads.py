"""Reads a collection in bulk: a few ``select`` statements, a few thousand rows at a time.

Small chunks keep memory flat, and release the interpreter lock often enough that Anki's
window responds while a run reads in the background.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, NamedTuple, Optional, cast

from .deck_levels import NAMELESS

if TYPE_CHECKING:
    from anki.collection import Collection
    from anki.models import NotetypeId

CHUNK = 1000
_SPAN = 10_000  # notes
LEAST_ID, MOST_ID = 1, 2**63 - 1
_TAG = re.compile(r"\{\{([^{}]*)\}\}")
DEFAULT_DECK = 1  # Anki's deck for cards without a deck
# Cast to text: another program may have stored another type.
_CONTENT = (  # as ``content_of``: joined by SQLite, a note is one text, and no row of five values
    "id || char(31) || cast(guid as text) || char(31) || cast(tags as text) || char(31) || "
    "cast(flds as text)"
)
_CARDS = (
    "(select group_concat(nid || ' ' || ord || ' ' || iif(odid, odid, did)) from cards "
    "where nid between ?1 and ?2)"
)
NOTE = "id, cast(guid as text), mid, cast(mod as integer), cast(tags as text), cast(flds as text)"


class NoteRow(NamedTuple):
    """A note as it is stored. ``decks``: the number and home deck of each card, with commas.

    ``study``: what a page tells of how its cards are studied, see ``study.py``; empty: nothing.
    """

    id: int
    guid: str
    notetype: int
    mod: int
    tags: str
    fields: str
    decks: str = ""
    study: str = ""


class NoteContents(NamedTuple):
    """Notes as they are compared: each with its id, its notetype, and its ``content_of``.

    ``cards`` is one text: the note, the number and the home deck of each card, with commas.
    ``first`` and ``last`` are the ends of the ids that both are of. ``study`` has the ``study`` of
    each note that has one, and ``studied`` is one text of all that it comes from.
    """

    notes: Sequence[tuple[int, int, str]]
    cards: str
    first: int = LEAST_ID
    last: int = MOST_ID
    study: Mapping[int, str] = {}
    studied: str = ""

    def find_decks(self) -> Mapping[int, str]:
        """The decks of each note with cards, by its id, as in ``NoteRow``."""
        decks: dict[int, str] = {}
        for entry in self.cards.split(",") if self.cards else ():
            note, _, card = entry.partition(" ")
            note_id = int(note)
            decks[note_id] = f"{decks[note_id]},{card}" if note_id in decks else card
        return decks


@dataclass(frozen=True)
class Notetype:
    """What a page needs to know of a notetype."""

    name: str
    fields: tuple[str, ...]
    cloze_fields: tuple[str, ...]  # shown through {{cloze:…}}; none in a standard type
    sort_field: str


def identify(col: Collection) -> str:
    """A text that never changes for a collection: the day it was created."""
    return str(_query(col, "select crt from col")[0][0])


def read_usn(col: Collection) -> int:
    """How far AnkiWeb has come: what comes with the next sync has this number, or a higher one."""
    return int(_query(col, "select usn from col")[0][0])


def read_deck_names(col: Collection) -> dict[int, str]:
    """Deck id → full name with ``::``."""
    return {deck.id: deck.name or NAMELESS for deck in col.decks.all_names_and_ids()}


def read_notetypes(col: Collection) -> dict[int, Notetype]:
    """Notetype id → what a page needs to know of it."""
    kinds = ((entry.id, read_notetype(col, entry.id)) for entry in col.models.all_names_and_ids())
    return {id_: kind for id_, kind in kinds if kind is not None}


def read_notetype(col: Collection, id_: int) -> Optional[Notetype]:
    """What a page needs to know of one notetype; nothing when there is none of this id."""
    data = col.models.get(cast("NotetypeId", id_))
    if data is None:
        return None
    fields = tuple(field["name"] for field in data["flds"])
    fronts = (template["qfmt"] for template in data["tmpls"])
    return Notetype(
        name=data["name"],
        fields=fields,
        cloze_fields=find_cloze_fields(fields, fronts) if data["type"] == 1 else (),
        sort_field=fields[data["sortf"]] if data["sortf"] < len(fields) else "".join(fields[:1]),
    )


def find_cloze_fields(fields: Iterable[str], fronts: Iterable[str]) -> tuple[str, ...]:
    """The fields that a cloze type's templates show through the ``cloze`` filter, in their order.

    Reads the templates, because the oldest supported Anki has no function for this.
    """
    shown = set()
    for front in fronts:
        for *filters, field in (tag.split(":") for tag in _TAG.findall(front)):
            if "cloze" in (name.strip() for name in filters):
                shown.add(field.strip())
    return tuple(name for name in fields if name in shown)


def read_note_ids(col: Collection) -> set[int]:
    """The ids of all notes."""
    # SQLite reads an index for this, and makes one text of it: that is no more than one chunk of
    # notes, even where there are a hundred thousand.
    ids = _query(col, "select group_concat(id) from notes")[0][0]
    return {*map(int, ids.split(","))} if ids else set()


def can_redo(col: Collection) -> bool:
    """Whether a step was undone that Anki offers to redo."""
    return bool(col.undo_status().redo)


def count_notes(col: Collection) -> int:
    """How many notes there are."""
    return int(_query(col, "select count() from notes")[0][0])


def find_spans(col: Collection, table: str) -> Iterator[tuple[int, int]]:
    """The ids of a table in some spans, so that no query over one holds the collection for long.

    A span of time is taken for each ten thousand notes: an id is the time when its row was made.
    """
    spans = _query(col, "select count() from notes")[0][0] // _SPAN + 1
    least = _query(col, f"select min(id) from {table}")[0][0] or 0
    most = _query(col, f"select max(id) from {table}")[0][0] or 0
    starts = [
        LEAST_ID,
        *(least + (most - least) * n // spans for n in range(1, spans)),
        MOST_ID + 1,
    ]
    return ((first, end - 1) for first, end in zip(starts, starts[1:]))


def read_newest(col: Collection) -> tuple[int, int]:
    """The id of the note that was changed last, and when, as Anki's ``mod``; zeros without one."""
    newest = (
        "select cast(mod as integer) as date, id from notes where id between ? and ? "
        "order by date desc, id desc limit 1"
    )
    found = [row for span in find_spans(col, "notes") for row in _query(col, newest, *span)]
    mod, note_id = max(map(tuple, found), default=(0, 0))
    return note_id, mod


def was_deleted(col: Collection, note_id: int) -> bool:
    """Whether Anki knows that a note was deleted, on this computer or another one."""
    return bool(_query(col, "select 1 from graves where oid = ? and type = 1", note_id))


def has_note(col: Collection, note_id: int) -> bool:
    """Whether there is a note of this id."""
    return bool(_query(col, "select 1 from notes where id = ?", note_id))


def read_contents(col: Collection, first: int, last: int, most: int) -> NoteContents:
    """The notes with ids from ``first`` to ``last``, by id, or the first of them, so many at most.

    Then, and where ``last`` is ``MOST_ID``, the ids that the contents are of end with these notes.
    """
    query = f"select id, mid, {_CONTENT} from notes where id between ? and ? order by id limit ?"
    notes = cast("Sequence[tuple[int, int, str]]", _query(col, query, first, last, most))
    if notes and (len(notes) == most or last == MOST_ID):
        last = notes[-1][0]
    cards = _query(col, f"select {_CARDS}", first, last)[0][0] or ""
    return NoteContents(notes, cards, first, last)


def digest_contents(contents: NoteContents) -> bytes:
    """Sixteen bytes that change when anything of the notes changes that a page is made from."""
    texts = "\x1e".join([f"{mid}\x1f{content}" for _, mid, content in contents.notes])
    return _digest(len(contents.notes), texts, contents.cards + contents.studied)


def digest_notes_between(col: Collection, first: int, last: int, studied: str = "") -> bytes:
    """``digest_contents`` of all notes with ids from ``first`` to ``last``.

    It is fast because the texts are joined by SQLite. ``studied`` is as in ``NoteContents``.
    """
    joined = f"group_concat(mid || char(31) || {_CONTENT}, char(30))"
    query = f"select count(*), {joined}, {_CARDS} from notes where id between ?1 and ?2"
    count, texts, cards = _query(col, query, first, last)[0]
    return _digest(count, texts or "", (cards or "") + studied)


def _digest(count: int, texts: str, cards: str) -> bytes:
    mixed = blake2b(f"{count} {len(cards)} {cards}".encode(), digest_size=16)
    mixed.update(texts.encode())
    return mixed.digest()


def content_of(row: NoteRow) -> str:
    """All of a note that its page is made from, as one text, but its notetype and decks."""
    return f"{row.id}\x1f{row.guid}\x1f{row.tags}\x1f{row.fields}"


def read_notes(col: Collection, ids: Sequence[int]) -> Iterator[NoteRow]:
    """The notes with these ids that exist, without their decks."""
    for start in range(0, len(ids), CHUNK):
        wanted = ",".join(str(int(id_)) for id_ in ids[start : start + CHUNK])
        for row in _query(col, f"select {NOTE} from notes where id in ({wanted})"):
            yield NoteRow(*row)


def find_notes_by_guid(col: Collection, guids: Iterable[str]) -> dict[str, int]:
    """Guid → note id, for guids that exactly one note has."""
    wanted = set(guids)
    if not wanted:
        return {}
    found: dict[str, int] = {}
    doubled: set[str] = set()
    last = 0  # guids have no index: one scan for all of them costs no more than a scan for one
    while True:
        rows = _query(
            col,
            "select id, cast(guid as text) from notes where id > ? order by id limit ?",
            last,
            10 * CHUNK,
        )
        if not rows:
            return {guid: note_id for guid, note_id in found.items() if guid not in doubled}
        for note_id, guid in rows:
            if guid in wanted:
                doubled.update((guid,) if guid in found else ())
                found[guid] = note_id
        last = rows[-1][0]


def home_decks(decks: str) -> tuple[int, ...]:
    """The different home decks of a note's cards, the first card's first."""
    if not decks:
        return (DEFAULT_DECK,)
    cards = sorted(tuple(map(int, card.split(" "))) for card in decks.split(","))
    return tuple(dict.fromkeys(deck for _, deck in cards))


def note_digest(row: NoteRow) -> bytes:
    """Sixteen bytes that change when anything in the note changes (its decks do not count)."""
    text = f"{row.notetype}\x1f{row.guid}\x1f{row.tags}\x1f{row.fields}"
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()


def _query(col: Collection, sql: str, *args: int | str) -> Sequence[Sequence[Any]]:
    assert col.db is not None, "the collection is closed"
    return col.db.all(sql, *args)
