"""What the author says, as this subscriber takes it: each note with its guid and tags."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Collection, Container, Iterable
from dataclasses import dataclass, field, replace
from html import escape
from urllib.parse import quote

from ....convert.deck_file.definition import (
    DeckDef,
    DeckFile,
    MediaDef,
    ModelDef,
    NoteDef,
    Package,
    Problem,
)
from ...collection.clean import clean_deck_name, clean_tags
from ...deck.base import digest
from ...deck.dynamic import DECLARED
from ...deck.publish import derive_guid
from ...deck.read.file import ReadFile
from .subscription import Subscription

_GUID = "Say which note it is: give it a guid of its own"


@dataclass(frozen=True)
class AuthorNote:
    """A note of the author's file. ``alias`` is the guid that it had before it was given one."""

    guid: str
    alias: str
    note: NoteDef = field(repr=False)
    digest: bytes = b""


@dataclass(frozen=True)
class Author:
    """The author's file for one subscriber.

    ``notes`` has every note that has an identity and no fault, and is not in a deck that was left
    out. ``left_out`` are the guids of those that are; ``faulty`` those that cannot be used.
    """

    deck: DeckFile
    notes: tuple[AuthorNote, ...]
    left_out: frozenset[str] = frozenset()
    faulty: frozenset[str] = frozenset()
    problems: tuple[Problem, ...] = ()


def read_author(read: ReadFile, subscription: Subscription) -> Author:
    """The author's file as this subscriber takes it. ``read.deck`` must be there."""
    assert read.deck is not None
    deck, lost = _without_faulty(read.deck, read.problems)
    origin = subscription.origin or deck.package.name
    problems = [problem for problem in read.problems if problem.level == "error"]
    broken = {problem.note for problem in problems if problem.note is not None}
    broken |= {note.position for note in deck.notes if note.model in lost}
    guids = [_guids(note, origin) for note in deck.notes]
    times = Counter(guid for guid, _ in guids)
    filters = _TagFilter(deck.package, subscription)
    markdown = {model.name: model.markdown_fields for model in (*deck.models, *DECLARED.values())}
    notes: list[AuthorNote] = []
    left_out: set[str] = set()
    faulty: set[str] = set()
    for note, (guid, alias) in zip(deck.notes, guids):
        if not guid:
            problems.append(
                Problem("warning", f"{_GUID}. It was left out", note.line, note.position)
            )
        elif note.position in broken or times[guid] > 1:
            faulty.update((guid, alias))
            if times[guid] > 1 and note.position not in broken:
                text = f"guid “{guid}” is that of {times[guid]} notes. They were left out"
                problems.append(Problem("warning", text, note.line, note.position))
        elif is_in(note.deck, subscription.left_out):
            left_out.update((guid, alias))
        else:
            taken = replace(note, tags=filters.take(note.tags)) if filters.any else note
            kept = subscription.protected.get(note.model, ())
            own = subscription.protected_notes.get(guid, ())
            made = digest_note(taken, markdown.get(note.model, ()), (kept, own))
            notes.append(AuthorNote(guid, alias, taken, made))
    return Author(
        deck,
        tuple(notes),
        frozenset(left_out - {""}),
        frozenset(faulty - {""}),
        tuple(sorted(problems, key=lambda problem: problem.line)),
    )


def find_wanted_media(deck: DeckFile, left_out: Collection[str]) -> tuple[MediaDef, ...]:
    """The media of a deck, without those that only notes of left-out decks name."""
    if not left_out:
        return deck.media
    kept: list[str] = []
    gone: list[str] = []
    for note in deck.notes:
        texts = [*note.fields.values()]
        texts += [text for card in note.cards for text in (card.front, card.back)]
        (gone if is_in(note.deck, left_out) else kept).append("\n".join(texts))
    for model in deck.models:
        kept += [model.css or "", *(t.front + t.back for t in model.templates)]
    some, others = "\n".join(kept), "\n".join(gone)

    def is_named(entry: MediaDef, text: str) -> bool:
        names = {name for each in (entry.name, entry.path) for name in (each, quote(each))}
        return any(name in text or escape(name) in text for name in names)

    return tuple(
        entry for entry in deck.media if not is_named(entry, others) or is_named(entry, some)
    )


def _without_faulty(deck: DeckFile, problems: Iterable[Problem]) -> tuple[DeckFile, set[str]]:
    """The deck without the models and media that have a fault, and the names of these models."""
    lines = [p.line for p in problems if p.level == "error" and p.note is None]
    if not lines:
        return deck, set()
    items: list[ModelDef | DeckDef | NoteDef | MediaDef]
    items = [*deck.models, *deck.decks, *deck.notes, *deck.media]
    starts = sorted((item.line, number) for number, item in enumerate(items))
    found = (bisect_right(starts, (line, len(items))) - 1 for line in lines)
    faulty = {starts[place][1] for place in found if place >= 0}
    odd = [items[number] for number in faulty]
    models = {item.name for item in odd if isinstance(item, ModelDef)}
    media = {item.name for item in odd if isinstance(item, MediaDef)}
    return (
        replace(
            deck,
            models=tuple(model for model in deck.models if model.name not in models),
            media=tuple(entry for entry in deck.media if entry.name not in media),
        ),
        models,
    )


def as_known(author: Author, known: Container[str]) -> Author:
    """The same with each note under the guid by which it is known: its author may add one later."""
    notes = [
        replace(note, guid=note.alias, alias=note.guid)
        if note.alias and note.alias in known and note.guid not in known
        else note
        for note in author.notes
    ]
    return replace(author, notes=tuple(notes))


def _guids(note: NoteDef, origin: str) -> tuple[str, str]:
    derived = derive_guid(origin, note.note_id) if note.note_id else ""
    return (note.guid, derived) if note.guid else (derived, "")


def digest_note(note: NoteDef, markdown: Collection[str], more: object = None) -> bytes:
    """Bytes that change with what an author says of a note, and with ``more``."""
    cards = [(card.id, card.front, card.back) for card in note.cards]
    return digest(
        note.model, note.deck, note.tags, tuple(note.fields.items()), markdown, cards, more
    )


def is_in(deck: str, decks: Iterable[str]) -> bool:
    """Whether a deck is one of these, or below one."""
    name = clean_deck_name(deck).casefold()
    above = (clean_deck_name(each).casefold() for each in decks)
    return any(name == each or name.startswith(f"{each}::") for each in above)


def leave_out(
    before: Iterable[str], shown: Collection[str], chosen: Collection[str]
) -> tuple[str, ...]:
    """The decks that are left out after a person has ``chosen`` them among those ``shown``.

    Of a deck that is not shown it stays as it was ``before``, unless one below it is taken now.
    """
    taken = [deck for deck in shown if not is_in(deck, chosen)]
    kept = [name for name in before if not any(is_in(deck, (name,)) for deck in taken)]
    return (*kept, *(deck for deck in chosen if not is_in(deck, kept)))


@dataclass(frozen=True)
class _TagFilter:
    """Takes the tags that the subscriber wants."""

    package: Package
    subscription: Subscription

    @property
    def any(self) -> bool:
        """Whether a tag may be left out."""
        return bool(self.package.optional_tags or self.subscription.unwanted_tags)

    def take(self, tags: tuple[str, ...] | None) -> tuple[str, ...] | None:
        if tags is None:
            return None
        return tuple(tag for tag in clean_tags(tags) if self._is_taken(tag))

    def _is_taken(self, tag: str) -> bool:
        wanted = self.subscription
        if _is_tagged(tag, wanted.unwanted_tags):
            return False
        optional = _is_tagged(tag, self.package.optional_tags)
        return not optional or _is_tagged(tag, wanted.wanted_tags)


def _is_tagged(tag: str, groups: Iterable[str]) -> bool:
    name = tag.casefold()
    return any(
        name == each.casefold() or name.startswith(f"{each.casefold()}::") for each in groups
    )
