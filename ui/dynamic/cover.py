"""Covers the fields of a dynamic note in the browser's editor with a description and buttons.

Ankivault manages the note's hundred and four fields, and an edit of them can break a card. So they
are shown only if the user asks for them.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from weakref import WeakKeyDictionary

from anki.collection import Collection, OpChanges
from anki.errors import NotFoundError
from anki.notes import Note, NoteId
from aqt import gui_hooks
from aqt.browser.browser import Browser
from aqt.editor import Editor
from aqt.main import AnkiQt
from aqt.operations import CollectionOp
from aqt.qt import QHBoxLayout, QPushButton, QVBoxLayout, QWidget, qconnect
from aqt.utils import ask_user
from PyQt6 import sip

from ...model.note import ReadNote, read_note
from ...model.notetype import FIELDS
from ...sync.collection.dynamic_type import pick_dynamic
from ..app.engine import load
from ..app.files_in_place import are_files_in_place
from ..app.labels import plain_label
from ..app.messages import TITLE, say, still_open, tell_error

_WARNING = (
    f"This note has {len(FIELDS)} fields, which Ankivault keeps. A change to “Data”, “Media” or "
    "one of the “Card” fields can take a card's text away, or give a card another's reviews.\n\n"
    "Show them all the same?"
)
_LONGEST = 300  # characters of a text


class Cover(QWidget):
    """Covers the fields of one editor while it shows a dynamic note."""

    def __init__(self, mw: AnkiQt, editor: Editor, edit: Callable[[int], None]) -> None:
        super().__init__(editor.widget)
        self._mw = mw
        self._web = editor.web
        self._note_id = 0
        self._asked_for = -1  # the note whose raw fields the user wants to see
        self.text = plain_label(self)
        self.problem = plain_label(self)
        self.edit_button = QPushButton("&Edit Dynamic Note…", self)
        self.edit_button.setToolTip("E, also in the list and in the reviewer")
        self.mend_button = QPushButton("&Mend This Note", self)
        self.raw_button = QPushButton("Show &Raw Fields…", self)
        row = QHBoxLayout()
        for button in (self.edit_button, self.mend_button, self.raw_button):
            button.setAutoDefault(False)
            row.addWidget(button)
        row.addStretch(1)
        layout = QVBoxLayout(self)
        layout.addWidget(self.text)
        layout.addWidget(self.problem)
        layout.addLayout(row)
        layout.addStretch(1)
        outer = editor.widget.layout()
        assert outer is not None
        outer.addWidget(self)
        qconnect(self.edit_button.clicked, lambda _: edit(self._note_id))
        qconnect(self.mend_button.clicked, lambda _: self._mend())
        qconnect(self.raw_button.clicked, lambda _: self._ask_for_fields())
        self.hide()

    def show_note(self, note: Note) -> None:
        """Cover the fields of this note, unless the user asked to see them."""
        if note.id != self._note_id:
            self._asked_for = -1
        self._note_id = note.id
        read = read_note(note.fields)
        told = _describe(read)
        if not note.id:
            told = (
                f"A copy of a dynamic note. Add makes it; then edit it in its own window.\n\n{told}"
            )
        self.text.setText(told)
        problems = " ".join(read.problems)
        self.problem.setText(
            f"⚠ This note was changed by hand, or damaged. {problems} Mend This Note gives every "
            "card its place back; Undo takes that back."
        )
        self.problem.setVisible(bool(read.problems))
        self.mend_button.setVisible(bool(read.problems))
        self._web.setVisible(self._asked_for == note.id)
        self.setVisible(self._asked_for != note.id)

    def leave(self) -> None:
        """Show the editor's fields again, because its note is not dynamic."""
        self._note_id, self._asked_for = 0, -1
        self.hide()
        self._web.show()

    def follow(self) -> None:
        """Update the description after the note was changed elsewhere."""
        if self._note_id and self.isVisible():
            with suppress(NotFoundError):  # deleted; the browser will select another row
                self.show_note(self._mw.col.get_note(NoteId(self._note_id)))

    def _ask_for_fields(self) -> None:
        def answered(yes: bool) -> None:
            if yes:
                self._asked_for = self._note_id
                self.hide()
                self._web.show()

        ask_user(_WARNING, answered, defaults_yes=False, parent=self, title=TITLE)

    def _mend(self) -> None:
        note_id = self._note_id
        mw, window = self._mw, self.window()

        def mend(col: Collection) -> OpChanges:
            load()
            from ...sync.dynamic.editing import mend_note

            return mend_note(col, note_id)

        CollectionOp(window or mw, mend).success(
            lambda _: say("The note is mended.", parent=still_open(window or mw, mw))
        ).failure(
            lambda error: tell_error(mw, error, still_open(window or mw, mw))
        ).run_in_background()


_covers: WeakKeyDictionary[Editor, Cover] = WeakKeyDictionary()


def set_up(mw: AnkiQt, edit: Callable[[Browser, int], None]) -> None:
    """Cover the browser's editor each time it shows a dynamic note. ``edit`` opens our window."""

    def follow_row(browser: Browser) -> None:
        card = browser.table.get_single_selected_card()
        editor = browser.editor
        cover = _covers.get(editor) if isinstance(editor, Editor) else None
        is_dynamic = card and are_files_in_place() and pick_dynamic(mw.col, [card.nid])
        if card and is_dynamic and isinstance(editor, Editor):
            if cover is None:
                cover = Cover(mw, editor, lambda note_id: edit(browser, note_id))
                _covers[editor] = cover
            cover.show_note(card.note())
        elif cover:
            cover.leave()

    def follow_changes(changes: OpChanges, _handler: object) -> None:
        if changes.note_text:
            for cover in list(_covers.values()):
                if not sip.isdeleted(cover):  # as it is once its browser was closed
                    cover.follow()

    gui_hooks.browser_did_change_row.append(follow_row)
    gui_hooks.operation_did_execute.append(follow_changes)


def _describe(read: ReadNote) -> str:
    from ...convert.html.plain_text import plain_text

    content = read.content
    count = len(content.cards)
    cards = "1 card" if count == 1 else f"{count} cards"
    about = _shorten(plain_text(content.note))
    lines = [f"Dynamic note with {cards}{': ' if about else ''}{about}"]
    lines += [f"• {_shorten(plain_text(card.front)) or 'no front'}" for card in content.cards[:8]]
    if count > 8:
        lines.append(f"and {count - 8} more")
    return "\n".join(lines)


def _shorten(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
