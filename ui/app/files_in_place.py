"""Notices when the add-on's files were replaced or deleted since Anki started."""

from __future__ import annotations

from pathlib import Path

from aqt import gui_hooks
from aqt.addons import AddonManager
from aqt.qt import QWidget
from aqt.utils import tooltip

_replaced = False


def set_up() -> None:
    """Watch for an update that replaces the files."""
    gui_hooks.addon_manager_will_install_addon.append(_note_update)


def are_files_in_place() -> bool:
    """Whether work may start. It may not after an update or a deletion, until Anki is restarted.

    After an update, a run would import modules of two versions. After a deletion, it would create
    the add-on's folder again.
    """
    return not _replaced and Path(__file__).exists()


def may_load(parent: QWidget) -> bool:
    """Whether work that the user asked for may start. If not, a tooltip says why."""
    if not are_files_in_place():
        tooltip("Ankivault was updated or deleted. Restart Anki first.", parent=parent)
        return False
    return True


def _note_update(manager: AddonManager, module: str) -> None:
    global _replaced
    _replaced = _replaced or module == manager.addonFromModule(__name__)
