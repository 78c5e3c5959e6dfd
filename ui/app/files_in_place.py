"""Notices when the add-on's files were replaced or deleted since Anki started."""

from __future__ import annotations

import sys
from pathlib import Path

from aqt import gui_hooks
from aqt.addons import AddonManager
from aqt.qt import QWidget

from .messages import say

_replaced = False


def set_up() -> None:
    """Watch for an update that replaces the files."""
    gui_hooks.addon_manager_will_install_addon.append(_note_update)
    gui_hooks.profile_will_close.append(_close_activity)


def are_files_in_place() -> bool:
    """Whether work may start. It may not after an update or a deletion, until Anki is restarted.

    After an update, a run would import modules of two versions. After a deletion, it would create
    the add-on's folder again.
    """
    return not _replaced and Path(__file__).exists()


def may_load(parent: QWidget) -> bool:
    """Whether work that the user asked for may start. If not, a tooltip says why."""
    if not are_files_in_place():
        say("Ankivault was updated or deleted. Restart Anki first.", parent=parent)
        return False
    return True


def _note_update(manager: AddonManager, module: str) -> None:
    global _replaced
    if module == manager.addonFromModule(__name__):
        _replaced = True
        _close_activity()


def _close_activity() -> None:
    """Close the file of Activity, which is held open: on Windows it could not be moved."""
    held = sys.modules.get(f"{__name__.rsplit('.', 3)[0]}.sync.activity.held")
    if held is not None:  # or else the engine was not needed yet
        held.let_go()
