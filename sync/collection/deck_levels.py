"""The levels in a deck's full name, as Anki counts them.

Anki cuts a name at each ``::`` from its beginning, so ``A:::b`` is ``:b`` in ``A``. Names that
older versions left behind may have empty levels; an empty one at the beginning is no deck.
"""

from __future__ import annotations

from functools import lru_cache

NAMELESS = "blank"  # Anki's database check replaces an empty name with this


# A live run asks about every deck, and it is to take no longer with many of them.
@lru_cache(maxsize=10_000)
def deck_and_above(name: str) -> tuple[str, ...]:
    """The full names of the decks above a deck, from the top, then its own."""
    parts = name.split("::")
    names = ("::".join(parts[: depth + 1]) for depth in range(len(parts)))
    return tuple(each for each in names if each)


@lru_cache(maxsize=10_000)
def deck_above(name: str) -> str:
    """The full name of the deck above; empty for one at the top."""
    return "::".join(name.split("::")[:-1])


def last_level(name: str) -> str:
    """A deck's name without the names of the decks above it."""
    above = deck_above(name)
    return name[len(above) + 2 :] if above else name
