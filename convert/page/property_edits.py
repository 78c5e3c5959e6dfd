"""Finds the user's edits to our properties of a page."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from .note import PageProblem
from .properties import (
    DECK,
    GUID,
    NOTE_ID,
    NOTETYPE,
    FoundProperties,
    OwnProperties,
    fold_tag,
    read_own,
)
from .tags import to_obsidian_tags
from .yaml_text import read_mapping

__all__ = ["PropertyEdits", "compare_tags", "read_edits", "to_anki_tag"]

_ANKIS_OWN = frozenset(("leech", "marked"))
_SPACES = re.compile(r"[\s\u200b\ufeff]+")


@dataclass(frozen=True)
class PropertyEdits:
    """The differences between a page's properties and what was written there.

    ``tags_added`` and ``tags_removed`` are tags in Anki's spelling. ``deck`` is a new name, nothing
    when it is unchanged. ``present`` are all tags of the page in its own spelling: once the edits
    are in Anki, all of them are ours (the ``previous`` of ``edit_properties``). ``told`` are the
    edited keys of those that only tell something: they are written again. With ``problems``, the
    page is left alone on both sides.
    """

    tags_added: tuple[str, ...] = ()
    tags_removed: tuple[str, ...] = ()
    deck: str | None = None
    present: tuple[str, ...] = ()
    problems: tuple[PageProblem, ...] = ()
    told: tuple[str, ...] = ()


def read_edits(
    front_matter: str | None, held: OwnProperties, anki_tags: Sequence[str] | None = None
) -> PropertyEdits:
    """Compare the lines between a page's fences with what was written there.

    ``anki_tags`` are the tags that the note had then; without them, ``held`` gives the tags. A
    missing key is no edit, except ``tags``: then there are no tags. Tags that only Anki sets are
    never edits. Raises ``PropertiesError`` when the lines cannot be read.
    """
    found = read_own(front_matter)
    if anki_tags is None:
        anki_tags = held.anki_tags or tuple(tag.replace("/", "::") for tag in held.tags)
    added, removed = compare_tags(found, anki_tags)
    deck, problems = None, list(_find_problems(front_matter or "", found, held))
    if found.deck is not None and _fold_deck(found.deck) != _fold_deck(held.deck):
        deck = "::".join(part.strip() for part in found.deck.split("::"))
        if not all(deck.split("::")):
            text = f"“{found.deck}” is no name for a deck. It was “{held.deck}”."
            problems.append(PageProblem(_line_of(front_matter or "", DECK), text))
            deck = None
    there = dict(found.told)
    told = tuple(key for key, value in held.told if there.get(key) != value)
    return PropertyEdits(added, removed, deck, found.tags, tuple(problems), told)


def to_anki_tag(tag: str) -> str:
    """The Anki spelling of a page's tag: ``a/b`` becomes ``a::b``, and spaces are replaced."""
    tag = _SPACES.sub("_", tag.strip().lstrip("#"))
    return "::".join(part for part in tag.replace("::", "/").split("/") if part)


def compare_tags(
    found: FoundProperties, before: Sequence[str]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The Anki tags that a page has gained, and the ones it has lost."""
    shown = {tag: _shown(tag) for tag in before}
    present = {_shown(to_anki_tag(tag)): to_anki_tag(tag) for tag in found.tags}
    listed = None if found.anki_tags is None else {tag.casefold() for tag in found.anki_tags}
    often = list(shown.values())
    removed = []
    for tag, name in shown.items():
        # A page does not show these as tags of their own: only the exact list can remove them.
        only_listed = not name or often.count(name) > 1
        unlisted = only_listed and listed is not None and tag.casefold() not in listed
        if (name and name not in present) or unlisted:
            removed.append(tag)
    known = {tag.casefold() for tag in before}
    added = {tag.casefold(): tag for name, tag in present.items() if name not in often}
    for tag in found.anki_tags or ():
        exact = _SPACES.sub("_", tag)
        if exact.casefold() not in known:
            added.pop(present.get(_shown(exact), "").casefold(), None)
            added[exact.casefold()] = exact
    return _without_ankis(added.values()), _without_ankis(removed)


def _shown(tag: str) -> str:
    """The spelling of an Anki tag on a page, without case."""
    names, _ = to_obsidian_tags([tag])
    return fold_tag(names[0]) if names else ""


def _without_ankis(tags: Iterable[str]) -> tuple[str, ...]:
    return tuple(tag for tag in tags if tag and tag.casefold() not in _ANKIS_OWN)


def _fold_deck(deck: str) -> tuple[str, ...]:
    """The same for names that are one deck to Anki."""
    folded = unicodedata.normalize("NFC", deck).casefold()
    return tuple(part.strip() for part in folded.split("::"))


def _find_problems(
    front_matter: str, found: FoundProperties, held: OwnProperties
) -> Iterator[PageProblem]:
    written = (
        (NOTE_ID, found.note_id, held.note_id, "says which note this page belongs to"),
        (GUID, found.guid, held.guid, "says which note this page belongs to"),
        (NOTETYPE, found.notetype, held.notetype, "can be changed in Anki only"),
    )
    for key, value, wanted, why in written:
        if value is not None and value != wanted:
            text = f"“{key}” {why}. It was “{wanted}”: write that again."
            yield PageProblem(_line_of(front_matter, key), text)


def _line_of(front_matter: str, key: str) -> int:
    """The line of the page with this property; line 1 is the ``---``."""
    entry = read_mapping(front_matter).find(key)
    return front_matter.count("\n", 0, entry.start) + 2 if entry else 1
