"""Puts a window where it was when it was last closed."""

from __future__ import annotations

import aqt
from aqt.qt import QWidget, qtmajor, qtminor


def restore_place(window: QWidget, key: str) -> None:
    """Give a window the size and place that Anki's ``saveGeom`` has kept.

    Qt keeps it on the screen. Anki's ``restoreGeom`` looks at that once more, later, and the later
    the longer Anki is busy: a window that was closed by then would bring an error message.
    """
    assert aqt.mw is not None
    kept = (aqt.mw.pm.profile or {}).get(f"{key}Geometry{qtmajor}.{qtminor}")
    if kept:
        window.restoreGeometry(kept)
