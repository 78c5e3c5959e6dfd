"""What every part of applying a plan shares: the places, the counts, what there is to tell."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Optional, TypeVar

from ...run.done import Done
from ...run.progress import Progress
from ...run.report import Message
from ..base import Base
from ..read.files import VaultFiles
from ..read.pages_on_disk import digest_of

if TYPE_CHECKING:
    from anki.collection import Collection

BATCH = 1000  # what a killed run may have to look at again
T = TypeVar("T")


@dataclass
class Work:
    """One plan being applied."""

    col: Collection
    base: Base
    files: VaultFiles
    root: Path  # of the Obsidian vault
    media_folder: Path
    progress: Progress
    total: int
    done: int = 0
    counts: Counter[Done] = field(default_factory=Counter)
    messages: list[Message] = field(default_factory=list)
    postponed: set[int] = field(default_factory=set)

    def advance(self, label: str) -> None:
        """One more change begins; the user may stop before it."""
        if self.done % 20 == 0:
            self.progress(label, self.done, self.total)
        self.done += 1

    def fail(self, text: str, path: Optional[str], note_id: Optional[int] = None) -> None:
        """Tell that something asked for was not done."""
        self.messages.append(Message("error", text, path, note_id))

    def postpone(self, path: str, note_id: Optional[int], what: str) -> None:
        """Tell, once for a note, that it is not as it was planned with, and waits."""
        if note_id in self.postponed:
            return
        if note_id is not None:
            self.postponed.add(note_id)
        self.messages.append(
            Message(
                "warning",
                f"{what} was changed while this run was going on, so it was left for the next.",
                path,
                note_id,
            )
        )

    def is_as_planned(self, path: str, digest: bytes, note_id: Optional[int] = None) -> bool:
        """Whether a file still is what it was; no digest: whether there still is none."""
        data = self.files.read(path) if digest else None
        if digest and data is not None and digest_of(data) == digest:
            return True
        if not digest and not self.files.exists(path):
            return True
        self.postpone(path, note_id, "The file")
        return False


def batches(items: Sequence[T], size: int = BATCH) -> Iterator[Sequence[T]]:
    """``items`` in parts that are done at once."""
    return (items[start : start + size] for start in range(0, len(items), size))
