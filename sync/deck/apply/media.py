"""Copies the media of a deck in both directions. No file is replaced that the plan has not seen."""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Optional

from ...collection.media import put_media
from ...run.disk import explain, replace_file
from ...run.done import Done
from ...run.regular import read_regular
from ...run.report import Level, Message
from ..changes import DeckPlan, MediaChange
from ..media import file_digest, find_media
from ..read.file import bytes_digest

if TYPE_CHECKING:
    from anki.collection import Collection


@dataclass
class Carried:
    """What was copied, and what a person must know. ``lacks``: a file that Anki needs is gone."""

    counts: Counter[Done] = field(default_factory=Counter)
    messages: list[Message] = field(default_factory=list)
    lacks: bool = False


def carry_media(col: Collection, plan: DeckPlan) -> Carried:
    """Copy the media of a plan. Copies nothing when a file that Anki needs is gone."""
    return _Carrier(Path(col.media.dir()), col, plan).carry()


class _Carrier:
    def __init__(self, folder: Path, col: Collection, plan: DeckPlan) -> None:
        self.folder, self.col, self.plan = folder, col, plan
        self.done = Carried()

    def carry(self) -> Carried:
        changes = [m for m in self.plan.media if m.action in ("to_anki", "to_toml")]
        for change in changes:
            if change.action == "to_anki" and not change.path.is_file():
                text = f"There is no file “{change.path}” any more. Nothing was written."
                self._tell("error", text)
                self.done.lacks = True
                return self.done
        for change in changes:
            try:
                self._send(change) if change.action == "to_anki" else self._fetch(change)
            except OSError as error:
                self._tell("error", f"“{change.name}” was not copied: {explain(error)}.")
        return self.done

    def _send(self, change: MediaChange) -> None:
        data = read_regular(change.path)
        if self._may_replace(find_media(self.folder, change.name), data, change):
            put_media(self.col, change.name, data)
            self.done.counts[Done.MEDIA_UPLOADED] += 1

    def _fetch(self, change: MediaChange) -> None:
        source = find_media(self.folder, change.name)
        data = change.data if source is None else read_regular(source)
        there = change.path if os.path.lexists(change.path) else None
        if data is not None and self._may_replace(there, data, change):
            replace_file(change.path, data)
            self.done.counts[Done.MEDIA_COPIED] += 1

    def _may_replace(self, file: Optional[Path], data: bytes, change: MediaChange) -> bool:
        """Whether a file is still as the plan has seen it, or what comes in its place."""
        found = b"" if file is None else file_digest(file)
        if found in (change.seen, bytes_digest(data)):
            return True
        where = "Anki" if change.action == "to_anki" else "the folder of the deck file"
        self._tell(
            "warning",
            f"“{change.name}” was changed in {where} since this was planned, and stays as it is. "
            "Run again.",
        )
        return False

    def _tell(self, level: Level, text: str) -> None:
        self.done.messages.append(Message(level, text, str(self.plan.file)))
