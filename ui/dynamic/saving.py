"""Saves the window's note in the background. Asks the user if it was changed elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Optional

from anki.collection import Collection, OpChanges
from aqt.main import AnkiQt
from aqt.operations import CollectionOp
from aqt.qt import QMessageBox, QWidget
from aqt.utils import ask_user_dialog, show_warning

from ...convert.html.plain_text import plain_text
from ...model.slots import CardError
from ...sync.dynamic.editing import (
    ChangedMeanwhile,
    Edit,
    OpenNote,
    add_note,
    merge_edits,
    open_note,
    save_note,
)
from ...sync.dynamic.merging import Clash
from ...sync.dynamic.notes import NoteGone
from ..app.messages import TITLE, explain, still_open
from ..app.progress_window import keep_progress
from ..app.reading import read_for

_SHOWN = 8  # clashes in a question
_LONGEST = 60  # characters of a text in a question
_CANCEL = ("Cancel", QMessageBox.ButtonRole.RejectRole)
_YES = QMessageBox.ButtonRole.AcceptRole
_OTHER = QMessageBox.ButtonRole.ActionRole


@dataclass
class Saved:
    """A note after it was saved. From ``changes``, Anki knows what to redraw."""

    note: OpenNote
    changes: OpChanges


class Saver:
    """Saves the note of one window.

    Calls ``saved`` with the note as the collection then has it, ``refused`` with the reason if it
    was not saved, or ``gone`` if the note is no longer in the collection, or no longer dynamic.
    """

    def __init__(
        self,
        mw: AnkiQt,
        window: QWidget,
        saved: Callable[[OpenNote], None],
        refused: Callable[[str], None],
        gone: Callable[[NoteGone], None],
    ) -> None:
        self._mw = mw
        self._window = window
        self._saved = saved
        self._refused = refused
        self._gone = gone

    def look(self, note_id: int, show: Callable[[OpenNote], None]) -> None:
        """Read a note again in the background, and call ``show`` with it."""

        def read(col: Collection) -> OpenNote:
            return open_note(col, note_id)

        read_for(self._window, self._mw, read, show, self._tell)

    def save(self, opened: Optional[OpenNote], edit: Edit) -> None:
        """Add a new note if ``opened`` is ``None``, else save it. Either is one undo step."""

        def write(col: Collection) -> Saved:
            written = save_note(col, opened, edit) if opened else add_note(col, edit)
            return Saved(open_note(col, written.note_ids[0]), written.changes)

        def fail(error: Exception) -> None:
            if still_open(self._window, self._mw) is not self._window:
                return  # the user has closed it, and discarded this
            if isinstance(error, ChangedMeanwhile) and opened:
                self._ask_to_merge(opened, edit, error.now)
            else:
                self._tell(error)

        CollectionOp(self._window, write).success(lambda done: self._saved(done.note)).failure(
            fail
        ).run_in_background(initiator=self._window)
        keep_progress(self._mw, self._window)

    def _tell(self, error: Exception) -> None:
        if isinstance(error, NoteGone):
            self._gone(error)
            return
        if isinstance(error, CardError):
            self._refused(str(error))
            return
        text = explain(self._mw, error)
        self._refused(text.partition("\n")[0])
        show_warning(text, parent=self._window, title=TITLE)

    def _ask_to_merge(self, opened: OpenNote, edit: Edit, now: OpenNote) -> None:
        ours, merged = merge_edits(opened, edit, now, "ours")
        if not merged.clashes:
            self._ask(
                "This note was changed elsewhere since you opened it, by a sync or in another "
                "window.\n\nBoth can be kept: no text was changed on both sides.",
                (("Keep &Both", _YES, lambda: self.save(now, ours)),),
            )
            return
        theirs, _ = merge_edits(opened, edit, now, "theirs")
        places = "\n".join(map(_describe, merged.clashes[:_SHOWN]))
        if len(merged.clashes) > _SHOWN:
            places += f"\nand {len(merged.clashes) - _SHOWN} more"
        self._ask(
            "This note was changed elsewhere since you opened it, by a sync or in another window, "
            f"and partly in the same places:\n\n{places}\n\nAll other changes of both sides are "
            "kept. Which shall stand there?",
            (
                ("&Mine", _YES, lambda: self.save(now, ours)),
                ("The &Other", _OTHER, lambda: self.save(now, theirs)),
            ),
        )

    def _ask(
        self,
        text: str,
        answers: tuple[tuple[str, QMessageBox.ButtonRole, Callable[[], None]], ...],
    ) -> None:
        def act(answer: int) -> None:
            if answer < len(answers):
                answers[answer][2]()
            else:
                self._refused("Not saved: the note was changed elsewhere.")

        buttons = [(label, role) for label, role, _ in answers]
        ask_user_dialog(
            text,
            act,
            buttons=[*buttons, _CANCEL],
            default_button=len(buttons),
            parent=self._window,
            title=TITLE,
        )


def _describe(clash: Clash) -> str:
    where = {"note": "Note", "link": "Source", "front": "Front of", "back": "Back of"}[clash.text]
    card = f" “{clash.card_id}”" if clash.card_id else ""
    return f"• {where}{card}: {_quote(clash.ours)} here, {_quote(clash.theirs)} elsewhere"


def _quote(html: Optional[str]) -> str:
    if html is None:
        return "removed"
    text = plain_text(html)
    return f"“{text[:_LONGEST]}…”" if len(text) > _LONGEST else f"“{text}”" if text else "empty"
