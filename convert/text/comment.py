"""A person's comment, as both a page and a field have it."""

from __future__ import annotations

from typing import NamedTuple


class Comment(NamedTuple):
    """``source`` as it was typed, with its delimiters.

    ``before`` and ``after``: the line ends of the page that part it from the text around it, and
    that show nothing on a card.
    """

    source: str
    before: int = 0
    after: int = 0
