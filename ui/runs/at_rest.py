"""What was found in step and has not changed since, so that Anki closes without another run.

It is forgotten with the profile: the run at the next start looks at everything.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Optional

if TYPE_CHECKING:
    from anki.collection import Collection

    from ...sync.collection.at_rest import Rest
    from ...sync.deck.options import DeckOptions
    from ...sync.vault.settings import Settings

    Job = tuple[Path, DeckOptions]

_vault: Optional[Rest] = None
_decks: dict[Path, tuple[object, Rest]] = {}


def forget() -> None:
    """Forget all: another profile, or other settings."""
    note_vault(None)
    _decks.clear()


def note_vault(rest: Optional[Rest]) -> None:
    """Remember, as the profile closes, how the collection was when it was in step with the vault.

    None: it may not be.
    """
    global _vault
    _vault = rest


def is_vault_at_rest(col: Collection, settings: Settings) -> bool:
    """Whether the vault is still in step. Call it in the background."""
    from ...sync.collection.at_rest import read_rest

    return _vault is not None and _vault.lasts(read_rest(col), reviews=settings.study_properties)


def note_deck(col: Collection, job: Job) -> None:
    """Remember that a TOML deck has just been brought in step. Call it in the background."""
    from ...sync.collection.at_rest import read_rest

    _decks[job[0]] = _see(job), read_rest(col)


def find_restless(col: Collection, jobs: Sequence[Job], *, closes: bool) -> list[Job]:
    """The TOML decks to run: while Anki closes, only those that may not be in step any more.

    Call it in the background.
    """
    from ...sync.collection.at_rest import read_rest

    if not closes or not any(job[0] in _decks for job in jobs):
        return [*jobs]
    now = read_rest(col)
    return [job for job in jobs if not _is_deck_at_rest(job, now)]


def _is_deck_at_rest(job: Job, now: Rest) -> bool:
    seen, rest = _decks.get(job[0], (None, now))
    return seen is not None and seen == _see(job) and rest.lasts(now)


def _see(job: Job) -> object:
    """What is another value once the file, or what is wanted of it, has changed."""
    file, options = job
    try:
        found = os.stat(file)
    except OSError:
        return None
    return found.st_size, found.st_mtime_ns, options
