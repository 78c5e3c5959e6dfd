"""How long work tells where it is, and learns that it should stop."""

from __future__ import annotations

from collections.abc import Callable

# Called with a label, how much is done and how much there is (0 when unknown).
# May raise ``Cancelled``, so it is only called where stopping is safe. Cheap: call it often.
Progress = Callable[[str, int, int], None]


def no_progress(label: str, done: int, total: int) -> None:
    """Nobody is watching."""
