"""Counts the notes of each deck in the background, for a tree of decks."""

from __future__ import annotations

from aqt.main import AnkiQt
from aqt.operations import QueryOp
from PyQt6 import sip

from ...sync.collection.decks import count_notes_by_deck
from .deck_tree import DeckTree


def count_decks(mw: AnkiQt, tree: DeckTree) -> None:
    """Show in the tree how many notes are in each deck, a moment later."""

    def show(counts: dict[int, int]) -> None:
        if not sip.isdeleted(tree):
            tree.show_counts(counts)

    QueryOp(parent=tree, op=count_notes_by_deck, success=show).run_in_background()
