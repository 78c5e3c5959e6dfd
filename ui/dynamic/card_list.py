"""The list of a note's cards, in order, with the front, state and reviews of each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Optional

from aqt.qt import (
    QAbstractItemView,
    QBrush,
    QColor,
    QDropEvent,
    QFont,
    QFontMetrics,
    QListWidget,
    QListWidgetItem,
    QModelIndex,
    QPainter,
    QPalette,
    QRect,
    QSize,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    Qt,
    QWidget,
    pyqtSignal,
)
from aqt.theme import theme_manager

from ..widgets import text_colours
from .draft import CardDraft

_ID = Qt.ItemDataRole.UserRole
_DETAIL = Qt.ItemDataRole.UserRole + 1
_STATE = Qt.ItemDataRole.UserRole + 2
_MARGIN = 8


class CardList(QListWidget):
    """Lists numbered cards, which can be dragged.

    ``dropped`` sends the row above which the chosen card was dropped.
    """

    dropped = pyqtSignal(int)

    def __init__(self, parent: Optional[QWidget] = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Cards")
        self.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.setDefaultDropAction(Qt.DropAction.MoveAction)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setUniformItemSizes(True)
        self.setItemDelegate(_Row(self))

    def show_cards(self, cards: Sequence[CardDraft], chosen: Optional[CardDraft]) -> None:
        """Show these cards and select ``chosen``. Emits no signal."""
        ids = [card.id for card in cards]
        self.blockSignals(True)
        if ids != [self._id_at(row) for row in range(self.count())]:
            self.clear()
            for id_ in ids:
                item = QListWidgetItem()
                item.setData(_ID, id_)
                self.addItem(item)
        self.setCurrentRow(ids.index(chosen.id) if chosen else -1)
        self.refresh(cards)
        self.blockSignals(False)

    def refresh(self, cards: Sequence[CardDraft]) -> None:
        """Update the rows. ``cards`` must be the cards shown, in the same order."""
        number = 0
        for row, card in enumerate(cards):
            number += not card.removed
            item = self.item(row)
            assert item is not None
            title = card.title
            values = (
                (Qt.ItemDataRole.DisplayRole, title if card.removed else f"{number}  {title}"),
                (_DETAIL, _detail(card)),
                (_STATE, "removed" if card.removed else "problem" if card.problem else ""),
                (Qt.ItemDataRole.AccessibleTextRole, f"Card {number}: {title}, {_detail(card)}"),
            )
            for role, value in values:
                if item.data(role) != value:
                    item.setData(role, value)

    def chosen_id(self) -> str:
        """The id of the selected card; empty if no card is selected."""
        return self._id_at(self.currentRow())

    def _id_at(self, row: int) -> str:
        item = self.item(row)
        return str(item.data(_ID)) if item else ""

    def dropEvent(self, event: Optional[QDropEvent]) -> None:
        """Emit ``dropped``. The receiver moves the card; Qt does not."""
        if event is None:
            return
        place = event.position().toPoint()
        index = self.indexAt(place)
        below = index.isValid() and place.y() > self.visualRect(index).center().y()
        self.dropped.emit(index.row() + below if index.isValid() else self.count())
        event.setDropAction(Qt.DropAction.CopyAction)  # otherwise Qt would remove the row
        event.accept()


class _Row(QStyledItemDelegate):
    """Draws a row as two lines: the card's front, and below it, smaller, its state and reviews."""

    def paint(
        self, painter: Optional[QPainter], option: QStyleOptionViewItem, index: QModelIndex
    ) -> None:
        assert painter is not None
        self.initStyleOption(option, index)
        option.text = ""
        widget = option.widget
        assert widget is not None
        style = widget.style()
        assert style is not None
        style.drawControl(QStyle.ControlElement.CE_ItemViewItem, option, painter, widget)
        state = index.data(_STATE)
        area = option.rect.adjusted(_MARGIN, _MARGIN // 2, -_MARGIN, -_MARGIN // 2)
        half = area.height() // 2
        upper = QRect(area.left(), area.top(), area.width(), half)
        lower = QRect(area.left(), area.top() + half, area.width(), area.height() - half)
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        role = QPalette.ColorRole.HighlightedText if selected else QPalette.ColorRole.Text
        normal = option.palette.brush(QPalette.ColorGroup.Active, role)
        night = theme_manager.night_mode
        quiet = QBrush(QColor(text_colours.quiet(night=night))) if not selected else normal
        painter.save()
        font = QFont(option.font)
        font.setStrikeOut(state == "removed")
        _draw(painter, upper, index.data(), font, quiet if state == "removed" else normal)
        alarm = QBrush(QColor(text_colours.alarm(night=night))) if not selected else normal
        _draw(painter, lower, index.data(_DETAIL), _small(option.font), alarm if state else quiet)
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex) -> QSize:
        lines = QFontMetrics(option.font).height() + QFontMetrics(_small(option.font)).height()
        return QSize(120, lines + _MARGIN + 4)


def _draw(painter: QPainter, area: QRect, text: Any, font: QFont, brush: QBrush) -> None:
    painter.setFont(font)
    painter.setPen(brush.color())
    shown = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, area.width())
    painter.drawText(area, int(Qt.AlignmentFlag.AlignVCenter), shown)


def _small(font: QFont) -> QFont:
    small = QFont(font)
    if font.pixelSize() > 0:
        small.setPixelSize(max(9, font.pixelSize() - 2))
    else:
        small.setPointSizeF(max(7.0, font.pointSizeF() * 0.85))
    return small


def _detail(card: CardDraft) -> str:
    if card.removed:
        if not card.reviews:
            return "⚠ will be removed" if card.saved else "will not be added"
        return f"⚠ will be removed, with {count_reviews(card.reviews)}"
    if card.problem:
        return f"⚠ {card.problem}"
    known = count_reviews(card.reviews) if card.saved else "new"
    return f"{known} · {card.id}"


def count_reviews(number: int) -> str:
    """A number of reviews in words."""
    if not number:
        return "no reviews"
    return "1 review" if number == 1 else f"{number:,} reviews"
