"""Runs that bring something back, for Anki's window: plan, and apply."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ..activity.entry import Entry, Kept
from ..activity.find import reading
from ..activity.recorder import Recorder
from ..collection.clean import clean_tags, clean_text
from ..collection.planned_notes import Addition, DeckTakesNoNotes, Move, NoteEdit
from ..collection.record import About
from ..collection.writer import CollectionWriter
from ..run.disk import explain
from ..run.done import Done
from ..run.report import Message, Report
from ..run.shell import running
from ..vault.read.files import VaultFiles
from ..vault.read.obsidian import find_obsidian_root
from ..vault.read.pages_on_disk import digest_of
from ..vault.run import VAULT, open_folder
from ..vault.settings import Settings
from .note import plan_note
from .page import plan_page
from .plan import BackPlan, NoteBack, PageBack, refuse

if TYPE_CHECKING:
    from anki.collection import Collection

_GONE = "This entry is not in Activity any more."
_LATE = "It was changed since you looked at it. Nothing was written; look at it again."
_FILE = (
    "This is about a TOML file, which you can edit yourself: copy the words from here into it. The "
    "note in Anki has entries of its own."
)


def plan_back(col: Collection, settings: Settings, state: Path, kept: Kept) -> BackPlan:
    """Plan to bring back what was there before an entry of Activity. Writes nothing.

    What cannot be done is the plan's ``refusal``. Raises what opening the vault folder raises.
    """
    with reading(state) as history:
        found = history.read(kept.id)
    if found is None:
        return refuse(kept, _GONE)
    if found.entry.side == "anki":
        return plan_note(col, found)
    if found.entry.side == "file":
        return refuse(found, _FILE)
    return plan_page(col, settings, open_folder(col, settings), state, found)


def apply_back(col: Collection, settings: Settings, state: Path, plan: BackPlan) -> Report:
    """Do what a plan says, and keep it in Activity as a run of its own.

    The note or the page is looked at again just before. Raises what opening the vault raises.
    """
    recorder = Recorder(state, "back", plan.title)

    def work() -> Report:
        reports = []
        if plan.note is not None:
            reports.append(_write_note(col, plan, plan.note, recorder))
        if plan.page is not None and not any(report.messages for report in reports):
            reports.append(_write_page(col, settings, state, plan, plan.page, recorder))
        if not reports:
            return Report(messages=(Message("error", plan.refusal),))
        return reports[0].followed_by(reports[1]) if reports[1:] else reports[0]

    return recorder.keep(work)


def _write_note(col: Collection, plan: BackPlan, back: NoteBack, recorder: Recorder) -> Report:
    entry, words, told = plan.kept.entry, back.words, list[Message]()
    done = Done.NOTE_UPDATED if back.note_id else Done.NOTE_RESTORED

    def tell(_: Entry, error: Exception) -> None:
        hint = " Choose another deck for it in Anki." if isinstance(error, DeckTakesNoNotes) else ""
        told.append(Message("error", f"“{entry.title}” was not brought back: {error}{hint}"))

    writer: CollectionWriter[Entry] = CollectionWriter(
        col,
        f"Ankivault: Bring back “{_shorten(entry.title)}”",
        tell=tell,
        recorder=recorder,
        about=lambda _: About(entry.title, entry.path, done),
    )
    tags = None if words.tags is None else clean_tags(words.tags)
    if back.note_id:
        move = None if words.deck is None else Move(words.deck, back.home)
        fields = {name: clean_text(text) for name, text in words.fields.items()}
        seen = {part.name: part.now or "" for part in plan.parts[: len(fields)]}
        edit = NoteEdit(
            entry, back.note_id, back.digest, fields=fields, seen=seen, tags=tags, move=move
        )
        writer.update([edit])
    else:
        values = tuple(map(clean_text, back.values))
        deck = words.deck or "Default"
        new = Addition(entry, back.notetype, values, deck, tags or (), words.guid, back.names)
        writer.add([new])
    count = len(writer.updated) + len(writer.added)
    if writer.late:
        told.append(Message("warning", _LATE, note_id=entry.note_id or None))
    return Report({done: count}, tuple(told), changes=writer.changes)


def _write_page(
    col: Collection,
    settings: Settings,
    state: Path,
    plan: BackPlan,
    back: PageBack,
    recorder: Recorder,
) -> Report:
    entry = plan.kept.entry
    folder = open_folder(col, settings)
    with running(folder, VAULT, locked_in=state):
        files = VaultFiles(folder, find_obsidian_root(folder))
        try:
            present = files.read(back.path)
            there = files.exists(back.path)
            if (digest_of(present) if present is not None else b"") != back.digest or (
                present is None and there
            ):
                return Report(messages=(Message("warning", _LATE, back.path),))
            trash = files.put_in_trash(back.path, keep=True) if present is not None else ""
            files.write(back.path, back.text)
        except OSError as error:
            text = f"The page was not written: {explain(error)}."
            return Report(messages=(Message("error", text, back.path),))
    done = Done.PAGE_REWRITTEN if present is not None else Done.PAGE_RESTORED
    after = back.text if present else b""
    recorder.record(
        Entry(
            "page",
            done,
            entry.note_id,
            entry.title,
            back.path,
            entry.deck,
            trash=trash,
            before=present or b"",
            after=after,
        )
    )
    return Report({done: 1})


def _shorten(title: str) -> str:
    line = " ".join(title.split())
    return line if len(line) <= 40 else f"{line[:39]}…"
