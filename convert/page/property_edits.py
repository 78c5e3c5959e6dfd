"""What a person changed among our properties of a page."""

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
    """What a page's properties say otherwise than they were written.

    ``tags_added`` and ``tags_removed`` are tags as Anki has them. ``deck`` is a new name, nothing
    when it was left alone. ``present`` are all tags of the page in its own spelling: once the
    edits are in Anki, all of them are ours (the ``previous`` of ``edit_properties``). With
    ``problems``, the page is to be left alone on both sides.
    """

    tags_added: tuple[str, ...] = ()
    tags_removed: tuple[str, ...] = ()
    deck: str | None = None
    present: tuple[str, ...] = ()
    problems: tuple[PageProblem, ...] = ()


def read_edits(
    front_matter: str | None, held: OwnProperties, anki_tags: Sequence[str] | None = None
) -> PropertyEdits:
    """The edits in the lines between a page's fences, against what was written there.

    ``anki_tags``: the tags of the note then; without them, those that ``held`` tells. A key that
    is missing says nothing, but without ``tags`` there are none. Tags that only Anki sets are
    never edits. Raises ``PropertiesError`` for lines that cannot be read.
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
    return PropertyEdits(added, removed, deck, found.tags, tuple(problems))


def to_anki_tag(tag: str) -> str:
    """A tag as a page spells it, as Anki spells it: ``a/b`` is ``a::b``, and no spaces."""
    tag = _SPACES.sub("_", tag.strip().lstrip("#"))
    return "::".join(part for part in tag.replace("::", "/").split("/") if part)


def compare_tags(
    found: FoundProperties, before: Sequence[str]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The Anki tags that a page has beyond those of before, and the ones it lacks."""
    shown = {tag: _shown(tag) for tag in before}
    present = {_shown(to_anki_tag(tag)): to_anki_tag(tag) for tag in found.tags}
    listed = None if found.anki_tags is None else {tag.casefold() for tag in found.anki_tags}
    often = list(shown.values())
    removed = []
    for tag, name in shown.items():
        # What the page cannot show as a tag of its own can only be taken out of the exact list.
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
    """How a page shows an Anki tag, case aside."""
    names, _ = to_obsidian_tags([tag])
    return fold_tag(names[0]) if names else ""


def _without_ankis(tags: Iterable[str]) -> tuple[str, ...]:
    return tuple(tag for tag in tags if tag and tag.casefold() not in _ANKIS_OWN)


def _fold_deck(deck: str) -> tuple[str, ...]:
    """Equal for names that Anki takes for one deck."""
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
    """The line of the page where a property stands; the first line is the ``---``."""
    entry = read_mapping(front_matter).find(key)
    return front_matter.count("\n", 0, entry.start) + 2 if entry else 1
