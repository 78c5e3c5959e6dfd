"""Why an edit cannot be carried over."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Refusal:
    """Why an edit cannot be carried over. ``line``: of the field's Markdown, from 1."""

    reason: str
    line: int

    @property
    def sentence(self) -> str:
        """The reason, with an end to which another sentence can be put."""
        return self.reason if self.reason.endswith((".", "?", "!")) else f"{self.reason}."
