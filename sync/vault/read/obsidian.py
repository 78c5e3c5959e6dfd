"""The Obsidian vault around the vault folder: its root, its own settings, the files it shows."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from ....convert.text.file_names import fold_name
from ...run.regular import read_regular
from .walk import Entries, walk

# Where the two plugins keep the folder of their templates, and under which name.
_TEMPLATES = (
    ("templates.json", "folder"),
    ("plugins/templater-obsidian/data.json", "templates_folder"),
)


def find_obsidian_root(folder: Path) -> Path | None:
    """The nearest folder, from this one upwards, that Obsidian has opened as a vault."""
    for candidate in (folder, *folder.parents):
        if (candidate / ".obsidian").is_dir():
            return candidate
    return None


@dataclass(frozen=True)
class TemplateFolders:
    """The folders of an Obsidian vault whose pages are templates, folded."""

    folders: tuple[str, ...] = ()

    def holds(self, path: str) -> bool:
        """Whether a page, by its path from the Obsidian vault's root, is a template."""
        folded = fold_name(path)
        return any(folded.startswith(f"{folder}/") for folder in self.folders)


@dataclass(frozen=True)
class ObsidianVault:
    """A folder that Obsidian has opened as a vault, or that is read as if it had."""

    root: Path

    @cached_property
    def template_folders(self) -> TemplateFolders:
        """The folders that the settings name for templates."""
        return TemplateFolders(tuple(map(fold_name, self._named_for_templates())))

    @cached_property
    def attachments(self) -> str:
        """The folder where Obsidian puts what is dropped into a page, as its settings say it."""
        return str(self._read_settings("app.json").get("attachmentFolderPath", ""))

    def suggest_template_folder(self) -> Path:
        """Where templates may go: where Obsidian looks for some, if anywhere."""
        named = (self.root / name for name in self._named_for_templates())
        return next((folder for folder in named if folder.is_dir()), self.root)

    def list_files(self, without: str = "") -> list[str]:
        """The paths of all files that Obsidian shows, from the root; nothing is opened.

        Hidden folders, symbolic links and what cannot be read are passed over, as Obsidian does;
        and a folder, ``without``, when its path is given with a ``/`` at the end.
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
        """One of Obsidian's files of settings; empty when it is missing or cannot be read."""
        try:
            read = json.loads(read_regular(self.root / ".obsidian" / file))
        except (OSError, ValueError):
            return {}
        return read if isinstance(read, dict) else {}
