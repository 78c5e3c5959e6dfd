"""What the names on a page mean in its vault: which file an embed shows, where a link leads."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from .field_style import ClozeRule, no_clozes


@dataclass(frozen=True)
class VaultNames:
    """What reading a page needs to know of its vault.

    ``media`` names the media file that an embed's target means, nothing when it means none: then
    the embed stays text. ``link`` is the address that opens a wikilink's target
    (``page#heading``) in Obsidian, nothing when the link is to stay text. ``clozes`` decides what
    becomes a cloze in a field whose style knows none.
    """

    media: Callable[[str], str]
    link: Callable[[str], str]
    clozes: ClozeRule = no_clozes


def no_link(target: str) -> str:
    """Wikilinks stay text."""
    return ""
