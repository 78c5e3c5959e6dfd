"""The promises of the preview in a large vault: it opens at once, and so does each answer."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from anki.collection import Collection
from anki.notes import NoteId

from ankivault.sync.vault.answering import AskedPlan
from ankivault.sync.vault.run import answer_vault, ask_vault, find_page, sync_vault
from ankivault.sync.vault.settings import Settings

from .deck import print_outcomes, time_work
from .large_anki import make_anki
from .made_collection import make_collection
from .vault import Outcome

OPENING_SECONDS = 0.5  # from the menu until the window is painted, where only edits wait
ANSWER_SECONDS = 0.050
SHOWN_SECONDS = 0.1  # from the click until the list in the window follows
REPEAT = 5
CONFLICTS, DELETED_PAGES, DELETED_NOTES, COPIES = 30, 10, 5, 5


def run_bench(notes: int = 20_000) -> int:
    """Measure and print the outcomes. The exit status: 0 when every promise holds."""
    with tempfile.TemporaryDirectory(prefix="ankivault-bench-") as name:
        engine = print_outcomes(_measure_answers(Path(name), notes))
    with tempfile.TemporaryDirectory(prefix="ankivault-bench-") as name:
        return max(engine, print_outcomes(_measure_window(Path(name), notes)))


def _measure_answers(folder: Path, notes: int) -> list[Outcome]:
    """Answers right after two-way was switched on, and once the base knows of it."""
    (folder / "vault" / ".obsidian").mkdir(parents=True)
    make_collection(folder / "made.anki2", notes)
    col, state = Collection(str(folder / "made.anki2")), folder / "state"
    mirror = Settings(vault_folder=str(folder / "vault"))
    two_way = Settings(vault_folder=str(folder / "vault"), two_way=True)
    assert col.db is not None
    ids = col.db.list("select id from notes where flds not like '%{{c1::%'")
    outcomes = []
    for what, settings in (("answer, two-way new, s", mirror), ("answer, s", two_way)):
        assert sync_vault(col, settings, state, confirmed=True).ok
        _make_questions(col, two_way, state, ids)
        asked = ask_vault(col, two_way, state)
        slowest, told = max(_time_answers(col, state, asked))
        outcomes.append(Outcome(notes, what, slowest, ANSWER_SECONDS, f"slowest: {told}"))
    col.close()
    return outcomes


def _make_questions(col: Collection, settings: Settings, state: Path, ids: list[int]) -> None:
    """Have people do what is asked about, to notes that are taken from ``ids``."""

    def find(count: int) -> list[tuple[int, Path]]:
        taken = [ids.pop() for _ in range(count)]
        pages = [find_page(settings, state, note_id) for note_id in taken]
        return [(note_id, page) for note_id, page in zip(taken, pages) if page is not None]

    for note_id, page in find(CONFLICTS):
        _type(page, "Typed on the page")
        note = col.get_note(NoteId(note_id))
        note.fields[1] = f"Typed in Anki {note.fields[1]}"
        col.update_note(note)
    for _, page in find(DELETED_PAGES):
        page.unlink()
    for note_id, page in find(DELETED_NOTES):
        _type(page, "Still needed")
        col.remove_notes([NoteId(note_id)])
    for _, page in find(COPIES):
        copy = page.with_name(f"Copy of {page.name}")
        copy.write_bytes(page.read_bytes())
        _type(copy, "Another question", "Front")


def _type(page: Path, text: str, field: str = "Back") -> None:
    before = page.read_text("utf-8")
    after = before.replace(f"\n## {field}\n", f"\n## {field}\n{text} ", 1)
    assert after != before
    page.write_text(after, "utf-8")


def _time_answers(col: Collection, state: Path, asked: AskedPlan) -> Sequence[tuple[float, str]]:
    """The fastest of some turns for each answer to a question of each kind."""
    kinds = {question.kind: question for question in asked.plan.open_questions}
    assert len(kinds) == 4, kinds
    return [
        (
            min(
                time_work(partial(answer_vault, asked, col, state, {question.key: choice}))
                for _ in range(REPEAT)
            ),
            f"“{choice}” to “{kind}”",
        )
        for kind, question in kinds.items()
        for choice in question.choices
    ]


def _measure_window(folder: Path, notes: int) -> list[Outcome]:
    large = make_anki(folder, notes)
    seen = large.play("open_and_answer", vault=str(large.vault), times=REPEAT)
    (opening, worked, on_main), shown = min(seen["opening"]), min(seen["answers"])
    told = f"{worked * 1000:.0f} ms of work, {on_main * 1000:.0f} ms on the main thread"
    return [
        Outcome(notes, "preview opens, s", opening, OPENING_SECONDS, told),
        Outcome(notes, "answer is shown, s", shown, SHOWN_SECONDS, ""),
    ]
