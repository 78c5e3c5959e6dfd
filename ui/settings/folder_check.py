"""Checks the vault folder in the background while the user types its name."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Optional

from anki.collection import Collection
from aqt.main import AnkiQt
from aqt.operations import QueryOp
from aqt.qt import QObject, QTimer, QWidget, qconnect

from ...sync.vault.read.folder import FolderFault, find_fault
from ...sync.vault.read.folder_advice import inspect_folder
from ...sync.vault.settings import SettingProblem, Settings, check_settings
from ..app.messages import explain

_PAUSE = 300  # milliseconds without typing


@dataclass(frozen=True)
class Found:
    """What the check of the vault folder in ``settings`` found."""

    settings: Settings
    problems: Sequence[SettingProblem]
    fault: Optional[FolderFault] = None  # why the folder is refused


def find_nearest_folder(typed: str) -> str:
    """The folder that was typed, or the nearest above it that is there. Never raises."""
    folder = os.path.expanduser(typed)
    while not os.path.isdir(folder):
        above = os.path.dirname(folder)
        if above == folder:
            return os.path.expanduser("~")
        folder = above
    return folder


class FolderCheck(QObject):
    """Checks the last folder asked for, and calls ``tell`` on the main thread with what it found.

    The result for an earlier folder is dropped.
    """

    def __init__(self, mw: AnkiQt, parent: QWidget, tell: Callable[[Found], None]) -> None:
        super().__init__(parent)
        self._mw = mw
        self._window = parent
        self._tell = tell
        self._newest: Optional[Settings] = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_PAUSE)
        qconnect(self._timer.timeout, self._look)

    def ask(self, settings: Settings, *, at_once: bool = False) -> None:
        """Check the vault folder of these settings, a moment after the last call."""
        self._newest = settings
        self._timer.start(0 if at_once else _PAUSE)

    def stop(self) -> None:
        """Stop checking, and do not call ``tell`` any more: the window is closing."""
        self._newest = None
        self._timer.stop()

    def _look(self) -> None:
        settings = self._newest
        if settings is None:
            return
        problems = [p for p in check_settings(settings) if p.key == "vault_folder"]
        if problems:
            self._tell(Found(settings, problems))
            return

        def tell(found: Found) -> None:
            if self._newest is settings:
                self._tell(found)

        def fail(error: Exception) -> None:
            tell(Found(settings, [SettingProblem("vault_folder", explain(self._mw, error))]))

        def look(col: Collection) -> Found:
            fault = find_fault(col, settings.folder)
            return Found(settings, () if fault else inspect_folder(col, settings), fault)

        QueryOp(parent=self._window, op=look, success=tell).failure(fail).run_in_background()
