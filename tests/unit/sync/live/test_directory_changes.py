"""What the records of Windows mean, which do not tell folders from files."""

from __future__ import annotations

from pathlib import Path

import pytest

from ankivault.sync.vault.live.change import FolderChange
from ankivault.sync.vault.live.directory_changes import (
    ADDED,
    MODIFIED,
    REMOVED,
    RENAMED_NEW,
    RENAMED_OLD,
    Record,
    read_records,
)

EVERYTHING = FolderChange(everything=True)


def pages(*paths: str) -> FolderChange:
    return FolderChange(frozenset(paths))


@pytest.mark.parametrize(
    ("records", "change"),
    [
        ([(MODIFIED, "Biology\\Mitosis.md"), (MODIFIED, "Biology")], pages("Biology/Mitosis.md")),
        ([(RENAMED_OLD, "A.md"), (RENAMED_NEW, "Biology\\B.md")], pages("A.md", "Biology/B.md")),
        ([(RENAMED_OLD, "x.md.tmp"), (RENAMED_NEW, "x.md"), (REMOVED, ".x.md.swp")], pages("x.md")),
        ([(REMOVED, "Mitosis.MD"), (MODIFIED, ".obsidian\\workspace.json")], pages("Mitosis.MD")),
        ([(ADDED, "cell.png")], FolderChange(others=frozenset({"cell.png"}))),
        ([(ADDED, "Biology")], EVERYTHING),
        ([(RENAMED_OLD, "Life"), (RENAMED_NEW, "Biology")], EVERYTHING),
        ([(REMOVED, "Gone")], EVERYTHING),
        ([(MODIFIED, "Biology\\MITOSI~1.MD")], EVERYTHING),
        ([(ADDED, "Folder.md")], EVERYTHING),
        ([(MODIFIED, "Folder.md")], pages()),
        ([(MODIFIED, "Thema ~2 Stunden.md")], pages("Thema ~2 Stunden.md")),
        ([(ADDED, ".trash"), (REMOVED, ".git\\objects\\ab")], pages()),
    ],
)  # fmt: skip
def test_records_are_told_as_pages_or_as_everything(
    tmp_path: Path, records: list[Record], change: FolderChange
) -> None:
    (tmp_path / "Biology").mkdir()
    (tmp_path / "Folder.md").mkdir()
    assert read_records(records, tmp_path) == change
