"""The values that all parts of applying a plan share."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Optional, TypeVar

from ...activity.recorder import IDLE, Recorder
from ...run.done import Done
from ...run.progress import Progress
from ...run.report import Level, Message
from ...run.scope import Scope
from ..base import Base
from ..read.files import VaultFiles
from ..read.pages_on_disk import digest_of

if TYPE_CHECKING:
    from anki.collection import Collection

BATCH = 1000  # the next run checks at most so many again after a kill
T = TypeVar("T")


@dataclass
class Work:
    """A plan that is being applied: where it writes, and what was done so far."""

    col: Collection
    base: Base
    folder: Path  # of the pages
    files: VaultFiles
    root: Path  # of the Obsidian vault
    media_folder: Path
    progress: Progress
    late_level: Level = "warning"
    recorder: Recorder = IDLE
    totals: Mapping[str, int] = field(default_factory=dict)  # of each stage, by its label
    done: Counter[str] = field(default_factory=Counter)  # of each stage
    present: bytes = b""  # what was last found to be as planned
    field_names: dict[int, tuple[str, ...]] = field(default_factory=dict)  # by note type
    counts: Counter[Done] = field(default_factory=Counter)
    messages: list[Message] = field(default_factory=list)
    pages: list[tuple[Done, str]] = field(default_factory=list)
    postponed: set[int] = field(default_factory=set)
    undone_ids: set[int] = field(default_factory=set)
    undone_paths: set[str] = field(default_factory=set)

    def count_page(self, done: Done, path: str) -> None:
        """Count what was done to a page, or to the note of a page."""
        self.counts[done] += 1
        if done.is_change:
            self.pages.append((done, path))

    @property
    def undone(self) -> Scope:
        """The notes and pages of which something could not be done."""
        return Scope(frozenset(self.undone_ids), frozenset(self.undone_paths))

    def advance(self, label: str) -> None:
        """Count one more change of a stage, before it is made: pages, or media, or index pages.

        Raises ``Cancelled`` when the user stops.
        """
        done = self.done[label]
        if done % 20 == 0:
            self.progress(label, done, self.totals.get(label, 0))
        self.done[label] += 1

    def fail(self, text: str, path: Optional[str], note_id: Optional[int] = None) -> None:
        """Add an error message: something was not done. Later it may be."""
        self.leave_undone(path, note_id)
        self.messages.append(Message("error", text, path, note_id))

    def postpone(self, path: str, note_id: Optional[int], what: str) -> None:
        """Add a warning that ``what`` has changed since the plan and waits; once for each note."""
        self.leave_undone(path, note_id)
        if note_id in self.postponed:
            return
        if note_id is not None:
            self.postponed.add(note_id)
        self.messages.append(
            Message(
                self.late_level,
                f"{what} was changed since this run was planned, so it was left for the next.",
                path,
                note_id,
            )
        )

    def leave_undone(self, path: Optional[str], note_id: Optional[int]) -> None:
        """Note that something could not be done with a page or its note: it comes again later."""
        if note_id:
            self.undone_ids.add(note_id)
        if path:
            self.undone_paths.add(path)

    def is_as_planned(self, path: str, digest: bytes, note_id: Optional[int] = None) -> bool:
        """Whether a file still has this digest, or still does not exist if ``digest`` is empty.

        If not, the change is postponed. Raises ``OSError``.
        """
        data = self.files.read(path) if digest else None
        self.present = data or b""
        if digest and data is not None and digest_of(data) == digest:
            return True
        if not digest and not self.files.exists(path):
            return True
        self.postpone(path, note_id, "The file")
        return False


def batches(items: Sequence[T], size: int = BATCH) -> Iterator[Sequence[T]]:
    """``items`` in parts of at most ``size``."""
    return (items[start : start + size] for start in range(0, len(items), size))
