"""A user's comment, in the form that pages and fields share."""

from __future__ import annotations

from typing import NamedTuple


class Comment(NamedTuple):
    """``source`` is the comment as typed, with its delimiters.

    ``before`` and ``after`` are the line ends of the page between it and the text around it. They
    show nothing on a card.
    """

    source: str
    before: int = 0
    after: int = 0
