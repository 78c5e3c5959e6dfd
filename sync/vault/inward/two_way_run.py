"""What all parts of a plan share that also goes into Anki."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from ....convert.vault_names import VaultNames
from ..changes import Direction
from ..outward.page_maker import PageMaker
from ..outward.page_planner import Findings
from ..read.snapshot import VaultSnapshot
from .incoming_media import MediaReader, PageMedia
from .questions import Asking


@dataclass(frozen=True)
class TwoWayRun:
    """A snapshot, what may be decided about it, and where that is gathered."""

    snapshot: VaultSnapshot
    direction: Direction
    maker: PageMaker
    media: MediaReader
    findings: Findings

    @cached_property
    def asking(self) -> Asking:
        """Makes the questions."""
        return Asking(self.direction.answers, self.snapshot.settings.conflict_policy)

    def read_names(self, path: str, fields: Iterable[str]) -> tuple[VaultNames, PageMedia]:
        """What the names on a page mean; ``fields`` are the note's, as HTML, before the edit."""
        media = self.media.for_page(path, fields)
        return VaultNames(media, self.snapshot.obsidian.link_reader(path)), media
