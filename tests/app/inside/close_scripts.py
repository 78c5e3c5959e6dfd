"""What Anki plans while it closes a profile."""

from __future__ import annotations

import importlib
from functools import partial
from pathlib import Path
from typing import Any

from anki.notes import NoteId
from aqt.operations.note import update_note
from live_run_scripts import begin, is_still, page_of, replace_in, save_in_place, tracker_of
from scripts import switch_profile
from window import Steps, Window

OWN, OTHER = "User 1", "Second"


def close_at_rest_and_not(window: Window, vault: str, note_id: int) -> Steps[dict[str, int]]:
    """Leave the profile after nothing, a review, an edit in Anki and one of a page; plans made."""
    runs: Any = importlib.import_module("ankivault.sync.vault.run")
    plan, planned = runs._plan, []

    def plan_and_count(*args: Any, **kwargs: Any) -> Any:
        planned.append(args)
        return plan(*args, **kwargs)

    runs._plan = plan_and_count
    yield from begin(window)
    seen = {}
    yield from rest(window)
    seen["nothing"] = yield from leave_and_count(window, planned)
    yield from switch_profile(window, OWN)
    yield from rest(window)
    review(window)
    seen["a review"] = yield from leave_and_count(window, planned)
    yield from switch_profile(window, OWN)
    yield from rest(window)
    edit(window, note_id)
    seen["an edited note"] = yield from leave_and_count(window, planned)
    seen["note on its page"] = "Dynamo" in page_of(Path(vault), note_id).read_text("utf-8")
    yield from switch_profile(window, OWN)
    yield from rest(window)
    tracker = tracker_of(window)
    tracker._mw = _Busy(tracker._mw)  # so that only the closing can bring it
    save_in_place(page_of(Path(vault), note_id), partial(replace_in, "Dynamo", "Turbine"))
    yield from window.until(lambda: tracker._rest is None, "the watch to tell")
    tracker._mw = tracker._mw.mw
    seen["an edited page"] = yield from leave_and_count(window, planned)
    yield from switch_profile(window, OWN)
    col = window.mw.col
    assert col is not None
    seen["page in its note"] = "Turbine" in col.get_note(NoteId(note_id)).fields[1]
    return seen


class _Busy:
    """Anki in the middle of something."""

    state = "review"

    def __init__(self, mw: Any) -> None:
        self.mw = mw

    def __getattr__(self, name: str) -> Any:
        return getattr(self.mw, name)


def rest(window: Window) -> Steps[None]:
    """Wait until live mode has found both sides in step."""
    yield from window.until(
        lambda: is_still(window) and tracker_of(window)._rest is not None, "both sides in step"
    )


def leave_and_count(window: Window, planned: list[Any]) -> Steps[int]:
    before = len(planned)
    yield from switch_profile(window, OTHER)
    return len(planned) - before


def review(window: Window) -> None:
    """Answer a card, as the reviewer does."""
    col = window.mw.col
    assert col is not None
    card = col.get_card(col.find_cards("deck:Biology*")[0])
    card.start_timer()
    col.sched.answerCard(card, 3)


def edit(window: Window, note_id: int) -> None:
    """Change a note, as an editor that closes with Anki does."""
    col = window.mw.col
    assert col is not None
    note = col.get_note(NoteId(note_id))
    note.fields[1] = "Dynamo of the cell"
    update_note(parent=window.mw, note=note).run_in_background()
