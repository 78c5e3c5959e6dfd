"""Where files are in the vault folder: the folders of decks, and the names of pages."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Optional

from ....convert.text.file_names import assign_names, fold_name, safe_name, safe_title
from ....convert.text.tex_words import raise_powers
from ...collection.deck_levels import deck_above, deck_and_above, last_level
from ..deck_choice import ChosenDecks, DeckChoice, choose_decks, find_hidden
from .scan import is_like_conflict_copy

COLLECTION_INDEX = "_Anki_Collection_Index.md"
# Windows limits the length of a whole path. This leaves room for a few decks and a title.
FOLDER_BYTES = 120
FILE_BYTES = 255
_TRAILING = " _….,;:=-–—/"
_OPENING = re.compile(r"(?<![^\W_])_+(?=\S)")
_CLOSING = re.compile(r"_+(?=[^\w\s])")


@dataclass(frozen=True)
class Layout:
    """The decks that have pages, their folders, and the decks that are left out."""

    decks: Mapping[int, str]  # deck id → full name, without those left out
    folders: Mapping[str, str]  # full name → folder
    hidden: frozenset[int] = field(default_factory=frozenset)  # ids of the decks left out
    assets: str = ""  # the folder of media, which belongs to no deck
    chosen: ChosenDecks = field(default_factory=lambda: ChosenDecks({}, True))

    def folder_of(self, deck: str) -> str:
        """The folder of a deck, by the deck's full name."""
        return self.folders[deck]

    def deck_of(self, folder: str) -> Optional[str]:
        """The full name of the deck that a folder belongs to, or would belong to if it existed.

        None for the vault folder itself and for the folder of media: they belong to no deck.
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

    def leaves_out(self, deck: str) -> bool:
        """Whether a deck is left out, or would be if there were one of this full name."""
        return not self.chosen.has(deck)

    @property
    def left_out(self) -> str:
        """The ids of the decks left out as a text to compare; empty when there are none."""
        return ",".join(map(str, sorted(self.hidden)))

    def index_of(self, deck: str) -> str:
        """The path of a deck's index page."""
        folder = self.folders[deck]
        return f"{folder}/{_index_in(folder.rpartition('/')[2])}"


def plan_layout(
    decks: Mapping[int, str],
    choice: DeckChoice,
    kept: Mapping[str, str],
    assets: str,
    *,
    believes: bool = False,
) -> Layout:
    """The layout for these decks. A deck keeps the folder that it had before (``kept``).

    ``believes``: where the decks are the same as before, all their folders are, without a look at
    how they go together.
    """
    hidden, chosen = find_hidden(decks, choice), choose_decks(decks, choice)
    shown = {id_: name for id_, name in decks.items() if id_ not in hidden}
    if believes and kept.keys() == {
        above for deck in shown.values() for above in deck_and_above(deck)
    }:
        return Layout(shown, kept, hidden, assets, chosen)
    folders = _plan_folders(shown.values(), kept, assets)
    return Layout(shown, folders, hidden, assets, chosen)


def _plan_folders(decks: Iterable[str], kept: Mapping[str, str], assets: str) -> dict[str, str]:
    """Full deck name → folder. Folders differ in more than case and Unicode normalisation,
    because some disks ignore both.
    """
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
    """``kept``, with the old folder also for a deck whose name changed only in case.

    A disk that ignores case could not hold both folders.
    """
    gone = {fold_name(name): folder for name, folder in kept.items() if name not in names}
    if not gone:
        return kept
    same = {name: gone.get(fold_name(name), "") for name in names if name not in kept}
    return {**kept, **{name: folder for name, folder in same.items() if folder}}


def index_name(level: str) -> str:
    """The file name of the index page of a deck, by the last part of its name.

    Another deck with a folder of this name beside it may have changed that.
    """
    return _index_in(_folder_name(level))


def _index_in(folder: str) -> str:
    return f"_{folder}_index.md"


def _folder_name(deck: str) -> str:
    """The folder's name for a deck. It never ends in ``.md``: a page may need that name."""
    name = safe_name(deck, limit=FOLDER_BYTES)
    return f"{name[:-3]}_md" if name[-3:].lower() == ".md" else name


def page_name(title: str, note_id: int, suffix: str | None, taken: Container[str]) -> str:
    """A new page's file name: ``<title>_<suffix>.md``, or ``<title>.md`` when there is no suffix.

    ``taken`` holds the folded names (``fold_name``) already used in the folder. If the name is
    one of them, or looks like a sync tool's conflict copy, the note id is used as the suffix.
    """
    stem = _readable(title)
    if suffix is not None and not (suffix.isascii() and suffix.isdigit()):
        suffix = _readable(suffix)
    name = _join_name(stem, "" if suffix is None else f"_{suffix}")
    number = 1
    while fold_name(name) in taken or is_like_conflict_copy(name):
        name = _join_name(stem, f"_{note_id}" if number == 1 else f"_{note_id} {number}")
        number += 1
    return name


def _readable(text: str) -> str:
    """``text`` as part of a page's name, without signs that mean emphasis or code in a link."""
    title = safe_title(raise_powers(text)).replace("`", "_")
    if "_" in title:
        title = _CLOSING.sub("", _OPENING.sub("", title))
    title = title.rstrip(_TRAILING)
    # Some other programs split a link between a symbol such as ∞ and the underscore after it.
    while title and not title[-1].isascii() and unicodedata.category(title[-1])[0] == "S":
        title = title[:-1].rstrip(_TRAILING)
    return title or "_"


def _join_name(stem: str, ending: str) -> str:
    ending += ".md"
    return safe_name(stem, limit=FILE_BYTES - len(ending.encode())) + ending
