"""Two-way sync over whole decks: nothing is touched that nobody edited, and an edit is exact."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from anki.collection import Collection

from ankivault.sync.vault.run import plan_vault, sync_vault
from ankivault.sync.vault.settings import ClozeStyle, Settings

from ..desks.made_once import MadeOnce
from ..judges.word_edits import other_changes, words_of
from .sample_collections import SOURCES, copy_collection

_STYLES: tuple[ClozeStyle, ...] = ("outline", "inline")
_FIELD = re.compile(r"^## (?!\d+\. ).*$", re.MULTILINE)
_BEGIN, _END = "%% anki:begin %%\n", "\n%% anki:end %%"


class Vault(NamedTuple):
    """A collection that was mirrored, and is two-way from now on."""

    col: Collection
    settings: Settings
    state: Path

    @property
    def folder(self) -> Path:
        return Path(self.settings.vault_folder)

    def files(self) -> dict[Path, tuple[bytes, int]]:
        files = (path for path in self.folder.rglob("*") if path.is_file())
        return {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in files}

    def rows(self) -> list[Any]:
        assert self.col.db is not None
        return self.col.db.all("select id, guid, mid, mod, usn, tags, flds from notes order by id")

    def studying(self) -> list[Any]:
        assert self.col.db is not None
        cards = "select id, nid, did, ord, type, queue, due, ivl, factor, reps, odid from cards"
        return self.col.db.all(f"{cards} order by id")


@pytest.fixture(params=[(source, style) for source in SOURCES for style in _STYLES], ids="-".join)
def vault(request: pytest.FixtureRequest, once: MadeOnce, tmp_path: Path) -> Iterator[Vault]:
    source, style = request.param
    file = copy_collection(once, source, tmp_path)
    folder = tmp_path / "Obsidian" / "Anki"
    folder.mkdir(parents=True)
    (folder.parent / ".obsidian").mkdir()
    col = Collection(str(file))
    settings = Settings(vault_folder=str(folder), cloze_style=style)
    sync_vault(col, settings, tmp_path / "state")
    yield Vault(col, replace(settings, two_way=True), tmp_path / "state")
    col.close()


def test_turning_two_way_on_writes_no_note_and_no_page(vault: Vault) -> None:
    files, rows = vault.files(), vault.rows()
    assert plan_vault(vault.col, vault.settings, vault.state).is_empty
    report = sync_vault(vault.col, vault.settings, vault.state)
    assert report.changes is None and not report.questions
    assert vault.rows() == rows
    assert vault.files() == files
    for base in vault.state.iterdir():
        base.unlink()
    report = sync_vault(vault.col, vault.settings, vault.state)
    assert report.changes is None and not report.questions, report.messages
    assert vault.rows() == rows
    assert vault.files() == files


def test_a_word_changed_on_every_page_is_all_that_changes(vault: Vault) -> None:
    chance = random.Random(7)
    edits: dict[int, tuple[str, str]] = {}
    for page in sorted(vault.folder.rglob("*.md")):
        note_id = page.stem.rpartition("_")[2]
        edit = _change_word(page, chance) if note_id.isdigit() else None
        if edit:
            edits[int(note_id)] = edit
    before, studying = {row[0]: row for row in vault.rows()}, vault.studying()
    assert len(edits) > 0.3 * len(before)  # many of them are only pictures

    report = sync_vault(vault.col, vault.settings, vault.state, confirmed=True)

    wrong, refused = [], {m.note_id for m in report.messages if m.level == "error"}
    for row in vault.rows():
        old = before[row[0]]
        if row[0] not in edits or row[0] in refused:
            assert row == old
            continue
        changed = [
            pair for pair in zip(old[6].split("\x1f"), row[6].split("\x1f")) if pair[0] != pair[1]
        ]
        told = other_changes(*changed[0], *edits[row[0]]) if len(changed) == 1 else str(changed)
        if told:
            wrong.append((row[0], edits[row[0]], told))
    print(f"{len(refused)} of {len(edits)} edits refused")
    assert not wrong, (len(wrong), wrong[:5])
    assert len(refused) <= 0.02 * len(edits), report.messages[:10]
    assert vault.studying() == studying
    again = plan_vault(vault.col, vault.settings, vault.state)
    assert not again.notes and not again.questions
    assert not [page for page in again.pages if page.kind != "adopt"]


def _change_word(page: Path, chance: random.Random) -> tuple[str, str] | None:
    """Change one word of a page's managed part; nothing when it has none but fields' names."""
    text = page.read_bytes().decode("utf-8")
    head, begin, rest = text.partition(_BEGIN)
    managed, end, tail = rest.partition(_END)
    fields = [match.span() for match in _FIELD.finditer(managed)]
    spans = [
        (start, stop)
        for start, stop in words_of(managed)
        if not any(first <= start < last for first, last in fields)
    ]
    if not spans or not end:
        return None
    start, stop = chance.choice(spans)
    word = managed[start:stop]
    other = word + "ish"
    managed = managed[:start] + other + managed[stop:]
    page.write_bytes((head + begin + managed + end + tail).encode("utf-8"))
    return word, other
