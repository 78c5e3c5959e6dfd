"""Whether a page may be read, or somebody is still writing it."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from ...run.scope import Scope
from ..changes import VaultPlan
from ..read.obsidian import find_obsidian_root

MOMENT = 300_000_000  # nanoseconds since the last change of a page that may be read
MEDIA_MOMENT = 2_000_000_000  # of a file that may be copied: large ones are written in parts

PageState = Literal["whole", "being written", "empty"]


@dataclass(frozen=True)
class SortedPages:
    """Changed pages, sorted by whether they may be read now. Empty ones are in neither set."""

    ready: frozenset[str]  # with those that are gone
    waiting: frozenset[str]  # to be asked about again a moment later


def page_state(size: int, changed_at: int, now: int) -> PageState:
    """What the size of a page in bytes, and its date in nanoseconds since 1970, say.

    A date in the future says nothing: the clock of another computer is ahead.
    """
    if abs(now - changed_at) < MOMENT:
        return "being written"
    return "whole" if size else "empty"


def sort_pages(folder: Path, paths: Iterable[str], now: int) -> SortedPages:
    """Sort changed pages of a vault folder; ``now`` is ``time.time_ns()``.

    An empty page is left out: a program makes a file before it fills it, and filling it is a
    change of its own.
    """
    ready, waiting = [], []
    for path in paths:
        try:
            found = os.lstat(folder / path)
        except (OSError, ValueError):
            ready.append(path)
            continue
        state = page_state(found.st_size, found.st_mtime_ns, now)
        if state == "whole":
            ready.append(path)
        elif state == "being written":
            waiting.append(path)
    return SortedPages(frozenset(ready), frozenset(waiting))


def part_unfinished(folder: Path, scope: Scope, now: int) -> tuple[Scope, frozenset[str]]:
    """A scope without the pages that are being written just now, and these; see ``sort_pages``."""
    if scope.is_everything or not scope.paths:
        return scope, frozenset()
    pages = sort_pages(folder, scope.paths, now)
    return replace(scope, paths=pages.ready), pages.waiting


def find_unfinished_media(plan: VaultPlan, now: int) -> Scope:
    """The notes, and the new pages, whose media files in the vault are being written just now.

    Half a picture that is once in Anki would stay there. ``now`` is ``time.time_ns()``.
    """
    ids: set[int] = set()
    paths: set[str] = set()
    bring = [note for note in plan.notes if note.media]
    root = (find_obsidian_root(plan.folder) or plan.folder) if bring else plan.folder
    for note in bring:
        if any(_is_fresh(root / media.source, now) for media in note.media):
            paths.add(note.path)
            ids.update((note.note_id,) if note.note_id else ())
    return Scope(frozenset(ids), frozenset(paths))


def _is_fresh(file: Path, now: int) -> bool:
    try:
        return abs(now - os.lstat(file).st_mtime_ns) < MEDIA_MOMENT
    except (OSError, ValueError):
        return False
