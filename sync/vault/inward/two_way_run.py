"""The values that all parts of a two-way plan share."""

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
    """The snapshot of a two-way run, what it may do, and the ``findings`` where results go."""

    snapshot: VaultSnapshot
    direction: Direction
    maker: PageMaker
    media: MediaReader
    findings: Findings

    @cached_property
    def asking(self) -> Asking:
        """Makes the questions of the run."""
        return Asking(self.direction.answers, self.snapshot.settings.conflict_policy)

    def read_names(self, path: str, fields: Iterable[str]) -> tuple[VaultNames, PageMedia]:
        """Readers for the links and media of a page. ``fields`` is the HTML of the note in Anki."""
        media = self.media.for_page(path, fields)
        return VaultNames(media, self.snapshot.obsidian.link_reader(path)), media
