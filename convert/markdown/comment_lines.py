"""Finds comments on lines of their own, which make no line on the card."""

from __future__ import annotations

from collections.abc import Sequence

from ...vendor.lib.markdown_it.token import Token
from ..text.comment import Comment

_BREAKS = ("softbreak", "hardbreak")


class CommentLines:
    """The comments of one text, by token. ``swallowed``: the line ends that belong to them."""

    def __init__(self, tokens: Sequence[Token], before: int = 0, after: int = 0) -> None:
        """``before`` and ``after``: line ends around the text, when it is only comments."""
        self.comments: dict[int, Comment] = {}
        self.swallowed: set[int] = set()
        if any(token.type == "comment" for token in tokens):
            self._place(tokens, before, after)

    def _place(self, tokens: Sequence[Token], before: int, after: int) -> None:
        ends = [index for index, token in enumerate(tokens) if token.type in _BREAKS]
        first = 0
        for end in [*ends, len(tokens)]:
            inside = [i for i in range(first, end) if tokens[i].type == "comment"]
            for index in inside:
                self.comments[index] = Comment(tokens[index].content)
            if inside and is_hidden(tokens[first:end]):
                opened = before if not first else self._take(first - 1) if end == len(tokens) else 0
                closed = after if end == len(tokens) else self._take(end)
                start, stop = inside[0], inside[-1]
                self.comments[start] = self.comments[start]._replace(before=opened)
                self.comments[stop] = self.comments[stop]._replace(after=closed)
            first = end + 1

    def _take(self, index: int) -> int:
        if index in self.swallowed:
            return 0
        self.swallowed.add(index)
        return 1


def is_hidden(tokens: Sequence[Token]) -> bool:
    """Whether a text has a comment and shows nothing on a card."""
    shown = [token for token in tokens if token.type != "comment" and token.type not in _BREAKS]
    blank = all(token.type == "text" and not token.content.strip() for token in shown)
    return blank and any(token.type == "comment" for token in tokens)
