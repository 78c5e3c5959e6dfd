"""Warnings about a folder that the user wants as the vault folder, and that has no fault."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from ....convert.page.properties import find_note_id
from ...collection.reads import read_notes
from ...run.encodings import decode_page
from ...run.regular import open_regular
from ..settings import SettingProblem, Settings
from .obsidian import find_obsidian_root
from .scan import scan_vault

if TYPE_CHECKING:
    from anki.collection import Collection

SAMPLE = 300  # about how many pages are opened to find out whether their notes are in Anki
HEAD = 4096  # bytes that are read of each


def inspect_folder(col: Collection, settings: Settings) -> list[SettingProblem]:
    """Warnings about a vault folder that has no fault. Writes nothing.

    There is one for a folder outside any Obsidian vault, for one that Obsidian does not show, and
    for one with pages of another profile.
    """
    folder = settings.folder
    problems = []
    real = Path(os.path.realpath(folder))
    root = find_obsidian_root(real)
    if root is None:
        text = f"“{folder}” is not inside an Obsidian vault. Pages are written there all the same."
        problems.append(SettingProblem("vault_folder", text, "warning"))
    elif any(part.startswith(".") for part in real.relative_to(root).parts):
        text = f"“{folder}” is hidden: Obsidian shows no folder whose name begins with a dot."
        problems.append(SettingProblem("vault_folder", text, "warning"))
    foreign, pages = _count_foreign(col, folder)
    if foreign * 2 > pages:
        text = (
            f"“{folder}” holds pages of another profile or collection ({foreign:,} of {pages:,} "
            "looked at). They would be left alone, but two profiles should not share a folder: "
            "choose or create another one."
        )
        problems.append(SettingProblem("vault_folder", text, "warning"))
    return problems


def _count_foreign(col: Collection, folder: Path) -> tuple[int, int]:
    """Open a sample of pages. How many belong to notes that are not in this collection, and how
    many have a note id at all.
    """
    carried: list[int] = []
    try:
        paths = sorted(scan_vault(folder, None).pages)
    except OSError:
        return 0, 0
    for path in paths[:: max(1, len(paths) // SAMPLE)]:
        try:
            with open_regular(folder / path) as file:
                note_id = find_note_id(decode_page(file.read(HEAD)))
        except OSError:
            continue
        if note_id is not None:
            carried.append(note_id)
    ours = {row.id for row in read_notes(col, carried)}
    return sum(note_id not in ours for note_id in carried), len(carried)
