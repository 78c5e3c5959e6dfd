"""The plan of a source as rows of a list, whichever kind of source it is."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ...sync.run.report import Message
from ..runs.source_kinds import Source
from ..widgets.choice_bar import Asked
from ..widgets.side_by_side import Section

QUESTION = "Question"
HEADERS = ("Group", "Note", "Deck", "What happens")
Details = Callable[[], "tuple[str, Sequence[Section]]"]


@dataclass(frozen=True)
class Shown:
    """A row: what it is about, its questions, and how to show it in full, which may be slow.

    ``row`` has a last value that is not shown: ``QUESTION`` while a question is open.
    """

    key: Hashable
    row: tuple[str, ...]
    asked: tuple[Asked, ...] = ()
    details: Details = field(default=lambda: ("", ()), repr=False)

    @property
    def is_open(self) -> bool:
        """Whether it had an open question when the plan was made."""
        return any(each.chosen is None for each in self.asked)


@dataclass(frozen=True)
class Listing:
    """A plan with its rows, those with open questions first, and what is said about it.

    ``losses`` is asked before the run; ``full_sync`` are reasons for Anki's own question.
    ``may_change_types``: whether there is something that a full AnkiWeb sync would let in.
    """

    source: Source
    plan: Any
    fetched: Any = field(default=None, repr=False)
    changes: tuple[Shown, ...] = ()
    counts: str = ""
    warning: str = ""
    messages: tuple[Message, ...] = ()
    losses: str = ""
    full_sync: tuple[str, ...] = ()
    may_change_types: bool = False
    can_run: bool = False
    folder: Path = Path()  # the paths of messages are relative to it

    @property
    def rows(self) -> tuple[tuple[str, ...], ...]:
        """What the list shows."""
        return tuple(each.row for each in self.changes)


def sort_rows(rows: Sequence[Shown]) -> tuple[Shown, ...]:
    """The rows with open questions first, the others in their order."""
    return tuple(sorted(rows, key=lambda each: not each.is_open))


def ask(key: Hashable, title: str, answers: Sequence[tuple[str, str]], chosen: str | None) -> Asked:
    """A question with these answers (in words, and as a value), and the one to decide later."""
    return Asked(key, title, (*answers, ("Later", None)), chosen)
