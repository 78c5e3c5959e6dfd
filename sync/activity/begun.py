"""Says who begins the runs of a block, so that what they record says so too."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from .entry import Who

_who: ContextVar[Who] = ContextVar("who", default="by hand")


@contextmanager
def begun(who: Who) -> Iterator[None]:
    """Within this block, on this thread, ``who`` begins each run."""
    before = _who.set(who)
    try:
        yield
    finally:
        _who.reset(before)


def who_begins() -> Who:
    """Who begins a run here: a person, unless told otherwise."""
    return _who.get()
