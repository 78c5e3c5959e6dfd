"""What a run did, and what a person must know about it: one value for window, log and terminal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal

from .done import Done, count_words
from .scope import Scope

if TYPE_CHECKING:
    from anki.collection import OpChanges

Level = Literal["error", "warning", "info"]


@dataclass(frozen=True)
class Message:
    """One thing to tell the user. ``error``: something that was asked for was not done.

    ``once``: of several with the same text, only the first is told.
    """

    level: Level
    text: str
    path: str | None = None
    note_id: int | None = None
    once: bool = False


def without_repeats(messages: Iterable[Message]) -> Iterator[Message]:
    """The messages, without repeats of those that are told ``once``."""
    told: set[str] = set()
    for message in messages:
        if message.text not in told:
            yield message
        if message.once:
            told.add(message.text)


@dataclass(frozen=True)
class Report:
    """Counts of what was done, in the order they are shown, and the messages."""

    counts: Mapping[Done, int] = field(default_factory=dict)
    messages: tuple[Message, ...] = ()
    cancelled: bool = False
    questions: int = 0  # questions that only a person can answer, still open
    # What Anki's window must know; nothing when the collection was not written.
    changes: OpChanges | None = field(default=None, repr=False)
    # What was planned and could not be done now: a full disk, a file in use, a late change.
    undone: Scope = field(default_factory=Scope)
    # What was done to which page, by its path in the vault.
    pages: tuple[tuple[Done, str], ...] = field(default=(), repr=False)
    told_before: int = 0  # questions that an earlier run has told: they are only counted

    @property
    def ok(self) -> bool:
        """Whether everything that was planned was done."""
        return not self.cancelled and not any(m.level == "error" for m in self.messages)

    @property
    def errors(self) -> int:
        """How many things went wrong: what was asked for was not done."""
        return sum(message.level == "error" for message in self.messages)

    def summary(self, asked: str = "to decide in Preview Changes") -> str:
        """One line of plain text: ``3 pages created, 1 page updated. 2 messages.``

        ``asked`` follows the number of open questions: it says where they are answered.
        It never reads as if all were well when something went wrong, or was left for later.
        """
        told = [what.tell(n) for what, n in self.counts.items() if n]
        has_changed = any(n for what, n in self.counts.items() if what.is_change)
        waits = any(message.level == "warning" for message in self.messages)
        wrong = f"{count_words(self.errors, 'thing')} went wrong" if self.errors else ""
        parts = ["Cancelled"] if self.cancelled else []
        if has_changed:
            parts += [", ".join(told), wrong]
        elif wrong:
            parts += [f"Nothing was written: {wrong}", ", ".join(told)]
        elif self.cancelled or not self.undone.is_empty:
            parts += ["Nothing was written", ", ".join(told)]
        else:
            parts.append(", ".join(told) or ("Nothing was written" if waits else "Nothing to do"))
        if self.questions:
            parts.append(f"{self.questions:,} {asked}")
        others = len(self.messages) - self.errors
        if others:
            parts.append(count_words(others, "more message" if self.errors else "message"))
        return " ".join(f"{part[:1].upper()}{part[1:]}." for part in parts if part)

    def followed_by(self, later: Report) -> Report:
        """Join two reports of a run that did its work in two parts."""
        counts = {**self.counts, **later.counts}
        for what in self.counts.keys() & later.counts.keys() - {Done.PAGE_UNCHANGED}:
            counts[what] = self.counts[what] + later.counts[what]
        return replace(
            later,
            counts=counts,
            messages=tuple(dict.fromkeys((*self.messages, *later.messages))),
            questions=self.questions,  # the second part asks no questions
            told_before=self.told_before,
            undone=self.undone.joined(later.undone),
            pages=(*self.pages, *later.pages),
            changes=_merge(self.changes, later.changes),
        )

    def as_json(self) -> dict[str, Any]:
        """The report as plain types."""
        return {
            "ok": self.ok,
            "cancelled": self.cancelled,
            "counts": {what.one: n for what, n in self.counts.items()},
            "questions": self.questions,
            "messages": [
                {"level": m.level, "text": m.text, "path": m.path, "note_id": m.note_id}
                for m in self.messages
            ],
        }


def _merge(first: OpChanges | None, later: OpChanges | None) -> OpChanges | None:
    if first is None or later is None:
        return first or later
    both = type(first)()
    both.MergeFrom(first)
    both.MergeFrom(later)
    return both
