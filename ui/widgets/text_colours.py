"""Colours of text that read well by day and by night: Anki's own are too pale for words."""

from __future__ import annotations

_ALARM = ("#b3261e", "#ff9b94")
_QUIET = ("#57606a", "#9aa4af")


def alarm(*, night: bool) -> str:
    """The colour of words that say what is wrong."""
    return _ALARM[night]


def quiet(*, night: bool) -> str:
    """The colour of words that matter less than those beside them."""
    return _QUIET[night]
