"""Looks in the background at the folder that was chosen for the pages, which need not exist yet."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Optional

from anki.collection import Collection
from aqt.main import AnkiQt
from aqt.operations import QueryOp
from aqt.qt import QObject, QTimer, QWidget, qconnect

from ...sync.vault.read.folder import find_disk_fault, find_place_fault
from ...sync.vault.read.folder_advice import inspect_folder
from ...sync.vault.settings import Settings, check_settings
from ..app.messages import explain

_PAUSE = 250  # milliseconds without typing


@dataclass(frozen=True)
class Place:
    """A folder for the pages. It may be made in ``within``, which must be there."""

    folder: str
    within: str = ""
    problem: str = ""  # what is wrong with what was typed


@dataclass(frozen=True)
class Seen:
    """What is known about a place. Without ``refused``, it can be used."""

    place: Place
    refused: str = ""
    advice: str = ""
    warns: bool = False  # the advice is no good news


def look_at(col: Collection, place: Place) -> Seen:
    """Whether pages can be written at this place. Writes nothing, and never raises ``OSError``."""
    settings = Settings(vault_folder=place.folder)
    problem = place.problem or next(
        (p.message for p in check_settings(settings) if p.key == "vault_folder"), ""
    )
    if problem:
        return Seen(place, problem)
    folder, within = settings.folder, Path(place.within).expanduser()
    fault = find_place_fault(col, folder)
    if fault is None and _is_missing(folder):
        fault = find_disk_fault(within)
        if fault and fault.kind == "missing":
            return Seen(place, f"There is no folder “{within}”. Make it first, or choose another.")
        return Seen(place, fault.message) if fault else Seen(place, "", "This folder will be made.")
    fault = fault or find_disk_fault(folder)
    if fault:
        return Seen(place, fault.message)
    advice = [each.message for each in inspect_folder(col, settings)]
    return Seen(place, "", "\n".join(advice) or "This folder is there, and fine.", bool(advice))


def _is_missing(folder: Path) -> bool:
    try:
        os.lstat(folder)
    except FileNotFoundError:
        return True
    except (OSError, ValueError):
        pass
    return False


class PlaceCheck(QObject):
    """Looks at the last place asked for, and calls ``tell`` on the main thread."""

    def __init__(self, mw: AnkiQt, parent: QWidget, tell: Callable[[Seen], None]) -> None:
        super().__init__(parent)
        self._mw, self._window, self._tell = mw, parent, tell
        self._newest: Optional[Place] = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_PAUSE)
        qconnect(self._timer.timeout, self._look)

    def ask(self, place: Place) -> None:
        """Look at a place, a moment after the last call."""
        self._newest = place
        self._timer.start()

    def stop(self) -> None:
        """Look no more: the window closes."""
        self._newest = None
        self._timer.stop()

    def _look(self) -> None:
        place = self._newest
        if place is None:
            return

        def tell(seen: Seen) -> None:
            if self._newest is place:
                self._tell(seen)

        def fail(error: Exception) -> None:
            tell(Seen(place, explain(self._mw, error)))

        op = QueryOp(parent=self._window, op=lambda col: look_at(col, place), success=tell)
        op.failure(fail).run_in_background()
