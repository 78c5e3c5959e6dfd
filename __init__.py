"""Ankivault: an Anki collection as linked Markdown pages in an Obsidian vault."""

from __future__ import annotations

import sys


def _set_up_in_anki() -> None:
    """Add Ankivault to Anki's window; outside of Anki, do nothing."""
    main_window = getattr(sys.modules.get("aqt"), "mw", None)
    if main_window is not None:
        from . import ui

        ui.set_up(main_window)


_set_up_in_anki()
