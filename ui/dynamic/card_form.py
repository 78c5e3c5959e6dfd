"""The part of the window that edits a note's cards: choose, write, add, remove, move, preview."""

from __future__ import annotations

from typing import Optional

from aqt.main import AnkiQt
from aqt.qt import (
    QApplication,
    QKeySequence,
    QLineEdit,
    QMenu,
    QPoint,
    QShortcut,
    Qt,
    QTimer,
    qconnect,
)
from aqt.theme import theme_manager
from aqt.utils import getText

from ...model.note import UnusableCardId, is_card_id
from ...model.notetype import SLOTS
from ...model.slots import DoubledCard
from ..app.messages import TITLE
from ..widgets import text_colours
from .card_preview import BACK, FRONT
from .draft import CardDraft, Draft
from .form import NoteForm

_REST = 200  # milliseconds without typing until the preview is updated


class CardForm(NoteForm):
    """Edits the cards of a draft. Does not use the collection."""

    def __init__(self, mw: AnkiQt) -> None:
        super().__init__(mw)
        self._draft = Draft(None, self)
        self._chosen: Optional[CardDraft] = None
        self._tried = False  # the user tried to save; from then on, problems are shown at once
        self._told = ""
        self._alarmed = False  # ``_told`` is a warning
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_REST)
        qconnect(self._rest.timeout, self._show_preview)
        qconnect(self.list.currentItemChanged, lambda *_: self._choose(self.list.chosen_id()))
        qconnect(self.list.dropped, self._drop)
        self.list.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        qconnect(self.list.customContextMenuRequested, self._show_menu)
        for field, side in ((self.front, FRONT), (self.back, BACK), (self.note, BACK)):
            qconnect(field.textChanged, self._edited)
            qconnect(field.focused, lambda side=side: self.preview.side.setCurrentIndex(side))
        qconnect(self.link.textEdited, self._type_link)
        for button, press in (
            (self.add_button, self.add),
            (self.remove_button, self.remove),
            (self.up_button, lambda: self.move_by(-1)),
            (self.down_button, lambda: self.move_by(1)),
        ):
            qconnect(button.clicked, lambda _, press=press: press())
        for keys, act in (
            ("Ctrl+Shift+Return", self.add),
            ("Ctrl+Shift+Enter", self.add),
            ("Alt+Up", lambda: self.move_by(-1)),
            ("Alt+Down", lambda: self.move_by(1)),
            ("Ctrl+PgUp", lambda: self._step(-1)),
            ("Ctrl+PgDown", lambda: self._step(1)),
        ):
            qconnect(QShortcut(QKeySequence(keys), self).activated, act)
        delete = QShortcut(QKeySequence(QKeySequence.StandardKey.Delete), self.list)
        delete.setContext(Qt.ShortcutContext.WidgetShortcut)
        qconnect(delete.activated, self.remove)

    @property
    def is_changed(self) -> bool:
        """Whether closing would lose changes."""
        return self._draft.is_changed

    def _show_cards(self, chosen: Optional[CardDraft]) -> None:
        self._chosen = None
        self.list.show_cards(self._draft.cards, chosen)
        self._choose(chosen.id if chosen else "")

    def _choose(self, card_id: str) -> None:
        card = next((card for card in self._draft.cards if card.id == card_id), None)
        if card is None or card is self._chosen:
            self._refresh()
            return
        self._chosen = card
        for field, text in ((self.front, card.front), (self.back, card.back)):
            field.show_document(text.document)
        if self.list.chosen_id() != card.id:
            self.list.setCurrentRow(self._draft.cards.index(card))
        self._refresh()
        self._show_preview()

    def add(self) -> None:
        """Add a new card below the chosen one. If the note is full, say so."""
        if self._draft.is_full:
            self._tell(_full())
            return
        card = self._draft.make_card()
        place = self._draft.cards.index(self._chosen) + 1 if self._chosen else 0
        self._draft.cards.insert(place, card)
        self._told = ""
        self._show_cards(card)
        self.front.setFocus()

    def remove(self) -> None:
        """Mark the chosen card as removed, or unmark it. An empty new card is deleted at once."""
        card = self._chosen
        if card is None:
            return
        if card.saved or not card.is_blank:
            card.removed = not card.removed
            self._edited()
            return
        place = self._draft.cards.index(card)
        self._draft.cards.remove(card)
        if not self._draft.cards:
            self._draft.cards.append(self._draft.make_card())
        self._told = ""
        self._show_cards(self._draft.cards[min(place, len(self._draft.cards) - 1)])
        card.drop()

    def move_by(self, step: int) -> None:
        """Move the chosen card down by ``step`` places; up if ``step`` is negative."""
        if self._chosen:
            self._move_to(self._draft.cards.index(self._chosen) + step)

    def _drop(self, row: int) -> None:
        """Move the chosen card, which was dropped above this row."""
        if self._chosen:
            self._move_to(row - (self._draft.cards.index(self._chosen) < row))

    def _move_to(self, place: int) -> None:
        cards, card = self._draft.cards, self._chosen
        if card and 0 <= place < len(cards):
            cards.remove(card)
            cards.insert(place, card)
            focus = self.focusWidget()
            self._told = ""
            self._show_cards(card)
            if focus:
                focus.setFocus()

    def _show_menu(self, place: QPoint) -> None:
        card = self._chosen
        if card is None:
            return
        menu = QMenu(self)
        for text, act in (
            ("Bring Back" if card.removed else "Remove", self.remove),
            ("Copy ID", lambda: _copy(card.id)),
            ("Change ID…", self.change_id),
        ):
            action = menu.addAction(text)
            assert action is not None
            # A new id makes another card, so a saved card would lose its reviews.
            action.setEnabled(text != "Change ID…" or not card.saved)
            qconnect(action.triggered, lambda _, act=act: act())
        menu.popup(self.list.mapToGlobal(place))

    def change_id(self) -> None:
        """Ask for another id for a new card. An id that the note had before gets its old slot."""
        card = self._chosen
        if card is None or card.saved:
            return
        field = QLineEdit()
        field.setAccessibleName("The card's id")
        text, agreed = getText(
            "The card's id, for TOML files and vault pages:",
            parent=self,
            edit=field,
            default=card.id,
            title=TITLE,
        )
        text = text.strip()
        if not agreed or text == card.id:
            return
        if not is_card_id(text):
            self._tell(str(UnusableCardId(text)))
        elif any(other.id == text for other in self._draft.cards):
            self._tell(str(DoubledCard(text)))
        else:
            card.id = text
            self._told = ""
            self._show_cards(card)

    def _step(self, step: int) -> None:
        if self._chosen:
            place = self._draft.cards.index(self._chosen) + step
            if 0 <= place < len(self._draft.cards):
                self._choose(self._draft.cards[place].id)

    def _type_link(self, text: str) -> None:
        self._draft.link.document.setPlainText(text)
        self._edited()

    def _edited(self) -> None:
        self._told = ""
        self._refresh()
        self._rest.start()

    def _refresh(self) -> None:
        draft, card = self._draft, self._chosen
        problems = list(draft.find_problems())
        if not self._tried:
            for one in draft.cards:
                one.problem = ""
        self.list.refresh(draft.cards)
        alarm = f"color: {text_colours.alarm(night=theme_manager.night_mode)}"
        self.problem.setStyleSheet(alarm)
        self.problem.setText(card.problem if card else "")
        alarmed = self._alarmed if self._told else self._tried
        self.status.setStyleSheet(alarm if alarmed else "")
        self.status.setText(self._told or (" ".join(problems) if self._tried else ""))
        full = draft.is_full
        self.places.setText(_full() if full else f"{draft.places_used} of {SLOTS} places used")
        self.add_button.setEnabled(not full)
        gone = bool(card and card.removed)
        self.remove_button.setText("Br&ing Back" if gone else "&Remove")
        for field in (self.front, self.back):
            field.setReadOnly(gone)
        place = draft.cards.index(card) if card else 0
        self.up_button.setEnabled(place > 0)
        self.down_button.setEnabled(place + 1 < len(draft.cards))
        self.save_button.setText("&Save" if draft.opened else "Add to Dec&k")
        self.new_button.setVisible(draft.opened is not None)
        self.type_button.setVisible(draft.opened is None)
        self.setWindowTitle(f"{'Edit' if draft.opened else 'New'} Dynamic Note[*]")
        self.setWindowModified(self.is_changed)

    def _show_preview(self) -> None:
        self._rest.stop()
        card = self._chosen
        shown = card.card() if card and not card.removed else None
        self.preview.show_card(self._draft.note.html(), shown, self._draft.link.html())

    def _tell(self, text: str, *, alarm: bool = True) -> None:
        """Show ``text`` in the status line until the note is edited."""
        self._told, self._alarmed = text, alarm
        self._refresh()


def _full() -> str:
    return f"All {SLOTS} places of this note are used up. Put new cards into a second note."


def _copy(text: str) -> None:
    clipboard = QApplication.clipboard()
    assert clipboard is not None
    clipboard.setText(text)
