"""A two-way desk for random edits, and what tests read of it: words, cards, notes and pages."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from anki.collection import Collection
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import RuleBasedStateMachine

from ankivault.sync.vault.settings import Settings

from ..collection.conftest import Desk

MORE = int(os.environ.get("ANKIVAULT_STRESS", "0"))
WORD = re.compile(r"typed\d{4}")


def any_days(sequences: int, steps: int) -> settings:
    """Settings for Hypothesis: this many sequences of this many steps, always the same.

    ``ANKIVAULT_STRESS=1000`` tries 1000 sequences instead, other ones each time.
    """
    return settings(
        max_examples=MORE or sequences,
        stateful_step_count=steps,
        deadline=None,
        derandomize=not MORE,
        database=None,
        report_multiple_bugs=False,
        phases=[Phase.generate] if MORE else list(Phase),
        suppress_health_check=list(HealthCheck),
    )


class RandomDesk(RuleBasedStateMachine):
    """A desk whose user types words that are different from all other words.

    ``given_up`` are the words that the user deleted. They may still be somewhere.
    """

    two_way = True

    def __init__(self) -> None:
        super().__init__()
        self.home = Path(tempfile.mkdtemp())
        for folder in ("anki", "Obsidian/Anki"):
            (self.home / folder).mkdir(parents=True)
        vault = self.home / "Obsidian" / "Anki"
        col = Collection(str(self.home / "anki" / "collection.anki2"))
        chosen = Settings(vault_folder=str(vault), two_way=self.two_way)
        self.desk = Desk(col, vault, self.home / "state", chosen)
        self.typed = 0
        self.given_up: set[str] = set()
        self.left_alone: set[str] = set()  # paths of copies that stay pages of their own

    def teardown(self) -> None:
        self.desk.col.close()
        shutil.rmtree(self.home)

    def word(self) -> str:
        self.typed += 1
        return f"typed{self.typed:04}"

    def words(self) -> set[str]:
        """The user's words that are found in notes, pages or the trash folder."""
        files = [f for f in (self.home / "Obsidian").rglob("*") if f.is_file()]
        texts = [file.read_text("utf-8", "replace") for file in files]
        return set(WORD.findall("\n".join([*texts, *self.fields()])))

    def fields(self) -> list[str]:
        assert self.desk.col.db is not None
        return [*self.desk.col.db.list("select flds from notes"),
                *self.desk.col.db.list("select tags from notes")]  # fmt: skip

    def cards(self) -> Mapping[int, Sequence[Any]]:
        """Card id → the columns of the card that studying changes."""
        assert self.desk.col.db is not None
        columns = "id, nid, ord, type, queue, due, ivl, factor, reps, lapses, left, data"
        return {row[0]: row for row in self.desk.col.db.all(f"select {columns} from cards")}

    def note(self, pick: int) -> Any:
        ids = sorted(self.desk.col.find_notes(""))
        return self.desk.col.get_note(ids[pick % len(ids)])

    def page(self, pick: int) -> Path:
        pages = self.pages()
        return pages[pick % len(pages)]

    def pages(self) -> list[Path]:
        return sorted(
            file
            for file in self.desk.vault.rglob("*.md")
            if ".trash" not in file.parts and b"anki_note_id: " in file.read_bytes()
        )

    def has_notes(self) -> bool:
        return len(self.desk.col.find_notes("")) > 2

    def has_pages(self) -> bool:
        return bool(self.pages())
