"""Tooltips, warnings, and the texts of errors."""

from __future__ import annotations

import html
import textwrap
from typing import Optional

from aqt.main import AnkiQt
from aqt.qt import QWidget
from aqt.utils import show_warning, tooltip
from PyQt6 import sip

from ...sync.run.errors import AnkivaultError, Cancelled
from .reading_order import in_order
from .spoken import announce_soon

TITLE = "Ankivault"
_WIDTH = 75  # characters in a line; a tooltip does not break lines itself


def explain(mw: AnkiQt, error: BaseException) -> str:
    """The text of an error for the user. Logs an error that is not ours, with its traceback."""
    if isinstance(error, AnkivaultError):
        return str(error)
    trace = (type(error), error, error.__traceback__)
    mw.addonManager.get_logger(__name__).error("Unexpected error", exc_info=trace)
    return (
        f"Something unexpected went wrong: {type(error).__name__}: {error}\n\n"
        f"The details are in the log in {mw.addonManager.logs_folder(__name__)}."
    )


def tell_error(
    mw: AnkiQt, error: Optional[BaseException], parent: Optional[QWidget] = None
) -> None:
    """Tell the user which error stopped the work. ``None`` means that it was cancelled."""
    window = find_open(parent) or mw
    if error is None or isinstance(error, Cancelled):
        say(str(Cancelled()), parent=window)
    else:
        warn(explain(mw, error), parent=window)


def warn(text: str, *, parent: Optional[QWidget] = None) -> None:
    """Warn over a window, or over the one in front if that one has gone meanwhile."""
    show_warning(in_order(text), parent=find_open(parent), title=TITLE)


def find_open(window: Optional[QWidget]) -> Optional[QWidget]:
    """``window``, unless it was closed meanwhile so that Qt has deleted it."""
    return None if window is None or sip.isdeleted(window) else window


def still_open(window: QWidget, mw: AnkiQt) -> QWidget:
    """``window``, or Anki's main window if that one was closed meanwhile."""
    found = find_open(window)
    return found if found and found.isVisible() else mw


def capitalise(text: str) -> str:
    """``text`` with its first letter in upper case."""
    return text[:1].upper() + text[1:]


def say(text: str, *, parent: Optional[QWidget] = None, period: int = 4000) -> None:
    """Show plain text in a tooltip for ``period`` milliseconds. Breaks long lines, escapes HTML.

    A screen reader says it.
    """
    wrapped = (part for line in text.splitlines() for part in textwrap.wrap(line, _WIDTH))
    lines = map(in_order, wrapped)
    window = find_open(parent)
    tooltip("<br>".join(map(html.escape, lines)), period=period, parent=window)
    announce_soon(text, window)
