"""The meaning of names on a page: the file that an embed shows, the place a link leads to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from .field_style import ClozeRule, no_clozes


@dataclass(frozen=True)
class VaultNames:
    """What a reader of pages needs to know about the vault.

    ``media`` gives the media file for an embed's target; when it gives nothing, the embed stays
    text. ``link`` gives the address that opens a wikilink's target (``page#heading``) in Obsidian;
    when it gives nothing, the link stays text. ``clozes`` decides what becomes a cloze in a field
    whose style has no clozes.
    """

    media: Callable[[str], str]
    link: Callable[[str], str]
    clozes: ClozeRule = no_clozes


def no_link(target: str) -> str:
    """Leave wikilinks as text."""
    return ""
