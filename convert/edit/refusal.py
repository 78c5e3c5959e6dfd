"""The reason why an edit is refused."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Refusal:
    """The reason why an edit is refused. ``line`` is a line of the field's Markdown, from 1."""

    reason: str
    line: int

    @property
    def sentence(self) -> str:
        """The reason as a sentence with a full stop, so that another one can follow."""
        return self.reason if self.reason.endswith((".", "?", "!")) else f"{self.reason}."
