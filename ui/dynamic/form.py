"""The layout of the window for dynamic notes: its fields, lists and buttons."""

from __future__ import annotations

from anki.decks import DeckId
from aqt.deckchooser import DeckChooser
from aqt.main import AnkiQt
from aqt.qt import (
    QDialog,
    QDialogButtonBox,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QSplitter,
    Qt,
    QVBoxLayout,
    QWidget,
)
from aqt.tagedit import TagEdit
from aqt.utils import disable_help_button

from ...model.notetype import SLOTS
from ..app.labels import plain_label, plain_tip
from ..app.leading import add_help
from .card_list import CardList
from .card_preview import CardPreview
from .markdown_edit import MarkdownEdit

_HINT = "Markdown: **bold**, *italic*, `code`, $x^2$, - list. Paste or drop pictures and sounds."
_PLACES = (
    f"A note has {SLOTS} places for cards, over its whole life. A card keeps its place for ever, "
    "and a removed card's place is given to no other: so reviews always stay with their card."
)


class NoteForm(QDialog):
    """The window's widgets. Subclasses connect them to actions."""

    def __init__(self, mw: AnkiQt) -> None:
        super().__init__(None, Qt.WindowType.Window)
        self._mw = mw
        disable_help_button(self)
        mw.garbage_collect_on_dialog_finish(self)
        self._make_widgets()
        add_help(mw, self, "dynamic-notes#write-one", self.help)
        self._arrange()

    def _make_widgets(self) -> None:
        self.deck_box = QWidget(self)
        start = self._mw.col.defaults_for_adding(current_review_card=self._mw.reviewer.card)
        self.deck = DeckChooser(
            self._mw, self.deck_box, label=False, starting_deck_id=DeckId(start.deck_id)
        )
        self.tags = TagEdit(self)
        self.tags.setCol(self._mw.col)
        self.tags.setAccessibleName("Tags")
        self.note = MarkdownEdit(
            self._mw, "Note", "What all cards of this note are about (optional)", self
        )
        self.link = QLineEdit(self)
        self.link.setAccessibleName("Source")
        self.link.setPlaceholderText("Where it comes from: an address, a book… (optional)")
        self.list = CardList(self)
        self.add_button = self._button("&Add Card", "Add a card below (Ctrl+Shift+Enter)")
        self.remove_button = self._button(
            "&Remove", "Remove the card when saving (Delete in the list)"
        )
        self.up_button = self._button("↑", "Move the card up (Alt+Up)")
        self.down_button = self._button("↓", "Move the card down (Alt+Down)")
        self.up_button.setAccessibleName("Move up")
        self.down_button.setAccessibleName("Move down")
        self.front = MarkdownEdit(self._mw, "Front", _HINT, self)
        self.back = MarkdownEdit(self._mw, "Back", "The answer", self)
        self.problem = plain_label(self, short=True, spoken=True)
        self.preview = CardPreview(self._mw, self)
        self.places = plain_label(self, short=True)
        self.places.setToolTip(_PLACES)
        self.status = plain_label(self, spoken=True)
        self.new_button = self._button("&New Note", "Begin another note in this deck")
        self.type_button = self._button(
            "Other Note T&ype…", "Add a note of another type, in Anki's own window"
        )
        self.save_button = self._button("&Save", "Ctrl+Enter")
        self.close_button = self._button("&Close", "Esc")
        self.help = QDialogButtonBox(self)

    def _button(self, text: str, purpose: str) -> QPushButton:
        button = QPushButton(text, self)
        button.setToolTip(plain_tip(purpose))
        button.setAutoDefault(False)
        return button

    def _arrange(self) -> None:
        head = QGridLayout()
        for row, (name, widget, other, second) in enumerate(
            (
                ("&Deck", self.deck_box, "&Tags", self.tags),
                ("N&ote", self.note, "So&urce", self.link),
            )
        ):
            for column, (text, field) in enumerate(((name, widget), (other, second))):
                label = plain_label(self, text, short=True)
                label.setBuddy(self.deck.deck if field is self.deck_box else field)
                top = Qt.AlignmentFlag.AlignTop
                head.addWidget(label, row, 2 * column)
                head.addWidget(field, row, 2 * column + 1, top)
        head.setColumnStretch(1, 3)
        head.setColumnStretch(3, 2)
        line = self.note.fontMetrics().lineSpacing()
        self.note.setFixedHeight(2 * line + 14)
        self.splitter = QSplitter(Qt.Orientation.Horizontal, self)
        self.splitter.addWidget(self._arrange_list())
        self.splitter.addWidget(self._arrange_editors())
        self.splitter.addWidget(self.preview)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.setSizes([260, 400, 380])
        foot = QHBoxLayout()
        foot.addWidget(self.places)
        foot.addWidget(self.status, 1)
        for button in (self.type_button, self.new_button, self.save_button, self.close_button):
            foot.addWidget(button)
        foot.addWidget(self.help)
        layout = QVBoxLayout(self)
        layout.addLayout(head)
        layout.addWidget(self.splitter, 1)
        layout.addLayout(foot)

    def _arrange_list(self) -> QWidget:
        column = QWidget(self)
        layout = QVBoxLayout(column)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(plain_label(column, "Cards", short=True))
        layout.addWidget(self.list, 1)
        row = QHBoxLayout()
        for button in (self.add_button, self.remove_button):
            row.addWidget(button, 1)
        for button in (self.up_button, self.down_button):
            button.setFixedWidth(40)
            row.addWidget(button)
        layout.addLayout(row)
        return column

    def _arrange_editors(self) -> QWidget:
        column = QWidget(self)
        layout = QVBoxLayout(column)
        layout.setContentsMargins(0, 0, 0, 0)
        for name, field in (("&Front", self.front), ("&Back", self.back)):
            label = plain_label(column, name, short=True)
            label.setBuddy(field)
            row = QHBoxLayout()
            row.addWidget(label)
            if field is self.front:
                row.addWidget(self.problem, 1, Qt.AlignmentFlag.AlignRight)
            layout.addLayout(row)
            layout.addWidget(field, 1)
        return column
