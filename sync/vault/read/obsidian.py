"""Where an Obsidian vault begins, and what its settings say of the folders for templates."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ....convert.text.file_names import fold_name
from ...run.regular import read_regular

# Where the two plugins keep the folder of their templates, and under which name.
_SETTINGS = (
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


def find_template_folders(root: Path) -> TemplateFolders:
    """The folders that the settings of an Obsidian vault name."""
    found = []
    for file, key in _SETTINGS:
        folder = str(_read_settings(root / ".obsidian" / file).get(key) or "").strip("/ ")
        if folder:
            found.append(fold_name(folder))
    return TemplateFolders(tuple(found))


def suggest_folder(folder: Path) -> Path:
    """Where the templates of a vault folder may go: where Obsidian looks for some, if anywhere."""
    root = find_obsidian_root(folder)
    if root is None:
        return folder
    for file, key in _SETTINGS:
        named = str(_read_settings(root / ".obsidian" / file).get(key) or "").strip("/ ")
        if named and (root / named).is_dir():
            return root / named
    return root


def _read_settings(file: Path) -> dict[str, Any]:
    try:
        read = json.loads(read_regular(file))
    except (OSError, ValueError):
        return {}
    return read if isinstance(read, dict) else {}
