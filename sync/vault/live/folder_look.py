"""One walk over the vault folder, compared with what the base says of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Optional

from ..base import Base
from ..base_tables import VAULT_BASE
from ..read.scan import Scan, scan_vault
from ..settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterable

Stamp = Optional[tuple[int, int]]  # size in bytes and date in nanoseconds; None: not there


@dataclass(frozen=True)
class FolderLook:
    """The Markdown files that are not as the base says, each as it is now."""

    stamps: Mapping[str, Stamp]

    def since(self, last: Optional[FolderLook]) -> frozenset[str]:
        """The paths that were otherwise at the last look."""
        before = last.stamps if last else {}
        return frozenset(p for p, stamp in self.stamps.items() if before.get(p, ()) != stamp)


def look_at_folder(settings: Settings, state: Path, folder: Path, collection: str) -> FolderLook:
    """Walk over the folder. Opens no file.

    ``collection`` is what ``identify`` says. Raises ``OSError`` when the folder cannot be read,
    and one of ``DAMAGED`` for a damaged base.
    """
    with VAULT_BASE.read(state, folder, collection, trusted=True) as db:
        base = Base(db)
        expected = dict(_expect(base))
    scan = scan_vault(folder, settings.assets_folder)
    found = scan.pages
    stamps: dict[str, Stamp] = {
        path: stamp for path, stamp in found.items() if expected.get(path) != stamp
    }
    for path in expected.keys() - found.keys():
        if not _is_out_of_sight(scan, path):
            stamps[path] = None
    return FolderLook(stamps)


def _expect(base: Base) -> Iterable[tuple[str, tuple[int, int]]]:
    for page in base.pages().values():
        yield page.path, (page.size, page.mtime)
    for index in base.indexes().values():
        yield index.path, (index.size, index.mtime)
    for stranger in base.strangers().values():
        yield stranger.path, (stranger.size, stranger.mtime)


def _is_out_of_sight(scan: Scan, path: str) -> bool:
    return path in scan.placeholders or scan.is_hidden(path) or scan.spelled(path) is not None
