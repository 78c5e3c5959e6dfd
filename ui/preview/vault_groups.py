"""The changes of a vault's plan by deck and kind, in the words of the tree."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Union

from ...sync.reconcile.note_change import NoteChange
from ...sync.reconcile.question import Question
from ...sync.vault.changes import IndexChange, MediaChange, PageChange, VaultPlan
from ..widgets.grouped_rows import Grouping, GroupPath, group_rows

Change = Union[Question, NoteChange, PageChange, IndexChange, MediaChange]
_ENDING = re.compile(r"(?:_\d{10,})?\.md\Z")
_QUESTIONS: GroupPath = ((0, "Questions"),)
_MEDIA: GroupPath = ((90, "Media"),)
_INDEX_PAGES: GroupPath = ((91, "Index pages"),)
_DECK = 50  # the rank of decks: after the kinds of the deck above
_NOTES = {
    "edit": (1, "Edits into Anki"),
    "create": (2, "New notes in Anki"),
    "restore": (2, "New notes in Anki"),
    "delete": (6, "Deletions"),
}
_PAGES = {
    "create": (3, "New pages"),
    "restore": (3, "New pages"),
    "update": (4, "Changed pages"),
    "rewrite": (4, "Changed pages"),
    "move": (5, "Moved pages"),
    "delete": (6, "Deletions"),
}


def group_changes(plan: VaultPlan, changes: Sequence[Change]) -> Grouping:
    """The group of each change: questions first, then decks as in Anki's list, media, indexes."""
    decks = {_folder(page.path): page.deck for page in plan.pages if page.deck}
    paths: dict[str, GroupPath] = {}

    def find_deck(change: Union[NoteChange, PageChange]) -> GroupPath:
        folder = _folder(change.path)
        name = getattr(change, "deck", "")
        if not isinstance(name, str) or not name:
            name = decks.get(folder) or folder.replace("/", "::") or "Vault folder"
        if name not in paths:
            paths[name] = tuple((_DECK, part) for part in name.split("::"))
        return paths[name]

    def find(change: Change) -> GroupPath:
        if isinstance(change, PageChange):
            return (*find_deck(change), _PAGES[change.kind])
        if isinstance(change, NoteChange):
            return (*find_deck(change), _NOTES[change.kind])
        if isinstance(change, Question):
            return _QUESTIONS
        return _INDEX_PAGES if isinstance(change, IndexChange) else _MEDIA

    return group_rows([find(change) for change in changes])


def shorten(path: str) -> str:
    """The name of a page without its folder and its note's id."""
    return _ENDING.sub("", path.rpartition("/")[2] or path)


def _folder(path: str) -> str:
    return path.rpartition("/")[0]
