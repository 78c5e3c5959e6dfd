"""Opens a page or a vault in Obsidian."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import quote

from anki.utils import no_bundled_libs
from aqt.qt import QDesktopServices, QUrl, QWidget

from ...sync.vault.read.folder import find_disk_fault
from ...sync.vault.read.layout import COLLECTION_INDEX
from ...sync.vault.settings import Settings
from .messages import warn


def address_of(path: Path) -> str:
    """The address that opens a file of a vault in Obsidian. ``path`` must be absolute.

    The format is described in https://help.obsidian.md/Extending+Obsidian/Obsidian+URI.
    """
    return "obsidian://open?path=" + quote(str(path), safe="")


def show_file(path: Path, parent: QWidget) -> None:
    """Open a page in Obsidian. Warns when the page is gone, or when Obsidian does not open."""
    if not os.path.exists(path):
        warn(
            f"“{path}” is not there any more. Tools ▸ Ankivault ▸ Sync Now brings pages back.",
            parent=parent,
        )
        return
    address = QUrl.fromEncoded(address_of(path).encode(), QUrl.ParsingMode.StrictMode)
    with no_bundled_libs():
        opened = QDesktopServices.openUrl(address)
    if not opened:
        warn(
            f"Obsidian could not be asked to open “{path}”. Is it installed on this computer?",
            parent=parent,
        )


def show_vault(settings: Settings, parent: QWidget) -> None:
    """Open the index page of the whole collection in Obsidian, or the folder if there is none.

    Warns when the folder cannot be used.
    """
    fault = find_disk_fault(settings.folder)
    if fault and fault.kind != "permission":  # only writing needs permission
        warn(fault.message, parent=parent)
        return
    index = settings.folder / COLLECTION_INDEX
    show_file(index if os.path.exists(index) else settings.folder, parent)
