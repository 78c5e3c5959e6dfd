"""TOML text ↔ a deck definition. Text is the file decoded as UTF-8 with its line endings and BOM."""

from __future__ import annotations

from .deck_definition import DeckFile, Problem


def read_deck(text: str) -> tuple[DeckFile | None, list[Problem]]:
    """What ``text`` says, and all that is wrong with it, in the order of the lines.

    Nothing is given back when the file cannot be understood as a whole: broken TOML, a value of
    the wrong type, a required key missing. A deck given back along with errors names, by
    ``Problem.note``, the notes that cannot be used as they are. Never raises.
    """
    raise NotImplementedError


def write_deck(deck: DeckFile) -> str:
    """A new file that `read_deck` reads as ``deck``; the same text for the same deck."""
    raise NotImplementedError
