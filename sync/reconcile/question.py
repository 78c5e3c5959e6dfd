"""Questions about a note that only a person can answer, and the possible answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal, Optional

# field         both sides edited the same         deck          both sides moved the note
# page deleted  and its note is still there        note deleted  and its page was edited
# copy          two pages carry the same note
QuestionKind = Literal["field", "deck", "page deleted", "note deleted", "cards gone", "copy"]

# anki, obsidian  that side's version              both    one after the other
# delete          what is left goes as well        keep    what is gone comes back
# create          a new note                       leave   nothing, now and from now on
# later           nothing, until the next run
Choice = Literal["anki", "obsidian", "both", "delete", "keep", "create", "leave", "later"]

Answers = Mapping[str, Choice]  # the key of a question → what was chosen

NO_ANSWERS: Answers = MappingProxyType({})


@dataclass(frozen=True)
class Question:
    """A question that only a person can answer. Until then, nothing is written on either side.

    ``base``, ``anki`` and ``page`` are the Markdown of a field: at the last sync, and on each side
    now.
    """

    key: str  # the same from plan to plan
    kind: QuestionKind
    note_id: int
    path: str
    title: str
    text: str  # one sentence
    choices: tuple[Choice, ...]
    field: str = ""
    base: str = ""
    anki: str = ""
    page: str = ""
    answer: Optional[Choice] = None
    was_told: bool = False  # an earlier run has told it, so it is only counted

    @property
    def is_open(self) -> bool:
        """Whether the question has no answer yet."""
        return self.answer in (None, "later")
