"""Whether the add-on's files are those that were loaded when Anki started."""

from __future__ import annotations

from pathlib import Path

from aqt import gui_hooks
from aqt.addons import AddonManager
from aqt.qt import QWidget
from aqt.utils import tooltip

_replaced = False


def set_up() -> None:
    """Notice when an update replaces the files."""
    gui_hooks.addon_manager_will_install_addon.append(_note_update)


def are_files_in_place() -> bool:
    """Whether work can go on. After an update or a deletion Anki has to be started again.

    A run would load what it has not needed so far from another version, or bring the folder of
    a deleted add-on back.
    """
    return not _replaced and Path(__file__).exists()


def may_load(parent: QWidget) -> bool:
    """The same for work that a person asked for, who is told when it cannot go on."""
    if not are_files_in_place():
        tooltip("Ankivault was updated or deleted. Restart Anki first.", parent=parent)
        return False
    return True


def _note_update(manager: AddonManager, module: str) -> None:
    global _replaced
    _replaced = _replaced or module == manager.addonFromModule(__name__)
