"""The plan of a vault run: every change as a value, before anything is written."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, Optional

from ..report import Message
from ..settings import Settings

# create   the note has no page yet                 restore  its page was deleted by hand
# update   the note, or a setting, says otherwise   move     the page is in the wrong folder
# rewrite  the managed part was edited by hand      adopt    equal already: only the base learns
# delete   the note is gone, or its deck left out
PageKind = Literal["create", "restore", "update", "move", "rewrite", "adopt", "delete"]


@dataclass(frozen=True)
class PageChange:
    """One page to be written, moved or deleted. Paths are relative to the vault folder, with ``/``."""

    kind: PageKind
    note_id: int
    path: str
    reason: str
    old_path: Optional[str] = None  # where the page is now, when that is not ``path``
    text: Optional[bytes] = field(default=None, repr=False)  # the whole new page, compressed
    note_digest: bytes = b""  # what the note must still be when this is applied
    file_digest: bytes = b""  # what the page must still hold; empty: there must be no page
    trash: bool = False  # the present page goes to the trash folder first: it holds a person's words


@dataclass(frozen=True)
class IndexChange:
    """An index page to be written (``text``) or removed (no text)."""

    path: str
    text: Optional[str]
    reason: str
    file_digest: bytes = b""
    trash: bool = False


@dataclass(frozen=True)
class MediaChange:
    """A media file to be copied into the assets folder, or a copy that no page uses any more."""

    kind: Literal["copy", "replace", "remove"]
    name: str  # in Anki's media folder
    path: str  # in the vault folder
    trash: bool = False


@dataclass(frozen=True)
class VaultPlan:
    """All that a run would do, with what a person must know about it. Holds no open resources."""

    folder: Path
    settings: Settings
    pages: tuple[PageChange, ...] = ()
    indexes: tuple[IndexChange, ...] = ()
    media: tuple[MediaChange, ...] = ()
    unchanged: int = 0  # pages that stay as they are
    messages: tuple[Message, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether applying would leave every file as it is."""
        return not (any(p.kind != "adopt" for p in self.pages) or self.indexes or self.media)

    def counts(self) -> dict[str, int]:
        """How many pages of each kind, index pages and media files the plan touches."""
        kinds = Counter(f"page {page.kind}" for page in self.pages)
        return {
            "unchanged": self.unchanged,
            **{kind: kinds[kind] for kind in sorted(kinds)},
            "index pages": len(self.indexes),
            "media": len(self.media),
        }

    @property
    def large_change(self) -> Optional[str]:
        """Why a person must agree first, or nothing: over 20 % and over 20 pages rewritten or gone."""
        known = self.unchanged + sum(p.kind not in ("create", "restore") for p in self.pages)
        deleted = sum(page.kind == "delete" for page in self.pages)
        rewritten = sum(page.kind in ("update", "rewrite") for page in self.pages)
        touched = deleted + rewritten
        if touched <= 20 or touched <= known * 0.2:
            return None
        return (
            f"This run would rewrite {rewritten:,} and delete {deleted:,} of {known:,} pages. "
            "If that is what you want, confirm it."
        )
