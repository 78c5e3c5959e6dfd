"""What a run did, and what a person must know about it: one value for window, log and terminal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Level = Literal["error", "warning", "info"]


@dataclass(frozen=True)
class Message:
    """One thing to know. ``error``: something asked for was not done."""

    level: Level
    text: str
    path: str | None = None
    note_id: int | None = None


@dataclass(frozen=True)
class Report:
    """Counts of what was done, in the order they are to be told, and the messages."""

    counts: Mapping[str, int] = field(default_factory=dict)
    messages: tuple[Message, ...] = ()
    cancelled: bool = False

    @property
    def ok(self) -> bool:
        """Whether everything that was planned was done."""
        return not self.cancelled and not any(m.level == "error" for m in self.messages)

    def summary(self) -> str:
        """One line of plain text: ``3 pages created, 1 page updated. 2 messages.``"""
        done = ", ".join(_count(name, n) for name, n in self.counts.items() if n)
        line = (done[:1].upper() + done[1:] if done else "Nothing to do") + "."
        if self.cancelled:
            line = f"Cancelled. {line}"
        if self.messages:
            line += f" {len(self.messages)} {'message' if len(self.messages) == 1 else 'messages'}."
        return line

    def as_json(self) -> dict[str, Any]:
        """The same as plain types."""
        return {
            "ok": self.ok,
            "cancelled": self.cancelled,
            "counts": dict(self.counts),
            "messages": [
                {"level": m.level, "text": m.text, "path": m.path, "note_id": m.note_id}
                for m in self.messages
            ],
        }


def _count(name: str, n: int) -> str:
    noun, _, verb = name.partition(" ")
    return f"{n:,} {noun if n == 1 else _plural(noun)} {verb}"


def _plural(noun: str) -> str:
    return noun if noun == "media" else noun + ("es" if noun.endswith("x") else "s")
