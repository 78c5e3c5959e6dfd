"""The Obsidian vault that holds the vault folder: its root, its settings and its files."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from ....convert.text.file_names import fold_name
from ...run.regular import read_regular
from .walk import Entries, walk

# The settings files of two plugins that know a folder of templates, and the key that names it.
_TEMPLATES = (
    ("templates.json", "folder"),
    ("plugins/templater-obsidian/data.json", "templates_folder"),
)


def find_obsidian_root(folder: Path) -> Path | None:
    """This folder or the nearest one above it that is an Obsidian vault; None if there is none."""
    for candidate in (folder, *folder.parents):
        if os.path.isdir(candidate / ".obsidian"):  # never raises, whatever the disk says
            return candidate
    return None


@dataclass(frozen=True)
class TemplateFolders:
    """The folders of an Obsidian vault that hold templates, as folded paths."""

    folders: tuple[str, ...] = ()

    def holds(self, path: str) -> bool:
        """Whether a page is in one of the folders. ``path`` is from the Obsidian vault's root."""
        folded = fold_name(path)
        return any(folded.startswith(f"{folder}/") for folder in self.folders)


@dataclass(frozen=True)
class ObsidianVault:
    """An Obsidian vault, or a folder that is read as if it were one."""

    root: Path

    @cached_property
    def template_folders(self) -> TemplateFolders:
        """The folders that Obsidian's settings name for templates."""
        return TemplateFolders(tuple(map(fold_name, self._named_for_templates())))

    @cached_property
    def attachments(self) -> str:
        """The folder for files that are dropped into a page, as written in Obsidian's settings."""
        return str(self._read_settings("app.json").get("attachmentFolderPath", ""))

    def suggest_template_folder(self) -> Path:
        """The folder where Obsidian looks for templates; the vault's root if there is none."""
        named = (self.root / name for name in self._named_for_templates())
        return next((folder for folder in named if os.path.isdir(folder)), self.root)

    def list_files(self, without: str = "") -> list[str]:
        """The paths of all files that Obsidian shows, from the root. Opens no file.

        Leaves out hidden files and folders, symbolic links, what cannot be read, and the folder
        ``without``, which is a path with ``/`` at the end.
        """
        files: list[str] = []

        def look(below: str, entries: Entries) -> list[str]:
            folders = []
            for entry in entries:
                if entry.name.startswith(".") or entry.is_symlink():
                    continue
                if not entry.is_dir(follow_symlinks=False):
                    files.append(below + entry.name)
                elif f"{below}{entry.name}/" != without:
                    folders.append(f"{below}{entry.name}/")
            return folders

        with suppress(OSError):
            walk(self.root, look)
        return files

    def _named_for_templates(self) -> Iterator[str]:
        for file, key in _TEMPLATES:
            folder = str(self._read_settings(file).get(key) or "").strip("/ ")
            if folder:
                yield folder

    def _read_settings(self, file: str) -> dict[str, Any]:
        """One of Obsidian's settings files; empty when it is missing or cannot be read."""
        try:
            read = json.loads(read_regular(self.root / ".obsidian" / file))
        except (OSError, ValueError):
            return {}
        return read if isinstance(read, dict) else {}
