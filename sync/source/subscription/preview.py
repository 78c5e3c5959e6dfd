"""What a deck brings and who says so, before anybody subscribes to it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html import unescape
from typing import Optional

from ....convert.deck_file.definition import (
    DYNAMIC_FIELDS,
    DYNAMIC_MODEL,
    DYNAMIC_MODELS,
    DeckFile,
    Package,
    Problem,
)
from ...deck.read.file import ReadFile
from .author import is_in
from .places import refuse_name

_PLACES = 20  # that are named one by one
_BETWEEN = r"[\x00-\x20]*"
_SCRIPT = re.compile(
    r"<script\b|<[^<>]*[\s/\"']on[a-z]+\s*=|" + _BETWEEN.join("javascript:"), re.IGNORECASE
)
_CODE_FILE = re.compile(r"\.(?:m?js|html?|svg|xhtml|wasm)$", re.IGNORECASE)


@dataclass(frozen=True)
class Scripts:
    """How many things of a deck bring program code along, and where the first of them are.

    ``fields`` and ``templates`` are counted by the pieces of code in them; ``files`` are media that
    may hold code.
    """

    fields: int = 0
    templates: int = 0
    files: int = 0
    places: tuple[str, ...] = ()

    @property
    def total(self) -> int:
        """All of them."""
        return self.fields + self.templates + self.files


@dataclass(frozen=True)
class DeckSize:
    """A deck of the author's, with the number of its own notes."""

    name: str
    notes: int


@dataclass(frozen=True)
class Preview:
    """What an address brings. ``package`` is what its author says of it, and nobody has checked.

    ``bytes`` is the size of the deck file, ``media_bytes`` that of its media; None when the author
    does not say. ``optional_tags`` are tags on request, each with the number of its notes.
    """

    address: str
    package: Package
    notes: int
    models: tuple[str, ...]
    decks: tuple[DeckSize, ...]
    media: int
    bytes: int
    media_bytes: Optional[int]
    optional_tags: tuple[tuple[str, int], ...] = ()
    scripts: Scripts = Scripts()
    problems: tuple[Problem, ...] = ()
    fields: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # of its note types


def make_preview(address: str, read: ReadFile) -> Preview:
    """What a deck brings. ``read.deck`` must be there."""
    deck = read.deck
    assert deck is not None
    sizes = [entry.size for entry in deck.media]
    known = [size for size in sizes if size is not None]
    models = [model.name for model in deck.models]
    if any(note.is_dynamic for note in deck.notes):
        models.append(DYNAMIC_MODEL)
    counts = Counter(note.deck for note in deck.notes)
    return Preview(
        address,
        deck.package,
        len(deck.notes),
        tuple(models),
        tuple(DeckSize(each.name, counts[each.name]) for each in deck.decks),
        len(deck.media),
        len(read.text.encode("utf-8")),
        sum(known) if len(known) == len(sizes) else None,
        tuple((tag, _count_tagged(deck, tag)) for tag in deck.package.optional_tags),
        count_scripts(deck),
        read.problems,
        list_fields(deck),
    )


def list_fields(deck: DeckFile) -> dict[str, tuple[str, ...]]:
    """The fields of the note types that the deck has notes of, by the author's names."""
    fields = {model.name: model.fields for model in deck.models}
    for note in deck.notes:
        if note.model in DYNAMIC_MODELS:
            fields.setdefault(note.model, tuple(DYNAMIC_FIELDS))
        elif note.model not in fields:
            fields[note.model] = tuple(note.fields)
    return fields


def _count_tagged(deck: DeckFile, tag: str) -> int:
    return sum(any(is_in(each, (tag,)) for each in note.tags or ()) for note in deck.notes)


def count_scripts(deck: DeckFile) -> Scripts:
    """Count what brings program code along: Anki runs it on the cards."""
    fields, templates, files = 0, 0, 0
    places: list[str] = []
    for name, text in _template_texts(deck):
        count = _count(text)
        templates += count
        places += [name] if count else []
    for name, text in _note_texts(deck):
        count = _count(text)
        fields += count
        places += [name] if count else []
    for entry in deck.media:
        if _CODE_FILE.search(entry.name) and refuse_name(entry.name) is None:
            files += 1
            places.append(f"file “{entry.name}”")
    return Scripts(fields, templates, files, tuple(places[:_PLACES]))


def _count(text: str) -> int:
    plain = unescape(text) if "&" in text else text
    return len(_SCRIPT.findall(plain))


def _template_texts(deck: DeckFile) -> Iterator[tuple[str, str]]:
    for model in deck.models:
        for template in model.templates:
            name = f"template “{template.name}” of “{model.name}”"
            yield f"{name}, front", template.front
            yield f"{name}, back", template.back
        yield f"styling of “{model.name}”", model.css or ""


def _note_texts(deck: DeckFile) -> Iterator[tuple[str, str]]:
    for note in deck.notes:
        for name, text in note.fields.items():
            yield f"line {note.line}, field “{name}”", text
        for card in note.cards:
            yield f"line {note.line}, card {card.position}", f"{card.front}\n{card.back}"
