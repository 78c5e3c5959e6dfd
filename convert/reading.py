"""How Markdown of a vault is read back, and what is said when it cannot be."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from .writing import ClozeRule, no_clozes


@dataclass(frozen=True)
class Reading:
    """What reading a page needs to know of its vault.

    ``media`` names the media file that an embed's target means, nothing when it means none: then
    the embed stays text. ``link`` is the address that opens a wikilink's target
    (``page#heading``) in Obsidian, nothing when the link is to stay text. ``clozes`` decides what
    becomes a cloze in a field whose style knows none.
    """

    media: Callable[[str], str]
    link: Callable[[str], str]
    clozes: ClozeRule = no_clozes


@dataclass(frozen=True)
class Refusal:
    """Why an edit cannot be carried over. ``line``: of the field's Markdown, from 1."""

    reason: str
    line: int

    @property
    def sentence(self) -> str:
        """The reason, with an end to which another sentence can be put."""
        return self.reason if self.reason.endswith((".", "?", "!")) else f"{self.reason}."
