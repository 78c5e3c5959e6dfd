"""Where everything stands in the vault folder: decks' folders, pages' names, links."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Optional

from ....convert.text.file_names import assign_names, fold_name, safe_name, safe_title
from ....convert.text.tex_words import raise_powers
from ...collection.deck_levels import deck_above, deck_and_above, last_level
from ..settings import DeckRef
from .scan import CONFLICT_COPY

COLLECTION_INDEX = "_Anki_Collection_Index.md"
# Leaves room, under Windows' limit for a whole path, for a few decks and a title.
FOLDER_BYTES = 120
FILE_BYTES = 255
_TRAILING = " _….,;:=-–—/"
_OPENING = re.compile(r"(?<![^\W_])_+(?=\S)")
_CLOSING = re.compile(r"_+(?=[^\w\s])")


@dataclass(frozen=True)
class Layout:
    """The decks that are shown, their folders, and those that are left out."""

    decks: Mapping[int, str]  # deck id → full name, without the decks left out
    folders: Mapping[str, str]  # full name → folder
    hidden: frozenset[int] = field(default_factory=frozenset)  # decks left out
    assets: str = ""  # the folder of media, which is no deck's

    def folder_of(self, deck: str) -> str:
        """The folder of a deck."""
        return self.folders[deck]

    def deck_of(self, folder: str) -> Optional[str]:
        """The deck whose folder this is; for another folder, the name of the deck it would be.

        Nothing for the vault folder itself, which is no deck's, and for the folder of media.
        """
        parts = folder.split("/")
        if not folder or fold_name(parts[0]) == fold_name(self.assets):
            return None
        found = self._decks_by_folder.get(fold_name(folder))
        if found is not None or len(parts) == 1:
            return found or parts[0]
        above = self.deck_of("/".join(parts[:-1]))
        return f"{above}::{parts[-1]}"

    @cached_property
    def _decks_by_folder(self) -> Mapping[str, str]:
        return {fold_name(folder): deck for deck, folder in self.folders.items()}

    def index_of(self, deck: str) -> str:
        """The path of a deck's index page."""
        folder = self.folders[deck]
        return f"{folder}/_{folder.rpartition('/')[2]}_index.md"


def plan_layout(
    decks: Mapping[int, str],
    excluded: Iterable[DeckRef],
    kept: Mapping[str, str],
    assets: str,
) -> Layout:
    """The layout for these decks. Folders that a deck had before (``kept``) stay its own."""
    hidden = find_hidden(decks, excluded)
    shown = {id_: name for id_, name in decks.items() if id_ not in hidden}
    return Layout(shown, _plan_folders(shown.values(), kept, assets), hidden, assets)


def find_hidden(decks: Mapping[int, str], excluded: Iterable[DeckRef]) -> frozenset[int]:
    """The ids of the decks left out, with all below them; names are compared without case."""
    names = set()
    for deck in excluded:
        name = decks.get(deck) if isinstance(deck, int) else deck
        if name is None and str(deck).isdigit():
            name = decks.get(int(deck))
        if name is not None:
            names.add(fold_name(name))
    return frozenset(
        id_
        for id_, name in decks.items()
        if names and any(fold_name(above) in names for above in deck_and_above(name))
    )


def unknown_decks(decks: Mapping[int, str], excluded: Iterable[DeckRef]) -> list[DeckRef]:
    """The decks left out that are not in the collection."""
    names = {fold_name(name) for name in decks.values()}
    return [d for d in excluded if d not in decks and fold_name(str(d)) not in names]


def _plan_folders(decks: Iterable[str], kept: Mapping[str, str], assets: str) -> dict[str, str]:
    """Deck name → folder. Siblings differ even where a disk ignores case and normalisation."""
    names = {above for deck in decks for above in deck_and_above(deck)}
    children: dict[str, list[str]] = {}
    for name in sorted(names):
        children.setdefault(deck_above(name), []).append(name)
    kept = _follow_case(kept, names)
    folders: dict[str, str] = {}
    pending = [""]
    while pending:
        parent = pending.pop()
        above = folders[parent] + "/" if parent else ""
        siblings = children.get(parent, [])
        had = {
            name: kept[name][len(above) :]
            for name in siblings
            if name in kept
            and kept[name].rpartition("/")[0] + "/" == (above or "/")
            and (parent or fold_name(kept[name]) != fold_name(assets))
        }
        wanted = {name: _folder_name(last_level(name)) for name in siblings}
        assigned = assign_names(wanted, kept=had, taken=() if parent else (assets,))
        for name, folder in assigned.items():
            folders[name] = above + folder
            pending.append(name)
    return folders


def _follow_case(kept: Mapping[str, str], names: set[str]) -> Mapping[str, str]:
    """A deck whose name changed in case only is the same deck, in the same folder.

    Where case is ignored, another folder would not even be another.
    """
    gone = {fold_name(name): folder for name, folder in kept.items() if name not in names}
    if not gone:
        return kept
    same = {name: gone.get(fold_name(name), "") for name in names if name not in kept}
    return {**kept, **{name: folder for name, folder in same.items() if folder}}


def _folder_name(deck: str) -> str:
    """A folder's name. It never ends like a page's, which could then not stand beside it."""
    name = safe_name(deck, limit=FOLDER_BYTES)
    return f"{name[:-3]}_md" if name[-3:].lower() == ".md" else name


def page_name(
    title: str, note_id: int, suffix: str | None, taken: frozenset[str] | set[str]
) -> str:
    """A new page's file name: ``<title>_<suffix>.md``, or ``<title>.md`` when there is no suffix.

    ``taken`` holds the folded names (``fold_name``) already used in the folder; a name among
    them, or one that looks like a sync tool's copy, gets the note id, which makes it the page's
    own.
    """
    stem = _readable(title)
    name = _join_name(stem, "" if suffix is None else "_" + _readable(suffix))
    number = 1
    while fold_name(name) in taken or CONFLICT_COPY.search(name):
        name = _join_name(stem, f"_{note_id}" if number == 1 else f"_{note_id} {number}")
        number += 1
    return name


def _readable(text: str) -> str:
    """A part of a page's name, without what would read as emphasis or code in a link to it."""
    title = safe_title(raise_powers(text)).replace("`", "_")
    title = _CLOSING.sub("", _OPENING.sub("", title)).rstrip(_TRAILING)
    # Other readers of vaults part a sign such as ∞ from the underscore that follows it.
    while title and not title[-1].isascii() and unicodedata.category(title[-1])[0] == "S":
        title = title[:-1].rstrip(_TRAILING)
    return title or "_"


def _join_name(stem: str, ending: str) -> str:
    ending += ".md"
    return safe_name(stem, limit=FILE_BYTES - len(ending.encode())) + ending
