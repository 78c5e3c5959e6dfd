"""How long work reports its progress, and is cancelled."""

from __future__ import annotations

from collections.abc import Callable

# Arguments: a label, how much is done, and how much there is (0 when unknown).
# May raise ``Cancelled``: call it only where it is safe to stop. It is cheap: call it often.
Progress = Callable[[str, int, int], None]


def no_progress(label: str, done: int, total: int) -> None:
    """Report no progress."""
