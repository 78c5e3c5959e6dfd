"""The Obsidian vault around a vault folder, and the other files in it."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Optional

from ....convert.text.file_names import fold_file_name, fold_name
from ....convert.text.media_kinds import file_kind
from .files import VaultFiles
from .obsidian import ObsidianVault, TemplateFolders
from .obsidian_uri import make_link_reader


@dataclass(frozen=True)
class VaultPlace:
    """The Obsidian vault that a vault folder is in. Without one, the vault folder is used instead.

    Paths are from its root, with ``/``. Its files are listed when they are first needed, and then
    kept.
    """

    root: Optional[Path]
    folder: Path

    @property
    def top(self) -> Path:
        """The folder that paths are relative to."""
        return self.root or self.folder

    @cached_property
    def vault(self) -> ObsidianVault:
        """The Obsidian vault, with its own settings."""
        return ObsidianVault(self.top)

    @cached_property
    def prefix(self) -> str:
        """The path of the vault folder, with ``/`` at the end, such as ``"Anki/"``; or ``""``."""
        if self.root is None or self.root == self.folder:
            return ""
        return self.folder.relative_to(self.root).as_posix() + "/"

    @cached_property
    def names_elsewhere(self) -> frozenset[str]:
        """The folded names of all files outside the vault folder."""
        if not self.prefix:
            return frozenset()
        files = self.vault.list_files(without=self.prefix)
        return frozenset(fold_file_name(path) for path in files)

    @cached_property
    def media_places(self) -> Mapping[str, list[str]]:
        """Folded file name → the paths of all media files with that name."""
        places: dict[str, list[str]] = {}
        for path in self.vault.list_files():
            name = path.rpartition("/")[2]
            if file_kind(name):
                places.setdefault(fold_name(name), []).append(path)
        return places

    @property
    def templates(self) -> TemplateFolders:
        """The folders that hold templates; none outside an Obsidian vault."""
        return self.vault.template_folders if self.root else TemplateFolders()

    def read(self, path: str) -> bytes | None:
        """A file's bytes, or None when there is no such file. Raises ``OSError``."""
        return self._files.read(path)

    def holds(self, path: str) -> bool:
        """Whether a file, a folder or a link has this path."""
        return os.path.lexists(self.top / path)

    def link_reader(self, page: str) -> Callable[[str], str]:
        """A function that makes an address of a wikilink's target, for a page in the folder."""
        return make_link_reader(self.root, self.prefix + page)

    @cached_property
    def _files(self) -> VaultFiles:
        return VaultFiles(self.top, self.top)
