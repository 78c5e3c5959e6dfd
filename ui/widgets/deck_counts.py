"""Counts the notes of each deck in the background, for a tree of decks."""

from __future__ import annotations

from aqt.main import AnkiQt
from aqt.operations import QueryOp
from PyQt6 import sip

from ...sync.collection.decks import count_notes_by_deck
from ..app.messages import explain
from .deck_tree import DeckTree


def count_decks(mw: AnkiQt, tree: DeckTree) -> None:
    """Show in the tree how many notes are in each deck, a moment later."""
    opened = mw.col

    def show(counts: dict[int, int]) -> None:
        if not sip.isdeleted(tree):
            tree.show_counts(counts)

    def fail(error: Exception) -> None:
        if mw.col is opened and not sip.isdeleted(tree):  # else the profile was closed meanwhile
            tree.told.setText(explain(mw, error))

    QueryOp(parent=mw, op=count_notes_by_deck, success=show).failure(fail).run_in_background()
