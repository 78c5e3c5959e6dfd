"""Ask Obsidian to show a page or a vault."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

from anki.utils import no_bundled_libs
from aqt.qt import QDesktopServices, QUrl, QWidget
from aqt.utils import show_warning

from ...sync.vault.read.folder import find_disk_fault
from ...sync.vault.read.layout import COLLECTION_INDEX
from ...sync.vault.settings import Settings
from .messages import TITLE


def address_of(path: Path) -> str:
    """Obsidian's address for a file in one of its vaults.

    https://help.obsidian.md/Extending+Obsidian/Obsidian+URI: ``path`` is absolute, percent-encoded.
    """
    return "obsidian://open?path=" + quote(str(path), safe="")


def show_file(path: Path, parent: QWidget) -> None:
    """Open a page in Obsidian; say so when there is no Obsidian, or no page any more."""
    if not path.exists():
        show_warning(
            f"“{path}” is not there any more. Tools ▸ Ankivault ▸ Sync Now brings pages back.",
            parent=parent,
            title=TITLE,
        )
        return
    address = QUrl.fromEncoded(address_of(path).encode(), QUrl.ParsingMode.StrictMode)
    with no_bundled_libs():
        opened = QDesktopServices.openUrl(address)
    if not opened:
        show_warning(
            f"Obsidian could not be asked to open “{path}”. Is it installed on this computer?",
            parent=parent,
            title=TITLE,
        )


def show_vault(settings: Settings, parent: QWidget) -> None:
    """Open the vault folder's first index page in Obsidian, or the vault itself without one."""
    fault = find_disk_fault(settings.folder)
    if fault and fault.kind != "permission":  # which only who writes needs
        show_warning(fault.message, parent=parent, title=TITLE)
        return
    index = settings.folder / COLLECTION_INDEX
    show_file(index if index.exists() else settings.folder, parent)
