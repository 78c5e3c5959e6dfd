"""New Dynamic Note…: the window with a note, its cards, and a preview of each card."""

from __future__ import annotations

from collections.abc import Callable
from typing import Optional

import aqt
from anki.collection import OpChanges
from anki.decks import DeckId
from aqt import gui_hooks
from aqt.main import AnkiQt
from aqt.qt import (
    QCloseEvent,
    QKeySequence,
    QMessageBox,
    QShortcut,
    QTimer,
    QWidget,
    qconnect,
)
from aqt.utils import (
    ask_user_dialog,
    restoreSplitter,
    saveGeom,
    saveSplitter,
)

from ...sync.dynamic.editing import Edit, OpenNote
from ...sync.dynamic.notes import NoteGone
from ..app.labels import plain_name
from ..app.messages import TITLE
from ..app.one_question import ask_once
from ..app.places import restore_place
from .adding import show_other_types
from .card_form import CardForm
from .card_list import count_reviews
from .draft import CardDraft, Draft
from .saving import Saver

NAME = "AnkivaultDynamicNote"
_GEOMETRY = "ankivaultDynamicNote"


class DynamicNoteWindow(CardForm):
    """Adds a new dynamic note, or edits one."""

    def __init__(
        self,
        mw: AnkiQt,
        opened: Optional[OpenNote] = None,
        card_id: str = "",
        as_copy: bool = False,
    ) -> None:
        super().__init__(mw)
        self._saver = Saver(mw, self, self._saved, self._refuse, self._forget)
        self._tags: tuple[str, ...] = ()
        self._deck: Optional[int] = None  # chosen by the user in this window
        self._lost_id = 0  # the opened note's id after it was deleted elsewhere
        self._focused: Optional[QWidget] = None  # had the focus when the save began
        self._closing = False
        gui_hooks.operation_did_execute.append(self._follow)
        gui_hooks.theme_did_change.append(self._recolour)
        self.deck.on_deck_changed = self._choose_deck
        qconnect(self.tags.textChanged, lambda _: self._edited())
        qconnect(self.new_button.clicked, lambda _: self.new())
        qconnect(self.type_button.clicked, lambda _: show_other_types(mw))
        qconnect(self.save_button.clicked, lambda _: self.save())
        qconnect(self.close_button.clicked, lambda _: self.reject())
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            qconnect(QShortcut(QKeySequence(keys), self).activated, lambda: self.save())
        self._then: Optional[Callable[[], None]] = None  # what waits until the note is saved
        self._open(opened, card_id, as_copy)
        self.resize(1000, 640)
        restore_place(self, _GEOMETRY)
        restoreSplitter(self.splitter, _GEOMETRY)
        self.show()

    # Showing a note
    ##########################################################################

    def reopen(
        self,
        mw: AnkiQt,
        opened: Optional[OpenNote] = None,
        card_id: str = "",
        as_copy: bool = False,
    ) -> None:
        """Show another note. Anki calls this when the window is already open."""
        here = self._draft.opened
        if opened is None and here is None:
            return
        if opened and here and opened.id == here.id and not as_copy:
            self._choose(card_id or (self._chosen.id if self._chosen else ""))
            self._look()
        else:
            self._ask_to_leave(lambda: self._open(opened, card_id, as_copy))

    def _open(self, opened: Optional[OpenNote], card_id: str = "", as_copy: bool = False) -> None:
        before = self._draft
        self._draft = Draft(opened, self)
        self._tried, self._told, self._deck, self._lost_id = False, "", None, 0
        self._read_frame(opened)
        self._show_texts()
        before.drop()
        wanted = next((card for card in self._draft.cards if card.id == card_id), None)
        self._show_cards(wanted or self._draft.cards[0])
        if opened and opened.read.problems:
            self._tell(" ".join(opened.read.problems) + " Saving repairs the note.")
        if as_copy:
            self._draft.forget()
            self._refresh()
            self._tell("A copy: Add makes it a note of its own.", alarm=False)
        self.front.setFocus()

    def _read_frame(self, opened: Optional[OpenNote]) -> None:
        """Show the note's deck and tags. A new note keeps those of the note before it."""
        if opened:
            self.tags.blockSignals(True)
            self.tags.setText(" ".join(opened.tags))
            self.tags.blockSignals(False)
            if opened.decks:
                self.deck.selected_deck_id = DeckId(opened.decks[0])
        self._tags = self._read_tags()
        several = bool(opened and len(opened.decks) > 1)
        name = plain_name(self.deck.selected_deck_name())
        self.deck.deck.setText(f"{name} and others" if several else name)
        self.deck.deck.setToolTip(
            "This note's cards lie in several decks, and stay there unless you choose one."
            if several
            else "Where this note's cards are (Ctrl+D)"
        )

    def _show_texts(self) -> None:
        self.note.show_document(self._draft.note.document)
        self.link.setText(self._draft.link.typed())

    def _choose_deck(self, deck_id: int) -> None:
        self._deck = deck_id
        self._edited()

    @property
    def is_changed(self) -> bool:
        """Whether closing would lose changes."""
        return (
            self._draft.is_changed
            or self._read_tags() != self._tags
            or (self._deck is not None and self._draft.opened is not None)
        )

    def _read_tags(self) -> tuple[str, ...]:
        return tuple(self.tags.text().replace("\u3000", " ").split())

    # Saving
    ##########################################################################

    def save(self, then: Optional[Callable[[], None]] = None) -> None:
        """Save the note, and go on with ``then``; or show all problems that prevent it.

        Asks the user before it removes cards with reviews.
        """
        if not self.isEnabled():  # it is being saved: not twice
            return
        self._then = then
        self._tried, self._told = True, ""
        problems = list(self._draft.find_problems())
        self._refresh()
        if problems:
            wrong = next((card for card in self._draft.cards if card.problem), None)
            if wrong:
                self._choose(wrong.id)
                self.front.setFocus()
            return
        if self._draft.opened and not self.is_changed and not self._draft.opened.read.problems:
            self._tell("There is nothing to save.", alarm=False)
            return
        lost = [card for card in self._draft.cards if card.removed and card.reviews]
        if lost:
            self._ask_to_remove(lost)
        else:
            self._save()

    def _ask_to_remove(self, lost: list[CardDraft]) -> None:
        count = count_reviews(sum(card.reviews for card in lost))
        cards = "a card" if len(lost) == 1 else f"{len(lost)} cards"

        def act(answer: int) -> None:
            if answer == 0:
                self._save()

        ask_user_dialog(
            f"Saving removes {cards} with {count}: that history goes with "
            f"{'it' if len(lost) == 1 else 'them'}.\n\nUndo in Anki brings it back, until Anki is "
            "closed.",
            act,
            buttons=[
                ("&Remove and Save", QMessageBox.ButtonRole.AcceptRole),
                ("Cancel", QMessageBox.ButtonRole.RejectRole),
            ],
            default_button=1,
            parent=self,
            title=TITLE,
        )

    def _save(self) -> None:
        opened = self._draft.opened
        deck = self._deck if opened else int(self.deck.selected_deck_id)
        self._focused = self.focusWidget()
        self.setEnabled(False)  # what the user types now would not be saved
        self._saver.save(opened, Edit(self._draft.content(), self._read_tags(), deck))

    def _go_on(self) -> None:
        self.setEnabled(True)
        if self._focused:
            self._focused.setFocus()
        self._focused = None

    def _refuse(self, reason: str) -> None:
        if not self._closing:
            self._then = None
            self._go_on()
            self._tell(reason)

    def _saved(self, note: OpenNote) -> None:
        if self._closing:
            return
        added = self._draft.opened is None
        self._tried, self._told = False, ""
        self._take(note)
        self._go_on()
        count = len(note.read.content.cards)
        cards = "1 card" if count == 1 else f"{count} cards"
        self._tell(f"{'Added' if added else 'Saved'}: {cards}.", alarm=False)
        then, self._then = self._then, None
        if then:
            QTimer.singleShot(0, then)  # Anki takes note of the save first: this may close all

    def _take(self, note: OpenNote) -> None:
        """Show a note as the collection has it now. Texts that give its HTML stay as typed."""
        chosen = self._chosen
        self._deck = None
        self._draft.settle(note)
        self._read_frame(note)
        self.link.setText(self._draft.link.typed())
        cards = self._draft.cards
        self._show_cards(chosen if chosen in cards else cards[0] if cards else None)
        self._show_preview()

    def new(self) -> None:
        """Begin another note, with the same deck and tags."""
        self._ask_to_leave(lambda: self._open(None))

    # Changes elsewhere, and closing
    ##########################################################################

    def _follow(self, changes: OpChanges, handler: Optional[object]) -> None:
        elsewhere = changes.note or changes.card or changes.tag or changes.deck or changes.notetype
        if handler is not self and elsewhere:
            self._look()

    def _look(self) -> None:
        """Read the note again: Undo, a sync or the browser may have changed it."""
        opened = self._draft.opened
        note_id = opened.id if opened else self._lost_id
        if not note_id or self._closing or not self.isEnabled():
            return

        def show(now: OpenNote) -> None:
            if self._closing or self._draft.opened is not opened:
                return
            back_again = opened is None and self._draft.content() == now.read.content
            if back_again or not self.is_changed:
                self._told = ""
                self._take(now)
            elif opened and not now.is_same(opened):
                self._tell("This note was changed elsewhere. Saving asks how to keep both.")

        self._saver.look(note_id, show)

    def _forget(self, gone: NoteGone) -> None:
        """Make the draft a new note, because its note has gone. The texts stay in the window."""
        opened = self._draft.opened
        if opened and not self._closing:
            self._lost_id, self._then = opened.id, None
            self._draft.forget()
            self._go_on()
            why = "was deleted"
            if gone.is_there:
                why = "is no dynamic note any more: its note type was changed"
            self._tell(
                f"This note {why}. Add makes a new one of what stands here; Undo or Redo in Anki "
                "brings the old one back."
            )

    def _ask_to_leave(self, go_on: Callable[[], None]) -> None:
        """Call ``go_on``. Ask first what becomes of changes that are not saved.

        While they are being saved, it waits for that.
        """
        if not self.isEnabled():
            self._then = go_on
            return
        if not self.is_changed:
            go_on()
            return

        def act(answer: int) -> None:
            if answer == 0:
                self.save(go_on)
            elif answer == 1:
                go_on()

        ask_once(
            "leave",
            "This note has changes that are not saved.",
            act,
            buttons=[
                ("&Save", QMessageBox.ButtonRole.AcceptRole),
                ("&Discard", QMessageBox.ButtonRole.DestructiveRole),
                ("&Keep Editing", QMessageBox.ButtonRole.RejectRole),
            ],
            default_button=2,
            parent=self,
        )

    def reject(self) -> None:
        self._ask_to_leave(self._leave)

    def closeEvent(self, event: Optional[QCloseEvent]) -> None:
        if event and not self._closing:
            event.ignore()
            self.reject()

    def closeWithCallback(self, onsuccess: Callable[[], None]) -> None:
        """Close, then call ``onsuccess``; neither if the user wants to keep editing.

        Anki calls this before it closes the profile, and waits for ``onsuccess``.
        """

        def leave() -> None:
            self._leave()
            onsuccess()

        self._ask_to_leave(leave)

    def _recolour(self) -> None:
        self._refresh()
        self._show_preview()

    def _leave(self) -> None:
        if self._closing:
            return
        self._closing = True
        gui_hooks.operation_did_execute.remove(self._follow)
        gui_hooks.theme_did_change.remove(self._recolour)
        self._rest.stop()
        self.deck.cleanup()
        self.preview.cleanup()
        saveGeom(self, _GEOMETRY)
        saveSplitter(self.splitter, _GEOMETRY)
        aqt.dialogs.markClosed(NAME)
        super().reject()


aqt.dialogs.register_dialog(NAME, DynamicNoteWindow)
